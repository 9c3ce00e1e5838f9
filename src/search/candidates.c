/* Which records may a query be true of? Lists from the postings and, where no word narrows,
 * from the table of claims. There may be too many, for each is judged afterwards by what the
 * viewer may see of it, but never too few. What stands in a compartment of others is not read.
 *
 * Words that very many claims hold ("law") are left alone while rarer ones leave few records. */
#include <stdlib.h>
#include <strings.h>

#include "search/records_private.h"

#define EVERYTHING ((struct list){ .all_but = true })

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* ---- what is known before any word is looked up ---- */

static bool
read_compartments(struct asking *q, struct err *e)
{
	size_t n = 0, cap = 16;
	struct stmt *rows = db_query(q->k.s->db, e,
	    "SELECT DISTINCT compartment FROM member WHERE actor = $1 AND until = $2"
	    " AND compartment <> ''",
	    db_text(q->viewer->actor), db_int(RECORD_OPEN));

	q->compartments = arena_alloc(q->k.a, cap * sizeof *q->compartments);
	q->compartments[n++] = "";
	while (db_next(rows)) {
		if (n + 1 == cap) { /* room for the NULL is left */
			const char **more = arena_alloc(q->k.a, 2 * cap * sizeof *more);

			memcpy(more, q->compartments, n * sizeof *more);
			q->compartments = more;
			cap *= 2;
		}
		q->compartments[n++] = arena_str(q->k.a, db_get_text(rows, 0));
	}
	return db_end(rows, e);
}

static void
list_naming(struct asking *q)
{
	size_t n = 0, kept = 0;

	for (const struct type *const *t = schema_types(q->schema); *t; t++)
		for (const char *const *p = (*t)->title; p && *p; p++)
			n++;
	q->naming = arena_alloc(q->k.a, (n + 1) * sizeof *q->naming);
	n = 0;
	for (const struct type *const *t = schema_types(q->schema); *t; t++)
		for (const char *const *p = (*t)->title; p && *p; p++)
			q->naming[n++] = *p;
	if (n)
		qsort(q->naming, n, sizeof *q->naming, by_name);
	for (size_t i = 0; i < n; i++)
		if (!kept || strcmp(q->naming[kept - 1], q->naming[i]))
			q->naming[kept++] = q->naming[i];
	q->n_naming = kept;
}

static void
list_leaves(struct asking *q, const struct node *n, bool wanted)
{
	if (n->kind == NODE_WORDS) {
		if (wanted)
			q->wanted |= (uint64_t)1 << q->n_leaves;
		q->phrase[q->n_leaves] = n->phrase;
		q->leaf[q->n_leaves++] = (struct leaf){ .node = n, .wanted = wanted };
	}
	for (const struct node *c = n->child; c; c = c->next)
		list_leaves(q, c, n->kind == NODE_NOT ? !wanted : wanted);
}
_Static_assert(PHRASES_MAX <= 64, "a bit for each leaf");

bool
asking_start(struct asking *q, struct err *e)
{
	list_leaves(q, q->query->root, true);
	list_naming(q);
	return read_compartments(q, e) && groups_read(&q->k, q->viewer, &q->groups, e);
}

/* ---- words ---- */

static void
add_match(struct arena *a, struct matches *to, struct match m)
{
	if (to->n == to->cap) {
		struct match *more =
		    arena_alloc(a, (to->cap = 2 * to->cap + 64) * sizeof *more);

		if (to->n)
			memcpy(more, to->m, to->n * sizeof *more);
		to->m = more;
	}
	to->m[to->n++] = m;
}

static int
by_claim(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	return a->claim < b->claim ? -1 : a->claim > b->claim;
}

static int
by_record(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	if (a->record != b->record)
		return a->record < b->record ? -1 : 1;
	return by_claim(x, y);
}

/* In order, each once. */
static void
sort(struct matches *l, int (*compare)(const void *x, const void *y))
{
	size_t n = 0;

	if (l->n)
		qsort(l->m, l->n, sizeof *l->m, compare);
	for (size_t i = 0; i < l->n; i++)
		if (!n || compare(&l->m[n - 1], &l->m[i]))
			l->m[n++] = l->m[i];
	l->n = n;
}

/* Keeps in `all` the claims that are in `more` too. */
static void
keep_both(struct matches *all, const struct matches *more)
{
	size_t n = 0, j = 0;

	for (size_t i = 0; i < all->n; i++) {
		while (j < more->n && more->m[j].claim < all->m[i].claim)
			j++;
		if (j < more->n && more->m[j].claim == all->m[i].claim)
			all->m[n++] = all->m[i];
	}
	all->n = n;
}

