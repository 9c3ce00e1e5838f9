/* The steps of confinement, in order. The system-call filter comes last: it forbids the
 * steps before it. */
#include "extract/child/confine_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "extract/child/filter_private.h"
#include "extract/private.h"

static struct sock_fprog filter_for_zygote, filter_for_child;
static uint64_t memory_at_start;
static const char *const *readable; /* folders, NULL: none */

/* Landlock as of its sixth ABI; older kernels ignore zero fields, newer ones know more. */
struct landlock_rules {
	uint64_t fs, net, scope;
};
static const struct landlock_rules landlock_by_abi[] = {
	{ 0 }, { .fs = 0x1fff }, { .fs = 0x3fff }, /* + linking across folders */
	{ .fs = 0x7fff },                          /* + truncating */
	{ .fs = 0x7fff, .net = 3 },                /* + TCP bind and connect */
	{ .fs = 0xffff, .net = 3 },                /* + ioctl on devices */
	{ .fs = 0xffff, .net = 3, .scope = 3 },    /* + abstract sockets, signals to outside */
};

static bool
limit(int what, uint64_t most)
{
	struct rlimit l = { most, most };

	return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

static bool
measure_memory(struct err *e)
{
	AUTO_VAL(buf) b = buf_init(4096);
	unsigned long pages;

	if (!io_read_file("/proc/self/statm", &b, e))
		return false;
	if (sscanf(buf_peek(&b), "%lu", &pages) != 1)
		return err_set(e, ERR_SYSTEM, "/proc/self/statm tells no size");
	memory_at_start = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

static bool
build_filters(struct err *e)
{
	return filter_zygote(readable, &filter_for_zygote, e) &&
	    filter_child(readable, &filter_for_child, e);
}

static bool
zygote_limits(struct err *e)
{
	if (limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_MEMLOCK, 0) &&
	    limit(RLIMIT_NOFILE, 16))
		return true;
	return err_errno(e, "setrlimit");
}

static bool
no_new_privileges(struct err *e)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 || err_errno(e, "no_new_privs");
}

/* Other processes of the same person can neither trace it nor read its memory. */
static bool
not_dumpable(struct err *e)
{
	return WITH_ASAN || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 || err_errno(e, "dumpable");
}

static bool
no_capabilities(struct err *e)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &head, none) == 0 || err_errno(e, "capset");
}

enum { CREATE = 444, ADD_RULE = 445, RESTRICT_SELF = 446 }; /* same on all machines */

/* A folder that is not there cannot be read, either. */
static bool
landlock_reading(int rules, struct err *e)
{
	enum { PATH_BENEATH = 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3 };

	for (const char *const *f = readable; f && *f; f++) {
		AUTO_FD int fd = open(*f, O_PATH | O_DIRECTORY | O_CLOEXEC);
		struct __attribute__((packed)) {
			uint64_t allowed;
			int32_t fd;
		} rule = { READ_FILE | READ_DIR, fd };

		if (fd >= 0 && syscall(ADD_RULE, rules, PATH_BENEATH, &rule, 0))
			return err_errno(e, "Landlock: %s", *f);
	}
	return true;
}

static bool
landlock_everything(struct err *e)
{
	enum { CREATE_VERSION = 1 };
	long abi = syscall(CREATE, NULL, 0, CREATE_VERSION);
	AUTO_FD int rules = -1;
	size_t known;

	if (abi < 1)
		return err_set(
		    e, ERR_DENIED, "this kernel has no Landlock, or it is switched off");
	known = MIN((size_t)abi, LEN(landlock_by_abi) - 1);
	rules = (int)syscall(CREATE, &landlock_by_abi[known], sizeof landlock_by_abi[known], 0);
	if (rules < 0)
		return err_errno(e, "Landlock");
	if (!landlock_reading(rules, e))
		return false;
	if (syscall(RESTRICT_SELF, rules, 0))
		return err_errno(e, "Landlock");
	if (open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0)
		return err_set(e, ERR_DENIED, "Landlock was accepted, but does not deny");
	return true;
}

static bool
zygote_filter(struct err *e)
{
	return filter_install(&filter_for_zygote, e);
}

static const struct {
	const char *name;
	bool (*run)(struct err *e);
} zygote_steps[] = {
	{ "memory in use", measure_memory },
	{ "lists of system calls", build_filters },
	{ "limits", zygote_limits },
	{ "no_new_privs", no_new_privileges },
	{ "dumpable", not_dumpable },
	{ "capabilities", no_capabilities },
	{ "landlock", landlock_everything },
	{ "seccomp", zygote_filter },
};

bool
confine_zygote(const char *const *folders, struct err *e)
{
	readable = folders;
	for (size_t i = 0; i < LEN(zygote_steps); i++) {
		if (zygote_steps[i].run(e))
			continue;
		e->kind = ERR_DENIED;
		return err_at(
		    e, "extraction cannot be confined here (%s)", zygote_steps[i].name);
	}
	return true;
}

/* Also the control socket goes: the child holds nothing but its way out. */
static bool
one_descriptor(const struct confine_child *c, struct err *e)
{
	if (dup3(c->out, CHILD_OUT, 0) < 0)
		return err_errno(e, "dup3");
	if (close_range(0, CHILD_OUT - 1, 0) ||
	    close_range(WITH_ASAN ? STDERR_FILENO + 1 : CHILD_OUT + 1, ~0u, 0))
		return err_errno(e, "close_range");
	return true;
}

enum { READING_MAX = 8 }; /* descriptors of a child that may read */

static bool
child_limits(const struct confine_child *c, struct err *e)
{
	struct rlimit cpu = { c->seconds, c->seconds + 1 }; /* SIGXCPU first, then SIGKILL */

	if (setrlimit(RLIMIT_CPU, &cpu) == 0 && limit(RLIMIT_NPROC, 0) &&
	    limit(RLIMIT_NOFILE, readable ? READING_MAX : 0) &&
	    (WITH_ASAN || limit(RLIMIT_AS, memory_at_start + c->memory)))
		return true;
	return err_errno(e, "setrlimit");
}

static bool
die_with_parent(const struct confine_child *c, struct err *e)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return err_errno(e, "parent death signal");
	/* It may have died before that. */
	return getppid() == c->parent || err_set(e, ERR_SYSTEM, "the parent is gone");
}

static bool
child_filter(const struct confine_child *c, struct err *e)
{
	(void)c;
	return filter_install(&filter_for_child, e);
}

static bool (*const child_steps[])(const struct confine_child *c, struct err *e) = {
	die_with_parent,
	one_descriptor,
	child_limits,
	child_filter,
};

bool
confine_child(const struct confine_child *c, struct err *e)
{
	for (size_t i = 0; i < LEN(child_steps); i++)
		if (!child_steps[i](c, e))
			return false;
	return true;
}
