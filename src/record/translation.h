/* record/translation: texts that say in another language what an item's text says.
 *
 * A translation is a text of the item (row of `text`, with the status "translation"), aligned to the text that it
 * translates. Nothing of it is changed: its standing moves on by entries of their own, a better one is added beside it.
 *
 * Views: translation(entry PK, item, original, translator, aligned): entry: of its row of `text`; original: entry of
 *   the text that it translates; aligned: how (text/align.h)
 *   translation_state(entry PK, translation, item, status, reviser, reason, actor, time, since, until)
 *   claim_original(number PK, text, start, finish): of a claim that cites a passage of a translation, that of the
 *   original: text: an entry, 0: none; start and finish -1: no passage stands for it */
#ifndef RECORD_TRANSLATION_H
#define RECORD_TRANSLATION_H

#include "record/acts.h"
#include "record/claim_acts.h"
#include "text/align.h"

enum translation_status { MACHINE, DRAFT, REVISED, CERTIFIED, TRANSLATION_STATUSES };
extern const char *const translation_status_names[TRANSLATION_STATUSES];
/* ERR_INVALID: none of the four. */
MUST bool translation_status_read(
    const char *name, enum translation_status *ret, struct err *e);

#define ALIGNMENT                                                                              \
	"alignment" /* the name of what is derived: lines of JSON (docs/formats/anchors.md) */

struct translation { /* lives in its arena */
	uint64_t entry;
	const char *id, *language, *translator, *aligned;
	const char *original;         /* the id of the text that it translates */
	const char *status, *reviser; /* reviser: "" if none */
	struct hash sha256;
	uint64_t bytes;
	int64_t time;
};
/* Those of an item, oldest first. */
MUST bool record_translations(struct db *db, const struct viewer *v, struct arena *a,
    uint64_t item, struct translation **ret, size_t *ret_n, struct err *e);
/* The one that is named by id, or enough of it, or the newest in that language ("fr" is also "fr-CH"). NULL: none. */
const struct translation *translation_named(
    const struct translation *t, size_t n, const char *id);
const struct translation *translation_in(
    const struct translation *t, size_t n, const char *language);

struct act_translation {
	const char *actor, *item, *original; /* ids of the item and of one of its texts */
	const char *language, *translator, *reviser; /* reviser: NULL if none */
	enum translation_status status;
	enum align_how how;
	struct vault *vault;
	struct put put, alignment;
	/* out */
	struct id text;
};
void act_translate(struct draft *d, struct act_translation *io);

enum { REVISER_MAX = 600 };
/* Its status moves on, never back. What is revised or certified has a reviser. */
struct act_translation_status {
	const char *actor, *text; /* its id */
	enum translation_status status;
	const char *reviser,
	    *reason; /* NULL: not told; reviser: the one that it has is set then */
	/* out */
	struct id item;
	char was[REVISER_MAX];
};
void act_translation_status(struct draft *d, struct act_translation_status *io);

/* Pairs as they are kept. */
void alignment_write(struct buf *b, struct arena *a, const struct alignment *r);
/* Where the original says what these bytes of the translation say; -1, -1: nowhere. */
MUST bool translation_original(struct db *db, const struct viewer *v, struct arena *a,
    const struct text_reader *texts, const struct translation *t, int64_t start, int64_t end,
    int64_t *ret_start, int64_t *ret_end, struct err *e);

#endif
