/* Office documents, books and fixed pages: small ones made here, and the broken ones of POI. */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <stdlib.h>
#include <time.h>

#include "helper.h"
#include "test.h"

enum { PARTS = 8 };
struct part {
	const char *name, *xml;
};

/* A ZIP of the parts, not packed. */
static void
make_zip(const struct part *parts, struct buf *ret)
{
	struct archive *a = archive_write_new();
	struct archive_entry *member = archive_entry_new();
	size_t max = 64 << 20, used = 0;
	uint8_t *to = malloc(max);

	archive_write_set_format_zip(a);
	archive_write_set_bytes_in_last_block(a, 1);
	CHECK(to && archive_write_open_memory(a, to, max, &used) == ARCHIVE_OK);
	for (; parts->name; parts++) {
		archive_entry_clear(member);
		archive_entry_set_pathname(member, parts->name);
		archive_entry_set_filetype(member, AE_IFREG);
		archive_entry_set_size(member, (la_int64_t)strlen(parts->xml));
		CHECK(archive_write_header(a, member) == ARCHIVE_OK);
		CHECK(archive_write_data(a, parts->xml, strlen(parts->xml)) >= 0);
	}
	archive_entry_free(member);
	archive_write_close(a);
	archive_write_free(a);
	buf_add(ret, to, used);
	free(to);
}

static void
answer_to(const struct part *parts, struct answer *ret)
{
	AUTO_VAL(buf) zip = buf_init(64 << 20);

	make_zip(parts, &zip);
	CHECK(answer_of(EXTRACTOR_ZIP, zip.p, zip.n, ret));
}

static void
check_text(const struct part *parts, const char *want, const char *anchors)
{
	struct answer s;

	answer_to(parts, &s);
	if (strcmp(buf_peek(&s.text), want) != 0) {
		printf("#   gives: %s (%s)\n#   not:   %s\n", buf_peek(&s.text), s.why, want);
		CHECK(false);
	}
	if (anchors && strcmp(buf_peek(&s.anchors), anchors) != 0) {
		printf("#   gives: %s\n#   not:   %s\n", buf_peek(&s.anchors), anchors);
		CHECK(false);
	}
	answer_done(&s);
}

#define TYPES                                                                                  \
	{                                                                                      \
		"[Content_Types].xml", "<Types/>"                                              \
	}
#define W                                                                                      \
	"<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main' "              \
	"xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:body>"
#define RELS(body)                                                                                  \
	"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" body \
	"</Relationships>"
#define RUN(text) "<w:r><w:t>" text "</w:t></w:r>"
#define P(text) "<w:p>" RUN(text) "</w:p>"

static void
reads_word(void)
{
	static const struct {
		const char *body, *text;
	} cases[] = {
		{ P("one") P("two"), "one\ntwo" },
		{ P("one") "<w:p/>" P("two"), "one\n\ntwo" },
		{ "<w:p>" RUN("a") "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>",
		    "a\tb\nc" },
		{ "<w:p>" RUN("keep ") "<w:del><w:r><w:delText>no</w:delText></w:r></w:del>"
				       "<w:ins>" RUN("new") "</w:ins><w:moveFrom>" RUN(
					   "no") "</w:moveFrom></w:p>",
		    "keep new" },
		{ "<w:p><w:hyperlink>" RUN("link") "</w:hyperlink><w:sdt><w:sdtContent>" RUN(
		      "x") "</w:sdtContent></w:sdt></w:p>",
		    "linkx" },
		{ "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>" RUN("1") "</w:p>", "1" },
		{ "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" P(
		      "box") "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>" P("box") "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
		    "box" },
		{ "<w:tbl><w:tr><w:tc>" P("a") "</w:tc><w:tc>" P("b")
			P("c") "</w:tc></w:tr>"
			       "<w:tr><w:tc><w:p/></w:tc><w:tc>" P(
				   "d") "</w:tc></w:tr></w:tbl>" P("e"),
		    "a\tb\nc\n\td\n\ne" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) xml = buf_init(1 << 16);
		struct part parts[] = { TYPES, { "word/document.xml", NULL }, { NULL } };

		buf_printf(&xml, "%s%s</w:body></w:document>", W, cases[i].body);
		parts[1].xml = buf_peek(&xml);
		check_text(parts, cases[i].text, NULL);
	}
}

