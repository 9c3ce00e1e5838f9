/* Entries of the log: on the home page, on a page of their own, about a thing. */
#include <string.h>

#include "desk/pages/page_private.h"

enum { HOME_ROWS = 15, PAGE_ROWS = 100 };

/* The page of an entry's subject, and what it is called, if there is one that whoever asks may see. */
static bool
find_subject(struct request *r, struct entry_row *io, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *subject = io->subject;
	const struct schema *s;
	struct record found;
	struct item it;
	struct err why;

	if (strncmp(subject, "item_", 5) == 0) {
		if (record_find_item(r->s->db, &v, r->a, subject, &it, &why)) {
			io->address = arena_printf(r->a, "/items/%s", subject);
			io->subject = it.title;
		}
	} else if (!*subject) {
		return true;
	} else if (!(s = request_schema(r, e))) {
		return false;
	} else if (record_find(r->s->db, &v, r->a, s, subject, &found, &why)) {
		io->address = arena_printf(r->a, "/records/%s", subject);
		io->subject = *found.title ? found.title : subject;
	}
	return io->address || why.kind == ERR_MISSING || why.kind == ERR_INVALID ||
	    (*e = why, false);
}

/* Acts that are about no thing: which roles may see them. What is not named here is seen by nobody at the desk. */
static bool
may_see_act(const struct request *r, const char *act)
{
	static const struct {
		const char *act;
		unsigned roles;
	} rows[] = {
		{ "compartment.member", ~0u }, /* as far as they are in it */
		{ "compartment.read", ~0u },   /* likewise: what a search showed of it */
		{ "mechanism.found", ~0u },
		{ "schema.change", ~0u },
		{ "login.change", ROLE_BIT(ROLE_ADMINISTRATOR) },
		{ "login.factor", ROLE_BIT(ROLE_ADMINISTRATOR) },
		{ "login.require", ROLE_BIT(ROLE_ADMINISTRATOR) },
		{ "login.invite", ROLE_BIT(ROLE_ADMINISTRATOR) },
		{ "person.add", ROLE_BIT(ROLE_ADMINISTRATOR) | ROLE_BIT(ROLE_PROTECTION) },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (strcmp(rows[i].act, act) == 0)
			return r->who.roles & rows[i].roles;
	return false;
}

bool
entry_row_read(struct request *r, uint64_t index, struct entry_row *ret, struct err *e)
{
	const struct html h = { .language = r->language, .json = r->api };
	struct viewer v = request_viewer(r);
	struct entry en;
	struct err why;
	struct entry_row row = { .index = index };
	bool seen;

	*ret = row;
	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, index, &en, &why)) {
		if (why.kind == ERR_MISSING) /* erased: that it was there can be seen */
			return true;
		*e = why;
		return false;
	}
	row.subject = en.subject;
	if (!record_entry_seen(r->s->db, &v, &en, &seen, e) ||
	    (seen && !find_subject(r, &row, e)))
		return false;
	if (!seen || (!row.address && !may_see_act(r, en.act)))
		return true;
	*ret = row;
	ret->time = en.time;
	ret->actor = en.actor;
	ret->act = code_words(&h, en.act);
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
	p.finds = route_is_open("/find", &r->who);
	if (!log_size(r->s->db, &p.entries, e) ||
	    (p.finds && !read_rows(r, p.entries, HOME_ROWS, &rows, &p.n_rows, e)))
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
	if (before > p.n_rows)
		p.next = arena_printf(
		    r->a, "/log?before=%llu", (unsigned long long)(before - p.n_rows));
	p.frame = page_frame(r, html_words(&h, WORD_LOG), "log");
	page_entries(&h, &p);
	return true;
}
