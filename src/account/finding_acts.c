/* What people do to a finding (finding_acts.h). */
#include "account/finding_acts.h"

#include <string.h>

#include "base/clock.h"
#include "base/edtf.h"

const char *const finding_deed_names[FINDING_DEEDS] = {
	[FINDING_NOTIFY] = "notify",
	[FINDING_NOT_NOTIFIED] = "not-notified",
	[FINDING_RESPONSE] = "response",
	[FINDING_UNANSWERED] = "unanswered",
	[FINDING_RECUSE] = "recuse",
	[FINDING_REVIEW] = "review",
	[FINDING_ADOPT] = "adopt",
	[FINDING_REJECT] = "reject",
};

struct typing { /* what people type about findings, read */
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct schema *s;
	struct creations *c;
};

static bool
is_said(const char *s)
{
	return s && *s;
}

static bool
type_one(const struct typing *y, const char *property, const char *value, struct statement *ret,
    struct err *e)
{
	const struct type *t = schema_want_type(y->s, "finding", e);

	return t &&
	    statement_type(y->db, y->v, y->a, y->s, t,
		arena_printf(y->a, "%s=%s", property, value), y->c, ret, e);
}

/* ---- proposing ---- */

#define BETWEEN ", \t\r\n"

/* "c12.0,c14.3": each must be there. */
static bool
type_claims(const struct typing *y, const char *property, const char *list,
    struct act_record *io, struct statement *s, struct err *e)
{
	for (size_t len; is_said(list); list += len + (list[len] != 0)) {
		const char *name, *subject;

		len = strcspn(list, BETWEEN);
		name = arena_strn(y->a, list, len);
		if (len &&
		    (!record_of_claim(y->db, y->v, y->a, name, &subject, e) ||
			!type_one(y, property, name, &s[io->n++], e)))
			return false;
	}
	return true;
}

/* Today, or a day that has been: what was proposed and asked before it was recorded here. */
static bool
day_proposed(struct arena *a, const char *on, const char **ret_step, struct err *e)
{
	char today[DAY_MAX];
	struct edtf d;

	clock_day(clock_now(), today);
	if (is_said(on) && !edtf_read(a, on, &d, e))
		return err_at(e, "on");
	if (is_said(on) && d.earliest > clock_now())
		return err_set(e, ERR_INVALID, "%s is still to come", on);
	*ret_step = arena_printf(a, "proposed on %s", is_said(on) ? on : today);
	return true;
}

bool
account_propose(struct db *db, const struct viewer *v, struct arena *a, struct creations *c,
    struct act_propose *io, struct err *e)
{
	const struct typing y = { db, v, a, io->schema, c };
	const struct {
		const char *property, *value;
	} told[] = { { "standard", io->standard }, { "reasons", io->reasons },
		{ "party", io->party }, { "state", io->state }, { "case", io->of_case } };
	size_t most = LEN(told) + 3 + (io->in_favour ? strlen(io->in_favour) : 0) +
	    (io->against ? strlen(io->against) : 0);
	struct statement *s = arena_alloc(a, most * sizeof *s);
	const char *begins = "";

	/* It begins here: there is nothing yet for a rule to look at. */
	io->record = (struct act_record){
		.actor = io->actor, .type = "finding", .statements = s, .by_rules = true
	};
	if (!is_said(io->proposition))
		return err_set(e, ERR_INVALID, "a finding needs a proposition");
	if (!day_proposed(a, io->on, &begins, e) ||
	    !type_one(&y, "proposition", io->proposition, &s[io->record.n++], e) ||
	    !type_one(&y, "author", io->actor, &s[io->record.n++], e))
		return false;
	for (size_t i = 0; i < LEN(told); i++)
		if (is_said(told[i].value) &&
		    !type_one(&y, told[i].property, told[i].value, &s[io->record.n++], e))
			return false;
	return type_claims(&y, "for", io->in_favour, &io->record, s, e) &&
	    type_claims(&y, "against", io->against, &io->record, s, e) &&
	    type_one(&y, "status", begins, &s[io->record.n++], e);
}

/* ---- deeds ---- */

struct hearings { /* the parties, and which of them are meant */
	struct typing y;
	struct act_finding *in;
	struct record r;
	struct party *p;
	size_t n;
	bool *meant;
	const char *state;
};

/* A move, with what is said by it. */
static bool
add_move(struct hearings *h, const char *state, const char *property, const char *value,
    struct err *e)
{
	struct act_finding *in = h->in;
	struct act_move *io = arena_alloc(h->y.a, sizeof *io);

	*io = (struct act_move){ .record = { .actor = in->actor, .record = h->r.id },
		.schema = in->schema,
		.state = state,
		.on = is_said(in->on) ? in->on : NULL,
		.rests = in->rests,
		.log = in->log };
	if ((property && !type_one(&h->y, property, value, &io->more[io->n_more++], e)) ||
	    (is_said(in->reasons) &&
		!type_one(&h->y, "reasons", in->reasons, &io->more[io->n_more++], e)) ||
	    !account_move(h->y.db, h->y.a, io, &in->drafts[in->n], e))
		return false;
	in->n++;
	in->on = io->on;
	return true;
}

/* By party or State, as typed; all, if neither is said. */
static bool
mean_parties(struct hearings *h, struct err *e)
{
	const struct {
		const char *property, *typed;
	} by[] = { { "party", h->in->party }, { "state", h->in->state } };
	bool any = false, named = false;

	for (size_t k = 0; k < LEN(by); k++) {
		struct statement st;

		if (!is_said(by[k].typed))
			continue;
		named = true;
		if (!type_one(&h->y, by[k].property, by[k].typed, &st, e))
			return false;
		for (size_t i = 0; i < h->n; i++)
			if (strcmp(h->p[i].property, by[k].property) == 0 &&
			    strcmp(h->p[i].value, st.value.text) == 0)
				any = h->meant[i] = true;
	}
	if (named && !any)
		return err_set(e, ERR_INVALID, "the finding is not against that party");
	for (size_t i = 0; i < h->n && !named; i++)
		h->meant[i] = true;
	return true;
}

