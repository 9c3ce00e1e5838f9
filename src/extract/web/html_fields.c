/* What a page says of itself: meta elements, links, JSON-LD (schema.org), Open Graph, the first <time> of an article. The first
 * that says a thing counts. */
#include <string.h>
#include <strings.h>

#include "extract/web/html_private.h"
#include "extract/text/json_scan_private.h"

enum { NOTES_MAX = 1 << 20, CREATORS_MAX = 1 << 16, AUTHOR_MAX = 1024 };

void
fields_init(struct page_fields *f, struct output *o)
{
	*f = (struct page_fields){ .o = o,
		.creators = buf_init(CREATORS_MAX),
		.notes = buf_init(NOTES_MAX),
		.author = buf_init(AUTHOR_MAX) };
}

void
fields_done(struct page_fields *f)
{
	buf_done(&f->creators);
	buf_done(&f->notes);
	buf_done(&f->author);
}

/* Said once, and no address of a profile. */
static void
say_creator(struct page_fields *f, const char *name, size_t n)
{
	const char *at = buf_peek(&f->creators), *end = at + f->creators.n;

	while (n && strchr(" \t\r\n", *name))
		name++, n--;
	while (n && strchr(" \t\r\n", name[n - 1]))
		n--;
	if (!n || f->creators.full || strncasecmp(name, "http", MIN(n, (size_t)4)) == 0)
		return;
	for (; at < end; at += strlen(at) + 1)
		if (strlen(at) == n && memcmp(at, name, n) == 0)
			return;
	buf_add(&f->creators, name, n);
	buf_byte(&f->creators, 0);
	output_field(f->o, "creator", name, n);
}

static void
say(struct page_fields *f, const char *field, const char *value, size_t n)
{
	if (strcmp(field, "creator") == 0)
		say_creator(f, value, n);
	else
		output_field(f->o, field, value, n);
}

/* <meta name>, <meta property> or <meta itemprop> -> field. Sorted by nothing: pages have few. */
static const struct said {
	const char *name, *field;
} metas[] = {
	{ "author", "creator" },
	{ "dc.creator", "creator" },
	{ "dcterms.creator", "creator" },
	{ "article:author", "creator" },
	{ "citation_author", "creator" },
	{ "parsely-author", "creator" },
	{ "description", "description" },
	{ "dc.description", "description" },
	{ "dcterms.description", "description" },
	{ "og:description", "description" },
	{ "date", "date" },
	{ "dc.date", "date" },
	{ "dc.date.issued", "date" },
	{ "dcterms.date", "date" },
	{ "dcterms.issued", "date" },
	{ "article:published_time", "date" },
	{ "citation_publication_date", "date" },
	{ "datePublished", "date" },
	{ "parsely-pub-date", "date" },
	{ "pubdate", "date" },
	{ "dcterms.created", "created" },
	{ "dateCreated", "created" },
	{ "article:modified_time", "modified" },
	{ "dateModified", "modified" },
	{ "dcterms.modified", "modified" },
	{ "last-modified", "modified" },
	{ "og:updated_time", "modified" },
	{ "dc.identifier", "identifier" },
	{ "dcterms.identifier", "identifier" },
	{ "og:url", "source" },
	{ "og:site_name", "publisher" },
	{ "dc.publisher", "publisher" },
	{ "dcterms.publisher", "publisher" },
	{ "dc.rights", "rights" },
	{ "dcterms.rights", "rights" },
	{ "generator", "software" },
	{ "keywords", "subject" },
};

void
fields_meta(struct page_fields *f, const xmlChar **atts)
{
	static const char *const kinds[] = { "name", "property", "itemprop", "http-equiv" };
	const char *name = NULL, *content = attribute(atts, "content");

	for (size_t i = 0; !name && i < LEN(kinds); i++)
		name = attribute(atts, kinds[i]);
	for (size_t i = 0; name && content && i < LEN(metas); i++)
		if (strcasecmp(metas[i].name, name) == 0)
			say(f, metas[i].field, content, strlen(content));
}

/* One of the words that an attribute lists. */
static bool
lists(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; at && *at; at += strcspn(at, " \t\r\n")) {
		at += strspn(at, " \t\r\n");
		if (strcspn(at, " \t\r\n") == n && strncasecmp(at, word, n) == 0)
			return true;
	}
	return false;
}

void
fields_link(struct page_fields *f, const xmlChar **atts)
{
	const char *rel = attribute(atts, "rel"), *href = attribute(atts, "href");

	if (href && lists(rel, "canonical"))
		output_field(f->o, "identifier", href, strlen(href));
}

bool
fields_is_notes(const xmlChar **atts)
{
	static const char type[] = "application/ld+json";
	const char *said = attribute(atts, "type");

	return said && strncasecmp(said, type, strlen(type)) == 0;
}

/* Names of schema.org, as they lead to a value. */
static const struct said notes[] = {
	{ "author", "creator" },
	{ "author/name", "creator" },
	{ "creator", "creator" },
	{ "creator/name", "creator" },
	{ "datePublished", "date" },
	{ "dateCreated", "created" },
	{ "dateModified", "modified" },
	{ "publisher", "publisher" },
	{ "publisher/name", "publisher" },
	{ "description", "description" },
};

static void
on_note(void *ctx, const char *path, const char *value, size_t n)
{
	static const char *const around[] = { "@graph/", "mainEntity/" };
	struct page_fields *f = ctx;

	for (size_t i = 0; i < LEN(around); i++)
		if (strncmp(path, around[i], strlen(around[i])) == 0)
			path += strlen(around[i]);
	for (size_t i = 0; i < LEN(notes); i++)
		if (strcmp(path, notes[i].name) == 0 && n)
			say(f, notes[i].field, value, n);
}

void
fields_notes_end(struct page_fields *f)
{
	static const struct json_events events = { .value = on_note };

	if (f->in_notes && !f->notes.full)
		(void)json_events(buf_peek(&f->notes), f->notes.n, &events, f);
	f->in_notes = f->notes.full = false;
	buf_reset(&f->notes);
}

void
fields_inline(struct page_fields *f, const struct element *el, const xmlChar **atts,
    size_t depth, unsigned place)
{
	const char *time;

	if (!atts)
		return;
	if (el->name[0] == 'a' && !f->author_depth && lists(attribute(atts, "rel"), "author"))
		f->author_depth = depth;
	if (*f->time || !(place & (IN_MAIN | IN_ARTICLE)) || place & IN_ASIDE ||
	    strcmp(el->name, "time") != 0)
		return;
	time = attribute(atts, "datetime");
	if (time && strlen(time) < sizeof f->time)
		memcpy(f->time, time, strlen(time) + 1);
}

void
fields_author_end(struct page_fields *f)
{
	f->author_depth = 0;
	say_creator(f, buf_peek(&f->author), f->author.n);
	f->author.full = false;
	buf_reset(&f->author);
}

void
fields_end(struct page_fields *f)
{
	output_field(f->o, "date", f->time, strlen(f->time));
}
