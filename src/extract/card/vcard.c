/* vCard 2.1, 3.0 and 4.0: each property is a line, in the card's order. */
#include <string.h>

#include "extract/child/content_private.h"

enum kind { TEXT, LIST, PARTS, NAME, DATE, BINARY, NOTHING };

/* PARTS: components behind semicolons that are put together with commas. What is not listed is TEXT under its own name. */
static const struct property {
	const char *name, *label;
	enum kind kind;
} properties[] = {
	{ "FN", "Name", TEXT },
	{ "N", "Full name", NAME },
	{ "NICKNAME", "Nickname", LIST },
	{ "ORG", "Organisation", PARTS },
	{ "TITLE", "Title", TEXT },
	{ "ROLE", "Role", TEXT },
	{ "TEL", "Telephone", TEXT },
	{ "EMAIL", "Email", TEXT },
	{ "ADR", "Address", PARTS },
	{ "LABEL", "Address label", TEXT },
	{ "URL", "Web page", TEXT },
	{ "IMPP", "Messaging", TEXT },
	{ "BDAY", "Birthday", DATE },
	{ "BIRTHPLACE", "Place of birth", TEXT },
	{ "DEATHDATE", "Died", DATE },
	{ "DEATHPLACE", "Place of death", TEXT },
	{ "ANNIVERSARY", "Anniversary", DATE },
	{ "GENDER", "Gender", PARTS },
	{ "LANG", "Language", TEXT },
	{ "TZ", "Time zone", TEXT },
	{ "GEO", "Position", TEXT },
	{ "NOTE", "Note", TEXT },
	{ "CATEGORIES", "Categories", LIST },
	{ "RELATED", "Related", TEXT },
	{ "MEMBER", "Member", TEXT },
	{ "KIND", "Kind", TEXT },
	{ "UID", "Identifier", TEXT },
	{ "REV", "Revised", DATE },
	{ "SOURCE", "Source", TEXT },
	{ "AGENT", "Agent", TEXT },
	{ "PHOTO", "Photo", BINARY },
	{ "LOGO", "Logo", BINARY },
	{ "SOUND", "Sound", BINARY },
	{ "KEY", "Key", BINARY },
	{ "VERSION", NULL, NOTHING },
	{ "PRODID", NULL, NOTHING },
};

struct card {
	struct entries *s;
	unsigned inner; /* cards open within the card (AGENT) */
	bool agent;     /* the last property was one without a value */
	struct buf name, software;
};

static const struct property *
property_of(const char *name)
{
	for (size_t i = 0; i < LEN(properties); i++)
		if (strcmp(properties[i].name, name) == 0)
			return &properties[i];
	return NULL;
}

/* "work, fax": but not how e-mail is carried. */
static void
kinds_of(const struct content_line *l, struct buf *ret)
{
	for (size_t i = 0; i < l->n_params; i++) {
		const char *p = l->params[i].value;

		if (strcmp(l->params[i].name, "TYPE") != 0)
			continue;
		while (*p) {
			size_t n = strcspn(p, ",");

			if (n && !(n == 8 && strncasecmp(p, "internet", 8) == 0)) {
				buf_str(ret, ret->n ? ", " : "");
				for (size_t k = 0; k < n; k++)
					buf_byte(ret,
					    (uint8_t)(p[k] >= 'A' && p[k] <= 'Z' ? p[k] + 32 :
										   p[k]));
			}
			p += n + (p[n] == ',');
		}
	}
}

/* Components that say something, put together. */
static void
join(const char *p, const char *end, char separator, const char *between, struct buf *ret)
{
	while (p) {
		AUTO_VAL(buf) part = buf_init(ret->max);
		size_t n, skip = 0;

		p = content_component(p, end, separator, &part);
		n = part.n;
		while (n && part.p[n - 1] == ' ')
			n--;
		while (skip < n && part.p[skip] == ' ')
			skip++;
		if (n == skip)
			continue;
		buf_str(ret, ret->n ? between : "");
		buf_add(ret, part.p + skip, n - skip);
	}
}

