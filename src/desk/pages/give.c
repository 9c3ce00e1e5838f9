/* What anybody gives, without a login (desk/giving.h). Whoever comes is told the same, whatever was here already. */
#include "desk/giving.h"
#include "desk/pages/surveying.h"

static bool
write_page(struct request *r, struct reply *ret, bool sent)
{
	struct html h = reply_html(r, ret);
	struct give_page p = { .sent = sent,
		.rows = r->received,
		.n_rows = r->n_received,
		.max = giving_max(r->desk),
		.script = static_address(r, "intake.js") };

	h.token = browser_before(r, ret);
	p.frame = page_frame(r, html_words(&h, WORD_GIVE_UNNAMED), "");
	page_give(&h, &p);
	return true;
}

bool
give_page(struct request *r, struct reply *ret, struct err *e)
{
	(void)e;
	return write_page(r, ret, false);
}

bool
give_made_page(struct request *r, struct reply *ret, struct err *e)
{
	(void)e;
	return write_page(r, ret, true);
}

bool
give_receipt_page(struct request *r, struct reply *ret, struct err *e)
{
	uint64_t index = request_number(r->part[0], UINT64_MAX, INT64_MAX);
	struct receipt receipt;

	if (index == UINT64_MAX || !giving_receipt_is(r, index, r->part[1]))
		return err_set(e, ERR_MISSING, "no such entry");
	if (!log_receipt(mechanism_log(r->desk->m), r->s->db, r->a, index, false, &receipt, e))
		return false;
	receipt_write(&ret->body, &receipt);
	ret->type = "text/plain; charset=utf-8";
	ret->disposition = arena_printf(
	    r->a, "attachment; filename=\"entry-%llu.receipt\"", (unsigned long long)index);
	return true;
}