/* CROSS JOIN: the postings come first, whatever a planner thinks. */
#define STANDING                                                                               \
	"SELECT c.number, c.record, c.property FROM record_word w CROSS JOIN claim c"          \
	" WHERE c.number = w.claim AND c.since < $1 AND c.until >= $1 AND w.compartment = $2"

static struct stmt *
start(struct asking *q, const char *compartment, const struct folded *w, bool prefix,
    size_t most, struct err *e)
{
	struct db *db = q->k.s->db;

	if (prefix)
		return db_query(db, e, STANDING " AND w.word >= $3 AND w.word < $4 LIMIT $5",
		    db_int(q->k.as_of), db_text(compartment), db_text(w->s),
		    db_text(arena_printf(q->k.a, "%s\xf4\x8f\xbf\xbf", w->s)),
		    db_int((int64_t)most));
	return db_query(db, e, STANDING " AND w.word = $3 LIMIT $4", db_int(q->k.as_of),
	    db_text(compartment), db_text(w->s), db_int((int64_t)most));
}

/* Claims that hold a term, in order; *ret_all false: there are `most` or more. */
static bool
match_term(struct asking *q, const char *compartment, const struct folded *w, bool prefix,
    size_t most, struct matches *ret, bool *ret_all, struct err *e)
{
	struct stmt *rows = start(q, compartment, w, prefix, most, e);

	*ret = (struct matches){ 0 };
	while (db_next(rows)) {
		const char *property = db_get_text(rows, 2);
		struct match m = { .claim = db_get_int(rows, 0),
			.record =
			    (int64_t)groups_oldest(&q->groups, (uint64_t)db_get_int(rows, 1)),
			.title = q->n_naming &&
			    bsearch(&property, q->naming, q->n_naming, sizeof *q->naming,
				by_name) };

		add_match(q->k.a, ret, m);
	}
	*ret_all = ret->n < most;
	sort(ret, by_claim);
	return db_end(rows, e);
}

/* Claims of one compartment that hold all terms of a phrase, but for those left alone; *ret_any
 * false: all were. */
static bool
match_phrase(struct asking *q, const char *compartment, const struct phrase *p, size_t most,
    struct matches *ret, bool *ret_any, struct err *e)
{
	*ret_any = false;
	for (size_t i = 0; i < p->n; i++) {
		struct matches one;
		bool all;

		if (!match_term(q, compartment, &p->terms[i], p->prefix && i == p->n - 1, most,
			&one, &all, e))
			return false;
		q->exact = q->exact && all;
		if (!all)
			continue;
		if (*ret_any)
			keep_both(ret, &one);
		else
			*ret = one;
		*ret_any = true;
		if (!ret->n)
			return true;
	}
	return true;
}

static bool
match_leaf(struct asking *q, struct leaf *l, size_t most, struct err *e)
{
	struct matches all = { 0 };

	l->records = (struct list){ 0 };
	for (const char **c = q->compartments; *c; c++) {
		struct matches one = { 0 };
		bool any;

		if (!match_phrase(q, *c, &l->node->phrase, most, &one, &any, e))
			return false;
		if (!any) {
			l->records = EVERYTHING;
			return true;
		}
		for (size_t i = 0; i < one.n; i++)
			add_match(q->k.a, &all, one.m[i]);
	}
	sort(&all, by_record);
	for (size_t i = 0; i < all.n; i++) {
		if (!i || all.m[i - 1].record != all.m[i].record)
			list_add(q->k.a, &l->records, all.m[i].record, 0);
		add_match(q->k.a, &q->matches, all.m[i]);
	}
	return true;
}

static bool
match_leaves(struct asking *q, size_t most, struct err *e)
{
	q->exact = true;
	q->matches = (struct matches){ 0 };
	for (size_t i = 0; i < q->n_leaves; i++)
		if (q->leaf[i].wanted && !match_leaf(q, &q->leaf[i], most, e))
			return false;
	return true;
}

/* ---- filters, where no word narrows ---- */

bool
type_matches(const struct schema *s, const char *type, const struct node *filter)
{
	const struct type *t = schema_type(s, type);

	if (strcasecmp(type, filter->text) == 0)
		return true;
	for (const struct type *const *p = t ? t->parents : NULL; p && *p; p++)
		if (type_matches(s, (*p)->name, filter))
			return true;
	return false;
}

