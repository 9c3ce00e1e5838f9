/* cli/records: what the commands on records share. */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include "cli/cli.h"
#include "record/claim_acts.h"

/* A mechanism opened, with the schema in force and the state that --as-of asks for. */
struct work {
	struct ctx *c;
	struct db *db;
	struct viewer v;
	struct schema *schema;
	struct creations creations; /* what the command's claims name and make */
	struct creation *source;    /* of these, the one that --source names; NULL: none */
};
MUST bool work_init(struct work *w, struct ctx *c, struct err *e);
void work_done(struct work *w);

/* What --source, --cite, --denies, --unknown, --credibility and --compartment say of every claim
 * of a command. A source that is no record yet becomes one. */
MUST bool work_rests_on(struct work *w, struct statement *ret, struct err *e);
/* Together with what it creates, or nothing. */
/* Where no compartment was chosen: what rests on an item that came into compartments only is for the last
 * of them as well. */
MUST bool work_confides(struct work *w, struct statement *io, struct err *e);
MUST bool work_append(struct work *w, struct act_record *io, struct err *e);
/* The type of a record, though the schema may have lost it since. */
MUST bool work_type(
    struct work *w, const struct record *r, const struct type **ret, struct err *e);

/* "PROP=VALUE" arguments, from `from` on, as conditions on records of type t. */
MUST bool work_conditions(struct work *w, const struct type *t, size_t from,
    struct condition **ret, size_t *ret_n, struct err *e);

/* vigil show and vigil list, where their argument names a record or a type. */
MUST bool record_show(struct ctx *c, struct err *e);
MUST bool record_rows(struct ctx *c, struct err *e);

/* What a claim cites: an item, the passage, and if that is a translation's, the one that it translates; as words, and
 * the latter as members of a line. */
const char *cited_words(struct arena *a, const struct claim *c);
void line_original(struct line *l, const struct claim *c);

/* A record with its claims, for people or as a JSON line. */
MUST bool work_show(
    struct work *w, const struct record *r, const struct claims *claims, struct err *e);

/* A vocabulary with its terms; all vocabularies, a line each. */
void work_show_vocabulary(const struct work *w, const struct vocabulary *v);
void work_list_vocabularies(const struct work *w);

#endif
