/* Files that are embedded in old binary documents and in RTF (binary_private.h): packages, objects, pictures. */
#include <stdio.h>
#include <string.h>

#include "extract/archive/archive_private.h"
#include "extract/old/binary_private.h"

enum { NEST = 16, NAME_MAX_BYTES = 300 };

bool
inflate_zlib(struct bytes b, struct buf *ret)
{
	static const uint8_t head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	/* An empty last block, for streams that have none, as PowerPoint's; to others it is no more than a sum that is not looked at. */
	static const uint8_t tail[16] = { 1, 0, 0, 0xff, 0xff };
	AUTO_VAL(buf) gz = buf_init(b.n + sizeof head + sizeof tail);
	struct archive_entry *member;
	struct err e;
	AUTO_ARCHIVE *a = NULL;

	/* The same stream as gzip's, in another wrapping: libarchive reads that, and does not insist on its sum. */
	if (b.n < 2 || (b.p[0] & 15) != 8)
		return false;
	buf_add(&gz, head, sizeof head);
	buf_add(&gz, b.p + 2, b.n - 2);
	buf_add(&gz, tail, sizeof tail);
	a = archive_open(ARCHIVE_SINGLE, gz.p, gz.n, &e);
	return a && archive_next_file(a, &member, &e) && member && archive_read_all(a, ret, &e);
}

static bool
may_come(struct embedded *x, size_t n)
{
	if (n > x->ole->left || n > x->o->text_max ||
	    x->objects + x->pictures >= unpack_limits.files) {
		output_reason(x->o, EXTRACT_BOUND);
		ole_note(x->ole,
		    "it holds more, or larger, files than its size allows: not all came out");
		return false;
	}
	x->ole->left -= n;
	return true;
}

void
embedded_file(struct embedded *x, struct bytes file, const char *name)
{
	if (!file.n || !may_come(x, file.n))
		return;
	output_file(x->o, name);
	output_bytes(x->o, file.p, file.n);
	output_file_end(x->o);
}

/* A name in some code page up to its zero byte; *at moves behind that. Of a path the last part. */
static void
read_name(struct bytes b, size_t *at, char ret[NAME_MAX_BYTES])
{
	AUTO_VAL(buf) name = buf_init(NAME_MAX_BYTES - 1);
	struct bytes rest = bytes_from(b, *at);
	const uint8_t *end = rest.n ? memchr(rest.p, 0, rest.n) : NULL;
	size_t n = end ? (size_t)(end - rest.p) : rest.n, from = n;

	while (from && rest.p[from - 1] != '\\' && rest.p[from - 1] != '/')
		from--;
	codepage_add(CODEPAGE_LATIN, bytes_at(rest, from, n - from), &name);
	snprintf(ret, NAME_MAX_BYTES, "%s", buf_peek(&name));
	*at += n + 1;
}

bool
embedded_native(struct embedded *x, struct bytes b)
{
	char label[NAME_MAX_BYTES], path[NAME_MAX_BYTES], temporary[NAME_MAX_BYTES];
	struct bytes file;
	size_t at = 6;

	if (u16_at(b, 4) != 2)
		return false;
	read_name(b, &at, label);
	read_name(b, &at, path);
	at += 8;
	read_name(b, &at, temporary);
	file = bytes_at(b, at + 4, u32_at(b, at));
	if (!file.n)
		return false;
	if (file.n < u32_at(b, at))
		ole_note(x->ole, "it is damaged: an embedded file is not whole");
	x->objects++;
	embedded_file(x, file, *label ? label : *path ? path : "package");
	return true;
}

/* What a stream or storage says that an object is. `whole`: the storage is the document. */
static const struct content {
	const char *stream, *ending;
	bool whole;
} contents[] = {
	{ "WordDocument", "doc", true },
	{ "Workbook", "xls", true },
	{ "Book", "xls", true },
	{ "PowerPoint Document", "ppt", true },
	{ "__properties_version1.0", "msg", true },
	{ "Package", "zip", false },
	{ "CONTENTS", "bin", false },
	{ "EmbeddedOdf", "zip", false },
	{ "\001Ole10Native", "bin", false },
};