/* Takes records in any order from the first column; ends the query. */
static bool
take_records(struct asking *q, struct stmt *rows, struct list *ret, struct err *e)
{
	struct matches l = { 0 };

	while (db_next(rows))
		add_match(q->k.a, &l,
		    (struct match){ .record = (int64_t)groups_oldest(
					&q->groups, (uint64_t)db_get_int(rows, 0)) });
	if (!db_end(rows, e))
		return false;
	sort(&l, by_record);
	for (size_t i = 0; i < l.n; i++)
		list_add(q->k.a, ret, l.m[i].record, 0);
	return true;
}

struct type_name {
	const char *name;
	struct type_name *next;
};

/* The types of records that there are, though the schema may have lost some. */
static bool
fitting_types(struct asking *q, const struct node *n, struct type_name **ret, struct err *e)
{
	struct stmt *rows = db_query(q->k.s->db, e, "SELECT DISTINCT type FROM record");

	*ret = NULL;
	while (db_next(rows)) {
		struct type_name one = { arena_str(q->k.a, db_get_text(rows, 0)), *ret };

		if (type_matches(q->schema, one.name, n))
			*ret = arena_dup(q->k.a, &one, sizeof one);
	}
	return db_end(rows, e);
}

static bool
list_type(struct asking *q, const struct node *n, struct list *ret, struct err *e)
{
	struct type_name *t;

	if (!fitting_types(q, n, &t, e))
		return false;
	for (; t; t = t->next) {
		struct list one = { 0 };
		struct stmt *rows = db_query(q->k.s->db, e,
		    "SELECT number FROM record WHERE type = $1 AND number < $2",
		    db_text(t->name), db_int(q->k.as_of));

		if (!take_records(q, rows, &one, e))
			return false;
		*ret = list_either(q->k.a, *ret, one);
	}
	return true;
}

/* $1 as of, $2 actor, $3 open */
#define SEEN                                                                                   \
	" FROM claim c WHERE c.since < $1 AND c.until >= $1 AND (c.compartment = ''"           \
	" OR EXISTS (SELECT 1 FROM member m WHERE m.compartment = c.compartment"               \
	"  AND m.actor = $2 AND m.until = $3))"

static bool
is_named(struct asking *q, const struct node *n, uint64_t source, bool *ret, struct err *e)
{
	const char *title = "", *type = NULL;
	struct stmt *row = db_query(q->k.s->db, e, "SELECT type FROM record WHERE number = $1",
	    db_int((int64_t)source));

	if (db_next(row))
		type = arena_str(q->k.a, db_get_text(row, 0));
	if (!db_end(row, e) ||
	    (type &&
		!record_title(
		    q->k.s->db, q->viewer, q->k.a, q->schema, source, type, &title, e)))
		return false;
	*ret = filter_is_source(&q->k, n, title);
	return true;
}

/* Each source's title is asked for once: they are few. */
static bool
list_source(struct asking *q, const struct node *n, struct list *ret, struct err *e)
{
	struct matches l = { 0 }, fit = { 0 };
	struct stmt *rows = db_query(q->k.s->db, e,
	    "SELECT DISTINCT c.source, c.record" SEEN " AND c.source <> 0", db_int(q->k.as_of),
	    db_text(q->viewer->actor), db_int(RECORD_OPEN));
	bool named = false;

	while (db_next(rows))
		add_match(q->k.a, &l,
		    (struct match){ .record = db_get_int(rows, 0),
			.claim = (int64_t)groups_oldest(
			    &q->groups, (uint64_t)db_get_int(rows, 1)) });
	if (!db_end(rows, e))
		return false;
	sort(&l, by_record);
	for (size_t i = 0; i < l.n; i++) {
		if ((!i || l.m[i - 1].record != l.m[i].record) &&
		    !is_named(q, n, (uint64_t)l.m[i].record, &named, e))
			return false;
		if (named)
			add_match(q->k.a, &fit, (struct match){ .record = l.m[i].claim });
	}
	sort(&fit, by_record);
	for (size_t i = 0; i < fit.n; i++)
		list_add(q->k.a, ret, fit.m[i].record, 0);
	return true;
}
_Static_assert(
    KIND_TEXT == 0 && KIND_DATE == 1 && KIND_STEP == 7, "the queries here name them");

/* Texts that are no dates have zeros in place of a span. */
#define DATED " AND c.kind IN (0, 1, 7) AND (c.kind <> 0 OR c.low <> 0 OR c.high <> 0)"

