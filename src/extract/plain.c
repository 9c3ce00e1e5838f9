/* Plain text, and XML as plain text: its encoding and its language. */
#include <stdio.h>
#include <string.h>

#include "extract/child_private.h"
#include "extract/declared_private.h"
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

void
output_decoded_end(struct output *o, const struct text_encoding *enc, size_t lost)
{
	char note[LOST_NOTE];

	lost_note(note, enc, lost);
	output_end(o, note);
}

static bool
extract(const void *p, size_t n, const char *declared, struct output *o, struct err *e)
{
	struct text_encoding enc = text_detect(p, n, declared);
	AUTO_VAL(buf) decoded = buf_init(o->text_max);
	struct text_language language;
	const char *text = p;
	size_t len = n;
	bool same;

	if (!text_decode(p, n, &enc, &decoded, &same, e))
		return false;
	if (!same) {
		text = buf_peek(&decoded);
		len = decoded.n;
	}
	output_encoding(o, &enc);
	text_language(text, len, &language);
	output_language(o, language.tag);
	if (same)
		return output_text(o, text, len, true, e);
	if (!output_text_first(o, text, len, e))
		return false;
	output_decoded_end(o, &enc, text_lost(p, n, &enc, text, len));
	return true;
}

bool
plain_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	return extract(p, n, NULL, o, e);
}

bool
xml_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	char label[LABEL_MAX];

	return extract(p, n, declared_by_xml(p, n, label) ? label : NULL, o, e);
}
