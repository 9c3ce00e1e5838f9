/* record/use: may what rests on an item be used so? One rule for all that reads claims, exports
 * or discloses; docs/consent.md tells it to people.
 *
 * Read inside (viewer->recipient NULL): an acquisition of the item stands, that is, its consent was
 * neither withdrawn nor has run out. What leaves, besides: no embargo lies on the item, and the
 * consent of some acquisition that stands allows the recipient and the purpose. A consent that
 * names recipients (or purposes) allows these alone, and so withholds from a use that names none.
 *
 * Of an item that came into compartments only, nothing leaves them. A claim that rests on it has a compartment of
 * its own, or none: a table may tell who signed, which all may know, and by whose hand, which few may. It
 * stands without its citation then.
 * An item that was erased withholds nothing: what rested on it stands for itself. */
#ifndef RECORD_USE_H
#define RECORD_USE_H

#include "record/record.h"

struct use {
	bool may;   /* the item itself */
	bool rests; /* what rests on it, and is in no compartment of its own */
	bool seen;  /* the item is known, though its use may not be allowed */
	/* Those of the acquisitions that allow it, each once, "; " between; "" if none, and if read
	 * inside. */
	const char *conditions;
};
/* `item`: its registration number. */
MUST bool record_use(struct db *db, const struct viewer *v, struct arena *a, int64_t item,
    struct use *ret, struct err *e);

/* The same for many, each asked for once. Lives in `a`; db and v are borrowed. */
struct rights;
struct rights *rights_new(struct db *db, const struct viewer *v, struct arena *a);
MUST bool rights_item(struct rights *r, int64_t item, const struct use **ret, struct err *e);
/* All items that claims about these records cite (by number, both ends), in one query. */
MUST bool rights_load(struct rights *r, uint64_t first, uint64_t last, struct err *e);
/* Is who reads a member; and, if it leaves to somebody, is each recipient? */
MUST bool rights_compartment(struct rights *r, const char *name, bool *ret, struct err *e);
/* A claim in a compartment ("": none) that rests on an item (0: none). */
MUST bool rights_claim(struct rights *r, const char *compartment, int64_t item, bool *ret,
    const char **ret_conditions, struct err *e);

/* Are these words, without case, accents and punctuation, the same? */
bool words_alike(const char *one, const char *other);

#endif
