/* What a move needs beyond its table: what keeps people safe, and findings fair. */
#include <string.h>

#include "account/private.h"
#include "base/edtf.h"

struct judged { /* a move that is to be made */
	struct reading *r;
	const struct act_move *in;
	const struct unit *u;
	const struct dealings *d;
};

/* ---- risk ---- */

static bool
is_current(const struct reading *r, const struct unit *assessment)
{
	struct span review = unit_span(assessment, "review");
	size_t n;

	unit_facts(assessment, "replaced_by", &n);
	return !n && review.known && review.low > r->v->now;
}

/* One that the record names, or that names the record. */
static bool
find_assessment(struct judged *j, bool *ret, struct err *e)
{
	struct seek seek = { .record = j->u->number };
	struct unit own = *j->u;
	struct units one = { &own, 1 }, about;
	size_t n;
	const struct fact *f = unit_facts(j->u, "risk_assessment", &n);

	*ret = false;
	for (size_t i = 0; i < n && !*ret; i++) {
		struct unit assessment;

		if (!record_unit(j->r, (uint64_t)f[i].low, &assessment, e))
			return false;
		*ret = is_current(j->r, &assessment);
	}
	if (!units_linked(j->r, &one, &seek, "activity", "risk_assessment", &about, e))
		return false;
	for (size_t i = 0; i < about.n; i++)
		*ret |= is_current(j->r, &about.u[i]);
	return true;
}

static bool
needs_assessment(struct judged *j, struct err *e)
{
	bool current;

	return find_assessment(j, &current, e) &&
	    (current ||
		err_set(e, ERR_INVALID,
		    "before this leaves, a risk assessment is needed that is current: one whose"
		    " review day is still to come, linked by risk_assessment"));
}

static bool
letter_sent(struct judged *j, struct err *e)
{
	size_t n;

	unit_facts(j->u, "names", &n);
	return !n || needs_assessment(j, e);
}

/* ---- hearing ---- */

/* An opportunity that was taken, let pass, or not given for a reason. */
static bool
is_over(const struct reading *r, const struct unit *o)
{
	struct span due = unit_span(o, "due");
	size_t n_waived, n_asked;

	unit_facts(o, "waived_reason", &n_waived);
	unit_facts(o, "asked", &n_asked);
	return n_waived || unit_span(o, "responded").known ||
	    (n_asked && due.known && due.high < r->v->now);
}

static bool
has_opportunity(const struct reading *r, const struct units *all, const struct fact *party)
{
	for (size_t i = 0; i < all->n; i++) {
		size_t n;
		const struct fact *f = unit_facts(&all->u[i], party->property, &n);

		for (size_t k = 0; k < n; k++)
			if (is_over(r, &all->u[i]) &&
			    (party->kind == KIND_LINK ? reading_stands(r, (uint64_t)f[k].low) ==
					reading_stands(r, (uint64_t)party->low) :
							strcmp(f[k].value, party->value) == 0))
				return true;
	}
	return false;
}

/* The steps of the finding itself tell it where there is one party only. */
static bool
step_tells(const struct dealings *d, size_t n_parties)
{
	return n_parties == 1 &&
	    (dealings_step(d, "answered") || dealings_step(d, "unanswered") ||
		dealings_step(d, "not-notified"));
}

bool
finding_heard(struct reading *r, const struct unit *u, const struct dealings *d,
    const char **ret_why, struct err *e)
{
	static const char *const names[] = { "party", "state" };
	struct seek seek = { .record = u->number };
	struct unit own = *u;
	struct units one = { &own, 1 }, all;
	size_t n_parties = 0;

	*ret_why = "";
	if (!units_linked(r, &one, &seek, "finding", "opportunity", &all, e))
		return false;
	for (size_t i = 0; i < LEN(names); i++) {
		size_t n;

		unit_facts(u, names[i], &n);
		n_parties += n;
	}
	for (size_t i = 0; i < LEN(names) && !step_tells(d, n_parties); i++) {
		size_t n;
		const struct fact *f = unit_facts(u, names[i], &n);

		for (size_t k = 0; k < n; k++)
			if (!has_opportunity(r, &all, &f[k]))
				*ret_why = f[k].value;
	}
	return true;
}

static bool
check_heard(struct judged *j, struct err *e)
{
	const char *who;

	if (!finding_heard(j->r, j->u, j->d, &who, e))
		return false;
	return !*who ||
	    err_set(e, ERR_INVALID,
		"%s had no opportunity to respond: its answer, or that it was asked and the"
		" time ran out, or the reason why it was not asked, must be on record",
		who);
}

static bool
time_ran_out(struct judged *j, struct err *e)
{
	struct span by = unit_span(j->u, "respond_by");

	if (!by.known)
		return err_set(
		    e, ERR_INVALID, "no day is set until which it may respond: respond_by");
	return by.high < j->r->v->now ||
	    err_set(e, ERR_INVALID, "the time runs until %s", edtf_day(j->r->a, by.high));
}

/* ---- reviewers ---- */

/* "NAME" or "NAME: which interest" */
static bool
is_recused(const struct unit *u, const char *person)
{
	size_t n, len = strlen(person);
	const struct fact *f = unit_facts(u, "recused", &n);

	for (size_t i = 0; i < n; i++)
		if (strncmp(f[i].value, person, len) == 0 &&
		    (!f[i].value[len] || f[i].value[len] == ':'))
			return true;
	return false;
}

