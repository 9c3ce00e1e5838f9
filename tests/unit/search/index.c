/* The index as a view: it follows the record, forgets what is erased without a trace, and
 * says the same however it came about. */
#include <pthread.h>

#include "common.h"

static struct hash
digest(struct world *w)
{
	struct hash have = { 0 }, want = { { 1 } };
	struct err e = { 0 };

	CHECK_OK(search_digest(w->s, &have, &e), &e);
	CHECK_OK(search_expected(w->s, &want, &e), &e);
	CHECK(digest_equal(&have, &want));
	return have;
}

static void
add_some(struct world *w)
{
	world_add(w, &(struct spec){ .text = "one two three two" });
	world_add(w, &(struct spec){ .text = "\u041c\u043e\u0441\u043a\u0432\u0430 two" });
	world_add(w, &(struct spec){ .text = "" });
	world_add(w, &(struct spec){ .text = "three four" });
}

static void
follows_on(struct world *w)
{
	struct hash whole, now;
	uint64_t cursor;
	struct err e = { 0 };

	add_some(w);
	CHECK_OK(search_follow(w->s, 2, &e), &e);
	CHECK_OK(search_cursor(w->s, &cursor, &e), &e);
	CHECK(cursor == 2);
	CHECK(strcmp(world_all(w, &everything, "two"), "1") == 0);
	whole = digest(w);
	world_follow(w);
	CHECK_OK(search_cursor(w->s, &cursor, &e), &e);
	CHECK(cursor == (uint64_t)w->entries);
	CHECK(strcmp(world_all(w, &everything, "two"), "1 3") == 0);
	now = digest(w);
	CHECK(!digest_equal(&whole, &now));
	whole = now;

	world_follow(w);                          /* nothing to do */
	CHECK_OK(search_follow(w->s, 1, &e), &e); /* never back */
	CHECK_OK(search_cursor(w->s, &cursor, &e), &e);
	CHECK(cursor == (uint64_t)w->entries);

	CHECK_OK(search_drop(w->s, &e), &e);
	CHECK_OK(search_cursor(w->s, &cursor, &e), &e);
	CHECK(cursor == 0 && strcmp(world_all(w, &everything, "two"), "") == 0);
	digest(w);
	world_follow(w);
	now = digest(w);
	CHECK(digest_equal(&whole, &now));
}

static void
follows(void)
{
	on_both(follows_on);
}

/* Many small batches come to the same as one; a second follower finds nothing to do. */
static void
follows_in_pieces_on(struct world *w)
{
	struct hash pieces, whole;
	struct err e = { 0 };

	for (int i = 0; i < 300; i++)
		world_add(
		    w, &(struct spec){ .text = arena_printf(w->a, "text %d of %d", i, i % 7) });
	for (uint64_t to = 0; to < (uint64_t)w->entries; to += 37)
		CHECK_OK(search_follow(w->s, to, &e), &e);
	world_follow(w);
	pieces = digest(w);
	CHECK_OK(search_drop(w->s, &e), &e);
	world_follow(w);
	whole = digest(w);
	CHECK(digest_equal(&pieces, &whole));
}

static void
follows_in_pieces(void)
{
	on_both(follows_in_pieces_on);
}

static void
passes_over_what_is_lost_on(struct world *w)
{
	add_some(w);
	w->texts[0].lost = true;
	world_follow(w);
	CHECK(strcmp(world_all(w, &everything, "two"), "3") == 0);
	digest(w);
	w->texts[1].lost = true; /* after it was indexed */
	CHECK(strcmp(world_all(w, &everything, "two"), "3") == 0);
	CHECK(world_find(w, "two", 5).n == 1);
	CHECK(strcmp(world_find(w, "two", 5).h[0].snippet, "") == 0);
}

static void
passes_over_what_is_lost(void)
{
	on_both(passes_over_what_is_lost_on);
}