static void
anchors_cells_of_word(void)
{
	static const struct part parts[] = { TYPES,
		{ "word/document.xml",
		    W P("one") "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" P(
			"wide") "</w:tc><w:tc>" P("c") "</w:tc></w:tr></w:tbl>" P("two") "</w:body></w:document>" },
		{ NULL } };

	check_text(parts, "one\n\nwide\t\tc\n\ntwo",
	    "{\"end\":3,\"paragraph\":1,\"start\":0}\n"
	    "{\"cell\":\"A1\",\"end\":9,\"row\":1,\"start\":5,\"table\":1}\n"
	    "{\"cell\":\"C1\",\"end\":12,\"row\":1,\"start\":11,\"table\":1}\n"
	    "{\"end\":17,\"paragraph\":2,\"start\":14}\n");
}

static void
follows_relationships(void)
{
	static const struct part parts[] = { TYPES,
		{ "_rels/.rels",
		    RELS(
			"<Relationship Id='a' Type='x/officeDocument' Target='/word/main.xml'/>"
			"<Relationship Id='b' Type='x/core-properties' Target='core.xml'/>") },
		{ "core.xml",
		    "<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>T</dc:title>"
		    "<dc:language>not a tag</dc:language></c>" },
		{ "word/_rels/main.xml.rels",
		    RELS("<Relationship Id='a' Type='x/footnotes' Target='f.xml'/>"
			 "<Relationship Id='b' Type='x/header' Target='h.xml'/>") },
		{ "word/main.xml", W P("text") "</w:body></w:document>" },
		{ "word/f.xml",
		    W "<w:footnote w:id='2'>" P("note") "</w:footnote></w:body></w:document>" },
		{ "word/h.xml", W P("head") "</w:body></w:document>" }, { NULL } };
	struct answer s;

	check_text(parts, "head\n\ntext\n\nnote",
	    "{\"end\":4,\"part\":\"header\",\"start\":0}\n"
	    "{\"end\":10,\"paragraph\":1,\"start\":6}\n"
	    "{\"end\":16,\"part\":\"footnote 2\",\"start\":12}\n");
	answer_to(parts, &s);
	CHECK(strcmp(field_of(&s, "title"), "T") == 0);
	CHECK(strcmp(field_of(&s, "language"), "") == 0);
	CHECK(strstr(field_of(&s, "format"), "wordprocessingml.document"));
	answer_done(&s);
}

static void
numbers_paragraphs_as_word_does(void)
{
#define ITEM(level, text)                                                                      \
	"<w:p><w:pPr><w:numPr><w:ilvl w:val='" level                                           \
	"'/><w:numId w:val='7'/></w:numPr></w:pPr>" RUN(text) "</w:p>"
#define LEVEL(n, start, format, text)                                                          \
	"<w:lvl w:ilvl='" n "'><w:start w:val='" start "'/><w:numFmt w:val='" format           \
	"'/><w:lvlText w:val='" text "'/></w:lvl>"
	static const struct part parts[] = { TYPES,
		{ "word/_rels/document.xml.rels",
		    RELS("<Relationship Id='a' Type='x/numbering' Target='n.xml'/>"
			 "<Relationship Id='b' Type='x/comments' Target='c.xml'/>") },
		{ "word/document.xml",
		    W ITEM("0", "a") ITEM("1", "b") ITEM("1", "c") ITEM("0", "d")
			ITEM("1", "e") "<w:p/></w:body></w:document>" },
		{ "word/n.xml",
		    W "<w:abstractNum w:abstractNumId='1'>" LEVEL(
			"0", "114", "decimal", "%1.") LEVEL("1", "1", "lowerRoman",
			"%1.(%2)") "</w:abstractNum>"
				   "<w:num w:numId='7'><w:abstractNumId w:val='1'/></w:num></w:body></w:document>" },
		{ "word/c.xml",
		    W "<w:comment w:id='4' w:author='Ann'>" P(
			"Why?") "</w:comment></w:body></w:document>" },
		{ NULL } };
	AUTO_VAL(buf) zip = buf_init(1 << 20);

	check_text(
	    parts, "114. a\n114.(i) b\n114.(ii) c\n115. d\n115.(i) e\n\nAnn: Why?", NULL);
	make_zip(parts, &zip);
	CHECK(strstr(extract_media_type(zip.p, zip.n), "wordprocessingml.document"));
}

