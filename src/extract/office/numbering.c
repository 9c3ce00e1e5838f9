/* Numbers before paragraphs (numbering_private.h): styles.xml and numbering.xml of OOXML. */
#include "extract/office/numbering_private.h"

#include <stdio.h>
#include <string.h>

enum { STYLES_MAX = 4096, LISTS_MAX = 4096, USES_MAX = 16384, ID = 64, CHAIN = 16 };

struct style {
	char id[ID], based[ID];
	size_t number, level;
	bool heading;
};

struct list { /* an abstractNum */
	size_t id;
	struct numbering_level levels[NUMBER_LEVELS];
	size_t counts[NUMBER_LEVELS];
	bool counting[NUMBER_LEVELS];
};

struct use { /* a num */
	size_t id, list;
	size_t restart[NUMBER_LEVELS]; /* NUMBER_NONE: goes on */
};

struct numbering
numbering_init(void)
{
	return (struct numbering){
		.styles = buf_init(STYLES_MAX * sizeof(struct style)),
		.lists = buf_init(LISTS_MAX * sizeof(struct list)),
		.uses = buf_init(USES_MAX * sizeof(struct use)),
	};
}

void
numbering_done(struct numbering *n)
{
	buf_done(&n->styles);
	buf_done(&n->lists);
	buf_done(&n->uses);
}

static struct style *
style_at(const struct numbering *n, size_t i)
{
	return (struct style *)(void *)n->styles.p + i;
}

static const struct style *
style_find(const struct numbering *n, const char *id)
{
	for (size_t i = 0; *id && i < n->n_styles; i++)
		if (strcmp(style_at(n, i)->id, id) == 0)
			return style_at(n, i);
	return NULL;
}

static void
copy(char *ret, size_t size, const char *value)
{
	snprintf(ret, size, "%s", value ? value : "");
}

static void
add_style(struct numbering *n, struct element *el)
{
	struct style s = { .number = NUMBER_NONE, .level = NUMBER_NONE };

	copy(s.id, sizeof s.id, element_get(el, NS_WORD, "styleId"));
	buf_add(&n->styles, &s, sizeof s);
	n->n_styles = n->styles.n / sizeof s;
}

static bool
on_style(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct numbering *n = ctx;
	struct style *s = n->n_styles ? style_at(n, n->n_styles - 1) : NULL;
	const char *value;

	if (ns != NS_WORD)
		return false;
	if (strcmp(name, "style") == 0) {
		add_style(n, el);
		return !n->styles.full;
	}
	if (!s)
		return strcmp(name, "styles") == 0;
	if (strcmp(name, "rPr") == 0 || strcmp(name, "tblStylePr") == 0)
		return false;
	value = element_get(el, NS_WORD, "val");
	if (strcmp(name, "basedOn") == 0)
		copy(s->based, sizeof s->based, value);
	else if (strcmp(name, "name") == 0)
		s->heading = value && strncasecmp(value, "heading ", 8) == 0;
	else if (strcmp(name, "outlineLvl") == 0)
		s->heading = true;
	else if (strcmp(name, "numId") == 0)
		s->number = element_number(el, NS_WORD, "val", 1 << 30, NUMBER_NONE);
	else if (strcmp(name, "ilvl") == 0)
		s->level = element_number(el, NS_WORD, "val", NUMBER_LEVELS - 1, 0);
	return true;
}

void
numbering_styles(struct numbering *n, struct package *pk, const char *part)
{
	static const struct markup_events events = { .start = on_style };

	package_try(pk, part, &events, n);
}

/* numbering.xml, being read. */
struct reading {
	struct numbering *n;
	struct list list;
	struct use use;
	size_t level;
	bool in_use;
};

static struct numbering_level *
level_at(struct reading *r)
{
	return &r->list.levels[r->level];
}

static void
start_list(struct reading *r, struct element *el)
{
	r->in_use = false;
	r->level = 0;
	r->list =
	    (struct list){ .id = element_number(el, NS_WORD, "abstractNumId", 1 << 30, 0) };
}

static void
start_use(struct reading *r, struct element *el)
{
	r->in_use = true;
	r->level = 0;
	r->use = (struct use){ .id = element_number(el, NS_WORD, "numId", 1 << 30, 0),
		.list = NUMBER_NONE };
	for (size_t i = 0; i < NUMBER_LEVELS; i++)
		r->use.restart[i] = NUMBER_NONE;
}

