/* PDFs that hold no text: their pages are drawn, and read as pictures are. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "extract/child_private.h"
#include "extract/ocr_private.h"
#include "extract/pdf_reader_private.h"
#include "extract/picture_exif_private.h"
#include "extract/picture_extract_private.h"

AUTO_FREE(pdf, pdf_close)

struct drawn { /* a page, on its way from the PDF library to leptonica */
	struct Pix *pix;
};

static void
take_rows(void *to, const struct pdf_drawing *d)
{
	struct drawn *x = to;

	x->pix = raster_make((const uint8_t *)d->rows, d->width, d->height, d->row,
	    d->grey ? RASTER_GREY : RASTER_COLOUR);
}

/* Dots per inch so that no side has more than `side` pixels. */
static double
dpi_of(const struct pdf *d, size_t page, double wanted, size_t side)
{
	double width, height;

	if (!pdf_page_size(d, page, &width, &height) || width <= 0 || height <= 0)
		return 0;
	return MIN(wanted, (double)side * 72 / MAX(width, height));
}

/* NULL: it cannot be drawn. */
static struct Pix *
draw(const struct pdf *d, size_t page, double dpi, bool grey)
{
	struct drawn x = { 0 };

	if (dpi <= 0 || !pdf_draw(d, page, dpi, grey, take_rows, &x))
		return NULL;
	return x.pix;
}

/* Returns how many pages were read; of those *io_unread could not be drawn. */
static size_t
read_pages(
    const struct pdf *d, size_t pages, struct ocr *r, struct output *o, size_t *io_unread)
{
	struct budget left = { 0 };
	size_t i = 0;

	for (; i < MIN(pages, (size_t)SCAN_PAGES_MAX) && budget_allows(&left, o); i++) {
		double dpi = dpi_of(d, i, OCR_DPI, OCR_SIDE);
		AUTO_RASTER *grey = draw(d, i, dpi, true);

		if (grey)
			ocr_read(r, grey, i + 1, OCR_DPI / dpi);
		else
			++*io_unread;
	}
	return i;
}

static void
end(struct output *o, const struct ocr *r, size_t pages, size_t read, size_t unread)
{
	AUTO_VAL(buf) b = buf_init(2000);

	buf_str(&b, o->text_said ? "read by OCR" : "OCR found no text");
	if (r->missing)
		buf_printf(&b,
		    "; writing (%s) is of a script for which no language pack is installed",
		    r->missing);
	if (read < pages) {
		output_reason(o, EXTRACT_BOUND);
		buf_printf(&b, "; only the first %zu of its %zu pages were read", read, pages);
	}
	if (unread)
		buf_printf(&b, "; %zu pages could not be drawn", unread);
	output_end(o, buf_peek(&b));
}

bool
scan_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO(pdf) *d = pdf_open(p, n, child_password());
	AUTO_VAL(document) out = document_init(o);
	struct ocr r = { .out = &out };
	size_t pages, read, unread = 0;

	if (!d || pdf_locked(d))
		return err_set(e, ERR_DAMAGED, "the PDF cannot be opened");
	pages = pdf_pages(d);
	read = read_pages(d, pages, &r, o, &unread);
	ocr_say(&r, o);
	if (!document_end(&out, e))
		return false;
	end(o, &r, pages, read, unread);
	return true;
}

/* A picture, upright, in colours; reduced while it is decoded, where that can be. */
static struct Pix *
view_picture(const void *p, size_t n, const struct view_wish *w, struct err *e)
{
	struct picture_parts parts;
	struct raster_head head;
	struct exif *exif;
	struct Pix *pix = NULL;
	unsigned warnings;

	picture_parts(p, n, &parts);
	if (!raster_look(p, n, &head, e))
		return NULL;
	if (w->page && w->page >= (head.many ? MAX(parts.frames, (size_t)1) : 1)) {
		err_set(e, ERR_MISSING, "the picture has no page %u", w->page + 1);
	} else {
		exif = head.heif ? NULL : exif_open(parts.exif, parts.exif_n);
		pix = raster_read(p, n, &head, w->page, RASTER_COLOUR, w->side, &warnings, e);
		pix = pix ? raster_upright(pix, exif_orientation(exif)) : NULL;
		exif_close(exif);
	}
	raster_head_done(&head);
	return pix;
}

static struct Pix *
view_page(const void *p, size_t n, const struct view_wish *w, struct err *e)
{
	AUTO(pdf) *d = pdf_open(p, n, child_password());
	struct Pix *pix;

	if (!d || pdf_locked(d) || w->page >= pdf_pages(d)) {
		err_set(
		    e, ERR_MISSING, "the PDF has no page %u that can be opened", w->page + 1);
		return NULL;
	}
	pix = draw(d, w->page, dpi_of(d, w->page, OCR_DPI, w->side), false);
	if (!pix)
		err_set(e, ERR_DAMAGED, "page %u cannot be drawn", w->page + 1);
	return pix;
}

bool
view_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	bool pdf = memmem(p, MIN(n, (size_t)4096), "%PDF-", 5) != NULL, jpeg = false;
	AUTO_RASTER *pix = pdf ? view_page(p, n, &o->wish, e) : view_picture(p, n, &o->wish, e);
	AUTO_VAL(buf) b = buf_init((size_t)o->text_max);

	if (!pix)
		return false;
	pix = raster_fit(pix, o->wish.side);
	if (!pix || !raster_write(pix, &b, &jpeg))
		return err_set(e, ERR_TOO_BIG, "the picture cannot be encoded anew");
	output_file(o, jpeg ? "picture.jpg" : "picture.png");
	output_bytes(o, b.p, b.n);
	output_file_end(o);
	output_end(o, "");
	return true;
}
