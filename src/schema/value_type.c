/* schema/value_type: values from what people type, by the kind of the property. Each makes the JSON
 * that is kept; value_read then makes the value, so that both agree. */
#include "schema/value_private.h"

#include <string.h>

#include "base/edtf.h"
#include "base/id.h"
#include "schema/private.h"

struct typing {
	struct arena *a;
	const struct schema *s;
	const struct property *p;
	struct json *j; /* the value */
	struct err *e;
};

static const char *
trimmed(struct arena *a, const char *s)
{
	size_t n;

	s += strspn(s, " ");
	n = strlen(s);
	while (n && s[n - 1] == ' ')
		n--;
	return s[n] ? arena_strn(a, s, n) : s;
}

static bool
type_text(struct typing *t, const char *typed)
{
	const char *format = t->p->args[0] ? t->p->args[0] : "";
	const char *text = typed;
	size_t n = 0;

	if (format_has_language(format))
		text = text_after_language(typed, &n);
	if (!*text)
		return err_set(t->e, ERR_INVALID, "an empty text says nothing");
	json_put_str(t->a, t->j, "text", text);
	json_put_some(t->a, t->j, "language", arena_strn(t->a, typed, n));
	json_put_some(t->a, t->j, "format", format);
	return true;
}

static bool
type_date(struct typing *t, const char *typed)
{
	struct edtf d;

	if (!edtf_read(t->a, trimmed(t->a, typed), &d, t->e))
		return false;
	json_put_str(t->a, t->j, "date", d.text);
	return true;
}

/* The unit that was said, or the only one that there is. */
static bool
find_unit(const struct typing *t, const char *said, const char **ret)
{
	const char *const *units = t->p->args;
	const struct vocabulary *v = schema_vocabulary(t->s, "unit");
	const struct term *term;

	if (!*said && units[0] && units[1])
		return err_set(t->e, ERR_INVALID,
		    "%s needs a unit (%s, %s%s): a space and the unit belong after the number",
		    t->p->name, units[0], units[1], units[2] ? ", …" : "");
	if (!*said) {
		*ret = units[0] ? units[0] : "";
		return true;
	}
	if (!v)
		return err_set(t->e, ERR_INVALID, "there is no vocabulary of units");
	term = vocabulary_find(v, said, t->e);
	if (!term)
		return false;
	for (; *units; units++)
		if (!strcmp(*units, term->code))
			break;
	if (t->p->args[0] && !*units)
		return err_set(t->e, ERR_INVALID, "%s is counted in %s%s, not in %s",
		    t->p->name, t->p->args[0], t->p->args[1] ? " and others" : "", term->code);
	*ret = term->code;
	return true;
}

static bool
type_number(struct typing *t, const char *typed)
{
	const char *s = trimmed(t->a, typed), *unit = NULL, *said, *range;
	size_t n, skip = 0;
	struct decimal from, to;
	enum qualifier q = EXACT;

	if (*s == '~') {
		q = ABOUT;
		skip = 1;
	} else if (s[0] == '>' && s[1] == '=') {
		q = AT_LEAST;
		skip = 2;
	}
	s += skip + strspn(s + skip, " ");
	n = strcspn(s, " ");
	said = s + n + strspn(s + n, " ");
	range = q == EXACT ? memmem(s, n, "..", 2) : NULL;
	if (range) {
		q = BETWEEN;
		if (!decimal_read(range + 2, (size_t)(s + n - range) - 2, &to, t->e))
			return false;
		n = (size_t)(range - s);
	}
	if (!decimal_read(s, n, &from, t->e) || !find_unit(t, said, &unit))
		return false;
	if (q == BETWEEN && to.nano <= from.nano)
		return err_set(t->e, ERR_INVALID, "a range leads from less to more: 12..20");
	json_put_str(t->a, t->j, "number", decimal_text(t->a, from));
	json_put_some(t->a, t->j, "qualifier", qualifiers[q]);
	if (q == BETWEEN)
		json_put_str(t->a, t->j, "to", decimal_text(t->a, to));
	json_put_some(t->a, t->j, "unit", unit);
	return true;
}

static bool
type_term(struct typing *t, const char *typed)
{
	const struct term *term = vocabulary_find(t->p->vocabulary, trimmed(t->a, typed), t->e);

	if (!term)
		return false;
	json_put_str(t->a, t->j, "term", term->code);
	json_put_str(t->a, t->j, "vocabulary", t->p->vocabulary->name);
	return true;
}

static bool
type_link(struct typing *t, const char *typed)
{
	const char *s = trimmed(t->a, typed);

	if (!*s || !id_starts(s, "rec"))
		return err_set(t->e, ERR_INVALID,
		    "\"%.60s\" is no record's id (rec_…) or the beginning of one", s);
	json_put_str(t->a, t->j, "link", s);
	return true;
}

