/* Records that may be one, by their names (candidates.h). */
#include "account/candidates.h"

#include <stdlib.h>
#include <string.h>

enum { PORTION = 500 };

struct looking {
	struct arena *a;
	struct matcher *m;
	enum match_kind kind;
	const struct match_name *name;
	const struct record *of;
	struct candidate *found;
	size_t n, limit;
};

static enum match_kind
kind_of(const struct type *t)
{
	static const struct {
		const char *type;
		enum match_kind kind;
	} kinds[] = { { "person", MATCH_PERSON }, { "place", MATCH_PLACE } };

	for (size_t i = 0; i < LEN(kinds); i++)
		if (type_is(t, kinds[i].type))
			return kinds[i].kind;
	return MATCH_ORGANISATION;
}

static bool
is_one_already(const struct record *of, const struct record *other)
{
	for (size_t i = 0; i < of->n_same; i++)
		if (of->same[i] == other->number)
			return true;
	return of->number == other->number;
}

/* Keeps the best, in order. */
static void
keep(struct looking *l, const struct record *r, struct match m)
{
	size_t at = l->n;

	if (l->n == l->limit && m.score <= l->found[l->n - 1].match.score)
		return;
	if (l->n < l->limit)
		l->n++;
	else
		at--;
	for (; at && l->found[at - 1].match.score < m.score; at--)
		l->found[at] = l->found[at - 1];
	l->found[at] = (struct candidate){ *r, m };
	l->found[at].record.same = NULL;
	l->found[at].record.n_same = 0;
	l->found[at].record.id = arena_str(l->a, r->id);
	l->found[at].record.type = arena_str(l->a, r->type);
	l->found[at].record.title = arena_str(l->a, r->title);
}

static void
compare(struct looking *l, struct arena *once, const struct record_list *page)
{
	for (size_t i = 0; i < page->n; i++) {
		const struct record *r = &page->r[i];
		struct match m;

		if (!*r->title || is_one_already(l->of, r))
			continue;
		m = match_compare(l->name, match_read(l->m, once, l->kind, r->title));
		if (m.score >= MATCH_LOOK)
			keep(l, r, m);
	}
}

bool
account_candidates(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, size_t limit, struct candidate **ret,
    size_t *ret_n, bool *ret_all, struct err *e)
{
	const struct type *t = schema_want_type(s, r->type, e);
	AUTO(matcher) *m = t ? matcher_new() : NULL;
	struct looking l = { .a = a, .m = m, .of = r, .limit = limit };
	struct record_list page = { .n = PORTION };
	size_t read = 0;

	if (!t)
		return false;
	l.found = arena_alloc(a, (limit + 1) * sizeof *l.found);
	l.kind = kind_of(t);
	l.name = match_read(m, a, l.kind, r->title);
	for (; page.n == PORTION && read < CANDIDATES_READ && !t->unmatched && *r->title;
	     read += page.n) {
		AUTO(arena) *once = arena_new();

		if (!record_list(db, v, once, s, t, NULL, 0, page.last, PORTION, &page, e))
			return false;
		compare(&l, once, &page);
	}
	*ret = l.found;
	*ret_n = l.n;
	*ret_all = page.n < PORTION;
	return true;
}
