/* Rows out of texts: numbers, parts, pages, names in brackets, tables by their anchors. */
#include "publish/import_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "test.h"

/* Three States that are on no map, and how two kinds of text are read. */
static const char invented[] = "vocabulary state\n"
			       "  term XAA en \"Freedonia\"\n"
			       "    also en \"FRD\"\n"
			       "  term XAB en \"Sylvania (Grand Duchy of)\"\n"
			       "    also und \"SYL\"\n"
			       "  term XAC en \"Oster and Lich\"\n"
			       "mapping review\n"
			       "  columns number text section\n"
			       "  may names others place\n"
			       "  rows numbers\n"
			       "    number \"#.#\" \"#.\"\n"
			       "    skip \"#\" \"page #\" \"DOC/#\"\n"
			       "    footnote \"\\\\* *\"\n"
			       "    section \"\" \"*all of this*\"\n"
			       "    section no \"The advice*refused*\"\n"
			       "    section yes \"The advice*welcome*\"\n"
			       "    between place \"held in\" \".\"\n"
			       "    names state\n"
			       "    join \",\" \";\" and\n"
			       "    article the\n"
			       "  record law law\n"
			       "    property number column number\n"
			       "    property title column text\n"
			       "    property remarks column section\n"
			       "mapping grid\n"
			       "  columns place seen\n"
			       "  may first rest\n"
			       "  rows tables\n"
			       "    heading place Lieu\n"
			       "    before first seen \"/\"\n"
			       "    after rest seen \"/\"\n"
			       "  record law law\n"
			       "    property title column place\n";

struct read { /* what came of a text */
	struct schema *s;
	struct text_rows *rows;
	char notices[2000];
	struct err e;
};

static void
keep(void *arg, const char *words)
{
	struct read *r = arg;
	size_t n = strlen(r->notices);

	snprintf(r->notices + n, sizeof r->notices - n, "%s\n", words);
}

static bool
open_rows(struct read *r, const char *how, const char *text, const char *anchors)
{
	struct schema_file own = { "test.schema", invented, sizeof invented - 1 };
	struct text_source from = { text, strlen(text), anchors, strlen(anchors), keep, r };

	*r = (struct read){ .s = schema_new(&own, 1, &r->e) };
	if (!r->s)
		return false;
	r->rows = text_rows_open(r->s, schema_mapping(r->s, how), &from, &r->e);
	return r->rows;
}

static void
read_done(struct read *r)
{
	text_rows_close(r->rows);
	schema_free(r->s);
}

/* The next row as "NAME=VALUE|…" of some columns; "" at the end. */
static const char *
next(struct read *r, struct row *row)
{
	static char line[4000];
	bool end = false;
	size_t n = 0;

	line[0] = 0;
	if (!text_rows_next(r->rows, row, &end, &r->e) || end)
		return line;
	for (size_t i = 0; i < row->n; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, "%s%s=%s", i ? "; " : "",
		    row->cells[i].name, row->cells[i].value);
	return line;
}

static bool
is_next(struct read *r, const char *want)
{
	struct row row;
	const char *got = next(r, &row);

	if (strcmp(got, want) == 0)
		return true;
	printf("# got  %s\n# want %s\n", got, want);
	return false;
}

