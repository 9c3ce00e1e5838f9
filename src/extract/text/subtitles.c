/* Subtitles that are files of their own: WebVTT (W3C) and SubRip. Both are blocks of lines, told apart by an empty line;
 * a line with "-->" says when the lines below it are shown. What is no block of a known kind is text without a time. */
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/child/document_private.h"
#include "text/text.h"

enum { TAG_MAX = 200 }; /* a longer one is text: so no byte is looked at often */

struct line {
	const char *p;
	size_t n;
};

struct subtitles {
	struct document *out;
	struct output *o;
	bool webvtt;
	bool in_cue, skipping; /* until the next empty line */
	bool fresh;            /* nothing of the cue was said yet: its line is begun */
	struct line before;    /* not said yet: it may be the name of a cue; n == 0: none */
	uint64_t start;        /* of the cue, milliseconds */
	size_t from;           /* of the cue, in the text */
	struct line name;      /* of the cue */
	uint64_t last;         /* end of all cues so far */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads a number of 1 to max digits. */
static bool
take_number(struct line *l, size_t max, uint64_t *ret)
{
	size_t n = 0;

	*ret = 0;
	for (; n < l->n && n < max && is_digit(l->p[n]); n++)
		*ret = *ret * 10 + (uint64_t)(l->p[n] - '0');
	l->p += n;
	l->n -= n;
	return n > 0;
}

static bool
take_char(struct line *l, char c)
{
	if (!l->n || *l->p != c)
		return false;
	l->p++;
	l->n--;
	return true;
}

static void
skip_blanks(struct line *l)
{
	while (take_char(l, ' ') || take_char(l, '\t'))
		;
}

/* "[h:]mm:ss.mmm", or with a comma; a fraction may be shorter, or missing. */
static bool
take_time(struct line *l, uint64_t *ret)
{
	uint64_t part[3] = { 0 }, fraction;
	size_t n = 0, digits;

	do {
		if (n == LEN(part) || !take_number(l, 6, &part[n++]))
			return false;
	} while (take_char(l, ':'));
	if (n < 2)
		return false;
	*ret = ((n == 3 ? part[0] * 3600 : 0) + part[n - 2] * 60 + part[n - 1]) * 1000;
	if (!take_char(l, ',') && !take_char(l, '.'))
		return true;
	digits = l->n;
	if (!take_number(l, 3, &fraction))
		return false;
	for (digits -= l->n; digits < 3; digits++)
		fraction *= 10;
	*ret += fraction;
	return true;
}

static bool
take_times(struct line l, uint64_t *ret_start, uint64_t *ret_end)
{
	skip_blanks(&l);
	if (!take_time(&l, ret_start))
		return false;
	skip_blanks(&l);
	if (!take_char(&l, '-') || !take_char(&l, '-') || !take_char(&l, '>'))
		return false;
	skip_blanks(&l);
	return take_time(&l, ret_end);
}

/* How long the tag is that begins here; 0: it is none that these formats know. */
static size_t
tag_here(struct line l)
{
	static const char *const names[] = { "b", "c", "font", "i", "lang", "ruby", "rt", "s",
		"u", "v" };
	const char *end = memchr(l.p, '>', MIN(l.n, (size_t)TAG_MAX));
	size_t at = l.n > 1 && l.p[1] == '/' ? 2 : 1, n;

	if (!end)
		return 0;
	for (n = 0; at + n < (size_t)(end - l.p) && !strchr(" \t.", l.p[at + n]); n++)
		;
	if (is_digit(l.p[at])) /* when the words behind it are said */
		return (size_t)(end - l.p) + 1;
	for (size_t i = 0; i < LEN(names); i++)
		if (strlen(names[i]) == n && strncasecmp(l.p + at, names[i], n) == 0)
			return (size_t)(end - l.p) + 1;
	return 0;
}

/* <v Anna>, <v.loud Anna>: who speaks. */
static void
say_speaker(struct subtitles *s, struct line tag)
{
	const char *space = memchr(tag.p, ' ', tag.n);

	if (tag.p[1] != 'v' || !space)
		return;
	document_add(s->out, space + 1, (size_t)(tag.p + tag.n - space) - 2);
	document_str(s->out, ": ");
}

static const struct {
	const char *name, *means;
} entities[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&nbsp;", "\xc2\xa0" },
	{ "&lrm;", "\xe2\x80\x8e" }, { "&rlm;", "\xe2\x80\x8f" } };

/* Says what stands here if it is not a plain character. Returns its length; 0: it is one. */
static size_t
say_special(struct subtitles *s, struct line l)
{
	const char *end;

	if (*l.p == '<') {
		size_t n = tag_here(l);

		if (n)
			say_speaker(s, (struct line){ l.p, n });
		return n;
	}
	if (*l.p == '{' && l.n > 1 && l.p[1] == '\\') { /* {\an8}: where it is shown */
		end = memchr(l.p, '}', MIN(l.n, (size_t)TAG_MAX));
		return end ? (size_t)(end - l.p) + 1 : 0;
	}
	for (size_t i = 0; s->webvtt && *l.p == '&' && i < LEN(entities); i++) {
		size_t n = strlen(entities[i].name);

		if (l.n >= n && memcmp(l.p, entities[i].name, n) == 0) {
			document_str(s->out, entities[i].means);
			return n;
		}
	}
	return 0;
}

static void
say_line(struct subtitles *s, struct line l)
{
	size_t from = 0;

	if (!s->fresh)
		document_break(s->out, 1);
	s->fresh = false;
	for (size_t i = 0; i < l.n;) {
		size_t n = 0;

		if (strchr("<{&", l.p[i])) {
			document_add(s->out, l.p + from, i - from);
			from = i;
			n = say_special(s, (struct line){ l.p + i, l.n - i });
		}
		i += n ? n : 1;
		from = n ? i : from;
	}
	document_add(s->out, l.p + from, l.n - from);
}

static void
end_cue(struct subtitles *s)
{
	if (!s->in_cue)
		return;
	s->in_cue = false;
	document_time(s->out, s->start);
	if (s->name.n) {
		AUTO_VAL(buf) name = buf_init(ANCHOR_VALUE_MAX);

		buf_add(&name, s->name.p, MIN(s->name.n, name.max));
		document_word(s->out, "part", buf_peek(&name));
	}
	document_anchor(s->out, s->from);
}

/* The line that waited was no cue's name. */
static void
say_before(struct subtitles *s)
{
	if (s->before.n)
		say_line(s, s->before);
	s->before.n = 0;
}

static bool
all_digits(struct line l)
{
	uint64_t number;

	skip_blanks(&l);
	if (!take_number(&l, 9, &number))
		return false;
	skip_blanks(&l);
	return l.n == 0;
}

static void
begin_cue(struct subtitles *s, uint64_t start, uint64_t end)
{
	end_cue(s);
	s->start = start;
	s->name = s->before.n && !all_digits(s->before) ? s->before : (struct line){ 0 };
	s->before.n = 0;
	s->in_cue = true;
	s->skipping = false;
	if (!s->fresh)
		document_break(s->out, 1);
	s->fresh = true;
	s->from = document_at(s->out);
	s->last = MAX(s->last, end);
}

static bool
begins(struct line l, const char *word)
{
	size_t n = strlen(word);

	return l.n >= n && memcmp(l.p, word, n) == 0;
}

/* A line that is no time and not empty. */
static void
take_line(struct subtitles *s, struct line l)
{
	if (s->skipping)
		return;
	if (!s->in_cue && s->webvtt && (begins(l, "STYLE") || begins(l, "REGION"))) {
		s->skipping = true;
		return;
	}
	/* In a cue a number may be the next one's, where the empty line is missing. */
	if (s->in_cue && !all_digits(l)) {
		say_before(s);
		say_line(s, l);
		return;
	}
	say_before(s);
	s->before = l;
}

static void
take(struct subtitles *s, struct line l)
{
	struct line bare = l;
	uint64_t start, end;

	skip_blanks(&bare);
	if (take_times(l, &start, &end)) {
		begin_cue(s, start, end);
	} else if (bare.n == 0) {
		say_before(s);
		end_cue(s);
		s->skipping = false;
	} else {
		take_line(s, l);
	}
}

/* The first block of WebVTT: what follows the magic word, and the language, if it is there. */
static void
take_header(struct subtitles *s, struct line l, bool first)
{
	if (first && l.n > 7) {
		const char *from = l.p + 7;
		size_t n = l.n - 7;

		while (n && strchr(" \t-", *from)) {
			from++;
			n--;
		}
		output_field(s->o, "description", from, n);
	}
	if (begins(l, "Language:")) {
		struct line tag = { l.p + 9, l.n - 9 };

		skip_blanks(&tag);
		if (language_shape(tag.p, tag.n))
			output_field(s->o, "language", tag.p, tag.n);
	}
}

/* Where the next line begins. */
static const char *
next_line(const char *at, const char *end, struct line *ret)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	*ret = (struct line){ at, (size_t)((lf ? lf : end) - at) };
	return lf ? lf + 1 : end;
}

