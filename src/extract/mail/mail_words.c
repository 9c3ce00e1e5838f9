/* Words in other characters than ASCII within headers (RFC 2047). GMime drops what follows a padded word of base64, and tells
 * the encoding of raw bytes word by word, so this is done here. */
#include "extract/mail/mail_private.h"

#include <string.h>

#include "base/code.h"
#include "extract/child/base64_private.h"
#include "text/text.h"

enum { HEADER_MAX = 16 << 20, CHARSET_MAX = 60 };

struct words {
	char charset[CHARSET_MAX];
	struct buf run; /* decoded bytes of words that follow each other, in that charset */
	bool again;
	struct buf *to;
};

static void
flush(struct words *w)
{
	AUTO_VAL(buf) utf8 = buf_init(HEADER_MAX);
	uint8_t *to;

	if (!w->run.n || !mail_utf8(w->run.p, w->run.n, w->charset, &utf8)) {
		buf_reset(&w->run);
		return;
	}
	buf_reset(&w->run);
	if (!w->again) {
		buf_add(w->to, utf8.p, utf8.n);
		return;
	}
	buf_str(w->to, "=?utf-8?b?");
	to = buf_space(w->to, base64_len(utf8.n));
	if (to)
		base64_encode(utf8.p, utf8.n, (char *)to);
	buf_str(w->to, "?=");
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
decode_q(const char *p, size_t n, struct buf *ret)
{
	for (size_t i = 0; i < n; i++) {
		int high = p[i] == '=' && i + 2 < n ? hex(p[i + 1]) : -1,
		    low = high >= 0 ? hex(p[i + 2]) : -1;

		buf_byte(ret,
		    low >= 0        ? (uint8_t)(high * 16 + low) :
			p[i] == '_' ? ' ' :
				      (uint8_t)p[i]);
		i += low >= 0 ? 2 : 0;
	}
}

static void
decode_b(const char *p, size_t n, struct buf *ret)
{
	struct base64 state = { 0 };
	size_t before = ret->n;
	uint8_t *to = buf_space(ret, n / 4 * 3 + 3);

	if (to)
		ret->n = before + base64_step(&state, p, n, to);
}

/* Takes the encoded word at p; returns its length, 0 if it is none. "=?charset*language?b?text?=" */
static size_t
take_word(struct words *w, const char *p, const char *end)
{
	const char *charset = p + 2, *mark, *text, *stop;
	char name[CHARSET_MAX];
	size_t n;

	mark = memchr(charset, '?', (size_t)(end - charset));
	if (!mark || mark == charset || end - mark < 4 || mark[2] != '?' ||
	    !strchr("bBqQ", mark[1]))
		return 0;
	n = (size_t)(mark - charset);
	if (memchr(charset, '*', n))
		n = (size_t)((const char *)memchr(charset, '*', n) - charset);
	if (!n || n >= sizeof name)
		return 0;
	memcpy(name, charset, n);
	name[n] = 0;
	text = mark + 3;
	stop = memchr(text, '?', (size_t)(end - text));
	while (stop && stop + 1 < end && stop[1] == '?')
		stop++; /* a question mark that should be encoded */
	if (!stop || stop + 1 >= end || stop[1] != '=')
		return 0;
	if (strcasecmp(name, w->charset) != 0)
		flush(w);
	memcpy(w->charset, name, n + 1);
	if ((mark[1] | 0x20) == 'q')
		decode_q(text, (size_t)(stop - text), &w->run);
	else
		decode_b(text, (size_t)(stop - text), &w->run);
	return (size_t)(stop + 2 - p);
}

static size_t
spaces(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && (p[n] == ' ' || (p[n] >= '\t' && p[n] <= '\r')))
		n++;
	return n;
}

static size_t
plain(const char *p, const char *end)
{
	return MIN(1 + strcspn(p + 1, "= \t\n\v\f\r"), (size_t)(end - p));
}

void
mail_words(const char *raw, bool again, struct buf *ret)
{
	AUTO_VAL(buf) utf8 = buf_init(HEADER_MAX);
	struct words w = { .run = buf_init(HEADER_MAX), .again = again, .to = ret };
	const char *p = raw, *end = p + strlen(raw);
	bool after_word = false;

	if (!text_valid(p, (size_t)(end - p)) && mail_utf8(p, (size_t)(end - p), NULL, &utf8)) {
		p = buf_peek(&utf8);
		end = p + utf8.n;
	}
	p += spaces(p, end);
	while (p < end) {
		size_t gap = spaces(p, end), word = 0;

		if (end - p - gap > 5 && p[gap] == '=' && p[gap + 1] == '?' &&
		    (after_word || !gap))
			word = take_word(&w, p + gap, end);
		if (word) { /* white space between words is none */
			p += gap + word;
			after_word = true;
			continue;
		}
		flush(&w);
		after_word = false;
		if (gap)
			buf_byte(ret, ' ');
		else /* all up to where white space or a word may be */
			buf_add(ret, p, gap = plain(p, end));
		p += gap;
	}
	flush(&w);
	buf_done(&w.run);
}
