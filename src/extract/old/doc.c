/* Documents of Word 97 to 2003 ([MS-DOC]), Word 6 and 95, Word 2: characters in their order, by the piece table; then their
 * stories: body, notes, headers. Deleted text and field codes are left out, results of fields are in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/old/doc_private.h"

enum { MARGINS_MAX = 6000, PICTURES_MAX = 10000 };

static void
flush(struct doc *d)
{
	AUTO_VAL(buf) text = buf_init(d->run.n * 4 + 4);

	if (!d->run.n)
		return;
	if (d->bytes)
		codepage_add(d->codepage, bytes_of(&d->run), &text);
	else
		utf16_add(bytes_of(&d->run), &text);
	prose_text(&d->prose, buf_peek(&text), text.n);
	buf_reset(&d->run);
}

static void
plain_unit(struct doc *d, uint16_t c)
{
	buf_byte(&d->run, (uint8_t)c);
	if (!d->bytes)
		buf_byte(&d->run, (uint8_t)(c >> 8));
	if (d->run.n >= 4096)
		flush(d);
}

static void
say(struct doc *d, const char *s)
{
	flush(d);
	prose_str(&d->prose, s);
}

/* A paragraph begins: within a table it opens what it stands in. */
static void
open_cell(struct doc *d, const struct look *l)
{
	bool in = l && l->flags & LOOK_IN_TABLE;

	if (in && !d->in_table)
		prose_table_start(&d->prose);
	if (!in && d->in_table) {
		prose_table_end(&d->prose);
		d->in_row = d->in_cell = false;
	}
	d->in_table = in;
	if (!in || l->flags & LOOK_ROW_END)
		return;
	if (!d->in_row)
		prose_row(&d->prose, 0);
	if (!d->in_cell)
		prose_cell(&d->prose, 1);
	d->in_row = d->in_cell = true;
}

static void
cell_mark(struct doc *d, const struct look *l)
{
	flush(d);
	if (!d->in_table) {
		prose_str(&d->prose, "\t");
		return;
	}
	if (l && l->flags & LOOK_ROW_END)
		d->in_row = false;
	else
		prose_cell_end(&d->prose);
	d->in_cell = false;
}

static void
paragraph_mark(struct doc *d, const struct look *l)
{
	flush(d);
	d->owes_tab = l && l->flags & LOOK_INNER_CELL && !(l->flags & LOOK_INNER_ROW);
	if (!d->owes_tab)
		prose_paragraph_end(&d->prose);
}

/* Characters that do something. */
static void
control(struct doc *d, uint16_t c, const struct look *paragraph, const struct look *look)
{
	switch (c) {
	case 0x07:
		cell_mark(d, paragraph);
		break;
	case '\r':
	case 0x0c:
	case 0x0e:
		paragraph_mark(d, paragraph);
		break;
	case 0x0b:
		say(d, "\n");
		break;
	case '\t':
		say(d, "\t");
		break;
	case 0x1e:
		say(d, "\xe2\x80\x91");
		break;
	case 0x01:
		if (look && look->picture != OLE_NONE &&
		    d->pictures.n < PICTURES_MAX * sizeof look->picture)
			buf_add(&d->pictures, &look->picture, sizeof look->picture);
		break;
	default:
		break;
	}
}

static bool
ends_paragraph(uint16_t c)
{
	return c == '\r' || c == 0x07 || c == 0x0c;
}

/* A character of a font of symbols, by its number there: those of Unicode's private area mean nothing without it. */
static uint16_t
symbol(uint16_t c)
{
	if ((c & 0xff00) != 0xf000)
		return c;
	return c == 0xf0b7 ? 0x2022 : 0xfffd;
}

/* Characters from..to of all, as paragraphs and tables. */
static void
tell(struct doc *d, uint32_t from, uint32_t to)
{
	const struct doc_unit *u = (const struct doc_unit *)(const void *)d->units.p;
	const struct doc_field *f, *end;
	const struct look *paragraph = NULL;
	uint32_t hidden = from;
	bool begins = true;

	to = MIN(to, (uint32_t)(d->units.n / sizeof *u));
	if (from >= to)
		return;
	doc_find_fields(d, from, to);
	f = (const struct doc_field *)(const void *)d->fields.p;
	end = f ? f + d->fields.n / sizeof *f : NULL;
	for (uint32_t i = from; i < to; i++) {
		const struct look *look = looks_find(&d->characters, u[i].place);

		if (begins) {
			const struct look *before = paragraph;

			paragraph = looks_find(&d->paragraphs, u[i].place);
			open_cell(d, paragraph);
			if (d->owes_tab && !(paragraph && paragraph->flags & LOOK_INNER_ROW))
				prose_str(&d->prose, "\t");
			d->owes_tab = false;
			/* A page may end within a paragraph. */
			if (i == from || u[i - 1].c != 0x0c || paragraph != before)
				doc_number(d, paragraph);
		}
		begins = ends_paragraph(u[i].c);
		for (; f < end && f->from <= i; f++)
			hidden = MAX(hidden, f->to);
		if (i < hidden || u[i].flags & LOOK_DELETED ||
		    (look && look->flags & LOOK_DELETED))
			continue;
		if (u[i].c < ' ')
			control(d, u[i].c, paragraph, look);
		else if (u[i].c == '(' && look && look->symbol)
			plain_unit(d, d->bytes ? '?' : symbol(look->symbol));
		else
			plain_unit(d, u[i].c);
	}
	flush(d);
	if (d->in_table)
		prose_table_end(&d->prose);
	d->in_table = d->in_row = d->in_cell = false;
	prose_reset(&d->prose);
}

