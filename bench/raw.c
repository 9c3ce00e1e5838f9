/* The machine's limit for verify: AES-256-GCM decryption, then SHA-256, by OpenSSL over N bytes in
 * pieces of 64 KiB on one core. Prints MB/s. usage: raw MEGABYTES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/crypto.h"
#include "digest/digest.h"

enum { PIECE = 64 * 1024 };

int
main(int argc, char **argv)
{
	static uint8_t plain[PIECE], sealed[PIECE + SEAL_TAG];
	struct key key = { { 7 } };
	AUTO(chunker) *c = chunker_new(&key);
	AUTO(hasher) *h = hasher_new();
	long pieces = (argc == 2 ? strtol(argv[1], NULL, 10) : 200) * 1000000 / PIECE;
	int64_t began;

	chunker_seal(c, 0, false, plain, sizeof plain, sealed);
	began = clock_ticks();
	for (long i = 0; i < pieces; i++) {
		if (!chunker_open(c, 0, false, sealed, sizeof sealed, plain))
			return 1;
		hasher_add(h, plain, sizeof plain);
	}
	hasher_end(h);
	printf("%.0f\n", (double)pieces * PIECE / 1e3 / (double)MAX(clock_ticks() - began, 1));
	return 0;
}
