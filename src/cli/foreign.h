/* cli/foreign: files that others made: preserved as items like all material, then read as rows by the confined
 * child. */
#ifndef CLI_FOREIGN_H
#define CLI_FOREIGN_H

#include "cli/records.h"
#include "extract/rows.h"

/* vigil-extract lies beside vigil. */
const char *extractor_path(struct arena *a);
/* What --consent says: the words themselves, or "@FILE". */
const struct json *consent_option(struct ctx *c, struct arena *a, struct err *e);

struct kept_file { /* a file of an archive, and the item that it became ("": a trial) */
	const char *name, *item;
};
struct foreign {
	struct work *w;
	const char *path,
	    *name; /* name: without folders, and without the mark of what packs it */
	const char *item, *text; /* ids; NULL: none */
	int64_t text_bytes;
	struct hash sha256;
	const char *compartment; /* that it was preserved for; "": none */
	int bytes;               /* in memory; -1: they are in the vault */
	bool archive;
	enum rows_form form;
	struct extractor *extractor;
	struct rows *rows;
	struct kept_file *files; /* by name */
	size_t n_files;
};
/* Reads the file into memory, and opens its rows. A ZIP is an archive, whatever `form` says. */
MUST bool foreign_open(
    struct work *w, const char *path, enum rows_form form, struct foreign *ret, struct err *e);
/* Of a trial, which preserves nothing: what is there already may be said by this very file. */
MUST bool foreign_known(struct foreign *f, struct err *e);
/* Preserves it, for a compartment ("": for all), and begins anew. What --source, --via, --note and --consent say
 * holds for the acquisition. */
MUST bool foreign_preserve(struct foreign *f, const char *compartment, struct err *e);
void foreign_done(struct foreign *f);
/* As struct import_rows has them; `arg` is the struct foreign. */
bool foreign_next(void *arg, struct row *ret, bool *ret_end, struct err *e);
bool foreign_again(void *arg, struct err *e);
/* Makes items of the files of the archive, and begins anew. */
MUST bool foreign_keep_files(struct foreign *f, bool trial, struct err *e);
/* The item that a file of the archive became, by its path there or its name; NULL: none. */
const char *foreign_item(const struct foreign *f, const char *name);

#endif
