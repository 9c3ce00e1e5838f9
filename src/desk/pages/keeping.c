/* What those do who keep sources: hold and release an item, end its consent, propose to erase it; and what was given. */
#include <string.h>

#include "base/clock.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_access.h"
#include "record/given.h"

enum { GIVEN_SHOWN = 100 };

/* What a code of ours is called here; to programs, the code itself. */
static const char *
word_of(struct request *r, const char *of, const char *code)
{
	const struct html h = { .language = r->language };
	const char *name = arena_printf(r->a, "%s.%s", of, code), *word;

	if (r->api)
		return code;
	word = code_words(&h, name);
	return word == name ? code : word;
}

/* ---- what left ---- */

static bool
fill_given(struct request *r, const struct given *g, struct given_row *ret, struct err *e)
{
	const char *const *conditions, *all = NULL;
	size_t n;

	if (!record_given_conditions(r->s->db, r->a, g->entry, &conditions, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		all = all ? arena_printf(r->a, "%s; %s", all, conditions[i]) : conditions[i];
	*ret = (struct given_row){ .entry = g->entry,
		.time = g->time,
		.what = word_of(r, "given", g->what),
		.recipient = or_none(g->recipient),
		.purpose = or_none(g->purpose),
		.actor = g->actor,
		.records = g->records,
		.items = g->items,
		.claims = g->claims,
		.complete = g->complete,
		.conditions = all };
	return true;
}

/* item NULL: of anything. */
static bool
read_given(struct request *r, const char *item, const char *to, int64_t after,
    const struct given_row **ret, size_t *ret_n, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct given *list;
	struct given_row *rows;
	size_t n;

	if (!record_given(
		r->s->db, &v, r->a, item, NULL, or_none(to), after, GIVEN_SHOWN, &list, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		if (!fill_given(r, &list[i], &rows[i], e))
			return false;
	*ret = rows;
	*ret_n = n;
	return true;
}

static const char *
next_address(struct request *r, const char *to, uint64_t after)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct html h = { .out = &b };

	buf_printf(&b, "/given?after=%llu&to=", (unsigned long long)after);
	html_url_string(&h, to);
	return arena_str(r->a, buf_peek(&b));
}

bool
given_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct given_page p = { .to = request_query(r, "to") };
	uint64_t after = request_number(request_query(r, "after"), 0, INT64_MAX - 1);

	/* After entry -1, all: the first entry could be one. */
	if (!read_given(r, NULL, p.to, *request_query(r, "after") ? (int64_t)after : -1,
		&p.rows, &p.n_rows, e))
		return false;
	if (p.n_rows == GIVEN_SHOWN)
		p.next = next_address(r, p.to, p.rows[p.n_rows - 1].entry);
	p.frame = page_frame(r, html_words(&h, WORD_GIVEN), "given");
	page_given(&h, &p);
	return true;
}

/* ---- an item ---- */

/* "purpose: trial; recipients: …", as it was said. */
const char *
consent_words(struct request *r, const char *consent)
{
	struct err ignored;
	const struct json *map =
	    *consent ? json_read(r->a, consent, strlen(consent), &ignored) : NULL;
	const char *all = NULL;

	for (size_t i = 0; i < json_len(map); i++) {
		const char *name = word_of(r, "consent", json_name_at(map, i)),
			   *one = arena_printf(r->a, "%s: %s", name, json_str(json_at(map, i)));

		all = all ? arena_printf(r->a, "%s; %s", all, one) : one;
	}
	return all;
}

const struct option *
people_options(struct request *r, size_t *ret_n, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct person *people;
	struct option *o;

	if (!record_people(r->s->db, &v, r->a, &people, ret_n, e))
		return NULL;
	o = arena_alloc(r->a, (*ret_n + 1) * sizeof *o);
	for (size_t i = 0; i < *ret_n; i++)
		o[i] = (struct option){ people[i].name, people[i].name,
			strcmp(people[i].name, r->who.name) == 0 };
	return o;
}

static bool
add_acquisitions(
    struct request *r, const struct item *it, struct keeping_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct acquisition *list;
	struct kept_row *rows;

	if (!record_acquisitions(r->s->db, &v, r->a, it->number, &list, &p->n_acquisitions, e))
		return false;
	rows = arena_alloc(r->a, (p->n_acquisitions + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_acquisitions; i++)
		rows[i] = (struct kept_row){ list[i].id, list[i].path,
			consent_words(r, list[i].consent), or_none(list[i].compartment),
			list[i].time, list[i].withdrawn };
	p->acquisitions = rows;
	return true;
}

bool
keeping_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct keeping_page p = { 0 };
	struct item it;

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) ||
	    !opens_item(r, &it, true, e) || !add_acquisitions(r, &it, &p, e) ||
	    !read_given(r, it.id, "", -1, &p.given, &p.n_given, e) ||
	    !(p.people = people_options(r, &p.n_people, e)))
		return false;
	p.id = it.id;
	p.held = it.held;
	p.embargoed = it.embargoed;
	p.withdrawn = it.withdrawn;
	p.frame = page_frame(r, it.title, "");
	page_keeping(&h, &p);
	return true;
}

/* The item at hand, or one of its acquisitions that they may know of: nothing else is named by its forms. */
static bool
belongs(struct request *r, const struct item *it, const char *name, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct acquisition *list;
	size_t n;

	if (!record_acquisitions(r->s->db, &v, r->a, it->number, &list, &n, e))
		return false;
	if (strcmp(name, it->id) == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, list[i].id) == 0)
			return true;
	return err_set(e, ERR_INVALID, "there is no such acquisition of it");
}

static bool
propose(struct request *r, const struct act_mark *io, struct reply *ret, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer s = { 0 };
	struct act_proposal act = { .actor = io->actor,
		.name = io->name,
		.reason = io->reason,
		.sign = signer_sign,
		.arg = &s };
	struct draft d;

	if (!signer_is(r, &s, e))
		return false;
	act.person = s.person.id;
	act_propose_erasure(&d, &act);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, "/erasures");
}

bool
keeping_change_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct {
		const char *step;
		void (*act)(struct draft *d, struct act_mark *io); /* NULL: proposes to erase */
	} steps[] = { { "hold", act_hold }, { "release", act_release },
		{ "withdraw", act_withdraw }, { "erase", NULL } };
	struct viewer v = request_viewer(r);
	struct act_mark io = { .actor = r->who.name,
		.name = request_field(r, "of"),
		.reason = or_none(request_field(r, "reason")),
		.embargo = *request_field(r, "embargo") };
	const char *step = request_field(r, "step");
	struct draft d;
	struct item it;
	size_t i = 0;

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) ||
	    !belongs(r, &it, io.name, e))
		return false;
	while (i < LEN(steps) && strcmp(steps[i].step, step) != 0)
		i++;
	if (i == LEN(steps))
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	if (!io.reason)
		return err_set(e, ERR_INVALID, "say why: it stays in the log");
	if (!steps[i].act)
		return propose(r, &io, ret, e) || refused(e);
	steps[i].act(&d, &io);
	if (!log_append(mechanism_log(r->desk->m), &d, 1, true, e))
		return refused(e);
	return reply_see(ret, arena_printf(r->a, "/items/%s/keeping", it.id));
}
