/* What handlers of pages share. */
#ifndef DESK_PAGE_PRIVATE_H
#define DESK_PAGE_PRIVATE_H

#include "desk/pages/handlers.h"
#include "record/claim_acts.h"
#include "record/signer.h"
#include "web_pages.h" /* made by web/compile.py */

/* What stands round every page; the title may be foreign words. */
struct frame page_frame(struct request *r, const char *title, const char *here);
/* The page of what went wrong. */
void failed_page(struct request *r, struct reply *ret, const struct err *e);

/* invitation.c: as words, with commas. */
const char *roles_text(struct request *r, const struct html *h, unsigned roles);
/* second.c: bytes that a form brings back in base64url; p NULL: they are none. */
struct span;
struct span field_bytes(struct request *r, const char *name);
const char *bytes_word(struct arena *a, const void *p, size_t n);
/* Is a second step asked for after this one's passphrase? */
MUST bool second_is_needed(struct request *r, const char *name, bool *ret, struct err *e);

/* navigation.c: the doors of a frame; here: the page's name in its table, "" of a page that has no door. */
void navigation_fill(
    const struct request *r, const struct html *h, const char *here, struct frame *io);

/* words.c: what codes are called; a code without words is its own name. */
const char *role_words(const struct html *h, enum login_role role);
const char *code_words(const struct html *h, const char *code);

/* The words of a passage of an item's text; where they are many, how they begin. "" if there is no such passage. */
MUST bool passage_words(struct request *r, uint64_t item, const char *text, int64_t start,
    int64_t end, const char **ret, struct err *e);

/* claiming.c: what the pages share on which claims are made. */
MUST bool rests_read(struct request *r, const struct pairs *from, struct rests *ret,
    struct statement *ret_statement, struct err *e);
struct field field_of(
    struct request *r, const struct property *p, const struct type *t, const char *chosen);
/* May it be claimed by a form: is it guarded by no rules, and no step of a procedure? */
bool may_claim(const struct type *t, const struct property *p);
const struct option *type_options(
    struct request *r, const struct schema *s, const char *chosen, size_t *ret_n);
/* What a form says of all its claims: source, stance, credibility, compartment, passage. */
struct claiming {
	const struct schema *schema;
	struct creations creations;
	struct creation *source; /* made for it; NULL: it was there */
	struct statement rests;
};
MUST bool claiming_read(struct request *r, struct claiming *ret, struct err *e);
/* "VALUE" of p in a record of type t, resting on that. */
MUST bool claiming_statement(struct request *r, struct claiming *c, const struct type *t,
    const struct property *p, const char *value, struct statement *ret, struct err *e);
/* Together with what it names and makes, or nothing. */
MUST bool claiming_append(
    struct request *r, struct claiming *c, struct act_record *io, struct err *e);

/* access.c: opening what is in a compartment is an entry (record/reading.h), made before any of it is written: what fails
 * here is not shown. came: how an item came is shown as well. Before page_frame(), which says on paper that it is confidential. */
MUST bool opens_item(struct request *r, const struct item *it, bool came, struct err *e);
MUST bool opens_record(
    struct request *r, const struct record *rec, const struct claims *claims, struct err *e);
/* All that stands of it; one claim of it. */
MUST bool opens_all_of(
    struct request *r, const struct schema *s, const struct record *rec, struct err *e);
MUST bool opens_claim(
    struct request *r, const struct record *rec, const struct claim *c, struct err *e);
/* keeping.c and erasures.c: what two people decide. */
const char *consent_words(struct request *r, const char *consent); /* NULL: it says nothing */
struct option;
const struct option *people_options(struct request *r, size_t *ret_n, struct err *e);
/* passphrase.c: the person that the form names as "person", by their "passphrase". ERR_INVALID: it is not theirs, or
 * was tried too often. */
MUST bool signer_is(struct request *r, struct signer *ret, struct err *e);
bool refused(struct err *e);
MUST bool stance_read(const char *word, enum stance *ret, struct err *e);
/* Of a file of web/static, for its address. */
const char *static_version(struct request *r, const char *name);

/* What a template takes for nothing: NULL instead of "". */
const char *or_none(const char *s);
/* An entry, as far as whoever asks may see it. */
MUST bool entry_row_read(
    struct request *r, uint64_t index, struct entry_row *ret, struct err *e);

#endif
