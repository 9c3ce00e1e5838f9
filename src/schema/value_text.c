/* schema/value_text: formats of texts, and the language in front of a text. */
#include "schema/value_private.h"

#include <string.h>

#include "schema/private.h"

/* They say how a text is shown and found, and refuse nothing: what others send must come in as it
 * is. Texts of some have no language: their colons are their own. */
static const struct {
	const char *name;
	bool language;
} formats[] = {
	{ "", true },
	{ "name", true },
	{ "html", true },
	{ "address", true },
	{ "url", false },
	{ "email", false },
	{ "phone", false },
	{ "identifier", false },
	{ "claim", false },
	{ "date", false },
	{ "number", false },
	{ "country", false },
	{ "language", false },
	{ "topic", false },
	{ "gender", false },
	{ "checksum", false },
	{ "mimetype", false },
	{ "json", false },
	{ "ip", false },
};

const char *
format_name(size_t i)
{
	return i + 1 < LEN(formats) ? formats[i + 1].name :
				      NULL; /* not the one without a name */
}

bool
format_known(const char *format)
{
	for (size_t i = 0; format_name(i); i++)
		if (!strcmp(format_name(i), format))
			return true;
	return false;
}

bool
format_has_language(const char *format)
{
	for (size_t i = 0; i < LEN(formats); i++)
		if (!strcmp(formats[i].name, format))
			return formats[i].language;
	return false;
}

/* "en:text", "en::text" for a text that begins with a colon or a space, ":text" for one without a
 * language whose beginning looks like one. "to: whom it may concern" is not in the language of Tonga. */
const char *
text_after_language(const char *typed, size_t *ret_n)
{
	size_t n = strcspn(typed, ":");

	*ret_n = 0;
	if (*typed == ':')
		return typed + 1;
	if (typed[n] != ':' || !language_ok(typed, n) || typed[n + 1] == ' ' || !typed[n + 1])
		return typed;
	*ret_n = n;
	return typed + n + 1 + (typed[n + 1] == ':');
}

const char *
last_of(const char *s, const char *part)
{
	const char *last = NULL;

	for (const char *at = strstr(s, part); at; at = strstr(at + 1, part))
		last = at;
	return last;
}
