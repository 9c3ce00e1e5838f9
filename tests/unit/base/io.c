/* Files: whole or not at all, limits kept, folders made. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

static char dir[256];

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");
	struct err e;

	snprintf(dir, sizeof dir, "%.200s/vigil-io-XXXXXX", tmp ? tmp : "/tmp");
	NEED(mkdtemp(dir) || err_errno(&e, "temporary folder"), &e);
}

static void
finish(void)
{
	CHECK(rmdir(dir) == 0); /* so a test that leaves a file behind fails */
}

static const char *
in_dir(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/%s", dir, name);
}

static void
replaces_whole_files(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(100);
	const char *path;
	struct stat st;
	struct err e;

	begin();
	path = in_dir(a, "file");
	CHECK_OK(io_replace_file(path, "old", 3, 0600, &e), &e);
	CHECK_OK(io_replace_file(path, "new\0!", 5, 0600, &e), &e);
	CHECK_OK(io_read_file(path, &b, &e), &e);
	CHECK(b.n == 5 && memcmp(b.p, "new\0!", 5) == 0);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK_OK(io_replace_file(path, NULL, 0, 0600, &e), &e);
	CHECK(stat(path, &st) == 0 && st.st_size == 0);
	CHECK(unlink(path) == 0);
	CHECK(!io_replace_file(in_dir(a, "none/file"), "x", 1, 0600, &e) &&
	    e.kind == ERR_MISSING);
	CHECK(!io_replace_file(dir, "x", 1, 0600, &e) && e.kind == ERR_SYSTEM); /* a folder */
	finish();
}

/* A full disk, played by a limit on the size of files: the old file stays as it was, and
 * nothing half-written lies beside it. */
static void
a_full_disk_changes_nothing(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(100);
	const char *path;
	struct err e;
	int status = 0;
	pid_t pid;

	begin();
	path = in_dir(a, "file");
	CHECK_OK(io_replace_file(path, "old", 3, 0600, &e), &e);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		const struct rlimit little = { 1000, 1000 };
		static const char much[5000];

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &little);
		_exit(io_replace_file(path, much, sizeof much, 0600, &e) ?
			1 :
			e.kind != ERR_SYSTEM);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK_OK(io_read_file(path, &b, &e), &e);
	CHECK(strcmp(buf_peek(&b), "old") == 0);
	CHECK(unlink(path) == 0);
	finish();
}

static void
reads_up_to_the_limit(void)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 200000 };
	AUTO(arena) *a = arena_new();
	char *bytes = arena_alloc(a, 200000);
	struct err e;

	begin();
	memset(bytes, 'x', 200000);
	for (size_t i = 0; i < LEN(sizes); i++) {
		const char *path = in_dir(a, "file");

		CHECK_OK(io_replace_file(path, bytes, sizes[i], 0600, &e), &e);
		for (int less = -1; less <= 1; less++) {
			size_t max = sizes[i] - (size_t)less;
			AUTO_VAL(buf) b = buf_init(max);

			if (less == 1 && !sizes[i])
				continue;
			CHECK(io_read_file(path, &b, &e) == (less < 1));
			CHECK(less < 1 ? b.n == sizes[i] : e.kind == ERR_TOO_BIG);
			CHECK(less < 1 ? !buf_peek(&b)[b.n] : strstr(e.msg, "file") != NULL);
		}
		CHECK(unlink(path) == 0);
	}
	finish();
}

/* Reading goes on after what the buffer held, and a buffer that was full before says so. */
static void
appends_to_what_is_there(void)
{
	AUTO_VAL(buf) b = buf_init(10);
	struct err e;
	int ends[2];

	CHECK(pipe(ends) == 0 && io_write(ends[1], "12345", 5));
	close(ends[1]);
	buf_str(&b, "abc");
	CHECK_OK(io_read_all(ends[0], &b, "pipe", &e), &e);
	CHECK(strcmp(buf_peek(&b), "abc12345") == 0);
	buf_str(&b, "too long");
	CHECK(b.full);
	CHECK(!io_read_all(ends[0], &b, "pipe", &e) && e.kind == ERR_TOO_BIG);
	close(ends[0]);
	buf_reset(&b);
	CHECK(!io_read_all(ends[0], &b, "closed", &e) && e.kind == ERR_SYSTEM && !b.n);
	CHECK(!io_read_file("/", &b, &e) && e.kind == ERR_SYSTEM);
	CHECK(!io_read_file("/nowhere/at/all", &b, &e) && e.kind == ERR_MISSING);
}

