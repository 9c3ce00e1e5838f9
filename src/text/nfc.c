/* Normalisation form C (UAX #15) of UTF-8. Nearly all text is in it already: that is found
 * out by the properties of its characters; only what may not be goes to ICU, from one
 * character that nothing before it can change to the next. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/private.h"

/* The first byte from which it may not be in NFC, and *ret_safe, where the stretch begins
 * that must be looked at with it; n if there is none. */
static size_t
first_doubt(const uint8_t *s, size_t n, size_t from, size_t *ret_safe)
{
	size_t safe = from, i = from;
	uint8_t last = 0;

	while (i < n) {
		size_t at = i;
		const struct char_props *p;
		uint32_t c;

		if (s[i] < 0xcc) { /* below U+0300 nothing is composed */
			i = utf8_skip_ascii(s, n, i);
			safe = i > at ? i - 1 : at;
			last = 0;
			if (i == at)
				i += 2;
			continue;
		}
		if (s[i] == 0xd0 ||
		    s[i] == 0xd1) { /* U+0400 to U+047F: letters that stay as they are */
			safe = i;
			last = 0;
			i += 2;
			continue;
		}
		c = char_next(s, n, &i);
		p = char_get(c);
		if (p->flags & CHAR_NFC_ASK || (p->ccc && p->ccc < last)) {
			*ret_safe = p->flags & CHAR_NFC_STARTS ? at : safe;
			return at;
		}
		if (p->flags & CHAR_NFC_STARTS)
			safe = at;
		last = p->ccc;
	}
	return n;
}

/* Where a stretch ends that holds position `at`: before the next character that starts anew. */
static size_t
stretch_end(const uint8_t *s, size_t n, size_t at)
{
	size_t i = at;

	char_next(s, n, &i);
	while (i < n) {
		size_t from = i;

		if (char_get(char_next(s, n, &i))->flags & CHAR_NFC_STARTS)
			return from;
	}
	return n;
}

struct mark {
	uint32_t c, order; /* ccc, then place: sorting by both is stable */
};

static int
mark_compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/* Puts runs of marks in canonical order. ICU does so too, but in time that grows with the
 * square of their number, and a hostile text can have a million of them. */
static uint8_t *
order_marks(const uint8_t *s, size_t n)
{
	struct mark *mark = mem_alloc(n * sizeof *mark);
	uint8_t *ret = mem_alloc(n);
	size_t chars = 0, len = 0;

	for (size_t i = 0; i < n;)
		mark[chars++].c = char_next(s, n, &i);
	for (size_t from = 0, to; from < chars; from = to + (to == from)) {
		for (to = from; to < chars && char_get(mark[to].c)->ccc && to - from < 1 << 24;
		     to++)
			mark[to].order =
			    (uint32_t)char_get(mark[to].c)->ccc << 24 | (uint32_t)(to - from);
		if (to > from)
			qsort(mark + from, to - from, sizeof *mark, mark_compare);
	}
	for (size_t i = 0; i < chars; i++)
		len += char_put(ret + len, mark[i].c);
	free(mark);
	return ret;
}

enum { STRETCH_MANY = 1024 }; /* bytes: beyond, marks are ordered before ICU sees them */

/* Room for one stretch after another. */
struct work {
	UChar *u, *v;
	uint8_t *out;
	size_t cap, out_n;
};

static void
work_done(struct work *w)
{
	free(w->u);
	free(w->v);
	free(w->out);
}

static void
work_room(struct work *w, size_t n)
{
	if (n <= w->cap)
		return;
	w->cap = MAX(n, 2 * w->cap + 256);
	/* NFC makes a string at most three times as long, and a unit is at most three bytes. */
	w->u = mem_grow(w->u, w->cap * sizeof *w->u);
	w->v = mem_grow(w->v, 3 * w->cap * sizeof *w->v);
	w->out = mem_grow(w->out, 9 * w->cap);
}

/* Normalises a stretch into w->out. */
static void
normalise(struct work *w, const UNormalizer2 *nfc, const uint8_t *s, size_t n)
{
	uint8_t *ordered = n > STRETCH_MANY ? order_marks(s, n) : NULL;
	UErrorCode st = U_ZERO_ERROR;
	int32_t u_n, v_n;

	work_room(w, n);
	u_n = (int32_t)utf8_to_utf16(ordered ? ordered : s, n, w->u, NULL);
	v_n = unorm2_normalize(nfc, w->u, u_n, w->v, (int32_t)(3 * w->cap), &st);
	if (U_FAILURE(st)) { /* cannot be, as there is room */
		memcpy(w->out, s, n);
		w->out_n = n;
	} else {
		w->out_n = utf16_to_utf8(w->v, (size_t)v_n, w->out);
	}
	free(ordered);
}

/* Goes through s. With `ret`: appends it normalised. Without: true if that would change
 * nothing, else false, and *ret_safe is where normalising must begin, at the latest. */
static bool
go_through(const uint8_t *s, size_t n, struct buf *ret, size_t *ret_safe)
{
	UErrorCode st = U_ZERO_ERROR;
	const UNormalizer2 *nfc = NULL;
	AUTO_VAL(work) w = { 0 };
	size_t from = 0, safe = 0, at;

	while ((at = first_doubt(s, n, from, &safe)) < n) {
		size_t end = stretch_end(s, n, at);

		if (!nfc)
			nfc = unorm2_getNFCInstance(&st);
		normalise(&w, nfc, s + safe, end - safe);
		if (ret) {
			buf_add(ret, s + from, safe - from);
			buf_add(ret, w.out, w.out_n);
		} else if (w.out_n != end - safe || memcmp(w.out, s + safe, w.out_n)) {
			*ret_safe = safe;
			return false;
		}
		from = end;
	}
	if (ret)
		buf_add(ret, s + from, n - from);
	return true;
}

bool
nfc_is(const uint8_t *s, size_t n, size_t *ret_safe)
{
	return go_through(s, n, NULL, ret_safe);
}

void
nfc_append(const uint8_t *s, size_t n, struct buf *ret)
{
	(void)go_through(s, n, ret, NULL);
}