static void
numbers_of_both_kinds(void)
{
	static const char text[] =
	    "It was held in the\nOster and Lich.\n\n"
	    "7. The advice below is welcome:\n\n"
	    "7.1 Do the\nfirst self-\ndefence (Freedonia);\n"
	    "7.2\n\nDo 3.5 of\n2010. Then stop (FRD, Sylvania (Grand Duchy of)).\n"
	    "7.4 More\n"
	    "8. The advice below was refused:\n"
	    "1. Nothing (the Oster and Lich and Freedonia);\n"
	    "2. Or this\n"
	    "9. So much for\nall of this.\n"
	    "10. No more\n";
	struct read r;

	NEED(open_rows(&r, "review", text, ""), &r.e);
	CHECK(is_next(&r,
	    "number=7.1; text=Do the first self-defence; section=yes; names=XAA; place=XAC"));
	CHECK(is_next(&r,
	    "number=7.2; text=Do 3.5 of 2010. Then stop; section=yes; names=XAA|XAB; place=XAC"));
	CHECK(is_next(&r, "number=7.4; text=More; section=yes; place=XAC"));
	CHECK(is_next(&r, "number=8.1; text=Nothing; section=no; names=XAC|XAA; place=XAC"));
	CHECK(is_next(&r, "number=8.2; text=Or this; section=no; place=XAC"));
	CHECK(is_next(&r, ""));
	CHECK(strstr(r.notices, "1 number is missing, between others that are there: 7.3"));
	CHECK(strstr(r.notices, "2 of 5 do not end with a known name"));
	read_done(&r);
}

static void
cells_know_their_place(void)
{
	static const char text[] = "7. The advice is welcome:\n7.1 Do it\nnow (Freedonia);\n";
	struct read r;
	struct row row;

	NEED(open_rows(&r, "review", text, ""), &r.e);
	next(&r, &row);
	CHECK(row.start == 26 && row.end == (int64_t)strlen(text) - 1);
	CHECK(row.n && row.cells[0].start == row.start && row.cells[0].end == row.end);
	CHECK(text_rows_again(r.rows, &r.e));
	next(&r, &row);
	CHECK(row.number == 1 && row.start == 26);
	read_done(&r);
}

/* What stands at the edges of pages is no part of what goes on over them. */
static void
pages(void)
{
	static const char text[] =
	    "DOC/1\n\n7. The advice is welcome:\n7.1 Do this\n* A note.\nand more of it\n\n12\n"
	    "\nDOC/1\npage 13\nand that (Freedonia);\n7.2\n\n13\n\nBriefly (Freedonia)\n";
	size_t n = strlen(text), cut = (size_t)(strstr(text, "\nDOC/1\npage") - text);
	AUTO(arena) *a = arena_new();
	struct read r;

	NEED(
	    open_rows(&r, "review", text,
		arena_printf(a,
		    "{\"end\":%zu,\"page\":1,\"start\":0}\n{\"end\":%zu,\"page\":2,\"start\":%zu}\n",
		    cut, n, cut + 1)),
	    &r.e);
	CHECK(is_next(&r, "number=7.1; text=Do this and that; section=yes; names=XAA"));
	CHECK(is_next(&r, "number=7.2; text=Briefly; section=yes; names=XAA"));
	CHECK(is_next(&r, ""));
	read_done(&r);
}

