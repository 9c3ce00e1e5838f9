/* What handlers of pages share. */
#ifndef DESK_PAGE_PRIVATE_H
#define DESK_PAGE_PRIVATE_H

#include "desk/private.h"
#include "web_pages.h" /* made by web/compile.py */

/* What stands round every page; the title may be foreign words. */
struct frame page_frame(struct request *r, const char *title, const char *here);
/* The page of what went wrong. */
void failed_page(struct request *r, struct reply *ret, const struct err *e);

/* page_words.c: what codes are called; a code without words is its own name. */
const char *role_words(const struct html *h, enum login_role role);
const char *code_words(const struct html *h, const char *code);

/* An entry, as far as whoever asks may see it. */
MUST bool entry_row_read(
    struct request *r, uint64_t index, struct entry_row *ret, struct err *e);

#endif
