/* Many entries in one transaction (log_append_stream), and views that a newer program makes anew. */
#include "unit/log/common.h"

enum { MANY = 3000 };

struct
    source { /* gives MANY drafts; every `refuse_at`th is refused, `poison_at` cannot be applied */
	struct say say;
	int given, refuse_every, poison_at, refused;
	bool strict;
};

static bool
give(void *arg, struct draft **ret, struct err *e)
{
	struct source *s = arg;

	if (s->given && s->say.d.err.kind != ERR_NONE) {
		s->refused++;
		if (s->strict) {
			*e = s->say.d.err;
			return false;
		}
	}
	if (s->given == MANY) {
		*ret = NULL;
		return true;
	}
	s->given++;
	s->say = (struct say){ .act = s->given == s->poison_at ? "poison" : "act",
		.subject = s->given % 2 ? "odd" : "even",
		.n = s->given,
		.refuse = s->refuse_every && s->given % s->refuse_every == 0 };
	s->say.d = (struct draft){ .write = say_write, .arg = &s->say };
	*ret = &s->say.d;
	return true;
}

static void
all_or_nothing(enum db_kind kind)
{
	struct source good = { .refuse_every = 10 },
		      strict = { .refuse_every = 999, .strict = true },
		      poisoned = { .poison_at = MANY };
	struct world w;
	struct err e = { 0 };

	if (!world_init(&w, kind))
		return;
	CHECK_OK(log_append_stream(w.log, give, &good, &e), &e);
	CHECK(good.refused == MANY / 10 && size_of(&w) == MANY - MANY / 10);
	CHECK(!log_append_stream(w.log, give, &strict, &e) && e.kind == ERR_DENIED);
	CHECK(strict.refused == 1 && size_of(&w) == MANY - MANY / 10);
	CHECK(!log_append_stream(w.log, give, &poisoned, &e));
	CHECK(size_of(&w) == MANY - MANY / 10);
	/* What follows goes on as if nothing had been. */
	good = (struct source){ 0 };
	CHECK_OK(log_append_stream(w.log, give, &good, &e), &e);
	CHECK(size_of(&w) == 2 * MANY - MANY / 10);
	world_close(&w);
	world_open(&w);
	world_done(&w);
}

static void
streams(void)
{
	all_or_nothing(DB_SQLITE);
	all_or_nothing(DB_POSTGRES);
}

/* The rows are spoilt: only a view made anew tells the truth. */
static void
remade(enum db_kind kind)
{
	struct source good = { 0 };
	struct view newer = toy_view;
	const struct view *const views[] = { &newer, NULL };
	struct hash before, after;
	struct world w;
	struct err e = { 0 };

	if (!world_init(&w, kind))
		return;
	CHECK_OK(log_append_stream(w.log, give, &good, &e), &e);
	CHECK_OK(log_views_digest(w.log, w.reader, &before, &e), &e);
	NEED(db_run(w.reader, &e, "DELETE FROM toy"), &e);
	world_close(&w);
	world_open(&w);
	CHECK_OK(log_views_digest(w.log, w.reader, &after, &e), &e);
	CHECK(!digest_equal(&before, &after)); /* the same version: taken as it is */
	world_close(&w);
	newer.version = 2;
	w.config.views = views;
	world_open(&w);
	CHECK_OK(log_views_digest(w.log, w.reader, &after, &e), &e);
	CHECK(digest_equal(&before, &after));
	log_close(TAKE(w.log));
	w.config.views = toy_views; /* an older program */
	CHECK(!log_open(&w.config, &e) && e.kind == ERR_INVALID);
	w.config.views = views;
	w.log = log_open(&w.config, &e);
	NEED(w.log, &e);
	world_done(&w);
}

static void
views_are_made_anew(void)
{
	remade(DB_SQLITE);
	remade(DB_POSTGRES);
}

TESTS(T(streams), T(views_are_made_anew))
