/* publish: what goes out to everybody. Here: the log, as a folder of static files in
 * the form of C2SP tlog-tiles, which any web server can hold and any verifier of such
 * logs can check:
 *     DIR/checkpoint            the signed head
 *     DIR/tile/<level>/...      hashes of the tree
 *     DIR/tile/entries/...      the heads of the entries: they tell a day, no more
 * Format: docs/formats/publication.md. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "db/db.h"
#include "log/log.h"

struct publication {
	uint64_t size; /* entries */
	struct hash root;
	uint64_t added; /* files that were not there before */
};

/* Publishes the log as far as its newest checkpoint, into `dir`, which is made if it is
 * missing. Run again, it only adds: no tile that is there is ever changed or removed,
 * and a reader never sees a checkpoint whose tiles are not all there. It may
 * be interrupted anywhere and run again. `db` is in no transaction.
 *
 * ERR_DAMAGED: a file there is not what it must be (the message names it); what is
 * published is no earlier state of this log; or the log's own tree does not hold
 * together. ERR_INVALID: the folder holds the publication of another log. */
MUST bool publish_log(const struct log *l, struct db *db, const char *dir, bool hashes_only,
    struct publication *ret, struct err *e);

#endif
