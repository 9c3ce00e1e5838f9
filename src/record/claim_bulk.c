/* Ids that were found under the lock (claim_bulk.h): a small table, in which a later id takes the place of an
 * earlier one with the same hash: it only saves looking up. */
#include "record/claim_bulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "record/private.h"

enum { SLOTS = 1 << 13 };

struct known {
	char id[SLOTS][ID_MAX];
};

struct known *
known_new(void)
{
	return mem_zalloc(sizeof(struct known));
}

void
known_free(struct known *k)
{
	free(k);
}

static char *
slot_of(struct known *k, const char *id)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a; a clash costs a look */

	for (; *id; id++)
		h = (h ^ (uint8_t)*id) * 1099511628211U;
	return k->id[(h ^ h >> 29) % SLOTS];
}

bool
known_has(struct known *k, const char *id)
{
	return k && strcmp(slot_of(k, id), id) == 0;
}

void
known_put(struct known *k, const char *id)
{
	size_t n = strlen(id);

	if (k && n < ID_MAX)
		memcpy(slot_of(k, id), id, n + 1);
}
