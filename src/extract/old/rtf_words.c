/* What control words of RTF do. A word that is not in the table does nothing; where \* stands before it, nor does its group. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/old/rtf_private.h"

enum action {
	PLACE,   /* the group's text goes there */
	THROUGH, /* what is in the group counts as without it */
	STORY,
	ENDNOTE,
	FIELD,
	PAGES,
	TIME,
	STRING,
	PARAGRAPH,
	CELL,
	ROW,
	IN_TABLE,
	FONT,
	CHARSET,
	FONT_CODEPAGE,
	DEFAULT_FONT,
	PLAIN,
	UNICODE,
	SKIP,
	CODEPAGE,
	ANSI,
	DELETED,
	HTML,
	WRAPPING,
	PICTURE_KIND,
	TWICE, /* told without and with Unicode: 1: in what holds both, 0: with it */
};

/* Sorted by name. */
static const struct word {
	const char *name;
	enum action action;
	unsigned number;
	const char *text;
} words[] = {
	{ "aftncn", PLACE, .number = RTF_NOWHERE },
	{ "aftnsep", PLACE, .number = RTF_NOWHERE },
	{ "aftnsepc", PLACE, .number = RTF_NOWHERE },
	{ "annotation", STORY, .text = "comment" },
	{ "ansi", CODEPAGE, .number = 1252 },
	{ "ansicpg", ANSI },
	{ "atnauthor", PLACE, .number = RTF_AUTHOR },
	{ "atndate", PLACE, .number = RTF_NOWHERE },
	{ "atnicn", PLACE, .number = RTF_NOWHERE },
	{ "atnid", PLACE, .number = RTF_NOWHERE },
	{ "atnparent", PLACE, .number = RTF_NOWHERE },
	{ "atnref", PLACE, .number = RTF_NOWHERE },
	{ "atntime", PLACE, .number = RTF_NOWHERE },
	{ "author", FIELD, .text = "creator" },
	{ "bkmkend", PLACE, .number = RTF_NOWHERE },
	{ "bkmkstart", PLACE, .number = RTF_NOWHERE },
	{ "blipuid", PLACE, .number = RTF_NOWHERE },
	{ "bullet", STRING, .text = "\xe2\x80\xa2" },
	{ "buptim", PLACE, .number = RTF_NOWHERE },
	{ "cell", CELL },
	{ "colortbl", PLACE, .number = RTF_NOWHERE },
	{ "column", PARAGRAPH },
	{ "company", FIELD, .text = "publisher" },
	{ "cpg", FONT_CODEPAGE },
	{ "creatim", FIELD, .text = "created" },
	{ "datafield", PLACE, .number = RTF_NOWHERE },
	{ "datastore", PLACE, .number = RTF_NOWHERE },
	{ "deff", DEFAULT_FONT },
	{ "deleted", DELETED },
	{ "dibitmap", PICTURE_KIND, .text = "dib" },
	{ "doccomm", FIELD, .text = "description" },
	{ "docvar", PLACE, .number = RTF_NOWHERE },
	{ "dy", TIME, .number = 2 },
	{ "emdash", STRING, .text = "\xe2\x80\x94" },
	{ "emfblip", PICTURE_KIND, .text = "emf" },
	{ "emspace", STRING, .text = " " },
	{ "endash", STRING, .text = "\xe2\x80\x93" },
	{ "enspace", STRING, .text = " " },
	{ "f", FONT },
	{ "falt", PLACE, .number = RTF_NOWHERE },
	{ "fcharset", CHARSET },
	{ "ffdeftext", PLACE, .number = RTF_NOWHERE },
	{ "ffname", PLACE, .number = RTF_NOWHERE },
	{ "filetbl", PLACE, .number = RTF_NOWHERE },
	{ "fldinst", PLACE, .number = RTF_NOWHERE },
	{ "fldtype", PLACE, .number = RTF_NOWHERE },
	{ "fname", PLACE, .number = RTF_NOWHERE },
	{ "fonttbl", PLACE, .number = RTF_FONT_NAMES },
	{ "footer", STORY, .text = "footer" },
	{ "footerf", STORY, .text = "footer" },
	{ "footerl", STORY, .text = "footer" },
	{ "footerr", STORY, .text = "footer" },
	{ "footnote", STORY, .text = "footnote" },
	{ "formfield", PLACE, .number = RTF_NOWHERE },
	{ "fromhtml", HTML },
	{ "ftnalt", ENDNOTE },
	{ "ftncn", PLACE, .number = RTF_NOWHERE },
	{ "ftnsep", PLACE, .number = RTF_NOWHERE },
	{ "ftnsepc", PLACE, .number = RTF_NOWHERE },
	{ "generator", FIELD, .text = "software" },
	{ "header", STORY, .text = "header" },
	{ "headerf", STORY, .text = "header" },
	{ "headerl", STORY, .text = "header" },
	{ "headerr", STORY, .text = "header" },
	{ "hr", TIME, .number = 3 },
	{ "htmlrtf", WRAPPING },
	{ "htmltag", PLACE, .number = RTF_MARKUP },
	{ "info", PLACE, .number = RTF_INFO },
	{ "intbl", IN_TABLE, .number = 1 },
	{ "jpegblip", PICTURE_KIND, .text = "jpg" },
	{ "keycode", PLACE, .number = RTF_NOWHERE },
	{ "keywords", FIELD, .text = "subject" },
	{ "latentstyles", PLACE, .number = RTF_NOWHERE },
	{ "lbr", STRING, .text = "\n" },
	{ "ldblquote", STRING, .text = "\xe2\x80\x9c" },
	{ "line", STRING, .text = "\n" },
	{ "listoverridetable", PLACE, .number = RTF_NOWHERE },
	{ "listpicture", PLACE, .number = RTF_NOWHERE },
	{ "listtable", PLACE, .number = RTF_NOWHERE },
	{ "lquote", STRING, .text = "\xe2\x80\x98" },
	{ "mac", CODEPAGE, .number = 10000 },
	{ "macpict", PICTURE_KIND, .text = "pict" },
	{ "mhtmltag", PLACE, .number = RTF_NOWHERE },
	{ "min", TIME, .number = 4 },
	{ "mmathPr", PLACE, .number = RTF_NOWHERE },
	{ "mo", TIME, .number = 1 },
	{ "nestcell", STRING, .text = "\t" },
	{ "nestrow", PARAGRAPH },
	{ "nexctfile", PLACE, .number = RTF_NOWHERE },
	{ "nofpages", PAGES },
	{ "nonshppict", PLACE, .number = RTF_NOWHERE },
	{ "objalias", PLACE, .number = RTF_NOWHERE },
	{ "objclass", PLACE, .number = RTF_NOWHERE },
	{ "objdata", PLACE, .number = RTF_OBJECT },
	{ "objname", PLACE, .number = RTF_NOWHERE },
	{ "objsect", PLACE, .number = RTF_NOWHERE },
	{ "operator", FIELD, .text = "contributor" },
	{ "page", PARAGRAPH },
	{ "panose", PLACE, .number = RTF_NOWHERE },
	{ "par", PARAGRAPH },
	{ "pard", IN_TABLE },
	{ "password", PLACE, .number = RTF_NOWHERE },
	{ "passwordhash", PLACE, .number = RTF_NOWHERE },
	{ "pc", CODEPAGE, .number = 437 },
	{ "pca", CODEPAGE, .number = 850 },
	{ "pgptbl", PLACE, .number = RTF_NOWHERE },
	{ "picprop", PLACE, .number = RTF_NOWHERE },
	{ "pict", PLACE, .number = RTF_PICTURE },
	{ "plain", PLAIN },
	{ "pmmetafile", PICTURE_KIND, .text = "met" },
	{ "pngblip", PICTURE_KIND, .text = "png" },
	{ "pnseclvl", PLACE, .number = RTF_NOWHERE },
	{ "pnstart", PLACE, .number = RTF_NOWHERE },
	{ "printim", PLACE, .number = RTF_NOWHERE },
	{ "private", PLACE, .number = RTF_NOWHERE },
	{ "protusertbl", PLACE, .number = RTF_NOWHERE },
	{ "qmspace", STRING, .text = " " },
	{ "rdblquote", STRING, .text = "\xe2\x80\x9d" },
	{ "revtbl", PLACE, .number = RTF_NOWHERE },
	{ "revtim", FIELD, .text = "modified" },
	{ "row", ROW },
	{ "rquote", STRING, .text = "\xe2\x80\x99" },
	{ "rsidtbl", PLACE, .number = RTF_NOWHERE },
	{ "rxe", PLACE, .number = RTF_NOWHERE },
	{ "sect", PARAGRAPH },
	{ "shpinst", THROUGH },
	{ "shppict", THROUGH },
	{ "shprslt", PLACE, .number = RTF_NOWHERE },
	{ "shptxt", PLACE, .number = RTF_BODY },
	{ "softpage", PARAGRAPH },
	{ "sp", PLACE, .number = RTF_NOWHERE },
	{ "stylesheet", PLACE, .number = RTF_NOWHERE },
	{ "subject", FIELD, .text = "subject" },
	{ "tab", STRING, .text = "\t" },
	{ "tc", PLACE, .number = RTF_NOWHERE },
	{ "template", PLACE, .number = RTF_NOWHERE },
	{ "themedata", PLACE, .number = RTF_NOWHERE },
	{ "title", FIELD, .text = "title" },
	{ "txe", PLACE, .number = RTF_NOWHERE },
	{ "u", UNICODE },
	{ "uc", SKIP },
	{ "ud", TWICE },
	{ "upr", TWICE, .number = 1 },
	{ "userprop", PLACE, .number = RTF_NOWHERE },
	{ "userprops", PLACE, .number = RTF_NOWHERE },
	{ "wbitmap", PICTURE_KIND, .text = "bmp" },
	{ "wgrffmtfilter", PLACE, .number = RTF_NOWHERE },
	{ "wmetafile", PICTURE_KIND, .text = "wmf" },
	{ "xe", PLACE, .number = RTF_NOWHERE },
	{ "xmlnstbl", PLACE, .number = RTF_NOWHERE },
	{ "yr", TIME },
};

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct word *)row)->name);
}

