/* Tibetan in Latin letters: how a syllable sounds, after the simplified phonetics of the
 * Tibetan and Himalayan Library, without the marks of ö and ü.
 *
 * A syllable is prefix, root (with letters above and below), vowel, suffix, second suffix.
 * Which letter is the root is seen from what is stacked or carries a vowel, else by rule. */
#include <string.h>

#include "text/private.h"

enum { LETTERS = 8 };

/* One letter of the line with what stands under it. */
struct stack {
	uint8_t top;      /* letter, as offset from U+0F40 */
	uint8_t below[3]; /* the same, subjoined; 0xff: none */
	unsigned n_below;
	char vowel; /* 0 if none is written */
};

enum {
	KA,
	KHA,
	GA,
	GHA,
	NGA,
	CA,
	CHA,
	JA,
	NYA = 9,
	TTA,
	TTHA,
	DDA,
	DDHA,
	NNA,
	TA,
	THA,
	DA,
	DHA,
	NA,
	PA,
	PHA,
	BA,
	BHA,
	MA,
	TSA,
	TSHA,
	DZA,
	DZHA,
	WA,
	ZHA,
	ZA,
	ACHUNG,
	YA,
	RA,
	LA,
	SHA,
	SSA,
	SA,
	HA,
	AA,
	KSSA,
	RRA
};

static const char *const sound[] = {
	[KA] = "k",
	[KHA] = "kh",
	[GA] = "g",
	[GHA] = "g",
	[NGA] = "ng",
	[CA] = "ch",
	[CHA] = "ch",
	[JA] = "j",
	[NYA] = "ny",
	[TTA] = "t",
	[TTHA] = "t",
	[DDA] = "d",
	[DDHA] = "d",
	[NNA] = "n",
	[TA] = "t",
	[THA] = "t",
	[DA] = "d",
	[DHA] = "d",
	[NA] = "n",
	[PA] = "p",
	[PHA] = "p",
	[BA] = "b",
	[BHA] = "b",
	[MA] = "m",
	[TSA] = "ts",
	[TSHA] = "ts",
	[DZA] = "dz",
	[DZHA] = "dz",
	[WA] = "w",
	[ZHA] = "zh",
	[ZA] = "z",
	[ACHUNG] = "",
	[YA] = "y",
	[RA] = "r",
	[LA] = "l",
	[SHA] = "sh",
	[SSA] = "sh",
	[SA] = "s",
	[HA] = "h",
	[AA] = "",
	[KSSA] = "ksh",
	[RRA] = "r",
};

static char
vowel_of(uint32_t c)
{
	switch (c) {
	case 0xf72:
	case 0xf80:
		return 'i';
	case 0xf74:
		return 'u';
	case 0xf7a:
		return 'e';
	case 0xf7c:
		return 'o';
	}
	return 0;
}

/* The stacks of a syllable; 0 if something is in it that Tibetan words do not have. */
static unsigned
read_stacks(const uint8_t *s, size_t n, struct stack st[LETTERS])
{
	unsigned count = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c = char_next(s, n, &i);
		struct stack *last = count ? &st[count - 1] : NULL;

		if (c >= 0xf40 && c <= 0xf6a && count < LETTERS) {
			st[count++] = (struct stack){ .top = (uint8_t)(c - 0xf40) };
		} else if (c >= 0xf90 && c <= 0xfba && last && last->n_below < 3) {
			last->below[last->n_below++] = (uint8_t)(c - 0xf90);
		} else if (last && vowel_of(c)) {
			last->vowel = vowel_of(c);
		} else if (!(last && (c == 0xf71 || c == 0xf39 || c == 0xf7e))) {
			return 0; /* length, a half-moon and the tsa-phru change no sound here */
		}
		if (last && st[count - 1].top >= LEN(sound))
			return 0;
	}
	return count;
}

static bool
among(uint8_t letter, const uint8_t *set, size_t n)
{
	return memchr(set, letter, n);
}

/* May `prefix` stand before this root? */
static bool
is_prefix(uint8_t prefix, const struct stack *root)
{
	static const uint8_t after_ga[] = { CA, NYA, TA, DA, NA, TSA, ZHA, ZA, YA, SHA, SA };
	static const uint8_t after_da[] = { KA, GA, NGA, PA, BA, MA };
	static const uint8_t after_ba[] = { KA, GA, CA, TA, DA, TSA, ZHA, ZA, SHA, SA, RA, LA };
	static const uint8_t after_ma[] = { KHA, GA, NGA, CHA, JA, NYA, THA, DA, NA, TSHA,
		DZA };
	static const uint8_t after_achung[] = { KHA, GA, CHA, JA, THA, DA, PHA, BA, TSHA, DZA };

	switch (prefix) {
	case GA:
		return among(root->top, after_ga, sizeof after_ga);
	case DA:
		return among(root->top, after_da, sizeof after_da);
	case BA:
		return among(root->top, after_ba, sizeof after_ba);
	case MA:
		return among(root->top, after_ma, sizeof after_ma);
	case ACHUNG:
		return among(root->top, after_achung, sizeof after_achung);
	}
	return false;
}

/* Which stack is the root: the first that is stacked or has a vowel; among bare letters, the
 * second if the first can be its prefix and a suffix follows. */
static unsigned
find_root(const struct stack *st, unsigned n)
{
	for (unsigned i = 0; i < n && i < 2; i++)
		if (st[i].n_below || (st[i].vowel && !(i && st[i].top == ACHUNG)))
			return i;
	if (n >= 3 && !st[0].n_below && is_prefix(st[0].top, &st[1]))
		return 1;
	return 0;
}

