/* Rows with the real program: tables, JSON and archives, of others first; what goes in as a table comes out as
 * it was; hostile inputs end in a clear word. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/rows.h"
#include "test.h"

static const char *
program(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);

	path[MAX(n, 0)] = 0;
	memcpy(strrchr(path, '/') + 1, "vigil-extract", 14);
	return path;
}

static struct extractor *
open_extractor(void)
{
	struct err e = { 0 };
	struct extractor *x = extractor_open(program(), &extract_limits_default, &e);

	NEED(x, &e);
	return x;
}

static int
memory_of(const void *p, size_t n)
{
	struct err e = { 0 };
	int fd = extract_memory(&e);

	NEED(fd >= 0 && io_write(fd, p, n), &e);
	return fd;
}

/* All rows as text, cell by cell: "table#number start-end name=value ...", a line each. */
static bool
describe(struct extractor *x, enum rows_form form, const void *p, size_t n, struct buf *b,
    struct err *e)
{
	AUTO(rows) *r = rows_open(x, form, memory_of(p, n), e);
	struct row row;
	bool end = false;

	if (!r)
		return false;
	for (;;) {
		if (!rows_next(r, &row, &end, e))
			return false;
		if (end)
			return true;
		if (row.file) {
			buf_printf(b, "file %s %zu\n", row.file, row.n_bytes);
			continue;
		}
		buf_printf(b, "%s#%llu", row.table, (unsigned long long)row.number);
		if (row.start >= 0)
			buf_printf(b, " %lld-%lld", (long long)row.start, (long long)row.end);
		if (row.broken)
			buf_printf(b, " broken: %s", row.broken);
		for (size_t i = 0; i < row.n; i++)
			buf_printf(b, " %s=%s", row.cells[i].name, row.cells[i].value);
		buf_byte(b, '\n');
	}
}

static bool
gives(struct extractor *x, enum rows_form form, const char *input, const char *expected)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e = { 0 };
	bool same;

	if (!describe(x, form, input, strlen(input), &b, &e)) {
		printf("# %s\n", e.msg);
		return false;
	}
	same = strcmp(buf_peek(&b), expected) == 0;
	if (!same)
		printf("# got: %s\n", buf_peek(&b));
	return same;
}

static void
reads_delimited_text(void)
{
	AUTO(extractor) *x = open_extractor();

	CHECK(gives(x, ROWS_TABLE, "a,b\n1,2\n", "#1 4-7 a=1 b=2\n"));
	CHECK(gives(x, ROWS_TABLE, "a;b\n1,5;2\n", "#1 4-9 a=1,5 b=2\n"));
	CHECK(gives(x, ROWS_TABLE, "a\tb\n1\t2", "#1 4-7 a=1 b=2\n"));
	CHECK(gives(x, ROWS_TABLE, "a|b\n1|2\n", "#1 4-7 a=1 b=2\n"));
	CHECK(gives(x, ROWS_TABLE, "a\nx\ny\n", "#1 2-3 a=x\n#2 4-5 a=y\n"));
	CHECK(gives(x, ROWS_TABLE,
	    "\xEF\xBB\xBF"
	    "a,b\r\n\"1\r\n2\",\"say \"\"x\"\"\"\r\n",
	    "#1 4-21 a=1\n2 b=say \"x\"\n"));
	CHECK(gives(x, ROWS_TABLE, "a,b\n\n,\n1,\n,2,,\n", "#1 7-9 a=1\n#2 10-14 b=2\n"));
	CHECK(gives(x, ROWS_TABLE, "a,b\n1,2,3\n4,5\n",
	    "#1 broken: it has more cells than there are columns\n#2 10-13 a=4 b=5\n"));
	CHECK(gives(x, ROWS_TABLE, "a,b\n1,\"2\n3,4\n",
	    "#1 broken: a quote in it is never closed\n#2 9-12 a=3 b=4\n"));
	CHECK(gives(x, ROWS_TABLE, "a,a,\n1,2,3\n", "#1 5-10 a=1 a=2 =3\n"));
	CHECK(gives(x, ROWS_TABLE,
	    "name\ncaf\xe9 cr\xe8me br\xfbl\xe9"
	    "e\n",
	    "#1 5-26 name=caf\xc3\xa9 cr\xc3\xa8me br\xc3\xbbl\xc3\xa9"
	    "e\n"));
	CHECK(gives(x, ROWS_TABLE, "", ""));
	CHECK(gives(x, ROWS_TABLE, "a,b\n", ""));
}

static void
tells_columns(void)
{
	AUTO(extractor) *x = open_extractor();
	struct err e = { 0 };
	static const char input[] = " a , b,c\n,,x\n,y,\n";
	AUTO(rows) *r = rows_open(x, ROWS_TABLE, memory_of(input, sizeof input - 1), &e);
	const char *const *columns;
	struct row row;
	bool end;

	NEED(r && rows_next(r, &row, &end, &e), &e);
	columns = row.columns;
	CHECK(row.n_columns == 3 && strcmp(columns[0], "a") == 0 &&
	    strcmp(columns[1], "b") == 0 && strcmp(columns[2], "c") == 0);
	NEED(rows_next(r, &row, &end, &e), &e);
	CHECK(row.columns == columns && row.n == 1 && strcmp(row.cells[0].name, "b") == 0);
	NEED(rows_next(r, &row, &end, &e), &e);
	CHECK(end);
}

