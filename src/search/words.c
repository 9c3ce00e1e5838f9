/* The words of a query or of a name, folded, and phrases in the token stream of a text. */
#include "search/private.h"

void
phrase_fold(struct arena *a, struct tokens *t, const char *text, size_t n, struct phrase *ret)
{
	struct token tok;
	size_t cap = 0;

	*ret = (struct phrase){ 0 };
	tokens_start(t, text, n);
	while (tokens_next(t, &tok)) {
		if (tok.translit)
			continue;
		if (ret->n == cap) {
			struct folded *more =
			    arena_alloc(a, (cap = 2 * cap + 4) * sizeof *more);

			if (ret->n)
				memcpy(more, ret->terms, ret->n * sizeof *more);
			ret->terms = more;
		}
		ret->terms[ret->n++] = (struct folded){ arena_strn(a, tok.term, tok.n), tok.n };
	}
}

const char *
text_composed(struct arena *a, const char *s, size_t *ret_n)
{
	static const struct text_encoding utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) b = buf_init(SIZE_MAX / 2);
	struct err ignored;
	bool same = true;

	*ret_n = strlen(s);
	if (!text_decode(s, *ret_n, &utf8, &b, &same, &ignored) || same)
		return s;
	*ret_n = b.n;
	return arena_strn(a, buf_peek(&b), b.n);
}

void
phrases_collect(const struct node *n, bool wanted, struct phrase *ret, size_t *ret_n)
{
	if (n->kind == NODE_WORDS && wanted)
		ret[(*ret_n)++] = n->phrase;
	for (const struct node *c = n->child; c; c = c->next)
		phrases_collect(c, n->kind == NODE_NOT ? !wanted : wanted, ret, ret_n);
}

/* Bit i of a phrase's state: its terms 0 to i stand at the places that end here. */
struct scan {
	const struct phrase *phrases;
	size_t n;
	uint64_t state[PHRASES_MAX], hit[PHRASES_MAX];
	size_t start[64];        /* of the words at the last 64 places */
	size_t end[PHRASES_MAX]; /* of what matched each phrase's last term at `place` */
	uint64_t place;
	bool first[256]; /* bytes that a term begins with */
	bool (*on)(void *arg, const struct span *s);
	void *arg;
};
_Static_assert(QUERY_TERMS_MAX <= 64, "a phrase's state is 64 bits");

static void
note_hits(struct scan *x, const struct token *t)
{
	if (!t->n || !x->first[(unsigned char)*t->term])
		return;
	for (size_t i = 0; i < x->n; i++) {
		const struct phrase *p = &x->phrases[i];

		for (size_t j = 0; j < p->n; j++) {
			bool prefix = p->prefix && j == p->n - 1;
			const struct folded *w = &p->terms[j];

			if ((prefix ? t->n < w->n : t->n != w->n) ||
			    memcmp(t->term, w->s, w->n))
				continue;
			x->hit[i] |= (uint64_t)1 << j;
			if (j == p->n - 1)
				x->end[i] = MAX(x->end[i], (size_t)t->end);
		}
	}
}

/* All tokens of a place are known: moves each phrase one place on. */
static bool
end_place(struct scan *x)
{
	for (size_t i = 0; i < x->n; i++) {
		size_t last = x->phrases[i].n - 1;
		struct span s = { .end = x->end[i], .phrase = (unsigned)i };

		x->state[i] = (x->state[i] << 1 | 1) & x->hit[i];
		x->hit[i] = 0;
		x->end[i] = 0;
		if (!(x->state[i] >> last & 1))
			continue;
		s.start = x->start[(x->place - last) % LEN(x->start)];
		if (!x->on(x->arg, &s))
			return false;
	}
	return true;
}

void
scan_text(struct tokens *t, const char *text, size_t n, const struct phrase *phrases,
    size_t n_phrases, bool (*on)(void *arg, const struct span *s), void *arg)
{
	struct scan x = { .phrases = phrases, .n = n_phrases, .on = on, .arg = arg };
	struct token tok;
	bool any = false;

	for (size_t i = 0; i < n_phrases; i++)
		for (size_t j = 0; j < phrases[i].n; j++)
			x.first[(unsigned char)*phrases[i].terms[j].s] = true;
	tokens_start(t, text, n);
	while (tokens_next(t, &tok)) {
		if (any && tok.place != x.place && !end_place(&x))
			return;
		any = true;
		x.place = tok.place;
		x.start[tok.place % LEN(x.start)] = tok.start;
		note_hits(&x, &tok);
	}
	if (any)
		end_place(&x);
}
