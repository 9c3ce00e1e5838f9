/* Writes values into pages, escaped (html.h). */
#include "desk/html.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const struct html_language *
html_language(const char *tag)
{
	const struct html_language *l = html_languages;

	for (; l->tag; l++)
		if (strcmp(l->tag, tag) == 0)
			return l;
	return html_languages;
}

bool
html_right_to_left(const struct html_language *l)
{
	return strcmp(l->tag, "ar") == 0;
}

void
html_literal(struct html *h, const char *s, size_t n)
{
	buf_add(h->out, s, n);
}

const char *
html_words(const struct html *h, size_t number)
{
	const char *word = h->language->words[number];

	return word ? word : html_english[number];
}

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void
escape(struct html *h, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *e = entity(s[i]);

		if (!e)
			continue;
		buf_add(h->out, s + from, i - from);
		buf_str(h->out, e);
		from = i + 1;
	}
	buf_add(h->out, s + from, n - from);
}

int
html_until_place(struct html *h, const char **words)
{
	const char *s = *words, *at = s;

	for (; *at; at++)
		if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}')
			break;
	escape(h, s, (size_t)(at - s));
	*words = *at ? at + 3 : at;
	return *at ? at[1] - '0' : -1;
}

void
html_string(struct html *h, const char *s)
{
	if (s)
		escape(h, s, strlen(s));
}

void
html_signed(struct html *h, int64_t v)
{
	buf_printf(h->out, "%lld", (long long)v);
}

void
html_unsigned(struct html *h, uint64_t v)
{
	buf_printf(h->out, "%llu", (unsigned long long)v);
}

bool
html_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool
is_unreserved(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    (c && strchr("-._~", c));
}

void
html_url_string(struct html *h, const char *s)
{
	for (; s && *s; s++)
		if (is_unreserved(*s))
			buf_byte(h->out, (uint8_t)*s);
		else
			buf_printf(h->out, "%%%02X", (unsigned)(uint8_t)*s);
}

bool
html_is_local(const char *s)
{
	bool local = s && s[0] == '/' && s[1] != '/' && s[1] != '\\';

	for (const char *c = s; local && *c; c++)
		local = (uint8_t)*c > 0x20 && (uint8_t)*c < 0x7f;
	return local;
}

void
html_local(struct html *h, const char *s)
{
	html_string(h, html_is_local(s) ? s : "/");
}

void
html_date(struct html *h, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	char text[32];

	if (gmtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm))
		buf_str(h->out, text);
}

void
html_bytes(struct html *h, uint64_t n)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double v = (double)n;
	size_t unit = 0;

	for (; v >= 999.5 && unit + 1 < LEN(units); unit++)
		v /= 1000;
	buf_printf(h->out, unit && v < 9.95 ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

void
html_number_of(struct html *h, double v)
{
	char text[32];
	int n;

	/* What is not a number is none; "-0" is written as what it is. */
	if (!(v > -1e9 && v < 1e9) || (v > -0.005 && v < 0.005))
		v = 0;
	n = snprintf(text, sizeof text, "%.2f", v);
	while (n > 1 && text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	buf_add(h->out, text, (size_t)n);
}
