/* match/name: a name taken apart: its words without legal form and titles, what is known of
 * them, its key. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/private.h"

struct matcher *
matcher_new(void)
{
	struct matcher *m = mem_zalloc(sizeof *m);

	m->tokens = tokens_new();
	m->arena = arena_new();
	m->scratch = arena_new();
	table_load(m);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	tokens_free(m->tokens);
	arena_free(m->arena);
	arena_free(m->scratch);
	free(m->slots);
	free(m);
}

uint32_t
letter_next(const char **s)
{
	const uint8_t *p = (const uint8_t *)*s;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	if (!p[0])
		return 0;
	for (size_t i = 1; i < n && (p[i] & 0xc0) == 0x80; i++)
		c = c << 6 | (p[i] & 0x3f);
	for (n = 1; ((*s)[n] & 0xc0) == 0x80;)
		n++;
	*s += n;
	return c;
}

static uint32_t
first_letter(const char *s)
{
	return letter_next(&s);
}

static bool
is_han(uint32_t c)
{
	return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
	    (c >= 0x20000 && c <= 0x3ffff);
}

static bool
is_hangul(uint32_t c)
{
	return c >= 0xac00 && c <= 0xd7a3;
}

/* Hebrew, Arabic, Syriac: vowels are mostly not written. */
static bool
is_abjad(uint32_t c)
{
	return (c >= 0x590 && c <= 0x77f) || (c >= 0xfb1d && c <= 0xfefc);
}

/* A word being read, of which the tokens come one by one. */
static const char *
without_stops(struct arena *a, const char *s, size_t n)
{
	char *out = arena_strn(a, s, n);
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (s[i] != '.' && s[i] != '\'')
			out[k++] = s[i];
	out[k] = '\0';
	return out;
}

static void
begin_word(struct arena *a, struct word *w, const struct token *t, const char *name)
{
	uint32_t c;

	*w = (struct word){ .start = t->start, .end = t->end };
	w->plain = without_stops(a, t->term, t->n);
	c = first_letter(w->plain);
	w->han = is_han(c);
	w->hangul = is_hangul(c);
	w->abjad = is_abjad(c);
	/* The Arabic article is written together with its word; words that begin with a hamza (folded
	 * away) only look like that. */
	if (strncmp(name + t->start, "ال", 4) == 0 && strlen(w->plain) >= 8 &&
	    strncmp(w->plain, "ال", 4) == 0 && strcmp(w->plain, "الله") != 0) {
		w->plain += 4;
		w->article = true;
	}
	if ((uint8_t)w->plain[0] < 0x80)
		w->latin[w->n_latin++] = w->plain;
}

/* The first form of a Chinese word is all of it, in pinyin; then come its syllables, if there
 * are several. */
static void
add_chinese(struct arena *a, struct word *w, const char *form)
{
	char wade[WADE_MAX];

	wade_of(form, wade);
	if (!w->n_latin) {
		w->latin[w->n_latin++] = form;
		w->wade = arena_str(a, wade);
		return;
	}
	w->wade = arena_printf(a, "%s%s", w->syllables ? w->wade : "", wade);
	w->syllables = true;
}

/* Another form: the word without elided article or 's; else its Latin letters. Forms that join it to
 * the next word are no forms of it, nor are the syllables of a Chinese word. */
static void
add_form(struct arena *a, struct word *w, const struct token *t)
{
	const char *form;

	if (t->start != w->start || t->end != w->end || (w->hangul && w->n_latin))
		return;
	form = without_stops(a, t->term, t->n);
	if (w->han) {
		add_chinese(a, w, form);
		return;
	}
	if ((uint8_t)w->plain[0] < 0x80) {
		w->plain = w->latin[0] = form;
		return;
	}
	if (w->article && strncmp(form, "al", 2) == 0)
		form += 2;
	if (w->n_latin < UNIT_FORMS)
		w->latin[w->n_latin++] = form;
}

