/* The program vigil-extract-pdf. It is started by Vigil, with a socket for its orders. It is linked dynamically, since
 * the PDF library comes without an archive: so each child costs more than one of vigil-extract. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "extract/child/child_private.h"
#include "extract/pdf/pdf_private.h"
#include "extract/pdf/pdf_reader_private.h"
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
	[EXTRACTOR_PDF] = pdf_extract,
};

/* Without a list of objects, which the library then makes. */
#define PDF(fonts, objects)                                                                    \
	"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"                               \
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"                                   \
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"                \
	"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<</F(a)>>>>]"            \
	"/Resources<</Font<<" fonts ">>>>>>endobj\n" objects "trailer<</Root 1 0 R>>\n%%EOF\n"
#define STREAM(number, bytes)                                                                  \
#number " 0 obj<</Length 400>>stream\n" bytes "\nendstream endobj\n"
#define CJK(number, encoding, ordering)                                                        \
#number " 0 obj<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/" encoding               \
		"/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/A"                \
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(" ordering                          \
		")/Supplement 2>>>>]>>endobj\n"

/* A font that every reader knows, one with a table of characters of its own, and characters of China and Japan, whose
 * tables lie in files. */
static const struct sample samples[] = {
	SAMPLE(EXTRACTOR_PDF,
	    PDF("/A 5 0 R/B 6 0 R",
		STREAM(4,
		    "BT /A 12 Tf 50 50 Td (free and equal) Tj 0 20 Td (in dignity\xe9) Tj"
		    " /B 12 Tf 0 20 Td <00010002> Tj ET") "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
							  "/Encoding/WinAnsiEncoding>>endobj\n"
							  "6 0 obj<</Type/Font/Subtype/Type0/BaseFont/B/Encoding/Identity-H/ToUnicode 7 0 R"
							  "/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/B"
							  "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>endobj\n" STREAM(
							      7,
							      "/CIDInit /ProcSet findresource begin begincmap\n"
							      "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
							      "2 beginbfchar <0001> <0061> <0002> <d83dde00> endbfchar\n"
							      "endcmap end"))),
	SAMPLE(EXTRACTOR_PDF,
	    PDF("/A 5 0 R/B 6 0 R",
		STREAM(4, "BT /A 12 Tf 50 50 Td <c8cbc8cb> Tj /B 12 Tf 0 20 Td <4eba> Tj ET")
		    CJK(5, "GBK-EUC-H", "GB1") CJK(6, "UniJIS-UTF16-H", "Japan1"))),
};

static void
prepare(void)
{
	pdf_prepare();
	pdf_notes_prepare();
}

static const struct program program_pdf = {
	.family = FAMILY_PDF,
	.extractors = extractors,
	.samples = samples,
	.n_samples = LEN(samples),
	.prepare = prepare,
};

int
main(void)
{
	int code = zygote_main(&program_pdf);

	fputs(
	    "vigil-extract-pdf is started by vigil; it has no commands of its own.\n", stderr);
	return code;
}