static unsigned
bounded(long number, long max)
{
	return number < 0 ? 0 : (unsigned)MIN(number, max);
}

static struct rtf_file *
last_file(struct rtf *r)
{
	return r->files.n ? (struct rtf_file *)(void *)(r->files.p + r->files.n) - 1 : NULL;
}

/* Where one begins, the one before ends: no byte is in two. */
static void
begin_file(struct rtf *r, bool picture)
{
	struct rtf_file f = { r->data.n, 0, picture ? "bin" : NULL }, *last = last_file(r);

	if (last && !last->to)
		last->to = r->data.n;
	buf_add(&r->files, &f, sizeof f);
	r->half = false;
	r->ending = "bin";
}

static void
place(struct rtf *r, unsigned where)
{
	struct rtf_group *g = rtf_group(r);

	/* Nothing is told that stands within what is left out. */
	if (g->place != RTF_NOWHERE)
		g->place = (uint8_t)where;
	if (g->place == where && (where == RTF_PICTURE || where == RTF_OBJECT))
		begin_file(r, where == RTF_PICTURE);
}

static void
begin_field(struct rtf *r, const char *field)
{
	struct rtf_group *g = rtf_group(r);

	if (g->place != RTF_INFO && !(g->place == RTF_BODY && strcmp(field, "software") == 0))
		return;
	g->place = RTF_FIELD;
	g->field = field;
	buf_reset(&r->field);
	r->field.full = false;
	memset(r->time, 0, sizeof r->time);
}

