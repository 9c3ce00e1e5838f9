/* crypto/passphrase: a key from what a person remembers (Argon2id, RFC 9106). */
#ifndef CRYPTO_PASSPHRASE_H
#define CRYPTO_PASSPHRASE_H

#include "crypto/crypto.h"

enum { SALT_SIZE = 16, PASSPHRASE_MIN = 10, PASSPHRASE_MAX = 1024 };

/* Argon2id with libsodium's "moderate" limits: 3 passes, 256 MiB (0.3 s), unless
 * `light`, which tests use (libsodium's minimum). */
MUST bool passphrase_key(const char *passphrase, const uint8_t salt[SALT_SIZE], bool light,
    struct key *ret, struct err *e);

/* Reads one line: from descriptor `fd` if it is not negative, else from the
 * terminal without echo, after writing `prompt` there.  With `twice` a terminal
 * is asked a second time and both must agree.  Wipe ret after use.
 * ERR_DENIED if there is neither; ERR_INVALID if shorter than PASSPHRASE_MIN
 * bytes. A signal that comes meanwhile finds the terminal as it was. One at a time in
 * a process. */
MUST bool passphrase_ask(
    const char *prompt, int fd, bool twice, char ret[PASSPHRASE_MAX], struct err *e);

#endif