/* A pipe gives what the writer wrote so far; io_read waits for the rest. */
static void
takes_up_short_reads(void)
{
	enum { N = 300000 };
	AUTO(arena) *a = arena_new();
	uint8_t *got = arena_alloc(a, N + 10);
	int ends[2], status;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		uint8_t *p = arena_alloc(a, N);

		close(ends[0]);
		for (int i = 0; i < N; i++)
			p[i] = (uint8_t)(i % 251);
		_exit(io_write(ends[1], p, 1000) && usleep(10000) == 0 &&
			    io_write(ends[1], p + 1000, N - 1000) ?
			0 :
			1);
	}
	close(ends[1]);
	CHECK(io_read(ends[0], got, N + 10) == N);
	for (int i = 0; i < N; i += 997)
		CHECK(got[i] == i % 251);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	close(ends[0]);
}

static void
makes_folders(void)
{
	AUTO(arena) *a = arena_new();
	struct stat st;
	struct err e;

	begin();
	CHECK_OK(io_make_dirs(in_dir(a, "a/b/c"), 0700, &e), &e);
	CHECK_OK(io_make_dirs(in_dir(a, "a/b/c"), 0700, &e), &e);
	CHECK_OK(io_make_dirs(in_dir(a, "a//b/d/"), 0700, &e), &e);
	CHECK(stat(in_dir(a, "a/b/c"), &st) == 0 && S_ISDIR(st.st_mode) &&
	    (st.st_mode & 0777) == 0700);
	CHECK_OK(io_sync_dir(in_dir(a, "a"), &e), &e);
	CHECK_OK(io_replace_file(in_dir(a, "file"), "x", 1, 0600, &e), &e);
	CHECK(!io_make_dirs(in_dir(a, "file"), 0700, &e) && e.kind == ERR_INVALID);
	CHECK(!io_make_dirs(in_dir(a, "file/below"), 0700, &e));
	CHECK(!io_make_dirs("", 0700, &e));
	CHECK(!io_sync_dir(in_dir(a, "none"), &e) && e.kind == ERR_MISSING);
	unlink(in_dir(a, "file"));
	rmdir(in_dir(a, "a/b/c"));
	rmdir(in_dir(a, "a/b/d"));
	rmdir(in_dir(a, "a/b"));
	rmdir(in_dir(a, "a"));
	finish();
}

static void
knows_the_persons_folders(void)
{
	AUTO(arena) *a = arena_new();
	const char *path = NULL;
	struct err e;

	setenv("HOME", "/home/anna", 1);
	setenv("XDG_CONFIG_HOME", "/cfg", 1);
	setenv("XDG_STATE_HOME", "relative/is/ignored", 1);
	unsetenv("XDG_RUNTIME_DIR");
	CHECK_OK(io_person_dir(a, "config", &path, &e), &e);
	CHECK(strcmp(path, "/cfg/vigil") == 0);
	CHECK_OK(io_person_dir(a, "state", &path, &e), &e);
	CHECK(strcmp(path, "/home/anna/.local/state/vigil") == 0);
	CHECK_OK(io_person_dir(a, "runtime", &path, &e), &e);
	CHECK(strncmp(path, "/home/anna/", 11) == 0);
	unsetenv("HOME");
	CHECK(!io_person_dir(a, "state", &path, &e) && e.kind == ERR_SYSTEM);
	CHECK(!io_person_dir(a, "cellar", &path, &e) && e.kind == ERR_INVALID);
}

static void
descriptors_are_closed_or_handed_on(void)
{
	int kept = -1, seen = -1;

	{
		AUTO_FD int a = open("/dev/null", O_RDONLY);
		AUTO_FD int b = open("/dev/null", O_RDONLY);

		CHECK(a >= 0 && b >= 0);
		kept = fd_take(&a);
		seen = b;
		CHECK(a == -1);
	}
	CHECK(fcntl(kept, F_GETFD) >= 0);
	CHECK(fcntl(seen, F_GETFD) < 0 && errno == EBADF);
	close(kept);
}

TESTS(T(replaces_whole_files), T(a_full_disk_changes_nothing), T(reads_up_to_the_limit),
    T(appends_to_what_is_there), T(takes_up_short_reads), T(makes_folders),
    T(knows_the_persons_folders), T(descriptors_are_closed_or_handed_on))
