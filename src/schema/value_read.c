/* schema/value_read: a value from an entry's body. The JSON is checked as foreign bytes are: what an
 * import or another program put there meets the views here. */
#include "schema/value_private.h"

#include <math.h>
#include <string.h>

#include "base/edtf.h"
#include "base/id.h"
#include "schema/private.h"

const char *const qualifiers[] = { "", "about", "at_least", "between", NULL };

static bool
bad(struct err *e, const char *what)
{
	return err_set(e, ERR_INVALID, "a value's %s", what);
}

static bool
read_text(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	struct edtf d;
	struct err ignored;

	v->language = json_get_str(j, "language");
	v->format = json_get_str(j, "format");
	if (*v->language && !language_ok(v->language, strlen(v->language)))
		return bad(e, "language is no language tag");
	if (*v->format && !name_ok(v->format))
		return bad(e, "format is no name");
	if (!*v->format || strcmp(v->format, "date") != 0)
		return true;
	/* What others call a date may be any text; it is sorted as one if it is one. */
	v->low = INT64_MIN;
	v->high = INT64_MAX;
	if (edtf_read(a, v->text, &d, &ignored)) {
		v->low = d.earliest;
		v->high = d.latest;
	}
	return true;
}

static bool
read_date(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	struct edtf d;

	(void)j;
	if (!edtf_read(a, v->text, &d, e))
		return false;
	v->text = d.text;
	v->low = d.earliest;
	v->high = d.latest;
	return true;
}

static bool
canonical(struct arena *a, const char *text, struct decimal *ret, struct err *e)
{
	struct decimal d;

	if (!decimal_read(text, strlen(text), &d, e))
		return false;
	if (strcmp(decimal_text(a, d), text) != 0)
		return bad(e, "number has zeros that say nothing");
	*ret = d;
	return true;
}

static bool
read_number(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	const char *qualifier = json_get_str(j, "qualifier"), *to = json_get_str(j, "to");
	struct decimal first, second;
	size_t q = 0;

	v->unit = json_get_str(j, "unit");
	if (*v->unit && !code_ok(v->unit))
		return bad(e, "unit is no code");
	while (qualifiers[q] && strcmp(qualifiers[q], qualifier) != 0)
		q++;
	if (!qualifiers[q])
		return bad(e, "qualifier is none of about, at_least, between");
	if ((q == BETWEEN) != (*to != 0))
		return bad(e, "\"to\" and the qualifier \"between\" belong together");
	if (!canonical(a, v->text, &first, e))
		return false;
	second = first;
	if (*to && !canonical(a, to, &second, e))
		return false;
	if (*to && second.nano <= first.nano)
		return bad(e, "range must lead from less to more");
	v->low = decimal_floor(first);
	v->high = q == AT_LEAST ? INT64_MAX : decimal_ceiling(second);
	return true;
}

static bool
read_term(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	(void)a;
	v->vocabulary = json_get_str(j, "vocabulary");
	if (!code_ok(v->text) || !name_ok(v->vocabulary))
		return bad(e, "term needs a code and a vocabulary's name");
	return true;
}

static bool
read_link(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	(void)a;
	(void)j;
	return id_starts(v->text, "rec") || bad(e, "link is no record's id");
}

static bool
read_item(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	size_t n = strlen(v->text);

	(void)a;
	(void)j;
	return id_starts(v->text, "item") ||
	    (n <= 64 && strspn(v->text, "0123456789abcdef") == n) ||
	    bad(e, "item is neither an item's id nor a SHA-256");
}

static bool
read_place(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	const char *latitude = json_get_str(j, "latitude");
	const char *longitude = json_get_str(j, "longitude");
	const char *uncertainty = json_get_str(j, "uncertainty");
	struct coordinates c = { .uncertainty.nano = -1 };

	if (!*latitude != !*longitude || (*uncertainty && !*latitude) ||
	    (!*v->text && !*latitude))
		return bad(e, "place needs a name, or latitude and longitude, or all");
	if (!*latitude)
		return true;
	if (!canonical(a, latitude, &c.latitude, e) ||
	    !canonical(a, longitude, &c.longitude, e))
		return false;
	if (*uncertainty &&
	    (!canonical(a, uncertainty, &c.uncertainty, e) || *uncertainty == '-'))
		return bad(e, "uncertainty is no distance in metres");
	if (!coordinates_check(&c, e))
		return false;
	v->latitude = (double)c.latitude.nano / 1e9;
	v->longitude = (double)c.longitude.nano / 1e9;
	v->uncertainty = *uncertainty ? (double)c.uncertainty.nano / 1e9 : NAN;
	if (!*v->text)
		v->text = arena_printf(a, "%s,%s", latitude, longitude);
	return true;
}

static bool
read_step(struct arena *a, const struct json *j, struct value *v, struct err *e)
{
	const char *on = json_get_str(j, "on");
	struct edtf d;

	v->low = INT64_MIN;
	v->high = INT64_MAX;
	if (!name_ok(v->text))
		return bad(e, "step is no state's name");
	if (!*on)
		return true;
	if (!edtf_read(a, on, &d, e))
		return false;
	v->low = d.earliest;
	v->high = d.latest;
	return true;
}

/* A kind's members: the first names it. A place may lack its name. */
static const struct {
	const char *members[6];
	bool (*read)(struct arena *a, const struct json *j, struct value *v, struct err *e);
} forms[] = {
	[KIND_TEXT] = { { "text", "language", "format" }, read_text },
	[KIND_DATE] = { { "date" }, read_date },
	[KIND_NUMBER] = { { "number", "qualifier", "to", "unit" }, read_number },
	[KIND_TERM] = { { "term", "vocabulary" }, read_term },
	[KIND_LINK] = { { "link" }, read_link },
	[KIND_PLACE] = { { "place", "latitude", "longitude", "uncertainty" }, read_place },
	[KIND_ITEM] = { { "item" }, read_item },
	[KIND_STEP] = { { "step", "on" }, read_step },
};
_Static_assert(LEN(forms) == KINDS, "every kind has a row");

static enum kind
find_kind(const struct json *j)
{
	for (size_t k = 0; k < KINDS; k++)
		if (json_get(j, forms[k].members[0]))
			return (enum kind)k;
	return json_get(j, "latitude") ? KIND_PLACE : KINDS;
}

static bool
allowed(enum kind k, const char *name)
{
	for (size_t i = 0; forms[k].members[i]; i++)
		if (!strcmp(forms[k].members[i], name))
			return true;
	return false;
}

bool
value_read(struct arena *a, const struct json *j, struct value *ret, struct err *e)
{
	struct value v = { .kind = find_kind(j),
		.language = "",
		.format = "",
		.unit = "",
		.vocabulary = "",
		.latitude = NAN,
		.longitude = NAN,
		.uncertainty = NAN,
		.json = j };

	if (json_kind(j) != JSON_MAP || v.kind == KINDS)
		return err_set(e, ERR_INVALID,
		    "a value is an object with text, date, number, term, link, place, item or step");
	for (size_t i = 0; i < json_len(j); i++)
		if (!allowed(v.kind, json_name_at(j, i)) || !*json_str(json_at(j, i)))
			return err_set(e, ERR_INVALID, "\"%.64s\" in a value of kind %s",
			    json_name_at(j, i), kind_name(v.kind));
	v.text = json_get_str(j, forms[v.kind].members[0]);
	if (!forms[v.kind].read(a, j, &v, e))
		return false;
	*ret = v;
	return true;
}
