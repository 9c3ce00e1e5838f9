/* Media types from first bytes. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/io.h"
#include "extract/extract.h"
#include "test.h"
#include "text/text.h"

#define IS(bytes, type)                                                                        \
	{                                                                                      \
		bytes, sizeof(bytes) - 1, type                                                 \
	}

static void
finds_a_pdf_behind_other_bytes(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
		IS("HTTP/1.1 200 OK\r\nETag: x\r\n\r\n%PDF-1.4\n%\1\2\3", "application/pdf"),
		IS("\0\1\2junk%PDF-1.4\n", "application/pdf"),
		IS("A file that begins with %PDF-1.4 is one.", "text/plain"),
		IS("%PDF-", "application/pdf"),
		IS("\n%PDF-x", "text/plain"),
		IS("<html>\n%PDF-1.4", "text/html"),
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(
		    strcmp(extract_media_type(cases[i].bytes, cases[i].n), cases[i].type) == 0);
}

static void
tells_mail_from_texts_that_look_like_it(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
		IS("Received: from a\n by b\nDate: x\nFrom: a@example.org\n\nb",
		    "message/rfc822"),
		IS("From: a@example.org\nTo: b@example.org\nSubject: c\n\nd", "message/rfc822"),
		IS("From: Ana\nTo: Ben\nSubject: c\n\nd", "text/plain"),
		IS("From: a@example.org\nTo: b\nSubject: c\nThe text follows\n", "text/plain"),
		IS("Subject: a\n\nb", "text/plain"),
		IS("Name: a\nVersion: 1\nDate: x\n\n", "text/plain"),
		IS("HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n", "text/plain"),
		IS("Date: x\nContent-Type: text/html\nServer: y\n\n", "text/plain"),
		IS("From a@example.org Sat Jan  3 01:05:34 1996\nSubject: a\n\n",
		    "application/mbox"),
		IS("From a@example.org Sat Jan 13 01:05 CET 1996\n\n", "application/mbox"),
		IS("From Sat Jan to Mon Feb we stayed\n", "text/plain"),
		IS("From time to time\n", "text/plain"),
		IS("MIME-Version: 1.0\nSubject: a\nContent-Type: multipart/related; b\n\n",
		    "multipart/related"),
		IS("MIME-Version: 1.0\nTo: a\nContent-Type: multipart/related; b\n\n",
		    "message/rfc822"),
		IS("begin:vcard\r\nVERSION:2.1\r\n", "text/vcard"),
		IS("BEGIN:VCARDS\n", "text/plain"),
		IS("\xef\xbb\xbf"
		   "BEGIN:VCALENDAR\n",
		    "text/calendar"),
		IS("!BDN\1\2\3\4SM\x17\0", "application/vnd.ms-outlook-pst"),
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *type = extract_media_type(cases[i].bytes, cases[i].n);

		if (strcmp(type, cases[i].type) == 0)
			continue;
		printf("# %zu: %s\n", i, type);
		CHECK(false);
	}
}

static void
tells_recordings(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
		IS("\0\0\0\x18"
		   "ftypM4B ",
		    "audio/mp4"),
		IS("\0\0\0\x18"
		   "ftypheic",
		    "image/heic"),
		IS("\0\0\0\x18moov", "video/quicktime"),
		IS("\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska", "video/x-matroska"),
		IS("\x1a\x45\xdf\xa3\x93\x42\x82\x84webm", "video/webm"),
		IS("\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
		IS("FORM\0\0\0\1AIFF", "audio/aiff"),
		IS("FORM 17 AIMS", "text/plain"),
		IS("G A text that begins so", "text/plain"),
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(
		    strcmp(extract_media_type(cases[i].bytes, cases[i].n), cases[i].type) == 0);
}

static void
tells_types(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
		IS("", "application/x-empty"),
		IS("plain words\n", "text/plain"),
		IS("caf\xe9 na\xefve", "text/plain"),
		IS("\x1b$B$3$l$O\x1b(B", "text/plain"),
		IS("\xff\xfeH\0i\0", "text/plain"),
		IS("\xfe\xff\0H\0i", "text/plain"),
		IS("\xff\xfe\0\0H\0\0\0", "text/plain"),
		IS("nul\0inside", "application/octet-stream"),
		IS("\1\2\3", "application/octet-stream"),
		IS("<!DOCTYPE html><p>", "text/html"),
		IS("  \n<HTML lang=en>", "text/html"),
		IS("\xef\xbb\xbf<html>", "text/html"),
		IS("<!-- a page -->", "text/html"),
		IS("<p>a", "text/html"),
		IS("<p", "text/html"),
		IS("<h2>a", "text/html"),
		IS("<ul>\n<li>a", "text/html"),
		IS("<html><body>sta\0rt mid\0dle end", "text/html"),
		IS("<html>\0a", "text/html"), /* a page with a stray byte is one all the same */
		IS("\xff\xfe<\0p\0>\0a\0", "text/plain"), /* too little to tell */
		IS("\xff\xfe<\0h\0t\0m\0l\0>\0a\0b\0c\0", "text/html"),
		IS("\0<\0h\0t\0m\0l\0>\0a\0b\0c", "text/html"),
		IS("w\0i\0t\0h\0o\0u\0t\0 \0m\0a\0r\0k\0", "text/plain"),
		IS("w\0\0\0i\0\0\0t\0\0\0h\0\0\0o\0\0\0u\0\0\0t\0\0\0 \0\0\0", "text/plain"),
		IS("\0w\0i\0t\0h\0\1\0o\0u\0t\0m", "application/octet-stream"),
		IS("\1\0\2\0\3\0\4\0\5\0\6\0\7\0 \0!\0", "application/octet-stream"),
		IS("old file\r\n\x1a", "text/plain"),
		IS("old\x1a file", "application/octet-stream"),
		IS("<print this>", "text/plain"),
		IS("a < b", "text/plain"),
		IS("<?xml version='1.0'?><feed/>", "text/xml"),
		IS("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
		    "application/xhtml+xml"),
		IS("<?xml version='1.0'?><feed xmlns:h='http://www.w3.org/1999/xhtml'/>",
		    "text/xml"),
		IS("%PDF-1.7\n", "application/pdf"),
		IS("PK\3\4abc", "application/zip"),
		IS("\x89PNG\r\n\x1a\n", "image/png"),
		IS("\xff\xd8\xff\xe0", "image/jpeg"),
		IS("GIF89a", "image/gif"),
		IS("\0\0\0\x18"
		   "ftypmp42",
		    "video/mp4"),
		IS("\0\0\0\x18"
		   "ftypqt  ",
		    "video/quicktime"),
		IS("The ftyp box of a file", "text/plain"),
		IS("RIFF\1\2\3\4WEBPVP8 ", "image/webp"),
		IS("In 1990 WAVES came", "text/plain"),
		IS("BZhukov led the army", "text/plain"),
		IS("ID30 is a number", "text/plain"),
		IS("MZ is a code", "text/plain"),
		IS("\x1f\x8b\x08\0", "application/gzip"),
		IS("\x28\xb5\x2f\xfd", "application/zstd"),
		IS("{\\rtf1", "application/rtf"),
		IS("\x7f"
		   "ELF\2",
		    "application/x-elf"),
		IS("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
		IS("\x09\0\4\0\7\0\x10\0", "application/vnd.ms-excel"),
		IS("\x09\4\6\0\0\0\x10\0", "application/vnd.ms-excel"),
		IS("\xdb\xa5\x2d\0", "application/msword"),
		IS("SQLite format 3\0", "application/vnd.sqlite3"),
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *type = extract_media_type(cases[i].bytes, cases[i].n);

		if (strcmp(type, cases[i].type) != 0)
			printf("# %zu: %s, not %s\n", i, type, cases[i].type), CHECK(false);
	}
}

