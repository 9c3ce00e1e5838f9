/* Numbers before the items of lists, and before headings, of OpenDocument ("1.2.", "(a)"): they are in no text of the
 * document, yet people cite by them. Bullets are left out. OpenDocument 1.3, part 3, 16.30 (list styles), 19.880 ff. */
#ifndef EXTRACT_ODF_LISTS_PRIVATE_H
#define EXTRACT_ODF_LISTS_PRIVATE_H

#include "extract/office/numbering_private.h"

enum { ODF_LEVELS = 10, ODF_NAME = 64 };

struct odf_lists {
	struct buf styles; /* array of structs of odf_lists.c */
	size_t n_styles;
	size_t filling; /* the style being read; NUMBER_NONE: none */
	/* where the text is */
	unsigned depth;           /* lists open; those deeper than ODF_LEVELS number nothing */
	size_t open[ODF_LEVELS];  /* the style of each, NUMBER_NONE: unknown */
	char label[NUMBER_LABEL]; /* of the item that began and has no paragraph yet */
	char said[NUMBER_LABEL];
};

struct odf_lists odf_lists_init(void);
void odf_lists_done(struct odf_lists *l);

/* An element of styles.xml or of a document's own styles. */
void odf_lists_style(
    struct odf_lists *l, enum markup_ns ns, const char *name, struct element *el);

/* text:list, its end, text:list-item. */
void odf_list_start(struct odf_lists *l, struct element *el);
void odf_list_end(struct odf_lists *l);
void odf_list_item(struct odf_lists *l, struct element *el);
/* The label of the paragraph or heading that begins; "" if it has none. Until the next call. */
const char *odf_list_label(struct odf_lists *l, bool heading, struct element *el);

#endif
