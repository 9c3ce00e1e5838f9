/* Formats that are lines of text (sniff_private.h). Whatever could be a text that speaks of mail is left a text: names of
 * headers must be known ones, and enough of them. */
#include "extract/client/sniff_private.h"

#include <string.h>

#include "base/auto.h"
#include "extract/extract.h"
#include "text/text.h"

static bool
begins(const char *p, size_t n, const char *word)
{
	size_t len = strlen(word);

	return n >= len && strncasecmp(p, word, len) == 0;
}

static bool
one_of(const char *p, const char *words)
{
	for (const char *at = words; *at; at += 3)
		if (memcmp(p, at, 3) == 0)
			return true;
	return false;
}

static bool
digits_at(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* "Sat Jan  3 01:05:34 1996", or with a zone before the year. */
static bool
asctime_at(const char *p, size_t n)
{
	size_t year = 20;

	if (n < 24 || p[3] != ' ' || p[7] != ' ' || p[10] != ' ' || p[13] != ':' ||
	    !one_of(p, "MonTueWedThuFriSatSun") ||
	    !one_of(p + 4, "JanFebMarAprMayJunJulAugSepOctNovDec") ||
	    !(p[8] == ' ' || digits_at(p + 8, 1)) || !digits_at(p + 9, 1) ||
	    !digits_at(p + 11, 2) || !digits_at(p + 14, 2))
		return false;
	if (p[16] == ' ')
		year = 17; /* without seconds */
	else if (p[16] != ':' || !digits_at(p + 17, 2) || p[19] != ' ')
		return false;
	if (!digits_at(p + year, 4)) /* a zone */
		while (year < n && p[year] != ' ')
			year++;
	year += year < n && p[year] == ' ';
	return year + 4 <= n && digits_at(p + year, 4);
}

bool
mbox_from_line(const char *p, size_t n)
{
	enum { LONGEST = 400 };
	size_t most = MIN(n, (size_t)LONGEST);
	const char *eol = memchr(p, '\n', most);
	size_t len = eol ? (size_t)(eol - p) : most;

	if (!begins(p, len, "From ") || memcmp(p, "From ", 5) != 0)
		return false;
	for (size_t i = 6; i < len; i++)
		if (p[i - 1] == ' ' && asctime_at(p + i, len - i))
			return true;
	return false;
}

/* Names of headers. Strong: what only mail and news have. */
static const struct {
	const char *name;
	bool strong;
} headers[] = {
	{ "Received", true },
	{ "Return-Path", true },
	{ "Message-ID", true },
	{ "MIME-Version", true },
	{ "Delivered-To", true },
	{ "X-Mailer", true },
	{ "In-Reply-To", true },
	{ "DKIM-Signature", true },
	{ "ARC-Seal", true },
	{ "Received-SPF", true },
	{ "Authentication-Results", true },
	{ "Content-Transfer-Encoding", true },
	{ "Newsgroups", true },
	{ "X-Mozilla-Status", true },
	{ "X-MimeOLE", true },
	{ "Snapshot-Content-Location", true },
	{ "User-Agent", false },
	{ "References", false },
	{ "Reply-To", false },
	{ "Sender", false },
	{ "Date", false },
	{ "From", false },
	{ "To", false },
	{ "Cc", false },
	{ "Bcc", false },
	{ "Subject", false },
	{ "Content-Type", false },
	{ "Content-Disposition", false },
};

struct headers_seen {
	uint64_t known; /* bits by the table's rows */
	size_t n, strong;
	bool to, from_address, saved, related;
};

static void
see_header(
    struct headers_seen *s, const char *name, size_t n, const char *value, size_t value_n)
{
	for (size_t i = 0; i < LEN(headers); i++) {
		uint64_t bit = UINT64_C(1) << i;

		if (strlen(headers[i].name) != n || strncasecmp(name, headers[i].name, n) != 0)
			continue;
		if (!(s->known & bit)) {
			s->n++;
			s->strong += headers[i].strong;
		}
		s->known |= bit;
	}
	s->to |= begins(name, n, "To") && n == 2;
	s->to |= begins(name, n, "Received");
	if (n == 4 && begins(name, n, "From")) {
		s->from_address |= memchr(value, '@', value_n) != NULL;
		s->saved |= memmem(value, value_n, "<Saved by ", 10) != NULL;
	}
	s->saved |= begins(name, n, "Snapshot-Content-Location");
	s->related |= n == 12 && begins(name, n, "Content-Type") &&
	    memmem(value, value_n, "multipart/related", 17);
}

/* The name's length; 0: the line is no header. */
static size_t
header_name(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] > ' ' && p[i] < 0x7f && p[i] != ':')
		i++;
	return i && i < n && p[i] == ':' ? i : 0;
}

/* Lines of headers up to an empty one, or to where sight ends. False: there is another line among them. */
static bool
see_headers(struct headers_seen *s, const char *p, size_t n)
{
	const char *end = p + n;
	bool first = true;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((eol ? eol : end) - p), name;

		if (len && p[len - 1] == '\r')
			len--;
		if (!len)
			return !first;
		name = header_name(p, len);
		if (name)
			see_header(s, p, name, p + name + 1, len - name - 1);
		else if ((first || (*p != ' ' && *p != '\t')) &&
		    eol) /* cut off it may be one */
			return false;
		first = false;
		p = eol ? eol + 1 : end;
	}
	return true;
}

/* Two known headers of which one is mail's alone and three in all, or who wrote to whom. */
static const char *
message_type(const char *p, size_t n)
{
	struct headers_seen s = { 0 };

	if (!header_name(p, n) || !see_headers(&s, p, n))
		return NULL;
	if (s.n < 3 || (!s.strong && !s.from_address))
		return NULL;
	return s.related && (s.saved || !s.to) ? "multipart/related" : "message/rfc822";
}

static bool
begins_line(const char *p, size_t n, const char *word)
{
	size_t len = strlen(word);

	if (!begins(p, n, word))
		return false;
	while (len < n && (p[len] == ' ' || p[len] == '\t'))
		len++;
	return len < n && (p[len] == '\r' || p[len] == '\n');
}

const uint8_t *
sniff_declaration_end(const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '>', n), *bracket = memchr(p, '[', n), *last = p + n;

	if (!end || !bracket || bracket > end)
		return end ? end + 1 : NULL;
	for (p = bracket; (p = memchr(p, ']', (size_t)(last - p))); p++) {
		const uint8_t *at = p + 1;

		while (at < last && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
			at++;
		if (at < last && *at == '>')
			return at + 1;
	}
	return NULL;
}

bool
sniff_short_text(const uint8_t *p, size_t n)
{
	enum { RARE = 20 };
	size_t controls = 0;

	for (size_t i = 0; i < n; i++)
		controls += p[i] < 0x20 && !(p[i] >= '\t' && p[i] <= '\r');
	return n < EXTRACT_SNIFF && controls * RARE <= n && text_valid(p, n);
}

const char *
sniff_lines(const uint8_t *bytes, size_t n)
{
	const char *p = (const char *)bytes;

	if (begins(p, n, "\xef\xbb\xbf")) {
		p += 3;
		n -= 3;
	}
	while (n && (*p == '\r' || *p == '\n' || *p == ' ')) {
		p++;
		n--;
	}
	if (begins_line(p, n, "BEGIN:VCARD"))
		return "text/vcard";
	if (begins_line(p, n, "BEGIN:VCALENDAR"))
		return "text/calendar";
	if (mbox_from_line(p, n))
		return "application/mbox";
	return message_type(p, n);
}