#define S "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
static void
reads_sheets(void)
{
	static const struct part parts[] = { TYPES,
		{ "xl/workbook.xml",
		    "<workbook " S
		    " xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
		    "<sheets><sheet name='Two' r:id='b'/><sheet name='One' r:id='a'/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels",
		    RELS("<Relationship Id='a' Type='x/worksheet' Target='a.xml'/>"
			 "<Relationship Id='b' Type='x/worksheet' Target='b.xml'/>"
			 "<Relationship Id='c' Type='x/styles' Target='s.xml'/>"
			 "<Relationship Id='d' Type='x/sharedStrings' Target='t.xml'/>") },
		{ "xl/s.xml",
		    "<styleSheet " S
		    "><numFmts><numFmt numFmtId='164' formatCode='[$-409]d/m/yy h:mm;@'/></numFmts>"
		    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='10'/><xf numFmtId='164'/>"
		    "</cellXfs></styleSheet>" },
		{ "xl/t.xml",
		    "<sst " S
		    "><si><t>plain_x000D_y_x005F_x0041_</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh>"
		    "</si></sst>" },
		{ "xl/a.xml",
		    "<worksheet " S
		    "><sheetData><row r='1'><c r='A1' t='s'><v>1</v></c><c r='C1' t='s'>"
		    "<v>0</v></c></row><row r='4'><c r='A4' t='inlineStr'><is><t>in</t></is></c>"
		    "<c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c><c t='str'><f>A1</f><v>was</v></c></row>"
		    "</sheetData></worksheet>" },
		{ "xl/b.xml",
		    "<worksheet " S "><sheetData><row><c><v>0.30000000000000004</v></c>"
		    "<c s='1'><v>43831</v></c><c s='2'><v>0.125</v></c><c s='3'><v>43831.5</v></c>"
		    "<c s='1'><v>1</v></c><c s='99'><v>7</v></c></row></sheetData></worksheet>" },
		{ NULL } };

	check_text(parts,
	    "Two\n0.3\t2020-01-01\t12.50%\t2020-01-01 12:00\t1900-01-01\t7\n\n"
	    "One\nrich\t\tplain y_x0041_\n\nin\tTRUE\t#N/A\twas",
	    NULL);
}

/* Text that stands nowhere has no anchor that says where, and text that is not there is missed. */
static void
invents_no_cells(void)
{
	static const struct part parts[] = { TYPES,
		{ "xl/workbook.xml",
		    "<workbook " S
		    " xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
		    "<sheets><sheet name='One' r:id='a'/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels",
		    RELS("<Relationship Id='a' Type='x/worksheet' Target='a.xml'/>") },
		{ "xl/a.xml",
		    "<worksheet " S "><sheetData><row r='1'><c r='A1'><v>1</v></c>"
		    "<c r='B1' t='s'><v>4</v></c><c r='XFD1'><v>2</v></c><c r='XFE1'><v>3</v></c>"
		    "</row><row r='1048576'><c r='A1048576'><v>4</v></c></row>"
		    "<row r='1048577'><c><v>5</v></c></row><row><c r='A99999999'><v>6</v></c></row>"
		    "</sheetData></worksheet>" },
		{ NULL } };
	struct answer s;

	answer_to(parts, &s);
	CHECK(s.status == EXTRACT_OK);
	CHECK(strstr(
	    s.why, "3 cells lie outside of a sheet; 1 cell names text that is not there"));
	for (const char *cell = "123456"; *cell; cell++)
		CHECK(strchr(buf_peek(&s.text), *cell));
	CHECK(
	    strstr(buf_peek(&s.anchors), "\"A1\"") && strstr(buf_peek(&s.anchors), "\"XFD1\""));
	CHECK(strstr(buf_peek(&s.anchors), "\"A1048576\""));
	CHECK(
	    !strstr(buf_peek(&s.anchors), "XFE") && !strstr(buf_peek(&s.anchors), "A1048577"));
	answer_done(&s);
}

