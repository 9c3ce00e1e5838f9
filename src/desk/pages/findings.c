/* Findings: what was proposed, who was heard, who reviewed it, what may be done now and what is still needed. The rules are the
 * account room's, which checks each step again under the lock. */
#include <string.h>

#include "account/finding_acts.h"
#include "desk/pages/cases_private.h"

enum { FINDINGS_SHOWN = 100 };

static bool
is_over(const char *state)
{
	static const char *const over[] = { "adopted", "rejected", "withdrawn" };

	for (size_t i = 0; i < LEN(over); i++)
		if (strcmp(over[i], state) == 0)
			return true;
	return false;
}

static bool
read_finding(struct request *r, const struct schema *s, const struct record *rec,
    struct finding *ret, struct err *e)
{
	struct viewer v = request_viewer(r);

	return account_finding(r->s->db, &v, r->a, s, mechanism_log(r->desk->m), rec, ret, e);
}

static const struct procedure *
procedure_of(const struct schema *s)
{
	const struct type *t = schema_type(s, "finding");

	return t ? t->procedure : NULL;
}

static bool
add_row(struct request *r, const struct schema *s, const struct record *listed,
    struct finding_row *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct finding f;
	struct record rec;

	if (!record_find(r->s->db, &v, r->a, s, listed->id, &rec, e) ||
	    !read_finding(r, s, &rec, &f, e))
		return false;
	*ret = (struct finding_row){ arena_printf(r->a, "/findings/%s", rec.id),
		record_words(r, s, listed), state_words(r, procedure_of(s), f.state),
		f.n_reviewers, f.author,
		!f.author && !f.recused && !f.reviewed && !*f.unheard && !is_over(f.state) };
	return true;
}

bool
findings_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct findings_page p = { .claims = r->who.roles & CLAIMERS };
	const struct schema *s = request_schema(r, e);
	const struct type *t = s ? schema_want_type(s, "finding", e) : NULL;
	struct record_list list;
	struct finding_row *rows;

	if (!t || !record_list(r->s->db, &v, r->a, s, t, NULL, 0, 0, FINDINGS_SHOWN, &list, e))
		return false;
	rows = arena_alloc(r->a, (list.n + 1) * sizeof *rows);
	for (size_t i = 0; i < list.n; i++)
		if (!add_row(r, s, &list.r[i], &rows[p.n_rows++], e))
			return false;
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_FINDINGS), "findings");
	page_findings(&h, &p);
	return true;
}

/* ---- proposing ---- */

static const struct option *
standards(struct request *r, const struct schema *s, size_t *ret_n)
{
	const struct vocabulary *v = schema_vocabulary(s, "standard-of-proof");
	struct option *o = arena_alloc(r->a, ((v ? v->n : 0) + 1) * sizeof *o);

	for (size_t i = 0; v && i < v->n; i++)
		o[(*ret_n)++] = (struct option){ v->terms[i]->code,
			labels_get(&v->terms[i]->labels, r->language->tag, v->terms[i]->code),
			false };
	return o;
}

bool
propose_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct propose_page p = { .in_favour = request_query(r, "for"),
		.of_case = request_query(r, "case") };
	const struct schema *s = request_schema(r, e);

	if (!s)
		return false;
	p.standards = standards(r, s, &p.n_standards);
	p.frame = page_frame(r, html_words(&h, WORD_PROPOSE_FINDING), "findings");
	page_propose(&h, &p);
	return true;
}

bool
proposed_page(struct request *r, struct reply *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct claiming c = { .schema = request_schema(r, e) };
	struct act_propose in = { .actor = r->who.name,
		.schema = c.schema,
		.proposition = request_field(r, "proposition"),
		.standard = request_field(r, "standard"),
		.reasons = request_field(r, "reasons"),
		.party = request_field(r, "party"),
		.state = request_field(r, "state"),
		.of_case = request_field(r, "case"),
		.in_favour = request_field(r, "for"),
		.against = request_field(r, "against") };

	if (!c.schema)
		return false;
	if (!account_propose(r->s->db, &v, r->a, &c.creations, &in, e)) {
		if (e->kind == ERR_MISSING)
			e->kind = ERR_INVALID;
		return refusal_told(e);
	}
	return claiming_append(r, &c, &in.record, e) &&
	    reply_see(ret, arena_printf(r->a, "/findings/%s", in.record.id.s));
}

/* ---- one finding ---- */

