/* The PDF library, as C sees it. Only pdf_reader.cpp knows that it is written in C++: no exception and no object of
 * that language passes here. Strings that are handed out are bytes that should be UTF-8. */
#ifndef EXTRACT_PDF_READER_PRIVATE_H
#define EXTRACT_PDF_READER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pdf;

/* What the library must have loaded before nothing can be loaded any more; never given back. */
void pdf_prepare(void);

/* The bytes are not copied. NULL: no PDF, or one without a readable list of its objects. */
struct pdf *pdf_open(const char *p, size_t n, const char *password); /* NULL: none was given */
void pdf_close(struct pdf *d);

bool pdf_locked(const struct pdf *d); /* only a password opens it: it tells nothing else */
size_t pdf_pages(const struct pdf *d);

typedef void pdf_take(void *to, const char *p, size_t n);

/* The text of a page, from 0, in reading order, as pdftotext gives it; with form fields and notes that are shown.
 * False: the page cannot be read. */
bool pdf_page(const struct pdf *d, size_t page, pdf_take *take, void *to);
/* What the document says of itself under "Title", "CreationDate", ...; nothing is taken if it is silent. */
void pdf_says(const struct pdf *d, const char *key, pdf_take *take, void *to);
void pdf_xmp(const struct pdf *d, pdf_take *take, void *to);
void pdf_identifier(const struct pdf *d, pdf_take *take, void *to);

/* Files in it. False: there is no file of that number that can be read, or it is larger than `max`. */
size_t pdf_files(struct pdf *d);
bool pdf_file_name(const struct pdf *d, size_t i, pdf_take *take, void *to);
bool pdf_file(const struct pdf *d, size_t i, size_t max, pdf_take *take, void *to);

/* A page as it is printed: sides in points (1/72 inch), as it is turned. */
bool pdf_page_size(const struct pdf *d, size_t page, double *ret_width, double *ret_height);
struct pdf_drawing {      /* gone when it has been taken */
	const char *rows; /* a byte a pixel, or red, green, blue */
	size_t width, height, row;
	bool grey;
};
typedef void pdf_take_drawing(void *to, const struct pdf_drawing *d);
/* False: it cannot be drawn. */
bool pdf_draw(
    const struct pdf *d, size_t page, double dpi, bool grey, pdf_take_drawing *take, void *to);

#ifdef __cplusplus
}
#endif
#endif