static void
looks_no_further_than_it_says(void)
{
	char much[EXTRACT_SNIFF + 10];

	enum { MANY = 100 };

	memset(much, 'a', sizeof much);
	memset(much + EXTRACT_SNIFF, 0, 10);
	CHECK(strcmp(extract_media_type(much, sizeof much), "text/plain") == 0);
	much[EXTRACT_SNIFF - 1] = 0; /* one in so many is an accident */
	CHECK(strcmp(extract_media_type(much, sizeof much), "text/plain") == 0);
	memset(much + EXTRACT_SNIFF - MANY, 0, MANY);
	CHECK(strcmp(extract_media_type(much, sizeof much), "application/octet-stream") == 0);
}

/* What is compressed or encrypted looks random, and read as UTF-16 much of it is assigned. */
static void
random_bytes_are_no_text(void)
{
	enum { FILES = 4000, FEW_IN = 1000 };
	static const size_t sizes[] = { 80, 200, 500, 1500, EXTRACT_SNIFF };
	uint64_t x = 88172645463325252u;
	uint8_t b[EXTRACT_SNIFF];

	for (size_t i = 0; i < LEN(sizes); i++) {
		unsigned texts = 0;

		for (unsigned j = 0; j < FILES; j++) {
			for (size_t k = 0; k < sizes[i]; k++) {
				x ^= x << 13;
				x ^= x >> 7;
				x ^= x << 17;
				b[k] = (uint8_t)(x >> 24);
			}
			texts += !strncmp(extract_media_type(b, sizes[i]), "text/", 5);
		}
		printf("# %u of %u of %zu bytes\n", texts, FILES, sizes[i]);
		CHECK(texts * FEW_IN <= (sizes[i] < 200 ? FILES : 0));
	}
}

