/* Starting the zygote, and talking with it. */
#include "extract/client/launch_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

enum { RESTARTS = 3 };

/* The program gets one descriptor, no environment (which could steer its libraries) but
 * that no threads are to be started,
 * default signal handling (an ignored SIGCHLD would hide how children ended), and a
 * process group of its own, so that a Ctrl-C reaches the client alone. */
static int
spawn(const char *program, int control, pid_t *ret)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	char *const argv[] = { (char[]){ "vigil-extract" }, NULL },
		    *const env[] = { (char[]){ "OMP_THREAD_LIMIT=1" }, NULL };
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	posix_spawn_file_actions_adddup2(&files, control, CONTROL_FD);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
#if !WITH_ASAN /* whose reports are wanted */
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#endif
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	posix_spawnattr_setflags(
	    &how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	failed = posix_spawn(ret, program, &files, &how, argv, env);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return failed;
}

/* Waits until something can be read. False: nothing came in time. */
static bool
readable(int fd, int64_t ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t until = clock_ticks() + ms;
	int n;

	do
		n = poll(&p, 1, (int)MAX(until - clock_ticks(), 0));
	while (n < 0 && errno == EINTR);
	return n > 0;
}

static bool
receive(int fd, void *p, size_t n, int64_t ms)
{
	return readable(fd, ms) && recv(fd, p, n, 0) == (ssize_t)n;
}

static bool
check_hello(int control, const char *program, struct err *e)
{
	struct hello h;

	if (!receive(control, &h, sizeof h, START_SECONDS * 1000))
		return err_set(e, ERR_SYSTEM, "%s did not start", program);
	h.version[sizeof h.version - 1] = h.msg[sizeof h.msg - 1] = 0;
	if (h.protocol != ORDER_PROTOCOL || strcmp(h.version, VIGIL_VERSION) != 0)
		return err_set(e, ERR_SYSTEM,
		    "%s is of another version (%s) than this program (%s)", program, h.version,
		    VIGIL_VERSION);
	if (h.kind != ERR_NONE)
		return err_set(
		    e, h.kind < ERR_KINDS ? (enum err_kind)h.kind : ERR_SYSTEM, "%s", h.msg);
	return true;
}

bool
zygote_start(const char *program, struct zygote *ret, struct err *e)
{
	struct zygote z = { .pid = 0, .control = -1 };
	int pair[2], failed;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return err_errno(e, "cannot start extraction");
	z.control = pair[0];
	failed = spawn(program, pair[1], &z.pid);
	close(pair[1]);
	if (failed) {
		close(z.control);
		errno = failed;
		return err_errno(e, "cannot start %s", program);
	}
	if (!check_hello(z.control, program, e)) {
		zygote_end(&z);
		return false;
	}
	*ret = z;
	return true;
}

void
zygote_stop(const struct zygote *z)
{
	if (z->pid > 0)                /* 0 would be every process of our group */
		kill(z->pid, SIGKILL); /* its children follow: PR_SET_PDEATHSIG */
}

void
zygote_end(struct zygote *z)
{
	if (z->control >= 0)
		close(z->control);
	zygote_stop(z);
	while (z->pid > 0 && waitpid(z->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*z = (struct zygote){ .pid = 0, .control = -1 };
}

/* For people who never heard of this program: why their file has no text. */
static bool
explain_down(const char *program, struct err *e)
{
	const char *name = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;

	if (e->kind == ERR_MISSING)
		return err_set(e, ERR_MISSING, "its extractor, %s, is not installed", name);
	return err_at(e, "its extractor, %s, is not available", name);
}

bool
family_start(struct family *f, enum family_id id, const char *lean, struct err *e)
{
	AUTO(arena) *a = NULL;
	const char *program;

	if (f->zygote.pid)
		return true;
	if (f->down.kind != ERR_NONE) {
		*e = f->down;
		return false;
	}
	a = arena_new();
	program = arena_printf(a, "%s%s", lean, family_suffix(id));
	if (zygote_start(program, &f->zygote, e))
		return true;
	if (id == FAMILY_LEAN)
		return false;
	explain_down(program, e);
	f->down = *e;
	return false;
}

bool
family_restart(struct family *f, enum family_id id, const char *lean, struct err *e)
{
	zygote_end(&f->zygote);
	for (int tries = 0; tries < RESTARTS; tries++) {
		f->down.kind = ERR_NONE;
		if (family_start(f, id, lean, e))
			return true;
		if (e->kind == ERR_DENIED)
			break;
	}
	e->kind = ERR_SYSTEM;
	return err_at(e, "extraction broke down and could not be started again");
}

static bool
send_order(const struct zygote *z, const struct order *o, const int *fds, size_t n_fds)
{
	union { /* the union aligns it */
		struct cmsghdr head;
		char bytes[CMSG_SPACE(ORDER_FDS * sizeof(int))];
	} extra = { 0 };
	struct iovec bytes = { .iov_base = (void *)(uintptr_t)o, .iov_len = sizeof *o };
	struct msghdr m = { .msg_iov = &bytes, .msg_iovlen = 1 };
	ssize_t sent;

	if (n_fds) {
		m.msg_control = &extra;
		m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		extra.head.cmsg_level = SOL_SOCKET;
		extra.head.cmsg_type = SCM_RIGHTS;
		extra.head.cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(&extra.head), fds, n_fds * sizeof(int));
	}
	do
		sent = sendmsg(z->control, &m, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)sizeof *o;
}

bool
zygote_work(const struct zygote *z, const struct order *o, int item, int out, int secret)
{
	return send_order(z, o, (int[ORDER_FDS]){ item, out, secret }, o->secret ? 3 : 2);
}

bool
zygote_fate(const struct zygote *z, unsigned slot, struct fate *ret)
{
	struct order o = { .what = ORDER_FATE, .slot = slot };

	return send_order(z, &o, NULL, 0) &&
	    receive(z->control, ret, sizeof *ret, GRACE_SECONDS * 1000) && ret->slot == slot;
}
