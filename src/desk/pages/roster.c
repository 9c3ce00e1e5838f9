/* Who signed a letter: each once, with what waits to be accepted, likely doubles, and countries; and what is done with it. */
#include <string.h>

#include "desk/pages/letters_private.h"

static const char *
reason_words(const struct html *h, enum match_reason reason)
{
	static const size_t words[] = {
		[MATCH_DIFFERENT] = WORD_MATCH_DIFFERENT,
		[MATCH_PART] = WORD_MATCH_PART,
		[MATCH_ABBREVIATION] = WORD_MATCH_ABBREVIATION,
		[MATCH_INITIALS] = WORD_MATCH_INITIALS,
		[MATCH_SPELLING] = WORD_MATCH_SPELLING,
		[MATCH_TRANSLATION] = WORD_MATCH_TRANSLATION,
		[MATCH_SCRIPT] = WORD_MATCH_SCRIPT,
		[MATCH_ORDER] = WORD_MATCH_ORDER,
		[MATCH_LEGAL_FORM] = WORD_MATCH_LEGAL_FORM,
		[MATCH_SAME] = WORD_MATCH_SAME,
	};
	_Static_assert(LEN(words) == MATCH_REASONS, "every reason has its words");

	return html_words(h, words[reason]);
}

static void
add_signers(struct request *r, const struct roster *from, struct roster_page *p)
{
	struct signer_row *rows = arena_alloc(r->a, (from->n + 1) * sizeof *rows);
	struct country_row *countries = arena_alloc(r->a, (from->n + 1) * sizeof *countries);

	for (size_t i = 0; i < from->n; i++) {
		const struct endorser *o = &from->e[i];

		rows[i] = (struct signer_row){ .record = o->record,
			.name = o->name,
			.address = arena_printf(r->a, "/records/%s",
			    *o->organisation ? o->organisation : o->record),
			.country = or_none(o->country_name),
			.day = o->day,
			.unlisted = o->unlisted,
			.again = o->again,
			.undecided = o->undecided };
		if (!*o->organisation || !*o->country || o->again)
			continue;
		if (!p->n_countries ||
		    strcmp(countries[p->n_countries - 1].name, o->country_name) != 0)
			countries[p->n_countries++] =
			    (struct country_row){ o->country_name, 0 };
		countries[p->n_countries - 1].n++;
	}
	p->signers = rows;
	p->n_signers = from->n;
	p->countries = countries;
}

static void
add_doubles(
    struct request *r, const struct html *h, const struct roster *from, struct roster_page *p)
{
	struct double_row *rows = arena_alloc(r->a, (from->n_doubles + 1) * sizeof *rows);

	for (size_t i = 0; i < from->n_doubles; i++) {
		const struct doubles *d = &from->doubles[i];
		const struct endorser *one = &from->e[d->one], *other = &from->e[d->other];

		rows[i] = (struct double_row){ one->record, other->record, one->name,
			or_none(one->country_name), other->name, or_none(other->country_name),
			reason_words(h, d->match.reason) };
	}
	p->doubles = rows;
	p->n_doubles = from->n_doubles;
}

static void
add_waiting(struct request *r, const struct waiting *w, size_t n, struct roster_page *p)
{
	struct waiting_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct waiting_row){ .record = w[i].record,
			.name = w[i].name,
			.country = or_none(w[i].country_name),
			.day = w[i].day,
			.confided = *w[i].representative || *w[i].role || *w[i].contact,
			.known = *w[i].organisation ?
			    arena_printf(r->a, "/records/%s", w[i].organisation) :
			    NULL,
			.unlisted = w[i].unlisted };
	p->waiting = rows;
	p->n_waiting = n;
}

static bool
add_compartments(
    struct request *r, const struct schema *s, struct roster_page *p, struct err *e)
{
	const struct type *t = schema_type(s, "endorsement");
	const struct property *q = t ? type_property(t, "representative") : NULL;
	struct statement unused;
	struct rests rests;
	struct pairs chosen = { .at = { { "compartment", q ? q->compartment : "" } }, .n = 1 };

	if (!rests_read(r, &chosen, &rests, &unused, e))
		return false;
	p->compartments = rests.compartments;
	p->n_compartments = rests.n_compartments;
	p->compartment = q ? or_none(q->compartment) : NULL;
	return true;
}

