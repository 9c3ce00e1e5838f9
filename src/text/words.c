/* Words: a state machine over word break classes, equal to ICU's root rules (a property test
 * and a fuzz target compare them). A word is a segment with a letter, digit or ideograph.
 *
 * The machine sees one segment at a time. Where a class says ASK, the stretch from this
 * segment's start to the next sure boundary is cut by ICU. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/words_private.h"

enum {
	STRETCH_MAX =
	    16 * 1024, /* bytes ICU sees at once; beyond, a boundary is set by force */
	UNITS = STRETCH_MAX + 8
};

/* ASCII: does the byte join any byte like it (letter, digit, underscore)? What @ does
 * depends on the version of ICU: the tables know. */
enum { JOINS = 1, LETTER = 2, DIGIT = 4, AT = 8 };
static const uint8_t ascii[256] = {
	['0' ... '9'] = JOINS | DIGIT,
	['A' ... 'Z'] = JOINS | LETTER,
	['a' ... 'z'] = JOINS | LETTER,
	['_'] = JOINS,
	['@'] = AT,
};

void
words_done(struct words *w)
{
	if (w->icu)
		ubrk_close(w->icu);
	free(w->units);
	free(w->map);
}

void
words_start(struct words *w, const uint8_t *s, size_t n)
{
	w->s = s;
	w->n = n;
	w->at = w->done = 0;
	w->in_stretch = false;
}

static inline const struct char_props *
props_next(const struct words *w, size_t *i)
{
	return char_get(char_next(w->s, w->n, i));
}

/* Moves *i past Extend, Format and ZWJ; the last one's class, WORD_OTHER if there was none. */
static enum word_class
skip_extenders(const struct words *w, size_t *i)
{
	enum word_class last = WORD_OTHER;

	while (*i < w->n) {
		size_t next = *i;
		enum word_class k;

		if (w->s[next] < 0x80)
			break;
		k = props_next(w, &next)->word;
		if (k != WORD_EXTEND && k != WORD_ZWJ)
			break;
		last = k;
		*i = next;
	}
	return last;
}

/* Is a boundary before this character sure, whatever else stands there? */
static bool
is_sure(const struct char_props *p)
{
	return p->word == WORD_OTHER && !(p->flags & CHAR_PICT);
}

/* ---- stretches cut by ICU ---- */

/* ICU cuts from `from` to the first sure boundary after `least`. */
static void
stretch_start(struct words *w, size_t from, size_t least)
{
	UErrorCode st = U_ZERO_ERROR;
	size_t end = from, units;

	while (end < w->n && end - from < STRETCH_MAX) {
		size_t next = end, after;

		if (is_sure(props_next(w, &next)) && end > least) {
			/* A stop between ideographs: one stretch is cheaper than two. */
			after = next;
			if (next >= w->n || w->s[end] < 0x80 ||
			    props_next(w, &after)->word != WORD_ASK)
				break;
		}
		end = next;
	}
	if (!w->icu) {
		w->icu = ubrk_open(UBRK_WORD, "", NULL, 0, &st);
		w->units = mem_alloc(UNITS * sizeof *w->units);
		w->map = mem_alloc((UNITS + 1) * sizeof *w->map);
	}
	units = utf8_to_utf16(w->s + from, end - from, w->units, w->map);
	w->base = from;
	w->stretch_end = end;
	w->in_stretch = true;
	w->boundary = 0;
	if (w->icu)
		ubrk_setText(w->icu, w->units, (int32_t)units, &st);
	if (!w->icu || U_FAILURE(st) || ubrk_first(w->icu) != 0)
		abort(); /* ICU without its data: no text can be cut, nothing can go on */
}

static bool
has_word(const struct words *w, size_t from, size_t to)
{
	for (size_t i = from; i < to;)
		if (props_next(w, &i)->flags & CHAR_WORD)
			return true;
	return false;
}

