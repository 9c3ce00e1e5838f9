/* publish/import_cells: the cells of a row -> texts as people would type them: forms, templates, tables of values,
 * several values in one cell, conditions. */
#include <string.h>

#include "base/code.h"
#include "publish/import_private.h"

enum { PARTS_MAX = 4096 }; /* values in one cell */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *
trimmed(struct arena *a, const char *s)
{
	size_t n;

	while (is_space(*s))
		s++;
	n = strlen(s);
	while (n && is_space(s[n - 1]))
		n--;
	return s[n] ? arena_strn(a, s, n) : s;
}

/* Cells come in the order of their columns, without the empty ones. */
bool
cells_read(struct import *x, const struct plan *p, const struct row *r, struct cells_of *ret,
    struct err *e)
{
	size_t at = 0;

	ret->plan = p;
	ret->cell = arena_alloc(x->a, (p->n_names + 1) * sizeof *ret->cell);
	for (size_t i = 0; i < r->n; i++) {
		while (at < p->n_names && strcmp(p->names[at], r->cells[i].name) != 0)
			at++;
		if (at == p->n_names)
			return err_set(e, ERR_INVALID,
			    "a cell of \"%.80s\", which is no column", r->cells[i].name);
		x->totals->left += !p->used[at];
		ret->cell[at++] = r->cells[i].value;
	}
	return true;
}

static bool
same_letters(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;

		if (x != y)
			return false;
	}
	return true;
}

static const char *
cell_at(const struct cells_of *c, size_t column)
{
	return column < c->plan->n_names && c->cell[column] ? c->cell[column] : "";
}

/* "1..3661": a cell that is a whole number from the one to the other. */
static bool
is_in_range(const char *cell, const char *range)
{
	const char *dots = strstr(range, "..");
	uint64_t n, from, to;

	return dots && decimal_decode(range, (size_t)(dots - range), INT64_MAX, &from) &&
	    decimal_decode(dots + 2, strlen(dots + 2), INT64_MAX, &to) &&
	    decimal_decode(cell, strlen(cell), INT64_MAX, &n) && n >= from && n <= to;
}

bool
cells_fit(const struct cells_of *c, const struct condition_at *when, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *cell = cell_at(c, when[i].column);
		bool is = false;

		for (const char *const *v = when[i].values; *v && !is; v++)
			is = same_letters(cell, *v) || is_in_range(cell, *v);
		if (is == when[i].unless)
			return false;
	}
	return true;
}

/* ---- forms ---- */

static bool
is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

static const char *
form_none(struct arena *a, const char *s, const char *argument)
{
	(void)a;
	(void)argument;
	return s;
}

static const char *
form_day(struct arena *a, const char *s, const char *argument)
{
	(void)argument;
	if (strlen(s) > 10 && is_digits(s, 4) && s[4] == '-' && is_digits(s + 5, 2) &&
	    s[7] == '-' && is_digits(s + 8, 2) && (s[10] == 'T' || s[10] == ' '))
		return arena_strn(a, s, 10);
	return s;
}

/* "2009/3/01", "2009-00-00": a part of zeros is not known. Anything else stays as it is. */
static const char *
one_date(struct arena *a, const char *s, size_t n)
{
	const char *year = arena_strn(a, s, n), *month, *day;
	size_t m, d;

	if (n < 6 || !is_digits(year, 4) || (year[4] != '/' && year[4] != '-'))
		return year;
	month = year + 5;
	m = strspn(month, "0123456789");
	if (m < 1 || m > 2 || (month[m] && month[m] != year[4]))
		return year;
	day = month + m + (month[m] != 0);
	d = strspn(day, "0123456789");
	if (d > 2 || day[d] || (month[m] && !d))
		return year;
	if (strspn(month, "0") == m)
		return arena_strn(a, year, 4);
	if (!d || strspn(day, "0") == d)
		return arena_printf(a, "%.4s-%s%.*s", year, m == 1 ? "0" : "", (int)m, month);
	return arena_printf(a, "%.4s-%s%.*s-%s%.*s", year, m == 1 ? "0" : "", (int)m, month,
	    d == 1 ? "0" : "", (int)d, day);
}

