/* WACZ 1 (specs.webrecorder.net/wacz): a ZIP of web archives, with a list of its parts and their digests, a list of pages, and perhaps a
 * signature (wacz-auth). Digests and signature are checked, the pages are the text, the archives come out as files. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/child/checksum_private.h"
#include "extract/child/child_private.h"
#include "extract/child/document_private.h"
#include "extract/text/json_scan_private.h"
#include "extract/office/package_private.h"
#include "extract/web/signed_private.h"

enum { LIST_MAX = 16 << 20, PAGES_MAX = 64 << 20, PIECE = 64 * 1024, RESOURCES_MAX = 10000 };

struct resource {
	char path[FILE_PATH_MAX + 1];
	char hash[160];
	bool seen, right;
	const char *kind; /* of its digest; NULL: none is stated that could be checked */
};

struct wacz {
	struct package pk;
	struct output *o;
	struct document d;
	bool is_wacz;
	struct buf resources; /* struct resource */
	struct resource at_hand;
	struct buf list; /* datapackage.json */
	struct buf key, signature, signed_hash, list_hash, domain, certificate;
	uint64_t pages, right, wrong;
	struct buf title, url, time, text; /* of the page at hand */
};

static void
keep(struct buf *b, const char *value, size_t n)
{
	buf_reset(b);
	buf_add(b, value, n);
}

/* ---- datapackage.json ---- */

static void
on_list(void *ctx, const char *path, const char *value, size_t n)
{
	static const struct {
		const char *path, *field;
	} fields[] = { { "title", "title" }, { "description", "description" },
		{ "created", "created" }, { "modified", "modified" },
		{ "software", "software" }, { "mainPageUrl", "source" } };
	struct wacz *w = ctx;

	w->is_wacz |= strcmp(path, "wacz_version") == 0;
	for (size_t i = 0; i < LEN(fields); i++)
		if (strcmp(fields[i].path, path) == 0 && n)
			output_field(w->o, fields[i].field, value, n);
	if (strcmp(path, "resources/path") == 0)
		snprintf(w->at_hand.path, sizeof w->at_hand.path, "%s", value);
	else if (strcmp(path, "resources/hash") == 0 ||
	    strcmp(path, "resources/stats/hash") == 0) /* of WACZ 1.0 */
		snprintf(w->at_hand.hash, sizeof w->at_hand.hash, "%s", value);
}

static void
on_list_end(void *ctx, const char *path)
{
	struct wacz *w = ctx;

	if (strcmp(path, "resources") != 0)
		return;
	buf_add(&w->resources, &w->at_hand, sizeof w->at_hand);
	memset(&w->at_hand, 0, sizeof w->at_hand);
}

/* ---- the signature ---- */

static void
on_digest(void *ctx, const char *path, const char *value, size_t n)
{
	struct wacz *w = ctx;
	const struct {
		const char *path;
		struct buf *to;
	} rows[] = { { "hash", &w->list_hash }, { "signedData/hash", &w->signed_hash },
		{ "signedData/signature", &w->signature }, { "signedData/publicKey", &w->key },
		{ "signedData/domain", &w->domain },
		{ "signedData/domainCert", &w->certificate } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcmp(rows[i].path, path) == 0)
			keep(rows[i].to, value, n);
}

static bool
list_has_hash(const struct wacz *w, const struct buf *hash)
{
	struct checksum c;

	if (!checksum_start(&c, buf_peek(hash)))
		return false;
	checksum_add(&c, w->list.p, w->list.n);
	return checksum_right(&c);
}

static void
say_good(struct wacz *w, struct buf *ret)
{
	if (w->certificate.n)
		buf_printf(ret,
		    "good by a certificate said to be of %.200s (who issued it was not checked)",
		    w->domain.n ? buf_peek(&w->domain) : "nobody");
	else
		buf_printf(ret, "good by key %.400s", buf_peek(&w->key));
}

static void
check_signature(struct wacz *w)
{
	AUTO_VAL(buf) says = buf_init(1024);
	const char *key = buf_peek(w->certificate.n ? &w->certificate : &w->key);
	enum signed_result result = SIGNED_UNKNOWN;

	if (!w->signature.n) {
		buf_str(&says, "none");
	} else if (!list_has_hash(w, &w->signed_hash)) {
		buf_str(&says, "bad: it is of another list of parts");
	} else {
		result = signed_check(key, buf_peek(&w->signature), buf_peek(&w->signed_hash));
		if (result == SIGNED_GOOD)
			say_good(w, &says);
		else
			buf_str(&says,
			    result == SIGNED_BAD ? "bad: it does not fit the key" :
						   "not checked: its kind of key is not known");
	}
	output_field(w->o, "signature", says.p, says.n);
}

