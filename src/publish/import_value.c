/* publish/import_value: texts -> values; terms, dates and links are read once and kept. */
#include <string.h>

#include "publish/import_private.h"

enum { CACHED_MAX = 60000, CACHED_TEXT = 200, WAITING_MAX = 4000000 };

/* Such texts may be in a language. */
static bool
has_language(const struct property *p)
{
	static const char *const formats[] = { "", "name", "html", "address" };
	const char *format = p->args[0] ? p->args[0] : "";

	for (size_t i = 0; i < LEN(formats); i++)
		if (strcmp(formats[i], format) == 0)
			return true;
	return false;
}

struct value
import_text(struct arena *a, const char *text, const char *format, const char *language)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "text", text);
	json_put_some(a, j, "language", language);
	json_put_some(a, j, "format", format);
	return (struct value){ .kind = KIND_TEXT,
		.text = json_get_str(j, "text"),
		.format = format ? format : "",
		.language = language ? language : "",
		.unit = "",
		.vocabulary = "",
		.json = j };
}

/* ---- what was read before ---- */

static const char *
cache_key(struct import *x, const struct property *p, const char *text)
{
	return arena_printf(x->a, "%p %s", (const void *)p, text);
}

static const struct value *
cached(const struct import *x, const char *key)
{
	const struct index_slot *s = index_next(&x->values, key, NULL);

	return s ? s->what : NULL;
}

/* A copy that lives as long as the cache does. */
static void
cache(struct import *x, const char *key, const struct value *v)
{
	struct value *kept = arena_dup(x->caches, v, sizeof *v);

	kept->json = json_copy(x->caches, v->json);
	kept->text = arena_str(x->caches, v->text);
	kept->language = arena_str(x->caches, v->language);
	kept->format = arena_str(x->caches, v->format);
	kept->unit = arena_str(x->caches, v->unit);
	kept->vocabulary = arena_str(x->caches, v->vocabulary);
	index_put(&x->values, key, 1, kept);
	x->n_cached++;
}

/* Values lead into the arena: all are forgotten together, and never while a row uses them. */
void
import_cache_check(struct import *x)
{
	if (x->n_cached < CACHED_MAX)
		return;
	index_done(&x->values);
	arena_reset(x->caches);
	x->values = index_init(x->caches);
	x->n_cached = 0;
}

/* ---- links ---- */

static bool
may_lead(const struct import *x, const struct property *p, const struct type *t)
{
	(void)x;
	for (const char *const *to = p->args; *to; to++)
		if (type_is(t, *to))
			return true;
	return !*p->args;
}

/* Records of this import that go by the name. */
static bool
find_made(const struct import *x, const struct property *p, const char *name, uint64_t *ret,
    struct err *e)
{
	*ret = 0;
	for (const struct index_slot *s = index_next(&x->names, name, NULL); s;
	     s = index_next(&x->names, name, s)) {
		if (!may_lead(x, p, s->what))
			continue;
		if (*ret && *ret != s->number)
			return err_set(e, ERR_INVALID,
			    "several records of this file are named \"%.80s\"", name);
		*ret = s->number;
	}
	return true;
}

static bool
link_value(struct import *x, const struct property *p, const char *id, struct value *ret,
    struct err *e)
{
	return value_type(x->a, x->o->schema, p, id, ret, e);
}

/* What the Events Standard Formats have no file for (a party) is in them by its name alone. */
static const struct type *
without_file(const struct import *x, const struct property *p)
{
	for (const char *const *to = p->args; *to; to++) {
		const struct type *t = schema_type(x->o->schema, *to);
		bool has = !t || t->abstract;

		for (size_t i = 0; !has && i < t->n_maps; i++)
			has = strcmp(t->maps[i].format, "esf") == 0;
		if (!has)
			return t;
	}
	return NULL;
}

static bool
make_target(struct import *x, const struct property *p, const char *name, struct value *ret,
    struct err *e)
{
	const struct type *t = x->o->form == IMPORT_ESF ? without_file(x, p) : NULL;
	const struct creation *c;

	if (!t && p->creates && *p->args)
		t = schema_type(x->o->schema, *p->args);
	c = t && !t->abstract ? creations_name(x->a, &x->row.creations, t, name) : NULL;
	if (!c)
		return err_set(e, ERR_MISSING, "no record is named \"%.120s\"", name);
	return link_value(x, p, c->act.id.s, ret, e);
}

/* By its id: one of this import, of the mechanism, or of the mechanism that the file is from. */
static bool
find_id(struct import *x, const struct property *p, const char *name, struct value *ret,
    struct err *e)
{
	const struct index_slot *s = index_next(&x->foreign, name, NULL);
	struct record r;

	if (s)
		return link_value(x, p, ((const struct made_of *)s->what)->id, ret, e);
	return record_find_named(x->db, &x->v, x->a, x->o->schema, p->args, name, &r, e) &&
	    link_value(x, p, r.id, ret, e);
}

static bool
find_named(struct import *x, const struct property *p, const char *name, struct value *ret,
    struct err *e)
{
	uint64_t made = 0;
	struct err found = { 0 };
	struct record r = { 0 };
	const char *id;

