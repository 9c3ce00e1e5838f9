/* publish/text_tables: rows of the tables of a text: a row of headings, and those under it. */
#include <string.h>

#include "base/buf.h"
#include "publish/import_plan_private.h"
#include "publish/text_private.h"

/* ---- headings ---- */

static void
add_heading(struct text_rows *r, size_t column, const char *name)
{
	r->headings[r->n_headings++] =
	    (struct text_heading){ .column = column, .folded = plan_folded(r->a, name) };
}

/* A heading says the column's name, or what the mapping says it may be called besides. */
static void
list_headings(struct text_rows *r)
{
	const struct mapping_line *l = NULL;
	size_t n = r->n_columns;

	while ((l = mapping_next(r->m, RULE_HEADING, l)))
		for (const char *const *w = l->words; *w; w++)
			n++;
	r->headings = arena_alloc(r->a, (n + 1) * sizeof *r->headings);
	for (size_t i = 0; i < r->n_columns; i++) {
		if (text_derived(r->m, r->columns[i]))
			continue;
		add_heading(r, i, r->columns[i]);
		while ((l = mapping_next(r->m, RULE_HEADING, l)))
			for (const char *const *w = l->words; *w; w++)
				if (strcmp(l->name, r->columns[i]) == 0)
					add_heading(r, i, *w);
	}
}

/* ---- parts of cells ---- */

/* What follows some words in a cell, or what comes before them. */
static void
put_part(struct text_rows *r, struct text_values *io, const struct mapping_line *l)
{
	const struct text_value *of = text_value(io, l->words[0]);
	size_t n = of ? strlen(of->value) : 0, from, to, start, end;

	for (const char *const *w = l->words + 1; of && *w; w++) {
		if (!text_find(*w, of->value, 0, n, &from, &to))
			continue;
		start = l->rule == RULE_AFTER ? to : 0;
		end = l->rule == RULE_AFTER ? n : from;
		text_trim(of->value, &start, &end);
		text_put(io, l->name, arena_strn(r->a, of->value + start, end - start),
		    of->start + start, of->start + end);
		return;
	}
	if (of && l->rule == RULE_BEFORE)
		text_put(io, l->name, of->value, of->start, of->end);
}

/* ---- rows ---- */

struct grid { /* the cells of a row */
	const struct text_cell *cells;
	size_t n;
};

static struct grid
next_grid(const struct text_places *p, size_t *at)
{
	struct grid g = { .cells = p->cells + *at };

	while (*at < p->n_cells && p->cells[*at].table == g.cells->table &&
	    p->cells[*at].row == g.cells->row) {
		++*at;
		g.n++;
	}
	return g;
}

struct headed { /* by the mapping's columns: the table's column, 0: none */
	uint32_t *column;
	size_t found, lacking; /* of those that must be there */
	const char *first;     /* that is lacking */
};

static void
read_heading(struct text_rows *r, const struct text_cell *c, struct headed *io)
{
	size_t n = c->end - c->start;
	const char *folded;

	if (n > TEXT_FACT)
		return;
	folded = plan_folded(r->a, text_joined(r->a, r->from.text + c->start, n));
	for (size_t i = 0; *folded && i < r->n_headings; i++) {
		uint32_t *column = &io->column[r->headings[i].column];

		if (!*column && strcmp(r->headings[i].folded, folded) == 0)
			*column = c->column;
	}
}

static struct headed
read_headings(struct text_rows *r, const struct grid *g)
{
	struct headed h = { .column =
				arena_alloc(r->a, (r->n_columns + 1) * sizeof *h.column) };

	for (size_t k = 0; k < g->n; k++)
		read_heading(r, &g->cells[k], &h);
	for (size_t i = 0; i < r->n_must; i++) {
		if (text_derived(r->m, r->columns[i]))
			continue;
		h.found += h.column[i] != 0;
		if (!h.column[i] && !h.lacking++)
			h.first = r->columns[i];
	}
	return h;
}

