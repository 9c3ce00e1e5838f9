/* cli/accounts: what the commands on dealings share: JSON objects within a line, drafts
 * appended with what they name, endorsements from a table. */
#ifndef CLI_ACCOUNTS_H
#define CLI_ACCOUNTS_H

#include "account/signon.h"
#include "cli/records.h"

/* An object or a list as a field of a line (or, without a name, as an element): until its
 * end, fields go into it. */
void line_open(struct line *l, const char *name, char bracket); /* '{' or '[' */
void line_close(struct line *l, char bracket);                  /* '}' or ']' */
void line_element(struct line *l, const char *s);               /* of a list: a string */

/* The drafts, after what the command's claims name and make; all or nothing. */
MUST bool work_append_drafts(struct work *w, struct draft *d, size_t n, struct err *e);

/* vigil letter import-endorsements LETTER FILE (endorsements.c); and once the file is rows of cells. Each rests on the
 * item (id; NULL: none), unless --cite says otherwise. */
MUST bool letter_import_file(struct work *w, struct err *e);
MUST bool letter_import_rows(struct work *w, const char *letter, const struct cells *rows,
    size_t n, const char *item, struct err *e);

#endif
