/* record/setting: that a limit of the mechanism was set is an entry: who, when, from what to what. The values that hold stand
 * in the mechanism's own file (mechanism.h).
 *
 * View: setting(entry PK, name, value, was, actor, time, since, until): one row for each change */
#ifndef RECORD_SETTING_H
#define RECORD_SETTING_H

#include "record/record.h"

struct act_setting {
	const char *actor, *name;
	uint64_t value, was;
};
void act_set(struct draft *d, struct act_setting *in);

struct setting_change {
	uint64_t entry, value, was;
	const char *name, *actor;
	int64_t time;
};
/* The newest first, at most `limit`. */
MUST bool record_setting_changes(struct db *db, const struct viewer *v, struct arena *a,
    size_t limit, struct setting_change **ret, size_t *ret_n, struct err *e);

#endif
