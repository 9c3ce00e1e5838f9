/* Where a picture's file keeps what it says of itself. */
#include "extract/picture/picture_private.h"

#include <string.h>
#include <strings.h>

#include "base/reader.h"

#define XMP_MARK "http://ns.adobe.com/xap/1.0/"

static bool
begins(const uint8_t *p, size_t n, const char *with, size_t n_with)
{
	return n >= n_with && memcmp(p, with, n_with) == 0;
}
#define BEGINS(p, n, with) begins(p, n, with, sizeof(with) - 1)

/* The first one counts. Some writers put the mark of JPEG before it in other files, too. */
void
picture_set_exif(struct picture_parts *r, const uint8_t *p, size_t n)
{
	size_t mark = BEGINS(p, n, "Exif\0\0") ? 6 : 0;

	if (r->exif || n - mark < 8)
		return;
	r->exif = p + mark;
	r->exif_n = n - mark;
}

void
picture_set_xmp(struct picture_parts *r, const uint8_t *p, size_t n)
{
	if (r->xmp || !n)
		return;
	r->xmp = p;
	r->xmp_n = n;
}

static void
add_text(struct picture_parts *r, const char *field, const uint8_t *p, size_t n, bool latin1)
{
	if (n && r->n_texts < PICTURE_TEXTS)
		r->texts[r->n_texts++] =
		    (struct picture_text){ field, (const char *)p, n, latin1 };
}

static void
jpeg_segment(struct picture_parts *r, unsigned marker, const uint8_t *p, size_t n)
{
	enum { APP1 = 0xe1, COM = 0xfe };

	if (marker == APP1 && BEGINS(p, n, "Exif\0\0"))
		picture_set_exif(r, p, n);
	else if (marker == APP1 && BEGINS(p, n, XMP_MARK "\0"))
		picture_set_xmp(r, p + sizeof XMP_MARK, n - sizeof XMP_MARK);
	else if (marker == COM)
		add_text(r, "description", p, n, false);
}

/* Up to where the pixels begin. */
static void
jpeg_parts(struct reader *f, struct picture_parts *r)
{
	enum { SOS = 0xda, EOI = 0xd9, TEM = 1, RST0 = 0xd0, RST7 = 0xd7 };

	(void)read_u16(f);
	while (!f->bad) {
		unsigned marker = read_u8(f) == 0xff ? read_u8(f) : 0;
		size_t n;
		const uint8_t *p;

		while (marker == 0xff) /* fill bytes */
			marker = read_u8(f);
		if (!marker || marker == SOS || marker == EOI)
			return;
		if (marker == TEM || (marker >= RST0 && marker <= RST7))
			continue;
		n = read_u16(f);
		p = n >= 2 ? read_bytes(f, n - 2) : NULL;
		if (!p)
			break;
		jpeg_segment(r, marker, p, n - 2);
	}
	r->cut = true;
}

/* Keywords of PNG's text chunks (its section 11.3.3.2). */
static const char *
png_field(const char *keyword)
{
	static const char *const rows[][2] = {
		{ "Title", "title" },
		{ "Author", "creator" },
		{ "Description", "description" },
		{ "Comment", "description" },
		{ "Copyright", "rights" },
		{ "Creation Time", "created" },
		{ "Software", "software" },
		{ "Source", "device" },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcasecmp(rows[i][0], keyword) == 0)
			return rows[i][1];
	return NULL;
}

/* The part up to the next zero byte; NULL if there is none. */
static const char *
png_word(struct reader *f)
{
	const uint8_t *zero = f->left ? memchr(f->p, 0, f->left) : NULL;

	return zero ? (const char *)read_bytes(f, (size_t)(zero + 1 - f->p)) : NULL;
}

static void
png_text(struct picture_parts *r, const uint8_t *p, size_t n, bool international)
{
	struct reader f = { p, n, false };
	const char *keyword = png_word(&f), *field;
	bool packed = false;

	if (!keyword)
		return;
	if (international) {
		packed = read_u8(&f) != 0;
		(void)read_u8(&f);
		if (!png_word(&f) || !png_word(&f)) /* language, keyword in it */
			return;
	}
	field = png_field(keyword);
	if (!packed && strcmp(keyword, "XML:com.adobe.xmp") == 0)
		picture_set_xmp(r, f.p, f.left);
	else if (packed)
		r->packed_texts++;
	else if (field)
		add_text(r, field, f.p, f.left, !international);
}

static void
png_parts(struct reader *f, struct picture_parts *r)
{
	(void)read_bytes(f, 8);
	while (!f->bad) {
		size_t n = read_u32(f);
		const uint8_t *type = read_bytes(f, 4), *p = read_bytes(f, n);

		(void)read_u32(f); /* its CRC */
		if (f->bad || memcmp(type, "IEND", 4) == 0)
			break;
		if (memcmp(type, "eXIf", 4) == 0)
			picture_set_exif(r, p, n);
		else if (memcmp(type, "tEXt", 4) == 0)
			png_text(r, p, n, false);
		else if (memcmp(type, "iTXt", 4) == 0)
			png_text(r, p, n, true);
		else if (memcmp(type, "zTXt", 4) == 0)
			r->packed_texts++;
	}
	r->cut = f->bad;
}

static size_t
read_le32(struct reader *f)
{
	return __builtin_bswap32(read_u32(f));
}

