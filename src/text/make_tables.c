/* make_tables: writes tables.c when Vigil is built: for every character, how it takes part
 * in words, normalising and folding, and the pinyin of Han characters.
 *
 * Everything is asked from the ICU that Vigil is linked with. What Vigil adds to ICU's folding
 * stands in the tables below; docs/text.md tells people what it means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "text/tables.h"

enum { CHARS = 0x110000, WORK = 64 };

static void
must(UErrorCode st, const char *what)
{
	if (U_SUCCESS(st))
		return;
	fprintf(stderr, "make_tables: %s: %s\n", what, u_errorName(st));
	exit(1);
}

/* ---- folding ---- */

/* Characters that fold to others, beyond NFKC_Casefold and the loss of diacritics. Those who
 * lack a letter on their keyboard type the one beside it. "" removes. */
static const struct {
	UChar32 from;
	const char *to;
} special[] = {
	/* Latin letters with a stroke, hook or tail: Unicode does not decompose them. */
	{ 0xe6, "ae" },
	{ 0xf0, "d" },
	{ 0xf8, "o" },
	{ 0xfe, "th" },
	{ 0x111, "d" },
	{ 0x127, "h" },
	{ 0x131, "i" },
	{ 0x138, "k" },
	{ 0x142, "l" },
	{ 0x14b, "n" },
	{ 0x153, "oe" },
	{ 0x167, "t" },
	{ 0x180, "b" },
	{ 0x188, "c" },
	{ 0x18d, "d" },
	{ 0x192, "f" },
	{ 0x199, "k" },
	{ 0x19a, "l" },
	{ 0x19e, "n" },
	{ 0x1a5, "p" },
	{ 0x1ad, "t" },
	{ 0x1b4, "y" },
	{ 0x1b6, "z" },
	{ 0x1dd, "e" },
	{ 0x1e5, "g" },
	{ 0x225, "z" },
	{ 0x23c, "c" },
	{ 0x23f, "s" },
	{ 0x240, "z" },
	{ 0x247, "e" },
	{ 0x249, "j" },
	{ 0x24d, "r" },
	{ 0x24f, "y" },
	{ 0x253, "b" },
	{ 0x254, "o" },
	{ 0x256, "d" },
	{ 0x257, "d" },
	{ 0x259, "e" },
	{ 0x25b, "e" },
	{ 0x260, "g" },
	{ 0x263, "g" },
	{ 0x268, "i" },
	{ 0x269, "i" },
	{ 0x272, "n" },
	{ 0x289, "u" },
	{ 0x28a, "u" },
	{ 0x28b, "v" },
	{ 0x2c65, "a" },
	{ 0x2c66, "t" },
	{ 0x2c6a, "k" },
	/* One apostrophe; transliterators' half rings and primes go. */
	{ 0x2018, "'" },
	{ 0x2019, "'" },
	{ 0x201b, "'" },
	{ 0x2bb, "'" },
	{ 0x2bc, "'" },
	{ 0xa78c, "'" },
	{ 0x5f3, "'" },
	{ 0x5f4, "\"" },
	{ 0x2b9, "" },
	{ 0x2ba, "" },
	{ 0x2bd, "" },
	{ 0x2be, "" },
	{ 0x2bf, "" },
	/* Arabic: tatweel; alef; yeh and kaf as typed for Arabic, Persian and Urdu; teh marbuta. */
	{ 0x640, "" },
	{ 0x671, "ا" },
	{ 0x649, "ي" },
	{ 0x6cc, "ي" },
	{ 0x6a9, "ك" },
	{ 0x6aa, "ك" },
	{ 0x629, "ه" },
	{ 0x6c1, "ه" },
	{ 0x6c3, "ه" },
	{ 0x6c0, "ه" },
	{ 0x6c2, "ه" },
	/* Tibetan: the tsheg that does not break is a tsheg. */
	{ 0xf0c, "་" },
};

/* Letters of an alphabet that Unicode decomposes, but that no reader would: й is not и,
 * and Uyghur and Persian write ئ for itself. */
static const UChar32 whole[] = { 0x439, 0x457, 0x45e, 0x453, 0x45c, 0x624, 0x626 };

/* Nonspacing marks that are diacritics of Latin, Greek, Cyrillic, Hebrew, Arabic and Syriac.
 * Everywhere else (Indic, Tibetan, Thai, Burmese, kana) a mark is part of the letter. */
