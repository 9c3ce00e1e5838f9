/* Text of pictures, read by Tesseract. Within the program vigil-extract-picture.
 *
 * Each pack of Tesseract's (a language or script) has an engine of its own, which is loaded before the program gives
 * up its rights: children share their memory. A pack that is not installed is not used. */
#ifndef EXTRACT_OCR_PRIVATE_H
#define EXTRACT_OCR_PRIVATE_H

#include "extract/child/document_private.h"
#include "extract/picture/picture_private.h"
#include "extract/picture/raster_private.h"

void ocr_prepare(void);

enum {
	OCR_LINE_MIN = 30,   /* confidence in percent: a line below it is noise, */
	OCR_TEXT_MIN = 60,   /* and so is a picture whose lines have less on average */
	OCR_LETTERS_MIN = 2, /* letters and digits that make a text */
	OCR_SMALL =
	    1300, /* pixels: pictures below it, as screens show them, are read twice as large */
	OCR_SIDE = 4000, /* pixels: larger pictures are read smaller */
	OCR_DPI = 300,   /* of pages that are rendered */
};

struct ocr { /* of one item: the sum of what was read */
	struct document *out;
	double weight;       /* of confidence times characters */
	uint64_t characters; /* that were kept */
	uint32_t packs;      /* that read what was kept: bits */
	const char *missing; /* a script that was seen, but has no pack here; NULL: none */
};

/* Reads a grey picture and adds its lines to the document, each with box and confidence; `page`: from 1, 0: no such
 * anchor. `scale`: how many pixels that boxes are told in are one of this picture's. The picture is as it is to be
 * looked at; if its writing lies on its side, it is read so, but boxes are of the picture as it is. */
void ocr_read(struct ocr *r, struct Pix *grey, size_t page, double scale);
/* The fields ocr_confidence and ocr_languages; nothing if nothing was read. */
void ocr_say(const struct ocr *r, struct output *o);

/* ocr_engine.c: one engine reads one picture. */
struct ocr_line {
	const char *text; /* one line */
	size_t n;
	struct box box;
	double confidence;
	bool begins; /* a paragraph */
};
struct ocr_reading {
	struct arena *a;
	struct ocr_line *lines;
	size_t n;
	uint64_t characters; /* letters and digits, of lines that are kept */
	double confidence;   /* their average, weighted by characters; 0: none */
	int pack;
};
enum { OCR_PACKS = 10, OCR_NONE = -1 };
int ocr_pack(const char *name);          /* OCR_NONE: unknown, or not installed */
const char *ocr_pack_language(int pack); /* BCP 47 */
void ocr_engines_load(void);
void ocr_engine_read(int pack, struct Pix *grey, struct ocr_reading *ret);
void ocr_reading_done(struct ocr_reading *r);

enum { OCR_WIDEST = 4 };
struct ocr_look {                      /* at a picture as a whole */
	size_t lines;                  /* that look like text; 0: nothing does */
	struct box widest[OCR_WIDEST]; /* of them, the widest first; width 0: none */
	unsigned quarters;             /* clockwise, to make it upright */
	const char *script;            /* as Tesseract names it; "" if it is not sure */
};
void ocr_look(struct Pix *grey, struct ocr_look *ret);
/* How well an engine reads those lines alone: percent, weighted by characters. */
double ocr_engine_try(int pack, struct Pix *grey, const struct ocr_look *look);

#endif