	if (!find_made(x, p, name, &made, e))
		return false;
	if (!record_find_named(x->db, &x->v, x->a, x->o->schema, p->args, name, &r, &found) &&
	    found.kind != ERR_MISSING) {
		*e = found;
		return false;
	}
	if (!made && !r.id) {
		*e = found;
		return false;
	}
	if (made && r.id && r.number != made)
		return err_set(e, ERR_INVALID,
		    "2 records are named \"%.80s\": give the id of the one that is meant",
		    name);
	id = r.id ? r.id : import_id(x, x->db, made, e);
	return id && link_value(x, p, id, ret, e);
}

/* May a link lead to what stands further on in the file? */
static bool
comes_later(const struct import *x)
{
	return !x->at_end && x->n_waiting < WAITING_MAX &&
	    (x->o->form == IMPORT_FTM || x->o->form == IMPORT_ESF || x->table.own ||
		(x->o->form == IMPORT_UWAZI && x->table.type_column));
}

bool
import_link(struct import *x, const struct property *p, const char *name, struct value *ret,
    bool *ret_later, struct err *e)
{
	const char *key = cache_key(x, p, name);
	const struct value *known = cached(x, key);
	bool is_id = strncmp(name, "rec_", 4) == 0;

	*ret_later = false;
	if (known) {
		*ret = *known;
		return true;
	}
	if (is_id ? find_id(x, p, name, ret, e) : find_named(x, p, name, ret, e)) {
		if (strlen(name) < CACHED_TEXT)
			cache(x, key, ret);
		return true;
	}
	if (e->kind != ERR_MISSING)
		return false;
	if (comes_later(x)) {
		*ret_later = true;
		return false;
	}
	return !is_id && make_target(x, p, name, ret, e);
}

/* ---- values ---- */

static bool
read_item(struct import *x, const struct property *p, const char *text, struct value *ret,
    struct err *e)
{
	const char *id = x->o->item ? x->o->item(x->o->arg, text) : NULL;
	struct item it;

	if (!id && !record_find_item(x->db, &x->v, x->a, text, &it, e))
		return false;
	return value_type(x->a, x->o->schema, p, id ? id : it.id, ret, e);
}

/* Terms of several levels, "rights::assembly": the last level names the term. */
static bool
read_term(struct import *x, const struct property *p, const char *text, struct value *ret,
    struct err *e)
{
	const char *level = x->o->form == IMPORT_UWAZI ? strstr(text, "::") : NULL;

	return value_type(x->a, x->o->schema, p, text, ret, e) ||
	    (level && value_type(x->a, x->o->schema, p, level + 2, ret, &(struct err){ 0 }));
}

static bool
read_kept(struct import *x, const struct property *p, const char *text, struct value *ret,
    struct err *e)
{
	const char *key = cache_key(x, p, text);
	const struct value *known = cached(x, key);

	if (known) {
		*ret = *known;
		return true;
	}
	if (p->kind == KIND_TERM ? !read_term(x, p, text, ret, e) :
				   !value_type(x->a, x->o->schema, p, text, ret, e))
		return false;
	if (strlen(text) < CACHED_TEXT)
		cache(x, key, ret);
	return true;
}

static bool
read_text(struct import *x, const struct property *p, const char *text, bool typed,
    const char *language, struct value *ret, struct err *e)
{
	const char *format = p->args[0] ? p->args[0] : "";

	if (names_claim(p) && *text &&
	    !record_claim(x->db, &x->v, x->a, x->o->schema, text, NULL, NULL, e))
		return false;
	if (typed)
		return value_type(x->a, x->o->schema, p, text, ret, e);
	if (x->o->form == IMPORT_UWAZI && strcmp(format, "url") == 0 && strstr(text, "|"))
		text = strstr(text, "|") + 1; /* its label stands before it */
	*ret = import_text(x->a, text, format, has_language(p) ? language : "");
	return *ret->text || err_set(e, ERR_INVALID, "an empty text says nothing");
}

bool
import_value(struct import *x, const struct property *p, const char *text, bool typed,
    const char *language, struct value *ret, bool *ret_later, struct err *e)
{
	*ret_later = false;
	switch (p->kind) {
	case KIND_TEXT:
		return read_text(x, p, text, typed, language, ret, e);
	case KIND_LINK:
		return import_link(x, p, text, ret, ret_later, e);
	case KIND_ITEM:
		return read_item(x, p, text, ret, e);
	case KIND_TERM:
	case KIND_DATE:
		return read_kept(x, p, text, ret, e);
	default:
		return value_type(x->a, x->o->schema, p, text, ret, e);
	}
}

/* The cell's place, else the row's. */
static void
place_of(const struct import *x, const char *column, int64_t *ret_start, int64_t *ret_end)
{
	*ret_start = x->row.start;
	*ret_end = x->row.end;
	for (size_t i = 0; *column && i < x->row.n_cells; i++) {
		const struct row_cell *c = &x->row.cells[i];

		if (c->end > c->start && strcmp(c->name, column) == 0) {
			*ret_start = c->start;
			*ret_end = c->end;
			return;
		}
	}
}

struct statement
import_statement(
    const struct import *x, const struct property *p, const struct value *v, const char *column)
{
	const struct statement *rests = &x->o->rests;
	int64_t start, end;
	bool spans;

	place_of(x, column, &start, &end);
	spans = rests->text && start >= 0 && end > start && end <= x->o->text_bytes;
	return (struct statement){ .property = p->name,
		.value = *v,
		.source = rests->source,
		.item = rests->item,
		.text = rests->text,
		.start = spans ? start : -1,
		.end = spans ? end : -1,
		.credibility = rests->credibility,
		.compartment = rests->compartment ? rests->compartment : p->compartment };
}
