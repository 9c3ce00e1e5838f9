/* record: what entries mean. Items, acquisitions, texts, holds, people, erasures: each
 * act is a draft for the log (acts.h), each reading a query on the views.
 *
 * Views (tables; `since` and `until` are log indexes: a row holds from entry `since` on,
 * before entry `until`; RECORD_OPEN while it still does):
 *   item(number PK, id, sha256, bytes, media_type, title, since, until)
 *   acquisition(entry PK, id, item, time, actor, path, source, via, tool, note, media_type,
 *               consent, consent_until, withdrawn, container, compartment, since, until): container: the item it
 *               was embedded in, at `path`; 0: none. compartment: whose members alone may know of it; "": all may
 *   text(entry PK, id, item, sha256, bytes, language, title, program, status, why, metadata,
 *        reason, milliseconds, time, since, until): metadata: JSON, "" if none
 *               status "translation": translation.h
 *   derived(entry, name; PK both; item, media_type, sha256, bytes): what an extraction made besides the
 *               text: "anchors", or of a translation: "alignment" (docs/formats/anchors.md)
 *   hold(entry PK, id, item, time, actor, reason, embargo, since, until): embargo 1: nothing leaves
 *   person(entry PK, id, name, public_key, salt, time, since, until)
 *   proposal(entry PK, subject, item, reason, person, signature, time, since, until)
 *   about(item, entry; PK both; stays): which entries are about which item; stays: it tells of
 *               a partial erasure, and keeps its body when the item goes
 *   reading: reading.h; setting: setting.h
 *   counter(name PK, value): "number", the last registration number given
 *   given, given_item, given_record: given.h; disclosure: disclose.h
 * `item` elsewhere is item.number, the registration number; `entry` the index of the
 * entry that made the row; `withdrawn` the entry that withdrew consent (RECORD_OPEN: none);
 * `consent_until` in ms.  sha256 are 32 bytes, NULL for a text whose status is "failed" or "empty";
 * consent is JSON, "" if none.  item.title is the file's name; text.title what the text says. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "db/db.h"
#include "digest/digest.h"
#include "log/log.h"

#define RECORD_OPEN INT64_MAX

/* What came into a compartment is known to its members, as they are now whatever state is asked for. An item
 * that came so only looks to all others like one that is missing. SQL on an acquisition; q: its alias with its
 * dot, actor and open: parameters, the reader and RECORD_OPEN. */
#define ACQUISITION_SEEN(q, actor, open)                                                       \
	" (" q "compartment = '' OR EXISTS (SELECT 1 FROM member seen_by"                      \
	" WHERE seen_by.compartment = " q "compartment AND seen_by.actor = " actor             \
	" AND seen_by.until = " open ")) "

extern const struct view record_view;

/* Who reads, and at which state of the log. Every function that reads takes one. Whether
 * consent holds is no part of a state: withdrawal stops all later use, of former states too
 * (docs/search.md), and erases nothing. use.h judges by it. */
struct viewer {
	const char *actor;
	int64_t as_of; /* the state before this entry; RECORD_OPEN: all that is known */
	int64_t now;   /* ms: consent that has run out by then is no consent */
	/* To whom it leaves, and what for: names with commas between; "": to nobody in particular.
	 * Both NULL: it is read inside the mechanism. */
	const char *recipient, *purpose;
	const char *language; /* in which labels are shown to them (BCP 47); NULL: English */
};

struct item {
	uint64_t number;
	const char *id, *media_type, *title, *language;
	struct hash sha256;
	uint64_t bytes;
	bool withdrawn; /* every acquisition of it is: no use any more */
	bool held, embargoed;
};
struct acquisition {
	uint64_t entry;
	const char *id, *actor, *path, *source, *via, *tool, *note, *consent;
	const char *container;   /* id of the item it was embedded in, at `path`; "" if none */
	const char *compartment; /* "" if none */
	int64_t time;
	bool withdrawn; /* its consent was withdrawn, or has run out */
};
struct text_row {
	uint64_t entry;
	const char *id, *language, *title, *program, *status, *why;
	const char *reason;   /* why, in a word: "limit", "encrypted", ...; "" if none */
	const char *metadata; /* JSON; "" if none */
	struct hash sha256;
	uint64_t bytes, milliseconds;
	int64_t time;
};

/* What an item is called for the path that it came by. */
const char *record_base_name(const char *path);
/* Finds one item by id, SHA-256, number, acquisition's or text's id, or enough of one
 * to be unique. ERR_MISSING; ERR_INVALID if several match (the message says how many). */
MUST bool record_find_item(struct db *db, const struct viewer *v, struct arena *a,
    const char *name, struct item *ret, struct err *e);
/* ERR_DENIED: consent for it was withdrawn, or has run out: the bytes and texts stay, and are neither given out nor cited. */
MUST bool item_usable(const struct item *it, struct err *e);
/* Those that the viewer may know of, and the recipients where it leaves. */
MUST bool record_acquisitions(struct db *db, const struct viewer *v, struct arena *a,
    uint64_t item, struct acquisition **ret, size_t *ret_n, struct err *e);
MUST bool record_texts(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct text_row **ret, size_t *ret_n, struct err *e); /* extractions, newest last */
/* The newest text with words, whoever may see the item: for what was just preserved, and is cited. *ret is
 * NULL if there is none. */
MUST bool record_cited_text(struct db *db, struct arena *a, const char *item, const char **ret,
    uint64_t *ret_bytes, struct err *e);
/* Items by number, after `after`, at most `limit`. */
MUST bool record_items(struct db *db, const struct viewer *v, struct arena *a, uint64_t after,
    size_t limit, struct item **ret, size_t *ret_n, struct err *e);
/* Items that were found in an item, by number. */
MUST bool record_embedded(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct item **ret, size_t *ret_n, struct err *e);
/* Items that hold an item in their own bytes: containers of it, theirs, and so on; by number. */
MUST bool record_holders(struct db *db, const struct viewer *v, struct arena *a, uint64_t item,
    struct item **ret, size_t *ret_n, struct err *e);
/* What an extraction made under that name: its object. ERR_MISSING if nothing. */
MUST bool record_derived(struct db *db, const struct viewer *v, uint64_t entry,
    const char *name, struct hash *ret, struct err *e);
/* The indexes of all entries about an item, in order. */
MUST bool record_entries(struct db *db, const struct viewer *v, struct arena *a,
    const struct item *it, uint64_t **ret, size_t *ret_n, struct err *e);
/* May the reader know of an entry, by the compartments that its content names? Of one that makes or withdraws
 * claims: if they may see one of these. */
MUST bool record_entry_seen(
    struct db *db, const struct viewer *v, const struct entry *en, bool *ret, struct err *e);

#endif