static const struct {
	UChar32 from, to;
} diacritic[] = {
	{ 0x300, 0x36f },
	{ 0x483, 0x489 },
	{ 0x591, 0x5bd },
	{ 0x5bf, 0x5bf },
	{ 0x5c1, 0x5c2 },
	{ 0x5c4, 0x5c5 },
	{ 0x5c7, 0x5c7 },
	{ 0x610, 0x61a },
	{ 0x64b, 0x65f },
	{ 0x670, 0x670 },
	{ 0x6d6, 0x6dc },
	{ 0x6df, 0x6e4 },
	{ 0x6e7, 0x6e8 },
	{ 0x6ea, 0x6ed },
	{ 0x711, 0x711 },
	{ 0x730, 0x74a },
	{ 0x898, 0x89f },
	{ 0x8ca, 0x8e1 },
	{ 0x8e3, 0x8ff },
	{ 0x1ab0, 0x1ace },
	{ 0x1dc0, 0x1dff },
	{ 0x20d0, 0x20f0 },
	{ 0x2de0, 0x2dff },
	{ 0xa66f, 0xa672 },
	{ 0xa674, 0xa67d },
	{ 0xa69e, 0xa69f },
	{ 0xfb1e, 0xfb1e },
	{ 0xfe20, 0xfe2f },
};

static const UNormalizer2 *casefold, *nfd, *nfc;

static int
is_diacritic(UChar32 c)
{
	for (size_t i = 0; i < sizeof diacritic / sizeof *diacritic; i++)
		if (c >= diacritic[i].from && c <= diacritic[i].to)
			return 1;
	return 0;
}

static int
is_whole(UChar32 c)
{
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (c == whole[i])
			return 1;
	return 0;
}

/* Adds what c folds to once it is casefolded. */
static void
fold_one(UChar32 c, UChar *to, int32_t *n)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar one[4], parts[32];
	int32_t one_n = 0, parts_n, got = 0;

	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (special[i].from == c) {
			u_strFromUTF8(to + *n, WORK - *n, &got, special[i].to, -1, &st);
			must(st, "special");
			*n += got;
			return;
		}
	if (c == ' ' || is_diacritic(c))
		return; /* a ligature of several words is one term */
	if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
		c = '0' + u_charDigitValue(c);
	U16_APPEND_UNSAFE(one, one_n, c);
	if (is_whole(c)) {
		u_memcpy(to + *n, one, one_n);
		*n += one_n;
		return;
	}
	parts_n = unorm2_normalize(nfd, one, one_n, parts, 32, &st);
	must(st, "NFD");
	for (int32_t i = 0; i < parts_n;) {
		UChar32 part;

		U16_NEXT(parts, i, parts_n, part);
		if (part != c && parts_n > one_n)
			fold_one(part, to, n);
		else if (!is_diacritic(part))
			U16_APPEND_UNSAFE(to, *n, part);
	}
}

/* What c folds to, as UTF-8; folding twice changes nothing more. */
static int32_t
fold_char(UChar32 c, char *ret, int32_t cap)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar a[WORK], b[WORK];
	int32_t a_n = 0, b_n, ret_n;

	U16_APPEND_UNSAFE(a, a_n, c);
	for (int pass = 0; pass < 3; pass++) {
		if (!(a_n == 1 && is_whole(a[0]))) {
			b_n = unorm2_normalize(casefold, a, a_n, b, WORK, &st);
			must(st, "casefold");
		} else {
			u_memcpy(b, a, b_n = a_n);
		}
		a_n = 0;
		for (int32_t i = 0; i < b_n;) {
			UChar32 part;

			U16_NEXT(b, i, b_n, part);
			fold_one(part, a, &a_n);
		}
		b_n = unorm2_normalize(nfc, a, a_n, b, WORK, &st);
		must(st, "NFC");
		u_memcpy(a, b, a_n = b_n);
	}
	u_strToUTF8(ret, cap, &ret_n, a, a_n, &st);
	must(st, "UTF-8");
	return ret_n;
}

/* ---- words, normalising ---- */

/* Does ICU keep "aCa" in one piece? Its root rules leave the colon out of MidLetter, to which
 * UAX #29 counts it, and some versions take @ for a letter: so punctuation is tried out. */
static int
joins_letters(UChar32 c)
{
	static UBreakIterator *words;
	UErrorCode st = U_ZERO_ERROR;
	UChar s[4] = { 'a' };
	int32_t n = 1;

	if (!words)
		words = ubrk_open(UBRK_WORD, "", NULL, 0, &st);
	U16_APPEND_UNSAFE(s, n, c);
	s[n++] = 'a';
	ubrk_setText(words, s, n, &st);
	must(st, "word rules");
	ubrk_first(words);
	return ubrk_next(words) == n;
}

static int
is_dictionary(UChar32 c)
{
	UErrorCode st = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript(c, &st);

	return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
	    script == USCRIPT_KATAKANA || u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) ||
	    u_getIntPropertyValue(c, UCHAR_WORD_BREAK) == U_WB_KATAKANA ||
	    u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

