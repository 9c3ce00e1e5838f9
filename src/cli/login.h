/* vigil login: its further words (login_more.c). */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/cli.h"

const char *login_roles(struct arena *a, unsigned roles); /* "analyst reviewer" */
bool login_invite(struct ctx *c, struct err *e);
bool login_withdraw(struct ctx *c, struct err *e);
bool login_invitations(struct ctx *c, struct err *e);
bool login_factor(struct ctx *c, struct err *e);
bool login_require(struct ctx *c, struct err *e);
bool login_free(struct ctx *c, struct err *e);

#endif