static void
webp_parts(struct reader *f, struct picture_parts *r)
{
	(void)read_bytes(f, 12);
	while (f->left && !f->bad) {
		const uint8_t *type = read_bytes(f, 4), *p;
		size_t n = read_le32(f);

		p = read_bytes(f, n);
		if (!p)
			break;
		if (n % 2 && f->left)
			(void)read_u8(f);
		if (memcmp(type, "EXIF", 4) == 0)
			picture_set_exif(r, p, n);
		else if (memcmp(type, "XMP ", 4) == 0)
			picture_set_xmp(r, p, n);
		else if (memcmp(type, "ANMF", 4) == 0)
			r->frames++;
	}
	r->cut = f->bad;
	r->frames = MAX(r->frames, (size_t)1);
}

static void
gif_colours(struct reader *f, unsigned flags)
{
	if (flags & 0x80)
		(void)read_bytes(f, (size_t)3 << ((flags & 7) + 1));
}

static void
gif_blocks(struct reader *f)
{
	size_t n;

	while ((n = read_u8(f)))
		(void)read_bytes(f, n);
}

static void
gif_parts(struct reader *f, struct picture_parts *r)
{
	enum { TRAILER = 0x3b, EXTENSION = 0x21, IMAGE = 0x2c, SCREEN = 10 };
	const uint8_t *screen = read_bytes(f, SCREEN + 3);

	if (screen)
		gif_colours(f, screen[SCREEN]);
	while (!f->bad) {
		unsigned kind = read_u8(f);

		if (kind == EXTENSION) {
			(void)read_u8(f);
		} else if (kind == IMAGE) {
			const uint8_t *head = read_bytes(f, 9);

			if (!head)
				break;
			gif_colours(f, head[8]);
			(void)read_u8(f); /* the size of its codes */
			r->frames++;
		} else {
			r->cut = kind != TRAILER;
			return;
		}
		gif_blocks(f);
	}
	r->cut = true;
}

/* TIFF 6.0, section 2: its numbers are of either order. */
struct tiff {
	const uint8_t *p;
	size_t n;
	bool big;
};

/* 0 behind the end. */
static uint32_t
tiff_number(const struct tiff *t, size_t at, size_t bytes)
{
	uint32_t v = 0;

	if (at > t->n || t->n - at < bytes)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | t->p[at + (t->big ? i : bytes - 1 - i)];
	return v;
}

static void
tiff_entry(const struct tiff *t, size_t at, struct picture_parts *r)
{
	enum { ASCII = 2, ENTRY = 12 };
	static const struct {
		unsigned tag;
		const char *field;
	} rows[] = {
		{ 270, "description" },
		{ 272, "device" },
		{ 305, "software" },
		{ 306, "modified" },
		{ 315, "creator" },
		{ 33432, "rights" },
	};
	unsigned tag = tiff_number(t, at, 2);
	size_t n = tiff_number(t, at + 4, 4), from = n > 4 ? tiff_number(t, at + 8, 4) : at + 8;

	if (tiff_number(t, at + 2, 2) != ASCII || at + ENTRY > t->n || from > t->n ||
	    n > t->n - from)
		return;
	for (size_t i = 0; i < LEN(rows); i++)
		if (rows[i].tag == tag)
			add_text(r, rows[i].field, t->p + from,
			    strnlen((const char *)t->p + from, n), false);
}

/* Each directory leads to the next one: what they say may be a ring. */
static void
tiff_parts(struct reader *f, struct picture_parts *r)
{
	enum { ENTRY = 12 };
	struct tiff t = { f->p, f->left, f->p[0] == 'M' };
	size_t seen[PICTURE_FRAMES], at = tiff_number(&t, 4, 4);

	picture_set_exif(r, f->p, f->left);
	while (at && r->frames < PICTURE_FRAMES) {
		size_t entries = tiff_number(&t, at, 2);

		for (size_t i = 0; i < r->frames; i++)
			if (seen[i] == at)
				return;
		if (at >= t.n || t.n - at < 2 + entries * ENTRY + 4) {
			r->cut = true;
			return;
		}
		for (size_t i = 0; i < entries && !r->frames; i++)
			tiff_entry(&t, at + 2 + i * ENTRY, r);
		seen[r->frames++] = at;
		at = tiff_number(&t, at + 2 + entries * ENTRY, 4);
	}
}

static void
heif_parts(struct reader *f, struct picture_parts *r)
{
	picture_heif(f->p, f->left, r);
}

void
picture_parts(const void *p, size_t n, struct picture_parts *ret)
{
	static const struct {
		const char *mark;
		size_t n, at;
		void (*find)(struct reader *f, struct picture_parts *r);
	} kinds[] = {
		{ "\xff\xd8\xff", 3, 0, jpeg_parts },
		{ "\x89PNG", 4, 0, png_parts },
		{ "WEBP", 4, 8, webp_parts },
		{ "GIF8", 4, 0, gif_parts },
		{ "II*\0", 4, 0, tiff_parts },
		{ "MM\0*", 4, 0, tiff_parts },
		{ "ftyp", 4, 4, heif_parts },
	};

	*ret = (struct picture_parts){ 0 };
	for (size_t i = 0; i < LEN(kinds); i++) {
		struct reader f = { p, n, false };

		if (n < 16 || memcmp(f.p + kinds[i].at, kinds[i].mark, kinds[i].n) != 0)
			continue;
		kinds[i].find(&f, ret);
		return;
	}
}