static void
read_digest(struct wacz *w)
{
	static const struct json_events events = { .value = on_digest };
	AUTO_VAL(buf) bytes = buf_init(LIST_MAX);
	struct err e;

	if (package_has(&w->pk, "datapackage-digest.json")) {
		if (!package_read(&w->pk, "datapackage-digest.json", &bytes, &e) ||
		    !json_events(buf_peek(&bytes), bytes.n, &events, w))
			package_note(&w->pk, "datapackage-digest.json",
			    &(struct err){ ERR_DAMAGED, "it cannot be read" });
	}
	check_signature(w);
	if (!w->list_hash.n)
		return;
	if (list_has_hash(w, &w->list_hash))
		w->right++;
	else
		w->wrong++;
}

/* ---- pages ---- */

static void
on_page(void *ctx, const char *path, const char *value, size_t n)
{
	struct wacz *w = ctx;
	const struct {
		const char *path;
		struct buf *to;
	} rows[] = { { "title", &w->title }, { "url", &w->url }, { "ts", &w->time },
		{ "text", &w->text } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcmp(rows[i].path, path) == 0)
			keep(rows[i].to, value, n);
}

static void
add_line(struct document *d, const struct buf *b)
{
	if (!b->n)
		return;
	document_break(d, 1);
	document_add(d, b->p, b->n);
}

/* A line of JSON. The first one of a list is about the list, and has no address. */
static void
read_page(struct wacz *w, const char *part, const char *line, size_t n)
{
	static const struct json_events events = { .value = on_page };
	size_t from;

	buf_reset(&w->title);
	buf_reset(&w->url);
	buf_reset(&w->time);
	buf_reset(&w->text);
	if (!json_events(line, n, &events, w))
		package_note(&w->pk, part, &(struct err){ ERR_DAMAGED, "a line is no JSON" });
	if (!w->url.n)
		return;
	document_break(&w->d, 2);
	from = document_at(&w->d);
	add_line(&w->d, &w->title);
	add_line(&w->d, &w->url);
	add_line(&w->d, &w->time);
	add_line(&w->d, &w->text);
	document_number(&w->d, "entry", ++w->pages);
	document_word(&w->d, "part", part);
	document_anchor(&w->d, from);
}

static void
read_pages(struct wacz *w, const char *part, const struct buf *lines)
{
	const char *at = buf_peek(lines), *end = at + lines->n;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop : end) - at);

		if (n && strspn(at, " \t\r") < n)
			read_page(w, part, at, n);
		at += n + 1;
	}
}

/* ---- parts ---- */

static struct resource *
resource_of(struct wacz *w, const char *name)
{
	struct resource *all = (void *)w->resources.p;

	for (size_t i = 0; i < w->resources.n / sizeof *all; i++)
		if (!all[i].seen && strcmp(all[i].path, name) == 0)
			return &all[i];
	return NULL;
}

static bool
is_pages(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, "pages/", 6) == 0 && n > 6 && strcmp(name + n - 6, ".jsonl") == 0;
}

/* All of a part: to its digest, and into `to` if that is not NULL. */
static bool
read_part(archive *a, struct checksum *c, struct buf *to, uint64_t *left, struct err *e)
{
	static uint8_t piece[PIECE];

	for (;;) {
		la_ssize_t n = archive_read_data(a, piece, sizeof piece);

		if (n < 0)
			return archive_fail(a, "unpacking", e);
		if (n == 0)
			return true;
		if ((uint64_t)n > *left)
			return err_set(
			    e, ERR_TOO_BIG, "it unpacks to more than its size allows");
		*left -= (uint64_t)n;
		checksum_add(c, piece, (size_t)n);
		if (to)
			buf_add(to, piece, (size_t)n);
	}
}

