/* The HTML standard's "prescan a byte stream to determine its encoding", step by step, and
 * the encoding of an XML declaration. Both read foreign bytes: every look ahead is bounded. */
#include "extract/text/declared_private.h"

#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "text/text.h"

/* Browsers look through 1024 bytes, and later obey a declaration that they meet while parsing: it
 * comes to this. */
enum { PRESCAN = 16 * 1024 };

struct scan {
	const uint8_t *p;
	size_t n, at;
};

struct span { /* of the scanned bytes */
	const uint8_t *p;
	size_t n;
};

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
sees(const struct scan *s, const char *word)
{
	size_t len = strlen(word);

	return s->n - s->at >= len && strncasecmp((const char *)s->p + s->at, word, len) == 0;
}

static void
skip_spaces(struct scan *s)
{
	while (s->at < s->n && is_space(s->p[s->at]))
		s->at++;
}

static bool
span_is(struct span v, const char *word)
{
	return v.n == strlen(word) && strncasecmp((const char *)v.p, word, v.n) == 0;
}

static struct span
quoted(struct scan *s)
{
	uint8_t quote = s->p[s->at++];
	const uint8_t *start = s->p + s->at, *end = memchr(start, quote, s->n - s->at);
	size_t n = end ? (size_t)(end - start) : s->n - s->at;

	s->at += n + (end != NULL);
	return (struct span){ start, n };
}

static struct span
unquoted(struct scan *s)
{
	size_t start = s->at;

	while (s->at < s->n && !is_space(s->p[s->at]) && s->p[s->at] != '>')
		s->at++;
	return (struct span){ s->p + start, s->at - start };
}

/* The next attribute of the tag; false at its end. */
static bool
attribute(struct scan *s, struct span *ret_name, struct span *ret_value)
{
	size_t start;

	while (s->at < s->n && (is_space(s->p[s->at]) || s->p[s->at] == '/'))
		s->at++;
	if (s->at == s->n || s->p[s->at] == '>')
		return false;
	start = s->at;
	while (s->at < s->n && !is_space(s->p[s->at]) && s->p[s->at] != '/' &&
	    s->p[s->at] != '>' && (s->p[s->at] != '=' || s->at == start))
		s->at++;
	*ret_name = (struct span){ s->p + start, s->at - start };
	*ret_value = (struct span){ s->p + s->at, 0 };
	skip_spaces(s);
	if (s->at == s->n || s->p[s->at] != '=')
		return true;
	s->at++;
	skip_spaces(s);
	if (s->at < s->n && (s->p[s->at] == '"' || s->p[s->at] == '\''))
		*ret_value = quoted(s);
	else
		*ret_value = unquoted(s);
	return true;
}

/* "text/html; charset=x" -> x. */
static bool
charset_of_content(struct span content, struct span *ret)
{
	struct scan s = { content.p, content.n, 0 };

	for (;; s.at++) {
		while (s.at < s.n && !sees(&s, "charset"))
			s.at++;
		if (s.at >= s.n)
			return false;
		s.at += strlen("charset");
		skip_spaces(&s);
		if (s.at < s.n && s.p[s.at] == '=')
			break;
		s.at--; /* what stands here may be the next "charset" */
	}
	s.at++;
	skip_spaces(&s);
	if (s.at < s.n && (s.p[s.at] == '"' || s.p[s.at] == '\'')) {
		uint8_t quote = s.p[s.at];

		if (!memchr(s.p + s.at + 1, quote, s.n - s.at - 1))
			return false;
		*ret = quoted(&s);
		return true;
	}
	*ret = (struct span){ s.p + s.at, 0 };
	while (s.at < s.n && !is_space(s.p[s.at]) && s.p[s.at] != ';')
		s.at++, ret->n++;
	return true;
}

/* Labels that the HTML standard takes for another encoding: UTF-16 cannot be true where
 * ASCII could be read. */
static const struct {
	const char *label, *means;
} replaced[] = {
	{ "csunicode", "UTF-8" },
	{ "iso-10646-ucs-2", "UTF-8" },
	{ "ucs-2", "UTF-8" },
	{ "unicode", "UTF-8" },
	{ "unicodefeff", "UTF-8" },
	{ "unicodefffe", "UTF-8" },
	{ "utf-16", "UTF-8" },
	{ "utf-16be", "UTF-8" },
	{ "utf-16le", "UTF-8" },
	{ "x-user-defined", "windows-1252" },
};

