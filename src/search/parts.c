/* The terms of a text in parts: what an engine must hold in memory at once has a bound, however
 * long the text is. The text is broken up once, as a whole, so that no word or name is cut
 * where a part ends. Each part begins with the last words of the one before: a phrase stands
 * in one part whole, wherever it is. */
#include "search/private.h"

struct kept { /* a term of those words; its bytes are in `bytes` */
	size_t at, n;
	bool translit;
};

struct parts {
	struct tokens *tokens;
	size_t size, from; /* of a part; where this one begins; in bytes of the text */
	uint64_t words;    /* given so far */

	struct token ahead; /* the first one of the next part */
	bool has_ahead;

	uint64_t keep_from; /* the place from which on words are kept; UINT64_MAX: not yet */
	struct kept *kept;
	size_t n_kept, cap, given; /* given: how many of them this part has given again */
	struct buf bytes;
};

struct parts *
parts_new(void)
{
	struct parts *p = mem_zalloc(sizeof *p);

	p->tokens = tokens_new();
	p->bytes = buf_init(SIZE_MAX / 2);
	return p;
}

void
parts_free(struct parts *p)
{
	if (!p)
		return;
	tokens_free(p->tokens);
	free(p->kept);
	buf_done(&p->bytes);
	free(p);
}

static void
keep_nothing(struct parts *p)
{
	p->n_kept = p->given = 0;
	buf_reset(&p->bytes);
}

void
parts_start(struct parts *p, const char *text, size_t n, size_t size)
{
	tokens_start(p->tokens, text, n);
	keep_nothing(p);
	p->size = size;
	p->from = 0;
	p->words = 0;
	p->has_ahead = false;
	p->keep_from = UINT64_MAX;
}

static void
keep(struct parts *p, const struct token *t)
{
	if (p->n_kept == p->cap)
		p->kept = mem_grow(p->kept, (p->cap = 2 * p->cap + 64) * sizeof *p->kept);
	p->kept[p->n_kept++] =
	    (struct kept){ .at = p->bytes.n, .n = t->n, .translit = t->translit };
	buf_add(&p->bytes, t->term, t->n);
}

/* Once a part is long enough, PART_OVERLAP more words are given and kept. False: t is of the
 * next part. */
static bool
is_of_this(struct parts *p, const struct token *t)
{
	if (p->keep_from == UINT64_MAX) {
		if (t->end - p->from < p->size)
			return true;
		p->keep_from = t->place + 1;
		keep_nothing(p);
	} else if (t->place >= p->keep_from + PART_OVERLAP) {
		p->ahead = *t;
		p->has_ahead = true;
		return false;
	} else if (t->place >= p->keep_from) {
		keep(p, t);
	}
	return true;
}

bool
parts_token(struct parts *p, struct token *ret)
{
	if (p->given < p->n_kept && p->keep_from == UINT64_MAX) {
		const struct kept *k = &p->kept[p->given++];

		*ret = (struct token){ .term = (const char *)p->bytes.p + k->at,
			.n = k->n,
			.translit = k->translit };
		return true;
	}
	if (p->has_ahead) {
		*ret = p->ahead;
		p->has_ahead = false;
	} else if (!tokens_next(p->tokens, ret)) {
		return false;
	}
	if (!is_of_this(p, ret))
		return false;
	p->words += !ret->translit;
	return true;
}

bool
parts_next(struct parts *p)
{
	if (!p->has_ahead)
		return false;
	p->from = p->ahead.start;
	p->keep_from = UINT64_MAX;
	p->given = 0;
	return true;
}

uint64_t
parts_words(const struct parts *p)
{
	return p->words;
}