/* Prefixes, given, additional, family, suffixes: as it is spoken. */
static void
spoken_name(const char *p, const char *end, struct buf *ret)
{
	static const uint8_t order[] = { 3, 1, 2, 0, 4 };
	const char *from[5] = { 0 };
	size_t n = 0;
	AUTO_VAL(buf) skipped = buf_init(ret->max);

	for (; p && n < LEN(from); n++) {
		from[n] = p;
		p = content_component(p, end, ';', &skipped);
	}
	for (size_t i = 0; i < LEN(order); i++) {
		AUTO_VAL(buf) part = buf_init(ret->max), spaced = buf_init(ret->max);

		if (order[i] >= n)
			continue;
		content_component(from[order[i]], end, ';', &part);
		join(buf_peek(&part), buf_peek(&part) + part.n, ',', " ", &spaced);
		buf_str(ret, ret->n && spaced.n ? " " : "");
		buf_add(ret, spaced.p, spaced.n);
	}
}

static void
readable(enum kind kind, const struct buf *value, struct buf *ret)
{
	const char *p = buf_peek(value), *end = p + value->n;

	if (kind == NAME)
		spoken_name(p, end, ret);
	else if (kind == PARTS)
		join(p, end, ';', ", ", ret);
	else if (kind == LIST)
		join(p, end, ',', ", ", ret);
	else if (kind == DATE)
		content_date(p, value->n, ret);
	else
		content_component(p, end, 0, ret);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->n == b->n && memcmp(buf_peek(a), buf_peek(b), a->n) == 0;
}

static void
add_property(struct card *c, const struct content_line *l)
{
	const struct property *of = property_of(l->name);
	enum kind kind = of ? of->kind : TEXT;
	AUTO_VAL(buf) value = buf_init(CONTENT_LINE), text = buf_init(2 * CONTENT_LINE),
		      kinds = buf_init(1000);

	if ((kind == BINARY || content_encoding(l) == CONTENT_BASE64) && entry_file(c->s, l))
		return;
	entry_value(c->s, l, &value);
	readable(kind, &value, &text);
	if (strcmp(l->name, "PRODID") == 0 && !c->software.n)
		buf_add(&c->software, text.p, text.n);
	if (kind == NOTHING || (kind == NAME && same(&text, &c->name)))
		return;
	if (strcmp(l->name, "FN") == 0 || (kind == NAME && !c->name.n)) {
		buf_reset(&c->name);
		buf_add(&c->name, text.p, text.n);
	}
	kinds_of(l, &kinds);
	entry_line(c->s, of ? of->label : l->name, buf_peek(&kinds), l, &text);
}

static void
begin(struct card *c, const struct content_line *l)
{
	if (c->s->open && (c->agent || c->inner)) {
		c->inner++;
		return;
	}
	buf_reset(&c->name);
	entry_begin(c->s, l->line);
}

static void
end(struct card *c)
{
	if (c->inner)
		c->inner--;
	else
		entry_end(c->s);
}

static void
add_line(struct card *c, const struct content_line *l)
{
	if (content_is(l, "BEGIN", "VCARD"))
		begin(c, l);
	else if (content_is(l, "END", "VCARD"))
		end(c);
	else if (c->s->open)
		add_property(c, l);
	c->agent = strcmp(l->name, "AGENT") == 0 && !l->n;
}

bool
vcard_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct entries s;
	struct card c = {
		.s = &s, .name = buf_init(CONTENT_LINE), .software = buf_init(CONTENT_LINE)
	};
	struct content_line l;
	bool ok;

	entries_start(&s, p, n, o);
	while (content_next(&s.r, &l) && !s.d.text.full)
		add_line(&c, &l);
	if (s.entry == 1)
		output_field(o, "title", buf_peek(&c.name), c.name.n);
	output_field(o, "software", buf_peek(&c.software), c.software.n);
	ok = entries_finish(&s, "card", e);
	buf_done(&c.name);
	buf_done(&c.software);
	entries_done(&s);
	return ok;
}
