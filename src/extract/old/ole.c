/* Reading compound files (ole_private.h). Chains of sectors are followed for as many steps as there are sectors, so that
 * one that bites its tail ends; what all streams together give is bounded as what a ZIP unpacks to. */
#include "extract/old/ole_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

enum {
	HEADER = 512,
	ENTRY = 128,
	ENTRIES_MAX = 1 << 18,
	IN_HEADER = 109, /* sectors of the FAT that the header names */
	MINI_SHIFT = 6,
	LAST = 0xfffffffa, /* the greatest number that a sector has */
};

void
ole_note(struct ole *o, const char *fmt, ...)
{
	va_list ap;

	if (*o->note)
		return;
	va_start(ap, fmt);
	vsnprintf(o->note, sizeof o->note, fmt, ap);
	va_end(ap);
}

static uint32_t
number(const struct buf *table, uint64_t i)
{
	return i < table->n / 4 ? u32_at(bytes_of(table), 4 * i) : OLE_NONE;
}

static struct bytes
sector(const struct ole *o, uint32_t i)
{
	uint64_t size = UINT64_C(1) << o->shift;

	return bytes_at(o->file, (i + UINT64_C(1)) << o->shift, size);
}

/* Up to `size` bytes of a chain. False if it ends before that. */
static bool
chain(const struct ole *o, uint32_t at, uint64_t size, struct buf *ret)
{
	size_t steps = (o->file.n >> o->shift) + 1;

	while (size && steps-- && at <= (uint32_t)LAST) {
		struct bytes s = sector(o, at);
		uint64_t n = MIN(size, (uint64_t)s.n);

		if (!n)
			return false;
		buf_add(ret, s.p, (size_t)n);
		size -= n;
		if (n < UINT64_C(1) << o->shift && size)
			return false;
		at = number(&o->fat, at);
	}
	return size == 0;
}

/* The FAT lies in sectors that the header names, and lists of more. */
static void
read_fat(struct ole *o)
{
	uint32_t more = u32_at(o->file, 68), per = (1u << o->shift) / 4 - 1;
	size_t steps = (o->file.n >> o->shift) + 1, left = steps;

	for (unsigned i = 0; i < IN_HEADER; i++) {
		uint32_t at = u32_at(o->file, 76 + 4 * i);
		struct bytes s = sector(o, at);

		if (at <= (uint32_t)LAST && left-- > 0)
			buf_add(&o->fat, s.p, s.n & ~(size_t)3);
	}
	for (; more <= (uint32_t)LAST && steps--; more = u32_at(sector(o, more), 4 * per)) {
		struct bytes list = sector(o, more);

		for (uint32_t i = 0; i < per && i < list.n / 4; i++) {
			uint32_t at = u32_at(list, 4 * i);
			struct bytes s = sector(o, at);

			if (at <= (uint32_t)LAST && left && left--)
				buf_add(&o->fat, s.p, s.n & ~(size_t)3);
		}
	}
}

static void
read_entry(struct ole_entry *x, struct bytes b, bool large)
{
	AUTO_VAL(buf) name = buf_init(OLE_NAME);
	unsigned n = MIN(u16_at(b, 64), 64);

	utf16_add(bytes_at(b, 0, n >= 2 ? n - 2 : 0), &name);
	snprintf(x->name, sizeof x->name, "%s", buf_peek(&name));
	memcpy(x->raw, b.p, sizeof x->raw);
	x->raw_n = (uint16_t)(n >= 2 ? (n - 2) & ~1u : 0);
	x->kind = u8_at(b, 66);
	if (x->kind != OLE_STORAGE && x->kind != OLE_STREAM && x->kind != OLE_ROOT)
		x->kind = 0;
	x->parent = OLE_NONE;
	x->left = u32_at(b, 68);
	x->right = u32_at(b, 72);
	x->child = u32_at(b, 76);
	memcpy(x->class, b.p + 80, sizeof x->class);
	x->start = u32_at(b, 116);
	x->size = large ? u64_at(b, 120) : u32_at(b, 120);
}

/* Every entry is given to one storage, the first that leads to it: then no tree has a cycle. */
static void
read_tree(struct ole *o)
{
	uint32_t *stack = mem_alloc(sizeof *stack * (size_t)(2 * o->n + 2));
	uint8_t *seen = mem_zalloc(o->n);
	size_t top = 0;

	seen[0] = 1;
	for (uint32_t storage = 0, waiting = 0; waiting < o->n; waiting++) {
		storage = waiting;
		if (o->entries[storage].kind != OLE_STORAGE && storage)
			continue;
		stack[top++] = o->entries[storage].child;
		while (top) {
			uint32_t i = stack[--top];

			if (i >= o->n || seen[i] || !o->entries[i].kind)
				continue;
			seen[i] = 1;
			o->entries[i].parent = storage;
			stack[top++] = o->entries[i].left;
			stack[top++] = o->entries[i].right;
		}
	}
	free(stack);
	free(seen);
}

/* What no storage leads to, but the root's tree is damaged: it is the root's. */
static void
read_strays(struct ole *o)
{
	for (uint32_t i = 1; i < o->n; i++) {
		struct ole_entry *x = &o->entries[i];

		if (x->kind && x->parent == OLE_NONE) {
			x->parent = 0;
			ole_note(o, "its directory is damaged");
		}
	}
}

static int
by_place(const void *a, const void *b, void *ctx)
{
	const struct ole *o = ctx;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct ole_entry *x = &o->entries[i], *y = &o->entries[k];
	int c;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	c = strcasecmp(x->name, y->name);
	return c ? c : (i > k) - (i < k);
}

