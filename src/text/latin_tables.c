/* Latin letters for Cyrillic, Greek and Arabic script, by tables.
 *
 * Aimed at how names are written in English-language reports (Navalny, Zelensky, Urumqi), not
 * at being reversible. docs/text.md lists what is and what is not found this way. */
#include <string.h>

#include "text/private.h"

enum { ROOM = 4 * TOKEN_MAX };

struct out {
	char s[ROOM];
	size_t n;
};

static void
out_add(struct out *o, const char *s)
{
	size_t n = strlen(s);

	if (o->n + n > ROOM)
		return;
	memcpy(o->s + o->n, s, n);
	o->n += n;
}

/* ASCII letters and digits pass; other ASCII (apostrophes, stops) goes. */
static bool
out_ascii(struct out *o, uint32_t c)
{
	if (c >= 0x80)
		return false;
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		out_add(o, (const char[]){ (char)c, 0 });
	return true;
}

/* ---- Cyrillic ---- */

static const char *const cyrillic[] = {
	/* а to я */
	[0x30] = "a",
	"b",
	"v",
	"g",
	"d",
	"e",
	"zh",
	"z",
	"i",
	"y",
	"k",
	"l",
	"m",
	"n",
	"o",
	"p",
	"r",
	"s",
	"t",
	"u",
	"f",
	"kh",
	"ts",
	"ch",
	"sh",
	"shch",
	"",
	"y",
	"",
	"e",
	"yu",
	"ya",
	/* letters of other languages: ѐ ё ђ ѓ є ѕ і ї ј љ њ ћ ќ ѝ ў џ */
	"e",
	"e",
	"dj",
	"gj",
	"ye",
	"dz",
	"i",
	"yi",
	"j",
	"lj",
	"nj",
	"c",
	"kj",
	"i",
	"u",
	"dz",
	[0x62] = "",
	[0x63] = "ye",
	[0x73] = "f",
	[0x75] = "i",
	[0x91] = "g",
	[0x93] = "gh",
	[0x97] = "zh",
	[0x99] = "z",
	[0x9b] = "q",
	[0x9d] = "k",
	[0xa1] = "q",
	[0xa3] = "ng",
	[0xa5] = "ng",
	[0xab] = "s",
	[0xad] = "t",
	[0xaf] = "u",
	[0xb1] = "u",
	[0xb3] = "kh",
	[0xb7] = "j",
	[0xb9] = "j",
	[0xbb] = "h",
	[0xc0] = "",
	[0xcf] = "",
	[0xd9] = "a",
	[0xe9] = "o",
};

/* Letters that only Ukrainian has: then г is h and и is y. */
static bool
is_ukrainian(const char *term, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t c = char_next((const uint8_t *)term, n, &i);

		if (c == 0x454 || c == 0x456 || c == 0x457 || c == 0x491)
			return true;
	}
	return false;
}

/* The endings -ый, -ий and -ій of so many surnames are one y: Navalny, Zelensky. */
static size_t
without_ending(const char *term, size_t n)
{
	static const char *const endings[] = { "ый", "ий", "ій" };

	for (size_t i = 0; i < LEN(endings); i++)
		if (n > 6 && !memcmp(term + n - 4, endings[i], 4))
			return n - 4;
	return n;
}

bool
latin_cyrillic(const char *term, size_t n, struct forms *ret)
{
	size_t end = without_ending(term, n);
	bool ukrainian = is_ukrainian(term, n);
	struct out o = { .n = 0 };

	for (size_t i = 0; i < end;) {
		uint32_t c = char_next((const uint8_t *)term, end, &i);

		if (out_ascii(&o, c))
			continue;
		if (ukrainian && (c == 0x433 || c == 0x438))
			out_add(&o, c == 0x433 ? "h" : "y");
		else if (c == 0x457 && o.n)
			out_add(&o, "i"); /* ї is yi only where the word begins */
		else if (c >= 0x400 && c - 0x400 < LEN(cyrillic) && cyrillic[c - 0x400])
			out_add(&o, cyrillic[c - 0x400]);
		else
			return false;
	}
	if (end < n)
		out_add(&o, "y");
	forms_add(ret, o.s, o.n);
	return true;
}

/* ---- Greek, by ELOT 743 as in passports ---- */

/* α to ω; ς is σ when folded */
static const char *const greek[] = { "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l",
	"m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o" };

