/* Which language is it? The script most letters are in; then naive Bayes over runs of three
 * letters, against profiles of the languages (docs/decisions/0004).
 *
 * Everything is constant memory but some arrays on the stack. */
#include <string.h>

#include "text/private.h"
#include "text/profiles.h"

enum {
	BYTES_MAX = 6144,   /* of the text are looked at */
	LETTERS_MAX = 1536, /* letters and edges of words */
	SCRIPTS = 256,
	COUNT_BITS = 12, /* of a table for two features a letter */
	PRIOR = 256,     /* for each step of speakers: 32 bits */
	DOUBT = 128      /* a margin of so much halves the doubt */
};

struct sample {
	uint32_t c[LETTERS_MAX + 2]; /* lower case; ' ' between words, at the start and end */
	size_t n;
	unsigned script[SCRIPTS]; /* letters, by script */
	uint32_t letters, strange;
};

static uint32_t
lower(uint32_t c)
{
	return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c | 32 : c) : (uint32_t)u_tolower((UChar32)c);
}

static void
sample_take(struct sample *sa, const uint8_t *s, size_t n)
{
	sa->c[sa->n++] = ' ';
	n = utf8_cut((const char *)s, n, BYTES_MAX);
	for (size_t i = 0; i < n && sa->n < LETTERS_MAX;) {
		size_t from = i;
		uint32_t c = char_next(s, n, &i);
		const struct char_props *p = char_get(c);

		if (p->flags & CHAR_STRANGE || (c == CHAR_BAD && i == from + 1))
			sa->strange++;
		if (p->flags & CHAR_LETTER) {
			sa->c[sa->n++] = lower(c);
			sa->script[p->script]++;
			sa->letters++;
		} else if (sa->c[sa->n - 1] != ' ') {
			sa->c[sa->n++] = ' ';
		}
	}
	if (sa->c[sa->n - 1] != ' ')
		sa->c[sa->n++] = ' ';
}

/* The script of most letters. A Han character says as much as several letters; marks that
 * belong to all scripts say nothing. */
static int
sample_script(struct sample *sa)
{
	int best = USCRIPT_COMMON;

	sa->script[USCRIPT_HAN] *= 3;
	for (int i = 0; i < SCRIPTS; i++)
		if (i != USCRIPT_COMMON && i != USCRIPT_INHERITED &&
		    sa->script[i] > sa->script[best])
			best = i;
	sa->script[USCRIPT_HAN] /= 3;
	return sa->script[best] ? best : USCRIPT_COMMON;
}

bool
script_is_cjk(int script)
{
	return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
	    script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
}

/* Is c of that script, or a mark that any may have? */
static bool
belongs(uint32_t c, int script)
{
	int own = char_get(c)->script;

	return own == script || own == USCRIPT_INHERITED || own == USCRIPT_COMMON ||
	    (script_is_cjk(own) && script_is_cjk(script));
}

struct counted {
	uint64_t key;
	uint32_t n;
};

static void
count(struct counted *table, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15u) >> (64 - COUNT_BITS);

	while (table[i].n && table[i].key != key)
		i = (i + 1) & ((1u << COUNT_BITS) - 1);
	table[i].key = key;
	table[i].n++;
}

static void
weigh(int32_t *score, uint64_t key, uint32_t n)
{
	size_t i = (key * 0x9e3779b97f4a7c15u) >> (64 - FEATURE_BITS);

	for (; feature_key[i] != key; i = (i + 1) & ((1u << FEATURE_BITS) - 1))
		if (!feature_key[i])
			return;
	for (uint32_t j = feature_start[i]; j < feature_start[i + 1]; j++)
		score[feature_language[j]] += (int32_t)(feature_weight[j] * n);
}

/* Adds up what each language's profile says of the sample's letters of this script. */
static void
sample_score(struct sample *sa, int script, int32_t *score)
{
	struct counted table[1 << COUNT_BITS];
	bool cjk = script_is_cjk(script);

	memset(table, 0, sizeof table);
	for (size_t i = 0; i < sa->n; i++)
		if (!belongs(sa->c[i], script))
			sa->c[i] = ' ';
	for (size_t i = 0; i + 2 < sa->n; i++) {
		uint64_t a = sa->c[i], b = sa->c[i + 1], c = sa->c[i + 2];

		if (b >= 0x80)
			count(table, b);
		if (b != ' ' && !cjk)
			count(table, a << 42 | b << 21 | c);
	}
	for (size_t i = 0; i < LEN(table); i++)
		if (table[i].n)
			weigh(score, table[i].key, table[i].n);
}

