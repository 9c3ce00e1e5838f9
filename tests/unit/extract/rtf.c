/* RTF: small ones made here, then those of Tika. */
#include <stdlib.h>

#include "helper.h"
#include "test.h"

static void
is_read(const char *rtf, size_t n, const char *want, const char *anchors)
{
	struct answer s;

	CHECK(answer_of(EXTRACTOR_RTF, rtf, n, &s));
	if (strcmp(buf_peek(&s.text), want) != 0) {
		printf("#   gives: %s (%s)\n#   not:   %s\n", buf_peek(&s.text), s.why, want);
		CHECK(false);
	}
	if (anchors && strcmp(buf_peek(&s.anchors), anchors) != 0) {
		printf("#   gives: %s\n#   not:   %s\n", buf_peek(&s.anchors), anchors);
		CHECK(false);
	}
	answer_done(&s);
}

/* Windows-1253 has no letter at 0xD2. */
static void
counts_what_the_code_page_does_not_have(void)
{
	static const char some[] = "{\\rtf1\\ansicpg1253 a\\'d2b\\'d2\\'e1",
			  none[] = "{\\rtf1\\ansicpg1253 \\'e1}";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_RTF, some, strlen(some), &s));
	CHECK(strcmp(buf_peek(&s.text),
		  "a\xef\xbf\xbd"
		  "b\xef\xbf\xbd\xce\xb1") == 0);
	CHECK(strcmp(s.why,
		  "2 characters could not be read: U+FFFD stands there; it is cut short") == 0);
	answer_done(&s);
	CHECK(answer_of(EXTRACTOR_RTF, none, strlen(none), &s));
	CHECK(!*s.why);
	answer_done(&s);
}

static void
reads_text(void)
{
	static const struct {
		const char *rtf, *text;
	} cases[] = {
		{ "{\\rtf1 one\\par two\\par\\par three}", "one\ntwo\n\nthree" },
		{ "{\\rtf1\\ansicpg1251 \\'cf\\'f0}", "\xd0\x9f\xd1\x80" },
		{ "{\\rtf1{\\fonttbl{\\f0 A;}{\\f1\\fcharset204 B;}}\\f1\\'cf{\\f0\\'e9}\\'cf}",
		    "\xd0\x9f\xc3\xa9\xd0\x9f" },
		{ "{\\rtf1{\\fonttbl{\\f3\\fcharset128 M;}}\\f3\\'93\\'fa}", "\xe6\x97\xa5" },
		{ "{\\rtf1\\u1080?\\u-4051?\\uc2\\u1080??x\\uc0\\u1080 y}",
		    "\xd0\xb8\xef\x80\xad\xd0\xb8x\xd0\xb8y" },
		{ "{\\rtf1\\u-10179?\\u-8704?}", "\xf0\x9f\x98\x80" },
		{ "{\\rtf1\\uc1\\u1080\\'e8z}", "\xd0\xb8z" },
		{ "{\\rtf1 a\\~b\\_c\\-d\\{e\\}\\\\\\tab f\\line g\\emdash h}",
		    "a\xc2\xa0"
		    "b\xe2\x80\x91"
		    "cd{e}\\\tf\ng\xe2\x80\x94h" },
		{ "{\\rtf1 a{\\*\\unknown no {\\b no}}b{\\stylesheet no;}{\\known yes}}",
		    "abyes" },
		{ "{\\rtf1 a{\\b\\*\\cs1 b}}", "ab" },
		{ "{\\rtf1 a{\\deleted no}b\\deleted no\\deleted0 c}", "abc" },
		{ "{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}}}", "link" },
		{ "{\\rtf1 a{\\pict\\pngblip 0102{\\*\\blipuid 03}}b{\\pict\\bin3 }}}}c}",
		    "abc" },
		{ "{\\rtf1 never {\\b closed", "never closed" },
		{ "{\\rtf1 a}}}} behind", "a" },
		{ "{\\rtf1{\\shp{\\*\\shpinst{\\sp{\\sn no}{\\sv no}}{\\shptxt box}}}}",
		    "box" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		is_read(cases[i].rtf, strlen(cases[i].rtf), cases[i].text, NULL);
}

static void
anchors_paragraphs_and_cells(void)
{
	static const char rtf[] =
	    "{\\rtf1 one\\par\\trowd\\intbl a\\par b\\cell\\cell c\\cell\\row"
	    "\\trowd\\intbl d\\cell\\row\\pard two{\\footnote note}\\par}";

	is_read(rtf, sizeof rtf - 1, "one\n\na\nb\t\tc\nd\n\ntwo\n\nnote",
	    "{\"end\":3,\"paragraph\":1,\"start\":0}\n"
	    "{\"cell\":\"A1\",\"end\":8,\"row\":1,\"start\":5,\"table\":1}\n"
	    "{\"cell\":\"C1\",\"end\":11,\"row\":1,\"start\":10,\"table\":1}\n"
	    "{\"cell\":\"A2\",\"end\":13,\"row\":2,\"start\":12,\"table\":1}\n"
	    "{\"end\":18,\"paragraph\":2,\"start\":15}\n"
	    "{\"end\":24,\"part\":\"footnote 1\",\"start\":20}\n");
}

static void
says_what_it_says_of_itself(void)
{
	static const char rtf[] =
	    "{\\rtf1{\\info{\\title T\\'e9}{\\author Ada}{\\creatim\\yr2001\\mo2\\dy3\\hr4\\min5}"
	    "{\\category no}\\nofpages2}{\\*\\generator Pen 1;}x{\\title y}}";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_RTF, rtf, sizeof rtf - 1, &s));
	CHECK(strcmp(field_of(&s, "title"), "T\xc3\xa9") == 0);
	CHECK(strcmp(field_of(&s, "creator"), "Ada") == 0);
	CHECK(strcmp(field_of(&s, "created"), "2001-02-03T04:05") == 0);
	CHECK(strcmp(field_of(&s, "pages"), "2") == 0);
	CHECK(strcmp(field_of(&s, "software"), "Pen 1") == 0);
	CHECK(strcmp(buf_peek(&s.text), "xy") == 0);
	answer_done(&s);
}

