/* publish/import_text: what a text was cut into, as rows of cells (import_text.h). */
#include "publish/import_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "publish/text_private.h"

enum { TEXT_BYTES = 64 << 20, SHOWN = 12 };

void
text_put(struct text_values *io, const char *name, const char *value, size_t start, size_t end)
{
	if (io->n < TEXT_VALUES && *value)
		io->v[io->n++] = (struct text_value){ name, value, start, end };
}

const struct text_value *
text_value(const struct text_values *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->v[i].name, name) == 0)
			return &v->v[i];
	return NULL;
}

/* ---- columns ---- */

/* Columns that rows have without any heading of theirs. */
bool
text_derived(const struct mapping *m, const char *name)
{
	static const char *const given[] = { "number", "text", "names", "others", "section" };

	for (size_t i = 0; i < LEN(given); i++)
		if (strcmp(given[i], name) == 0)
			return true;
	for (size_t i = 0; i < m->n_lines; i++) {
		enum mapping_rule r = m->lines[i].rule;

		if ((r == RULE_AFTER || r == RULE_BEFORE || r == RULE_BETWEEN ||
			r == RULE_WORD) &&
		    strcmp(m->lines[i].name, name) == 0)
			return true;
	}
	return false;
}

static void
list_columns(struct text_rows *r)
{
	const char *const *const lists[] = { r->m->columns, r->m->may };
	size_t n = 0;

	for (size_t i = 0; i < LEN(lists); i++)
		for (const char *const *c = lists[i]; *c; c++)
			n++;
	r->columns = arena_alloc(r->a, (n + 1) * sizeof *r->columns);
	for (size_t i = 0; i < LEN(lists); i++) {
		for (const char *const *c = lists[i]; *c; c++)
			r->columns[r->n_columns++] = *c;
		if (!i)
			r->n_must = r->n_columns;
	}
}

/* ---- what holds for the whole text ---- */

static void
put_fact(struct text_rows *r, const char *name, size_t start, size_t end)
{
	const char *text = r->from.text;
	const struct term *t;

	text_trim(text, &start, &end);
	if (start == end || r->n_facts == TEXT_VALUES)
		return;
	t = text_name(r->a, r->s, r->m, text + start, end - start);
	r->facts[r->n_facts++] = (struct text_value){ .name = name,
		.value = t ? t->code : text_joined(r->a, text + start, end - start),
		.start = start,
		.end = end };
}

static bool
has_fact(const struct text_rows *r, const char *name)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (strcmp(r->facts[i].name, name) == 0)
			return true;
	return false;
}

static void
find_between(struct text_rows *r, const struct mapping_line *l)
{
	size_t at = 0, start, from, to, end;

	while (text_find(l->words[0], r->from.text, at, r->from.n, &start, &from)) {
		if (text_find(l->words[1], r->from.text, from, MIN(r->from.n, from + TEXT_FACT),
			&to, &end)) {
			put_fact(r, l->name, from, to);
			return;
		}
		at = from;
	}
}

static void
find_word(struct text_rows *r, const struct mapping_line *l)
{
	const char *text = r->from.text;

	for (size_t i = 0, end; i < r->from.n; i = end + 1) {
		end = i;
		while (end < r->from.n && !text_blank(text[end]))
			end++;
		if (end - i > TEXT_FACT || !text_fits_any(l, text + i, end - i))
			continue;
		put_fact(r, l->name, i, end);
		return;
	}
}

static void
find_facts(struct text_rows *r)
{
	for (size_t i = 0; i < r->m->n_lines; i++) {
		const struct mapping_line *l = &r->m->lines[i];

		if (has_fact(r, l->name))
			continue;
		if (l->rule == RULE_BETWEEN)
			find_between(r, l);
		else if (l->rule == RULE_WORD)
			find_word(r, l);
	}
}

/* ---- numbered passages ---- */

static void
tell_strange(struct text_rows *r, const char *number, const struct text_names *n)
{
	if (!n->ended && r->n_open++ < SHOWN)
		buf_printf(&r->open, "%s%s", r->n_open > 1 ? ", " : "", number);
	if (*n->others && r->n_strange++ < SHOWN)
		buf_printf(&r->strange, "%s\"%.80s\" (%s)", r->n_strange > 1 ? ", " : "",
		    n->others, number);
}

/* A numbered passage as number, text and names. */
void
text_put_numbered(struct text_rows *r, struct text_values *io, const char *number,
    const char *body, size_t start, size_t end)
{
	struct text_names names;

	text_names(r->a, r->s, r->m, body, &names);
	text_put(io, "number", number, start, end);
	text_put(io, "text", names.text, start, end);
	text_put(io, "names", names.codes, start, end);
	text_put(io, "others", names.others, start, end);
	if (mapping_next(r->m, RULE_NAMES, NULL))
		tell_strange(r, number, &names);
}

/* ---- rows ---- */

static struct text_made *
add_row(struct text_rows *r, size_t start, size_t end)
{
	if (r->n == r->cap) {
		r->cap = MAX((size_t)256, 2 * r->cap);
		r->rows = mem_grow(r->rows, r->cap * sizeof *r->rows);
	}
	r->rows[r->n] = (struct text_made){ .start = start, .end = end };
	return &r->rows[r->n++];
}

void
text_add_row(struct text_rows *r, struct text_values *v, size_t start, size_t end)
{
	struct text_made *row = add_row(r, start, end);

	for (size_t i = 0; i < r->n_facts; i++)
		text_put(
		    v, r->facts[i].name, r->facts[i].value, r->facts[i].start, r->facts[i].end);
	row->cells = arena_alloc(r->a, (r->n_columns + 1) * sizeof *row->cells);
	for (size_t i = 0; i < r->n_columns; i++) {
		const struct text_value *of = text_value(v, r->columns[i]);

		if (of)
			row->cells[row->n++] = (struct row_cell){ .name = r->columns[i],
				.value = of->value,
				.start = (int64_t)of->start,
				.end = (int64_t)of->end };
	}
}

