/* Office documents of OOXML, and XPS, which lives in the same kind of package: which one it is, what it says of itself, its
 * text, and the files that are embedded in it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/child/child_private.h"
#include "extract/office/office_private.h"

/* Elements of metadata and what they are. */
static const struct {
	enum markup_ns ns;
	const char *name, *field;
} metas[] = {
	{ NS_DC, "title", "title" },
	{ NS_DC, "creator", "creator" },
	{ NS_DC, "contributor", "contributor" },
	{ NS_DC, "subject", "subject" },
	{ NS_DC, "description", "description" },
	{ NS_DC, "publisher", "publisher" },
	{ NS_DC, "date", "date" },
	{ NS_DC, "language", "language" },
	{ NS_DC, "identifier", "identifier" },
	{ NS_DC, "rights", "rights" },
	{ NS_DC, "source", "source" },
	{ NS_TERMS, "created", "created" },
	{ NS_TERMS, "modified", "modified" },
	{ NS_CORE, "keywords", "subject" },
	{ NS_CORE, "lastModifiedBy", "contributor" },
	{ NS_APP, "Application", "software" },
	{ NS_APP, "Pages", "pages" },
	{ NS_APP, "Slides", "pages" },
	{ NS_APP, "Company", "publisher" },
	{ NS_META, "creation-date", "created" },
	{ NS_META, "initial-creator", "creator" },
	{ NS_META, "keyword", "subject" },
	{ NS_META, "generator", "software" },
};

struct fields {
	struct output *o;
	const char *field; /* of the element that is open; NULL: none */
	bool opendocument; /* there dc:date is the last change */
	struct buf value;
};

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct fields *f = ctx;
	const char *pages;

	f->field = NULL;
	buf_reset(&f->value);
	for (size_t i = 0; i < LEN(metas); i++)
		if (metas[i].ns == ns && strcmp(metas[i].name, name) == 0)
			f->field = metas[i].field;
	f->opendocument |= ns == NS_OFFICE;
	if (f->field && f->opendocument && strcmp(f->field, "date") == 0)
		f->field = "modified";
	if (ns == NS_META && strcmp(name, "document-statistic") == 0 &&
	    (pages = element_get(el, NS_META, "page-count")))
		output_field(f->o, "pages", pages, strlen(pages));
	return true;
}

static void
on_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct fields *f = ctx;
	const char *value = buf_peek(&f->value);

	(void)ns, (void)name;
	if (f->field && strcmp(f->field, "language") == 0 && !language_shape(value, f->value.n))
		f->field = NULL;
	if (f->field && strcmp(f->field, "pages") == 0 && strcmp(value, "0") == 0)
		f->field = NULL; /* nobody counted */
	if (f->field)
		output_field(f->o, f->field, value, f->value.n);
	f->field = NULL;
}

static void
on_text(void *ctx, const char *s, size_t n)
{
	struct fields *f = ctx;

	if (f->field)
		buf_add(&f->value, s, n);
}

void
office_fields(struct package *pk, const char *part, struct output *o)
{
	static const struct markup_events events = { on_start, on_end, on_text };
	struct fields f = { .o = o, .value = buf_init(1 << 16) };

	package_try(pk, part, &events, &f);
	buf_done(&f.value);
}

/* Kinds of main parts. The first row that fits decides. */
static const struct kind {
	const char *type;   /* in the content type of the main part */
	const char *folder; /* where it lies, if no content type tells */
	const char *media;
	bool (*text)(struct package *pk, const char *part, struct document *doc, struct err *e);
} kinds[] = {
	{ "wordprocessingml", "word/",
	    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	    docx_text },
	{ "ms-word", "word/", "application/vnd.ms-word.document.macroEnabled.12", docx_text },
	{ "spreadsheetml", "xl/",
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_text },
	{ "ms-excel.sheet.macro", "xl/", "application/vnd.ms-excel.sheet.macroEnabled.12",
	    xlsx_text },
	{ "ms-excel.template.macro", "xl/", "application/vnd.ms-excel.template.macroEnabled.12",
	    xlsx_text },
	{ "presentationml", "ppt/",
	    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	    pptx_text },
	{ "ms-powerpoint", "ppt/", "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
	    pptx_text },
	{ "ms-package.xps-fixeddocumentsequence", "FixedDoc", "application/vnd.ms-xpsdocument",
	    xps_text },
	{ "oxps-fixeddocumentsequence", "FixedDoc", "application/oxps", xps_text },
};

