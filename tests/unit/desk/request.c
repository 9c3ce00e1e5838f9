/* desk/request: what a form and an address say; desk/route: who may; desk/throttle: when one may try again;
 * desk/rate: how often one may ask. */
#include "test.h"

#include "desk/server.h"

static void
forms_are_read(void)
{
	static const struct {
		const char *s;
		bool good;
		const char *a; /* the first field a */
		size_t n;
	} cases[] = {
		{ "", true, "", 0 },
		{ "a=b", true, "b", 1 },
		{ "a=1&a=2", true, "1", 2 },
		{ "&&a=b&", true, "b", 1 },
		{ "a", true, "", 1 },
		{ "a=", true, "", 1 },
		{ "a=b=c", true, "b=c", 1 },
		{ "a=b+c%20d%2B", true, "b c d+", 1 },
		{ "%61=%62", true, "b", 1 },
		{ "a=%", true, "%", 1 },
		{ "a=%4", true, "%4", 1 },
		{ "a=%zz", true, "%zz", 1 },
		{ "a=%C3%B6", true, "\xc3\xb6", 1 },
		{ "a=%c3", false, "", 0 },
		{ "a=%00", false, "", 0 },
		{ "%00=a", false, "", 0 },
		{ "a=%ed%a0%80", false, "", 0 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		struct request r = { .a = a };

		CHECK(pairs_read(a, cases[i].s, strlen(cases[i].s), &r.form) == cases[i].good);
		if (!cases[i].good)
			continue;
		CHECK(r.form.n == cases[i].n);
		CHECK(strcmp(request_field(&r, "a"), cases[i].a) == 0);
		CHECK(strcmp(request_field(&r, "nothing"), "") == 0);
	}
}

static void
too_many_fields_are_refused(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct pairs few = { 0 }, many = { 0 };

	for (int i = 0; i < FIELDS_MAX; i++)
		buf_str(&b, "a=b&");
	CHECK(pairs_read(a, buf_peek(&b), b.n, &few) && few.n == FIELDS_MAX);
	buf_str(&b, "a=b");
	CHECK(!pairs_read(a, buf_peek(&b), b.n, &many));
}

static void
numbers_are_whole(void)
{
	static const struct {
		const char *s;
		uint64_t is;
	} cases[] = {
		{ "0", 0 },
		{ "10", 10 },
		{ "", 7 },
		{ "-1", 7 },
		{ "+1", 7 },
		{ " 1", 7 },
		{ "1 ", 7 },
		{ "0x1", 7 },
		{ "11", 7 },
		{ "99999999999999999999999", 7 },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(request_number(cases[i].s, 7, 10) == cases[i].is);
}

static void
cookies_go_by_their_exact_names(void)
{
	struct request r = { .cookies = { .at = { { "vigil", "low" }, { "Vigil", "high" } },
				 2 },
		.headers = { .at = { { "HOST", "here" } }, 1 } };

	CHECK(strcmp(request_cookie(&r, "Vigil"), "high") == 0);
	CHECK(strcmp(request_cookie(&r, "VIGIL"), "") == 0);
	CHECK(strcmp(request_header(&r, "host"), "here") == 0);
}

static const struct route *
found(struct arena *a, bool post, const char *path, const char **ret_part)
{
	struct request r = { .a = a, .post = post, .path = path };

	route_find(&r);
	*ret_part = r.part[0];
	return r.route;
}

static void
routes_are_found(void)
{
	AUTO(arena) *a = arena_new();
	static const char *const nowhere[] = { "", "//", "/items", "/items/", "/items//text",
		"/items/x/text/", "/items/x/y", "/Find", "/find/", "find", "/static/a/b" };
	const char *part;

	CHECK(found(a, false, "/", &part));
	CHECK(found(a, false, "/items/x", &part) && strcmp(part, "x") == 0);
	CHECK(found(a, false, "/items/x/text", &part) && strcmp(part, "x") == 0);
	CHECK(!found(a, true, "/items/x", &part));
	CHECK(found(a, true, "/people", &part)->post);
	for (size_t i = 0; i < LEN(nowhere); i++)
		CHECK(!found(a, false, nowhere[i], &part));
}

static void
every_change_is_guarded(void)
{
	const struct visitor nobody = { 0 }, nothing = { .name = "x" };

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];

		CHECK(
		    route_allows(r, &nobody) == (r->may == MAY_ANYBODY || r->may == MAY_GIVE));
		CHECK((r->may == MAY_GIVE) ==
		    (strcmp(r->path, "/give") == 0 || strncmp(r->path, "/give/", 6) == 0));
		CHECK(route_allows(r, &nothing) == (r->may != MAY_ROLES));
		CHECK(r->may != MAY_ROLES || r->roles);
		CHECK(!r->post || r->may != MAY_ANYBODY || strcmp(r->path, "/sign-in") == 0 ||
		    strcmp(r->path, "/sign-in/second") == 0 ||
		    strcmp(r->path, "/invitation/{word}") == 0 ||
		    strcmp(r->path, "/receipts") == 0 || strcmp(r->path, "/sign/{code}") == 0);
		for (enum login_role k = 0; k < ROLES; k++) {
			struct visitor v = { .name = "x", .roles = ROLE_BIT(k) };

			CHECK(route_allows(r, &v) ==
			    (r->may != MAY_ROLES || (r->roles & ROLE_BIT(k))));
		}
		for (size_t j = 0; j < i; j++)
			CHECK(
			    routes[j].post != r->post || strcmp(routes[j].path, r->path) != 0);
	}
}

