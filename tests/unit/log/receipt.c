/* Receipts and what else is read from a log: proofs hold at every size, nothing that was
 * tampered with passes. */
#include "base/clock.h"
#include "base/code.h"
#include "common.h"

static struct vkey
key_of(struct world *w)
{
	struct vkey k;
	struct err e = { 0 };

	NEED(log_vkey(w->log, &k, &e), &e);
	return k;
}

static void
hold_at_every_size(struct world *w)
{
	struct vkey k = key_of(w);

	for (unsigned size = 1; size < 20; size++) {
		append_some(w, 1);
		for (unsigned i = 0; i < size; i++) {
			AUTO(arena) *a = arena_new();
			AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
			AUTO_VAL(buf) again = buf_init(RECEIPT_MAX);
			struct receipt r, back;
			struct checkpoint c;
			struct err e = { 0 };

			NEED(log_receipt(w->log, w->reader, a, i, i % 2, &r, &e), &e);
			receipt_write(&b, &r);
			NEED(receipt_read(a, b.p, b.n, &back, &e), &e);
			CHECK_OK(receipt_check(&back, &k, &c, &e), &e);
			CHECK(c.size == size && back.index == i && back.has_body == i % 2);
			receipt_write(&again, &back);
			CHECK(b.n == again.n && !memcmp(b.p, again.p, b.n));
		}
	}
}
BOTH(hold_at_every_size)

static void
hold_beyond_one_tile(struct world *w)
{
	struct vkey k = key_of(w);
	struct err e = { 0 };

	append_some(w, 600);
	for (unsigned i = 0; i < 600; i += 37) {
		AUTO(arena) *a = arena_new();
		struct receipt r;
		struct checkpoint c;

		NEED(log_receipt(w->log, w->reader, a, i, true, &r, &e), &e);
		CHECK(receipt_check(&r, &k, &c, &e) && c.size == 600);
		CHECK(r.proof.n >= 6);
	}
}
BOTH(hold_beyond_one_tile)

/* No byte of it may change without notice, but those that nothing binds: the names and
 * numbers of other keys' signatures, which a receipt of ours does not have. */
static void
bind_every_byte(struct world *w)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	struct vkey k = key_of(w);
	struct receipt r;
	struct err e = { 0 };

	append_some(w, 11);
	NEED(log_receipt(w->log, w->reader, a, 6, true, &r, &e), &e);
	receipt_write(&b, &r);
	for (size_t at = 0; at < b.n; at++) {
		for (int bit = 0; bit < 8; bit++) {
			AUTO(arena) *scratch = arena_new();
			struct checkpoint c;

			b.p[at] ^= (uint8_t)(1 << bit);
			if (receipt_read(scratch, b.p, b.n, &r, &e) &&
			    receipt_check(&r, &k, &c, &e)) {
				printf("# bit %d of byte %zu\n", bit, at);
				CHECK(!"accepted");
			}
			b.p[at] ^= (uint8_t)(1 << bit);
		}
	}
	for (size_t n = 0; n < b.n; n++)
		CHECK(!receipt_read(a, b.p, n, &r, &e) ||
		    !receipt_check(&r, &k, &(struct checkpoint){ 0 }, &e));
}
BOTH(bind_every_byte)

/* Line `line` (from 1 on) replaced by `by`, which may hold several lines or none. */
static char *
with_line(struct arena *a, const char *text, unsigned line, const char *by)
{
	const char *from = text, *to;

	while (--line)
		from = strchr(from, '\n') + 1;
	to = strchr(from, '\n') + 1;
	return arena_printf(a, "%.*s%s%s", (int)(from - text), text, by, to);
}

static void
have_one_form(struct world *w)
{
	static const struct {
		unsigned line;
		const char *why, *by;
	} cases[] = {
		{ 1, "another first line", "vigil-receipt/2\n" },
		{ 1, "an empty line in front", "\nvigil-receipt/1\n" },
		{ 1, "CRLF", "vigil-receipt/1\r\n" },
		{ 2, "another head", "vigil/2\n" },
		{ 2, "no head", "" },
		{ 3, "no day of the calendar", "2026-02-30\n" },
		{ 3, "a short day", "2026-2-3\n" },
		{ 4, "a short commitment", "AAAA\n" },
		{ 5, "no blind", "" },
		{ 5, "a short blind", "blind AAAA\n" },
		{ 5, "another word", "Blind bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n" },
		{ 6, "an empty body line", "body \n" },
		{ 6, "a short body line first", "body AAAA\nbody AAAA\n" },
		{ 6, "something else", "note hello\n" },
		{ 8, "no empty line", "" },
		{ 9, "another proof", "c2sp.org/tlog-proof@v2\n" },
		{ 9, "extra", "c2sp.org/tlog-proof@v1\nextra AAAA\n" },
		{ 10, "no index", "" },
		{ 10, "a leading zero", "index 06\n" },
		{ 10, "an index over 2^63-1", "index 9223372036854775808\n" },
		{ 11, "a short hash", "AAAA\n" },
	};
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	struct receipt r;
	struct err e = { 0 };

	append_some(w, 11);
	NEED(log_receipt(w->log, w->reader, a, 6, true, &r, &e), &e);
	receipt_write(&b, &r);
	CHECK(!strcmp(with_line(a, buf_peek(&b), 10, "index 6\n"), buf_peek(&b)));
	for (size_t i = 0; i < LEN(cases); i++) {
		const char *s = with_line(a, buf_peek(&b), cases[i].line, cases[i].by);

		if (receipt_read(a, s, strlen(s), &r, &e)) {
			printf("# %s\n", cases[i].why);
			CHECK(!"refused");
		}
	}
	CHECK(!receipt_read(a, buf_space(&b, RECEIPT_MAX - b.n), 0, &r, &e));
}