static bool
stretch_next(struct words *w, size_t *ret_start, size_t *ret_end)
{
	for (;;) {
		int32_t from = w->boundary, to = ubrk_next(w->icu);

		if (to == UBRK_DONE) {
			w->in_stretch = false;
			w->at = w->stretch_end;
			return false;
		}
		w->boundary = to;
		*ret_start = w->base + w->map[from];
		*ret_end = w->base + w->map[to];
		if (has_word(w, *ret_start, *ret_end))
			return true;
	}
}

/* ---- the machine ---- */

static bool
is_letter(enum word_class k)
{
	return k == WORD_ALETTER || k == WORD_HEBREW;
}

/* WB6, 7, 7b, 7c, 11, 12: may `mid` stand between `last` and a character of class `next`? */
static bool
joins_over(enum word_class last, enum word_class mid, enum word_class next)
{
	bool quote = mid == WORD_MIDNUMLET || mid == WORD_SINGLE_QUOTE;

	if (is_letter(last) && is_letter(next) && (mid == WORD_MIDLETTER || quote))
		return true;
	if (last == WORD_HEBREW && next == WORD_HEBREW && mid == WORD_DOUBLE_QUOTE)
		return true;
	return last == WORD_NUMERIC && next == WORD_NUMERIC && (mid == WORD_MIDNUM || quote);
}

/* From `i`, after a character of class `last` of the segment, to the segment's end. False:
 * ICU must cut it. */
static bool
segment_end(const struct words *w, size_t i, enum word_class last, bool *is_word, size_t *ret)
{
	for (;;) {
		bool zwj = skip_extenders(w, &i) == WORD_ZWJ;
		size_t next = i, after;
		const struct char_props *p, *q;

		*ret = i;
		if (i == w->n)
			return true;
		p = props_next(w, &next);
		if (p->word == WORD_ASK || (zwj && p->flags & CHAR_PICT))
			return false;
		if (is_letter(p->word) || p->word == WORD_NUMERIC ||
		    p->word == WORD_EXTENDNUMLET) {
			*is_word |= (p->flags & CHAR_WORD) != 0;
			last = p->word;
			i = next;
			continue;
		}
		if (p->word < WORD_MIDLETTER || p->word > WORD_DOUBLE_QUOTE)
			return true;
		after = next;
		zwj = skip_extenders(w, &after) == WORD_ZWJ;
		if (after < w->n) {
			size_t over = after;

			q = props_next(w, &over);
			if (q->word == WORD_ASK || (zwj && q->flags & CHAR_PICT))
				return false;
			if (joins_over(last, p->word, q->word)) {
				*is_word |= (q->flags & CHAR_WORD) != 0;
				last = q->word;
				i = over;
				continue;
			}
		}
		if (last == WORD_HEBREW && p->word == WORD_SINGLE_QUOTE)
			*ret = after; /* WB7a */
		return true;
	}
}

/* A run of syllables; with what extends the last. They join nothing else. */
static size_t
hangul_end(const struct words *w, size_t i)
{
	while (i < w->n) {
		size_t next = i;

		if (props_next(w, &next)->word != WORD_HANGUL)
			break;
		i = next;
	}
	return i;
}

enum { BOUND_MAX = 64 };

/* Does a character of break class `next` cling to one of class `prev` that is in no word? */
static bool
clings(int prev, int next)
{
	switch (prev) {
	case U_WB_CR:
	case U_WB_LF:
	case U_WB_NEWLINE:
		return false;
	}
	switch (next) {
	case U_WB_EXTEND:
	case U_WB_FORMAT:
	case U_WB_ZWJ:
		return true;
	case U_WB_WSEGSPACE:
		return prev == U_WB_WSEGSPACE;
	case U_WB_REGIONAL_INDICATOR:
		return prev == U_WB_REGIONAL_INDICATOR || prev == U_WB_EXTEND ||
		    prev == U_WB_FORMAT || prev == U_WB_ZWJ;
	}
	return false;
}

/* Where the segment begins that a ZWJ binds to an emoji which is a letter too: spaces cling
 * together before it, and the halves of flags. Further back than BOUND_MAX nobody looks. */
