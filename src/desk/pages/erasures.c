/* Erasures that were proposed, and their approval by another person. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "desk/pages/views_access.h"

enum { PROPOSALS_MAX = 500 };

/* Whoever has decided may be told why it was not done: it is no secret to them. */
bool
refused(struct err *e)
{
	if (e->kind == ERR_DENIED)
		e->kind = ERR_INVALID;
	return false;
}

static bool
add_proposals(struct request *r, struct erasures_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct open_proposal *list;
	struct proposal_row *rows;

	if (!record_proposals(r->s->db, &v, r->a, PROPOSALS_MAX, &list, &p->n_rows, e))
		return false;
	rows = arena_alloc(r->a, (p->n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_rows; i++) {
		struct item it;

		if (!record_find_item(r->s->db, &v, r->a, list[i].item, &it, e))
			return false;
		rows[i] = (struct proposal_row){ .entry = list[i].entry,
			.time = list[i].time,
			.subject = list[i].subject,
			.address = arena_printf(r->a, "/items/%s", list[i].item),
			.title = it.title,
			.reason = list[i].reason,
			.person = list[i].person,
			.whole = strcmp(list[i].subject, list[i].item) == 0 };
	}
	p->rows = rows;
	return true;
}

static bool
write_page(struct request *r, struct reply *ret, struct erasures_page *p, struct err *e)
{
	struct html h = reply_html(r, ret);

	if (!add_proposals(r, p, e) || !(p->people = people_options(r, &p->n_people, e)))
		return false;
	p->frame = page_frame(r, html_words(&h, WORD_ERASURES), "erasures");
	page_erasures(&h, p);
	return true;
}

bool
erasures_page(struct request *r, struct reply *ret, struct err *e)
{
	struct erasures_page p = { 0 };

	return write_page(r, ret, &p, e);
}

/* One of those that they may know of; and by somebody else: two people, each at a desk of their own. */
static bool
find_proposal(struct request *r, uint64_t entry, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct open_proposal *list;
	struct entry en;
	size_t n, i = 0;

	if (!record_proposals(r->s->db, &v, r->a, PROPOSALS_MAX, &list, &n, e))
		return false;
	while (i < n && list[i].entry != entry)
		i++;
	if (i == n)
		return err_set(e, ERR_INVALID, "there is no such proposal any more");
	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, entry, &en, e))
		return false;
	return strcmp(en.actor, r->who.name) != 0 ||
	    err_set(e, ERR_INVALID, "you proposed it: another person approves");
}

/* Erasing an item leaves its bytes in containers that it came out of, and what came out of it. */
static bool
find_left(struct request *r, uint64_t proposal, struct erasures_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct item *holders = NULL, *embedded = NULL;
	struct erasure_plan plan;
	struct erased_row *rows;
	size_t n_holders = 0, n_embedded = 0;

	if (!record_erasure_plan(r->s->db, r->a, proposal, &plan, e) ||
	    (plan.whole &&
		(!record_holders(r->s->db, &v, r->a, plan.item, &holders, &n_holders, e) ||
		    !record_embedded(
			r->s->db, &v, r->a, plan.item, &embedded, &n_embedded, e))))
		return false;
	rows = arena_alloc(r->a, (n_holders + n_embedded + 1) * sizeof *rows);
	for (size_t i = 0; i < n_holders + n_embedded; i++) {
		const struct item *it = i < n_holders ? &holders[i] : &embedded[i - n_holders];

		rows[i] = (struct erased_row){ arena_printf(r->a, "/items/%s", it->id),
			it->title, i < n_holders };
	}
	p->left = rows;
	p->n_left = n_holders + n_embedded;
	return true;
}

static bool
approve(struct request *r, struct act_erasure *in, struct erasures_page *p, struct err *e)
{
	uint64_t *quotes;
	struct entry_row *rows;
	size_t n;

	if (!find_left(r, in->proposal, p, e) ||
	    !mechanism_erase(r->s, in, r->a, &p->erased, &quotes, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		if (!entry_row_read(r, quotes[i], &rows[i], e))
			return false;
	p->quotes = rows;
	p->n_quotes = n;
	return true;
}

/* The page says at once what is left to do: nowhere else does it stand. */
bool
erasure_approve_page(struct request *r, struct reply *ret, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer s = { 0 };
	struct act_erasure in = { .actor = r->who.name, .sign = signer_sign, .arg = &s };
	struct erasures_page p = { 0 };

	in.proposal = request_number(request_field(r, "proposal"), 0, INT64_MAX);
	if (!find_proposal(r, in.proposal, e) || !signer_is(r, &s, e))
		return false;
	in.person = s.person.id;
	if (!approve(r, &in, &p, e))
		return refused(e);
	return write_page(r, ret, &p, e);
}
