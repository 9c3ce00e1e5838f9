/* cli/sums: what became of the texts of a run, for people and as JSON. */
#ifndef CLI_SUMS_H
#define CLI_SUMS_H

#include "cli/cli.h"
#include "intake/intake.h"

/* How many have a text, how many have none, and a table of reasons by kind with media types; at most 80 columns. */
void say_sums(struct ctx *c, const struct intake_totals *t);
/* The same as members of j: "texts", "pictures", "without_text", "failed", "reasons". */
void put_sums(struct ctx *c, struct json *j, const struct intake_totals *t);

#endif
