/* Imports: rows become records once, what changes is corrected, what fails harms nothing else. */
#include "unit/publish/rows.h"

static const char three_wells[] = "number;Nom;other names;State;dug;depth;unheard\n"
				  "1;North;Nord|Septentrion;Freedonia;1950;12;a\n"
				  "2;South;;XAB;1950-03~;~20;\n"
				  "3;East;;Osterlich;;;b\n";

static void
columns_by_name_and_label_(struct office *o)
{
	struct result r = import(o, "well", three_wells);

	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.rows == 3 && r.t.made == 3 && r.t.failed == 0 && r.t.updated == 0);
	CHECK(r.t.claims == 6 + 1 + 5 - 1 + 3 + 1);
	CHECK(r.t.left == 2);
	CHECK(same(
	    r.notices, "test.csv: 1 column means nothing to well and left out: \"unheard\""));
	CHECK(same(values(o, "North", "also"), "Nord|Septentrion"));
	CHECK(same(values(o, "South", "dug"), "1950-03~"));
	CHECK(same(values(o, "East", "state"), "XAC"));
	check_rebuild(&o->w);
}

static void
columns_by_name_and_label(void)
{
	on_both(columns_by_name_and_label_);
}

static void
twice_is_once_(struct office *o)
{
	struct result r;
	uint64_t before;

	r = import(o, "well", three_wells);
	CHECK_OK(r.ok, &r.e);
	before = entries(o);
	r = import(o, "well", three_wells);
	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.unchanged == 3 && !r.t.made && !r.t.updated && !r.t.claims);
	CHECK(entries(o) == before);
	/* More, and otherwise. */
	r = import(o, "well", "number;name;other names;depth\n1;North;Nort;13\n");
	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.updated == 1 && r.t.claims == 2);
	CHECK(same(values(o, "North", "depth"), "13 metres"));
	CHECK(same(values(o, "North", "also"), "Nord|Septentrion|Nort"));
	/* By the second key, since the row lacks the first. */
	r = import(
	    o, "well", "state;name;dug\nFreedonia;North;1951\nFreedonia;Northern;1952\n");
	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.updated == 1 && r.t.made == 1);
	CHECK(same(values(o, "North", "dug"), "1951"));
}

static void
twice_is_once(void)
{
	on_both(twice_is_once_);
}

static void
one_file_twice_over_(struct office *o)
{
	struct act_acquisition item = acquire(&o->w, "wells.csv", "whatever it holds");
	struct import_options with = options(o, "well");
	/* It says two things of one well, one after the other. */
	static const char text[] = "number;name\n7;First\n7;Second\n";
	struct result r;
	uint64_t before;

	with.rests.item = item.item.s;
	r = import_with(o, &with, text);
	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.made == 1 && r.t.updated == 1);
	CHECK(same(values(o, "7", "name"), "Second"));
	before = entries(o);
	r = import_with(o, &with, text);
	CHECK(r.ok && r.t.unchanged == 2 && entries(o) == before);
	CHECK(same(values(o, "7", "name"), "Second"));
}

static void
one_file_twice_over(void)
{
	on_both(one_file_twice_over_);
}

static void
sources_stand_side_by_side_(struct office *o)
{
	struct creations made = { 0 };
	struct import_options with = options(o, "well");
	struct result r = import(o, "well", "number;name\n1;North\n");

	creations_name(o->w.a, &made, schema_type(o->s, "source"), "The Surveyor");
	with.source = made.first;
	with.rests.source = made.first->act.id.s;
	r = import_with(o, &with, "number;name\n1;Northern\n1;Northern Well\n");
	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.updated == 2);
	CHECK(same(values(o, "1", "name"), "North|Northern Well"));
	with.source = NULL;
	r = import_with(o, &with, "number;name\n1;Northern Well\n");
	CHECK(r.ok && r.t.unchanged == 1);
}

static void
sources_stand_side_by_side(void)
{
	on_both(sources_stand_side_by_side_);
}

