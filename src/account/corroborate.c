/* How many origins a statement has (finding.h). */
#include <string.h>

#include "account/finding.h"
#include "account/private.h"
#include "record/copy.h"

/* Origins are nodes: sources by their numbers, what is cited as item_node() says, and who cites
 * nothing. What leads to one origin is joined, and counts once: so it does not matter in which order
 * claims were made. */
struct tracing {
	struct reading *r;
	struct corroboration *out;
	size_t cap, nodes_cap, edges_cap;
	uint64_t *nodes;     /* of each line of the tree; NO_NODE: it is no origin */
	struct set *seen;    /* sources that stand in the tree */
	struct set *sources; /* that say it themselves */
	struct set *origins; /* that lead on to no other */
	struct set *items;   /* originals that are cited, each with its place, from 1 */
	struct set *joined;  /* nodes that lead on to another one */
	struct set *targets; /* ids that links name, with what they stand for */
	struct leads {
		uint64_t from, to;
	} * edges; /* from a source to where it has it from */
	size_t n_edges, n_items;
};
static const uint64_t NO_NODE = UINT64_MAX, MECHANISM = UINT64_MAX - 1;

static uint64_t
item_node(struct tracing *t, const char *original)
{
	uint64_t *place = set_named(t->items, original);

	if (!*place)
		*place = ++t->n_items;
	return (UINT64_C(1) << 63) + *place;
}

/* By which links a source leads to where it has it from. */
static const struct {
	const char *property, *how;
} ways[] = {
	{ "origin", "repeats" },
	{ "copy_of", "copies" },
	{ "controlled_by", "is controlled by" },
};

static void
add_line(struct tracing *t, struct trace line, uint64_t node)
{
	struct corroboration *out = t->out;

	t->nodes = account_grow(t->r->a, t->nodes, out->n, &t->nodes_cap, sizeof *t->nodes);
	out->t = account_grow(t->r->a, out->t, out->n, &t->cap, sizeof *out->t);
	t->nodes[out->n] = node;
	out->t[out->n++] = line;
}

static void
add_edge(struct tracing *t, uint64_t from, uint64_t to)
{
	t->edges = account_grow(t->r->a, t->edges, t->n_edges, &t->edges_cap, sizeof *t->edges);
	t->edges[t->n_edges++] = (struct leads){ from, to };
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
	add_line(t, line, NO_NODE);
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

			if (f[i].kind != KIND_LINK || !f[i].low)
				continue;
			add_edge(t, number, reading_stands(t->r, (uint64_t)f[i].low));
			if (!trace_source(t, (uint64_t)f[i].low,
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
		t->nodes[at] = number;
	}
	*ret_reached = true;
	return true;
}

static uint64_t
root_of(const struct tracing *t, uint64_t node)
{
	const uint64_t *next;

	while ((next = set_find(t->joined, node)) && *next != node)
		node = *next;
	return node;
}

static void
join(struct tracing *t, uint64_t one, uint64_t other)
{
	bool fresh;

	one = root_of(t, one);
	other = root_of(t, other);
	if (one != other)
		*set_number(t->joined, MAX(one, other), &fresh) = MIN(one, other);
}

/* What a source says by an item is joined with all that it has it from. */
static void
join_origins(struct tracing *t, uint64_t source, uint64_t item)
{
	uint64_t *from = arena_alloc(t->r->a, (t->n_edges + 1) * sizeof *from);
	struct set *seen = set_new(t->r->a);
	size_t n = 0;
	bool fresh;

	from[n++] = source;
	set_number(seen, source, &fresh);
	for (size_t i = 0; i < n; i++) {
		if (set_find(t->origins, from[i]))
			join(t, from[i], item);
		for (size_t k = 0; k < t->n_edges; k++) {
			if (t->edges[k].from != from[i])
				continue;
			set_number(seen, t->edges[k].to, &fresh);
			if (fresh)
				from[n++] = t->edges[k].to;
		}
	}
}

/* A source and what it cites lead to one origin; what the mechanism's own people say rests on the
 * item that they cite, if any. */
static bool
trace_claim(struct tracing *t, const struct claim *c, struct err *e)
{
	struct trace line = { .how = "says",
		.claim = c->name,
		.item = c->item,
		.id = "",
		.title = "",
		.copy_of = "" };
	const char *original = "";
	uint64_t item = NO_NODE, source;
	bool reached, fresh;

	if (*c->item) {
		if (!record_original(t->r->db, t->r->v, t->r->a, c->item, &original, e))
			return false;
		item = item_node(t, original);
		line.copy_of = strcmp(original, c->item) != 0 ? original : "";
	}
	t->out->claims++;
	if (!c->source) {
		add_line(t, line, *c->item ? item : MECHANISM);
		return true;
	}
	source = reading_stands(t->r, c->source);
	set_number(t->sources, source, &fresh);
	t->out->sources += fresh;
	if (!trace_source(t, c->source, line, &reached, e))
		return false;
	if (*c->item)
		join_origins(t, source, item);
	return true;
}

/* Of what was joined the first line is the origin, the others stand further up. */
static void
count_origins(struct tracing *t)
{
	struct set *counted = set_new(t->r->a);
	bool fresh;

	for (size_t i = 0; i < t->out->n; i++) {
		if (t->nodes[i] == NO_NODE)
			continue;
		set_number(counted, root_of(t, t->nodes[i]), &fresh);
		t->out->t[i].origin = fresh;
		t->out->t[i].again |= !fresh;
		t->out->origins += fresh;
	}
}

static const struct claim *
find_claim(const struct claims *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->c[i].name, name) == 0)
			return &all->c[i];
	return NULL;
}

