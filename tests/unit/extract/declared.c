/* The encoding that a page declares: html5lib's cases, then our own. */
#include "base/io.h"
#include "extract/text/declared_private.h"
#include "test.h"
#include "text/text.h"

/* What the page declares, as the WHATWG names it; "" if nothing. */
static const char *
declared_name(const void *p, size_t n)
{
	char label[LABEL_MAX];

	return declared_by_html(p, n, label) ? text_detect("", 0, label).name : "";
}

/* One case: "#data\n" page "\n#encoding\n" name "\n". Where nothing is declared, the cases expect a
 * browser's default, windows-1252. */
static void
check_case(const char *page, size_t n, const char *want, size_t want_n, unsigned *checked)
{
	struct text_encoding bom = text_detect(page, n, NULL);
	const char *found = bom.how == TEXT_BY_BOM ? bom.name : declared_name(page, n);
	char label[LABEL_MAX] = "";
	const char *name;

	memcpy(label, want, MIN(want_n, (size_t)LABEL_MAX - 1));
	name = text_detect("", 0, label).name;
	if (!*found)
		found = "windows-1252";
	++*checked;
	if (strcmp(found, name) != 0) {
		printf("# case %u: %s, not %s\n", *checked, found, name);
		CHECK(false);
	}
}

static void
check_file(const char *name, unsigned *checked)
{
	char path[512];
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e;
	const char *at, *end;

	if (!test_shared(path, name) || !io_read_file(path, &b, &e))
		return;
	end = buf_peek(&b) + b.n;
	for (at = buf_peek(&b); at && (at = memmem(at, (size_t)(end - at), "#data\n", 6));) {
		const char *page = at + 6;
		const char *stop = memmem(page, (size_t)(end - page), "\n#encoding\n", 11);

		if (!stop)
			return;
		at = stop + 11;
		check_case(page, (size_t)(stop - page), at, strcspn(at, "\n"), checked);
	}
}

static void
html5lib_cases(void)
{
	unsigned checked = 0;

	check_file("data/encodings/html5lib/tests1.dat", &checked);
	check_file("data/encodings/html5lib/tests2.dat", &checked);
	check_file("data/encodings/html5lib/test-yahoo-jp.dat", &checked);
	if (!checked)
		SKIP("shared material is not here");
	CHECK(checked > 80);
}

static void
own_cases(void)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "", "" },
		{ "<meta charset=koi8-r>", "KOI8-R" },
		{ "<meta charset=\" koi8-r \">", "KOI8-R" },
		{ "<meta charset=no-such><meta charset=koi8-r>", "KOI8-R" },
		{ "<meta charset=koi8-r", "" },
		{ "<meta/charset=koi8-r>", "KOI8-R" },
		{ "<!--<meta charset=koi8-r>--><meta charset=gbk>", "GBK" },
		{ "<!--><meta charset=gbk>", "GBK" },
		{ "<a title='<meta charset=koi8-r>'><meta charset=gbk>", "GBK" },
		{ "<meta charset=x-user-defined>", "windows-1252" },
		{ "<meta charset=utf-16le>", "UTF-8" },
		{ "<meta charset='>", "" },
		{ "<meta =charset=koi8-r>", "" },
		{ "<?xml version='1.0' encoding='koi8-r'?><html>", "KOI8-R" },
		{ "<?xml version='1.0' encoding=koi8-r?>", "" },
		{ "<?xml encoding", "" },
		{ "<?xml version='1.0' encoding='koi8-r'?><meta charset=gbk>", "GBK" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		if (strcmp(declared_name(cases[i].page, strlen(cases[i].page)),
			cases[i].want) != 0) {
			printf("# %s: %s\n", cases[i].page,
			    declared_name(cases[i].page, strlen(cases[i].page)));
			CHECK(false);
		}
}

/* Cut anywhere, in memory that ends there: ASan watches. */
static void
reads_no_further_than_the_end(void)
{
	static const char page[] = "<!doctype html><!-- a --><p a = 'b' c=d /><meta http-equiv="
				   "content-type content=\"text/html; charset = 'utf-8'\">";

	for (size_t n = 0; n < sizeof page; n++) {
		char *cut = mem_alloc(n);
		char label[LABEL_MAX];

		memcpy(cut, page, n);
		if (declared_by_html(cut, n, label))
			CHECK(strcasecmp(label, "utf-8") == 0);
		free(cut);
	}
}

TESTS(T(html5lib_cases), T(own_cases), T(reads_no_further_than_the_end))
