/* record/reading: that somebody opened what is in a compartment is an entry of its own, on disk before any of it is shown;
 * docs/decisions/0014-access.md says what counts as opening, and why.
 *
 * Once for each person, thing, compartment and day (UTC): whoever reads on, or again, does not fill the log. One entry
 * names one compartment, and its members alone know of it (record_entry_seen). Whoever is in no compartment costs
 * one query, and makes no entry.
 *
 * View: reading(entry PK, actor, thing, item, compartment, time, since, until): thing: id of an item or record, "" for a list of
 *               what a search found; item: its registration number, 0: it is no item; gone when the item is erased */
#ifndef RECORD_READING_H
#define RECORD_READING_H

#include "record/claims.h"

/* Each makes what is to be shown known to the log, and fails if it cannot: then nothing of it may be shown.
 * *ret: some of it is in a compartment; NULL: not wanted. The entry is made by v->actor, of today, whichever state is read. */

/* An item: what it says, if it came into compartments only; and, if `came`, how it came. */
MUST bool reading_item(struct log *log, struct db *db, const struct viewer *v,
    const struct item *it, bool came, bool *ret, struct err *e);
/* A record with these of its claims, and the passages that they cite. */
MUST bool reading_record(struct log *log, struct db *db, const struct viewer *v,
    const struct record *r, const struct claims *claims, bool *ret, struct err *e);
/* What a search found, with words of it: ids of items, names of claims. */
MUST bool reading_hits(struct log *log, struct db *db, const struct viewer *v,
    const char *const *items, size_t n_items, const char *const *claims, size_t n_claims,
    bool *ret, struct err *e);

struct reading {
	uint64_t entry;
	const char *actor, *compartment;
	int64_t time;
};
/* Who opened a thing, by its id, as far as the viewer is in the compartments; the newest first, at most `limit`. */
MUST bool record_readings(struct db *db, const struct viewer *v, struct arena *a,
    const char *thing, size_t limit, struct reading **ret, size_t *ret_n, struct err *e);

#endif
