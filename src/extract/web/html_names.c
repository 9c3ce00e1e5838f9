/* Elements of HTML and what they are (html_private.h). */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "extract/web/html_private.h"

const char name_tbody[] = "tbody", name_head[] = "head", name_body[] = "body",
	   name_table[] = "table", name_tr[] = "tr";

/* Sorted by name. What is not listed is INLINE. */
static const struct element elements[] = {
	{ "a", INLINE, IN_LINK },
	{ "address", BLOCK },
	{ "article", BLOCK, IN_ARTICLE },
	{ "aside", BLOCK, IN_ASIDE },
	{ "audio", SKIP },
	{ "blockquote", BLOCK },
	{ name_body, LINE },
	{ "br", BR },
	{ "canvas", SKIP },
	{ "caption", LINE },
	{ "center", LINE },
	{ "dd", LINE },
	{ "details", LINE },
	{ "dialog", BLOCK },
	{ "dir", LINE },
	{ "div", LINE },
	{ "dl", LINE },
	{ "dt", LINE },
	{ "fieldset", BLOCK },
	{ "figcaption", LINE },
	{ "figure", BLOCK },
	{ "footer", BLOCK, IN_ASIDE },
	{ "form", LINE },
	{ "h1", BLOCK },
	{ "h2", BLOCK },
	{ "h3", BLOCK },
	{ "h4", BLOCK },
	{ "h5", BLOCK },
	{ "h6", BLOCK },
	{ name_head, INLINE },
	{ "header", BLOCK },
	{ "hr", BLOCK },
	{ "html", HTML },
	{ "iframe", SKIP },
	{ "legend", LINE },
	{ "li", LINE },
	{ "link", LINK },
	{ "main", BLOCK, IN_MAIN },
	{ "math", INLINE, IN_DRAWING },
	{ "menu", LINE },
	{ "meta", META },
	{ "nav", BLOCK, IN_ASIDE },
	{ "noembed", SKIP },
	{ "noframes", SKIP },
	{ "noscript", SKIP },
	{ "object", SKIP },
	{ "ol", LINE },
	{ "option", LINE },
	{ "p", BLOCK },
	{ "pre", PRE },
	{ "script", SKIP },
	{ "section", BLOCK },
	{ "style", SKIP },
	{ "summary", LINE },
	{ "svg", SVG, IN_DRAWING },
	{ name_table, BLOCK },
	{ name_tbody, LINE },
	{ "td", CELL },
	{ "template", SKIP },
	{ "textarea", PRE },
	{ "tfoot", LINE },
	{ "th", CELL },
	{ "thead", LINE },
	{ "title", TITLE },
	{ name_tr, ROW },
	{ "ul", LINE },
	{ "video", SKIP },
};

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

/* Other names may hold what a path cannot, as "o:p" does. */
static bool
is_plain(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && !name[n] && n <= 32 && *name >= 'a';
}

const struct known *
known_get(struct known_names *k, const xmlChar *name)
{
	enum { TRIES = 8 };
	size_t at = (uintptr_t)name >> 3;
	struct known *slot = &k->slots[at % KNOWN_SLOTS];
	const struct element *row;

	for (size_t i = 0; slot->name && i < TRIES; i++) {
		slot = &k->slots[(at + i) % KNOWN_SLOTS];
		if (slot->name == name)
			return slot;
	}
	row = bsearch(name, elements, LEN(elements), sizeof *elements, compare);
	slot->name = name;
	slot->element = row ? *row : (struct element){ .name = (const char *)name };
	slot->plain = row || is_plain((const char *)name);
	slot->alone = strcmp((const char *)name, "html") == 0 ||
	    strcmp((const char *)name, "head") == 0 || strcmp((const char *)name, "body") == 0;
	slot->implied = strcmp((const char *)name, "p") == 0 && !xmlDictOwns(k->dict, name);
	return slot;
}

const char *
attribute(const xmlChar **atts, const char *name)
{
	for (size_t i = 0; atts && atts[i]; i += 2)
		if ((atts[i][0] | 0x20) == name[0] &&
		    strcasecmp((const char *)atts[i], name) == 0)
			return atts[i + 1] ? (const char *)atts[i + 1] : "";
	return NULL;
}

struct common_atts
attributes_common(const xmlChar **atts)
{
	struct common_atts ret = { 0 };

	for (size_t i = 0; atts && atts[i]; i += 2) {
		const char *name = (const char *)atts[i],
			   *value = atts[i + 1] ? (const char *)atts[i + 1] : "";

		if (name[0] == 'h' && !ret.hidden && strcmp(name, "hidden") == 0)
			ret.hidden = value;
		else if (name[0] == 'r' && !ret.role && strcmp(name, "role") == 0)
			ret.role = value;
	}
	return ret;
}
