/* What a move needs beyond its table: what keeps people safe, and findings fair. */
#include <string.h>

#include "account/finding.h"
#include "account/private.h"
#include "base/edtf.h"
#include "record/guard.h"

struct judged { /* a move that is to be made */
	struct reading *r;
	const struct act_move *in;
	const struct unit *u;
	const struct dealings *d;
};

/* ---- risk ---- */

/* What was said after the last review of an assessment nobody has reviewed: it clears nothing. */
static int64_t
last_review(const struct unit *assessment)
{
	int64_t last = -1;

	for (size_t i = 0; i < assessment->n; i++)
		if (assessment->facts[i].kind == KIND_STEP &&
		    strcmp(assessment->facts[i].value, "current") == 0)
			last = MAX(last, assessment->facts[i].number);
	return last < 0 ? -1 : (last / CLAIMS_MAX + 1) * CLAIMS_MAX;
}

/* Reviewed, not replaced or closed since, and its next review is still to come. */
static bool
is_current(struct judged *j, const struct unit *assessment, bool *ret, struct err *e)
{
	const struct procedure *p = unit_procedure(j->r, assessment);
	int64_t before = last_review(assessment), until = INT64_MAX;
	struct dealings d;
	size_t n;
	const struct fact *f = unit_facts(assessment, "review", &n);

	*ret = false;
	if (!p)
		return true;
	if (!unit_dealings(j->r, p, assessment, NULL, &d, e))
		return false;
	for (size_t i = 0; i < n; i++)
		until = f[i].number < before ? MIN(until, f[i].low) : until;
	unit_facts(assessment, "replaced_by", &n);
	*ret =
	    !n && strcmp(d.state, "current") == 0 && until != INT64_MAX && until > j->r->v->now;
	return true;
}

/* Did it say so when it was reviewed? */
static bool
is_about(struct judged *j, const struct unit *assessment, const char *property, uint64_t number)
{
	int64_t before = last_review(assessment);
	size_t n;
	const struct fact *f = unit_facts(assessment, property, &n);

	for (size_t i = 0; i < n; i++)
		if (f[i].number < before && f[i].kind == KIND_LINK &&
		    reading_stands(j->r, (uint64_t)f[i].low) == reading_stands(j->r, number))
			return true;
	return false;
}

/* The current ones among those that lead to a record by this property. */
static bool
add_leading(struct judged *j, const char *property, uint64_t number, struct units *io,
    size_t *io_cap, struct err *e)
{
	struct seek seek = { .record = number };
	struct units one, about;
	struct unit self;

	if (!record_unit(j->r, number, &self, e))
		return false;
	one = (struct units){ &self, 1 };
	if (!units_linked(j->r, &one, &seek, property, "risk_assessment", &about, e))
		return false;
	for (size_t i = 0; i < about.n; i++) {
		bool current;

		if (!is_current(j, &about.u[i], &current, e))
			return false;
		if (!current || !is_about(j, &about.u[i], property, number))
			continue;
		io->u = account_grow(j->r->a, io->u, io->n, io_cap, sizeof *io->u);
		io->u[io->n++] = about.u[i];
	}
	return true;
}

/* One about what is to leave clears it; else each person must be covered by one. */
static bool
is_cleared(struct judged *j, const uint64_t *persons, size_t n, bool *ret, struct err *e)
{
	struct units found = { 0 };
	size_t cap = 0;

	if (!add_leading(j, "activity", j->u->number, &found, &cap, e))
		return false;
	*ret = found.n > 0 || n > 0;
	for (size_t i = 0; i < n && !found.n && *ret; i++) {
		struct units covers = { 0 };

		cap = 0;
		if (!add_leading(j, "about_whom", persons[i], &covers, &cap, e))
			return false;
		*ret = covers.n > 0;
	}
	return true;
}

static bool
needs_assessment(struct judged *j, const uint64_t *persons, size_t n, struct err *e)
{
	bool cleared;

	return is_cleared(j, persons, n, &cleared, e) &&
	    (cleared ||
		err_set(e, ERR_INVALID,
		    "before this leaves, a risk assessment is needed that is current: reviewed"
		    " (vigil move R current), its next review still to come, and about this"
		    " (activity=%s)%s",
		    j->u->id, n ? " or about each person named (about_whom)" : ""));
}

/* It leaves with the first step beyond the draft. */
static bool
letter_leaves(struct judged *j, struct err *e)
{
	const struct procedure *p = j->d->procedure;
	const struct state *to = procedure_state(p, j->in->state);
	bool left = to == p->states || to->final;
	uint64_t *persons;
	size_t n = 0, n_other;

	for (size_t i = 0; i < j->d->n_steps; i++)
		left |= strcmp(j->d->steps[i].state, p->states[0].code) != 0;
	unit_facts(j->u, p->unless, &n_other);
	if (left || !p->naming || (n_other && !dealings_step(j->d, p->states[0].code)))
		return true;
	for (size_t i = 0; i < j->u->n_records; i++) {
		if (!record_persons(j->r->db, j->r->a, j->r->schema, p->naming,
			j->u->records[i], NULL, &persons, &n, e))
			return false;
		if (n && !needs_assessment(j, persons, n, e))
			return false;
	}
	return true;
}

