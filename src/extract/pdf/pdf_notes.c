/* Files attached to notes on a page: the one thing that only poppler's interface for C gives. */
#include <poppler.h>
#include <string.h>

#undef MIN /* GLib's, the same as ours */
#undef MAX

#include "extract/child/child_private.h"
#include "extract/child/document_private.h"
#include "extract/pdf/pdf_private.h"

static gboolean
into_buf(const gchar *p, gsize n, gpointer to, GError **e)
{
	struct buf *b = to;

	(void)e;
	buf_add(b, p, n);
	return !b->full;
}

static void
emit(PopplerAttachment *file, struct pdf_emitting *m)
{
	AUTO_VAL(buf) b = buf_init((size_t)MIN(m->left, m->o->text_max));
	GError *why = NULL;
	bool whole = poppler_attachment_save_to_callback(file, into_buf, &b, &why) && !b.full;

	g_clear_error(&why);
	pdf_emit(m, file->name ? file->name : "", buf_peek(&b), b.n, whole);
}

static void
emit_of_page(PopplerPage *page, struct pdf_emitting *m)
{
	GList *notes = poppler_page_get_annot_mapping(page);

	for (GList *at = notes; at && m->files < unpack_limits.files; at = at->next) {
		PopplerAnnot *note = ((PopplerAnnotMapping *)at->data)->annot;
		PopplerAttachment *file;

		if (poppler_annot_get_annot_type(note) != POPPLER_ANNOT_FILE_ATTACHMENT)
			continue;
		file = poppler_annot_file_attachment_get_attachment(
		    POPPLER_ANNOT_FILE_ATTACHMENT(note));
		if (file) {
			emit(file, m);
			g_object_unref(file);
		} else {
			m->failed++;
		}
	}
	poppler_page_free_annot_mapping(notes);
}

/* Words of the file itself stand in the open, unless its objects are packed. */
static bool
may_have_some(const void *p, size_t n)
{
	static const char note[] = "FileAttachment", packed[] = "ObjStm";

	return memmem(p, n, note, sizeof note - 1) || memmem(p, n, packed, sizeof packed - 1);
}

void
pdf_emit_notes(const void *p, size_t n, struct pdf_emitting *m)
{
	GBytes *bytes;
	PopplerDocument *d;
	int pages;

	if (!may_have_some(p, n))
		return;
	bytes = g_bytes_new_static(p, n);
	d = poppler_document_new_from_bytes(bytes, child_password(), NULL);
	pages = d ? poppler_document_get_n_pages(d) : 0;
	for (int i = 0; i < MIN(pages, PDF_PAGES_MAX); i++) {
		PopplerPage *page = poppler_document_get_page(d, i);

		if (!page)
			continue;
		emit_of_page(page, m);
		g_object_unref(page);
	}
	if (d)
		g_object_unref(d);
	g_bytes_unref(bytes);
}

static void
drop(const char *domain, GLogLevelFlags level, const char *message, gpointer to)
{
	(void)domain, (void)level, (void)message, (void)to;
}

void
pdf_notes_prepare(void)
{
	(void)g_log_set_default_handler(drop, NULL); /* which asks what standard error is */
}
