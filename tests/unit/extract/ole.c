/* Old binary documents and messages: small ones made here, then those of Tika and POI. */
#include <dirent.h>
#include <stdlib.h>
#include <time.h>

#include "compound.h"
#include "extract/old/ole_private.h"
#include "helper.h"
#include "test.h"

static void
answer_to(const struct part_of *parts, size_t n, struct answer *ret)
{
	AUTO_VAL(buf) file = buf_init(1 << 22);

	compound_make(parts, n, &file);
	CHECK(answer_of(EXTRACTOR_OLE, file.p, file.n, ret));
}

static void
is_text(const struct answer *s, const char *want)
{
	if (strcmp(buf_peek(&s->text), want) != 0) {
		printf("#   gives: %s (%s)\n#   not:   %s\n", buf_peek(&s->text), s->why, want);
		CHECK(false);
	}
}

static void
is_anchors(const struct answer *s, const char *want)
{
	if (strcmp(buf_peek(&s->anchors), want) != 0) {
		printf("#   gives: %s\n#   not:   %s\n", buf_peek(&s->anchors), want);
		CHECK(false);
	}
}

/* Word. */

enum { FIB = 0x400, PAGE = 512 };

/* A number in the header. */
static void
poke(struct buf *b, size_t at, uint32_t v, unsigned n)
{
	for (; n--; v >>= 8)
		b->p[at++] = (uint8_t)v;
}

/* Word 97 with a text of bytes behind its header, one piece, `body` characters of it body. */
static void
make_word(const char *text, size_t body, size_t notes, struct buf *main, struct buf *table)
{
	size_t n = strlen(text);

	memset(buf_space(main, FIB), 0, FIB);
	poke(main, 0, 0x00c1a5ec, 4);
	poke(main, 0x4c, (uint32_t)body, 4);
	poke(main, 0x50, (uint32_t)notes, 4);
	buf_add(main, text, n);
	le_pad(main, PAGE, 0);
	buf_byte(table, 2);
	le_put(table, 16, 4);
	le_put(table, 0, 4);
	le_put(table, n, 4);
	le_put(table, 0, 2);
	le_put(table, 0x40000000 | FIB * 2, 4);
	le_put(table, 0, 2);
	poke(main, 0x1a2, 0, 4);
	poke(main, 0x1a6, (uint32_t)table->n, 4);
}

static void
word_text(const char *text, const char *want)
{
	AUTO_VAL(buf) main = buf_init(1 << 16), table = buf_init(1 << 16);
	struct answer s;

	make_word(text, strlen(text), 0, &main, &table);
	answer_to((const struct part_of[]){ { "WordDocument", main.p, main.n },
		      { "0Table", table.p, table.n } },
	    2, &s);
	CHECK(strcmp(field_of(&s, "format"), "application/msword") == 0);
	is_text(&s, want);
	answer_done(&s);
}

static void
reads_word(void)
{
	word_text("one\rtwo\r", "one\ntwo");
	word_text("caf\xe9 \x93q\x94\r", "caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d");
	word_text("a\tb\x0b"
		  "c\x1e"
		  "d\r",
	    "a\tb\nc\xe2\x80\x91"
	    "d");
	word_text("see \x13 PAGE \x14"
		  "7\x15.\r",
	    "see 7.");
	word_text("x\x13 SET a \x13 b \x14"
		  "no\x15 \x15y\r",
	    "xy");
	word_text("open \x13 never ends\r", "open  never ends");
	word_text("x\x13 EQ \\o(a,b)\x15y\r", "x(a,b)y");
}