static void
rows_that_fail_(struct office *o)
{
	static const char text[] = "number;name;state;dug;depth;feeds\n"
				   "1;North;Freedonia;1950-13;;\n"
				   "2;South;Freedomia;;;\n"
				   "3;East;XAC;;deep;\n"
				   "4;West;XAC;;;Nowhere\n"
				   "5;Middle;XAC;1950;5;\n";
	struct import_options strict = options(o, "well"), dry = options(o, "well");
	uint64_t before = entries(o);
	struct result r;

	strict.strict = true;
	r = import_with(o, &strict, text);
	CHECK(!r.ok && r.e.kind == ERR_INVALID && r.t.failed == 4 && !r.t.kept);
	CHECK(entries(o) == before);
	CHECK(same(values(o, "Middle", "dug"), "no record is named \"Middle\""));
	dry.dry = true;
	r = import_with(o, &dry, text);
	CHECK(r.ok && r.t.failed == 4 && r.t.made == 1 && !r.t.kept);
	CHECK(entries(o) == before);
	r = import(o, "well", text);
	CHECK(r.ok && r.t.failed == 4 && r.t.made == 1 && r.t.kept);
	CHECK(strstr(r.failures, "1 dug: dug: ") && strstr(r.failures, "month"));
	CHECK(strstr(
	    r.failures, "2 state: state: state has no term \"Freedomia\"; did you mean"));
	CHECK(strstr(r.failures, "3 depth: depth: "));
	CHECK(strstr(r.failures, "4 feeds: feeds: no record is named \"Nowhere\""));
	CHECK(same(values(o, "Middle", "depth"), "5 metres"));
	check_rebuild(&o->w);
}

static void
rows_that_fail(void)
{
	on_both(rows_that_fail_);
}

static void
links_(struct office *o)
{
	struct result r = import(o, "well",
	    "number;name;feeds;owner\n1;North;;Water Board\n2;South;North;Water Board\n"
	    "3;East;1|South;Lake Board\n4;West;West;\n");

	CHECK(r.ok && r.t.made == 3 + 2);
	CHECK(strstr(r.failures, "4 feeds: feeds: no record is named \"West\""));
	CHECK(same(values(o, "South", "owner"), "Water Board"));
	CHECK(same(values(o, "East", "feeds"), "North|South"));
	r = import(o, "well", "number;name;feeds;owner\n2;South;North;Water Board\n");
	CHECK(r.ok && r.t.unchanged == 1 && !r.t.made);
	/* Two of a name. */
	r = import(o, "well", "number;name\n8;Twin\n9;Twin\n");
	CHECK(r.ok && r.t.made == 2);
	r = import(o, "well", "number;name;feeds\n10;Last;Twin\n");
	CHECK(r.t.failed == 1 && strstr(r.failures, "2 records are named \"Twin\""));
}

static void
links(void)
{
	on_both(links_);
}

static void
a_mapping_is_recognised_(struct office *o)
{
	static const char text[] = "no;called;land;made;deep;keeper;remark\n"
				   "1;North;F;1950-03-02T10:00:00;12;Board;x\n"
				   "2;South;Sylvania;1951;unknown;Board;\n"
				   ";Nameless;F;;;;\n";
	struct result r = import(o, NULL, text);
	uint64_t before;

	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.made == 3 && r.t.failed == 1 && !*r.notices);
	CHECK(strstr(r.failures, "3 : no number"));
	CHECK(same(values(o, "W-1", "dug"), "1950-03-02"));
	CHECK(same(values(o, "W-1", "state"), "XAA"));
	CHECK(same(values(o, "W-1", "owner"), ""));
	CHECK(same(values(o, "W-2", "owner"), "Board"));
	CHECK(same(values(o, "W-2", "depth"), ""));
	before = entries(o);
	r = import(o, NULL, text);
	CHECK(r.ok && r.t.unchanged == 2 && entries(o) == before);
	r = import(o, NULL, "no;called;land;made;deep;keeper;more\n1;x;F;;;;\n");
	CHECK(!r.ok && r.e.kind == ERR_INVALID && strstr(r.e.msg, "--type"));
}

static void
a_mapping_is_recognised(void)
{
	on_both(a_mapping_is_recognised_);
}

