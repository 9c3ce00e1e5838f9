/* A ZIP is what is in it: an office document, a book, or just an archive. */
#include <string.h>

#include "extract/archive/archive_private.h"
#include "extract/child/child_private.h"
#include "extract/office/office_private.h"

/* The first row whose member is there decides. */
static const struct form {
	const char *member;
	bool (*extract)(const void *p, size_t n, struct output *o, struct err *e);
} forms[] = {
	{ "[Content_Types].xml", ooxml_extract },
	{ "META-INF/container.xml", epub_extract },
	{ "content.xml", opendocument_extract },
	{ "datapackage.json", wacz_extract },
	{ NULL, packed_extract },
};

static const struct form *
form_of(const void *p, size_t n)
{
	const struct form *best = &forms[LEN(forms) - 1];
	AUTO_ARCHIVE *a = NULL;
	struct archive_entry *member;
	struct err e;

	a = archive_open(ARCHIVE_ZIP, p, n, &e);
	while (a && archive_next_file(a, &member, &e) && member)
		for (const struct form *f = forms; f < best; f++)
			if (strcmp(archive_name(member), f->member) == 0)
				best = f;
	return best;
}

bool
zip_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	return form_of(p, n)->extract(p, n, o, e);
}
