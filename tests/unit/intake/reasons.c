/* The words of every failure come to the kind that they say. */
#include <stdio.h>
#include <string.h>

#include "intake/private.h"
#include "test.h"

static void
every_kind_has_a_name(void)
{
	for (size_t i = 0; i < INTAKE_REASONS; i++)
		CHECK(intake_reason_names[i] && *intake_reason_names[i]);
}

static void
what_extraction_says_comes_to_kinds(void)
{
	for (enum extract_reason r = 0; r < EXTRACT_REASONS; r++) {
		CHECK(intake_reason_is_failure(intake_reason_of(false, r)));
		CHECK(intake_reason_of(true, r) == INTAKE_ENCRYPTED);
		CHECK(!*extract_reason_name(r) == (r == EXTRACT_NO_REASON));
	}
	CHECK(intake_reason_of(false, EXTRACT_BOUND) == INTAKE_LARGE);
	CHECK(intake_reason_of(false, EXTRACT_SLOW) == INTAKE_SLOW);
	CHECK(intake_reason_of(false, EXTRACT_AWAY) == INTAKE_AWAY);
	CHECK(intake_reason_of(false, EXTRACT_DAMAGED) == INTAKE_DAMAGED);
}

static void
sums_stay_right_when_rows_run_out(void)
{
	static struct intake_totals t;
	uint64_t n = 0;
	char type[40];

	for (int i = 0; i < 1000; i++) {
		snprintf(type, sizeof type, "application/x-%d", i);
		totals_count(&t, (enum intake_reason)(i % INTAKE_REASONS), type);
	}
	totals_count(&t, INTAKE_UNREAD, "image/x-unknown");
	for (size_t i = 0; i < t.n_tally; i++)
		n += t.tally[i].n;
	CHECK(n == 1001 && t.n_tally <= TALLY_MAX);
	CHECK(t.pictures == 1 && t.pictures + t.without_text + t.texts_failed == 1001);
	for (size_t i = 0; i < INTAKE_REASONS; i++) {
		uint64_t of = 0;

		for (size_t k = 0; k < t.n_tally; k++)
			of += t.tally[k].reason == i ? t.tally[k].n : 0;
		CHECK(of == (i == INTAKE_UNREAD ? 112 : i == 0 ? 112 : 111));
	}
}

TESTS(T(every_kind_has_a_name), T(what_extraction_says_comes_to_kinds),
    T(sums_stay_right_when_rows_run_out))
