/* crypto/agent_run: the life of an agent: it locks its secret in memory, answers, ends.
 *
 * It runs in a forked child and never returns. It says nothing to anybody but through
 * its socket; what fails here ends it, and then the key is simply locked. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdalign.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "crypto/agent_private.h"

enum { PAGE = 4096 };

/* A page of its own, so that locking it locks nothing else. */
static struct {
	alignas(PAGE) uint8_t b[AGENT_SECRET_MAX];
	size_t n;
} held;

bool
agent_same_person(int fd)
{
	struct ucred who;
	socklen_t n = sizeof who;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && n == sizeof who &&
	    who.uid == geteuid();
}

static noreturn void
forget(void)
{
	sodium_munlock(&held, sizeof held); /* wipes first */
	_exit(0);
}

/* The starter's handlers and open files are none of the agent's business. Descriptors
 * are moved out of the way, then everything else is closed. */
static bool
become_own(int *folder, int *listening, int *ready, int *timer)
{
	int *keep[] = { folder, listening, ready, timer };
	sigset_t none;
	int null;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, sig == SIGHUP || sig == SIGPIPE ? SIG_IGN : SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < LEN(keep); i++) { /* first all above the places they go to */
		*keep[i] = fcntl(*keep[i], F_DUPFD, 16);
		if (*keep[i] < 0)
			return false;
	}
	for (size_t i = 0; i < LEN(keep); i++)
		if ((*keep[i] = dup2(*keep[i], 3 + (int)i)) < 0)
			return false;
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			return false;
	return close_range(3 + LEN(keep), ~0u, 0) == 0;
}

/* No core file, no tracing by the same user, no swapping out. */
static bool
guard_memory(void)
{
	const struct rlimit no_core = { 0, 0 };

	return prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &no_core) == 0 &&
	    sodium_mlock(&held, sizeof held) == 0;
}

/* Counts the time of a laptop that sleeps, too: it may be in other hands by then. */
static int
alarm_clock(int64_t ms)
{
	const struct itimerspec at = { .it_value = { .tv_sec = ms / 1000,
					   .tv_nsec = ms % 1000 * 1000000 } };
	int fd = timerfd_create(CLOCK_BOOTTIME, 0);

	return fd >= 0 && timerfd_settime(fd, 0, &at, NULL) == 0 ? fd : -1;
}

static void
answer(int listening)
{
	const struct timeval patience = { .tv_sec = 1 };
	AUTO_FD int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	char word = 0;

	if (fd < 0 || !agent_same_person(fd))
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (recv(fd, &word, 1, 0) != 1)
		return;
	if (word == AGENT_ASK)
		send(fd, held.b, held.n, MSG_NOSIGNAL);
	if (word == AGENT_END) {
		sodium_memzero(&held, sizeof held);
		send(fd, &word, 1, MSG_NOSIGNAL);
		forget();
	}
}

/* Its hour has come. The socket is removed if it is still its own; a lock that is held
 * belongs to one who starts or stops an agent and will do it himself. */
static noreturn void
expire(int folder, const struct agent_task *t)
{
	struct stat st;

	sodium_memzero(&held, sizeof held);
	if (flock(folder, LOCK_EX | LOCK_NB) == 0 && fstatat(folder, t->file, &st, 0) == 0 &&
	    st.st_ino == t->inode)
		unlinkat(folder, t->file, 0);
	forget();
}

noreturn void
agent_run(const struct agent_task *t, int ready)
{
	/* A descriptor of its own: a lock belongs to all copies of the one it was taken on. */
	int folder = openat(t->folder, ".", O_RDONLY | O_DIRECTORY);
	int listening = t->listening, timer = alarm_clock(t->for_ms);
	const char word = AGENT_READY;

	if (folder < 0 || timer < 0 || !guard_memory() ||
	    !become_own(&folder, &listening, &ready, &timer) || chdir("/"))
		_exit(1);
	prctl(PR_SET_NAME, "vigil-agent");
	memcpy(held.b, t->secret, t->n);
	held.n = t->n;
	for (size_t i = 0; t->copies && i < LEN(t->copies->at); i++)
		if (t->copies->at[i].p)
			sodium_memzero(t->copies->at[i].p, t->copies->at[i].n);
	if (write(ready, &word, 1) != 1)
		forget();
	close(ready);
	for (;;) {
		struct pollfd p[] = { { .fd = timer, .events = POLLIN },
			{ .fd = listening, .events = POLLIN } };

		if (poll(p, LEN(p), -1) < 0 && errno != EINTR)
			forget();
		if (p[0].revents)
			expire(folder, t);
		if (p[1].revents)
			answer(listening);
	}
}
