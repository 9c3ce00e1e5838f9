/* Sheets on their way into a document: their name, rows as lines, tabs between cells; each cell that holds something has an
 * anchor of sheet and cell. */
#ifndef EXTRACT_SHEET_PRIVATE_H
#define EXTRACT_SHEET_PRIVATE_H

#include "extract/child/document_private.h"

enum { SHEET_COLUMNS = 16384, SHEET_ROWS = 1 << 20 };

struct sheet {
	struct document *d;
	char name[256];
	bool named;     /* its name stands in the text */
	unsigned row;   /* of the line; 0: none yet */
	unsigned tabs;  /* written in it */
	size_t outside; /* cells that said to be where no cell is */
};

void sheet_start(struct sheet *s, const char *name);
/* Writes its name, unless that was done: of a sheet that holds nothing it would be noise. */
void sheet_name(struct sheet *s);
/* Both from 1. Text may hold lines: they become spaces. Rows must not go back. Beyond the last row or
 * column the text comes without an anchor. */
void sheet_cell(struct sheet *s, unsigned column, unsigned row, const char *text, size_t n);
/* A remark on a cell, behind the rows. */
void sheet_note(struct sheet *s, const char *cell, const char *text, size_t n);

/* How numbers are shown. */
enum number_kind { NUMBER_GENERAL, NUMBER_PERCENT, NUMBER_DATE };
struct number_format {
	enum number_kind kind;
	unsigned decimals;
	bool date, time, seconds, elapsed;
};
/* Of a format of OOXML: its code, or NULL for one that is built in. */
struct number_format number_format(unsigned id, const char *code);
enum { NUMBER_SHOWN = 64 };
void number_show(
    const struct number_format *f, const char *value, bool since_1904, char ret[NUMBER_SHOWN]);

#endif