static void
end_field(struct rtf *r, const char *field)
{
	const char *value = buf_peek(&r->field);
	size_t n = r->field.n;
	char date[64];

	if (r->time[0] > 1601) { /* where time began: nobody set it */
		snprintf(date, sizeof date, "%04u-%02u-%02uT%02u:%02u", r->time[0], r->time[1],
		    r->time[2], r->time[3], r->time[4]);
		value = date;
		n = strlen(date);
	} else if (r->time[0]) {
		n = 0;
	}
	while (strcmp(field, "software") == 0 && n && value[n - 1] == ';')
		n--;
	if (n && rtf_group(r)->twice) {
		buf_reset(&r->held);
		buf_add(&r->held, field, strlen(field) + 1);
		buf_add(&r->held, value, n);
	} else if (r->o && n) {
		output_field(r->o, field, value, n);
		if (strcmp(buf_peek(&r->held), field) == 0)
			buf_reset(&r->held);
	}
	buf_reset(&r->field);
	memset(r->time, 0, sizeof r->time);
}

/* What has no twin in Unicode after all. */
static void
say_held(struct rtf *r)
{
	const char *field = buf_peek(&r->held);
	size_t n = strlen(field) + 1;

	if (r->o && r->held.n > n)
		output_field(r->o, field, field + n, r->held.n - n);
	buf_reset(&r->held);
}