/* Cells need to know which paragraphs are in a table: one page of looks says so. */
static void
reads_tables_of_word(void)
{
	static const char text[] = "a\rb\7c\7\7d\7\7\7end\r";
	static const uint8_t in[] = { 3, 0, 0, 0x16, 0x24, 1 },
			     row[] = { 5, 0, 0, 0x16, 0x24, 1, 0x17, 0x24, 1, 0 };
	static const size_t ends[] = { 2, 4, 6, 7, 9, 10, 11, 15 };
	static const char kinds[] = "iiiriir-";
	AUTO_VAL(buf) main = buf_init(1 << 16), table = buf_init(1 << 16);
	size_t page, at = FIB, list;
	struct answer s;

	make_word(text, strlen(text), 0, &main, &table);
	page = main.n;
	memset(buf_space(&main, PAGE), 0, PAGE);
	for (size_t i = 0; i < LEN(ends); i++) {
		poke(&main, page + 4 * i, (uint32_t)at, 4);
		at = FIB + ends[i];
		poke(&main, page + 4 * i + 4, (uint32_t)at, 4);
		main.p[page + 4 * (LEN(ends) + 1) + 13 * i] = kinds[i] == 'i' ? 200 :
		    kinds[i] == 'r'                                           ? 210 :
										0;
	}
	memcpy(main.p + page + 400, in, sizeof in);
	memcpy(main.p + page + 420, row, sizeof row);
	main.p[page + PAGE - 1] = LEN(ends);
	list = table.n;
	le_put(&table, FIB, 4);
	le_put(&table, at, 4);
	le_put(&table, page / PAGE, 4);
	poke(&main, 0x9a + 8 * 13, (uint32_t)list, 4);
	poke(&main, 0x9e + 8 * 13, 12, 4);
	answer_to((const struct part_of[]){ { "WordDocument", main.p, main.n },
		      { "0Table", table.p, table.n } },
	    2, &s);
	is_text(&s, "a\nb\tc\nd\n\nend");
	is_anchors(&s,
	    "{\"cell\":\"A1\",\"end\":3,\"row\":1,\"start\":0,\"table\":1}\n"
	    "{\"cell\":\"B1\",\"end\":5,\"row\":1,\"start\":4,\"table\":1}\n"
	    "{\"cell\":\"A2\",\"end\":7,\"row\":2,\"start\":6,\"table\":1}\n"
	    "{\"end\":12,\"paragraph\":1,\"start\":9}\n");
	answer_done(&s);
}

static void
reads_notes_of_word(void)
{
	AUTO_VAL(buf) main = buf_init(1 << 16), table = buf_init(1 << 16);
	size_t list;
	struct answer s;

	make_word("text\r\2one\r\2two\r", 5, 10, &main, &table);
	list = table.n;
	le_put(&table, 0, 4);
	le_put(&table, 5, 4);
	le_put(&table, 10, 4);
	poke(&main, 0x9a + 8 * 3, (uint32_t)list, 4);
	poke(&main, 0x9e + 8 * 3, 12, 4);
	answer_to((const struct part_of[]){ { "WordDocument", main.p, main.n },
		      { "0Table", table.p, table.n } },
	    2, &s);
	is_text(&s, "text\n\none\n\ntwo");
	is_anchors(&s,
	    "{\"end\":4,\"paragraph\":1,\"start\":0}\n"
	    "{\"end\":9,\"part\":\"footnote 1\",\"start\":6}\n"
	    "{\"end\":14,\"part\":\"footnote 2\",\"start\":11}\n");
	answer_done(&s);
}

/* Excel. */

