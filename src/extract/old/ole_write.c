/* A storage as a compound file of its own (ole_private.h): version 3, so that whatever reads the outer one reads it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/old/ole_private.h"

enum {
	SECTOR = 512,
	MINI = 64,
	SMALL = 4096,
	ENTRY = 128,
	IN_HEADER = 109,
	PER_LIST = 127,
	FREE = -1,
	END = -2,
	IS_FAT = -3,
	IS_LIST = -4,
	MEMBERS_MAX = 1 << 16,
};

struct member {
	uint32_t from; /* its entry in the file that is read */
	uint32_t left, right, child, start;
	uint64_t size;
	bool red;
};

struct writing {
	struct ole *ole;
	struct member *members;
	uint32_t n;
	struct buf data, fat, mini, mini_fat; /* tables of uint32_t */
};

static void
put(struct buf *b, uint64_t v, unsigned n)
{
	while (n--) {
		buf_byte(b, (uint8_t)v);
		v >>= 8;
	}
}

static void
pad(struct buf *b, size_t unit, uint8_t with)
{
	while (b->n % unit && !b->full)
		buf_byte(b, with);
}

/* Entries of a chain that goes from each sector to the next. Returns the first. */
static uint32_t
add_chain(struct buf *table, size_t sectors)
{
	uint32_t first = (uint32_t)(table->n / 4);

	for (size_t i = 1; i < sectors; i++)
		put(table, first + i, 4);
	if (sectors)
		put(table, (uint32_t)END, 4);
	return sectors ? first : (uint32_t)END;
}

/* Bytes as sectors. Returns the first. */
static uint32_t
add_data(struct writing *w, const struct buf *b)
{
	buf_add(&w->data, b->p, b->n);
	pad(&w->data, SECTOR, 0);
	return add_chain(&w->fat, (b->n + SECTOR - 1) / SECTOR);
}

/* Properties of a message within another have a head of 24 bytes, of one by itself 32 ([MS-OXMSG] 2.4). */
static void
widen_properties(const struct writing *w, uint32_t entry, struct buf *b)
{
	enum { HEAD = 24, MORE = 8 };
	const struct ole_entry *x = &w->ole->entries[entry];

	if (x->parent != w->members[0].from ||
	    strcmp(x->name, "__properties_version1.0") != 0 || b->n < HEAD ||
	    !buf_space(b, MORE))
		return;
	memmove(b->p + HEAD + MORE, b->p + HEAD, b->n - HEAD - MORE);
	memset(b->p + HEAD, 0, MORE);
}

static void
add_stream(struct writing *w, struct member *m)
{
	AUTO_VAL(buf) b = buf_init((size_t)w->ole->left + 8);

	(void)ole_read(w->ole, m->from, &b);
	widen_properties(w, m->from, &b);
	m->size = b.n;
	if (b.n >= SMALL) {
		m->start = add_data(w, &b);
		return;
	}
	m->start = add_chain(&w->mini_fat, (b.n + MINI - 1) / MINI);
	buf_add(&w->mini, b.p, b.n);
	pad(&w->mini, MINI, 0);
}

/* Shorter names come first, then letters count without case. */
static int
by_name(const void *a, const void *b, void *ctx)
{
	const struct writing *w = ctx;
	const struct ole_entry *x = &w->ole->entries[((const struct member *)a)->from],
			       *y = &w->ole->entries[((const struct member *)b)->from];

	if (x->raw_n != y->raw_n)
		return x->raw_n < y->raw_n ? -1 : 1;
	for (unsigned i = 0; i + 1 < x->raw_n; i += 2) {
		unsigned c = x->raw[i] | (unsigned)x->raw[i + 1] << 8,
			 d = y->raw[i] | (unsigned)y->raw[i + 1] << 8;

		c -= c >= 'a' && c <= 'z' ? 32 : 0;
		d -= d >= 'a' && d <= 'z' ? 32 : 0;
		if (c != d)
			return c < d ? -1 : 1;
	}
	return 0;
}

/* A balanced tree of from..to; those of the lowest level, if it is not full, are red. Its depth is a logarithm. */
static uint32_t
make_tree(struct writing *w, uint32_t from, uint32_t to, unsigned levels)
{
	uint32_t mid = from + (to - from) / 2;

	if (from == to)
		return OLE_NONE;
	w->members[mid].left = make_tree(w, from, mid, levels - 1);
	w->members[mid].right = make_tree(w, mid + 1, to, levels - 1);
	w->members[mid].red = levels == 0;
	return mid;
}

static unsigned
levels_of(uint32_t n)
{
	unsigned levels = 0;

	while (n + 1 > 2u << levels)
		levels++;
	return (n + 1) & n ? levels : levels + 1; /* a full one has no red */
}

/* All that is in the storage: members of one storage lie side by side. */
static void
gather(struct writing *w, uint32_t storage)
{
	w->members[w->n++] = (struct member){ .from = storage };
	for (uint32_t k = 0; k < w->n; k++) {
		struct member *m = &w->members[k];
		uint32_t first = w->n, at = 0, i;

		m->child = m->left = m->right = OLE_NONE;
		if (w->ole->entries[m->from].kind == OLE_STREAM) {
			add_stream(w, m);
			continue;
		}
		while (w->n < MEMBERS_MAX && (i = ole_next(w->ole, m->from, &at)) != OLE_NONE)
			w->members[w->n++] = (struct member){ .from = i };
		qsort_r(w->members + first, w->n - first, sizeof *m, by_name, w);
	}
}

