/* Keys as authenticators give them: COSE maps (RFC 9052, section 7; RFC 9053). */
#include <string.h>

#include "desk/cbor.h"
#include "desk/webauthn.h"

enum {
	COSE_KIND = 1,
	COSE_ALGORITHM = 3,
	COSE_CURVE = -1, /* of RSA: the modulus */
	COSE_X = -2,     /* of RSA: the exponent */
	COSE_Y = -3,
	KIND_OKP = 1,
	KIND_EC2 = 2,
	KIND_RSA = 3,
	CURVE_P256 = 1,
	CURVE_ED25519 = 6,
	ALGORITHM_ES256 = -7,
	ALGORITHM_EDDSA = -8,
	ALGORITHM_RS256 = -257,
};

/* Labels -3 to 3, each once; what has another is skipped. */
struct cose {
	struct cbor at[7];
	bool has[7];
};

static bool
read_map(struct span key, struct cose *ret)
{
	struct reader r = { key.p, key.n, false };
	struct cbor map, label;
	int64_t n;

	if (!cbor_next(&r, &map) || map.kind != CBOR_MAP)
		return false;
	for (uint64_t i = 0; i < map.n; i++) {
		struct reader at;

		if (!cbor_next(&r, &label))
			return false;
		at = r;
		if (!cbor_skip(&r))
			return false;
		if (!cbor_number(&label, &n) || n < -3 || n > 3)
			continue;
		if (ret->has[n + 3] || !cbor_next(&at, &ret->at[n + 3]))
			return false;
		ret->has[n + 3] = true;
	}
	return !r.left;
}

static bool
is_number(const struct cose *c, int label, int64_t value)
{
	int64_t n;

	return c->has[label + 3] && cbor_number(&c->at[label + 3], &n) && n == value;
}

static bool
is_bytes(const struct cose *c, int label, uint64_t least, uint64_t most)
{
	const struct cbor *v = &c->at[label + 3];

	return c->has[label + 3] && v->kind == CBOR_BYTES && v->n >= least && v->n <= most;
}

static const uint8_t *
bytes(const struct cose *c, int label)
{
	return c->at[label + 3].p;
}

static bool
is_es256(const struct cose *c)
{
	return is_number(c, COSE_ALGORITHM, ALGORITHM_ES256) &&
	    is_number(c, COSE_KIND, KIND_EC2) && is_number(c, COSE_CURVE, CURVE_P256) &&
	    is_bytes(c, COSE_X, 32, 32) && is_bytes(c, COSE_Y, 32, 32);
}

static bool
fits_es256(const struct cose *c, struct span sig, const void *p, size_t n)
{
	uint8_t point[P256_POINT];

	memcpy(point, bytes(c, COSE_X), 32);
	memcpy(point + 32, bytes(c, COSE_Y), 32);
	return digest_verify_es256(point, sig.p, sig.n, p, n);
}

static bool
is_eddsa(const struct cose *c)
{
	return is_number(c, COSE_ALGORITHM, ALGORITHM_EDDSA) &&
	    is_number(c, COSE_KIND, KIND_OKP) && is_number(c, COSE_CURVE, CURVE_ED25519) &&
	    is_bytes(c, COSE_X, ED25519_PUBLIC, ED25519_PUBLIC);
}

static bool
fits_eddsa(const struct cose *c, struct span sig, const void *p, size_t n)
{
	return sig.n == ED25519_SIGNATURE &&
	    digest_verify_ed25519(bytes(c, COSE_X), sig.p, p, n);
}

static bool
is_rs256(const struct cose *c)
{
	return is_number(c, COSE_ALGORITHM, ALGORITHM_RS256) &&
	    is_number(c, COSE_KIND, KIND_RSA) && is_bytes(c, COSE_CURVE, 256, 1024) &&
	    is_bytes(c, COSE_X, 1, 8);
}

static bool
fits_rs256(const struct cose *c, struct span sig, const void *p, size_t n)
{
	return digest_verify_rs256(bytes(c, COSE_CURVE), (size_t)c->at[COSE_CURVE + 3].n,
	    bytes(c, COSE_X), (size_t)c->at[COSE_X + 3].n, sig.p, sig.n, p, n);
}

static const struct {
	bool (*is)(const struct cose *c);
	bool (*fits)(const struct cose *c, struct span sig, const void *p, size_t n);
} algorithms[] = {
	{ is_es256, fits_es256 },
	{ is_eddsa, fits_eddsa },
	{ is_rs256, fits_rs256 },
};

bool
cose_is_key(struct span key)
{
	struct cose c = { 0 };

	if (!read_map(key, &c))
		return false;
	for (size_t i = 0; i < LEN(algorithms); i++)
		if (algorithms[i].is(&c))
			return true;
	return false;
}

bool
cose_fits(struct span key, struct span signature, const void *p, size_t n)
{
	struct cose c = { 0 };

	if (!read_map(key, &c))
		return false;
	for (size_t i = 0; i < LEN(algorithms); i++)
		if (algorithms[i].is(&c))
			return algorithms[i].fits(&c, signature, p, n);
	return false;
}
