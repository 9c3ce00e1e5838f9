/* The client with the real program: many items, limits, a zygote that dies. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/private.h"
#include "test.h"

/* vigil-extract, which is built beside this program. */
static const char *
program(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);

	path[MAX(n, 0)] = 0;
	memcpy(strrchr(path, '/') + 1, "vigil-extract", 14);
	return path;
}

static struct extractor *
open_with(const struct extract_limits *l)
{
	struct err e = { 0 };
	struct extractor *x = extractor_open(program(), l, &e);

	NEED(x, &e);
	return x;
}

static struct extracted
one(struct extractor *x, struct arena *a, const char *type, const void *p, size_t n)
{
	struct extracted r = { 0 };
	struct err e = { 0 };
	uint64_t tag = 0;

	NEED(extractor_submit(x, 77, type, p, n, &e), &e);
	NEED(extractor_take(x, a, &tag, &r, &e), &e);
	CHECK(tag == 77);
	return r;
}

static void
gives_texts(void)
{
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	static const char english[] = "All human beings are born free and equal in dignity and "
				      "rights. They are endowed with reason and conscience.\n";
	struct extracted r = one(x, a, "text/plain", english, sizeof english - 1);

	CHECK(
	    r.status == EXTRACT_OK && r.same && !r.text && r.n == sizeof english - 1 && !r.why);
	CHECK(strcmp(r.language, "en") == 0);
	CHECK(strcmp(r.program, "vigil-extract text 1") == 0);
	CHECK(r.n_fields == 2 && strcmp(r.fields[0].name, "encoding") == 0);
	CHECK(strcmp(r.fields[0].value, "UTF-8") == 0);
	r = one(x, a, "text/plain", "a\r\nb", 4);
	CHECK(r.status == EXTRACT_OK && !r.same && strcmp(r.text, "a\nb") == 0 && r.n == 3);
	r = one(x, a, "application/json", "{\"a\":1}", 7);
	CHECK(r.status == EXTRACT_OK && r.same);
	r = one(x, a, "text/html", "<title>t</title><p>a<p>b", 24);
	CHECK(r.status == EXTRACT_OK && strcmp(r.text, "t\n\na\n\nb") == 0);
	CHECK(strcmp(r.program, "vigil-extract html 1") == 0);
	CHECK(strcmp(r.fields[0].name, "title") == 0 && strcmp(r.fields[0].value, "t") == 0);
	r = one(x, a, "text/plain", "", 0);
	CHECK(r.status == EXTRACT_EMPTY && !r.same && !r.text && r.n == 0);
	r = one(x, a, "text/plain", " \n\t ", 4);
	CHECK(r.status == EXTRACT_EMPTY);
	r = one(x, a, "text/html", "<p> </p>", 8);
	CHECK(r.status == EXTRACT_EMPTY && strcmp(r.language, "und") == 0);
	r = one(x, a, "text/xml",
	    "<?xml version='1.0' encoding='koi8-r'?><a>\xf0\xf2\xe1\xf7\xe1</a>", 49);
	CHECK(r.status == EXTRACT_OK &&
	    strstr(r.text, "\xd0\x9f\xd0\xa0\xd0\x90\xd0\x92\xd0\x90"));
}

static void
refuses_misuse(void)
{
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	struct extracted r;
	struct err e = { 0 };
	uint64_t tag;

	CHECK(!extractor_take(x, a, &tag, &r, &e) && e.kind == ERR_INVALID);
	CHECK(!extractor_submit(x, 1, "font/woff", "x", 1, &e) && e.kind == ERR_INVALID);
	for (unsigned i = 0; i < extractor_width(x); i++)
		CHECK_OK(extractor_submit(x, i, "text/plain", "x", 1, &e), &e);
	CHECK(extractor_under_way(x) == extractor_width(x));
	CHECK(!extractor_submit(x, 1, "text/plain", "x", 1, &e) && e.kind == ERR_INVALID);
	while (extractor_under_way(x))
		CHECK_OK(extractor_take(x, a, &tag, &r, &e), &e);
}

