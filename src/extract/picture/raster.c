/* Pixels through leptonica, which holds the decoders of JPEG, PNG, TIFF, WebP, GIF and BMP together. */
#include "extract/picture/raster_private.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

#include "extract/picture/picture_private.h"
#include "extract/private.h"

enum {
	PIXELS_MAX = 64 << 20, /* four bytes each, and once more while they are turned */
	JPEG_PIXELS_MAX = 256 << 20,
	HASH_SIDE = 256,
};

void
raster_prepare(void)
{
	setMsgSeverity(L_SEVERITY_NONE);
	heif_prepare();
}

static bool
is_heif(const uint8_t *p, size_t n)
{
	return n > 12 && memcmp(p + 4, "ftyp", 4) == 0;
}

bool
raster_look(const void *p, size_t n, struct raster_head *ret, struct err *e)
{
	l_int32 format = 0, w = 0, h = 0;

	*ret = (struct raster_head){ 0 };
	if (is_heif(p, n)) {
		if (!heif_look(p, n, ret, e))
			return false;
	} else if (pixReadHeaderMem(p, n, &format, &w, &h, NULL, NULL, NULL) || w < 1 ||
	    h < 1) {
		return err_set(
		    e, ERR_DAMAGED, "the picture is damaged: its size cannot be read");
	} else {
		ret->jpeg = format == IFF_JFIF_JPEG;
		ret->width = (size_t)w;
		ret->height = (size_t)h;
	}
	if (ret->width * ret->height > (ret->jpeg ? JPEG_PIXELS_MAX : PIXELS_MAX))
		return err_set(e, ERR_TOO_BIG,
		    "the picture has %zu x %zu pixels: more than are taken", ret->width,
		    ret->height);
	ret->many = L_FORMAT_IS_TIFF(format);
	return true;
}

void
raster_head_done(struct raster_head *h)
{
	free((void *)(uintptr_t)h->exif);
}

struct Pix *
raster_copy(struct Pix *pix)
{
	return pixClone(pix);
}

void
raster_free(struct Pix *pix)
{
	pixDestroy(&pix);
}

/* Takes `pix`: what a function made of it takes its place. */
static struct Pix *
instead(struct Pix *pix, struct Pix *next)
{
	if (next != pix)
		pixDestroy(&pix);
	return next;
}

/* How often a JPEG may be halved and keep a side longer than that. */
static int
jpeg_reduction(const struct raster_head *h, size_t side)
{
	size_t longest = MAX(h->width, h->height);
	int by = 1;

	while (side && by < 8 && longest / (2 * (size_t)by) >= side)
		by *= 2;
	return by;
}

struct Pix *
raster_grey(struct Pix *pix)
{
	return instead(pix, pixConvertTo8(pix, 0));
}

static struct Pix *
coloured(struct Pix *pix, enum raster_colour colour)
{
	if (pix && pixGetSpp(pix) == 4) /* on white, as it is shown most often */
		pix = instead(pix, pixAlphaBlendUniform(pix, 0xffffff00));
	if (!pix)
		return NULL;
	return colour == RASTER_GREY ? raster_grey(pix) : instead(pix, pixConvertTo32(pix));
}

struct Pix *
raster_read(const void *p, size_t n, const struct raster_head *h, size_t frame,
    enum raster_colour colour, size_t side, unsigned *ret_warnings, struct err *e)
{
	l_int32 warnings = 0;
	PIX *pix;

	*ret_warnings = 0;
	if (h->heif)
		return heif_read(p, n, colour, e);
	if (h->jpeg)
		pix = pixReadMemJpeg(p, n, 0, jpeg_reduction(h, side), &warnings,
		    colour == RASTER_GREY ? L_JPEG_READ_LUMINANCE : 0);
	else
		pix = h->many ? pixReadMemTiff(p, n, (l_int32)frame) : pixReadMem(p, n);
	pix = coloured(pix, colour);
	if (!pix)
		err_set(e, ERR_DAMAGED, "the picture is damaged: its pixels cannot be read");
	*ret_warnings = (unsigned)MAX(warnings, 0);
	return pix;
}

struct Pix *
raster_turned(struct Pix *pix, unsigned quarters)
{
	return quarters % 4 ? instead(pix, pixRotateOrth(pix, (l_int32)(quarters % 4))) : pix;
}

