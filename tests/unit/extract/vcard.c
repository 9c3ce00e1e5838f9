/* Cards and calendars with the real program. */
#include <dirent.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"
#include "test.h"

static struct extractor *
open_extractor(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);
	struct err e = { 0 };
	struct extractor *x;

	path[MAX(n, 0)] = 0;
	memcpy(strrchr(path, '/') + 1, "vigil-extract", 14);
	x = extractor_open(path, &extract_limits_default, &e);
	NEED(x, &e);
	return x;
}

enum { FILES_MAX = 8 };
struct came {
	struct extracted r;
	const char *paths[FILES_MAX], *bytes[FILES_MAX];
	size_t n[FILES_MAX], n_files;
};

static struct came
hand_in(struct extractor *x, struct arena *a, const void *p, size_t n)
{
	struct came c = { 0 };
	struct err e = { 0 };
	uint64_t tag = 0;

	NEED(extractor_submit(x, 5, extract_media_type(p, n), p, n, &e), &e);
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

#define COME(text) hand_in(x, a, text, sizeof(text) - 1)

static void
cards_become_lines(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ana Example\r\n"
		 "N:Example;Ana;;Dr.;\r\nitem1.TEL;TYPE=\"work,voice\":+49 1\r\n"
		 "ADR;TYPE=home:;;1 Lake Road;Reed;;123;Country\\, far\r\n"
		 "NOTE:one\\ntwo \r\n words\\; three\r\nBDAY:19800322\r\n"
		 "PHOTO:data:image/png;base64,YWJj\r\nLOGO:https://example.org/l\r\n"
		 "X-THING:y\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD\r\n");

	CHECK(c.r.status == EXTRACT_OK && !c.r.why);
	CHECK(is(c.r.text,
	    "Name: Ana Example\nFull name: Dr. Ana Example\n"
	    "Telephone (work, voice) [item1]: +49 1\n"
	    "Address (home): 1 Lake Road, Reed, 123, Country, far\n"
	    "Note: one\ntwo words; three\nBirthday: 1980-03-22\n"
	    "Logo: https://example.org/l\nX-THING: y\n\nName: B"));
	CHECK(is(c.r.anchors,
	    "{\"end\":223,\"entry\":1,\"line\":1,\"start\":0}\n"
	    "{\"end\":232,\"entry\":2,\"line\":14,\"start\":225}\n"));
	CHECK(c.n_files == 1 && is(c.paths[0], "entry-1/photo.png") && is(c.bytes[0], "abc"));
	CHECK(is(c.r.program, "vigil-extract vcard 1"));
}

static void
old_cards_are_read(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c =
	    COME("BEGIN:VCARD\nVERSION:2.1\n"
		 "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg =\nM=E4rz\n"
		 "TEL;WORK;FAX:1\nPHOTO;ENCODING=BASE64;JPEG:\nYWJj\nZGVm\n\n"
		 "AGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nEMAIL;INTERNET:a@example.org\n"
		 "END:VCARD\n");

	CHECK(is(c.r.text,
	    "Name: J\xc3\xb6rg M\xc3\xa4rz\nTelephone (work, fax): 1\nName: Agent\n"
	    "Email: a@example.org"));
	CHECK(c.n_files == 1 && is(c.paths[0], "entry-1/photo.jpeg"));
	CHECK(is(c.bytes[0], "abcdef"));
}

static void
calendars_become_lines(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c = COME(
	    "BEGIN:VCALENDAR\r\nPRODID:-//E//EN\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\n"
	    "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	    "BEGIN:VEVENT\r\nSUMMARY:Hearing\\, first day\r\nDTSTART;TZID=X:20240102T100000\r\n"
	    "DTEND:20240102T110000Z\r\nLOCATION:Room 3\r\n"
	    "ORGANIZER;CN=\"Registry: main\":mailto:r@example.org\r\n"
	    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana:mailto:a@example.org\r\n"
	    "RRULE:FREQ=WEEKLY;COUNT=3\r\nDESCRIPTION:one\\ntwo\r\n"
	    "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;FILENAME=../a.txt:YWJj\r\n"
	    "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nUID:1\r\nEND:VEVENT\r\n"
	    "END:VCALENDAR\r\n");

	CHECK(is(c.r.text,
	    "Summary: Hearing, first day\nStart: 2024-01-02T10:00:00 (X)\n"
	    "End: 2024-01-02T11:00:00Z\nPlace: Room 3\n"
	    "Organiser: Registry: main <r@example.org>\n"
	    "Attendee (accepted): Ana <a@example.org>\n"
	    "Repeats: FREQ=WEEKLY;COUNT=3\nDescription: one\ntwo\nIdentifier: 1"));
	CHECK(is(c.r.anchors, "{\"end\":245,\"entry\":1,\"line\":9,\"start\":0}\n"));
	CHECK(is(field(&c, "title"), "Hearing, first day"));
	CHECK(is(field(&c, "identifier"), "1") && is(field(&c, "software"), "-//E//EN"));
	CHECK(c.n_files == 1 && is(c.paths[0], "entry-1/a.txt") && is(c.bytes[0], "abc"));
}

