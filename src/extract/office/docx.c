/* Word processing of OOXML, transitional and strict: word/document.xml and what belongs to it. What was deleted or moved
 * away under change tracking is left out, what was inserted is in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/office/numbering_private.h"
#include "extract/office/office_private.h"
#include "extract/office/prose_private.h"

enum role {
	PARAGRAPH = 1,
	TEXT,
	TAB,
	BREAK,
	HYPHEN,
	SKIP,
	TABLE,
	ROW,
	CELL,
	SPAN,
	BEFORE,
	STYLE,
	NUMBER,
	LEVEL,
	NOTE,
	WORDS,
	PROPERTIES,
};

static const struct markup_name names[] = {
	{ NS_WORD, "t", TEXT },
	{ NS_WORD, "p", PARAGRAPH },
	{ NS_WORD, "tab", TAB },
	{ NS_WORD, "ptab", TAB },
	{ NS_WORD, "br", BREAK },
	{ NS_WORD, "cr", BREAK },
	{ NS_WORD, "noBreakHyphen", HYPHEN },
	{ NS_WORD, "tbl", TABLE },
	{ NS_WORD, "tr", ROW },
	{ NS_WORD, "tc", CELL },
	{ NS_WORD, "gridSpan", SPAN },
	{ NS_WORD, "gridBefore", BEFORE },
	{ NS_WORD, "pPr", PROPERTIES },
	{ NS_WORD, "pStyle", STYLE },
	{ NS_WORD, "numId", NUMBER },
	{ NS_WORD, "ilvl", LEVEL },
	{ NS_MATH, "t", TEXT },
	{ NS_VML, "textpath", WORDS },
	{ NS_WORD, "footnote", NOTE },
	{ NS_WORD, "endnote", NOTE },
	{ NS_WORD, "comment", NOTE },
	{ NS_WORD, "del", SKIP },
	{ NS_WORD, "moveFrom", SKIP },
	{ NS_WORD, "rPr", SKIP },
	{ NS_WORD, "tabs", SKIP },
	{ NS_WORD, "pPrChange", SKIP },
	{ NS_WORD, "instrText", SKIP },
	{ NS_WORD, "delText", SKIP },
	{ NS_WORD, "rt", SKIP },
	{ NS_WORD, "sdtPr", SKIP },
	{ NS_WORD, "sectPr", SKIP },
	{ NS_WORD, "tblPr", SKIP },
	{ NS_WORD, "fldData", SKIP },
	{ NS_WORD, "binData", SKIP },
};

struct docx {
	struct package *pk;
	struct prose prose;
	struct numbering numbering;
	unsigned in_text;
	bool in_properties;
	char style[64];
	size_t number, level; /* of the paragraph; NUMBER_NONE: as its style says */
	const char *note;     /* "footnote": what notes of this part are called */
	char part[64];
};

static void
start_paragraph(struct docx *d)
{
	if (d->prose.open && !d->prose.depth) /* one in a text box inside of another */
		prose_paragraph_end(&d->prose);
	d->style[0] = 0;
	d->number = d->level = NUMBER_NONE;
}

/* All properties are known: what stands before the text. */
static void
end_properties(struct docx *d)
{
	char label[NUMBER_LABEL];

	d->in_properties = false;
	if (numbering_style_is_heading(&d->numbering, d->style))
		prose_apart(&d->prose);
	if (d->note || !numbering_next(&d->numbering, d->style, d->number, d->level, label) ||
	    !*label)
		return;
	prose_label(&d->prose, label);
}

/* Separators between text and notes are notes, too, of a type. */
static bool
start_note(struct docx *d, struct element *el)
{
	const char *type = element_get(el, NS_WORD, "type"), *author;
	char label[96];

	if (type && strcmp(type, "normal") != 0)
		return false;
	snprintf(d->part, sizeof d->part, "%s %zu", d->note ? d->note : "note",
	    element_number(el, NS_WORD, "id", 999999999, 0));
	d->prose.part = d->part;
	author = element_get(el, NS_WORD, "author");
	if (author && *author) {
		snprintf(label, sizeof label, "%.80s:", author);
		prose_label(&d->prose, label);
	}
	return true;
}

static void
start_table_part(struct docx *d, enum role role, struct element *el)
{
	struct prose *p = &d->prose;

	if (role == TABLE)
		prose_table_start(p);
	else if (role == ROW)
		prose_row(p, 0);
	else if (role == CELL)
		prose_cell(p, 1);
	else if (p->depth == 1)
		p->span = (unsigned)element_number(el, NS_WORD, "val", 1000, p->span);
}

static void
start_property(struct docx *d, enum role role, struct element *el)
{
	const char *value;

	if (!d->in_properties)
		return;
	value = element_get(el, NS_WORD, "val");
	if (role == STYLE && value)
		snprintf(d->style, sizeof d->style, "%s", value);
	else if (role == NUMBER)
		d->number = element_number(el, NS_WORD, "val", 1 << 30, NUMBER_NONE);
	else if (role == LEVEL)
		d->level = element_number(el, NS_WORD, "val", 8, 0);
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct docx *d = ctx;
	enum role role = (enum role)markup_role(names, LEN(names), ns, name);
	const char *value;

	switch (role) {
	case SKIP:
		return false;
	case PARAGRAPH:
		start_paragraph(d);
		break;
	case TEXT:
		d->in_text++;
		break;
	case TAB:
	case BREAK:
		prose_str(&d->prose, role == TAB ? "\t" : "\n");
		break;
	case HYPHEN:
		prose_str(&d->prose, "\xe2\x80\x91");
		break;
	case WORDS:
		value = element_get(el, NS_NONE, "string");
		if (value)
			prose_str(&d->prose, value);
		break;
	case NOTE:
		return start_note(d, el);
	case PROPERTIES:
		d->in_properties = true;
		break;
	case STYLE:
	case NUMBER:
	case LEVEL:
		start_property(d, role, el);
		break;
	case TABLE:
	case ROW:
	case CELL:
	case SPAN:
	case BEFORE:
		start_table_part(d, role, el);
		break;
	default:
		break;
	}
	return true;
}