struct showing {
	struct request *r;
	const struct html *h;
	const struct schema *s;
	const struct finding *f;
	struct finding_page *p;
	const struct next *next;
	size_t n_next;
};

static void
fill_ground(struct showing *w, const struct ground *g, struct ground_row *ret)
{
	const struct claim *c = &g->claim;
	struct request *r = w->r;
	const struct type *t;
	const struct property *q;

	*ret = (struct ground_row){ .name = g->name, .withheld = !g->there };
	if (!g->there)
		return;
	t = schema_type(w->s, g->record.type);
	q = t ? type_property(t, c->property) : NULL;
	ret->says = arena_printf(r->a, "%s: %s",
	    q ? labels_get(&q->labels, r->language->tag, q->name) : c->property,
	    claimed_words(r, c));
	ret->stance = stance_words(w->h, c->stance);
	ret->record = record_words(r, w->s, &g->record);
	ret->record_address = record_address(r, g->record.id);
	ret->source = or_none(c->source_title);
	ret->credibility = c->credibility;
	ret->origins = g->origins;
	if ((ret->passage_address = claim_passage_address(r, c)))
		ret->passage = claim_passage(r, c);
}

static void
add_grounds(struct showing *w)
{
	const struct finding *f = w->f;
	struct ground_row *rows = arena_alloc(w->r->a, (f->n_grounds + 1) * sizeof *rows);

	for (size_t i = 0; i < f->n_grounds; i++) {
		fill_ground(w, &f->grounds[i], &rows[i]);
		*(f->grounds[i].against ? &w->p->n_against : &w->p->n_in_favour) += 1;
	}
	w->p->in_favour = rows;
	w->p->against = rows + w->p->n_in_favour;
}

static const char *
party_name(struct request *r, const struct schema *s, const struct party *party)
{
	struct viewer v = request_viewer(r);
	const struct vocabulary *states = schema_vocabulary(s, "state");
	const struct term *t = states ? vocabulary_code(states, party->value) : NULL;
	struct record rec;
	struct err ignored;

	if (strcmp(party->property, "state") == 0)
		return t ? labels_get(&t->labels, r->language->tag, t->code) : party->value;
	return record_find(r->s->db, &v, r->a, s, party->value, &rec, &ignored) ?
	    record_words(r, s, &rec) :
	    party->value;
}

static bool
add_parties(struct showing *w, struct err *e)
{
	struct request *r = w->r;
	struct viewer v = request_viewer(r);
	struct party_row *rows;
	struct party *parties;
	const char *state;

	if (!account_parties(
		r->s->db, &v, r->a, w->s, &w->f->record, &parties, &w->p->n_parties, &state, e))
		return false;
	rows = arena_alloc(r->a, (w->p->n_parties + 1) * sizeof *rows);
	for (size_t i = 0; i < w->p->n_parties; i++)
		rows[i] = (struct party_row){ parties[i].property, parties[i].value,
			party_name(r, w->s, &parties[i]), parties[i].heard };
	w->p->parties = rows;
	return true;
}

static bool
add_claims(struct showing *w, struct err *e)
{
	struct request *r = w->r;
	struct viewer v = request_viewer(r);
	const struct vocabulary *standards = schema_vocabulary(w->s, "standard-of-proof");
	const struct term *t = standards ? vocabulary_code(standards, w->f->standard) : NULL;
	struct claims all;
	const char **reasons;

	if (!record_claims(r->s->db, &v, r->a, w->s, &w->f->record, false, &all, e))
		return false;
	reasons = arena_alloc(r->a, (all.n + 1) * sizeof *reasons);
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.c[i].property, "reasons") == 0)
			reasons[w->p->n_reasons++] = all.c[i].value.text;
	w->p->reasons = reasons;
	w->p->standard =
	    t ? labels_get(&t->labels, r->language->tag, t->code) : or_none(w->f->standard);
	return true;
}

/* ---- what may be done ---- */

enum { NEEDS_MAX = 8 };
struct needing {
	const char **list;
	size_t n;
};

static void
need(struct needing *io, const char *words)
{
	if (io->n < NEEDS_MAX)
		io->list[io->n++] = words;
}

static const struct next *
next_to(const struct showing *w, const char *state)
{
	for (size_t i = 0; i < w->n_next; i++)
		if (strcmp(w->next[i].state->code, state) == 0)
			return &w->next[i];
	return NULL;
}

