/* base/json_read: the strict reader.
 *
 * The input is copied into the arena once and strings are decoded where they stand
 * (an escape is never shorter than what it means), so that a string costs no memory
 * of its own. Elements are collected on a stack until their list or map ends. */
#include "base/json_private.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t int_max = (1ull << 53) - 1;

/* Names and values that wait for the end of their list or map. */
struct stack {
	struct member *p;
	size_t n, cap;
};

struct parse {
	struct arena *a;
	struct err *e;
	uint8_t *start, *at, *end;
	struct stack waiting;
	unsigned depth;
};

static struct json *read_value(struct parse *r);

static void
parse_done(struct parse *r)
{
	free(r->waiting.p);
}

static void *
bad(struct parse *r, const char *what)
{
	err_set(r->e, ERR_INVALID, "JSON: %s at byte %zu", what, (size_t)(r->at - r->start));
	return NULL;
}

static void
skip_space(struct parse *r)
{
	while (r->at < r->end &&
	    (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
		r->at++;
}

/* Passes over one byte if it is c. */
static bool
take(struct parse *r, char c)
{
	if (r->at == r->end || *r->at != (uint8_t)c)
		return false;
	r->at++;
	return true;
}

static struct json *
make(struct parse *r, enum json_kind kind)
{
	struct json *j = arena_alloc(r->a, sizeof *j);

	j->kind = kind;
	return j;
}

static bool
read_hex4(struct parse *r, uint32_t *ret)
{
	uint32_t v = 0;

	if (r->end - r->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		uint32_t c = r->at[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			v = v << 4 | (c - '0');
		else if (low >= 'a' && low <= 'f')
			v = v << 4 | (low - 'a' + 10);
		else
			return false;
	}
	r->at += 4;
	*ret = v;
	return true;
}

static uint8_t *
put_code(uint8_t *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (uint8_t)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (uint8_t)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*to++ = (uint8_t)(0xe0 | code >> 12);
		} else {
			*to++ = (uint8_t)(0xf0 | code >> 18);
			*to++ = (uint8_t)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (uint8_t)(0x80 | (code & 0x3f));
	return to;
}

/* After the backslash and 'u'. NULL if the character may not be. */
static uint8_t *
read_code(struct parse *r, uint8_t *to)
{
	uint32_t code, low;

	if (!read_hex4(r, &code))
		return bad(r, "\\u needs four hexadecimal digits");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!take(r, '\\') || !take(r, 'u') || !read_hex4(r, &low) || low < 0xdc00 ||
		    low > 0xdfff)
			return bad(r, "half a surrogate pair");
		code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
	}
	if (json_bars(code))
		return bad(r, "a character that I-JSON bars");
	return put_code(to, code);
}

static uint8_t *
read_escape(struct parse *r, uint8_t *to)
{
	static const char letters[] = "\"\\/bfnrtu", meant[] = "\"\\/\b\f\n\r\t";
	const char *at = r->at < r->end && *r->at ? strchr(letters, *r->at) : NULL;

	if (!at)
		return bad(r, "an unknown escape");
	r->at++;
	if (*at == 'u')
		return read_code(r, to);
	*to++ = (uint8_t)meant[at - letters];
	return to;
}

/* After the opening quote. The closing one gives its place to the zero. */
static char *
read_string(struct parse *r, size_t *ret_n)
{
	uint8_t *begin = r->at, *to = begin;

	for (;;) {
		size_t skip, run = json_plain(r->at, (size_t)(r->end - r->at));

		if (!run && r->at < r->end && *r->at >= 0x80) {
			run = json_char(r->at, (size_t)(r->end - r->at), &skip);
			if (!run)
				return bad(r, "bytes that are not UTF-8, or barred by I-JSON,");
		}
		if (run) {
			if (to != r->at)
				memmove(to, r->at, run);
			to += run;
			r->at += run;
		} else if (take(r, '"')) {
			break;
		} else if (take(r, '\\')) {
			to = read_escape(r, to);
			if (!to)
				return NULL;
		} else {
			return bad(r,
			    r->at == r->end ? "a string without end" : "a control character");
		}
	}
	*to = 0;
	*ret_n = (size_t)(to - begin);
	return (char *)begin;
}

static struct json *
read_number(struct parse *r)
{
	struct json *j = make(r, JSON_INT);
	bool minus = take(r, '-');
	const uint8_t *first = r->at;
	uint64_t v = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
		v = v * 10 + (uint64_t)(*r->at - '0');
		if (v > int_max)
			return bad(r, "a number beyond 2^53-1");
	}
	if (r->at == first)
		return bad(r, "no value");
	if (*first == '0' && r->at - first > 1)
		return bad(r, "a number with a leading zero");
	if (r->at < r->end && (*r->at == '.' || (*r->at | 0x20) == 'e'))
		return bad(r, "a fraction or exponent (only whole numbers are used here)");
	j->i = minus ? -(int64_t)v : (int64_t)v;
	return j;
}