static void
says_why_it_cannot_start(void)
{
	struct err e = { 0 };

	CHECK(!extractor_open("/nonexistent/vigil-extract", &extract_limits_default, &e));
	CHECK(e.kind == ERR_MISSING && strstr(e.msg, "/nonexistent/vigil-extract"));
	CHECK(
	    !extractor_open("/bin/true", &extract_limits_default, &e) && e.kind == ERR_SYSTEM);
	CHECK(strstr(e.msg, "/bin/true did not start"));
}

/* From now on the kernel knows nothing of this call: as an older or a stricter one would. */
static bool
take_away(int call)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { LEN(rules), rules };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

/* Where a wall cannot be raised, nothing is extracted, and the reason names the wall. */
static void
refuses_what_it_cannot_confine(void)
{
	static const struct {
		int call;
		const char *names;
	} cases[] = {
		{ 444, "(landlock)" }, /* landlock_create_ruleset */
		{ 446, "(landlock)" }, /* landlock_restrict_self */
		{ SYS_seccomp, "system calls" },
		{ SYS_capset, "(capabilities)" },
#ifndef __SANITIZE_ADDRESS__ /* which needs it to start */
		{ SYS_prlimit64, "(limits)" },
#endif
		{ SYS_close_range, "(child)" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		pid_t pid = (fflush(stdout), fork());
		int status = 0;

		if (pid == 0) {
			struct err e = { 0 };
			bool refused = take_away(cases[i].call) &&
			    !extractor_open(program(), &extract_limits_default, &e) &&
			    e.kind == ERR_DENIED && strstr(e.msg, "cannot be confined") &&
			    strstr(e.msg, cases[i].names);

			if (!refused)
				printf("# without call %d: %s\n", cases[i].call, e.msg);
			fflush(stdout);
			_exit(!refused);
		}
		CHECK(waitpid(pid, &status, 0) == pid);
		if (status)
			printf("# without call %d: %#x\n", cases[i].call, (unsigned)status);
		CHECK(status == 0);
	}
}

/* A family that cannot be confined here: without landlock_add_rule no folder can be let through its wall. */
static void
a_family_that_cannot_be_confined_costs_its_own_items_only(void)
{
	pid_t pid = (fflush(stdout), fork());
	int status = 0;

	if (pid == 0) {
		AUTO(arena) *a = arena_new();
		struct extracted r;
		bool ok = take_away(445);
		struct extractor *x = open_with(&extract_limits_default);

		r = one(x, a, "application/pdf", "%PDF-1.4\n", 9);
		ok = ok && r.status == EXTRACT_FAILED &&
		    strstr(r.why, "its extractor, vigil-extract-pdf, is not available") &&
		    strstr(r.why, "cannot be confined here (landlock)");
		if (!ok)
			printf("# %s\n", r.why);
		ok = ok && one(x, a, "text/plain", "still here", 10).status == EXTRACT_OK;
		extractor_close(x);
		fflush(stdout);
		_exit(!ok);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* 2,000 items, each different, of several kinds; every hundredth cannot be extracted. */

enum { ITEMS = 2000 };

static size_t
make_item(size_t i, struct buf *ret, const char **ret_type)
{
	static const char *const words[] = { "peace", "d\xc3\xa9tention", "caf\xe9", "freedom",
		"\r\n" };

	buf_reset(ret);
	*ret_type = i % 3 == 2 ? "text/html" : "text/plain";
	buf_printf(ret, i % 3 == 2 ? "<title>%zu</title><p>" : "%zu ", i);
	for (size_t k = 0; k < i % 97 * (i % 50 ? 1 : 100); k++)
		buf_printf(ret, "%s %zu ", words[(i + k) % LEN(words)], k);
	return ret->n;
}

static bool
equal(const struct extracted *p, const struct extracted *q)
{
	if (p->status != q->status || p->same != q->same || p->n != q->n ||
	    strcmp(p->language, q->language) != 0 || p->n_fields != q->n_fields)
		return false;
	for (size_t i = 0; i < p->n_fields; i++)
		if (strcmp(p->fields[i].value, q->fields[i].value) != 0)
			return false;
	return !p->text || memcmp(p->text, q->text, p->n) == 0;
}

static void
order_does_not_matter(void)
{
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) item = buf_init(1 << 24);
	struct extracted *by_one = arena_alloc(a, ITEMS * sizeof *by_one);
	bool came[ITEMS] = { false };
	struct err e = { 0 };
	const char *type;

	for (size_t i = 0; i < ITEMS; i++) {
		make_item(i, &item, &type);
		by_one[i] = one(x, a, type, item.p, item.n);
	}
	for (size_t sent = 0, got = 0; got < ITEMS; got++) {
		struct extracted r;
		uint64_t tag;

		for (; sent < ITEMS && extractor_under_way(x) < extractor_width(x); sent++) {
			size_t i = sent * 1999 % ITEMS; /* each once, far apart */

			make_item(i, &item, &type);
			NEED(extractor_submit(x, i, type, item.p, item.n, &e), &e);
		}
		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		CHECK(tag < ITEMS && !came[tag]);
		came[tag] = true;
		CHECK(equal(&r, &by_one[tag]));
	}
}

static void
large_items_come_through(void)
{
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 25);
	struct extracted r;
	struct err e = { 0 };
	uint64_t tag;
	int fd = extract_memory(&e);

	while (b.n < 20 << 20)
		buf_str(&b, "libert\xe9 \xe9galit\xe9 fraternit\xe9\n"); /* windows-1252 */
	r = one(x, a, "text/plain", b.p, b.n);
	CHECK(r.status == EXTRACT_OK && !r.same && r.n > b.n);
	/* The same, handed over in pieces. */
	for (size_t i = 0; i < b.n; i += 100000)
		NEED(io_write(fd, b.p + i, MIN((size_t)100000, b.n - i)), &e);
	NEED(extractor_submit_fd(x, 5, "text/plain", fd, &e), &e);
	NEED(extractor_take(x, a, &tag, &r, &e), &e);
	CHECK(tag == 5 && r.status == EXTRACT_OK && r.n > b.n);
}

static bool
failed_for(const struct extracted *r, const char *why)
{
	if (r->status == EXTRACT_FAILED && strstr(r->why, why))
		return true;
	printf("# status %d: %s\n", r->status, r->why ? r->why : "");
	return false;
}

static void
limits_are_kept(void)
{
	struct extract_limits l = { .memory = 4 << 20, .seconds = 60, .output = 1 << 20 };
	AUTO(extractor) *x = open_with(&l);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 27);
	struct extracted r;
	struct err e = { 0 };
	uint64_t tag;
	int fd = extract_memory(&e);

	while (b.n < 3 << 20)
		buf_str(&b, "libert\xe9 \xe9galit\xe9 fraternit\xe9\n");
	r = one(x, a, "text/plain", b.p, b.n);
	CHECK(failed_for(&r, "more than 1048576 bytes"));
#ifndef __SANITIZE_ADDRESS__ /* where memory has no limit */
	buf_reset(&b);
	while (b.n < 6 << 20)
		buf_str(&b, "<p a=b>");
	r = one(x, a, "text/html", b.p, b.n);
	CHECK(failed_for(&r, "needed more than 4 MB of memory") ||
	    failed_for(&r, "the HTML parser"));
#endif
	/* Too large for its type: a hole that takes no memory. */
	NEED(ftruncate(fd, (off_t)extract_input_max("text/plain") + 1) == 0, &e);
	NEED(extractor_submit_fd(x, 6, "text/plain", fd, &e), &e);
	NEED(extractor_take(x, a, &tag, &r, &e), &e);
	CHECK(tag == 6 && failed_for(&r, "too large"));
	r = one(x, a, "text/plain", "still here", 10);
	CHECK(r.status == EXTRACT_OK);
}