static void
record(struct buf *b, unsigned type, const char *body, size_t n)
{
	le_put(b, type, 2);
	le_put(b, n, 2);
	buf_add(b, body, n);
}
#define RECORD(b, type, body) record(b, type, body, sizeof(body) - 1)
#define BOOK "\0\6\5\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define SHEET "\0\6\x10\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void
make_book(struct buf *b)
{
	size_t place;

	RECORD(b, 0x809, BOOK);
	RECORD(b, 0xe0, "\0\0\0\0");
	RECORD(b, 0xe0, "\0\0\x0e\0");
	RECORD(b, 0xe0, "\0\0\x0a\0");
	place = b->n + 4;
	RECORD(b, 0x85, "\0\0\0\0\0\0\4\0Dead");
	/* The second string goes on in another record, in another width. */
	RECORD(b, 0xfc, "\2\0\0\0\2\0\0\0\4\0\0name\4\0\0a\xe9");
	RECORD(b, 0x3c, "\1\x42\4\x43\4");
	RECORD(b, 0x0a, "");
	poke(b, place, (uint32_t)b->n, 4);
	RECORD(b, 0x809, SHEET);
	RECORD(b, 0xfd, "\1\0\1\0\0\0\1\0\0\0"); /* B2 before A1 */
	RECORD(b, 0xfd, "\0\0\0\0\0\0\0\0\0\0");
	RECORD(b, 0x27e, "\1\0\2\0\1\0\2\x80\2\0"); /* a date */
	RECORD(b, 0xbd, "\2\0\0\0\0\0\x06\0\0\0\2\0\x32\0\0\0\1\0");
	RECORD(b, 0x203, "\3\0\0\0\2\0\0\0\0\0\0\0\xe0\x3f"); /* 50 % */
	RECORD(b, 0x06, "\4\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0");
	RECORD(b, 0x207, "\2\0\0ok");
	RECORD(b, 0x205, "\5\0\0\0\0\0\x2a\1");
	RECORD(b, 0x5d, "\x15\0\x12\0\x19\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	RECORD(b, 0x1b6, "\0\0\0\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0");
	RECORD(b, 0x3c, "\0seen");
	RECORD(b, 0x1c, "\0\0\0\0\0\0\7\0\1\0\0m");
	RECORD(b, 0x0a, "");
}

static void
reads_excel(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct answer s;

	make_book(&b);
	answer_to((const struct part_of[]){ { "Workbook", b.p, b.n } }, 1, &s);
	CHECK(strcmp(field_of(&s, "format"), "application/vnd.ms-excel") == 0);
	is_text(&s,
	    "Dead\nname\n\ta\xc3\xa9\xd1\x82\xd1\x83\t2012-02-21\n1\t1200.00%\n50.00%\nok\n#N/A\nseen");
	CHECK(strstr(buf_peek(&s.anchors), "{\"cell\":\"C2\",\"end\":"));
	CHECK(strstr(buf_peek(&s.anchors), "\"part\":\"comment\",\"sheet\":\"Dead\""));
	CHECK(s.status == EXTRACT_OK && !*s.why);
	answer_done(&s);
}

static void
reads_excel_without_container(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct answer s;

	RECORD(&b, 0x09, "\4\0\x10\0");
	RECORD(&b, 0x04, "\0\0\0\0\0\0\0\4long");
	RECORD(&b, 0x02, "\0\0\1\0\0\0\0\x2a\0");
	RECORD(&b, 0x0a, "");
	CHECK(strcmp(extract_media_type(b.p, b.n), "application/vnd.ms-excel") == 0);
	CHECK(answer_of(EXTRACTOR_OLE, b.p, b.n, &s));
	is_text(&s, "Sheet1\nlong\t42");
	answer_done(&s);
}

/* PowerPoint. */

static size_t
atom(struct buf *b, unsigned version, unsigned type, const void *p, size_t n)
{
	size_t at = b->n;

	le_put(b, version, 2);
	le_put(b, type, 2);
	le_put(b, n, 4);
	buf_add(b, p, n);
	return at;
}

/* Two slides, of which the one that comes first lies last; its text is in the list of slides. */
static void
reads_powerpoint(void)
{
	static const char edit[] = "\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0";
	AUTO_VAL(buf) b = buf_init(1 << 16), user = buf_init(256), list = buf_init(4096),
		      all = buf_init(4096), slide = buf_init(4096), dir = buf_init(256);
	size_t document, second, first, directory, last;
	struct answer s;

	atom(&list, 0, 0x3f3, "\3\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0", 20);
	atom(&list, 0, 0xf9f, "\0\0\0\0", 4);
	atom(&list, 0, 0xfa8, "Title", 5);
	atom(&list, 0, 0x3f3, "\2\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0\0\0\0", 20);
	atom(&all, 0x0f, 0xff0, list.p, list.n);
	document = atom(&b, 0x0f, 0x3e8, all.p, all.n);
	atom(&slide, 0, 0xfa0, "\x42\4\r\0x\0", 6);
	second = atom(&b, 0x0f, 0x3ee, slide.p, slide.n);
	buf_reset(&slide);
	atom(&slide, 0, 0xf9e, "\0\0\0\0", 4);
	first = atom(&b, 0x0f, 0x3ee, slide.p, slide.n);
	le_put(&dir, 3 << 20 | 1, 4);
	le_put(&dir, document, 4);
	le_put(&dir, second, 4);
	le_put(&dir, first, 4);
	directory = atom(&b, 0, 0x1772, dir.p, dir.n);
	last = atom(&b, 0, 0xff5, edit, 28);
	poke(&b, last + 8 + 12, (uint32_t)directory, 4);
	le_put(&user, 0, 16);
	le_put(&user, last, 4);
	answer_to((const struct part_of[]){ { "PowerPoint Document", b.p, b.n },
		      { "Current User", user.p, user.n } },
	    2, &s);
	is_text(&s, "Title\n\n\xd1\x82\nx");
	is_anchors(
	    &s, "{\"end\":5,\"slide\":1,\"start\":0}\n{\"end\":11,\"slide\":2,\"start\":7}\n");
	answer_done(&s);
}

/* Outlook. */

static void
reads_messages(void)
{
	static const char to[] = "\0\0\0\0\0\0\0\0\3\0\x15\x0c\0\0\0\0\1\0\0\0\0\0\0\0";
	struct answer s;

	answer_to(
	    (const struct part_of[]){ { "__properties_version1.0", "", 0 },
		{ "__substg1.0_0037001E", "News\0", 5 }, { "__substg1.0_0C1A001E", "Ada", 3 },
		{ "__substg1.0_5D01001E", "ada@example.org", 15 },
		{ "__substg1.0_1000001E", "Hello\r\nyou\r\n", 12 },
		{ "__recip_version1.0_#0/__properties_version1.0", to, 24 },
		{ "__recip_version1.0_#0/__substg1.0_3001001E", "Ben", 3 },
		{ "__attach_version1.0_#0/__substg1.0_3707001E", "../list.txt", 11 },
		{ "__attach_version1.0_#0/__substg1.0_37010102", "1,2", 3 } },
	    9, &s);
	is_text(&s, "Subject: News\nFrom: Ada <ada@example.org>\nTo: Ben\n\nHello\nyou\n");
	is_anchors(&s,
	    "{\"end\":13,\"header\":\"Subject\",\"start\":0}\n"
	    "{\"end\":41,\"header\":\"From\",\"start\":14}\n"
	    "{\"end\":49,\"header\":\"To\",\"start\":42}\n"
	    "{\"end\":61,\"part\":\"1\",\"start\":51}\n");
	CHECK(strcmp(field_of(&s, "from"), "Ada <ada@example.org>") == 0);
	CHECK(strcmp(buf_peek(&files_seen), "list.txt") == 0);
	answer_done(&s);
}

/* Containers. */

static void
says_what_is_encrypted(void)
{
	AUTO_VAL(buf) main = buf_init(1 << 16), table = buf_init(1 << 16),
		      b = buf_init(1 << 12);
	struct answer s;

	answer_to((const struct part_of[]){ { "EncryptedPackage", "x", 1 } }, 1, &s);
	CHECK(s.status == EXTRACT_FAILED && strcmp(field_of(&s, "encrypted"), "yes") == 0);
	answer_done(&s);
	make_word("secret\r", 7, 0, &main, &table);
	main.p[0x0b] |= 1;
	answer_to((const struct part_of[]){ { "WordDocument", main.p, main.n } }, 1, &s);
	CHECK(s.status == EXTRACT_FAILED && strcmp(field_of(&s, "encrypted"), "yes") == 0);
	answer_done(&s);
	RECORD(&b, 0x809, BOOK);
	RECORD(&b, 0x2f, "\0\0");
	answer_to((const struct part_of[]){ { "Workbook", b.p, b.n } }, 1, &s);
	CHECK(s.status == EXTRACT_FAILED && strcmp(field_of(&s, "encrypted"), "yes") == 0);
	answer_done(&s);
}

static void
ends_where_chains_bite_their_tail(void)
{
	AUTO_VAL(buf) book = buf_init(1 << 16), file = buf_init(1 << 20);
	struct answer s;
	size_t stream = COMPOUND_FAT + COMPOUND_MEMBERS / 4;

	make_book(&book);
	compound_make((const struct part_of[]){ { "Workbook", book.p, book.n } }, 1, &file);
	poke(&file, 512 + 4 * stream, (uint32_t)stream, 4); /* its first sector is its second */
	poke(&file, 512 + 512 * COMPOUND_FAT + 128 + 120, 1 << 20, 4); /* and it is long */
	CHECK(answer_of(EXTRACTOR_OLE, file.p, file.n, &s));
	CHECK(strstr(s.why, "cut short or damaged"));
	answer_done(&s);
}

/* What is cut off anywhere gives an answer that keeps to the rules. */
static void
survives_cuts(void)
{
	AUTO_VAL(buf) book = buf_init(1 << 16), file = buf_init(1 << 20);
	struct answer s;

	make_book(&book);
	compound_make((const struct part_of[]){ { "Workbook", book.p, book.n } }, 1, &file);
	for (size_t n = 0; n < file.n; n += 101) {
		CHECK(answer_of(EXTRACTOR_OLE, file.p, n, &s));
		answer_done(&s);
	}
}

/* What names the same again and again is looked through once. */
static double
seconds_of(const void *p, size_t n)
{
	clock_t from = clock();
	struct answer s;

	CHECK(answer_of(EXTRACTOR_OLE, p, n, &s));
	answer_done(&s);
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

static void
fields_within_fields_cost_little(void)
{
	enum { DEEP = 100000, TEXT = 0x20 };
	AUTO_VAL(buf) b = buf_init(1 << 20);

	memset(buf_space(&b, TEXT), 0, TEXT);
	poke(&b, 0, 0xa5db, 2);
	poke(&b, 0x18, TEXT, 4);
	poke(&b, 0x1c, TEXT + 4 * DEEP, 4);
	for (size_t i = 0; i < DEEP; i++)
		buf_str(&b,
		    "\x13"
		    "EQ");
	for (size_t i = 0; i < DEEP; i++)
		buf_byte(&b, 0x15);
	CHECK(seconds_of(b.p, b.n) < 3);
}

static void
pieces_of_one_list_cost_little(void)
{
	enum { LIST = 60000, PIECES = 12000 };
	AUTO_VAL(buf) main = buf_init(1 << 16), table = buf_init(1 << 18),
		      file = buf_init(1 << 19);

	memset(buf_space(&main, FIB + PIECES), 0, FIB + PIECES);
	poke(&main, 0, 0x00c1a5ec, 4);
	poke(&main, 0x4c, PIECES, 4);
	buf_byte(&table, 1);
	le_put(&table, LIST, 2);
	memset(buf_space(&table, LIST), 0, LIST);
	buf_byte(&table, 2);
	le_put(&table, 4 + 12 * PIECES, 4);
	for (size_t i = 0; i <= PIECES; i++)
		le_put(&table, i, 4);
	for (size_t i = 0; i < PIECES; i++) {
		le_put(&table, 0, 2);
		le_put(&table, 0x40000000 | FIB * 2, 4);
		le_put(&table, 1, 2); /* the first list */
	}
	poke(&main, 0x1a6, (uint32_t)table.n, 4);
	compound_make((const struct part_of[]){ { "WordDocument", main.p, main.n },
			  { "0Table", table.p, table.n } },
	    2, &file);
	CHECK(seconds_of(file.p, file.n) < 1);
}

static void
formats_are_found_by_number(void)
{
	enum { FORMATS = 25000, LOOKS = 60000 };
	AUTO_VAL(buf) book = buf_init(1 << 20);

	RECORD(&book, 0x809, "\0\6\5\0");
	for (size_t i = 0; i < FORMATS; i++) {
		le_put(&book, 0x41e, 2);
		le_put(&book, 5, 2);
		le_put(&book, i, 2);
		le_put(&book, 0, 3);
	}
	for (size_t i = 0; i < LOOKS; i++) {
		le_put(&book, 0xe0, 2);
		le_put(&book, 4, 2);
		le_put(&book, 0, 2);
		le_put(&book, FORMATS - 1, 2);
	}
	RECORD(&book, 0x0a, "");
	CHECK(seconds_of(book.p, book.n) < 1);
}

static void
writes_storages_as_files(void)
{
	AUTO_VAL(buf) file = buf_init(1 << 20), out = buf_init(1 << 20), b = buf_init(1 << 16);
	struct ole o, again;
	struct err e;
	char large[5000];

	memset(large, 'x', sizeof large);
	compound_make((const struct part_of[]){ { "s/small", "abc", 3 },
			  { "s/large", large, 5000 }, { "s/Another", "", 0 } },
	    3, &file);
	CHECK(ole_open(&o, bytes_of(&file), &e));
	CHECK(ole_write(&o, ole_find(&o, 0, "s"), &out));
	CHECK(ole_open(&again, bytes_of(&out), &e) && !*again.note);
	CHECK(ole_stream(&again, 0, "SMALL", &b) && b.n == 3 && memcmp(b.p, "abc", 3) == 0);
	buf_reset(&b);
	CHECK(
	    ole_stream(&again, 0, "large", &b) && b.n == 5000 && memcmp(b.p, large, 5000) == 0);
	CHECK(
	    ole_find(&again, 0, "another") != OLE_NONE && ole_find(&again, 0, "s") == OLE_NONE);
	ole_done(&o);
	ole_done(&again);
}

static void
reads_files_of_others(void)
{
	static const struct {
		const char *file, *text;
	} cases[] = {
		{ "tika/testWORD6.doc", "The quick brown fox jumps over the lazy dog" },
		{ "tika/testWORD_features.doc", "Kyle Reese: This is another comment" },
		{ "poi/HeaderFooterUnicode.doc", "Moli\xc3\xa8re" },
		{ "poi/Lists.doc", "\n2.2.1. OL 2.2.1" },
		{ "poi/innertable.doc", "1\t2\n3\t4" },
		{ "poi/SampleSS.xls", "2nd row\t2nd row 2nd column" },
		{ "tika/testEXCEL_dateFormats.xls", "2018-09-20" },
		{ "poi/chinese-provinces.xls", "\xe5\x8c\x97\xe4\xba\xac\xe5\xb8\x82" },
		{ "tika/testComment.ppt", "Michael McCandless" },
		{ "tika/testPPT_masterText.ppt", "added to the master slide" },
		{ "tika/testEXCEL_big_numbers.xls", "1234567890123450" },
		{ "tika/testMSG_chinese.msg", "Subject: " },
		{ "tika/test-outlook.msg", "From: L'\xc3\x89quipe Microsoft Outlook Express" },
	};
	const char *shared = getenv("VIGIL_SHARED");

	for (size_t i = 0; shared && i < LEN(cases); i++) {
		AUTO_VAL(buf) bytes = buf_init(1 << 24);
		struct answer s;
		struct err e;
		char path[4096];

		snprintf(path, sizeof path, "%s/data/formats/%s", shared, cases[i].file);
		if (!io_read_file(path, &bytes, &e))
			continue;
		CHECK(answer_of(EXTRACTOR_OLE, bytes.p, bytes.n, &s));
		if (!strstr(buf_peek(&s.text), cases[i].text)) {
			printf("#   %s: no %s in it\n", cases[i].file, cases[i].text);
			CHECK(false);
		}
		answer_done(&s);
	}
}

static void
survives_malformed_files(void)
{
	char folder[4096], path[8192];
	const char *shared = getenv("VIGIL_SHARED");
	struct dirent *file;
	DIR *d;

	snprintf(folder, sizeof folder, "%s/data/formats/poi-malformed", shared ? shared : ".");
	d = opendir(folder);
	while (d && (file = readdir(d))) {
		AUTO_VAL(buf) bytes = buf_init(1 << 24);
		struct answer s;
		struct err e;

		snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
		if (*file->d_name == '.' || !io_read_file(path, &bytes, &e))
			continue;
		CHECK(answer_of(EXTRACTOR_OLE, bytes.p, bytes.n, &s));
		CHECK(s.text.n < 100000);
		answer_done(&s);
	}
	if (d)
		closedir(d);
}
TESTS(T(reads_word), T(reads_tables_of_word), T(reads_notes_of_word), T(reads_excel),
    T(reads_excel_without_container), T(reads_powerpoint), T(reads_messages),
    T(says_what_is_encrypted), T(ends_where_chains_bite_their_tail), T(survives_cuts),
    T(fields_within_fields_cost_little), T(pieces_of_one_list_cost_little),
    T(formats_are_found_by_number), T(writes_storages_as_files), T(reads_files_of_others),
    T(survives_malformed_files))
