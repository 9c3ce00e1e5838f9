/* The zygote never looks at an item's bytes: it maps nothing and passes descriptors on.
 *
 * It is single-threaded and has no signal handlers. A child that has ended stays a zombie
 * until its slot is used again: so no process number is ever signalled that could belong to
 * another, and no item costs a wake-up for its child's end. */
#include "extract/child/zygote_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "extract/child/child_private.h"
#include "extract/child/confine_private.h"
#include "extract/private.h"

struct slot {
	pid_t pid; /* 0: none, or waited for */
	bool late;
	int status;  /* of the last one that was waited for */
	int64_t due; /* when its time is up */
};

struct zygote {
	const struct program *program;
	pid_t self;
	struct slot slots[WIDTH_MAX];
};

static void
opens_a_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static void
opens_to_write(void)
{
	syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY, 0);
}

/* A child that could confine itself dies of the system-call filter here. */
static bool
probe(pid_t self, void (*attempt)(void), struct err *e)
{
	struct confine_child c = {
		.parent = self, .out = STDERR_FILENO, .seconds = 1, .memory = UINT64_C(1) << 24
	};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!confine_child(&c, e))
			_exit(EXIT_CONFINE);
		attempt();
		_exit(EXIT_DONE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return err_errno(e, "cannot fork");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFINE)
		return err_set(e, ERR_DENIED, "extraction cannot be confined here (child)");
	return err_set(e, ERR_DENIED,
	    "extraction cannot be confined here: the system-call filter does not deny");
}

/* Where files can be read at all, it is shown that they cannot be written. (AddressSanitizer opens files.) */
static bool
probe_all(const struct zygote *z, struct err *e)
{
	return probe(z->self, opens_a_socket, e) &&
	    (WITH_ASAN || !family_folders(z->program->family) ||
		probe(z->self, opens_to_write, e));
}

static bool
say_hello(const struct err *e)
{
	struct hello h = { .protocol = ORDER_PROTOCOL, .kind = e->kind };

	snprintf(h.version, sizeof h.version, "%s", VIGIL_VERSION);
	snprintf(h.msg, sizeof h.msg, "%s", e->msg);
	return send(CONTROL_FD, &h, sizeof h, MSG_NOSIGNAL) == (ssize_t)sizeof h;
}

static void
slot_wait(struct slot *s)
{
	while (s->pid && waitpid(s->pid, &s->status, 0) != s->pid && errno == EINTR)
		;
	s->pid = 0;
}

/* Sees to it that the slot has no child. One that has ended keeps its own end. */
static void
slot_empty(struct slot *s)
{
	if (!s->pid || waitpid(s->pid, &s->status, WNOHANG) == s->pid) {
		s->pid = 0;
		return;
	}
	kill(s->pid, SIGKILL);
	slot_wait(s);
}

static void
work(struct zygote *z, const struct order *o, const int fds[ORDER_FDS])
{
	struct slot *s = &z->slots[o->slot];

	slot_empty(s); /* the client does not reuse a slot that it still waits for */
	s->late = false;
	s->due = clock_ticks() + (int64_t)o->patience * 1000;
	s->pid = fork();
	if (s->pid == 0)
		child_run(z->program, o, fds, z->self);
	if (s->pid < 0) { /* the closed pipe and this status tell the client */
		s->pid = 0;
		s->status = EXIT_FORK << 8;
	}
}

static bool
tell_fate(struct zygote *z, unsigned slot)
{
	struct slot *s = &z->slots[slot];
	struct fate f = { .slot = slot };

	slot_empty(s);
	f.status = s->status;
	f.late = s->late;
	return send(CONTROL_FD, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f;
}

/* Stops those whose time is up. Returns the milliseconds until the next one; -1: none runs. */
static int
stop_late(struct zygote *z)
{
	int64_t now = clock_ticks(), next = INT64_MAX;

	for (size_t i = 0; i < WIDTH_MAX; i++) {
		struct slot *s = &z->slots[i];

		if (!s->pid)
			continue;
		if (s->due > now) {
			next = MIN(next, s->due - now);
			continue;
		}
		if (waitpid(s->pid, &s->status, WNOHANG) != s->pid) {
			s->late = true;
			kill(s->pid, SIGKILL);
			slot_wait(s);
		}
		s->pid = 0;
	}
	return next == INT64_MAX ? -1 : (int)MIN(next, 1000 * 1000);
}

/* The next order; waits for it. fds: -1 where none came. False: the client is gone. */
static bool
receive(struct zygote *z, struct order *ret, int fds[ORDER_FDS])
{
	for (;;) {
		int wait = stop_late(z);
		union { /* the union aligns it */
			struct cmsghdr head;
			char bytes[CMSG_SPACE(ORDER_FDS * sizeof(int))];
		} extra;
		struct iovec bytes = { .iov_base = ret, .iov_len = sizeof *ret };
		struct msghdr m = { .msg_iov = &bytes,
			.msg_iovlen = 1,
			.msg_control = &extra,
			.msg_controllen = sizeof extra };
		struct pollfd p = { .fd = CONTROL_FD, .events = POLLIN };
		struct timespec left = { wait / 1000, wait % 1000 * 1000 * 1000 };
		ssize_t n = recvmsg(CONTROL_FD, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

		for (size_t i = 0; i < ORDER_FDS; i++)
			fds[i] = -1;
		if (c && c->cmsg_type == SCM_RIGHTS &&
		    (c->cmsg_len == CMSG_LEN(2 * sizeof(int)) ||
			c->cmsg_len == CMSG_LEN(ORDER_FDS * sizeof(int))))
			memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
		if (n >= 0)
			return n == (ssize_t)sizeof *ret && ret->slot < WIDTH_MAX;
		if (errno != EAGAIN && errno != EINTR)
			return false;
		ppoll(&p, 1, wait < 0 ? NULL : &left, NULL);
	}
}

static bool
obey(struct zygote *z, const struct order *o, int fds[ORDER_FDS])
{
	bool ok = true;

	if (o->what == ORDER_FATE)
		ok = tell_fate(z, o->slot);
	else if (o->what == ORDER_WORK && o->extractor < EXTRACTORS &&
	    z->program->extractors[o->extractor] && fds[0] >= 0 &&
	    (fds[2] >= 0) == (o->secret > 0) && o->secret <= EXTRACT_PASSWORD_MAX)
		work(z, o, fds);
	else
		ok = false;
	for (size_t i = 0; i < ORDER_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return ok;
}

int
zygote_serve(const struct program *g)
{
	static struct zygote z; /* static: its memory is zero and no stack */
	struct err e = { 0 };
	struct order o;
	int fds[ORDER_FDS];
	bool ready;

	z.program = g;
	z.self = getpid();
	ready = child_warm(g, &e) && confine_zygote(family_folders(g->family), &e) &&
	    probe_all(&z, &e);
	if (!say_hello(&e) || !ready)
		return 1;
	while (receive(&z, &o, fds))
		if (!obey(&z, &o, fds))
			return 1;
	return 0; /* children that still run go with their parent: PR_SET_PDEATHSIG */
}

int
zygote_main(const struct program *g)
{
	socklen_t n = sizeof(int);
	int type;

	if (getsockopt(CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &n) || type != SOCK_SEQPACKET)
		return 2;
	_exit(zygote_serve(g));
}
