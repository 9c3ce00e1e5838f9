/* Numbers before paragraphs of Word 97 and later ([MS-DOC] 2.9.131 Lvlf and around it): lists, their uses, styles that have
 * them. */
#include <stdio.h>
#include <string.h>

#include "extract/old/doc_private.h"

enum { LISTS_MAX = 4096, STYLES_MAX = 4096 };

/* Numbers of [MS-OSHARED] 2.2.1.3, as OOXML calls them; others count as decimal. */
static const char *
format_of(unsigned nfc)
{
	static const struct {
		uint8_t nfc;
		const char *format;
	} rows[] = { { 1, "upperRoman" }, { 2, "lowerRoman" }, { 3, "upperLetter" },
		{ 4, "lowerLetter" }, { 22, "decimalZero" }, { 23, "bullet" },
		{ 255, "none" } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (rows[i].nfc == nfc)
			return rows[i].format;
	return "decimal";
}

/* A level at *at, which moves behind it. Its text has the numbers of levels as characters 0 to 8. */
static void
read_level(struct bytes b, uint64_t *at, struct numbering_level *ret)
{
	enum { HEAD = 28 };
	struct bytes l = bytes_from(b, *at), text;
	AUTO_VAL(buf) label = buf_init(sizeof ret->text - 1);
	uint64_t properties = (uint64_t)u8_at(l, 24) + u8_at(l, 25);

	text = bytes_at(l, HEAD + properties + 2, 2 * (uint64_t)u16_at(l, HEAD + properties));
	for (size_t i = 0; i + 1 < text.n; i += 2) {
		uint16_t c = u16_at(text, i);

		if (c < NUMBER_LEVELS) {
			buf_byte(&label, '%');
			buf_byte(&label, (uint8_t)('1' + c));
		} else {
			utf16_unit_add(c, &label);
		}
	}
	*ret = (struct numbering_level){ .start = u32_at(l, 0) };
	snprintf(ret->format, sizeof ret->format, "%s", format_of(u8_at(l, 4)));
	snprintf(ret->text, sizeof ret->text, "%s", buf_peek(&label));
	*at += HEAD + properties + 2 + text.n;
}

static void
read_lists(struct doc *d)
{
	enum { LIST = 28 };
	/* Levels stand behind the lists, and are not counted among their bytes. */
	struct bytes lists = doc_place(d, LISTS), b = { 0 };
	size_t n;
	uint64_t at;

	if (!lists.n)
		return;
	b = (struct bytes){ lists.p, (size_t)(d->form.table.p + d->form.table.n - lists.p) };
	n = MIN(u16_at(b, 0), (unsigned)LISTS_MAX);
	at = 2 + LIST * (uint64_t)n;
	for (size_t i = 0; i < n && at < b.n; i++) {
		struct bytes list = bytes_at(b, 2 + LIST * i, LIST);
		struct numbering_level levels[NUMBER_LEVELS] = { 0 };
		size_t count = u8_at(list, 26) & 1 ? 1 : NUMBER_LEVELS;

		for (size_t k = 0; k < count; k++)
			read_level(b, &at, &levels[k]);
		numbering_add_list(&d->numbering, u32_at(list, 0), levels, count);
	}
}

/* A use may count anew, or differ in its levels: then it is a list of its own. */
static void
read_uses(struct doc *d)
{
	enum { USE = 16, STARTS = 16, DIFFERS = 32 };
	struct bytes b = doc_place(d, USES);
	size_t n = MIN(u32_at(b, 0), (uint32_t)LISTS_MAX);
	uint64_t at = 4 + USE * (uint64_t)n;

	for (size_t i = 0; i < n; i++) {
		struct bytes use = bytes_at(b, 4 + USE * i, USE);
		size_t restart[NUMBER_LEVELS];

		for (size_t k = 0; k < NUMBER_LEVELS; k++)
			restart[k] = NUMBER_NONE;
		at += 4;
		for (unsigned k = u8_at(use, 12); k; k--) {
			uint32_t flags = u32_at(b, at + 4);
			struct numbering_level level;

			if (flags & STARTS && (flags & 15) < NUMBER_LEVELS)
				restart[flags & 15] = u32_at(b, at);
			at += 8;
			if (!(flags & DIFFERS))
				continue;
			read_level(b, &at, &level);
			if (flags & STARTS && (flags & 15) < NUMBER_LEVELS)
				restart[flags & 15] = level.start;
		}
		numbering_add_use(&d->numbering, i + 1, u32_at(use, 0), restart);
	}
}

/* A style that is of paragraphs: the modifiers stand behind its name. */
static void
read_style(struct doc *d, struct bytes style, size_t base, unsigned number)
{
	enum { OF_PARAGRAPHS = 1, HEADINGS = 9, NO_STYLE = 0xfff };
	struct look l = { .list = LOOK_NOT_SAID, .level = LOOK_NOT_SAID };
	unsigned kind = u16_at(style, 2) & 15, based = u16_at(style, 2) >> 4,
		 heading = u16_at(style, 0) & 0xfff;
	uint64_t at = base + 2 + 2 * (uint64_t)u16_at(style, base) + 2;
	char id[16], other[16] = "";

	if (kind != OF_PARAGRAPHS)
		return;
	look_modify(&d->form,
	    bytes_at(style, at + 4, u16_at(style, at) > 2 ? u16_at(style, at) - 2u : 0), &l);
	snprintf(id, sizeof id, "%u", number);
	if (based != NO_STYLE)
		snprintf(other, sizeof other, "%u", based);
	numbering_add_style(&d->numbering, id, other,
	    l.list == LOOK_NOT_SAID ? NUMBER_NONE : l.list,
	    l.level == LOOK_NOT_SAID ? NUMBER_NONE : l.level, heading && heading <= HEADINGS);
}

void
doc_read_numbers(struct doc *d)
{
	struct bytes b = doc_place(d, STYLES);
	size_t base = u16_at(b, 4), n = MIN(u16_at(b, 2), (unsigned)STYLES_MAX);
	uint64_t at = 2 + (uint64_t)u16_at(b, 0);

	if (d->form.old) /* there each paragraph has its number for itself */
		return;
	read_lists(d);
	read_uses(d);
	for (size_t i = 0; i < n && at < b.n; i++) {
		struct bytes style = bytes_at(b, at + 2, u16_at(b, at));

		if (style.n)
			read_style(d, style, base, (unsigned)i);
		at += 2 + (uint64_t)u16_at(b, at);
	}
}

void
doc_number(struct doc *d, const struct look *paragraph)
{
	char style[16], label[NUMBER_LABEL];

	if (!paragraph || d->form.old || d->prose.part || d->prose.aside ||
	    paragraph->flags & LOOK_ROW_END)
		return;
	snprintf(style, sizeof style, "%u", paragraph->style);
	if (numbering_style_is_heading(&d->numbering, style))
		prose_apart(&d->prose);
	if (numbering_next(&d->numbering, style,
		paragraph->list == LOOK_NOT_SAID ? NUMBER_NONE : paragraph->list,
		paragraph->level == LOOK_NOT_SAID ? NUMBER_NONE : paragraph->level, label) &&
	    *label)
		prose_label(&d->prose, label);
}
