/* Indic scripts in Latin letters, as names are spelled in English: Mohandas, Krishna, Shah.
 *
 * ICU gives ISO 15919, letter by letter (mōhanadāsa). What is left to do: sh and ch as they are
 * spoken; and in the north the a that every consonant carries, but that nobody speaks at
 * the end of a word, nor in its middle between two single consonants. */
#include <string.h>

#include "text/private.h"

enum { LETTERS = 64 };

/* A vowel, or a consonant with its h. */
struct letter {
	char s[4];
	bool vowel, schwa;
};

/* Where English is spelled otherwise than folding ISO 15919 gives. */
static const struct {
	UChar c;
	char s[4];
} special[] = {
	{ 0x15b, "sh" },  /* ś */
	{ 0x1e63, "sh" }, /* ṣ */
	{ 'c', "ch" },
};

enum { RING = 0x325, BINDU = 0x310 };

static bool
is_vowel(char c)
{
	return strchr("aeiou", c) != NULL;
}

static bool
takes_h(char c)
{
	return strchr("kgcjtdpb", c) != NULL;
}

/* One character as ASCII; false if it is none. */
static bool
fold_unit(UChar c, char *ret)
{
	uint8_t s[8];
	char folded[TOKEN_MAX + 8];
	size_t n = fold_word(s, char_put(s, c), folded, TOKEN_MAX);

	if (n != 1 || folded[0] < 'a' || folded[0] > 'z')
		return false;
	*ret = folded[0];
	return true;
}

/* The letter at s[*i], which is moved past it. False: it is no letter of ISO 15919. */
static bool
letter_next(const UChar *s, size_t n, size_t *i, struct letter *ret)
{
	UChar c = s[(*i)++], mark = *i < n ? s[*i] : 0;
	char base;

	*ret = (struct letter){ .schwa = c == 'a' && mark != 'i' && mark != 'u' };
	if (!fold_unit(c, &base))
		return false;
	memcpy(ret->s, &base, 1);
	ret->vowel = is_vowel(base);
	for (size_t k = 0; k < LEN(special); k++)
		if (special[k].c == c)
			memcpy(ret->s, special[k].s, sizeof ret->s);
	if (mark == RING && (base == 'r' || base == 'l')) { /* the vowel of Krishna */
		memcpy(ret->s, base == 'r' ? "ri" : "li", 3);
		ret->vowel = true;
		++*i;
	} else if (mark == BINDU) {
		memcpy(ret->s, "n", 2);
		ret->vowel = true; /* of the one before, which goes through the nose */
		++*i;
	} else if (mark == 'h' && takes_h(base)) {
		ret->s[strlen(ret->s)] = 'h'; /* chh at most: zeros follow */
		++*i;
	}
	return true;
}

static size_t
read_letters(const UChar *s, size_t n, struct letter ret[LETTERS])
{
	size_t count = 0;

	for (size_t i = 0; i < n; count++)
		if (count == LETTERS || !letter_next(s, n, &i, &ret[count]))
			return 0;
	return count;
}

static void
drop(struct letter *l, size_t *n, size_t i)
{
	memmove(l + i, l + i + 1, (*n - i - 1) * sizeof *l);
	--*n;
}

static void
add(const struct letter *l, size_t n, struct forms *ret)
{
	char all[LETTERS * sizeof l->s];
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		memcpy(all + len, l[i].s, strlen(l[i].s));
		len += strlen(l[i].s);
	}
	forms_add(ret, all, len);
}

/* In scripts of the north an a often is not spoken. False: it is none of India's. */
static bool
is_indic(int script, bool *ret_north)
{
	*ret_north = script == USCRIPT_DEVANAGARI || script == USCRIPT_BENGALI ||
	    script == USCRIPT_GUJARATI || script == USCRIPT_GURMUKHI;
	return *ret_north || script == USCRIPT_ORIYA || script == USCRIPT_TAMIL ||
	    script == USCRIPT_TELUGU || script == USCRIPT_KANNADA ||
	    script == USCRIPT_MALAYALAM;
}

void
latin_indic(const UChar *s, size_t n, int script, struct forms *ret)
{
	struct letter l[LETTERS];
	bool north;
	size_t count = is_indic(script, &north) ? read_letters(s, n, l) : 0;

	if (north && count > 2 && l[count - 1].schwa && !l[count - 2].vowel &&
	    l[count - 3].vowel)
		count--;
	if (!count)
		return;
	add(l, count, ret); /* Gujarat */
	for (size_t i = count - 1; north && i-- > 2;)
		if (l[i].schwa && !l[i - 1].vowel && l[i - 2].vowel && !l[i + 1].vowel &&
		    i + 2 < count && l[i + 2].vowel)
			drop(l, &count, i);
	add(l, count, ret); /* Mohandas */
}
