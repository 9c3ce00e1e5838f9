/* Mailboxes: messages one behind the other, each after a line that begins with "From " (RFC 4155; mboxo, mboxrd, mboxcl).
 * One message is parsed at a time. */
#include "extract/mail/mail_private.h"

#include <string.h>

#include "extract/client/sniff_private.h"

/* Where the line behind p begins. */
static const char *
next_line(const char *p, const char *end)
{
	const char *eol = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

	return eol ? eol + 1 : end;
}

/* Length of the body as a header of the message says (mboxcl), if that leads to the end or to the next message. Where the next one
 * begins within the headers, it says nothing. */
static const char *
end_by_length(const char *p, const char *end)
{
	static const char word[] = "Content-Length:";
	size_t length = 0;
	bool told = false;

	while (p < end && *p != '\n' && *p != '\r') {
		if (mbox_from_line(p, (size_t)(end - p)))
			return NULL;
		if ((size_t)(end - p) > sizeof word &&
		    strncasecmp(p, word, sizeof word - 1) == 0) {
			const char *at = p + sizeof word - 1;

			for (told = true; at < end && *at == ' '; at++)
				;
			for (length = 0; at < end && *at >= '0' && *at <= '9'; at++)
				length = MIN(length, SIZE_MAX / 100) * 10 + (size_t)(*at - '0');
		}
		p = next_line(p, end);
	}
	p = next_line(p, end);
	if (!told || length > (size_t)(end - p))
		return NULL;
	p += length;
	while (p < end && (*p == '\n' || *p == '\r'))
		p++;
	return p == end || mbox_from_line(p, (size_t)(end - p)) ? p : NULL;
}

/* From behind a message's "From " line to where the next one begins. */
static const char *
message_end(const char *p, const char *end)
{
	const char *at = end_by_length(p, end);

	if (at)
		return at;
	for (at = p; (at = memmem(at, (size_t)(end - at), "\nFrom ", 6)); at++)
		if (mbox_from_line(at + 1, (size_t)(end - at - 1)))
			return at + 1;
	return end;
}

static void
add_message(struct mail *m, const char *p, size_t n)
{
	struct mail_place at = { .path = "",
		.folder = arena_printf(m->a, "message-%u/", m->message) };
	GMimeObject *message = mail_parse(m, p, n, true);

	m->parts = 0;
	if (!message) {
		m->unread++;
		return;
	}
	mail_message(m, GMIME_MESSAGE(message), &at, false);
	g_object_unref(message);
}

bool
mbox_extract(const void *bytes, size_t n, struct output *o, struct err *e)
{
	const char *p = bytes, *end = p + n;
	struct mail m;
	bool ok;

	mail_start(&m, o);
	m.quoted = true;
	while (p < end && !m.d.text.full) {
		const char *from = next_line(p, end), *to = message_end(from, end);

		m.message++;
		add_message(&m, from, (size_t)(to - from));
		p = to;
	}
	ok = mail_finish(&m, n, e);
	mail_done(&m);
	return ok;
}
