/* base/reader: foreign bytes, read with bounds.
 *
 * The error is sticky: a parser reads field after field and checks `bad` once.
 * What a failed read returns is 0 or NULL. */
#ifndef BASE_READER_H
#define BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
	const uint8_t *p;
	size_t left;
	bool bad;
};

/* Borrowed from the input; NULL if fewer than n bytes are left. */
static inline const uint8_t *
read_bytes(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > r->left) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	r->left -= n;
	return p;
}

static inline uint64_t
read_be_(struct reader *r, size_t n)
{
	const uint8_t *p = read_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = 0; p && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static inline uint8_t
read_u8(struct reader *r)
{
	return (uint8_t)read_be_(r, 1);
}

static inline uint16_t
read_u16(struct reader *r)
{
	return (uint16_t)read_be_(r, 2);
}

static inline uint32_t
read_u32(struct reader *r)
{
	return (uint32_t)read_be_(r, 4);
}

static inline uint64_t
read_u64(struct reader *r)
{
	return read_be_(r, 8);
}

/* A line without its '\n', which must be there; *ret_n is its length. */
static inline const char *
read_line(struct reader *r, size_t *ret_n)
{
	const uint8_t *nl = r->bad || !r->left ? NULL : memchr(r->p, '\n', r->left);
	const char *line = (const char *)r->p;

	if (!nl) {
		r->bad = true;
		*ret_n = 0;
		return NULL;
	}
	*ret_n = (size_t)(nl - r->p);
	read_bytes(r, *ret_n + 1);
	return line;
}

#endif
