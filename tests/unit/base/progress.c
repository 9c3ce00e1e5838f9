/* Progress: nothing where nobody looks, a line that fits where somebody does. */
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/progress.h"

/* Work in steps of a tenth of a second; ends with a message as a command would. */
static void
work(int steps, uint64_t total, uint64_t bytes)
{
	AUTO(progress) *p = progress_new("adding", "files", 0);

	progress_total(p, total);
	for (int i = 0; i < steps; i++) {
		progress_add(p, 10, bytes);
		usleep(110000);
	}
	progress_hide(p);
	fputs("MESSAGE\n", stderr);
}

static void
draws_nothing_without_a_terminal(void)
{
	AUTO_VAL(buf) seen = buf_init(10000);
	struct err e;
	int ends[2], status;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		work(3, 100, 0);
		_exit(0);
	}
	close(ends[1]);
	CHECK_OK(io_read_all(ends[0], &seen, "pipe", &e), &e);
	close(ends[0]);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(strcmp(buf_peek(&seen), "MESSAGE\n") == 0);
}

/* What a terminal of that width gets to see. */
static void
on_terminal(struct buf *seen, int steps, unsigned short columns, const char *term,
    uint64_t total, uint64_t bytes)
{
	struct winsize size = { .ws_col = columns, .ws_row = 24 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char name[64] = "", c[512];
	ssize_t n;
	pid_t pid;

	CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	CHECK(ptsname_r(master, name, sizeof name) == 0);
	slave = open(name, O_RDWR | O_NOCTTY);
	CHECK(slave >= 0 && ioctl(slave, TIOCSWINSZ, &size) == 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setenv("TERM", term, 1);
		dup2(slave, STDERR_FILENO);
		work(steps, total, bytes);
		_exit(0);
	}
	close(slave);
	while ((n = read(master, c, sizeof c)) > 0)
		buf_add(seen, c, (size_t)n);
	waitpid(pid, NULL, 0);
	close(master);
}

/* The longest stretch between returns and clearings: what stands on one line. */
static size_t
longest_line(const char *s)
{
	size_t most = 0;

	for (size_t n; *s; s += n + (s[n] != 0)) {
		n = strcspn(s, "\r\033\n");
		most = MAX(most, n);
	}
	return most;
}

static void
draws_a_bar_with_rate_and_time_left(void)
{
	AUTO_VAL(buf) seen = buf_init(100000);
	const char *s;

	on_terminal(&seen, 13, 100, "xterm", 200, 5000000);
	s = buf_peek(&seen);
	CHECK(strstr(s, "\radding [##------------------] 20 of 200 files"));
	CHECK(strstr(s, "adding [###########---------] 110 of 200 files  "));
	CHECK(strstr(s, " MB/s") && strstr(s, " s left"));
	CHECK(strstr(s, "\r\033[KMESSAGE\r\n")); /* cleared before it */
}

static void
draws_counts_without_a_total(void)
{
	AUTO_VAL(buf) seen = buf_init(100000);
	const char *s;

	on_terminal(&seen, 13, 100, "xterm", 0, 0);
	s = buf_peek(&seen);
	CHECK(strstr(s, "\radding 20 files") && strstr(s, "/s\033[K"));
	CHECK(!strstr(s, "[#") && !strstr(s, "left"));
}

static void
fits_narrow_terminals_and_spares_dumb_ones(void)
{
	AUTO_VAL(buf) narrow = buf_init(100000);
	AUTO_VAL(buf) dumb = buf_init(100000);

	on_terminal(&narrow, 12, 20, "xterm", 200, 5000000);
	CHECK(longest_line(buf_peek(&narrow)) == 19);
	on_terminal(&dumb, 3, 80, "dumb", 200, 0);
	CHECK(strcmp(buf_peek(&dumb), "MESSAGE\r\n") == 0);
}

TESTS(T(draws_nothing_without_a_terminal), T(draws_a_bar_with_rate_and_time_left),
    T(draws_counts_without_a_total), T(fits_narrow_terminals_and_spares_dumb_ones))
