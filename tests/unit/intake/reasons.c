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
words_come_to_kinds(void)
{
	static const struct {
		bool encrypted;
		const char *why;
		enum intake_reason want;
	} cases[] = {
		{ false, "took longer than 60 seconds", INTAKE_SLOW },
		{ false, "needed more than 1024 MB of memory", INTAKE_MEMORY },
		{ false, "too large: 70000000 bytes, at most 67108864 are taken of this type",
		    INTAKE_LARGE },
		{ false, "the text is longer than 128 MB", INTAKE_LARGE },
		{ false, "text: more than 134217728 bytes", INTAKE_LARGE },
		{ false, "a file in it is larger than 128 MB", INTAKE_LARGE },
		{ false, "it unpacks to more than its size allows: the rest was left packed",
		    INTAKE_LARGE },
		{ true, "2 of the 2 files in it are encrypted (ZIP)", INTAKE_ENCRYPTED },
		{ false, "the document is encrypted", INTAKE_ENCRYPTED },
		{ true, "whatever it says", INTAKE_ENCRYPTED },
		{ false, "extraction was interrupted", INTAKE_AWAY },
		{ false, "its extractor, vigil-extract-pdf, is not installed", INTAKE_AWAY },
		{ false, "the extractor crashed (signal 11)", INTAKE_BROKEN },
		{ false, "the extractor's answer breaks the rules: bytes after END",
		    INTAKE_BROKEN },
		{ false, "the PDF is damaged: it has no pages that can be found",
		    INTAKE_DAMAGED },
		{ false, "archive: Truncated ZIP file header", INTAKE_DAMAGED },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(intake_reason_of(cases[i].encrypted, cases[i].why) == cases[i].want);
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

TESTS(T(every_kind_has_a_name), T(words_come_to_kinds), T(sums_stay_right_when_rows_run_out))