/* What a link leads to, by its id: records that were found to be one are one. */
static bool
find_target(struct tracing *t, const char *id, uint64_t *ret, struct err *e)
{
	uint64_t *kept = set_named(t->targets, id);
	int64_t number = 0;

	if (!*kept) {
		if (!db_get_one(t->r->db, &number, e, "SELECT number FROM record WHERE id = $1",
			db_text(id)))
			return false;
		*kept = (uint64_t)number;
	}
	*ret = *kept;
	return true;
}

/* That two are the same is said of the pair, from either side; all else of what a link stands for. */
static bool
says_same(
    struct tracing *t, const struct claim *c, const struct claim *of, bool *ret, struct err *e)
{
	uint64_t one = 0, other = 0;

	*ret = strcmp(c->property, of->property) == 0 && c->value.kind == of->value.kind;
	if (!*ret || c == of)
		return true;
	if (c->value.kind != KIND_LINK) {
		*ret = strcmp(c->value.text, of->value.text) == 0;
		return true;
	}
	if (!find_target(t, c->value.text, &one, e) ||
	    !find_target(t, of->value.text, &other, e))
		return false;
	if (strcmp(c->property, SAME) == 0)
		*ret = (c->record == of->record && one == other) ||
		    (c->record == other && of->record == one);
	else
		*ret = reading_stands(t->r, one) == reading_stands(t->r, other);
	return true;
}

static bool
trace_all(struct tracing *t, const struct claims *all, const struct claim *of, struct err *e)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct claim *c = &all->c[i];
		bool same;

		if (!says_same(t, c, of, &same, e))
			return false;
		if (!same)
			continue;
		t->out->denials += c->stance == DENIES;
		if (c->stance == ASSERTS && !trace_claim(t, c, e))
			return false;
	}
	count_origins(t);
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
	t.sources = set_new(a);
	t.origins = set_new(a);
	t.items = set_new(a);
	t.joined = set_new(a);
	t.targets = set_new(a);
	if (!trace_all(&t, &all, of, e))
		return false;
	*ret = out;
	return true;
}
