/* Which language is it? The script most letters are in; then naive Bayes over the runs of one to
 * four letters of that script, against the model (model.h, docs/decisions/0004).
 *
 * What no class of the model fits well is "und": the runs of three and four letters, which
 * gibberish hits by chance only, must weigh a good part of what they do in that language's own
 * texts. How good a part: docs/text.md.
 *
 * Everything is constant memory but some arrays on the stack. */
#include <string.h>

#include "text/model.h"
#include "text/sample.h"
#include "text/weigh.h"

enum {
	BLOCK = 96, /* letters, after which it is looked whether more are needed */
	SURE = 30 * MODEL_SCALE,
	PRIOR = 12 * MODEL_SCALE, /* for each step of those who write it */
	DOUBT = 6 * MODEL_SCALE,  /* a margin of so much halves the doubt */
	LETTERS_MIN = 12, /* below, every word is one of some language: names, codes, damage */
	CJK_LETTERS = 4,  /* that a character of Chinese, Japanese or Korean says as much as */
	/* Percent of a class's own fit. What a margin of one nat a letter adds; less, as much less. */
	AHEAD = 40,
	FIT_SHORT = 34, /* with AHEAD: texts of some words, in a language that many write; */
	FIT_LONG = 56,  /* of FIT_LETTERS and more */
	FIT_LETTERS = 400,
	FIT_LEAST = 12,
	FIT_RARE = 135, /* percent of these, without AHEAD, for a language that few write; */
	FIT_AHEAD = 85, /* and that much with it */
	FIT_ALONE =
	    5 /* of a script that few languages share: a strange topic, no other language */
};

static void
weigh_run(const struct model *m, uint64_t key, unsigned order, struct weighed *w)
{
	uint32_t print = model_print(key), mask = (1u << m->bits) - 1;
	uint32_t i = (uint32_t)(key >> (64 - m->bits));
	uint32_t *sum = order < 2 ? w->low : w->high;

	for (; m->slot[i].print != print; i = (i + 1) & mask)
		if (!m->slot[i].print)
			return;
	w->known[order]++;
	for (uint32_t j = m->slot[i].start; j < m->slot[i + 1].start; j++)
		sum[m->language[j]] += m->weight[j];
}

void
weigh(const struct model *m, const struct sample *sa, size_t from, size_t to, struct weighed *w)
{
	for (size_t i = from; i < to; i++) {
		uint64_t key = 0;

		for (unsigned order = 0; order < MODEL_ORDERS && i + order < sa->n; order++) {
			uint32_t c = sa->c[i + order];

			key = model_key(key, c);
			if (c >= 0x80 || order)
				weigh_run(m, key, order, w);
			if (c == ' ' && order)
				break;
		}
	}
}

struct best {
	int class;      /* -1 if no class knows any of it */
	int64_t margin; /* over the best of another tag; MODEL_SCALE a nat */
};

static int64_t
total(const struct model *m, const struct weighed *w, unsigned c)
{
	int64_t sum = (int64_t)(w->low[c] + w->high[c]) * MODEL_BASE;

	for (unsigned o = 0; o < MODEL_ORDERS; o++)
		sum += (int64_t)m->class[c].base[o] * w->known[o];
	return sum / MODEL_BASE + m->class[c].step * PRIOR;
}

static struct best
best_of(const struct model *m, const struct weighed *w)
{
	int64_t sum[MODEL_CLASSES], second = INT64_MIN / 2;
	int best = -1;

	for (unsigned c = 0; c < m->n; c++) {
		sum[c] = w->low[c] + w->high[c] ? total(m, w, c) : INT64_MIN / 2;
		if (sum[c] > (best < 0 ? INT64_MIN / 2 : sum[best]))
			best = (int)c;
	}
	for (unsigned c = 0; best >= 0 && c < m->n; c++)
		if (sum[c] > second && strcmp(m->class[c].tag, m->class[best].tag) != 0)
			second = sum[c];
	return (struct best){ best, best < 0 ? 0 : MIN(sum[best] - second, INT32_MAX) };
}

