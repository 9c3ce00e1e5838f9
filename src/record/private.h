/* record, within the room: the names of acts, and what files of the room share. */
#ifndef RECORD_PRIVATE_H
#define RECORD_PRIVATE_H

#include "record/acts.h"
#include "record/claims.h"
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
#define ACT_NEW "record.new"
#define ACT_CLAIM "record.claim"
#define ACT_MOVE "record.move"
#define ACT_SCHEMA "schema.change"
#define ACT_MEMBER "compartment.member"
#define ACT_COPY "item.copy"
#define ACT_GRAPHIC "item.graphic"
#define ACT_TRANSLATE "item.translate"
#define ACT_TRANSLATION "translation.status"
#define ACT_LOGIN "login.change"
#define ACT_FACTOR "login.factor"
#define ACT_REQUIRE "login.require"
#define ACT_INVITE "login.invite"
#define ACT_GIVE "give"
#define ACT_GIVE_MORE "give.more"
#define ACT_GIVE_END "give.end"
#define ACT_DISCLOSE "disclosure.propose"
#define ACT_APPROVE "disclosure.approve"
#define ACT_READ "compartment.read"
#define ACT_SET "setting.change"

/* Says who did what to what; index and time are set by the log. */
void record_fill(struct entry *en, const char *actor, const char *act, const char *subject,
    const struct json *content);
/* view.c: objects that an entry names as derived; and that it is about an item. */
MUST bool record_apply_derived(
    struct db *db, const struct entry *en, int64_t number, struct err *e);
MUST bool record_note_about(struct db *db, int64_t item, const struct entry *en, struct err *e);
bool record_count_number(struct db *db, int64_t number, struct err *e);
bool record_apply_erase(struct db *db, const struct entry *en, struct err *e);

/* Adds each column of each row to h: "i" is a number, "t" text, "b" bytes. */
MUST bool record_digest_rows(
    struct hasher *h, struct stmt *rows, const char *kinds, struct err *e);

/* claim_view.c: the tables of claims.h, and what acts do to them. */
MUST bool claim_tables_create(struct db *db, struct err *e);
MUST bool claim_tables_drop(struct db *db, struct err *e);
MUST bool claim_tables_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_record(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_schema(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_member(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_founding(struct db *db, const struct entry *en, struct err *e);

/* given.c and disclose.c, likewise. */
MUST bool given_tables_create(struct db *db, struct err *e);
MUST bool given_tables_drop(struct db *db, struct err *e);
MUST bool given_tables_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_give(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_give_more(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_give_end(struct db *db, const struct entry *en, struct err *e);
MUST bool disclosure_table_create(struct db *db, struct err *e);
MUST bool disclosure_table_drop(struct db *db, struct err *e);
MUST bool disclosure_table_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_disclose(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_approve(struct db *db, const struct entry *en, struct err *e);

/* copy.c, likewise. */
MUST bool copy_table_create(struct db *db, struct err *e);
MUST bool copy_table_drop(struct db *db, struct err *e);
MUST bool copy_table_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_copy(struct db *db, const struct entry *en, struct err *e);
MUST bool copy_forget(struct db *db, int64_t item, struct err *e);

/* graphic.c, likewise. */
MUST bool graphic_table_create(struct db *db, struct err *e);
MUST bool graphic_table_drop(struct db *db, struct err *e);
MUST bool graphic_table_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_graphic(struct db *db, const struct entry *en, struct err *e);
MUST bool graphic_forget(struct db *db, int64_t item, struct err *e);

/* reading.c, likewise. */
MUST bool reading_table_create(struct db *db, struct err *e);
MUST bool reading_table_drop(struct db *db, struct err *e);
MUST bool reading_table_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_read(struct db *db, const struct entry *en, struct err *e);
MUST bool reading_forget(struct db *db, int64_t item, struct err *e);

/* setting.c, likewise. */
MUST bool setting_table_create(struct db *db, struct err *e);
MUST bool setting_table_drop(struct db *db, struct err *e);
MUST bool setting_table_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_set(struct db *db, const struct entry *en, struct err *e);

/* translation.c, likewise. */
MUST bool translation_tables_create(struct db *db, struct err *e);
MUST bool translation_tables_drop(struct db *db, struct err *e);
MUST bool translation_tables_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_translate(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_translation_status(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_claim_original(
    struct db *db, int64_t claim, const struct json *j, struct err *e);
MUST bool translation_forget(struct db *db, int64_t item, struct err *e);

/* login.c, factor_read.c, likewise. */
MUST bool login_tables_create(struct db *db, struct err *e);
MUST bool login_tables_drop(struct db *db, struct err *e);
MUST bool login_tables_digest(struct db *db, struct hasher *h, struct err *e);
MUST bool apply_login(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_require(struct db *db, const struct entry *en, struct err *e);
MUST bool apply_beside(struct db *db, const struct entry *en, struct err *e);

/* Number, id and type of a record that is named by its id, or the beginning of one. */
MUST bool record_look_up(struct db *db, const struct viewer *v, struct arena *a,
    const char *name, struct record *ret, struct err *e);
/* Fills in r->same: all that r->number is linked to by SAME, in either direction, over any
 * number of steps, as far as the viewer may see the links (claim_read.c). */
MUST bool record_find_same(
    struct db *db, const struct viewer *v, struct arena *a, struct record *r, struct err *e);

/* claim_bulk.c: NULL knows nothing. */
struct known;
bool known_has(struct known *k, const char *id);
void known_put(struct known *k, const char *id);

/* The row of an item or of one of its acquisitions, by name, at v's state, of those that v's actor may know of. */
struct named {
	uint64_t number;
	char item[ID_MAX];
	char acquisition[ID_MAX]; /* "" if the item itself was named */
};
MUST bool record_name(
    struct db *db, const struct viewer *v, const char *name, struct named *ret, struct err *e);

#endif
