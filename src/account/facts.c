/* What is asked of units: their facts about a property, and which lead to which. */
#include <stdlib.h>
#include <string.h>

#include "account/private.h"

const struct fact *
unit_facts(const struct unit *u, const char *property, size_t *ret_n)
{
	size_t from = 0, to = u->n, n = 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(u->facts[mid].property, property) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	while (from + n < u->n && strcmp(u->facts[from + n].property, property) == 0)
		n++;
	*ret_n = n;
	return u->facts + from;
}

bool
unit_is(const struct reading *r, const struct unit *u, const char *type)
{
	const struct type *t = schema_type(r->schema, u->type);

	return t && type_is(t, type);
}

void
units_of(struct reading *r, const struct units *u, const char *type, struct units *ret)
{
	struct units some = { 0 };
	size_t cap = 0;

	for (size_t i = 0; i < u->n; i++)
		if (unit_is(r, &u->u[i], type)) {
			some.u = account_grow(r->a, some.u, some.n, &cap, sizeof *some.u);
			some.u[some.n++] = u->u[i];
		}
	*ret = some;
}

bool
unit_has(const struct unit *u, const char *property, const char *value)
{
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].value, value) == 0)
			return true;
	return false;
}

struct span
unit_span(const struct unit *u, const char *property)
{
	struct span s = { INT64_MAX, INT64_MIN, false, false };
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	for (size_t i = 0; i < n; i++) {
		if (f[i].kind != KIND_DATE)
			continue;
		s.disputed |= f[i].denied || (s.known && f[i].value != f[0].value);
		s.known = true;
		s.low = MIN(s.low, f[i].low);
		s.high = MAX(s.high, f[i].high);
	}
	return s.known ? s : (struct span){ INT64_MIN, INT64_MAX, false, false };
}

const char *
unit_value(const struct unit *u, const char *property)
{
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	for (size_t i = 1; i < n; i++)
		if (strcmp(f[i].value, f[0].value) != 0)
			return "disputed";
	return n ? f->value : "";
}

static int
by_target(const void *x, const void *y)
{
	const struct link *a = x, *b = y;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	return a->from->number < b->from->number ? -1 : a->from->number > b->from->number;
}

void
links_make(
    const struct reading *r, const struct units *u, const char *property, struct links *ret)
{
	struct links out = { 0 };
	size_t cap = 0;

	for (size_t i = 0; i < u->n; i++) {
		size_t n, before = out.n;
		const struct fact *f = unit_facts(&u->u[i], property, &n);

		for (size_t k = 0; k < n; k++) {
			struct link l = { reading_stands(r, (uint64_t)f[k].low), &u->u[i],
				&f[k] };
			bool there = f[k].kind != KIND_LINK || !f[k].low;

			for (size_t j = before; j < out.n; j++)
				there |= out.l[j].target == l.target;
			if (there)
				continue;
			out.l = account_grow(r->a, out.l, out.n, &cap, sizeof *out.l);
			out.l[out.n++] = l;
		}
	}
	if (out.n)
		qsort(out.l, out.n, sizeof *out.l, by_target);
	*ret = out;
}

const struct link *
links_to(const struct links *l, const struct unit *u, size_t *ret_n)
{
	size_t from = 0, to = l->n, n = 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (l->l[mid].target < u->number)
			from = mid + 1;
		else
			to = mid;
	}
	while (from + n < l->n && l->l[from + n].target == u->number)
		n++;
	*ret_n = n;
	return l->l + from;
}
