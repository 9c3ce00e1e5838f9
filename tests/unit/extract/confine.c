/* Confinement really denies: each attempt is made by a confined process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/confine_private.h"
#include "extract/private.h"
#include "test.h"

static const char *const no_folders[] = { NULL },
			 *const some_folders[] = { "/usr/share", NULL };
static const char *const *folders; /* that the confined may read; NULL: nothing */
static pid_t zygote_pid;           /* asking for it would be an attempt of its own */

/* What a process is made to try. True: it succeeded, which it must not. */

static bool
opens_a_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool
opens_a_folder(void)
{
	return open("/etc", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool
opens_its_own_memory(void)
{
	return open("/proc/self/mem", O_RDONLY) >= 0;
}

static bool
empties_a_file(void)
{
	return open("/usr/share/common-licenses/BSD", O_RDONLY | O_TRUNC) >= 0;
}

static bool
opens_to_write(void)
{
	return open("/usr/share/common-licenses/BSD", O_RDWR) >= 0;
}

static bool
makes_a_nameless_file(void)
{
	return open("/tmp", O_TMPFILE | O_RDWR, 0600) >= 0;
}

static bool
makes_a_file(void)
{
	return open("/tmp/vigil-test-must-not-be", O_CREAT | O_WRONLY, 0600) >= 0;
}

static bool
removes_a_file(void)
{
	return unlink("/tmp/vigil-test-is-not-there") == 0 || errno == ENOENT;
}

static bool
reads_a_link(void)
{
	char b[9];

	return readlink("/proc/self/exe", b, sizeof b) > 0;
}

static bool
makes_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
makes_a_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static bool
makes_a_pair(void)
{
	int p[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0;
}

static bool
runs_a_program(void)
{
	char *const none[] = { NULL };

	execve("/bin/true", none, none);
	return errno != EACCES && errno != EPERM;
}

static bool
forks(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
}

static bool
forks_as_the_zygote_does(void)
{
	return fork() >= 0;
}

static bool
starts_a_thread(void)
{
	return syscall(SYS_clone,
		   CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL, 0, 0,
		   0) >= 0;
}

static bool
makes_a_namespace(void)
{
	return syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */) == 0;
}

static bool
signals_its_parent(void)
{
	return kill(zygote_pid, 0) == 0;
}

static bool
traces_its_parent(void)
{
	return ptrace(PTRACE_ATTACH, zygote_pid, 0, 0) == 0;
}

static bool
reads_foreign_memory(void)
{
	char b[8];
	struct iovec here = { b, 8 }, there = { b, 8 };

	return process_vm_readv(zygote_pid, &here, 1, &there, 1, 0) >= 0;
}

static bool
makes_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0) != MAP_FAILED;
}

static bool
turns_memory_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
makes_a_memory_file(void)
{
	return memfd_create("x", 0) >= 0;
}

static bool
duplicates_a_descriptor(void)
{
	return dup(CHILD_OUT) >= 0;
}

static bool
asks_the_terminal(void)
{
	int n;

	return ioctl(CHILD_OUT, FIONREAD, &n) == 0;
}

static bool
raises_its_limits(void)
{
	struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_NOFILE, &more) == 0;
}

static bool
outlives_its_parent(void)
{
	return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0;
}

static bool
uses_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno == EFAULT;
}

static bool
uses_an_old_call(void) /* the 32-bit way in has its own numbers */
{
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(20) : "memory"); /* getpid */
	return ret > 0;
#else
	return false;
#endif
}

static const struct attempt {
	const char *name;
	bool (*run)(void);
	bool zygote; /* the zygote may not, either */
	bool asan;   /* AddressSanitizer needs it */
	bool reads;  /* where folders may be read, it fails rather than kills */
} attempts[] = {
	{ "opens a file", opens_a_file, true, false, true },
	{ "opens a folder", opens_a_folder, true, false, true },
	{ "opens its own memory", opens_its_own_memory, true, false, true },
	{ "empties a file", empties_a_file, true, false },
	{ "opens a file to write", opens_to_write, true, false },
	{ "makes a nameless file", makes_a_nameless_file, true, false },
	{ "makes a file", makes_a_file, true, false },
	{ "removes a file", removes_a_file, true, false },
	{ "reads a link", reads_a_link, true, true },
	{ "makes a socket", makes_a_socket, true, false },
	{ "makes a unix socket", makes_a_unix_socket, true, false },
	{ "makes a pair of sockets", makes_a_pair, true, false },
	{ "runs a program", runs_a_program, true, false },
	{ "forks", forks, true, true },
	{ "forks as the zygote does", forks_as_the_zygote_does, false, true },
	{ "starts a thread", starts_a_thread, true, true },
	{ "makes a namespace", makes_a_namespace, true, false },
	{ "signals its parent", signals_its_parent, false, false },
	{ "traces its parent", traces_its_parent, true, false },
	{ "reads foreign memory", reads_foreign_memory, true, false },
	{ "makes executable memory", makes_executable_memory, true, true },
	{ "turns memory executable", turns_memory_executable, true, true },
	{ "makes a memory file", makes_a_memory_file, true, false },
	{ "duplicates a descriptor", duplicates_a_descriptor, true, false },
	{ "asks the terminal", asks_the_terminal, true, false },
	{ "raises its limits", raises_its_limits, false, false },
	{ "outlives its parent", outlives_its_parent, false, false },
	{ "uses io_uring", uses_io_uring, true, false },
	{ "uses a 32-bit call", uses_an_old_call, true, false },
};

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
a_child_can_do_nothing_else(void)
{
	for (size_t i = 0; i < LEN(attempts); i++)
		check_denied(&attempts[i], false);
}

static void
the_zygote_cannot_either(void)
{
	for (size_t i = 0; i < LEN(attempts); i++)
		if (attempts[i].zygote)
			check_denied(&attempts[i], true);
}

static void
whoever_may_read_folders_can_do_nothing_else(void)
{
	folders = some_folders;
	a_child_can_do_nothing_else();
	the_zygote_cannot_either();
	folders = NULL;
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

TESTS(T(a_child_can_do_nothing_else), T(the_zygote_cannot_either),
    T(whoever_may_read_folders_can_do_nothing_else), T(it_can_read_those_folders),
    T(a_child_can_work), T(a_child_holds_one_descriptor), T(memory_and_time_are_limited))
