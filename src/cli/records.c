/* What the commands on records share (records.h). */
#include "cli/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "cli/standing.h"
#include "publish/export.h"

bool
work_init(struct work *w, struct ctx *c, struct err *e)
{
	*w = (struct work){ .c = c };
	if (!ctx_open(c, e) || !ctx_viewer_at(c, &w->v, e))
		return false;
	w->db = c->s->db;
	w->schema = record_schema(w->db, &w->v, e);
	return w->schema != NULL;
}

void
work_done(struct work *w)
{
	schema_free(w->schema);
}

bool
work_append(struct work *w, struct act_record *io, struct err *e)
{
	struct draft *d;
	size_t n = 1;

	for (const struct creation *c = w->creations.first; c; c = c->next)
		n++;
	d = arena_alloc(w->c->a, n * sizeof *d);
	n = 0;
	for (struct creation *c = w->creations.first; c; c = c->next) {
		c->act.actor = w->c->actor;
		c->act.schema = w->schema;
		act_record(&d[n++], &c->act);
	}
	io->actor = w->c->actor;
	io->schema = w->schema;
	act_record(&d[n++], io);
	w->creations = (struct creations){ 0 };
	return log_append(mechanism_log(w->c->m), d, n, true, e);
}

/* A source is named before anything is known of it: its name is its first claim. */
static bool
find_source(struct work *w, const char *name, const char **ret, struct err *e)
{
	return source_type(
		   w->db, &w->v, w->c->a, w->schema, name, &w->creations, ret, &w->source, e) ||
	    err_at(e, "--source");
}

static bool
read_text(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
    size_t *ret_n, struct err *e)
{
	return session_bytes(arg, a, sha256, UINT32_MAX, ret, ret_n, e);
}

static bool
read_credibility(const struct ctx *c, uint64_t *ret, struct err *e)
{
	if (!ctx_number(c, "credibility", 0, 6, ret, e))
		return false;
	return *ret || !ctx_option(c, "credibility") ||
	    err_set(e, ERR_INVALID,
		"--credibility is 1 (confirmed) to 6 (cannot be judged); leave it out where it"
		" was not judged");
}

bool
work_rests_on(struct work *w, struct statement *ret, struct err *e)
{
	const struct ctx *c = w->c;
	const char *source = ctx_option(c, "source"), *cite = ctx_option(c, "cite");
	struct text_reader texts = { read_text, c->s };
	struct statement st = { .start = -1,
		.end = -1,
		.stance = ctx_option(c, "denies") ? DENIES :
		    ctx_option(c, "unknown")      ? DOES_NOT_KNOW :
						    ASSERTS,
		.compartment = ctx_option(c, "compartment") };
	uint64_t credibility;

	if (!read_credibility(c, &credibility, e) ||
	    (cite && !citation_type(w->db, &w->v, c->a, &texts, cite, &st, e)) ||
	    (st.compartment && !compartment_choose(w->db, &w->v, NULL, st.compartment, e)))
		return false;
	w->creations.compartment = st.compartment;
	if (source && !find_source(w, source, &st.source, e))
		return false;
	st.credibility = (int)credibility;
	*ret = st;
	return true;
}

bool
work_confides(struct work *w, struct statement *io, struct err *e)
{
	return statement_confides(w->db, &w->v, w->c->a, &w->creations, io, e);
}

bool
work_type(struct work *w, const struct record *r, const struct type **ret, struct err *e)
{
	*ret = schema_want_type(w->schema, r->type, e);
	return *ret != NULL;
}

/* ---- showing ---- */

const char *
cited_words(struct arena *a, const struct claim *c)
{
	const char *passage = c->start < 0 ?
	    "" :
	    arena_printf(a, " bytes %lld-%lld", (long long)c->start, (long long)c->end);

	if (!*c->original)
		return arena_printf(a, "%s%s", c->item, passage);
	if (c->original_start < 0)
		return arena_printf(a, "%s%s of %s, a translation of %s", c->item, passage,
		    c->text, c->original);
	return arena_printf(a, "%s%s of %s, a translation of bytes %lld-%lld of %s", c->item,
	    passage, c->text, (long long)c->original_start, (long long)c->original_end,
	    c->original);
}

void
line_original(struct line *l, const struct claim *c)
{
	if (!*c->original)
		return;
	line_str(l, "original_text", c->original);
	if (c->original_start < 0)
		return;
	line_int(l, "original_start", (uint64_t)c->original_start);
	line_int(l, "original_end", (uint64_t)c->original_end);
}

/* The ids of those that it was found to be the same as. */
static bool
show_json(struct work *w, const struct record *r, const struct claims *claims,
    const struct state *state, struct err *e)
{
	struct arena *a = w->c->a;
	const char **same = arena_alloc(a, (r->n_same + 1) * sizeof *same);
	const struct type *t = schema_type(w->schema, r->type);
	struct json *j;
	size_t n = 0;

	for (size_t i = 0; i < r->n_same; i++) {
		struct stmt *q;

		if (r->same[i] == r->number)
			continue;
		q = db_query(w->db, e, "SELECT id FROM record WHERE number = $1",
		    db_int((int64_t)r->same[i]));
		if (db_next(q))
			same[n++] = arena_str(a, db_get_text(q, 0));
		if (!db_end(q, e))
			return false;
	}
	j = export_json(a, r, same, claims);
	if (t)
		json_put_str(a, j, "label", labels_get(&t->labels, w->v.language, t->name));
	if (state)
		json_put_str(a, j, "state", state->code);
	line_json(j);
	return true;
}