static uint32_t
start_of(const struct doc *d, enum doc_story story)
{
	uint64_t at = 0;

	for (enum doc_story s = BODY; s < story; s++)
		at += d->lengths[s];
	return (uint32_t)MIN(at, (uint64_t)UINT32_MAX);
}

/* Who wrote a comment: by name, or initials. */
static void
say_author(struct doc *d, size_t i)
{
	enum { REF = 30, NAMES_MAX = 200 };
	struct bytes refs = doc_place(d, COMMENT_REFS), names = doc_place(d, AUTHORS), ref;
	size_t n = refs.n > 4 ? (refs.n - 4) / (4 + REF) : 0, at = 0;
	AUTO_VAL(buf) name = buf_init(512);

	if (d->form.old || i >= n)
		return;
	ref = bytes_at(refs, 4 * (n + 1) + REF * i, REF);
	for (unsigned k = MIN(u16_at(ref, 20), (unsigned)NAMES_MAX); k && at < names.n; k--)
		at += 2 + 2 * (size_t)u16_at(names, at);
	utf16_add(bytes_at(names, at + 2, 2 * (uint64_t)MIN(u16_at(names, at), 100)), &name);
	if (!name.n)
		utf16_add(bytes_at(ref, 2, 2 * (uint64_t)MIN(u16_at(ref, 0), 9)), &name);
	if (!name.n)
		return;
	buf_byte(&name, ':');
	prose_label(&d->prose, buf_peek(&name));
}

/* Notes of a kind, each by a list of where they begin; without one, or behind it, as one. */
static void
notes(struct doc *d, enum doc_story story, enum doc_place list, const char *called)
{
	struct bytes b = doc_place(d, list);
	uint32_t start = start_of(d, story), n = d->lengths[story], done = 0;
	size_t count = b.n / 4 >= 2 ? b.n / 4 - 1 : 0;
	char part[64];

	for (size_t i = 0; i < count && done < n; i++) {
		uint32_t to = MIN(u32_at(b, 4 * (i + 1)), n);

		if (to <= done)
			continue;
		prose_apart(&d->prose);
		snprintf(part, sizeof part, "%s %zu", called, i + 1);
		d->prose.part = part;
		if (story == COMMENTS)
			say_author(d, i);
		tell(d, start + done, start + to);
		done = to;
	}
	d->prose.part = called;
	tell(d, start + done, start + n);
	d->prose.part = NULL;
}

/* Headers or footers: what sections repeat, once. The first six are lines that part notes from text, then each
 * section has six: headers and footers of even and odd pages, and of the first. */
static void
margins(struct doc *d, const char *called, unsigned kinds)
{
	AUTO_VAL(buf) said = buf_init(1 << 20);
	struct bytes b = doc_place(d, HEADERS);
	uint32_t start = start_of(d, MARGINS), n = d->lengths[MARGINS], done = 0;
	size_t count = MIN(b.n / 4, (size_t)MARGINS_MAX);

	for (size_t i = d->form.old ? 0 : 6; i + 1 < count; i++) {
		AUTO_VAL(buf) lines = buf_init(1 << 18);
		uint32_t from = u32_at(b, 4 * i), to = MIN(u32_at(b, 4 * i + 4), n);

		if (from < done || from >= to || !(kinds >> i % 6 & 1))
			continue;
		done = to; /* or else a damaged list could have the same told again and again */
		d->prose.aside = &lines;
		tell(d, start + from, start + to);
		d->prose.aside = NULL;
		if (!lines.n || memmem(buf_peek(&said), said.n, lines.p, lines.n))
			continue;
		buf_add(&said, lines.p, lines.n);
		d->prose.part = called;
		prose_text(&d->prose, buf_peek(&lines), lines.n);
		prose_apart(&d->prose);
		d->prose.part = NULL;
	}
}

static void
tell_all(struct doc *d)
{
	enum {
		HEADER_KINDS = 1 << 0 | 1 << 1 | 1 << 4,
		FOOTER_KINDS = 1 << 2 | 1 << 3 | 1 << 5
	};
	size_t n = d->units.n / sizeof(struct doc_unit);

	if (!d->lengths[BODY] || d->lengths[BODY] > n) {
		ole_note(d->ole, "it is damaged: its text is shorter than it says");
		d->lengths[BODY] = (uint32_t)n;
	}
	margins(d, "header", HEADER_KINDS);
	tell(d, 0, d->lengths[BODY]);
	notes(d, BOXES, BOX_TEXTS, "text box");
	notes(d, FOOTNOTES, FOOTNOTE_TEXTS, "footnote");
	notes(d, ENDNOTES, ENDNOTE_TEXTS, "endnote");
	notes(d, COMMENTS, COMMENT_TEXTS, "comment");
	margins(d, "footer", FOOTER_KINDS);
	notes(d, MARGIN_BOXES, BOX_TEXTS + 2, "text box of a margin");
}