struct Pix *
raster_upright(struct Pix *pix, unsigned orientation)
{
	static const struct {
		bool mirrored;
		unsigned quarters; /* after that */
	} how[9] = { [2] = { true, 0 },
		[3] = { false, 2 },
		[4] = { true, 2 },
		[5] = { true, 3 },
		[6] = { false, 1 },
		[7] = { true, 1 },
		[8] = { false, 3 } };

	if (how[orientation].mirrored)
		pix = instead(pix, pixFlipLR(NULL, pix));
	return pix ? raster_turned(pix, how[orientation].quarters) : NULL;
}

struct Pix *
raster_fit(struct Pix *pix, size_t side)
{
	size_t longest = MAX(raster_width(pix), raster_height(pix));
	float by = (float)side / (float)longest;

	if (!side || longest <= side)
		return pix;
	return instead(pix, by < 0.7F ? pixScaleAreaMap(pix, by, by) : pixScale(pix, by, by));
}

struct Pix *
raster_enlarge(struct Pix *pix, size_t side)
{
	size_t longest = MAX(raster_width(pix), raster_height(pix));

	return longest < side ? instead(pix, pixScaleGray2xLI(pix)) : pix;
}

size_t
raster_width(const struct Pix *pix)
{
	return (size_t)pixGetWidth((PIX *)(uintptr_t)pix);
}

size_t
raster_height(const struct Pix *pix)
{
	return (size_t)pixGetHeight((PIX *)(uintptr_t)pix);
}

/* leptonica keeps rows as words, the first pixel in the highest byte. */
static void
copy_rows(struct Pix *grey, uint8_t *to)
{
	size_t w = raster_width(grey), h = raster_height(grey);

	for (size_t y = 0; y < h; y++) {
		const l_uint32 *row = pixGetData(grey) + y * (size_t)pixGetWpl(grey);

		for (size_t x = 0; x < w; x++)
			*to++ = (uint8_t)(row[x / 4] >> (24 - 8 * (x % 4)));
	}
}

bool
raster_hash(struct Pix *grey, uint64_t *ret)
{
	AUTO_RASTER *small = raster_fit(pixClone(grey), HASH_SIDE);
	uint8_t *rows;
	bool ok;

	if (!small)
		return false;
	rows = mem_alloc(raster_width(small) * raster_height(small));
	copy_rows(small, rows);
	ok = picture_hash(rows, raster_width(small), raster_height(small), ret);
	free(rows);
	return ok;
}

bool
raster_hash_middle(struct Pix *grey, size_t width, size_t height, uint64_t *ret)
{
	size_t w = raster_width(grey), h = raster_height(grey),
	       w_cut = MIN(w, h * width / height), h_cut = MIN(h, w * height / width);
	BOX *box = boxCreate((l_int32)((w - w_cut) / 2), (l_int32)((h - h_cut) / 2),
	    (l_int32)w_cut, (l_int32)h_cut);
	AUTO_RASTER *middle = pixClipRectangle(grey, box, NULL);

	boxDestroy(&box);
	return middle && raster_hash(middle, ret);
}

bool
raster_write(struct Pix *pix, struct buf *ret, bool *ret_jpeg)
{
	enum { QUALITY = 85, SMALL = 256 * 1024 };
	l_uint8 *png = NULL, *jpeg = NULL;
	size_t n = 0, n_jpeg = 0;
	bool ok;

	pixSetText(pix, NULL);
	if (pixWriteMemPng(&png, &n, pix, 0))
		return false;
	*ret_jpeg = n > SMALL && pixWriteMemJpeg(&jpeg, &n_jpeg, pix, QUALITY, 0) == 0 &&
	    n_jpeg < n / 3;
	buf_add(ret, *ret_jpeg ? jpeg : png, *ret_jpeg ? n_jpeg : n);
	ok = !ret->full;
	free(png);
	free(jpeg);
	return ok;
}

struct Pix *
raster_make(
    const uint8_t *p, size_t width, size_t height, size_t row, enum raster_colour colour)
{
	PIX *pix = pixCreate((l_int32)width, (l_int32)height, colour == RASTER_GREY ? 8 : 32);

	for (size_t y = 0; pix && y < height; y++) {
		l_uint32 *to = pixGetData(pix) + y * (size_t)pixGetWpl(pix);
		const uint8_t *from = p + y * row;

		for (size_t x = 0; x < width; x++)
			if (colour == RASTER_GREY)
				to[x / 4] |= (l_uint32)from[x] << (24 - 8 * (x % 4));
			else
				to[x] = (l_uint32)from[3 * x] << 24 |
				    (l_uint32)from[3 * x + 1] << 16 |
				    (l_uint32)from[3 * x + 2] << 8;
	}
	return pix;
}
