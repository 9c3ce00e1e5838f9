/* publish/export_read: which records an export is about, page by page, with the claims that may leave. */
#include <stdlib.h>
#include <string.h>

#include "publish/export_private.h"

enum { PAGE = 256, NAMES = 1024 };

struct chosen {
	size_t kind;
	uint64_t number;
};

/* ---- kinds ---- */

static bool
is_wanted(const struct export *x, const struct type *t)
{
	return !x->o->type || (t && type_is(t, x->o->type->name));
}

/* In the order of the schema; what it has lost comes last. */
static size_t
place_of(const struct export *x, const struct type *t)
{
	const struct type *const *all = schema_types(x->o->schema);
	size_t i = 0;

	while (all[i] && all[i] != t)
		i++;
	return i;
}

static void
put_kind(struct export *x, const char *name)
{
	const struct type *t = schema_type(x->o->schema, name);
	size_t i = x->n_kinds, place = place_of(x, t);

	if (!is_wanted(x, t))
		return;
	for (; i && place_of(x, x->kinds[i - 1].type) > place; i--)
		x->kinds[i] = x->kinds[i - 1];
	x->kinds[i] = (struct kind_of){ .name = arena_str(x->kept, name), .type = t };
	x->n_kinds++;
}

bool
read_kinds(struct export *x, struct err *e)
{
	int64_t n = 0;
	struct stmt *q;

	if (!db_get_one(x->db, &n, e, "SELECT count(DISTINCT type) FROM record"))
		return false;
	x->kinds = arena_alloc(x->kept, ((size_t)n + 1) * sizeof *x->kinds);
	q = db_query(x->db, e, "SELECT DISTINCT type FROM record ORDER BY type");
	for (int64_t i = 0; i < n && db_next(q); i++)
		put_kind(x, db_get_text(q, 0));
	return db_end(q, e);
}

/* ---- records that were chosen ---- */

