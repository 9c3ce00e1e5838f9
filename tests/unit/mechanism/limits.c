/* docs/limits.md says what the program does: every setting, every type that is read. */
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/io.h"
#include "mechanism/mechanism.h"
#include "test.h"

static const char *
page(struct arena *a)
{
	const char *here = dirname(arena_str(a, __FILE__));
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e;

	if (!io_read_file(arena_printf(a, "%s/../../../docs/limits.md", here), &b, &e))
		return NULL;
	return arena_str(a, buf_peek(&b));
}

static size_t
rows_that_begin(const char *text, const char *start)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, start)); at++)
		n++;
	return n;
}

static void
the_page_has_every_setting(void)
{
	AUTO(arena) *a = arena_new();
	const char *text = page(a);

	if (!text)
		SKIP("docs/ is not beside the tests");
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &mechanism_settings[i];
		const char *row = arena_printf(a, "\n| `%s` | %s | %llu | %llu | %llu |\n",
		    s->name, s->what, (unsigned long long)s->low, (unsigned long long)s->high,
		    (unsigned long long)s->otherwise);

		if (!strstr(text, row))
			printf("# docs/limits.md lacks %s", row + 1);
		CHECK(strstr(text, row));
		CHECK(s->low <= s->otherwise && s->otherwise <= s->high);
	}
}

static void
the_page_has_every_type(void)
{
	AUTO(arena) *a = arena_new();
	const char *text = page(a), *type;
	size_t n = 0;

	if (!text)
		SKIP("docs/ is not beside the tests");
	for (; (type = extract_type_at(n)); n++) {
		const char *row = arena_printf(a, "\n| `%s` | %llu |\n", type,
		    (unsigned long long)extract_input_max(type) >> 20);

		if (!strstr(text, row))
			printf("# docs/limits.md lacks %s", row + 1);
		CHECK(strstr(text, row));
	}
	CHECK(rows_that_begin(text, "\n| `") == n + SETTINGS);
}

static void
the_page_has_the_bound_of_anchors(void)
{
	AUTO(arena) *a = arena_new();
	const char *text = page(a);

	if (!text)
		SKIP("docs/ is not beside the tests");
	CHECK(strstr(text,
	    arena_printf(a, " are at most %d MB: those behind", EXTRACT_ANCHORS_MAX >> 20)));
}

static void
defaults_are_those_of_extraction(void)
{
	CHECK(mechanism_settings[SETTING_MEMORY_MB].otherwise ==
	    extract_limits_default.memory >> 20);
	CHECK(mechanism_settings[SETTING_SECONDS].otherwise == extract_limits_default.seconds);
	CHECK(mechanism_settings[SETTING_OUTPUT_MB].otherwise ==
	    extract_limits_default.output >> 20);
	CHECK(mechanism_settings[SETTING_CHILDREN].otherwise == extract_limits_default.width);
}

TESTS(T(the_page_has_every_setting), T(the_page_has_every_type),
    T(the_page_has_the_bound_of_anchors), T(defaults_are_those_of_extraction))
