/* XPS: fixed pages, their text as runs of glyphs at places. Runs at one height are a line; where a gap between two is wide,
 * there is a space. */
#include <stdlib.h>
#include <string.h>

#include "extract/office/office_private.h"

enum { LIST_MAX = 1 << 24 };

struct xps {
	const char *part; /* being read */
	struct buf list;  /* paths of what it lists, each with its zero byte */
	struct document *doc;
	bool begun;    /* a run of this page came */
	double y, end; /* of the run before */
	size_t from;
};

static void
add_path(struct xps *x, struct element *el)
{
	const char *source = element_get(el, NS_NONE, "Source");
	char path[FILE_PATH_MAX + 1];

	if (!source)
		return;
	package_path(x->part, source, path);
	buf_add(&x->list, path, strlen(path) + 1);
}

/* How wide a run is, in its own units. Advances are hundredths of an em; where none is said, half an em will do. */
static double
width_of(struct element *el, const char *text, double em)
{
	const char *at = element_get(el, NS_NONE, "Indices");
	double sum = 0;

	for (; *text; text++) {
		size_t n = at ? strcspn(at, ";") : 0;
		const char *comma = n ? memchr(at, ',', n) : NULL;

		if (((unsigned char)*text & 0xc0) == 0x80)
			continue;
		sum +=
		    comma && comma[1] != ',' && comma[1] != ';' ? strtod(comma + 1, NULL) : 50;
		at = at && at[n] ? at + n + 1 : NULL;
	}
	return sum * em / 100;
}

static double
number(struct element *el, const char *name)
{
	const char *value = element_get(el, NS_NONE, name);

	return value ? strtod(value, NULL) : 0;
}

static void
add_run(struct xps *x, struct element *el)
{
	const char *text = element_get(el, NS_NONE, "UnicodeString");
	double y = number(el, "OriginY"), at = number(el, "OriginX"),
	       em = number(el, "FontRenderingEmSize");

	if (!text || !text[strspn(text, " ")]) /* (a gap says as much) */
		return;
	if (strncmp(text, "{}", 2) == 0) /* so that a brace may come first */
		text += 2;
	if (!x->begun)
		x->from = document_at(x->doc);
	else if (y < x->y - em / 4 || y > x->y + em / 4)
		document_break(x->doc, 1);
	else if (at > x->end + em / 5)
		document_str(x->doc, " ");
	x->begun = true;
	x->y = y;
	x->end = at + width_of(el, text, em);
	document_str(x->doc, text);
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xps *x = ctx;

	if (ns != NS_FIXED)
		return true;
	if (strcmp(name, "DocumentReference") == 0 || strcmp(name, "PageContent") == 0)
		add_path(x, el);
	else if (strcmp(name, "Glyphs") == 0)
		add_run(x, el);
	return true;
}

static const struct markup_events events = { .start = on_start };

/* Reads each part of a list; what they list themselves comes into x->list. */
static void
read_each(struct package *pk, struct xps *x, const struct buf *list, bool pages)
{
	unsigned page = 0;

	for (size_t i = 0; i < list->n; i += strlen(x->part) + 1) {
		x->part = buf_peek(list) + i;
		x->begun = false;
		package_try(pk, x->part, &events, x);
		page++;
		if (!pages || !x->begun)
			continue;
		document_number(x->doc, "page", page);
		document_anchor(x->doc, x->from);
		document_break(x->doc, 2);
	}
}

bool
xps_text(struct package *pk, const char *part, struct document *doc, struct err *e)
{
	struct xps x = { .part = part, .doc = doc, .list = buf_init(LIST_MAX) };
	struct buf documents, pages;
	bool ok = package_markup(pk, part, &events, &x, e);

	documents = x.list;
	x.list = buf_init(LIST_MAX);
	read_each(pk, &x, &documents, false);
	pages = x.list;
	x.list = buf_init(LIST_MAX);
	read_each(pk, &x, &pages, true);
	buf_done(&documents);
	buf_done(&pages);
	buf_done(&x.list);
	return ok;
}