static void
check_part(struct wacz *w, archive *a, const char *name, uint64_t *left)
{
	struct resource *r = resource_of(w, name);
	AUTO_VAL(buf) lines = buf_init(PAGES_MAX);
	struct checksum c = { 0 };
	struct err e;
	bool whole;

	if (!r && !is_pages(name))
		return;
	if (r && checksum_start(&c, r->hash))
		r->kind = checksum_name(&c);
	whole = read_part(a, &c, is_pages(name) ? &lines : NULL, left, &e);
	if (!whole)
		package_note(&w->pk, name, &e);
	if (lines.full)
		package_note(&w->pk, name,
		    &(struct err){
			ERR_TOO_BIG, "it is longer than is read of a list of pages" });
	if (r) {
		r->seen = true;
		r->right = whole && checksum_right(&c);
	}
	if (is_pages(name))
		read_pages(w, name, &lines);
}

static void
check_parts(struct wacz *w)
{
	uint64_t left = unpack_bound(w->pk.n);
	struct archive_entry *member;
	struct err e;
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, w->pk.p, w->pk.n, &e);

	while (a && archive_next_file(a, &member, &e) && member)
		check_part(w, a, archive_name(member), &left);
}

static void
say_parts(struct wacz *w)
{
	const struct resource *all = (const void *)w->resources.p;

	document_break(&w->d, 2);
	for (size_t i = 0; i < w->resources.n / sizeof *all; i++) {
		const struct resource *r = &all[i];
		size_t from;

		w->right += r->kind && r->right;
		w->wrong += !r->seen || (r->kind && !r->right);
		document_break(&w->d, 1);
		from = document_at(&w->d);
		document_str(&w->d, r->path);
		document_str(&w->d, "\t");
		document_str(&w->d, !r->seen ? "missing" : r->kind ? r->kind : "no digest");
		if (r->seen && r->kind)
			document_str(&w->d, r->right ? " right" : " wrong");
		document_word(&w->d, "part", r->path);
		document_anchor(&w->d, from);
	}
}

static void
say_counts(struct wacz *w)
{
	static const char format[] = "application/wacz";
	char n[24];

	output_field(w->o, "format", format, strlen(format));
	snprintf(n, sizeof n, "%llu", (unsigned long long)w->right);
	output_field(w->o, "digests_right", n, strlen(n));
	snprintf(n, sizeof n, "%llu", (unsigned long long)w->wrong);
	output_field(w->o, "digests_wrong", n, strlen(n));
}

/* What was made into text is no file of its own, nor are indexes, which others make anew from the archives. */
static bool
is_embedded(const char *name)
{
	return !is_pages(name) && strncmp(name, "indexes/", 8) != 0 &&
	    strncmp(name, "datapackage", 11) != 0;
}

static bool
read_wacz(struct wacz *w, struct err *e)
{
	static const struct json_events events = { on_list, on_list_end };

	if (!package_read(&w->pk, "datapackage.json", &w->list, e) ||
	    !json_events(buf_peek(&w->list), w->list.n, &events, w) || !w->is_wacz)
		return false;
	if (w->resources.full)
		package_note(&w->pk, "datapackage.json",
		    &(struct err){ ERR_TOO_BIG, "it lists more parts than are checked" });
	read_digest(w);
	check_parts(w);
	say_parts(w);
	say_counts(w);
	return document_end(&w->d, e) && package_end(&w->pk, is_embedded, w->o, e);
}

/* Other packages have a datapackage.json, too. */
bool
wacz_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct wacz w = { .o = o, .d = document_init(o) };
	struct buf *const small[] = { &w.key, &w.signature, &w.signed_hash, &w.list_hash,
		&w.domain, &w.certificate, &w.title, &w.url, &w.time };
	bool ok;

	for (size_t i = 0; i < LEN(small); i++)
		*small[i] = buf_init(64 * 1024);
	w.text = buf_init(PAGES_MAX);
	w.list = buf_init(LIST_MAX);
	w.resources = buf_init(RESOURCES_MAX * sizeof(struct resource));
	ok = package_open(&w.pk, p, n, e);
	if (ok) {
		ok = read_wacz(&w, e);
		package_done(&w.pk);
	}
	for (size_t i = 0; i < LEN(small); i++)
		buf_done(small[i]);
	buf_done(&w.text);
	buf_done(&w.list);
	buf_done(&w.resources);
	document_done(&w.d);
	return w.is_wacz ? ok : packed_extract(p, n, o, e);
}
