/* match/sound: spellings of one sound made alike; how far two words are apart. */
#include <string.h>

#include "match/private.h"

/* Longest first among those that begin alike. Written for names in Latin letters as English, French,
 * German, Slavic and pinyin custom has them: it is enough that both sides become the same. */
static const struct {
	const char *from, *to;
	bool at_start, at_end;
} rules[] = {
	{ "tsch", "c" },
	{ "dzh", "j" },
	{ "dsch", "j" },
	{ "tch", "c" },
	{ "tsh", "c" },
	{ "shch", "s" },
	{ "sch", "s" },
	{ "sh", "s" },
	{ "sz", "s" },
	{ "cz", "c" },
	{ "ch", "c" },
	{ "ck", "k" },
	{ "cq", "k" },
	{ "ce", "ce" },
	{ "ci", "ci" },
	{ "cy", "ci" },
	{ "c", "c", .at_end = true },
	{ "c", "k" },
	{ "zh", "z" },
	{ "kh", "h" },
	{ "gh", "g" },
	{ "ph", "f" },
	{ "th", "t" },
	{ "dh", "d" },
	{ "dj", "j" },
	{ "dz", "z" },
	{ "ts", "c" },
	{ "tz", "c" },
	{ "qu", "k" },
	{ "q", "k" },
	{ "x", "ks" },
	{ "woo", "u" },
	{ "wu", "u" },
	{ "w", "v" },
	{ "au", "av" },
	{ "eu", "ev" },
	{ "ou", "u" },
	{ "oo", "u" },
	{ "ee", "i" },
	{ "ej", "e", .at_end = true },
	{ "yev", "ev", .at_start = true },
	{ "ye", "e" },
	{ "iye", "ie" },
	{ "iya", "ia" },
	{ "iy", "i" },
	{ "ij", "i" },
	{ "yj", "i" },
	{ "yi", "i" },
	{ "ii", "i" },
	{ "ai", "e" },
	{ "ay", "e" },
	{ "ei", "e" },
	{ "ey", "e" },
	{ "oe", "o" },
	{ "ue", "u" },
	{ "ae", "a" },
	{ "y", "i" },
	{ "h", "", .at_end = true },
};

static bool
is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* Abjads write long vowels as w and y; at the beginning of a word these are consonants. */
static char
long_vowel(const char *from, const char *p)
{
	return p == from ? 0 : *p == 'w' ? 'u' : *p == 'y' ? 'i' : 0;
}

/* What the first rule that fits at *p makes of it, which is moved behind that; NULL if none does. */
static const char *
by_rule(const char *from, const char **p)
{
	for (size_t i = 0; i < LEN(rules); i++) {
		size_t n;

		if (rules[i].from[0] != **p)
			continue;
		n = strlen(rules[i].from);
		if (strncmp(*p, rules[i].from, n) != 0 || (rules[i].at_start && *p != from) ||
		    (rules[i].at_end && (*p)[n]))
			continue;
		*p += n;
		return rules[i].to;
	}
	return NULL;
}

/* Doubled letters are one. */
static void
undouble(char *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (!k || s[k - 1] != s[i])
			s[k++] = s[i];
	s[k] = '\0';
}

const char *
sound_of(struct arena *a, const char *latin, bool abjad)
{
	size_t k = 0;
	char *out = arena_alloc(a, strlen(latin) * 2 + 1); /* x becomes two letters */

	for (const char *p = latin; *p;) {
		const char *to;

		if (abjad && long_vowel(latin, p))
			out[k++] = long_vowel(latin, p++);
		else if ((to = by_rule(latin, &p)))
			while (*to)
				out[k++] = *to++;
		else
			out[k++] = *p++;
	}
	undouble(out, k);
	return out;
}

const char *
bones_of(struct arena *a, const char *sound)
{
	char *out = arena_str(a, sound);
	size_t n = 0;

	for (const char *p = sound; *p; p++)
		if (!is_vowel(*p))
			out[n++] = *p;
	out[n] = '\0';
	return out;
}

uint32_t
letter_mask(const char *latin)
{
	uint32_t ret = 0;

	for (; *latin; latin++)
		ret |= UINT32_C(1) << (*latin & 31);
	return ret;
}

/* Classes of consonants that scripts and customs confuse; 0: a vowel or what is not heard. */
static char
class_of(char c, int variant)
{
	if (variant && (c == 'v' || c == 'j'))
		return 0;
	if (c >= '0' && c <= '9')
		return c;
	if ((uint8_t)c >= 0x80)
		return (char)('a' +
		    (c & 15)); /* no Latin form: some letter, so that blocks stay text */
	switch (c) {
	case 'b':
	case 'f':
	case 'p':
	case 'v':
		return 'B';
	case 'c':
	case 'g':
	case 'j':
	case 'k':
	case 'q':
	case 's':
	case 'x':
	case 'z':
		return 'S';
	case 'd':
	case 't':
		return 'T';
	case 'l':
		return 'L';
	case 'm':
	case 'n':
		return 'M';
	case 'r':
		return 'R';
	}
	return 0;
}

void
code_of(const char *sound, int variant, char ret[CODE_MAX])
{
	size_t n = 0;

	if (!class_of(*sound, variant))
		ret[n++] = 'A';
	for (const char *p = sound; *p && n < CODE_MAX - 1; p++) {
		char c = class_of(*p, variant);

		if (c == 'T' && p[1] && strchr("szcj", p[1]))
			continue; /* ts, tch, dzh: one sound */
		if (c && (!n || ret[n - 1] != c))
			ret[n++] = c;
	}
	ret[n] = '\0';
}

unsigned
edits(const char *a, const char *b, unsigned most)
{
	enum { MAX_LENGTH = 48 };
	unsigned rows[3][MAX_LENGTH + 1], *before = rows[0], *last = rows[1], *now = rows[2];
	size_t n = strlen(a), m = strlen(b);

	if (n > MAX_LENGTH || m > MAX_LENGTH || (n > m ? n - m : m - n) > most)
		return most + 1;
	for (size_t j = 0; j <= m; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *spare = before, least = now[0] = (unsigned)i;

		for (size_t j = 1; j <= m; j++) {
			unsigned d = last[j - 1] + (a[i - 1] != b[j - 1]);

			d = MIN(d, MIN(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = MIN(d, before[j - 2] + 1);
			now[j] = d;
			least = MIN(least, d);
		}
		if (least > most)
			return most + 1;
		before = last;
		last = now;
		now = spare;
	}
	return MIN(last[m], most + 1);
}