static void
own_export_(struct office *o)
{
	struct result r = import(o, NULL,
	    "record;type;number;name;feeds\n"
	    "rec_01jd3vbench000000000000001;well;1;North;rec_01jd3vbench000000000000002\n"
	    "rec_01jd3vbench000000000000002;well;2;a\\|b;rec_01jd3vbench000000000000002\n"
	    ";keeper;;Board;\n"
	    "rec_01jd3vbench000000000000004;note;;;\n"
	    "rec_x;well;;;\n");
	struct record rec;
	struct err e = { 0 };

	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.made == 3 && r.t.failed == 1);
	CHECK(same(values(o, "1", "feeds"), "a|b"));
	CHECK(same(values(o, "2", "feeds"), "a|b"));
	/* By an id that is known here. */
	NEED(record_find_named(o->db, &o->w.v, o->w.a, o->s, NULL, "North", &rec, &e), &e);
	r = import(o, NULL,
	    arena_printf(
		o->w.a, "record;type;number;depth\n%s;well;;4\n%s;keeper;;\n", rec.id, rec.id));
	CHECK(r.ok && r.t.updated == 1 && r.t.failed == 1);
	CHECK(same(values(o, "North", "depth"), "4 metres"));
}

static void
own_export(void)
{
	on_both(own_export_);
}

static void
rows_without_a_key_(struct office *o)
{
	static const char text[] = "text;day\nThe pump is dry;1950\nThe pump is dry;1951\n"
				   "The pump is dry;1950\n";
	struct act_acquisition item = acquire(&o->w, "notes.csv", text);
	struct act_acquisition other = acquire(&o->w, "more.csv", "another");
	struct import_options with = options(o, "note");
	struct result r;
	uint64_t before;

	with.rests.item = item.item.s;
	r = import_with(o, &with, text);
	CHECK(r.ok && r.t.made == 3 && !r.t.unchanged);
	before = entries(o);
	r = import_with(o, &with, text);
	CHECK(r.ok && !r.t.made && r.t.unchanged == 3 && entries(o) == before);
	/* Another file says it of something else, though it says the same. */
	with.rests.item = other.item.s;
	r = import_with(o, &with, "text\nThe pump is dry\n");
	CHECK(r.ok && r.t.made == 1 && !r.t.unchanged);
	r = import_with(o, &with, "text\nThe pump is dry\n");
	CHECK(r.ok && !r.t.made && r.t.unchanged == 1);
}

static void
rows_without_a_key(void)
{
	on_both(rows_without_a_key_);
}

static void
compartments_(struct office *o)
{
	struct result r = import(o, "well", "number;watchman\n1;Somebody\n");
	struct act_member in = { "tester", "watchmen", "tester", false };
	struct act_acquisition item = acquire(&o->w, "wells.csv", "x");
	struct import_options with = options(o, "well");
	struct err e = { 0 };
	struct draft d;

	CHECK(r.ok && r.t.claims == 2);
	CHECK(same(values(o, "1", "watchman"), ""));
	/* Who may not see it is not told that it is known. */
	r = import(o, "well", "number;watchman\n1;Somebody\n");
	CHECK(r.ok && r.t.updated == 1 && r.t.claims == 1);
	/* But for the same file, which tells nothing new to whoever has it. */
	with.rests.item = item.item.s;
	r = import_with(o, &with, "number;watchman\n2;Somebody\n");
	CHECK(r.ok && r.t.made == 1);
	r = import_with(o, &with, "number;watchman\n2;Somebody\n");
	CHECK(r.ok && r.t.unchanged == 1);
	act_member(&d, &in);
	NEED(append(&o->w, &d, &e), &e);
	CHECK(same(values(o, "2", "watchman"), "Somebody"));
	r = import(o, "well", "number;watchman\n1;Somebody\n");
	CHECK(r.ok && r.t.unchanged == 1);
}

static void
compartments(void)
{
	on_both(compartments_);
}