static void
reads_objects(void)
{
	AUTO(extractor) *x = open_extractor();
	static const char lines[] =
	    "{\"id\":\"x\",\"n\":1.50,\"t\":true,\"z\":null,\"l\":[\"a\",2],\"o\":{\"p\":"
	    "[\"v\"],\"q\":{\"r\":1}}}\n{\"id\":\"e\\u0301 \\ud83d\\ude00 \\ud800 "
	    "\\n\"}\nnot json\n{\"id\":\"y\"}\n";

	CHECK(gives(x, ROWS_OBJECTS, lines,
	    "#1 id=x n=1.50 t=true l=a l=2 o.p=v o.q={\"r\":1}\n"
	    "#2 id=e\xcc\x81 \xf0\x9f\x98\x80 \xef\xbf\xbd \n\n"
	    "#3 broken: it is no JSON object\n#4 id=y\n"));
	CHECK(gives(x, ROWS_OBJECTS, "[ {\"a\":1} , {\n \"a\" : 2 } ]\n", "#1 a=1\n#2 a=2\n"));
	CHECK(gives(x, ROWS_OBJECTS, "{\n\"a\":1\n}{\"a\":[]}", "#1 a=1\n#2\n"));
	CHECK(gives(x, ROWS_OBJECTS, "{\"a\":1\n{\"a\":2}\n",
	    "#1 broken: it is no JSON object\n#2 a=2\n"));
	CHECK(gives(x, ROWS_OBJECTS, "", ""));
}

static void
tells_kinds(void)
{
	AUTO(extractor) *x = open_extractor();
	struct err e = { 0 };
	static const char input[] = "{\"a\":\"1\",\"b\":[1],\"c\":false,\"d\":[[1]]}";
	AUTO(rows) *r = rows_open(x, ROWS_OBJECTS, memory_of(input, sizeof input - 1), &e);
	struct row row;
	bool end;

	NEED(r && rows_next(r, &row, &end, &e) && row.n == 4, &e);
	CHECK(row.cells[0].kind == ROW_STRING && !row.cells[0].listed);
	CHECK(row.cells[1].kind == ROW_NUMBER && row.cells[1].listed);
	CHECK(row.cells[2].kind == ROW_WORD && !row.cells[2].listed);
	CHECK(row.cells[3].kind == ROW_JSON && row.cells[3].listed);
	CHECK(!row.columns && !row.n_columns);
}

static const char *
shared(struct arena *a, const char *name)
{
	const char *root = getenv("VIGIL_SHARED");

	return root ? arena_printf(a, "%s/%s", root, name) : NULL;
}

static bool
read_shared(const char *name, struct buf *b)
{
	AUTO(arena) *a = arena_new();
	const char *path = shared(a, name);
	struct err e = { 0 };

	return path && io_read_file(path, b, &e);
}

static void
reads_the_votes(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO_VAL(buf) b = buf_init(64 << 20);
	struct err e = { 0 };
	struct row row;
	bool end = false;
	uint64_t n = 0, yes = 0;
	int64_t at = 0;

	if (!read_shared("data/un/ga-votes.csv.gz", &b))
		SKIP("no shared material");
	AUTO(rows) *r = rows_open(x, ROWS_TABLE, memory_of(b.p, b.n), &e);
	NEED(r, &e);
	for (;;) {
		NEED(rows_next(r, &row, &end, &e), &e);
		if (end)
			break;
		n++;
		CHECK(row.number == n && !row.broken && row.n >= 3 && row.start > at);
		at = row.start;
		yes += strcmp(row.cells[row.n - 1].value, "yes") == 0;
	}
	CHECK(n == 622451);
	CHECK(yes > 400000);
}

/* Rows, broken rows and columns of a file of others. */
static void
count(struct extractor *x, const char *name, uint64_t rows)
{
	AUTO_VAL(buf) b = buf_init(64 << 20);
	struct err e = { 0 };
	struct row row;
	bool end = false;
	uint64_t n = 0, broken = 0;

	NEED(read_shared(name, &b), &e);
	AUTO(rows) *r = rows_open(x, ROWS_TABLE, memory_of(b.p, b.n), &e);
	NEED(r, &e);
	while (rows_next(r, &row, &end, &e) && !end) {
		n++;
		broken += row.broken != NULL;
	}
	CHECK(end && n == rows && broken == 0);
	if (n != rows || broken)
		printf("# %s: %llu rows, %llu broken\n", name, (unsigned long long)n,
		    (unsigned long long)broken);
}

