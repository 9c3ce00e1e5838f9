/* A text, in parts of some pages, with where each part stands in its item; a passage of it is marked. */
#include <stdlib.h>
#include <string.h>

#include "desk/pages/page_private.h"

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

/* Addresses may say any byte; a passage begins and ends at characters. */
static uint64_t
at_character(const struct shown *s, uint64_t at)
{
	while (at < s->n && (s->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* A part begins and ends at lines, or, in a very long one, at a character. */
static uint64_t
line_before(const struct shown *s, uint64_t at, uint64_t least)
{
	while (at > least && s->text[at - 1] != '\n')
		at--;
	return at_character(s, at);
}

static void
choose_part(const struct request *r, struct shown *s)
{
	uint64_t from;

	s->begin = at_character(s, request_number(request_query(r, "at"), 0, s->n));
	s->end = at_character(s, request_number(request_query(r, "end"), 0, s->n));
	from = request_number(
	    request_query(r, "from"), s->begin > SHOWN / 4 ? s->begin - SHOWN / 4 : 0, s->n);
	s->from = line_before(s, from, from > SHOWN ? from - SHOWN : 0);
	s->to = MIN(s->from + SHOWN, s->n);
	if (s->to < s->n)
		s->to = line_before(s, s->to, s->from + 1);
}

/* A place that is worth a line of its own: where a page begins, not each cell. */
struct place {
	const char *code, *value; /* "page", "3" */
};

static bool
read_place(struct request *r, const char *line, size_t n, struct place *ret)
{
	static const char *const codes[] = { "page", "slide", "sheet", "message", "part",
		"record", "entry", "time" };
	struct err ignored;
	const struct json *m = json_read(r->a, line, n, &ignored), *v = NULL;
	size_t i = 0;

	while (i < LEN(codes) && !(v = json_get(m, codes[i])))
		i++;
	if (!v)
		return false;
	*ret = (struct place){ codes[i],
		json_kind(v) == JSON_INT ? arena_printf(r->a, "%lld", (long long)json_int(v)) :
					   json_str(v) };
	return true;
}

/* The anchors of a text, gone through with it. */
struct walk {
	const char *at, *end;
	struct place place; /* that the last of them is in; code NULL: none */
};

/* Where it begins; false at the end. */
static bool
next_anchor(const struct walk *w, size_t *ret_n, uint64_t *ret_start)
{
	static const char key[] = "\"start\":";
	const char *stop, *start;

	if (w->at >= w->end)
		return false;
	stop = memchr(w->at, '\n', (size_t)(w->end - w->at));
	*ret_n = (size_t)((stop ? stop : w->end) - w->at);
	start = memmem(w->at, *ret_n, key, sizeof key - 1);
	*ret_start = start ? strtoull(start + sizeof key - 1, NULL, 10) : 0;
	return true;
}

/* Goes on to those that begin up to `at`. True if the place is another one now. */
static bool
follow(struct request *r, struct walk *w, uint64_t at)
{
	struct place was = w->place;
	uint64_t start;
	size_t n;

	for (; next_anchor(w, &n, &start) && start <= at; w->at += n + 1)
		(void)read_place(r, w->at, n, &w->place);
	return w->place.code &&
	    (!was.code || strcmp(was.code, w->place.code) != 0 ||
		strcmp(was.value, w->place.value) != 0);
}

/* What comes before the part is passed over: only the last of it is read that says a place. */
static void
pass_over(struct request *r, struct walk *w, uint64_t to)
{
	enum { LAST = 64 };
	struct {
		const char *at;
		size_t n;
	} last[LAST] = { 0 };
	size_t k = 0, n;
	uint64_t start;

	for (; next_anchor(w, &n, &start) && start < to; w->at += n + 1, k++) {
		last[k % LAST].at = w->at;
		last[k % LAST].n = n;
	}
	for (size_t i = MIN(k, (size_t)LAST); i > 0; i--, k--)
		if (read_place(r, last[(k - 1) % LAST].at, last[(k - 1) % LAST].n, &w->place))
			return;
}

static struct text_line
cut_line(struct request *r, const struct shown *s, uint64_t i, uint64_t end)
{
	uint64_t from = MIN(MAX(s->begin, i), end), to = MIN(MAX(s->end, from), end);

	return (struct text_line){ .start = i,
		.end = end,
		.before = arena_strn(r->a, s->text + i, (size_t)(from - i)),
		.marked =
		    to > from ? arena_strn(r->a, s->text + from, (size_t)(to - from)) : NULL,
		.after = arena_strn(r->a, s->text + to, (size_t)(end - to)),
		.passage = *request_query(r, "at") && s->begin >= i && s->begin <= end };
}

static void
cut_lines(struct request *r, const struct html *h, const struct shown *s, struct text_page *p)
{
	struct walk w = { s->anchors, s->anchors + s->n_anchors, { 0 } };
	struct text_line *lines;
	size_t n = 2;

	for (uint64_t i = s->from; i < s->to; i++)
		n += s->text[i] == '\n';
	lines = arena_alloc(r->a, n * sizeof *lines);
	pass_over(r, &w, s->from);
	for (uint64_t i = s->from, end; i < s->to; i = end + 1) {
		const char *next = memchr(s->text + i, '\n', (size_t)(s->to - i));
		bool changed;

		end = next ? (uint64_t)(next - s->text) : s->to;
		if (end == i)
			continue;
		changed = follow(r, &w, i) || (!p->n_lines && w.place.code);
		lines[p->n_lines] = cut_line(r, s, i, end);
		if (changed) {
			lines[p->n_lines].where = code_words(h, w.place.code);
			lines[p->n_lines].place = w.place.value;
		}
		p->n_lines++;
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

static const char *
part_address(struct request *r, const struct text_page *p, uint64_t from)
{
	return arena_printf(
	    r->a, "/items/%s/text?text=%s&from=%llu", p->id, p->text, (unsigned long long)from);
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

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) || !item_usable(&it, e) ||
	    !opens_item(r, &it, false, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e))
		return false;
	if (!(t = choose_text(texts, n_texts, request_query(r, "text"))))
		return err_set(e, ERR_MISSING, "it has no such text");
	if (!session_bytes(r->s, r->a, &t->sha256, UINT32_MAX, &s.text, &n, e) ||
	    !read_anchors(r, t, &s, e))
		return false;
	s.n = n;
	choose_part(r, &s);
	cut_lines(r, &h, &s, &p);
	p.id = it.id;
	p.text = t->id;
	p.text_language = t->language;
	p.from = s.from;
	p.to = s.to;
	p.bytes = n;
	if (s.from > 0)
		p.previous = part_address(r, &p, s.from > SHOWN ? s.from - SHOWN : 0);
	if (s.to < n)
		p.next = part_address(r, &p, s.to);
	p.claims = r->who.roles & CLAIMERS;
	p.choosing = p.claims && *request_query(r, "choose");
	p.frame = page_frame(r, it.title, "");
	page_text(&h, &p);
	return true;
}
