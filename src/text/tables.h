/* text/tables: properties of characters, made at build time by make_tables.c. */
#ifndef TEXT_TABLES_H
#define TEXT_TABLES_H

#include <stdint.h>

/* Word break classes (UAX #29, as ICU's root rules use them). */
enum word_class {
	WORD_OTHER, /* always a boundary before it, unless CHAR_PICT after a ZWJ */
	WORD_ALETTER,
	WORD_HEBREW,
	WORD_NUMERIC,
	WORD_EXTENDNUMLET,
	WORD_MIDLETTER,
	WORD_MIDNUM,
	WORD_MIDNUMLET,
	WORD_SINGLE_QUOTE,
	WORD_DOUBLE_QUOTE,
	WORD_EXTEND, /* and Format */
	WORD_ZWJ,
	WORD_HANGUL,
	WORD_ASK /* words are found by dictionary, or by odd rules: ICU decides */
};

enum char_flag {
	CHAR_PICT = 1,       /* Extended_Pictographic */
	CHAR_NFC_STARTS = 2, /* never combines with what stands before it */
	CHAR_NFC_ASK = 4,    /* NFC_Quick_Check is No or Maybe */
	CHAR_LETTER = 8,     /* general category L or M */
	CHAR_WORD = 16,      /* makes a segment a word: letter, digit, syllable, ideograph */
	CHAR_STRANGE = 32    /* control, private use, unassigned: text hardly has it */
};

struct char_props {
	uint8_t word, ccc, flags, script; /* script: ICU's UScriptCode */
};

enum { BLOCK_BITS = 6, BLOCK_SIZE = 1 << BLOCK_BITS, BLOCKS = 0x110000 >> BLOCK_BITS };

extern const uint16_t props_index[BLOCKS], props_block[];
extern const struct char_props props_record[];
extern const char script_name[][5]; /* by UScriptCode */

/* A folded character's place in fold_pool: a length byte, then UTF-8. 0: it stays. */
extern const uint16_t fold_index[BLOCKS], fold_block[];
extern const uint8_t fold_pool[];

/* A Han character's syllable without tone. 0: none known. */
extern const uint16_t pinyin_index[BLOCKS], pinyin_block[];
extern const char pinyin_syllable[][8];

static inline uint16_t
trie_get(const uint16_t *index, const uint16_t *block, uint32_t c)
{
	return block[((uint32_t)index[c >> BLOCK_BITS] << BLOCK_BITS) + (c & (BLOCK_SIZE - 1))];
}

static inline const struct char_props *
char_get(uint32_t c)
{
	return &props_record[trie_get(props_index, props_block, c)];
}

#endif
