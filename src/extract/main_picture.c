/* The program vigil-extract-picture. It is started by Vigil, with a socket for its orders. Its libraries come with
 * Tesseract and are linked dynamically; what costs most, the engines, is loaded once and shared by all children. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "extract/child/child_private.h"
#include "extract/picture/ocr_private.h"
#include "extract/pdf/pdf_reader_private.h"
#include "extract/picture/picture_extract_private.h"
#include "extract/child/zygote_private.h"

/* Stands before the C library's for the libraries, too, which call it when memory runs out: a failure for lack of
 * memory can be told from a crash. */
_Noreturn void
abort(void)
{
	_exit(EXIT_MEMORY);
}

static bool (*const extractors[EXTRACTORS])(
    const void *p, size_t n, struct output *o, struct err *e) = {
	[EXTRACTOR_PICTURE] = picture_extract,
	[EXTRACTOR_SCAN] = scan_extract,
	[EXTRACTOR_VIEW] = view_extract,
};

#define BLANK(code) "<" code "> <0020> "

/* A GIF of a pixel; a page with two lines in a font that is not in it, and whose letters all count as spaces: so they are
 * drawn, and read by OCR. */
static const struct sample samples[] = {
	SAMPLE(EXTRACTOR_PICTURE,
	    "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"),
	SAMPLE(EXTRACTOR_SCAN,
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R"
	    "/Resources<</Font<</A 5 0 R>>>>>>endobj\n4 0 obj<</Length 70>>stream\n"
	    "BT /A 18 Tf 20 60 Td (free and equal) Tj 0 -30 Td (in dignity) Tj ET  "
	    "\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
	    "/ToUnicode 6 0 R>>endobj\n6 0 obj<</Length 400>>stream\n"
	    "/CIDInit /ProcSet findresource begin begincmap\n"
	    "1 begincodespacerange <00> <ff> endcodespacerange\n13 beginbfchar " BLANK("61")
		BLANK("64") BLANK("65") BLANK("66") BLANK("67") BLANK("69") BLANK("6c")
		    BLANK("6e") BLANK("71") BLANK("72") BLANK("74") BLANK("75")
			BLANK("79") "endbfchar\nendcmap end\nendstream endobj\n"
				    "trailer<</Root 1 0 R>>\n%%EOF\n"),
};

static void
prepare(void)
{
	pdf_prepare();
	raster_prepare();
	ocr_prepare();
}

static const struct program program_picture = {
	.extractors = extractors,
	.samples = samples,
	.n_samples = LEN(samples),
	.family = FAMILY_PICTURE,
	.prepare = prepare,
};

int
main(void)
{
	int code = zygote_main(&program_picture);

	fputs("vigil-extract-picture is started by vigil; it has no commands of its own.\n",
	    stderr);
	return code;
}
