/* Messages of Outlook ([MS-OXMSG]): what a mail's headers say, as lines; its body; what is attached, as files. A message that is
 * attached comes out as a file of its kind. */
#include <stdio.h>
#include <string.h>

#include "extract/old/binary_private.h"
#include "extract/child/child_private.h"
#include "extract/old/rtf_private.h"

enum property {
	CLASS = 0x001a,
	SUBJECT = 0x0037,
	SUBMITTED = 0x0039,
	SENT_FOR = 0x0042,
	HEADERS = 0x007d,
	KIND = 0x0c15, /* of a recipient */
	SENDER = 0x0c1a,
	SENDER_ADDRESS = 0x0c1f,
	DISPLAY_BCC = 0x0e02,
	DISPLAY_CC = 0x0e03,
	DISPLAY_TO = 0x0e04,
	DELIVERED = 0x0e06,
	BODY = 0x1000,
	PACKED_RTF = 0x1009,
	HTML = 0x1013,
	MESSAGE_ID = 0x1035,
	IN_REPLY_TO = 0x1042,
	NAME = 0x3001,
	ADDRESS = 0x3003,
	CREATED = 0x3007,
	ATTACHED = 0x3701,
	SHORT_FILE = 0x3704,
	LONG_FILE = 0x3707,
	SMTP = 0x39fe,
	SENDER_SMTP = 0x5d01,
	LOCALE = 0x3ff1,
	CODEPAGE = 0x3ffd,
	INTERNET_CODEPAGE = 0x3fde,
};

enum { VALUE_MAX = 1 << 16, RECIPIENTS_MAX = 2000, LINE_MAX_BYTES = 600 };

struct msg {
	struct ole *ole;
	struct document *d;
	unsigned codepage;
	struct buf value;
};

/* A property of fixed size; `head`: of its stream, before the entries. */
static uint64_t
number(struct msg *m, uint32_t storage, size_t head, enum property id)
{
	enum { ENTRY = 16 };
	AUTO_VAL(buf) b = buf_init(1 << 20);

	if (!ole_stream(m->ole, storage, "__properties_version1.0", &b))
		return 0;
	for (size_t at = head; at + ENTRY <= b.n; at += ENTRY)
		if (u16_at(bytes_of(&b), at + 2) == (unsigned)id)
			return u64_at(bytes_of(&b), at + 8);
	return 0;
}

static bool
stream(struct msg *m, uint32_t storage, enum property id, unsigned type, struct buf *ret)
{
	char name[40];

	snprintf(name, sizeof name, "__substg1.0_%04X%04X", (unsigned)id, type);
	return ole_stream(m->ole, storage, name, ret);
}

/* Text of a property, UTF-8. False if there is none. */
static bool
text(struct msg *m, uint32_t storage, enum property id, struct buf *ret)
{
	enum { NARROW = 0x1e, WIDE = 0x1f };
	AUTO_VAL(buf) b = buf_init(m->ole->file.n);

	if (stream(m, storage, id, WIDE, &b))
		utf16_add(bytes_of(&b), ret);
	else if (stream(m, storage, id, NARROW, &b)) {
		while (b.n && !b.p[b.n - 1])
			b.n--;
		codepage_add(m->codepage, bytes_of(&b), ret);
	}
	while (ret->n && !ret->p[ret->n - 1])
		ret->n--;
	return ret->n > 0;
}

/* The value at m->value; "" if there is none. */
static const char *
value(struct msg *m, uint32_t storage, enum property id)
{
	buf_reset(&m->value);
	m->value.full = false;
	return text(m, storage, id, &m->value) ? buf_peek(&m->value) : "";
}

/* A line, and the field that it is; NULL: that was said already. */
static void
header(struct msg *m, const char *name, const char *field, const char *said)
{
	size_t from;

	if (!*said)
		return;
	if (field)
		output_field(m->d->o, field, said, strlen(said));
	document_break(m->d, 1);
	from = document_at(m->d);
	document_str(m->d, name);
	document_str(m->d, ": ");
	for (size_t n; *said; said += n + (said[n] != 0)) {
		n = strcspn(said, "\r\n\t");
		document_add(m->d, said, n);
		if (said[n])
			document_add(m->d, " ", 1);
	}
	document_word(m->d, "header", name);
	document_anchor(m->d, from);
}

/* "Name <address>", or what there is of it. */
static void
person(const char *name, const char *address, char ret[LINE_MAX_BYTES])
{
	if (*name && *address && strcmp(name, address) != 0)
		snprintf(ret, LINE_MAX_BYTES, "%.250s <%.300s>", name, address);
	else
		snprintf(ret, LINE_MAX_BYTES, "%.500s", *name ? name : address);
}

