/* record/schema_change: the schema as it would be. */
#ifndef RECORD_SCHEMA_CHANGE_H
#define RECORD_SCHEMA_CHANGE_H

#include "record/claims.h"

/* With this file added, or put in the place of the one of that name; as record_check_schema() judges it. */
struct schema *record_schema_with(
    struct db *db, const struct viewer *v, const char *name, const char *text, struct err *e);

#endif
