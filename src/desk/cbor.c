/* CBOR, strictly (cbor.h). */
#include "desk/cbor.h"

#include <string.h>

enum { SIMPLE_FALSE = 20, SIMPLE_NULL = 22 };

/* The number of a head: short ones stand in it, longer ones behind it, in the fewest bytes that hold them. */
static uint64_t
read_number(struct reader *r, unsigned info)
{
	static const uint64_t least[] = { 24, 0x100, 0x10000, 0x100000000 };
	uint64_t v;

	if (info < 24)
		return info;
	if (info > 27) { /* reserved, or of indefinite length */
		r->bad = true;
		return 0;
	}
	v = read_be_(r, (size_t)1 << (info - 24));
	if (v < least[info - 24])
		r->bad = true;
	return v;
}

bool
cbor_next(struct reader *r, struct cbor *ret)
{
	uint8_t head = read_u8(r);
	struct cbor c = { .kind = head >> 5, .n = read_number(r, head & 31) };

	switch (c.kind) {
	case CBOR_UNSIGNED:
	case CBOR_NEGATIVE:
		break;
	case CBOR_BYTES:
	case CBOR_TEXT:
		c.p = read_bytes(r, c.n <= r->left ? (size_t)c.n : SIZE_MAX);
		break;
	case CBOR_LIST: /* each item takes a byte at least: what says that it has more is no list */
		r->bad = r->bad || c.n > r->left;
		break;
	case CBOR_MAP:
		r->bad = r->bad || c.n > r->left / 2;
		break;
	case CBOR_SIMPLE:
		r->bad = r->bad || (head & 31) < SIMPLE_FALSE || (head & 31) > SIMPLE_NULL;
		break;
	default:
		r->bad = true;
	}
	if (r->bad)
		return false;
	*ret = c;
	return true;
}

bool
cbor_skip(struct reader *r)
{
	struct cbor c;

	/* Never more than bytes are left, each step takes one: it ends. */
	for (uint64_t todo = 1; todo; todo--) {
		if (todo > r->left)
			r->bad = true;
		if (!cbor_next(r, &c))
			return false;
		if (c.kind == CBOR_LIST)
			todo += c.n;
		if (c.kind == CBOR_MAP)
			todo += 2 * c.n;
	}
	return true;
}

bool
cbor_is_text(const struct cbor *c, const char *s)
{
	return c->kind == CBOR_TEXT && c->n == strlen(s) && memcmp(c->p, s, (size_t)c->n) == 0;
}

bool
cbor_number(const struct cbor *c, int64_t *ret)
{
	if (c->kind > CBOR_NEGATIVE || c->n > INT32_MAX)
		return false;
	*ret = c->kind == CBOR_NEGATIVE ? -1 - (int64_t)c->n : (int64_t)c->n;
	return true;
}
