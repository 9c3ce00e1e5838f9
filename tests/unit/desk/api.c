/* desk/api: what JSON becomes as a form; desk/takes: what routes say that they read; desk/view: values as JSON. */
#include "test.h"

#include <math.h>

#include "desk/api.h"
#include "desk/takes.h"
#include "desk/view.h"

static void
json_is_read_as_a_form(void)
{
	static const char takes[] = "a b# c? d+ v.* step=x|y";
	static const struct {
		const char *s, *form; /* NULL: refused */
	} cases[] = {
		{ "{}", "" },
		{ "{\"a\":\"b\"}", "a=b;" },
		{ "{\"a\":\"\"}", "a=;" },
		{ "{\"b\":12,\"c\":true}", "b=12;c=1;" },
		{ "{\"b\":-1}", "b=-1;" },
		{ "{\"c\":false,\"a\":null}", "" },
		{ "{\"d\":[\"x\",\"y\"]}", "d=x;d=y;" },
		{ "{\"d\":[]}", "" },
		{ "{\"v.x\":\"1\",\"v.y.z\":\"2\"}", "v.x=1;v.y.z=2;" },
		{ " { \"a\" : \"\\u00f6\\\"<\" } ", "a=\xc3\xb6\"<;" },
		{ "{\"v.\":\"1\"}", NULL },
		{ "{\"e\":\"1\"}", NULL },
		{ "{\"A\":\"1\"}", NULL },
		{ "{\"token\":\"1\"}", NULL },
		{ "{\"d\":[1]}", NULL },
		{ "{\"d\":[[\"x\"]]}", NULL },
		{ "{\"a\":{\"b\":\"c\"}}", NULL },
		{ "{\"b\":1.5}", NULL },
		{ "{\"a\":\"1\",\"a\":\"2\"}", NULL },
		{ "{\"a\":\"\\u0000\"}", NULL },
		{ "{\"a\":\"\\ud800\"}", NULL },
		{ "{\"a\":\"\xff\"}", NULL },
		{ "{\"a\":\"b\"} x", NULL },
		{ "[\"a\"]", NULL },
		{ "\"a\"", NULL },
		{ "", NULL },
		{ "a=b", NULL },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 10);
		struct pairs p = { 0 };
		struct err e;
		bool good = api_read_json(a, cases[i].s, strlen(cases[i].s), takes, &p, &e);

		CHECK(good == (cases[i].form != NULL));
		CHECK(good || e.kind == ERR_INVALID);
		for (size_t k = 0; good && k < p.n; k++)
			buf_printf(&b, "%s=%s;", p.at[k].name, p.at[k].value);
		CHECK(!good || strcmp(buf_peek(&b), cases[i].form) == 0);
	}
}

static void
a_list_has_its_bounds(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct pairs few = { 0 }, many = { 0 };
	struct err e;

	buf_str(&b, "{\"a\":[\"0\"");
	for (int i = 1; i < FIELDS_MAX; i++)
		buf_printf(&b, ",\"%d\"", i);
	CHECK(api_read_json(a, arena_printf(a, "%s]}", buf_peek(&b)), b.n + 2, "a+", &few, &e));
	CHECK(few.n == FIELDS_MAX);
	CHECK(!api_read_json(
	    a, arena_printf(a, "%s,\"x\"]}", buf_peek(&b)), b.n + 6, "a+", &many, &e));
}

static void
what_is_taken_is_said_in_words(void)
{
	struct take t;
	static const char takes[] = "q before# all? step=add|give! role+ v.* as-of";
	static const char *const wrong[] = { "q$", "#", "v*", "*", "a=b c=d?", "a+#", "a,b" };

	CHECK(takes_find(takes, "q", &t) && t.kind == TAKE_TEXT && !t.must && !t.many);
	CHECK(takes_find(takes, "before", &t) && t.kind == TAKE_NUMBER);
	CHECK(takes_find(takes, "all", &t) && t.kind == TAKE_FLAG);
	CHECK(takes_find(takes, "step", &t) && t.kind == TAKE_WORD && t.must);
	CHECK(t.n_words == 8 && memcmp(t.words, "add|give", 8) == 0);
	CHECK(takes_find(takes, "role", &t) && t.many);
	CHECK(takes_find(takes, "v.title", &t) && t.any);
	CHECK(takes_find(takes, "as-of", NULL));
	CHECK(!takes_find(takes, "v.", NULL) && !takes_find(takes, "v", NULL));
	CHECK(!takes_find(takes, "bef", NULL) && !takes_find(takes, "", NULL));
	CHECK(!takes_find(NULL, "q", NULL) && !takes_find("", "q", NULL));
	for (size_t i = 0; i < LEN(wrong); i++) {
		const char *s = wrong[i];
		bool bad = false;

		while (take_next(&s, &t))
			bad |= !t.n;
		CHECK(bad);
	}
}

static void
expect(const struct route *route, bool good, const char *what)
{
	CHECK(good);
	if (!good)
		printf("# %s: %s\n", route->path, what);
}

/* Of each address it is known what goes in and what comes out. */
static void
the_table_describes_the_api(void)
{
	for (size_t i = 0; i < n_routes; i++) {
		const struct route *route = &routes[i];
		const char *s = route->takes;
		bool view = openapi_view(route), file;
		struct take t;

		while (take_next(&s, &t))
			expect(route, t.n > 0, "what does it take?");
		file = route->gives && strchr(route->gives, '/');
		if (!api_has(route))
			continue;
		expect(route, route->gives ? view != file : view || route->post,
		    "what does it give?");
	}
}

static void
values_are_json(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 10);

	view_string(&b, "<a>\"\n\xc3\xb6");
	view_comma(&b, 1);
	view_string(&b, NULL);
	view_comma(&b, 0);
	view_bool(&b, true);
	buf_byte(&b, ' ');
	view_unsigned(&b, UINT64_C(9007199254740991));
	buf_byte(&b, ' ');
	view_signed(&b, -3);
	buf_byte(&b, ' ');
	view_double(&b, -0.5);
	buf_byte(&b, ' ');
	view_double(&b, (double)NAN);
	buf_byte(&b, ' ');
	view_double(&b, 1e300 * 10);
	CHECK(strcmp(buf_peek(&b),
		  "\"<a>\\\"\\n\xc3\xb6\",nulltrue 9007199254740991 -3 -0.5 null 1e+301") == 0);
	buf_reset(&b);
	view_moment(&b, INT64_C(1796034896123));
	view_moment(&b, 0);
	view_moment(&b, INT64_MAX);
	CHECK(strcmp(buf_peek(&b), "\"2026-11-30T10:34:56.123Z\"nullnull") == 0);
	buf_reset(&b);
	view_address(&b, "/records/x?a=\"#b");
	view_address(&b, "XAA");
	view_address(&b, NULL);
	CHECK(strcmp(buf_peek(&b), "\"/api/v1/records/x?a=\\\"#b\"\"XAA\"null") == 0);
}

TESTS(T(json_is_read_as_a_form), T(a_list_has_its_bounds), T(what_is_taken_is_said_in_words),
    T(the_table_describes_the_api), T(values_are_json))
