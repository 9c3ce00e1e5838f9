/* Finding records: each candidate is judged by the claims of it that the viewer may see, and by
 * nothing else; those that could come to the top first, until none of the rest can. */
#include "search/records_private.h"

/* What the viewer may see of a record, and which of the query's words each claim holds. */
struct sight {
	struct record r;
	struct claims claims;
	uint64_t *has; /* of each claim, a bit for each leaf of the query */
	uint64_t any;
	size_t title; /* the claim by whose value it goes; claims.n: none */
};

static bool
note_leaf(void *arg, const struct span *s)
{
	*(uint64_t *)arg |= (uint64_t)1 << s->phrase;
	return true;
}

/* The first of its type's title properties that somebody asserts a value of, in the open or, if nobody
 * does, in a compartment: as record_title has it. */
static size_t
first_asserted(const struct claims *claims, const char *property, bool confined)
{
	size_t i = 0;

	for (; i < claims->n; i++) {
		const struct claim *c = &claims->c[i];

		if (!strcmp(c->property, property) && c->stance == ASSERTS &&
		    !*c->compartment == !confined)
			break;
	}
	return i;
}

/* What leads to a record without a title is no title. */
static size_t
title_claim(const struct schema *s, const struct sight *x)
{
	const struct type *t = schema_type(s, x->r.type);
	const char *const *const title = t ? t->title : NULL;
	size_t n = 0;

	while (title && title[n])
		n++;
	for (size_t k = 0; k < 2 * n; k++) {
		size_t i = first_asserted(&x->claims, title[k % n], k >= n);

		if (i < x->claims.n &&
		    (x->claims.c[i].value.kind != KIND_LINK || *x->claims.c[i].target_title))
			return i;
	}
	return x->claims.n;
}

static void
look_at_claims(struct asking *q, struct arena *a, struct sight *x)
{
	x->has = arena_alloc(a, (x->claims.n + 1) * sizeof *x->has);
	for (size_t i = 0; q->n_leaves && i < x->claims.n; i++) {
		size_t n;
		const char *text = text_composed(a, claim_words(&x->claims.c[i].value), &n);

		if (n)
			scan_text(q->k.s->tokens, text, n, q->phrase, q->n_leaves, note_leaf,
			    &x->has[i]);
		x->any |= x->has[i];
	}
	x->title = title_claim(q->schema, x);
}

/* Does the value tell of a time, and which? */
static bool
is_dated(const struct value *v)
{
	bool kind = v->kind == KIND_DATE || v->kind == KIND_STEP ||
	    (v->kind == KIND_TEXT && !strcmp(v->format, "date"));

	return kind && !(v->low == INT64_MIN && v->high == INT64_MAX);
}

static bool
claim_fits(struct asking *q, const struct node *n, const struct claim *c)
{
	const struct value *v = &c->value;

	switch (n->field) {
	case FIELD_LANG:
		return v->kind == KIND_TEXT &&
		    filter_is_language(n, *v->language ? v->language : "und");
	case FIELD_SOURCE:
		return c->source && filter_is_source(&q->k, n, c->source_title);
	case FIELD_AFTER:
		return is_dated(v) && v->high >= n->time;
	default:
		return is_dated(v) && v->low < n->time;
	}
}

static bool
filter_fits(struct asking *q, const struct node *n, const struct sight *x)
{
	if (n->field == FIELD_TYPE)
		return type_matches(q->schema, x->r.type, n);
	for (size_t i = 0; i < x->claims.n; i++)
		if (claim_fits(q, n, &x->claims.c[i]))
			return true;
	return false;
}

static bool
is_true(struct asking *q, const struct node *n, const struct sight *x)
{
	switch (n->kind) {
	case NODE_WORDS:
		for (size_t i = 0; i < q->n_leaves; i++)
			if (q->leaf[i].node == n)
				return x->any >> i & 1;
		return false;
	case NODE_FILTER:
		return filter_fits(q, n, x);
	case NODE_NOT:
		return !is_true(q, n->child, x);
	default:
		break;
	}
	for (const struct node *c = n->child; c; c = c->next)
		if (is_true(q, c, x) == (n->kind == NODE_OR))
			return n->kind == NODE_OR;
	return n->kind == NODE_AND;
}

/* What a record's type alone says, before its claims are read. */
enum maybe { NO, PERHAPS, YES };

static enum maybe
may_be_true(struct asking *q, const struct node *n, const char *type)
{
	enum maybe ret, one;

	switch (n->kind) {
	case NODE_WORDS:
		return PERHAPS;
	case NODE_FILTER:
		if (n->field != FIELD_TYPE)
			return PERHAPS;
		return type_matches(q->schema, type, n) ? YES : NO;
	case NODE_NOT:
		return (enum maybe)(YES - may_be_true(q, n->child, type));
	default:
		break;
	}
	ret = n->kind == NODE_AND ? YES : NO;
	for (const struct node *c = n->child; c; c = c->next) {
		one = may_be_true(q, c, type);
		ret = n->kind == NODE_AND ? MIN(ret, one) : MAX(ret, one);
	}
	return ret;
}

/* *ret_is false: there is no such record at that state, or its type tells that it is none. */
static bool
read_record(struct asking *q, struct arena *a, uint64_t number, struct sight *x, bool *ret_is,
    struct err *e)
{
	struct stmt *row = db_query(q->k.s->db, e,
	    "SELECT id, type FROM record WHERE number = $1 AND since < $2 AND until >= $2",
	    db_int((int64_t)number), db_int(q->k.as_of));

