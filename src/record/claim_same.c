/* Records that are one, records that are two again, claims said anew (claim_same.h). */
#include "record/claim_same.h"

#include <string.h>

bool
same_types(
    const struct schema *s, const struct record *one, const struct record *other, struct err *e)
{
	const struct type *t = schema_want_type(s, one->type, e),
			  *u = t ? schema_want_type(s, other->type, e) : NULL;

	if (!t || !u)
		return false;
	return type_is(t, u->name) || type_is(u, t->name) ||
	    err_set(e, ERR_INVALID, "a %s and a %s cannot be the same", t->name, u->name);
}

/* The claims about `from` that link it to `to`: several sources may have said so. */
static size_t
links_to(struct arena *a, const struct claims *c, const struct record *from,
    const struct record *to, const char ***ret)
{
	const char **names = arena_alloc(a, (c->n + 1) * sizeof *names);
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->c[i].property, SAME) == 0 && c->c[i].stance == ASSERTS &&
		    c->c[i].record == from->number && strcmp(c->c[i].value.text, to->id) == 0)
			names[n++] = c->c[i].name;
	*ret = names;
	return n;
}

bool
same_split(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record two[2], struct act_record ret[2], size_t *ret_n, struct err *e)
{
	struct claims claims;
	size_t n = 0;

	if (!record_claims(db, v, a, s, &two[0], false, &claims, e))
		return false;
	for (size_t i = 0; i < 2; i++) {
		const char **names;
		size_t n_names = links_to(a, &claims, &two[i], &two[1 - i], &names);

		if (n_names)
			ret[n++] = (struct act_record){
				.record = two[i].id, .n_withdraws = n_names, .withdraws = names
			};
	}
	*ret_n = n;
	return n > 0 ||
	    err_set(e, ERR_INVALID,
		"no claim says that these two are the same: vigil history %s shows what"
		" links them",
		two[0].id);
}

bool
statement_again(const struct claim *c, struct statement *ret, struct err *e)
{
	if (c->rests_on && *c->rests_on && !*c->item)
		return err_set(e, ERR_DENIED, "it rests on what may not be seen");
	*ret = (struct statement){ .property = c->property,
		.value = c->value,
		.source = c->source_id && *c->source_id ? c->source_id : NULL,
		.item = *c->item ? c->item : NULL,
		.text = *c->item && c->text && *c->text ? c->text : NULL,
		.start = c->start,
		.end = c->end,
		.original = c->original && *c->original ? c->original : NULL,
		.original_start = c->original_start,
		.original_end = c->original_end,
		.stance = c->stance,
		.credibility = c->credibility,
		.compartment = c->compartment };
	return true;
}