static int
by_kind(const void *p, const void *q)
{
	const struct chosen *a = p, *b = q;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

struct numbers {
	struct arena *a;
	uint64_t *p;
	size_t n, cap;
};

static void
add_number(struct numbers *io, uint64_t number)
{
	if (io->n == io->cap) {
		uint64_t *grown;

		io->cap = MAX((size_t)1024, 2 * io->cap);
		grown = arena_alloc(io->a, io->cap * sizeof *grown);
		if (io->n)
			memcpy(grown, io->p, io->n * sizeof *grown);
		io->p = grown;
	}
	io->p[io->n++] = number;
}

/* Dates and numbers match by what they span, places by name or nearness, all else by its canonical text. */
static bool
spans(const struct condition *c)
{
	return c->value.kind == KIND_DATE || c->value.kind == KIND_NUMBER ||
	    c->value.kind == KIND_PLACE;
}

/* "=" of the record's own: the others are asked of the database. */
static bool
is_plain(const struct condition *c)
{
	return c->relation == REL_IS && !c->n_path;
}

static bool
add_having(struct export *x, const char *property, const char *value, struct numbers *io,
    struct err *e)
{
	struct stmt *q = db_query(x->db, e,
	    "SELECT record FROM claim WHERE" CLAIM_HAS("", "$1",
		"$2") " AND since < $3 AND until >= $3 AND stance = 0 AND compartment = ''",
	    db_text(property), db_text(value), db_int(x->v.as_of));

	while (db_next(q))
		add_number(io, (uint64_t)db_get_int(q, 0));
	return db_end(q, e);
}

/* A term stands for the narrower ones, too. */
static bool
having(struct export *x, const struct condition *c, struct numbers *io, struct err *e)
{
	const struct vocabulary *v = c->property->vocabulary;
	const struct term *wanted = v ? vocabulary_code(v, c->value.text) : NULL;

	if (!wanted)
		return add_having(x, c->property->name, c->value.text, io, e);
	for (size_t i = 0; i < v->n; i++)
		if (term_within(v->terms[i], wanted) &&
		    !add_having(x, c->property->name, v->terms[i]->code, io, e))
			return false;
	return true;
}

static bool
choose_one(struct export *x, uint64_t number, struct err *e)
{
	struct stmt *q = db_query(x->db, e,
	    "SELECT type FROM record WHERE number = $1 AND since < $2 AND until >= $2",
	    db_int((int64_t)number), db_int(x->v.as_of));
	size_t k = x->n_kinds;

	if (db_next(q))
		for (k = 0; k < x->n_kinds && strcmp(x->kinds[k].name, db_get_text(q, 0)); k++)
			;
	if (!db_end(q, e))
		return false;
	if (k < x->n_kinds)
		x->chosen[x->n_chosen++] = (struct chosen){ k, number };
	return true;
}

/* A condition that an index helps with gives a list: what else there is need not be looked at. */
bool
choose_records(struct export *x, struct err *e)
{
	struct numbers list = { .a = x->kept };
	const struct export_options *o = x->o;
	const struct condition *c = NULL;
	size_t kept = 0;

	for (size_t i = 0; !c && i < o->n_conditions; i++)
		if (is_plain(&o->conditions[i]) && !spans(&o->conditions[i]))
			c = &o->conditions[i];
	if (!o->records && !c)
		return true;
	for (size_t i = 0; o->records && i < o->n_records; i++)
		add_number(&list, o->records[i]);
	if (!o->records && !having(x, c, &list, e))
		return false;
	x->chosen = arena_alloc(x->kept, (list.n + 1) * sizeof *x->chosen);
	for (size_t i = 0; i < list.n; i++)
		if (!choose_one(x, list.p[i], e))
			return false;
	if (x->n_chosen)
		qsort(x->chosen, x->n_chosen, sizeof *x->chosen, by_kind);
	for (size_t i = 0; i < x->n_chosen; i++)
		if (!kept || by_kind(&x->chosen[kept - 1], &x->chosen[i]))
			x->chosen[kept++] = x->chosen[i];
	x->n_chosen = kept;
	return true;
}

/* ---- pages ---- */

struct page {
	uint64_t numbers[PAGE];
	const char *ids[PAGE];
	struct claims claims[PAGE];
	size_t n;
};

static bool
page_of_kind(
    struct export *x, const struct kind_of *k, uint64_t after, struct page *ret, struct err *e)
{
	struct stmt *q = db_query(x->db, e,
	    "SELECT number, id FROM record WHERE type = $1 AND number > $2"
	    " AND since < $3 AND until >= $3 ORDER BY number LIMIT $4",
	    db_text(k->name), db_int((int64_t)after), db_int(x->v.as_of), db_int(PAGE));

	for (ret->n = 0; ret->n < PAGE && db_next(q); ret->n++) {
		ret->numbers[ret->n] = (uint64_t)db_get_int(q, 0);
		ret->ids[ret->n] = arena_str(x->a, db_get_text(q, 1));
	}
	return db_end(q, e);
}

static bool
id_of(struct export *x, uint64_t number, const char **ret, struct err *e)
{
	struct stmt *q = db_query(
	    x->db, e, "SELECT id FROM record WHERE number = $1", db_int((int64_t)number));

	*ret = db_next(q) ? arena_str(x->a, db_get_text(q, 0)) : "";
	return db_end(q, e);
}

/* The first that was chosen of this kind, after that number. */
static size_t
first_chosen(const struct export *x, const struct chosen *after)
{
	size_t from = 0, to = x->n_chosen;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (by_kind(&x->chosen[mid], after) <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool
page_chosen(
    struct export *x, const struct kind_of *k, uint64_t after, struct page *ret, struct err *e)
{
	const struct chosen from = { (size_t)(k - x->kinds), after };
	size_t i = first_chosen(x, &from);

	for (ret->n = 0; ret->n < PAGE && i < x->n_chosen && x->chosen[i].kind == from.kind;
	     i++, ret->n++) {
		ret->numbers[ret->n] = x->chosen[i].number;
		if (!id_of(x, x->chosen[i].number, &ret->ids[ret->n], e))
			return false;
	}
	return true;
}

static bool
load_page(
    struct export *x, const struct kind_of *k, uint64_t after, struct page **ret, struct err *e)
{
	struct page *p;

	arena_reset(x->a);
	p = arena_alloc(x->a, sizeof *p);
	x->reader = claim_reader_new(x->db, &x->v, x->a, x->form->titles ? x->o->schema : NULL);
	x->rights = rights_new(x->db, &x->v, x->a);
	x->names = NULL;
	if (!log_size(x->db, &x->judged, e))
		return false;
	if (!x->list->n_records)
		x->out->give.judged_at = x->judged;
	if (!(x->chosen ? page_chosen(x, k, after, p, e) : page_of_kind(x, k, after, p, e)) ||
	    !claim_reader_read(x->reader, x->a, p->numbers, p->n, p->claims, e))
		return false;
	*ret = p;
	return true;
}

/* ---- what is written of them ---- */

static bool
says(const struct export *x, const struct claim *c, const struct condition *w)
{
	const struct vocabulary *v = w->property->vocabulary;
	const struct term *wanted, *term;

	if (c->stance != ASSERTS || *c->compartment ||
	    strcmp(c->property, w->property->name) != 0)
		return false;
	if (w->value.kind == KIND_PLACE)
		return place_fits(x->a, &w->value, &c->value);
	if (spans(w))
		return c->value.kind == w->value.kind && c->value.low >= w->value.low &&
		    c->value.high <= w->value.high;
	if (strcmp(c->value.text, w->value.text) == 0)
		return true;
	wanted = v ? vocabulary_code(v, w->value.text) : NULL;
	term = v ? vocabulary_code(v, c->value.text) : NULL;
	return wanted && term && term_within(term, wanted);
}

/* By what may be told of it: else that it was found would tell the rest. */
static bool
fits(struct export *x, uint64_t record, const struct claims *c, bool *ret, struct err *e)
{
	*ret = true;
	for (size_t i = 0; *ret && i < x->o->n_conditions; i++) {
		const struct condition *w = &x->o->conditions[i];

		if (!is_plain(w)) {
			if (!record_fits(x->db, &x->v, x->a, w, 1, record, ret, e))
				return false;
			continue;
		}
		*ret = false;
		for (size_t k = 0; k < c->n && !*ret; k++)
			*ret = says(x, &c->c[k], w);
	}
	return true;
}

static bool
take_record(struct export *x, struct kind_of *k, const struct page *p, size_t i, bool counts,
    export_fn fn, bool *ret_stop, struct err *e)
{
	struct exported r = { p->numbers[i], p->ids[i], k, p->claims[i] };
	bool nothing = !r.claims.n && r.claims.withheld, fit;

	if (!fits(x, r.number, &r.claims, &fit, e))
		return false;
	if (!fit)
		return true;
	if (counts) {
		x->out->end.withheld += r.claims.withheld;
		x->out->end.withheld_records += nothing;
	}
	return nothing || fn(x, &r, ret_stop, e);
}

bool
read_records(struct export *x, struct kind_of *k, bool counts, export_fn fn, struct err *e)
{
	uint64_t after = 0;
	bool stop = false;
	struct page *p;

	do {
		if (!load_page(x, k, after, &p, e))
			return false;
		for (size_t i = 0; i < p->n && !stop; i++) {
			if (!take_record(x, k, p, i, counts, fn, &stop, e))
				return false;
			after = p->numbers[i];
		}
	} while (p->n == PAGE && !stop);
	return true;
}

size_t
claims_run(const struct claims *c, size_t i)
{
	size_t n = 1;

	while (i + n < c->n && strcmp(c->c[i].property, c->c[i + n].property) == 0)
		n++;
	return n;
}

/* ---- what links lead to ---- */

struct name_of { /* a record and what a format calls it */
	const char *id, *name, *type;
	struct name_of *next;
};

static bool
ask_name(
    struct export *x, const char *id, const char *property, const char **ret, struct err *e)
{
	AUTO(stmt) *q = db_query(x->db, e,
	    "SELECT c.value, c.item, c.compartment FROM claim c"
	    " JOIN record r ON r.number = c.record WHERE r.id = $1 AND c.property = $2"
	    " AND c.stance = 0 AND c.since < $3 AND c.until >= $3 ORDER BY c.number",
	    db_text(id), db_text(property), db_int(x->v.as_of));

	*ret = "";
	while (!**ret && db_next(q)) {
		const char *value = arena_str(x->a, db_get_text(q, 0)), *conditions;
		bool may;

		if (!rights_claim(
			x->rights, db_get_text(q, 2), db_get_int(q, 1), &may, &conditions, e))
			return false;
		if (may)
			*ret = value;
	}
	return db_end(q, e);
}

static bool
ask_type(struct export *x, const char *id, const char **ret, struct err *e)
{
	struct stmt *q =
	    db_query(x->db, e, "SELECT type FROM record WHERE id = $1", db_text(id));

	*ret = db_next(q) ? arena_str(x->a, db_get_text(q, 0)) : "";
	return db_end(q, e);
}

bool
name_of_record(struct export *x, const char *id, const char *property, const char **ret,
    const char **ret_type, struct err *e)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */
	struct name_of **slot, *n;

	if (!x->names)
		x->names = arena_alloc(x->a, NAMES * sizeof *x->names);
	for (const char *c = id; *c; c++)
		h = (h ^ (uint8_t)*c) * 1099511628211U;
	slot = &x->names[(h ^ h >> 32) % NAMES].next;
	for (n = *slot; n; n = n->next)
		if (strcmp(n->id, id) == 0) {
			*ret = n->name;
			*ret_type = n->type;
			return true;
		}
	n = arena_alloc(x->a, sizeof *n);
	if (!ask_name(x, id, property, &n->name, e) || !ask_type(x, id, &n->type, e))
		return false;
	n->id = arena_str(x->a, id);
	n->next = *slot;
	*slot = n;
	*ret = n->name;
	*ret_type = n->type;
	return true;
}