static bool
on_list(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct reading *r = ctx;

	if (ns != NS_WORD || strcmp(name, "rPr") == 0 || strcmp(name, "pPr") == 0)
		return false;
	if (strcmp(name, "abstractNum") == 0)
		start_list(r, el);
	else if (strcmp(name, "num") == 0)
		start_use(r, el);
	else if (strcmp(name, "lvl") == 0 || strcmp(name, "lvlOverride") == 0)
		r->level = element_number(el, NS_WORD, "ilvl", NUMBER_LEVELS - 1, 0);
	else if (strcmp(name, "startOverride") == 0)
		r->use.restart[r->level] =
		    element_number(el, NS_WORD, "val", 1 << 30, NUMBER_NONE);
	else if (strcmp(name, "abstractNumId") == 0)
		r->use.list = element_number(el, NS_WORD, "val", 1 << 30, NUMBER_NONE);
	else if (strcmp(name, "start") == 0 && !r->in_use)
		level_at(r)->start = element_number(el, NS_WORD, "val", 1 << 30, 1);
	else if (strcmp(name, "numFmt") == 0 && !r->in_use)
		copy(level_at(r)->format, sizeof level_at(r)->format,
		    element_get(el, NS_WORD, "val"));
	else if (strcmp(name, "lvlText") == 0 && !r->in_use)
		copy(level_at(r)->text, sizeof level_at(r)->text,
		    element_get(el, NS_WORD, "val"));
	return true;
}

static void
on_list_end(void *ctx, enum markup_ns ns, const char *name)
{
	struct reading *r = ctx;

	(void)ns;
	if (strcmp(name, "abstractNum") == 0) {
		buf_add(&r->n->lists, &r->list, sizeof r->list);
		r->n->n_lists = r->n->lists.n / sizeof r->list;
	} else if (strcmp(name, "num") == 0) {
		buf_add(&r->n->uses, &r->use, sizeof r->use);
		r->n->n_uses = r->n->uses.n / sizeof r->use;
	}
}

void
numbering_lists(struct numbering *n, struct package *pk, const char *part)
{
	static const struct markup_events events = { on_list, on_list_end, NULL };
	struct reading r = { .n = n };

	package_try(pk, part, &events, &r);
}

void
numbering_add_list(
    struct numbering *n, size_t id, const struct numbering_level *levels, size_t n_levels)
{
	struct list l = { .id = id };

	memcpy(l.levels, levels, MIN(n_levels, (size_t)NUMBER_LEVELS) * sizeof *levels);
	buf_add(&n->lists, &l, sizeof l);
	n->n_lists = n->lists.n / sizeof l;
}

void
numbering_add_use(struct numbering *n, size_t id, size_t list, const size_t *restart)
{
	struct use u = { .id = id, .list = list };

	memcpy(u.restart, restart, sizeof u.restart);
	buf_add(&n->uses, &u, sizeof u);
	n->n_uses = n->uses.n / sizeof u;
}

void
numbering_add_style(struct numbering *n, const char *id, const char *based, size_t number,
    size_t level, bool heading)
{
	struct style s = { .number = number, .level = level, .heading = heading };

	copy(s.id, sizeof s.id, id);
	copy(s.based, sizeof s.based, based);
	buf_add(&n->styles, &s, sizeof s);
	n->n_styles = n->styles.n / sizeof s;
}

/* What a style says itself, or the one it is based on. */
static void
inherit(const struct numbering *n, const char *style, size_t *number, size_t *level)
{
	const struct style *s = style_find(n, style);

	for (unsigned i = 0; s && i < CHAIN; i++, s = style_find(n, s->based)) {
		if (*level == NUMBER_NONE)
			*level = s->level;
		if (*number == NUMBER_NONE)
			*number = s->number;
	}
}

bool
numbering_style_is_heading(const struct numbering *n, const char *style)
{
	const struct style *s = style_find(n, style);

	return s && s->heading;
}