static void
keys_of_two_records_(struct office *o)
{
	struct result r = import(o, "well", "number;state;name\n1;XAA;Old\n2;XAA;New\n");
	struct statement merge = { .property = SAME, .start = -1, .end = -1 };
	struct act_record io = { .actor = "tester", .statements = &merge, .n = 1 };
	struct record a, b;
	struct err e = { 0 };
	struct draft d;

	CHECK(r.ok && r.t.made == 2);
	/* The second takes a name that it shares with the first. */
	r = import(o, "well", "number;state;name\n2;XAA;Old\n");
	CHECK(r.ok && r.t.updated == 1);
	r = import(o, "well", "state;name;depth\nXAA;Old;3\n");
	CHECK(r.t.failed == 1 && strstr(r.failures, "two records"));
	r = import(o, "well", "state;name;depth\nXAA;New;3\n");
	CHECK(r.t.made == 1);
	/* Found to be the same, they are one. */
	NEED(record_find_named(o->db, &o->w.v, o->w.a, o->s, NULL, "1", &a, &e), &e);
	NEED(record_find_named(o->db, &o->w.v, o->w.a, o->s, NULL, "2", &b, &e), &e);
	NEED(statement_type(o->db, &o->w.v, o->w.a, o->s, schema_type(o->s, "well"),
		 arena_printf(o->w.a, SAME "=%s", b.id), NULL, &merge, &e),
	    &e);
	io.record = a.id;
	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
	r = import(o, "well", "state;name;depth\nXAA;Old;3\n");
	CHECK(r.ok && r.t.updated == 1);
	r = import(o, "well", "state;name;depth\nXAA;Old;3\n");
	CHECK(r.ok && r.t.unchanged == 1);
	CHECK(same(values(o, "1", "depth"), "3 metres"));
}

static void
keys_of_two_records(void)
{
	on_both(keys_of_two_records_);
}

/* ---- FollowTheMoney ---- */

static bool
entities_next(void *arg, struct row *ret, bool *ret_end, struct err *e)
{
	static const struct row_cell company[] = {
		{ "id", "c-1", ROW_STRING, false },
		{ "schema", "Company", ROW_STRING, false },
		{ "properties.name", "en:Lake Board", ROW_STRING, true },
		{ "properties.name", "Seeamt", ROW_STRING, true },
		{ "properties.nosuch", "x", ROW_STRING, true },
		{ "datasets", "lakes", ROW_STRING, true },
		{ "score", "0.5", ROW_NUMBER, false },
		{ "target", "true", ROW_WORD, false },
		{ "first_seen", "2020", ROW_STRING, false },
	};
	static const struct row_cell fragment[] = {
		{ "id", "c-1", ROW_STRING, false },
		{ "schema", "LegalEntity", ROW_STRING, false },
		{ "properties.name", "Seeamt", ROW_STRING, true },
		{ "properties.country", "xx", ROW_STRING, true },
		{ "datasets", "ponds", ROW_STRING, true },
	};
	static const struct row_cell ownership[] = {
		{ "id", "o-1", ROW_STRING, false },
		{ "schema", "Ownership", ROW_STRING, false },
		{ "properties.asset", "c-1", ROW_STRING, true },
		{ "properties.owner", "never", ROW_STRING, true },
		{ "properties.startDate", "20-odd", ROW_STRING, true },
	};
	static const struct row_cell bad[] = { { "id", "b", ROW_STRING, false },
		{ "schema", "Compny", ROW_STRING, false } };
	static const struct {
		const struct row_cell *c;
		size_t n;
	} all[] = { { ownership, LEN(ownership) }, { company, LEN(company) },
		{ fragment, LEN(fragment) }, { bad, LEN(bad) } };
	size_t *at = arg;

	(void)e;
	*ret_end = *at == LEN(all);
	if (*ret_end)
		return true;
	*ret = (struct row){ .table = "",
		.number = *at + 1,
		.start = -1,
		.end = -1,
		.cells = all[*at].c,
		.n = all[*at].n };
	++*at;
	return true;
}

static struct result
import_entities(struct office *o)
{
	size_t at = 0;
	struct import_rows rows = { entities_next, NULL, &at };
	struct import_options with = options(o, NULL);
	struct result r = { 0 };

	with.form = IMPORT_FTM;
	with.told = result_told;
	with.arg = &r;
	r.ok = publish_import(o->w.log, o->db, &o->w.v, &with, &rows, &r.t, &r.e);
	return r;
}

