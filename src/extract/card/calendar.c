/* iCalendar: events, tasks, journals and busy times are entries. Rules of time zones and alarms are passed over. */
#include <string.h>

#include "extract/child/content_private.h"

enum kind { TEXT, LIST, DATE, PERSON, WRITTEN, BINARY, NOTHING };

static const struct property {
	const char *name, *label;
	enum kind kind;
} properties[] = {
	{ "SUMMARY", "Summary", TEXT },
	{ "DTSTART", "Start", DATE },
	{ "DTEND", "End", DATE },
	{ "DUE", "Due", DATE },
	{ "DURATION", "Duration", WRITTEN },
	{ "COMPLETED", "Completed", DATE },
	{ "PERCENT-COMPLETE", "Percent complete", WRITTEN },
	{ "LOCATION", "Place", TEXT },
	{ "ORGANIZER", "Organiser", PERSON },
	{ "ATTENDEE", "Attendee", PERSON },
	{ "CONTACT", "Contact", TEXT },
	{ "STATUS", "Status", WRITTEN },
	{ "DESCRIPTION", "Description", TEXT },
	{ "COMMENT", "Comment", TEXT },
	{ "CATEGORIES", "Categories", LIST },
	{ "RESOURCES", "Resources", LIST },
	{ "RRULE", "Repeats", WRITTEN },
	{ "RDATE", "Also on", WRITTEN },
	{ "EXDATE", "Not on", WRITTEN },
	{ "RECURRENCE-ID", "Instead of", DATE },
	{ "FREEBUSY", "Busy", WRITTEN },
	{ "CLASS", "Class", WRITTEN },
	{ "PRIORITY", "Priority", WRITTEN },
	{ "URL", "Web page", WRITTEN },
	{ "GEO", "Position", WRITTEN },
	{ "UID", "Identifier", TEXT },
	{ "CREATED", "Created", DATE },
	{ "LAST-MODIFIED", "Modified", DATE },
	{ "REQUEST-STATUS", "Answer", TEXT },
	{ "ATTACH", "Attachment", BINARY },
	{ "DTSTAMP", NULL, NOTHING },
	{ "SEQUENCE", NULL, NOTHING },
	{ "TRANSP", NULL, NOTHING },
};
static const char *const components[] = { "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY" };

struct calendar {
	struct entries *s;
	unsigned aside; /* components open that are passed over */
	struct buf name, summary, uid, software;
};

static const struct property *
property_of(const char *name)
{
	for (size_t i = 0; i < LEN(properties); i++)
		if (strcmp(properties[i].name, name) == 0)
			return &properties[i];
	return NULL;
}

/* RFC 6868: ^n, ^^ and ^' in a parameter. */
static void
add_param(struct buf *ret, const char *p)
{
	for (; *p; p++) {
		if (*p == '^' && (p[1] == '^' || p[1] == 'n' || p[1] == '\'')) {
			p++;
			buf_byte(ret, *p == 'n' ? ' ' : *p == '^' ? '^' : '"');
		} else {
			buf_byte(ret, (uint8_t)*p);
		}
	}
}

/* "Ana Example <ana@example.org>" */
static void
person(const struct content_line *l, const struct buf *value, struct buf *ret)
{
	const char *name = content_param(l, "CN"), *address = buf_peek(value);

	if (strncasecmp(address, "mailto:", 7) == 0)
		address += 7;
	add_param(ret, name);
	if (*name && *address)
		buf_printf(ret, " <%s>", address);
	else
		buf_str(ret, address);
}

static void
date(const struct content_line *l, const struct buf *value, struct buf *ret)
{
	const char *zone = content_param(l, "TZID");

	content_date(buf_peek(value), value->n, ret);
	if (*zone)
		buf_printf(ret, " (%s)", zone);
}

static void
list(const struct buf *value, struct buf *ret)
{
	const char *p = buf_peek(value), *end = p + value->n;

	while (p) {
		p = content_component(p, end, ',', ret);
		buf_str(ret, p ? ", " : "");
	}
}

