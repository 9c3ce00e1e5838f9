/* publish/text_anchors: the anchors of a text (docs/formats/anchors.md) as pages, and as cells of tables. */
#include <string.h>

#include "base/json.h"
#include "publish/text_private.h"

struct places {
	struct arena *a;
	struct text_places *ret;
	size_t cap_cells, cap_pages;
	const char *sheet; /* last seen */
	uint64_t n_sheets;
};

/* "AB12": column 28 of row 12. */
static bool
read_cell(const char *s, struct text_cell *io)
{
	enum { LETTERS = 4, DIGITS = 8 };
	size_t n = 0, digits;

	io->row = io->column = 0;
	for (; s[n] >= 'A' && s[n] <= 'Z' && n < LETTERS; n++)
		io->column = io->column * 26 + (uint32_t)(s[n] - 'A') + 1;
	digits = strspn(s + n, "0123456789");
	if (!n || !digits || digits > DIGITS || s[n + digits])
		return false;
	for (size_t i = 0; i < digits; i++)
		io->row = io->row * 10 + (uint32_t)(s[n + i] - '0');
	return true;
}

static void *
grown(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap ? 2 * *cap : 256;
	p = arena_alloc(a, *cap * size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

/* A sheet is a table, too; it has a name in the place of a number. */
static uint64_t
table_of(struct places *p, const struct json *j)
{
	enum { SHEETS = 1 << 20 };
	const char *sheet = json_get_str(j, "sheet");

	if (!*sheet)
		return (uint64_t)json_get_int(j, "table");
	if (!p->sheet || strcmp(p->sheet, sheet) != 0) {
		p->sheet = arena_str(p->a, sheet);
		p->n_sheets++;
	}
	return SHEETS + p->n_sheets;
}

static void
take(struct places *p, const struct json *j, size_t n)
{
	int64_t start = json_get_int(j, "start"), end = json_get_int(j, "end");
	struct text_places *to = p->ret;
	struct text_cell cell = { .start = (size_t)start, .end = (size_t)end };

	if (start < 0 || end < start || (uint64_t)end > n)
		return;
	if (json_get_int(j, "page")) {
		to->pages =
		    grown(p->a, to->pages, to->n_pages, &p->cap_pages, sizeof *to->pages);
		to->pages[to->n_pages++] = (struct text_page){ cell.start, cell.end };
	} else if (read_cell(json_get_str(j, "cell"), &cell)) {
		cell.table = table_of(p, j);
		to->cells =
		    grown(p->a, to->cells, to->n_cells, &p->cap_cells, sizeof *to->cells);
		to->cells[to->n_cells++] = cell;
	}
}

bool
text_places(
    struct arena *a, const struct text_source *from, struct text_places *ret, struct err *e)
{
	AUTO(arena) *line = arena_new();
	struct places p = { .a = a, .ret = ret };
	const char *at = from->anchors, *stop = at + from->n_anchors, *end;

	*ret = (struct text_places){ 0 };
	for (; at < stop; at = end + 1) {
		const struct json *j;

		end = memchr(at, '\n', (size_t)(stop - at));
		if (!end)
			end = stop;
		arena_reset(line);
		j = json_read(line, at, (size_t)(end - at), e);
		if (!j)
			return err_at(e, "anchors of the text");
		take(&p, j, from->n);
	}
	return true;
}