/* The process number of our only child; 0 if the kernel does not tell. */
static pid_t
only_child(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(4096);
	struct err e;
	long pid = 0;

	if (!io_read_file(arena_printf(a, "/proc/self/task/%d/children", getpid()), &b, &e) ||
	    sscanf(buf_peek(&b), "%ld", &pid) != 1)
		return 0;
	return (pid_t)pid;
}

static void
a_dead_zygote_is_replaced(void)
{
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 25);
	unsigned interrupted = 0, sent = 0;
	struct err e = { 0 };

	if (!only_child())
		SKIP("this kernel does not list children");
	while (b.n < 8 << 20) /* enough to be still under way */
		buf_str(&b, "<p>libert\xe9 <b>\xe9galit\xe9</b>\n");
	for (int round = 0; round < 3; round++) {
		for (; extractor_under_way(x) < extractor_width(x); sent++)
			NEED(extractor_submit(x, sent, "text/html", b.p, b.n, &e), &e);
		kill(only_child(), round == 1 ? SIGTERM : SIGKILL);
		while (extractor_under_way(x)) {
			struct extracted r;
			uint64_t tag;

			NEED(extractor_take(x, a, &tag, &r, &e), &e);
			interrupted += r.status == EXTRACT_FAILED &&
			    strcmp(r.why, "extraction was interrupted") == 0;
		}
		CHECK(one(x, a, "text/plain", "next", 4).status == EXTRACT_OK);
	}
	CHECK(interrupted > 0);
	kill(only_child(), SIGKILL); /* while nothing is under way */
	CHECK(one(x, a, "text/plain", "next", 4).status == EXTRACT_OK ||
	    one(x, a, "text/plain", "next", 4).status == EXTRACT_OK);
}

