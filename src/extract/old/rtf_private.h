/* RTF (specification 1.9.1), by a parser of its own: what is read where. */
#ifndef EXTRACT_RTF_PRIVATE_H
#define EXTRACT_RTF_PRIVATE_H

#include "extract/old/binary_private.h"
#include "extract/office/prose_private.h"

enum { RTF_DEEP = 512, RTF_FONTS = 1 << 15 };

enum rtf_place { /* where text goes */
	RTF_BODY,
	RTF_NOWHERE,
	RTF_FONT_NAMES,
	RTF_INFO,
	RTF_FIELD,   /* of the document, or of a date: `field` */
	RTF_AUTHOR,  /* of the comment that comes next */
	RTF_PICTURE, /* in hexadecimal */
	RTF_OBJECT,
	RTF_MARKUP, /* HTML that was wrapped in RTF ([MS-OXRTFEX]) */
};

struct rtf_group {
	uint8_t place; /* enum rtf_place */
	uint8_t skip;  /* bytes that stand for a character of Unicode */
	uint16_t font;
	bool deleted, in_table, wrapping; /* wrapping: it is RTF's own, of wrapped HTML */
	bool twice;                       /* another group says the same in Unicode */
	const char *field;
	const char *story; /* begins here: "footnote" */
};

struct rtf {
	struct bytes left;
	struct output *o; /* NULL: text alone is wanted */
	struct rtf_group groups[RTF_DEEP];
	size_t depth, too_deep; /* groups that are open; of those how many are only counted */
	unsigned codepage;      /* of the document */
	uint16_t *fonts;        /* code pages by number; 0: as the document */
	uint16_t default_font;
	unsigned skip;  /* bytes or words that are not told, since a character of Unicode was */
	uint16_t high;  /* first half of a character */
	struct buf raw; /* bytes of text, to be decoded together */
	unsigned raw_codepage;
	struct buf field; /* decoded, of what RTF_FIELD or RTF_AUTHOR gives */
	struct buf held;  /* name, zero byte, value of a field that may come in Unicode yet */
	unsigned time[5]; /* year, month, day, hour, minute */
	struct prose body, side, *prose;
	const char *story; /* that text is in; NULL: body */
	struct buf story_text;
	struct buf stories; /* kind, text, each with its zero byte */
	struct buf author;
	bool table_open, row_open, cell_open;
	bool half;          /* of a byte in hexadecimal */
	bool fresh;         /* a group has just begun */
	bool starred;       /* it is one that may be passed over */
	bool ended;         /* the last group is closed */
	struct buf data;    /* of pictures and objects */
	struct buf files;   /* struct rtf_file */
	const char *ending; /* of the picture at hand */
	bool is_html;
	struct buf html;
};

struct rtf_file {
	size_t from, to;    /* in data */
	const char *ending; /* of a picture; NULL: an object */
};

static inline struct rtf_group *
rtf_group(struct rtf *r)
{
	return &r->groups[r->depth];
}

/* All text that is pending goes where it belongs. */
void rtf_flush(struct rtf *r);
void rtf_byte(struct rtf *r, uint8_t c);     /* in the code page of the font */
void rtf_unit(struct rtf *r, uint32_t unit); /* of UTF-16 */
void rtf_str(struct rtf *r, const char *s);
void rtf_paragraph(struct rtf *r);
void rtf_cell(struct rtf *r);
void rtf_row(struct rtf *r);
void rtf_story(struct rtf *r, const char *kind);
void rtf_group_end(struct rtf *r);
/* A control word, and the number behind it (rtf_words.c). */
void rtf_word(struct rtf *r, const char *word, bool has_number, long number);

/* Parses it all. Text goes to `d`; fields and files are left to the caller. */
struct rtf *rtf_new(struct bytes b, struct document *d, struct output *o);
void rtf_free(struct rtf *r);
AUTO_FREE(rtf, rtf_free)
void rtf_parse(struct rtf *r);
/* Notes, headers and footers, behind the body. */
void rtf_tell_stories(struct rtf *r);
/* Pictures and objects, after the document's end. */
void rtf_tell_files(struct rtf *r, struct embedded *x);

#endif
