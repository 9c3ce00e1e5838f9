/* Mail with the real program: what a message becomes, what its parts become, and what hostile ones end in. */
#include <dirent.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"
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

enum { FILES_MAX = 16 };
struct came { /* of one item; in the arena */
	struct extracted r;
	const char *paths[FILES_MAX], *bytes[FILES_MAX];
	size_t n[FILES_MAX], n_files;
};

static struct came
hand_in(struct extractor *x, struct arena *a, const char *type, const void *p, size_t n)
{
	struct came c = { 0 };
	struct err e = { 0 };
	uint64_t tag = 0;

	NEED(extractor_submit(x, 5, type, p, n, &e), &e);
	for (;;) {
		NEED(extractor_take(x, a, &tag, &c.r, &e), &e);
		if (c.r.status != EXTRACT_FILE)
			return c;
		if (c.n_files < FILES_MAX) {
			c.paths[c.n_files] = arena_str(a, c.r.path);
			c.bytes[c.n_files] = arena_strn(a, buf_peek(&c.r.file), c.r.file.n);
			c.n[c.n_files++] = c.r.file.n;
		}
		buf_done(&c.r.file);
	}
}

static const char *
field(const struct came *c, const char *name)
{
	for (size_t i = 0; i < c->r.n_fields; i++)
		if (strcmp(c->r.fields[i].name, name) == 0)
			return c->r.fields[i].value;
	return "";
}

static bool
is(const char *got, const char *wanted)
{
	if (got && strcmp(got, wanted) == 0)
		return true;
	printf("# got: %s\n", got ? got : "nothing");
	return false;
}

#define MESSAGE "message/rfc822"
#define COME(text) hand_in(x, a, MESSAGE, text, sizeof(text) - 1)

static void
headers_lead_and_parts_follow(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("Received: from a by b\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100 (CET)\r\n"
		 "From: =?iso-8859-1?Q?J=F6rg?= <j@example.org>\r\nTo: a@example.org,\r\n"
		 " \"B, C\" <b@example.org>\r\nSubject: =?utf-8?b?w6k=?= =?utf-8?b?dMOp?=\r\n"
		 "Message-ID: <1@example.org>\r\nIn-Reply-To: <0@example.org>\r\n"
		 "Reply-To: r@example.org\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
		 "--a\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xc1\xc2\r\n"
		 "--a\r\nContent-Type: application/x; name*=utf-8''%c3%a9/../x.bin\r\n"
		 "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\nZGVm\r\n--a--\r\n");

	CHECK(c.r.status == EXTRACT_OK && !c.r.why);
	CHECK(is(c.r.text,
	    "Subject: \xc3\xa9t\xc3\xa9\nFrom: J\xc3\xb6rg <j@example.org>\n"
	    "To: a@example.org, \"B, C\" <b@example.org>\nReply-To: r@example.org\n"
	    "Date: Mon, 1 Jan 2024 10:00:00 +0100 (CET)\n\n\xd0\xb0\xd0\xb1"));
	CHECK(is(c.r.anchors,
	    "{\"end\":14,\"header\":\"Subject\",\"start\":0}\n"
	    "{\"end\":42,\"header\":\"From\",\"start\":15}\n"
	    "{\"end\":84,\"header\":\"To\",\"start\":43}\n"
	    "{\"end\":108,\"header\":\"Reply-To\",\"start\":85}\n"
	    "{\"end\":151,\"header\":\"Date\",\"start\":109}\n"
	    "{\"end\":157,\"part\":\"1\",\"start\":153}\n"));
	CHECK(is(field(&c, "title"), "\xc3\xa9t\xc3\xa9"));
	CHECK(is(field(&c, "from"), "J\xc3\xb6rg <j@example.org>"));
	CHECK(is(field(&c, "to"), "a@example.org"));
	CHECK(is(field(&c, "date"), "2024-01-01T10:00:00+01:00"));
	CHECK(is(field(&c, "message_id"), "<1@example.org>"));
	CHECK(is(field(&c, "in_reply_to"), "<0@example.org>"));
	CHECK(is(field(&c, "reply_to"), "r@example.org"));
	CHECK(c.n_files == 1 && is(c.paths[0], "\xc3\xa9/x.bin") && is(c.bytes[0], "abcdef"));
}

