/* Where HEIC and AVIF keep what they say of themselves: said even if no decoder takes their pixels. */
#include <string.h>

#include "base/reader.h"
#include "extract/picture/picture_private.h"

enum { PROPERTIES = 256 };

struct property { /* of a picture: its sides, or that it is turned by one quarter, or three */
	uint32_t width, height;
	bool turned;
};
struct heif {
	const uint8_t *p;
	size_t n;
	struct reader meta;
	uint32_t primary, exif, xmp; /* items; 0: none */
	struct property properties[PROPERTIES];
	size_t n_properties;
};

/* The next box of these; a length that leads behind the end is cut. */
static bool
next_box(struct reader *in, const uint8_t **ret_name, struct reader *ret)
{
	uint64_t n = read_u32(in), head = 8;

	*ret_name = read_bytes(in, 4);
	if (n == 1) {
		n = read_u64(in);
		head = 16;
	}
	if (n == 0)
		n = head + in->left;
	if (in->bad || n < head)
		return false;
	*ret = (struct reader){ in->p, (size_t)MIN(n - head, (uint64_t)in->left), false };
	(void)read_bytes(in, ret->left);
	return true;
}

/* The first of that name; an empty one if there is none. */
static struct reader
find_box(struct reader in, const char *name)
{
	const uint8_t *called;
	struct reader box;

	while (next_box(&in, &called, &box))
		if (memcmp(called, name, 4) == 0)
			return box;
	return (struct reader){ in.p, 0, false };
}

/* Behind it stand 24 bits of flags. */
static unsigned
version(struct reader *box, unsigned *ret_flags)
{
	uint32_t both = read_u32(box);

	*ret_flags = both & 0xffffff;
	return both >> 24;
}

static uint32_t
item_id(struct reader *box, bool wide)
{
	return wide ? read_u32(box) : read_u16(box);
}

static void
find_items(struct heif *f)
{
	struct reader list = find_box(f->meta, "iinf"), box = find_box(f->meta, "pitm");
	unsigned flags, v = version(&box, &flags);
	const uint8_t *name, *kind;

	f->primary = item_id(&box, v > 0);
	(void)item_id(&list, version(&list, &flags) > 0); /* how many */
	while (next_box(&list, &name, &box)) {
		uint32_t id;

		v = version(&box, &flags);
		if (memcmp(name, "infe", 4) != 0 || v < 2)
			continue;
		id = item_id(&box, v > 2);
		(void)read_u16(&box); /* its protection */
		kind = read_bytes(&box, 4);
		if (kind && !f->exif && memcmp(kind, "Exif", 4) == 0)
			f->exif = id;
		if (kind && !f->xmp && memcmp(kind, "mime", 4) == 0 &&
		    memmem(box.p, box.left, "application/rdf+xml", 19))
			f->xmp = id;
	}
}

static void
find_properties(struct heif *f, struct reader list)
{
	const uint8_t *name;
	struct reader box;
	unsigned flags;

	while (f->n_properties < PROPERTIES && next_box(&list, &name, &box)) {
		struct property *p = &f->properties[f->n_properties++];

		if (memcmp(name, "irot", 4) == 0)
			p->turned = read_u8(&box) & 1;
		if (memcmp(name, "ispe", 4) != 0)
			continue;
		(void)version(&box, &flags);
		p->width = read_u32(&box);
		p->height = read_u32(&box);
	}
}

/* Which of them are the primary picture's. */
static void
find_size(struct heif *f, struct picture_parts *r)
{
	struct reader all = find_box(f->meta, "iprp"), box = find_box(all, "ipma");
	unsigned flags, v = version(&box, &flags);
	bool turned = false;

	find_properties(f, find_box(all, "ipco"));
	for (uint32_t left = read_u32(&box); left && !box.bad; left--) {
		bool ours = item_id(&box, v > 0) == f->primary;

		for (unsigned i = read_u8(&box); i && !box.bad; i--) {
			size_t at = flags & 1 ? read_u16(&box) & 0x7fff : read_u8(&box) & 0x7f;
			struct property *p =
			    ours && at && at <= f->n_properties ? &f->properties[at - 1] : NULL;

			if (p && p->width && p->height) {
				r->width = p->width;
				r->height = p->height;
			}
			turned ^= p && p->turned;
		}
	}
	if (turned) {
		size_t width = r->width;

		r->width = r->height;
		r->height = width;
	}
}

static uint64_t
number(struct reader *box, unsigned bytes)
{
	return bytes == 8 ? read_u64(box) : bytes == 4 ? read_u32(box) : 0;
}

/* An item in one piece. NULL: none, or it lies in pieces, in another file or behind the end. */
static const uint8_t *
find_bytes(const struct heif *f, uint32_t id, size_t *ret_n)
{
	struct reader box = find_box(f->meta, "iloc"), idat = find_box(f->meta, "idat");
	unsigned flags, v = version(&box, &flags), sizes = read_u16(&box), where = 0;

	for (uint32_t left = item_id(&box, v > 1); left && !box.bad; left--) {
		bool ours = item_id(&box, v > 1) == id;
		uint64_t base, from = 0, n = 0;
		unsigned pieces;

		if (v > 0)
			where = read_u16(&box) & 15;
		where |= read_u16(&box) ? 15 : 0; /* another file */
		base = number(&box, sizes >> 4 & 15);
		pieces = read_u16(&box);
		for (unsigned i = 0; i < pieces && !box.bad; i++) {
			if (v > 0)
				(void)number(&box, sizes & 15);
			from = base + number(&box, sizes >> 12);
			n = number(&box, sizes >> 8 & 15);
		}
		if (ours && !box.bad && pieces == 1 && where < 2) {
			struct reader in = where ? idat : (struct reader){ f->p, f->n, false };

			if (from < base || from > in.left || n > in.left - from)
				return NULL;
			*ret_n = (size_t)n;
			return in.p + from;
		}
		where = 0;
	}
	return NULL;
}

void
picture_heif(const uint8_t *p, size_t n, struct picture_parts *r)
{
	struct heif f = { .p = p, .n = n };
	struct reader block;
	const uint8_t *item;
	unsigned flags;
	size_t size = 0;

	f.meta = find_box((struct reader){ p, n, false }, "meta");
	(void)version(&f.meta, &flags);
	find_items(&f);
	find_size(&f, r);
	if (f.exif && (item = find_bytes(&f, f.exif, &size))) {
		block = (struct reader){ item, size, false };
		(void)read_bytes(&block, read_u32(&block)); /* where it begins */
		if (!block.bad)
			picture_set_exif(r, block.p, block.left);
	}
	if (f.xmp && (item = find_bytes(&f, f.xmp, &size)))
		picture_set_xmp(r, item, size);
}
