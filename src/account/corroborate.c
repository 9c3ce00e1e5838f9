/* How many origins a statement has (finding.h). */
#include <string.h>

#include "account/finding.h"
#include "account/private.h"
#include "record/copy.h"

struct tracing {
	struct reading *r;
	struct corroboration *out;
	size_t cap;
	struct set *seen;    /* sources that stand in the tree */
	struct set *sources; /* that say it themselves */
	struct set *origins; /* that were counted, by number, */
	struct set *items;   /* or, without a source, by the item that is cited */
	struct set *cited; /* originals on which it rests, as such or by a copy that counted */
};

/* By which links a source leads to where it has it from. */
static const struct {
	const char *property, *how;
} ways[] = {
	{ "origin", "repeats" },
	{ "copy_of", "copies" },
	{ "controlled_by", "is controlled by" },
};

static void
add_line(struct tracing *t, struct trace line)
{
	struct corroboration *out = t->out;

	out->t = account_grow(t->r->a, out->t, out->n, &t->cap, sizeof *out->t);
	out->t[out->n++] = line;
}

static bool
name_source(
    struct tracing *t, const struct unit *u, uint64_t number, struct trace *line, struct err *e)
{
	line->id = u->id;
	return record_title(
	    t->r->db, t->r->v, t->r->a, t->r->schema, number, u->type, &line->title, e);
}

enum { DEPTH_MAX = 64 };

/* *ret_reached: was an origin found there, now or further up? In a circle nobody is one:
 * then the source with which the circle began counts. */
static bool
trace_source(
    struct tracing *t, uint64_t number, struct trace line, bool *ret_reached, struct err *e)
{
	bool fresh, reached = false;
	struct unit u;
	size_t at;

	number = reading_stands(t->r, number);
	set_number(t->seen, number, &fresh);
	if (!record_unit(t->r, number, &u, e) || !name_source(t, &u, number, &line, e))
		return false;
	line.again = !fresh;
	at = t->out->n;
	add_line(t, line);
	t->out->withheld += fresh ? u.withheld : 0;
	/* What stands further up in this same branch is a circle; elsewhere it was counted
	 * there. */
	if (!fresh) {
		*ret_reached = true;
		for (size_t i = at; i-- > 0 && *ret_reached;)
			if (t->out->t[i].depth < line.depth) {
				if (strcmp(t->out->t[i].id, line.id) == 0)
					*ret_reached = false;
				line.depth = t->out->t[i].depth;
			}
		return true;
	}
	for (size_t w = 0; w < LEN(ways) && line.depth < DEPTH_MAX; w++) {
		size_t n;
		const struct fact *f = unit_facts(&u, ways[w].property, &n);

		for (size_t i = 0; i < n; i++) {
			bool one = false;

			if (f[i].kind == KIND_LINK && f[i].low &&
			    !trace_source(t, (uint64_t)f[i].low,
				(struct trace){ .depth = line.depth + 1,
				    .how = ways[w].how,
				    .claim = "",
				    .item = "",
				    .copy_of = "" },
				&one, e))
				return false;
			reached |= one;
		}
	}
	if (!reached) {
		set_number(t->origins, number, &fresh);
		t->out->t[at].origin = true;
		t->out->origins += fresh;
	}
	*ret_reached = true;
	return true;
}

/* A line without what is below it: the origin stands further up. */
static bool
add_repeated(struct tracing *t, uint64_t source, struct trace line, struct err *e)
{
	struct unit u;

	source = reading_stands(t->r, source);
	if (!record_unit(t->r, source, &u, e) || !name_source(t, &u, source, &line, e))
		return false;
	line.again = true;
	add_line(t, line);
	return true;
}

/* A claim that rests on a copy adds no origin if another rests on the original, or on an earlier copy of it. */
static bool
is_repeated(
    struct tracing *t, const struct claim *c, struct trace *line, bool *ret, struct err *e)
{
	const char *original;

	*ret = false;
	if (!*c->item)
		return true;
	if (!record_original(t->r->db, t->r->v, t->r->a, c->item, &original, e))
		return false;
	if (strcmp(original, c->item) != 0) {
		line->copy_of = original;
		*ret = (*set_named(t->cited, original))++ > 0;
	}
	return true;
}

/* What the mechanism's own people say rests on the item that they cite, if any. */
static bool
trace_claim(struct tracing *t, const struct claim *c, struct err *e)
{
	struct trace line = { .how = "says",
		.claim = c->name,
		.item = c->item,
		.id = "",
		.title = "",
		.copy_of = "" };
	bool reached, repeated;

	if (!is_repeated(t, c, &line, &repeated, e))
		return false;
	t->out->claims++;
	if (c->source) {
		bool fresh;

		set_number(t->sources, reading_stands(t->r, c->source), &fresh);
		t->out->sources += fresh;
		if (repeated)
			return add_repeated(t, c->source, line, e);
		return trace_source(t, c->source, line, &reached, e);
	}
	line.again =
	    repeated || (*set_named(t->items, *line.copy_of ? line.copy_of : c->item))++ > 0;
	line.origin = !line.again;
	t->out->origins += line.origin;
	add_line(t, line);
	return true;
}

static const struct claim *
find_claim(const struct claims *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->c[i].name, name) == 0)
			return &all->c[i];
	return NULL;
}

/* Items that are cited as such come before any copy of them. */
static void
note_cited(struct tracing *t, const struct claims *all, const struct claim *of)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->c[i].stance == ASSERTS && *all->c[i].item &&
		    strcmp(all->c[i].property, of->property) == 0 &&
		    strcmp(all->c[i].value.text, of->value.text) == 0)
			(*set_named(t->cited, all->c[i].item))++;
}

static bool
trace_all(struct tracing *t, const struct claims *all, const struct claim *of, struct err *e)
{
	note_cited(t, all, of);
	for (size_t i = 0; i < all->n; i++) {
		const struct claim *c = &all->c[i];

		if (strcmp(c->property, of->property) != 0 || c->value.kind != of->value.kind ||
		    strcmp(c->value.text, of->value.text) != 0)
			continue;
		t->out->denials += c->stance == DENIES;
		if (c->stance == ASSERTS && !trace_claim(t, c, e))
			return false;
	}
	return true;
}

bool
account_corroboration(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct corroboration *ret, struct err *e)
{
	struct corroboration out = { 0 };
	struct reading r;
	struct tracing t = { .r = &r, .out = &out };
	const struct claim *of;
	struct claims all;
	const char *id;

	if (!record_of_claim(db, v, a, name, &id, e) ||
	    !record_find(db, v, a, s, id, &out.record, e) ||
	    !record_claims(db, v, a, s, &out.record, false, &all, e) ||
	    !reading_init(&r, db, v, a, s, e))
		return false;
	of = find_claim(&all, name);
	if (!of)
		return err_set(e, ERR_MISSING, "claim %.40s was withdrawn", name);
	out.property = of->property;
	out.value = value_print(a, &of->value);
	out.withheld = all.withheld;
	t.seen = set_new(a);
	t.origins = set_new(a);
	t.sources = set_new(a);
	t.items = set_new(a);
	t.cited = set_new(a);
	if (!trace_all(&t, &all, of, e))
		return false;
	*ret = out;
	return true;
}
