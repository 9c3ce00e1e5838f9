/* How well a text reads as some language, to choose between encodings (detect.c): naive Bayes
 * over runs of three letters, against the small profiles of share/language/profiles.tsv. Which
 * language it is, language.c says, by a larger model.
 *
 * Everything is constant memory but some arrays on the stack. */
#include <string.h>

#include "text/profiles.h"
#include "text/sample.h"

enum {
	COUNT_BITS = 12, /* of a table for two features a letter */
	PRIOR = 256      /* for each step of speakers: 32 bits */
};

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
	sample_keep(sa, script);
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
