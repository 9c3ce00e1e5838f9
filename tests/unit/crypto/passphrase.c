/* Passphrases: stretching, and asking on a pipe and on a terminal of our own making. */
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "crypto/passphrase.h"

static void
stretches(void)
{
	const uint8_t salt[SALT_SIZE] = "sixteen bytes ok",
		      other[SALT_SIZE] = "Sixteen bytes ok";
	struct key light, same, salted, worded, heavy;
	struct err e;

	CHECK_OK(passphrase_key("correct horse", salt, true, &light, &e), &e);
	CHECK_OK(passphrase_key("correct horse", salt, true, &same, &e), &e);
	CHECK_OK(passphrase_key("correct horse", other, true, &salted, &e), &e);
	CHECK_OK(passphrase_key("correct horsf", salt, true, &worded, &e), &e);
	CHECK_OK(passphrase_key("correct horse", salt, false, &heavy, &e), &e);
	CHECK(memcmp(&light, &same, sizeof light) == 0);
	CHECK(memcmp(&light, &salted, sizeof light) != 0);
	CHECK(memcmp(&light, &worded, sizeof light) != 0);
	CHECK(memcmp(&light, &heavy, sizeof light) != 0);
}

/* Asks on a pipe that holds `bytes`; *ret_left is what the question left in it. */
static enum err_kind
ask_pipe(const char *bytes, size_t n, char ret[PASSPHRASE_MAX], size_t *ret_left)
{
	struct err e = { 0 };
	char rest[4096];
	int ends[2];
	ssize_t left;

	CHECK(pipe(ends) == 0 && io_write(ends[1], bytes, n));
	close(ends[1]);
	ret[0] = 0;
	if (passphrase_ask("", ends[0], false, ret, &e))
		e.kind = ERR_NONE;
	left = io_read(ends[0], rest, sizeof rest);
	*ret_left = left > 0 ? (size_t)left : 0;
	close(ends[0]);
	return e.kind;
}

static void
reads_one_line_of_a_pipe(void)
{
	char ret[PASSPHRASE_MAX], longest[PASSPHRASE_MAX + 1];
	size_t left;

	CHECK(ask_pipe("correct horse\nnext", 18, ret, &left) == ERR_NONE);
	CHECK(strcmp(ret, "correct horse") == 0);
	CHECK(left == 4);
	CHECK(ask_pipe("no newline at end", 17, ret, &left) == ERR_NONE);
	CHECK(strcmp(ret, "no newline at end") == 0);
	CHECK(ask_pipe("123456789\n", 10, ret, &left) == ERR_INVALID);
	CHECK(ask_pipe("", 0, ret, &left) == ERR_INVALID);
	CHECK(ask_pipe("1234\0"
		       "567890\n",
		  12, ret, &left) == ERR_INVALID);
	memset(longest, 'x', sizeof longest);
	CHECK(ask_pipe(longest, PASSPHRASE_MAX, ret, &left) == ERR_INVALID);
	CHECK(!ret[0]);
	CHECK(ask_pipe(longest, PASSPHRASE_MAX - 1, ret, &left) == ERR_NONE);
	CHECK(strlen(ret) == PASSPHRASE_MAX - 1);
}

static volatile sig_atomic_t handled;

static void
count_it(int sig)
{
	handled += sig > 0;
}

/* What the child with the terminal does; its exit code is the kind of its error, 100 if
 * the answer is wrong, 101 if it saw the person's own handler run. */
static int
child(bool twice, bool handles)
{
	char ret[PASSPHRASE_MAX];
	struct err e = { 0 };

	if (handles)
		signal(SIGINT, count_it);
	if (!passphrase_ask("Passphrase: ", -1, twice, ret, &e))
		return handled ? 101 : (int)e.kind;
	return strcmp(ret, "correct horse") ? 100 : 0;
}

/* A new terminal with a child on it. Returns the master's side. */
static int
with_terminal(bool twice, bool handles, pid_t *ret_pid)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char slave[64] = "";

	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	CHECK(ptsname_r(master, slave, sizeof slave) == 0);
	fflush(stdout);
	*ret_pid = fork();
	if (*ret_pid == 0) {
		int fd;

		/* Whoever runs the tests in the background may ignore them. */
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		signal(SIGTSTP, SIG_DFL);
		alarm(60);
		close(master);
		setsid();
		fd = open(slave, O_RDWR); /* becomes the controlling terminal */
		ioctl(fd, TIOCSCTTY, 0);
		_exit(child(twice, handles));
	}
	return master;
}

