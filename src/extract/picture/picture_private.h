/* Pictures: what is read without a library, and what the programs of the room share of it. Nothing here decodes. */
#ifndef EXTRACT_PICTURE_PRIVATE_H
#define EXTRACT_PICTURE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Where a picture's file keeps what it says of itself: borrowed from its bytes, NULL where there is none.
 * JPEG: ITU-T T.81 B.1 (markers); PNG: its third edition, 5 and 11.3; WebP: RFC 9649; GIF: GIF89a, 17 to 26; TIFF 6.0, 2; HEIF: below. */
enum { PICTURE_TEXTS = 32, PICTURE_FRAMES = 1000 }; /* more are not counted */
struct picture_text {
	const char *field; /* of the table in fields.c */
	const char *value;
	size_t n;
	bool latin1; /* else UTF-8 */
};
struct picture_parts {
	const uint8_t *exif, *xmp; /* exif: from the byte order mark "II" or "MM" on */
	size_t exif_n, xmp_n;
	struct picture_text texts[PICTURE_TEXTS]; /* of PNG, unpacked ones; a JPEG's comment */
	size_t n_texts, packed_texts;             /* those that are packed, and not read */
	size_t frames;                            /* of GIF, WebP and TIFF; 0: not known */
	size_t width, height; /* of HEIC and AVIF, as it is looked at; 0: not known */
	bool cut;             /* the file ends before its end */
};
void picture_parts(const void *p, size_t n, struct picture_parts *ret);
/* The first one counts. */
void picture_set_exif(struct picture_parts *r, const uint8_t *p, size_t n);
void picture_set_xmp(struct picture_parts *r, const uint8_t *p, size_t n);
/* HEIC and AVIF: ISO/IEC 14496-12, 8.11 (items), ISO/IEC 23008-12, 6.5 (their properties). */
void picture_heif(const uint8_t *p, size_t n, struct picture_parts *r);

/* A perceptual hash: alike for pictures that look alike. The picture is made 32 x 32 (means of areas), its cosine
 * transform taken (DCT-II), and of the 64 coefficients with both frequencies from 1 to 8 a bit says whether
 * it is above their median; the highest bit is that of (1, 1), rows first. The method is that of pHash: C. Zauner,
 * "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010); N. Krawetz, "Looks Like It" (2011).
 *
 * `gray` is rows of bytes without gaps. False: the picture is blank, as good as. */
MUST bool picture_hash(const uint8_t *gray, size_t width, size_t height, uint64_t *ret);
/* Bits that differ, 0 to 64: up to 8 the same picture (scaled, compressed anew), from 20 another one. */
unsigned picture_distance(uint64_t a, uint64_t b);

struct box { /* in pixels */
	int left, top, width, height;
};
/* A box in a picture that was turned by so many quarters clockwise, as it lies in the picture before that, of width
 * and height as given. */
struct box box_turned_back(struct box b, unsigned quarters, int width, int height);
struct box box_scaled(struct box b, double by);

/* "2008:02:01 09:30:00" and "+01:00" (may be "") -> "2008-02-01T09:30:00+01:00"; nothing if it is no date. */
void picture_date(const char *date, const char *offset, struct buf *ret);
/* XMP: its fields that have none yet, as XML is read everywhere in this room. */
struct output;
void picture_xmp(const uint8_t *p, size_t n, struct output *o);

#endif