static size_t
read_words(struct matcher *m, struct arena *a, const char *name, struct word words[NAME_WORDS])
{
	struct token t;
	size_t n = 0;

	tokens_start(m->tokens, name, strlen(name));
	while (tokens_next(m->tokens, &t)) {
		if (t.translit) {
			if (n)
				add_form(a, &words[n - 1], &t);
			continue;
		}
		if (n == NAME_WORDS)
			break;
		begin_word(a, &words[n], &t, name);
		n += words[n].plain[0] != '\0';
	}
	for (size_t i = 0; i < n; i++) {
		struct word *w = &words[i];

		if (!w->n_latin)
			w->latin[w->n_latin++] = w->plain;
		if (w->wade && strcmp(w->wade, w->latin[0]) != 0)
			w->latin[w->n_latin++] = w->wade;
	}
	return n;
}

/* What is known of the n words from w on, taken together. */
static struct known
known_of(const struct matcher *m, const struct word *w, size_t n)
{
	char phrase[PHRASE_WORDS * (TOKEN_MAX + 1)];
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += (size_t)snprintf(
		    phrase + k, sizeof phrase - k, "%s%s", i ? " " : "", w[i].plain);
	return phrase_get(m, phrase);
}

static size_t
letters_in(const struct word *w, size_t n)
{
	size_t letters = 0;

	for (size_t i = 0; i < n; i++)
		for (const char *s = w[i].plain; letter_next(&s);)
			letters++;
	return letters;
}

/* The words of a name that are left: from `from` to `to`. */
struct range {
	size_t from, to;
};

/* Legal forms at the end, of which the last one counts, and if there is none, one at the beginning (of
 * two letters it may be anything). */
static void
strip_forms(
    const struct matcher *m, const struct word *w, struct range *r, struct match_name *ret)
{
	for (size_t n = PHRASE_WORDS; n > 0; n--) {
		struct known k;

		if (r->to - r->from <= n || !(k = known_of(m, w + r->to - n, n)).form)
			continue;
		if (!ret->form) {
			ret->form = k.form;
			ret->form_kind = k.kind;
		}
		r->to -= n;
		n = PHRASE_WORDS + 1;
	}
	for (size_t n = PHRASE_WORDS; n > 0 && !ret->form; n--) {
		struct known k;

		if (r->to - r->from <= n || !(k = known_of(m, w + r->from, n)).form ||
		    letters_in(w + r->from, n) < 3)
			continue;
		ret->form = k.form;
		ret->form_kind = k.kind;
		r->from += n;
	}
}

/* n words of the `all` that there are; one that can be a name must leave two others. */
static bool
is_title(const struct matcher *m, const struct word *w, size_t n, size_t all, unsigned where)
{
	unsigned title = n < all ? known_of(m, w, n).title : 0;

	return title & where && (!(title & TITLE_UNSURE) || all - n >= 2);
}

static void
strip_titles(const struct matcher *m, const struct word *w, struct range *r)
{
	for (size_t n = PHRASE_WORDS; n > 0; n--)
		if (is_title(m, w + r->from, n, r->to - r->from, TITLE_BEFORE)) {
			r->from += n;
			n = PHRASE_WORDS + 1;
		}
	for (size_t n = PHRASE_WORDS; n > 0; n--)
		if (r->to - r->from > n &&
		    is_title(m, w + r->to - n, n, r->to - r->from, TITLE_AFTER)) {
			r->to -= n;
			n = PHRASE_WORDS + 1;
		}
}

static struct beginning
beginning_of(const struct matcher *m, const struct word *w)
{
	uint16_t concept = known_of(m, w, 1).concept;

	return (struct beginning){ .first = first_letter(w->plain),
		.latin = w->latin[0][0],
		.stop = concept == CONCEPT_STOP || concept == CONCEPT_AND };
}

/* The abbreviation that stands beside the name that it abbreviates: "Human Rights Watch (HRW)". */
static void
strip_acronym(const struct matcher *m, const struct word *w, struct range *r)
{
	struct beginning b[NAME_WORDS];
	size_t n = r->to - r->from;

	if (n < 3)
		return;
	for (size_t i = 0; i < n; i++)
		b[i] = beginning_of(m, &w[r->from + i]);
	if (acronym_run(w[r->to - 1].plain, b, n - 1) == n - 1)
		r->to--;
	else if (acronym_run(w[r->from].plain, b + 1, n - 1) == n - 1)
		r->from++;
}

