/* Books (EPUB 2 and 3): the container names the package document, its spine the pages in reading order; each page is HTML and goes
 * through the parser of html.c. Anchors name the page's path. */
#include <string.h>
#include <strings.h>

#include "extract/child/child_private.h"
#include "extract/office/office_private.h"
#include "extract/private.h"

enum { LISTS_MAX = 1 << 24, PAGE_MAX = 64 << 20 };

struct epub {
	const char *opf;
	char root[FILE_PATH_MAX + 1];
	struct buf items; /* of the manifest: id '\0' path '\0' */
	struct buf spine; /* ids in reading order, each with its zero byte */
	bool locked;      /* more than its fonts is encrypted */
};

static bool
on_container(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct epub *b = ctx;
	const char *path;

	(void)ns;
	if (strcmp(name, "rootfile") == 0 && !*b->root &&
	    (path = element_get(el, NS_ANY, "full-path")))
		package_path("", path, b->root);
	return true;
}

/* Fonts may be veiled: that is not what keeps a reader from reading. */
static bool
on_encryption(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct epub *b = ctx;
	const char *how;

	(void)ns;
	if (strcmp(name, "EncryptedKey") == 0)
		return false;
	if (strcmp(name, "EncryptionMethod") == 0 &&
	    (how = element_get(el, NS_ANY, "Algorithm")) && !strstr(how, "idpf.org") &&
	    !strstr(how, "ns.adobe.com"))
		b->locked = true;
	return true;
}

static void
add_item(struct epub *b, struct element *el)
{
	const char *id = element_get(el, NS_NONE, "id"),
		   *href = element_get(el, NS_NONE, "href");
	char path[FILE_PATH_MAX + 1];

	if (!id || !href || b->items.full)
		return;
	package_path(b->opf, href, path);
	buf_add(&b->items, id, strlen(id) + 1);
	buf_add(&b->items, path, strlen(path) + 1);
}

static bool
on_opf(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct epub *b = ctx;
	const char *id;

	(void)ns;
	if (strcmp(name, "item") == 0)
		add_item(b, el);
	if (strcmp(name, "itemref") == 0 && (id = element_get(el, NS_NONE, "idref")))
		buf_add(&b->spine, id, strlen(id) + 1);
	return strcmp(name, "metadata") != 0;
}

static bool
read_page(struct package *pk, const char *path, struct document *d, struct err *e)
{
	AUTO_VAL(buf) page = buf_init(PAGE_MAX);
	AUTO_VAL(buf) text = buf_init((size_t)d->o->text_max);
	char lost[LOST_NOTE] = "";
	struct err why;
	size_t from;

	if (!package_read(pk, path, &page, e) ||
	    (page.n && !html_text(page.p, page.n, &text, lost, e)))
		return false;
	if (*lost && !err_set(&why, ERR_DAMAGED, "%s", lost))
		package_note(pk, path, &why);
	if (!text.n)
		return true;
	document_break(d, 2);
	from = document_at(d);
	document_add(d, text.p, text.n);
	document_word(d, "part", path);
	document_anchor(d, from);
	return true;
}

static void
read_spine(struct package *pk, const struct epub *b, struct document *d)
{
	const char *id = buf_peek(&b->spine), *end = id + b->spine.n;

	for (; id < end; id += strlen(id) + 1) {
		const char *path = pairs_find(&b->items, id);
		struct err e;

		if (path && !read_page(pk, path, d, &e))
			package_note(pk, path, &e);
	}
}

static bool
is_embedded(const char *name)
{
	static const char *const ends[] = { ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg",
		".tif", ".tiff", ".bmp", ".mp3", ".m4a", ".mp4", ".m4v", ".ogg", ".opus",
		".webm", ".wav", ".pdf" };
	size_t n = strlen(name);

	for (size_t i = 0; i < LEN(ends); i++)
		if (n > strlen(ends[i]) && strcasecmp(name + n - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static bool
read_book(struct package *pk, struct epub *b, struct output *o, struct err *e)
{
	static const struct markup_events opf = { .start = on_opf };
	static const char format[] = "application/epub+zip";
	AUTO_VAL(document) d = document_init(o);

	b->opf = b->root;
	office_fields(pk, b->root, o);
	output_field(o, "format", format, strlen(format));
	if (b->locked) {
		output_field(o, "encrypted", "yes", 3);
		return err_set(e, ERR_DENIED, "the book is encrypted");
	}
	if (!package_markup(pk, b->root, &opf, b, e))
		return false;
	read_spine(pk, b, &d);
	return document_end(&d, e) && package_end(pk, is_embedded, o, e);
}

bool
epub_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct markup_events container = { .start = on_container };
	static const struct markup_events encryption = { .start = on_encryption };
	struct epub b = { .items = buf_init(LISTS_MAX), .spine = buf_init(LISTS_MAX) };
	struct package pk;
	bool ok, is_book;

	if (!package_open(&pk, p, n, e))
		return false;
	package_try(&pk, "META-INF/container.xml", &container, &b);
	package_try(&pk, "META-INF/encryption.xml", &encryption, &b);
	is_book = *b.root;
	ok = is_book && read_book(&pk, &b, o, e);
	package_done(&pk);
	buf_done(&b.items);
	buf_done(&b.spine);
	return is_book ? ok : packed_extract(p, n, o, e);
}
