/* How long a State's cooperation record takes in a database of so many claims, made up for it:
 * prints name, milliseconds the first time and the best of five, separated by tabs.
 * usage: account DIR CLAIMS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "account/account.h"
#include "account/cooperation.h"
#include "base/clock.h"

enum { STATES = 200, QUESTIONS = 1000, VOTE_CLAIMS = 5 };

static const struct vocabulary *states;
static int64_t next_record = 1;

static double
milliseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

static const char *
id_of(struct arena *a, int64_t record)
{
	return arena_printf(a, "rec_%026lld", (long long)record);
}

static bool
put_record(struct db *db, struct arena *a, const char *type, struct err *e)
{
	next_record++;
	return db_run(db, e,
	    "INSERT INTO record(number, id, type, since, until) VALUES($1, $2, $3, $1, $4)",
	    db_int(next_record), db_text(id_of(a, next_record)), db_text(type),
	    db_int(RECORD_OPEN));
}

/* A claim about the newest record. */
static bool
put(struct db *db, int place, const char *property, enum kind kind, const char *value,
    int64_t low, int64_t high, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO claim(number, record, property, kind, value, low, high, more, source, item,"
	    " text, start, finish, stance, credibility, compartment, since, until)"
	    " VALUES($1, $2, $3, $4, $5, $6, $7, '', 0, 0, 0, -1, -1, 0, 0, '', $2, $8)",
	    db_int(next_record * CLAIMS_MAX + place), db_int(next_record), db_text(property),
	    db_int(kind), db_text(value), db_int(low), db_int(high), db_int(RECORD_OPEN));
}

static bool
put_day(struct db *db, int place, const char *property, int64_t day, struct err *e)
{
	char text[DAY_MAX];

	clock_day(day, text);
	return put(db, place, property, KIND_DATE, text, day, day + 86399999, e);
}

static bool
put_link(
    struct db *db, struct arena *a, int place, const char *property, int64_t to, struct err *e)
{
	return put(db, place, property, KIND_LINK, id_of(a, to), to, 0, e);
}

static bool
put_votes(struct db *db, struct arena *a, int64_t *left, struct err *e)
{
	static const char *const positions[] = { "yes", "no", "abstain", "absent" };

	for (int q = 0; *left > 0; q++) {
		int64_t day = (int64_t)(q % 25000) * 86400000, question;

		if (!put_record(db, a, "resolution", e) ||
		    !put(db, 0, "topics", KIND_TEXT, q % 2 ? "one" : "other", 0, 0, e))
			return false;
		question = next_record;
		for (size_t s = 0; s < STATES; s++, *left -= VOTE_CLAIMS)
			if (!put_record(db, a, "vote", e) ||
			    !put_link(db, a, 0, "resolution", question, e) ||
			    !put(db, 1, "state", KIND_TERM, states->terms[s]->code, 0, 0, e) ||
			    !put(
				db, 2, "position", KIND_TERM, positions[rand() % 4], 0, 0, e) ||
			    !put_day(db, 3, "date", day, e) ||
			    !put(db, 4, "record_number", KIND_TEXT, "12", 0, 0, e))
				return false;
		arena_reset(a);
	}
	return true;
}

static bool
put_letters(struct db *db, struct arena *a, int64_t *left, struct err *e)
{
	for (; *left > 0; *left -= 6) {
		int64_t day = (int64_t)(rand() % 18000) * 86400000, letter;

		if (!put_record(db, a, "letter", e) ||
		    !put(db, 0, "state", KIND_TERM, states->terms[rand() % STATES]->code, 0, 0,
			e) ||
		    !put(db, 1, "kind", KIND_TERM, "AL", 0, 0, e) ||
		    !put_day(db, 2, "sent", day, e))
			return false;
		letter = next_record;
		if (!put_record(db, a, "reply", e) ||
		    !put_link(db, a, 0, "letter", letter, e) ||
		    !put_day(db, 1, "received", day + (int64_t)(rand() % 200) * 86400000, e) ||
		    !put(db, 2, "grade", KIND_TERM, "holding", 0, 0, e))
			return false;
		arena_reset(a);
	}
	return true;
}

static bool
fill(struct db *db, int64_t claims, struct err *e)
{
	AUTO(arena) *a = arena_new();
	int64_t letters = claims / 10, votes = claims - letters;

	srand(1);
	return record_view.create(db, e) && db_begin(db, e) &&
	    put_letters(db, a, &letters, e) && put_votes(db, a, &votes, e) && db_commit(db, e);
}

static bool
ask_cooperation(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct err *e)
{
	struct cooperation c;

	return account_cooperation(
	    db, v, a, s, states->terms[7]->code, NULL, NULL, NULL, &c, e);
}

static bool
ask_agreement(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct err *e)
{
	struct agreements g;

	return account_agreement(
	    db, v, a, s, states->terms[7]->code, states->terms[8]->code, NULL, NULL, &g, e);
}

static bool
ask_due(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct err *e)
{
	struct due *due;
	size_t n;

	return account_due(db, v, a, s, 0, &due, &n, e);
}

static const struct {
	const char *name;
	bool (*ask)(struct db *db, const struct viewer *v, struct arena *a,
	    const struct schema *s, struct err *e);
} questions[] = { { "cooperation", ask_cooperation }, { "agreement", ask_agreement },
	{ "due", ask_due } };

/* The first time on a connection of its own, so that nothing is in its cache. */
static bool
measure(const struct db_config *c, const struct schema *s, size_t i, struct err *e)
{
	AUTO(db) *db = db_open(c, e);
	const struct viewer v = { "bench", RECORD_OPEN, clock_now() };
	double first = 0, best = 1e9;

	for (int run = 0; db && run < 6; run++) {
		AUTO(arena) *a = arena_new();
		double began = milliseconds(), took;

		if (!questions[i].ask(db, &v, a, s, e))
			return false;
		took = milliseconds() - began;
		if (run == 0)
			first = took;
		else if (took < best)
			best = took;
	}
	if (db)
		printf("%s\t%.1f\t%.1f\n", questions[i].name, first, best);
	return db != NULL;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);
	struct key key = { 0 };
	char path[4096];
	struct db_config c = { .kind = DB_SQLITE, .path = path, .key = &key, .create = true };
	bool ok = s && argc == 3;

	if (ok) {
		AUTO(db) *db = NULL;

		snprintf(path, sizeof path, "%s/account.db", argv[1]);
		states = schema_vocabulary(s, "state");
		db = db_open(&c, &e);
		c.create = false;
		ok = db && fill(db, strtoll(argv[2], NULL, 10), &e);
	}
	for (size_t i = 0; ok && i < LEN(questions); i++)
		ok = measure(&c, s, i, &e);
	if (!ok)
		fprintf(
		    stderr, "account: %s\n", argc == 3 ? e.msg : "usage: account DIR CLAIMS");
	return ok ? 0 : 1;
}
