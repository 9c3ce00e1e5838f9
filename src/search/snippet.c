/* Snippets: one line around the place where a text matches best. */
#include "search/private.h"

enum {
	LINE = 160,      /* characters, about */
	LEAD = 40,       /* of them before the first match */
	SLACK = 24,      /* how far a cut is moved to stand between words */
	SPANS = 256,     /* matches that are looked at */
	READ_ON = 65536, /* bytes read after the first match, to find a better place */
};
#define MARK_ON "\ue000"
#define MARK_OFF "\ue001"

struct matches {
	struct span s[SPANS];
	size_t n;
	size_t first_start, first_end;
};

static bool
note_match(void *arg, const struct span *s)
{
	struct matches *m = arg;

	if (!m->n || s->start < m->first_start) {
		m->first_start = s->start;
		m->first_end = s->end;
	}
	m->s[m->n++] = *s;
	return m->n < SPANS && s->end < m->first_end + READ_ON;
}

static int
by_start(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

/* Moves a place by so many characters, back or on, within the text. */
static size_t
move_back(const char *text, size_t at, unsigned chars)
{
	while (at && chars) {
		at--;
		chars -= ((unsigned char)text[at] & 0xc0) != 0x80;
	}
	return at;
}

static size_t
move_on(const char *text, size_t n, size_t at, unsigned chars)
{
	while (at < n && chars) {
		at++;
		chars -= at == n || ((unsigned char)text[at] & 0xc0) != 0x80;
	}
	return at;
}

/* How good a line is that begins at match i: different phrases first, then matches. */
static unsigned
density(const struct matches *m, size_t i, size_t end)
{
	uint64_t seen = 0;
	unsigned n = 0;

	for (size_t j = i; j < m->n && m->s[j].start < end; j++) {
		if (m->s[j].end > end)
			continue;
		seen |= (uint64_t)1 << m->s[j].phrase;
		n++;
	}
	return (unsigned)__builtin_popcountll(seen) * (SPANS + 1) + n;
}

static size_t
best_match(const struct matches *m, const char *text, size_t n)
{
	size_t best = 0;
	unsigned most = 0;

	for (size_t i = 0; i < m->n; i++) {
		unsigned d = density(m, i, move_on(text, n, m->s[i].start, LINE - LEAD));

		if (d > most) {
			most = d;
			best = i;
		}
	}
	return best;
}

static bool
is_space(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* The place after the next white space, if one is near; a script without it is cut anywhere. */
static size_t
cut_start(const char *text, size_t n, size_t at, size_t limit)
{
	size_t end = MIN(move_on(text, n, at, SLACK), limit);

	if (!at || is_space(text[at - 1]))
		return at;
	for (size_t i = at; i < end; i++)
		if (is_space(text[i]))
			return i + 1;
	return at;
}

static size_t
cut_end(const char *text, size_t n, size_t at, size_t limit)
{
	size_t end = MAX(move_back(text, at, SLACK), limit);

	if (at >= n || is_space(text[at]))
		return at;
	for (size_t i = at; i > end; i--)
		if (is_space(text[i - 1]))
			return i - 1;
	return at;
}

/* Characters that would break the line or our marks. */
static size_t
left_out(const char *s, size_t n)
{
	const unsigned char *c = (const unsigned char *)s;

	if (is_space(*s))
		return 1;
	if (n >= 2 && c[0] == 0xc2 && c[1] < 0xa0) /* C1 controls */
		return 2;
	if (n >= 3 &&
	    (!memcmp(s, MARK_ON, 3) || !memcmp(s, MARK_OFF, 3) || !memcmp(s, "\u2028", 3) ||
		!memcmp(s, "\u2029", 3)))
		return 3;
	return 0;
}

struct line {
	struct buf b;
	size_t lead; /* bytes at the start that no space follows */
	bool space;  /* white space came, and is written once something follows */
};

static void
put(struct line *l, const char *s, size_t n)
{
	if (l->space && l->b.n > l->lead)
		buf_byte(&l->b, ' ');
	l->space = false;
	buf_add(&l->b, s, n);
}

/* Text from `from` to `to`, on one line. */
static void
put_text(struct line *l, const char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		size_t n = left_out(text + i, to - i);

		if (n) {
			/* Our marks vanish; everything else was white space of some kind. */
			l->space = l->space || memcmp(text + i, "\xee\x80", MIN(n, (size_t)2));
			i += n;
			continue;
		}
		n = move_on(text, to, i, 1) - i;
		put(l, text + i, n);
		i += n;
	}
}

static void
put_marked(struct line *l, const char *text, size_t from, size_t to)
{
	put(l, MARK_ON, 3);
	put_text(l, text, from, to);
	l->space = false;
	put(l, MARK_OFF, 3);
}

static const char *
write_line(struct arena *a, const struct matches *m, const char *text, size_t n, size_t from,
    size_t to)
{
	struct line l = { .b = buf_init(16 * LINE * 4) };
	size_t at = from;
	const char *ret;

	if (from)
		put(&l, "\u2026", 3);
	l.lead = l.b.n;
	for (size_t i = 0; i < m->n; i++) {
		const struct span *s = &m->s[i];

		if (s->start < at || s->start >= to)
			continue; /* within the one before, or outside */
		put_text(&l, text, at, s->start);
		at = MIN(s->end, to);
		put_marked(&l, text, s->start, at);
	}
	put_text(&l, text, at, to);
	l.space = false;
	if (to < n)
		put(&l, "\u2026", 3);
	ret = arena_strn(a, buf_peek(&l.b), l.b.n);
	buf_done(&l.b);
	return ret;
}

void
snippet_make(struct look *k, const struct phrase *phrases, size_t n_phrases, const char *text,
    size_t n, struct hit *ret)
{
	struct matches m = { 0 };
	size_t from = 0, to, best, keep = 0;

	if (n_phrases)
		scan_text(k->s->tokens, text, n, phrases, n_phrases, note_match, &m);
	if (m.n) {
		qsort(m.s, m.n, sizeof *m.s, by_start);
		best = best_match(&m, text, n);
		keep = m.s[best].start;
		from = cut_start(text, n, move_back(text, keep, LEAD), keep);
		ret->start = (uint32_t)m.first_start;
		ret->end = (uint32_t)m.first_end;
		keep = MIN(m.s[best].end, move_on(text, n, keep, LINE));
	}
	to = move_on(text, n, from, LINE);
	to = cut_end(text, n, MAX(to, keep), keep);
	ret->snippet = write_line(k->a, &m, text, n, from, to);
}