struct typing {
	const char *part;
	char type[200];
};

static bool
on_type(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct typing *t = ctx;
	const char *part, *type;

	if (ns != NS_TYPES || strcmp(name, "Override") != 0)
		return true;
	part = element_get(el, NS_NONE, "PartName");
	type = element_get(el, NS_NONE, "ContentType");
	if (part && type && strcasecmp(part + (*part == '/'), t->part) == 0)
		snprintf(t->type, sizeof t->type, "%s", type);
	return true;
}

static const struct kind *
kind_of(struct package *pk, const char *part, char media[200])
{
	static const struct markup_events events = { .start = on_type };
	struct typing t = { .part = part };
	char *end;

	package_try(pk, "[Content_Types].xml", &events, &t);
	for (size_t i = 0; *t.type && i < LEN(kinds); i++) {
		if (!strstr(t.type, kinds[i].type))
			continue;
		end = strstr(t.type, ".main+xml");
		if (end && strncmp(t.type, "application/vnd.openxml", 23) == 0)
			snprintf(media, 200, "%.*s", (int)(end - t.type), t.type);
		else
			snprintf(media, 200, "%s", kinds[i].media);
		return &kinds[i];
	}
	for (size_t i = 0; !strstr(t.type, "binary") && i < LEN(kinds); i++)
		if (strncasecmp(part, kinds[i].folder, strlen(kinds[i].folder)) == 0) {
			snprintf(media, 200, "%s", kinds[i].media);
			return &kinds[i];
		}
	return NULL;
}

/* The package says which part is the document; of damaged ones the usual places are tried. */
static bool
main_part(struct package *pk, char ret[FILE_PATH_MAX + 1])
{
	static const char *const usual[] = { "word/document.xml", "xl/workbook.xml",
		"ppt/presentation.xml", "FixedDocSeq.fdseq" };

	if (package_related(pk, "", "officeDocument", ret) ||
	    package_related(pk, "", "fixedrepresentation", ret))
		return true;
	for (size_t i = 0; i < LEN(usual); i++)
		if (package_has(pk, usual[i])) {
			snprintf(ret, FILE_PATH_MAX + 1, "%s", usual[i]);
			return true;
		}
	return false;
}

/* Not what the document itself is made of, nor fonts, settings of printers and the like. */
static bool
is_embedded(const char *name)
{
	static const char *const ends[] = { ".xml", ".rels", ".vml", ".odttf", ".fntdata",
		".sigs", ".psdsxs", ".psdor", ".psmdcp", ".fdseq", ".fdoc", ".fpage", ".frag",
		".struct", ".ttf", ".otf", ".dict", "vbaProject.bin" };
	static const char *const folders[] = { "docProps/", "printerSettings", "customXml/",
		"_rels/", "activeX/", "Metadata/", "customProperty" };
	size_t n = strlen(name);

	for (size_t i = 0; i < LEN(ends); i++)
		if (n >= strlen(ends[i]) &&
		    strcasecmp(name + n - strlen(ends[i]), ends[i]) == 0)
			return false;
	for (size_t i = 0; i < LEN(folders); i++)
		if (strstr(name, folders[i]))
			return false;
	return n && name[n - 1] != '/';
}

static void
fields(struct package *pk, struct output *o)
{
	static const char *const parts[] = { "core-properties", "extended-properties",
		"extendedProperties" };
	char path[FILE_PATH_MAX + 1];

	for (size_t i = 0; i < LEN(parts); i++)
		if (package_related(pk, "", parts[i], path))
			office_fields(pk, path, o);
}

static bool
extract(struct package *pk, const char *part, const struct kind *kind, const char *media,
    struct output *o, struct err *e)
{
	AUTO_VAL(document) d = document_init(o);

	fields(pk, o);
	output_field(o, "format", media, strlen(media));
	return kind->text(pk, part, &d, e) && document_end(&d, e) &&
	    package_end(pk, is_embedded, o, e);
}

bool
ooxml_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char part[FILE_PATH_MAX + 1], media[200];
	const struct kind *kind = NULL;
	struct package pk;
	bool ok, found;

	if (!package_open(&pk, p, n, e))
		return false;
	found = main_part(&pk, part);
	if (found)
		kind = kind_of(&pk, part, media);
	ok = kind && extract(&pk, part, kind, media, o, e);
	package_done(&pk);
	return kind ? ok : packed_extract(p, n, o, e); /* of some other kind */
}