static void
entities_(struct office *o)
{
	struct result r = import_entities(o);
	uint64_t before;

	CHECK_OK(r.ok, &r.e);
	CHECK(r.t.rows == 4 && r.t.made == 2 && r.t.failed == 1);
	CHECK(strstr(r.failures, "no type \"Compny\"; did you mean \"Company\""));
	CHECK(same(values(o, "c-1", "name"), ":en:Lake Board|Seeamt"));
	CHECK(same(values(o, "c-1", "country"), "xx"));
	CHECK(same(values(o, "c-1", "ftm_other"), "{\"nosuch\":[\"x\"]}"));
	CHECK(same(values(o, "c-1", "ftm_more"),
	    "{\"datasets\":[\"lakes\",\"ponds\"],\"first_seen\":\"2020\","
	    "\"schema\":\"LegalEntity\",\"score\":0.5,\"target\":true}"));
	CHECK(same(values(o, "o-1", "startDate"), "20-odd"));
	CHECK(same(values(o, "o-1", "asset"), "en:Lake Board"));
	CHECK(same(values(o, "o-1", "ftm_other"), "{\"owner\":[\"never\"]}"));
	before = entries(o);
	r = import_entities(o);
	CHECK(r.ok && !r.t.made && !r.t.updated && entries(o) == before);
	check_rebuild(&o->w);
}

static void
entities(void)
{
	on_both(entities_);
}

/* ---- properties, over generated rows ---- */

static uint64_t seed = 88172645463325252u;

static unsigned
dice(unsigned sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % sides);
}

static const char *
any_rows(struct arena *a)
{
	static const char *const names[] = { "", "North", "South", "East", "a|b", "en:x",
		" y " };
	static const char *const states[] = { "", "XAA", "Sylvania", "xac", "nowhere" };
	static const char *const dates[] = { "", "1950", "1950-03~", "[1950..1952]", "195" };
	static const char *const links[] = { "", "North", "1", "South|2", "nobody" };
	const char *text = "number;name;state;dug;other names;feeds;owner;watchman\n";
	unsigned rows = 1 + dice(30);

	for (unsigned i = 0; i < rows; i++) {
		const char *number = dice(4) ? arena_printf(a, "%u", dice(9)) : "";

		text = arena_printf(a, "%s%s;%s;%s;%s;%s;%s;%s;%s\n", text, number,
		    names[dice(LEN(names))], states[dice(LEN(states))], dates[dice(LEN(dates))],
		    names[dice(LEN(names))], links[dice(LEN(links))],
		    dice(2) ? "" : names[dice(4)], dice(3) ? "" : "W");
	}
	return text;
}

static void
any_file_twice_is_once_(struct office *o)
{
	for (int round = 0; round < 40; round++) {
		AUTO(arena) *a = arena_new();
		const char *text = any_rows(a);
		struct act_acquisition item =
		    acquire(&o->w, "rows.csv", arena_printf(a, "%d %s", round, text));
		struct import_options with = options(o, "well");
		struct result dry, first, again, strict;
		uint64_t before = entries(o), after;

		with.rests.item = arena_str(a, item.item.s);
		with.dry = true;
		dry = import_with(o, &with, text);
		CHECK(dry.ok && entries(o) == before);
		with.dry = false;
		with.strict = true;
		strict = import_with(o, &with, text);
		CHECK(strict.ok == (dry.t.failed == 0));
		CHECK(strict.ok || entries(o) == before);
		with.strict = false;
		first = import_with(o, &with, text);
		CHECK(first.ok);
		if (!strict.ok)
			CHECK(first.t.made == dry.t.made && first.t.claims == dry.t.claims &&
			    first.t.failed == dry.t.failed && first.t.rows == dry.t.rows);
		else
			CHECK(strict.t.made == dry.t.made && strict.t.claims == dry.t.claims);
		after = entries(o);
		again = import_with(o, &with, text);
		/* A link may find by then what came after it, or find that to be two: its row fares otherwise.
		 * If all fare alike, nothing is new. */
		CHECK(again.ok);
		for (int i = 0; i < 9 && strcmp(again.failures, first.failures) != 0; i++) {
			first = again;
			after = entries(o);
			again = import_with(o, &with, text);
		}
		CHECK(strcmp(again.failures, first.failures) == 0);
		CHECK(!again.t.made && !again.t.claims && entries(o) == after);
	}
	check_rebuild(&o->w);
}

static void
any_file_twice_is_once(void)
{
	on_both(any_file_twice_is_once_);
}

TESTS(T(columns_by_name_and_label), T(twice_is_once), T(one_file_twice_over),
    T(sources_stand_side_by_side), T(rows_that_fail), T(links), T(a_mapping_is_recognised),
    T(own_export), T(rows_without_a_key), T(compartments), T(keys_of_two_records), T(entities),
    T(any_file_twice_is_once))
