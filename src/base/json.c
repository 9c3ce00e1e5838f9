/* base/json: values in an arena: looking, making, writing. Reading is json_read.c. */
#include "base/json_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 8 };

static const int64_t int_max = (1ll << 53) - 1;

static bool
is(const struct json *j, enum json_kind kind)
{
	return j && j->kind == kind;
}

enum json_kind
json_kind(const struct json *j)
{
	return j ? j->kind : JSON_NULL;
}

/* Where the name is, or where it would have to be put. */
static size_t
place(const struct json *map, const char *name, bool *ret_there)
{
	size_t lo = 0, hi = map->n;

	*ret_there = false;
	if (hi && json_order(map->members[hi - 1].name, name) < 0)
		return hi; /* makers mostly put names in order */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = json_order(map->members[mid].name, name);

		if (c == 0)
			*ret_there = true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct json *
json_get(const struct json *map, const char *name)
{
	bool there;
	size_t i;

	if (!is(map, JSON_MAP))
		return NULL;
	i = place(map, name, &there);
	return there ? map->members[i].value : NULL;
}

size_t
json_len(const struct json *j)
{
	return is(j, JSON_LIST) || is(j, JSON_MAP) ? j->n : 0;
}

const struct json *
json_at(const struct json *j, size_t i)
{
	if (i >= json_len(j))
		return NULL;
	return j->kind == JSON_LIST ? j->list[i] : j->members[i].value;
}

const char *
json_name_at(const struct json *map, size_t i)
{
	return is(map, JSON_MAP) && i < map->n ? map->members[i].name : "";
}

const char *
json_str(const struct json *j)
{
	return is(j, JSON_STR) ? j->s : "";
}

int64_t
json_int(const struct json *j)
{
	return is(j, JSON_INT) ? j->i : 0;
}

bool
json_bool(const struct json *j)
{
	return is(j, JSON_BOOL) && j->yes;
}

const char *
json_get_str(const struct json *map, const char *name)
{
	return json_str(json_get(map, name));
}

int64_t
json_get_int(const struct json *map, const char *name)
{
	return json_int(json_get(map, name));
}

static struct json *
make(struct arena *a, enum json_kind kind)
{
	struct json *j = arena_alloc(a, sizeof *j);

	j->kind = kind;
	return j;
}

struct json *
json_new_null(struct arena *a)
{
	return make(a, JSON_NULL);
}

struct json *
json_new_bool(struct arena *a, bool v)
{
	struct json *j = make(a, JSON_BOOL);

	j->yes = v;
	return j;
}

/* The program's own mistakes end it: written out, they would be an entry that no
 * reader accepts, in a log that cannot be changed. */
static void
require(bool ok, const char *what)
{
	if (ok)
		return;
	fputs("vigil: JSON: ", stderr);
	fputs(what, stderr);
	fputs("\n", stderr);
	abort();
}

struct json *
json_new_int(struct arena *a, int64_t v)
{
	struct json *j = make(a, JSON_INT);

	require(v >= -int_max && v <= int_max, "a number beyond 2^53-1");
	j->i = v;
	return j;
}

/* A copy in which what may not stand in a string has become U+FFFD. */
static char *
clean(struct arena *a, const char *s, size_t n, size_t *ret_n)
{
	const uint8_t *p = (const uint8_t *)s;
	char *out = arena_alloc(a, 3 * n + 1);
	size_t to = 0, skip;

	for (size_t i = 0; i < n; i += skip) {
		size_t len = json_char(p + i, n - i, &skip);

		memcpy(out + to, len ? s + i : "\xef\xbf\xbd", len ? len : 3);
		to += len ? len : 3;
	}
	*ret_n = to;
	return out;
}

static bool
is_clean(const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t i = 0, skip;

	while (i < n) {
		i += json_plain(p + i, n - i);
		if (i < n && !json_char(p + i, n - i, &skip))
			return false;
		if (i < n)
			i += skip;
	}
	return true;
}

struct json *
json_new_strn(struct arena *a, const char *s, size_t n)
{
	struct json *j = make(a, JSON_STR);

	if (is_clean(s, n)) {
		j->s = arena_strn(a, s, n);
		j->n = n;
	} else {
		j->s = clean(a, s, n, &j->n);
	}
	return j;
}

struct json *
json_new_str(struct arena *a, const char *s)
{
	return json_new_strn(a, s, strlen(s));
}

struct json *
json_new_list(struct arena *a)
{
	return make(a, JSON_LIST);
}

struct json *
json_new_map(struct arena *a)
{
	return make(a, JSON_MAP);
}

/* The place for one more: the old one stays in the arena, half as large. */
static void *
grown(struct arena *a, struct json *j, void *old, size_t each)
{
	void *p;

	if (j->n < j->cap)
		return old;
	j->cap = j->cap ? 2 * j->cap : FIRST_CAP;
	p = arena_alloc(a, j->cap * each);
	if (j->n)
		memcpy(p, old, j->n * each);
	return p;
}

void
json_add(struct arena *a, struct json *list, struct json *v)
{
	require(is(list, JSON_LIST), "adding to what is no list");
	list->list = grown(a, list, list->list, sizeof *list->list);
	list->list[list->n++] = v;
}

void
json_put(struct arena *a, struct json *map, const char *name, struct json *v)
{
	bool there;
	size_t i;

	require(is(map, JSON_MAP), "putting into what is no map");
	name = json_str(json_new_str(a, name));
	i = place(map, name, &there);
	require(!there, "one name put twice");
	map->members = grown(a, map, map->members, sizeof *map->members);
	memmove(map->members + i + 1, map->members + i, (map->n - i) * sizeof *map->members);
	map->members[i] = (struct member){ name, v };
	map->n++;
}

struct json *
json_copy(struct arena *a, const struct json *j)
{
	struct json *c;

	if (!j)
		return NULL;
	switch (j->kind) {
	case JSON_STR:
		return json_new_strn(a, j->s, j->n);
	case JSON_LIST:
		c = json_new_list(a);
		for (size_t i = 0; i < j->n; i++)
			json_add(a, c, json_copy(a, j->list[i]));
		return c;
	case JSON_MAP:
		c = json_new_map(a);
		for (size_t i = 0; i < j->n; i++)
			json_put(a, c, j->members[i].name, json_copy(a, j->members[i].value));
		return c;
	default:
		return arena_dup(a, j, sizeof *j);
	}
}

void
json_put_str(struct arena *a, struct json *map, const char *name, const char *s)
{
	json_put(a, map, name, json_new_str(a, s));
}

void
json_put_int(struct arena *a, struct json *map, const char *name, int64_t v)
{
	json_put(a, map, name, json_new_int(a, v));
}

void
json_put_some(struct arena *a, struct json *map, const char *name, const char *s)
{
	if (s && *s)
		json_put_str(a, map, name, s);
}

static void
write_list(struct buf *b, const struct json *j)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < j->n; i++) {
		if (i)
			buf_byte(b, ',');
		json_write(b, j->list[i]);
	}
	buf_byte(b, ']');
}

static void
write_map(struct buf *b, const struct json *j)
{
	buf_byte(b, '{');
	for (size_t i = 0; i < j->n; i++) {
		const struct member *m = &j->members[i];

		if (i)
			buf_byte(b, ',');
		json_write_str(b, m->name, strlen(m->name));
		buf_byte(b, ':');
		json_write(b, m->value);
	}
	buf_byte(b, '}');
}

void
json_write(struct buf *b, const struct json *j)
{
	switch (json_kind(j)) {
	case JSON_NULL:
		buf_str(b, "null");
		break;
	case JSON_BOOL:
		buf_str(b, j->yes ? "true" : "false");
		break;
	case JSON_INT:
		buf_printf(b, "%lld", (long long)j->i);
		break;
	case JSON_STR:
		json_write_str(b, j->s, j->n);
		break;
	case JSON_LIST:
		write_list(b, j);
		break;
	case JSON_MAP:
		write_map(b, j);
		break;
	}
}
