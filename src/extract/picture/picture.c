/* Pictures: what they say of themselves, and what is written in them. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "extract/picture/ocr_private.h"
#include "extract/picture/picture_exif_private.h"
#include "extract/picture/picture_extract_private.h"

enum { SAME_MAX = 10, FIELD_MAX = 4096 };

struct picture {
	const void *p;
	size_t n;
	struct output *o;
	struct raster_head head;
	struct picture_parts parts;
	struct exif *exif;
	unsigned orientation;
	unsigned warnings;
	size_t read; /* frames */
	bool odd_thumbnail;
	const char *no_pixels; /* why; NULL: they were read */
	struct ocr ocr;
};

bool
budget_allows(struct budget *b, const struct output *o)
{
	double now = (double)clock() / CLOCKS_PER_SEC;

	if (b->last > 0 && now - b->last > b->longest)
		b->longest = now - b->last;
	b->last = now;
	return !o->seconds || now + 2 * b->longest < (double)o->seconds * 0.9;
}

static void
say_number(struct output *o, const char *field, size_t value)
{
	char s[24];

	output_field(o, field, s, (size_t)snprintf(s, sizeof s, "%zu", value));
}

/* One character of Latin-1 is one of Unicode. */
static void
add_latin1(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)s[i];

		if (c >= 0x80)
			buf_byte(b, (uint8_t)(0xc0 | c >> 6));
		buf_byte(b, c >= 0x80 ? (uint8_t)(0x80 | (c & 0x3f)) : c);
	}
}

static void
say_texts(const struct picture *t)
{
	for (size_t i = 0; i < t->parts.n_texts; i++) {
		const struct picture_text *x = &t->parts.texts[i];
		AUTO_VAL(buf) b = buf_init(FIELD_MAX), date = buf_init(64);
		size_t n = MIN(x->n, (size_t)FIELD_MAX / 2);

		if (x->latin1)
			add_latin1(&b, x->value, n);
		else
			buf_add(&b, x->value, n);
		if (strcmp(x->field, "modified") == 0 || strcmp(x->field, "created") == 0)
			picture_date(buf_peek(&b), "", &date);
		if (date.n)
			output_field(t->o, x->field, date.p, date.n);
		else
			output_field(t->o, x->field, buf_peek(&b), b.n);
	}
}

/* EXIF first: cameras write it. What is said there is not said again. */
static void
say_metadata(const struct picture *t)
{
	if (t->exif)
		exif_say(t->exif, t->o);
	if (t->parts.xmp)
		picture_xmp(t->parts.xmp, t->parts.xmp_n, t->o);
	say_texts(t);
}

/* Sides as they are looked at: boxes are told in them. */
static void
say_size(const struct picture *t)
{
	bool lies = t->orientation >= 5;

	if (!t->head.width || !t->head.height)
		return;
	say_number(t->o, "width", lies ? t->head.height : t->head.width);
	say_number(t->o, "height", lies ? t->head.width : t->head.height);
	if (t->parts.frames > 1)
		say_number(t->o, "pages", t->parts.frames);
}

/* The least distance in any of four turns: a program that turned the picture may have left this as it was. */
static unsigned
thumbnail_distance(struct Pix *grey, struct Pix *small)
{
	unsigned least = 64;
	uint64_t own, other;

	if (!raster_hash(grey, &own))
		return 0;
	for (unsigned i = 0; i < 4; i++) {
		AUTO_RASTER *turned = raster_turned(raster_copy(small), i);

		if (turned && raster_hash(turned, &other))
			least = MIN(least, picture_distance(own, other));
		if (turned &&
		    raster_hash_middle(turned, raster_width(grey), raster_height(grey), &other))
			least = MIN(least, picture_distance(own, other));
	}
	return least;
}

static void
say_thumbnail(struct picture *t, struct Pix *grey)
{
	size_t n;
	const uint8_t *p = exif_thumbnail(t->exif, &n);
	struct raster_head head;
	struct err ignored;
	unsigned warnings, distance;
	char s[40];

	if (!p || !raster_look(p, n, &head, &ignored) || !head.jpeg)
		return;
	AUTO_RASTER *small = raster_read(p, n, &head, 0, RASTER_GREY, 0, &warnings, &ignored);
	if (!small)
		return;
	distance = thumbnail_distance(grey, small);
	t->odd_thumbnail = distance > SAME_MAX;
	if (t->odd_thumbnail)
		snprintf(s, sizeof s, "differs, distance %u", distance);
	else
		snprintf(s, sizeof s, "same");
	output_field(t->o, "thumbnail", s, strlen(s));
}

