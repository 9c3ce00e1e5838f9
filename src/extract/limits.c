/* All limits of extraction, and what can be extracted. */
#include <string.h>

#include "extract/private.h"

#define MIB (UINT64_C(1) << 20)

const struct extract_limits extract_limits_default = {
	.memory = 1024 * MIB,
	.seconds = 60,
	.output = 128 * MIB,
};

/* HTML's input is smaller, because decoding, parser and result each hold a copy. */
static const struct media media[] = {
	{ "text/plain", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/csv", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/markdown", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/html", EXTRACTOR_HTML, 64 * MIB },
	{ "text/xml", EXTRACTOR_XML, 256 * MIB },
	{ "application/json", EXTRACTOR_TEXT, 256 * MIB },
	{ "application/xhtml+xml", EXTRACTOR_HTML, 64 * MIB },
	{ "application/xml", EXTRACTOR_XML, 256 * MIB },
};

static const char *const names[] = {
	[EXTRACTOR_TEXT] = "vigil-extract text 1",
	[EXTRACTOR_XML] =
	    "vigil-extract text 1", /* only the declaration of its encoding is read */
	[EXTRACTOR_HTML] = "vigil-extract html 1",
	[EXTRACTOR_TABLE] = "vigil-extract rows 1",
	[EXTRACTOR_OBJECTS] = "vigil-extract rows 1",
	[EXTRACTOR_ARCHIVE] = "vigil-extract rows 1",
};
_Static_assert(LEN(names) == EXTRACTORS, "every extractor has a name");

const struct media *
media_find(const char *type)
{
	for (size_t i = 0; i < LEN(media); i++)
		if (strcmp(media[i].type, type) == 0)
			return &media[i];
	return NULL;
}

const char *
extractor_name(enum extractor_id id)
{
	return names[id];
}

bool
extract_can(const char *media_type)
{
	return media_find(media_type) != NULL;
}

uint64_t
extract_input_max(const char *media_type)
{
	const struct media *m = media_find(media_type);

	return m ? m->input_max : 0;
}
