/* vault/batch: what was put and is not committed yet: a list with a hash table over it,
 * because the same file often comes twice in one batch. */
#include "vault/private.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* SHA-256 values are as good as random: any 8 bytes of one are a hash. */
static size_t
slot_of(const struct batch *b, const struct hash *sha256)
{
	uint64_t v;

	memcpy(&v, sha256->b, sizeof v);
	return (size_t)v & (b->n_slots - 1);
}

struct pending *
batch_find(struct batch *b, const struct hash *sha256)
{
	if (!b->n_slots)
		return NULL;
	for (size_t i = slot_of(b, sha256); b->slots[i]; i = (i + 1) & (b->n_slots - 1)) {
		struct pending *p = &b->list[b->slots[i] - 1];

		if (memcmp(p->sha256.b, sha256->b, HASH_SIZE) == 0)
			return p;
	}
	return NULL;
}

static void
place(struct batch *b, size_t at)
{
	size_t i = slot_of(b, &b->list[at].sha256);

	while (b->slots[i])
		i = (i + 1) & (b->n_slots - 1);
	b->slots[i] = (uint32_t)at + 1;
}

/* The table is at most half full, so that a search is short. */
static void
grow(struct batch *b)
{
	b->cap = MAX((size_t)64, b->cap * 2);
	b->list = mem_grow(b->list, b->cap * sizeof *b->list);
	b->names = mem_grow(b->names, b->cap * sizeof *b->names);
	free(b->slots);
	b->n_slots = 2 * b->cap;
	b->slots = mem_zalloc(b->n_slots * sizeof *b->slots);
	for (size_t i = 0; i < b->n; i++)
		place(b, i);
}

void
batch_add(struct batch *b, const struct pending *p, const struct hash *name)
{
	if (b->n == b->cap)
		grow(b);
	b->list[b->n] = *p;
	b->names[b->n] = *name;
	place(b, b->n++);
}

void
batch_reset(struct batch *b)
{
	b->n = b->synced = 0;
	if (b->slots)
		memset(b->slots, 0, b->n_slots * sizeof *b->slots);
}

void
batch_done(struct batch *b)
{
	free(b->list);
	free(b->names);
	free(b->slots);
	*b = (struct batch){ 0 };
}
