/* Plain text, and XML as plain text: its encoding, its language, and whether it is a table. */
#include <stdio.h>
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/text/declared_private.h"
#include "extract/text/table_text_private.h"
#include "text/text.h"

static const char *const how[] = {
	[TEXT_BY_BOM] = "bom",
	[TEXT_BY_DECLARATION] = "declaration",
	[TEXT_BY_UTF8] = "utf8",
	[TEXT_BY_STATISTICS] = "statistics",
};

void
output_encoding(struct output *o, const struct text_encoding *enc)
{
	output_field(o, "encoding", enc->name, strlen(enc->name));
	output_field(o, "encoding_how", how[enc->how], strlen(how[enc->how]));
}

void
lost_note(char ret[LOST_NOTE], const struct text_encoding *enc, size_t lost)
{
	*ret = 0;
	if (lost)
		snprintf(ret, LOST_NOTE, "%zu %s could not be read as %s: U+FFFD stands there",
		    lost, lost == 1 ? "character" : "characters", enc->name);
}

/* As it is read: decoded, or as it came. */
struct plain {
	struct text_encoding enc;
	struct buf decoded;
	bool same;
	const char *text;
	size_t n;
};

static void
plain_done(struct plain *x)
{
	buf_done(&x->decoded);
}

static bool
read_plain(struct plain *x, const void *p, size_t n, const char *declared, struct output *o,
    struct err *e)
{
	x->enc = text_detect(p, n, declared);
	x->decoded = buf_init(o->text_max);
	if (!text_decode(p, n, &x->enc, &x->decoded, &x->same, e))
		return false;
	x->text = x->same ? p : buf_peek(&x->decoded);
	x->n = x->same ? n : x->decoded.n;
	return true;
}

/* Marks that no text has (U+0001 to U+001F, but for lines, tabs and what steers a terminal) stay, and are counted. */
static void
note_controls(const char *text, size_t n, char *note, size_t size)
{
	size_t marks = 0, used = strlen(note);

	for (size_t i = 0; i < n; i++)
		marks += (uint8_t)text[i] < 0x20 && !(text[i] >= '\t' && text[i] <= '\r') &&
		    text[i] != 0x1b;
	if (marks)
		snprintf(note + used, size - used, "%s%zu control %s in it", used ? "; " : "",
		    marks, marks == 1 ? "character is" : "characters are");
}

/* Says it, as a table if it is delimited by something. */
static bool
say_plain(const struct plain *x, const void *p, size_t n, char delimiter, struct output *o,
    struct err *e)
{
	char note[LOST_NOTE + WHY_MAX] = "";
	struct text_language language;
	const char *more = "";

	output_encoding(o, &x->enc);
	if (delimiter)
		output_field(o, "format", table_text_format(delimiter),
		    strlen(table_text_format(delimiter)));
	text_language(x->text, x->n, &language);
	output_language(o, language.tag);
	if (!(x->same ? output_same_first : output_text_first)(o, x->text, x->n, e))
		return false;
	if (delimiter)
		more = table_text_anchors(x->text, x->n, delimiter, o);
	if (!x->same)
		lost_note(note, &x->enc, text_lost(p, n, &x->enc, x->text, x->n));
	snprintf(note + strlen(note), sizeof note - strlen(note), "%s%s",
	    *note && *more ? "; " : "", more);
	note_controls(x->text, x->n, note, sizeof note);
	output_end(o, note);
	return true;
}

bool
plain_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO_VAL(plain) x = { 0 };

	return read_plain(&x, p, n, NULL, o, e) &&
	    say_plain(&x, p, n, table_text_by(x.text, x.n), o, e);
}

bool
xml_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char label[LABEL_MAX];
	AUTO_VAL(plain) x = { 0 };

	return read_plain(&x, p, n, declared_by_xml(p, n, label) ? label : NULL, o, e) &&
	    say_plain(&x, p, n, 0, o, e);
}
