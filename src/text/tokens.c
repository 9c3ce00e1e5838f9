/* Tokens: the words of a text, folded, each followed by its other forms at the same place:
 * in Latin letters if it is written in others; without the elided article or the 's of
 * Latin scripts, since people look for the bare word. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/words_private.h"

struct word {
	size_t start, end;
	bool plain;
};

struct tokens {
	struct words words;
	struct word ahead;
	bool has_ahead;
	uint64_t place; /* of the next word */

	char term[TOKEN_MAX + 8];
	struct token main; /* the word whose forms come next */
	struct forms forms;
	size_t form_end[FORM_MAX]; /* where the text ends that a form stands for */
	unsigned next_form;
	struct latin *latin; /* made when first needed */
};

struct tokens *
tokens_new(void)
{
	return mem_zalloc(sizeof(struct tokens));
}

void
tokens_free(struct tokens *t)
{
	if (!t)
		return;
	words_done(&t->words);
	latin_free(t->latin);
	free(t);
}

void
tokens_start(struct tokens *t, const char *text, size_t n)
{
	words_start(&t->words, (const uint8_t *)text, MIN(n, UINT32_MAX));
	if (t->latin)
		latin_start(t->latin);
	t->has_ahead = false;
	t->place = 0;
	t->forms.count = t->next_form = 0;
}

void
forms_add(struct forms *f, const char *s, size_t n)
{
	n = utf8_cut(s, n, TOKEN_MAX);
	if (!n || f->count == FORM_MAX)
		return;
	for (unsigned i = 0; i < f->count; i++)
		if (f->n[i] == n && !memcmp(f->s[i], s, n))
			return;
	memcpy(f->s[f->count], s, n);
	f->s[f->count][n] = 0;
	f->n[f->count++] = (uint8_t)n;
}

static bool
word_next(struct tokens *t, struct word *ret)
{
	if (t->has_ahead) {
		*ret = t->ahead;
		t->has_ahead = false;
		return true;
	}
	return words_next(&t->words, &ret->start, &ret->end, &ret->plain);
}

static bool
word_peek(struct tokens *t, struct word *ret)
{
	if (!t->has_ahead &&
	    !words_next(&t->words, &t->ahead.start, &t->ahead.end, &t->ahead.plain))
		return false;
	t->has_ahead = true;
	*ret = t->ahead;
	return true;
}

/* Articles and pronouns that French, Italian, Catalan and Occitan elide before an apostrophe. */
static bool
is_elision(const char *s, size_t n)
{
	static const char list[] =
	    " c d j l m n s t all d dall dell jusqu lorsqu nell puisqu qu "
	    "quell quoiqu sull un ";
	char spaced[16];

	if (n + 3 > sizeof spaced)
		return false;
	spaced[0] = ' ';
	memcpy(spaced + 1, s, n);
	spaced[n + 1] = ' ';
	spaced[n + 2] = 0;
	return strstr(list, spaced);
}

/* Part of a term, which may now begin or end with what a term does not. */
static void
add_part(struct forms *f, const char *s, size_t n)
{
	char part[TOKEN_MAX + 8];

	forms_add(f, part, fold_word((const uint8_t *)s, n, part, TOKEN_MAX));
}

/* u.n: un. Letters with a stop after each but the last. */
static void
acronym_form(struct tokens *t)
{
	char letters[TOKEN_MAX];
	size_t n = 0;

	for (size_t i = 0; i < t->main.n; i++) {
		char c = t->main.term[i];

		if (i % 2 ? c != '.' : c < 'a' || c > 'z')
			return;
		if (i % 2 == 0)
			letters[n++] = c;
	}
	if (n > 1)
		forms_add(&t->forms, letters, n);
}

/* l'homme: homme; china's: china. */
static void
bare_forms(struct tokens *t)
{
	const char *s = t->main.term, *mark = memchr(s, '\'', t->main.n);
	size_t before = mark ? (size_t)(mark - s) : 0, after;

	acronym_form(t);
	if (!mark)
		return;
	after = t->main.n - before - 1;
	if (after > 1 && is_elision(s, before))
		add_part(&t->forms, mark + 1, after);
	if (t->main.n > 2 && !memcmp(s + t->main.n - 2, "'s", 2) && before == t->main.n - 2)
		add_part(&t->forms, s, before);
}

/* One Han character, or one Tibetan syllable: then *ret_gap is what stands between it and
 * the next of a name. */