static int64_t now;

static int64_t
clock_of_test(void)
{
	return now;
}

static void
waiting_grows_and_ends(void)
{
	struct throttle *t = throttle_new();

	throttle_clock(t, clock_of_test);
	now = 1000;
	for (int i = 0; i < 5; i++) {
		CHECK(throttle_may(t, "inga", "192.0.2.1"));
		throttle_failed(t, "inga", "192.0.2.1");
	}
	CHECK(!throttle_may(t, "inga", "192.0.2.1"));
	CHECK(throttle_may(t, "inga", "198.51.100.7")); /* it cannot be used to lock her out */
	CHECK(throttle_may(t, "otto", "192.0.2.1"));
	now += 2000;
	CHECK(throttle_may(t, "inga", "192.0.2.1"));
	throttle_failed(t, "inga", "192.0.2.1");
	now += 2000;
	CHECK(!throttle_may(t, "inga", "192.0.2.1"));
	now += 2000;
	CHECK(throttle_may(t, "inga", "192.0.2.1"));
	for (int i = 0; i < 40; i++)
		throttle_failed(t, "inga", "192.0.2.1");
	now += 15 * 60 * 1000 - 1;
	CHECK(!throttle_may(t, "inga", "192.0.2.1"));
	now += 1;
	CHECK(throttle_may(t, "inga", "192.0.2.1"));
	throttle_well(t, "inga", "192.0.2.1");
	throttle_failed(t, "inga", "192.0.2.1");
	CHECK(throttle_may(t, "inga", "192.0.2.1")); /* counted anew */
	throttle_free(t);
}

static void
many_names_from_one_address_are_too_many(void)
{
	struct throttle *t = throttle_new();
	char name[16];

	throttle_clock(t, clock_of_test);
	now = 1000;
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "n%d", i);
		throttle_failed(t, name, "192.0.2.1");
	}
	CHECK(!throttle_may(t, "another", "192.0.2.1"));
	CHECK(throttle_may(t, "another", "192.0.2.2"));
	now += 61 * 60 * 1000;
	CHECK(throttle_may(t, "another", "192.0.2.1"));
	throttle_free(t);
}

static void
asking_too_often_is_refused(void)
{
	struct rates *r = rates_new();
	int may = 0;

	rates_clock(r, clock_of_test);
	now = 1000;
	for (int i = 0; i < 100; i++)
		may += rates_take(r, "192.0.2.1", 5);
	CHECK(may == 50); /* ten seconds' worth at once */
	CHECK(rates_take(r, "192.0.2.2", 5));
	now += 199;
	CHECK(!rates_take(r, "192.0.2.1", 5));
	now += 1;
	CHECK(rates_take(r, "192.0.2.1", 5) && !rates_take(r, "192.0.2.1", 5));
	now += 60 * 60 * 1000;
	for (may = 0; rates_take(r, "192.0.2.1", 5);)
		may++;
	CHECK(may == 50);
	rates_free(r);
}

TESTS(T(forms_are_read), T(too_many_fields_are_refused), T(numbers_are_whole),
    T(cookies_go_by_their_exact_names), T(routes_are_found), T(every_change_is_guarded),
    T(waiting_grows_and_ends), T(many_names_from_one_address_are_too_many),
    T(asking_too_often_is_refused))
