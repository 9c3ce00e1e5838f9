/* Signatures that packages carry, checked with the key that they bring along: it says that nobody changed them since, not who signed. By
 * nettle (ECDSA: FIPS 186-4; RSA: RFC 8017, PKCS #1 v1.5), as in checksum_private.h. */
#ifndef EXTRACT_SIGNED_PRIVATE_H
#define EXTRACT_SIGNED_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

enum signed_result {
	SIGNED_GOOD,
	SIGNED_BAD,
	SIGNED_UNKNOWN /* a kind of key that is not known here */
};

/* Is it the signature of the message's SHA-256? The key: base 64 of a SubjectPublicKeyInfo (RFC 5280), or certificates in PEM, of which
 * the first one's key counts. The signature: base 64 of DER (RFC 3279), or of both numbers one after the other. */
enum signed_result signed_check(const char *key, const char *signature, const char *message);

#endif
