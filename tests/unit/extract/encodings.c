/* Every case of the shared encodings whose answer is given: html5lib's pages, encoding_rs's code
 * tables, ftfy's texts. Right means that the text comes back as the answer reads; and nothing is
 * lost that the note does not count. */
#include <unicode/ucnv.h>

#include "base/io.h"
#include "base/json.h"
#include "extract/text/declared_private.h"
#include "helper.h"
#include "test.h"
#include "text/text.h"

struct score {
	unsigned tried, right;
};

static bool
load(const char *name, struct buf *ret)
{
	char path[512];
	struct err e;

	return test_shared(path, name) && io_read_file(path, ret, &e);
}

static struct buf
decoded(const void *p, size_t n, struct text_encoding enc)
{
	struct buf b = buf_init(1 << 24);
	struct err e = { 0 };
	bool same;

	CHECK_OK(text_decode(p, n, &enc, &b, &same, &e), &e);
	if (same)
		buf_add(&b, p, n);
	return b;
}

/* Do the bytes come back as `want`, in NFC? */
static void
check(struct score *s, const char *what, const void *p, size_t n, const char *declared,
    const void *want, size_t want_n)
{
	struct text_encoding enc = text_detect(p, n, declared), utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) got = decoded(p, n, enc);
	AUTO_VAL(buf) answer = decoded(want, want_n, utf8);
	bool right = got.n == answer.n && !memcmp(buf_peek(&got), buf_peek(&answer), got.n);

	s->tried++;
	s->right += right;
	if (!right)
		printf("# %s: taken for %s, %u%%: %.80s\n", what, enc.name, enc.confidence,
		    buf_peek(&got));
	/* What cannot be read is counted. */
	if (strstr(buf_peek(&got), "\xef\xbf\xbd") &&
	    !strstr(buf_peek(&answer), "\xef\xbf\xbd"))
		CHECK(text_lost(p, n, &enc, buf_peek(&got), got.n) > 0);
}

/* "#data\n" page "\n#encoding\n" name "\n". */
static void
pages(struct score *s, const char *name)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const char *at, *end;

	if (!load(name, &b))
		return;
	end = buf_peek(&b) + b.n;
	for (at = buf_peek(&b); at && (at = memmem(at, (size_t)(end - at), "#data\n", 6));) {
		const char *page = at + 6;
		const char *stop = memmem(page, (size_t)(end - page), "\n#encoding\n", 11);
		char label[LABEL_MAX] = "", declared[LABEL_MAX];
		struct text_encoding named;
		size_t n;

		if (!stop)
			return;
		n = (size_t)(stop - page);
		at = stop + 11;
		memcpy(label, at, MIN(strcspn(at, "\n"), sizeof label - 1));
		named = text_detect("", 0, label);
		named.skip = text_detect(page, n, NULL).skip; /* of a byte order mark */
		AUTO_VAL(buf) want = decoded(page, n, named);
		check(s, name, page, n, declared_by_html(page, n, declared) ? declared : NULL,
		    buf_peek(&want), want.n);
	}
}

/* A code table: bytes, and the same in UTF-8; each with the label that the table's name gives, and
 * without. (Without, most are taken for something else: a list of all characters reads as no
 * language.) */
static void
table(struct score *s, const char *label, const char *bytes, const char *text)
{
	AUTO_VAL(buf) in = buf_init(1 << 20);
	AUTO_VAL(buf) ref = buf_init(1 << 20);
	char path[256];

	snprintf(path, sizeof path, "data/encodings/encoding_rs/%s.txt", bytes);
	if (!load(path, &in))
		return;
	snprintf(path, sizeof path, "data/encodings/encoding_rs/%s.txt", text);
	CHECK(load(path, &ref));
	check(s, bytes, in.p, in.n, label, ref.p, ref.n);
	check(s, bytes, in.p, in.n, NULL, ref.p, ref.n);
	check(s, text, ref.p, ref.n, label, ref.p, ref.n);
	check(s, text, ref.p, ref.n, NULL, ref.p, ref.n);
}

/* The bytes before they were misread so: false if that reading cannot give this text. */
static bool
unread(const char *text, const char *converter, char *ret, size_t max, size_t *ret_n)
{
	UErrorCode st = U_ZERO_ERROR;
	UConverter *c = ucnv_open(converter, &st), *utf8 = ucnv_open("UTF-8", &st);
	const char *from = text;
	char *to = ret;

	ucnv_setFromUCallBack(c, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &st);
	ucnv_convertEx(c, utf8, &to, ret + max, &from, text + strlen(text), NULL, NULL, NULL,
	    NULL, true, true, &st);
	ucnv_close(c);
	ucnv_close(utf8);
	*ret_n = (size_t)(to - ret);
	return U_SUCCESS(st);
}

