/* Counts over what was found, for those texts that the viewer may see: one walk over the record's tables. */
#include "search/facets.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "search/private.h"

enum {
	ONE_BY_ONE = 64,  /* more texts than that: one walk is cheaper */
	OF_ONE_TEXT = 32, /* sources and years that are told apart */
	VALUE_MAX = 300,
};

struct counting {
	struct look *k;
	struct facets *to;
	size_t cap[FACETS];
	int64_t last; /* text; -1: none yet */
	/* Of it, what was counted already: places in to->f. */
	size_t seen[FACETS][OF_ONE_TEXT], n_seen[FACETS];
};

/* Where the value is, or is now; SIZE_MAX: there are too many. */
static size_t
place_of(struct counting *c, enum facet_kind kind, const char *value)
{
	struct facets *to = c->to;
	size_t n = to->n[kind];

	for (size_t i = 0; i < n; i++)
		if (strcmp(to->f[kind][i].value, value) == 0)
			return i;
	if (n == FACET_VALUES_MAX)
		return SIZE_MAX;
	if (n == c->cap[kind]) {
		struct facet *more =
		    arena_alloc(c->k->a, (c->cap[kind] = 2 * n + 16) * sizeof *more);

		if (n)
			memcpy(more, to->f[kind], n * sizeof *more);
		to->f[kind] = more;
	}
	to->f[kind][n] = (struct facet){ arena_str(c->k->a, value), 0 };
	return to->n[kind]++;
}

static void
count(struct counting *c, enum facet_kind kind, const char *value)
{
	size_t at = *value && strlen(value) <= VALUE_MAX ? place_of(c, kind, value) : SIZE_MAX;

	if (at == SIZE_MAX)
		return;
	for (size_t i = 0; i < c->n_seen[kind]; i++)
		if (c->seen[kind][i] == at)
			return;
	if (c->n_seen[kind] == OF_ONE_TEXT)
		return;
	c->seen[kind][c->n_seen[kind]++] = at;
	c->to->f[kind][at].n++;
}

/* A text comes once for each acquisition that counts. */
static void
count_row(struct counting *c, struct stmt *row)
{
	const char *type = db_get_text(row, 1);
	int64_t text = db_get_int(row, 0);
	char day[DAY_MAX];

	if (text != c->last) {
		memset(c->n_seen, 0, sizeof c->n_seen);
		c->last = text;
		c->to->texts++;
		count(c, FACET_TYPE, arena_strn(c->k->a, type, strcspn(type, "; ")));
		count(c, FACET_LANGUAGE, db_get_text(row, 2));
	}
	count(c, FACET_SOURCE, db_get_text(row, 3));
	clock_day(db_get_int(row, 4), day);
	day[4] = 0;
	count(c, FACET_YEAR, day);
}

/* As query_shown in find.c judges, for each acquisition that filters judge by. */
static struct stmt *
rows(struct look *k, int64_t from, int64_t to, struct err *e)
{
	return db_query(k->s->db, e,
	    "SELECT t.entry, i.media_type, t.language, q.source, q.time FROM text t"
	    " JOIN item i ON i.number = t.item JOIN acquisition q ON q.item = t.item"
	    " WHERE t.entry >= $1 AND t.entry <= $2 AND t.sha256 IS NOT NULL"
	    " AND t.since < $3 AND t.until >= $3 AND i.since < $3 AND i.until >= $3"
	    " AND q.since < $3 AND q.until >= $3 AND q.withdrawn = $4 AND q.consent_until > $5"
	    " AND" ACQUISITION_SEEN("q.", "$6",
		"$4") "AND (t.status = 'translation' OR NOT EXISTS (SELECT 1"
		      "  FROM text n WHERE n.item = t.item AND n.entry > t.entry AND n.status = 'ok'"
		      "  AND n.since < $3 AND n.until >= $3)) ORDER BY t.entry",
	    db_int(from), db_int(to), db_int(k->as_of), db_int(RECORD_OPEN), db_int(k->now),
	    db_text(k->actor));
}

/* Those of the list from *at on that lie between; both are in order. */
static bool
walk(struct counting *c, const struct list *l, size_t at, size_t to, struct err *e)
{
	struct stmt *q = rows(c->k, l->f[at].text, l->f[to - 1].text, e);

	while (db_next(q)) {
		int64_t text = db_get_int(q, 0);

		while (at < to && l->f[at].text < text)
			at++;
		if (at < to && l->f[at].text == text)
			count_row(c, q);
	}
	return db_end(q, e);
}

static int
by_number(const void *x, const void *y)
{
	const struct facet *a = x, *b = y;

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	return strcmp(a->value, b->value);
}

bool
facets_count(struct look *k, const struct list *l, struct facets *ret, struct err *e)
{
	struct facets facets = { .at_least = l->n > FACET_TEXTS_MAX };
	struct counting c = { .k = k, .to = &facets, .last = -1 };
	/* Of very many, the newest. */
	size_t from = facets.at_least ? l->n - FACET_TEXTS_MAX : 0, each = l->n <= ONE_BY_ONE;

	for (size_t i = from; i < l->n; i = each ? i + 1 : l->n)
		if (!walk(&c, l, i, each ? i + 1 : l->n, e))
			return false;
	for (size_t kind = 0; kind < FACETS; kind++)
		if (facets.n[kind])
			qsort(
			    facets.f[kind], facets.n[kind], sizeof *facets.f[kind], by_number);
	*ret = facets;
	return true;
}