/* A storage in a storage in itself would have no way up to the root: such are made strays, too. */
static void
break_rings(struct ole *o)
{
	uint8_t *rooted = mem_zalloc(o->n);

	rooted[0] = 1;
	for (uint32_t i = 1; i < o->n; i++) {
		uint32_t at = i, steps = 0;

		while (at != OLE_NONE && !rooted[at] && steps++ < 64)
			at = o->entries[at].parent;
		if (at == OLE_NONE || !rooted[at])
			o->entries[i].parent = OLE_NONE;
		else
			for (at = i; !rooted[at]; at = o->entries[at].parent)
				rooted[at] = 1;
	}
	free(rooted);
}

static bool
read_directory(struct ole *o, bool large, struct err *e)
{
	AUTO_VAL(buf) raw = buf_init(ENTRIES_MAX * ENTRY);

	(void)chain(o, u32_at(o->file, 48), o->file.n, &raw);
	o->n = (uint32_t)(raw.n / ENTRY);
	if (!o->n)
		return err_set(e, ERR_DAMAGED, "the file's directory cannot be read");
	o->entries = mem_zalloc(o->n * sizeof *o->entries);
	o->order = mem_alloc(o->n * sizeof *o->order);
	for (uint32_t i = 0; i < o->n; i++) {
		read_entry(&o->entries[i], bytes_at(bytes_of(&raw), i * (uint64_t)ENTRY, ENTRY),
		    large);
		o->order[i] = i;
	}
	read_tree(o);
	break_rings(o);
	read_strays(o);
	qsort_r(o->order, o->n, sizeof *o->order, by_place, o);
	return true;
}

bool
ole_open(struct ole *ret, struct bytes file, struct err *e)
{
	struct ole o = { .file = file,
		.shift = u16_at(file, 30) == 12 ? 12 : 9,
		.small = u32_at(file, 56),
		.fat = buf_init(file.n + 4096),
		.mini_fat = buf_init(file.n + 4096),
		.mini = buf_init(file.n + 4096),
		.left = unpack_bound(file.n) };

	if (file.n < HEADER || memcmp(file.p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) != 0)
		return err_set(e, ERR_DAMAGED, "it is no compound file, or cut short");
	read_fat(&o);
	(void)chain(
	    &o, u32_at(file, 60), u32_at(file, 64) * (UINT64_C(1) << o.shift), &o.mini_fat);
	if (!read_directory(&o, o.shift == 12, e)) {
		ole_done(&o);
		return false;
	}
	if (!chain(&o, o.entries[0].start, o.entries[0].size, &o.mini))
		ole_note(&o, "it is cut short or damaged: small streams are not whole");
	*ret = o;
	return true;
}

void
ole_done(struct ole *o)
{
	buf_done(&o->fat);
	buf_done(&o->mini_fat);
	buf_done(&o->mini);
	free(o->entries);
	free(o->order);
}

/* Where entries of a parent begin whose names are not before `name`. */
static uint32_t
lower(const struct ole *o, uint32_t parent, const char *name)
{
	uint32_t from = 0, to = o->n;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		const struct ole_entry *x = &o->entries[o->order[mid]];

		if (x->parent < parent ||
		    (x->parent == parent && strcasecmp(x->name, name) < 0))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

uint32_t
ole_find(const struct ole *o, uint32_t parent, const char *name)
{
	for (uint32_t at = lower(o, parent, name); at < o->n; at++) {
		const struct ole_entry *x = &o->entries[o->order[at]];

		if (x->parent != parent || strcasecmp(x->name, name) != 0)
			break;
		if (x->kind)
			return o->order[at];
	}
	return OLE_NONE;
}

uint32_t
ole_next(const struct ole *o, uint32_t parent, uint32_t *at)
{
	uint32_t i = lower(o, parent, "") + *at;

	for (; i < o->n && o->entries[o->order[i]].parent == parent; i++) {
		++*at;
		if (o->entries[o->order[i]].kind)
			return o->order[i];
	}
	return OLE_NONE;
}

static bool
mini_chain(const struct ole *o, uint32_t at, uint64_t size, struct buf *ret)
{
	size_t steps = (o->mini.n >> MINI_SHIFT) + 1;

	while (size && steps-- && at <= (uint32_t)LAST) {
		struct bytes s = bytes_at(
		    bytes_of(&o->mini), (uint64_t)at << MINI_SHIFT, MIN(size, UINT64_C(64)));

		if (!s.n)
			return false;
		buf_add(ret, s.p, s.n);
		size -= s.n;
		at = number(&o->mini_fat, at);
	}
	return size == 0;
}

bool
ole_read(struct ole *o, uint32_t entry, struct buf *ret)
{
	const struct ole_entry *x = &o->entries[entry];
	uint64_t size = MIN(MIN(x->size, o->left), (uint64_t)o->file.n);
	bool ok;

	if (x->kind != OLE_STREAM)
		return false;
	ok = x->size < o->small ? mini_chain(o, x->start, size, ret) :
				  chain(o, x->start, size, ret);
	ok = ok && size == x->size && !ret->full;
	o->left -= size;
	if (!ok)
		ole_note(o, "it is cut short or damaged: what it calls \"%.60s\" is not whole",
		    x->name + ((uint8_t)x->name[0] < ' ' && *x->name));
	return ok;
}

bool
ole_stream(struct ole *o, uint32_t parent, const char *name, struct buf *ret)
{
	uint32_t i = ole_find(o, parent, name);

	if (i == OLE_NONE || o->entries[i].kind != OLE_STREAM)
		return false;
	(void)ole_read(o, i, ret);
	return true;
}