static void
charsets_that_lie_are_found_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("Subject: \xc3\xa9t\xc3\xa9\n"
		 "Content-Type: text/plain; charset=us-ascii\n\n\xc3\xa9t\xc3\xa9\n");

	CHECK(is(c.r.text, "Subject: \xc3\xa9t\xc3\xa9\n\n\xc3\xa9t\xc3\xa9"));
	c = COME("Content-Type: text/plain; charset=iso-8859-1\n\n\xc3\xa9t\xc3\xa9\n");
	CHECK(is(c.r.text, "\xc3\xa9t\xc3\xa9"));
	c = COME("Subject: Le caf\xe9 est pr\xeat\nContent-Type: text/plain; charset=utf-8\n\n"
		 "Tous les \xeatres humains naissent libres et \xe9gaux en dignit\xe9\n");
	CHECK(is(c.r.text,
	    "Subject: Le caf\xc3\xa9 est pr\xc3\xaat\n\n"
	    "Tous les \xc3\xaatres humains naissent libres et \xc3\xa9gaux en dignit\xc3\xa9"));
	c = COME("Content-Type: text/plain; charset=utf-7\n\nFr+APY-sche +- 1\n");
	CHECK(is(c.r.text, "Fr\xc3\xb6sche + 1"));
}

#define TWO(plain, page)                                                                       \
	"Content-Type: multipart/alternative; boundary=a\n\n--a\n\n" plain                     \
	"\n--a\nContent-Type: text/html; charset=utf-8\n\n" page "\n--a--\n"

static void
of_alternatives_the_fuller_one_is_shown(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c = COME(TWO("free and equal",
	    "<title>t</title><style>very much of it</style><p>free <b>and</b>&nbsp;equal"));

	CHECK(is(c.r.text, "free and equal"));
	c = COME(TWO("see the page", "<p>free and equal in dignity and rights"));
	CHECK(is(c.r.text, "free and equal in dignity and rights"));
	CHECK(is(c.r.anchors, "{\"end\":36,\"part\":\"2\",\"start\":0}\n"));
	/* Nine tenths are just enough: bytes that are no white space are counted, nothing else. */
	c = COME(TWO("123456789 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 12345 & \t\t\v\f\r\n",
	    "<p>\t123 456789  \r\n\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\f12345&amp;\v&nbsp;<b> </b>xy"));
	CHECK(c.r.text && !strstr(c.r.text, "xy"));
	c = COME(TWO("123456789 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 12345 & \t\t\v\f\r\n",
	    "<p>\t123 456789  \r\n\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\f12345&amp;\v&nbsp;<b> </b>xyz"));
	CHECK(c.r.text && strstr(c.r.text, "xyz"));
}

static void
flowed_lines_are_put_together(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("Content-Type: text/plain; format=flowed\n\n> free \n> and\n> equal"
		 "\nin \ndignity\n From\n-- \nA\n");

	CHECK(is(c.r.text, "> free and\n> equal\nin dignity\nFrom\n-- \nA"));
	c = COME("Content-Type: text/plain; format=flowed; delsp=yes\n\nfr \nee\n");
	CHECK(is(c.r.text, "free"));
}

static void
messages_within_are_read(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("Subject: a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nb\n"
		 "--a\nContent-Type: message/rfc822\n\nSubject: c\n"
		 "Content-Type: multipart/mixed; boundary=d\n\n--d\n\ne\n"
		 "--d\nContent-Type: x/y; name=f\n\ng\n--d--\n--a--\n");

	CHECK(is(c.r.text, "Subject: a\n\nb\n\nSubject: c\n\ne"));
	CHECK(is(c.r.anchors,
	    "{\"end\":10,\"header\":\"Subject\",\"start\":0}\n"
	    "{\"end\":13,\"part\":\"1\",\"start\":12}\n"
	    "{\"end\":25,\"header\":\"Subject\",\"part\":\"2\",\"start\":15}\n"
	    "{\"end\":28,\"part\":\"2.1\",\"start\":27}\n"));
	CHECK(c.n_files == 1 && is(c.paths[0], "part-2/f") && is(c.bytes[0], "g"));
	CHECK(is(field(&c, "title"), "a"));
}

static void
uuencoded_files_come_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c = COME("Subject: a\n\nbefore\nbegin 644 x.txt\n#86)C\n`\nend\nafter\n");

	CHECK(is(c.r.text, "Subject: a\n\nbefore\nafter"));
	CHECK(c.n_files == 1 && is(c.paths[0], "x.txt") && is(c.bytes[0], "abc"));
	c = COME("Subject: a\n\nbegin 644 x.txt\nis how it starts\n");
	CHECK(is(c.r.text, "Subject: a\n\nbegin 644 x.txt\nis how it starts") && !c.n_files);
}

