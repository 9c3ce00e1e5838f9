/* schema/value_print: a value as people type it. */
#include "schema/value_private.h"

#include <string.h>

static const char *
print_text(struct arena *a, const struct value *v)
{
	size_t n;

	if (!format_has_language(v->format))
		return v->text;
	if (*v->language)
		return arena_printf(a, "%s:%s%s", v->language,
		    *v->text == ':' || *v->text == ' ' ? ":" : "", v->text);
	return text_after_language(v->text, &n) == v->text ? v->text :
							     arena_printf(a, ":%s", v->text);
}

static const char *
print_number(struct arena *a, const struct value *v)
{
	const char *qualifier = json_get_str(v->json, "qualifier");

	return arena_printf(a, "%s%s%s%s%s%s",
	    !strcmp(qualifier, qualifiers[ABOUT])        ? "~" :
		!strcmp(qualifier, qualifiers[AT_LEAST]) ? ">=" :
							   "",
	    v->text, !strcmp(qualifier, qualifiers[BETWEEN]) ? ".." : "",
	    json_get_str(v->json, "to"), *v->unit ? " " : "", v->unit);
}

static const char *
print_place(struct arena *a, const struct value *v)
{
	const char *name = json_get_str(v->json, "place");
	const char *latitude = json_get_str(v->json, "latitude");
	const char *uncertainty = json_get_str(v->json, "uncertainty");
	size_t n = strlen(name), end = strlen(PLACE_NAME_ONLY);
	struct coordinates c;
	struct err ignored;

	if (*latitude)
		return arena_printf(a, "%s%s%s,%s%s%s%s", name,
		    *name ? PLACE_BEFORE_COORDINATES : "", latitude,
		    json_get_str(v->json, "longitude"), *uncertainty ? " ~" : "", uncertainty,
		    *uncertainty ? "m" : "");
	if (last_of(name, PLACE_BEFORE_COORDINATES) ||
	    (n >= end && !strcmp(name + n - end, PLACE_NAME_ONLY)) ||
	    coordinates_read(name, &c, &ignored) != LOOK_OTHER)
		return arena_printf(a, "%s%s", name, PLACE_NAME_ONLY);
	return name;
}

static const char *
print_step(struct arena *a, const struct value *v)
{
	const char *on = json_get_str(v->json, "on");

	return *on ? arena_printf(a, "%s%s%s", v->text, STEP_BEFORE_DAY, on) : v->text;
}

const char *
value_print(struct arena *a, const struct value *v)
{
	switch (v->kind) {
	case KIND_TEXT:
		return print_text(a, v);
	case KIND_NUMBER:
		return print_number(a, v);
	case KIND_PLACE:
		return print_place(a, v);
	case KIND_STEP:
		return print_step(a, v);
	default:
		return v->text;
	}
}