/* An address as the internet writes it, rather than as a directory does. */
static void
address_of(
    struct msg *m, uint32_t storage, enum property smtp, enum property other, char ret[300])
{
	const char *found = value(m, storage, smtp);

	if (!*found)
		found = value(m, storage, other);
	snprintf(ret, 300, "%s", strchr(found, '@') ? found : "");
}

static void
from(struct msg *m)
{
	char address[300], name[250], line[LINE_MAX_BYTES];

	address_of(m, 0, SENDER_SMTP, SENDER_ADDRESS, address);
	snprintf(name, sizeof name, "%s", value(m, 0, SENDER));
	if (!*name)
		snprintf(name, sizeof name, "%s", value(m, 0, SENT_FOR));
	person(name, address, line);
	header(m, "From", "from", line);
}

static bool
is_called(const struct ole *o, uint32_t i, const char *start)
{
	return strncmp(o->entries[i].name, start, strlen(start)) == 0;
}

/* To, Cc, Bcc: each as a list of persons; without one, as the message shows it. */
static void
recipients(struct msg *m)
{
	enum { HEAD = 8 };
	static const struct {
		unsigned kind;
		const char *name, *field;
		enum property shown;
	} rows[] = { { 1, "To", "to", DISPLAY_TO }, { 2, "Cc", "cc", DISPLAY_CC },
		{ 3, "Bcc", "bcc", DISPLAY_BCC } };
	char address[300], name[250], line[LINE_MAX_BYTES];

	for (size_t k = 0; k < LEN(rows); k++) {
		AUTO_VAL(buf) list = buf_init(RECIPIENTS_MAX * (LINE_MAX_BYTES + 2));
		uint32_t at = 0, i, found = 0;

		while (found < RECIPIENTS_MAX && (i = ole_next(m->ole, 0, &at)) != OLE_NONE) {
			if (!is_called(m->ole, i, "__recip_version1.0") ||
			    (number(m, i, HEAD, KIND) & 0xf) != rows[k].kind)
				continue;
			address_of(m, i, SMTP, ADDRESS, address);
			snprintf(name, sizeof name, "%s", value(m, i, NAME));
			person(name, address, line);
			output_field(m->d->o, rows[k].field, line, strlen(line));
			buf_str(&list, found++ ? ", " : "");
			buf_str(&list, line);
		}
		if (found == RECIPIENTS_MAX)
			ole_note(m->ole, "it goes to more than %d: not all of them are told",
			    RECIPIENTS_MAX);
		if (found)
			header(m, rows[k].name, NULL, buf_peek(&list));
		else
			header(m, rows[k].name, rows[k].field, value(m, 0, rows[k].shown));
	}
}

static void
headers(struct msg *m)
{
	enum { HEAD = 32 };
	char shown[TIME_SHOWN] = "";
	struct output *o = m->d->o;
	const char *said;

	said = value(m, 0, SUBJECT);
	header(m, "Subject", "title", said);
	from(m);
	recipients(m);
	if (filetime_show(number(m, 0, HEAD, SUBMITTED), shown) ||
	    filetime_show(number(m, 0, HEAD, DELIVERED), shown) ||
	    filetime_show(number(m, 0, HEAD, CREATED), shown))
		header(m, "Date", "date", shown);
	said = value(m, 0, MESSAGE_ID);
	output_field(o, "message_id", said, strlen(said));
	said = value(m, 0, IN_REPLY_TO);
	output_field(o, "in_reply_to", said, strlen(said));
	said = value(m, 0, CLASS);
	output_field(o, "type", said, strlen(said));
}

/* What RTF begins with, so often that the packed form need not say it ([MS-OXRTFCP] 2.1.2.1). */
#define USUAL                                                                                  \
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "       \
	"\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"          \
	"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

/* A run of bytes is written or taken from the last 4,096; a byte of marks stands before each eight. */
static void
unpack_rtf(struct bytes b, struct buf *ret)
{
	enum { WINDOW = 4096, PLAIN = 0x414c454d, HEAD = 16 };
	uint8_t window[WINDOW] = USUAL;
	uint32_t size = u32_at(b, 4), at = sizeof USUAL - 1;

	if (u32_at(b, 8) == PLAIN) {
		b = bytes_at(b, HEAD, size);
		buf_add(ret, b.p, b.n);
		return;
	}
	for (size_t i = HEAD; i < b.n && ret->n < size;) {
		uint8_t marks = u8_at(b, i++);

		for (unsigned bit = 0; bit < 8 && i < b.n; bit++) {
			bool taken = marks >> bit & 1;
			unsigned pair = (unsigned)u8_at(b, i) << 8 | u8_at(b, i + 1);
			uint32_t from_at = pair >> 4, n = taken ? (pair & 15) + 2 : 1;

			if (taken && from_at == at)
				return; /* the end */
			while (n--) {
				uint8_t c = taken ? window[from_at] : u8_at(b, i);

				from_at = (from_at + 1) % WINDOW;
				window[at] = c;
				at = (at + 1) % WINDOW;
				buf_byte(ret, c);
			}
			i += taken ? 2 : 1;
		}
	}
}