static struct stmt *
rows_of(struct asking *q, const struct node *n, struct err *e)
{
	struct db *db = q->k.s->db;
	const struct dbv as_of = db_int(q->k.as_of), actor = db_text(q->viewer->actor),
			 open = db_int(RECORD_OPEN);

	switch (n->field) {
	case FIELD_LANG: /* `more` is where a text's language stands, if it is known */
		return db_query(db, e,
		    "SELECT DISTINCT c.record" SEEN
		    " AND c.kind = 0 AND (c.more <> '' OR $4 = 1)",
		    as_of, actor, open, db_int(filter_is_language(n, "und")));
	case FIELD_AFTER:
		return db_query(db, e,
		    "SELECT DISTINCT c.record" SEEN DATED " AND c.high >= $4", as_of, actor,
		    open, db_int(n->time));
	default:
		return db_query(db, e, "SELECT DISTINCT c.record" SEEN DATED " AND c.low < $4",
		    as_of, actor, open, db_int(n->time));
	}
}

static bool
list_filter(struct asking *q, const struct node *n, struct list *ret, struct err *e)
{
	*ret = (struct list){ 0 };
	if (n->field == FIELD_TYPE)
		return list_type(q, n, ret, e);
	if (n->field == FIELD_SOURCE)
		return list_source(q, n, ret, e);
	return take_records(q, rows_of(q, n, e), ret, e);
}

/* ---- the tree ---- */

static const struct leaf *
leaf_of(const struct asking *q, const struct node *n)
{
	size_t i = 0;

	while (q->leaf[i].node != n)
		i++;
	return &q->leaf[i];
}

static bool list_node(
    struct asking *q, const struct node *n, bool is, struct list *ret, struct err *e);

/* Records of which all children may be so. Filters are asked only if words alone leave all. */
static bool
list_all(struct asking *q, const struct node *n, bool is, struct list *ret, struct err *e)
{
	struct list all = EVERYTHING, one;

	for (int turn = 0; turn < 2 && all.all_but; turn++)
		for (const struct node *c = n->child; c; c = c->next) {
			if (c->words_only != (turn == 0))
				continue;
			if (!list_node(q, c, is, &one, e))
				return false;
			all = list_both(q->k.a, all, one);
		}
	*ret = all;
	return true;
}

static bool
list_any(struct asking *q, const struct node *n, bool is, struct list *ret, struct err *e)
{
	struct list any = { 0 }, one;

	for (const struct node *c = n->child; c; c = c->next) {
		if (!list_node(q, c, is, &one, e))
			return false;
		any = list_either(q->k.a, any, one);
	}
	*ret = any;
	return true;
}

/* Records of which the node may be true, or (is false) may be false. */
static bool
list_node(struct asking *q, const struct node *n, bool is, struct list *ret, struct err *e)
{
	switch (n->kind) {
	case NODE_NOT:
		return list_node(q, n->child, !is, ret, e);
	case NODE_AND:
		return is ? list_all(q, n, is, ret, e) : list_any(q, n, is, ret, e);
	case NODE_OR:
		return is ? list_any(q, n, is, ret, e) : list_all(q, n, is, ret, e);
	default:
		break;
	}
	*ret = EVERYTHING;
	if (is && n->kind == NODE_WORDS)
		*ret = leaf_of(q, n)->records;
	/* While words are left alone, they may yet narrow, at less cost. */
	return !is || n->kind == NODE_WORDS || !q->exact || list_filter(q, n, ret, e);
}

#define TITLE 4294967296.0

double
candidates_score(bool in_title, size_t claims)
{
	return (in_title ? TITLE : 0) + (double)claims;
}

/* The best that each can come to: as if the viewer saw all its claims, and each had all words of
 * a phrase side by side. */
static void
score(struct asking *q, struct list *l)
{
	const struct matches *m = &q->matches;
	size_t j = 0;

	sort(&q->matches, by_record);
	for (size_t i = 0; i < l->n; i++) {
		size_t claims = 0;
		bool title = false;

		while (j < m->n && m->m[j].record < l->f[i].text)
			j++;
		for (; j < m->n && m->m[j].record == l->f[i].text; j++) {
			claims++;
			title = title || m->m[j].title;
		}
		l->f[i].score = q->exact ? candidates_score(title, claims) : 2 * TITLE;
	}
}

bool
candidates_find(struct asking *q, struct list *ret, struct err *e)
{
	struct list l;

	if (!match_leaves(q, q->k.s->common, e) || !list_node(q, q->query->root, true, &l, e))
		return false;
	if (!q->exact && (l.all_but || l.n > q->k.s->common / 10) &&
	    (!match_leaves(q, SIZE_MAX / 2, e) || !list_node(q, q->query->root, true, &l, e)))
		return false;
	score(q, &l);
	list_heap(&l);
	*ret = l;
	return true;
}
