/* XML as events (markup_private.h), by libxml2. Without XML_PARSE_HUGE the parser itself bounds depth (256), names
 * and lookahead; without entity handlers nothing that a document defines is ever expanded. */
#include "extract/office/markup_private.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "extract/text/json_scan_private.h"

enum { DEPTH = 300, VALUES = 64 * 1024, SEEN = 16 };

struct element {
	const xmlChar **at; /* five of each attribute */
	int n;
	struct buf *values;
};

enum { DECLARED_MAX = 64, VALUE_MAX = 1000, EXPANDED_MAX = 1 << 20 };

struct parse {
	const struct markup_events *events;
	void *ctx;
	struct buf values;
	unsigned depth, skipped; /* skipped: 0, or the depth of what is not told */
	xmlParserCtxtPtr x;
	xmlEntity entity;            /* the last one asked for */
	struct buf declared;         /* entities of its own: name '\0' value '\0' */
	size_t n_declared, expanded; /* expanded: bytes that came of them */
	struct buf meaning;
	bool chosen[DEPTH]; /* a branch of the alternatives at that depth was told */
	struct {
		const xmlChar *uri;
		enum markup_ns ns;
	} seen[SEEN];
};

#define OOXML "http://schemas.openxmlformats.org/"
#define STRICT "http://purl.oclc.org/ooxml/"
#define ODF "urn:oasis:names:tc:opendocument:xmlns:"
static const struct {
	const char *uri;
	enum markup_ns ns;
} spaces[] = {
	{ OOXML "wordprocessingml/2006/main", NS_WORD },
	{ STRICT "wordprocessingml/main", NS_WORD },
	{ OOXML "wordprocessingml/2006/5/main", NS_WORD },
	{ OOXML "spreadsheetml/2006/main", NS_SHEET },
	{ STRICT "spreadsheetml/main", NS_SHEET },
	{ OOXML "spreadsheetml/2006/5/main", NS_SHEET },
	{ OOXML "presentationml/2006/main", NS_SLIDE },
	{ STRICT "presentationml/main", NS_SLIDE },
	{ OOXML "drawingml/2006/main", NS_DRAWING },
	{ STRICT "drawingml/main", NS_DRAWING },
	{ OOXML "drawingml/2006/diagram", NS_DIAGRAM },
	{ STRICT "drawingml/diagram", NS_DIAGRAM },
	{ OOXML "drawingml/2006/chart", NS_CHART },
	{ STRICT "drawingml/chart", NS_CHART },
	{ OOXML "officeDocument/2006/math", NS_MATH },
	{ STRICT "officeDocument/math", NS_MATH },
	{ "urn:schemas-microsoft-com:vml", NS_VML },
	{ OOXML "officeDocument/2006/relationships", NS_LINK },
	{ STRICT "officeDocument/relationships", NS_LINK },
	{ OOXML "package/2006/relationships", NS_RELATIONS },
	{ OOXML "package/2006/content-types", NS_TYPES },
	{ OOXML "package/2006/metadata/core-properties", NS_CORE },
	{ OOXML "officeDocument/2006/extended-properties", NS_APP },
	{ STRICT "officeDocument/extendedProperties", NS_APP },
	{ "http://purl.org/dc/elements/1.1/", NS_DC },
	{ "http://purl.org/dc/terms/", NS_TERMS },
	{ OOXML "markup-compatibility/2006", NS_COMPATIBLE },
	{ ODF "office:1.0", NS_OFFICE },
	{ ODF "text:1.0", NS_TEXT },
	{ ODF "table:1.0", NS_TABLE },
	{ ODF "drawing:1.0", NS_DRAW },
	{ ODF "presentation:1.0", NS_PRESENTATION },
	{ ODF "meta:1.0", NS_META },
	{ ODF "style:1.0", NS_STYLE },
	{ ODF "svg-compatible:1.0", NS_SVG },
	{ ODF "manifest:1.0", NS_MANIFEST },
	{ "http://openoffice.org/2000/office", NS_OFFICE },
	{ "http://openoffice.org/2000/text", NS_TEXT },
	{ "http://openoffice.org/2000/table", NS_TABLE },
	{ "http://openoffice.org/2000/drawing", NS_DRAW },
	{ "http://openoffice.org/2000/meta", NS_META },
	{ "http://openoffice.org/2001/manifest", NS_MANIFEST },
	{ "http://www.idpf.org/2007/opf", NS_OPF },
	{ "urn:oasis:names:tc:opendocument:xmlns:container", NS_CONTAINER },
	{ "http://www.w3.org/2001/04/xmlenc#", NS_ENCRYPTION },
	{ "http://schemas.microsoft.com/xps/2005/06", NS_FIXED },
	{ "http://schemas.openxps.org/oxps/v1.0", NS_FIXED },
	{ "http://www.w3.org/2005/Atom", NS_FEED },
	{ "http://purl.org/atom/ns#", NS_FEED },
	{ "http://purl.org/rss/1.0/", NS_FEED },
	{ "http://my.netscape.com/rdf/simple/0.9/", NS_FEED },
	{ "http://channel.netscape.com/rdf/simple/0.9/", NS_FEED },
	{ "http://backend.userland.com/rss", NS_FEED },
	{ "http://backend.userland.com/rss2", NS_FEED },
	{ "http://backend.userland.com/RSS2", NS_FEED },
	{ "http://backend.userland.com/rss2.1", NS_FEED },
	{ "http://purl.org/echo/", NS_FEED },
	{ "http://purl.org/pie/", NS_FEED },
	{ "http://blogs.law.harvard.edu/tech/rss", NS_FEED },
	{ "http://cyber.law.harvard.edu/rss/rss.html", NS_FEED },
	{ "http://my.netscape.com/publish/formats/rss-0.91.dtd", NS_FEED },
	{ "http://purl.org/net/rss1.1#", NS_FEED },
	{ "http://www.w3.org/1999/02/22-rdf-syntax-ns#", NS_FEED },
	{ "http://purl.org/rss/1.0/modules/content/", NS_CONTENT },
	{ "http://www.w3.org/1999/xhtml", NS_XHTML },
	{ "http://www.itunes.com/DTDs/PodCast-1.0.dtd", NS_ITUNES },
	{ "http://www.itunes.com/DTDs/Podcast-1.0.dtd", NS_ITUNES },
	{ "http://www.itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES },
};

static enum markup_ns
look_up(const xmlChar *uri)
{
	for (size_t i = 0; i < LEN(spaces); i++)
		if (strcmp(spaces[i].uri, (const char *)uri) == 0)
			return spaces[i].ns;
	return NS_UNKNOWN;
}

/* The parser keeps one copy of each address, so that a pointer tells it. */
static enum markup_ns
space_of(struct parse *p, const xmlChar *uri)
{
	size_t slot = ((size_t)uri >> 4) % SEEN;

	if (!uri)
		return NS_NONE;
	if (p->seen[slot].uri != uri) {
		p->seen[slot].uri = uri;
		p->seen[slot].ns = look_up(uri);
	}
	return p->seen[slot].ns;
}

const char *
element_get(struct element *el, enum markup_ns ns, const char *name)
{
	for (int i = 0; i < el->n; i++) {
		const xmlChar **a = el->at + 5 * i;
		size_t before = el->values->n;

		if (strcmp((const char *)a[0], name) != 0)
			continue;
		if (ns != NS_ANY && (a[2] ? look_up(a[2]) : NS_NONE) != ns)
			continue;
		buf_add(el->values, a[3], (size_t)(a[4] - a[3]));
		buf_byte(el->values, 0);
		if (!el->values->full)
			return (const char *)el->values->p + before;
		el->values->n = before; /* longer than anything that is asked for here */
		el->values->full = false;
		return NULL;
	}
	return NULL;
}

size_t
element_number(
    struct element *el, enum markup_ns ns, const char *name, size_t max, size_t otherwise)
{
	const char *value = element_get(el, ns, name);
	unsigned long long v;
	char *end;

	if (!value || *value < '0' || *value > '9')
		return otherwise;
	v = strtoull(value, &end, 10);
	return *end ? otherwise : v > max ? max : (size_t)v;
}

/* Of alternatives the first is taken, else what is there to fall back to: never two, or a text box came twice. */
static bool
is_told(struct parse *p, enum markup_ns ns, const char *name)
{
	bool *chosen = &p->chosen[p->depth - 1];

	if (ns != NS_COMPATIBLE)
		return true;
	if (strcmp(name, "AlternateContent") == 0 && p->depth < DEPTH)
		p->chosen[p->depth] = false;
	if (strcmp(name, "Choice") != 0 && strcmp(name, "Fallback") != 0)
		return true;
	if (*chosen)
		return false;
	return *chosen = true;
}

static void
on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int n_ns,
    const xmlChar **namespaces, int n, int n_defaulted, const xmlChar **attributes)
{
	struct parse *p = ctx;
	struct element el = { attributes, n, &p->values };
	enum markup_ns ns;

	(void)prefix, (void)n_ns, (void)namespaces, (void)n_defaulted;
	p->depth++;
	if (p->skipped)
		return;
	ns = space_of(p, uri);
	buf_reset(&p->values);
	if (p->depth >= DEPTH || !is_told(p, ns, (const char *)local) ||
	    (ns != NS_COMPATIBLE && !p->events->start(p->ctx, ns, (const char *)local, &el)))
		p->skipped = p->depth;
}

