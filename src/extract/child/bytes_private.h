/* Foreign bytes in little-endian order, looked at by place: what lies outside reads as zero, so that a damaged file
 * costs no branches; lengths that matter are checked by whoever asks. */
#ifndef EXTRACT_BYTES_PRIVATE_H
#define EXTRACT_BYTES_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/buf.h"

struct bytes { /* borrowed */
	const uint8_t *p;
	size_t n;
};

static inline struct bytes
bytes_of(const struct buf *b)
{
	return (struct bytes){ b->p, b->n };
}

/* As much of n bytes at that place as there is. */
static inline struct bytes
bytes_at(struct bytes b, uint64_t at, uint64_t n)
{
	if (at >= b.n)
		return (struct bytes){ 0 };
	return (struct bytes){ b.p + at, (size_t)MIN(n, (uint64_t)(b.n - at)) };
}

static inline struct bytes
bytes_from(struct bytes b, uint64_t at)
{
	return bytes_at(b, at, b.n);
}

static inline uint64_t
bytes_le_(struct bytes b, uint64_t at, unsigned n)
{
	uint64_t v = 0;

	if (at >= b.n || n > b.n - at)
		return 0;
	while (n--)
		v = v << 8 | b.p[at + n];
	return v;
}

static inline uint8_t
u8_at(struct bytes b, uint64_t at)
{
	return (uint8_t)bytes_le_(b, at, 1);
}

static inline uint16_t
u16_at(struct bytes b, uint64_t at)
{
	return (uint16_t)bytes_le_(b, at, 2);
}

static inline uint32_t
u32_at(struct bytes b, uint64_t at)
{
	return (uint32_t)bytes_le_(b, at, 4);
}

static inline uint64_t
u64_at(struct bytes b, uint64_t at)
{
	return bytes_le_(b, at, 8);
}

/* Text of code pages as Windows numbers them (1252, 65001; 10000 is Macintosh), to UTF-8. One that is not known reads
 * as 1252. codepage.c */
enum {
	CODEPAGE_LATIN = 1252,
	CODEPAGE_MAC = 10000,
	CODEPAGE_UTF8 = 65001,
	CODEPAGE_UTF16 = 1200
};
void codepage_add(unsigned codepage, struct bytes b, struct buf *ret);
/* UTF-16, low byte first, of so many bytes. */
void utf16_add(struct bytes b, struct buf *ret);
void utf16_unit_add(
    uint32_t unit, struct buf *ret); /* one that is a character by itself, or a whole one */
/* The code page that a language (LCID) or a character set of a font (RTF, LOGFONT) was written in. 0: not known. */
unsigned codepage_of_language(unsigned lcid);
unsigned codepage_of_charset(unsigned charset);

#endif
