/* text: Unicode. Bytes to normalised UTF-8, words, folding, Latin letters beside
 * other scripts, and the language.
 *
 * Over ICU 72 (UAX #15, #29; CLDR transforms). Words are cut by code of ours that
 * equals ICU: a property test shows it. Input of text_decode is hostile; everything else expects
 * valid UTF-8 (text_valid) and is safe, if meaningless, on other bytes. */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

bool text_valid(const void *p, size_t n); /* well-formed UTF-8 without U+0000; fast */

/* Which encoding is it? By BOM, else as declared (label of the WHATWG Encoding
 * Standard, or NULL), else valid UTF-8, else by statistics. */
enum text_how { TEXT_BY_BOM, TEXT_BY_DECLARATION, TEXT_BY_UTF8, TEXT_BY_STATISTICS };
struct text_encoding {
	const char *name; /* WHATWG name: "UTF-8", "windows-1252", "gb18030"; static */
	enum text_how how;
	unsigned confidence; /* percent */
	size_t skip;         /* bytes of a BOM at the start */
};
struct text_encoding text_detect(const void *p, size_t n, const char *declared);

/* To UTF-8 in NFC: bytes that mean nothing and U+0000 become U+FFFD; CR LF and CR become LF.
 * *ret_same: the result equals the input bytes (nothing was appended to ret then:
 * the caller uses its input).  ERR_TOO_BIG if ret is full; ERR_INVALID for an unknown encoding. */
MUST bool text_decode(const void *p, size_t n, const struct text_encoding *enc, struct buf *ret,
    bool *ret_same, struct err *e);

/* How many characters of `text`, which text_decode made of the n bytes at p, are U+FFFD for what could
 * not be read; those that the bytes themselves name are none. */
size_t text_lost(
    const void *p, size_t n, const struct text_encoding *enc, const char *text, size_t len);

/* Words. For each word of the text, its folded form, then its other forms at the same place:
 * in Latin letters, if it is in others; without an elided article, the 's or the stops it has
 * (l'homme, China's, U.N.). Other forms are for the index: what people type is asked for by
 * its folded form alone. `text` is UTF-8 in NFC. */
struct token {
	const char *term; /* folded: case and diacritics gone; valid until the next call */
	size_t n;
	uint64_t place;      /* 0, 1, 2 ...: equal for a word and its other forms */
	uint32_t start, end; /* byte span; of a form that joins two words ("lhasa"), of both */
	bool translit;       /* it is another form */
};
enum { TOKEN_MAX = 128 }; /* a longer term is cut there, at a character */

struct tokens; /* reusable; belongs to one thread */
struct tokens *tokens_new(void);
void tokens_free(struct tokens *t);
void tokens_start(struct tokens *t, const char *text, size_t n); /* text is borrowed */
bool tokens_next(struct tokens *t, struct token *ret);           /* false at the end */
AUTO_FREE(tokens, tokens_free)

/* The language as BCP 47 ("en", "zh-Hans", "bo", "ug"), or "und". From the first few KB. */
struct text_language {
	char tag[16];
	char script[5];      /* ISO 15924 of most letters, "Zyyy" if none */
	unsigned confidence; /* percent */
};
void text_language(const char *text, size_t n, struct text_language *ret);

/* Loads what the functions above but tokens need, for a process that forks children which
 * may open no files. Optional: everything loads by itself when first used. */
void text_warm(void);

#endif
