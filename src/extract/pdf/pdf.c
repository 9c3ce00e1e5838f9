/* PDF: text page by page, what the document says of itself, and the files in it. */
#include "extract/pdf/pdf_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/pdf/pdf_page_private.h"

AUTO_FREE(pdf, pdf_close)

enum { SAYS_MAX = 16 * 1024, XMP_MAX = 4 << 20 };

/* A pdf_take into a buffer. */
static void
into_buf(void *to, const char *p, size_t n)
{
	buf_add(to, p, n);
}

static void
say(const struct pdf *d, struct output *o, const char *key, const char *field)
{
	AUTO_VAL(buf) b = buf_init(SAYS_MAX);

	pdf_says(d, key, into_buf, &b);
	output_field(o, field, buf_peek(&b), b.n);
}

static void
say_date(const struct pdf *d, struct output *o, const char *key, const char *field)
{
	AUTO_VAL(buf) b = buf_init(SAYS_MAX), iso = buf_init(64);

	pdf_says(d, key, into_buf, &b);
	pdf_date(buf_peek(&b), &iso);
	output_field(o, field, buf_peek(&iso), iso.n);
}

/* What it was written with, and what made a PDF of it. */
static void
say_software(const struct pdf *d, struct output *o)
{
	AUTO_VAL(buf) made = buf_init(SAYS_MAX), turned = buf_init(SAYS_MAX);

	pdf_says(d, "Creator", into_buf, &made);
	pdf_says(d, "Producer", into_buf, &turned);
	if (made.n && turned.n && strcmp(buf_peek(&made), buf_peek(&turned)) != 0)
		buf_str(&made, "; ");
	if (strcmp(buf_peek(&made), buf_peek(&turned)) != 0)
		buf_add(&made, buf_peek(&turned), turned.n);
	output_field(o, "software", buf_peek(&made), made.n);
}

/* From <dc:language><rdf:Bag><rdf:li>de</rdf:li>...: it is looked for, not parsed. */
static void
say_language(const struct pdf *d, struct output *o)
{
	AUTO_VAL(buf) xmp = buf_init(XMP_MAX);
	const char *from, *to, *at;
	size_t n;

	pdf_xmp(d, into_buf, &xmp);
	from = strstr(buf_peek(&xmp), "<dc:language");
	to = from ? strstr(from, "</dc:language") : NULL;
	at = from ? strstr(from, "<rdf:li") : NULL;
	at = at ? strchr(at, '>') : NULL;
	if (!at || !to || ++at > to)
		return;
	n = strcspn(at, "<");
	if (language_shape(at, n))
		output_field(o, "language", at, n);
}

static void
say_fields(const struct pdf *d, struct output *o)
{
	AUTO_VAL(buf) b = buf_init(SAYS_MAX);

	say(d, o, "Title", "title");
	say(d, o, "Author", "creator");
	say(d, o, "Keywords", "subject");
	say(d, o, "Subject", "description");
	say_date(d, o, "CreationDate", "created");
	say_date(d, o, "ModDate", "modified");
	say_software(d, o);
	say_language(d, o);
	pdf_identifier(d, into_buf, &b);
	output_field(o, "identifier", buf_peek(&b), b.n);
	buf_reset(&b);
	buf_printf(&b, "%zu", pdf_pages(d));
	output_field(o, "pages", buf_peek(&b), b.n);
}

/* By what became of them. */
struct pages {
	size_t all, read; /* read: unless there are too many */
	size_t fates[PDF_PAGE_UNREAD + 1];
};

static void
add_pages(const struct pdf *d, struct document *out, struct pages *io)
{
	AUTO_VAL(buf) room = buf_init(out->text.max);

	for (size_t i = 0; i < io->read && !out->text.full; i++)
		io->fates[pdf_add_page(d, i, &room, out)]++;
}

void
pdf_emit(struct pdf_emitting *m, const char *name, const char *p, size_t n, bool whole)
{
	output_file(m->o, name);
	output_bytes(m->o, p, n);
	output_file_end(m->o);
	m->left -= MIN(m->left, (uint64_t)n);
	m->files++;
	m->failed += !whole;
}

/* Those that the document lists. */
static void
emit_files(struct pdf *d, struct pdf_emitting *m)
{
	size_t n = pdf_files(d), most = MIN(n, unpack_limits.files);
	AUTO_VAL(buf) name = buf_init(4 * FILE_PATH_MAX);

	m->failed += n - most;
	for (size_t i = 0; i < most; i++) {
		AUTO_VAL(buf) bytes = buf_init((size_t)MIN(m->left, m->o->text_max));
		bool whole;

		buf_reset(&name);
		whole = pdf_file_name(d, i, into_buf, &name) &&
		    pdf_file(d, i, bytes.max, into_buf, &bytes);
		pdf_emit(m, buf_peek(&name), buf_peek(&bytes), bytes.n, whole);
	}
}

/* What was left out, for whoever wonders why so little came of it. */
static void
end(struct output *o, const struct pages *pages, size_t failed_files)
{
	AUTO_VAL(buf) note = buf_init(WHY_MAX + 200);
	size_t bare = pages->fates[PDF_PAGE_BARE], unread = pages->fates[PDF_PAGE_UNREAD];

	if (!o->text_said)
		buf_str(&note, "no text layer");
	else if (bare)
		buf_printf(&note, "%zu of its %zu pages %s no text layer", bare, pages->all,
		    bare == 1 ? "has" : "have");
	if (pages->all > pages->read) {
		output_reason(o, EXTRACT_BOUND);
		buf_printf(&note, "%sonly its first %d pages of %zu were read",
		    note.n ? "; " : "", PDF_PAGES_MAX, pages->all);
	}
	if (unread)
		buf_printf(&note, "%s%zu of its %zu pages cannot be read", note.n ? "; " : "",
		    unread, pages->all);
	if (failed_files)
		buf_printf(&note, "%s%zu of the files in it cannot be taken out",
		    note.n ? "; " : "", failed_files);
	if (bare)
		output_reason(o, EXTRACT_PICTURES);
	output_end(o, buf_peek(&note));
}

bool
pdf_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO(pdf) *d = pdf_open(p, n, child_password());
	AUTO_VAL(document) out = document_init(o);
	struct pdf_emitting m = { .o = o,
		.left = MIN(unpack_limits.total,
		    unpack_limits.free + unpack_limits.ratio * (uint64_t)n) };
	struct pages pages = { 0 };

	if (!d)
		return err_set(e, ERR_DAMAGED,
		    "the PDF is damaged: what it says of its parts cannot be read");
	if (pdf_locked(d)) {
		output_field(o, "encrypted", "password", 8);
		return err_set(e, ERR_DENIED,
		    child_password() ? "it is encrypted, and the password does not open it" :
				       "it is encrypted: only a password opens this PDF");
	}
	say_fields(d, o);
	pages.all = pdf_pages(d);
	pages.read = MIN(pages.all, (size_t)PDF_PAGES_MAX);
	if (!pages.all)
		return err_set(
		    e, ERR_DAMAGED, "the PDF is damaged: it has no pages that can be found");
	add_pages(d, &out, &pages);
	if (pages.fates[PDF_PAGE_UNREAD] == pages.read)
		return err_set(
		    e, ERR_DAMAGED, "the PDF is damaged: none of its pages can be read");
	if (!document_end(&out, e))
		return false;
	emit_files(d, &m);
	pdf_emit_notes(p, n, &m);
	end(o, &pages, m.failed);
	return true;
}
