/* publish/export: records and claims, written for others: CSV, JSON lines, FollowTheMoney, the Events
 * Standard Formats. docs/export.md tells people what each can say.
 *
 * Complete and streaming: records are read page by page, and nothing is kept of a page that was written but
 * the numbers of its records, if there are conditions. What may not be used by the viewer (record/use.h) is
 * left out and counted; a record of which nothing is left is not written.
 *
 * Nothing leaves unrecorded: bytes are held back until the entry that tells of their records and items
 * is on disk (record/given.h). */
#ifndef PUBLISH_EXPORT_H
#define PUBLISH_EXPORT_H

#include "record/given.h"

enum export_form { EXPORT_CSV, EXPORT_FTM, EXPORT_JSONL, EXPORT_ESF, EXPORT_FORMS };
extern const char *const export_form_names[EXPORT_FORMS]; /* "csv", "ftm", "jsonl", "esf" */

struct export_options {
	enum export_form form;
	const char *actor;
	/* Who reads, and for whom: recipient and purpose are not NULL. */
	const struct viewer *viewer;
	const struct schema *schema;
	const char *query;       /* which records, as people typed it: for the entry */
	const struct type *type; /* of these and narrower types; NULL: of all */
	const struct condition *conditions;
	size_t n_conditions;
	const uint64_t *records; /* only these numbers; NULL: all */
	size_t n_records;
	bool for_spreadsheets; /* CSV: no cell is taken for a formula */
	bool (*write)(void *arg, const void *p, size_t n, struct err *e);
	void *arg;
};
struct export_result {
	struct act_give give;
	struct given_end end;
	/* What the format cannot say: claims of records that were written; records of types that it
	 * lacks. */
	uint64_t left_out, left_out_records;
};
/* On failure what left until then is recorded as incomplete. */
MUST bool export_records(struct log *log, struct db *db, const struct export_options *o,
    struct export_result *ret, struct err *e);

/* A record with its claims as one JSON object, as vigil show --json has it, too, which adds labels. `same`: ids of
 * those it is the same as; NULL at the end. */
struct json *export_json(struct arena *a, const struct record *r, const char *const *same,
    const struct claims *claims);

#endif
