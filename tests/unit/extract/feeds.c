/* Feeds: those of feedparser's tests, each of which says what a reader should make of it ("Expect:"), then small ones made here. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/json.h"
#include "extract/web/feed_private.h"
#include "extract/text/json_scan_private.h"
#include "helper.h"
#include "test.h"
#include "text/text.h"

/* What an expectation asks for -> parts that may hold it. */
static const struct asked {
	const char *key;
	const char *parts[3];
} asked[] = {
	{ "['title']", { "title" } },
	{ "['title_detail']['value']", { "title" } },
	{ "['description']", { "description", "content" } },
	{ "['summary']", { "description", "content" } },
	{ ".summary", { "description", "content" } },
	{ "['tagline']", { "description" } },
	{ "['subtitle']", { "description" } },
	{ "['info']", { "info" } },
	{ "['info_detail']['value']", { "info" } },
	{ "['copyright']", { "rights" } },
	{ "['rights']", { "rights" } },
	{ "['content'][0]['value']", { "content", "description" } },
	{ "['author']", { "author" } },
	{ "['author_detail']['name']", { "author" } },
	{ "['authors'][0]['name']", { "author" } },
	{ "['link']", { "link" } },
	{ ".link", { "link" } },
	{ "['links'][0]['href']", { "link" } },
	{ "['id']", { "id", "link" } },
	{ "['guid']", { "id", "link" } },
	{ "['published']", { "date" } },
	{ "['updated']", { "modified", "date" } },
	{ "['created']", { "created" } },
	{ "['language']", { "language" } },
	{ "['publisher']", { "publisher" } },
};

/* A string of Python, up to its quote. */
static bool
read_literal(const char **io, struct buf *ret)
{
	const char *at = *io + (**io == 'u');
	char quote = *at++;

	if (quote != '\'' && quote != '"')
		return false;
	for (; *at && *at != quote; at++) {
		static const char from[] = "nrt\\'\"", to[] = "\n\r\t\\'\"";
		const char *plain;
		char digits[9] = "";

		if (*at != '\\') {
			buf_byte(ret, (uint8_t)*at);
			continue;
		}
		at++;
		if (*at == 'u' || *at == 'x' || *at == 'U') {
			size_t n = *at == 'x' ? 2 : *at == 'u' ? 4 : 8;

			memcpy(digits, at + 1, n);
			scan_put_character(ret, (uint32_t)strtoul(digits, NULL, 16));
			at += n;
		} else if ((plain = strchr(from, *at))) {
			buf_byte(ret, (uint8_t)to[plain - from]);
		}
	}
	*io = at + 1;
	if (*at == quote && strncmp(at + 1, " + ", 3) == 0) {
		*io += 3;
		return read_literal(io, ret);
	}
	return *at == quote;
}

static void
collapse(struct buf *b)
{
	struct buf out = buf_init(b->max);

	one_line_make(&out, buf_peek(b), b->n, b->max);
	buf_done(b);
	*b = out;
}

/* The part as the answer has it: from the text by its anchor, or a field. */
static void
find_part(const struct answer *s, bool entry, const char *part, struct buf *ret)
{
	AUTO(arena) *a = arena_new();
	const char *at = buf_peek(&s->anchors), *field = part;
	struct err e;

	for (const char *end; (end = strchr(at, '\n')); at = end + 1) {
		struct json *m = json_read(a, at, (size_t)(end - at), &e);

		if (json_get_int(m, "entry") != entry ||
		    strcmp(json_get_str(m, "part"), part) != 0)
			continue;
		buf_add(ret, s->text.p + json_get_int(m, "start"),
		    (size_t)(json_get_int(m, "end") - json_get_int(m, "start")));
		return;
	}
	if (strcmp(part, "link") == 0)
		field = "source";
	if (!entry)
		buf_str(ret, field_of(s, field));
}

static bool
fits(const struct answer *s, bool entry, const struct asked *k, struct buf *want)
{
	AUTO_VAL(buf) laid_out = buf_init(1 << 20);
	char lost[LOST_NOTE];
	struct err e;

	if (!html_text(buf_peek(want), want->n, &laid_out, lost, &e))
		return false;
	collapse(&laid_out);
	collapse(want);
	for (size_t i = 0; i < LEN(k->parts); i++) {
		AUTO_VAL(buf) have = buf_init(1 << 20);

		if (k->parts[i])
			find_part(s, entry, k->parts[i], &have);
		if (k->parts[i] && strcmp(k->parts[i], "author") == 0 &&
		    strchr(buf_peek(&have), '\n'))
			have.n = strcspn(buf_peek(&have), "\n"); /* the first of several */
		collapse(&have);
		if ((i == 0 || k->parts[i]) &&
		    (strcmp(buf_peek(&have), buf_peek(want)) == 0 ||
			strcmp(buf_peek(&have), buf_peek(&laid_out)) == 0))
			return true;
	}
	return false;
}