/* Is the word anywhere in what the engine stores? */
static bool
stored(struct world *w, const char *word)
{
	struct err e = { 0 };
	struct stmt *q;
	bool found = false;

	if (db_kind(w->index) == DB_POSTGRES) {
		q = db_query(w->index, &e, "SELECT terms::text FROM search_part");
		while (db_next(q))
			found = found || strstr(db_get_text(q, 0), word);
		CHECK_OK(db_end(q, &e), &e);
		return found;
	}
	q = db_query(w->index, &e,
	    "SELECT block FROM search_fts_data UNION ALL SELECT term FROM search_fts_idx"
	    " UNION ALL SELECT term FROM search_vocabulary"
	    " UNION ALL SELECT block FROM search_long_data"
	    " UNION ALL SELECT term FROM search_long_idx"
	    " UNION ALL SELECT term FROM search_long_vocabulary");
	while (db_next(q)) {
		size_t n;
		const void *p = db_get_blob(q, 0, &n);

		found = found || (n && memmem(p, n, word, strlen(word)));
	}
	CHECK_OK(db_end(q, &e), &e);
	return found;
}

/* The record loses a text, as an erasure's entry makes it. */
static void
lose(struct world *w, uint64_t text)
{
	struct err e = { 0 };

	CHECK_OK(
	    db_run(w->record, &e, "DELETE FROM text WHERE entry = $1", db_int((int64_t)text)),
	    &e);
}

static void
forgets_on(struct world *w)
{
	struct hash before, after, anew;
	struct err e = { 0 };
	uint64_t gone, quoted;

	add_some(w);
	world_follow(w);
	before = digest(w);
	gone = world_add(
	    w, &(struct spec){ .text = "two qzzkprivateword \u0416\u0436\u0449\u0444" });
	quoted = world_add(w, &(struct spec){ .text = "wwkanotherword two" });
	for (int i = 0; i < 40; i++) { /* several segments */
		world_add(w, &(struct spec){ .text = arena_printf(w->a, "filler%d two", i) });
		world_follow(w);
	}
	CHECK(stored(w, "qzzkprivateword") && stored(w, "\u0436\u0436\u0449\u0444"));
	CHECK(strcmp(world_all(w, &everything, "qzzkprivateword OR wwkanotherword"), "9 11") ==
	    0);

	CHECK_OK(search_forget(w->s, (uint64_t[]){ gone, quoted, 999 }, 3, &e), &e);
	CHECK(strcmp(world_all(w, &everything, "qzzkprivateword OR wwkanotherword"), "") == 0);
	lose(w, gone);
	lose(w, quoted);
	w->texts[4].lost = w->texts[5].lost = true;
	world_follow(w); /* as a program does that takes up an erasure left half done */
	CHECK_OK(search_scrub(w->s, &e), &e);
	CHECK(!stored(w, "qzzkprivateword") && !stored(w, "wwkanotherword"));
	CHECK(!stored(w, "\u0436\u0436\u0449\u0444"));
	CHECK(stored(w, "filler39"));
	after = digest(w);
	CHECK(!digest_equal(&before, &after));
	CHECK_OK(search_scrub(w->s, &e), &e); /* may be repeated */

	CHECK_OK(search_drop(w->s, &e), &e);
	world_follow(w);
	anew = digest(w);
	CHECK(digest_equal(&after, &anew));
}

static void
forgets(void)
{
	on_both(forgets_on);
}

static void
takes_back_on(struct world *w)
{
	struct hash before, after;
	struct err e = { 0 };

	add_some(w);
	world_follow(w);
	before = digest(w);
	CHECK_OK(search_forget(w->s, (uint64_t[]){ 1, 3 }, 2, &e), &e);
	CHECK(strcmp(world_all(w, &everything, "two"), "") == 0);
	world_search(
	    w); /* the program died before the erasure was logged: another one starts */
	world_follow(w);
	after = digest(w);
	CHECK(digest_equal(&before, &after));
	CHECK(strcmp(world_all(w, &everything, "two"), "1 3") == 0);
}

static void
takes_back_what_was_not_erased(void)
{
	on_both(takes_back_on);
}

/* A text came into the index between being forgotten and being erased; or its bytes went
 * first. */
