/* Why items have no text, counted by kind and type, for the sums at the end of a run. */
#include <stdio.h>
#include <string.h>

#include "intake/private.h"

const char *const intake_reason_names[INTAKE_REASONS] = {
	[INTAKE_ENCRYPTED] = "encrypted",
	[INTAKE_DAMAGED] = "damaged",
	[INTAKE_SLOW] = "took too long",
	[INTAKE_MEMORY] = "needed too much memory",
	[INTAKE_LARGE] = "too large",
	[INTAKE_BROKEN] = "extractor failed",
	[INTAKE_AWAY] = "not tried to the end",
	[INTAKE_UNREAD] = "no reader for the type",
	[INTAKE_EMPTY] = "no words in it",
};

bool
intake_reason_is_failure(enum intake_reason r)
{
	return r < INTAKE_UNREAD;
}

static const enum intake_reason of_extraction[] = {
	[EXTRACT_NO_REASON] = INTAKE_DAMAGED,
	[EXTRACT_DAMAGED] = INTAKE_DAMAGED,
	[EXTRACT_ENCRYPTED] = INTAKE_ENCRYPTED,
	[EXTRACT_BOUND] = INTAKE_LARGE,
	[EXTRACT_PICTURES] = INTAKE_AWAY,
	[EXTRACT_SLOW] = INTAKE_SLOW,
	[EXTRACT_MEMORY] = INTAKE_MEMORY,
	[EXTRACT_BROKEN] = INTAKE_BROKEN,
	[EXTRACT_AWAY] = INTAKE_AWAY,
};
_Static_assert(LEN(of_extraction) == EXTRACT_REASONS, "every reason has a row");

enum intake_reason
intake_reason_of(bool encrypted, enum extract_reason r)
{
	return encrypted ? INTAKE_ENCRYPTED : of_extraction[r];
}

/* The last row takes what finds no row of its own. */
static struct intake_tally *
row_of(struct intake_totals *t, enum intake_reason reason, const char *type)
{
	struct intake_tally *r;

	for (size_t i = 0; i < t->n_tally; i++)
		if (t->tally[i].reason == reason &&
		    (strcmp(t->tally[i].media_type, type) == 0 || !*t->tally[i].media_type))
			return &t->tally[i];
	if (t->n_tally == TALLY_MAX)
		return &t->tally[TALLY_MAX - 1];
	r = &t->tally[t->n_tally++];
	r->reason = reason;
	if (t->n_tally < TALLY_MAX - INTAKE_REASONS)
		snprintf(r->media_type, sizeof r->media_type, "%s", type);
	return r;
}

void
totals_count(struct intake_totals *t, enum intake_reason reason, const char *media_type)
{
	bool picture = strncmp(media_type, "image/", 6) == 0;

	row_of(t, reason, media_type)->n++;
	if (intake_reason_is_failure(reason))
		t->texts_failed++;
	else if (picture)
		t->pictures++;
	else
		t->without_text++;
}