/* Where FROM:TO or FROM~TO is parted; NULL if it is one date. "2020-06~" is about June, but to Uwazi, which has
 * no such dates, it is since June. */
static const char *
range_mark(const char *s, const char *argument)
{
	const char *colon = strchr(s, ':'), *tilde = strchr(s, '~');

	/* A time of day has colons, too. */
	if (colon)
		return strchr(s, 'T') || strchr(colon + 1, ':') ? NULL : colon;
	if (!tilde || strpbrk(tilde + 1, "~/[]") || strchr(s, '/') > tilde)
		return NULL;
	return is_digits(tilde + 1, MIN((size_t)4, strlen(tilde + 1))) &&
		(tilde[1] || *argument == '~') ?
	    tilde :
	    NULL;
}

static const char *
form_date(struct arena *a, const char *s, const char *argument)
{
	const char *mark = range_mark(s, argument);
	size_t n = mark ? (size_t)(mark - s) : strlen(s);

	if (!mark)
		return strchr(s, ':') ? s : one_date(a, s, n);
	return arena_printf(a, "%s/%s", n ? one_date(a, s, n) : "..",
	    mark[1] ? one_date(a, mark + 1, strlen(mark + 1)) : "..");
}

static const char *
form_after(struct arena *a, const char *s, const char *argument)
{
	size_t n = strlen(argument);

	(void)a;
	return strncmp(s, argument, n) == 0 && s[n] ? s + n : NULL;
}

static const char *
form_coordinates(struct arena *a, const char *s, const char *argument)
{
	const char *bar = strchr(s, '|');

	(void)argument;
	return bar ? arena_printf(a, "%s,%s", arena_strn(a, s, (size_t)(bar - s)), bar + 1) : s;
}

static const char *
form_name(struct arena *a, const char *s, const char *argument)
{
	(void)argument;
	return arena_printf(a, "%s @", s);
}

static const char *(*const forms[])(struct arena *a, const char *s, const char *argument) = {
	[FORM_NONE] = form_none,
	[FORM_DAY] = form_day,
	[FORM_DATE] = form_date,
	[FORM_AFTER] = form_after,
	[FORM_COORDINATES] = form_coordinates,
	[FORM_NAME] = form_name,
};
_Static_assert(LEN(forms) == MAPPING_FORMS, "every form has a row");

/* A file's name means what the table says, and nothing else. */
static const char *
in_table(const struct plan_property *p, const char *s)
{
	for (size_t i = 0; i < p->n_values; i++)
		if (same_letters(p->values[i].from, s))
			return p->values[i].to;
	return p->source == FROM_FILE && p->n_values ? "" : s;
}

/* A cell, or a part of one, as its text; NULL if that says nothing. */
static const char *
text_of_part(struct arena *a, const struct plan_property *p, const char *part)
{
	const char *s = trimmed(a, part);

	if (!*s || !(s = forms[p->form](a, s, p->argument)))
		return NULL;
	s = in_table(p, s);
	return *s ? s : NULL;
}

/* ---- several values ---- */

/* The next part of a cell, up to the mark; *at is NULL after the last. */
static const char *
next_part(struct arena *a, const struct plan_property *p, const char **at)
{
	size_t n_split = strlen(p->split), n = 0;
	const char *s = *at;
	char *part;

	if (!p->escapes) {
		const char *end = strstr(s, p->split);

		*at = end ? end + n_split : NULL;
		return end ? arena_strn(a, s, (size_t)(end - s)) : s;
	}
	part = arena_alloc(a, strlen(s) + 1);
	for (; *s && strncmp(s, p->split, n_split) != 0; s++) {
		if (*s == '\\' && (s[1] == '\\' || s[1] == *p->split))
			s++;
		part[n++] = *s;
	}
	*at = *s ? s + n_split : NULL;
	return part;
}

