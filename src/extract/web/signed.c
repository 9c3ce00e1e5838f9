/* Signatures (signed_private.h). DER is read as far as it takes to find a key: every length is checked against what holds it. */
#include "extract/web/signed_private.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/code.h"

enum { KEY_MAX = 64 * 1024, COORDINATE_MAX = 66 };
enum {
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xa0
};

struct der { /* what is left of it */
	const uint8_t *p;
	size_t n;
};

/* The next element's tag, 0 if there is none, and what it holds. */
static uint8_t
der_next(struct der *d, struct der *ret)
{
	uint8_t tag;
	size_t len, head = 2;

	if (d->n < 2)
		return 0;
	tag = d->p[0];
	len = d->p[1];
	if (len > 0x80) {
		size_t more = len & 0x7f;

		if (more > 3 || d->n < head + more)
			return 0;
		for (len = 0; more--;)
			len = len << 8 | d->p[head++];
	} else if (len == 0x80) {
		return 0;
	}
	if (len > d->n - head)
		return 0;
	*ret = (struct der){ d->p + head, len };
	d->p += head + len;
	d->n -= head + len;
	return tag;
}

static bool
der_get(struct der *d, uint8_t tag, struct der *ret)
{
	return der_next(d, ret) == tag;
}

static bool
der_is(struct der d, const char *bytes, size_t n)
{
	return d.n == n && memcmp(d.p, bytes, n) == 0;
}

/* A key's algorithm, its parameters, and its bits. */
struct public_key {
	struct der algorithm, curve, bits;
};

static bool
read_key(struct der spki, struct public_key *ret)
{
	struct der inner, algorithm;

	if (!der_get(&spki, DER_SEQUENCE, &inner) ||
	    !der_get(&inner, DER_SEQUENCE, &algorithm) ||
	    !der_get(&algorithm, DER_OID, &ret->algorithm) ||
	    !der_get(&inner, DER_BITS, &ret->bits) || !ret->bits.n || ret->bits.p[0])
		return false;
	if (!der_get(&algorithm, DER_OID, &ret->curve))
		ret->curve = (struct der){ NULL, 0 };
	ret->bits.p++;
	ret->bits.n--;
	return true;
}

/* The SubjectPublicKeyInfo of a certificate: behind serial number, algorithm, issuer, validity and subject. */
static bool
key_of_certificate(struct der certificate, struct der *ret)
{
	enum { BEFORE = 5 };
	struct der outer, tbs, skipped;

	if (!der_get(&certificate, DER_SEQUENCE, &outer) ||
	    !der_get(&outer, DER_SEQUENCE, &tbs))
		return false;
	if (tbs.n && tbs.p[0] == DER_VERSION && !der_next(&tbs, &skipped))
		return false;
	for (int i = 0; i < BEFORE; i++)
		if (!der_next(&tbs, &skipped))
			return false;
	*ret = tbs;
	return true;
}

static bool
decode(const char *s, size_t n, struct buf *ret)
{
	AUTO_VAL(buf) packed = buf_init(KEY_MAX);
	uint8_t *to;
	size_t len;

	for (size_t i = 0; i < n; i++)
		if ((uint8_t)s[i] > ' ')
			buf_byte(&packed, (uint8_t)s[i]);
	to = buf_space(ret, packed.n);
	if (packed.full || !to ||
	    !base64_decode(buf_peek(&packed), packed.n, to, packed.n, &len))
		return false;
	ret->n = len;
	return true;
}

static bool
find_key(const char *key, struct buf *bytes, struct public_key *ret)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END";
	const char *pem = strstr(key, begin), *pem_end;
	struct der spki;

	if (!pem) {
		if (!decode(key, strlen(key), bytes))
			return false;
		return read_key((struct der){ bytes->p, bytes->n }, ret);
	}
	pem += strlen(begin);
	pem_end = strstr(pem, end);
	return pem_end && decode(pem, (size_t)(pem_end - pem), bytes) &&
	    key_of_certificate((struct der){ bytes->p, bytes->n }, &spki) &&
	    read_key(spki, ret);
}

#define OID_EC "\x2a\x86\x48\xce\x3d\x02\x01"
#define OID_RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define OID_P256 "\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define OID_P384 "\x2b\x81\x04\x00\x22"
#define OID_P521 "\x2b\x81\x04\x00\x23"
#define OID_IS(d, oid) der_is(d, oid, sizeof(oid) - 1)

