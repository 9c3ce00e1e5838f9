/* Makes small compound files ([MS-CFB]), for tests and fuzzing: streams in the root, or in storages of it ("storage/stream"), all
 * of them in sectors of 512 bytes. */
#ifndef TESTS_UNIT_EXTRACT_COMPOUND_H
#define TESTS_UNIT_EXTRACT_COMPOUND_H

#include <string.h>

#include "base/buf.h"

struct part_of { /* a stream; names are ASCII */
	const char *name;
	const void *p;
	size_t n;
};

enum { COMPOUND_SECTOR = 512, COMPOUND_MEMBERS = 16, COMPOUND_FAT = 4 };

static inline void
le_put(struct buf *b, uint64_t v, unsigned n)
{
	for (; n--; v >>= 8)
		buf_byte(b, (uint8_t)v);
}

static inline void
le_pad(struct buf *b, size_t unit, uint8_t with)
{
	while (b->n % unit)
		buf_byte(b, with);
}

struct compound_entry {
	char name[32];
	uint32_t kind, right, child, start, size;
};

static inline void
compound_entry_put(struct buf *b, const struct compound_entry *x)
{
	size_t n = strlen(x->name), at = b->n;

	for (size_t i = 0; i < n; i++)
		le_put(b, (uint8_t)x->name[i], 2);
	while (b->n < at + 64)
		buf_byte(b, 0);
	le_put(b, 2 * n + 2, 2);
	le_put(b, x->kind, 1);
	le_put(b, 1, 1);
	le_put(b, UINT32_MAX, 4);
	le_put(b, x->right, 4);
	le_put(b, x->child, 4);
	le_put(b, 0, 36);
	le_put(b, x->start, 4);
	le_put(b, x->size, 8);
}

/* Entries of the streams and of their storages. Returns how many there are. */
static inline size_t
compound_entries(
    const struct part_of *parts, size_t n, uint32_t start, struct compound_entry *x)
{
	size_t n_x = 1, storage = 0;

	memset(x, 0, COMPOUND_MEMBERS * sizeof *x);
	memcpy(x[0].name, "Root Entry", 10);
	x[0] = (struct compound_entry){ "Root Entry", 5, UINT32_MAX, UINT32_MAX, UINT32_MAX - 1,
		0 };
	for (size_t i = 0; i < n && n_x + 2 < COMPOUND_MEMBERS; i++) {
		const char *slash = strchr(parts[i].name, '/'), *name = parts[i].name;
		size_t in = 0, len = slash ? (size_t)(slash - name) : 0;

		if (slash && !(storage && strncmp(x[storage].name, name, len) == 0)) {
			storage = n_x;
			x[n_x] = (struct compound_entry){ "", 1, x[0].child, UINT32_MAX, 0, 0 };
			memcpy(x[n_x].name, name, MIN(len, (size_t)31));
			x[0].child = (uint32_t)n_x++;
		}
		if (slash) {
			in = storage;
			name = slash + 1;
		}
		x[n_x] = (struct compound_entry){ "", 2, x[in].child, UINT32_MAX, start,
			(uint32_t)parts[i].n };
		memcpy(x[n_x].name, name, MIN(strlen(name), (size_t)31));
		x[in].child = (uint32_t)n_x++;
		start += (uint32_t)((parts[i].n + COMPOUND_SECTOR - 1) / COMPOUND_SECTOR);
	}
	return n_x;
}

static inline void
compound_chain(struct buf *b, size_t sectors)
{
	for (size_t i = 1; i < sectors; i++)
		le_put(b, b->n / 4 + 1, 4);
	if (sectors)
		le_put(b, UINT32_MAX - 1, 4);
}

static inline void
compound_make(const struct part_of *parts, size_t n, struct buf *ret)
{
	enum { DIRECTORY = COMPOUND_MEMBERS / 4 };
	struct compound_entry x[COMPOUND_MEMBERS];
	AUTO_VAL(buf) fat = buf_init(1 << 20);
	size_t n_x = compound_entries(parts, n, COMPOUND_FAT + DIRECTORY, x);

	buf_add(ret, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	le_put(ret, 0, 16);
	le_put(ret, 0x0003003e, 4);
	le_put(ret, 0x0009fffe, 4);
	le_put(ret, 6, 12);
	le_put(ret, COMPOUND_FAT, 4);
	le_put(ret, COMPOUND_FAT, 4); /* where the directory begins */
	le_put(ret, 0, 8);            /* no stream is small */
	le_put(ret, UINT32_MAX - 1, 4);
	le_put(ret, 0, 4);
	le_put(ret, UINT32_MAX - 1, 4);
	le_put(ret, 0, 4);
	for (uint32_t i = 0; i < 109; i++)
		le_put(ret, i < COMPOUND_FAT ? i : UINT32_MAX, 4);
	for (size_t i = 0; i < COMPOUND_FAT; i++)
		le_put(&fat, UINT32_MAX - 2, 4);
	compound_chain(&fat, DIRECTORY);
	for (size_t i = 0; i < n; i++)
		compound_chain(&fat, (parts[i].n + COMPOUND_SECTOR - 1) / COMPOUND_SECTOR);
	while (fat.n < COMPOUND_FAT * COMPOUND_SECTOR)
		buf_byte(&fat, 0xff);
	buf_add(ret, fat.p, COMPOUND_FAT * COMPOUND_SECTOR);
	for (size_t i = 0; i < COMPOUND_MEMBERS; i++)
		compound_entry_put(
		    ret, i < n_x ? &x[i] : &(struct compound_entry){ .right = UINT32_MAX });
	for (size_t i = 0; i < n; i++) {
		buf_add(ret, parts[i].p, parts[i].n);
		le_pad(ret, COMPOUND_SECTOR, 0);
	}
}

#endif