enum {
	ALPHA = 0x3b1,
	GAMMA = 0x3b3,
	EPSILON = 0x3b5,
	ETA = 0x3b7,
	KAPPA = 0x3ba,
	MU = 0x3bc,
	XI = 0x3be,
	OMICRON = 0x3bf,
	PI = 0x3c0,
	UPSILON = 0x3c5,
	CHI = 0x3c7
};

/* αυ, ευ, ηυ end in f before a voiceless consonant or at the end, else in v. */
static const char *
upsilon_after_vowel(uint32_t next)
{
	static const uint16_t voiceless[] = { 0x3b8, KAPPA, XI, PI, 0x3c3, 0x3c2, 0x3c4, 0x3c6,
		CHI, 0x3c8, 0 };

	for (size_t i = 0; i < LEN(voiceless); i++)
		if (voiceless[i] == next)
			return "f";
	return "v";
}

static const char *
greek_letter(uint32_t before, uint32_t c, uint32_t next, bool inside)
{
	if (c == UPSILON && before == OMICRON)
		return "u";
	if (c == UPSILON && (before == ALPHA || before == EPSILON || before == ETA))
		return upsilon_after_vowel(next);
	if (c == GAMMA && (next == GAMMA || next == XI || next == CHI))
		return "n";
	if (c == MU && next == PI && !inside)
		return ""; /* μπ at the start is b, which π below gives */
	if (c == PI && before == MU && !inside)
		return "b";
	if (c == PI && before == MU && !next)
		return "p";
	return c >= ALPHA && c - ALPHA < LEN(greek) ? greek[c - ALPHA] : NULL;
}

bool
latin_greek(const char *term, size_t n, struct forms *ret)
{
	const uint8_t *s = (const uint8_t *)term;
	struct out o = { .n = 0 };
	uint32_t before = 0;

	for (size_t i = 0, from; i < n;) {
		uint32_t c, next = 0;
		const char *latin;
		size_t after;

		from = i;
		c = char_next(s, n, &i);
		after = i;
		if (i < n)
			next = char_next(s, n, &after);
		if (!out_ascii(&o, c)) {
			latin = greek_letter(before, c, next, c == PI ? from > 2 : from > 0);
			if (!latin)
				return false;
			out_add(&o, latin);
		}
		before = c;
	}
	forms_add(ret, o.s, o.n);
	return true;
}

/* ---- Arabic script ---- */

/* Read in three ways: as the consonants of Arabic and Persian; and for Uyghur, which writes
 * its vowels, in the Latin of Uyghur linguists (ULY) and in that of maps (SASM). NULL: same
 * as the one before. */