#define ODF "urn:oasis:names:tc:opendocument:xmlns:"
#define O                                                                                      \
	"<o:document-content xmlns:o='" ODF "office:1.0' xmlns:text='" ODF "text:1.0' "        \
	"xmlns:table='" ODF "table:1.0' xmlns:draw='" ODF "drawing:1.0'><o:body>"
#define O_END "</o:body></o:document-content>"
#define MIME "application/vnd.oasis.opendocument."

static void
reads_opendocument(void)
{
	static const struct part text[] = { { "mimetype", MIME "text" },
		{ "content.xml",
		    O
		    "<text:tracked-changes><text:p>no</text:p></text:tracked-changes>"
		    "<text:p>a <text:note><text:note-citation>1</text:note-citation>"
		    "<text:p>note</text:p></text:note>b<text:s text:c='2'/>c\n d</text:p>"
		    "<table:table><table:table-row><table:table-cell><text:p>x</text:p>"
		    "</table:table-cell><table:table-cell/><table:table-cell><text:p>y</text:p>"
		    "</table:table-cell></table:table-row></table:table>" O_END },
		{ "Pictures/1.png", "PNG" }, { NULL } };
	static const struct part sheet[] = { { "mimetype", MIME "spreadsheet" },
		{ "content.xml",
		    O
		    "<table:table table:name='S'><table:table-row>"
		    "<table:table-cell table:number-columns-repeated='16000'/>"
		    "<table:table-cell table:number-columns-repeated='2'><text:p>v</text:p>"
		    "</table:table-cell></table:table-row><table:table-row>"
		    "<table:table-cell o:value-type='date' o:date-value='2020-02-01'><text:p>1 Feb"
		    "</text:p></table:table-cell></table:table-row></table:table>" O_END },
		{ NULL } };
	static const struct part slides[] = { { "mimetype", MIME "presentation" },
		{ "content.xml",
		    O "<draw:page><text:p>one</text:p></draw:page><draw:page/>"
		      "<draw:page><text:p>three</text:p></draw:page>" O_END },
		{ NULL } };
	struct answer s;

	check_text(text, "a b  c d\n\nx\t\ty\n\nnote",
	    "{\"end\":8,\"paragraph\":1,\"start\":0}\n"
	    "{\"cell\":\"A1\",\"end\":11,\"row\":1,\"start\":10,\"table\":1}\n"
	    "{\"cell\":\"C1\",\"end\":14,\"row\":1,\"start\":13,\"table\":1}\n"
	    "{\"end\":20,\"part\":\"notes\",\"start\":16}\n");
	CHECK(strcmp(buf_peek(&files_seen), "Pictures/1.png") == 0);
	answer_to(sheet, &s);
	CHECK(strstr(buf_peek(&s.anchors), "\"XAA1\"") ||
	    strstr(buf_peek(&s.anchors), "\"WQK1\""));
	CHECK(strstr(buf_peek(&s.text), "v\tv\n2020-02-01"));
	answer_done(&s);
	check_text(slides, "one\n\nthree",
	    "{\"end\":3,\"slide\":1,\"start\":0}\n{\"end\":10,\"slide\":3,\"start\":5}\n");
}

