/* Plain text that is a table: what it is taken for, and where its cells stand. */
#include <ftw.h>
#include <stdlib.h>

#include "base/io.h"

#include "test.h"
#include "unit/extract/helper.h"

/* Anchors as "B7=what stands there" with '|' between. */
static void
cells_of(const struct answer *s, const char *text, struct buf *ret)
{
	for (const char *at = buf_peek(&s->anchors); *at; at = strchr(at, '\n') + 1) {
		char cell[16];
		unsigned end, row, start;

		CHECK(
		    sscanf(at, "{\"cell\":\"%15[A-Z0-9]\",\"end\":%u,\"row\":%u,\"start\":%u}",
			cell, &end, &row, &start) == 4);
		CHECK(strtoul(cell + strspn(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), NULL, 10) ==
		    row);
		buf_printf(ret, "%s%s=%.*s", ret->n ? "|" : "", cell, (int)(end - start),
		    text + start);
	}
}

static bool
gives_n(const char *bytes, size_t n, const char *format, const char *cells)
{
	AUTO_VAL(buf) got = buf_init(1 << 16);
	struct answer s;
	bool ok = answer_of(EXTRACTOR_TEXT, bytes, n, &s);

	cells_of(&s, s.same ? bytes : buf_peek(&s.text), &got);
	ok = ok && s.status == EXTRACT_OK && strcmp(field_of(&s, "format"), format) == 0;
	ok = ok && strcmp(buf_peek(&got), cells) == 0;
	if (!ok)
		printf("# %s: %s\n# %s %s\n", bytes, field_of(&s, "format"), buf_peek(&got),
		    s.why);
	answer_done(&s);
	return ok;
}

static bool
gives(const char *bytes, const char *format, const char *cells)
{
	return gives_n(bytes, strlen(bytes), format, cells);
}

#define CSV "text/csv"
#define TSV "text/tab-separated-values"

static void
cells_have_places(void)
{
	CHECK(gives("a,b\n1,\n,2\n3,4\n", CSV, "A1=a|B1=b|A2=1|B3=2|A4=3|B4=4"));
	CHECK(gives("a\tb c\n1\tsaid \"no\"\n", TSV, "A1=a|B1=b c|A2=1|B2=said \"no\""));
	CHECK(gives("a;b\n1,5;2\n", CSV, "A1=a|B1=b|A2=1,5|B2=2"));
	CHECK(gives("a|b\n1|2\n3|4", CSV, "A1=a|B1=b|A2=1|B2=2|A3=3|B3=4"));
	CHECK(gives("name, age, from\nAmal, 5, here\nBo, 6, there\n", CSV,
	    "A1=name|B1= age|C1= from|A2=Amal|B2= 5|C2= here|A3=Bo|B3= 6|C3= there"));
}

static void
quotes_hold_anything(void)
{
	CHECK(gives("a,b\n\"1\n2\",\"x \"\"y\"\", z\"\n\"\",3\n", CSV,
	    "A1=a|B1=b|A2=1\n2|B2=x \"\"y\"\", z|B3=3"));
	CHECK(gives("\"a\",\"b\"\r\n\"1\r\n2\",3\r\n", CSV, "A1=a|B1=b|A2=1\n2|B2=3"));
	/* It breaks off within quotes. */
	CHECK(gives("a;b\n1;2\n3;\"4", CSV, "A1=a|B1=b|A2=1|B2=2|A3=3|B3=\"4"));
	CHECK(gives("a,b,c\n1,2,3\n4,5,6\n7", CSV,
	    "A1=a|B1=b|C1=c|A2=1|B2=2|C2=3|A3=4|B3=5|C3=6|A4=7"));
}

static void
encodings_are_found(void)
{
	static const char utf16[] = "\xff\xfe"
				    "a\0;\0b\0\n\0\xe9\0;\0\x31\x4e\n\0";
	static const char latin[] = "lieu;nombre\nH\xf4pital g\xe9n\xe9ral de l'\xe9tat;12\n"
				    "\xc9"
				    "cole pr\xe8s de la for\xeat;3\n";

	CHECK(gives_n(utf16, sizeof utf16 - 1, CSV, "A1=a|B1=b|A2=\xc3\xa9|B2=\xe4\xb8\xb1"));
	CHECK(gives(latin, CSV,
	    "A1=lieu|B1=nombre|A2=H\xc3\xb4pital g\xc3\xa9n\xc3\xa9ral de l'\xc3\xa9tat|B2=12|"
	    "A3=\xc3\x89"
	    "cole pr\xc3\xa8s de la for\xc3\xaat|B3=3"));
}

static void
prose_and_code_are_none(void)
{
	static const char *const texts[] = {
		"Dear all,\nwe met, and left.\nYours,\n",
		"It rained, we stayed.\nIt stopped, we left.\nIt was late, we slept.\n",
		"One; two\nthree; four\n",
		"a,b\n1,2\n",
		"int a;\nint b;\nint c;\n",
		"x(1,2);\nx(3,4);\nx(5,6);\n",
		"\tone\n\ttwo\n\tthree\n",
		"{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n{\"a\":5,\"b\":6}\n",
		"1.\tWe met.\n2.\tWe left.\n3.\tWe came.\n",
		"| a | b |\n|---|---|\n| 1 | 2 |\n",
		"a,b\n1,2\n3\n4,5,6\n7,8\n",
		"a,b\n1,\"2\n3,4\n5,6\n",
		"one\ntwo\n",
		"a,b",
	};

	for (size_t i = 0; i < LEN(texts); i++)
		CHECK(gives(texts[i], "", ""));
}