/* What the table of moves asks for before a step: the way, the role, what must be known. What the deed says itself is not
 * missing. */
static void
need_move(struct showing *w, const char *state, const char *said, struct needing *io)
{
	const struct next *next = next_to(w, state);
	const struct type *t = schema_type(w->s, "finding");

	if (!next) {
		need(io,
		    arena_printf(w->r->a, "%s %s", html_words(w->h, WORD_NOT_FROM_HERE),
			w->p->state ? w->p->state : ""));
		return;
	}
	if (!next->may)
		need(io, html_words(w->h, WORD_NOT_YOUR_ROLE));
	for (const char *const *name = next->lacks; *name; name++) {
		const struct property *q = type_property(t, *name);

		if (strcmp(*name, said) != 0)
			need(io,
			    arena_printf(w->r->a, "%s %s", html_words(w->h, WORD_IT_LACKS),
				q ? labels_get(&q->labels, w->r->language->tag, q->name) :
				    *name));
	}
}

static void
need_heard(struct showing *w, struct needing *io)
{
	for (size_t i = 0; i < w->p->n_parties; i++)
		if (!w->p->parties[i].heard)
			need(io,
			    arena_printf(w->r->a, "%s %s", html_words(w->h, WORD_NOT_HEARD),
				w->p->parties[i].name));
}

static void
need_for_review(struct showing *w, struct needing *io)
{
	const struct finding *f = w->f;

	if (f->author)
		need(io, html_words(w->h, WORD_YOU_ARE_AUTHOR));
	if (f->recused)
		need(io, html_words(w->h, WORD_YOU_STOOD_ASIDE));
	if (f->reviewed)
		need(io, html_words(w->h, WORD_YOU_REVIEWED));
	need_heard(w, io);
	need_move(w, "reviewed", "reviewer", io);
}

static void
need_for_adoption(struct showing *w, struct needing *io)
{
	size_t missing = w->f->needed - MIN(w->f->n_reviewers, w->f->needed);

	if (missing)
		need(io,
		    html_words(
			w->h, missing == 1 ? WORD_ONE_MORE_REVIEWER : WORD_TWO_MORE_REVIEWERS));
	if (!w->p->n_in_favour)
		need(io, html_words(w->h, WORD_NO_CLAIM_FOR));
	need_heard(w, io);
	need_move(w, "adopted", "", io);
}

static void
need_for_rejection(struct showing *w, struct needing *io)
{
	need_move(w, "rejected", "reasons", io);
}

static void
need_unanswered(struct showing *w, struct needing *io)
{
	need_move(w, "unanswered", "", io);
}

static bool
some_unheard(const struct showing *w)
{
	for (size_t i = 0; i < w->p->n_parties; i++)
		if (!w->p->parties[i].heard)
			return true;
	return false;
}

static bool
has_parties(const struct showing *w)
{
	return w->p->n_parties > 0;
}

static bool
is_notified(const struct showing *w)
{
	return strcmp(w->f->state, "notified") == 0;
}

static bool
may_stand_aside(const struct showing *w)
{
	return !w->f->author && !w->f->recused;
}

/* In the order in which they come; `when` NULL: always, until it is over. */
static const struct {
	enum finding_deed deed;
	bool reviewers; /* the login's role is needed for it, too */
	bool (*when)(const struct showing *w);
	void (*needs)(struct showing *w, struct needing *io);
} steps[] = {
	{ FINDING_NOTIFY, false, some_unheard, NULL },
	{ FINDING_NOT_NOTIFIED, false, some_unheard, NULL },
	{ FINDING_RESPONSE, false, has_parties, NULL },
	{ FINDING_UNANSWERED, false, is_notified, need_unanswered },
	{ FINDING_REVIEW, true, NULL, need_for_review },
	{ FINDING_ADOPT, true, NULL, need_for_adoption },
	{ FINDING_REJECT, true, NULL, need_for_rejection },
	{ FINDING_RECUSE, false, may_stand_aside, NULL },
};