static void
strays_on(struct world *w)
{
	struct err e = { 0 };
	uint64_t gone;

	add_some(w);
	gone = world_add(w, &(struct spec){ .text = "qzzkprivateword" });
	world_follow(w);
	CHECK_OK(search_forget(w->s, &gone, 1, &e), &e);
	world_follow(w); /* another program's: takes it back */
	CHECK(stored(w, "qzzkprivateword"));
	lose(w, gone);
	w->texts[4].lost = true;
	CHECK_OK(search_scrub(w->s, &e), &e);
	CHECK(!stored(w, "qzzkprivateword"));
	world_follow(w);
	digest(w);
	CHECK(strcmp(world_all(w, &everything, "two"), "1 3") == 0);

	w->texts[0].lost = true;
	CHECK_OK(search_forget(w->s, (uint64_t[]){ 1 }, 1, &e), &e);
	world_follow(w);
	CHECK(strcmp(world_all(w, &everything, "two"), "3") == 0);
	digest(w);
}

static void
strays_are_taken_out(void)
{
	on_both(strays_on);
}

static void
formats_on(struct world *w)
{
	struct hash before, after;
	struct err e = { 0 };
	struct search_texts texts = { world_get, w };

	add_some(w);
	world_follow(w);
	before = digest(w);
	CHECK_OK(
	    db_run(w->index, &e, "UPDATE search_state SET value = 0 WHERE name = 'format'"),
	    &e);
	if (db_kind(w->index) == DB_SQLITE) /* format 2 had no parts */
		CHECK_OK(db_define(w->index, &e,
			     "DROP TABLE search_long_vocabulary; DROP TABLE search_long"),
		    &e);
	world_search(w);
	world_follow(w);
	after = digest(w);
	CHECK(digest_equal(&before, &after));
	CHECK_OK(
	    db_run(w->index, &e, "UPDATE search_state SET value = 99 WHERE name = 'format'"),
	    &e);
	CHECK(!search_open(w->index, texts, &e) && strstr(e.msg, "newer"));
}

static void
older_formats_are_made_anew(void)
{
	on_both(formats_on);
}

static void
lies_on(struct world *w)
{
	struct hash have, want;
	struct err e = { 0 };

	add_some(w);
	world_follow(w);
	w->texts[0].p = "one two three four"; /* as if the index held something else */
	CHECK_OK(search_digest(w->s, &have, &e), &e);
	CHECK_OK(search_expected(w->s, &want, &e), &e);
	CHECK(!digest_equal(&have, &want));
}

static void
digest_tells_an_index_that_lies(void)
{
	on_both(lies_on);
}

struct follower {
	struct world *w;
	pthread_t thread;
	struct db *db;
	struct search *s;
	struct err e;
	bool ok;
};

static void *
follow_all(void *arg)
{
	struct follower *f = arg;

	f->ok = search_follow(f->s, (uint64_t)f->w->entries, &f->e);
	return NULL;
}

/* Each text comes in once, whoever takes it in. */
static void
together_on(struct world *w)
{
	struct follower f[3] = { 0 };
	struct hash before, after;

	for (int i = 0; i < 400; i++)
		world_add(
		    w, &(struct spec){ .text = arena_printf(w->a, "text %d of %d", i, i % 7) });
	for (size_t i = 0; i < LEN(f); i++) {
		f[i].w = w;
		f[i].db = world_db(w, db_kind(w->index), 1, false);
		f[i].s = world_open(w, f[i].db);
	}
	w->slow = 2000; /* so that one transaction is not enough for all */
	for (size_t i = 0; i < LEN(f); i++)
		CHECK(pthread_create(&f[i].thread, NULL, follow_all, &f[i]) == 0);
	for (size_t i = 0; i < LEN(f); i++) {
		pthread_join(f[i].thread, NULL);
		CHECK_OK(f[i].ok, &f[i].e);
		search_close(f[i].s);
		db_close(f[i].db);
	}
	w->slow = 0;
	before = digest(w);
	world_follow(w);
	after = digest(w);
	CHECK(digest_equal(&before, &after));
	CHECK(strlen(world_all(w, &everything, "text")) > 1000);
}

static void
several_follow_together(void)
{
	on_both(together_on);
}

TESTS(T(follows), T(several_follow_together), T(follows_in_pieces), T(passes_over_what_is_lost),
    T(forgets), T(takes_back_what_was_not_erased), T(strays_are_taken_out),
    T(older_formats_are_made_anew), T(digest_tells_an_index_that_lies))
