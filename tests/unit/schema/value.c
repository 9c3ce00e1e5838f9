/* Values: what people type, what is kept, and that both say the same. */
#include "common.h"

#include <math.h>

#include "base/json.h"
#include "schema/value.h"

static const char text[] = "vocabulary unit\n"
			   "  term person en \"person\" en-GB \"people\"\n"
			   "  term km2 en \"square kilometre\"\n"
			   "vocabulary kind\n"
			   "  term AL en \"allegation letter\"\n"
			   "  term JAL en \"joint allegation letter\"\n"
			   "type letter\n"
			   "  procedure letter\n"
			   "  property subject text\n"
			   "  property url text url\n"
			   "  property when text date\n"
			   "  property sent date\n"
			   "  property dead number person\n"
			   "  property size number\n"
			   "  property counted number person km2\n"
			   "  property kind term kind\n"
			   "  property to link letter\n"
			   "  property where place\n"
			   "  property proof item\n"
			   "  property state step\n"
			   "procedure letter\n"
			   "  state drafted en \"drafted\" fr \"rédigée\"\n"
			   "  state sent en \"sent\" fr \"envoyée\"\n"
			   "  state seen fr \"envoyée\"\n"
			   "  move drafted to sent\n"
			   "  move sent to seen\n";

static struct schema *
make(void)
{
	struct err e;
	struct schema *s = schema_one(text, &e);

	NEED(s, &e);
	return s;
}

static const char *
json_of(struct arena *a, const struct value *v)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);

	json_write(&b, v->json);
	return arena_str(a, buf_peek(&b));
}

static bool
type_it(struct arena *a, const struct schema *s, const char *property, const char *typed,
    struct value *ret, struct err *e)
{
	*e = (struct err){ 0 };
	return value_type(
	    a, s, type_property(schema_type(s, "letter"), property), typed, ret, e);
}

/* Typed, kept, read, printed, typed again: the same at every stage. */
static bool
goes_round(struct arena *a, const struct schema *s, const char *property, const char *typed)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct value v, read, again;
	const char *printed;
	struct err e;

	if (!type_it(a, s, property, typed, &v, &e))
		return false;
	json_write(&b, v.json);
	if (!value_read(a, json_read(a, b.p, b.n, &e), &read, &e))
		return false;
	printed = value_print(a, &read);
	return type_it(a, s, property, printed, &again, &e) &&
	    !strcmp(json_of(a, &again), buf_peek(&b)) && v.kind == read.kind &&
	    !strcmp(read.text, again.text) && read.low == again.low &&
	    read.high == again.high && !strcmp(value_print(a, &again), printed);
}

static void
what_is_typed_is_kept(void)
{
	static const char *const cases[][3] = {
		{ "subject", "A letter", "{\"text\":\"A letter\"}" },
		{ "subject", "fr:Une lettre", "{\"language\":\"fr\",\"text\":\"Une lettre\"}" },
		{ "subject", "zh-Hant:信", "{\"language\":\"zh-Hant\",\"text\":\"信\"}" },
		{ "subject", "to: whom", "{\"text\":\"to: whom\"}" },
		{ "subject", "en: no", "{\"text\":\"en: no\"}" },
		{ "subject", "en:: yes", "{\"language\":\"en\",\"text\":\" yes\"}" },
		{ "subject", ":en:none", "{\"text\":\"en:none\"}" },
		{ "subject", "Note: x", "{\"text\":\"Note: x\"}" },
		{ "subject", "http://x", "{\"text\":\"http://x\"}" },
		{ "url", "fr:x", "{\"format\":\"url\",\"text\":\"fr:x\"}" },
		{ "sent", " 2020-06~ ", "{\"date\":\"2020-06~\"}" },
		{ "sent", "2020-09-01/2020-09-09", "{\"date\":\"2020-09-01/2020-09-09\"}" },
		{ "size", "12", "{\"number\":\"12\"}" },
		{ "size", "-012.500", "{\"number\":\"-12.5\"}" },
		{ "size", "~12", "{\"number\":\"12\",\"qualifier\":\"about\"}" },
		{ "size", ">=12", "{\"number\":\"12\",\"qualifier\":\"at_least\"}" },
		{ "size", "12..20 person",
		    "{\"number\":\"12\",\"qualifier\":\"between\",\"to\":\"20\",\"unit\":\"person\"}" },
		{ "size", "-20..-12.5",
		    "{\"number\":\"-20\",\"qualifier\":\"between\",\"to\":\"-12.5\"}" },
		{ "size", "3 Square Kilometre", "{\"number\":\"3\",\"unit\":\"km2\"}" },
		{ "dead", "3", "{\"number\":\"3\",\"unit\":\"person\"}" },
		{ "counted", "3 people", "{\"number\":\"3\",\"unit\":\"person\"}" },
		{ "kind", "Joint Allegation Letter",
		    "{\"term\":\"JAL\",\"vocabulary\":\"kind\"}" },
		{ "where", "Old town", "{\"place\":\"Old town\"}" },
		{ "where", "41.31,69.240", "{\"latitude\":\"41.31\",\"longitude\":\"69.24\"}" },
		{ "where", "Old town @ -41.31, 69.24 ~2km",
		    "{\"latitude\":\"-41.31\",\"longitude\":\"69.24\",\"place\":\"Old town\","
		    "\"uncertainty\":\"2000\"}" },
		{ "where", "Bar @ Fifth Street @", "{\"place\":\"Bar @ Fifth Street\"}" },
		{ "where", "1,2 @", "{\"place\":\"1,2\"}" },
		{ "where", "1,000 hills", "{\"place\":\"1,000 hills\"}" },
		{ "where", "Gate 3 @ 1,2",
		    "{\"latitude\":\"1\",\"longitude\":\"2\",\"place\":\"Gate 3\"}" },
		{ "to", "rec_01jd3v", "{\"link\":\"rec_01jd3v\"}" },
		{ "proof", "item_01jd3v", "{\"item\":\"item_01jd3v\"}" },
		{ "proof", "00ffab", "{\"item\":\"00ffab\"}" },
		{ "state", "sent", "{\"step\":\"sent\"}" },
		{ "state", "Drafted on 2020-06", "{\"on\":\"2020-06\",\"step\":\"drafted\"}" },
	};
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();
	struct value v;
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		bool ok = type_it(a, s, cases[i][0], cases[i][1], &v, &e);

		CHECK_OK(ok, &e);
		if (!ok)
			continue;
		CHECK(!strcmp(json_of(a, &v), cases[i][2]));
		CHECK(goes_round(a, s, cases[i][0], cases[i][1]));
		if (strcmp(json_of(a, &v), cases[i][2]) != 0)
			printf("# %s: %s\n", cases[i][1], json_of(a, &v));
	}
}