static void
on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct parse *p = ctx;
	enum markup_ns ns;

	(void)prefix;
	if (!p->skipped) {
		ns = space_of(p, uri);
		if (ns != NS_COMPATIBLE && p->events->end)
			p->events->end(p->ctx, ns, (const char *)local);
	} else if (p->skipped == p->depth) {
		p->skipped = 0;
	}
	p->depth--;
}

static void
on_text(void *ctx, const xmlChar *s, int n)
{
	struct parse *p = ctx;

	if (!p->skipped && p->events->text && n > 0)
		p->events->text(p->ctx, (const char *)s, (size_t)n);
}

/* An entity that the document declares for itself, if it is plain text: what holds markup or other entities stays as it is
 * written. So one costs no more than its own bytes, and all together no more than EXPANDED_MAX. */
static void
on_declared(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
    const xmlChar *system_id, xmlChar *content)
{
	struct parse *p = ctx;
	const char *value = (const char *)content;

	(void)public_id;
	if (type != XML_INTERNAL_GENERAL_ENTITY || system_id || !value ||
	    p->n_declared == DECLARED_MAX || strlen(value) > VALUE_MAX ||
	    value[strcspn(value, "<&")])
		return;
	p->n_declared++;
	buf_add(&p->declared, name, strlen((const char *)name) + 1);
	buf_add(&p->declared, value, strlen(value) + 1);
}

