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

/* How the reasons of extraction are worded (extract/client.c, launch.c, packed.c, output.c). What is in no row was said by a
 * parser of a document that it could not read. */
static const struct {
	const char *words;
	enum intake_reason reason;
} wordings[] = {
	{ "took longer than", INTAKE_SLOW },
	{ "of memory", INTAKE_MEMORY },
	{ "too large: ", INTAKE_LARGE },
	{ ": more than ", INTAKE_LARGE },
	{ "is longer than", INTAKE_LARGE },
	{ "is larger than", INTAKE_LARGE },
	{ "more than its size allows", INTAKE_LARGE },
	{ "files: the rest was left packed", INTAKE_LARGE },
	{ "is encrypted", INTAKE_ENCRYPTED },
	{ "are encrypted", INTAKE_ENCRYPTED },
	{ "extraction was interrupted", INTAKE_AWAY },
	{ "extraction broke down", INTAKE_AWAY },
	{ "no process could be started", INTAKE_AWAY },
	{ "is not installed", INTAKE_AWAY },
	{ "is not available", INTAKE_AWAY },
	{ "the extractor ", INTAKE_BROKEN },
	{ "breaks the rules", INTAKE_BROKEN },
};

enum intake_reason
intake_reason_of(bool encrypted, const char *why)
{
	if (encrypted)
		return INTAKE_ENCRYPTED;
	for (size_t i = 0; i < LEN(wordings); i++)
		if (strstr(why, wordings[i].words))
			return wordings[i].reason;
	return INTAKE_DAMAGED;
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
