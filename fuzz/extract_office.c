/* Property: whatever the parts of an office document, a book or a fixed page hold, the answer keeps to the rules of frames (the
 * anchors ascend and lie within the text), its text is valid UTF-8, and repetitions make it only so much longer.
 *
 * The first byte tells the kind of package, 0x1e parts its parts: so the XML is fuzzed, not the ZIP around it. Of kind 0 the bytes are
 * the ZIP. */
#include <archive.h>
#include <archive_entry.h>

#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { KINDS = 8, OPEN = 4, FIXED = 4, ZIP_MAX = 1 << 20 };

#define RELS(body)                                                                                  \
	"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" body \
	"</Relationships>"
#define R(id, type, target) "<Relationship Id='" id "' Type='/" type "' Target='" target "'/>"
#define MAIN(path)                                                                             \
	{                                                                                      \
		"_rels/.rels", RELS(R("a", "officeDocument", path))                            \
	}
#define TYPES                                                                                  \
	{                                                                                      \
		"[Content_Types].xml", "<Types/>"                                              \
	}
#define MIME(type)                                                                             \
	{                                                                                      \
		"mimetype", "application/vnd.oasis.opendocument." type                         \
	}

/* Parts that are always there, and the names of those that come from the data. */
static const struct kind {
	struct {
		const char *name, *xml;
	} fixed[FIXED];
	const char *open[OPEN];
} kinds[KINDS] = {
	[1] = { { TYPES, MAIN("word/document.xml"),
		    { "word/_rels/document.xml.rels",
			RELS(R("a", "numbering", "b.xml") R("b", "styles", "c.xml")
				R("c", "footnotes", "d.xml") R("d", "header", "d.xml")) } },
	    { "word/document.xml", "word/b.xml", "word/c.xml", "word/d.xml" } },
	[2] = { { TYPES, MAIN("xl/workbook.xml"),
		    { "xl/_rels/workbook.xml.rels",
			RELS(R("a", "worksheet", "a.xml") R("b", "sharedStrings", "b.xml")
				R("c", "styles", "c.xml")) },
		    { "xl/_rels/a.xml.rels", RELS(R("a", "comments", "d.xml")) } },
	    { "xl/a.xml", "xl/b.xml", "xl/c.xml", "xl/workbook.xml" } },
	[3] = { { TYPES, MAIN("ppt/presentation.xml"),
		    { "ppt/_rels/presentation.xml.rels", RELS(R("a", "slide", "a.xml")) },
		    { "ppt/_rels/a.xml.rels",
			RELS(R("a", "notesSlide", "b.xml") R("b", "chart", "d.xml")) } },
	    { "ppt/a.xml", "ppt/b.xml", "ppt/presentation.xml", "ppt/d.xml" } },
	[4] = { { MIME("text") },
	    { "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml" } },
	[5] = { { MIME("spreadsheet") }, { "content.xml", "meta.xml", NULL, NULL } },
	[6] = { { { "META-INF/container.xml", "<c><rootfile full-path='a.opf'/></c>" } },
	    { "a.opf", "a.xhtml", "b.xhtml", "META-INF/encryption.xml" } },
	[7] = { { TYPES }, { "FixedDocSeq.fdseq", "a.fdoc", "a.fpage", "docProps/core.xml" } },
};

static void
add_part(struct archive *a, const char *name, const void *p, size_t n)
{
	struct archive_entry *member = archive_entry_new();

	archive_entry_set_pathname(member, name);
	archive_entry_set_filetype(member, AE_IFREG);
	archive_entry_set_size(member, (la_int64_t)n);
	must(archive_write_header(a, member) == ARCHIVE_OK);
	must(archive_write_data(a, p, n) == (la_ssize_t)n);
	archive_entry_free(member);
}

static size_t
make_zip(const struct kind *k, const uint8_t *data, size_t n, uint8_t *ret)
{
	struct archive *a = archive_write_new();
	size_t used = 0;

	archive_write_set_format_zip(a);
	archive_write_zip_set_compression_store(a);
	archive_write_set_bytes_in_last_block(a, 1);
	must(archive_write_open_memory(a, ret, ZIP_MAX, &used) == ARCHIVE_OK);
	for (size_t i = 0; i < FIXED && k->fixed[i].name; i++)
		add_part(a, k->fixed[i].name, k->fixed[i].xml, strlen(k->fixed[i].xml));
	for (size_t i = 0; i < OPEN && k->open[i]; i++) {
		const uint8_t *end = n ? memchr(data, 0x1e, n) : NULL;
		size_t len = end ? (size_t)(end - data) : n;

		add_part(a, k->open[i], data, len);
		data += len + (end != NULL);
		n -= len + (end != NULL);
	}
	must(archive_write_close(a) == ARCHIVE_OK);
	archive_write_free(a);
	return used;
}

static void
check(const void *zip, size_t n, size_t of)
{
	struct answer s;

	answer_of(zip_extract, zip, n, &s);
	/* A cell comes 256 times in a row that comes 256 times, a gap is 64 tabs. */
	must(of == 0 || s.text.n <= of * 256 * 256);
	answer_done(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static uint8_t zip[ZIP_MAX];

	if (!n || n > ZIP_MAX / 2)
		return 0;
	if (data[0] % KINDS == 0)
		check(data + 1, n - 1, 0);
	else
		check(zip, make_zip(&kinds[data[0] % KINDS], data + 1, n - 1, zip), n);
	return 0;
}