static void
add_deeds(struct showing *w)
{
	struct deed_row *rows = arena_alloc(w->r->a, (LEN(steps) + 1) * sizeof *rows);

	for (size_t i = 0; i < LEN(steps) && !is_over(w->f->state); i++) {
		struct needing needs = { arena_alloc(w->r->a, NEEDS_MAX * sizeof *needs.list),
			0 };

		if (steps[i].when && !steps[i].when(w))
			continue;
		if (!(w->r->who.roles &
			(steps[i].reviewers ? ROLE_BIT(ROLE_REVIEWER) : CLAIMERS)))
			need(&needs, html_words(w->h, WORD_NOT_YOUR_ROLE));
		else if (steps[i].needs)
			steps[i].needs(w, &needs);
		rows[w->p->n_deeds++] = (struct deed_row){ finding_deed_names[steps[i].deed],
			!needs.n, needs.list, needs.n };
	}
	w->p->deeds = rows;
}

/* It shows what others say as well: its grounds, with their words. */
static bool
opens_finding(struct request *r, const struct schema *s, const struct finding *f, struct err *e)
{
	for (size_t i = 0; i < f->n_grounds; i++)
		if (f->grounds[i].there &&
		    !opens_claim(r, &f->grounds[i].record, &f->grounds[i].claim, e))
			return false;
	return opens_all_of(r, s, &f->record, e);
}

static bool
fill_finding(struct showing *w, struct err *e)
{
	struct viewer v = request_viewer(w->r);
	const struct finding *f = w->f;
	struct finding_page *p = w->p;
	struct dealings d;
	struct next *next;

	if (!account_next(w->r->s->db, &v, w->r->a, w->s, &f->record, &d, &next, &w->n_next, e))
		return false;
	w->next = next;
	p->id = f->record.id;
	p->state = state_words(w->r, procedure_of(w->s), f->state);
	p->reviewers = f->reviewers;
	p->n_reviewers = f->n_reviewers;
	p->needed = f->needed;
	p->missing = f->needed - MIN(f->n_reviewers, f->needed);
	p->author = f->author;
	p->recused = f->recused;
	p->reviewed = f->reviewed;
	p->withheld = f->withheld;
	p->some_withheld = f->withheld > 0;
	add_grounds(w);
	if (!add_parties(w, e) || !add_claims(w, e))
		return false;
	add_deeds(w);
	return true;
}

bool
finding_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const struct schema *s = request_schema(r, e);
	struct finding_page p = { 0 };
	struct record rec;
	struct finding f;
	struct showing w = { r, &h, s, &f, &p, NULL, 0 };

	if (!s || !record_wanted(r, s, "finding", &rec, e) ||
	    !read_finding(r, s, &rec, &f, e) || !opens_finding(r, s, &f, e) ||
	    !fill_finding(&w, e))
		return false;
	p.frame = page_frame(r, *f.proposition ? f.proposition : rec.id, "findings");
	page_finding(&h, &p);
	return true;
}

/* ---- deeds ---- */

static bool
do_deed(struct request *r, struct reply *ret, bool reviewing, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *deed = request_field(r, "deed");
	struct act_finding in = { .actor = r->who.name,
		.schema = request_schema(r, e),
		.log = mechanism_log(r->desk->m),
		.on = or_none(request_field(r, "on")),
		.respond_by = request_field(r, "respond_by"),
		.reason = request_field(r, "reason"),
		.reasons = request_field(r, "reasons"),
		.words = request_field(r, "words"),
		.interest = request_field(r, "interest"),
		.rests = { .start = -1, .end = -1 } };
	const char *party = request_field(r, "party"), *value = strchr(party, ':');
	struct record rec;
	size_t i = 0;

	while (i < LEN(steps) &&
	    (steps[i].reviewers != reviewing ||
		strcmp(finding_deed_names[steps[i].deed], deed) != 0))
		i++;
	if (!in.schema || !record_wanted(r, in.schema, "finding", &rec, e))
		return false;
	if (i == LEN(steps))
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", deed);
	in.deed = steps[i].deed;
	in.finding = rec.id;
	if (value) /* "state:XAA", "party:rec_…" */
		*(strncmp(party, "state", 5) == 0 ? &in.state : &in.party) = value + 1;
	if (!account_finding_act(r->s->db, &v, r->a, &in, e) ||
	    !log_append(mechanism_log(r->desk->m), in.drafts, in.n, true, e))
		return refusal_told(e);
	return reply_see(ret, arena_printf(r->a, "/findings/%s", rec.id));
}

bool
finding_done_page(struct request *r, struct reply *ret, struct err *e)
{
	return do_deed(r, ret, false, e);
}

bool
finding_reviewed_page(struct request *r, struct reply *ret, struct err *e)
{
	return do_deed(r, ret, true, e);
}