/* Children stand behind each other, in the order in which their storages do. */
static void
make_trees(struct writing *w)
{
	for (uint32_t k = 0, next = 1; k < w->n; k++) {
		struct member *m = &w->members[k];
		uint32_t first = next;

		if (w->ole->entries[m->from].kind == OLE_STREAM)
			continue;
		while (next < w->n && w->ole->entries[w->members[next].from].parent == m->from)
			next++;
		m->child = make_tree(w, first, next, levels_of(next - first));
	}
}

static void
put_entry(struct buf *b, const struct ole_entry *x, const struct member *m, bool root)
{
	static const char name[] = "R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0";
	size_t at = b->n, n = root ? sizeof name - 1 : x->raw_n;

	buf_add(b, root ? (const uint8_t *)name : x->raw, n);
	while (b->n < at + 64)
		buf_byte(b, 0);
	put(b, n + 2, 2);
	put(b, root ? OLE_ROOT : x->kind, 1);
	put(b, m->red ? 0 : 1, 1);
	put(b, root ? OLE_NONE : m->left, 4);
	put(b, root ? OLE_NONE : m->right, 4);
	put(b, m->child, 4);
	buf_add(b, x->class, sizeof x->class);
	put(b, 0, 20); /* flags, times */
	put(b, m->start, 4);
	put(b, m->size, 8);
}

static uint32_t
add_directory(struct writing *w)
{
	AUTO_VAL(buf) b = buf_init((size_t)(w->n + 4) * ENTRY);

	w->members[0].size = w->mini.n;
	w->members[0].start = add_data(w, &w->mini);
	for (uint32_t i = 0; i < w->n; i++)
		put_entry(&b, &w->ole->entries[w->members[i].from], &w->members[i], i == 0);
	while (b.n % SECTOR) {
		put(&b, 0, 68);
		put(&b, UINT64_MAX, 8);
		put(&b, UINT64_MAX, 4);
		put(&b, 0, 48);
	}
	return add_data(w, &b);
}

struct tables { /* sectors of the FAT and of the lists that name them */
	size_t data, fat, lists;
};

static struct tables
size_tables(size_t data)
{
	struct tables t = { .data = data };

	for (;;) {
		size_t fat = (t.data + t.fat + t.lists + SECTOR / 4 - 1) / (SECTOR / 4),
		       lists =
			   fat > IN_HEADER ? (fat - IN_HEADER + PER_LIST - 1) / PER_LIST : 0;

		if (fat == t.fat && lists == t.lists)
			return t;
		t.fat = fat;
		t.lists = lists;
	}
}

static void
put_header(
    struct buf *b, const struct tables *t, uint32_t directory, uint32_t mini_fat, size_t n_mini)
{
	buf_add(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	put(b, 0, 16);
	put(b, 0x3e, 2);
	put(b, 3, 2);
	put(b, 0xfffe, 2);
	put(b, 9, 2);
	put(b, 6, 2);
	put(b, 0, 10);
	put(b, t->fat, 4);
	put(b, directory, 4);
	put(b, 0, 4);
	put(b, SMALL, 4);
	put(b, n_mini ? mini_fat : (uint32_t)END, 4);
	put(b, n_mini, 4);
	put(b, t->lists ? t->data + t->fat : (uint32_t)END, 4);
	put(b, t->lists, 4);
	for (size_t i = 0; i < IN_HEADER; i++)
		put(b, i < t->fat ? t->data + i : (uint32_t)FREE, 4);
}

static void
put_tables(struct buf *b, struct writing *w, const struct tables *t)
{
	for (size_t i = 0; i < t->fat; i++)
		put(&w->fat, (uint32_t)IS_FAT, 4);
	for (size_t i = 0; i < t->lists; i++)
		put(&w->fat, (uint32_t)IS_LIST, 4);
	pad(&w->fat, SECTOR, 0xff);
	buf_add(b, w->fat.p, w->fat.n);
	for (size_t i = 0; i < t->lists; i++) {
		for (size_t k = 0; k < PER_LIST; k++) {
			size_t at = IN_HEADER + i * PER_LIST + k;

			put(b, at < t->fat ? t->data + at : (uint32_t)FREE, 4);
		}
		put(b, i + 1 < t->lists ? t->data + t->fat + i + 1 : (uint32_t)END, 4);
	}
}

static void
write_all(struct writing *w, struct buf *ret)
{
	uint32_t directory, mini_fat;
	size_t n_mini;
	struct tables t;

	make_trees(w);
	directory = add_directory(w);
	pad(&w->mini_fat, SECTOR, 0xff);
	n_mini = w->mini_fat.n / SECTOR;
	mini_fat = add_data(w, &w->mini_fat);
	t = size_tables(w->data.n / SECTOR);
	put_header(ret, &t, directory, mini_fat, n_mini);
	buf_add(ret, w->data.p, w->data.n);
	put_tables(ret, w, &t);
}

bool
ole_write(struct ole *o, uint32_t storage, struct buf *ret)
{
	struct writing w = { .ole = o,
		.members = mem_alloc((MEMBERS_MAX + 1) * sizeof *w.members),
		.data = buf_init(ret->max),
		.fat = buf_init(ret->max),
		.mini = buf_init(ret->max),
		.mini_fat = buf_init(ret->max) };
	bool ok;

	gather(&w, storage);
	write_all(&w, ret);
	ok = w.n < MEMBERS_MAX && !ret->full && !w.data.full && !w.mini.full;
	if (!ok)
		ole_note(o, "an object in it is too large to come out");
	free(w.members);
	buf_done(&w.data);
	buf_done(&w.fat);
	buf_done(&w.mini);
	buf_done(&w.mini_fat);
	return ok;
}