/* What happens to each party that is meant, and was not heard yet. */
static bool
add_hearings(struct hearings *h, enum hearing how, const char *words, struct err *e)
{
	struct act_finding *in = h->in;

	for (size_t i = 0; i < h->n; i++) {
		struct act_hearing *io = arena_alloc(h->y.a, sizeof *io);

		if (!h->meant[i] || (how != HEARING_RESPONDED && h->p[i].heard))
			continue;
		*io = (struct act_hearing){ .actor = in->actor,
			.finding = h->r.id,
			.schema = in->schema,
			.party = h->p[i],
			.how = how,
			.on = is_said(in->on) ? in->on : NULL,
			.due = in->respond_by,
			.words = words,
			.rests = in->rests };
		if (!account_hearing(h->y.db, h->y.a, io, &in->drafts[in->n], e))
			return false;
		in->n++;
	}
	return in->n > 0 ||
	    err_set(e, ERR_INVALID, "nothing is left to say: every party was heard");
}

static bool
notify(struct hearings *h, struct err *e)
{
	if (!is_said(h->in->respond_by))
		return err_set(e, ERR_INVALID, "until when may it respond? --respond-by DATE");
	return mean_parties(h, e) &&
	    (strcmp(h->state, "notified") == 0 ||
		add_move(h, "notified", "respond_by", h->in->respond_by, e)) &&
	    add_hearings(h, HEARING_ASKED, NULL, e);
}

/* The finding itself is not notified once nobody is left who is or may be asked. */
static bool
not_notified(struct hearings *h, struct err *e)
{
	const char *reason = h->in->reason;
	bool open = false, moves;

	if (!is_said(reason))
		return err_set(e, ERR_INVALID, "say why it is not asked: --reason R");
	if (!mean_parties(h, e))
		return false;
	for (size_t i = 0; i < h->n; i++)
		open |= !h->meant[i] && !h->p[i].heard;
	moves =
	    !open && (strcmp(h->state, "proposed") == 0 || strcmp(h->state, "notified") == 0);
	if (moves && !add_move(h, "not-notified", "not_notified_reason", reason, e))
		return false;
	return add_hearings(h, HEARING_WAIVED, reason, e);
}

static bool
response(struct hearings *h, struct err *e)
{
	size_t meant = 0;

	if (!mean_parties(h, e))
		return false;
	for (size_t i = 0; i < h->n; i++)
		meant += h->meant[i];
	if (meant != 1)
		return err_set(e, ERR_INVALID,
		    meant ? "say whose response it is: --party P or --state S" :
			    "the finding is against nobody");
	return add_hearings(
	    h, HEARING_RESPONDED, is_said(h->in->words) ? h->in->words : NULL, e);
}

static bool
unanswered(struct hearings *h, struct err *e)
{
	return add_move(h, "unanswered", NULL, NULL, e);
}

/* Whoever has an interest stands aside, and says which: it is about the actor alone. */
static bool
recuse(struct hearings *h, struct err *e)
{
	struct act_finding *in = h->in;
	struct statement *st = arena_alloc(h->y.a, sizeof *st);

	if (!is_said(in->interest))
		return err_set(e, ERR_INVALID, "say which interest: --interest WORDS");
	if (!type_one(&h->y, "recused", arena_printf(h->y.a, "%s: %s", in->actor, in->interest),
		st, e))
		return false;
	in->record = (struct act_record){ .actor = in->actor,
		.record = h->r.id,
		.schema = in->schema,
		.statements = st,
		.n = 1,
		.by_rules = true };
	act_record(&in->drafts[in->n++], &in->record);
	return true;
}

static bool
review(struct hearings *h, struct err *e)
{
	return add_move(h, "reviewed", "reviewer", h->in->actor, e);
}

static bool
adopt(struct hearings *h, struct err *e)
{
	return add_move(h, "adopted", NULL, NULL, e);
}

static bool
reject(struct hearings *h, struct err *e)
{
	return add_move(h, "rejected", NULL, NULL, e);
}

static bool (*const deeds[FINDING_DEEDS])(struct hearings *h, struct err *e) = {
	[FINDING_NOTIFY] = notify,
	[FINDING_NOT_NOTIFIED] = not_notified,
	[FINDING_RESPONSE] = response,
	[FINDING_UNANSWERED] = unanswered,
	[FINDING_RECUSE] = recuse,
	[FINDING_REVIEW] = review,
	[FINDING_ADOPT] = adopt,
	[FINDING_REJECT] = reject,
};

bool
account_finding_act(struct db *db, const struct viewer *v, struct arena *a,
    struct act_finding *io, struct err *e)
{
	/* A name that leads to nobody makes no party. */
	struct hearings h = { .y = { db, v, a, io->schema, NULL }, .in = io };

	if (!record_find(db, v, a, io->schema, io->finding, &h.r, e) ||
	    !account_parties(db, v, a, io->schema, &h.r, &h.p, &h.n, &h.state, e))
		return false;
	h.meant = arena_alloc(a, (h.n + 1) * sizeof *h.meant);
	memset(h.meant, 0, (h.n + 1) * sizeof *h.meant);
	io->n = 0;
	io->drafts = arena_alloc(a, (h.n + 2) * sizeof *io->drafts);
	return deeds[io->deed](&h, e);
}
