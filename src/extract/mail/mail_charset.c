/* Encodings in mail: what a part declares is often wrong. And iconv, as GMime calls it for headers: the C library's loads
 * code from files, so it is replaced by the room of text. */
#include "extract/mail/mail_private.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "text/text.h"

/* Says nothing: mailers write it whatever the bytes are. */
static bool
means_nothing(const char *label)
{
	static const char *const rows[] = { "us-ascii", "ascii", "unknown-8bit", "x-unknown",
		"unknown", "binary", "default", "x-user-defined", MAIL_DETECT };

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcasecmp(label, rows[i]) == 0)
			return true;
	return false;
}

static bool
one_byte_each(const char *name)
{
	return strncasecmp(name, "windows-12", 10) == 0 ||
	    strncasecmp(name, "iso-8859-", 9) == 0;
}

/* WHATWG's standard leaves UTF-7 out, since a page could hide markup in it; mail of its time has it. */
static bool
is_utf7(const char *label)
{
	return strcasecmp(label, "utf-7") == 0 || strcasecmp(label, "unicode-1-1-utf-7") == 0;
}

static int
base64_value(uint8_t c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* RFC 2152, as UTF-16BE: "+AOk-" is one letter, "+-" a plus sign. */
static void
utf7_units(const uint8_t *p, size_t n, struct buf *ret)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = 0, held = 0;
		int v;

		if (p[i] != '+' || (i + 1 < n && p[i + 1] == '-')) {
			buf_u16be(ret, p[i]);
			i += p[i] == '+';
			continue;
		}
		while (i + 1 < n && (v = base64_value(p[i + 1])) >= 0) {
			bits = bits << 6 | (uint32_t)v;
			held += 6;
			i++;
			if (held < 16)
				continue;
			held -= 16;
			buf_u16be(ret, (uint16_t)(bits >> held));
		}
		i += i + 1 < n && p[i + 1] == '-';
	}
}

static struct text_encoding
encoding_of(const void *p, size_t n, const char *declared)
{
	struct text_encoding enc;

	if (!declared || means_nothing(declared))
		return text_detect(p, n, NULL);
	enc = text_detect(p, n, declared);
	if (enc.how != TEXT_BY_DECLARATION)
		return enc;
	if (strcmp(enc.name, "UTF-8") == 0 ? !text_valid(p, n) :
					     one_byte_each(enc.name) && text_valid(p, n))
		return text_detect(p, n, NULL);
	return enc;
}

bool
mail_utf8_counted(
    const void *p, size_t n, const char *declared, struct buf *ret, size_t *io_lost)
{
	size_t from = ret->n;
	AUTO_VAL(buf) units = buf_init(2 * n);
	struct text_encoding enc = { .name = "UTF-16BE" };
	bool same = false;
	struct err e;

	if (declared && is_utf7(declared)) {
		utf7_units(p, n, &units);
		p = buf_peek(&units);
		n = units.n;
	} else {
		enc = encoding_of(p, n, declared);
	}
	if (!text_decode(p, n, &enc, ret, &same, &e))
		return false;
	if (same)
		buf_add(ret, p, n);
	else
		*io_lost += text_lost(p, n, &enc, buf_peek(ret) + from, ret->n - from);
	return true;
}

bool
mail_utf8(const void *p, size_t n, const char *declared, struct buf *ret)
{
	size_t lost = 0;

	return mail_utf8_counted(p, n, declared, ret, &lost);
}

struct conversion {
	char label[64];
};

/* Before the C library's. To UTF-8 alone. */
iconv_t
iconv_open(const char *to, const char *from)
{
	struct conversion *c;

	if (strcasecmp(to, "UTF-8") != 0 || strlen(from) >= sizeof c->label ||
	    (!means_nothing(from) && !is_utf7(from) &&
		text_detect("a", 1, from).how != TEXT_BY_DECLARATION)) {
		errno = EINVAL;
		return (iconv_t)-1;
	}
	c = mem_zalloc(sizeof *c);
	memcpy(c->label, from, strlen(from) + 1);
	return c;
}

int
iconv_close(iconv_t cd)
{
	free(cd);
	return 0;
}

/* All at once, or nothing: GMime makes more room then. What means nothing becomes U+FFFD. */
size_t
iconv(iconv_t cd, char **in, size_t *in_left, char **out, size_t *out_left)
{
	const struct conversion *c = cd;
	AUTO_VAL(buf) decoded = buf_init(1 << 26);

	if (!in || !*in)
		return 0;
	if (!mail_utf8(*in, *in_left, c->label, &decoded)) {
		errno = EINVAL;
		return (size_t)-1;
	}
	if (decoded.n > *out_left) {
		errno = E2BIG;
		return (size_t)-1;
	}
	memcpy(*out, buf_peek(&decoded), decoded.n);
	*out += decoded.n;
	*out_left -= decoded.n;
	*in += *in_left;
	*in_left = 0;
	return 0;
}