static enum word_class
word_class(UChar32 c)
{
	static const struct {
		int wb;
		enum word_class class;
	} classes[] = {
		{ U_WB_ALETTER, WORD_ALETTER },
		{ U_WB_HEBREW_LETTER, WORD_HEBREW },
		{ U_WB_NUMERIC, WORD_NUMERIC },
		{ U_WB_EXTENDNUMLET, WORD_EXTENDNUMLET },
		{ U_WB_MIDLETTER, WORD_MIDLETTER },
		{ U_WB_MIDNUM, WORD_MIDNUM },
		{ U_WB_MIDNUMLET, WORD_MIDNUMLET },
		{ U_WB_SINGLE_QUOTE, WORD_SINGLE_QUOTE },
		{ U_WB_DOUBLE_QUOTE, WORD_DOUBLE_QUOTE },
		{ U_WB_EXTEND, WORD_EXTEND },
		{ U_WB_FORMAT, WORD_EXTEND },
		{ U_WB_ZWJ, WORD_ZWJ },
	};
	int wb = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);

	if (c >= 0xac00 && c <= 0xd7a3)
		return WORD_HANGUL;
	if (is_dictionary(c))
		return WORD_ASK;
	if (c >= 0xff10 && c <= 0xff19)
		return WORD_NUMERIC;
	if (wb == U_WB_MIDLETTER && !joins_letters(c))
		return WORD_OTHER;
	if (wb == U_WB_OTHER && u_ispunct(c) && joins_letters(c))
		return WORD_ALETTER;
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (classes[i].wb == wb) {
			/* A letter that is an emoji too, as U+2139, can follow a ZWJ. */
			int pict = u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC);

			return pict ? WORD_ASK : classes[i].class;
		}
	return WORD_OTHER;
}

static unsigned
char_flags(UChar32 c, enum word_class word)
{
	uint32_t mask = U_GET_GC_MASK(c);
	unsigned flags = 0;

	if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC))
		flags |= CHAR_PICT;
	if (unorm2_hasBoundaryBefore(nfc, c))
		flags |= CHAR_NFC_STARTS;
	if (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES)
		flags |= CHAR_NFC_ASK;
	if (mask & (U_GC_L_MASK | U_GC_M_MASK))
		flags |= CHAR_LETTER;
	if ((word == WORD_ALETTER && !u_ispunct(c)) || word == WORD_HEBREW ||
	    word == WORD_NUMERIC || word == WORD_HANGUL ||
	    (word == WORD_ASK &&
		(mask & (U_GC_L_MASK | U_GC_ND_MASK | U_GC_NL_MASK) ||
		    u_getIntPropertyValue(c, UCHAR_WORD_BREAK) == U_WB_ALETTER)))
		flags |= CHAR_WORD;
	if (mask & (U_GC_CC_MASK | U_GC_CN_MASK | U_GC_CO_MASK | U_GC_CS_MASK) && c != '\n' &&
	    c != '\t' && c != '\r' && c != '\f')
		flags |= CHAR_STRANGE;
	return flags;
}

/* ---- writing ---- */

static uint16_t value[CHARS];

/* Two stages: blocks that are alike are written once. */
static void
write_trie(FILE *f, const char *name)
{
	static uint16_t index[BLOCKS], first[BLOCKS];
	unsigned blocks = 0;

	for (unsigned b = 0; b < BLOCKS; b++) {
		unsigned i = 0;

		while (i < blocks &&
		    memcmp(value + first[i] * BLOCK_SIZE, value + b * BLOCK_SIZE,
			BLOCK_SIZE * sizeof *value))
			i++;
		if (i == blocks)
			first[blocks++] = (uint16_t)b;
		index[b] = (uint16_t)i;
	}
	fprintf(f, "const uint16_t %s_index[BLOCKS] = {", name);
	for (unsigned b = 0; b < BLOCKS; b++)
		fprintf(f, "%s%u,", b % 24 ? "" : "\n", index[b]);
	fprintf(f, "\n};\nconst uint16_t %s_block[] = {", name);
	for (unsigned b = 0; b < blocks; b++)
		for (unsigned i = 0; i < BLOCK_SIZE; i++)
			fprintf(
			    f, "%s%u,", i % 16 ? "" : "\n", value[first[b] * BLOCK_SIZE + i]);
	fprintf(f, "\n};\n");
}