static void
too_much_says_so(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct answer s;

	while (b.n <= 16 << 20)
		buf_str(&b, "some words of a cell,and of another one\n");
	CHECK(answer_of(EXTRACTOR_TEXT, b.p, b.n, &s));
	CHECK(s.same && s.anchors.n == 0 && strcmp(field_of(&s, "format"), CSV) == 0);
	CHECK(strstr(s.why, "it has more cells than are told apart"));
	answer_done(&s);
}

/* Quotes that nothing closes, or that all the rest might: each byte is looked at a few times. */
static void
quotes_cost_no_more_than_bytes(void)
{
	static const char *const rows[] = { "1,\"\n", "\"\"\",\"\"\n", "\"\"\"\"\"\"x,\"\n",
		"\"\",\"\"\n", "\"x\"\"\n" };

	for (size_t i = 0; i < LEN(rows); i++) {
		AUTO_VAL(buf) b = buf_init(1 << 23);
		struct answer s;

		for (int k = 0; k < 100; k++)
			buf_str(&b, "a,b\n");
		buf_str(&b, "c,\"never closed\n");
		while (b.n < 1 << 20)
			buf_str(&b, rows[i]);
		CHECK(answer_of(EXTRACTOR_TEXT, b.p, b.n, &s));
		CHECK(s.status == EXTRACT_OK && s.same && s.anchors.n > 0);
		answer_done(&s);
	}
}

static unsigned seen, wrong;

/* Files of others: those whose name says so are tables, no other text is. */
static int
check_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	static const char *const texts[] = { ".txt", ".md", ".c", ".h", ".srt", ".vtt", ".eml",
		".py", ".js", ".css", ".csv", ".tsv", ".tab", ".diff", ".jsonl" };
	const char *dot = strrchr(path + at->base, '.');
	AUTO_VAL(buf) b = buf_init(1 << 22);
	struct answer s;
	struct err e;
	bool known = false, table;

	for (size_t i = 0; dot && i < LEN(texts); i++)
		known |= strcmp(dot, texts[i]) == 0;
	if (kind != FTW_F || !known || st->st_size > 1 << 21 || !io_read_file(path, &b, &e))
		return 0;
	table = strcmp(dot, ".csv") == 0 || strcmp(dot, ".tsv") == 0 ||
	    strcmp(dot, ".tab") == 0 ||
	    /* ISA-Tab's tables are called .txt */ strncmp(path + at->base, "a_", 2) == 0 ||
	    strncmp(path + at->base, "s_", 2) == 0;
	CHECK(answer_of(EXTRACTOR_TEXT, b.p, b.n, &s));
	seen++;
	if ((*field_of(&s, "format") != 0) != table) {
		printf("# %s: %s\n", path, field_of(&s, "format"));
		wrong++;
	}
	CHECK((s.anchors.n > 0) == (*field_of(&s, "format") != 0));
	answer_done(&s);
	return 0;
}

/* The last cell and how many there are, of a file of others. */
static void
others_cells_are_counted(void)
{
	static const struct {
		const char *path, *last;
		size_t cells;
	} files[] = {
		{ "data/formats/tika/foo.csv",
		    "{\"cell\":\"C4\",\"end\":77,\"row\":4,\"start\":70}\n", 12 },
		{ "data/udhr/languages.tsv",
		    "{\"cell\":\"G463\",\"end\":17184,\"row\":463,\"start\":17182}\n", 3241 },
	};
	char path[512];

	for (size_t i = 0; i < LEN(files); i++) {
		AUTO_VAL(buf) b = buf_init(1 << 22);
		struct answer s;
		struct err e;
		size_t cells = 0;

		if (!test_shared(path, files[i].path))
			continue;
		CHECK_OK(io_read_file(path, &b, &e), &e);
		CHECK(answer_of(EXTRACTOR_TEXT, b.p, b.n, &s));
		for (size_t k = 0; k < s.anchors.n; k++)
			cells += s.anchors.p[k] == '\n';
		printf("# %s: %zu cells\n", files[i].path, cells);
		CHECK(cells == files[i].cells);
		CHECK(strcmp(buf_peek(&s.anchors) + s.anchors.n - strlen(files[i].last),
			  files[i].last) == 0);
		answer_done(&s);
	}
}

static void
others_files_are_what_they_are(void)
{
	const char *shared = getenv("VIGIL_SHARED");
	char path[4096];

	if (!shared)
		return;
	snprintf(path, sizeof path, "%s/data", shared);
	CHECK(nftw(path, check_file, 16, FTW_PHYS) == 0);
	printf("# %u files\n", seen);
	CHECK(seen > 100 && wrong == 0);
}

TESTS(T(cells_have_places), T(quotes_hold_anything), T(encodings_are_found),
    T(prose_and_code_are_none), T(too_much_says_so), T(quotes_cost_no_more_than_bytes),
    T(others_cells_are_counted), T(others_files_are_what_they_are))
