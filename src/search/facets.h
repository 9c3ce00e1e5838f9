/* search/facets: pages of hits, and how the texts found fall into kinds, languages, sources and years. */
#ifndef SEARCH_FACETS_H
#define SEARCH_FACETS_H

#include "search/search.h"

struct search_wish {
	size_t skip, limit; /* hits; each up to SEARCH_LIMIT_MAX */
	bool newest;        /* the newest text first; else the best */
	int64_t since;      /* only texts made by this entry or later ones; 0: all */
};

enum facet_kind { FACET_TYPE, FACET_LANGUAGE, FACET_SOURCE, FACET_YEAR, FACETS };
struct facet {
	const char *value; /* "application/pdf", "fr", a source's name, "2026" */
	uint64_t n;        /* texts */
};
enum { FACET_VALUES_MAX = 200, FACET_TEXTS_MAX = 50000 };
struct facets {                  /* lives in the arena given */
	struct facet *f[FACETS]; /* the most frequent first; of equals by value */
	size_t n[FACETS];        /* of each, at most FACET_VALUES_MAX */
	uint64_t texts;          /* that the viewer may see, as search_find has it */
	bool at_least;           /* there are more than were counted */
};

/* search_find, but for the first hits; and, if ret_facets is not NULL, the counts over all. A source or year counts for
 * a text if one acquisition of its item that the viewer may see has it: as the filters source:, after: and
 * before: are true of it. */
MUST bool search_page(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, const struct search_wish *wish, struct hits *ret,
    struct facets *ret_facets, struct err *e);

#endif
