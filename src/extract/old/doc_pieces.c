/* The characters of a document of Word, in their order (doc_private.h): pieces, and fields among them. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/old/doc_private.h"

struct bytes
doc_place(const struct doc *d, enum doc_place what)
{
	uint64_t at = (d->form.old ? 0x58 : 0x9a) + 8 * (uint64_t)what;
	uint32_t from = u32_at(d->form.main, at), n = u32_at(d->form.main, at + 4);

	if (d->version <
	    101) /* Word 2 has another header, of which only the text is known here */
		return (struct bytes){ 0 };
	return bytes_at(d->form.old ? d->form.main : d->form.table, from, n);
}

/* Bytes 0x80 to 0x9f of a compressed piece are those of windows-1252. */
static uint16_t
narrow(uint8_t c)
{
	static const uint16_t upper[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018,
		0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
		0x153, 0x9d, 0x17e, 0x178 };

	return c >= 0x80 && c < 0xa0 ? upper[c - 0x80] : c;
}

/* n characters from there on; false if the file has fewer. */
static bool
add_units(struct doc *d, uint64_t at, uint32_t n, bool wide, uint16_t flags)
{
	size_t each = wide ? 2 : 1, limit = d->form.main.n * sizeof(struct doc_unit);
	bool whole = true;

	for (uint32_t i = 0; i < n && whole; i++) {
		uint64_t here = at + each * (uint64_t)i;
		struct doc_unit u = { .place = (uint32_t)here, .flags = flags };

		whole = here + each <= d->form.main.n && d->units.n < limit;
		u.c = wide ? u16_at(d->form.main, here) : u8_at(d->form.main, here);
		if (!wide && !d->bytes)
			u.c = narrow((uint8_t)u.c);
		if (whole)
			buf_add(&d->units, &u, sizeof u);
	}
	return whole;
}

/* What a piece's own modifier says: one that is short, or the number of a list. */
static uint16_t
piece_flags(uint16_t prm, const uint16_t *lists, size_t n)
{
	enum { SHORT_DELETED = 0x41 };

	if (prm & 1)
		return prm >> 1 < n ? lists[prm >> 1] : 0;
	return (prm >> 1 & 0x7f) == SHORT_DELETED && prm >> 8 & 1 ? LOOK_DELETED : 0;
}

static bool
read_piece_table(struct doc *d, struct bytes table, const uint16_t *lists, size_t n_lists)
{
	enum { PIECE = 8 };
	size_t n = table.n > 4 ? (table.n - 4) / (4 + PIECE) : 0;
	bool whole = n > 0;

	for (size_t i = 0; i < n && whole; i++) {
		uint32_t from = u32_at(table, 4 * i), to = u32_at(table, 4 * i + 4);
		struct bytes piece = bytes_at(table, 4 * (n + 1) + PIECE * i, PIECE);
		uint32_t at = u32_at(piece, 2);
		bool compressed = d->form.old || at & 0x40000000;

		if (to < from)
			return false;
		if (!d->form.old)
			at = compressed ? (at & 0x3fffffff) / 2 : at & 0x3fffffff;
		whole = add_units(d, at, to - from, !compressed,
		    piece_flags(u16_at(piece, 6), lists, n_lists));
	}
	return whole;
}

/* Lists of modifiers come first, then the table. What a list says is found out once, not for each piece that names it. */
static bool
read_pieces(struct doc *d)
{
	enum { MODIFIERS_MAX = 0x4000 };
	struct bytes b = doc_place(d, PIECES);
	uint16_t *lists = mem_zalloc(MODIFIERS_MAX * sizeof *lists);
	size_t at = 0, n = 0;
	bool ok = false;

	while (u8_at(b, at) == 1 && at + 3 < b.n) {
		uint16_t size = u16_at(b, at + 1);
		struct look l = { 0 };

		look_modify(&d->form, bytes_at(b, at + 3, size), &l);
		if (n < MODIFIERS_MAX)
			lists[n++] = l.flags & LOOK_DELETED;
		at += 3 + (size_t)size;
	}
	if (u8_at(b, at) == 2)
		ok = read_piece_table(d, bytes_at(b, at + 5, u32_at(b, at + 1)), lists, n);
	free(lists);
	return ok;
}

/* Without a piece table the text lies in one run. */
void
doc_read_units(struct doc *d)
{
	enum { COMPLEX = 4, WIDE = 0x1000 };
	uint16_t flags = u16_at(d->form.main, 0x0a);
	uint32_t from = u32_at(d->form.main, 0x18), to = u32_at(d->form.main, 0x1c);
	bool simple = d->form.old && !(flags & COMPLEX), wide = flags & WIDE;

	if (!simple && read_pieces(d))
		return;
	if (!simple)
		ole_note(d->ole, "it is damaged: not all of its text was found");
	if (!d->units.n && to > from)
		(void)add_units(d, from, (to - from) / (wide ? 2 : 1), wide, 0);
}

static int
by_from(const void *a, const void *b)
{
	uint32_t x = ((const struct doc_field *)a)->from,
		 y = ((const struct doc_field *)b)->from;

	return (x > y) - (x < y);
}

/* A field without result shows nothing; but for a formula (EQ), whose text is its code's, from the first bracket on, or from a field
 * in it: so fields within fields are not looked through again and again. */
static uint32_t
end_of_code(const struct doc_unit *u, uint32_t from, uint32_t to)
{
	uint32_t i = from + 1;

	while (i < to && u[i].c == ' ')
		i++;
	if (i + 2 >= to || (u[i].c | 0x20) != 'e' || (u[i + 1].c | 0x20) != 'q')
		return to;
	while (i < to && u[i].c != '(' && u[i].c != 0x13)
		i++;
	return i;
}

/* A field that has no end is text: else a damaged one would hide all that follows. */
void
doc_find_fields(struct doc *d, uint32_t from, uint32_t to)
{
	const struct doc_unit *u = (const struct doc_unit *)(const void *)d->units.p;
	AUTO_VAL(buf) open = buf_init(d->units.n + sizeof(struct doc_field));
	struct doc_field *top = NULL;

	buf_reset(&d->fields);
	for (uint32_t i = from; i < to; i++) {
		struct doc_field f = { i, 0 };

		if (u[i].c == 0x13)
			buf_add(&open, &f, sizeof f);
		top = open.n ? (struct doc_field *)(void *)(open.p + open.n) - 1 : NULL;
		if (u[i].c == 0x14 && top && !top->to)
			top->to = i;
		if (u[i].c == 0x15 && top) {
			top->to = top->to ? top->to : end_of_code(u, top->from, i);
			buf_add(&d->fields, top, sizeof *top);
			open.n -= sizeof *top;
		}
	}
	if (d->fields.n)
		qsort(d->fields.p, d->fields.n / sizeof *top, sizeof *top, by_from);
}
