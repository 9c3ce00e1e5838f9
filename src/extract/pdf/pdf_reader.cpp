/* poppler's C++ interface behind a C one. It is used rather than the one for C (poppler-glib), because that
 * neither shows form fields and notes nor gives text as pdftotext does (docs/decisions/0006-dependencies.md). */
#include "extract/pdf/pdf_reader_private.h"

#include <iconv.h>
#include <memory>
#include <cpp/poppler-document.h>
#include <cpp/poppler-embedded-file.h>
#include <cpp/poppler-global.h>
#include <cpp/poppler-image.h>
#include <cpp/poppler-page-renderer.h>
#include <cpp/poppler-page.h>
#include <stdlib.h>

struct pdf {
	std::unique_ptr<poppler::document> document;
	std::vector<poppler::embedded_file *> files; /* the document's */
};

/* An exception would end the process without a word. Lack of memory does so on purpose: see abort() in
 * main_pdf.c. */
template <typename work>
static bool
guarded(work run)
{
	try {
		return run();
	} catch (const std::bad_alloc &) {
		abort();
	} catch (...) {
		return false;
	}
}

static bool
give(const poppler::ustring &s, pdf_take *take, void *to)
{
	const poppler::byte_array b = s.to_utf8();

	if (!b.empty())
		take(to, b.data(), b.size());
	return true;
}

void
pdf_prepare(void)
{
	static const char blank[] =
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

	/* Not closed, so that the code of UTF-16 stays loaded. */
	(void)iconv_open("UTF-8", "UTF-16LE");
	(void)iconv_open("UTF-16LE", "UTF-8");
	poppler::set_debug_error_function([](const std::string &, void *) {}, nullptr);
	/* Nor is this: with the last document the library would drop its tables of names, which it has from files. */
	(void)pdf_open(blank, sizeof blank - 1, nullptr);
}

struct pdf *
pdf_open(const char *p, size_t n, const char *password)
{
	struct pdf *d = nullptr;

	guarded([&] {
		const std::string key(password ? password : "");
		std::unique_ptr<poppler::document> doc(
		    poppler::document::load_from_raw_data(p, (int)n, key, key));

		if (doc)
			d = new pdf{ std::move(doc), {} };
		return true;
	});
	return d;
}

void
pdf_close(struct pdf *d)
{
	delete d;
}

bool
pdf_locked(const struct pdf *d)
{
	return d->document->is_locked();
}

size_t
pdf_pages(const struct pdf *d)
{
	int n = d->document->pages();

	return n > 0 ? (size_t)n : 0;
}

bool
pdf_page(const struct pdf *d, size_t page, pdf_take *take, void *to)
{
	return guarded([&] {
		std::unique_ptr<poppler::page> p(d->document->create_page((int)page));

		return p &&
		    give(p->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout),
			take, to);
	});
}

void
pdf_says(const struct pdf *d, const char *key, pdf_take *take, void *to)
{
	guarded([&] { return give(d->document->info_key(key), take, to); });
}

void
pdf_xmp(const struct pdf *d, pdf_take *take, void *to)
{
	guarded([&] { return give(d->document->metadata(), take, to); });
}

void
pdf_identifier(const struct pdf *d, pdf_take *take, void *to)
{
	guarded([&] {
		std::string first, last;

		if (d->document->get_pdf_id(&first, &last))
			take(to, first.data(), first.size());
		return true;
	});
}

size_t
pdf_files(struct pdf *d)
{
	guarded([&] {
		if (d->files.empty() && d->document->has_embedded_files())
			d->files = d->document->embedded_files();
		return true;
	});
	return d->files.size();
}

static poppler::embedded_file *
file_at(const struct pdf *d, size_t i)
{
	poppler::embedded_file *f = i < d->files.size() ? d->files[i] : nullptr;

	return f && f->is_valid() ? f : nullptr;
}

bool
pdf_file_name(const struct pdf *d, size_t i, pdf_take *take, void *to)
{
	return guarded([&] {
		poppler::embedded_file *f = file_at(d, i);

		if (!f)
			return false;
		const std::string name = f->name();

		take(to, name.data(), name.size());
		return true;
	});
}

bool
pdf_file(const struct pdf *d, size_t i, size_t max, pdf_take *take, void *to)
{
	poppler::embedded_file *f = file_at(d, i);

	try { /* here lack of memory is one file's: its true size is known only when it is unpacked */
		if (!f || (f->size() > 0 && (size_t)f->size() > max))
			return false;
		const poppler::byte_array b = f->data();

		if (b.size() > max)
			return false;
		take(to, b.data(), b.size());
		return true;
	} catch (...) {
		return false;
	}
}

bool
pdf_page_size(const struct pdf *d, size_t page, double *ret_width, double *ret_height)
{
	return guarded([&] {
		std::unique_ptr<poppler::page> p(d->document->create_page((int)page));

		if (!p)
			return false;
		const poppler::rectf r = p->page_rect();
		const bool lies = p->orientation() == poppler::page::landscape ||
		    p->orientation() == poppler::page::seascape;

		*ret_width = lies ? r.height() : r.width();
		*ret_height = lies ? r.width() : r.height();
		return true;
	});
}

bool
pdf_draw(
    const struct pdf *d, size_t page, double dpi, bool grey, pdf_take_drawing *take, void *to)
{
	return guarded([&] {
		std::unique_ptr<poppler::page> p(d->document->create_page((int)page));
		poppler::page_renderer renderer;

		if (!p)
			return false;
		renderer.set_render_hint(poppler::page_renderer::antialiasing);
		renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
		renderer.set_image_format(
		    grey ? poppler::image::format_gray8 : poppler::image::format_rgb24);
		const poppler::image image = renderer.render_page(p.get(), dpi, dpi);

		if (!image.is_valid())
			return false;
		const struct pdf_drawing drawing = { image.const_data(), (size_t)image.width(),
			(size_t)image.height(), (size_t)image.bytes_per_row(), grey };

		take(to, &drawing);
		return true;
	});
}
