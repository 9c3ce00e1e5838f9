/* The two allow-lists. The child's is stacked on the zygote's: it can do only what both allow. */
#include "extract/child/filter_private.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/private.h"

struct rule {
	int call;
	struct scmp_arg_cmp arg; /* what must hold of one argument */
	unsigned args;           /* 0: any arguments; 1: `arg` */
};
#define ANY(name)                                                                              \
	{                                                                                      \
		.call = SCMP_SYS(name)                                                         \
	}
#define IF(name, ...)                                                                          \
	{                                                                                      \
		.call = SCMP_SYS(name), .arg = { __VA_ARGS__ }, .args = 1                      \
	}

/* No executable memory can be made. (mprotect is in neither list.) */
#define MMAP_PLAIN IF(mmap, 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)

/* What both do. */
#define COMMON                                                                                 \
	ANY(write), ANY(exit_group), ANY(brk), ANY(munmap), ANY(mremap), ANY(madvise),         \
	    MMAP_PLAIN, IF(futex, 1, SCMP_CMP_MASKED_EQ, FUTEX_CMD_MASK, FUTEX_WAKE)

static const struct rule zygote[] = {
	COMMON,
	/* its own loop */
	ANY(recvmsg),
	ANY(sendto),
	ANY(ppoll),
	ANY(close),
	ANY(wait4),
	ANY(kill),
	ANY(restart_syscall),
	ANY(clock_gettime), /* where the vDSO cannot */
	/* glibc's fork() */
	IF(clone, 0, SCMP_CMP_EQ, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD),
	ANY(set_robust_list),
	ANY(rt_sigprocmask),
	ANY(gettid),
	/* what the child does before its own filter */
	IF(prctl, 0, SCMP_CMP_EQ, PR_SET_PDEATHSIG),
	ANY(getppid),
	ANY(dup3),
	ANY(close_range),
	IF(prlimit64, 0, SCMP_CMP_EQ, 0),
	IF(seccomp, 0, SCMP_CMP_EQ, SECCOMP_SET_MODE_FILTER),
};

static const struct rule child[] = { COMMON };

/* In addition, where folders may be read. What could write, make or empty a file kills, whatever Landlock says. */
static const struct rule reading[] = {
	IF(openat, 2, SCMP_CMP_MASKED_EQ,
	    O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY) | O_PATH, 0),
	ANY(read), ANY(pread64), ANY(lseek), ANY(newfstatat), ANY(fstat), ANY(close),
	IF(fcntl, 1, SCMP_CMP_EQ, F_SETFD), /* FreeType, of a font */
	ANY(clock_gettime),                 /* of processor time, and where the vDSO cannot */
};

/* AddressSanitizer's runtime: what it does while all is well, and to print a report. */
static const struct rule asan[] = {
	ANY(mprotect),
	ANY(sigaltstack),
	ANY(rt_sigaction),
	ANY(rt_sigprocmask),
	ANY(getpid),
	ANY(gettid),
	ANY(sched_yield),
	ANY(futex),
	ANY(clock_gettime),
	ANY(mmap),
	ANY(close),
	ANY(getrlimit),
	ANY(readlink),
	ANY(openat),
	ANY(clone),
};

static bool
add_rules(scmp_filter_ctx ctx, const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (seccomp_rule_add_array(
			ctx, SCMP_ACT_ALLOW, rules[i].call, rules[i].args, &rules[i].arg))
			return false;
	return true;
}

static bool export(scmp_filter_ctx ctx, struct sock_fprog *ret)
{
	AUTO_FD int fd = memfd_create("filter", MFD_CLOEXEC);
	off_t size;

	if (fd < 0 || seccomp_export_bpf(ctx, fd))
		return false;
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % (off_t)sizeof(struct sock_filter) || lseek(fd, 0, SEEK_SET))
		return false;
	ret->len = (unsigned short)((size_t)size / sizeof(struct sock_filter));
	ret->filter = mem_alloc((size_t)size);
	return io_read(fd, ret->filter, (size_t)size) == size;
}

static bool
build(const struct rule *rules, size_t n, bool reads, struct sock_fprog *ret, struct err *e)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = ctx &&
	    seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
	    seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	    add_rules(ctx, rules, n) && (!reads || add_rules(ctx, reading, LEN(reading))) &&
	    (!WITH_ASAN || add_rules(ctx, asan, LEN(asan))) && export(ctx, ret);

	if (ctx)
		seccomp_release(ctx);
	return ok || err_set(e, ERR_DENIED, "the list of system calls cannot be built");
}

bool
filter_zygote(bool reads, struct sock_fprog *ret, struct err *e)
{
	return build(zygote, LEN(zygote), reads, ret, e);
}

bool
filter_child(bool reads, struct sock_fprog *ret, struct err *e)
{
	return build(child, LEN(child), reads, ret, e);
}

bool
filter_install(const struct sock_fprog *f, struct err *e)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, f) == 0)
		return true;
	return err_errno(e, "the kernel refuses a filter for system calls (seccomp)");
}
