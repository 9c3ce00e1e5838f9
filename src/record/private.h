/* record, within the room: the names of acts, and what files of the room share. */
#ifndef RECORD_PRIVATE_H
#define RECORD_PRIVATE_H

#include "record/acts.h"
#include "record/record.h"

#define ACT_FOUND "mechanism.found"
#define ACT_ACQUIRE "item.acquire"
#define ACT_EXTRACT "item.extract"
#define ACT_HOLD "item.hold"
#define ACT_RELEASE "item.release"
#define ACT_WITHDRAW "consent.withdraw"
#define ACT_ADD_PERSON "person.add"
#define ACT_PROPOSE "erasure.propose"
#define ACT_ERASE "erasure.carry_out"

/* Says who did what to what; index and time are set by the log. */
void record_fill(struct entry *en, const char *actor, const char *act, const char *subject,
    const struct json *content);
bool record_count_number(struct db *db, int64_t number, struct err *e);
bool record_apply_erase(struct db *db, const struct entry *en, struct err *e);

/* The row of an item or of one of its acquisitions, by name, as it stands now. */
struct named {
	uint64_t number;
	char item[ID_MAX];
	char acquisition[ID_MAX]; /* "" if the item itself was named */
};
MUST bool record_name(
    struct db *db, int64_t as_of, const char *name, struct named *ret, struct err *e);

#endif