static void
names_are_never_guessed(void)
{
	static const struct {
		const char *said, *want;
	} cases[] = {
		{ "Do (Freedonia) it (SYL)",
		    "text=Do (Freedonia) it (SYL); section=yes; names=XAA" },
		{ "Do it (SYL)", "text=Do it (SYL); section=yes; others=SYL" },
		{ "Do it (Freedonia, Utopia);",
		    "text=Do it (Freedonia, Utopia); section=yes; names=XAA; others=Utopia" },
		{ "Do it (Law and Order, Utopia and Freedonia, and the Oster and Lich)",
		    "text=Do it (Law and Order, Utopia and Freedonia, and the Oster and Lich); section=yes; names=XAA|XAC;"
		    " others=Law and Order|Utopia" },
		{ "Do it (in Freedonia) now", "text=Do it (in Freedonia) now; section=yes" },
		{ "Do it (FREEDONIA", "text=Do it (FREEDONIA; section=yes; others=FREEDONIA" },
		{ "Do it (Freedonia", "text=Do it; section=yes; names=XAA" },
		{ "Do it (Freedonia).12", "text=Do it; section=yes; names=XAA" },
		{ "Do it () ((((", "text=Do it () ((((; section=yes" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		struct read r;

		NEED(open_rows(&r, "review",
			 arena_printf(a, "7. The advice is welcome:\n7.1 %s\n", cases[i].said),
			 ""),
		    &r.e);
		CHECK(is_next(&r, arena_printf(a, "number=7.1; %s", cases[i].want)));
		read_done(&r);
	}
}

static void
tables(void)
{
	static const char text[] = "Title\nLIEU x seen\nNorth a 1/2\nSouth b 3\n";
	static const char anchors[] =
	    "{\"cell\":\"A1\",\"end\":5,\"row\":1,\"start\":0,\"table\":1}\n"
	    "{\"cell\":\"A2\",\"end\":10,\"row\":2,\"start\":6,\"table\":1}\n"
	    "{\"cell\":\"B2\",\"end\":12,\"row\":2,\"start\":11,\"table\":1}\n"
	    "{\"cell\":\"C2\",\"end\":17,\"row\":2,\"start\":13,\"table\":1}\n"
	    "{\"cell\":\"A3\",\"end\":23,\"row\":3,\"start\":18,\"table\":1}\n"
	    "{\"cell\":\"C3\",\"end\":29,\"row\":3,\"start\":26,\"table\":1}\n"
	    "{\"cell\":\"A4\",\"end\":35,\"row\":4,\"start\":30,\"table\":1}\n"
	    "{\"cell\":\"C4\",\"end\":39,\"row\":4,\"start\":38,\"table\":1}\n"
	    "{\"cell\":\"C9\",\"end\":9999,\"row\":9,\"start\":38,\"table\":1}\n";
	struct read r;
	struct row row;

	NEED(open_rows(&r, "grid", text, anchors), &r.e);
	CHECK(strcmp(next(&r, &row), "place=North; seen=1/2; first=1; rest=2") == 0);
	CHECK(row.n == 4 && row.cells[3].start == 28 && row.cells[3].end == 29);
	CHECK(is_next(&r, "place=South; seen=3; first=3"));
	CHECK(is_next(&r, ""));
	read_done(&r);
}

/* Sheets are tables by their names; the headings come again, or not at all where a table goes on. */
static void
sheets(void)
{
	static const char text[] = "place seen\nN 1\nplace seen\nS 2\nE 3\n";
	static const char anchors[] =
	    "{\"cell\":\"A1\",\"end\":5,\"sheet\":\"One\",\"start\":0}\n"
	    "{\"cell\":\"B1\",\"end\":10,\"sheet\":\"One\",\"start\":6}\n"
	    "{\"cell\":\"A2\",\"end\":12,\"sheet\":\"One\",\"start\":11}\n"
	    "{\"cell\":\"B2\",\"end\":14,\"sheet\":\"One\",\"start\":13}\n"
	    "{\"cell\":\"A30\",\"end\":20,\"sheet\":\"One\",\"start\":15}\n"
	    "{\"cell\":\"B30\",\"end\":25,\"sheet\":\"One\",\"start\":21}\n"
	    "{\"cell\":\"A31\",\"end\":27,\"sheet\":\"One\",\"start\":26}\n"
	    "{\"cell\":\"B31\",\"end\":29,\"sheet\":\"One\",\"start\":28}\n"
	    "{\"cell\":\"A1\",\"end\":31,\"sheet\":\"Two\",\"start\":30}\n"
	    "{\"cell\":\"B1\",\"end\":33,\"sheet\":\"Two\",\"start\":32}\n";
	struct read r;

	NEED(open_rows(&r, "grid", text, anchors), &r.e);
	CHECK(is_next(&r, "place=N; seen=1; first=1"));
	CHECK(is_next(&r, "place=S; seen=2; first=2"));
	CHECK(is_next(&r, "place=E; seen=3; first=3"));
	CHECK(is_next(&r, ""));
	read_done(&r);
}

/* A long table that says its headings again on its second page. */
static void
headings_again(void)
{
	AUTO_VAL(buf) text = buf_init(4096);
	AUTO_VAL(buf) anchors = buf_init(4096);
	struct read r;
	struct row row;
	size_t n = 0;

	for (int i = 1; i <= 20; i++) {
		size_t at = text.n;

		buf_str(&text, i == 1 || i == 12 ? "place seen\n" : "North somed\n");
		buf_printf(&anchors,
		    "{\"cell\":\"A%d\",\"end\":%zu,\"start\":%zu,\"table\":1}\n"
		    "{\"cell\":\"B%d\",\"end\":%zu,\"start\":%zu,\"table\":1}\n",
		    i, at + 5, at, i, at + 10, at + 6);
	}
	NEED(open_rows(&r, "grid", buf_peek(&text), buf_peek(&anchors)), &r.e);
	for (; *next(&r, &row); n++)
		CHECK(row.n && strcmp(row.cells[0].value, "North") == 0);
	CHECK(n == 18);
	read_done(&r);
}

static void
refuses_what_it_must(void)
{
	static const struct {
		const char *how, *text, *anchors, *says;
		enum err_kind want;
	} cases[] = {
		{ "review", "Nothing.\n", "", "announces", ERR_INVALID },
		{ "review", "", "", "announces", ERR_INVALID },
		{ "grid", "Nothing.\n", "", "no table", ERR_MISSING },
		{ "grid", "place\n", "{\"cell\":\"A1\",\"end\":5,\"start\":0,\"table\":1}\n",
		    "\"seen\"", ERR_INVALID },
		{ "grid", "place\n", "{\"cell\"", "anchors", ERR_INVALID },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct read r;

		CHECK(!open_rows(&r, cases[i].how, cases[i].text, cases[i].anchors));
		CHECK(r.e.kind == cases[i].want && strstr(r.e.msg, cases[i].says));
		read_done(&r);
	}
}

/* What a file with malice in it would make long. */
static void
long_ones_end(void)
{
	enum { MANY = 200000 };
	char *text = mem_alloc(MANY * 16 + 100);
	size_t n = (size_t)snprintf(text, 100, "7. The advice is welcome:\n7.1 ");
	struct read r;
	struct row row;

	memset(text + n, '(', MANY);
	text[n + MANY] = 0;
	NEED(open_rows(&r, "review", text, ""), &r.e);
	next(&r, &row);
	CHECK(row.broken); /* longer than a paragraph can be */
	read_done(&r);
	for (size_t i = 0; i < MANY; i++)
		n += (size_t)snprintf(text + n, 16, i % 2 ? "\n7.9 x\n" : "\nThe advice");
	CHECK(open_rows(&r, "review", text, ""));
	read_done(&r);
	free(text);
}

static void
schemas_with_mistakes(void)
{
	static const struct {
		const char *rows, *says;
	} cases[] = {
		{ "  rows pages\n", "tables or of numbers" },
		{ "  rows numbers\n    number \"#\"\n", "section" },
		{ "  rows tables\n    heading b \"c\"\n", "does not list the column \"b\"" },
		{ "  rows tables\n    after a b \"c\"\n", "does not list the column \"b\"" },
		{ "  rows tables\n    names nobody\n", "no vocabulary" },
		{ "  rows tables\n    join \"\"\n", "marks nothing" },
		{ "  rows tables\n    skip \"c\"\n", "says nothing to rows of tables" },
		{ "  rows tables\n    number \"no\"\n", "one part or two" },
		{ "  rows tables\n    colour a\n", "colour" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		char text[400];
		struct schema_file own = { "x.schema", text, 0 };
		struct err e = { 0 };

		own.n = (size_t)snprintf(text, sizeof text,
		    "mapping x\n  columns a\n%s  record law law\n    property title column a\n",
		    cases[i].rows);
		CHECK(!schema_new(&own, 1, &e) && strstr(e.msg, cases[i].says));
	}
}

TESTS(T(numbers_of_both_kinds), T(cells_know_their_place), T(pages), T(names_are_never_guessed),
    T(tables), T(sheets), T(headings_again), T(refuses_what_it_must), T(long_ones_end),
    T(schemas_with_mistakes))
