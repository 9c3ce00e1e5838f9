/* What people type as a condition (claim_acts.h). */
#include <string.h>

#include "record/claim_acts.h"
#include "record/private.h"

enum { HOPS_MAX = 8 };

/* Longer ones first. */
static const struct {
	const char *sign;
	enum relation relation;
} signs[] = { { "!=", REL_IS_NOT }, { "<=", REL_UP_TO }, { ">=", REL_FROM },
	{ "<", REL_BEFORE }, { ">", REL_AFTER }, { "=", REL_IS } };

struct reading {
	const struct schema *s;
	struct arena *a;
	const struct type **types; /* that the records at hand may be of */
	size_t n;
	struct hop *path;
	size_t n_path;
};

static bool
split_sign(struct arena *a, const char *typed, const char **ret_name, enum relation *ret,
    const char **ret_value, struct err *e)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	size_t n = strspn(typed, letters);

	for (size_t i = 0; n && i < LEN(signs); i++) {
		size_t len = strlen(signs[i].sign);

		if (strncmp(typed + n, signs[i].sign, len) != 0)
			continue;
		*ret_name = arena_strn(a, typed, n);
		*ret = signs[i].relation;
		*ret_value = typed + n + len;
		if (*ret == REL_IS && strcmp(*ret_value, "*") == 0)
			*ret = REL_ANY;
		else if (*ret == REL_IS && !**ret_value)
			*ret = REL_NONE;
		return true;
	}
	return err_set(e, ERR_INVALID,
	    "\"%.80s\" is no condition: a property's name, one of = != < <= > >=, and a value",
	    typed);
}

static void
add_type(struct reading *r, const struct type *t)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->types[i] == t)
			return;
	r->types[r->n++] = t;
}

static size_t
count_types(const struct schema *s)
{
	size_t n = 0;

	for (const struct type *const *t = schema_types(s); *t; t++)
		n++;
	return n;
}

/* What a link may lead to: the types it names and all narrower ones, or any. */
static void
go_forward(struct reading *r, const struct property *p)
{
	for (const struct type *const *t = schema_types(r->s); *t; t++) {
		bool may = !p->args || !*p->args;

		for (const char *const *arg = p->args; !may && arg && *arg; arg++)
			may = type_is(*t, *arg);
		if (may)
			add_type(r, *t);
	}
}

static bool
leads_to(const struct property *p, const struct type *const *types, size_t n)
{
	if (!p->args || !*p->args)
		return true;
	for (size_t i = 0; i < n; i++)
		for (const char *const *arg = p->args; *arg; arg++)
			if (type_is(types[i], *arg))
				return true;
	return false;
}

/* Along the link of that name, or back along those that have the name from this end. */
static bool
hop(struct reading *r, const char *name, struct err *e)
{
	const struct type **from = r->types;
	const struct property *p = NULL;
	size_t n = r->n;

	r->types = arena_alloc(r->a, (count_types(r->s) + 1) * sizeof *r->types);
	r->n = 0;
	for (size_t i = 0; i < n; i++) {
		p = type_property(from[i], name);
		if (!p || p->kind != KIND_LINK)
			continue;
		r->path[r->n_path++] = (struct hop){ p->name, false };
		go_forward(r, p);
		return true;
	}
	p = NULL;
	for (const struct type *const *t = schema_types(r->s); *t; t++)
		for (const struct property *const *q = (*t)->properties; *q; q++)
			if ((*q)->kind == KIND_LINK && strcmp((*q)->reverse, name) == 0 &&
			    leads_to(*q, from, n) && (!p || strcmp(p->name, (*q)->name) == 0)) {
				p = *q;
				add_type(r, *t);
			}
	if (p) {
		r->path[r->n_path++] = (struct hop){ p->name, true };
		return true;
	}
	if (type_property(from[0], name))
		return err_set(e, ERR_INVALID, "%s is no link: nothing is beyond it", name);
	(void)schema_want_property(
	    from[0], name, e); /* says that there is none, and what is near */
	return false;
}

static const struct type *
type_with(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (type_property(r->types[i], name))
			return r->types[i];
	return r->types[0];
}

static bool
compares(const struct property *p)
{
	return p->kind == KIND_DATE || p->kind == KIND_NUMBER ||
	    (p->kind == KIND_TEXT && p->args && *p->args && strcmp(*p->args, "date") == 0);
}

bool
condition_type(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const char *typed, struct condition *ret, struct err *e)
{
	struct hop *path = arena_alloc(a, HOPS_MAX * sizeof *path);
	struct reading r = { .s = s, .a = a, .types = &t, .n = 1, .path = path };
	const char *name = "", *value = "", *dot;
	struct condition c = { .path = path };
	const struct type *of;
	struct statement st;

	if (!split_sign(a, typed, &name, &c.relation, &value, e))
		return false;
	for (; (dot = strchr(name, '.')); name = dot + 1) {
		if (r.n_path == HOPS_MAX)
			return err_set(e, ERR_TOO_BIG,
			    "a condition leads over at most %d links", HOPS_MAX);
		if (!hop(&r, arena_strn(a, name, (size_t)(dot - name)), e))
			return false;
	}
	c.n_path = r.n_path;
	of = type_with(&r, name);
	c.property = schema_want_property(of, name, e);
	if (!c.property)
		return false;
	if (c.relation >= REL_BEFORE && c.relation <= REL_FROM && !compares(c.property))
		return err_set(e, ERR_INVALID,
		    "%s is neither a date nor a number: compare it by = or !=", name);
	if (c.relation < REL_ANY) {
		if (!statement_type(
			db, v, a, s, of, arena_printf(a, "%s=%s", name, value), NULL, &st, e))
			return false;
		c.value = st.value;
	}
	*ret = c;
	return true;
}
