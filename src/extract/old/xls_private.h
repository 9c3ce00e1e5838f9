/* Workbooks of Excel 2 to 2003 ([MS-XLS] and the formats before it, "BIFF"): records, strings, formats of numbers. */
#ifndef EXTRACT_XLS_PRIVATE_H
#define EXTRACT_XLS_PRIVATE_H

#include "extract/old/binary_private.h"
#include "extract/office/sheet_private.h"

enum { CODES = 1 << 16 };
enum biff { BIFF2 = 2, BIFF3, BIFF4, BIFF5, BIFF8 = 8 };

/* Records by number; of older versions the same number without its high byte, or with another. */
enum record {
	R_FORMULA = 0x06,
	R_EOF = 0x0a,
	R_NOTE = 0x1c,
	R_DATE_1904 = 0x22,
	R_FILEPASS = 0x2f,
	R_CONTINUE = 0x3c,
	R_CODEPAGE = 0x42,
	R_OBJECT = 0x5d,
	R_SHEET = 0x85,
	R_NUMBERS = 0xbd,   /* MULRK */
	R_RICH = 0xd6,      /* RSTRING */
	R_FORMAT_OF = 0xe0, /* XF */
	R_DRAWINGS = 0xeb,  /* MSODRAWINGGROUP */
	R_STRINGS = 0xfc,   /* SST */
	R_SHARED = 0xfd,    /* LABELSST */
	R_TEXT = 0x1b6,     /* TXO */
	R_NUMBER = 0x203,
	R_LABEL = 0x204,
	R_BOOL = 0x205, /* BOOLERR */
	R_STRING = 0x207,
	R_RK = 0x27e,
	R_FORMAT = 0x41e,
	R_BOF = 0x809,
	R_SERIES = 0x100d, /* SERIESTEXT */
};

struct xls {
	struct ole *ole;
	struct document *doc;
	struct bytes stream;
	enum biff version;
	unsigned codepage;
	bool since_1904, encrypted;
	struct buf strings,
	    starts;       /* shared ones, each with a zero byte; uint32_t where each begins */
	struct buf codes; /* of formats, each with a zero byte */
	uint32_t *
	    code_at; /* CODES of them: by a format's number, where its code stands in codes, plus 1 */
	struct buf formats;  /* struct number_format of each XF */
	unsigned n_codes;    /* that came without a number */
	struct buf sheets;   /* uint32_t place, name, zero byte */
	struct buf drawings; /* of R_DRAWINGS */
};

/* A record that stands at *at; moves on. False at the end. */
struct record_found {
	unsigned type;
	struct bytes body;
};
bool xls_record(const struct xls *x, size_t *at, struct record_found *ret);

/* A string that may go on in records CONTINUE: characters, split at borders of records, each with a mark of its width. */
struct xls_text {
	const struct xls *x;
	size_t at;         /* of the next record in the stream */
	struct bytes left; /* of the record at hand */
	bool bad;
};
/* `n` characters behind a mark, into ret as UTF-8. */
void xls_text_read(struct xls_text *t, uint32_t n, bool wide, struct buf *ret);
uint32_t xls_text_number(struct xls_text *t, unsigned size);
void xls_text_skip(struct xls_text *t, uint64_t n);

/* A string as cells have it: its length in one byte or two, then, of BIFF8, a mark. */
void xls_string(const struct xls *x, struct bytes b, unsigned length_size, struct buf *ret);
/* What comes before sheets: strings, formats, sheets. False if it is encrypted. */
bool xls_globals(struct xls *x, size_t at);
void xls_format_record(struct xls *x, const struct record_found *r);
/* A sheet's cells, notes and text of drawings (xls_cells.c). Moves *at behind its end. */
void xls_sheet(struct xls *x, size_t *at, const char *name);

#endif