	*ret_is = db_next(row);
	if (*ret_is)
		x->r = (struct record){ .number = number,
			.id = arena_str(a, db_get_text(row, 0)),
			.type = arena_str(a, db_get_text(row, 1)) };
	if (!db_end(row, e))
		return false;
	*ret_is = *ret_is && may_be_true(q, q->query->root, x->r.type) != NO;
	if (!*ret_is)
		return true;
	groups_members(a, &q->groups, number, &x->r.same, &x->r.n_same);
	return record_claims(q->k.s->db, q->viewer, a, q->schema, &x->r, false, &x->claims, e);
}

/* The claim to be shown: it holds the most different words; of equals the title's, then the
 * oldest. If none holds any, the first that says something in words. */
static size_t
claim_to_show(const struct asking *q, const struct sight *x)
{
	size_t best = x->claims.n;
	int most = 0;

	for (size_t i = 0; i < x->claims.n; i++) {
		const struct claim *c = &x->claims.c[i], *b = &x->claims.c[best];
		int n = __builtin_popcountll(x->has[i] & q->wanted);

		if (!*claim_words(&c->value))
			continue;
		if (best == x->claims.n || n > most ||
		    (n == most && best != x->title &&
			(i == x->title || c->number < b->number))) {
			best = i;
			most = n;
		}
	}
	return best;
}

static const char *
title_text(const struct sight *x)
{
	const struct claim *c = &x->claims.c[x->title];

	if (x->title == x->claims.n)
		return "";
	return *c->target_title ? c->target_title : c->value.text;
}

/* What is found outlives the arena of what was seen. */
static void
show(struct asking *q, const struct sight *x, struct record_hit *ret)
{
	struct phrase phrases[PHRASES_MAX];
	size_t n_phrases = 0, i = claim_to_show(q, x), n;
	struct hit line = { .snippet = "" };
	const char *text;

	ret->record = arena_str(q->k.a, x->r.id);
	ret->type = arena_str(q->k.a, x->r.type);
	ret->title = arena_str(q->k.a, title_text(x));
	ret->claim = ret->property = "";
	if (i < x->claims.n) {
		const struct claim *c = &x->claims.c[i];

		ret->claim = arena_str(q->k.a, c->name);
		ret->property = arena_str(q->k.a, c->property);
		ret->stance = c->stance;
		text = text_composed(q->k.a, claim_words(&c->value), &n);
		phrases_collect(q->query->root, true, phrases, &n_phrases);
		snippet_make(&q->k, phrases, n_phrases, text, n, &line);
	}
	ret->snippet = line.snippet;
}

/* A record that the viewer sees nothing of is not there. */
static bool
judge(struct asking *q, uint64_t number, bool *ret_is, struct record_hit *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct sight x = { 0 };
	struct record_hit hit = { 0 };

	if (!read_record(q, a, number, &x, ret_is, e))
		return false;
	if (!*ret_is || !x.claims.n) {
		*ret_is = false;
		return true;
	}
	look_at_claims(q, a, &x);
	*ret_is = is_true(q, q->query->root, &x);
	if (!*ret_is)
		return true;
	for (size_t i = 0; i < x.claims.n; i++)
		hit.claims += (x.has[i] & q->wanted) != 0;
	hit.in_title = x.title < x.claims.n && (x.has[x.title] & q->wanted);
	show(q, &x, &hit);
	*ret = hit;
	return true;
}

struct best { /* of those judged so far, in order */
	struct record_hit *h;
	struct found *f;
	size_t n, limit;
};

static bool
comes_before(struct found x, struct found y)
{
	return x.score > y.score || (x.score >= y.score && x.text > y.text);
}

static void
keep(struct best *b, struct found f, const struct record_hit *h)
{
	size_t at = b->n;

	while (at && comes_before(f, b->f[at - 1]))
		at--;
	if (at == b->limit)
		return;
	b->n = MIN(b->n + 1, b->limit);
	memmove(&b->f[at + 1], &b->f[at], (b->n - at - 1) * sizeof *b->f);
	memmove(&b->h[at + 1], &b->h[at], (b->n - at - 1) * sizeof *b->h);
	b->f[at] = f;
	b->h[at] = *h;
}

static bool
find(struct asking *q, size_t limit, struct record_hits *ret, struct err *e)
{
	struct best b = { .h = arena_alloc(q->k.a, (limit + 1) * sizeof *b.h),
		.f = arena_alloc(q->k.a, (limit + 1) * sizeof *b.f),
		.limit = limit };
	struct list l = { 0 };
	uint64_t known_to;

	if (!search_cursor(q->k.s, &known_to, e) || !asking_start(q, e) ||
	    !candidates_find(q, &l, e))
		return false;
	while (l.n && limit) {
		struct found f = list_take_best(&l);
		struct record_hit hit;
		bool is;

		if (b.n == limit && comes_before(b.f[limit - 1], f))
			break; /* the best that any of the rest can come to is not enough */
		if (!judge(q, (uint64_t)f.text, &is, &hit, e))
			return false;
		f.score = is ? candidates_score(hit.in_title, hit.claims) : 0;
		if (is)
			keep(&b, f, &hit);
	}
	*ret = (struct record_hits){ b.h, b.n, known_to };
	return true;
}

bool
search_records(struct search *s, const struct viewer *viewer, const struct schema *schema,
    struct arena *a, const struct query *query, size_t limit, struct record_hits *ret,
    struct err *e)
{
	struct asking *q = arena_alloc(a, sizeof *q);
	bool ok;

	*q = (struct asking){
		.k = { .s = s,
		    .a = a,
		    .actor = viewer->actor,
		    .as_of = viewer->as_of,
		    .now = viewer->now },
		.viewer = viewer,
		.schema = schema,
		.query = query,
	};
	if (!db_begin_read(s->db, e))
		return false;
	ok = find(q, MIN(limit, (size_t)SEARCH_LIMIT_MAX), ret, e);
	db_rollback(s->db);
	return ok;
}