/* Its value; NULL: it has none. The first declaration counts. */
static const char *
declared_value(struct parse *p, const char *name)
{
	const char *at = buf_peek(&p->declared), *end = at + p->declared.n, *value;

	while (at < end) {
		value = at + strlen(at) + 1;
		if (strcmp(at, name) == 0 && p->expanded < EXPANDED_MAX) {
			p->expanded += strlen(value) + 1;
			return value;
		}
		at = value + strlen(value) + 1;
	}
	return NULL;
}

/* What the parser would ask its document for. As one of XML's own five it is put into the text at once; in an
 * attribute it would be cut to a byte. */
static xmlEntityPtr
on_entity(void *ctx, const xmlChar *name)
{
	struct parse *p = ctx;
	const htmlEntityDesc *found = htmlEntityLookup(name);
	const char *own;

	if (p->x->instate == XML_PARSER_ATTRIBUTE_VALUE)
		return NULL;
	own = declared_value(p, (const char *)name);
	buf_reset(&p->meaning);
	if (own)
		buf_str(&p->meaning, own);
	else if (found)
		scan_put_character(&p->meaning, found->value);
	else
		buf_printf(&p->meaning, "&%.60s;", (const char *)name);
	p->entity = (xmlEntity){ .type = XML_ENTITY_DECL,
		.name = name,
		.content = p->meaning.p,
		.orig = p->meaning.p, /* else the parser leaves us its own copy to free */
		.length = (int)p->meaning.n,
		.etype = XML_INTERNAL_PREDEFINED_ENTITY };
	return &p->entity;
}

static int
on_close(void *ctx)
{
	(void)ctx;
	return 0;
}

/* Else some errors would be printed, which a confined process must not try. */
static void
quiet(void *ctx, const char *message, ...)
{
	(void)ctx, (void)message;
}

bool
markup_parse(
    markup_read read, void *from, const struct markup_events *events, void *ctx, struct err *e)
{
	static const int options =
	    XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET;
	xmlSAXHandler sax = {
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.initialized = XML_SAX2_MAGIC,
	};
	struct parse p = { .events = events,
		.ctx = ctx,
		.values = buf_init(VALUES),
		.meaning = buf_init(VALUE_MAX + 8),
		.declared = buf_init((size_t)DECLARED_MAX * 2 * VALUE_MAX) };
	xmlParserCtxtPtr x;
	bool whole;
	int error;

	(void)buf_space(
	    &p.values, VALUES - 1); /* at once, so that values stay where they are */
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, quiet);
	x = xmlNewParserCtxt();
	if (!x)
		return err_set(e, ERR_SYSTEM, "no memory for the XML parser");
	if (events->html_names) {
		sax.getEntity = on_entity;
		sax.entityDecl = on_declared;
	}
	*x->sax = sax;
	x->userData = &p;
	p.x = x;
	xmlCtxtReadIO(x, read, on_close, from, NULL, events->decoded ? "UTF-8" : NULL,
	    events->decoded ? options | XML_PARSE_IGNORE_ENC : options);
	whole = x->wellFormed;
	error = x->errNo;
	if (x->myDoc) /* where its own declarations went */
		xmlFreeDoc(x->myDoc);
	x->myDoc = NULL;
	xmlFreeParserCtxt(x);
	buf_done(&p.values);
	buf_done(&p.meaning);
	buf_done(&p.declared);
	return whole || err_set(e, ERR_DAMAGED, "the markup is damaged (error %d)", error);
}

int
markup_role(const struct markup_name *names, size_t n, enum markup_ns ns, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].ns == ns && names[i].name[0] == name[0] &&
		    strcmp(names[i].name, name) == 0)
			return names[i].role;
	return 0;
}
