/* What locked documents are opened with: hashes and ciphers of nettle's, told by name; and their password as UTF-16. */
#ifndef EXTRACT_CIPHER_PRIVATE_H
#define EXTRACT_CIPHER_PRIVATE_H

#include <nettle/nettle-meta.h>

#include "base/err.h"
#include "extract/child/bytes_private.h"

enum { CIPHER_KEY = 64, CIPHER_DIGEST = 64, CIPHER_BLOCK = 16 }; /* bytes, at most */
enum { SPINS_MAX = 10000000 }; /* rounds that a document may ask for: [MS-OFFCRYPTO] 2.3.4.10 */

/* "SHA512", "http://www.w3.org/2000/09/xmldsig#sha256", "SHA1/1K", ...: NULL if it is none that is known. */
const struct nettle_hash *cipher_hash(const char *name);
/* Of a, then b. */
void cipher_digest(
    const struct nettle_hash *h, struct bytes a, struct bytes b, uint8_t ret[CIPHER_DIGEST]);
const struct nettle_cipher *cipher_aes(size_t key_bytes); /* NULL: no such AES */
/* Whole blocks of `in`; ret has room for as many bytes. iv NULL: each block by itself (ECB). */
void cipher_open(const struct nettle_cipher *c, const uint8_t *key, const uint8_t *iv,
    struct bytes in, uint8_t *ret);
/* A password that is UTF-8, low byte first; bytes that are none stand for themselves. */
void cipher_utf16(const char *password, struct buf *ret);

/* locked_ooxml.c: the package in a compound file that holds an encrypted one. ERR_DENIED: the password is another one, or
 * the way it is encrypted is not known. */
struct ole;
MUST bool ooxml_unlock(struct ole *o, const char *password, struct buf *ret, struct err *e);
/* locked_odf.c: a package of OpenDocument as one that is not encrypted. Likewise. */
MUST bool odf_unlock(const void *p, size_t n, const char *type, const char *password,
    struct buf *ret, struct err *e);

#endif
