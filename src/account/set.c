/* Sets that live in an arena: strings, each once, and numbers with a number to each. */
#include <string.h>

#include "account/private.h"

struct entry_of { /* of a set; free if it has neither name nor `used` */
	const char *name;
	uint64_t number, value;
	bool used;
};
struct set {
	struct arena *a;
	struct entry_of *slots;
	size_t n, cap; /* cap: a power of two */
};

struct set *
set_new(struct arena *a)
{
	struct set *s = arena_alloc(a, sizeof *s);

	*s = (struct set){ .a = a, .cap = 64 };
	s->slots = arena_alloc(a, s->cap * sizeof *s->slots);
	return s;
}

static size_t
hash_name(const char *name)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * 1099511628211U;
	return (size_t)(h ^ h >> 32);
}

static size_t
hash_number(uint64_t n)
{
	n *= 0x9e3779b97f4a7c15U;
	return (size_t)(n ^ n >> 32);
}

/* The slot of this name (or, if it is NULL, number), or the free one where it belongs. */
static struct entry_of *
slot_of(const struct set *s, const char *name, uint64_t number)
{
	size_t i = name ? hash_name(name) : hash_number(number);

	for (;; i++) {
		struct entry_of *slot = &s->slots[i & (s->cap - 1)];

		if (!slot->used ||
		    (name ? strcmp(slot->name, name) == 0 : slot->number == number))
			return slot;
	}
}

static void
make_room(struct set *s)
{
	struct set wider = { .a = s->a, .n = s->n, .cap = 2 * s->cap };

	if (s->n * 2 < s->cap)
		return;
	wider.slots = arena_alloc(s->a, wider.cap * sizeof *wider.slots);
	for (size_t i = 0; i < s->cap; i++)
		if (s->slots[i].used)
			*slot_of(&wider, s->slots[i].name, s->slots[i].number) = s->slots[i];
	*s = wider;
}

static struct entry_of *
put_name(struct set *s, const char *name)
{
	struct entry_of *slot;

	make_room(s);
	slot = slot_of(s, name, 0);
	if (!slot->used) {
		*slot = (struct entry_of){ .name = arena_str(s->a, name), .used = true };
		s->n++;
	}
	return slot;
}

const char *
set_name(struct set *s, const char *name)
{
	return put_name(s, name)->name;
}

uint64_t *
set_named(struct set *s, const char *name)
{
	return &put_name(s, name)->value;
}

uint64_t *
set_number(struct set *s, uint64_t number, bool *ret_new)
{
	struct entry_of *slot;

	make_room(s);
	slot = slot_of(s, NULL, number);
	*ret_new = !slot->used;
	if (!slot->used) {
		*slot = (struct entry_of){ .number = number, .used = true };
		s->n++;
	}
	return &slot->value;
}

const uint64_t *
set_find(const struct set *s, uint64_t number)
{
	const struct entry_of *slot = slot_of(s, NULL, number);

	return slot->used ? &slot->value : NULL;
}

void *
account_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
	void *wider;

	if (n + 2 <= *cap)
		return p;
	*cap = MAX(16, 2 * *cap);
	wider = arena_alloc(a, *cap * size);
	if (n)
		memcpy(wider, p, n * size);
	return wider;
}