/* In the document's code page, whatever the font; in Unicode where that is there, too. */
static void
what_it_says_of_itself_is_whole(void)
{
	static const struct {
		const char *rtf, *title;
	} cases[] = {
		{ "{\\rtf1\\ansicpg1251\\deff1{\\fonttbl{\\f1\\fcharset0 A;}}"
		  "{\\info{\\title \\'cf\\'f0}}x}",
		    "\xd0\x9f\xd1\x80" },
		{ "{\\rtf1{\\info{\\upr{\\title ?}{\\*\\ud{\\title \\u1080?}}}{\\title no}}x}",
		    "\xd0\xb8" },
		{ "{\\rtf1{\\info{\\upr{\\title alone}}}x}", "alone" },
		{ "{\\rtf1{\\info{\\upr{\\title a}{\\*\\ud{\\author b}}}}x}", "a" },
	};
	static const struct {
		const char *name, *field, *value;
	} files[] = {
		{ "testRTF-ms932.rtf", "title",
		    "\xe3\x82\xbf\xe3\x82\xa4\xe3\x83\x88\xe3\x83\xab" },
		{ "testRTFJapanese.rtf", "title", "\xe3\x82\xbe\xe3\x83\xab\xe3\x82\xb2" },
		{ "testRTFListMicrosoftWord.rtf", "creator", "Axel D\xee\x92\x9a" },
	};
	struct answer s;

	for (size_t i = 0; i < LEN(cases); i++) {
		CHECK(answer_of(EXTRACTOR_RTF, cases[i].rtf, strlen(cases[i].rtf), &s));
		CHECK(strcmp(field_of(&s, "title"), cases[i].title) == 0);
		CHECK(strcmp(buf_peek(&s.text), "x") == 0);
		answer_done(&s);
	}
	is_read("{\\rtf1 a{\\upr{b}{\\*\\ud{c}}}d}", 29, "abd", NULL);
	for (size_t i = 0; i < LEN(files); i++) {
		char path[512], name[100];
		AUTO_VAL(buf) b = buf_init(1 << 24);
		struct err e;

		snprintf(name, sizeof name, "data/formats/tika/%s", files[i].name);
		if (!test_shared(path, name))
			SKIP("the shared material is not here");
		NEED(io_read_file(path, &b, &e), &e);
		CHECK(answer_of(EXTRACTOR_RTF, b.p, b.n, &s));
		CHECK(strncmp(field_of(&s, files[i].field), files[i].value,
			  strlen(files[i].value)) == 0);
		answer_done(&s);
	}
}