/* The party is told before it leaves that it may be told, and has time to answer. */
static bool
may_notify(struct judged *j, struct err *e)
{
	struct span by = unit_span(j->u, "respond_by");

	for (size_t i = 0; i < j->in->n_more; i++)
		if (strcmp(j->in->more[i].property, "respond_by") == 0)
			by = (struct span){ j->in->more[i].value.low, j->in->more[i].value.high,
				true, false };
	if (by.known && by.high <= j->in->latest)
		return err_set(e, ERR_INVALID,
		    "the time to respond would be over when the party is asked: --respond-by");
	return needs_assessment(j, NULL, 0, e);
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

static void
add_party(struct reading *r, const struct fact *f, bool heard, struct party **io, size_t *n,
    size_t *cap)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp((*io)[i].property, f->property) == 0 &&
		    strcmp((*io)[i].value, f->value) == 0)
			return;
	*io = account_grow(r->a, *io, *n, cap, sizeof **io);
	(*io)[(*n)++] = (struct party){ f->property, f->value, heard };
}

bool
finding_parties(struct reading *r, const struct unit *u, const struct dealings *d,
    struct party **ret, size_t *ret_n, struct err *e)
{
	static const char *const names[] = { "party", "state" };
	struct seek seek = { .record = u->number };
	struct unit own = *u;
	struct units one = { &own, 1 }, all;
	size_t cap = 0;

	*ret = NULL;
	*ret_n = 0;
	if (!units_linked(r, &one, &seek, "finding", "opportunity", &all, e))
		return false;
	for (size_t i = 0; i < LEN(names); i++) {
		size_t n;
		const struct fact *f = unit_facts(u, names[i], &n);

		for (size_t k = 0; k < n; k++)
			add_party(r, &f[k], has_opportunity(r, &all, &f[k]), ret, ret_n, &cap);
	}
	if (step_tells(d, *ret_n))
		(*ret)[0].heard = true;
	return true;
}

bool
finding_heard(struct reading *r, const struct unit *u, const struct dealings *d,
    const char **ret_why, struct err *e)
{
	struct party *p;
	size_t n;

	*ret_why = "";
	if (!finding_parties(r, u, d, &p, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!p[i].heard)
			*ret_why = p[i].value;
	return true;
}

bool
finding_may_ask(struct reading *r, const struct unit *u, struct err *e)
{
	struct judged j = { .r = r, .u = u };

	return needs_assessment(&j, NULL, 0, e);
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
bool
finding_is_recused(const struct unit *u, const char *person)
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
bool
finding_is_author(struct reading *r, const struct log *log, const struct unit *u,
    const char *person, bool *ret, struct err *e)
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

/* The entry that changed last what reviewers judge. What is said with a move is the mover's own
 * word on it, not a change; but a finding that is sent back has to be reviewed anew. */
static bool
last_change(struct reading *r, const struct unit *u, int64_t *ret, struct err *e)
{
	*ret = 0;
	for (size_t i = 0; i < u->n_records; i++) {
		int64_t last = 0;

		if (!db_get_one(r->db, &last, e,
			"SELECT coalesce(max(CASE WHEN c.until < $2 THEN c.until ELSE c.since END),"
			" 0) FROM claim c WHERE c.record = $1 AND c.since < $2"
			" AND c.property IN ('proposition', 'standard', 'for', 'against',"
			" 'reasons', 'party', 'state')"
			" AND NOT (c.property = 'reasons' AND c.until >= $2 AND EXISTS (SELECT 1"
			" FROM claim s WHERE s.record = c.record AND s.since = c.since"
			" AND s.kind = $3 AND s.value <> 'proposed'))",
			db_int((int64_t)u->records[i]), db_int(r->v->as_of), db_int(KIND_STEP)))
			return false;
		*ret = MAX(*ret, last);
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
	int64_t changed;

	if (!last_change(r, u, &changed, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *actor;
		bool author, twice = false;

		if (f[i].number / CLAIMS_MAX < changed)
			continue;
		if (!find_actor(r, log, (uint64_t)(f[i].number / CLAIMS_MAX), &actor, e) ||
		    !finding_is_author(r, log, u, f[i].value, &author, e))
			return false;
		for (size_t k = 0; k < kept; k++)
			twice |= strcmp(names[k], f[i].value) == 0;
		if (!twice && !author && strcmp(actor, f[i].value) == 0 &&
		    !finding_is_recused(u, f[i].value))
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
	if (!check_log(j, e) || !finding_is_author(j->r, j->in->log, j->u, person, &author, e))
		return false;
	if (author)
		return err_set(
		    e, ERR_DENIED, "\"%.60s\" is its author: two others review it", person);
	if (finding_is_recused(j->u, person))
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
	const char *const *names;
	size_t n;

	if (j->in->n_more)
		return err_set(e, ERR_INVALID,
		    "what is adopted is what was reviewed: reasons are given before the reviews");
	if (!check_log(j, e) || !check_heard(j, e) || !check_grounds(j, e) ||
	    !finding_reviewers(j->r, j->in->log, j->u, &names, &n, e))
		return false;
	return n >= FINDING_REVIEWERS ||
	    err_set(e, ERR_INVALID,
		"%zu of %d reviews of what it says now: by people who are neither its author nor"
		" recused, each written by themself",
		n, FINDING_REVIEWERS);
}

static const struct {
	const char *procedure, *state; /* NULL: any */
	bool (*check)(struct judged *j, struct err *e);
} rules[] = {
	{ "letter", NULL, letter_leaves },
	{ "finding", "notified", may_notify },
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
		    (!rules[i].state || strcmp(rules[i].state, in->state) == 0) &&
		    !rules[i].check(&j, e))
			return false;
	return true;
}
