/* Cryptographic Message Syntax (RFC 5652), as far as to what is signed: BER, read without recursion. */
#include "extract/mail/mail_private.h"

#include <string.h>

#include "base/reader.h"

struct value {
	uint8_t tag;
	bool open; /* of no length: ends with two zero bytes */
	size_t n;
};

enum { OCTETS = 0x04, OID = 0x06, OCTETS_IN_PARTS = 0x24, SEQUENCE = 0x30, EXPLICIT = 0xa0 };

static bool
read_head(struct reader *r, struct value *ret)
{
	uint8_t length;

	*ret = (struct value){ .tag = read_u8(r) };
	length = read_u8(r);
	if (length == 0x80)
		ret->open = true;
	else if (length < 0x80)
		ret->n = length;
	else if (length > 0x84)
		return false;
	else
		for (int i = length & 0x7f; i; i--)
			ret->n = ret->n << 8 | read_u8(r);
	if (ret->open)
		ret->n = r->left;
	return !r->bad;
}

static bool
enter(struct reader *r, uint8_t tag)
{
	struct value v;

	return read_head(r, &v) && v.tag == tag;
}

/* Passes a value whose length is known. */
static bool
skip(struct reader *r, uint8_t tag)
{
	struct value v;

	return read_head(r, &v) && v.tag == tag && !v.open && read_bytes(r, v.n);
}

/* What is damaged behind its beginning gives what it has. */
static void
octets(struct reader *r, struct buf *ret)
{
	struct value v, piece;

	if (!read_head(r, &v))
		return;
	if (v.tag == OCTETS) {
		v.n = MIN(v.n, r->left);
		buf_add(ret, read_bytes(r, v.n), v.n);
	}
	while (v.tag == OCTETS_IN_PARTS && read_head(r, &piece) && piece.tag == OCTETS) {
		piece.n = MIN(piece.n, r->left);
		buf_add(ret, read_bytes(r, piece.n), piece.n);
	}
}

enum cms
cms_content(const void *p, size_t n, struct buf *ret)
{
	static const uint8_t pkcs7[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07 };
	enum { SIGNED = 2, ENVELOPED = 3, ENCRYPTED = 6 };
	struct reader r = { p, n, false };
	struct value v;
	const uint8_t *oid;

	if (!enter(&r, SEQUENCE) || !read_head(&r, &v) || v.tag != OID)
		return CMS_OTHER;
	oid = read_bytes(&r, v.n);
	if (!oid || v.n != sizeof pkcs7 + 1 || memcmp(oid, pkcs7, sizeof pkcs7) != 0) {
		/* AuthEnvelopedData has a number of its own, far from these. */
		static const uint8_t auth[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09,
			0x10, 0x01, 0x17 };

		return oid && v.n == sizeof auth && memcmp(oid, auth, v.n) == 0 ?
		    CMS_ENCRYPTED :
		    CMS_OTHER;
	}
	if (oid[8] == ENVELOPED || oid[8] == ENCRYPTED)
		return CMS_ENCRYPTED;
	if (oid[8] != SIGNED || !enter(&r, EXPLICIT) || !enter(&r, SEQUENCE) ||
	    !skip(&r, 0x02) || !skip(&r, 0x31) || !enter(&r, SEQUENCE) || !skip(&r, OID) ||
	    !enter(&r, EXPLICIT))
		return CMS_OTHER;
	octets(&r, ret);
	return ret->n ? CMS_SIGNED : CMS_OTHER;
}

bool
cms_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO_VAL(buf) inner = buf_init((size_t)MIN((uint64_t)n, o->text_max));

	switch (cms_content(p, n, &inner)) {
	case CMS_ENCRYPTED:
		output_field(o, "encrypted", "S/MIME", 6);
		return err_set(
		    e, ERR_DENIED, "it is encrypted for the holder of a key (S/MIME)");
	case CMS_OTHER:
		output_end(
		    o, "it holds signatures or certificates, and nothing that is signed");
		return true;
	case CMS_SIGNED:
		break;
	}
	output_file(o, EXTRACT_UNNAMED);
	output_bytes(o, inner.p, inner.n);
	if (!inner.full) {
		output_file_end(o);
	} else {
		output_reason(o, EXTRACT_BOUND);
		output_file_cut(o, "it is larger than what is taken of a file");
	}
	output_end(o, "signed; the signature was not checked");
	return true;
}