static void
what_is_wrong_says_what_would_be_right(void)
{
	static const char *const cases[][3] = {
		{ "subject", "", "an empty text says nothing" },
		{ "subject", ":", "an empty text says nothing" },
		{ "subject", "a\xff", "this is not UTF-8 (byte 2)" },
		{ "size", "12,5", "\"12,5\" is no number: a point stands before the fraction" },
		{ "size", "twelve",
		    "\"twelve\" is no number (digits, and a point before the fraction)" },
		{ "size", "", "\"\" is no number" },
		{ "size", "-", "\"-\" is no number" },
		{ "size", "1.", "\"1.\" is no number" },
		{ "size", ".5",
		    "\".5\" is no number (digits, and a point before the fraction)" },
		{ "size", "1234567890123456789",
		    "\"1234567890123456789\" is no number that can be kept: at most 18 digits, 9 of "
		    "them after the point" },
		{ "size", "1.0123456789",
		    "\"1.0123456789\" is no number that can be kept: at most 18 digits, 9 of them "
		    "after the point" },
		{ "size", "20..12", "a range leads from less to more: 12..20" },
		{ "size", "12..12", "a range leads from less to more: 12..20" },
		{ "size", "~1..2",
		    "\"1..2\" is no number (digits, and a point before the fraction)" },
		{ "size", "3 persn", "unit has no term \"persn\"; did you mean \"person\"?" },
		{ "dead", "3 km2", "dead is counted in person, not in km2" },
		{ "counted", "3",
		    "counted needs a unit (person, km2): a space and the unit belong after the "
		    "number" },
		{ "kind", "JAK", "kind has no term \"JAK\"; did you mean \"JAL\"?" },
		{ "where", "", "a place needs a name or coordinates" },
		{ "where", "91,0",
		    "a latitude is from -90 to 90: LATITUDE,LONGITUDE is the order" },
		{ "where", "0,-180.5", "a longitude is from -180 to 180" },
		{ "where", "0,0 ~5 miles", "\"5 miles\" is no distance: ~500m or ~2km" },
		{ "where", "0,0 ~-5", "\"-5\" is no distance: ~500m or ~2km" },
		{ "where", "0,0 ~30000km", "no place is that uncertain (20,040 km)" },
		{ "where", "Old town @ 41",
		    "\"41\" are no coordinates (41.31,69.24 ~500m); if all of it is the place's "
		    "name, write \" @\" after it" },
		{ "to", "letter 3",
		    "\"letter 3\" is no record's id (rec_…) or the beginning of one" },
		{ "to", "", "\"\" is no record's id (rec_…) or the beginning of one" },
		{ "proof", "rec_01jd3v",
		    "\"rec_01jd3v\" is no item's id (item_…), no SHA-256, and the beginning of none" },
		{ "state", "snt", "letter has no state \"snt\"; did you mean \"sent\"?" },
		{ "state", "ENVOYÉE",
		    "several states of letter are called \"ENVOYÉE\": sent, seen; use the name" },
	};
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();
	struct value v;
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		CHECK(!type_it(a, s, cases[i][0], cases[i][1], &v, &e));
		CHECK(e.kind == ERR_INVALID && !strcmp(e.msg, cases[i][2]));
		if (strcmp(e.msg, cases[i][2]) != 0)
			printf("# %s: %s\n", cases[i][1], e.msg);
	}
	CHECK(!type_it(a, s, "sent", "2020-13", &v, &e) && e.kind == ERR_INVALID);
	CHECK(!type_it(a, s, "state", "sent on 2020-13", &v, &e) && e.kind == ERR_INVALID);
}

