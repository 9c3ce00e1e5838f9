/* crypto/agent: starting, asking and stopping. What the agent itself does is agent_run.c.
 *
 * The socket is always reached through a descriptor of its folder, which was checked
 * to be the person's own: nobody can put another folder in its place in between, and
 * a long path does not matter. */
#include "crypto/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "crypto/agent_private.h"

/* The folder of sockets and its lock, under which agents are started and stopped. */
static bool
open_folder(int *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_FD int fd = -1;
	const char *path;
	struct stat st;

	if (!io_person_dir(a, "runtime", &path, e) || !io_make_dirs(path, 0700, e))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		return err_errno(e, "cannot open folder %s", path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_DENIED, "folder %s belongs to somebody else", path);
	if (st.st_mode & 077 && fchmod(fd, 0700))
		return err_errno(e, "cannot close folder %s to others", path);
	*ret = fd_take(&fd);
	return true;
}

static bool
lock_folder(int folder, struct err *e)
{
	while (flock(folder, LOCK_EX))
		if (errno != EINTR)
			return err_errno(e, "cannot lock the folder of agents");
	return true;
}

/* "agent-NAME" in that folder. Names are ids, so that none can lead elsewhere. */
static bool
file_name(const char *name, char ret[AGENT_FILE_MAX], struct err *e)
{
	size_t n = strlen(name);

	if (!n || n > AGENT_NAME_MAX ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
		return err_set(e, ERR_INVALID, "an agent cannot be named \"%.60s\"", name);
	snprintf(ret, AGENT_FILE_MAX, "agent-%s", name);
	return true;
}

static struct sockaddr_un
address(int folder, const char *file)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	snprintf(un.sun_path, sizeof un.sun_path, "/proc/self/fd/%d/%s", folder, file);
	return un;
}

/* *ret is -1 if no agent listens there. */
static bool
reach(int folder, const char *file, int *ret, struct err *e)
{
	struct sockaddr_un un = address(folder, file);
	const struct timeval patience = { .tv_sec = 5 };
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_errno(e, "cannot make a socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&un, sizeof un)) {
		if (errno != ENOENT && errno != ECONNREFUSED)
			return err_errno(e, "cannot reach the agent");
		*ret = -1;
		return true;
	}
	if (!agent_same_person(fd))
		return err_set(e, ERR_DENIED, "the agent belongs to somebody else");
	*ret = fd_take(&fd);
	return true;
}

/* Tells an agent to forget. Gone in between is as good as done. */
static bool
tell_end(int fd, struct err *e)
{
	char word = AGENT_END, answer;
	ssize_t got;

	if (send(fd, &word, 1, MSG_NOSIGNAL) != 1)
		return errno == EPIPE || errno == ECONNRESET ||
		    err_errno(e, "cannot reach the agent");
	do
		got = recv(fd, &answer, 1, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno != ECONNRESET)
		return err_set(
		    e, ERR_SYSTEM, "the agent does not answer: end its process by hand");
	return true;
}

/* Ends the agent behind that socket, if there is one, and removes the socket. */
static bool
end_at(int folder, const char *file, bool *ret_was, struct err *e)
{
	AUTO_FD int fd = -1;

	if (!reach(folder, file, &fd, e) || (fd >= 0 && !tell_end(fd, e)))
		return false;
	if (unlinkat(folder, file, 0) && errno != ENOENT)
		return err_errno(e, "cannot remove the agent's socket");
	*ret_was = fd >= 0;
	return true;
}

static bool
listen_at(int folder, const char *file, int *ret, struct err *e)
{
	struct sockaddr_un un = address(folder, file);
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	/* On Linux the socket's mode is that of its descriptor when it is bound. */
	if (fd < 0 || fchmod(fd, 0600) || (unlinkat(folder, file, 0) && errno != ENOENT) ||
	    bind(fd, (struct sockaddr *)&un, sizeof un) || listen(fd, 8))
		return err_errno(e, "cannot make the agent's socket");
	*ret = fd_take(&fd);
	return true;
}

/* Forks twice, so that the agent is nobody's child and owns no terminal, and waits
 * until it says through the pipe that its memory is locked. */