static bool
is_part(const struct tokens *t, struct word w, int *ret_script, const char **ret_gap)
{
	const uint8_t *s = t->words.s;
	size_t i = w.start;

	*ret_script = char_get(char_next(s, t->words.n, &i))->script;
	*ret_gap = *ret_script == USCRIPT_HAN ? "" : "་";
	return *ret_script == USCRIPT_TIBETAN || (*ret_script == USCRIPT_HAN && i == w.end);
}

/* A name of two characters or syllables, in Latin letters one word: lhasa, xiaobo. */
static void
joined_form(struct tokens *t, struct word w)
{
	struct forms two = { 0 };
	char both[2 * TOKEN_MAX + 1], term[TOKEN_MAX + 8];
	const char *gap, *other_gap, *name;
	struct word next;
	int script, other;
	size_t n, one, gap_n;

	if (!t->forms.count || !is_part(t, w, &script, &gap) || !word_peek(t, &next))
		return;
	gap_n = strlen(gap);
	if (!is_part(t, next, &other, &other_gap) || other != script ||
	    next.start - w.end != gap_n || memcmp(t->words.s + w.end, gap, gap_n))
		return;
	n = fold_word(t->words.s + next.start, next.end - next.start, term, TOKEN_MAX);
	latin_word(t->latin, t->words.s + next.start, next.end - next.start, term, n, &two);
	if (!two.count)
		return;
	one = t->forms.n[0];
	memcpy(both, t->forms.s[0], one);
	memcpy(both + one, two.s[0], two.n[0]);
	name = script == USCRIPT_TIBETAN ? tibetan_name(t->forms.s[0], two.s[0]) : NULL;
	for (n = t->forms.count; n < FORM_MAX; n++)
		t->form_end[n] = next.end;
	forms_add(&t->forms, both, one + two.n[0]);
	if (name)
		forms_add(&t->forms, name, strlen(name));
}

/* عبد الله: two words, in Latin letters one name. */
static void
joined_name(struct tokens *t, struct word w)
{
	char term[TOKEN_MAX + 8];
	struct word next;
	size_t n;

	if (!names_arabic_begins(t->main.term, t->main.n) || !word_peek(t, &next) ||
	    next.start != w.end + 1 || t->words.s[w.end] != ' ')
		return;
	n = fold_word(t->words.s + next.start, next.end - next.start, term, TOKEN_MAX);
	for (unsigned i = t->forms.count; i < FORM_MAX; i++)
		t->form_end[i] = next.end;
	names_arabic_joined(term, n, &t->forms);
}

/* The other forms of the word at t->main. */
static void
make_forms(struct tokens *t, struct word w)
{
	for (unsigned i = 0; i < FORM_MAX; i++)
		t->form_end[i] = w.end;
	bare_forms(t);
	for (size_t i = 0; i < t->main.n; i++)
		if ((uint8_t)t->main.term[i] >= 0x80) {
			if (!t->latin)
				t->latin = latin_new();
			latin_word(t->latin, t->words.s + w.start, w.end - w.start,
			    t->main.term, t->main.n, &t->forms);
			joined_form(t, w);
			joined_name(t, w);
			return;
		}
}

static void
lower_ascii(const uint8_t *s, size_t n, char *to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(s[i] | ((uint8_t)(s[i] - 'A') < 26 ? 32 : 0));
}

bool
tokens_next(struct tokens *t, struct token *ret)
{
	struct word w;

	if (t->next_form < t->forms.count) {
		unsigned i = t->next_form++;

		*ret = t->main;
		ret->term = t->forms.s[i];
		ret->n = t->forms.n[i];
		ret->end = (uint32_t)t->form_end[i];
		ret->translit = true;
		return true;
	}
	t->forms.count = t->next_form = 0;
	for (;;) {
		size_t n;

		if (!word_next(t, &w))
			return false;
		n = w.end - w.start;
		if (w.plain) {
			n = MIN(n, TOKEN_MAX);
			lower_ascii(t->words.s + w.start, n, t->term);
		} else {
			n = fold_word(t->words.s + w.start, n, t->term, TOKEN_MAX);
		}
		if (!n)
			continue; /* nothing but marks and apostrophes */
		t->main = (struct token){ .term = t->term,
			.n = n,
			.place = t->place++,
			.start = (uint32_t)w.start,
			.end = (uint32_t)w.end };
		if (!w.plain)
			make_forms(t, w);
		*ret = t->main;
		return true;
	}
}
