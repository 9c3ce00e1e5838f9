/* What a route reads (takes.h). */
#include "desk/takes.h"

#include <string.h>

static bool
is_name(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
	    c == '-' || c == '.';
}

static void
read_kind(const char **io, const char *end, struct take *t)
{
	const char *s = *io;

	if (s < end && *s == '*') {
		t->any = true;
		s++;
	} else if (s < end && (*s == '#' || *s == '?')) {
		t->kind = *s++ == '#' ? TAKE_NUMBER : TAKE_FLAG;
	} else if (s < end && *s == '=') {
		t->kind = TAKE_WORD;
		t->words = ++s;
		while (s < end && (is_name(*s) || *s == '|'))
			s++;
		t->n_words = (size_t)(s - t->words);
	}
	*io = s;
}

bool
take_next(const char **io, struct take *ret)
{
	const char *s = *io ? *io + strspn(*io, " ") : "", *end = s + strcspn(s, " ");
	struct take t = { .name = s };

	*ret = t;
	if (!*s)
		return false;
	*io = end;
	while (s < end && is_name(*s))
		s++;
	t.n = (size_t)(s - t.name);
	read_kind(&s, end, &t);
	if (s < end && *s == '+')
		t.many = s++;
	if (s < end && *s == '!')
		t.must = s++;
	if (s != end || (t.any && (!t.n || t.name[t.n - 1] != '.')))
		t.n = 0;
	*ret = t;
	return true;
}

bool
takes_find(const char *takes, const char *name, struct take *ret)
{
	struct take t;
	size_t n = strlen(name);

	while (take_next(&takes, &t)) {
		if (!t.n || (t.any ? n <= t.n : n != t.n) || memcmp(t.name, name, t.n) != 0)
			continue;
		if (ret)
			*ret = t;
		return true;
	}
	return false;
}
