/* The client and the zygote against children that hang, crash, flood and lie.
 *
 * This program is its own vigil-extract: started under that name it serves as the zygote, with
 * child_run() below in place of the real one. An item is the child's script. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/child_private.h"
#include "extract/confine_private.h"
#include "extract/extract.h"
#include "extract/frame.h"
#include "extract/zygote_private.h"
#include "test.h"

bool
child_warm(const struct program *g, struct err *e)
{
	(void)g;
	(void)e;
	return true;
}

static void
crash(void)
{
	static int *volatile nowhere;

	*nowhere = 1;
}

static void
hang(void)
{
	for (;;)
		;
}

static void
flood(void)
{
	static uint8_t text[FRAME_HEADER + 60000];

	memcpy(text, "\0\0\0\2\0\0\xea\x60", FRAME_HEADER);
	memset(text + FRAME_HEADER, 'x', sizeof text - FRAME_HEADER);
	while (io_write(CHILD_OUT, text, sizeof text))
		;
}

static void
dribble(void) /* half a frame, again and again none whole */
{
	while (io_write(CHILD_OUT, "\0\0\0\2\0\x10\0\0", 8))
		for (int i = 0; i < 200; i++)
			if (!io_write(CHILD_OUT, "\0\0\0\0\0\0\0\0", 8))
				return;
}

static void
open_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void
open_to_write(void)
{
	syscall(SYS_openat, AT_FDCWD, "/tmp/vigil-test-must-not-be", O_WRONLY | O_CREAT, 0600);
}

static void
start_another(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void
run_a_program(void)
{
	char *const none[] = { NULL };

	execve("/bin/true", none, none);
}

static void
trace(void)
{
	syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0);
}

static void
leave(void)
{
}

static void
run_out_of_memory(void)
{
	syscall(SYS_exit_group, EXIT_MEMORY);
}

static void
end_and_stay(void)
{
	if (io_write(CHILD_OUT, "\0\0\0\5\0\0\0\1\1", 9))
		hang();
}

static const struct {
	const char *script;
	void (*run)(void);
	const char *why; /* begins so; NULL: an empty text */
} misdeeds[] = {
	{ "crash", crash, "the extractor crashed (signal 11)" },
	{ "hang", hang, "took longer than" },
	{ "flood", flood, "the extractor's answer breaks the rules: text: more than" },
	{ "dribble", dribble, "the extractor's answer breaks the rules" },
	{ "open a socket", open_socket, "the extractor was stopped" },
	{ "open to write", open_to_write, "the extractor" }, /* a sanitizer may open files */
	{ "start another", start_another, "the extractor" },
	{ "run a program", run_a_program, "the extractor was stopped" },
	{ "trace", trace, "the extractor was stopped" },
	{ "leave", leave, "the extractor gave up without an answer (0)" },
	{ "run out of memory", run_out_of_memory, "needed more than 64 MB of memory" },
	{ "end and stay", end_and_stay, NULL },
};

/* "raw:" and bytes: writes them and leaves. */
_Noreturn void
child_run(
    const struct program *g, const struct order *o, const int fds[ORDER_FDS], pid_t parent)
{
	const char *p = mmap(NULL, o->size, PROT_READ, MAP_SHARED, fds[0], 0);
	struct confine_child c = {
		.parent = parent, .out = fds[1], .memory = o->memory, .seconds = o->seconds + 5
	};
	struct err e;

	(void)g;
	if (p == MAP_FAILED || !confine_child(&c, &e))
		_exit(EXIT_CONFINE);
	for (size_t i = 0; i < LEN(misdeeds); i++)
		if (o->size == strlen(misdeeds[i].script) &&
		    memcmp(p, misdeeds[i].script, o->size) == 0)
			misdeeds[i].run();
	if (o->size >= 4 && memcmp(p, "raw:", 4) == 0 &&
	    !io_write(CHILD_OUT, p + 4, o->size - 4))
		_exit(EXIT_OUTPUT);
	_exit(EXIT_DONE);
}

