/* A letter that anybody may sign: the page that a code leads to. Whoever comes is told what the letter says, who signed and
 * may be named, and that what they sent is on disk; never whether somebody signed before. */
#include <string.h>

#include "base/clock.h"
#include "desk/pages/letters_private.h"

enum { FREE_SIGNATURES = 10 }; /* of one address for one letter; then it waits */

struct visit {
	const struct schema *schema;
	struct viewer v; /* everybody */
	struct campaign campaign;
	struct record letter;
	struct claims claims;
};

static bool
find_letter(struct request *r, struct visit *ret, struct err *e)
{
	ret->schema = request_schema(r, e);
	ret->v = mechanism_viewer(PAGE_ACTOR);
	ret->v.language = r->language->tag;
	ret->v.recipient = PAGE_READERS;
	ret->v.purpose = PAGE_PURPOSE;
	return ret->schema &&
	    account_campaign_of_page(
		r->s->db, &ret->v, r->a, ret->schema, r->part[0], &ret->campaign, e) &&
	    account_campaign_letter(
		r->s->db, &ret->v, r->a, ret->schema, &ret->campaign, &ret->letter, e) &&
	    record_claims(
		r->s->db, &ret->v, r->a, ret->schema, &ret->letter, false, &ret->claims, e) &&
	    record_tell(
		r->s->db, &ret->v, r->a, ret->schema, NULL, &ret->letter, &ret->claims, e);
}

static bool
add_signers(struct request *r, struct visit *visit, struct sign_page *p, struct err *e)
{
	struct signer_row *rows;
	struct roster roster;

	if (!account_roster(
		r->s->db, &visit->v, r->a, visit->schema, NULL, visit->letter.id, &roster, e))
		return false;
	rows = arena_alloc(r->a, (roster.n + 1) * sizeof *rows);
	for (size_t i = 0; i < roster.n; i++) {
		const struct endorser *o = &roster.e[i];

		if (o->again)
			continue;
		if (o->unlisted || !*o->name)
			p->unnamed++;
		else
			rows[p->n_signers++] = (struct signer_row){ .name = o->name,
				.country = or_none(o->country_name) };
	}
	p->signers = rows;
	return true;
}

/* sent: NULL, or answers that stand there again, and what was wrong with them. */
static bool
write_page(struct request *r, struct reply *ret, struct visit *visit,
    const struct act_sign *sent, const char *wrong, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct sign_page p = { .code = visit->campaign.page,
		.closes = or_none(visit->campaign.closes),
		.over = visit->campaign.over,
		.wrong = wrong };

	if (!add_signers(r, visit, &p, e))
		return false;
	if (sent) {
		p.organisation = sent->organisation;
		p.representative = sent->representative;
		p.role = sent->role;
		p.contact = sent->contact;
		p.named = sent->listed;
		p.unlisted = !sent->listed;
	}
	h.token = browser_before(r, ret);
	r->who = (struct visitor){ 0 }; /* the page is the same for all */
	p.said = letter_said(r, visit->schema, &visit->claims, true, &p.n_said);
	p.countries =
	    state_options(r, visit->schema, sent ? sent->country : "", &p.n_countries);
	p.frame = page_frame(
	    r, *visit->letter.title ? visit->letter.title : html_words(&h, WORD_LETTER), "");
	page_sign(&h, &p);
	return true;
}

bool
sign_page(struct request *r, struct reply *ret, struct err *e)
{
	struct visit visit;

	return find_letter(r, &visit, e) && write_page(r, ret, &visit, NULL, NULL, e);
}

/* NULL: nothing is wrong with the answers. */
static const char *
fault_words(const struct html *h, const struct act_sign *io)
{
	switch (account_sign_fault(io)) {
	case SIGN_NAMELESS:
		return html_words(h, WORD_SIGN_NAMELESS);
	case SIGN_LONG:
		return html_words(h, WORD_SIGN_LONG);
	case SIGN_UNREADABLE:
		return html_words(h, WORD_SIGN_UNREADABLE);
	case SIGN_WELL:
		break;
	}
	return NULL;
}

static bool
refuse(struct request *r, struct reply *ret, struct visit *visit, unsigned status,
    const struct act_sign *sent, const char *wrong, struct err *e)
{
	ret->status = status;
	return write_page(r, ret, visit, sent, wrong, e);
}

bool
sign_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct act_sign io = { .code = r->part[0],
		.organisation = request_field(r, "organisation"),
		.country = request_field(r, "country"),
		.representative = request_field(r, "representative"),
		.role = request_field(r, "role"),
		.contact = request_field(r, "contact"),
		/* Who did not say may not be named. */
		.listed = strcmp(request_field(r, "named"), "yes") == 0 };
	struct visit visit;
	const char *wrong;
	struct draft d;

	if (!find_letter(r, &visit, e))
		return false;
	if (visit.campaign.over)
		return refuse(r, ret, &visit, 400, &io, html_words(&h, WORD_SIGN_OVER), e);
	if ((wrong = fault_words(&h, &io)))
		return refuse(r, ret, &visit, 400, &io, wrong, e);
	if (!throttle_spend(r->desk->throttle, r->part[0], r->address, FREE_SIGNATURES))
		return refuse(r, ret, &visit, 429, &io, html_words(&h, WORD_SIGN_OFTEN), e);
	io.schema = visit.schema;
	return account_sign(r->s->db, r->a, &io, &d, e) &&
	    log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, arena_printf(r->a, "/sign/%s/%s", r->part[0], io.record.id.s));
}

/* ---- what came of it ---- */

/* Whoever has its id sent it: it is told nobody else outside. */
static bool
find_signature(struct request *r, const struct visit *visit, struct record *ret, struct err *e)
{
	struct viewer v = mechanism_viewer(PAGE_ACTOR);
	struct claims claims;
	bool ours = false, page = false;

	if (!id_ok(r->part[1], "rec"))
		return err_set(e, ERR_MISSING, "no such endorsement");
	if (!record_find(r->s->db, &v, r->a, visit->schema, r->part[1], ret, e) ||
	    !record_claims(r->s->db, &v, r->a, visit->schema, ret, false, &claims, e))
		return false;
	for (size_t i = 0; i < claims.n; i++) {
		const struct claim *c = &claims.c[i];

		ours |= strcmp(c->property, "letter") == 0 &&
		    strcmp(c->value.text, visit->letter.id) == 0;
		page |= strcmp(c->property, "signed_as") == 0;
	}
	return (ours && page) || err_set(e, ERR_MISSING, "no such endorsement");
}

bool
signed_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct signed_page p = { .code = r->part[0], .id = r->part[1] };
	struct record signature;
	struct visit visit;

	if (!find_letter(r, &visit, e) || !find_signature(r, &visit, &signature, e))
		return false;
	r->who = (struct visitor){ 0 };
	p.entry = signature.number;
	p.frame = page_frame(r, html_words(&h, WORD_SIGN_DONE), "");
	page_signed(&h, &p);
	return true;
}

bool
signed_receipt_page(struct request *r, struct reply *ret, struct err *e)
{
	struct record signature;
	struct visit visit;
	struct receipt receipt;

	if (!find_letter(r, &visit, e) || !find_signature(r, &visit, &signature, e) ||
	    !log_receipt(mechanism_log(r->desk->m), r->s->db, r->a, signature.number, false,
		&receipt, e))
		return false;
	receipt_write(&ret->body, &receipt);
	ret->type = "text/plain; charset=utf-8";
	ret->disposition = arena_printf(r->a, "attachment; filename=\"entry-%llu.receipt\"",
	    (unsigned long long)signature.number);
	return true;
}
