/* WebVTT and SubRip as files of their own. */
#include "base/io.h"

#include "test.h"
#include "unit/extract/helper.h"

static bool
gives(const char *bytes, const char *text, const char *anchors)
{
	struct answer s;
	bool ok = answer_of(EXTRACTOR_SUBTITLES, bytes, strlen(bytes), &s);

	ok = ok && s.status == (*text ? EXTRACT_OK : EXTRACT_EMPTY);
	ok = ok && strcmp(buf_peek(&s.text), text) == 0;
	ok = ok && (!anchors || strcmp(buf_peek(&s.anchors), anchors) == 0);
	if (!ok)
		printf("# %s\n# %s# %s\n", buf_peek(&s.text), buf_peek(&s.anchors), s.why);
	answer_done(&s);
	return ok;
}

static void
gives_words_with_times(void)
{
	CHECK(gives(
	    "1\n00:00:01,500 --> 00:00:02,000\none\n\n2\n01:02:03,004 --> 01:02:05,000\ntwo\nlines\n",
	    "one\ntwo\nlines",
	    "{\"end\":3,\"start\":0,\"time\":\"0:00:01.500\"}\n"
	    "{\"end\":13,\"start\":4,\"time\":\"1:02:03.004\"}\n"));
	CHECK(gives(
	    "WEBVTT\n\n00:01.000 --> 00:02.000 align:start\none\n\nsecond\n00:03.5 --> 00:04.000\ntwo\n",
	    "one\ntwo",
	    "{\"end\":3,\"start\":0,\"time\":\"0:00:01.000\"}\n"
	    "{\"end\":7,\"part\":\"second\",\"start\":4,\"time\":\"0:00:03.500\"}\n"));
}

static void
keeps_what_is_no_cue(void)
{
	CHECK(gives("WEBVTT\n\nNOTE heard by\ntwo people\n\n00:01.000 --> 00:02.000\none\n",
	    "NOTE heard by\ntwo people\none", NULL));
	CHECK(
	    gives("WEBVTT\n\nSTYLE\n::cue {}\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000\none\n",
		"one", NULL));
	/* Without an empty line between, a number before a time is a number of a cue; one that is said stays. */
	CHECK(gives(
	    "1\n00:00:01,000 --> 00:00:02,000\n1945\n2\n00:00:03,000 --> 00:00:04,000\nyes\n"
	    "1946\nno\n",
	    "1945\nyes\n1946\nno", NULL));
	CHECK(gives("1\n00:00:01,000 --> 00:00:02,000\n1945\n", "1945", NULL));
	CHECK(gives("WEBVTT\n00:01.000 --> 00:02.000\nsoon\n", "soon", NULL));
	CHECK(gives("one\n\ntwo --> three", "one\ntwo --> three", ""));
}

static void
markup_is_taken_off(void)
{
	CHECK(gives(
	    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna B>come <b.loud>in</b>, <00:01.500>all</v> &amp; 1 < 2 <x>\n",
	    "Anna B: come in, all & 1 < 2 <x>", NULL));
	CHECK(gives(
	    "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"red\">a</font> &amp; {b}\n",
	    "a &amp; {b}", NULL));
}

static void
says_fields(void)
{
	static const char bytes[] =
	    "\xef\xbb\xbfWEBVTT - At the gate\r\nKind: captions\r\nLanguage: fr\r\n\r\n"
	    "00:01.000 --> 00:02.250\r\noui\r\n";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_SUBTITLES, bytes, sizeof bytes - 1, &s));
	CHECK(strcmp(field_of(&s, "language"), "fr") == 0);
	CHECK(strcmp(field_of(&s, "description"), "At the gate") == 0);
	CHECK(strcmp(field_of(&s, "duration"), "0:00:02.250") == 0);
	CHECK(strcmp(field_of(&s, "encoding"), "UTF-8") == 0);
	CHECK(strcmp(buf_peek(&s.text), "oui") == 0);
	answer_done(&s);
	CHECK(gives("WEBVTT", "", NULL));
}

static void
shared_files_are_read(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e = { 0 };
	struct answer s;
	char path[512];

	if (!test_shared(path, "data/formats/tika/testWebVTT_utf8.vtt"))
		SKIP("the shared material is not here");
	NEED(io_read_file(path, &b, &e), &e);
	CHECK(strcmp(extract_media_type(b.p, b.n), "text/vtt") == 0);
	CHECK(answer_of(EXTRACTOR_SUBTITLES, b.p, b.n, &s));
	CHECK(strstr(
	    buf_peek(&s.text), "to HR, benefits and other onboarding processes\nor who"));
	CHECK(strstr(buf_peek(&s.anchors), "\"time\":\"0:00:20.890\""));
	CHECK(strcmp(field_of(&s, "duration"), "0:00:23.663") == 0);
	answer_done(&s);
}

static void
kinds_are_sniffed(void)
{
	static const struct {
		const char *bytes, *type;
	} cases[] = {
		{ "WEBVTT", "text/vtt" },
		{ "WEBVTT\n", "text/vtt" },
		{ "\xef\xbb\xbfWEBVTT x", "text/vtt" },
		{ "WEBVTTS are words", "text/plain" },
		{ "1\n00:00:01,000 --> 00:00:02,000\n", "application/x-subrip" },
		{ "\xef\xbb\xbf\r\n12\r\n00:00:01.000 --> 00:00:02.000\r\n",
		    "application/x-subrip" },
		{ "1\n00:00:01,000 -> 00:00:02,000\n", "text/plain" },
		{ "1\n", "text/plain" },
		{ "1", "text/plain" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *type = extract_media_type(cases[i].bytes, strlen(cases[i].bytes));

		if (strcmp(type, cases[i].type) != 0)
			printf("# %zu: %s, not %s\n", i, type, cases[i].type), CHECK(false);
	}
}

TESTS(T(gives_words_with_times), T(keeps_what_is_no_cue), T(markup_is_taken_off),
    T(says_fields), T(shared_files_are_read), T(kinds_are_sniffed))
