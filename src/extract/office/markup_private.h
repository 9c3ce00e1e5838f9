/* XML of office documents and books, as events: no tree, no entities but XML's own five, nothing from outside.
 * Names are known by what their namespace means, because one vocabulary goes by several addresses (transitional, strict,
 * drafts). Of mc:AlternateContent one branch is told. */
#ifndef EXTRACT_MARKUP_PRIVATE_H
#define EXTRACT_MARKUP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

enum markup_ns {
	NS_ANY, /* in a question: any at all */
	NS_NONE,
	NS_UNKNOWN,
	NS_WORD,
	NS_SHEET,
	NS_SLIDE,
	NS_DRAWING,
	NS_DIAGRAM,
	NS_CHART,
	NS_MATH,
	NS_VML,
	NS_LINK,      /* attributes that name a relationship */
	NS_RELATIONS, /* package relationships */
	NS_TYPES,
	NS_CORE,
	NS_APP,
	NS_DC,
	NS_TERMS,
	NS_COMPATIBLE,
	NS_OFFICE, /* from here on OpenDocument */
	NS_TEXT,
	NS_TABLE,
	NS_DRAW,
	NS_PRESENTATION,
	NS_META,
	NS_STYLE,
	NS_SVG,
	NS_MANIFEST,
	NS_OPF, /* from here on books and fixed pages */
	NS_CONTAINER,
	NS_ENCRYPTION,
	NS_FIXED,
	NS_FEED, /* from here on feeds: RSS of all versions, Atom */
	NS_CONTENT,
	NS_XHTML,
	NS_ITUNES,
};

struct element; /* an element that begins; gone when the event is over */
/* The value of an attribute: NULL if it is not there. Until the event is over. */
const char *element_get(struct element *el, enum markup_ns ns, const char *name);
/* As a number between 0 and max; `otherwise` if it is none. */
size_t element_number(
    struct element *el, enum markup_ns ns, const char *name, size_t max, size_t otherwise);

struct markup_events {
	/* False: neither this element nor anything in it is told further. Then its end is not told, either. */
	bool (*start)(void *ctx, enum markup_ns ns, const char *name, struct element *el);
	void (*end)(void *ctx, enum markup_ns ns, const char *name); /* may be NULL */
	void (*text)(void *ctx, const char *s, size_t n);            /* may be NULL */
	bool decoded; /* the bytes are UTF-8, whatever they declare */
	/* HTML's names for characters are known in text, too, as people use them; others stay as they are written. */
	bool html_names;
};

/* Gives the next bytes, up to n; 0 at the end, < 0 for an error. */
typedef int (*markup_read)(void *from, char *to, int n);

/* Tells all there is; false if it was not well-formed or ended too early: what was told stands. */
MUST bool markup_parse(
    markup_read read, void *from, const struct markup_events *events, void *ctx, struct err *e);

/* What a name of that namespace is in one's own table. 0 if it is not there. */
struct markup_name {
	enum markup_ns ns;
	const char *name;
	int role; /* > 0 */
};
int markup_role(const struct markup_name *names, size_t n, enum markup_ns ns, const char *name);

#endif