/* ---- numbered paragraphs ---- */

static void
take_passage(struct text_rows *r, const struct numbered *p)
{
	struct text_values v = { .n = 0 };
	const char *body = text_joined(r->a, p->body, p->n_body);

	text_put(&v, "section", p->section, p->start, p->end);
	text_put_numbered(r, &v, p->number, body, p->start, p->end);
	text_add_row(r, &v, p->start, p->end);
	if (p->cut)
		r->rows[r->n - 1].broken =
		    "a paragraph of more than 64 KB: where it ends is not"
		    " to be seen";
}

static void
tell(struct text_rows *r, const char *words)
{
	if (r->from.notice)
		r->from.notice(r->from.arg, words);
}

/* Numbers that no paragraph has, though one before and one after it has them. */
static void
tell_gaps(struct text_rows *r, const struct numbered_list *l)
{
	AUTO_VAL(buf) b = buf_init(4096);
	size_t missing = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct numbered *p = &l->p[i], *before = i ? p - 1 : NULL;
		uint32_t from =
		    before && before->paragraph == p->paragraph && before->item < p->item ?
		    before->item + 1 :
		    1;

		for (uint32_t k = from; k < p->item; k++)
			if (missing++ < SHOWN)
				buf_printf(
				    &b, "%s%u.%u", missing > 1 ? ", " : "", p->paragraph, k);
	}
	if (missing)
		tell(r,
		    arena_printf(r->a, "%zu %s, between others that are there: %s%s", missing,
			missing == 1 ? "number is missing" : "numbers are missing",
			buf_peek(&b), missing > SHOWN ? ", …" : ""));
}

static bool
rows_of_numbers(struct text_rows *r, struct err *e)
{
	struct numbered_list l;

	text_numbered(r->a, r->m, &r->from, &r->places, &l);
	if (!l.n)
		return err_set(e, ERR_INVALID,
		    "no paragraph of the text announces a numbered part as mapping %s knows them",
		    r->m->name);
	if (l.n > TEXT_ROWS)
		return err_set(e, ERR_TOO_BIG, "more than %d numbered paragraphs", TEXT_ROWS);
	for (size_t i = 0; i < l.n; i++)
		take_passage(r, &l.p[i]);
	tell_gaps(r, &l);
	if (l.n_bare)
		tell(r,
		    arena_printf(r->a,
			"%zu %s announced without any numbers behind: it may name them by"
			" where they stand in the text",
			l.n_bare, l.n_bare == 1 ? "part is" : "parts are"));
	return true;
}

/* ---- all of it ---- */

static void
tell_names(struct text_rows *r)
{
	if (r->without_number)
		tell(r,
		    arena_printf(r->a, "%zu %s without a number, and passed over",
			r->without_number,
			r->without_number == 1 ? "row of the table is" :
						 "rows of the tables are"));
	if (r->n_open)
		tell(r,
		    arena_printf(r->a,
			"%zu of %zu %s not end with a known name in brackets; what is of"
			" them may be in another order: %s%s",
			r->n_open, r->n, r->n_open == 1 ? "does" : "do", buf_peek(&r->open),
			r->n_open > SHOWN ? ", …" : ""));
	if (r->n_strange)
		tell(r,
		    arena_printf(r->a,
			"what brackets name besides, and is kept as it stands: %s%s",
			buf_peek(&r->strange), r->n_strange > SHOWN ? ", …" : ""));
}

static bool
make_rows(struct text_rows *r, struct err *e)
{
	if (r->from.n > TEXT_BYTES)
		return err_set(e, ERR_TOO_BIG, "a text of more than %d MB", TEXT_BYTES >> 20);
	if (!text_places(r->a, &r->from, &r->places, e))
		return false;
	list_columns(r);
	find_facts(r);
	if (!(r->m->rows == ROWS_OF_TABLES ? text_tables(r, e) : rows_of_numbers(r, e)))
		return false;
	tell_names(r);
	return true;
}

struct text_rows *
text_rows_open(const struct schema *s, const struct mapping *m, const struct text_source *from,
    struct err *e)
{
	AUTO(text_rows) *r = mem_zalloc(sizeof *r);

	r->a = arena_new();
	r->s = s;
	r->m = m;
	r->from = *from;
	r->strange = buf_init(8192);
	r->open = buf_init(8192);
	return make_rows(r, e) ? TAKE(r) : NULL;
}

void
text_rows_close(struct text_rows *r)
{
	if (!r)
		return;
	buf_done(&r->strange);
	buf_done(&r->open);
	free(r->rows);
	arena_free(r->a);
	free(r);
}

bool
text_rows_next(void *arg, struct row *ret, bool *ret_end, struct err *e)
{
	struct text_rows *r = arg;
	const struct text_made *row;

	(void)e;
	*ret_end = r->at == r->n;
	if (*ret_end)
		return true;
	row = &r->rows[r->at++];
	*ret = (struct row){ .table = "",
		.number = r->at,
		.start = (int64_t)row->start,
		.end = (int64_t)row->end,
		.cells = row->cells,
		.n = row->n,
		.columns = r->columns,
		.n_columns = r->n_columns,
		.broken = row->broken };
	return true;
}

bool
text_rows_again(void *arg, struct err *e)
{
	(void)e;
	((struct text_rows *)arg)->at = 0;
	return true;
}