/* ContentInfo of SignedData, lengths left open, the content in two pieces. */
#define SIGNED                                                                                 \
	"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01"     \
	"\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80"         \
	"\x04\x06\r\n\r\nhe\x04\x03llo\0\0\0\0\0\0"

static void
signed_mail_is_read_and_encrypted_mail_is_said_to_be(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c = COME("Content-Type: application/pkcs7-mime\n"
			     "Content-Transfer-Encoding: binary\n\n" SIGNED);

	CHECK(is(c.r.text, "hello") && !c.n_files);
	c = COME("Subject: a\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
		 "Content-Transfer-Encoding: binary\n\n"
		 "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80\x30\x80");
	CHECK(is(c.r.text, "Subject: a") && is(field(&c, "encrypted"), "S/MIME"));
	CHECK(is(c.r.why, "1 part is encrypted"));
	CHECK(c.n_files == 1 && is(c.paths[0], "smime.p7m"));
	c = COME(
	    "Subject: a\nContent-Type: multipart/encrypted; boundary=a; protocol=\"p/q\"\n\n"
	    "--a\nContent-Type: p/q\n\nVersion: 1\n--a\nContent-Type: x/y\n\nz\n--a--\n");
	CHECK(is(field(&c, "encrypted"), "PGP/MIME") && c.n_files == 2);
}

static void
dates_that_are_none_are_noted(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	static const struct {
		const char *date, *iso;
	} cases[] = {
		{ "Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00" },
		{ "21 Nov 97 09:55 GMT", "1997-11-21T09:55:00Z" },
		{ "Fri, 21 Nov 1997 09(comment):55", "" },
		{ "29 Feb 2024 00:00:60 -0000", "2024-02-29T00:00:60" },
		{ "29 Feb 2023 00:00:00 +0000", "" },
		{ "1 Jan 2024 24:00:00 +0000", "" },
		{ "yesterday", "" },
		{ "2024-01-01 10:00:00", "" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *m = arena_printf(a, "Subject: a\nDate: %s\n\nb\n", cases[i].date);
		struct came c = hand_in(x, a, MESSAGE, m, strlen(m));

		CHECK(is(field(&c, "date"), cases[i].iso));
		CHECK(*cases[i].iso ? !c.r.why : is(c.r.why, "1 date is malformed"));
	}
}

static void
mailboxes_give_message_by_message(void)
{
	static const char box[] =
	    "From a@example.org Mon Jan  1 10:00:00 2024\nSubject: a\n\n>From here\n>>From b\n"
	    "From time to time\n\n"
	    "From b@example.org Mon Jan  1 10:00:00 2024\nSubject: c\nContent-Length: 48\n\n"
	    "From d@example.org Mon Jan  1 10:00:00 2024\nend\n\n"
	    "From e@example.org Mon Jan  1 10:00:00 2024\nContent-Type: x/y; name=f\n\ng\n";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	CHECK(is(extract_media_type(box, sizeof box - 1), "application/mbox"));
	c = hand_in(x, a, "application/mbox", box, sizeof box - 1);
	CHECK(is(c.r.text,
	    "Subject: a\n\nFrom here\n>From b\nFrom time to time\n\nSubject: c\n\n"
	    "From d@example.org Mon Jan  1 10:00:00 2024\nend"));
	CHECK(is(c.r.anchors,
	    "{\"end\":10,\"header\":\"Subject\",\"message\":1,\"start\":0}\n"
	    "{\"end\":47,\"message\":1,\"part\":\"1\",\"start\":12}\n"
	    "{\"end\":59,\"header\":\"Subject\",\"message\":2,\"start\":49}\n"
	    "{\"end\":108,\"message\":2,\"part\":\"1\",\"start\":61}\n"));
	CHECK(c.n_files == 1 && is(c.paths[0], "message-3/f") && is(c.bytes[0], "g\n"));
}

/* Messages that are nothing but headers, and have no empty line behind them. */
static void
mailboxes_without_bodies_cost_little(void)
{
	enum { MESSAGES = 120000 };
	struct extract_limits limits = extract_limits_default;
	struct err e = { 0 };
	AUTO(arena) *a = arena_new();
	AUTO(extractor) *x = NULL;
	AUTO_VAL(buf) b = buf_init(1 << 23);
	struct came c;

	limits.seconds = 30;
	x = extractor_open(program(), &limits, &e);
	NEED(x, &e);
	for (unsigned i = 0; i < MESSAGES; i++)
		buf_str(&b, "From a@example.org Mon Jan  1 10:00:00 2024\n");
	buf_str(&b, "Subject: last\n\nend\n");
	c = hand_in(x, a, "application/mbox", b.p, b.n);
	CHECK(is(c.r.text, "Subject: last\n\nend"));
}

static void
saved_pages_are_pages(void)
{
	static const char page[] =
	    "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://example.org/a?b\r\n"
	    "Subject: The lake\r\nDate: Mon, 1 Jan 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/related; type=\"text/html\"; boundary=a\r\n\r\n"
	    "--a\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
	    "Content-Location: https://example.org/a?b\r\n\r\n<p>free =\r\nand equal\r\n"
	    "--a\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Location: https://example.org/i/b.png?x=1\r\n\r\nYQ==\r\n--a--\r\n";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	CHECK(is(extract_media_type(page, sizeof page - 1), "multipart/related"));
	c = hand_in(x, a, "multipart/related", page, sizeof page - 1);
	CHECK(is(c.r.text, "The lake\n\nfree and equal"));
	CHECK(is(field(&c, "source"), "https://example.org/a?b"));
	CHECK(is(field(&c, "title"), "The lake"));
	CHECK(c.n_files == 1 && is(c.paths[0], "example.org/i/b.png") && is(c.bytes[0], "a"));
}

/* Depth, number and length that a hostile message chooses. */
static void
limits_are_kept(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(64 << 20);
	struct came c;

	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n", i, i);
	buf_str(&b, "\nhello\n");
	c = hand_in(x, a, MESSAGE, b.p, b.n);
	CHECK(c.r.why && strstr(c.r.why, "too deep"));
	buf_reset(&b);
	for (int i = 0; i < 3000; i++)
		buf_str(&b, "Content-Type: message/rfc822\n\n");
	c = hand_in(x, a, MESSAGE, b.p, b.n);
	CHECK(c.r.why && strstr(c.r.why, "too deep"));
	buf_reset(&b);
	buf_str(&b, "Subject: a\nContent-Type: multipart/mixed; boundary=a\n\n");
	for (int i = 0; i < 60000; i++)
		buf_str(&b, "--a\n\nb\n");
	c = hand_in(x, a, MESSAGE, b.p, b.n);
	CHECK(c.r.status == EXTRACT_OK && c.r.why && strstr(c.r.why, "too many"));
	buf_reset(&b);
	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "To: a%d@example.org\n", i);
	c = hand_in(x, a, MESSAGE, b.p, b.n);
	CHECK(c.r.status == EXTRACT_OK);
}