static bool
fill_page(struct request *r, const struct html *h, const struct schema *s,
    const struct record *letter, struct roster_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	AUTO(matcher) *m = matcher_new();
	struct sign_on_view *view = arena_alloc(r->a, sizeof *view);
	struct waiting *waiting;
	struct roster roster;
	struct campaign c;
	size_t n;

	if (!account_campaign(r->s->db, &v, r->a, s, letter->number, &c, e) ||
	    !account_roster(r->s->db, &v, r->a, s, m, letter->id, &roster, e) ||
	    !account_waiting(r->s->db, &v, r->a, s, letter->id, &waiting, &n, e) ||
	    !add_compartments(r, s, p, e))
		return false;
	*view = sign_on_view(r, &c);
	view->organisations = roster.organisations;
	view->countries = roster.countries;
	view->experts = roster.experts;
	view->withdrawn = roster.withdrawn;
	view->late = roster.late;
	view->waiting = n;
	p->sign_on = view;
	p->withheld = roster.withheld;
	add_signers(r, &roster, p);
	add_doubles(r, h, &roster, p);
	add_waiting(r, waiting, n, p);
	return true;
}

bool
roster_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct roster_page p = { .coordinates = r->who.roles & ROLE_BIT(ROLE_COORDINATOR) };
	const struct schema *s = request_schema(r, e);
	struct claims claims;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e) ||
	    !fill_page(r, &h, s, &letter, &p, e))
		return false;
	p.id = letter.id;
	p.frame = page_frame(r,
	    arena_printf(r->a, "%s: %s", html_words(&h, WORD_WHO_SIGNED),
		*letter.title ? letter.title : letter.id),
	    "letters");
	page_roster(&h, &p);
	return true;
}

/* ---- what is done with it ---- */

struct deciding {
	struct request *r;
	const struct schema *schema;
	const char *letter, *reason;
};

/* Each that was chosen, by itself: what fails for one (somebody else was quicker) does not stop the others. */
static bool
accept_chosen(struct deciding *d, bool refuses, struct err *e)
{
	struct request *r = d->r;
	struct viewer v = request_viewer(r);
	size_t done = 0, failed = 0;

	for (size_t i = 0; i < r->form.n; i++) {
		struct act_accept io = { .actor = r->who.name,
			.letter = d->letter,
			.endorsement = r->form.at[i].value,
			.schema = d->schema,
			.refuses = refuses,
			.reason = d->reason };
		struct draft drafts[2];
		size_t n;

		if (strcmp(r->form.at[i].name, "endorsement") != 0)
			continue;
		if (account_accept(r->s->db, &v, r->a, &io, drafts, &n, e) &&
		    log_append(mechanism_log(r->desk->m), drafts, n, true, e))
			done++;
		else if (e->kind == ERR_SYSTEM || e->kind == ERR_DAMAGED)
			return false;
		else
			failed++;
	}
	return failed ? false : done || err_set(e, ERR_INVALID, "nothing was chosen");
}

static bool
decide(struct deciding *d, bool same, struct err *e)
{
	struct request *r = d->r;
	struct viewer v = request_viewer(r);
	struct act_decide io = { .actor = r->who.name,
		.one = request_field(r, "one"),
		.other = request_field(r, "other"),
		.reason = d->reason,
		.schema = d->schema,
		.same = same };
	struct draft draft;

	return account_decide(r->s->db, &v, r->a, &io, &draft, e) &&
	    log_append(mechanism_log(r->desk->m), &draft, 1, true, e);
}

static bool
unsign(struct deciding *d, struct err *e)
{
	struct request *r = d->r;
	struct viewer v = request_viewer(r);
	const char *on = request_field(r, "on");
	struct act_unsign io = { .actor = r->who.name,
		.letter = d->letter,
		.name = request_field(r, "endorsement"),
		.reason = d->reason,
		.schema = d->schema,
		.on = or_none(on) };
	struct draft draft;

	return account_unsign(r->s->db, &v, r->a, &io, &draft, e) &&
	    log_append(mechanism_log(r->desk->m), &draft, 1, true, e);
}

static bool
take_step(struct deciding *d, struct err *e)
{
	const char *step = request_field(d->r, "step");

	if (strcmp(step, "accept") == 0 || strcmp(step, "refuse") == 0)
		return accept_chosen(d, *step == 'r', e);
	if (strcmp(step, "same") == 0 || strcmp(step, "different") == 0)
		return decide(d, *step == 's', e);
	if (strcmp(step, "withdraw") == 0)
		return unsign(d, e);
	return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
}

bool
roster_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct deciding d = { r, request_schema(r, e), NULL,
		or_none(request_field(r, "reason")) };
	struct claims claims;
	struct record letter;

	if (!d.schema || !letter_find(r, d.schema, &letter, &claims, e))
		return false;
	d.letter = letter.id;
	if (!take_step(&d, e))
		return refusal_told(e);
	return reply_see(ret, arena_printf(r->a, "/letters/%s/roster", letter.id));
}
