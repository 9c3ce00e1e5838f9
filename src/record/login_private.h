/* record, within the room: what logins, their factors and invitations share. */
#ifndef RECORD_LOGIN_PRIVATE_H
#define RECORD_LOGIN_PRIVATE_H

#include "record/login.h"
#include "record/private.h"

/* May there be a login of this name? stranger: as in act_login. */
MUST bool login_check_new(struct db *db, const char *name, bool stranger, struct err *e);
/* May a new passphrase be given to this one? */
MUST bool login_check_renewed(
    struct db *db, struct arena *a, const char *name, bool stranger, struct err *e);

/* Made where they are missing (login_create). */
MUST bool factor_tables_ensure(struct db *db, struct err *e);
MUST bool invitation_table_ensure(struct db *db, struct err *e);
/* Of a login that is closed. */
MUST bool factors_forget(struct db *db, const char *name, struct err *e);
MUST bool invitations_forget(struct db *db, const char *name, struct err *e);

#endif
