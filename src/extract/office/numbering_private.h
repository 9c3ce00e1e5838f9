/* Numbers that a word processor puts before paragraphs ("12.", "(a)"): they are in no text of the document, yet people cite by
 * them. Bullets are left out. */
#ifndef EXTRACT_NUMBERING_PRIVATE_H
#define EXTRACT_NUMBERING_PRIVATE_H

#include "extract/office/package_private.h"

enum { NUMBER_LEVELS = 9, NUMBER_LABEL = 96 };
#define NUMBER_NONE ((size_t)-1)

struct numbering {
	struct buf styles, lists, uses; /* arrays of structs of numbering.c */
	size_t n_styles, n_lists, n_uses;
};

struct numbering numbering_init(void);
void numbering_done(struct numbering *n);
void numbering_styles(struct numbering *n, struct package *pk, const char *part);
void numbering_lists(struct numbering *n, struct package *pk, const char *part);

/* The same from other sources: a list of so many levels, a use of it, a style that has numbers. */
struct numbering_level {
	char format[16]; /* "decimal", as OOXML calls it */
	char text[32];   /* "%1.%2." */
	size_t start;
};
void numbering_add_list(
    struct numbering *n, size_t id, const struct numbering_level *levels, size_t n_levels);
/* restart: NUMBER_LEVELS of them; NUMBER_NONE: goes on. */
void numbering_add_use(struct numbering *n, size_t id, size_t list, const size_t *restart);
void numbering_add_style(struct numbering *n, const char *id, const char *based, size_t number,
    size_t level, bool heading);

bool numbering_style_is_heading(const struct numbering *n, const char *style);
/* The label of the next paragraph of that style, number and level (NUMBER_NONE: as the style says): "" for a bullet.
 * False if it has none. */
bool numbering_next(struct numbering *n, const char *style, size_t number, size_t level,
    char ret[NUMBER_LABEL]);

/* A number as '1', 'a', 'A', 'i', 'I' or '0' ("01") counts; size is at least 32. */
void numbering_write(char format, size_t v, char *ret, size_t size);

#endif
