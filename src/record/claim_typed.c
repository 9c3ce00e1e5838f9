/* What people type for claims and citations, read and looked up (claim_acts.h). */
#include <string.h>

#include "base/code.h"
#include "record/claim_acts.h"
#include "record/private.h"

/* The property by which a record of this type goes, if it is text. */
static const struct property *
naming_property(const struct type *t)
{
	for (const char *const *name = t->title; name && *name; name++) {
		const struct property *p = type_property(t, *name);

		if (p && p->kind == KIND_TEXT)
			return p;
	}
	return NULL;
}

static const struct creation *
name_in(struct arena *a, struct creations *c, const struct type *t, const char *name,
    const char *compartment)
{
	const struct property *p = naming_property(t);
	struct json *text = json_new_map(a);
	struct creation *new_one;

	for (struct creation *old = c->first; old; old = old->next)
		if (strcmp(old->act.type, t->name) == 0 &&
		    strcmp(old->name.value.text, name) == 0) {
			if (!*compartment)
				old->name.compartment = "";
			return old;
		}
	if (!p)
		return NULL;
	new_one = arena_alloc(a, sizeof *new_one);
	json_put_str(a, text, "text", name);
	new_one->name = (struct statement){ .property = p->name,
		.value = { .kind = KIND_TEXT,
		    .text = arena_str(a, name),
		    .language = "",
		    .unit = "",
		    .vocabulary = "",
		    .json = text },
		.compartment = *compartment ? compartment : p->compartment,
		.start = -1,
		.end = -1 };
	new_one->act = (struct act_record){
		.type = t->name, .statements = &new_one->name, .n = 1, .id = id_new("rec")
	};
	if (!c->last)
		c->last = &c->first;
	*c->last = new_one;
	c->last = &new_one->next;
	return new_one;
}

const struct creation *
creations_name(struct arena *a, struct creations *c, const struct type *t, const char *name)
{
	return name_in(a, c, t, name, c->compartment ? c->compartment : "");
}

/* The type that a link makes: the first that it may lead to. */
static bool
make_target(struct arena *a, const struct schema *s, const struct property *p,
    const char *typed, struct creations *creations, struct value *ret, struct err *e)
{
	const char *compartment =
	    creations->compartment ? creations->compartment : p->compartment;
	const struct type *t = *p->args ? schema_type(s, *p->args) : NULL;
	const struct creation *c =
	    t && !t->abstract ? name_in(a, creations, t, typed, compartment) : NULL;

	if (!c)
		return err_set(e, ERR_MISSING, "no record is named \"%.120s\"", typed);
	return value_type(a, s, p, c->act.id.s, ret, e);
}

static bool
find_target(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct property *p, const char *typed, struct creations *creations, struct value *ret,
    struct err *e)
{
	struct record r;
	struct err found = { 0 };

	if (record_find_seen(db, v, a, s, p->args, typed, &r, &found))
		return value_type(a, s, p, r.id, ret, e);
	if (creations && p->creates && found.kind == ERR_MISSING &&
	    strncmp(typed, "rec_", 4) != 0)
		return make_target(a, s, p, typed, creations, ret, e);
	*e = found;
	return false;
}

static bool
find_item(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct property *p, const char *typed, struct value *ret, struct err *e)
{
	struct item it;

	return record_find_item(db, v, a, typed, &it, e) && value_type(a, s, p, it.id, ret, e);
}

/* What names a claim names one that is there. */
static bool
find_claim(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct property *p, const char *typed, struct value *ret, struct err *e)
{
	struct claim c;

	return record_claim(db, v, a, s, typed, NULL, &c, e) &&
	    value_type(a, s, p, c.name, ret, e);
}

/* "PROP" and "VALUE" of "PROP=VALUE". */
static bool
split_typed(struct arena *a, const char *typed, const char **ret_name, const char **ret_value,
    struct err *e)
{
	const char *equals = strchr(typed, '=');

	if (!equals || equals == typed)
		return err_set(e, ERR_INVALID,
		    "\"%.80s\" is no PROP=VALUE: a property's name, \"=\", and its value",
		    typed);
	*ret_name = arena_strn(a, typed, (size_t)(equals - typed));
	*ret_value = equals + 1;
	return true;
}

static const struct property *
property_of(const struct type *t, const char *name, struct err *e)
{
	static const char *const any[] = { NULL };
	static const struct property same = { .name = SAME,
		.kind = KIND_LINK,
		.args = any,
		.many = true,
		.compartment = "",
		.reverse = SAME };

	return strcmp(name, SAME) == 0 ? &same : schema_want_property(t, name, e);
}

bool
statement_type(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct type *t, const char *typed, struct creations *creations, struct statement *ret,
    struct err *e)
{
	struct statement st = { .start = -1, .end = -1 };
	const struct property *p;
	const char *name = "", *value = "";
	bool ok;

	if (!split_typed(a, typed, &name, &value, e) || !(p = property_of(t, name, e)))
		return false;
	if (!value[strspn(value, " \t\r\n")])
		return err_set(
		    e, ERR_INVALID, "%s has no value: leave it out, or say what it is", name);
	if (p->kind == KIND_LINK)
		ok = find_target(db, v, a, s, p, value, creations, &st.value, e);
	else if (p->kind == KIND_ITEM)
		ok = find_item(db, v, a, s, p, value, &st.value, e);
	else if (names_claim(p))
		ok = find_claim(db, v, a, s, p, value, &st.value, e);
	else
		ok = value_type(a, s, p, value, &st.value, e);
	if (!ok)
		return err_at(e, "%s", name);
	st.property = p->name;
	st.compartment = p->compartment;
	*ret = st;
	return true;
}