static bool
type_item(struct typing *t, const char *typed)
{
	const char *s = trimmed(t->a, typed);
	size_t n = strlen(s);

	if (!n || (!id_starts(s, "item") && (n > 64 || strspn(s, "0123456789abcdef") != n)))
		return err_set(t->e, ERR_INVALID,
		    "\"%.60s\" is no item's id (item_…), no SHA-256, and the beginning of none",
		    s);
	json_put_str(t->a, t->j, "item", s);
	return true;
}

static void
put_coordinates(struct typing *t, const struct coordinates *c)
{
	json_put_str(t->a, t->j, "latitude", decimal_text(t->a, c->latitude));
	json_put_str(t->a, t->j, "longitude", decimal_text(t->a, c->longitude));
	if (c->uncertainty.nano >= 0)
		json_put_str(t->a, t->j, "uncertainty", decimal_text(t->a, c->uncertainty));
}

/* "NAME", "COORDINATES", "NAME @ COORDINATES", or "NAME @" if the name alone would be taken for one
 * of these. */
static bool
type_place(struct typing *t, const char *typed)
{
	const char *at = last_of(typed, PLACE_BEFORE_COORDINATES);
	size_t n = strlen(typed), end = strlen(PLACE_NAME_ONLY);
	bool name_only = n >= end && !strcmp(typed + n - end, PLACE_NAME_ONLY);
	const char *rest = at ? at + strlen(PLACE_BEFORE_COORDINATES) : typed;
	struct coordinates c;
	enum look look = name_only ? LOOK_OTHER : coordinates_read(rest, &c, t->e);

	if (look == LOOK_BAD)
		return false;
	if (at && look == LOOK_OTHER && !name_only)
		return err_set(t->e, ERR_INVALID,
		    "\"%.60s\" are no coordinates (41.31,69.24 ~500m); if all of it is the"
		    " place's name, write \"%s\" after it",
		    rest, PLACE_NAME_ONLY);
	if (look == LOOK_GOOD)
		put_coordinates(t, &c);
	n = name_only ? n - end : at ? (size_t)(at - typed) : look == LOOK_GOOD ? 0 : n;
	if (!n && look != LOOK_GOOD)
		return err_set(t->e, ERR_INVALID, "a place needs a name or coordinates");
	json_put_some(t->a, t->j, "place", arena_strn(t->a, typed, n));
	return true;
}

static bool
called(const struct state *s, const char *name)
{
	bool same = fold_same(s->code, name);

	for (size_t i = 0; i < s->labels.n && !same; i++)
		same = fold_same(s->labels.l[i].text, name);
	return same;
}

/* A state by its name, or by its label in any language. */
static const struct state *
find_state(const struct procedure *p, const char *name, struct err *e)
{
	const struct state *found = procedure_state(p, name);
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	if (found)
		return found;
	nearest_init(&near, name);
	for (size_t i = 0; i < p->n_states; i++) {
		const struct state *s = &p->states[i];

		nearest_try(&near, s->code, s->code);
		if (!called(s, name))
			continue;
		if (found) {
			err_set(e, ERR_INVALID,
			    "several states of %s are called \"%.64s\": %s, %s; use the name",
			    p->name, name, found->code, s->code);
			return NULL;
		}
		found = s;
	}
	if (!found)
		err_set(e, ERR_INVALID, "%s has no state \"%.64s\"%s", p->name, name,
		    nearest_hint(&near, hint));
	return found;
}

/* "STATE" or "STATE on DATE" */
static bool
type_step(struct typing *t, const char *typed)
{
	const char *s = trimmed(t->a, typed), *on = last_of(s, STEP_BEFORE_DAY);
	const struct state *state;
	struct edtf d;

	if (!t->p->procedure)
		return err_set(t->e, ERR_INVALID, "%s has no procedure", t->p->owner->name);
	if (on && !edtf_read(t->a, on + strlen(STEP_BEFORE_DAY), &d, t->e))
		return false;
	state =
	    find_state(t->p->procedure, on ? arena_strn(t->a, s, (size_t)(on - s)) : s, t->e);
	if (!state)
		return false;
	json_put_str(t->a, t->j, "step", state->code);
	json_put_some(t->a, t->j, "on", on ? d.text : "");
	return true;
}

static bool (*const by_kind[])(struct typing *t, const char *typed) = {
	[KIND_TEXT] = type_text,
	[KIND_DATE] = type_date,
	[KIND_NUMBER] = type_number,
	[KIND_TERM] = type_term,
	[KIND_LINK] = type_link,
	[KIND_PLACE] = type_place,
	[KIND_ITEM] = type_item,
	[KIND_STEP] = type_step,
};
_Static_assert(LEN(by_kind) == KINDS, "every kind has a row");

bool
value_type(struct arena *a, const struct schema *s, const struct property *p, const char *typed,
    struct value *ret, struct err *e)
{
	struct typing t = { .a = a, .s = s, .p = p, .j = json_new_map(a), .e = e };
	size_t at;

	if (!utf8_ok(typed, strlen(typed), &at))
		return err_set(e, ERR_INVALID, "this is not UTF-8 (byte %zu)", at + 1);
	return by_kind[p->kind](&t, typed) && value_read(a, t.j, ret, e);
}