/* The cells of the columns, and their parts. */
static void
read_cells(
    struct text_rows *r, const struct grid *g, const struct headed *h, struct text_values *io)
{
	for (size_t k = 0; k < g->n; k++)
		for (size_t i = 0; i < r->n_columns; i++) {
			size_t start = g->cells[k].start, end = g->cells[k].end;

			if (h->column[i] != g->cells[k].column)
				continue;
			text_trim(r->from.text, &start, &end);
			text_put(io, r->columns[i],
			    arena_strn(r->a, r->from.text + start, end - start), start, end);
		}
	for (size_t i = 0; i < r->m->n_lines; i++)
		if (r->m->lines[i].rule == RULE_AFTER || r->m->lines[i].rule == RULE_BEFORE)
			put_part(r, io, &r->m->lines[i]);
}

static const char *
written(struct arena *a, const struct text_number *n)
{
	AUTO_VAL(buf) b = buf_init(64);

	for (size_t i = 0; i < n->n; i++)
		buf_printf(&b, "%s%u", i ? "." : "", n->part[i]);
	return arena_str(a, buf_peek(&b));
}

static void
take_grid(struct text_rows *r, const struct grid *g, const struct headed *h)
{
	const struct mapping_line *of = mapping_next(r->m, RULE_NUMBERED, NULL);
	const struct text_value *whole;
	struct text_values v = { .n = 0 };
	struct text_number number;

	read_cells(r, g, h, &v);
	whole = of ? text_value(&v, of->name) : NULL;
	if (whole && text_number(r->m, whole->value, strlen(whole->value), &number)) {
		const char *body = whole->value + number.length;

		text_put_numbered(r, &v, written(r->a, &number),
		    text_joined(r->a, body, strlen(body)), whole->start, whole->end);
	} else if (of) {
		r->without_number++;
		return;
	}
	if (v.n)
		text_add_row(r, &v, g->cells[0].start, g->cells[g->n - 1].end);
}

/* The headings once more, where a table goes on on another page. */
static bool
same_cells(const struct text_rows *r, const struct grid *a, const struct grid *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct text_cell *x = &a->cells[i], *y = &b->cells[i];

		if (x->end - x->start != y->end - y->start ||
		    memcmp(r->from.text + x->start, r->from.text + y->start,
			x->end - x->start) != 0)
			return false;
	}
	return true;
}

/* What the nearest of the tables has instead. */
static bool
no_table(struct text_rows *r, const struct grid *best, const struct headed *h, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(1024);

	if (!best->n)
		return err_set(e, ERR_MISSING,
		    "the text has no table: mapping %s takes rows from tables of DOCX, ODT, XLSX"
		    " and the like",
		    r->m->name);
	for (size_t k = 0; k < best->n && k < 6; k++)
		buf_printf(&b, "%s\"%.30s\"", k ? ", " : "",
		    text_joined(r->a, r->from.text + best->cells[k].start,
			MIN(best->cells[k].end - best->cells[k].start, (size_t)TEXT_FACT)));
	return err_set(e, ERR_INVALID,
	    "no table has the column \"%.40s\" that mapping %s needs; the nearest row of headings"
	    " says %s",
	    h->first, r->m->name, buf_peek(&b));
}

bool
text_tables(struct text_rows *r, struct err *e)
{
	enum { HEADINGS = 5, TABLES = 2000 }; /* among the first rows of the first tables */
	struct headed open = { .column = NULL }, best = { .lacking = SIZE_MAX };
	struct grid nearest = { .n = 0 }, head = { .n = 0 };
	uint64_t table = 0;
	size_t seen = 0, tables = 0;

	list_headings(r);
	for (size_t at = 0; at < r->places.n_cells;) {
		struct grid g = next_grid(&r->places, &at);
		bool other = g.cells->table != table;

		tables += other;
		seen = other ? 0 : seen + 1;
		table = g.cells->table;
		/* A table that goes on after a break has no headings of its own, or has them again. */
		if (seen < HEADINGS && tables < TABLES) {
			struct headed h = read_headings(r, &g);

			if (h.found && h.lacking < best.lacking) {
				best = h;
				nearest = g;
			}
			if (!h.lacking) {
				open = h;
				head = g;
				continue;
			}
			if (!nearest.n)
				nearest = g;
			if (!best.first)
				best.first = h.first;
		}
		if (open.column && !same_cells(r, &head, &g))
			take_grid(r, &g, &open);
		if (r->n > TEXT_ROWS)
			return err_set(e, ERR_TOO_BIG, "more than %d rows", TEXT_ROWS);
	}
	return open.column || no_table(r, &nearest, &best, e);
}