/* No variable of ours could steer the program's libraries, or is there to be found. */
static void
sees_no_environment(void)
{
	AUTO(extractor) *x = NULL;
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e;

	setenv("VIGIL_TEST_SECRET", "word", 1);
	x = open_with(&extract_limits_default);
	if (!only_child() ||
	    !io_read_file(arena_printf(a, "/proc/%d/environ", (int)only_child()), &b, &e))
		SKIP("this kernel does not show it");
	CHECK(strcmp(buf_peek(&b), "OMP_THREAD_LIMIT=1") == 0 &&
	    b.n == sizeof "OMP_THREAD_LIMIT=1");
}

/* A zygote that hangs is noticed. */
static void
a_stopped_zygote_is_replaced(void)
{
	struct extract_limits l = extract_limits_default;
	AUTO(extractor) *x = NULL;
	AUTO(arena) *a = arena_new();
	struct extracted r;

	l.seconds = 1;
	x = open_with(&l);
	if (!only_child())
		SKIP("this kernel does not list children");
	kill(only_child(), SIGSTOP);
	r = one(x, a, "text/plain", "lost", 4);
	CHECK(failed_for(&r, "extraction was interrupted"));
	CHECK(one(x, a, "text/plain", "next", 4).status == EXTRACT_OK);
}

