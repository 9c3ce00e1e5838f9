/* Consent: from what people write to the map that an entry keeps. */
#include <string.h>

#include "base/clock.h"
#include "record/acts.h"

static const char *const names[] = { "purpose", "recipients", "conditions", "obtained_by",
	"how", "language", "until" };

static char *
trimmed(struct arena *a, const char *s, size_t n)
{
	while (n && strchr(" \t\r\n", s[0])) {
		s++;
		n--;
	}
	while (n && strchr(" \t\r\n", s[n - 1]))
		n--;
	return arena_strn(a, s, n);
}

static bool
known_name(const char *name)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool
add_part(struct arena *a, struct json *map, const char *s, size_t n, struct err *e)
{
	const char *eq = memchr(s, '=', n);
	const char *name = eq ? trimmed(a, s, (size_t)(eq - s)) : "purpose";
	const char *value =
	    eq ? trimmed(a, eq + 1, n - (size_t)(eq + 1 - s)) : trimmed(a, s, n);
	int64_t t;

	if (!eq && !*value)
		return true;
	if (!known_name(name))
		return err_set(e, ERR_INVALID,
		    "consent: \"%.40s\" is none of purpose, recipients, conditions, "
		    "obtained_by, "
		    "how, "
		    "language, until",
		    name);
	if (!*value)
		return err_set(e, ERR_INVALID, "consent: nothing after %s=", name);
	if (json_get(map, name))
		return err_set(e, ERR_INVALID, "consent: %s is told twice", name);
	if (strcmp(name, "until") == 0 && !clock_read_end(value, &t, e))
		return err_at(e, "consent");
	json_put_str(a, map, name, value);
	return true;
}

struct json *
consent_read(struct arena *a, const char *s, struct err *e)
{
	struct json *map = json_new_map(a);

	while (*s) {
		size_t n = strcspn(s, ";\n");

		if (!add_part(a, map, s, n, e))
			return NULL;
		s += n + (s[n] != 0);
	}
	if (!json_len(map)) {
		err_set(e, ERR_INVALID, "consent: nothing is told in it");
		return NULL;
	}
	return map;
}
