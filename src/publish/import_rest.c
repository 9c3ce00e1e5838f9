/* publish/import_rest: JSON objects as they came, kept as text: numbers with fractions, which base/json refuses,
 * must leave again as they were written. */
#include <stdlib.h>
#include <string.h>

#include "publish/import_private.h"

enum { DEPTH_MAX = 64 };

/* ---- one value in a text ---- */

static const char *
skip_space(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	return s;
}

/* After the closing quote; NULL if there is none. */
static const char *
skip_string(const char *s)
{
	for (s++; *s && *s != '"'; s++) {
		if ((unsigned char)*s < ' ' || (*s == '\\' && !*++s))
			return NULL;
	}
	return *s ? s + 1 : NULL;
}

static const char *skip_value(const char *s, int depth);

/* After the closing bracket of a list or object. */
static const char *
skip_many(const char *s, int depth)
{
	char close = *s == '[' ? ']' : '}';

	s = skip_space(s + 1);
	if (*s == close)
		return s + 1;
	for (;;) {
		if (close == '}') {
			s = *s == '"' ? skip_string(s) : NULL;
			s = s ? skip_space(s) : NULL;
			if (!s || *s != ':')
				return NULL;
			s = skip_space(s + 1);
		}
		s = skip_value(s, depth - 1);
		if (!s)
			return NULL;
		s = skip_space(s);
		if (*s == close)
			return s + 1;
		if (*s != ',')
			return NULL;
		s = skip_space(s + 1);
	}
}

static const char *
skip_word(const char *s)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t n = strspn(s, "0123456789+-.eE");

	for (size_t i = 0; i < LEN(words); i++)
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return s + strlen(words[i]);
	return n && strpbrk(s, "0123456789") < s + n ? s + n : NULL;
}

static const char *
skip_value(const char *s, int depth)
{
	if (!depth)
		return NULL;
	if (*s == '"')
		return skip_string(s);
	return *s == '[' || *s == '{' ? skip_many(s, depth) : skip_word(s);
}

static bool
is_value(const char *s)
{
	const char *end = skip_value(skip_space(s), DEPTH_MAX);

	return end && !*skip_space(end);
}

/* ---- members ---- */

struct member { /* as written: a name with its quotes, and a value */
	const char *name, *value;
};
struct members {
	struct member *m;
	size_t n, cap;
};

static void
add_member(struct arena *a, struct members *io, const char *name, const char *value)
{
	if (io->n == io->cap) {
		struct member *grown;

		io->cap = MAX(16, 2 * io->cap);
		grown = arena_alloc(a, io->cap * sizeof *grown);
		if (io->n)
			memcpy(grown, io->m, io->n * sizeof *grown);
		io->m = grown;
	}
	io->m[io->n++] = (struct member){ name, value };
}

/* The members of an object, or the elements of a list; s is a value. */
static void
read_members(struct arena *a, const char *s, struct members *ret)
{
	bool map = *s == '{';
	const char *end;

	s = skip_space(s + 1);
	while (*s != ']' && *s != '}') {
		const char *name = "";

		if (map) {
			end = skip_string(s);
			name = arena_strn(a, s, (size_t)(end - s));
			s = skip_space(skip_space(end) + 1);
		}
		end = skip_value(s, DEPTH_MAX);
		add_member(a, ret, name, arena_strn(a, s, (size_t)(end - s)));
		s = skip_space(end);
		if (*s == ',')
			s = skip_space(s + 1);
	}
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct member *)x)->name, ((const struct member *)y)->name);
}

static const char *
write_members(struct arena *a, struct members *m)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);

	if (m->n)
		qsort(m->m, m->n, sizeof *m->m, by_name);
	buf_byte(&b, '{');
	for (size_t i = 0; i < m->n; i++)
		buf_printf(&b, "%s%s:%s", i ? "," : "", m->m[i].name, m->m[i].value);
	buf_byte(&b, '}');
	return arena_str(a, buf_peek(&b));
}