static size_t
bound_start(const struct words *w, size_t start)
{
	size_t from = start, at = start, i = start;
	int next = u_getIntPropertyValue((UChar32)char_next(w->s, w->n, &i), UCHAR_WORD_BREAK);

	while (at > w->done && from - at < BOUND_MAX) {
		int prev;

		while (--at > w->done && (w->s[at] & 0xc0) == 0x80)
			;
		i = at;
		prev =
		    u_getIntPropertyValue((UChar32)char_next(w->s, w->n, &i), UCHAR_WORD_BREAK);
		if (!clings(prev, next))
			break;
		start = at;
		next = prev;
	}
	return start;
}

/* A segment that is not plain ASCII. False: it is no word, or ICU cuts a stretch from here. */
static bool
slow_next(struct words *w, size_t *ret_start, size_t *ret_end)
{
	size_t start = w->at, i = start;
	const struct char_props *p = props_next(w, &i);
	bool is_word = p->flags & CHAR_WORD, ask = p->word == WORD_ASK,
	     zwj = p->word == WORD_ZWJ;

	if (is_letter(p->word) || p->word == WORD_NUMERIC || p->word == WORD_EXTENDNUMLET) {
		ask = !segment_end(w, i, p->word, &is_word, &i);
	} else if (!ask) {
		size_t next;

		if (p->word == WORD_HANGUL)
			i = hangul_end(w, i);
		next = i;
		zwj = skip_extenders(w, &i) == WORD_ZWJ || (zwj && i == next);
		next = i;
		if (i < w->n) {
			const struct char_props *q = props_next(w, &next);

			ask = (zwj && q->flags & CHAR_PICT) ||
			    (q->word == WORD_ASK &&
				(p->word == WORD_HANGUL || !(q->flags & CHAR_WORD)));
		}
	}
	if (ask && !(p->flags & CHAR_WORD))
		start = bound_start(w, start);
	if (ask) {
		stretch_start(w, start, w->at);
		return false;
	}
	*ret_start = start;
	*ret_end = w->at = i;
	return is_word;
}

/* A segment of ASCII that begins with a letter, digit or "_" at w->at. False: what follows it
 * is not ASCII and may belong to it. */
static bool
ascii_end(const struct words *w, size_t *ret, uint8_t *seen, bool *plain)
{
	const uint8_t *s = w->s;
	size_t i = w->at;

	*plain = true;
	for (;;) {
		uint8_t last, mid, next;

		while (i < w->n && ascii[s[i]] & JOINS)
			*seen |= ascii[s[i++]];
		*ret = i;
		if (i == w->n)
			return true;
		mid = s[i];
		if (mid >= 0x80 || mid == '@')
			return false;
		if (mid != '.' && mid != '\'' && mid != ',' && mid != ';')
			return true;
		if (i + 1 == w->n)
			return true;
		if (s[i + 1] >= 0x80 || s[i + 1] == '@')
			return false;
		last = ascii[s[i - 1]];
		next = ascii[s[i + 1]];
		if (!(last & next & DIGIT) &&
		    (!(last & next & LETTER) || mid == ',' || mid == ';'))
			return true;
		*plain = false;
		i++;
	}
}

static bool
next_word(struct words *w, size_t *ret_start, size_t *ret_end, bool *ret_plain)
{
	*ret_plain = false;
	for (;;) {
		uint8_t seen = 0;

		if (w->in_stretch) {
			if (stretch_next(w, ret_start, ret_end))
				return true;
			continue;
		}
		while (w->at < w->n && w->s[w->at] < 0x80 && !ascii[w->s[w->at]])
			w->at++;
		if (w->at == w->n)
			return false;
		if (w->s[w->at] < 0x80 && ascii_end(w, ret_end, &seen, ret_plain)) {
			*ret_start = w->at;
			w->at = *ret_end;
			if (seen & (LETTER | DIGIT))
				return true;
			continue;
		}
		*ret_plain = false;
		if (slow_next(w, ret_start, ret_end))
			return true;
	}
}

bool
words_next(struct words *w, size_t *ret_start, size_t *ret_end, bool *ret_plain)
{
	if (!next_word(w, ret_start, ret_end, ret_plain))
		return false;
	w->done = *ret_end;
	return true;
}