static void
bounds_are_honest(void)
{
	enum { DAY = 86400000 };
	static const struct {
		const char *property, *typed;
		int64_t low, high;
	} cases[] = {
		{ "size", "12", 12000, 12000 },
		{ "size", "0.0001", 0, 1 },
		{ "size", "-0.0001", -1, 0 },
		{ "size", "~2.5", 2500, 2500 },
		{ "size", ">=2.0005", 2000, INT64_MAX },
		{ "size", "1..2", 1000, 2000 },
		{ "size", "999999999999999999", INT64_MAX, INT64_MAX },
		{ "size", "-999999999999999999", INT64_MIN, INT64_MIN },
		{ "size", "9223372036854775", 9223372036854775000, 9223372036854775000 },
		{ "sent", "1970-01-02", DAY, 2 * DAY - 1 },
		{ "when", "1970-01-02", DAY, 2 * DAY - 1 },
		{ "when", "some day", INT64_MIN, INT64_MAX },
		{ "state", "sent on 1970-01-02", DAY, 2 * DAY - 1 },
		{ "state", "sent", INT64_MIN, INT64_MAX },
		{ "subject", "1970", 0, 0 },
	};
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();
	struct value v;
	struct err e;

	for (size_t i = 0; i < LEN(cases); i++) {
		CHECK_OK(type_it(a, s, cases[i].property, cases[i].typed, &v, &e), &e);
		CHECK(v.low == cases[i].low && v.high == cases[i].high);
	}
	CHECK(type_it(a, s, "where", "41.31,-69.24 ~1.5km", &v, &e));
	CHECK(v.latitude == 41.31 && v.longitude == -69.24 && v.uncertainty == 1500);
	CHECK(!strcmp(v.text, "41.31,-69.24"));
	CHECK(type_it(a, s, "where", "Old town", &v, &e));
	CHECK(isnan(v.latitude) && isnan(v.longitude) && isnan(v.uncertainty));
}

static void
bodies_are_checked(void)
{
	static const char *const refused[] = { "{}", "[]", "\"x\"", "{\"text\":\"\"}",
		"{\"text\":1}", "{\"text\":\"x\",\"more\":\"y\"}",
		"{\"text\":\"x\",\"date\":\"2020\"}",
		"{\"text\":\"x\",\"language\":\"English\"}",
		"{\"text\":\"x\",\"format\":\"a b\"}", "{\"date\":\"2020-13\"}",
		"{\"number\":\"12,5\"}", "{\"number\":\"012\"}", "{\"number\":\"1.0\"}",
		"{\"number\":\"1\",\"to\":\"2\"}",
		"{\"number\":\"1\",\"qualifier\":\"between\"}",
		"{\"number\":\"1\",\"qualifier\":\"between\",\"to\":\"1\"}",
		"{\"number\":\"1\",\"qualifier\":\"some\"}",
		"{\"number\":\"1\",\"unit\":\"a b\"}", "{\"term\":\"AL\"}",
		"{\"term\":\"A L\",\"vocabulary\":\"kind\"}", "{\"link\":\"item_01\"}",
		"{\"item\":\"xyz\"}", "{\"latitude\":\"1\"}",
		"{\"latitude\":\"1\",\"longitude\":\"200\"}",
		"{\"place\":\"x\",\"uncertainty\":\"1\"}",
		"{\"latitude\":\"1\",\"longitude\":\"2\",\"uncertainty\":\"-1\"}",
		"{\"uncertainty\":\"1\"}", "{\"step\":\"a b\"}",
		"{\"step\":\"a\",\"on\":\"x\"}", "{\"language\":\"en\"}" };
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(refused); i++) {
		struct err e = { 0 };
		struct value v;
		const struct json *j = json_read(a, refused[i], strlen(refused[i]), &e);

		CHECK(j && !value_read(a, j, &v, &e) && e.kind == ERR_INVALID);
		if (!j || e.kind != ERR_INVALID)
			printf("# %s\n", refused[i]);
	}
}

