/* The client and the zygote against children that hang, crash, flood, lie and try what they may not do.
 *
 * This program is its own vigil-extract, and that of each family: started under such a name it serves as the zygote, confined
 * as that family is, with child_run() below in place of the real one. An item is the child's script. */
#include <limits.h>
#include <stdlib.h>
#include <sys/auxv.h>

#include "attempts.h"
#include "base/clock.h"
#include "base/io.h"
#include "extract/child/child_private.h"
#include "extract/child/confine_private.h"
#include "extract/extract.h"
#include "extract/frame.h"
#include "extract/child/zygote_private.h"
#include "test.h"

/* As the programs do: a failure for lack of memory can be told from a crash. */
_Noreturn void
abort(void)
{
	_exit(EXIT_MEMORY);
}

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

/* A file out of the item that never ends. */
static void
flood_a_file(void)
{
	static uint8_t bytes[FRAME_HEADER + 60000] = "\0\0\0\12\0\0\xea\x60";

	if (!io_write(CHILD_OUT, "\0\0\0\11\0\0\0\1a", 9))
		return;
	while (io_write(CHILD_OUT, bytes, sizeof bytes))
		;
}

static void
leave(void)
{
}

static void
take_all_memory(void)
{
	for (int i = 0; i < (WITH_ASAN ? 10 : 1000); i++) { /* which has no such limit */
		char *volatile p = mem_alloc(1 << 20);

		p[i] = 1;
	}
}

static void
end_and_stay(void)
{
	if (io_write(CHILD_OUT, "\0\0\0\5\0\0\0\2\1\0", 10))
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
	{ "flood a file", flood_a_file,
	    "the extractor's answer breaks the rules: an embedded file: more than" },
	{ "leave", leave, "the extractor gave up without an answer (0)" },
	{ "take all memory", take_all_memory,
	    WITH_ASAN ? "the extractor" : "needed more than 64 MB of memory" },
	{ "end and stay", end_and_stay, NULL },
};

enum { REFUSED = 3 };
static enum family_id family; /* that this process serves, or that is tested */

/* Leaves if the attempt was refused; says so if it was not. */
static void
attempt(const char *script, size_t n)
{
	static const char succeeded[] = "\0\0\0\2\0\0\0\3bad\0\0\0\5\0\0\0\2\0\0";

	for (size_t i = 0; i < LEN(attempts); i++)
		if (n == strlen(attempts[i].name) && memcmp(script, attempts[i].name, n) == 0 &&
		    attempts[i].run() && io_write(CHILD_OUT, succeeded, sizeof succeeded - 1))
			_exit(EXIT_DONE);
	_exit(REFUSED);
}

/* "raw:" and bytes: writes them and leaves. "try:" and the name of an attempt. */
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
	zygote_pid = parent;
	folders = family_folders(family);
	if (p == MAP_FAILED || !confine_child(&c, &e))
		_exit(EXIT_CONFINE);
	for (size_t i = 0; i < LEN(misdeeds); i++)
		if (o->size == strlen(misdeeds[i].script) &&
		    memcmp(p, misdeeds[i].script, o->size) == 0)
			misdeeds[i].run();
	if (o->size >= 4 && memcmp(p, "raw:", 4) == 0 &&
	    !io_write(CHILD_OUT, p + 4, o->size - 4))
		_exit(EXIT_OUTPUT);
	if (o->size >= 4 && memcmp(p, "try:", 4) == 0)
		attempt(p + 4, o->size - 4);
	_exit(EXIT_DONE);
}

static bool
unused(const void *p, size_t n, struct output *o, struct err *e)
{
	(void)p, (void)n, (void)o;
	return err_set(e, ERR_INVALID, "child_run() above does all");
}

/* What the program is called tells the family. "" is the end of every name: it comes first, and any other counts more. */
static enum family_id
family_of(const char *file)
{
	enum family_id found = FAMILY_LEAN;

	for (enum family_id f = 0; f < FAMILIES; f++) {
		size_t n = strlen(family_suffix(f)), len = strlen(file);

		if (n && n <= len && strcmp(file + len - n, family_suffix(f)) == 0)
			found = f;
	}
	return found;
}