/* As people cite them: "2.1.b)". */
static void
numbers_lists_and_headings(void)
{
#define NUMBER(element, level, more)                                                           \
	"<text:" element " text:level='" level "' s:num-format='1' " more "/>"
#define LISTED(more, text) "<text:list-item" more "><text:p>" text "</text:p></text:list-item>"
	static const struct part parts[] = { { "mimetype", MIME "text" },
		{ "styles.xml",
		    "<o:document-styles xmlns:o='" ODF "office:1.0' xmlns:text='" ODF
		    "text:1.0' xmlns:s='" ODF
		    "style:1.0'><o:styles><text:outline-style>" NUMBER("outline-level-style",
			"1",
			"s:num-suffix='.'") "</text:outline-style></o:styles></o:document-styles>" },
		{ "content.xml",
		    "<o:document-content xmlns:o='" ODF "office:1.0' xmlns:text='" ODF
		    "text:1.0' xmlns:s='" ODF "style:1.0'><o:automatic-styles>"
		    "<text:list-style s:name='L'>" NUMBER("list-level-style-number", "1",
			"s:num-suffix='.'") "<text:list-level-style-number text:level='2' s:num-format='a' s:num-suffix=')'"
					    " text:display-levels='2'/></text:list-style></o:automatic-styles><o:body>"
					    "<text:h text:outline-level='1'>head</text:h><text:list text:style-name='L'>" LISTED(
						"",
						"one") "<text:list-item><text:p>two</text:p><text:p>more</text:p>"
						       "<text:list>" LISTED("", "in") LISTED("",
							   "it") "</text:list></text:list-item>" LISTED(" text:start-value='7'",
							   "seven") "<text:list-header><text:p>none"
								    "</text:p></text:list-header></text:list><text:list text:style-name='L' "
								    "text:continue-numbering='true'>" LISTED(
									"",
									"on") "</text:list>"
									      "<text:list text:style-name='L'>" LISTED(
										  "",
										  "anew") "</text:list>"
											  "<text:list text:style-name='unknown'>" LISTED(
											      "",
											      "bullet") "</text:list>"
													"<text:h text:outline-level='1'>next</text:h>" O_END },
		{ NULL } };

	check_text(parts,
	    "1. head\n1. one\n2. two\nmore\n2.a) in\n2.b) it\n7. seven\nnone\n8. on\n"
	    "1. anew\nbullet\n\n2. next",
	    NULL);
}

/* Once, however many slides follow it; not what only says where something is to be written. */
static void
reads_masters(void)
{
#define P_NS                                                                                   \
	"xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' "                \
	"xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "                     \
	"xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
#define SHAPE(place, text)                                                                     \
	"<p:sp><p:nvSpPr><p:nvPr>" place "</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>" text  \
	"</a:t></a:r></a:p></p:txBody></p:sp>"
	static const struct part parts[] = { { "[Content_Types].xml", "<Types/>" },
		{ "_rels/.rels",
		    RELS("<Relationship Id='a' Type='x/officeDocument' Target='ppt/p.xml'/>") },
		{ "ppt/p.xml",
		    "<p:presentation " P_NS
		    "><p:sldIdLst><p:sldId r:id='a'/><p:sldId r:id='a'/>"
		    "</p:sldIdLst></p:presentation>" },
		{ "ppt/_rels/p.xml.rels",
		    RELS("<Relationship Id='a' Type='x/slide' Target='s.xml'/>") },
		{ "ppt/s.xml",
		    "<p:sld " P_NS ">" SHAPE("<p:ph type='body'/>", "said") "</p:sld>" },
		{ "ppt/_rels/s.xml.rels",
		    RELS("<Relationship Id='a' Type='x/slideLayout' Target='l.xml'/>") },
		{ "ppt/l.xml",
		    "<p:sldLayout " P_NS ">" SHAPE("<p:ph/>", "click here")
			SHAPE("", "confidential") "</p:sldLayout>" },
		{ NULL } };

	check_text(parts, "said\n\nsaid\n\nconfidential", NULL);
}

