/* How text of Word looks (doc_private.h): runs of bytes and their modifiers, in pages of 512 bytes. */
#include "extract/old/doc_private.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 512, LOOKS_MAX = 1 << 28, VARIABLE = 0xff, WIDE = 0xfe };

/* Bytes that modifiers of Word 6 take, by opcode. VARIABLE: the next byte says; WIDE: the next two. 0xfd: unknown. */
static unsigned
old_size(unsigned op)
{
	static const struct {
		uint8_t from, to, size;
	} rows[] = { { 2, 2, 2 }, { 3, 3, VARIABLE }, { 4, 11, 1 }, { 12, 12, VARIABLE },
		{ 13, 14, 1 }, { 15, 15, VARIABLE }, { 16, 19, 2 }, { 20, 20, 4 },
		{ 21, 22, 2 }, { 23, 23, VARIABLE }, { 24, 25, 1 }, { 26, 28, 2 },
		{ 29, 29, 1 }, { 30, 36, 2 }, { 37, 37, 1 }, { 38, 43, 2 }, { 44, 44, 1 },
		{ 45, 49, 2 }, { 50, 51, 1 }, { 65, 67, 1 }, { 68, 68, VARIABLE },
		{ 69, 69, 2 }, { 70, 70, 4 }, { 71, 71, 1 }, { 72, 72, 2 }, { 73, 73, 3 },
		{ 74, 74, VARIABLE }, { 75, 75, 1 }, { 80, 80, 2 }, { 81, 82, VARIABLE },
		{ 83, 83, 0 }, { 85, 92, 1 }, { 93, 93, 2 }, { 94, 94, 1 }, { 95, 95, 3 },
		{ 96, 97, 2 }, { 98, 102, 1 }, { 103, 103, VARIABLE }, { 104, 104, 1 },
		{ 105, 106, VARIABLE }, { 107, 107, 2 }, { 108, 108, VARIABLE },
		{ 109, 110, 2 }, { 117, 119, 1 }, { 120, 120, VARIABLE }, { 121, 124, 2 },
		{ 182, 184, 2 }, { 185, 186, 1 }, { 187, 187, 12 }, { 188, 188, WIDE },
		{ 189, 189, 2 }, { 190, 190, WIDE }, { 191, 191, VARIABLE }, { 192, 192, 4 },
		{ 193, 193, 5 }, { 194, 194, 4 }, { 195, 195, 2 } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (op >= rows[i].from && op <= rows[i].to)
			return rows[i].size;
	return 0xfd;
}

/* What the modifiers that count here are called; old ones by their one byte. */
enum modifier {
	IN_TABLE = 0x2416,
	ROW_END = 0x2417,
	INNER_CELL = 0x244b,
	INNER_ROW = 0x244c,
	DELETED = 0x0800,
	SYMBOL = 0x6a09,
	PICTURE = 0x6a03,
	DATA = 0x0806, /* what looks like a picture is none */
	LIST = 0x460b,
	LEVEL = 0x260a,
	HUGE_ONE = 0x6646,
	HUGE_TWO = 0x6645,
};

static unsigned
renamed(unsigned old)
{
	static const struct {
		uint8_t old;
		uint16_t now;
	} rows[] = { { 24, IN_TABLE }, { 25, ROW_END }, { 65, DELETED }, { 71, DATA } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (rows[i].old == old)
			return rows[i].now;
	return 0;
}

static void
flag(struct look *l, unsigned flag, uint8_t on)
{
	l->flags = (uint16_t)(on ? l->flags | flag : l->flags & ~flag);
}

static void
apply(struct look *l, unsigned op, struct bytes value)
{
	switch (op) {
	case IN_TABLE:
		flag(l, LOOK_IN_TABLE, u8_at(value, 0));
		break;
	case ROW_END:
		flag(l, LOOK_ROW_END, u8_at(value, 0));
		break;
	case INNER_CELL:
		flag(l, LOOK_INNER_CELL, u8_at(value, 0));
		break;
	case INNER_ROW:
		flag(l, LOOK_INNER_ROW, u8_at(value, 0));
		break;
	case DELETED:
		flag(l, LOOK_DELETED, u8_at(value, 0) & 1);
		break;
	case SYMBOL:
		l->symbol = u16_at(value, 2);
		break;
	case PICTURE:
		l->picture = u32_at(value, 0);
		break;
	case LIST:
		l->list = u16_at(value, 0);
		break;
	case LEVEL:
		l->level = u8_at(value, 0);
		break;
	case DATA:
		if (u8_at(value, 0))
			l->picture = OLE_NONE;
		break;
	default:
		break;
	}
}

/* How many bytes stand behind an opcode, with those that say so. */
static size_t
size_of(unsigned op, bool old, struct bytes after)
{
	static const uint8_t sizes[8] = { 1, 1, 2, 4, 2, 2, VARIABLE, 3 };
	unsigned size = old ? old_size(op) : sizes[op >> 13];

	if (op == 0xd608 || op == 0xd606 || size == WIDE)
		return u16_at(after, 0) + (size_t)(old ? 2 : 1);
	return size == VARIABLE ? u8_at(after, 0) + (size_t)1 : size == 0xfd ? SIZE_MAX : size;
}

/* `deep`: a large list, elsewhere, may not lead to another. */
static void
modify(struct doc_form *f, struct bytes m, struct look *ret, bool deep)
{
	size_t at = 0, step = f->old ? 1 : 2;

	while (at + step < m.n) {
		unsigned op = f->old ? u8_at(m, at) : u16_at(m, at);
		struct bytes value = bytes_from(m, at + step);
		size_t size = size_of(op, f->old, value);

		if (!f->old && (op == HUGE_ONE || op == HUGE_TWO) && !deep) {
			uint32_t place = u32_at(value, 0);
			struct bytes large =
			    bytes_at(f->data, place + UINT64_C(2), u16_at(f->data, place));

			if (large.n <= f->huge_left) {
				f->huge_left -= large.n;
				modify(f, large, ret, true);
			}
		}
		apply(ret, f->old ? renamed(op) : op, value);
		if (size > m.n - at - step)
			return;
		at += step + size;
	}
}

void
look_modify(struct doc_form *f, struct bytes modifiers, struct look *ret)
{
	modify(f, modifiers, ret, false);
}

/* The modifiers of run i of a page that has n. */
static struct bytes
modifiers_of(
    const struct doc_form *f, struct bytes page, unsigned i, unsigned n, bool paragraph)
{
	unsigned each = !paragraph ? 1 : f->old ? 7 : 13, at, size;

	at = 2u * u8_at(page, 4 * (n + 1) + each * (uint64_t)i);
	if (!at)
		return (struct bytes){ 0 };
	size = u8_at(page, at++);
	if (!paragraph)
		return bytes_at(page, at, size);
	if (f->old)
		size *= 2;
	else if (size)
		size = 2 * size - 1;
	else
		size = 2u * u8_at(page, at++);
	return bytes_at(page, at, size);
}

static void
read_page(struct doc_form *f, struct bytes page, bool paragraphs, struct buf *ret)
{
	unsigned n = u8_at(page, PAGE - 1);

	for (unsigned i = 0; i < n && 4 * (n + 1) < PAGE; i++) {
		struct look l = { .from = u32_at(page, 4 * i),
			.to = u32_at(page, 4 * i + 4),
			.picture = OLE_NONE,
			.list = LOOK_NOT_SAID,
			.level = LOOK_NOT_SAID };
		struct bytes m = modifiers_of(f, page, i, n, paragraphs);

		if (l.from >= l.to)
			continue;
		if (paragraphs) { /* its style leads */
			l.style = u16_at(m, 0);
			m = bytes_from(m, 2);
		}
		look_modify(f, m, &l);
		buf_add(ret, &l, sizeof l);
	}
}

static int
by_place(const void *a, const void *b)
{
	uint32_t x = ((const struct look *)a)->from, y = ((const struct look *)b)->from;

	return (x > y) - (x < y);
}

struct looks
looks_read(struct doc_form *f, struct bytes pages, bool paragraphs)
{
	struct looks l = { .list = buf_init(LOOKS_MAX) };
	size_t each = f->old ? 2 : 4, n = pages.n > 4 ? (pages.n - 4) / (4 + each) : 0;

	n = MIN(n, f->main.n / PAGE + 1); /* no page counts twice */
	for (size_t i = 0; i < n; i++) {
		size_t at = 4 * (pages.n > 4 ? (pages.n - 4) / (4 + each) + 1 : 1) + each * i;
		uint64_t page = f->old ? u16_at(pages, at) : u32_at(pages, at) & 0x3fffff;
		struct bytes p = bytes_at(f->main, page * PAGE, PAGE);

		if (p.n == PAGE)
			read_page(f, p, paragraphs, &l.list);
	}
	if (l.list.n)
		qsort(l.list.p, l.list.n / sizeof(struct look), sizeof(struct look), by_place);
	return l;
}

const struct look *
looks_find(struct looks *l, uint32_t at)
{
	const struct look *list = (const struct look *)(const void *)l->list.p;
	size_t n = l->list.n / sizeof *list, from = 0, to = n;

	for (size_t i = l->at; i < n && i < l->at + 2; i++)
		if (at >= list[i].from && at < list[i].to) {
			l->at = i;
			return &list[i];
		}
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (list[mid].from <= at)
			from = mid + 1;
		else
			to = mid;
	}
	if (!from || at >= list[from - 1].to)
		return NULL;
	l->at = from - 1;
	return &list[from - 1];
}
