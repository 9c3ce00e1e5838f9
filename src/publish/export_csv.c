/* publish/export_csv: one table of all records; a row a record, a column a property. Only what somebody
 * asserts has a place in it. */
#include <stdlib.h>
#include <string.h>

#include "publish/export_private.h"

enum { ROW_BYTES = 512 << 20 };

/* ---- cells ---- */

static bool
needs_quotes(const char *s)
{
	size_t n = strlen(s);

	return s[strcspn(s, ",\"\r\n")] || (n && (*s == ' ' || s[n - 1] == ' '));
}

void
csv_cell(struct buf *b, bool first, const char *s, bool guard)
{
	bool guarded = guard && *s && strchr("=+-@\t\r", *s);

	if (!first)
		buf_byte(b, ',');
	if (!needs_quotes(s) && !guarded) {
		buf_str(b, s);
		return;
	}
	buf_byte(b, '"');
	if (guarded) /* a spreadsheet takes what follows for text */
		buf_byte(b, '\'');
	for (; *s; s++) {
		if (*s == '"')
			buf_byte(b, '"');
		buf_byte(b, (uint8_t)*s);
	}
	buf_byte(b, '"');
}

void
csv_value(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '|' || *s == '\\')
			buf_byte(b, '\\');
		buf_byte(b, (uint8_t)*s);
	}
}

/* ---- columns ---- */

struct column {
	const char *name;
	size_t place;
};
struct table {
	const char **names;    /* as they stand */
	struct column *sorted; /* by name */
	const char **cells;    /* of the record at hand */
	size_t n, cap;
};

static bool
has_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->names[i], name) == 0)
			return true;
	return false;
}

static void
add_column(struct export *x, struct table *t, const char *name)
{
	if (t->n == t->cap) {
		const char **grown;

		t->cap = MAX((size_t)64, 2 * t->cap);
		grown = arena_alloc(x->kept, t->cap * sizeof *grown);
		if (t->n)
			memcpy(grown, t->names, t->n * sizeof *grown);
		t->names = grown;
	}
	t->names[t->n++] = name;
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct column *)x)->name, ((const struct column *)y)->name);
}

/* The properties of the types that are found, each once. What a record has that its type lacks
 * (a schema that changed) has no column. */
static struct table *
make_table(struct export *x)
{
	struct table *t = arena_alloc(x->kept, sizeof *t);

	for (size_t i = 0; i < x->n_kinds; i++) {
		const struct type *type = x->kinds[i].found ? x->kinds[i].type : NULL;

		for (const struct property *const *p = type ? type->properties : NULL; p && *p;
		     p++)
			if (!has_column(t, (*p)->name))
				add_column(x, t, (*p)->name);
	}
	t->sorted = arena_alloc(x->kept, (t->n + 1) * sizeof *t->sorted);
	t->cells = arena_alloc(x->kept, (t->n + 1) * sizeof *t->cells);
	for (size_t i = 0; i < t->n; i++)
		t->sorted[i] = (struct column){ t->names[i], i };
	if (t->n)
		qsort(t->sorted, t->n, sizeof *t->sorted, by_name);
	return t;
}

static bool
start(struct export *x, struct err *e)
{
	struct table *t = make_table(x);

	(void)e;
	x->state = t;
	csv_cell(&x->bytes, true, "record", false);
	csv_cell(&x->bytes, false, "type", false);
	for (size_t i = 0; i < t->n; i++)
		csv_cell(&x->bytes, false, t->names[i], false);
	buf_str(&x->bytes, "\r\n");
	return true;
}

/* ---- rows ---- */

static bool
said_before(const struct claim *c, size_t n, const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].stance == ASSERTS && strcmp(c[i].value.text, value) == 0)
			return true;
	return false;
}

/* Two values may differ in more than what they are found by: a text in its language, a number in its
 * unit. */
static bool
written_before(
    struct arena *a, const struct claim *c, size_t n, const char *typed, const struct value *v)
{
	if (!said_before(c, n, v->text))
		return false;
	for (size_t i = 0; i < n; i++)
		if (c[i].stance == ASSERTS && strcmp(value_print(a, &c[i].value), typed) == 0)
			return true;
	return false;
}

/* The values of a property that somebody asserts, each once. */
static const char *
values_of(struct export *x, const struct claim *c, size_t n)
{
	AUTO_VAL(buf) b = buf_init(ROW_BYTES);

	for (size_t i = 0; i < n; i++) {
		const char *typed;

		if (c[i].stance != ASSERTS) {
			x->out->left_out++;
			continue;
		}
		typed = value_print(x->a, &c[i].value);
		if (written_before(x->a, c, i, typed, &c[i].value))
			continue;
		if (b.n)
			buf_byte(&b, '|');
		csv_value(&b, typed);
	}
	return arena_str(x->a, buf_peek(&b));
}

static bool
record(struct export *x, const struct exported *r, struct err *e)
{
	struct table *t = x->state;
	bool guard = x->o->for_spreadsheets;

	(void)e;
	memset(t->cells, 0, t->n * sizeof *t->cells);
	for (size_t i = 0, n; i < r->claims.n; i += n) {
		const struct claim *c = &r->claims.c[i];
		const struct column wanted = { c->property, 0 };
		const struct column *column =
		    bsearch(&wanted, t->sorted, t->n, sizeof wanted, by_name);

		n = claims_run(&r->claims, i);
		if (column && r->kind->type && type_property(r->kind->type, c->property))
			t->cells[column->place] = values_of(x, c, n);
		else
			x->out->left_out += n;
	}
	csv_cell(&x->bytes, true, r->id, false);
	csv_cell(&x->bytes, false, r->kind->name, false);
	for (size_t i = 0; i < t->n; i++)
		csv_cell(&x->bytes, false, t->cells[i] ? t->cells[i] : "", guard);
	buf_str(&x->bytes, "\r\n");
	return true;
}

static bool
finish(struct export *x, struct err *e)
{
	(void)x;
	(void)e;
	return true;
}

const struct form export_csv = {
	.looks_ahead = true, .start = start, .record = record, .finish = finish
};