static float
weight_of(const struct unit *u, enum match_kind kind, bool particle)
{
	if (kind == MATCH_PERSON)
		return particle || u->initial ? 0.3f : 1;
	if (u->concept == CONCEPT_STOP || u->concept == CONCEPT_AND)
		return 0;
	if (u->concept)
		return 0.4f;
	if (u->initial)
		return 0.5f;
	return strlen(u->latin[0]) < 3 && !u->han && !u->number ? 0.6f : 1;
}

static void
make_unit(struct arena *a, struct unit *u, const struct word *w, size_t n, struct known k,
    enum match_kind kind)
{
	*u = (struct unit){ .plain = w->plain, .han = w->han, .abjad = w->abjad };
	u->concept = k.concept;
	u->n_latin = n == 1 ? w->n_latin : 1;
	for (size_t i = 0; i < u->n_latin; i++)
		u->latin[i] = w->latin[i];
	for (size_t i = 1; i < n; i++) {
		u->plain = arena_printf(a, "%s %s", u->plain, w[i].plain);
		u->latin[0] = arena_printf(a, "%s%s", u->latin[0], w[i].latin[0]);
	}
	for (size_t i = 0; i < u->n_latin; i++) {
		u->sound[i] = sound_of(a, u->latin[i], w->abjad);
		u->bones[i] = bones_of(a, u->sound[i]);
		u->letters[i] = letter_mask(u->latin[i]);
		u->sounds[i] = letter_mask(u->sound[i]);
	}
	u->number = u->plain[0] >= '0' && u->plain[0] <= '9';
	u->initial = letters_in(w, n) == 1 && !u->han && !u->number;
	u->weight = weight_of(u, kind, k.particle);
}

/* Words of a person's name mean nothing but themselves. */
static struct known
unit_of(const struct matcher *m, const struct word *w, size_t n, enum match_kind kind)
{
	struct known k = known_of(m, w, n);

	if (kind == MATCH_PERSON)
	k.concept = CONCEPT_NONE;
	return k;
}

static void
make_units(const struct matcher *m, struct arena *a, const struct word *w, struct range r,
    struct match_name *ret)
{
	ret->units = arena_alloc(a, (r.to - r.from) * sizeof *ret->units);
	ret->words = arena_alloc(a, (r.to - r.from) * sizeof *ret->words);
	for (size_t i = r.from; i < r.to;) {
		size_t n = MIN(PHRASE_WORDS, r.to - i);

		while (n > 1 && unit_of(m, w + i, n, ret->kind).concept < CONCEPT_FIRST)
			n--;
		make_unit(a, &ret->units[ret->n], w + i, n, unit_of(m, w + i, n, ret->kind),
		    ret->kind);
		for (size_t k = 0; k < n; k++, i++) {
			ret->words[ret->n_words] = beginning_of(m, &w[i]);
			ret->words[ret->n_words++].unit = (uint8_t)ret->n;
		}
		ret->n++;
	}
}

/* Words are cut at TOKEN_MAX bytes and names at NAME_WORDS words: what was cut off may differ, so such
 * names are the same only if all of them is. */
static bool
is_cut(const struct word *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(w[i].plain) + 8 > TOKEN_MAX)
			return true;
	return n == NAME_WORDS;
}

/* Chinese and Japanese words need no space between them. */
static void
make_key(const struct matcher *m, struct arena *a, const char *name, const struct word *w,
    struct range r, struct match_name *ret)
{
	AUTO_VAL(buf) out = buf_init(NAME_WORDS * (TOKEN_MAX + 1) + 64);