static void
on_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct docx *d = ctx;

	switch ((enum role)markup_role(names, LEN(names), ns, name)) {
	case PARAGRAPH:
		prose_paragraph_end(&d->prose);
		break;
	case TEXT:
		d->in_text -= d->in_text > 0;
		break;
	case PROPERTIES:
		end_properties(d);
		break;
	case TABLE:
		prose_table_end(&d->prose);
		break;
	case CELL:
		prose_cell_end(&d->prose);
		break;
	case NOTE:
		prose_paragraph_end(&d->prose);
		d->prose.part = NULL;
		break;
	default:
		break;
	}
}

static void
on_text(void *ctx, const char *s, size_t n)
{
	struct docx *d = ctx;

	if (d->in_text)
		prose_text(&d->prose, s, n);
}

static const struct markup_events events = { on_start, on_end, on_text };

/* What the main part says belongs to it. */
enum { PARTS = 64 };
struct parts {
	struct {
		char kind[24];
		char path[FILE_PATH_MAX + 1];
	} at[PARTS];
	size_t n;
};

static void
on_relation(void *ctx, const struct relation *r)
{
	static const char *const kinds[] = { "header", "footer", "footnotes", "endnotes",
		"comments", "numbering", "styles", "diagramData", "chart" };
	struct parts *p = ctx;

	for (size_t i = 0; i < LEN(kinds) && p->n < PARTS; i++) {
		if (strcmp(r->kind, kinds[i]) != 0)
			continue;
		snprintf(p->at[p->n].kind, sizeof p->at->kind, "%s", r->kind);
		memcpy(p->at[p->n].path, r->target, strlen(r->target) + 1);
		p->n++;
	}
}

/* Headers or footers: each as lines of its own; what sections repeat, once. */
static void
margins(struct docx *d, const struct parts *parts, const char *kind)
{
	AUTO_VAL(buf) said = buf_init(1 << 20);

	for (size_t i = 0; i < parts->n; i++) {
		AUTO_VAL(buf) lines = buf_init(1 << 18);

		if (strcmp(parts->at[i].kind, kind) != 0)
			continue;
		d->prose.aside = &lines;
		package_try(d->pk, parts->at[i].path, &events, d);
		prose_reset(&d->prose);
		d->prose.aside = NULL;
		if (!lines.n || memmem(buf_peek(&said), said.n, lines.p, lines.n))
			continue;
		buf_add(&said, lines.p, lines.n);
		d->prose.part = kind;
		prose_text(&d->prose, buf_peek(&lines), lines.n);
		prose_apart(&d->prose);
		d->prose.part = NULL;
	}
}

static void
notes(struct docx *d, const struct parts *parts, const char *kind, const char *called)
{
	for (size_t i = 0; i < parts->n; i++) {
		if (strcmp(parts->at[i].kind, kind) != 0)
			continue;
		prose_apart(&d->prose);
		d->note = called;
		package_try(d->pk, parts->at[i].path, &events, d);
		d->note = NULL;
		prose_reset(&d->prose);
	}
}

static void
pictures(struct docx *d, const struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		if (strcmp(parts->at[i].kind, "diagramData") == 0 ||
		    strcmp(parts->at[i].kind, "chart") == 0) {
			prose_apart(&d->prose);
			d->prose.part = parts->at[i].path;
			drawing_text(d->pk, parts->at[i].path, &d->prose);
			d->prose.part = NULL;
		}
}

static bool
read_all(struct docx *d, const char *part, const struct parts *parts, struct err *e)
{
	for (size_t i = 0; i < parts->n; i++) {
		if (strcmp(parts->at[i].kind, "styles") == 0)
			numbering_styles(&d->numbering, d->pk, parts->at[i].path);
		if (strcmp(parts->at[i].kind, "numbering") == 0)
			numbering_lists(&d->numbering, d->pk, parts->at[i].path);
	}
	margins(d, parts, "header");
	if (!package_markup(d->pk, part, &events, d, e))
		return false;
	prose_reset(&d->prose);
	pictures(d, parts);
	notes(d, parts, "footnotes", "footnote");
	notes(d, parts, "endnotes", "endnote");
	notes(d, parts, "comments", "comment");
	margins(d, parts, "footer");
	return true;
}

bool
docx_text(struct package *pk, const char *part, struct document *doc, struct err *e)
{
	struct docx d = { .pk = pk, .prose = prose_init(doc), .numbering = numbering_init() };
	struct parts *parts = mem_zalloc(sizeof *parts);
	bool ok;

	package_relations(pk, part, on_relation, parts);
	ok = read_all(&d, part, parts, e);
	free(parts);
	numbering_done(&d.numbering);
	prose_done(&d.prose);
	return ok;
}
