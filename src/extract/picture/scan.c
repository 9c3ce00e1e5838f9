/* PDFs of which pages hold no text: these are drawn, and read as pictures are; the others give their text layer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/picture/ocr_private.h"
#include "extract/pdf/pdf_page_private.h"
#include "extract/picture/picture_exif_private.h"
#include "extract/picture/picture_extract_private.h"

AUTO_FREE(pdf, pdf_close)

enum { BLANK_DPI = 36 };

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

/* Is it the same everywhere? Told at so few dots that a blank page costs next to nothing. */
static void
take_blank(void *to, const struct pdf_drawing *d)
{
	enum { NOISE = 8, MARGIN = 1 }; /* of 255; the edge may be half a pixel */
	uint8_t least = 255, most = 0;
	bool *blank = to;

	for (size_t y = MARGIN; y + MARGIN < d->height; y++)
		for (size_t x = MARGIN; x + MARGIN < d->width; x++) {
			uint8_t v = (uint8_t)d->rows[y * d->row + x];

			least = MIN(least, v);
			most = MAX(most, v);
		}
	*blank = most < least + NOISE;
}

static bool
is_blank(const struct pdf *d, size_t page)
{
	double dpi = dpi_of(d, page, BLANK_DPI, OCR_SIDE);
	bool blank = false;

	return dpi > 0 && pdf_draw(d, page, dpi, true, take_blank, &blank) && blank;
}

struct scan { /* pages, by what became of them */
	const struct pdf *d;
	struct output *o;
	struct ocr *r;
	struct budget left;
	size_t pages, bare, blank, read,
	    undrawn; /* all but pages: of those without a text layer */
	bool over;   /* the time is up: no more of them are read */
};

static void
read_page(struct scan *s, size_t page)
{
	double dpi = dpi_of(s->d, page, OCR_DPI, OCR_SIDE);
	AUTO_RASTER *grey = NULL;

	s->bare++;
	if (s->over || is_blank(s->d, page)) {
		s->blank += !s->over;
		return;
	}
	s->over = s->read == SCAN_PAGES_MAX || !budget_allows(&s->left, s->o);
	if (s->over)
		return;
	s->read++;
	grey = draw(s->d, page, dpi, true);
	if (grey)
		ocr_read(s->r, grey, page + 1, OCR_DPI / dpi);
	else
		s->undrawn++;
}

static void
read_pages(struct scan *s, struct document *out)
{
	AUTO_VAL(buf) room = buf_init(out->text.max);

	s->pages = pdf_pages(s->d);
	for (size_t i = 0; i < MIN(s->pages, (size_t)PDF_PAGES_MAX) && !out->text.full; i++)
		if (pdf_add_page(s->d, i, &room, out) == PDF_PAGE_BARE)
			read_page(s, i);
}

/* Without what the first extractor said: how many pages have no text layer. */
static void
end(const struct scan *s)
{
	AUTO_VAL(buf) b = buf_init(2000);

	if (s->read)
		buf_str(&b, s->r->characters ? "read by OCR" : "OCR found no text");
	else
		buf_str(&b, s->blank == 1 ? "it is blank" : "they are blank");
	if (s->r->missing)
		buf_printf(&b,
		    "; writing (%s) is of a script for which no language pack is installed",
		    s->r->missing);
	if (s->read + s->blank < s->bare) {
		output_reason(s->o, EXTRACT_BOUND);
		buf_printf(&b, "; only the first %zu of these %zu pages were read",
		    s->read + s->blank, s->bare);
	}
	if (s->undrawn)
		buf_printf(&b, "; %zu pages could not be drawn", s->undrawn);
	output_end(s->o, buf_peek(&b));
}

bool
scan_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO(pdf) *d = pdf_open(p, n, child_password());
	AUTO_VAL(document) out = document_init(o);
	struct ocr r = { .out = &out };
	struct scan s = { .d = d, .o = o, .r = &r };

	if (!d || pdf_locked(d))
		return err_set(e, ERR_DAMAGED, "the PDF cannot be opened");
	read_pages(&s, &out);
	ocr_say(&r, o);
	if (!document_end(&out, e))
		return false;
	end(&s);
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
