/* Entries of the log: on the home page, on a page of their own, about a thing. */
#include <string.h>

#include "base/clock.h"
#include "desk/pages/reading.h"

enum { PAGE_ROWS = 100, SCAN_MAX = 5000 };

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
		{ "setting.change", ~0u },
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
	const struct html h = { .language = r->language, .json = r->api || r->script };
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

/* ---- the page ---- */

/* What is looked for; "" : anything. */
struct wanted {
	const char *act, *actor, *subject;
};

/* Acts that people choose among: those with words of their own. */
const char *const *
acts_named(size_t *ret_n)
{
	static const char *const acts[] = { "item.acquire", "item.extract", "item.copy",
		"item.graphic", "item.hold", "item.release", "item.translate",
		"consent.withdraw", "record.new", "record.claim", "record.move",
		"compartment.member", "schema.change", "setting.change", "login.change",
		"person.add", "give", "disclosure.propose", "disclosure.approve",
		"erasure.propose", "erasure.carry_out", "mechanism.found" };

	*ret_n = LEN(acts);
	return acts;
}

/* Before more is read of it than that: is it one of those? */
static bool
fits(struct request *r, uint64_t index, const struct wanted *w, bool *ret, struct err *e)
{
	struct entry en;
	struct err why;

	*ret = false;
	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, index, &en, &why))
		return why.kind == ERR_MISSING || (*e = why, false);
	*ret = (!*w->act || strcmp(w->act, en.act) == 0) &&
	    (!*w->actor || strcmp(w->actor, en.actor) == 0) &&
	    (!*w->subject || strcmp(w->subject, en.subject) == 0);
	return true;
}

/* Newest first, those before *io_before, which becomes the last that was looked at. What was looked for and may not be seen is
 * left out: that it is there would be told otherwise. */
static bool
read_rows(struct request *r, uint64_t *io_before, const struct wanted *w,
    struct entry_row **ret, size_t *ret_n, struct err *e)
{
	struct entry_row *rows = arena_alloc(r->a, PAGE_ROWS * sizeof *rows);
	size_t n = 0;
	bool filtered = *w->act || *w->actor || *w->subject, is = true;

	for (size_t i = 0; *io_before && n < PAGE_ROWS && i < SCAN_MAX; i++) {
		uint64_t index = --*io_before;

		if (filtered && !fits(r, index, w, &is, e))
			return false;
		if (!is)
			continue;
		if (!entry_row_read(r, index, &rows[n], e))
			return false;
		n += !filtered || rows[n].act;
	}
	*ret = rows;
	*ret_n = n;
	return true;
}

/* The day of an entry's head: they ascend. */
static bool
day_of(struct request *r, uint64_t index, const char **ret, struct err *e)
{
	const char *head, *day;
	size_t n;

	if (!log_head(r->s->db, r->a, index, &head, &n, e))
		return false;
	day = memchr(head, '\n', n);
	*ret = day && (size_t)(day - head) + DAY_MAX <= n ? arena_strn(r->a, day + 1, 10) : "";
	return true;
}

/* The first entry behind a day. */
static bool
end_of_day(struct request *r, const char *day, uint64_t size, uint64_t *ret, struct err *e)
{
	uint64_t low = 0, high = size;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const char *its;

		if (!day_of(r, middle, &its, e))
			return false;
		if (strncmp(its, day, strlen(day)) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return true;
}

static void
describe(struct request *r, const struct html *h, struct entries_page *p)
{
	size_t n;
	const char *const *acts = acts_named(&n);
	struct act_option *options = arena_alloc(r->a, n * sizeof *options);

	for (size_t i = 0; i < n; i++)
		options[i] = (struct act_option){ acts[i], code_words(h, acts[i]),
			strcmp(acts[i], p->act) == 0 };
	p->acts = options;
	p->n_acts = n;
	p->frame = page_frame(r, html_words(h, WORD_LOG), "log");
}

static const char *
older(struct request *r, const struct entries_page *p, uint64_t before)
{
	AUTO_VAL(buf) b = buf_init(FORM_MAX);
	struct html h = { .out = &b };

	buf_printf(&b, "/log?before=%llu&act=", (unsigned long long)before);
	html_url_string(&h, p->act);
	buf_str(&b, "&actor=");
	html_url_string(&h, p->actor);
	buf_str(&b, "&subject=");
	html_url_string(&h, p->subject);
	return arena_str(r->a, buf_peek(&b));
}

bool
entries_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct entries_page p = { .act = request_query(r, "act"),
		.actor = request_query(r, "actor"),
		.subject = request_query(r, "subject"),
		.day = request_query(r, "day") };
	const struct wanted w = { p.act, p.actor, p.subject };
	struct entry_row *rows;
	uint64_t before;
	int64_t unused;

	if (!log_size(r->s->db, &p.size, e) || (*p.day && !clock_read(p.day, &unused, e)))
		return false;
	before = p.size;
	if (*p.day && !end_of_day(r, p.day, p.size, &before, e))
		return false;
	before = request_number(request_query(r, "before"), before, p.size);
	if (!read_rows(r, &before, &w, &rows, &p.n_rows, e))
		return false;
	p.rows = rows;
	if (before)
		p.next = older(r, &p, before);
	p.filtered = *p.act || *p.actor || *p.subject || *p.day;
	describe(r, &h, &p);
	page_entries(&h, &p);
	return true;
}
