/* Records of web archives (warc_private.h). */
#include "extract/web/warc_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "extract/web/http_private.h"
#include "extract/office/package_private.h"
#include "extract/private.h"

enum { HEAD_MAX = 64 * 1024, ARC_1 = 5, ARC_2 = 10 };

static const char warc_start[] = "WARC/", arc_start[] = "filedesc:";

static bool
begins(const void *p, size_t n, const char *word)
{
	return n >= strlen(word) && memcmp(p, word, strlen(word)) == 0;
}

bool
records_known(const void *p, size_t n)
{
	struct stream s;
	const uint8_t *at;
	size_t have;
	bool known;

	stream_init(&s, p, n, STREAM_PIECE);
	at = stream_peek(&s, &have);
	known = at && (begins(at, have, warc_start) || begins(at, have, arc_start));
	stream_done(&s);
	return known;
}

void
records_init(struct records *r, const void *p, size_t n)
{
	const uint8_t *at;
	size_t have;

	*r = (struct records){ .head = buf_init(HEAD_MAX), .line = buf_init(HEAD_MAX) };
	stream_init(&r->s, p, n, unpack_bound(n));
	at = stream_peek(&r->s, &have);
	r->arc = at && begins(at, have, arc_start);
}

void
records_done(struct records *r)
{
	stream_done(&r->s);
	buf_done(&r->head);
	buf_done(&r->line);
}

const char *
records_get(const struct records *r, const char *name)
{
	const char *value = pairs_find(&r->head, name);

	return value ? value : "";
}

static void
put(struct records *r, const char *name, const char *value, size_t n)
{
	buf_add(&r->head, name, strlen(name) + 1);
	buf_add(&r->head, value, n);
	buf_byte(&r->head, 0);
}

/* 20140103030321 -> 2014-01-03T03:03:21Z. */
static void
put_date(struct records *r, const char *digits, size_t n)
{
	static const char shape[] = "....-..-..T..:..:..Z";
	char date[sizeof shape];

	if (n < 14 || strspn(digits, "0123456789") < 14) {
		put(r, "warc-date", digits, n);
		return;
	}
	for (size_t i = 0; i < sizeof shape; i++)
		date[i] = shape[i] == '.' ? *digits++ : shape[i];
	put(r, "warc-date", date, strlen(date));
}

/* URL IP-address Archive-date Content-type [Result-code Checksum Location Offset Filename] Archive-length. The URL may have
 * spaces in it, so that words are counted from the end. */
static bool
read_arc_of(struct records *r, unsigned n)
{
	const char *s = buf_peek(&r->line), *words[ARC_2], *at = s + r->line.n;
	size_t lengths[ARC_2];

	n--; /* but for the URL */
	if (memchr(s, 0, r->line.n))
		return false;
	for (unsigned i = 0; i < n; i++) {
		const char *end = at;

		while (at > s && at[-1] != ' ')
			at--;
		if (at == s)
			return false;
		words[i] = at;
		lengths[i] = (size_t)(end - at--);
	}
	if (!memchr(s, ':', (size_t)(at - s)) || !lengths[0] ||
	    strspn(words[0], "-0123456789") < lengths[0] || lengths[n - 2] < 8 ||
	    strspn(words[n - 2], "0123456789") < lengths[n - 2])
		return false;
	put(r, "warc-type", begins(s, r->line.n, arc_start) ? "warcinfo" : "response",
	    strlen("response")); /* either is as long */
	put(r, "warc-target-uri", s, (size_t)(at - s));
	put(r, "content-type", words[n - 3], lengths[n - 3]);
	put(r, "warc-ip-address", words[n - 1], lengths[n - 1]);
	put(r, "content-length", words[0], lengths[0]);
	put_date(r, words[n - 2], lengths[n - 2]);
	return true;
}

static bool
read_arc(struct records *r)
{
	return read_arc_of(r, ARC_1) || read_arc_of(r, ARC_2);
}

static bool
read_warc(struct records *r)
{
	if (!begins(r->line.p, r->line.n, warc_start))
		return false;
	while (stream_line(&r->s, &r->line) && r->line.n)
		head_line(&r->head, buf_peek(&r->line), r->line.n);
	return true;
}

static void
read_length(struct records *r)
{
	const char *s = records_get(r, "content-length");
	size_t n = strspn(s, "0123456789");

	r->has_length = n && n < 16 && !s[n];
	r->length = r->left = r->has_length ? strtoull(s, NULL, 10) : 0;
}

/* Some write addresses as <http://...>, as the first draft had it. */
const char *
records_uri(const struct records *r, size_t *ret_n)
{
	const char *uri = records_get(r, "warc-target-uri");

	*ret_n = strlen(uri);
	if (*uri != '<')
		return uri;
	*ret_n -= 1 + (*ret_n > 1 && uri[*ret_n - 1] == '>');
	return uri + 1;
}

const uint8_t *
records_block(struct records *r, size_t *ret_n)
{
	const uint8_t *p = r->left ? stream_peek(&r->s, ret_n) : NULL;

	if (!p)
		return NULL;
	*ret_n = (size_t)MIN((uint64_t)*ret_n, r->left);
	stream_take(&r->s, *ret_n);
	r->left -= *ret_n;
	return p;
}

bool
records_next(struct records *r)
{
	size_t n;

	while (records_block(r, &n))
		;
	r->skipped = false;
	for (;;) {
		buf_reset(&r->head);
		if (!stream_line(&r->s, &r->line)) {
			if (!stream_resume(&r->s))
				return false;
			r->skipped = true;
		} else if (r->line.n && (r->arc ? read_arc(r) : read_warc(r))) {
			break;
		} else {
			r->skipped |= r->line.n > 0;
		}
	}
	r->number++;
	read_length(r);
	return true;
}

static bool
is_notes(const char *type)
{
	return strncasecmp(type, "application/warc-fields", 23) == 0;
}

/* A block of HTTP is known by how it begins; heads do not always say so. */
enum record_kind
records_kind(const struct records *r, const void *p, size_t n)
{
	const char *type = records_get(r, "warc-type"), *media = records_get(r, "content-type");

	if (is_notes(media) || strcasecmp(type, "warcinfo") == 0)
		return KIND_NOTES;
	if (strcasecmp(type, "request") == 0)
		return strncasecmp(media, "application/http", 16) == 0 ? KIND_REQUEST :
									 KIND_OTHER;
	if (strcasecmp(type, "revisit") == 0)
		return KIND_OTHER;
	if (strcasecmp(type, "response") == 0 && n >= 5 && memcmp(p, "HTTP/", 5) == 0)
		return KIND_HTTP;
	return KIND_FILE;
}
