/* publish/import_index: hash tables of an import: open addressing, several slots may share a key. */
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"
#include "publish/import_private.h"

enum { SAME_MAX = 256 }; /* a name of more things than that names none of them */

struct index
index_init(struct arena *a)
{
	struct index x = { .a = a };

	crypto_random(&x.seed, sizeof x.seed);
	return x;
}

void
index_done(struct index *x)
{
	free(x->slots);
	*x = (struct index){ 0 };
}

/* Multiply and fold, eight bytes at a time, from a secret start. */
static uint32_t
hash_of(const struct index *x, const char *key, size_t n)
{
	uint64_t h = x->seed ^ n * 0x9e3779b97f4a7c15U, w;

	for (; n >= 8; n -= 8, key += 8) {
		unsigned __int128 m;

		memcpy(&w, key, 8);
		m = (unsigned __int128)(h ^ w ^ 0xa0761d6478bd642fU) * (x->seed | 1);
		h = (uint64_t)m ^ (uint64_t)(m >> 64) ^ w;
	}
	w = 0;
	memcpy(&w, key, n);
	h = (h ^ w) * 0xe7037ed1a0b428dbU;
	return (uint32_t)(h ^ h >> 32);
}

const struct index_slot *
index_next(const struct index *x, const char *key, const struct index_slot *last)
{
	uint32_t hash;
	size_t i;

	if (!x->n)
		return NULL;
	hash = last ? last->hash : hash_of(x, key, strlen(key));
	i = last ? (size_t)(last - x->slots) + 1 : hash;
	for (;; i++) {
		const struct index_slot *s = &x->slots[i & (x->cap - 1)];

		if (!s->key)
			return NULL;
		if (s->hash == hash && strcmp(s->key, key) == 0)
			return s;
	}
}

static struct index_slot *
free_slot(const struct index *x, uint32_t hash)
{
	size_t i = hash;

	while (x->slots[i & (x->cap - 1)].key)
		i++;
	return &x->slots[i & (x->cap - 1)];
}

/* The slots are no part of the arena, which would keep the smaller ones too. */
static void
make_room(struct index *x)
{
	struct index wider = *x;

	if (x->n * 3 < x->cap * 2)
		return;
	wider.cap = x->cap ? 2 * x->cap : 64;
	wider.slots = mem_zalloc(wider.cap * sizeof *wider.slots);
	for (size_t i = 0; i < x->cap; i++)
		if (x->slots[i].key)
			*free_slot(&wider, x->slots[i].hash) = x->slots[i];
	free(x->slots);
	*x = wider;
}

void
index_put(struct index *x, const char *key, uint64_t number, const void *what)
{
	size_t n = strlen(key), same = 0;
	uint32_t hash;

	for (const struct index_slot *s = index_next(x, key, NULL); s;
	     s = index_next(x, key, s))
		if (s->number == number || ++same == SAME_MAX)
			return;
	make_room(x);
	hash = hash_of(x, key, n);
	*free_slot(x, hash) =
	    (struct index_slot){ arena_strn(x->a, key, n), number, what, hash };
	x->n++;
}
