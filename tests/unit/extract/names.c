/* Names and bytes that disagree. */
#include "extract/extract.h"
#include "test.h"

static void
tells_what_a_name_claims(void)
{
	static const struct {
		const char *path, *type, *want;
	} cases[] = {
		{ "a/report.pdf", "application/pdf", NULL },
		{ "a/report.PDF", "text/plain", "application/pdf" },
		{ "holiday.jpg", "application/vnd.microsoft.portable-executable",
		    "image/jpeg" },
		{ "notes.txt", "text/html", NULL },
		{ "table.csv", "text/plain", NULL },
		{ "table.csv", "text/csv", NULL },
		{ "table.tsv", "text/tab-separated-values", NULL },
		{ "table.tab", "text/tab-separated-values", NULL },
		{ "table.txt", "text/csv", NULL },
		{ "table.xls", "text/tab-separated-values", "application/vnd.ms-excel" },
		{ "book.docx", "application/zip", NULL },
		{ "book.docx", "application/pdf",
		    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
		{ "old.doc", "application/x-ole-storage", NULL },
		{ "old.xls", "application/vnd.ms-excel", NULL },
		{ "old.doc", "application/rtf", "application/msword" },
		{ "empty.png", "application/x-empty", NULL },
		{ "folder.pdf/readme", "text/plain", NULL },
		{ "voice.ogg", "audio/ogg", NULL },
		{ "voice.ogg", "video/ogg", NULL },
		{ "clip.mov", "video/mp4", NULL },
		{ "clip.webm", "video/x-matroska", "video/webm" },
		{ "words.srt", "text/plain", NULL },
		{ "nothing", "text/plain", NULL },
		{ "", "text/plain", NULL },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *got = extract_name_disagrees(cases[i].path, cases[i].type);

		CHECK(cases[i].want ? got && strcmp(got, cases[i].want) == 0 : !got);
	}
}

TESTS(T(tells_what_a_name_claims))
