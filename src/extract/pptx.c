/* Presentations of OOXML: slides in their order, each with its notes, comments and diagrams. */
#include <string.h>

#include "extract/office_private.h"

enum { SLIDES_MAX = 65536, SLIDE_PARTS = 16 };

struct pptx {
	struct buf ids;   /* relationships of slides in order, each with its zero byte */
	struct buf links; /* id '\0' path '\0' of all slides */
};

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct pptx *d = ctx;
	const char *id;

	if (ns != NS_SLIDE || strcmp(name, "sldId") != 0)
		return true;
	id = element_get(el, NS_LINK, "id");
	if (id && *id)
		buf_add(&d->ids, id, strlen(id) + 1);
	return true;
}

static void
on_relation(void *ctx, const struct relation *r)
{
	struct pptx *d = ctx;

	if (strcmp(r->kind, "slide") != 0)
		return;
	buf_add(&d->links, r->id, strlen(r->id) + 1);
	buf_add(&d->links, r->target, strlen(r->target) + 1);
}

/* What of a slide stands in parts of its own, in that order. */
struct slide {
	char paths[SLIDE_PARTS][FILE_PATH_MAX + 1];
	size_t n;
};

static void
on_slide_relation(void *ctx, const struct relation *r)
{
	static const char *const kinds[] = { "notesSlide", "comments", "diagramData", "chart" };
	struct slide *s = ctx;

	for (size_t i = 0; i < LEN(kinds); i++)
		if (strcmp(kinds[i], r->kind) == 0 && s->n < SLIDE_PARTS) {
			memcpy(s->paths[s->n], r->target, strlen(r->target) + 1);
			s->n++;
		}
}

static void
read_slide(struct package *pk, const char *path, unsigned number, struct prose *p)
{
	struct slide s;

	prose_apart(p);
	p->since = PROSE_NOWHERE;
	p->slide = number;
	s.n = 0;
	drawing_text(pk, path, p);
	package_relations(pk, path, on_slide_relation, &s);
	for (size_t i = 0; i < s.n; i++)
		drawing_text(pk, s.paths[i], p);
	prose_slide(p);
}

bool
pptx_text(struct package *pk, const char *part, struct document *doc, struct err *e)
{
	static const struct markup_events events = { .start = on_start };
	struct pptx d = { .ids = buf_init(1 << 22), .links = buf_init(1 << 26) };
	struct prose p = prose_init(doc);
	unsigned number = 0;
	bool ok = package_markup(pk, part, &events, &d, e);

	package_relations(pk, part, on_relation, &d);
	for (size_t i = 0; ok && i < d.ids.n && number < SLIDES_MAX;
	     i += strlen(buf_peek(&d.ids) + i) + 1) {
		const char *path = pairs_find(&d.links, buf_peek(&d.ids) + i);

		number++;
		if (path)
			read_slide(pk, path, number, &p);
	}
	prose_done(&p);
	buf_done(&d.ids);
	buf_done(&d.links);
	return ok;
}
