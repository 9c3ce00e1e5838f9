/* JSON Feed 1 and 1.1 (jsonfeed.org/version). */
#include <stdlib.h>
#include <string.h>

#include "extract/child/child_private.h"
#include "extract/web/feed_private.h"
#include "extract/text/json_scan_private.h"
#include "text/text.h"

static const char version[] = "https://jsonfeed.org/version/";

bool
feed_is_json(const void *p, size_t n)
{
	return n && *(const char *)p == '{' &&
	    memmem(p, MIN(n, (size_t)EXTRACT_SNIFF), version, strlen(version));
}

static const struct {
	const char *path;
	enum part part;
	bool html;
} rows[] = {
	{ "title", PART_TITLE, false },
	{ "description", PART_DESCRIPTION, false },
	{ "home_page_url", PART_LINK, false },
	{ "feed_url", PART_ID, false },
	{ "language", PART_LANGUAGE, false },
	{ "author/name", PART_AUTHOR, false },
	{ "authors/name", PART_AUTHOR, false },
	{ "items/title", PART_TITLE, false },
	{ "items/author/name", PART_AUTHOR, false },
	{ "items/authors/name", PART_AUTHOR, false },
	{ "items/date_published", PART_DATE, false },
	{ "items/date_modified", PART_MODIFIED, false },
	{ "items/url", PART_LINK, false },
	{ "items/external_url", PART_ENCLOSURE, false },
	{ "items/attachments/url", PART_ENCLOSURE, false },
	{ "items/id", PART_ID, false },
	{ "items/summary", PART_DESCRIPTION, false },
	{ "items/content_html", PART_CONTENT, true },
	{ "items/content_text", PART_CONTENT, false },
};

struct json_feed {
	struct document d;
	struct saying channel, entry;
	bool items; /* the second time: entries are written */
	uint64_t entries;
};

static void
on_value(void *ctx, const char *path, const char *value, size_t n)
{
	struct json_feed *f = ctx;
	bool item = strncmp(path, "items/", 6) == 0;

	for (size_t i = 0; item == f->items && i < LEN(rows); i++)
		if (strcmp(rows[i].path, path) == 0)
			saying_add(item ? &f->entry : &f->channel, rows[i].part, value, n,
			    rows[i].html);
}

static void
on_object(void *ctx, const char *path)
{
	struct json_feed *f = ctx;

	if (!f->items || strcmp(path, "items") != 0)
		return;
	feed_write(&f->entry, &f->d, ++f->entries);
	saying_reset(&f->entry);
}

bool
feed_json(const void *p, size_t n, struct output *o, struct err *e)
{
	static const struct json_events events = { on_value, on_object };
	struct json_feed f = { .d = document_init(o) };
	bool whole, ok;

	saying_init(&f.channel);
	saying_init(&f.entry);
	whole = json_events(p, n, &events, &f);
	feed_fields(&f.channel, o);
	feed_write(&f.channel, &f.d, 0);
	f.items = true;
	whole = json_events(p, n, &events, &f) && whole;
	ok = document_end(&f.d, e);
	if (ok)
		output_end(
		    o, whole ? "" : "the feed is damaged: what stands before it was read");
	saying_done(&f.channel);
	saying_done(&f.entry);
	document_done(&f.d);
	return ok;
}
