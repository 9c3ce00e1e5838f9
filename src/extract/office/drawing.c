/* Text of DrawingML: slides, notes, diagrams, charts, text boxes on sheets. */
#include <string.h>

#include "extract/office/office_private.h"

enum role {
	PARAGRAPH = 1,
	TEXT,
	BREAK,
	TABLE,
	ROW,
	CELL,
	SHAPE,
	PLACE,
	NOTES,
	MASTER,
	COMMENT,
	POINT,
	SKIP
};

static const struct markup_name names[] = {
	{ NS_DRAWING, "t", TEXT },
	{ NS_DRAWING, "p", PARAGRAPH },
	{ NS_DRAWING, "br", BREAK },
	{ NS_DRAWING, "tbl", TABLE },
	{ NS_DRAWING, "tr", ROW },
	{ NS_DRAWING, "tc", CELL },
	{ NS_DRAWING, "rPr", SKIP },
	{ NS_DRAWING, "pPr", SKIP },
	{ NS_DRAWING, "endParaRPr", SKIP },
	{ NS_SLIDE, "sp", SHAPE },
	{ NS_SLIDE, "ph", PLACE },
	{ NS_SLIDE, "notes", NOTES },
	{ NS_SLIDE, "sldMaster", MASTER },
	{ NS_SLIDE, "sldLayout", MASTER },
	{ NS_SLIDE, "text", COMMENT }, /* of a comment */
	{ NS_CHART, "strCache", POINT },
	{ NS_CHART, "v", TEXT },
	{ NS_CHART, "pt", COMMENT },
	{ NS_CHART, "numCache", SKIP },
	{ NS_CHART, "f", SKIP },
	{ NS_MATH, "t", TEXT },
	{ NS_DIAGRAM, "presLayoutVars", SKIP },
};

struct drawing {
	struct prose *prose;
	unsigned in_text;
	bool
	    notes; /* where footers and dates are those of the page that notes are printed on */
	bool master; /* where places only say what should be written there */
	bool muted;  /* the shape is a number of the page, or the like */
};

static bool
is_furniture(const struct drawing *d, const char *type)
{
	static const char *const types[] = { "sldNum", "dt", "hdr", "ftr" };

	for (size_t i = 0; type && i < (d->notes ? LEN(types) : 1); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static bool
on_start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct drawing *d = ctx;
	struct prose *p = d->prose;

	switch ((enum role)markup_role(names, LEN(names), ns, name)) {
	case SKIP:
		return false;
	case SHAPE:
		d->muted = false;
		break;
	case PLACE:
		d->muted = d->master || is_furniture(d, element_get(el, NS_NONE, "type"));
		break;
	case NOTES:
		d->notes = true;
		break;
	case MASTER:
		d->master = true;
		break;
	case TEXT:
		d->in_text++;
		break;
	case COMMENT:
		d->in_text += ns == NS_SLIDE;
		break;
	case BREAK:
		if (!d->muted)
			prose_str(p, "\n");
		break;
	case TABLE:
		prose_table_start(p);
		break;
	case ROW:
		prose_row(p, 0);
		break;
	case CELL:
		prose_cell(p, 1);
		break;
	default:
		break;
	}
	return true;
}

static void
on_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct drawing *d = ctx;

	switch ((enum role)markup_role(names, LEN(names), ns, name)) {
	case TEXT:
		d->in_text -= d->in_text > 0;
		break;
	case COMMENT:
		d->in_text -= ns == NS_SLIDE && d->in_text > 0;
		if (d->prose->open)
			prose_paragraph_end(d->prose);
		break;
	case PARAGRAPH:
		if (d->prose->open) /* empty ones only hold shapes apart */
			prose_paragraph_end(d->prose);
		break;
	case SHAPE:
		d->muted = false;
		break;
	case TABLE:
		prose_table_end(d->prose);
		break;
	case CELL:
		prose_cell_end(d->prose);
		break;
	default:
		break;
	}
}

static void
on_text(void *ctx, const char *s, size_t n)
{
	struct drawing *d = ctx;

	if (d->in_text && !d->muted)
		prose_text(d->prose, s, n);
}

void
drawing_text(struct package *pk, const char *part, struct prose *p)
{
	static const struct markup_events events = { on_start, on_end, on_text };
	struct drawing d = { .prose = p };

	package_try(pk, part, &events, &d);
	prose_reset(p);
}