/* A label that the text room knows. */
static bool
known_label(struct span v, char ret[LABEL_MAX])
{
	while (v.n && is_space(v.p[0]))
		v.p++, v.n--;
	while (v.n && is_space(v.p[v.n - 1]))
		v.n--;
	if (v.n == 0 || v.n >= LABEL_MAX || memchr(v.p, 0, v.n))
		return false;
	memcpy(ret, v.p, v.n);
	ret[v.n] = 0;
	for (size_t i = 0; i < LEN(replaced); i++)
		if (strcasecmp(ret, replaced[i].label) == 0)
			memcpy(ret, replaced[i].means, strlen(replaced[i].means) + 1);
	return text_detect("", 0, ret).how == TEXT_BY_DECLARATION;
}

static bool
meta(struct scan *s, char ret[LABEL_MAX])
{
	struct span name, value, charset = { NULL, 0 };
	bool pragma = false, needs_pragma = false, saw_equiv = false, saw_content = false,
	     saw_charset = false, found = false;

	while (attribute(s, &name, &value)) {
		if (span_is(name, "http-equiv") && !saw_equiv) {
			saw_equiv = true;
			pragma = span_is(value, "content-type");
		} else if (span_is(name, "content") && !saw_content) {
			saw_content = true;
			if (!found && charset_of_content(value, &charset))
				found = needs_pragma = true;
		} else if (span_is(name, "charset") && !saw_charset) {
			saw_charset = found = true;
			charset = value;
			needs_pragma = false;
		}
	}
	if (s->at == s->n) /* the tag has no end: it is none */
		return false;
	return found && (!needs_pragma || pragma) && known_label(charset, ret);
}

static void
skip_past(struct scan *s, const char *end)
{
	const uint8_t *at = memmem(s->p + s->at, s->n - s->at, end, strlen(end));

	s->at = at ? (size_t)(at - s->p) + strlen(end) - 1 : s->n;
}

static void
skip_tag(struct scan *s)
{
	struct span name, value;

	while (s->at < s->n && !is_space(s->p[s->at]) && s->p[s->at] != '>')
		s->at++;
	while (attribute(s, &name, &value))
		;
}

static bool
at_meta(const struct scan *s)
{
	size_t after = s->at + strlen("<meta");

	return sees(s, "<meta") && after < s->n &&
	    (is_space(s->p[after]) || s->p[after] == '/');
}

bool
declared_by_html(const void *p, size_t n, char ret[LABEL_MAX])
{
	struct scan s = { p, MIN(n, (size_t)PRESCAN), 0 };

	for (; s.at < s.n; s.at++) {
		size_t letter = s.at + 1 + (s.at + 1 < s.n && s.p[s.at + 1] == '/');

		if (s.p[s.at] != '<')
			continue;
		if (sees(&s, "<!--")) {
			s.at += 2; /* its hyphens may be those of "-->" */
			skip_past(&s, "-->");
		} else if (at_meta(&s)) {
			s.at += strlen("<meta");
			if (meta(&s, ret))
				return true;
		} else if (letter < s.n && is_letter(s.p[letter])) {
			skip_tag(&s);
		} else if (sees(&s, "<!") || sees(&s, "</") || sees(&s, "<?")) {
			skip_past(&s, ">");
		}
	}
	return declared_by_xml(p, n, ret);
}

bool
declared_by_xml(const void *p, size_t n, char ret[LABEL_MAX])
{
	struct scan s = { p, MIN(n, (size_t)PRESCAN), 0 };
	const uint8_t *end;

	if (s.n < 5 || memcmp(p, "<?xml", 5) != 0)
		return false;
	end = memchr(p, '>', s.n);
	if (!end)
		return false;
	s.n = (size_t)(end - s.p);
	while (s.at < s.n && !sees(&s, "encoding"))
		s.at++;
	if (s.at == s.n)
		return false;
	s.at += strlen("encoding");
	skip_spaces(&s);
	if (s.at == s.n || s.p[s.at++] != '=')
		return false;
	skip_spaces(&s);
	if (s.at == s.n || (s.p[s.at] != '"' && s.p[s.at] != '\''))
		return false;
	return known_label(quoted(&s), ret);
}
