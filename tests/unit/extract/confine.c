/* Confinement really denies: each attempt is made by a confined process of its own. */
#include <sys/wait.h>

#include "attempts.h"
#include "base/arena.h"
#include "base/io.h"
#include "test.h"

static const char *const no_folders[] = { NULL },
			 *const some_folders[] = { "/usr/share", NULL };

enum { CONFINED = 40, SUCCEEDED, REFUSED, UNCONFINED };

static struct confine_child
child_of(pid_t parent, int out)
{
	return (struct confine_child){
		.parent = parent, .out = out, .memory = 64 << 20, .seconds = 1
	};
}

/* A zygote that forks one child, which runs `attempt` (or, if `self`, runs it itself). */
static int
try(bool (*attempt)(void), bool self, int out)
{
	pid_t zygote = fork(), child;
	int status;
	struct err e;

	if (zygote == 0) {
		zygote_pid = getpid();
		if (!confine_zygote(folders, &e))
			_exit(UNCONFINED);
		if (self)
			_exit(attempt() ? SUCCEEDED : REFUSED);
		child = fork();
		if (child == 0) {
			struct confine_child c = child_of(zygote_pid, out);

			if (!confine_child(&c, &e))
				_exit(UNCONFINED);
			_exit(attempt() ? SUCCEEDED : REFUSED);
		}
		if (waitpid(child, &status, 0) != child)
			_exit(UNCONFINED);
		_exit(WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status));
	}
	waitpid(zygote, &status, 0);
	return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void
check_denied(const struct attempt *t, bool self)
{
	int p[2], how;

	if (pipe2(p, O_CLOEXEC))
		return;
	how = try(t->run, self, p[1]);
	if (!(folders && t->reads && how == REFUSED) && how != 100 + SIGSYS &&
	    !(WITH_ASAN && (t->asan || how == REFUSED))) {
		printf("# %s%s %s: %d\n", folders ? "reading " : "", self ? "zygote" : "child",
		    t->name, how);
		CHECK(false);
	}
	close(p[0]);
	close(p[1]);
}

static void
check_all_denied(const char *const *may_read)
{
	folders = may_read;
	for (size_t i = 0; i < LEN(attempts); i++) {
		check_denied(&attempts[i], false);
		if (attempts[i].zygote)
			check_denied(&attempts[i], true);
	}
	folders = NULL;
}

/* As each family is confined: whoever adds one need not think of this test. */
static void
no_family_can_do_anything_else(void)
{
	for (enum family_id f = 0; f < FAMILIES; f++)
		check_all_denied(family_folders(f));
}

/* More than any family may, and a list of nothing. */
static void
whoever_may_read_folders_can_do_nothing_else(void)
{
	check_all_denied(some_folders);
	check_all_denied(no_folders);
}

static bool
reads_a_file(void)
{
	char b[16];
	int fd = open("/usr/share/common-licenses/BSD", O_RDONLY | O_CLOEXEC);
	bool read_it = fd >= 0 && read(fd, b, sizeof b) == sizeof b;

	if (fd >= 0)
		close(fd);
	return read_it;
}

static void
it_can_read_those_folders(void)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (access("/usr/share/common-licenses/BSD", R_OK))
		SKIP("Debian's licences are not here");
	folders = some_folders;
	CHECK(try(reads_a_file, false, out) == SUCCEEDED);
	folders = no_folders;
	CHECK(try(reads_a_file, false, out) == REFUSED);
	folders = NULL;
	close(out);
}

/* Computes, allocates, frees, writes; large and small. */
static bool
works(void)
{
	char *small = mem_alloc(100), *large = mem_alloc(8 << 20);

	memset(large, 'x', 8 << 20);
	large = mem_grow(large, 16 << 20);
	small[0] = large[12345];
	free(large);
	return !io_write(CHILD_OUT, small, 1);
}

static void
a_child_can_work(void)
{
	char c = 0;
	int p[2];

	if (pipe2(p, O_CLOEXEC)) {
		CHECK(false);
		return;
	}
	CHECK(try(works, false, p[1]) == REFUSED);
	close(p[1]);
	CHECK(read(p[0], &c, 1) == 1 && c == 'x');
	close(p[0]);
}

/* Nothing that was open before: no control socket, no item, no terminal. */
static bool
holds_another_descriptor(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fd != CHILD_OUT && !(WITH_ASAN && fd == STDERR_FILENO) &&
		    (write(fd, "", 0) >= 0 || errno != EBADF))
			return true;
	return false;
}

static void
a_child_holds_one_descriptor(void)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC), other = dup(out),
	    high = fcntl(out, F_DUPFD, 900);

	CHECK(high >= 900 && try(holds_another_descriptor, false, out) == REFUSED);
	close(high);
	close(other);
	close(out);
}

static bool
takes_much_memory(void)
{
	for (int i = 0; i < 100; i++) {
		char *p = malloc(1 << 20);

		if (!p)
			return false;
		p[i] = 1;
		__asm__ volatile("" ::"r"(p) : "memory");
	}
	return true;
}

static bool
runs_on(void)
{
	for (volatile unsigned i = 0;; i++)
		;
	return true;
}

static void
memory_and_time_are_limited(void)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (!WITH_ASAN) /* which needs terabytes */
		CHECK(try(takes_much_memory, false, out) == REFUSED);
	CHECK(try(runs_on, false, out) == 100 + SIGXCPU);
	close(out);
}

TESTS(T(no_family_can_do_anything_else), T(whoever_may_read_folders_can_do_nothing_else),
    T(it_can_read_those_folders), T(a_child_can_work), T(a_child_holds_one_descriptor),
    T(memory_and_time_are_limited))