static void
push(struct stack *s, const char *name, struct json *value)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->p = mem_grow(s->p, s->cap * sizeof *s->p);
	}
	s->p[s->n++] = (struct member){ name, value };
}

static int
by_name(const void *a, const void *b)
{
	return json_order(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* What Vigil wrote is in order already: one pass tells. Then equal names, which are
 * neighbours once sorted. */
static bool
sort_members(struct member *m, size_t n)
{
	bool twice = false, sorted = true;

	for (size_t i = 1; i < n && sorted; i++)
		sorted = json_order(m[i - 1].name, m[i].name) < 0;
	if (sorted)
		return true;
	qsort(m, n, sizeof *m, by_name);
	for (size_t i = 1; i < n; i++)
		twice |= strcmp(m[i - 1].name, m[i].name) == 0;
	return !twice;
}

/* The end of a list or map: what waits since `from` moves into the arena. */
static struct json *
finish(struct parse *r, struct json *j, size_t from)
{
	const struct member *m;

	j->n = j->cap = r->waiting.n - from;
	r->waiting.n = from;
	r->depth--;
	if (!j->n)
		return j;
	m = r->waiting.p + from;
	if (j->kind == JSON_LIST) {
		j->list = arena_alloc(r->a, j->n * sizeof *j->list);
		for (size_t i = 0; i < j->n; i++)
			j->list[i] = m[i].value;
		return j;
	}
	j->members = arena_dup(r->a, m, j->n * sizeof *m);
	if (!sort_members(j->members, j->n))
		return bad(r, "a name twice in the object that ends");
	return j;
}

static const char *
read_name(struct parse *r)
{
	const char *name;
	size_t n;

	if (!take(r, '"'))
		return bad(r, "no name");
	name = read_string(r, &n);
	if (!name)
		return NULL;
	skip_space(r);
	return take(r, ':') ? name : bad(r, "no ':' after a name");
}

/* After the opening bracket. */
static struct json *
read_many(struct parse *r, enum json_kind kind)
{
	char close = kind == JSON_LIST ? ']' : '}';
	size_t from = r->waiting.n;
	struct json *j = make(r, kind);

	if (++r->depth > JSON_DEPTH_MAX) {
		err_set(r->e, ERR_TOO_BIG, "JSON: nested deeper than %d at byte %zu",
		    JSON_DEPTH_MAX, (size_t)(r->at - r->start));
		return NULL;
	}
	skip_space(r);
	if (take(r, close))
		return finish(r, j, from);
	for (;;) {
		const char *name = NULL;
		struct json *v;

		skip_space(r);
		if (kind == JSON_MAP && !(name = read_name(r)))
			return NULL;
		v = read_value(r);
		if (!v)
			return NULL;
		push(&r->waiting, name, v);
		if (take(r, ','))
			continue;
		return take(r, close) ? finish(r, j, from) :
					bad(r, "no ',' or closing bracket after a value");
	}
}

static struct json *
read_word(struct parse *r)
{
	static const struct {
		const char *word;
		size_t n;
		enum json_kind kind;
		bool yes;
	} words[] = {
		{ "null", 4, JSON_NULL, false },
		{ "true", 4, JSON_BOOL, true },
		{ "false", 5, JSON_BOOL, false },
	};

	for (size_t i = 0; i < LEN(words); i++) {
		struct json *j;

		if ((size_t)(r->end - r->at) < words[i].n ||
		    memcmp(r->at, words[i].word, words[i].n) != 0)
			continue;
		r->at += words[i].n;
		j = make(r, words[i].kind);
		j->yes = words[i].yes;
		return j;
	}
	return bad(r, "no value");
}

/* A value with the space around it. */
static struct json *
read_value(struct parse *r)
{
	struct json *j = NULL;

	skip_space(r);
	if (take(r, '"')) {
		struct json *str = make(r, JSON_STR);

		str->s = read_string(r, &str->n);
		j = str->s ? str : NULL;
	} else if (take(r, '{')) {
		j = read_many(r, JSON_MAP);
	} else if (take(r, '[')) {
		j = read_many(r, JSON_LIST);
	} else if (r->at < r->end && (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))) {
		j = read_number(r);
	} else {
		j = read_word(r);
	}
	skip_space(r);
	return j;
}

struct json *
json_read(struct arena *a, const void *p, size_t n, struct err *e)
{
	uint8_t *copy = arena_alloc(a, n + 1);
	AUTO_VAL(parse) r = { .a = a, .e = e, .start = copy, .at = copy, .end = copy + n };
	struct json *j;

	if (n)
		memcpy(copy, p, n);
	j = read_value(&r);
	if (j && r.at != r.end)
		return bad(&r, "something after the value");
	return j;
}