static struct use *
use_find(const struct numbering *n, size_t id)
{
	struct use *at = (struct use *)(void *)n->uses.p;

	for (size_t i = 0; i < n->n_uses; i++)
		if (at[i].id == id)
			return &at[i];
	return NULL;
}

static struct list *
list_find(const struct numbering *n, size_t id)
{
	struct list *at = (struct list *)(void *)n->lists.p;

	for (size_t i = 0; i < n->n_lists; i++)
		if (at[i].id == id)
			return &at[i];
	return NULL;
}

static void
roman(size_t v, char *ret, size_t size, char base)
{
	static const struct {
		size_t v;
		const char *letters;
	} rows[] = { { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" },
		{ 90, "xc" }, { 50, "l" }, { 40, "xl" }, { 10, "x" }, { 9, "ix" }, { 5, "v" },
		{ 4, "iv" }, { 1, "i" } };
	size_t at = 0;

	for (size_t i = 0; i < LEN(rows); i++)
		for (; v >= rows[i].v && at + 3 < size; v -= rows[i].v)
			for (const char *c = rows[i].letters; *c; c++)
				ret[at++] = (char)(*c - 'a' + base);
	ret[at] = 0;
}

void
numbering_write(char format, size_t v, char *ret, size_t size)
{
	char base = format == 'A' || format == 'I' ? 'A' : 'a';

	if ((format | 0x20) == 'a' && v > 0 && v <= 26 * 8) { /* z, aa, bb */
		size_t n = (v - 1) / 26 + 1;

		memset(ret, (char)(base + (char)((v - 1) % 26)), n);
		ret[n] = 0;
	} else if ((format | 0x20) == 'i' && v > 0 && v < 4000) {
		roman(v, ret, size, base);
	} else {
		snprintf(ret, size, format == '0' ? "%02zu" : "%zu", v);
	}
}

/* As numbering_write() calls it; 0: no number. */
static char
format_letter(const char *format)
{
	static const struct {
		const char *name;
		char letter;
	} rows[] = { { "none", 0 }, { "lowerLetter", 'a' }, { "upperLetter", 'A' },
		{ "lowerRoman", 'i' }, { "upperRoman", 'I' }, { "decimalZero", '0' } };

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcmp(rows[i].name, format) == 0)
			return rows[i].letter;
	return '1';
}

static void
write_label(const struct list *l, size_t level, char ret[NUMBER_LABEL])
{
	size_t at = 0;

	for (const char *c = l->levels[level].text; *c && at + 1 < NUMBER_LABEL; c++) {
		size_t of = c[0] == '%' && c[1] >= '1' && c[1] <= '9' ? (size_t)(c[1] - '1') :
									NUMBER_NONE;
		char number[32] = "", format;

		if (of == NUMBER_NONE || of > level) {
			ret[at++] = *c;
			continue;
		}
		format = format_letter(l->levels[of].format);
		if (format)
			numbering_write(format,
			    l->counting[of] ? l->counts[of] : l->levels[of].start, number,
			    sizeof number);
		at += (size_t)snprintf(ret + at, NUMBER_LABEL - at, "%s", number);
		at = MIN(at, (size_t)NUMBER_LABEL - 1);
		c++;
	}
	ret[at] = 0;
}

bool
numbering_next(
    struct numbering *n, const char *style, size_t number, size_t level, char ret[NUMBER_LABEL])
{
	struct use *use;
	struct list *l;

	inherit(n, style, &number, &level);
	level = level == NUMBER_NONE ? 0 : MIN(level, (size_t)NUMBER_LEVELS - 1);
	use = number == NUMBER_NONE || !number ? NULL : use_find(n, number);
	l = use ? list_find(n, use->list) : NULL;
	if (!l)
		return false;
	if (use->restart[level] != NUMBER_NONE) { /* once */
		l->counts[level] = use->restart[level];
		l->counting[level] = true;
		use->restart[level] = NUMBER_NONE;
	} else {
		l->counts[level] =
		    l->counting[level] ? l->counts[level] + 1 : l->levels[level].start;
		l->counting[level] = true;
	}
	for (size_t i = level + 1; i < NUMBER_LEVELS; i++)
		l->counting[i] = false;
	ret[0] = 0;
	if (strcmp(l->levels[level].format, "bullet") != 0)
		write_label(l, level, ret);
	return true;
}
