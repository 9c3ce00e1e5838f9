/* What is not claimed of records that others lead to, though nothing guards them (guard.h): how a State voted where
 * the ballot was secret, and an endorsement that came after its letter was closed. Both lie in two records at once,
 * which no word of a schema about one type says; they stand here until there are more of their kind. */
#include <string.h>

#include "base/clock.h"
#include "record/guard.h"
#include "record/private.h"

struct asked {
	const struct act_record *io;
	struct db *db;
	int64_t number; /* of the record; 0: a new one */
};

/* What whoever claims may not see is nothing to them: a refusal would tell of it. */
#define SEEN(c) ACQUISITION_SEEN(c, "$1", "$2")

static bool
target_of(const struct asked *q, const struct statement *st, int64_t *ret, struct err *e)
{
	*ret = 0;
	return st->value.kind != KIND_LINK || st->stance != ASSERTS ||
	    db_get_one(q->db, ret, e,
		"SELECT coalesce(max(number), 0) FROM record WHERE id = $1",
		db_text(st->value.text));
}

static bool
check_ballot_of(const struct asked *q, const struct statement *st, struct err *e)
{
	int64_t to, secret = 0;
	char
	    open_one[ID_MAX + 1]; /* known by its id with a mark, since many votes are of one */

	snprintf(open_one, sizeof open_one, "!%s", st->value.text);
	if (known_has(q->io->known, open_one))
		return true;
	if (!target_of(q, st, &to, e) ||
	    !db_get_one(q->db, &secret, e,
		"SELECT count(*) FROM claim c WHERE c.record = $3 AND c.property = 'method'"
		" AND c.value = 'secret' AND c.stance = 0 AND c.until = $2 AND" SEEN("c."),
		db_text(q->io->actor), db_int(RECORD_OPEN), db_int(to)))
		return false;
	if (!secret)
		known_put(q->io->known, open_one);
	return !secret ||
	    err_set(e, ERR_INVALID,
		"that vote was taken by secret ballot: how a State voted is not recorded. The"
		" figures are the roll call's own");
}

static bool
check_secrecy(const struct asked *q, const struct statement *st, struct err *e)
{
	int64_t votes = 0;

	if (!q->number || strcmp(st->value.text, "secret") != 0)
		return true;
	if (!db_get_one(q->db, &votes, e,
		"SELECT count(*) FROM claim c JOIN record r ON r.number = c.record"
		" WHERE" CLAIM_LINKS("c.", "'roll_call'",
		    "= $3") "AND c.low = $3"
			    " AND c.kind = 4 AND r.type = 'vote' AND c.stance = 0 AND c.until = $2"
			    " AND" SEEN("c."),
		db_text(q->io->actor), db_int(RECORD_OPEN), db_int(q->number)))
		return false;
	return !votes ||
	    err_set(e, ERR_INVALID,
		"States' votes are recorded for it (%lld), and a secret ballot has none:"
		" withdraw those first, or say another method",
		(long long)votes);
}
/* How a letter's sign-ons stand: one that is open, and until when those that are closed took names. */
static bool
closed_on(
    const struct asked *q, int64_t letter, bool *ret_closed, int64_t *ret_last, struct err *e)
{
	int64_t all = 0, closed = 0;

	*ret_closed = false;
	if (!db_get_one(q->db, &all, e,
		"SELECT count(DISTINCT c.record) FROM claim c JOIN record r ON r.number = c.record"
		" WHERE" CLAIM_LINKS("c.", "'letter'",
		    "= $3") "AND c.low = $3"
			    " AND r.type = 'sign_on' AND c.stance = 0 AND c.until = $2 AND" SEEN(
				"c."),
		db_text(q->io->actor), db_int(RECORD_OPEN), db_int(letter)))
		return false;
	if (!all)
		return true;
	if (!db_get_one(q->db, &closed, e,
		"SELECT count(DISTINCT s.record) FROM claim s JOIN claim c ON c.record = s.record"
		" WHERE" CLAIM_LINKS("c.", "'letter'",
		    "= $3") "AND c.low = $3"
			    " AND c.stance = 0 AND c.until = $2 AND s.property = 'status'"
			    " AND s.value = 'closed' AND s.stance = 0 AND s.until = $2 AND" SEEN(
				"s."),
		db_text(q->io->actor), db_int(RECORD_OPEN), db_int(letter)) ||
	    !db_get_one(q->db, ret_last, e,
		"SELECT coalesce(max(s.high), 0) FROM claim s JOIN claim c ON c.record = s.record"
		" WHERE" CLAIM_LINKS("c.", "'letter'",
		    "= $3") "AND c.low = $3"
			    " AND c.stance = 0 AND c.until = $2 AND s.property = 'status'"
			    " AND s.value = 'closed' AND s.stance = 0 AND s.until = $2 AND" SEEN(
				"s."),
		db_text(q->io->actor), db_int(RECORD_OPEN), db_int(letter)))
		return false;
	*ret_closed = closed >= all;
	return true;
}

/* The day that an endorsement is said to be of: by the act, or before it; none: now. */
static bool
day_of(const struct asked *q, int64_t *ret, struct err *e)
{
	int64_t day = INT64_MAX;

	for (size_t i = 0; i < q->io->n; i++)
		if (strcmp(q->io->statements[i].property, "date") == 0 &&
		    q->io->statements[i].stance == ASSERTS)
			day = q->io->statements[i].value.low;
	*ret = day;
	return day != INT64_MAX || !q->number ||
	    db_get_one(q->db, ret, e,
		"SELECT coalesce(min(low), $3) FROM claim WHERE record = $1 AND property = 'date'"
		" AND stance = 0 AND until = $2",
		db_int(q->number), db_int(RECORD_OPEN), db_int(INT64_MAX));
}

/* A name that came in time may be recorded late. */
static bool
check_sign_on(const struct asked *q, const struct statement *st, struct err *e)
{
	int64_t letter, last = 0, day;
	bool closed;

	if (!target_of(q, st, &letter, e) || !closed_on(q, letter, &closed, &last, e) ||
	    !day_of(q, &day, e))
		return false;
	if (!closed || day <= last)
		return true;
	return err_set(e, ERR_INVALID,
	    "the sign-on of this letter was closed: an endorsement that came before is"
	    " recorded with its day (date=)");
}

static const struct {
	const char *type, *property;
	bool (*check)(const struct asked *q, const struct statement *st, struct err *e);
} rules[] = {
	{ "vote", "roll_call", check_ballot_of },
	{ "roll_call", "method", check_secrecy },
	{ "endorsement", "letter", check_sign_on },
};

bool
record_closed(const struct act_record *io, struct db *db, const struct type *t, uint64_t number,
    struct err *e)
{
	const struct asked q = { io, db, (int64_t)number };

	for (size_t k = 0; k < LEN(rules); k++) {
		if (!type_is(t, rules[k].type))
			continue;
		for (size_t i = 0; i < io->n; i++)
			if (io->statements[i].stance == ASSERTS &&
			    strcmp(io->statements[i].property, rules[k].property) == 0 &&
			    !rules[k].check(&q, &io->statements[i], e))
				return false;
	}
	return true;
}
_Static_assert(KIND_LINK == 4 && ASSERTS == 0, "the queries name them");
