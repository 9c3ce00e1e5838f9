/* Plain text, and XML as plain text: its encoding and its language. */
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
	return output_text(o, text, len, same, e);
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