/* Who wrote an entry; "" if its body was erased. */
static bool
find_actor(
    struct reading *r, const struct log *log, uint64_t index, const char **ret, struct err *e)
{
	struct entry en;
	struct err why = { 0 };

	*ret = "";
	if (log_entry(log, r->db, r->a, index, &en, &why))
		*ret = en.actor;
	else if (why.kind != ERR_MISSING) {
		*e = why;
		return false;
	}
	return true;
}

/* The author is who is named so, and who made the record. */
static bool
is_author(struct reading *r, const struct log *log, const struct unit *u, const char *person,
    bool *ret, struct err *e)
{
	const char *maker;

	*ret = unit_has(u, "author", person);
	for (size_t i = 0; i < u->n_records; i++) {
		if (!find_actor(r, log, u->records[i], &maker, e))
			return false;
		*ret |= strcmp(maker, person) == 0;
	}
	return true;
}

bool
finding_reviewers(struct reading *r, const struct log *log, const struct unit *u,
    const char *const **ret, size_t *ret_n, struct err *e)
{
	size_t n, kept = 0;
	const struct fact *f = unit_facts(u, "reviewer", &n);
	const char **names = arena_alloc(r->a, (n + 1) * sizeof *names);

	for (size_t i = 0; i < n; i++) {
		const char *actor;
		bool author, twice = false;

		if (!find_actor(r, log, (uint64_t)(f[i].number / CLAIMS_MAX), &actor, e) ||
		    !is_author(r, log, u, f[i].value, &author, e))
			return false;
		for (size_t k = 0; k < kept; k++)
			twice |= strcmp(names[k], f[i].value) == 0;
		if (!twice && !author && strcmp(actor, f[i].value) == 0 &&
		    !is_recused(u, f[i].value))
			names[kept++] = f[i].value;
	}
	*ret = names;
	*ret_n = kept;
	return true;
}

static bool
check_log(const struct judged *j, struct err *e)
{
	return j->in->log ||
	    err_set(e, ERR_INVALID, "a finding is moved by vigil finding or vigil move");
}

static bool
may_review(struct judged *j, struct err *e)
{
	const char *person = j->r->v->actor;
	bool author, named = false;

	for (size_t i = 0; i < j->in->n_more; i++)
		named |= strcmp(j->in->more[i].property, "reviewer") == 0 &&
		    strcmp(j->in->more[i].value.text, person) == 0;
	if (!check_log(j, e) || !is_author(j->r, j->in->log, j->u, person, &author, e))
		return false;
	if (author)
		return err_set(
		    e, ERR_DENIED, "\"%.60s\" is its author: two others review it", person);
	if (is_recused(j->u, person))
		return err_set(e, ERR_DENIED, "\"%.60s\" stood aside from it", person);
	if (!named)
		return err_set(
		    e, ERR_INVALID, "a review is its reviewer's own: vigil finding review");
	return check_heard(j, e);
}

/* Claims that it rests on, and that stand: at least one for it. */
static bool
check_grounds(struct judged *j, struct err *e)
{
	size_t n;
	const struct fact *f = unit_facts(j->u, "for", &n);

	if (!n)
		return err_set(e, ERR_INVALID, "no claim is given for it: for=c1204.0");
	for (size_t i = 0; i < n; i++) {
		int64_t number, stands = 0;

		if (!claim_number(f[i].value, &number, e) ||
		    !db_get_one(j->r->db, &stands, e,
			"SELECT count(*) FROM claim WHERE number = $1 AND until = $2",
			db_int(number), db_int(RECORD_OPEN)))
			return false;
		if (!stands)
			return err_set(e, ERR_INVALID,
			    "claim %.40s, which it rests on, was withdrawn or never made",
			    f[i].value);
	}
	return true;
}

static bool
may_adopt(struct judged *j, struct err *e)
{
	enum { REVIEWERS = 2 };
	const char *const *names;
	size_t n;

	if (!check_log(j, e) || !check_heard(j, e) || !check_grounds(j, e) ||
	    !finding_reviewers(j->r, j->in->log, j->u, &names, &n, e))
		return false;
	return n >= REVIEWERS ||
	    err_set(e, ERR_INVALID,
		"%zu of %d reviews: by people who are neither its author nor recused,"
		" each written by themself",
		n, REVIEWERS);
}

static const struct {
	const char *procedure, *state;
	bool (*check)(struct judged *j, struct err *e);
} rules[] = {
	{ "letter", "sent", letter_sent },
	{ "finding", "notified", needs_assessment },
	{ "finding", "unanswered", time_ran_out },
	{ "finding", "reviewed", may_review },
	{ "finding", "adopted", may_adopt },
};

bool
move_rules(struct reading *r, const struct act_move *in, const struct procedure *p,
    const struct unit *u, const struct dealings *d, struct err *e)
{
	struct judged j = { r, in, u, d };

	for (size_t i = 0; i < LEN(rules); i++)
		if (strcmp(rules[i].procedure, p->name) == 0 &&
		    strcmp(rules[i].state, in->state) == 0 && !rules[i].check(&j, e))
			return false;
	return true;
}