static bool
unused(const void *p, size_t n, struct output *o, struct err *e)
{
	(void)p, (void)n, (void)o;
	return err_set(e, ERR_INVALID, "child_run() above does all");
}

/* Before main(), which TESTS() makes. */
__attribute__((constructor)) static void
serve_if_started_so(int argc, char **argv)
{
	static bool (*const extractors[EXTRACTORS])(
	    const void *, size_t, struct output *, struct err *) = { [EXTRACTOR_TEXT] = unused,
		[EXTRACTOR_PDF] = unused,
		[EXTRACTOR_PICTURE] = unused,
		[EXTRACTOR_MAIL] = unused,
		[EXTRACTOR_MEDIA] = unused };
	static const char *const folders[] = { "/usr/share", NULL };
	const char *file = (const char *)getauxval(AT_EXECFN);
	struct program program = { .extractors = extractors };

	if (argc != 1 || strcmp(argv[0], "vigil-extract") != 0)
		return;
	if (strstr(file, "vigil-extract-"))
		program.folders = folders;
	_exit(zygote_serve(&program));
}

static const struct extract_limits limits = {
	.memory = 64 << 20, .seconds = 1, .output = 1 << 20
};

static struct extractor *
open_at(const char *program)
{
	struct err e = { 0 };
	struct extractor *x = extractor_open(program, &limits, &e);

	NEED(x, &e);
	return x;
}

static struct extractor *
open_here(void)
{
	return open_at("/proc/self/exe");
}

static const char *type = "text/plain"; /* of what is handed in */

static void
hand_in(struct extractor *x, uint64_t tag, const void *p, size_t n)
{
	struct err e = { 0 };

	CHECK_OK(extractor_submit(x, tag, type, p, n, &e), &e);
}

static void
check_misdeed(size_t i, const struct extracted *r)
{
	const char *why = misdeeds[i].why;

	if (WITH_ASAN && misdeeds[i].run == crash) /* whose report is a system call too many */
		why = "the extractor";
	if (why ? r->status == EXTRACT_FAILED && strncmp(r->why, why, strlen(why)) == 0 :
		  r->status == EXTRACT_EMPTY)
		return;
	printf("# %s: %d %s\n", misdeeds[i].script, r->status, r->why ? r->why : "");
	CHECK(false);
}

static void
check_all_misdeeds(struct extractor *x)
{
	AUTO(arena) *a = arena_new();
	static const char good[] = "raw:\0\0\0\2\0\0\0\4good\0\0\0\5\0\0\0\1\0";
	const size_t n = 2 * LEN(misdeeds);
	bool came[2 * LEN(misdeeds)] = { false };
	size_t sent = 0, got = 0;
	struct err e = { 0 };

	for (; got < n; got++) {
		struct extracted r;
		uint64_t tag;

		for (; sent < n && extractor_under_way(x) < extractor_width(x); sent++)
			if (sent % 2)
				hand_in(x, sent, good, sizeof good - 1);
			else
				hand_in(x, sent, misdeeds[sent / 2].script,
				    strlen(misdeeds[sent / 2].script));
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		CHECK(tag < n && !came[tag]);
		came[tag] = true;
		if (tag % 2)
			CHECK(
			    r.status == EXTRACT_OK && r.n == 4 && strcmp(r.text, "good") == 0);
		else
			check_misdeed(tag / 2, &r);
	}
	CHECK(extractor_under_way(x) == 0);
}

static void
a_bad_child_costs_its_own_item_only(void)
{
	AUTO(extractor) *x = open_here();

	check_all_misdeeds(x);
}

/* This program under several names, in a folder of its own: as vigil-extract and as those of other families, whose
 * children may read files. */