void
language_read(const uint8_t *s, size_t n, struct reading *ret)
{
	struct sample sa;
	int32_t score[PROFILES_MAX] = { 0 };
	int script;

	memset(sa.script, 0, sizeof sa.script);
	sa.n = sa.letters = sa.strange = 0;
	sample_take(&sa, s, n);
	script = sample_script(&sa);
	*ret = (struct reading){
		.language = -1, .script = script, .letters = sa.letters, .strange = sa.strange
	};
	if (script == USCRIPT_COMMON)
		return;
	if (script_is_cjk(script))
		ret->kana = sa.script[USCRIPT_HIRAGANA] + sa.script[USCRIPT_KATAKANA];
	sample_score(&sa, script, score);
	for (unsigned i = 0; i < n_profiles; i++) {
		int32_t prior = score[i] ? (int32_t)(profiles[i].speakers * PRIOR) : 0;

		ret->score = MAX(ret->score, score[i]);
		score[i] += prior;
		if (score[i] > ret->best) {
			ret->second = ret->best;
			ret->best = score[i];
			ret->language = (int)i;
		} else if (score[i] > ret->second) {
			ret->second = score[i];
		}
	}
}

/* Letters that one language of a script has alone, where there is no text to learn from. */
static const char *
by_letters(const char *text, size_t n, int script)
{
	static const struct {
		const char *tag, *letters;
	} own[] = {
		{ "ckb", "ڵڕێ" },       /* Sorani */
		{ "sd", "ڀٺٿڃڇڊڏڙڦڱ" }, /* Sindhi; what Seraiki shares is left out */
	};
	unsigned seen[LEN(own)] = { 0 }, all = 0;

	if (script != USCRIPT_ARABIC)
		return NULL;
	n = utf8_cut(text, n, BYTES_MAX);
	for (size_t i = 0; i < n; all++) {
		uint32_t c = char_next((const uint8_t *)text, n, &i);

		for (size_t j = 0; j < LEN(own); j++)
			for (size_t k = 0; k < strlen(own[j].letters);)
				seen[j] += char_next((const uint8_t *)own[j].letters,
					       strlen(own[j].letters), &k) == c;
	}
	for (size_t j = 0; j < LEN(own); j++)
		if (seen[j] * 60 > all)
			return own[j].tag;
	return NULL;
}

/* The margin over the next language as percent: 50 if there is none. */
static unsigned
percent(const struct reading *r)
{
	int32_t halvings = (r->best - r->second) / DOUBT;
	unsigned rest = 50;

	for (; halvings > 0 && rest > 1; halvings--)
		rest /= 2;
	return 100 - rest;
}

enum {
	WEIGHT_MIN = 10,  /* of a letter, on average: below, no profile knows the text */
	LETTERS_MIN = 12, /* below, every word is one of some language: names, codes, damage */
	CJK_LETTERS = 4   /* that a character of Chinese, Japanese or Korean says as much as */
};

static bool
is_enough(const struct reading *r)
{
	return r->letters * (script_is_cjk(r->script) ? CJK_LETTERS : 1) >= LETTERS_MIN;
}

void
text_language(const char *text, size_t n, struct text_language *ret)
{
	struct text_language l = { .tag = "und" };
	struct reading r;
	const char *tag = NULL;

	language_read((const uint8_t *)text, n, &r);
	memcpy(l.script, script_name[r.script], sizeof l.script);
	if (!is_enough(&r)) {
		tag = NULL;
	} else if (r.kana * 20 > r.letters) {
		tag = "ja";
		memcpy(l.script, "Jpan", 5);
		l.confidence = 99;
	} else if (r.language >= 0 && r.score / WEIGHT_MIN >= (int32_t)r.letters) {
		tag = by_letters(text, n, r.script);
		if (!tag)
			tag = profiles[r.language].tag;
		l.confidence = percent(&r);
	}
	if (tag && !strncmp(tag, "zh-", 3))
		memcpy(l.script, tag + 3, 5);
	if (tag)
		memcpy(l.tag, tag, MIN(strlen(tag) + 1, sizeof l.tag));
	*ret = l;
}