/* A text that was misread, as its bytes were before: each of these readings that its answer
 * bears out. Then the text as it stands, which stays as it is. */
static void
misread(struct score *s, const struct json *c)
{
	static const char *const readings[] = { "windows-1252", "ISO-8859-1", "macintosh",
		"windows-1250", "windows-1251", "ibm-850", "ibm-437" };
	static const char *const written[] = { "UTF-8", "macintosh" };
	const char *original = json_get_str(c, "original"),
		   *want = json_get_str(c, "fixed-encoding");

	if (!*want)
		want = json_get_str(c, "fixed");
	check(s, "as it is", original, strlen(original), NULL, original, strlen(original));
	for (size_t i = 0; i < LEN(readings) && strcmp(original, want) != 0; i++) {
		char bytes[1024];
		size_t n;

		if (!unread(original, readings[i], bytes, sizeof bytes, &n))
			continue;
		for (size_t j = 0; j < LEN(written); j++) {
			AUTO_VAL(buf) b =
			    decoded(bytes, n, (struct text_encoding){ .name = written[j] });

			if (b.n == strlen(want) && !memcmp(buf_peek(&b), want, b.n))
				check(s, readings[i], bytes, n, NULL, want, b.n);
		}
	}
}

static void
texts(struct score *s, const char *name)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 20);
	const struct json *list;
	struct err e = { 0 };

	if (!load(name, &b))
		return;
	list = json_read(a, b.p, b.n, &e);
	CHECK_OK(list, &e);
	for (size_t i = 0; i < json_len(list); i++)
		misread(s, json_at(list, i));
}

static void
given_answers(void)
{
	struct score s[3] = { 0 };
	unsigned tried = 0, right = 0;

	pages(&s[0], "data/encodings/html5lib/tests1.dat");
	pages(&s[0], "data/encodings/html5lib/tests2.dat");
	pages(&s[0], "data/encodings/html5lib/test-yahoo-jp.dat");
	table(&s[1], "gb18030", "gb18030_in", "gb18030_in_ref");
	table(&s[1], "shift_jis", "shift_jis_in", "shift_jis_in_ref");
	table(&s[1], "euc-jp", "jis0208_in", "jis0208_in_ref");
	table(&s[1], "gb18030", "gb18030_out_ref", "gb18030_out");
	texts(&s[2], "data/encodings/ftfy/negative.json");
	texts(&s[2], "data/encodings/ftfy/synthetic.json");
	texts(&s[2], "data/encodings/ftfy/known-failures.json");
	if (!s[0].tried)
		SKIP("the shared material is not there");
	for (size_t i = 0; i < LEN(s); i++) {
		printf("# %s: %u of %u\n",
		    (const char *const[]){ "pages", "tables", "texts" }[i], s[i].right,
		    s[i].tried);
		tried += s[i].tried;
		right += s[i].right;
	}
	CHECK(tried > 150 && right * 100 >= tried * 95);
}

/* The note of a text, and how many characters of it are U+FFFD. */
static void
notes(enum extractor_id id, const char *bytes, size_t n, const char *note)
{
	struct answer s;

	CHECK(answer_of(id, bytes, n, &s));
	if (strcmp(s.why, note) != 0)
		printf("# \"%s\", not \"%s\"\n", s.why, note);
	CHECK(!strcmp(s.why, note));
	answer_done(&s);
}

#define B(s) s, sizeof s - 1

static void
nothing_is_lost_without_a_note(void)
{
	notes(EXTRACTOR_TEXT, B("caf\xc3\xa9 \xef\xbf\xbd as it came"), "");
	notes(EXTRACTOR_TEXT,
	    B("caf\xe9 cr\xe8me br\xfbl\xe9"
	      "e"),
	    "");
	notes(EXTRACTOR_TEXT,
	    B("d\xc3\xa9tention r\xc3\xa9p\xc3\xa9t\xc3\xa9"
	      "e, caf\xe9! \xef\xbf\xbd"),
	    "1 character could not be read as UTF-8: U+FFFD stands there");
	notes(EXTRACTOR_TEXT, B("one \0 two \0 three words of text"),
	    "2 characters could not be read as UTF-8: U+FFFD stands there");
	notes(EXTRACTOR_HTML,
	    B("<meta charset=shift_jis><p>\x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \x8c\xbe\x8c\xea "
	      "\x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \x8c\xbe\x8c\xea "
	      "\x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \x8c\xbe\x8c\xea \xff</p>"),
	    "1 character could not be read as Shift_JIS: U+FFFD stands there");
	notes(EXTRACTOR_HTML, B("<p>caf\xc3\xa9</p>"), "");
}

TESTS(T(given_answers), T(nothing_is_lost_without_a_note))
