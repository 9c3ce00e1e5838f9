/* text/private: what the files of this room share: characters and their properties,
 * folding, normalising, transliterating, ICU's objects.
 *
 * The tables are made when Vigil is built (make_tables.c), from the ICU it is linked with,
 * so that they are constant memory: nothing is loaded, a forked child shares them. */
#ifndef TEXT_PRIVATE_H
#define TEXT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utrans.h>

#include "text/tables.h"
#include "text/text.h"

enum { CHAR_BAD = 0xfffd };

/* The character at s[*i], which is moved past it. What is not UTF-8 is CHAR_BAD, a byte long. */
static inline uint32_t
char_next(const uint8_t *s, size_t n, size_t *i)
{
	size_t at = *i, left = n - at;
	uint32_t c = s[at], d;

	*i = at + 1;
	if (c < 0x80)
		return c;
	if (c < 0xc2 || left < 2 || (s[at + 1] & 0xc0) != 0x80)
		return CHAR_BAD;
	if (c < 0xe0) {
		*i = at + 2;
		return (c & 0x1f) << 6 | (s[at + 1] & 0x3f);
	}
	if (left < 3 || (s[at + 2] & 0xc0) != 0x80)
		return CHAR_BAD;
	d = (uint32_t)(s[at + 1] & 0x3f) << 6 | (s[at + 2] & 0x3f);
	if (c < 0xf0) {
		d |= (c & 0xf) << 12;
		if (d < 0x800 || (d >= 0xd800 && d < 0xe000))
			return CHAR_BAD;
		*i = at + 3;
		return d;
	}
	if (c > 0xf4 || left < 4 || (s[at + 3] & 0xc0) != 0x80)
		return CHAR_BAD;
	d = (c & 7) << 18 | d << 6 | (s[at + 3] & 0x3f);
	if (d < 0x10000 || d > 0x10ffff)
		return CHAR_BAD;
	*i = at + 4;
	return d;
}

/* Writes c as UTF-8; the number of bytes (1 to 4). c is no surrogate. */
static inline size_t
char_put(uint8_t *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (uint8_t)(0xc0 | c >> 6);
		to[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (uint8_t)(0xe0 | c >> 12);
		to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | c >> 18);
	to[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

/* The longest prefix of at most `max` bytes that ends between characters. */
size_t utf8_cut(const char *s, size_t n, size_t max);
/* To UTF-16. `to` holds n units. *map, if not NULL, gets the byte offset of each unit, and of
 * the end: n + 1 places. The number of units. */
size_t utf8_to_utf16(const uint8_t *s, size_t n, UChar *to, uint32_t *map);
/* To UTF-8. `to` holds 3n bytes. Lone surrogates become U+FFFD. The number of bytes. */
size_t utf16_to_utf8(const UChar *s, size_t n, uint8_t *to);

/* The first byte from s[i] on that is not ASCII; n if none. */
size_t utf8_skip_ascii(const uint8_t *s, size_t n, size_t i);
/* Where the first bytes stand that text_decode must change (not UTF-8, U+0000, CR); n if none. */
size_t utf8_scan(const uint8_t *s, size_t n);
/* How many bytes at s form no character: a maximal subpart as the Unicode Standard (3.9)
 * replaces by one U+FFFD; 0 if a character begins there, whose length is then *ret_len. */
size_t utf8_bad(const uint8_t *s, size_t n, size_t *ret_len);

/* Is it in NFC? Else *ret_safe is where normalising must begin, at the latest. */
bool nfc_is(const uint8_t *s, size_t n, size_t *ret_safe);
void nfc_append(const uint8_t *s, size_t n, struct buf *ret);

/* What a word is indexed as: n bytes of UTF-8 are folded into at most `max` bytes. */
size_t fold_word(const uint8_t *s, size_t n, char *ret, size_t max);

/* Latin letters for a word. `raw` as it stands in the text, `term` folded. Each form is a
 * string in `forms`, at most FORM_MAX of them. */
enum { FORM_MAX = 8 };
struct forms {
	char s[FORM_MAX][TOKEN_MAX + 1];
	uint8_t n[FORM_MAX];
	unsigned count;
};
/* Adds a form, unless it is empty or already there. */
void forms_add(struct forms *f, const char *s, size_t n);

struct latin; /* transliterators and what they already did; belongs to one thread */
struct latin *latin_new(void);
void latin_free(struct latin *l);
void latin_start(struct latin *l); /* another text */
void latin_word(struct latin *l, const uint8_t *raw, size_t raw_n, const char *term,
    size_t term_n, struct forms *ret);

/* Scripts with tables of their own; each gives false if a letter is not in its table. */
bool latin_cyrillic(const char *term, size_t n, struct forms *ret);
bool latin_greek(const char *term, size_t n, struct forms *ret);
/* *vowelled: words of this text are written with their vowels; set once one is met. */
bool latin_arabic(const uint8_t *raw, size_t n, bool *vowelled, struct forms *ret);
struct latin_name { /* as folded; its spellings between spaces */
	const char *name, *spellings;
};
extern const struct latin_name latin_names[];
extern const size_t n_latin_names;
/* A name's usual spellings, and the word without the article that clings to it. Called after
 * latin_arabic(). */
void names_arabic(const char *term, size_t n, struct forms *ret);
/* Does a name of two words begin with this one (عبد, as in Abdullah)? What both are called. */
bool names_arabic_begins(const char *term, size_t n);
void names_arabic_joined(const char *second, size_t n, struct forms *ret); /* n <= TOKEN_MAX */
/* Of what ICU made of a word (ISO 15919), the spellings of English reports, if it is of an
 * Indic script. */
void latin_indic(const UChar *s, size_t n, int script, struct forms *ret);
/* A syllable's sound by rule (tibetan.c); false if it is none. */
bool latin_tibetan(const char *term, size_t n, struct forms *ret);
/* A name's sound that its two syllables, each by rule, do not give; NULL if it is no such. */
const char *tibetan_name(const char *first, const char *second);

/* How well the start of a text reads as a language: the sum of the weights that the best
 * profile gives it. Used to choose between encodings, too: the right one reads as a language. */
struct reading {
	int language; /* index into profiles; -1 if no profile knows any of it */
	int script;   /* UScriptCode of most letters; USCRIPT_COMMON if there are none */
	int32_t best, second; /* with what the number of speakers adds */
	int32_t score;        /* without */
	uint32_t letters, kana, strange;
};
bool script_is_cjk(int script); /* of syllables or ideographs: a letter says much */
void language_read(const uint8_t *s, size_t n, struct reading *ret);

/* Encodings (label.c). */
struct encoding {
	const char *name; /* of the WHATWG standard */
	const char *icu;  /* converter, or NULL: decoded here */
};
extern const struct encoding encodings[];
extern const size_t n_encodings;
const struct encoding *encoding_get(const char *name);
const struct encoding *encoding_of_label(const char *label, size_t n);

#endif