static const char *
ending_of(struct bytes b, const char *otherwise)
{
	static const struct {
		const char *start, *ending;
	} rows[] = { { "%PDF", "pdf" }, { "PK\3\4", "zip" }, { "\x89PNG", "png" },
		{ "\xff\xd8\xff", "jpg" }, { "GIF8", "gif" }, { "{\\rtf", "rtf" },
		{ "\xd0\xcf\x11\xe0", "ole" }, { "BM", "bmp" } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (b.n > 8 && memcmp(b.p, rows[i].start, strlen(rows[i].start)) == 0)
			return rows[i].ending;
	return otherwise;
}

static void
numbered(struct embedded *x, struct bytes file, const char *name, const char *ending)
{
	char full[NAME_MAX_BYTES];

	snprintf(full, sizeof full, "%.200s %u.%s", name, ++x->objects, ending);
	embedded_file(x, file, full);
}

void
embedded_storage(struct embedded *x, uint32_t storage, const char *name)
{
	/* A link, a control, or of a kind that is not known: as it is. */
	static const struct content unknown = { NULL, "ole", true };
	const struct content *c = contents;
	AUTO_VAL(buf) b = buf_init((size_t)MIN(x->ole->left, x->o->text_max));
	uint32_t i = OLE_NONE;

	while (c < contents + LEN(contents) &&
	    (i = ole_find(x->ole, storage, c->stream)) == OLE_NONE)
		c++;
	if (i == OLE_NONE)
		c = &unknown;
	if (c->whole) {
		if (ole_write(x->ole, storage, &b))
			numbered(x, bytes_of(&b), name, c->ending);
		return;
	}
	(void)ole_read(x->ole, i, &b);
	if (*c->stream == 1 && embedded_native(x, bytes_of(&b)))
		return;
	if (*c->stream == 1)
		numbered(x, bytes_from(bytes_of(&b), 4), name, c->ending);
	else
		numbered(x, bytes_of(&b), name, ending_of(bytes_of(&b), c->ending));
}

void
embedded_object(struct embedded *x, struct bytes file, const char *name)
{
	struct ole o;
	struct embedded inner = *x;
	struct err e;
	const char *ending = "bin";

	if (!ole_open(&o, file, &e)) {
		numbered(x, file, name, ending_of(file, ending));
		return;
	}
	inner.ole = &o;
	for (const struct content *c = contents; c < contents + LEN(contents); c++) {
		if (ole_find(&o, 0, c->stream) == OLE_NONE)
			continue;
		if (c->whole)
			numbered(x, file, name, c->ending);
		else
			embedded_storage(&inner, 0, name);
		ending = NULL;
		break;
	}
	x->objects = MAX(x->objects, inner.objects);
	if (*o.note)
		ole_note(x->ole, "an object in it: %.150s", o.note);
	if (ending)
		numbered(x, file, name, "ole");
	ole_done(&o);
}

/* A bitmap without the header that files have. */
static void
add_bitmap_head(struct bytes b, struct buf *ret)
{
	uint32_t used = u32_at(b, 32), bits = u16_at(b, 14);
	uint32_t colours = bits <= 8 ? (used && used <= 256 ? used : 1u << bits) : 0;
	uint32_t at = 14 + u32_at(b, 0) + 4 * colours, size = (uint32_t)b.n + 14;
	uint8_t head[14] = { 'B', 'M', (uint8_t)size, (uint8_t)(size >> 8),
		(uint8_t)(size >> 16), (uint8_t)(size >> 24), 0, 0, 0, 0, (uint8_t)at,
		(uint8_t)(at >> 8), (uint8_t)(at >> 16), (uint8_t)(at >> 24) };

	buf_add(ret, head, sizeof head);
}

enum picture_form { DRAWN, BITS, BITMAP }; /* drawn ones may be packed */

static void
picture(
    struct embedded *x, struct bytes b, const char *ending, enum picture_form form, bool twice)
{
	enum { UID = 16, DRAWN_HEAD = 34, PACKED = 32 };
	struct bytes head = bytes_from(b, twice ? 2 * UID : UID), data;
	AUTO_VAL(buf) out = buf_init((size_t)MIN(x->ole->left, x->o->text_max));
	char name[64];

	data = bytes_from(head, form == DRAWN ? DRAWN_HEAD : 1);
	if (form == DRAWN && u8_at(head, PACKED) == 0) {
		if (!inflate_zlib(data, &out))
			ole_note(x->ole, "it is damaged: a picture in it cannot be unpacked");
		data = bytes_of(&out);
	} else if (form == BITMAP) {
		add_bitmap_head(data, &out);
		buf_add(&out, data.p, data.n);
		data = bytes_of(&out);
	}
	snprintf(name, sizeof name, "picture %u.%s", ++x->pictures, ending);
	embedded_file(x, data, name);
}

/* [MS-ODRAW]: containers, entries of the store of pictures, pictures. */
static void
art(struct embedded *x, struct bytes b, struct bytes delayed, unsigned depth)
{
	enum { ENTRY = 0xf007, ENTRY_HEAD = 36 };
	static const struct {
		uint16_t type;
		uint16_t form;
		const char *ending;
	} kinds[] = { { 0xf01a, DRAWN, "emf" }, { 0xf01b, DRAWN, "wmf" },
		{ 0xf01c, DRAWN, "pict" }, { 0xf01d, BITS, "jpg" }, { 0xf01e, BITS, "png" },
		{ 0xf01f, BITMAP, "bmp" }, { 0xf029, BITS, "tiff" }, { 0xf02a, BITS, "jpg" } };

	while (b.n >= 8 && x->ole->left >= 8) {
		unsigned version = u16_at(b, 0), type = u16_at(b, 2);
		struct bytes body = bytes_at(b, 8, u32_at(b, 4));
		uint32_t elsewhere = u32_at(body, 28);

		x->ole->left -= 8; /* records that are looked at again and again use it up */
		b = bytes_from(b, 8 + (uint64_t)body.n);
		for (size_t i = 0; i < LEN(kinds); i++)
			if (kinds[i].type == type)
				picture(
				    x, body, kinds[i].ending, kinds[i].form, version >> 4 & 1);
		if (depth >= NEST)
			continue;
		if (type == ENTRY && body.n > ENTRY_HEAD)
			art(x, bytes_from(body, ENTRY_HEAD + u8_at(body, 33)), delayed,
			    depth + 1);
		else if (type == ENTRY && elsewhere < delayed.n)
			art(x,
			    bytes_at(delayed, elsewhere,
				8 + (uint64_t)u32_at(delayed, elsewhere + 4)),
			    (struct bytes){ 0 }, depth + 1);
		else if ((version & 15) == 15)
			art(x, body, delayed, depth + 1);
		else if (type < 0xf000)
			return; /* no records: what follows is of another kind */
	}
}

void
embedded_art(struct embedded *x, struct bytes records, struct bytes delayed)
{
	art(x, records, delayed, 0);
}
