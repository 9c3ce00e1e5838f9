/* desk/cbor: CBOR (RFC 8949) as authenticators write it (CTAP2's canonical form): numbers as short as they can be, no
 * indefinite lengths, no tags, no floating point. Item by item over foreign bytes; nothing is copied, nothing recursive.
 * What is not that sets the reader's `bad`. */
#ifndef DESK_CBOR_H
#define DESK_CBOR_H

#include "base/reader.h"

enum cbor_kind {
	CBOR_UNSIGNED,
	CBOR_NEGATIVE,
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_LIST,
	CBOR_MAP,
	CBOR_SIMPLE = 7, /* false, true, null */
};
struct cbor {
	enum cbor_kind kind;
	uint64_t
	    n; /* UNSIGNED: the number; NEGATIVE: -1 - n; BYTES, TEXT: how many; LIST: items; MAP: pairs */
	const uint8_t *p; /* BYTES, TEXT: borrowed from the input */
};

/* The head of the next item, with the bytes of a string; the items of a list or map follow. False: none, or bad. */
bool cbor_next(struct reader *r, struct cbor *ret);
/* A whole item with all within it. */
bool cbor_skip(struct reader *r);
bool cbor_is_text(const struct cbor *c, const char *s);
/* A number within +-2^31. False: it is none. */
bool cbor_number(const struct cbor *c, int64_t *ret);

#endif