static bool
spawn(const struct agent_task *t, struct err *e)
{
	int ends[2], status;
	char said = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return err_errno(e, "cannot start the agent");
	pid = fork();
	if (pid == 0) {
		if (setsid() < 0 || (pid = fork()) < 0)
			_exit(1);
		if (pid == 0)
			agent_run(t, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_errno(e, "cannot start the agent");
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (io_read(ends[0], &said, 1) < 0)
		said = 0;
	close(ends[0]);
	return said == AGENT_READY ||
	    err_set(e, ERR_SYSTEM,
		"the agent could not start, or not lock its memory (see ulimit -l)");
}

/* With the folder locked. The new agent takes the name in one step; whoever asks finds
 * the old one or the new one. */
static bool
replace(int folder, struct agent_task *t, struct err *e)
{
	char fresh[AGENT_FILE_MAX + 4];
	struct stat st;
	AUTO_FD int old = -1;
	AUTO_FD int listening = -1;

	snprintf(fresh, sizeof fresh, "%s.new", t->file);
	if (!reach(folder, t->file, &old, e) || !listen_at(folder, fresh, &listening, e))
		return false;
	if (fstatat(folder, fresh, &st, 0))
		return err_errno(e, "cannot find the agent's socket");
	t->listening = listening;
	t->inode = st.st_ino;
	if (!spawn(t, e)) {
		unlinkat(folder, fresh, 0);
		return false;
	}
	if (renameat(folder, fresh, folder, t->file)) {
		struct err later; /* the first failure is the one to tell */
		bool was;

		err_errno(e, "cannot name the agent's socket");
		return end_at(folder, fresh, &was, &later) && false;
	}
	return old < 0 || tell_end(old, e);
}

bool
agent_start(const char *name, const void *secret, size_t n, int64_t for_ms,
    const struct agent_copies *copies, struct err *e)
{
	struct agent_task t = { .n = n, .copies = copies, .for_ms = for_ms };
	AUTO_FD int folder = -1;
	bool ok;

	if (!n || n > AGENT_SECRET_MAX || for_ms <= 0)
		return err_set(e, ERR_INVALID, "an agent holds 1 to %d bytes, for some time",
		    AGENT_SECRET_MAX);
	if (!file_name(name, t.file, e) || !open_folder(&folder, e) || !lock_folder(folder, e))
		return false;
	t.secret = secret;
	t.folder = folder;
	ok = replace(folder, &t, e);
	flock(folder, LOCK_UN); /* by hand: the agent has a copy of the descriptor */
	return ok;
}

bool
agent_ask(const char *name, uint8_t ret[AGENT_SECRET_MAX], size_t *ret_n, struct err *e)
{
	char file[AGENT_FILE_MAX], word = AGENT_ASK;
	uint8_t secret[AGENT_SECRET_MAX];
	AUTO_FD int folder = -1;
	AUTO_FD int fd = -1;
	ssize_t got;

	if (!file_name(name, file, e) || !open_folder(&folder, e) ||
	    !reach(folder, file, &fd, e))
		return false;
	if (fd < 0)
		return err_set(e, ERR_MISSING, "no agent holds the key: unlock it first");
	if (send(fd, &word, 1, MSG_NOSIGNAL) != 1)
		return err_errno(e, "cannot ask the agent");
	do
		got = recv(fd, secret, sizeof secret, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno != ECONNRESET)
		return err_set(e, ERR_SYSTEM, "the agent does not answer");
	if (got <= 0) /* its hour came while we asked */
		return err_set(e, ERR_MISSING, "no agent holds the key: unlock it first");
	memcpy(ret, secret, (size_t)got);
	*ret_n = (size_t)got;
	crypto_wipe(secret, sizeof secret);
	return true;
}

bool
agent_stop(const char *name, bool *ret_was, struct err *e)
{
	char file[AGENT_FILE_MAX];
	AUTO_FD int folder = -1;

	return file_name(name, file, e) && open_folder(&folder, e) && lock_folder(folder, e) &&
	    end_at(folder, file, ret_was, e);
}
