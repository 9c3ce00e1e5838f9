/* Numbers of lists and headings (odf_lists_private.h). */
#include "extract/office/odf_lists_private.h"

#include <stdio.h>
#include <string.h>

enum { STYLES_MAX = 4096, AFFIX = 16 };

struct level {
	char format; /* '1', 'a', 'A', 'i', 'I'; 0: no number */
	char prefix[AFFIX], suffix[AFFIX];
	size_t shown; /* levels that the number holds */
	size_t start;
};

struct style {
	char name[ODF_NAME]; /* "" for that of the headings */
	struct level levels[ODF_LEVELS];
	size_t counts[ODF_LEVELS];
	bool counting[ODF_LEVELS];
};

struct odf_lists
odf_lists_init(void)
{
	return (struct odf_lists){ .styles = buf_init(STYLES_MAX * sizeof(struct style)),
		.filling = NUMBER_NONE };
}

void
odf_lists_done(struct odf_lists *l)
{
	buf_done(&l->styles);
}

static struct style *
style_at(const struct odf_lists *l, size_t i)
{
	return i == NUMBER_NONE ? NULL : (struct style *)(void *)l->styles.p + i;
}

static size_t
style_find(const struct odf_lists *l, const char *name)
{
	for (size_t i = l->n_styles; i > 0; i--) /* a document's own come last, and count */
		if (strcmp(style_at(l, i - 1)->name, name) == 0)
			return i - 1;
	return NUMBER_NONE;
}

static void
copy(char *ret, size_t size, const char *value)
{
	snprintf(ret, size, "%s", value ? value : "");
}

static void
add_style(struct odf_lists *l, const char *name)
{
	struct style s = { 0 };

	copy(s.name, sizeof s.name, name);
	l->filling = NUMBER_NONE;
	if (l->n_styles == STYLES_MAX)
		return;
	buf_add(&l->styles, &s, sizeof s);
	l->filling = l->n_styles++;
}

static void
add_level(struct odf_lists *l, struct element *el)
{
	struct style *s = style_at(l, l->filling);
	size_t at = element_number(el, NS_TEXT, "level", ODF_LEVELS, 0);
	const char *format = element_get(el, NS_STYLE, "num-format");
	struct level *to;

	if (!s || !at)
		return;
	to = &s->levels[at - 1];
	to->format = format && *format && strchr("1aAiI", *format) ? *format : 0;
	copy(to->prefix, sizeof to->prefix, element_get(el, NS_STYLE, "num-prefix"));
	copy(to->suffix, sizeof to->suffix, element_get(el, NS_STYLE, "num-suffix"));
	to->shown = element_number(el, NS_TEXT, "display-levels", ODF_LEVELS, 1);
	to->start = element_number(el, NS_TEXT, "start-value", 1 << 30, 1);
}

void
odf_lists_style(struct odf_lists *l, enum markup_ns ns, const char *name, struct element *el)
{
	if (ns != NS_TEXT)
		return;
	if (strcmp(name, "list-style") == 0)
		add_style(l, element_get(el, NS_STYLE, "name"));
	else if (strcmp(name, "outline-style") == 0)
		add_style(l, "");
	else if (strcmp(name, "list-level-style-number") == 0 ||
	    strcmp(name, "outline-level-style") == 0)
		add_level(l, el);
}

void
odf_list_start(struct odf_lists *l, struct element *el)
{
	const char *name = element_get(el, NS_TEXT, "style-name"),
		   *on = element_get(el, NS_TEXT, "continue-numbering");
	size_t id = name                           ? style_find(l, name) :
	    l->depth > 0 && l->depth <= ODF_LEVELS ? l->open[l->depth - 1] :
						     NUMBER_NONE;
	struct style *s = style_at(l, id);

	l->label[0] = 0;
	if (l->depth++ >= ODF_LEVELS)
		return;
	l->open[l->depth - 1] = id;
	if (s && l->depth == 1 && !(on && strcmp(on, "true") == 0) &&
	    !element_get(el, NS_TEXT, "continue-list"))
		memset(s->counting, 0, sizeof s->counting);
}

void
odf_list_end(struct odf_lists *l)
{
	l->depth -= l->depth > 0;
	l->label[0] = 0;
}

static void
count(struct style *s, size_t level, size_t restart)
{
	if (restart != NUMBER_NONE)
		s->counts[level] = restart;
	else
		s->counts[level] =
		    s->counting[level] ? s->counts[level] + 1 : s->levels[level].start;
	s->counting[level] = true;
	for (size_t i = level + 1; i < ODF_LEVELS; i++)
		s->counting[i] = false;
}

/* The numbers of as many levels as the style shows, with stops between; those without a number are passed over. */
static void
write_label(const struct style *s, size_t level, char ret[NUMBER_LABEL])
{
	const struct level *of = &s->levels[level];
	size_t shown = MIN(MAX(of->shown, (size_t)1), level + 1), at;
	bool first = true;

	at = (size_t)snprintf(ret, NUMBER_LABEL, "%s", of->prefix);
	for (size_t i = level + 1 - shown; i <= level && at < NUMBER_LABEL - 1; i++) {
		char number[32];

		if (!s->levels[i].format)
			continue;
		numbering_write(s->levels[i].format,
		    s->counting[i] ? s->counts[i] : s->levels[i].start, number, sizeof number);
		at += (size_t)snprintf(
		    ret + at, NUMBER_LABEL - at, "%s%s", first ? "" : ".", number);
		first = false;
	}
	if (at < NUMBER_LABEL - 1)
		snprintf(ret + at, NUMBER_LABEL - at, "%s", of->suffix);
}

static void
next(struct style *s, size_t level, size_t restart, char ret[NUMBER_LABEL])
{
	ret[0] = 0;
	count(s, level, restart);
	if (s->levels[level].format)
		write_label(s, level, ret);
}

void
odf_list_item(struct odf_lists *l, struct element *el)
{
	struct style *s =
	    l->depth > 0 && l->depth <= ODF_LEVELS ? style_at(l, l->open[l->depth - 1]) : NULL;

	l->label[0] = 0;
	if (s)
		next(s, l->depth - 1,
		    element_number(el, NS_TEXT, "start-value", 1 << 30, NUMBER_NONE), l->label);
}

const char *
odf_list_label(struct odf_lists *l, bool heading, struct element *el)
{
	size_t level =
	    heading ? element_number(el, NS_TEXT, "outline-level", ODF_LEVELS, 0) : 0;
	struct style *s = level && !l->depth ? style_at(l, style_find(l, "")) : NULL;

	memcpy(l->said, l->label, sizeof l->said);
	l->label[0] = 0;
	if (s && s->levels[level - 1].format)
		next(s, level - 1,
		    element_number(el, NS_TEXT, "start-value", 1 << 30, NUMBER_NONE), l->said);
	return l->said;
}
