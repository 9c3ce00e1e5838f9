/* Packages of OpenDocument: of what kind one is, what it says of itself, and the files in it. Its text is odf.c's. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/child/child_private.h"
#include "extract/office/cipher_private.h"
#include "extract/office/office_private.h"

/* The manifest: of what kind it is, and whether it is encrypted. */
struct manifest {
	char type[128];
	bool encrypted;
};

static bool
on_manifest(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct manifest *m = ctx;
	const char *path, *type;

	(void)ns;
	if (strcmp(name, "encryption-data") == 0)
		m->encrypted = true;
	if (strcmp(name, "file-entry") != 0)
		return true;
	path = element_get(el, NS_ANY, "full-path");
	type = element_get(el, NS_ANY, "media-type");
	if (path && type && strcmp(path, "/") == 0)
		snprintf(m->type, sizeof m->type, "%s", type);
	return true;
}

/* Pictures, and objects that are one file. Not the parts of objects that are documents themselves. */
static bool
is_embedded(const char *name)
{
	static const char *const not [] = { "META-INF/", "Thumbnails/", "Configurations2/",
		"ObjectReplacements/", "Fonts/", "Basic/", "Dialogs/", "mimetype",
		"manifest.rdf", "layout-cache", "settings" };
	size_t n = strlen(name);

	for (size_t i = 0; i < LEN(not ); i++)
		if (strstr(name, not [i]))
			return false;
	return n && name[n - 1] != '/' &&
	    (n < 4 || strcasecmp(name + n - 4, ".xml") != 0 ||
		strncmp(name, "Pictures/", 9) == 0);
}

/* False: it stays locked. */
static bool
read_locked(struct package *pk, const struct manifest *m, struct output *o, struct err *e)
{
	AUTO_VAL(buf) opened = buf_init(1 << 30);
	const char *password = child_password();

	if (password && odf_unlock(pk->p, pk->n, m->type, password, &opened, e))
		return opendocument_extract(opened.p, opened.n, o, e);
	output_field(o, "format", m->type, strlen(m->type));
	output_field(o, "encrypted", "yes", 3);
	return password ? false : err_set(e, ERR_DENIED, "the document is encrypted");
}

static bool
read_document(struct package *pk, const struct manifest *m, struct output *o, struct err *e)
{
	AUTO_VAL(document) d = document_init(o);

	if (m->encrypted)
		return read_locked(pk, m, o, e);
	office_fields(pk, "meta.xml", o);
	output_field(o, "format", m->type, strlen(m->type));
	return odf_text(pk, m->type, &d, e) && document_end(&d, e) &&
	    package_end(pk, is_embedded, o, e);
}

bool
opendocument_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct markup_events manifest = { .start = on_manifest };
	struct manifest m = { 0 };
	AUTO_VAL(buf) mime = buf_init(sizeof m.type - 1);
	struct package pk;
	struct err why;
	bool ok;

	if (!package_open(&pk, p, n, e))
		return false;
	package_try(&pk, "META-INF/manifest.xml", &manifest, &m);
	if (package_read(&pk, "mimetype", &mime, &why))
		snprintf(m.type, sizeof m.type, "%.*s", (int)strcspn(buf_peek(&mime), "\r\n "),
		    buf_peek(&mime));
	ok = *m.type && read_document(&pk, &m, o, e);
	package_done(&pk);
	return *m.type ? ok : packed_extract(p, n, o, e);
}