/* Before main(), which TESTS() makes. */
__attribute__((constructor)) static void
serve_if_started_so(int argc, char **argv)
{
	static bool (*extractors[EXTRACTORS])(
	    const void *, size_t, struct output *, struct err *);
	struct program program = { .extractors = extractors };

	if (argc != 1 || strcmp(argv[0], "vigil-extract") != 0)
		return;
	family = family_of((const char *)getauxval(AT_EXECFN));
	for (enum extractor_id x = 0; x < EXTRACTORS; x++)
		extractors[x] = extractor_family(x) == family ? unused : NULL;
	program.family = family;
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
	static const char good[] = "raw:\0\0\0\2\0\0\0\4good\0\0\0\5\0\0\0\2\0\0";
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

/* Files out of it are passed over. */
static struct extracted
one(struct extractor *x, struct arena *a, const void *p, size_t n)
{
	struct extracted r = { 0 };
	struct err e = { 0 };
	uint64_t tag = 0;

	hand_in(x, 77, p, n);
	do
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
	while (r.status == EXTRACT_FILE);
	CHECK(tag == 77);
	return r;
}

static void
check_all_lies(struct extractor *x)
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
		{ "raw:\0\0\0\3\0\0\0\0\0\0\0\5\0\0\0\2\0\0", 22,
		    "SAME for bytes that are not UTF-8" },
		{ "raw:\0\0\0\5\0\0\0\2\0\0", 14, "END contradicts" },
		{ "raw:\0\0\0\2\0\0\0\2longer than it says", 31, "frame of unknown kind" },
		{ "raw:\0\0\0\2\0\x10\0\1x", 13, "breaks the rules: frame of 1048577 bytes" },
		{ "raw:half", 8, "gave up without an answer" },
		{ "raw:", 4, "gave up without an answer" },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct extracted r = one(x, a, cases[i].frames, cases[i].n);

		CHECK(r.status == EXTRACT_FAILED && !r.text && r.n == 0);
		if (r.why && !strstr(r.why, cases[i].why)) {
			printf("# %zu: %s\n", i, r.why);
			CHECK(false);
		}
	}
}

/* One after the other, with good items between them. */
static void
check_all_attempts(struct extractor *x)
{
	AUTO(arena) *a = arena_new();
	static const char good[] = "raw:\0\0\0\2\0\0\0\4good\0\0\0\5\0\0\0\2\0\0";

	for (size_t i = 0; i < LEN(attempts); i++) {
		const struct attempt *t = &attempts[i];
		const char *script = arena_printf(a, "try:%s", t->name);
		bool reads = t->reads && family_folders(family);
		struct extracted r = one(x, a, script, strlen(script));

		if (!(WITH_ASAN && t->asan) &&
		    (r.status != EXTRACT_FAILED ||
			!(strstr(r.why, "the extractor was stopped") ||
			    ((reads || WITH_ASAN) &&
				strstr(r.why, "without an answer (3)"))))) {
			printf("# vigil-extract%s %s: %d %s\n", family_suffix(family), t->name,
			    r.status, r.why ? r.why : "");
			CHECK(false);
		}
		r = one(x, a, good, sizeof good - 1);
		CHECK(r.status == EXTRACT_OK && r.n == 4);
	}
}

/* Any that the family reads. */
static const char *
type_of(enum family_id f)
{
	const char *found = NULL;

	for (size_t i = 0; extract_type_at(i); i++)
		if (extractor_family(media_find(extract_type_at(i))->extractor) == f)
			found = extract_type_at(i);
	return found;
}

/* This program under the names of all families, in a folder of its own. */
static char link_dir[64], link_lean[128];

static const char *
link_of(struct arena *a, enum family_id f)
{
	return arena_printf(a, "%s%s", link_lean, family_suffix(f));
}

static void
link_families(struct arena *a)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[MAX(n, 0)] = 0;
	snprintf(link_dir, sizeof link_dir, "/tmp/vigil-test-XXXXXX");
	CHECK(n > 0 && mkdtemp(link_dir));
	snprintf(link_lean, sizeof link_lean, "%s/vigil-extract", link_dir);
	for (enum family_id f = 0; f < FAMILIES; f++)
		CHECK(symlink(self, link_of(a, f)) == 0);
}

static void
unlink_families(struct arena *a)
{
	for (enum family_id f = 0; f < FAMILIES; f++)
		CHECK(unlink(link_of(a, f)) == 0);
	CHECK(rmdir(link_dir) == 0);
}

static void
check_family(struct extractor *x, struct arena *a)
{
	type = type_of(family);
	if (!type) {
		printf("# vigil-extract%s reads nothing\n", family_suffix(family));
		CHECK(false);
	} else {
		check_all_misdeeds(x);
		check_all_attempts(x);
		check_all_lies(x);
	}
	type = "text/plain"; /* of the lean program, which goes on */
	CHECK(one(x, a, "leave", 5).status == EXTRACT_FAILED);
}

/* Whoever adds a family need not think of this test. */
static void
the_same_holds_for_every_family(void)
{
	AUTO(arena) *a = arena_new();
	struct extractor *x;

	link_families(a);
	x = open_at(link_lean);
	for (family = 0; family < FAMILIES; family++)
		check_family(x, a);
	family = FAMILY_LEAN;
	extractor_close(x);
	unlink_families(a);
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
    T(a_family_that_is_missing_costs_its_own_items_only), T(none_lives_on))