/* The header of the file. Word 2 says less of itself, but its text at the same place. */
static bool
read_header(struct doc *d, struct document *doc, struct err *e)
{
	enum { ENCRYPTED = 0x100, OTHER_TABLE = 0x200, WIDE = 0x1000 };
	uint16_t magic = u16_at(d->form.main, 0), flags = u16_at(d->form.main, 0x0a);
	unsigned lengths;

	if (magic != 0xa5ec && magic != 0xa5dc && magic != 0xa5db)
		return err_set(e, ERR_DAMAGED, "the document has no header of Word");
	if (flags & ENCRYPTED)
		return binary_encrypted(doc, e);
	d->version = u16_at(d->form.main, 2);
	d->form.old = d->version < 193;
	d->bytes = d->form.old && !(flags & WIDE);
	d->codepage = codepage_of_language(u16_at(d->form.main, 6));
	if (u8_at(d->form.main, 0x12) & 1) /* made on a Macintosh */
		d->codepage = CODEPAGE_MAC;
	lengths = d->form.old ? 0x34 : 0x4c;
	for (enum doc_story s = BODY; s < STORIES; s++)
		d->lengths[s] =
		    MIN(u32_at(d->form.main, lengths + 4 * s), (uint32_t)INT32_MAX / STORIES);
	return true;
}

static bool
read_document(struct doc *d, struct document *doc, struct err *e)
{
	if (!read_header(d, doc, e))
		return false;
	d->form.huge_left = d->form.data.n + (1 << 20);
	d->characters = looks_read(&d->form, doc_place(d, CHARACTERS), false);
	d->paragraphs = looks_read(&d->form, doc_place(d, PARAGRAPHS), true);
	doc_read_units(d);
	d->numbering = numbering_init();
	doc_read_numbers(d);
	d->prose = prose_init(doc);
	tell_all(d);
	prose_done(&d->prose);
	numbering_done(&d->numbering);
	return document_end(doc, e);
}

/* Pictures of the text, then of drawings, then objects. */
static void
embedded(struct doc *d, struct output *o)
{
	struct embedded x = { .ole = d->ole, .o = o };
	uint32_t pool = d->ole->n ? ole_find(d->ole, 0, "ObjectPool") : OLE_NONE, at = 0, i;

	for (size_t k = 0; k < d->pictures.n / 4; k++) {
		uint32_t from = u32_at(bytes_of(&d->pictures), 4 * k);
		struct bytes p = bytes_at(d->form.data, from, u32_at(d->form.data, from));
		uint16_t head = u16_at(p, 4);

		if (u16_at(p, 6) == 0x66) /* a picture in a file of its own: its name is here */
			head = (uint16_t)(head + 1 + u8_at(p, head));
		embedded_art(&x, bytes_from(p, head), (struct bytes){ 0 });
	}
	if (!d->form.old)
		embedded_art(&x, doc_place(d, DRAWINGS), d->form.main);
	while (pool != OLE_NONE && (i = ole_next(d->ole, pool, &at)) != OLE_NONE)
		embedded_storage(&x, i, "object");
}

static bool
extract(struct doc *d, struct document *doc, struct err *e)
{
	bool ok;

	d->units = buf_init(DOC_UNITS_MAX);
	d->fields = buf_init(DOC_UNITS_MAX);
	d->run = buf_init(8192);
	d->pictures = buf_init(PICTURES_MAX * sizeof(uint32_t));
	ok = read_document(d, doc, e);
	if (ok)
		embedded(d, doc->o);
	buf_done(&d->units);
	buf_done(&d->fields);
	buf_done(&d->run);
	buf_done(&d->pictures);
	buf_done(&d->characters.list);
	buf_done(&d->paragraphs.list);
	return ok;
}

bool
doc_extract(struct ole *o, struct document *doc, struct err *e)
{
	AUTO_VAL(buf) main = buf_init(o->file.n), table = buf_init(o->file.n),
		      data = buf_init(o->file.n);
	struct doc d = { .ole = o };
	bool one;

	(void)ole_stream(o, 0, "WordDocument", &main);
	one = u16_at(bytes_of(&main), 0x0a) & 0x200;
	if (!ole_stream(o, 0, one ? "1Table" : "0Table", &table))
		(void)ole_stream(o, 0, one ? "0Table" : "1Table", &table);
	(void)ole_stream(o, 0, "Data", &data);
	d.form = (struct doc_form){
		.main = bytes_of(&main), .table = bytes_of(&table), .data = bytes_of(&data)
	};
	return extract(&d, doc, e);
}

bool
doc_bare(struct ole *none, struct document *doc, struct err *e)
{
	struct doc d = { .ole = none, .form.main = none->file };

	return extract(&d, doc, e);
}