static void
damage_gives_what_it_can(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c = COME("BEGIN:VCARD\nFN:a\nno property\nBEGIN:VCARD\nFN:b");

	CHECK(is(c.r.text, "Name: a\n\nName: b"));
	CHECK(is(c.r.why, "2 entries have no end; 1 line cannot be read"));
	c = COME("BEGIN:VCALENDAR\nEND:VCALENDAR\n");
	CHECK(c.r.status == EXTRACT_FAILED && is(c.r.why, "there is no entry in it"));
	c = COME("BEGIN:VCARD\nFN;:\nTEL\n:x\n;:\nEND:VCARD\n");
	CHECK(c.r.status == EXTRACT_EMPTY);
	c = COME(
	    "BEGIN:VCARD\nFN:a\nTEL;\"home\";\":1\nTEL;\"home\";\";\":2\nTEL;\":3\nEND:VCARD\n");
	CHECK(is(c.r.text, "Name: a\nTelephone (home, ;): 2"));
	CHECK(is(c.r.why, "2 lines cannot be read"));
}

static void
repeat(struct buf *b, char c, size_t n)
{
	uint8_t *p = buf_space(b, n);

	if (p)
		memset(p, c, n);
}

/* A line longer than is held at once is counted, the others are read. */
static void
an_endless_line_is_told(void)
{
	enum { LONG = (64 << 20) + 1 };
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(LONG + 100);
	struct came c;

	buf_str(&b, "BEGIN:VCARD\nFN:a\nNOTE:");
	repeat(&b, 'x', LONG);
	buf_str(&b, "\nTEL:1\nEND:VCARD\n");
	c = hand_in(x, a, b.p, b.n);
	CHECK(is(c.r.text, "Name: a\nTelephone: 1"));
	CHECK(is(c.r.why, "1 line cannot be read"));
}

/* Of the shared cards: how many entries, files and bytes of them, known from looking. */
static void
shared_cards_come_whole(void)
{
	static const struct {
		const char *name, *words;
		size_t file; /* bytes of its file; 0: none */
	} cases[] = {
		{ "John_Doe_ANDROID.vcf", "Email (pref): jane.doe@company.com", 876 },
		{ "John_Doe_EVOLUTION.vcf", "Birthday: 1980-03-22", 0 },
		{ "John_Doe_IPHONE.vcf", "Name: Mr. John Richter James Doe Sr.", 32531 },
		{ "John_Doe_MAC_ADDRESS_BOOK.vcf", "Telephone (pager): 905-111-1234", 18242 },
		{ "fullcontact.vcf", "Organisation: Organization2, Department2", 0 },
		{ "outlook-2003.vcf", "Third line is empty", 805 },
		{ "rfc2426-example.vcf", "Address (work): 501 E. Middlefield Rd.", 0 },
		{ "thunderbird-MoreFunctionsForAddressBook-extension.vcf", "Name: John Doe",
		    8940 },
	};
	AUTO(extractor) *x = open_extractor();
	char path[512];

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 20);
		struct err e = { 0 };
		struct came c;

		if (!test_shared(path, arena_printf(a, "data/formats/vcard/%s", cases[i].name)))
			SKIP("the shared material is not here");
		NEED(io_read_file(path, &b, &e), &e);
		c = hand_in(x, a, b.p, b.n);
		CHECK(c.r.status == EXTRACT_OK && !c.r.why);
		CHECK(c.r.text && strstr(c.r.text, cases[i].words));
		CHECK(c.n_files == (cases[i].file > 0) && c.n[0] == cases[i].file);
	}
}

TESTS(T(cards_become_lines), T(old_cards_are_read), T(calendars_become_lines),
    T(damage_gives_what_it_can), T(an_endless_line_is_told), T(shared_cards_come_whole))