static void
have_one_form_sqlite(void)
{
	on_driver(DB_SQLITE, have_one_form);
}

static void
belong_to_one_log(struct world *w)
{
	AUTO(arena) *a = arena_new();
	uint8_t pub[ED25519_PUBLIC] = { 9 };
	struct vkey other, good = key_of(w);
	struct receipt r;
	struct checkpoint c;
	struct err e = { 0 };

	append_some(w, 3);
	NEED(log_receipt(w->log, w->reader, a, 1, false, &r, &e), &e);
	CHECK(!r.has_body && !r.body_n);
	NEED(vkey_make("example.org/log", NOTE_ED25519, pub, &other, &e), &e);
	CHECK(!receipt_check(&r, &other, &c, &e) && e.kind == ERR_MISSING);
	CHECK_OK(receipt_check(&r, &good, &c, &e), &e);
	CHECK_OK(receipt_check(&r, NULL, &c, &e), &e); /* not pinned */
	r.index = 2;
	CHECK(!receipt_check(&r, NULL, &c, &e) && e.kind == ERR_DAMAGED);
	CHECK(!log_receipt(w->log, w->reader, a, 3, false, &r, &e) && e.kind == ERR_MISSING);
}
BOTH(belong_to_one_log)

static void
gives_tiles(struct world *w)
{
	AUTO(arena) *a = arena_new();
	struct tile t = { 0, 1, 44 };
	const struct hash *h;
	struct err e = { 0 };

	append_some(w, 300);
	for (unsigned width = 1; width <= 44; width++) {
		t.width = width; /* as it was when the log was smaller, too */
		NEED(log_tile(w->reader, a, &t, &h, &e), &e);
		for (unsigned i = 0; i < width; i++) {
			const char *head;
			struct hash leaf;
			size_t n;

			NEED(log_head(w->reader, a, 256 + i, &head, &n, &e), &e);
			leaf = tree_leaf(head, n);
			CHECK(digest_equal(&leaf, &h[i]));
		}
	}
	t.width = 45; /* a partial tile is not read as if it were wider */
	CHECK(!log_tile(w->reader, a, &t, &h, &e) && e.kind == ERR_MISSING);
	t.width = 0;
	CHECK(!log_tile(w->reader, a, &t, &h, &e) && e.kind == ERR_MISSING);
	t = (struct tile){ 1, 0, 1 };
	CHECK_OK(log_tile(w->reader, a, &t, &h, &e), &e);
	t = (struct tile){ 1, 0, 2 };
	CHECK(!log_tile(w->reader, a, &t, &h, &e) && e.kind == ERR_MISSING);
	t = (struct tile){ 8, 0, 1 };
	CHECK(!log_tile(w->reader, a, &t, &h, &e) && e.kind == ERR_MISSING);
}
BOTH(gives_tiles)

struct seen_in_order {
	uint64_t next, stop;
};

static bool
in_order(void *arg, const struct entry *en, struct err *e)
{
	struct seen_in_order *s = arg;

	CHECK(en->index == s->next && json_get_int(en->content, "n") == (int64_t)en->index + 1);
	s->next++;
	return s->next != s->stop || err_set(e, ERR_SYSTEM, "stopped");
}

static void
replays_in_portions(struct world *w)
{
	struct seen_in_order s = { 0, 0 };
	struct err e = { 0 };

	append_some(w, 600);
	CHECK_OK(log_replay(w->log, w->reader, 0, 600, in_order, &s, &e), &e);
	CHECK(s.next == 600);
	s.next = 250;
	CHECK_OK(log_replay(w->log, w->reader, 250, 520, in_order, &s, &e), &e);
	CHECK(s.next == 520);
	s = (struct seen_in_order){ 0, 300 };
	CHECK(!log_replay(w->log, w->reader, 0, UINT64_MAX, in_order, &s, &e));
	CHECK(s.next == 300 && e.kind == ERR_SYSTEM);
	CHECK_OK(log_replay(w->log, w->reader, 700, 900, in_order, &s, &e), &e);
	CHECK_OK(log_replay(w->log, w->reader, 5, 5, in_order, &s, &e), &e);
	CHECK(s.next == 300);
}
BOTH(replays_in_portions)

TESTS(T(hold_at_every_size_sqlite), T(hold_at_every_size_postgres),
    T(hold_beyond_one_tile_sqlite), T(hold_beyond_one_tile_postgres), T(bind_every_byte_sqlite),
    T(bind_every_byte_postgres), T(have_one_form_sqlite), T(belong_to_one_log_sqlite),
    T(belong_to_one_log_postgres), T(gives_tiles_sqlite), T(gives_tiles_postgres),
    T(replays_in_portions_sqlite), T(replays_in_portions_postgres))
