/* How long reading the record of a real mechanism takes, now and as it stood before an entry:
 * prints question, milliseconds now and then (medians), separated by tabs. The questions are
 * asked in turn, so that both have the same cache.
 * usage: record DIR RECORD STATE OTHER-STATE ENTRY */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "account/cooperation.h"
#include "mechanism/mechanism.h"
#include "record/claims.h"

enum { RUNS = 15 };

struct question {
	struct db *db;
	const struct schema *schema;
	const char *record, *state, *other;
};

static double
milliseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

static bool
ask_show(const struct question *q, const struct viewer *v, struct arena *a, struct err *e)
{
	struct record r;
	struct claims claims;

	return record_find_named(q->db, v, a, q->schema, NULL, q->record, &r, e) &&
	    record_claims(q->db, v, a, q->schema, &r, false, &claims, e);
}

static bool
ask_cooperation(
    const struct question *q, const struct viewer *v, struct arena *a, struct err *e)
{
	struct cooperation c;

	return account_cooperation(q->db, v, a, q->schema, q->state, NULL, NULL, NULL, &c, e);
}

static bool
ask_agreement(const struct question *q, const struct viewer *v, struct arena *a, struct err *e)
{
	struct agreements g;

	return account_agreement(q->db, v, a, q->schema, q->state, q->other, NULL, NULL, &g, e);
}

static const struct {
	const char *name;
	bool (*ask)(
	    const struct question *q, const struct viewer *v, struct arena *a, struct err *e);
} questions[] = { { "show", ask_show }, { "cooperation", ask_cooperation },
	{ "agreement", ask_agreement } };

static int
compare(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static bool
measure(const struct question *q, size_t i, int64_t as_of, struct err *e)
{
	struct viewer v[2] = { mechanism_viewer("bench"), mechanism_viewer("bench") };
	double took[2][RUNS];

	v[1].as_of = as_of;
	for (int run = 0; run < RUNS; run++)
		for (int then = 0; then < 2; then++) {
			AUTO(arena) *a = arena_new();
			double began = milliseconds();

			if (!questions[i].ask(q, &v[then], a, e))
				return false;
			took[then][run] = milliseconds() - began;
		}
	for (int then = 0; then < 2; then++)
		qsort(took[then], RUNS, sizeof took[then][0], compare);
	printf("%s\t%.2f\t%.2f\n", questions[i].name, took[0][RUNS / 2], took[1][RUNS / 2]);
	return true;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };
	AUTO(mechanism) *m = argc == 6 ? mechanism_open(argv[1], &e) : NULL;
	AUTO(session) *s = m ? session_open(m, &e) : NULL;
	const struct viewer v = mechanism_viewer("bench");
	AUTO(schema) *schema = s ? record_schema(s->db, &v, &e) : NULL;
	bool ok = schema != NULL;

	for (size_t i = 0; ok && i < LEN(questions); i++) {
		struct question q = { s->db, schema, argv[2], argv[3], argv[4] };

		ok = measure(&q, i, strtoll(argv[5], NULL, 10), &e);
	}
	if (!ok)
		fprintf(stderr, "record: %s\n",
		    argc == 6 ? e.msg : "usage: record DIR RECORD STATE OTHER-STATE ENTRY");
	return ok ? 0 : 1;
}