/* The sound of a root with a letter under it that changes it; NULL if it does not. */
static const char *
under(uint8_t root, uint8_t below)
{
	static const uint8_t lips[] = { PA, PHA };
	static const uint8_t hard[] = { KA, TA, PA };
	static const uint8_t breathed[] = { KHA, THA, PHA };
	static const uint8_t soft[] = { GA, DA, BA };

	if (below == YA)
		return among(root, lips, sizeof lips) ? "ch" :
		    root == BA                        ? "j" :
		    root == MA                        ? "ny" :
							NULL;
	if (below == RA)
		return among(root, hard, sizeof hard)      ? "tr" :
		    among(root, breathed, sizeof breathed) ? "tr" :
		    among(root, soft, sizeof soft)         ? "dr" :
		    root == SA                             ? "s" :
							     NULL;
	if (below == LA)
		return root == ZA ? "d" : "l";
	return NULL;
}

static void
add(char *to, size_t *n, const char *s)
{
	memcpy(to + *n, s, strlen(s));
	*n += strlen(s);
}

/* The consonant that the root stack begins with, and what y or w remains after it. */
static void
sound_root(const struct stack *st, bool prefix_da, char *to, size_t *n)
{
	uint8_t root = st->top, last = 0xff;
	unsigned from = 0;
	const char *changed;

	/* A letter above: r, l or s over a root; it is silent. But hla is lh. */
	if (st->n_below && (root == RA || root == LA || root == SA) && st->below[0] != YA &&
	    st->below[0] != RA && st->below[0] != WA && !(st->below[0] == LA && root != LA)) {
		if (root == LA && st->below[0] == HA) {
			add(to, n, "lh");
			return;
		}
		root = st->below[0];
		from = 1;
	}
	for (unsigned i = from; i < st->n_below; i++)
		if (st->below[i] == YA || st->below[i] == RA || st->below[i] == LA)
			last = st->below[i];
	if (prefix_da && root == BA) { /* db: the b is not heard; a bare one is w */
		add(to, n, last == YA ? "y" : last == RA ? "r" : st->vowel ? "" : "w");
		return;
	}
	changed = last == 0xff ? NULL : under(root, last);
	add(to, n, changed ? changed : sound[root]);
	if (!changed && last == YA)
		add(to, n, "y");
	if (!changed && last == RA && root == HA)
		add(to, n, "r");
}

/* The vowel as d, n, l and s after it colour it, and the suffix if it is heard. */
static void
sound_rest(char vowel, int suffix, char *to, size_t *n)
{
	static const char *const heard[] = { [GA] = "k",
		[NGA] = "ng",
		[NA] = "n",
		[BA] = "p",
		[MA] = "m",
		[RA] = "r",
		[LA] = "l" };
	bool front = suffix == DA || suffix == NA || suffix == LA || suffix == SA;

	if (suffix == NNA)
		suffix = NA; /* from Sanskrit, as in pan chen: the vowel stays */
	if (vowel == 'a' && front)
		vowel = 'e';
	add(to, n, (char[]){ vowel, 0 });
	if (suffix >= 0 && (size_t)suffix < LEN(heard) && heard[suffix])
		add(to, n, heard[suffix]);
}

bool
latin_tibetan(const char *term, size_t n, struct forms *ret)
{
	struct stack st[LETTERS];
	unsigned count = read_stacks((const uint8_t *)term, n, st), root;
	char to[64];
	size_t len = 0;
	int suffix = -1;

	if (!count)
		return false;
	for (unsigned i = 0; i < count; i++)
		for (unsigned j = 0; j < st[i].n_below; j++)
			if (st[i].below[j] >= LEN(sound) || !sound[st[i].below[j]])
				return false;
	root = find_root(st, count);
	if (!sound[st[root].top])
		return false;
	sound_root(&st[root], root && st[0].top == DA, to, &len);
	for (unsigned i = root + 1; i < count; i++)
		if (st[i].top == ACHUNG &&
		    st[i].vowel) { /* a particle: pa'i is pe, gyi'o gyio */
			if (st[i].vowel == 'i' && !st[root].vowel)
				st[root].vowel = 'e';
		} else if (i == root + 1) {
			suffix = st[i].top;
		}
	sound_rest(st[root].vowel ? st[root].vowel : 'a', suffix, to, &len);
	forms_add(ret, to, len);
	return true;
}

const char *
tibetan_name(const char *first, const char *second)
{
	static const struct {
		const char *first, *second, *name;
	} names[] = {
		{ "ten", "dzin", "tenzin" },
		{ "tra", "shi", "tashi" },
		{ "ngak", "wang", "ngawang" },
		{ "lo", "zang", "lobsang" },
		{ "pun", "tsok", "phuntsok" },
		{ "tup", "ten", "thubten" },
		{ "rik", "dzin", "rigzin" },
		{ "je", "tsun", "jetsun" },
		{ "chok", "yi", "choekyi" },
		{ "cho", "kyi", "choekyi" },
		{ "yon", "ten", "yonten" },
		{ "don", "drup", "dhondup" },
		{ "she", "rap", "sherab" },
		{ "pel", "den", "palden" },
		{ "sang", "gye", "sangay" },
		{ "dor", "je", "dorjee" },
		{ "nam", "gyel", "namgyal" },
	};

	for (size_t i = 0; i < LEN(names); i++)
		if (!strcmp(names[i].first, first) && !strcmp(names[i].second, second))
			return names[i].name;
	return NULL;
}