static void
add_html(struct msg *m, struct bytes html)
{
	AUTO_VAL(buf) out = buf_init((size_t)m->d->o->text_max);
	char lost[LOST_NOTE];
	struct err e;

	if (!html_text(html.p, html.n, &out, lost, &e)) {
		ole_note(m->ole, "its body cannot be read: %.120s", e.msg);
		return;
	}
	document_add(m->d, out.p, out.n);
	if (*lost)
		ole_note(m->ole, "%s", lost);
}

static void
add_rtf(struct msg *m, struct bytes packed)
{
	AUTO_VAL(buf) plain = buf_init(16 * packed.n + 64);
	AUTO(rtf) *r = NULL;

	unpack_rtf(packed, &plain);
	r = rtf_new(bytes_of(&plain), m->d, NULL);
	r->body.slide = 1; /* one anchor is made of it all */
	rtf_parse(r);
	if (r->is_html)
		add_html(m, bytes_of(&r->html));
}

/* The plain body; else what it was written as. */
static void
body(struct msg *m)
{
	enum { BINARY = 0x102 };
	AUTO_VAL(buf) b = buf_init(4 * m->ole->file.n);
	size_t at;

	document_break(m->d, 2);
	at = document_at(m->d);
	if (text(m, 0, BODY, &b)) {
		document_add(m->d, b.p, b.n);
	} else if (stream(m, 0, HTML, BINARY, &b) && b.n) {
		add_html(m, bytes_of(&b));
	} else if (text(m, 0, HTML, &b)) {
		add_html(m, bytes_of(&b));
	} else if (stream(m, 0, PACKED_RTF, BINARY, &b)) {
		add_rtf(m, bytes_of(&b));
	}
	document_word(m->d, "part", "1");
	document_anchor(m->d, at);
}

static void
attachment(struct msg *m, struct embedded *x, uint32_t storage)
{
	enum { BINARY = 0x102 };
	AUTO_VAL(buf) b = buf_init(m->ole->file.n);
	char name[250];
	uint32_t object = ole_find(m->ole, storage, "__substg1.0_3701000D");

	snprintf(name, sizeof name, "%s", value(m, storage, LONG_FILE));
	if (!*name)
		snprintf(name, sizeof name, "%s", value(m, storage, SHORT_FILE));
	if (!*name)
		snprintf(name, sizeof name, "%s", value(m, storage, NAME));
	if (object != OLE_NONE) {
		embedded_storage(x, object, *name ? name : "message");
	} else if (stream(m, storage, ATTACHED, BINARY, &b)) {
		x->objects++;
		embedded_file(x, bytes_of(&b), *name ? name : "attachment");
	}
}

/* The headers that the message travelled with are evidence of its way, and more than a reader wants to see. */
static void
transport(struct msg *m, struct embedded *x)
{
	AUTO_VAL(buf) b = buf_init(4 * m->ole->file.n);

	if (text(m, 0, HEADERS, &b))
		embedded_file(x, bytes_of(&b), "headers.txt");
}

bool
msg_extract(struct ole *o, struct document *d, struct err *e)
{
	struct msg m = { .ole = o, .d = d, .value = buf_init(VALUE_MAX) };
	struct embedded x = { .ole = o, .o = d->o };
	uint32_t at = 0, i;
	bool ok;

	m.codepage = (unsigned)number(&m, 0, 32, CODEPAGE);
	if (!m.codepage)
		m.codepage = codepage_of_language((unsigned)number(&m, 0, 32, LOCALE));
	if (!m.codepage)
		m.codepage = (unsigned)number(&m, 0, 32, INTERNET_CODEPAGE);
	headers(&m);
	body(&m);
	ok = document_end(d, e);
	if (ok)
		transport(&m, &x);
	while (ok && (i = ole_next(o, 0, &at)) != OLE_NONE)
		if (is_called(o, i, "__attach_version1.0"))
			attachment(&m, &x, i);
	buf_done(&m.value);
	return ok;
}
