/* What handlers of pages on records, cases, findings and tasks share. */
#ifndef DESK_CASES_PRIVATE_H
#define DESK_CASES_PRIVATE_H

#include "account/next.h"
#include "desk/pages/page_private.h"

/* record_rows.c */
const char *type_words(const struct request *r, const struct schema *s, const char *type);
const char *record_address(const struct request *r, const char *id);
/* The page that has most of it: of a case or a finding its own. */
const char *record_place(
    const struct request *r, const struct schema *s, const struct record *rec);
/* What a record is called; its type, if it has no title. */
const char *record_words(
    const struct request *r, const struct schema *s, const struct record *rec);
/* A value as people read it. */
const char *claimed_words(const struct request *r, const struct claim *c);
const char *stance_words(const struct html *h, enum stance s); /* NULL: asserts */
/* The words that a claim cites; "" if they are not to be had. Without them there is the link still. */
const char *claim_passage(struct request *r, const struct claim *c);
const char *claim_passage_address(
    struct request *r, const struct claim *c); /* NULL: it cites nothing */
/* t NULL: of a type that the schema lost. */
void claim_row_fill(struct request *r, const struct html *h, const struct type *t,
    const struct claim *c, struct claim_row *ret);
const char *state_words(
    const struct request *r, const struct procedure *p, const char *state); /* NULL: none */
/* The steps that it may take now, as far as whoever asks has the role. *ret_state NULL: none is known, or its type has no
 * procedure. */
MUST bool next_rows(struct request *r, const struct viewer *v, const struct schema *s,
    const struct record *rec, const char **ret_state, const struct next_row **ret,
    size_t *ret_n, struct err *e);
/* ERR_MISSING: nothing of it may be seen, so that it looks like one that is not there. */
MUST bool record_seen(
    struct request *r, const struct schema *s, const struct record *rec, struct err *e);
/* The one of the address, by its id; ERR_MISSING also if it is not seen, or of another type. type NULL: any. */
MUST bool record_wanted(struct request *r, const struct schema *s, const char *type,
    struct record *ret, struct err *e);
/* What the rules refuse to somebody who sees the thing is told, not hidden. */
bool refusal_told(struct err *e);

#endif