/* How a value reads: a term by its label, a link by its target's title. */
static const char *
value_words(struct work *w, const struct property *p, const struct claim *c)
{
	const struct term *t = p && p->vocabulary && c->value.kind == KIND_TERM ?
	    vocabulary_code(p->vocabulary, c->value.text) :
	    NULL;

	if (t)
		return arena_printf(w->c->a, "%s (%s)",
		    labels_get(&t->labels, w->v.language, t->code), t->code);
	if (*c->target_title)
		return arena_printf(w->c->a, "%s (%s)", c->target_title, c->value.text);
	return value_print(w->c->a, &c->value);
}

/* "withdrawn by NAME on DAY (entry N): reason" */
static void
add_told(struct work *w, struct buf *b, const char *what, uint64_t entry, const struct deed *t)
{
	char day[DAY_MAX];

	buf_printf(b, "\n                %s", what);
	if (t->by) {
		clock_day(t->time, day);
		buf_printf(b, " by %s on %s", single_line(w->c->a, t->by), day);
	}
	buf_printf(b, " (entry %llu)", (unsigned long long)entry);
	if (t->by && *t->reason)
		buf_printf(b, ": %s", single_line(w->c->a, t->reason));
}

static void
say_claim(struct work *w, const struct claim *c)
{
	static const char *const words[STANCES] = {
		[ASSERTS] = "says", [DENIES] = "denies", [DOES_NOT_KNOW] = "does not know"
	};
	AUTO_VAL(buf) b = buf_init(64 * 1024);

	buf_printf(&b, "      %-9s %s", c->name,
	    c->source ? (*c->source_title ? c->source_title : c->source_id) : "this mechanism");
	if (c->grade && *c->grade)
		buf_printf(&b, " [%s]", c->grade);
	buf_printf(&b, " %s", words[c->stance]);
	if (*c->item)
		buf_printf(&b, ", %s", cited_words(w->c->a, c));
	if (c->credibility)
		buf_printf(&b, ", credibility %d", c->credibility);
	if (*c->compartment)
		buf_printf(&b, ", only for %s", c->compartment);
	if (c->subject)
		buf_printf(&b, ", of %s", c->subject);
	if (c->made.by)
		add_told(w, &b, "made", c->entry, &c->made);
	if (c->withdrawn != RECORD_OPEN)
		add_told(w, &b, "withdrawn", (uint64_t)c->withdrawn, &c->unmade);
	say("%s\n", buf_peek(&b));
}

static bool
same_value(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && strcmp(a->text, b->text) == 0;
}

/* All claims of one value together, under the value; a value that is said twice is shown once. */
static void
say_property(struct work *w, const struct property *p, const struct claim *c, size_t n)
{
	const char *label = p ? labels_get(&p->labels, w->v.language, p->name) : c->property;

	for (size_t i = 0; i < n; i++) {
		bool shown = false;

		for (size_t k = 0; k < i && !shown; k++)
			shown = same_value(&c[k].value, &c[i].value);
		if (shown)
			continue;
		say("  %s: %s\n", label, value_words(w, p, &c[i]));
		for (size_t k = i; k < n; k++)
			if (same_value(&c[k].value, &c[i].value))
				say_claim(w, &c[k]);
	}
}

struct group { /* the claims of one property */
	const char *name;
	const struct claim *c;
	size_t n, place; /* in the order that the schema has them */
};

static size_t
place_of(const struct type *t, const char *property)
{
	size_t i = 0;

	while (t && t->properties[i] && strcmp(t->properties[i]->name, property) != 0)
		i++;
	return t && t->properties[i] ? i : SIZE_MAX;
}

static int
by_place(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	return a->place != b->place ? (a->place < b->place ? -1 : 1) : strcmp(a->name, b->name);
}

static struct group *
group_claims(struct arena *a, const struct type *t, const struct claims *claims, size_t *ret_n)
{
	struct group *g = arena_alloc(a, (claims->n + 1) * sizeof *g);
	size_t n = 0;

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *c = &claims->c[i];

		if (!n || strcmp(g[n - 1].name, c->property) != 0)
			g[n++] = (struct group){ c->property, c, 0, place_of(t, c->property) };
		g[n - 1].n++;
	}
	qsort(g, n, sizeof *g, by_place);
	*ret_n = n;
	return g;
}

bool
work_show(struct work *w, const struct record *r, const struct claims *claims, struct err *e)
{
	const struct type *t = schema_type(w->schema, r->type);
	const struct group *groups;
	const struct state *state;
	const char *since;
	size_t n;

	if (!standing_of(w, r, &state, &since, e))
		return false;
	if (w->c->json)
		return show_json(w, r, claims, state, e);
	say("%s  %s  %s\n", r->id, t ? labels_get(&t->labels, w->v.language, t->name) : r->type,
	    r->title);
	if (r->n_same > 1)
		say("  together with %zu other %s found to be the same\n", r->n_same - 1,
		    plural(r->n_same - 1, "record", "records"));
	if (state)
		say("  now: %s (%s)%s%s\n", labels_get(&state->labels, "en", state->code),
		    state->code, *since ? ", since " : "", since);
	groups = group_claims(w->c->a, t, claims, &n);
	for (size_t i = 0; i < n; i++)
		say_property(
		    w, t ? type_property(t, groups[i].name) : NULL, groups[i].c, groups[i].n);
	if (claims->withheld)
		say("  %zu %s withheld\n", claims->withheld,
		    plural(claims->withheld, "claim is", "claims are"));
	return true;
}
