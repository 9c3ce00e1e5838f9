/* base/edtf: dates, intervals and sets of dates; their canonical text. */
#include "base/edtf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/calendar_private.h"
#include "base/edtf_private.h"

bool
edtf_bad(const struct edtf_cursor *c, const char *fmt, ...)
{
	char what[120];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return err_set(c->e, ERR_INVALID, "\"%.80s\" is no EDTF date: %s", c->whole, what);
}

/* What has been read so far, and its canonical text. */
struct reading {
	struct edtf_cursor c;
	struct buf text;
	int64_t earliest, latest;
	uint8_t quality;
};

static void
put_qualifier(struct buf *out, uint8_t bits)
{
	static const char signs[] = { 0, '?', '~', '%' };

	if (bits)
		buf_byte(out, (uint8_t)signs[bits]);
}

/* One qualifier to the right where it says the same; else one to the left of each. */
static void
put_date(struct buf *out, const struct edtf_date *d)
{
	const char *parts[] = { d->year_text, d->month, d->day };
	const size_t lengths[] = { d->year_n, strlen(d->month), strlen(d->day) };
	size_t last = 0;
	bool group = true;

	for (size_t i = 0; i < 3; i++)
		if (d->quality[i])
			last = i;
	for (size_t i = 0; i < last; i++)
		group = group && d->quality[i] == d->quality[last];
	for (size_t i = 0; i < 3 && lengths[i]; i++) {
		if (i)
			buf_byte(out, '-');
		if (!group)
			put_qualifier(out, d->quality[i]);
		buf_add(out, parts[i], lengths[i]);
		if (i == 2)
			buf_str(out, d->time);
		if (group && i == last)
			put_qualifier(out, d->quality[i]);
	}
}

/* Reads a date and takes it into the whole: the bounds are those of all its dates. */
static bool
take_date(struct reading *r, struct edtf_date *ret)
{
	if (!edtf_read_date(&r->c, ret))
		return false;
	put_date(&r->text, ret);
	r->quality |= ret->quality[0] | ret->quality[1] | ret->quality[2];
	r->earliest = MIN(r->earliest, ret->earliest);
	r->latest = MAX(r->latest, ret->latest);
	return true;
}

static bool
take_dots(struct reading *r)
{
	if (strncmp(r->c.p, "..", 2) != 0)
		return false;
	r->c.p += 2;
	buf_str(&r->text, "..");
	return true;
}

static bool
read_end(struct reading *r)
{
	if (*r->c.p)
		return edtf_bad(&r->c, "what does \"%.12s\" mean there?", r->c.p);
	return true;
}

/* An end of an interval: a date, ".." (open) or nothing (unknown). */
static bool
take_end(struct reading *r, bool *ret_given, struct edtf_date *ret)
{
	*ret_given = *r->c.p && *r->c.p != '/' && !take_dots(r);
	return !*ret_given || take_date(r, ret);
}

static bool
read_interval(struct reading *r)
{
	struct edtf_date from = { 0 }, to = { 0 };
	bool begins, ends;

	if (!take_end(r, &begins, &from))
		return false;
	if (*r->c.p != '/')
		return begins ? read_end(r) :
				edtf_bad(&r->c, "\"..\" is an open end of an interval or set");
	r->c.p++;
	buf_byte(&r->text, '/');
	if (!take_end(r, &ends, &to) || !read_end(r))
		return false;
	if (!begins && !ends)
		return edtf_bad(&r->c, "an interval has at least one known end");
	if (begins && ends && from.earliest > to.latest)
		return edtf_bad(&r->c, "it ends before it begins");
	r->earliest = begins ? from.earliest : INT64_MIN;
	r->latest = ends ? to.latest : INT64_MAX;
	return true;
}

/* "1670..1672" from the dots on; at the end of a set ".." means "or later". */
static bool
read_range(struct reading *r, char close, const struct edtf_date *from)
{
	struct edtf_date to;

	if (!take_dots(r))
		return true;
	if (*r->c.p == close) {
		r->latest = INT64_MAX;
		return true;
	}
	if (!take_date(r, &to))
		return false;
	if (from->precision != to.precision)
		return edtf_bad(&r->c, "both ends of a range are years, or months, or days");
	if (from->earliest > to.latest)
		return edtf_bad(&r->c, "a range in it ends before it begins");
	return true;
}

static bool
read_set(struct reading *r)
{
	char close = *r->c.p == '[' ? ']' : '}';
	struct edtf_date d;

	buf_byte(&r->text, (uint8_t)*r->c.p++);
	/* At the beginning ".." means "or earlier". */
	if (take_dots(r)) {
		if (!take_date(r, &d))
			return false;
		r->earliest = INT64_MIN;
	} else if (!take_date(r, &d) || !read_range(r, close, &d)) {
		return false;
	}
	while (*r->c.p == ',') {
		r->c.p++;
		buf_byte(&r->text, ',');
		if (!take_date(r, &d) || !read_range(r, close, &d))
			return false;
	}
	if (*r->c.p != close)
		return edtf_bad(&r->c, "a set is written [1667,1670..1672] or with {}");
	buf_byte(&r->text, (uint8_t)*r->c.p++);
	return read_end(r);
}

bool
edtf_read(struct arena *a, const char *s, struct edtf *ret, struct err *e)
{
	struct reading r = { .c = { s, s, e },
		.text = buf_init(EDTF_TEXT_MAX * 2),
		.earliest = INT64_MAX,
		.latest = INT64_MIN };
	bool ok;

	if (!*s)
		return err_set(e, ERR_INVALID, "an empty date: write 2020, 2020-06, 2020-06~");
	if (strlen(s) > EDTF_TEXT_MAX)
		return err_set(
		    e, ERR_TOO_BIG, "a date of more than %d bytes", (int)EDTF_TEXT_MAX);
	ok = *s == '[' || *s == '{' ? read_set(&r) : read_interval(&r);
	if (ok)
		*ret = (struct edtf){ .text = arena_strn(a, buf_peek(&r.text), r.text.n),
			.earliest = r.earliest,
			.latest = r.latest,
			.approximate = r.quality & EDTF_APPROXIMATE,
			.uncertain = r.quality & EDTF_UNCERTAIN };
	buf_done(&r.text);
	return ok;
}

const char *
edtf_day(struct arena *a, int64_t ms)
{
	enum { DAY = 24 * 60 * 60 * 1000 };
	int64_t year;
	unsigned month, day;

	calendar_date(ms / DAY - (ms % DAY < 0), &year, &month, &day);
	if (year < -9999 || year > 9999)
		return arena_printf(a, "Y%lld", (long long)year);
	return arena_printf(a, "%s%04d-%02u-%02u", year < 0 ? "-" : "",
	    (int)(year < 0 ? -year : year), month, day);
}
