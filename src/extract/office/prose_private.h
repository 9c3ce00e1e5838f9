/* Paragraphs and tables of a text document, on their way into a document (document_private.h) with their anchors:
 * `paragraph` of those that hold text, counted through the document; `table`, `row` and `cell` ("B3") of the cells of
 * tables. White space around a paragraph is dropped. Tables in tables are text of the outer cell. */
#ifndef EXTRACT_PROSE_PRIVATE_H
#define EXTRACT_PROSE_PRIVATE_H

#include "extract/child/document_private.h"

enum { PROSE_NEST = 32, CELL_NAME = 16 };
#define PROSE_NOWHERE ((size_t)-1)

struct prose {
	struct document *d;
	struct buf *aside; /* not NULL: text goes here, as lines, without anchors */
	const char *part;  /* anchors say this instead of numbers; NULL: numbers */
	unsigned slide;    /* not 0: no anchors, whoever counts slides makes them */
	bool open;         /* a paragraph or cell has text, since `from` */
	size_t from;
	size_t since;     /* where the first text began after this was set to PROSE_NOWHERE */
	struct buf label; /* stands before the paragraph's text, if there is any */
	struct buf held;  /* white space that counts only if text follows */
	unsigned paragraph, table;
	unsigned depth;                   /* tables open */
	unsigned row, column, span, tabs; /* of the outermost one: tabs written in this row */
	bool first_cell[PROSE_NEST];      /* of a row of an inner one */
};

struct prose prose_init(struct document *d);
void prose_done(struct prose *p);

void prose_text(struct prose *p, const char *s, size_t n);
void prose_str(struct prose *p, const char *s);
/* A number or the like before the paragraph that begins. */
void prose_label(struct prose *p, const char *label);
void prose_paragraph_end(struct prose *p);
/* Ends all that is open: the part that it came from has ended. */
void prose_reset(struct prose *p);
/* What comes stands behind an empty line. */
void prose_apart(struct prose *p);

void prose_table_start(struct prose *p);
void prose_table_end(struct prose *p);
void prose_row(struct prose *p, unsigned empty_columns);
/* A cell begins, or an empty one is passed over; so many columns wide. */
void prose_cell(struct prose *p, unsigned span);
void prose_cell_end(struct prose *p);

/* The anchor of the slide that p->slide says, over all text since p->since. */
void prose_slide(struct prose *p);

/* "B7"; both from 1. */
void cell_name(unsigned column, unsigned row, char ret[CELL_NAME]);

#endif