static const struct arabic {
	uint16_t c;
	const char *arabic, *uly, *sasm;
} arabic[] = {
	{ 0x621, "", "", "" },
	{ 0x622, "a", NULL, NULL },
	{ 0x623, "a", NULL, NULL },
	{ 0x624, "w", NULL, NULL },
	{ 0x625, "i", NULL, NULL },
	{ 0x626, "y", "", "" },
	{ 0x627, "a", NULL, NULL },
	{ 0x628, "b", NULL, NULL },
	{ 0x629, "h", NULL, NULL },
	{ 0x62a, "t", NULL, NULL },
	{ 0x62b, "th", NULL, NULL },
	{ 0x62c, "j", NULL, NULL },
	{ 0x62d, "h", NULL, NULL },
	{ 0x62e, "kh", "x", "h" },
	{ 0x62f, "d", NULL, NULL },
	{ 0x630, "dh", NULL, NULL },
	{ 0x631, "r", NULL, NULL },
	{ 0x632, "z", NULL, NULL },
	{ 0x633, "s", NULL, NULL },
	{ 0x634, "sh", "sh", "x" },
	{ 0x635, "s", NULL, NULL },
	{ 0x636, "d", NULL, NULL },
	{ 0x637, "t", NULL, NULL },
	{ 0x638, "z", NULL, NULL },
	{ 0x639, "", NULL, NULL },
	{ 0x63a, "gh", "gh", "g" },
	{ 0x640, "", NULL, NULL },
	{ 0x641, "f", NULL, NULL },
	{ 0x642, "q", "q", "k" },
	{ 0x643, "k", NULL, NULL },
	{ 0x644, "l", NULL, NULL },
	{ 0x645, "m", NULL, NULL },
	{ 0x646, "n", NULL, NULL },
	{ 0x647, "h", NULL, NULL },
	{ 0x648, "w", "o", "o" },
	{ 0x649, "y", "i", "i" },
	{ 0x64a, "y", NULL, NULL },
	{ 0x671, "a", NULL, NULL },
	{ 0x679, "t", NULL, NULL },
	{ 0x67c, "t", NULL, NULL },
	{ 0x67e, "p", NULL, NULL },
	{ 0x681, "dz", NULL, NULL },
	{ 0x685, "ts", NULL, NULL },
	{ 0x686, "ch", "ch", "q" },
	{ 0x688, "d", NULL, NULL },
	{ 0x689, "d", NULL, NULL },
	{ 0x691, "r", NULL, NULL },
	{ 0x693, "r", NULL, NULL },
	{ 0x695, "r", NULL, NULL },
	{ 0x696, "zh", NULL, NULL },
	{ 0x698, "zh", "zh", "j" },
	{ 0x69a, "sh", NULL, NULL },
	{ 0x6a4, "v", NULL, NULL },
	{ 0x6a9, "k", NULL, NULL },
	{ 0x6ab, "g", NULL, NULL },
	{ 0x6ad, "ng", NULL, NULL },
	{ 0x6af, "g", NULL, NULL },
	{ 0x6b5, "l", NULL, NULL },
	{ 0x6ba, "n", NULL, NULL },
	{ 0x6bc, "n", NULL, NULL },
	{ 0x6be, "h", NULL, NULL },
	{ 0x6c0, "h", NULL, NULL },
	{ 0x6c1, "h", NULL, NULL },
	{ 0x6c2, "h", NULL, NULL },
	{ 0x6c3, "h", NULL, NULL },
	{ 0x6c6, "o", NULL, NULL },
	{ 0x6c7, "u", NULL, NULL },
	{ 0x6c8, "u", NULL, NULL },
	{ 0x6cb, "w", NULL, NULL },
	{ 0x6cc, "y", NULL, NULL },
	{ 0x6cd, "y", NULL, NULL },
	{ 0x6ce, "e", NULL, NULL },
	{ 0x6d0, "e", NULL, NULL },
	{ 0x6d2, "y", NULL, NULL },
	{ 0x6d3, "y", NULL, NULL },
	{ 0x6d5, "e", NULL, NULL },
};

static const struct arabic *
arabic_get(uint32_t c)
{
	size_t lo = 0, hi = LEN(arabic);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (arabic[mid].c == c)
			return &arabic[mid];
		if (arabic[mid].c < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Written with all its vowels, as Uyghur is: by letters that Arabic and Persian lack, by ئ
 * at the start, or by ى within the word. */
static bool
is_vowelled(const uint8_t *s, size_t n)
{
	static const uint16_t letters[] = { 0x6ad, 0x6c6, 0x6c7, 0x6c8, 0x6cb, 0x6d0, 0x6d5 };

	for (size_t i = 0; i < n;) {
		size_t from = i;
		uint32_t c = char_next(s, n, &i);

		if ((c == 0x626 && from == 0) || (c == 0x649 && i < n))
			return true;
		for (size_t j = 0; j < LEN(letters); j++)
			if (letters[j] == c)
				return true;
	}
	return false;
}

/* Reads the word by one column. False if a letter is in none. */
static bool
arabic_read(const uint8_t *s, size_t n, int column, struct out *o)
{
	o->n = 0;
	for (size_t i = 0; i < n;) {
		uint32_t c = char_next(s, n, &i);
		const struct arabic *a = arabic_get(c);
		const char *latin;
		uint16_t fold = trie_get(fold_index, fold_block, c);

		if (!a && fold && fold_pool[fold] == 1)
			c = fold_pool[fold + 1]; /* a digit */
		if (out_ascii(o, c) || (!a && fold && !fold_pool[fold]))
			continue; /* a point above or below the line */
		if (!a)
			return false;
		latin = column && a->uly ? a->uly : a->arabic;
		if (column == 2 && a->sasm)
			latin = a->sasm;
		out_add(o, latin);
	}
	return true;
}

bool
latin_arabic(const uint8_t *raw, size_t n, bool *vowelled, struct forms *ret)
{
	bool sure = is_vowelled(raw, n);
	struct out o;

	*vowelled |= sure;
	for (int column = sure; column <= (*vowelled ? 2 : 0); column++) {
		if (!arabic_read(raw, n, column, &o))
			return false;
		forms_add(ret, o.s, o.n);
	}
	return true;
}