static void
reads_books(void)
{
	static const struct part parts[] = { { "mimetype", "application/epub+zip" },
		{ "META-INF/container.xml",
		    "<container><rootfile full-path='O/b.opf'/></container>" },
		{ "O/b.opf",
		    "<package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
		    "<metadata><dc:title>Book</dc:title></metadata><manifest>"
		    "<item id='1' href='one%20a.xhtml'/><item id='2' href='../two.xhtml#x'/></manifest>"
		    "<spine><itemref idref='2'/><itemref idref='1'/></spine></package>" },
		{ "O/one a.xhtml",
		    "<html><title>no</title><body><p>one&nbsp;x</p></body></html>" },
		{ "two.xhtml", "<p>two</p>" }, { NULL } };

	check_text(parts, "two\n\none x",
	    "{\"end\":3,\"part\":\"two.xhtml\",\"start\":0}\n"
	    "{\"end\":10,\"part\":\"O/one a.xhtml\",\"start\":5}\n");
}

static void
says_what_it_cannot_read(void)
{
	static const struct part locked[] = { { "mimetype", MIME "text" },
		{ "META-INF/manifest.xml",
		    "<manifest><file-entry full-path='content.xml'><encryption-data/></file-entry></manifest>" },
		{ "content.xml", "\1\2\3" }, { NULL } };
	static const struct part missing[] = { TYPES,
		{ "_rels/.rels",
		    RELS(
			"<Relationship Id='a' Type='x/officeDocument' Target='word/no.xml'/>") },
		{ NULL } };
	static const struct part damaged[] = { TYPES,
		{ "word/document.xml", W P("one") "<w:p><w:r><w:t>tw" }, { NULL } };
	static const struct part misread[] = { { "mimetype", "application/epub+zip" },
		{ "META-INF/container.xml",
		    "<container><rootfile full-path='b.opf'/></container>" },
		{ "b.opf",
		    "<package xmlns='http://www.idpf.org/2007/opf'><manifest><item id='1' href='1.xhtml'/>"
		    "</manifest><spine><itemref idref='1'/></spine></package>" },
		{ "1.xhtml",
		    "<p>\xc3\xa9t\xc3\xa9 \xc3\xa0 Gen\xc3\xa8ve, d\xc3\xa9tenu \xe9!</p>" },
		{ NULL } };
	struct answer s;

	answer_to(misread, &s);
	CHECK(
	    s.status == EXTRACT_OK && strstr(s.why, "1 character could not be read as UTF-8"));
	answer_done(&s);
	answer_to(locked, &s);
	CHECK(s.status == EXTRACT_FAILED && strstr(s.why, "encrypted"));
	CHECK(strcmp(field_of(&s, "encrypted"), "yes") == 0);
	answer_done(&s);
	answer_to(missing, &s);
	CHECK(s.status == EXTRACT_FAILED && strstr(s.why, "no.xml"));
	answer_done(&s);
	answer_to(damaged, &s);
	CHECK(s.status == EXTRACT_OK && strstr(s.why, "damaged"));
	CHECK(strcmp(buf_peek(&s.text), "one\ntw") == 0);
	answer_done(&s);
}