/* Generated values of every kind go round. The generator's own numbers, so that a failure is
 * the same on every machine. */
static uint32_t
roll(uint32_t below)
{
	static uint64_t state = 20261123;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static const char *
pieces(struct arena *a, const char *const *from, size_t n, size_t most)
{
	const char *s = "";

	for (size_t i = roll((uint32_t)most) + 1; i > 0; i--)
		s = arena_printf(a, "%s%s", s, from[roll((uint32_t)n)]);
	return s;
}

static void
generated_values_go_round(void)
{
	static const char *const of_text[] = { "a", "en", ":", " ", "::", "fr-CA", "é", "@",
		"1", "\"", "\n", "信", "\xf0\x9f\x98\x80" };
	static const char *const of_place[] = { "x", " ", "@", " @", " @ ", "1", ",", "2.5",
		" ~3km", "-", "é" };
	static const char *const of_number[] = { "1", "0", "9", ".", "-", "~", ">=", "..",
		" person", " km2" };
	static const char *const of_date[] = { "2020", "2020-06-15", "1985-04", "-06", "-15",
		"~", "/", "..", "X", "?", "%", "Y", "[", ",", "]", "1" };
	static const char *const of_step[] = { "sent", "drafted", " on ", "2020", "-06",
		"seen" };
	static const struct {
		const char *property;
		const char *const *from;
		size_t n;
		size_t least; /* how many of the rounds must be values */
	} kinds[] = {
		{ "subject", of_text, LEN(of_text), 15000 },
		{ "url", of_text, LEN(of_text), 15000 },
		{ "where", of_place, LEN(of_place), 5000 },
		{ "size", of_number, LEN(of_number), 1000 },
		{ "sent", of_date, LEN(of_date), 500 },
		{ "state", of_step, LEN(of_step), 500 },
	};
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();

	for (size_t k = 0; k < LEN(kinds); k++) {
		size_t values = 0;

		for (int i = 0; i < 20000; i++) {
			const char *typed = pieces(a, kinds[k].from, kinds[k].n, 6);
			struct value v;
			struct err e;

			if (type_it(a, s, kinds[k].property, typed, &v, &e)) {
				values++;
				CHECK(goes_round(a, s, kinds[k].property, typed));
				if (!goes_round(a, s, kinds[k].property, typed))
					printf("# %s: \"%s\"\n", kinds[k].property, typed);
			} else {
				CHECK(e.kind == ERR_INVALID && e.msg[0]);
			}
			arena_reset(a);
		}
		CHECK(values >= kinds[k].least);
		printf("# %s: %zu values\n", kinds[k].property, values);
	}
}

/* What an import made, whatever stands in it, is printed as something that can be typed. */
static void
foreign_texts_can_be_typed(void)
{
	static const char *const texts[] = { " @ ", "@", "x @", "x @ 1,2", "1,2", "1,2 ~3",
		" x", "x ", "en:x", ":x", "en:", "en: x", "::", "fr::x", " " };
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();

	for (size_t i = 0; i < LEN(texts); i++)
		for (int k = 0; k < 3; k++) {
			struct json *j = json_new_map(a);
			struct value v, again;
			struct err e = { 0 };

			json_put_str(a, j, k ? "text" : "place", texts[i]);
			json_put_some(a, j, "language", k == 2 ? "en" : "");
			CHECK_OK(value_read(a, j, &v, &e), &e);
			CHECK_OK(type_it(a, s, k ? "subject" : "where", value_print(a, &v),
				     &again, &e),
			    &e);
			CHECK(!strcmp(json_of(a, &v), json_of(a, &again)));
		}
}

/* What others call a date, a country or a URL is kept as it came, letter by letter. */
static void
formats_refuse_nothing(void)
{
	static const char *const odd[] = { "2020", "2020-06-31", "2020-06-01T12:00:00",
		"circa 1990", "2020-06-01T12:00:00.123456+05:00", "  2020", "suhh", "1.234,56",
		"-", "\t", "en:x", ":", "\xc2\xa0" };
	AUTO(arena) *a = arena_new();
	AUTO(schema) *s = make();

	for (size_t i = 0; i < LEN(odd); i++) {
		struct value v;
		struct err e;

		CHECK_OK(type_it(a, s, "when", odd[i], &v, &e), &e);
		CHECK(!strcmp(v.text, odd[i]) && !strcmp(value_print(a, &v), odd[i]));
		CHECK(goes_round(a, s, "when", odd[i]));
	}
}

TESTS(T(what_is_typed_is_kept), T(what_is_wrong_says_what_would_be_right), T(bounds_are_honest),
    T(bodies_are_checked), T(generated_values_go_round), T(foreign_texts_can_be_typed),
    T(formats_refuse_nothing))