static void
unite(struct arena *a, struct members *io, const char *value)
{
	struct members more = { 0 };

	if (*value == '[')
		read_members(a, value, &more);
	else
		add_member(a, &more, "", value);
	for (size_t i = 0; i < more.n; i++) {
		bool there = false;

		for (size_t k = 0; k < io->n && !there; k++)
			there = strcmp(io->m[k].value, more.m[i].value) == 0;
		if (!there)
			add_member(a, io, "", more.m[i].value);
	}
}

/* What differs stands side by side, as in a list. */
static const char *
both(struct arena *a, const char *one, const char *other)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct members all = { 0 };

	if (strcmp(one, other) == 0)
		return one;
	unite(a, &all, one);
	unite(a, &all, other);
	for (size_t i = 0; i < all.n; i++)
		buf_printf(&b, "%c%s", i ? ',' : '[', all.m[i].value);
	buf_str(&b, all.n ? "]" : "[]");
	return arena_str(a, buf_peek(&b));
}

const char *
rest_merge(struct arena *a, const char *one, const char *other)
{
	struct members into = { 0 }, from = { 0 };

	one = skip_space(one);
	if (*one != '{' || *other != '{' || !is_value(one) || !is_value(other))
		return other;
	read_members(a, one, &into);
	read_members(a, other, &from);
	for (size_t i = 0; i < from.n; i++) {
		size_t k = 0;

		while (k < into.n && strcmp(into.m[k].name, from.m[i].name) != 0)
			k++;
		if (k == into.n)
			add_member(a, &into, from.m[i].name, from.m[i].value);
		else
			into.m[k].value = both(a, into.m[k].value, from.m[i].value);
	}
	return write_members(a, &into);
}

/* ---- from cells ---- */

static const char *
quoted(struct arena *a, const char *s, size_t n)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);

	json_write_str(&b, s, n);
	return arena_str(a, buf_peek(&b));
}

/* The child that read the file is not trusted to have written JSON. */
static const char *
value_of(struct arena *a, const struct row_cell *c)
{
	if (c->kind == ROW_STRING || !is_value(c->value))
		return quoted(a, c->value, strlen(c->value));
	return c->value;
}

static const char *
list_of(struct arena *a, const struct row_cell *c, size_t n)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);

	if (n == 1 && !c->listed)
		return value_of(a, c);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%c%s", i ? ',' : '[', value_of(a, &c[i]));
	buf_byte(&b, ']');
	return arena_str(a, buf_peek(&b));
}

struct placed { /* a cell, and where it stood: lists keep their order */
	struct row_cell cell;
	size_t place;
};

static int
by_cell(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int order = strcmp(a->cell.name, b->cell.name);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Cells whose names begin alike up to `skip`, as an object. */
static const char *
object_of(struct arena *a, const struct row_cell *c, size_t n, size_t skip, int depth)
{
	struct members all = { 0 };

	for (size_t i = 0, same; i < n; i += same) {
		const char *name = c[i].name + skip;
		size_t part = depth ? strcspn(name, ".") : strlen(name);
		bool deeper = name[part] == '.' && name[part + 1];

		if (!deeper)
			part = strlen(name);
		for (same = 1; i + same < n; same++) {
			const char *next = c[i + same].name + skip;

			if (strncmp(next, name, part) != 0 ||
			    (deeper ? next[part] != '.' : next[part] != 0))
				break;
		}
		add_member(a, &all, quoted(a, name, part),
		    deeper ? object_of(a, c + i, same, skip + part + 1, depth - 1) :
			     list_of(a, c + i, same));
	}
	return write_members(a, &all);
}

const char *
rest_write(struct arena *a, const struct row_cell *cells, size_t n)
{
	enum { NESTED = 8 };
	struct placed *p = arena_alloc(a, (n + 1) * sizeof *p);
	struct row_cell *sorted = arena_alloc(a, (n + 1) * sizeof *sorted);

	for (size_t i = 0; i < n; i++)
		p[i] = (struct placed){ cells[i], i };
	if (n)
		qsort(p, n, sizeof *p, by_cell);
	for (size_t i = 0; i < n; i++)
		sorted[i] = p[i].cell;
	return object_of(a, sorted, n, 0, NESTED);
}
