/* What the pages on items, search and the log share. */
#ifndef DESK_PAGES_READING_PRIVATE_H
#define DESK_PAGES_READING_PRIVATE_H

#include "desk/kept.h"
#include "desk/pages/page_private.h"
#include "record/translation.h"
#include "search/facets.h"

/* anchors.c: where passages of a text stand (docs/formats/anchors.md). */
struct anchors {
	const char *p; /* a line each */
	size_t n;
};
MUST bool anchors_read(
    struct request *r, uint64_t entry, const char *name, struct anchors *ret, struct err *e);
struct anchor {                    /* strings live in the request's arena */
	uint64_t start, end, page; /* page 0: it says none */
	int confidence;            /* 0: none */
	const char *code, *value; /* a place worth a line of its own: "page", "3"; NULL: none */
	const char *sheet, *cell; /* NULL: none */
	uint64_t of_start, of_end; /* of an alignment */
};
/* Goes through them; *io_at begins at 0. False at the end. */
bool anchors_next(
    struct request *r, const struct anchors *l, size_t *io_at, struct anchor *ret);
/* Where that line's span begins, without reading the rest of it. */
bool anchors_start(const struct anchors *l, size_t at, uint64_t *ret_start, size_t *ret_next);
/* Where each page begins; page i + 1 is at [i]. NULL: there are none, or they do not ascend from 1. */
const uint64_t *anchors_pages(struct request *r, const struct anchors *l, size_t *ret_n);
/* "page 3" for people; NULL: nothing is known. */
const char *anchors_where(
    struct request *r, const struct html *h, const struct anchors *l, uint64_t at);

/* grid.c: cells of a table's text between two bytes. */
struct grid_part {
	const char *text;
	uint64_t from, to, begin, end; /* the part; the passage, end 0: none */
};
const struct grid *grids_make(
    struct request *r, const struct anchors *l, const struct grid_part *part, size_t *ret_n);

/* picture.c */
/* Is there a picture to look at, page by page; or is it a film? */
bool picture_has_pages(const char *media_type);
bool picture_is_film(const char *media_type);
/* Is this item's picture to be blurred for whoever asks? */
MUST bool picture_blurs(
    struct request *r, const struct item *it, bool graphic, bool *ret, struct err *e);
/* In the order of the entries; statuses in words. */
struct translation_row *translation_rows(
    struct request *r, const struct html *h, const struct translation *t, size_t n);

/* Who may begin a check of everything: it costs what the machine has. */
#define CHECKERS                                                                               \
	(ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_COORDINATOR) | ROLE_BIT(ROLE_PROTECTION) |    \
	    ROLE_BIT(ROLE_ADMINISTRATOR))

/* saved.c: with what is new to whoever asks. */
MUST bool saved_rows(
    struct request *r, const struct saved_row **ret, size_t *ret_n, struct err *e);

/* log.c: acts, as far as people choose among them. */
const char *const *acts_named(size_t *ret_n);

/* entry.c: what a body says, a line for each thing. */
struct fact *facts_of(struct request *r, const struct json *content, size_t *ret_n);
/* What a value of metadata is, in words. */
const char *json_words(struct arena *a, const struct json *v);

#endif
