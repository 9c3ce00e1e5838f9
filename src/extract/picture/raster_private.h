/* Pixels: pictures of all kinds as leptonica holds them. Within the program vigil-extract-picture. */
#ifndef EXTRACT_RASTER_PRIVATE_H
#define EXTRACT_RASTER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

struct Pix; /* leptonica's */

void raster_prepare(void); /* before the warm-up */

enum { RASTER_KINDS_MAX = 8 };
struct raster_head {
	size_t width, height; /* as stored: before any turning */
	bool jpeg;            /* it can be read smaller, at little cost */
	bool many;            /* may hold several pictures that can be read */
	bool heif;            /* its decoder turns it already */
	const uint8_t *exif;  /* HEIF's, to be freed; NULL: none */
	size_t exif_n;
};
/* From the first bytes: nothing is decoded. False: no picture, damaged, or of more pixels than are taken. */
MUST bool raster_look(const void *p, size_t n, struct raster_head *ret, struct err *e);
void raster_head_done(struct raster_head *h);

enum raster_colour { RASTER_GREY, RASTER_COLOUR }; /* 8 or 32 bits a pixel, on white */
/* A frame, from 0, decoded; `side`: as small as it comes cheaply, but longer than that (0: as it is).
 * *ret_warnings: what the decoder made good. NULL on failure. */
struct Pix *raster_read(const void *p, size_t n, const struct raster_head *h, size_t frame,
    enum raster_colour colour, size_t side, unsigned *ret_warnings, struct err *e);
/* Each takes `pix` and gives another one, or the same; NULL: no memory. */
struct Pix *raster_upright(struct Pix *pix, unsigned orientation); /* as of EXIF, 1 to 8 */
struct Pix *raster_turned(struct Pix *pix, unsigned quarters);     /* clockwise */
struct Pix *raster_grey(struct Pix *pix);
struct Pix *raster_enlarge(
    struct Pix *pix, size_t side);                    /* doubled, if its sides are shorter */
struct Pix *raster_fit(struct Pix *pix, size_t side); /* no side longer than that */
struct Pix *raster_copy(struct Pix *pix);             /* one more holder of the same pixels */
void raster_free(struct Pix *pix);
static inline void
raster_auto(struct Pix **p)
{
	raster_free(*p);
}
#define AUTO_RASTER __attribute__((cleanup(raster_auto))) struct Pix

size_t raster_width(const struct Pix *pix);
size_t raster_height(const struct Pix *pix);
/* The perceptual hash (picture_private.h). */
MUST bool raster_hash(struct Pix *grey, uint64_t *ret);
/* The same of its middle alone, cut to the proportions given: cameras put bars around small pictures. */
MUST bool raster_hash_middle(struct Pix *grey, size_t width, size_t height, uint64_t *ret);
/* Encoded anew: PNG, or JPEG where that is much smaller; nothing but pixels in it. */
MUST bool raster_write(struct Pix *pix, struct buf *ret, bool *ret_jpeg);
/* From rows of bytes, grey or red, green, blue. NULL: no memory. */
struct Pix *raster_make(
    const uint8_t *p, size_t width, size_t height, size_t row, enum raster_colour colour);

/* heif.c: HEIC and AVIF. */
void heif_prepare(void);
MUST bool heif_look(const void *p, size_t n, struct raster_head *ret, struct err *e);
struct Pix *heif_read(const void *p, size_t n, enum raster_colour colour, struct err *e);

#endif
