/* Compound files, and what old office programs wrote without one: which document is in it. */
#include "extract/old/binary_private.h"

#include <string.h>

#include "extract/child/child_private.h"
#include "extract/office/cipher_private.h"

/* The first row whose stream is there decides. */
static const struct kind {
	const char *stream, *media;
	bool (*extract)(struct ole *o, struct document *d, struct err *e);
} kinds[] = {
	{ "__properties_version1.0", "application/vnd.ms-outlook", msg_extract },
	{ "WordDocument", "application/msword", doc_extract },
	{ "PowerPoint Document", "application/vnd.ms-powerpoint", ppt_extract },
	{ "Workbook", "application/vnd.ms-excel", xls_extract },
	{ "Book", "application/vnd.ms-excel", xls_extract },
};

bool
binary_encrypted(struct document *d, struct err *e)
{
	output_field(d->o, "encrypted", "yes", 3);
	return err_set(e, ERR_DENIED, "the document is encrypted");
}

static bool
extract(struct ole *o, const struct kind *kind, struct output *out, struct err *e)
{
	AUTO_VAL(document) d = document_init(out);

	if (o->n)
		properties_say(o, out);
	output_field(out, "format", kind->media, strlen(kind->media));
	if (!kind->extract(o, &d, e))
		return false;
	if (*o->note && !out->text_said)
		return err_set(e, ERR_DAMAGED, "%s", o->note);
	document_finish(&d, o->note);
	return true;
}

/* What is in a compound file of a kind that is not known comes out as files: its streams. */
static bool
streams(struct ole *o, struct output *out, struct err *e)
{
	struct embedded x = { .ole = o, .o = out };

	if (ole_find(o, 0, "PP40") != OLE_NONE ||
	    ole_find(o, 0, "PP97_DUALSTORAGE") != OLE_NONE)
		return err_set(
		    e, ERR_INVALID, "presentations of PowerPoint 95 and before are not read");
	properties_say(o, out);
	for (uint32_t i = 1; i < o->n; i++) {
		AUTO_VAL(buf) b = buf_init((size_t)MIN(o->left, out->text_max));

		if (o->entries[i].kind != OLE_STREAM || (uint8_t)*o->entries[i].name < ' ')
			continue;
		x.objects++;
		(void)ole_read(o, i, &b);
		embedded_file(&x, bytes_of(&b), o->entries[i].name);
	}
	output_end(out, *o->note ? o->note : "a compound file of no kind that is known");
	return true;
}

/* Besides the password that was given, if one was, Excel's own is tried, with which it locks what only must not be changed. */
static bool
locked_package(struct ole *o, struct output *out, struct err *e)
{
	const char *password = child_password();
	AUTO_VAL(buf) package = buf_init(o->file.n);
	struct err ignored;

	if ((password && ooxml_unlock(o, password, &package, e)) ||
	    ooxml_unlock(o, "VelvetSweatshop", &package, &ignored))
		return zip_extract(package.p, package.n, out, e);
	output_field(out, "encrypted", "yes", 3);
	return password ? false : err_set(e, ERR_DENIED, "the document is encrypted");
}

static bool
compound(struct bytes file, struct output *out, struct err *e)
{
	struct ole o;
	const struct kind *kind = NULL;
	bool ok;

	if (!ole_open(&o, file, e))
		return false;
	for (size_t i = 0; !kind && i < LEN(kinds); i++)
		if (ole_find(&o, 0, kinds[i].stream) != OLE_NONE)
			kind = &kinds[i];
	if (kind) {
		ok = extract(&o, kind, out, e);
	} else if (ole_find(&o, 0, "EncryptedPackage") != OLE_NONE) {
		ok = locked_package(&o, out, e);
	} else {
		ok = streams(&o, out, e);
	}
	ole_done(&o);
	return ok;
}

bool
ole_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct kind word = { NULL, "application/msword", doc_bare },
				 excel = { NULL, "application/vnd.ms-excel", xls_bare };
	struct ole none = { .file = { p, n }, .left = unpack_bound(n) };

	if (n > 8 && u32_at(none.file, 0) == 0xe011cfd0)
		return compound(none.file, o, e);
	return extract(&none, u16_at(none.file, 0) == 0xa5db ? &word : &excel, o, e);
}
