/* Material comes in: a form for files, and what became of them; receipts. Whoever gives is never told whether
 * something was here already. */
#include <string.h>

#include "desk/pages/surveying.h"
#include "desk/upload.h"

static bool
write_page(struct request *r, struct reply *ret, bool sent, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct intake_page p = { .sent = sent, .rows = r->received, .n_rows = r->n_received };
	struct statement unused;
	struct rests rests;

	if (!rests_read(r, &(struct pairs){ 0 }, &rests, &unused, e))
		return false;
	p.script = static_address(r, "intake.js");
	p.compartments = rests.compartments;
	p.n_compartments = rests.n_compartments;
	p.frame = page_frame(r, html_words(&h, WORD_GIVE_MATERIAL), "intake");
	page_intake(&h, &p);
	return true;
}

bool
intake_page(struct request *r, struct reply *ret, struct err *e)
{
	return write_page(r, ret, false, e);
}

bool
intake_made_page(struct request *r, struct reply *ret, struct err *e)
{
	return write_page(r, ret, true, e);
}

/* One's own act's; or of an entry that one may see. */
static bool
may_have(struct request *r, uint64_t index, bool *ret, struct err *e)
{
	struct entry_row row;
	struct entry en;

	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, index, &en, e))
		return false;
	*ret = strcmp(en.actor, r->who.name) == 0;
	if (*ret || !(r->who.roles & ~ROLE_BIT(ROLE_SUBMITTER)))
		return true;
	if (!entry_row_read(r, index, &row, e))
		return false;
	*ret = row.act != NULL;
	return true;
}

bool
receipt_page(struct request *r, struct reply *ret, struct err *e)
{
	uint64_t index = request_number(r->part[0], UINT64_MAX, INT64_MAX);
	struct receipt receipt;
	bool may = false;

	if (index == UINT64_MAX || !may_have(r, index, &may, e) || !may)
		return err_set(e, ERR_MISSING, "no such entry");
	if (!log_receipt(mechanism_log(r->desk->m), r->s->db, r->a, index, false, &receipt, e))
		return false;
	receipt_write(&ret->body, &receipt);
	ret->type = "text/plain; charset=utf-8";
	ret->disposition = arena_printf(
	    r->a, "attachment; filename=\"entry-%llu.receipt\"", (unsigned long long)index);
	return true;
}

static bool
write_upload(struct request *r, struct reply *ret, const struct arrival *x)
{
	struct html h = reply_html(r, ret);
	struct upload_page p = { .id = x->id,
		.size = x->size,
		.offset = x->offset,
		.astray = r->astray,
		.ended = x->ended,
		.rows = x->row,
		.n_rows = x->ended };

	if (r->astray)
		ret->status = 409;
	p.frame = page_frame(r, html_words(&h, WORD_GIVE_MATERIAL), "intake");
	page_upload(&h, &p);
	return true;
}

bool
upload_begun_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *name = request_field(r, "name");
	uint64_t size = request_number(request_field(r, "size"), UINT64_MAX, INT64_MAX);
	struct arrival x;

	if (!*name || size == UINT64_MAX)
		return err_set(e, ERR_INVALID, "a file needs its name and its size in bytes");
	return arrival_begin(r, name, size, &x, e) && write_upload(r, ret, &x);
}

/* Also after the bytes that a request brought. */
bool
upload_page(struct request *r, struct reply *ret, struct err *e)
{
	struct arrival x;

	return arrival_find(r, r->part[0], &x, e) && write_upload(r, ret, &x);
}