static void
say_hash(const struct picture *t, struct Pix *upright)
{
	uint64_t hash;
	char s[20];

	if (!raster_hash(upright, &hash))
		return;
	snprintf(s, sizeof s, "%016llx", (unsigned long long)hash);
	output_field(t->o, "perceptual_hash", s, strlen(s));
}

static bool
read_frame(struct picture *t, size_t frame, struct err *e)
{
	size_t width = t->orientation >= 5 ? t->head.height : t->head.width;
	unsigned warnings;
	AUTO_RASTER *grey =
	    raster_read(t->p, t->n, &t->head, frame, RASTER_GREY, OCR_SIDE, &warnings, e);

	if (!grey)
		return false;
	t->warnings += warnings;
	if (!frame)
		say_thumbnail(t, grey);
	grey = raster_upright(grey, t->orientation);
	grey = grey ? raster_fit(grey, OCR_SIDE) : NULL;
	grey = grey ? raster_enlarge(grey, OCR_SMALL) : NULL;
	if (!grey)
		return err_set(e, ERR_SYSTEM, "there is not enough memory for the picture");
	if (!frame)
		say_hash(t, grey);
	if (frame) /* each page of a TIFF has a size of its own */
		width = 0;
	ocr_read(&t->ocr, grey, t->head.many && t->parts.frames > 1 ? frame + 1 : 0,
	    width ? (double)width / (double)raster_width(grey) : 1);
	t->read++;
	return true;
}

static bool
read_frames(struct picture *t, struct err *e)
{
	size_t frames = t->head.many ? MAX(t->parts.frames, (size_t)1) : 1;
	struct budget left = { 0 };
	struct err ignored;

	for (size_t i = 0; i < frames && budget_allows(&left, t->o); i++)
		if (!read_frame(t, i, i ? &ignored : e))
			return i > 0;
	return true;
}

/* What was left out, and why; NULL if nothing. */
static void
end(const struct picture *t)
{
	AUTO_VAL(buf) b = buf_init(2000);
	const char *comma = "; ";

	if (t->no_pixels)
		buf_str(&b, t->no_pixels);
	else if (!t->o->text_said)
		buf_str(&b, "no text was found in the picture");
	if (t->ocr.missing)
		buf_printf(&b,
		    "%sits writing (%s) is of a script for which no language pack is installed",
		    b.n ? comma : "", t->ocr.missing);
	if (t->read < t->parts.frames && !t->no_pixels)
		buf_printf(&b, "%sonly %zu of its %zu pictures were looked at",
		    b.n ? comma : "", t->read, t->parts.frames);
	if (t->warnings || t->parts.cut)
		buf_printf(&b, "%sthe file is cut short or damaged: what could be read was",
		    b.n ? comma : "");
	if (t->parts.packed_texts)
		buf_printf(&b, "%s%zu packed notes in it were not read", b.n ? comma : "",
		    t->parts.packed_texts);
	output_end(t->o, buf_peek(&b));
}

static void
emit_thumbnail(const struct picture *t)
{
	size_t n;
	const uint8_t *p = exif_thumbnail(t->exif, &n);

	if (!t->odd_thumbnail)
		return;
	output_file(t->o, "thumbnail.jpg");
	output_bytes(t->o, p, n);
	output_file_end(t->o);
}

/* What the file says comes first: pixels that cannot be had cost only what is made of them. */
static void
say_fields(struct picture *t)
{
	if (!t->exif && t->head.exif)
		t->exif = exif_open(t->head.exif, t->head.exif_n);
	t->orientation = t->head.heif ? 1 : exif_orientation(t->exif);
	say_metadata(t);
	say_size(t);
}

/* `why`: the picture's head cannot be read, and why; NULL: it can. */
static bool
extract(struct picture *t, const char *why, struct document *out, struct err *e)
{
	struct err pixels;

	say_fields(t);
	t->ocr.out = out;
	t->no_pixels = why;
	if (!why && !read_frames(t, &pixels))
		t->no_pixels = pixels.msg;
	ocr_say(&t->ocr, t->o);
	if (!document_end(out, e))
		return false;
	emit_thumbnail(t);
	end(t);
	return true;
}

bool
picture_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO_VAL(document) out = document_init(o);
	struct picture t = { .p = p, .n = n, .o = o };
	bool ok;

	picture_parts(p, n, &t.parts);
	if (t.parts.exif)
		t.exif = exif_open(t.parts.exif, t.parts.exif_n);
	ok = raster_look(p, n, &t.head, e);
	if (!ok && t.parts.width) {
		t.head.heif = true;
		t.head.width = t.parts.width;
		t.head.height = t.parts.height;
	}
	if (ok || t.head.width || t.exif || t.parts.xmp || t.parts.n_texts)
		ok = extract(&t, ok ? NULL : e->msg, &out, e);
	exif_close(t.exif);
	raster_head_done(&t.head);
	return ok;
}