/* Every shared message, whole and cut: a result, and never a child that died. */
static void
shared_messages_come_through(void)
{
	AUTO(extractor) *x = open_extractor();
	char path[512];
	DIR *d = test_shared(path, "data/formats/mail-stalwart") ? opendir(path) : NULL;
	struct dirent *f;
	size_t n = 0;

	if (!d)
		SKIP("the shared material is not here");
	while ((f = readdir(d))) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 20);
		struct err e = { 0 };

		if (*f->d_name == '.')
			continue;
		NEED(io_read_file(arena_printf(a, "%s/%s", path, f->d_name), &b, &e), &e);
		n++;
		for (size_t cut = 0; cut < 4; cut++) {
			size_t len = b.n - b.n * cut / 4;
			struct came c = hand_in(x, a, MESSAGE, b.p, len);

			if (c.r.status != EXTRACT_FAILED)
				continue;
			printf("# %s: %s\n", f->d_name, c.r.why);
			CHECK(false);
		}
	}
	closedir(d);
	CHECK(n == 44);
}

TESTS(T(headers_lead_and_parts_follow), T(charsets_that_lie_are_found_out),
    T(of_alternatives_the_fuller_one_is_shown), T(flowed_lines_are_put_together),
    T(messages_within_are_read), T(uuencoded_files_come_out),
    T(signed_mail_is_read_and_encrypted_mail_is_said_to_be), T(dates_that_are_none_are_noted),
    T(mailboxes_give_message_by_message), T(mailboxes_without_bodies_cost_little),
    T(saved_pages_are_pages), T(limits_are_kept), T(shared_messages_come_through))