static const struct ecc_curve *
curve_of(struct der oid, size_t *ret_n)
{
	*ret_n = OID_IS(oid, OID_P256) ? 32 : OID_IS(oid, OID_P384) ? 48 : 66;
	return OID_IS(oid, OID_P256) ? nettle_get_secp_256r1() :
	    OID_IS(oid, OID_P384)    ? nettle_get_secp_384r1() :
	    OID_IS(oid, OID_P521)    ? nettle_get_secp_521r1() :
				       NULL;
}

/* r and s, of either form. */
static bool
read_signature(struct der sig, size_t n, struct dsa_signature *ret)
{
	struct der whole = sig, inner, r, s;

	if (der_get(&whole, DER_SEQUENCE, &inner) && !whole.n &&
	    der_get(&inner, DER_INTEGER, &r) && der_get(&inner, DER_INTEGER, &s) &&
	    r.n <= n + 1 && s.n <= n + 1) {
		nettle_mpz_set_str_256_u(ret->r, r.n, r.p);
		nettle_mpz_set_str_256_u(ret->s, s.n, s.p);
		return true;
	}
	if (sig.n != 2 * n)
		return false;
	nettle_mpz_set_str_256_u(ret->r, n, sig.p);
	nettle_mpz_set_str_256_u(ret->s, n, sig.p + n);
	return true;
}

static enum signed_result
check_ecdsa(
    const struct public_key *k, struct der sig, const uint8_t digest[SHA256_DIGEST_SIZE])
{
	size_t n;
	const struct ecc_curve *curve = curve_of(k->curve, &n);
	struct ecc_point point;
	struct dsa_signature numbers;
	bool good = false;
	mpz_t x, y;

	if (!curve || k->bits.n != 1 + 2 * n || k->bits.p[0] != 4)
		return SIGNED_UNKNOWN;
	ecc_point_init(&point, curve);
	dsa_signature_init(&numbers);
	nettle_mpz_init_set_str_256_u(x, n, k->bits.p + 1);
	nettle_mpz_init_set_str_256_u(y, n, k->bits.p + 1 + n);
	if (ecc_point_set(&point, x, y) && read_signature(sig, n, &numbers))
		good = ecdsa_verify(&point, SHA256_DIGEST_SIZE, digest, &numbers);
	mpz_clear(x);
	mpz_clear(y);
	dsa_signature_clear(&numbers);
	ecc_point_clear(&point);
	return good ? SIGNED_GOOD : SIGNED_BAD;
}

static enum signed_result
check_rsa(const struct public_key *k, struct der sig, const uint8_t digest[SHA256_DIGEST_SIZE])
{
	enum { MODULUS_MIN = 128, MODULUS_MAX = 1025, EXPONENT_MAX = 8 };
	struct der bits = k->bits, inner, modulus, exponent;
	struct rsa_public_key key;
	bool good = false;
	mpz_t s;

	if (!der_get(&bits, DER_SEQUENCE, &inner) || !der_get(&inner, DER_INTEGER, &modulus) ||
	    !der_get(&inner, DER_INTEGER, &exponent) || modulus.n < MODULUS_MIN ||
	    modulus.n > MODULUS_MAX || exponent.n > EXPONENT_MAX || sig.n > MODULUS_MAX)
		return SIGNED_UNKNOWN;
	rsa_public_key_init(&key);
	nettle_mpz_set_str_256_u(key.n, modulus.n, modulus.p);
	nettle_mpz_set_str_256_u(key.e, exponent.n, exponent.p);
	nettle_mpz_init_set_str_256_u(s, sig.n, sig.p);
	if (rsa_public_key_prepare(&key))
		good = rsa_sha256_verify_digest(&key, digest, s);
	mpz_clear(s);
	rsa_public_key_clear(&key);
	return good ? SIGNED_GOOD : SIGNED_BAD;
}

enum signed_result
signed_check(const char *key, const char *signature, const char *message)
{
	AUTO_VAL(buf) key_bytes = buf_init(KEY_MAX);
	AUTO_VAL(buf) sig = buf_init(KEY_MAX);
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct public_key k;
	struct sha256_ctx ctx;
	struct der sig_der;

	if (!find_key(key, &key_bytes, &k))
		return SIGNED_UNKNOWN;
	if (!decode(signature, strlen(signature), &sig) || !sig.n)
		return SIGNED_BAD;
	sha256_init(&ctx);
	sha256_update(&ctx, strlen(message), (const uint8_t *)message);
	sha256_digest(&ctx, sizeof digest, digest);
	sig_der = (struct der){ sig.p, sig.n };
	if (OID_IS(k.algorithm, OID_EC))
		return check_ecdsa(&k, sig_der, digest);
	return OID_IS(k.algorithm, OID_RSA) ? check_rsa(&k, sig_der, digest) : SIGNED_UNKNOWN;
}
