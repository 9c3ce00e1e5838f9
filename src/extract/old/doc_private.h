/* Word's binary format ([MS-DOC]; Word 6 and 95, whose layout is narrower; Word 2): what doc.c needs of how text looks. */
#ifndef EXTRACT_DOC_PRIVATE_H
#define EXTRACT_DOC_PRIVATE_H

#include "extract/old/binary_private.h"
#include "extract/office/numbering_private.h"
#include "extract/office/prose_private.h"

enum look_flag {
	LOOK_IN_TABLE = 1,
	LOOK_ROW_END = 2,
	LOOK_DELETED = 4,
	LOOK_INNER_CELL = 8, /* ends a cell of a table in a table */
	LOOK_INNER_ROW = 16,
};

struct look { /* of bytes from..to of the main stream */
	uint32_t from, to;
	uint32_t picture; /* place in the stream Data; OLE_NONE: no picture */
	uint16_t symbol;  /* 0: none */
	uint16_t flags;
	uint16_t style;       /* of a paragraph: its number */
	uint16_t list, level; /* LOOK_NOT_SAID: as its style says */
};
enum { LOOK_NOT_SAID = 0xffff };

struct looks { /* ascending */
	struct buf list;
	size_t at; /* the last one asked for: the next is near */
};

struct doc_form {
	struct bytes main, table, data;
	bool old;         /* Word 6 or 95: opcodes of one byte */
	size_t huge_left; /* bytes of large properties that may still be looked at */
};

/* Places and lengths that the header of a file (FIB) has, by their number in FibRgFcLcb97; older files have the same first
 * ones. */
enum doc_place {
	STYLES = 1,
	FOOTNOTE_TEXTS = 3,
	COMMENT_REFS = 4,
	COMMENT_TEXTS = 5,
	HEADERS = 11,
	CHARACTERS = 12,
	PARAGRAPHS = 13,
	PIECES = 33,
	AUTHORS = 36,
	ENDNOTE_TEXTS = 47,
	DRAWINGS = 50,
	BOX_TEXTS = 56,
	LISTS = 73,
	USES = 74,
};

/* Stories, in the order in which they lie behind each other. */
enum doc_story {
	BODY,
	FOOTNOTES,
	MARGINS,
	MACROS,
	COMMENTS,
	ENDNOTES,
	BOXES,
	MARGIN_BOXES,
	STORIES
};

struct doc_unit {       /* a character, or half of one */
	uint32_t place; /* in the main stream */
	uint16_t c;
	uint16_t flags; /* enum look_flag, as its piece says */
};

struct doc_field { /* what is hidden: from the field's start to where its result begins */
	uint32_t from, to;
};

struct doc {
	struct ole *ole;
	struct doc_form form;
	bool bytes; /* units are bytes of the code page */
	unsigned codepage, version;
	struct buf units, fields, run;
	struct looks characters, paragraphs;
	struct buf pictures; /* places in Data, uint32_t */
	uint32_t lengths[STORIES];
	struct prose prose;
	struct numbering numbering;
	bool in_table, in_row, in_cell;
	bool owes_tab; /* a cell of an inner table ended, and another may follow */
};

enum { DOC_UNITS_MAX = 1 << 29 };

/* doc_pieces.c */
struct bytes doc_place(const struct doc *d, enum doc_place what);
void doc_read_units(struct doc *d);
/* What is hidden among characters from..to, by where it begins, into d->fields. */
void doc_find_fields(struct doc *d, uint32_t from, uint32_t to);

/* doc_numbers.c: lists and styles, as numbering.c has them. */
void doc_read_numbers(struct doc *d);
/* What stands before a paragraph that looks so, if anything does. */
void doc_number(struct doc *d, const struct look *paragraph);

/* doc_look.c: adds what a list of modifiers says. */
void look_modify(struct doc_form *f, struct bytes modifiers, struct look *ret);
/* All looks that a list of pages (PlcBteChpx, PlcBtePapx) leads to. */
struct looks looks_read(struct doc_form *f, struct bytes pages, bool paragraphs);
/* NULL if nothing is said of that byte. */
const struct look *looks_find(struct looks *l, uint32_t at);

#endif
