/* A text, in parts of some pages, with where each part stands in its item; a passage of it is marked. */
#include <stdlib.h>
#include <string.h>

#include "desk/page_private.h"

enum { SHOWN = 32 * 1024 };

/* A text that is being shown. */
struct shown {
	const char *text;
	uint64_t n;
	uint64_t from, to;   /* the part */
	uint64_t begin, end; /* the passage; end 0: none */
	const char *anchors; /* a line each (docs/formats/anchors.md) */
	size_t n_anchors;
};

/* A part begins and ends at lines, or, in a very long one, at a character. */
static uint64_t
line_before(const struct shown *s, uint64_t at, uint64_t least)
{
	while (at > least && s->text[at - 1] != '\n')
		at--;
	while (at < s->n && (s->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void
choose_part(const struct request *r, struct shown *s)
{
	uint64_t from;

	s->begin = request_number(request_query(r, "at"), 0, s->n);
	s->end = request_number(request_query(r, "end"), 0, s->n);
	from = request_number(
	    request_query(r, "from"), s->begin > SHOWN / 4 ? s->begin - SHOWN / 4 : 0, s->n);
	s->from = line_before(s, from, from > SHOWN ? from - SHOWN : 0);
	s->to = MIN(s->from + SHOWN, s->n);
	if (s->to < s->n)
		s->to = line_before(s, s->to, s->from + 1);
}

/* What of the place is worth a line of its own: where a page begins, not each cell. */
static const char *
place_name(struct request *r, const struct json *m)
{
	static const char *const names[] = { "page", "slide", "sheet", "message", "part",
		"record", "entry", "time" };

	for (size_t i = 0; i < LEN(names); i++) {
		const struct json *v = json_get(m, names[i]);

		if (v && json_kind(v) == JSON_INT)
			return arena_printf(r->a, "%s %lld", names[i], (long long)json_int(v));
		if (v)
			return arena_printf(r->a, "%s %s", names[i], json_str(v));
	}
	return NULL;
}

/* Goes on in the anchors to those that begin up to `at`; *io_where is the last one's place. True if it changed. */
static bool
follow(struct request *r, const struct shown *s, const char **io_line, uint64_t at,
    const char **io_where)
{
	const char *end = s->anchors + s->n_anchors, *was = *io_where;
	static const char key[] = "\"start\":";

	while (*io_line < end) {
		const char *stop = memchr(*io_line, '\n', (size_t)(end - *io_line)),
			   *start = memmem(*io_line, (size_t)((stop ? stop : end) - *io_line),
			       key, sizeof key - 1);
		struct err ignored;
		const struct json *m;
		const char *where;

		stop = stop ? stop : end;
		if (start && strtoull(start + sizeof key - 1, NULL, 10) > at)
			break;
		m = json_read(r->a, *io_line, (size_t)(stop - *io_line), &ignored);
		if (m && (where = place_name(r, m)))
			*io_where = where;
		*io_line = stop < end ? stop + 1 : end;
	}
	return *io_where && (!was || strcmp(was, *io_where) != 0);
}

static struct text_line
cut_line(struct request *r, const struct shown *s, uint64_t i, uint64_t end)
{
	uint64_t from = MIN(MAX(s->begin, i), end), to = MIN(MAX(s->end, from), end);

	return (struct text_line){ .start = i,
		.before = arena_strn(r->a, s->text + i, (size_t)(from - i)),
		.marked =
		    to > from ? arena_strn(r->a, s->text + from, (size_t)(to - from)) : NULL,
		.after = arena_strn(r->a, s->text + to, (size_t)(end - to)),
		.passage = *request_query(r, "at") && s->begin >= i && s->begin <= end };
}

static void
cut_lines(struct request *r, const struct shown *s, struct text_page *p)
{
	const char *anchor = s->anchors, *where = NULL;
	struct text_line *lines;
	size_t n = 2;

	for (uint64_t i = s->from; i < s->to; i++)
		n += s->text[i] == '\n';
	lines = arena_alloc(r->a, n * sizeof *lines);
	for (uint64_t i = s->from, end; i < s->to; i = end + 1) {
		const char *next = memchr(s->text + i, '\n', (size_t)(s->to - i));
		bool changed = s->n_anchors && follow(r, s, &anchor, i, &where);

		end = next ? (uint64_t)(next - s->text) : s->to;
		if (end == i)
			continue;
		lines[p->n_lines] = cut_line(r, s, i, end);
		lines[p->n_lines++].where = changed ? where : NULL;
	}
	p->lines = lines;
}

/* The text of that id; "": the newest. NULL if there is none with words. */
static const struct text_row *
choose_text(const struct text_row *texts, size_t n, const char *id)
{
	for (size_t i = n; i > 0; i--)
		if (strcmp(texts[i - 1].status, "ok") == 0 &&
		    (!*id || strcmp(texts[i - 1].id, id) == 0))
			return &texts[i - 1];
	return NULL;
}

static bool
read_anchors(struct request *r, const struct text_row *t, struct shown *s, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct err none;
	struct hash h;

	s->anchors = "";
	if (!record_derived(r->s->db, &v, t->entry, "anchors", &h, &none))
		return none.kind == ERR_MISSING || (*e = none, false);
	return session_bytes(r->s, r->a, &h, UINT32_MAX, &s->anchors, &s->n_anchors, e);
}

bool
text_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct text_page p = { 0 };
	struct shown s = { 0 };
	const struct text_row *t;
	struct text_row *texts;
	struct item it;
	size_t n, n_texts;

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e))
		return false;
	if (!(t = choose_text(texts, n_texts, request_query(r, "text"))))
		return err_set(e, ERR_MISSING, "it has no such text");
	if (!session_bytes(r->s, r->a, &t->sha256, UINT32_MAX, &s.text, &n, e) ||
	    !read_anchors(r, t, &s, e))
		return false;
	s.n = n;
	choose_part(r, &s);
	cut_lines(r, &s, &p);
	p.id = it.id;
	p.text = t->id;
	p.text_language = t->language;
	p.from = s.from;
	p.to = s.to;
	p.bytes = n;
	p.earlier = s.from > 0;
	p.later = s.to < n;
	p.before = s.from > SHOWN ? s.from - SHOWN : 0;
	p.frame = page_frame(r, it.title, "");
	page_text(&h, &p);
	return true;
}