static void
write_props(FILE *f)
{
	static struct char_props record[65536];
	unsigned records = 0;

	for (UChar32 c = 0; c < CHARS; c++) {
		UErrorCode st = U_ZERO_ERROR;
		enum word_class word = word_class(c);
		struct char_props p = { (uint8_t)word, u_getCombiningClass(c),
			(uint8_t)char_flags(c, word), (uint8_t)uscript_getScript(c, &st) };
		unsigned i = 0;

		must(st, "script");
		while (i < records && memcmp(&record[i], &p, sizeof p))
			i++;
		if (i == records)
			record[records++] = p;
		value[c] = (uint16_t)i;
	}
	write_trie(f, "props");
	fprintf(f, "const struct char_props props_record[] = {\n");
	for (unsigned i = 0; i < records; i++)
		fprintf(f, "{%u,%u,%u,%u},\n", record[i].word, record[i].ccc, record[i].flags,
		    record[i].script);
	fprintf(f, "};\nconst char script_name[][5] = {");
	for (int i = 0; i < 256; i++) {
		const char *name = uscript_getShortName((UScriptCode)i);

		fprintf(f, "%s\"%.4s\",", i % 8 ? "" : "\n", name ? name : "Zzzz");
	}
	fprintf(f, "\n};\n");
}

static void
write_fold(FILE *f)
{
	static uint8_t pool[65536];
	unsigned used = 1; /* 0 says: stays */

	for (UChar32 c = 0; c < CHARS; c++) {
		char folded[WORK * 3], self[5] = "";
		int32_t n = U_IS_SURROGATE(c) ? 0 : fold_char(c, folded, sizeof folded),
			self_n = 0;
		unsigned i = 1;

		value[c] = 0;
		if (U_IS_SURROGATE(c))
			continue;
		U8_APPEND_UNSAFE(self, self_n, c);
		if (n == self_n && !memcmp(self, folded, (size_t)n))
			continue;
		while (i < used && (pool[i] != n || memcmp(pool + i + 1, folded, (size_t)n)))
			i += pool[i] + 1u;
		if (i == used) {
			if (used + (unsigned)n + 1 > sizeof pool)
				must(U_BUFFER_OVERFLOW_ERROR, "fold pool");
			pool[used] = (uint8_t)n;
			memcpy(pool + used + 1, folded, (size_t)n);
			used += (unsigned)n + 1;
		}
		value[c] = (uint16_t)i;
	}
	write_trie(f, "fold");
	fprintf(f, "const uint8_t fold_pool[] = {");
	for (unsigned i = 0; i < used; i++)
		fprintf(f, "%s%u,", i % 24 ? "" : "\n", pool[i]);
	fprintf(f, "\n};\n");
}

/* The syllable of a Han character in plain letters; false if ICU knows none. */
static int
pinyin(const UTransliterator *t, UChar32 c, char ret[8])
{
	UErrorCode st = U_ZERO_ERROR;
	UChar u[WORK];
	int32_t n = 0, limit, len = 0;

	U16_APPEND_UNSAFE(u, n, c);
	limit = n;
	utrans_transUChars(t, u, &n, WORK, 0, &limit, &st);
	must(st, "Han-Latin");
	for (int32_t i = 0; i < n; i++) {
		if (u[i] < 'a' || u[i] > 'z' || len == 7)
			return 0;
		ret[len++] = (char)u[i];
	}
	ret[len] = 0;
	return len > 0;
}

static void
write_pinyin(FILE *f)
{
	static const UChar id[] = u"Han-Latin; NFD; [:Mn:] Remove; Lower";
	static char syllable[4096][8];
	UErrorCode st = U_ZERO_ERROR;
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &st);
	unsigned used = 1;

	must(st, "Han-Latin");
	memset(value, 0, sizeof value);
	for (UChar32 c = 0x3007; c < 0xa000; c++) {
		char s[8];
		unsigned i = 1;

		if ((c > 0x3007 && c < 0x3400) || !pinyin(t, c, s))
			continue;
		while (i < used && strcmp(syllable[i], s))
			i++;
		if (i == used)
			memcpy(syllable[used++], s, 8);
		value[c] = (uint16_t)i;
	}
	utrans_close(t);
	write_trie(f, "pinyin");
	fprintf(f, "const char pinyin_syllable[][8] = {");
	for (unsigned i = 0; i < used; i++)
		fprintf(f, "%s\"%s\",", i % 12 ? "" : "\n", syllable[i]);
	fprintf(f, "\n};\n");
}

int
main(int argc, char **argv)
{
	UErrorCode st = U_ZERO_ERROR;
	FILE *f = argc == 2 ? fopen(argv[1], "w") : NULL;

	if (!f) {
		fprintf(stderr, "usage: make_tables FILE\n");
		return 2;
	}
	casefold = unorm2_getNFKCCasefoldInstance(&st);
	nfd = unorm2_getNFDInstance(&st);
	nfc = unorm2_getNFCInstance(&st);
	must(st, "normalizers");
	fprintf(f, "/* Made by make_tables from ICU %s. */\n#include \"text/tables.h\"\n\n",
	    U_ICU_VERSION);
	write_props(f);
	write_fold(f);
	write_pinyin(f);
	if (fclose(f)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
