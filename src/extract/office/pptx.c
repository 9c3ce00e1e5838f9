/* Presentations of OOXML: slides in their order, each with its notes, comments and diagrams. */
#include <string.h>

#include "extract/office/office_private.h"

enum { SLIDES_MAX = 65536, SLIDE_PARTS = 16, MASTERS_MAX = 256 };

struct pptx {
	struct buf ids;   /* relationships of slides in order, each with its zero byte */
	struct buf links; /* id '\0' path '\0' of all slides */
	/* Layouts that slides follow, and behind them the masters that those follow: path '\0', each once. */
	struct buf masters;
	unsigned n_masters;
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

static void
add_master(struct pptx *d, const char *path)
{
	for (size_t i = 0; i < d->masters.n; i += strlen(buf_peek(&d->masters) + i) + 1)
		if (strcmp(buf_peek(&d->masters) + i, path) == 0)
			return;
	if (d->n_masters == MASTERS_MAX)
		return;
	d->n_masters++;
	buf_add(&d->masters, path, strlen(path) + 1);
}

static void
on_layout_relation(void *ctx, const struct relation *r)
{
	if (strcmp(r->kind, "slideMaster") == 0)
		add_master(ctx, r->target);
}

/* What of a slide stands in parts of its own, in that order. */
struct slide {
	char paths[SLIDE_PARTS][FILE_PATH_MAX + 1];
	size_t n;
	struct pptx *of;
};

static void
on_slide_relation(void *ctx, const struct relation *r)
{
	static const char *const kinds[] = { "notesSlide", "comments", "diagramData", "chart" };
	struct slide *s = ctx;

	if (strcmp(r->kind, "slideLayout") == 0)
		add_master(s->of, r->target);
	for (size_t i = 0; i < LEN(kinds); i++)
		if (strcmp(kinds[i], r->kind) == 0 && s->n < SLIDE_PARTS) {
			memcpy(s->paths[s->n], r->target, strlen(r->target) + 1);
			s->n++;
		}
}

static void
read_slide(
    struct pptx *d, struct package *pk, const char *path, unsigned number, struct prose *p)
{
	struct slide s;

	prose_apart(p);
	p->since = PROSE_NOWHERE;
	p->slide = number;
	s.n = 0;
	s.of = d;
	drawing_text(pk, path, p);
	package_relations(pk, path, on_slide_relation, &s);
	for (size_t i = 0; i < s.n; i++)
		drawing_text(pk, s.paths[i], p);
	prose_slide(p);
}

/* What stands on masters and layouts is shown on each slide that follows them; it comes once, behind the slides. */
static void
read_masters(struct pptx *d, struct package *pk, struct prose *p)
{
	p->slide = 0;
	for (size_t i = 0; i < d->masters.n; i += strlen(p->part) + 1) {
		p->part = buf_peek(&d->masters) + i;
		prose_apart(p);
		drawing_text(pk, p->part, p);
		package_relations(pk, p->part, on_layout_relation, d);
		p->part = buf_peek(&d->masters) + i; /* which may have grown, and moved */
	}
	p->part = NULL;
}

bool
pptx_text(struct package *pk, const char *part, struct document *doc, struct err *e)
{
	static const struct markup_events events = { .start = on_start };
	struct pptx d = { .ids = buf_init(1 << 22),
		.links = buf_init(1 << 26),
		.masters = buf_init(1 << 20) };
	struct prose p = prose_init(doc);
	unsigned number = 0;
	bool ok = package_markup(pk, part, &events, &d, e);

	package_relations(pk, part, on_relation, &d);
	for (size_t i = 0; ok && i < d.ids.n && number < SLIDES_MAX;
	     i += strlen(buf_peek(&d.ids) + i) + 1) {
		const char *path = pairs_find(&d.links, buf_peek(&d.ids) + i);

		number++;
		if (path)
			read_slide(&d, pk, path, number, &p);
	}
	if (ok)
		read_masters(&d, pk, &p);
	prose_done(&p);
	buf_done(&d.masters);
	buf_done(&d.ids);
	buf_done(&d.links);
	return ok;
}