static void
leaves_no_process_and_no_descriptor(void)
{
	int before = dup(0), after;

	close(before);
	for (int i = 0; i < 3; i++) {
		AUTO(extractor) *x = open_with(&extract_limits_default);
		AUTO(arena) *a = arena_new();
		struct err e = { 0 };

		one(x, a, "text/plain", "a", 1);
		NEED(extractor_submit(x, 1, "text/plain", "left behind", 11, &e), &e);
	}
	after = dup(0);
	close(after);
	CHECK(before == after);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
check_links(const char *suffix)
{
	static const char *const barred[] = { "sqlite", "libpq", "libcrypto", "libsodium",
		"libssl" };
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct err e = { 0 };
	FILE *f = popen(arena_printf(a, "readelf -d '%s%s'", program(), suffix), "r");

	if (!f)
		SKIP("readelf is not here");
	CHECK_OK(io_read_all(fileno(f), &b, "readelf", &e), &e);
	if (pclose(f) || !strstr(buf_peek(&b), "Dynamic section"))
		SKIP("readelf is not here");
	for (size_t i = 0; i < LEN(barred); i++)
		CHECK(!strstr(buf_peek(&b), barred[i]));
}

static void
links_no_database_vault_or_key_code(void)
{
	for (enum family_id f = 0; f < FAMILIES; f++)
		check_links(family_suffix(f));
}

/* Cells of one letter, whose anchors are longer than all else of them. */
static void
a_text_comes_whole_without_all_its_anchors(void)
{
	enum { ROWS = 350000, CELLS = 10 };
	static const char row[] = "\\trowd a\\cell a\\cell a\\cell a\\cell a\\cell a\\cell"
				  " a\\cell a\\cell a\\cell a\\cell\\row\n";
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) rtf = buf_init(64 << 20);
	struct extracted r;
	size_t letters = 0;

	buf_str(&rtf, "{\\rtf1");
	for (int i = 0; i < ROWS; i++)
		buf_add(&rtf, row, sizeof row - 1);
	buf_str(&rtf, "}");
	r = one(x, a, "application/rtf", rtf.p, rtf.n);
	if (r.status != EXTRACT_OK)
		printf("# %s\n", r.why ? r.why : "");
	CHECK(r.status == EXTRACT_OK && r.why && strstr(r.why, "anchors stop before the end"));
	for (size_t i = 0; i < r.n; i++)
		letters += r.text[i] == 'a';
	CHECK(letters == (size_t)ROWS * CELLS);
	CHECK(r.n_anchors <= EXTRACT_ANCHORS_MAX && r.n_anchors > EXTRACT_ANCHORS_MAX / 10 * 9);
}

/* The item's own bytes are the text, and the places are those in them; after one that is none, too. */
static void
a_table_stays_as_it_is(void)
{
	static const char table[] = "place;dead\nnorth;2\n", line[] = "north;2\n";
	AUTO(extractor) *x = open_with(&extract_limits_default);
	AUTO(arena) *a = arena_new();

	for (int i = 0; i < 3; i++) {
		struct extracted r = one(x, a, "text/plain", table, sizeof table - 1);

		CHECK(r.status == EXTRACT_OK && r.same && r.n == sizeof table - 1);
		CHECK(r.anchors &&
		    strstr(r.anchors, "{\"cell\":\"B2\",\"end\":18,\"row\":2,\"start\":17}\n"));
		r = one(x, a, "text/plain", line, sizeof line - 1);
		CHECK(r.status == EXTRACT_OK && r.same && !r.n_anchors);
	}
}

static void
width_is_as_it_was_set(void)
{
	static const struct {
		unsigned set, want;
	} cases[] = { { 1, 1 }, { 3, 3 }, { EXTRACT_WIDTH_MAX, EXTRACT_WIDTH_MAX },
		{ 1000, EXTRACT_WIDTH_MAX } };

	for (size_t i = 0; i < LEN(cases); i++) {
		struct extract_limits l = extract_limits_default;

		l.width = cases[i].set;
		AUTO(extractor) *x = open_with(&l);
		CHECK(x && extractor_width(x) == cases[i].want);
	}
}

TESTS(T(width_is_as_it_was_set), T(gives_texts), T(refuses_misuse), T(says_why_it_cannot_start),
    T(refuses_what_it_cannot_confine),
    T(a_family_that_cannot_be_confined_costs_its_own_items_only), T(sees_no_environment),
    T(order_does_not_matter), T(large_items_come_through),
    T(a_text_comes_whole_without_all_its_anchors), T(a_table_stays_as_it_is),
    T(limits_are_kept), T(a_dead_zygote_is_replaced), T(a_stopped_zygote_is_replaced),
    T(leaves_no_process_and_no_descriptor), T(links_no_database_vault_or_key_code))