/* Reads what the terminal shows until it holds `until`, five seconds at most. */
static bool
shows(int master, struct buf *seen, const char *until)
{
	int64_t end = clock_ticks() + 5000;

	while (!strstr(buf_peek(seen), until)) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		char c[256];
		ssize_t n;

		if (clock_ticks() > end || poll(&p, 1, 1000) < 0)
			return false;
		n = p.revents & POLLIN ? read(master, c, sizeof c) : 0;
		if (n < 0 || (!n && p.revents & POLLHUP))
			return false;
		buf_add(seen, c, (size_t)n);
	}
	return true;
}

/* Does the terminal echo? Asked of the master, while the child lives or a slave is open. */
static bool
echoes(int master)
{
	struct termios t;

	return tcgetattr(master, &t) == 0 && t.c_lflag & ECHO;
}

static bool
quiet_soon(int master, bool quiet)
{
	for (int i = 0; i < 250 && echoes(master) == quiet; i++)
		usleep(20000);
	return echoes(master) != quiet;
}

static int
exit_of(pid_t pid)
{
	int status = 0;

	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
asks_a_terminal_without_echo(void)
{
	static const struct {
		const char *first, *second;
		int want;
	} cases[] = {
		{ "correct horse\n", NULL, 0 },
		{ "correct horse\n", "correct horse\n", 0 },
		{ "correct horse\n", "another horse\n", ERR_INVALID },
		{ "short\n", NULL, ERR_INVALID },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) seen = buf_init(4096);
		pid_t pid;
		AUTO_FD int master = with_terminal(cases[i].second, false, &pid);

		CHECK(shows(master, &seen, "Passphrase: "));
		CHECK(!echoes(master));
		CHECK(io_write(master, cases[i].first, strlen(cases[i].first)));
		if (cases[i].second) {
			CHECK(shows(master, &seen, "Once more: "));
			CHECK(io_write(master, cases[i].second, strlen(cases[i].second)));
		}
		CHECK(exit_of(pid) == cases[i].want);
		shows(master, &seen, "(not there, so to the end)");
		CHECK(!strstr(buf_peek(&seen), "horse") && !strstr(buf_peek(&seen), "short"));
	}
}

/* Interrupted, the terminal echoes again, and the signal does what it does. */
static void
gives_the_terminal_back_on_signals(void)
{
	static const struct {
		int sig;
		bool handles;
		int want;
	} cases[] = { { SIGINT, false, -SIGINT }, { SIGTERM, false, -SIGTERM },
		{ SIGHUP, false, -SIGHUP }, { SIGINT, true, 101 } };

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) seen = buf_init(4096);
		pid_t pid;
		AUTO_FD int master = with_terminal(false, cases[i].handles, &pid);
		char slave[64];
		AUTO_FD int keep = -1; /* or the terminal would go with the child */

		CHECK(ptsname_r(master, slave, sizeof slave) == 0);
		CHECK(shows(master, &seen, "Passphrase: "));
		keep = open(slave, O_RDWR | O_NOCTTY);
		CHECK(!echoes(master));
		CHECK(kill(pid, cases[i].sig) == 0);
		CHECK(exit_of(pid) == cases[i].want);
		CHECK(echoes(master));
	}
}

/* Stopped (Ctrl-Z), the terminal echoes; taken up again, it is quiet and reads on. */
static void
survives_a_stop(void)
{
	AUTO_VAL(buf) seen = buf_init(4096);
	pid_t pid;
	AUTO_FD int master = with_terminal(false, false, &pid);
	int status;

	CHECK(shows(master, &seen, "Passphrase: "));
	CHECK(kill(pid, SIGSTOP) == 0 && waitpid(pid, &status, WUNTRACED) == pid);
	CHECK(kill(pid, SIGCONT) == 0); /* a stop that cannot be caught does no harm either */
	CHECK(kill(pid, SIGTSTP) == 0);
	/* An orphaned session ignores SIGTSTP's stop: then it just goes on quietly. */
	CHECK(quiet_soon(master, true));
	CHECK(io_write(master, "correct horse\n", 14));
	CHECK(exit_of(pid) == 0);
}

static void
says_so_without_a_terminal(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setsid();
		_exit(child(false, false));
	}
	CHECK(exit_of(pid) == ERR_DENIED);
}

TESTS(T(stretches), T(reads_one_line_of_a_pipe), T(asks_a_terminal_without_echo),
    T(gives_the_terminal_back_on_signals), T(survives_a_stop), T(says_so_without_a_terminal))