struct adding {
	struct text_of *first, **last;
};

static void
add_text(struct import *x, struct adding *to, const char *text, const char *column)
{
	struct text_of *t = arena_alloc(x->a, sizeof *t);

	*t = (struct text_of){ .text = text, .column = column };
	*to->last = t;
	to->last = &t->next;
}

static void
add_cell(struct import *x, struct adding *to, const struct plan_property *p, const char *cell,
    const char *column)
{
	const char *at = cell, *text;

	if (!*p->split) {
		if ((text = text_of_part(x->a, p, cell)))
			add_text(x, to, text, column);
		return;
	}
	for (size_t n = 0; at && n < PARTS_MAX; n++)
		if ((text = text_of_part(x->a, p, next_part(x->a, p, &at))))
			add_text(x, to, text, column);
}

/* ---- by source ---- */

static void
add_columns(struct import *x, const struct cells_of *c, const struct plan_property *p,
    struct adding *to)
{
	for (size_t i = 0; i < p->n_columns && (p->all || !to->first); i++)
		if (*cell_at(c, p->columns[i]))
			add_cell(
			    x, to, p, cell_at(c, p->columns[i]), c->plan->names[p->columns[i]]);
}

/* NULL if one of its columns says nothing. */
static const char *
filled(struct import *x, const struct cells_of *c, const struct plan_property *p,
    const char *template, size_t *column, const char **ret_column)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const char *part;
	bool is_column, empty = false;
	size_t n;

	while ((part = template_next(&template, &n, &is_column))) {
		const char *text;

		if (!is_column) {
			buf_add(&b, part, n);
			continue;
		}
		text = text_of_part(x->a, p, cell_at(c, p->columns[*column]));
		if (text)
			buf_str(&b, text);
		else
			empty = true;
		if (p->columns[*column] < c->plan->n_names)
			*ret_column = c->plan->names[p->columns[*column]];
		++*column;
	}
	return empty || b.full ? NULL : arena_str(x->a, buf_peek(&b));
}

static void
add_template(struct import *x, const struct cells_of *c, const struct plan_property *p,
    struct adding *to)
{
	size_t column = 0;

	for (const char *const *w = p->words; *w; w++) {
		const char *name = "", *text = filled(x, c, p, *w, &column, &name);

		if (text && !to->first)
			add_text(x, to, text, name);
	}
}

static const char *
estimated(struct arena *a, const char *date, const char *type)
{
	if (!same_letters(type, "estimated") || strpbrk(date, "~?%"))
		return date;
	return arena_printf(a, "%s~", date);
}

/* The dates of the Events Standard Formats: parts written as zeros, and their types beside them. */
static void
type_dates(struct import *x, const struct cells_of *c, const struct plan_property *p,
    struct text_of *dates)
{
	const char *types = p->date_types ? cell_at(c, p->date_types - 1) : "";

	for (; dates; dates = dates->next) {
		size_t n = strcspn(types, "|");

		dates->text = one_date(x->a, dates->text, strlen(dates->text));
		dates->text =
		    estimated(x->a, dates->text, trimmed(x->a, arena_strn(x->a, types, n)));
		if (types[n])
			types += n + 1;
	}
}

struct text_of *
cells_texts(struct import *x, const struct cells_of *c, const struct plan_property *p)
{
	struct adding to = { .last = NULL };

	to.last = &to.first;
	if (!cells_fit(c, p->when, p->n_when))
		return NULL;
	switch (p->source) {
	case FROM_COLUMN:
		add_columns(x, c, p, &to);
		break;
	case FROM_TEMPLATE:
		add_template(x, c, p, &to);
		break;
	case FROM_CONSTANT:
		add_text(x, &to, p->words[0], "");
		break;
	case FROM_FILE:
		add_cell(x, &to, p, x->o->file, "");
		break;
	default:
		break;
	}
	if (x->o->form == IMPORT_ESF && !p->id && p->property->kind == KIND_DATE)
		type_dates(x, c, p, to.first);
	return to.first;
}