/* Each must end in an answer that the client believes, and in little time and text. */
static void
bounds_what_costs_nothing(void)
{
	static const struct part repeats[] = { { "mimetype", MIME "spreadsheet" },
		{ "content.xml",
		    O
		    "<table:table><table:table-row table:number-rows-repeated='1048576'>"
		    "<table:table-cell table:number-columns-repeated='16384'><text:p>v</text:p>"
		    "</table:table-cell></table:table-row></table:table>" O_END },
		{ NULL } };
	static const struct part bomb[] = { TYPES,
		{ "word/document.xml",
		    "<!DOCTYPE d [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		    "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" W P(
			"one&b;&f;") "</w:body></w:document>" },
		{ NULL } };
	static const char *const tags[] = { "w:p", "w:tbl", "w:tc", "w:txbxContent" };
	struct answer s;

	answer_to(repeats, &s);
	CHECK(s.status == EXTRACT_OK && s.text.n < 200000);
	answer_done(&s);
	answer_to(bomb, &s);
	CHECK(s.text.n < 20 && !strchr(buf_peek(&s.text), 'x'));
	answer_done(&s);
	for (size_t i = 0; i < LEN(tags); i++) {
		AUTO_VAL(buf) xml = buf_init(16 << 20);
		struct part deep[] = { TYPES, { "word/document.xml", NULL }, { NULL } };

		buf_str(&xml, W);
		for (int k = 0; k < 100000; k++)
			buf_printf(&xml, "<%s>", tags[i]);
		buf_str(&xml, RUN("deep"));
		deep[1].xml = buf_peek(&xml);
		answer_to(deep, &s);
		CHECK(s.status != EXTRACT_OK || s.text.n < 100);
		answer_done(&s);
	}
}

/* Cut anywhere, an answer still comes. */
/* A document that is full already repeats nothing more. */
static void
repetitions_end_where_the_text_does(void)
{
	enum { ROWS = 2000 };
	AUTO_VAL(buf) xml = buf_init(1 << 20);
	struct part parts[] = { { "mimetype", MIME "spreadsheet" }, { "content.xml", NULL },
		{ NULL } };
	clock_t from = clock();
	struct answer s;

	buf_str(&xml, O "<table:table>");
	for (int i = 0; i < ROWS; i++)
		buf_str(&xml,
		    "<table:table-row table:number-rows-repeated='256'>"
		    "<table:table-cell table:number-columns-repeated='256'><text:p>v</text:p>"
		    "</table:table-cell></table:table-row>");
	buf_str(&xml, "</table:table>" O_END);
	parts[1].xml = buf_peek(&xml);
	answer_to(parts, &s);
	CHECK(s.status == EXTRACT_FAILED && clock() - from < 4 * CLOCKS_PER_SEC);
	answer_done(&s);
}

static void
survives_cuts(void)
{
	static const struct part parts[] = { TYPES,
		{ "_rels/.rels",
		    RELS(
			"<Relationship Id='a' Type='x/officeDocument' Target='word/document.xml'/>") },
		{ "word/document.xml", W P("one") P("two") "</w:body></w:document>" },
		{ "word/media/a.png", "PNG" }, { NULL } };
	AUTO_VAL(buf) zip = buf_init(1 << 20);
	struct answer s;

	make_zip(parts, &zip);
	for (size_t n = 1; n < zip.n; n += 7) {
		CHECK(answer_of(EXTRACTOR_ZIP, zip.p, n, &s));
		CHECK(s.status != EXTRACT_OK || s.text.n < 100);
		answer_done(&s);
	}
}

static void
survives_malformed_files(void)
{
	char folder[4096], path[8192];
	const char *shared = getenv("VIGIL_SHARED");
	struct dirent *file;
	DIR *d;

	snprintf(folder, sizeof folder, "%s/data/formats/poi-malformed", shared ? shared : ".");
	d = opendir(folder);
	while (d && (file = readdir(d))) {
		AUTO_VAL(buf) bytes = buf_init(1 << 24);
		struct answer s;
		struct err e;

		snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
		if (*file->d_name == '.' || !io_read_file(path, &bytes, &e))
			continue;
		CHECK(answer_of(EXTRACTOR_ZIP, bytes.p, bytes.n, &s));
		CHECK(s.text.n < 100000);
		answer_done(&s);
	}
	if (d)
		closedir(d);
}
TESTS(T(reads_word), T(anchors_cells_of_word), T(follows_relationships),
    T(numbers_paragraphs_as_word_does), T(reads_sheets), T(invents_no_cells),
    T(reads_opendocument), T(numbers_lists_and_headings), T(reads_masters), T(reads_books),
    T(says_what_it_cannot_read), T(bounds_what_costs_nothing),
    T(repetitions_end_where_the_text_does), T(survives_cuts), T(survives_malformed_files))