static void
take_all(struct subtitles *s, const char *p, size_t n)
{
	const char *at = p, *end = p + n;
	struct line l;

	s->webvtt = n >= 6 && memcmp(p, "WEBVTT", 6) == 0;
	for (bool header = s->webvtt, first = true; header && at < end; first = false) {
		const char *next = next_line(at, end, &l);
		uint64_t start, stop;

		header = l.n > 0 && !take_times(l, &start, &stop);
		if (!header && l.n)
			break;
		take_header(s, l, first);
		at = next;
	}
	while (at < end) {
		at = next_line(at, end, &l);
		take(s, l);
	}
	say_before(s);
	end_cue(s);
}

bool
subtitles_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct text_encoding enc = text_detect(p, n, NULL);
	AUTO_VAL(buf) decoded = buf_init(o->text_max), duration = buf_init(64);
	AUTO_VAL(document) out = document_init(o);
	struct subtitles s = { .out = &out, .o = o };
	bool same;

	if (!text_decode(p, n, &enc, &decoded, &same, e))
		return false;
	output_encoding(o, &enc);
	take_all(&s, same ? p : buf_peek(&decoded), same ? n : decoded.n);
	if (s.last) {
		document_moment(&duration, s.last);
		output_field(o, "duration", buf_peek(&duration), duration.n);
	}
	if (!document_end(&out, e))
		return false;
	output_end(o, "");
	return true;
}
