/* schema/table: lists, tables of names, and which names are allowed. */
#include "schema/private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
where_err(const struct where *at, struct err *e, const char *fmt, ...)
{
	char msg[2 * sizeof e->msg];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	return err_set(e, ERR_INVALID, "%.*s:%u: %s", WHERE_MAX, at->file, at->line, msg);
}

void
pointers_reserve(struct arena *a, struct list *l, size_t more)
{
	void **to;

	if (l->n + more < l->cap)
		return;
	l->cap = MAX(l->n + more + 1, 2 * l->cap);
	to = arena_alloc(a, l->cap * sizeof *to);
	if (l->n)
		memcpy(to, l->p, l->n * sizeof *to);
	l->p = to;
}

void
pointers_add(struct arena *a, struct list *l, const void *p)
{
	union { /* what a list holds is const only to its readers */
		const void *given;
		void *kept;
	} u = { .given = p };

	pointers_reserve(a, l, 1);
	l->p[l->n++] = u.kept;
	l->p[l->n] = NULL;
}

const void *
pointers_done(struct arena *a, struct list *l)
{
	if (!l->p)
		l->p = arena_alloc(a, sizeof *l->p);
	return l->p;
}

static size_t
hash_of(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return (size_t)(h ^ h >> 32);
}

/* Where the key is, or where it would have to be put. */
static struct slot *
find_slot(const struct table *t, const char *key, size_t hash)
{
	size_t i = hash & (t->cap - 1);

	while (
	    t->slots[i].key && (t->slots[i].hash != hash || strcmp(t->slots[i].key, key) != 0))
		i = (i + 1) & (t->cap - 1);
	return &t->slots[i];
}

void
table_reserve(struct arena *a, struct table *t, size_t more)
{
	struct table to = { .n = t->n, .cap = t->cap ? t->cap : 8 };

	while (3 * (t->n + more) > 2 * to.cap)
		to.cap *= 2;
	if (to.cap == t->cap)
		return;
	to.slots = arena_alloc(a, to.cap * sizeof *to.slots);
	for (size_t i = 0; i < t->cap; i++)
		if (t->slots[i].key)
			*find_slot(&to, t->slots[i].key, t->slots[i].hash) = t->slots[i];
	*t = to;
}

void
table_put(struct arena *a, struct table *t, const char *key, void *thing)
{
	size_t hash = hash_of(key);
	struct slot *s;

	table_reserve(a, t, 1);
	s = find_slot(t, key, hash);
	t->n += !s->key;
	*s = (struct slot){ key, thing, hash };
}

void *
table_get(const struct table *t, const char *key)
{
	return t->n ? find_slot(t, key, hash_of(key))->thing : NULL;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits and what `more` holds. */
static bool
made_of(const char *s, size_t n, const char *more)
{
	if (!n || n > NAME_MAX_)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_letter(s[i]) && !is_digit(s[i]) && !strchr(more, s[i]))
			return false;
	return true;
}

bool
name_ok(const char *s)
{
	return is_letter(*s) && made_of(s, strlen(s), "-_");
}

bool
code_ok(const char *s)
{
	return (is_letter(*s) || is_digit(*s)) && made_of(s, strlen(s), "-_./:");
}

/* A language tag's form: two or three small letters, then parts of up to eight. */
bool
language_ok(const char *s, size_t n)
{
	size_t part = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && s[i] != '-') {
			part++;
			continue;
		}
		if (i == part ? part < 2 || part > 3 : !part || part > 8)
			return false;
		for (size_t k = i - part; i == part && k < i; k++)
			if (s[k] < 'a' || s[k] > 'z')
				return false;
		part = 0;
	}
	return made_of(s, n, "-");
}
