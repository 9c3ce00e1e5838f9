/* JSON as rows: objects one after the other, or one list of them. Values come through as they are
 * written: numbers are not counted with, and strings are not normalised. */
#include <string.h>

#include "extract/text/json_scan_private.h"
#include "extract/client/rows_private.h"

enum { DEPTH_MAX = 64 };

/* Passes over a value of any kind, checking it; `skipped` is for what is thrown away. */
static bool
skip_value(struct scan *s, struct buf *skipped, int depth)
{
	bool map;

	scan_blank(s);
	if (s->at == s->end || depth > DEPTH_MAX)
		return false;
	buf_reset(skipped);
	if (*s->at != '{' && *s->at != '[')
		return scan_is_next(s, '"') ? scan_string(s, skipped) : scan_word(s, skipped);
	map = *s->at++ == '{';
	if (scan_is_next(s, map ? '}' : ']'))
		return true;
	do {
		if (map &&
		    (!scan_is_next(s, '"') || !scan_string(s, skipped) ||
			!scan_is_next(s, ':')))
			return false;
		if (!skip_value(s, skipped, depth + 1))
			return false;
	} while (scan_is_next(s, ','));
	return scan_is_next(s, map ? '}' : ']');
}

struct objects {
	struct row_writer *w;
	bool listed; /* the value at hand is one of a list */
	struct buf name, value, skipped;
};

static void
write_cell(struct objects *o, enum row_kind kind)
{
	row_cell(o->w, buf_peek(&o->name), buf_peek(&o->value), o->value.n, kind, o->listed);
}

/* A value as one cell. */
static bool
write_value(struct objects *o, struct scan *s)
{
	const char *value;

	scan_blank(s);
	buf_reset(&o->value);
	if (s->at < s->end && (*s->at == '{' || *s->at == '[')) {
		const char *from = s->at;

		if (!skip_value(s, &o->skipped, 0))
			return false;
		buf_add(&o->value, from, (size_t)(s->at - from));
		write_cell(o, ROW_JSON);
		return true;
	} else if (scan_is_next(s, '"')) {
		if (!scan_string(s, &o->value))
			return false;
		write_cell(o, ROW_STRING);
		return true;
	}
	if (!scan_word(s, &o->value))
		return false;
	value = buf_peek(&o->value);
	if (*value != 'n') /* null */
		write_cell(o, *value == 't' || *value == 'f' ? ROW_WORD : ROW_NUMBER);
	return true;
}

static bool
write_list(struct objects *o, struct scan *s)
{
	bool ok = true;

	if (scan_is_next(s, ']'))
		return true;
	o->listed = true;
	do
		ok = write_value(o, s);
	while (ok && scan_is_next(s, ','));
	o->listed = false;
	return ok && scan_is_next(s, ']');
}

/* The members of an object whose brace was read; of objects within it, too, once. */
static bool
write_members(struct objects *o, struct scan *s, size_t outer)
{
	if (scan_is_next(s, '}'))
		return true;
	do {
		o->name.n = outer;
		if (!scan_is_next(s, '"') || !scan_string(s, &o->name) || !scan_is_next(s, ':'))
			return false;
		scan_blank(s);
		if (outer == 0 && scan_is_next(s, '{')) {
			buf_byte(&o->name, '.');
			if (!write_members(o, s, o->name.n))
				return false;
		} else if (scan_is_next(s, '[')) {
			if (!write_list(o, s))
				return false;
		} else if (!write_value(o, s)) {
			return false;
		}
	} while (scan_is_next(s, ','));
	return scan_is_next(s, '}');
}

/* One object as a row. If it is none, the next one is looked for where the line ends. */
static void
write_object(struct objects *o, struct scan *s)
{
	struct scan line = *s;
	const char *end;

	row_start(o->w, -1, -1);
	buf_reset(&o->name);
	if (scan_is_next(s, '{') && write_members(o, s, 0)) {
		row_end(o->w);
		return;
	}
	row_broken(o->w, "it is no JSON object");
	end = memchr(line.at, '\n', (size_t)(line.end - line.at));
	s->at = end ? end + 1 : line.end;
}

void
object_rows(const char *text, size_t n, struct row_writer *w)
{
	struct objects o = { .w = w,
		.name = buf_init(1 << 20),
		.value = buf_init(n + 1),
		.skipped = buf_init(n + 1) };
	struct scan s = { text, text + n };
	bool list = scan_is_next(&s, '[');

	row_table(w, NULL, 0);
	for (scan_blank(&s); s.at < s.end; scan_blank(&s)) {
		if (list && *s.at == ']')
			break;
		if (*s.at == ',')
			s.at++;
		else
			write_object(&o, &s);
	}
	buf_done(&o.name);
	buf_done(&o.value);
	buf_done(&o.skipped);
}