/* 1: as expected, 0: not, -1: it is about something else. */
static int
try_expectation(const char *expect, const void *p, size_t n)
{
	AUTO_VAL(buf) want = buf_init(1 << 20);
	const struct asked *k = NULL;
	struct answer s;
	bool entry, ok;

	expect += strncmp(expect, "not bozo and ", 13) == 0 ? 13 : 0;
	expect += strncmp(expect, "bozo and ", 9) == 0 ? 9 : 0;
	expect += *expect == '(';
	entry = strncmp(expect, "entries[0]", 10) == 0;
	if (!entry && strncmp(expect, "feed", 4) != 0)
		return -1;
	expect += entry ? 10 : 4;
	for (size_t i = 0; i < LEN(asked); i++)
		if (strncmp(expect, asked[i].key, strlen(asked[i].key)) == 0 &&
		    strncmp(expect + strlen(asked[i].key), " == ", 4) == 0)
			k = &asked[i];
	if (!k || (entry && strcmp(k->key, "['language']") == 0))
		return -1;
	expect += strlen(k->key) + 4;
	if (!read_literal(&expect, &want))
		return -1;
	ok = answer_of(EXTRACTOR_FEED, p, n, &s) && fits(&s, entry, k, &want);
	answer_done(&s);
	return ok;
}

static void
meets_expectations(void)
{
	const char *shared = getenv("VIGIL_SHARED");
	AUTO(arena) *a = arena_new();
	const char *folder =
	    arena_printf(a, "%s/data/formats/feeds/feedparser", shared ? shared : "");
	DIR *d = opendir(folder);
	size_t met = 0, all = 0;

	if (!d)
		SKIP("the shared feeds are not here");
	for (struct dirent *f; (f = readdir(d));) {
		AUTO_VAL(buf) bytes = buf_init(1 << 22);
		AUTO_VAL(buf) text = buf_init(1 << 22);
		struct text_encoding enc;
		const char *expect;
		struct err e;
		bool same;
		int got;

		if (f->d_name[0] == '.' ||
		    !io_read_file(arena_printf(a, "%s/%s", folder, f->d_name), &bytes, &e))
			continue;
		enc = text_detect(bytes.p, bytes.n, NULL);
		CHECK(text_decode(bytes.p, bytes.n, &enc, &text, &same, &e));
		expect = strstr(buf_peek(same ? &bytes : &text), "Expect:");
		if (!expect)
			continue;
		expect += strlen("Expect:");
		/* What the answer of a server decides (its address, its headers), and CDF, which is another format. */
		if (strstr(buf_peek(same ? &bytes : &text), "Header:") ||
		    strstr(f->d_name, "_base_http_") || strstr(f->d_name, "_cdf_"))
			continue;
		got = try_expectation(expect + strspn(expect, " \t"), bytes.p, bytes.n);
		met += got == 1;
		all += got >= 0;
		if (got == 0)
			printf("# not met: %s: %.100s\n", f->d_name,
			    arena_strn(a, expect, strcspn(expect, "\n")));
	}
	closedir(d);
	printf("# %zu of %zu expectations met\n", met, all);
	CHECK(all >= 250 && met * 100 >= all * 97);
}

/* Twice the same is said once, but a name that is only part of another is a name. */
static void
tells_names_apart(void)
{
	static const char rss[] =
	    "<rss><channel><item><title>a</title><author>Marianne</author><author>Marian</author>"
	    "<author>Marianne</author></item></channel></rss>";
	struct answer s;

	CHECK(answer_of(EXTRACTOR_FEED, rss, strlen(rss), &s));
	CHECK(strcmp(buf_peek(&s.text), "a\nMarianne\nMarian") == 0);
	answer_done(&s);
}

static void
many_enclosures_cost_little(void)
{
	enum { MANY = 100000 };
	AUTO_VAL(buf) b = buf_init(1 << 23);
	clock_t from;
	struct answer s;

	buf_str(&b, "<rss><channel><item>");
	for (unsigned i = 0; i < MANY; i++)
		buf_printf(&b, "<enclosure url='http://example.org/%u'/>", i);
	buf_str(&b, "</item></channel></rss>");
	from = clock();
	CHECK(answer_of(EXTRACTOR_FEED, b.p, b.n, &s));
	CHECK(clock() - from < 5 * CLOCKS_PER_SEC);
	CHECK(s.text.n > MANY * 20);
	answer_done(&s);
}

/* Entities of its own are text; one that holds others stays as it is written, so that none grows out of another. */
static void
declarations_of_its_own_are_read(void)
{
	static const char feed[] =
	    "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [\n<!ENTITY who \"Lake Watch &#233;\">\n"
	    "<!ENTITY a \"&who;&who;&who;\">\n<!ENTITY far SYSTEM \"file:///etc/passwd\">\n] >\n"
	    "<rss version=\"2.0\"><channel><title>&who;</title><item><title>&a;|&far;|&mdash;"
	    "</title></item></channel></rss>";
	struct answer s;

	CHECK(strcmp(extract_media_type(feed, strlen(feed)), "application/rss+xml") == 0);
	CHECK(answer_of(EXTRACTOR_FEED, feed, strlen(feed), &s));
	CHECK(s.status == EXTRACT_OK);
	CHECK(strcmp(field_of(&s, "title"), "Lake Watch \xc3\xa9") == 0);
	CHECK(strstr(buf_peek(&s.text), "&a;|&far;|\xe2\x80\x94"));
	answer_done(&s);
}

TESTS(T(declarations_of_its_own_are_read), T(meets_expectations), T(tells_names_apart),
    T(many_enclosures_cost_little))