static void
the_same_holds_for_every_family(void)
{
	static const char *const families[][2] = { { "-pdf", "application/pdf" },
		{ "-picture", "image/png" }, { "-mail", "message/rfc822" },
		{ "-media", "video/mp4" } };
	char dir[] = "/tmp/vigil-test-XXXXXX", self[PATH_MAX], lean[64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	struct extractor *x;

	CHECK(n > 0 && mkdtemp(dir));
	self[MAX(n, 0)] = 0;
	snprintf(lean, sizeof lean, "%s/vigil-extract", dir);
	CHECK(symlink(self, lean) == 0);
	for (size_t i = 0; i < LEN(families); i++) {
		char other[96];

		snprintf(other, sizeof other, "%s%s", lean, families[i][0]);
		CHECK(symlink(self, other) == 0);
		x = open_at(lean);
		type = families[i][1];
		check_all_misdeeds(x);
		type = "text/plain";
		check_all_misdeeds(x);
		extractor_close(x);
		CHECK(unlink(other) == 0);
	}
	CHECK(unlink(lean) == 0 && rmdir(dir) == 0);
}

static void
a_family_that_is_missing_costs_its_own_items_only(void)
{
	AUTO(extractor) *x = open_here(); /* beside which there is no exe-pdf */
	AUTO(arena) *a = arena_new();

	for (uint64_t i = 0; i < 4; i++) {
		struct extracted r;
		struct err e = { 0 };
		uint64_t tag;

		type = i % 2 ? "text/plain" : "application/pdf";
		hand_in(x, i, "leave", 5);
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		CHECK(tag == i && r.status == EXTRACT_FAILED);
		CHECK(strstr(r.why, i % 2 ? "gave up" : "exe-pdf, is not installed"));
	}
	type = "text/plain";
	CHECK(extractor_under_way(x) == 0);
}

static void
lies_are_found(void)
{
	static const struct {
		const char *frames;
		size_t n;
		const char *why;
	} cases[] = {
		{ "raw:\0\0\0\x0d\0\0\0\0", 12, "breaks the rules: frame of unknown kind 13" },
		{ "raw:\0\0\0\7\0\0\0\0", 12, "breaks the rules: frame of kind 7 after" },
		{ "raw:\0\0\0\2\x7f\0\0\0", 12, "breaks the rules: frame of 2130706432 bytes" },
		{ "raw:\0\0\0\2\0\0\0\2\xc3\xa9", 14, "gave up without an answer" },
		{ "raw:\0\0\0\2\0\0\0\2\xc3\x28", 14, "breaks the rules: a piece of text" },
		{ "raw:\0\0\0\3\0\0\0\0\0\0\0\5\0\0\0\1\0", 21,
		    "SAME for bytes that are not UTF-8" },
		{ "raw:\0\0\0\5\0\0\0\1\0", 13, "END contradicts" },
		{ "raw:half", 8, "gave up without an answer" },
		{ "raw:", 4, "gave up without an answer" },
	};
	AUTO(extractor) *x = open_here();
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct extracted r;
		struct err e = { 0 };
		uint64_t tag;

		hand_in(x, i, cases[i].frames, cases[i].n);
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		CHECK(tag == i && r.status == EXTRACT_FAILED && !r.text && r.n == 0);
		if (r.why && !strstr(r.why, cases[i].why)) {
			printf("# %zu: %s\n", i, r.why);
			CHECK(false);
		}
	}
}

/* A child that has said all it may and lives on makes room when its slot is needed. */
static void
none_lives_on(void)
{
	AUTO(extractor) *x = open_here();
	AUTO(arena) *a = arena_new();
	int64_t start = clock_ticks();

	for (uint64_t i = 0; i < 3 * extractor_width(x); i++) {
		struct extracted r;
		struct err e = { 0 };
		uint64_t tag;

		hand_in(x, i, "end and stay", 12);
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		CHECK(r.status == EXTRACT_EMPTY);
	}
	/* They were killed to make room, not waited for. */
	CHECK(clock_ticks() - start < 1000 * extractor_width(x));
}

TESTS(T(a_bad_child_costs_its_own_item_only), T(the_same_holds_for_every_family),
    T(a_family_that_is_missing_costs_its_own_items_only), T(lies_are_found), T(none_lives_on))
