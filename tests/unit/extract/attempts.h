/* What a confined process is made to try, and must not succeed in: alone (confine.c), and as a child of a zygote that the client
 * started (hostile.c). */
#ifndef TESTS_UNIT_EXTRACT_ATTEMPTS_H
#define TESTS_UNIT_EXTRACT_ATTEMPTS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sched.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "extract/child/confine_private.h"
#include "extract/private.h"

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
opens_its_environment(void)
{
	return open("/proc/self/environ", O_RDONLY) >= 0;
}

static bool
opens_by_the_newer_call(void)
{
	struct open_how how = { .flags = O_RDONLY };

	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof how) >= 0;
}

/* In the first folder that it may read, if there is one. */
static const char *
in_folder(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof path, "%s/%s",
	    folders && folders[0] ? folders[0] : "/usr/share/common-licenses", name);
	return path;
}

static bool
makes_a_file_where_it_may_read(void)
{
	return open(in_folder("vigil-test"), O_CREAT | O_WRONLY, 0600) >= 0;
}

static bool
makes_a_nameless_file_where_it_may_read(void)
{
	return open(in_folder("."), O_TMPFILE | O_RDWR, 0600) >= 0;
}

static bool
makes_a_folder_where_it_may_read(void)
{
	return mkdir(in_folder("vigil-test"), 0700) == 0;
}

static bool
makes_a_link_where_it_may_read(void)
{
	return symlink("/etc/passwd", in_folder("vigil-test")) == 0;
}

static bool
removes_a_file_where_it_may_read(void)
{
	return unlink(in_folder("vigil-test")) == 0 || errno == ENOENT;
}

static bool
changes_rights_where_it_may_read(void)
{
	return chmod(in_folder("."), 0777) == 0;
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
connects(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = 9 };

	return connect(CHILD_OUT, (struct sockaddr *)&here, sizeof here) == 0 ||
	    errno == ENOTSOCK || errno == ECONNREFUSED;
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
runs_an_open_program(void)
{
	char *const none[] = { NULL };

	syscall(SYS_execveat, CHILD_OUT, "", none, none, AT_EMPTY_PATH);
	return true; /* it came back, and was not stopped */
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
starts_by_the_newer_call(uint64_t flags)
{
	struct clone_args how = { .flags = flags };
	long pid;

	how.exit_signal = flags ? 0 : SIGCHLD;
	pid = syscall(SYS_clone3, &how, sizeof how);
	if (pid == 0)
		_exit(0);
	return pid > 0 || errno != EPERM;
}

static bool
forks_by_the_newer_call(void)
{
	return starts_by_the_newer_call(0);
}

static bool
starts_a_thread_by_the_newer_call(void) /* without a stack: it would share this one */
{
	return starts_by_the_newer_call(
	    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD);
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
signals_a_thread_of_its_parent(void)
{
	return syscall(SYS_tgkill, zygote_pid, zygote_pid, 0) == 0;
}

static bool
queues_a_signal_to_its_parent(void)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	return syscall(SYS_rt_sigqueueinfo, zygote_pid, SIGTERM, &info) == 0;
}

static bool
takes_hold_of_its_parent(void)
{
	return syscall(SYS_pidfd_open, zygote_pid, 0) >= 0;
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
opens_by_io_uring(void) /* even where a ring were there already */
{
	return syscall(SYS_io_uring_enter, CHILD_OUT, 1, 1, 0, NULL, 0) >= 0 ||
	    errno == EOPNOTSUPP || errno == EBADF;
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
	{ "opens its environment", opens_its_environment, true, false, true },
	{ "opens by the newer call", opens_by_the_newer_call, true, false },
	{ "makes a file where it may read", makes_a_file_where_it_may_read, true, false },
	{ "makes a nameless file where it may read", makes_a_nameless_file_where_it_may_read,
	    true, false },
	{ "makes a folder where it may read", makes_a_folder_where_it_may_read, true, false },
	{ "makes a link where it may read", makes_a_link_where_it_may_read, true, false },
	{ "removes a file where it may read", removes_a_file_where_it_may_read, true, false },
	{ "changes rights where it may read", changes_rights_where_it_may_read, true, false },
	{ "empties a file", empties_a_file, true, false },
	{ "opens a file to write", opens_to_write, true, false },
	{ "makes a nameless file", makes_a_nameless_file, true, false },
	{ "makes a file", makes_a_file, true, false },
	{ "removes a file", removes_a_file, true, false },
	{ "reads a link", reads_a_link, true, true },
	{ "makes a socket", makes_a_socket, true, false },
	{ "connects", connects, true, false },
	{ "makes a unix socket", makes_a_unix_socket, true, false },
	{ "makes a pair of sockets", makes_a_pair, true, false },
	{ "runs a program", runs_a_program, true, false },
	{ "runs an open program", runs_an_open_program, true, false },
	{ "forks", forks, true, true },
	{ "forks as the zygote does", forks_as_the_zygote_does, false, true },
	{ "starts a thread", starts_a_thread, true, true },
	{ "forks by the newer call", forks_by_the_newer_call, true, false },
	{ "starts a thread by the newer call", starts_a_thread_by_the_newer_call, true, false },
	{ "makes a namespace", makes_a_namespace, true, false },
	{ "signals its parent", signals_its_parent, false, false },
	{ "signals a thread of its parent", signals_a_thread_of_its_parent, true, false },
	{ "queues a signal to its parent", queues_a_signal_to_its_parent, true, false },
	{ "takes hold of its parent", takes_hold_of_its_parent, true, false },
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
	{ "opens by io_uring", opens_by_io_uring, true, false },
	{ "uses a 32-bit call", uses_an_old_call, true, false },
};

#endif