	for (size_t i = r.from; i < r.to; i++) {
		if (ret->kind != MATCH_PERSON && known_of(m, &w[i], 1).concept == CONCEPT_AND)
			continue;
		if (out.n && !(w[i].han && w[i - 1].han))
			buf_byte(&out, ' ');
		buf_str(&out, w[i].plain);
	}
	if (ret->form && out.n)
		buf_printf(&out, " /%s", m->forms[ret->form]);
	if (out.n && is_cut(w, r.to))
		buf_printf(&out, " #%016" PRIx64, phrase_hash(name));
	ret->key = arena_str(a, buf_peek(&out));
}

/* "Family, Given" to "Given Family"; but "Ann Lee, PhD" stays. */
static const char *
turn_comma(struct matcher *m, struct arena *a, const char *name)
{
	static const char *const commas[] = { ",", "،", "、", "，" };
	struct word after[NAME_WORDS];

	for (size_t i = 0; i < LEN(commas); i++) {
		const char *at = strstr(name, commas[i]),
			   *rest = at ? at + strlen(commas[i]) : "";
		size_t n = at && !strstr(rest, commas[i]) ? read_words(m, a, rest, after) : 0;

		if (n && !known_of(m, after, MIN(n, PHRASE_WORDS)).title &&
		    !(known_of(m, after, 1).title & TITLE_AFTER))
			return arena_printf(a, "%s %.*s", rest, (int)(at - name), name);
	}
	return name;
}

/* A name of two to four characters, written without a space as in China and Korea: the family name,
 * of one character, and the given name. */
static const char *
part_characters(struct arena *a, const char *name)
{
	const char *s = name, *given = NULL;
	size_t n = 0;

	for (uint32_t c; (c = letter_next(&s)); n++) {
		if (!is_hangul(c) && (!is_han(c) || c < 0x3400))
			return name;
		if (!n)
			given = s;
	}
	return n < 2 || n > 4 ? name :
				arena_printf(a, "%.*s %s", (int)(given - name), name, given);
}

/* Other Latin forms of a family name, which is the first word. */
static void
add_readings(const struct matcher *m, struct arena *a, struct word *w)
{
	const char *s = w->han || w->hangul ? known_of(m, w, 1).readings : NULL;

	for (size_t n; s && *s && w->n_latin < UNIT_FORMS; s += n + (s[n] == ' ')) {
		n = strcspn(s, " ");
		w->latin[w->n_latin++] = arena_strn(a, s, n);
	}
}

/* Chinese and Korean names have the family name first, of one character. */
static void
part_family_name(struct matcher *m, struct arena *a, const char *name,
    struct word words[NAME_WORDS], struct range *r)
{
	const char *bare, *parted;

	if (r->from == r->to)
		return;
	bare = arena_strn(m->scratch, name + words[r->from].start,
	    words[r->to - 1].end - words[r->from].start);
	parted = part_characters(m->scratch, bare);
	if (parted != bare) {
		r->from = 0;
		r->to = read_words(m, a, parted, words);
	}
	add_readings(m, a, &words[r->from]);
}

const struct match_name *
match_read(struct matcher *m, struct arena *a, enum match_kind kind, const char *name)
{
	struct match_name *ret = arena_alloc(a, sizeof *ret);
	struct word words[NAME_WORDS];
	struct range r = { 0, 0 };

	ret->kind = kind;
	if (kind == MATCH_PERSON)
		name = turn_comma(m, m->scratch, name);
	r.to = read_words(m, a, name, words);
	if (kind == MATCH_ORGANISATION) {
		strip_acronym(m, words, &r);
		strip_forms(m, words, &r, ret);
		strip_acronym(m, words, &r);
	}
	if (kind == MATCH_PERSON) {
		strip_titles(m, words, &r);
		part_family_name(m, a, name, words, &r);
	}
	make_key(m, a, name, words, r, ret);
	make_units(m, a, words, r, ret);
	joined_make(a, m->scratch, ret);
	blocks_make(a, ret);
	arena_reset(m->scratch);
	return ret;
}

const char *
match_key(const struct match_name *n)
{
	return n->key;
}

size_t
match_blocks(const struct match_name *n, const char *const **ret)
{
	*ret = n->blocks;
	return n->n_blocks;
}
