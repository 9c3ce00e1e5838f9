/* Entries of the log: on the home page, on a page of their own, about a thing. */
#include <string.h>

#include "desk/page_private.h"

enum { HOME_ROWS = 15, PAGE_ROWS = 100 };

/* Where the subject of an entry has a page. */
static const char *
address_of(struct request *r, const char *subject)
{
	return strncmp(subject, "item_", 5) == 0 ? arena_printf(r->a, "/items/%s", subject) :
						   NULL;
}

bool
entry_row_read(struct request *r, uint64_t index, struct entry_row *ret, struct err *e)
{
	struct entry en;
	struct err why;

	*ret = (struct entry_row){ .index = index, .actor = "", .act = "", .subject = "" };
	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, index, &en, &why)) {
		if (why.kind == ERR_MISSING) /* erased: that it was there can be seen */
			return true;
		*e = why;
		return false;
	}
	ret->time = en.time;
	ret->actor = en.actor;
	ret->act = en.act;
	ret->subject = en.subject;
	ret->address = address_of(r, en.subject);
	return true;
}

/* Newest first, those before `before`. */
static bool
read_rows(struct request *r, uint64_t before, size_t max, struct entry_row **ret, size_t *ret_n,
    struct err *e)
{
	size_t n = (size_t)MIN(before, (uint64_t)max);
	struct entry_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++)
		if (!entry_row_read(r, before - 1 - i, &rows[i], e))
			return false;
	*ret = rows;
	*ret_n = n;
	return true;
}

bool
home_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct home_page p = { 0 };
	struct entry_row *rows = NULL;

	p.frame = page_frame(r, html_words(&h, WORD_HOME), "home");
	if (!log_size(r->s->db, &p.entries, e) ||
	    (p.frame.finds && !read_rows(r, p.entries, HOME_ROWS, &rows, &p.n_rows, e)))
		return false;
	p.rows = rows;
	page_home(&h, &p);
	return true;
}

bool
entries_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct entries_page p = { 0 };
	struct entry_row *rows;
	uint64_t before;

	if (!log_size(r->s->db, &p.size, e))
		return false;
	before = request_number(request_query(r, "before"), p.size, p.size);
	if (!read_rows(r, before, PAGE_ROWS, &rows, &p.n_rows, e))
		return false;
	p.rows = rows;
	p.before = before - p.n_rows;
	p.older = p.before > 0;
	p.frame = page_frame(r, html_words(&h, WORD_LOG), "log");
	page_entries(&h, &p);
	return true;
}
