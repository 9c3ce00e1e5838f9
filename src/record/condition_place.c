/* Conditions on places: by the name, whatever coordinates stand beside it, and by coordinates as far as they are
 * known. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "record/condition_private.h"
#include "text/text.h"

/* Words in their folded form, a space after each. */
static const char *
folded(struct arena *a, const char *name)
{
	AUTO(tokens) *t = tokens_new();
	AUTO_VAL(buf) b = buf_init(64 * 1024);
	struct token token;

	tokens_start(t, name, strlen(name));
	while (tokens_next(t, &token))
		if (!token.translit) {
			buf_add(&b, token.term, token.n);
			buf_byte(&b, ' ');
		}
	return arena_str(a, buf_peek(&b));
}

/* "Bangui" names "Bangui city", too: sources write the kind of a place behind its name. */
static bool
is_named(struct arena *a, const char *wanted, const char *name)
{
	const char *begin = folded(a, wanted);

	return *begin ? strncmp(folded(a, name), begin, strlen(begin)) == 0 :
			strcmp(name, wanted) == 0;
}

/* Metres on a sphere, squared; good for what lies near. */
static double
apart_squared(const struct value *one, const struct value *other)
{
	const double pi = 3.14159265358979323846, degree = 6371009.0 * pi / 180;
	double turn = fabs(one->longitude - other->longitude);
	double north = (one->latitude - other->latitude) * degree;
	double middle = (one->latitude + other->latitude) / 2 * pi / 180;
	double east = MIN(turn, 360 - turn) * degree * cos(middle);

	return north * north + east * east;
}

static bool
is_near(const struct value *wanted, const struct value *have)
{
	const double least = 1; /* metre: what rounding may make of the same */
	double within = least;

	if (isnan(have->latitude) || isnan(have->longitude))
		return false;
	within += isnan(wanted->uncertainty) ? 0 : wanted->uncertainty;
	within += isnan(have->uncertainty) ? 0 : have->uncertainty;
	return apart_squared(wanted, have) <= within * within;
}

bool
place_fits(struct arena *a, const struct value *wanted, const struct value *have)
{
	const char *name = json_get_str(wanted->json, "place");

	if (have->kind != KIND_PLACE)
		return false;
	if (*name && !is_named(a, name, json_get_str(have->json, "place")))
		return false;
	return isnan(wanted->latitude) || is_near(wanted, have);
}