static void
readable(enum kind kind, const struct content_line *l, const struct buf *value, struct buf *ret)
{
	if (kind == DATE)
		date(l, value, ret);
	else if (kind == PERSON)
		person(l, value, ret);
	else if (kind == LIST)
		list(value, ret);
	else if (kind == TEXT)
		content_component(buf_peek(value), buf_peek(value) + value->n, 0, ret);
	else
		buf_add(ret, value->p, value->n);
}

/* What an attendee answered, in lower case. */
static void
state_of(const struct content_line *l, enum kind kind, struct buf *ret)
{
	for (const char *p = content_param(l, "PARTSTAT"); kind == PERSON && *p; p++)
		buf_byte(ret, (uint8_t)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p));
}

static void
remember(struct buf *b, bool wanted, const struct buf *text)
{
	if (wanted && !b->n)
		buf_add(b, text->p, text->n);
}

static void
add_property(struct calendar *c, const struct content_line *l)
{
	const struct property *of = property_of(l->name);
	enum kind kind = of ? of->kind : TEXT;
	AUTO_VAL(buf) value = buf_init(CONTENT_LINE), text = buf_init(2 * CONTENT_LINE),
		      state = buf_init(100);

	if (c->s->open && (kind == BINARY || content_encoding(l) == CONTENT_BASE64) &&
	    entry_file(c->s, l))
		return;
	entry_value(c->s, l, &value);
	readable(kind, l, &value, &text);
	if (!c->s->open) {
		remember(&c->name, strcmp(l->name, "X-WR-CALNAME") == 0, &text);
		remember(&c->software, strcmp(l->name, "PRODID") == 0, &text);
		return;
	}
	remember(&c->summary, strcmp(l->name, "SUMMARY") == 0, &text);
	remember(&c->uid, strcmp(l->name, "UID") == 0, &text);
	state_of(l, kind, &state);
	if (kind != NOTHING)
		entry_line(c->s, of ? of->label : l->name, buf_peek(&state), l, &text);
}

static bool
is_entry(const struct content_line *l, const char *name)
{
	for (size_t i = 0; i < LEN(components); i++)
		if (content_is(l, name, components[i]))
			return true;
	return false;
}

static void
add_line(struct calendar *c, const struct content_line *l)
{
	bool begins = strcmp(l->name, "BEGIN") == 0, ends = strcmp(l->name, "END") == 0;

	if (content_is(l, "BEGIN", "VCALENDAR") || content_is(l, "END", "VCALENDAR")) {
		c->aside = 0;
	} else if (is_entry(l, "BEGIN")) {
		c->aside = 0;
		entry_begin(c->s, l->line);
	} else if (is_entry(l, "END")) {
		c->aside = 0;
		entry_end(c->s);
	} else if (begins) {
		c->aside++;
	} else if (ends) {
		c->aside -= c->aside > 0;
	} else if (!c->aside) {
		add_property(c, l);
	}
}

bool
calendar_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct entries s;
	struct calendar c = { .s = &s,
		.name = buf_init(CONTENT_LINE),
		.summary = buf_init(CONTENT_LINE),
		.uid = buf_init(CONTENT_LINE),
		.software = buf_init(CONTENT_LINE) };
	struct content_line l;
	bool ok;

	entries_start(&s, p, n, o);
	while (content_next(&s.r, &l) && !s.d.text.full)
		add_line(&c, &l);
	output_field(o, "title", buf_peek(&c.name), c.name.n);
	if (s.entry == 1) {
		output_field(o, "title", buf_peek(&c.summary), c.summary.n);
		output_field(o, "identifier", buf_peek(&c.uid), c.uid.n);
	}
	output_field(o, "software", buf_peek(&c.software), c.software.n);
	ok = entries_finish(&s, "entry", e);
	buf_done(&c.name);
	buf_done(&c.summary);
	buf_done(&c.uid);
	buf_done(&c.software);
	entries_done(&s);
	return ok;
}
