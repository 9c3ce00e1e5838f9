/* A page of HTML while it is read: what its elements are, what it says of itself, where its blocks stand, and which of them are
 * its main text. html.c drives; html_names.c, html_fields.c and html_blocks.c do one of these each. */
#ifndef EXTRACT_HTML_PRIVATE_H
#define EXTRACT_HTML_PRIVATE_H

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/web/layout_private.h"
#include "extract/child/output_private.h"

/* ---- html_names.c ---- */

/* What an element does to the lines. BLOCK: a blank line around; LINE: a line of its own. */
enum role { INLINE, SKIP, LINE, BLOCK, BR, PRE, ROW, CELL, TITLE, HTML, META, LINK, SVG };

/* Where something stands; bits, handed down to all that is within. */
enum place {
	IN_MAIN = 1,
	IN_ARTICLE = 2,
	IN_ASIDE = 4, /* navigation, footer, asides: never main text */
	IN_LINK = 8,
	IN_DRAWING = 16, /* SVG: its names mean other elements */
};

struct element {
	const char *name;
	enum role role;
	unsigned place;
};

enum { KNOWN_SLOTS = 256 };
struct known { /* by the parser's pointer: it keeps one copy of each name */
	const xmlChar *name;
	struct element element; /* its name is the same pointer for all spellings */
	bool plain;             /* may stand in a path, */
	bool alone;             /* and comes once: needs no number there */
	bool implied;           /* a <p> that the parser put there by itself */
};
struct known_names {
	struct known slots[KNOWN_SLOTS];
	xmlDictPtr dict; /* the parser's */
};
/* The same for all elements of that name. */
extern const char name_tbody[], name_head[], name_body[], name_table[], name_tr[];
const struct known *known_get(struct known_names *k, const xmlChar *name);
/* NULL if it is not there; "" if it has no value. Borrowed from the parser. */
const char *attribute(const xmlChar **atts, const char *name);
/* What any element may have. */
struct common_atts {
	const char *hidden, *role;
};
struct common_atts attributes_common(const xmlChar **atts);

/* ---- html_fields.c ---- */

struct page_fields {
	struct output *o;
	struct buf creators; /* that were said, each with its zero byte */
	struct buf notes;    /* JSON-LD at hand */
	struct buf author;   /* the words of a link to the author */
	char time[65];       /* of the first <time> in an article; "" if there is none */
	bool in_notes;
	size_t author_depth; /* where that link was opened; 0: none is open */
};
void fields_init(struct page_fields *f, struct output *o);
void fields_done(struct page_fields *f);
void fields_meta(struct page_fields *f, const xmlChar **atts);
void fields_link(struct page_fields *f, const xmlChar **atts);
bool fields_is_notes(const xmlChar **atts); /* of a script: is it JSON-LD? */
void fields_notes_end(struct page_fields *f);
/* <a> and <time>. */
void fields_inline(struct page_fields *f, const struct element *el, const xmlChar **atts,
    size_t depth, unsigned place);
void fields_author_end(struct page_fields *f);
void fields_end(struct page_fields *f); /* what only counts if nothing else was said */

/* ---- html_blocks.c ---- */

enum { LEVELS_MAX = 512, BLOCKS_MAX = 300000 };

struct level {
	const char *name;
	uint32_t n;     /* its number among siblings of the name; 0: none is needed */
	uint32_t body;  /* > 0: of the <tbody> that browsers put around it */
	uint32_t end;   /* bytes of the path with this step, once it is written there */
	uint32_t block; /* level of the nearest block: this one, or one around it */
	uint32_t names; /* where counts of its children begin */
	uint32_t children;
	uint32_t rows, bodies; /* children that got a <tbody>; which one it is */
	unsigned place;
	bool misplaced; /* in the head, where browsers open the body for it */
	bool is_step;   /* else the parser made it up: it is not in the path */
};
struct step { /* children of one name so far */
	const char *name;
	uint32_t n;
};
struct block { /* a span of the text that stands in one element */
	uint32_t start, end;
	uint32_t path, path_n;
	uint32_t linked; /* bytes within links */
	unsigned place;
	bool main;
};
struct blocks {
	bool on; /* else only the text is wanted */
	bool full;
	size_t depth;
	struct level levels[LEVELS_MAX];
	struct buf path;  /* of the open elements, as far as it was asked for: */
	size_t written;   /* levels */
	struct buf steps; /* struct step: of all open levels, the innermost last */
	struct buf body;  /* struct step: children of the body, */
	uint32_t body_children;
	struct buf list;  /* struct block */
	struct buf paths; /* of all blocks */
};
void blocks_init(struct blocks *b, bool on, size_t paths_max);
void blocks_done(struct blocks *b);
/* role: of ARIA, NULL if it has none. skipped: what is within does not count. */
void blocks_open(struct blocks *b, const struct known *k, const char *role, bool skipped);
void blocks_close(struct blocks *b);
unsigned blocks_place(const struct blocks *b); /* of what comes now: enum place */
/* The text grew from `before` to `after`; if the layout says that a block began, it did so at its mark. */
void blocks_text(struct blocks *b, struct layout *l, size_t before);
void blocks_end(struct blocks *b, size_t n);
/* Text in NFC, from a text that is not: blocks move with it. */
void blocks_normalise(struct blocks *b, const char *text, size_t n, struct buf *ret);
/* Decides which blocks are the main text. */
void blocks_choose(struct blocks *b);
/* As frames. The text that was said is without its first `skip` bytes. */
void blocks_write(struct blocks *b, size_t skip, struct output *o);

#endif
