/* match/private: a name taken apart, and the tables of words. */
#ifndef MATCH_PRIVATE_H
#define MATCH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/match.h"
#include "text/text.h"

/* share/match/NAME.tsv, as they are, ending in a zero. */
extern const char match_words[], match_forms[], match_titles[], match_readings[];

/* What a phrase is known as. */
enum { CONCEPT_NONE, CONCEPT_STOP, CONCEPT_AND, CONCEPT_FIRST }; /* then a number a concept */
enum { TITLE_NONE, TITLE_BEFORE = 1, TITLE_AFTER = 2, TITLE_UNSURE = 4 };
struct known {
	uint16_t concept;    /* of a word */
	uint16_t form, kind; /* of a legal form, from 1: its code, its kind; 0: is none */
	uint8_t title;
	bool particle;        /* of persons' names */
	const char *readings; /* of family names: Latin words, a space between; NULL: none */
};

struct matcher {
	struct tokens *tokens;
	struct arena *arena, *scratch;
	struct slot {
		const char *phrase; /* folded words, a space between; NULL: empty */
		struct known known;
	} * slots;
	size_t n, cap;          /* cap is a power of 2 */
	const char *forms[512]; /* codes of legal forms, from 1 */
	uint16_t n_forms;
};

/* What is known of words joined by spaces; all zero if nothing. */
struct known phrase_get(const struct matcher *m, const char *phrase);
void table_load(struct matcher *m);
uint64_t phrase_hash(const char *s);

enum { NAME_WORDS = 64, UNIT_FORMS = 5, PHRASE_WORDS = 6, ACRONYM_MAX = 8 };

/* A word of a name as it stands there. */
struct word {
	const char *plain; /* folded, without stops and apostrophes */
	const char *latin[UNIT_FORMS];
	uint8_t n_latin;
	bool han, abjad, article, hangul, syllables;
	const char *wade;    /* of a Chinese word: its syllables in Wade-Giles */
	uint32_t start, end; /* bytes of the name */
};

/* What is compared: a word, or a phrase that is known ("human rights"). */
struct unit {
	const char *plain;
	const char
	    *latin[UNIT_FORMS]; /* as the text room writes it; the word itself if it is Latin */
	const char *sound[UNIT_FORMS]; /* spellings of one sound made alike */
	const char *bones[UNIT_FORMS]; /* its consonants */
	uint32_t letters[UNIT_FORMS], sounds[UNIT_FORMS]; /* which are in it: a bit for each */
	uint8_t n_latin;
	bool han, abjad, number, initial;
	uint16_t concept;
	float weight; /* how much it tells: 0 for articles and such */
};

/* For abbreviations: how the words begin. */
struct beginning {
	uint32_t first; /* its first letter, in its own script */
	char latin;     /* the same in Latin letters */
	bool stop;
	uint8_t unit; /* which it belongs to */
};

struct match_name {
	enum match_kind kind;
	const char *key;
	const char *const *blocks;
	size_t n_blocks;
	struct unit *units;
	struct beginning *words;
	size_t n, n_words;
	uint16_t form, form_kind; /* legal form; 0 if none */
	/* Hashes of all words without the spaces: of their sound, a person's in either order, a family
	 * name in all its forms; and as it is written. */
	const uint64_t *joined;
	size_t n_joined;
	uint64_t joined_plain;
};

/* sound.c. The results live in the arena. Latin letters in, except where there are none. */
const char *sound_of(struct arena *a, const char *latin, bool abjad);
const char *bones_of(struct arena *a, const char *sound);
/* The letters in it, a bit for each; others share bits. An edit changes two bits at most. */
uint32_t letter_mask(const char *latin);
/* For blocks: what is left when similar consonants are one; variant 1 takes v and j for vowels. */
enum { CODE_MAX = 9 };
void code_of(const char *sound, int variant, char ret[CODE_MAX]);
/* Letters to be changed, added, left out or swapped to make one of the other; at most `most` + 1. */
unsigned edits(const char *a, const char *b, unsigned most);

/* A syllable of pinyin in Wade-Giles. */
enum { WADE_MAX = 64 };
void wade_of(const char *syllable, char ret[WADE_MAX]);

/* The letter at *s, which is moved behind it; 0 at the end. */
uint32_t letter_next(const char **s);
/* Words of n from `from` on whose beginnings are the letters of `plain`; their number, 0 if not. */
bool begins_with(const struct beginning *word, uint32_t letter);
size_t acronym_run(const char *plain, const struct beginning *words, size_t n);

void joined_make(struct arena *a, struct arena *scratch, struct match_name *n);
void blocks_make(struct arena *a, struct match_name *n);

#endif