static void
reads_tables_of_others(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO_VAL(buf) b = buf_init(64 << 20);

	if (!read_shared("data/un/README.md", &b))
		SKIP("no shared material");
	count(x, "data/un/ga-roll-calls.csv", 4791);
	count(x, "data/un/treaties/hr_status_cat.csv", 193);
	count(x, "data/un/treaties/hr_status_cedaw.csv", 193);
	count(x, "data/un/ucdp-ged-car.csv", 924);
	count(x, "data/un/ucdp-onesided-221.csv", 1128);
}

/* A file that is no archive, or a broken one, costs nothing but its rows. */
static void
survives_hostile_archives(void)
{
	static const char *const folders[] = { "data/formats/archives",
		"data/formats/zip-libzip" };
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	size_t files = 0, refused = 0;

	if (!shared(a, "") || access(shared(a, folders[0]), R_OK))
		SKIP("no shared material");
	for (size_t i = 0; i < LEN(folders); i++) {
		DIR *d = opendir(shared(a, folders[i]));

		for (struct dirent *f; d && (f = readdir(d));) {
			AUTO_VAL(buf) b = buf_init(64 << 20);
			AUTO_VAL(buf) said = buf_init(256 << 20);
			struct err e = { 0 };

			if (*f->d_name == '.' ||
			    !read_shared(arena_printf(a, "%s/%s", folders[i], f->d_name), &b))
				continue;
			files++;
			for (int form = ROWS_TABLE; form <= ROWS_ARCHIVE; form++) {
				buf_reset(&said);
				if (!describe(x, (enum rows_form)form, b.p, b.n, &said, &e)) {
					refused++;
					CHECK(*e.msg && !strstr(e.msg, "crashed") &&
					    !strstr(e.msg, "breaks the rules") &&
					    !strstr(e.msg, "may not do"));
					if (strstr(e.msg, "crashed") ||
					    strstr(e.msg, "rules") || strstr(e.msg, "may not"))
						printf(
						    "# %s as %d: %s\n", f->d_name, form, e.msg);
				}
			}
		}
		if (d)
			closedir(d);
	}
	CHECK(files > 50 && refused > 20);
	printf("# %zu files, %zu times refused\n", files, refused);
}

/* ---- what goes in comes out ---- */

static void
put_cell(struct buf *b, const char *s, char delimiter)
{
	if (!strpbrk(s, "\"\n") && !strchr(s, delimiter) && rand() % 4) {
		buf_str(b, s);
		return;
	}
	buf_byte(b, '"');
	for (; *s; s++) {
		if (*s == '"')
			buf_byte(b, '"');
		buf_byte(b, (uint8_t)*s);
	}
	buf_byte(b, '"');
}

static const char *
any_word(struct arena *a)
{
	static const char *const parts[] = { "a", "\"", ",", ";", "\t", "|", "\n", " ",
		"\xd0\xb6", "\xe4\xba\xba", "x=1", "0" };
	AUTO_VAL(buf) b = buf_init(1024);

	for (int n = rand() % 6; n >= 0; n--)
		buf_str(&b, parts[(size_t)rand() % LEN(parts)]);
	return arena_str(a, buf_peek(&b));
}

/* The first column has a quoted name with nothing special in it, so that the delimiter can be
 * found by looking. */
static void
tables_come_back(void)
{
	static const char delimiters[] = ",;\t|";
	AUTO(extractor) *x = open_extractor();

	srand(7);
	for (int round = 0; round < 200; round++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) input = buf_init(1 << 20);
		AUTO_VAL(buf) expected = buf_init(1 << 20);
		AUTO_VAL(buf) got = buf_init(1 << 20);
		char delimiter = delimiters[round % 4];
		int columns = 2 + rand() % 4, rows = rand() % 20;
		struct err e = { 0 };

		for (int c = 0; c < columns; c++)
			buf_printf(&input, "%s%.1s", arena_printf(a, "c%d", c),
			    c + 1 < columns ? (char[]){ delimiter, 0 } : "\n");
		for (int r = 1; r <= rows; r++) {
			size_t from = input.n;
			AUTO_VAL(buf) cells = buf_init(1 << 16);

			for (int c = 0; c < columns; c++) {
				const char *word = any_word(a);

				put_cell(&input, word, delimiter);
				if (c + 1 < columns)
					buf_byte(&input, (uint8_t)delimiter);
				buf_printf(&cells, " c%d=%s", c, word);
			}
			buf_printf(
			    &expected, "#%d %zu-%zu%s\n", r, from, input.n, buf_peek(&cells));
			buf_byte(&input, '\n');
		}
		NEED(describe(x, ROWS_TABLE, input.p, input.n, &got, &e), &e);
		CHECK(strcmp(buf_peek(&got), buf_peek(&expected)) == 0);
		if (strcmp(buf_peek(&got), buf_peek(&expected)) != 0) {
			printf("# %s\n---\n%s\n---\n%s\n", buf_peek(&input), buf_peek(&got),
			    buf_peek(&expected));
			break;
		}
	}
}

TESTS(T(reads_delimited_text), T(tells_columns), T(reads_objects), T(tells_kinds),
    T(reads_the_votes), T(reads_tables_of_others), T(survives_hostile_archives),
    T(tables_come_back))
