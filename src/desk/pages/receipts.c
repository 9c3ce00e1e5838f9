/* Is a receipt good? Anybody may ask: it is read here as foreign bytes, and nothing is looked up for it. */
#include <string.h>

#include "desk/pages/reading.h"

static bool
look_at(struct request *r, struct receipts_page *p, const struct vkey *k, struct err *e)
{
	struct checkpoint c;
	struct receipt receipt;
	struct err ignored;
	const struct json *body;
	const char *line;

	/* Forms end lines with CR LF. */
	char *text = arena_strn(r->a, p->receipt, strlen(p->receipt)), *to = text;
	for (const char *from = text; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = 0;
	if (!receipt_read(r->a, text, strlen(text), &receipt, e) ||
	    !receipt_check(&receipt, k, &c, e))
		return false;
	p->index = receipt.index;
	p->size = c.size;
	p->origin = arena_str(r->a, c.origin);
	p->has_body = receipt.has_body;
	line = memchr(receipt.head, '\n', receipt.head_n);
	p->day = line ? arena_strn(r->a, line + 1, 10) : "";
	if (!receipt.has_body)
		return true;
	body = json_read(r->a, receipt.body, receipt.body_n, &ignored);
	p->facts = facts_of(r, body, &p->n_facts);
	return true;
}

static bool
write_page(struct request *r, struct reply *ret, struct receipts_page *p, struct err *e)
{
	AUTO_VAL(buf) key = buf_init(1000);
	struct html h;
	struct vkey k;

	if (!log_vkey(mechanism_log(r->desk->m), &k, e))
		return false;
	vkey_write(&key, &k);
	p->key = arena_str(r->a, buf_peek(&key));
	h = reply_html(r, ret);
	if (!r->who.name)
		h.token = browser_before(r, ret);
	p->frame = page_frame(r, html_words(&h, WORD_RECEIPTS), "receipts");
	page_receipts(&h, p);
	return true;
}

bool
receipts_page(struct request *r, struct reply *ret, struct err *e)
{
	struct receipts_page p = { .receipt = "" };

	return write_page(r, ret, &p, e);
}

/* Who sends many that are none waits, as who guesses passphrases does. */
bool
receipts_checked_page(struct request *r, struct reply *ret, struct err *e)
{
	struct receipts_page p = { .receipt = request_field(r, "receipt"), .checked = true };
	struct err why = { 0 };
	struct vkey k;

	if (!throttle_may(r->desk->receipts, "receipt", r->address))
		return err_set(
		    e, ERR_INVALID, "too many that were none came from there: wait a little");
	if (!log_vkey(mechanism_log(r->desk->m), &k, e))
		return false;
	p.good = look_at(r, &p, &k, &why);
	if (p.good) {
		throttle_well(r->desk->receipts, "receipt", r->address);
	} else {
		throttle_failed(r->desk->receipts, "receipt", r->address);
		p.wrong = why.msg;
	}
	return write_page(r, ret, &p, e);
}