static void
gives_pictures_and_objects(void)
{
	static const char rtf[] =
	    "{\\rtf1 x{\\pict\\jpegblip ffd8ff}{\\object\\objemb{\\*\\objdata "
	    "0105000002000000080000005061636b61676500000000000000000027000000"
	    "0200612e74787400433a5c612e7478740000000300070000007a3a5c7a7a7a00030000006162630000}"
	    "{\\result seen}}}";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_RTF, rtf, sizeof rtf - 1, &s));
	CHECK(strcmp(buf_peek(&s.text), "xseen") == 0);
	CHECK(files_seen.n == 20 && memcmp(files_seen.p, "picture 1.jpg\0a.txt", 20) == 0);
	answer_done(&s);
}

/* Each byte is in one of them, also where groups are not closed. */
static void
parts_pictures_that_lie_in_each_other(void)
{
	static const char rtf[] =
	    "{\\rtf1 x{\\pict\\pngblip 4142\\pict\\jpegblip 43{\\pict 4445}}{\\pict\\pngblip 4647";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_RTF, rtf, strlen(rtf), &s));
	CHECK(files_seen.n == 56 &&
	    memcmp(files_seen.p, "picture 1.bin\0picture 2.bin\0picture 3.bin\0picture 4.bin",
		56) == 0);
	answer_done(&s);
}

/* Depth costs nothing, and what is too deep is read as what is around it. */
static void
bounds_depth(void)
{
	AUTO_VAL(buf) rtf = buf_init(1 << 22);
	struct answer s;

	buf_str(&rtf, "{\\rtf1 ");
	for (size_t i = 0; i < 100000; i++)
		buf_byte(&rtf, '{');
	buf_str(&rtf, "deep");
	for (size_t i = 0; i < 100000; i++)
		buf_byte(&rtf, '}');
	buf_str(&rtf, " end}");
	CHECK(answer_of(EXTRACTOR_RTF, rtf.p, rtf.n, &s));
	CHECK(strcmp(buf_peek(&s.text), "deep end") == 0 && !*s.why);
	answer_done(&s);
}

static void
reads_files_of_others(void)
{
	static const struct {
		const char *file, *text;
	} cases[] = {
		{ "testRTF-ms932.rtf",
		    "\xe3\x81\x93\xe3\x82\x93\xe3\x81\xab\xe3\x81\xa1\xe3\x81\xaf" },
		{ "testRTFWindowsCodepage1250.rtf", "za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87" },
		{ "testRTFIgnoredControlWord.rtf", "The quick brown fox" },
		{ "testFontAfterBufferedText.rtf", "\xd0\xa3\xd0\xb2\xd0\xb0\xd0\xb6" },
		{ "testRTF_annotation_spacing.rtf", "This is a comment" },
	};
	const char *shared = getenv("VIGIL_SHARED");

	for (size_t i = 0; shared && i < LEN(cases); i++) {
		AUTO_VAL(buf) bytes = buf_init(1 << 24);
		struct answer s;
		struct err e;
		char path[4096];

		snprintf(path, sizeof path, "%s/data/formats/tika/%s", shared, cases[i].file);
		if (!io_read_file(path, &bytes, &e))
			continue;
		CHECK(answer_of(EXTRACTOR_RTF, bytes.p, bytes.n, &s));
		CHECK(strstr(buf_peek(&s.text), cases[i].text));
		answer_done(&s);
	}
}
TESTS(T(counts_what_the_code_page_does_not_have), T(reads_text),
    T(anchors_paragraphs_and_cells), T(says_what_it_says_of_itself),
    T(what_it_says_of_itself_is_whole), T(gives_pictures_and_objects),
    T(parts_pictures_that_lie_in_each_other), T(bounds_depth), T(reads_files_of_others))