/* As UTF-16 or UTF-32, without a mark. */
static void
widen(struct buf *ret, const uint8_t *s, size_t n, size_t size, bool big)
{
	for (size_t i = 0; i < n;) {
		uint32_t c = s[i],
			 len = c < 0x80 ? 1 :
		    c < 0xe0            ? 2 :
		    c < 0xf0            ? 3 :
					  4,
			 units = 1;

		c &= len == 1 ? 0x7f : 0x3fu >> (len - 1);
		for (size_t k = 1; k < len; k++)
			c = c << 6 | (s[i + k] & 0x3f);
		i += len;
		if (size == 2 && c > 0xffff) {
			c = (0xd7c0 + (c >> 10)) << 16 | 0xdc00 | (c & 0x3ff);
			units = 2;
		}
		while (units--)
			for (size_t k = 0; k < size; k++)
				buf_byte(ret,
				    (uint8_t)(c >> (8 * size * units) >>
					(8 * (big ? size - 1 - k : k))));
	}
}

/* Sniffed as text, told apart, and decoded to what it was; in every language. */
static void
check_wide(const struct buf *text, unsigned *tried, unsigned *good)
{
	static const struct {
		size_t size;
		bool big;
	} ways[] = { { 2, false }, { 2, true }, { 4, false }, { 4, true } };

	for (size_t i = 0; i < LEN(ways); i++) {
		AUTO_VAL(buf) wide = buf_init(1 << 24);
		AUTO_VAL(buf) back = buf_init(1 << 24);
		struct text_encoding enc;
		struct err e;
		bool same;

		widen(&wide, text->p, text->n, ways[i].size, ways[i].big);
		enc = text_detect(wide.p, wide.n, NULL);
		++*tried;
		*good += strcmp(extract_media_type(wide.p, wide.n), "text/plain") == 0 &&
		    text_decode(wide.p, wide.n, &enc, &back, &same, &e) && back.n == text->n &&
		    memcmp(back.p, text->p, text->n) == 0;
	}
}

static void
text_needs_no_mark(void)
{
	char dir[512];
	struct dirent *ent;
	unsigned tried = 0, good = 0;
	DIR *d = test_shared(dir, "data/udhr/by-language") ? opendir(dir) : NULL;

	if (!d)
		SKIP("shared material is not here");
	while ((ent = readdir(d))) {
		static const struct text_encoding utf8 = { .name = "UTF-8" };
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 22);
		AUTO_VAL(buf) nfc = buf_init(1 << 22);
		struct err e;
		bool same;

		if (ent->d_name[0] == '.' ||
		    !io_read_file(arena_printf(a, "%s/%s", dir, ent->d_name), &b, &e))
			continue;
		CHECK_OK(text_decode(buf_peek(&b), b.n, &utf8, &nfc, &same, &e), &e);
		check_wide(same ? &b : &nfc, &tried, &good);
	}
	closedir(d);
	printf("# %u of %u\n", good, tried);
	CHECK(tried > 1000 && good == tried);
}

static void
every_real_declaration_is_text(void)
{
	char dir[512];
	DIR *d = NULL;
	struct dirent *ent;
	unsigned files = 0;

	if (!test_shared(dir, "data/udhr/full/eng.json"))
		SKIP("shared material is not here");
	*strrchr(dir, '/') = 0;
	d = opendir(dir);
	while (d && (ent = readdir(d))) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 22);
		struct err e;

		if (!strstr(ent->d_name, ".json") ||
		    !io_read_file(arena_printf(a, "%s/%s", dir, ent->d_name), &b, &e))
			continue;
		files++;
		CHECK(strcmp(extract_media_type(buf_peek(&b), b.n), "text/plain") == 0);
	}
	if (d)
		closedir(d);
	if (!files)
		SKIP("no texts there");
}

static void
short_texts_may_hold_a_few_controls(void)
{
	static const char text[] = "From the lake\001 at dawn, and what was seen there.\n",
			  zero[] = "From the lake\000 at dawn, and what was seen there.\n",
			  many[] = "a\1b\2c\3d\4e\5 the lake at dawn";

	CHECK(strcmp(extract_media_type(text, sizeof text - 1), "text/plain") == 0);
	CHECK(strcmp(extract_media_type(zero, sizeof zero - 1), "text/plain") != 0);
	CHECK(strcmp(extract_media_type(many, sizeof many - 1), "text/plain") != 0);
}

TESTS(T(short_texts_may_hold_a_few_controls), T(tells_types), T(tells_recordings),
    T(tells_mail_from_texts_that_look_like_it), T(finds_a_pdf_behind_other_bytes),
    T(looks_no_further_than_it_says), T(random_bytes_are_no_text), T(text_needs_no_mark),
    T(every_real_declaration_is_text))
