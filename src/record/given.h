/* record/given: what left the mechanism: an export, a roster, a finding, a disclosure; to whom and what
 * for, which records it told of, which items it rested on and under which conditions. So that
 * what a source allowed no more can be called back from everyone who has it.
 *
 * Nothing leaves unrecorded: each entry is on disk before the bytes that it tells of are handed on. What
 * is small is one entry, "give". What is large is "give", as many "give.more" as its lists need, and "give.end",
 * which says that it is complete, or that it broke off. Without "give.end" it broke off with the
 * program, and what left is within what the entries tell.
 *
 * Views:
 *   given(entry PK, id, what, recipient, purpose, query, format, state, actor, time, records, items,
 *         claims, withheld, withheld_records, bytes, sha256, complete, since, until): entry is that of
 *         "give"; state: the log index that was read; sha256 NULL and the figures 0 until the end
 *   given_item(entry, item; PK both; conditions), given_record(entry, record; PK both): ids, which
 *         stay when the item is erased: whoever has it has it still */
#ifndef RECORD_GIVEN_H
#define RECORD_GIVEN_H

#include "base/id.h"
#include "record/claims.h"

struct given_item {
	const char *id;
	const char *conditions; /* under which it may be used, "" if none */
};
/* Records and items that something tells of or rests on, gathered: each once. Lives in its arena. */
struct given_list {
	const char **records; /* ids */
	struct given_item *items;
	size_t n_records, n_items;
	struct given_slots *slots;
};
struct given_list *given_list_new(struct arena *a);
void given_add_record(struct given_list *l, const char *id);
void given_add_item(struct given_list *l, const char *id, const char *conditions);
void given_add_claim(struct given_list *l, const struct claim *c);

struct given_end {
	bool complete;
	uint64_t records, items, claims;     /* that were given */
	uint64_t withheld, withheld_records; /* claims; records of which nothing was left */
	uint64_t bytes;
	struct hash sha256; /* of what was given */
};
struct act_give {
	const char *actor;
	const struct viewer *viewer; /* recipient and purpose; as_of: the state that was read */
	const char *what; /* "export", "roster", "finding", "case", "disclosure", "original" */
	const char *query, *format;    /* "" if none */
	const struct given_list *list; /* since the last call */
	const struct given_end *end;   /* NULL: more is to come */
	/* The log's size before it was judged what may leave: if it has grown meanwhile by others' entries,
	 * it is judged again, under the lock. */
	uint64_t judged_at;
	/* out; before the first call zero */
	struct id id;
	uint64_t entry;
	bool begun;
};
/* As many drafts as the lists need, in `a`. ERR_DENIED when they are appended: something in
 * it may not be used so any more. */
void act_give(struct arena *a, struct act_give *io, struct draft **ret, size_t *ret_n);
/* Those drafts appended. */
MUST bool record_give(struct log *log, struct act_give *io, struct err *e);

struct given {
	uint64_t entry;
	const char *id, *what, *recipient, *purpose, *query, *format, *actor;
	int64_t time;
	uint64_t records, items, claims, withheld, withheld_records, bytes;
	bool complete, hashed;
	struct hash sha256;
};
/* What was given of an item or a record (ids; NULL: of anything) to a recipient (compared as consents are; NULL: to
 * anyone), after entry `after`, at most `limit`. */
MUST bool record_given(struct db *db, const struct viewer *v, struct arena *a, const char *item,
    const char *record, const char *recipient, int64_t after, size_t limit, struct given **ret,
    size_t *ret_n, struct err *e);
/* The conditions that travelled with it: each once. */
MUST bool record_given_conditions(struct db *db, struct arena *a, uint64_t entry,
    const char *const **ret, size_t *ret_n, struct err *e);

#endif