static void
end_place(struct rtf *r)
{
	const struct rtf_group *g = rtf_group(r);
	struct rtf_file *last = last_file(r);

	if (g->place == RTF_FIELD && g->field)
		end_field(r, g->field);
	if (g->place == RTF_AUTHOR && r->field.n) {
		buf_reset(&r->author);
		buf_add(&r->author, r->field.p, MIN(r->field.n, (size_t)200));
		buf_byte(&r->author, ':');
		buf_reset(&r->field);
	}
	if (last && (g->place == RTF_PICTURE || g->place == RTF_OBJECT)) {
		last->to = r->data.n;
		last->ending = g->place == RTF_PICTURE ? r->ending : NULL;
	}
}

void
rtf_group_end(struct rtf *r)
{
	const struct rtf_group *g = rtf_group(r), *outer = g - (r->depth > 0);

	if (g->place != outer->place)
		end_place(r);
	if (g->twice && !outer->twice)
		say_held(r);
}

static void
font(struct rtf *r, const struct word *w, long number)
{
	struct rtf_group *g = rtf_group(r);
	uint16_t codepage = (uint16_t)bounded(number, UINT16_MAX);

	if (w->action == CHARSET)
		codepage = (uint16_t)codepage_of_charset(codepage);
	if (w->action == FONT)
		g->font = (uint16_t)bounded(number, RTF_FONTS - 1);
	else if (w->action == PLAIN)
		g->font = r->default_font;
	else if (w->action == DEFAULT_FONT)
		g->font = r->default_font = (uint16_t)bounded(number, RTF_FONTS - 1);
	else if (g->place == RTF_FONT_NAMES && codepage)
		r->fonts[g->font] = codepage;
}

static void
destination(struct rtf *r, const struct word *w)
{
	switch (w->action) {
	case PLACE:
		place(r, w->number);
		if (w->number == RTF_AUTHOR)
			buf_reset(&r->field);
		break;
	case STORY:
		if (rtf_group(r)->place == RTF_BODY)
			rtf_story(r, w->text);
		break;
	case ENDNOTE:
		if (r->story && strcmp(r->story, "footnote") == 0)
			r->story = "endnote";
		break;
	case FIELD:
		begin_field(r, w->text);
		break;
	default:
		break;
	}
}

static void
setting(struct rtf *r, const struct word *w, bool has_number, long number)
{
	struct rtf_group *g = rtf_group(r);
	char pages[24];

	switch (w->action) {
	case PAGES:
		snprintf(pages, sizeof pages, "%u", bounded(number, 1 << 30));
		if (r->o && number > 0)
			output_field(r->o, "pages", pages, strlen(pages));
		break;
	case TIME:
		r->time[w->number] = bounded(number, 9999);
		break;
	case IN_TABLE:
		g->in_table = w->number;
		break;
	case SKIP:
		g->skip = (uint8_t)bounded(number, 255);
		break;
	case CODEPAGE:
		r->codepage = w->number;
		break;
	case ANSI:
		r->codepage = bounded(number, UINT16_MAX);
		break;
	case DELETED:
		g->deleted = !has_number || number;
		break;
	case HTML:
		r->is_html = true;
		break;
	case WRAPPING:
		g->wrapping = r->is_html && (!has_number || number);
		break;
	case PICTURE_KIND:
		r->ending = w->text;
		break;
	case TWICE:
		g->twice = w->number;
		if (!g->twice && g->place != RTF_INFO)
			g->place = RTF_NOWHERE; /* it was told without */
		break;
	default:
		font(r, w, number);
		break;
	}
}

static bool
gives_text(struct rtf *r, const struct word *w, long number)
{
	switch (w->action) {
	case STRING:
		rtf_str(r, w->text);
		return true;
	case PARAGRAPH:
		rtf_paragraph(r);
		return true;
	case CELL:
		rtf_cell(r);
		return true;
	case ROW:
		rtf_row(r);
		return true;
	case UNICODE:
		rtf_unit(r, (uint16_t)number); /* what is beyond 32767 is negative */
		r->skip = rtf_group(r)->skip;
		return true;
	default:
		return false;
	}
}

void
rtf_word(struct rtf *r, const char *name, bool has_number, long number)
{
	const struct word *w = bsearch(name, words, LEN(words), sizeof *words, by_name);
	bool starred = r->starred;

	r->starred = false;
	if (!w && starred && !r->too_deep)
		rtf_group(r)->place = RTF_NOWHERE;
	if (!w || r->too_deep || gives_text(r, w, number))
		return;
	if (r->raw.n)
		rtf_flush(r);
	destination(r, w);
	if (w->action > FIELD)
		setting(r, w, has_number, number);
}