/* Weighs block after block until one tag is far ahead. */
static struct best
find(const struct model *m, const struct sample *sa, struct weighed *w)
{
	struct best b = { -1, 0 };

	memset(w, 0, sizeof *w);
	for (size_t at = 0; at < sa->n && b.margin < SURE; at += BLOCK) {
		w->letters = (uint32_t)MIN(at + BLOCK, sa->n);
		weigh(m, sa, at, w->letters, w);
		b = best_of(m, w);
	}
	return b;
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
percent(int64_t margin)
{
	int64_t halvings = margin / DOUBT;
	unsigned rest = 50;

	for (; halvings > 0 && rest > 1; halvings--)
		rest /= 2;
	return 100 - rest;
}

static bool
is_enough(const struct sample *sa, int script)
{
	return sa->letters * (script_is_cjk(script) ? CJK_LETTERS : 1) >= LETTERS_MIN;
}

/* Does the text fit that class? One that few write must fit better, or be far ahead of all
 * others: a language that was never learned is taken for a neighbour, but for several alike. */
static bool
fits(const struct model *m, const struct weighed *w, const struct best *b, int script)
{
	const struct model_class *c = &m->class[b->class];
	int64_t n = w->letters, fit = (int64_t)w->high[b->class] * 100 / MAX(1, c->fit * n);
	int64_t ahead = MIN(b->margin * AHEAD / (n * MODEL_SCALE), AHEAD);
	int64_t need = FIT_SHORT + (FIT_LONG - FIT_SHORT) * MIN(n, FIT_LETTERS) / FIT_LETTERS;

	if (script_is_cjk(script))
		return true;
	if (script != USCRIPT_LATIN && script != USCRIPT_CYRILLIC && script != USCRIPT_ARABIC &&
	    script != USCRIPT_DEVANAGARI)
		return fit >= FIT_ALONE;
	if (c->step)
		return fit >= FIT_LEAST && fit + ahead >= need;
	return fit * 100 >= need * FIT_RARE && fit + ahead >= FIT_AHEAD;
}

/* Japanese alone has kana. */
static bool
has_kana(const struct sample *sa)
{
	return (sa->script[USCRIPT_HIRAGANA] + sa->script[USCRIPT_KATAKANA]) * 20 > sa->letters;
}

void
language_by(const struct model *m, const char *text, size_t n, struct text_language *ret)
{
	struct text_language l = { .tag = "und" };
	const char *tag = NULL;
	struct weighed w;
	struct sample sa;
	struct best b;
	int script;

	sample_take(&sa, (const uint8_t *)text, n);
	script = sample_script(&sa);
	memcpy(l.script, script_name[script], sizeof l.script);
	if (script != USCRIPT_COMMON && is_enough(&sa, script)) {
		sample_join(&sa, script);
		b = find(m, &sa, &w);
		if (script_is_cjk(script) && has_kana(&sa)) {
			tag = "ja";
			b.margin = INT32_MAX;
		} else if (b.class >= 0 && fits(m, &w, &b, script)) {
			tag = by_letters(text, n, script);
			if (!tag)
				tag = m->class[b.class].tag;
		}
	}
	if (tag && !strcmp(tag, "ja"))
		memcpy(l.script, "Jpan", 5);
	if (tag && !strncmp(tag, "zh-", 3))
		memcpy(l.script, tag + 3, 5);
	if (tag && strcmp(tag, "und") != 0) {
		memcpy(l.tag, tag, MIN(strlen(tag) + 1, sizeof l.tag));
		l.confidence = percent(b.margin);
	}
	*ret = l;
}

void
text_language(const char *text, size_t n, struct text_language *ret)
{
	language_by(&model_shipped, text, n, ret);
}
