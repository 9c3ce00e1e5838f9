/* account/network: what is linked to a record, so many steps away. */
#ifndef ACCOUNT_NETWORK_H
#define ACCOUNT_NETWORK_H

#include "account/account.h"

enum { NETWORK_DEPTH = 3, NETWORK_MAX = 150 };
struct network_filter {
	unsigned depth;   /* 1 to NETWORK_DEPTH */
	const char *link; /* only links of this property; "": of any */
	const char *type; /* only records of this type, and narrower; "": of any */
	size_t most;      /* nodes; at most NETWORK_MAX */
};
struct node { /* a record with all that it was found to be the same as */
	uint64_t number;
	const char *id, *type, *title;
	unsigned depth; /* 0: the one that was asked for */
	size_t from;    /* index of the node over which it was first reached */
	size_t
	    left; /* records that it is linked to, and that are not here since there were too many */
};
struct tie {             /* a link, once for each property and direction */
	size_t from, to; /* indexes of nodes */
	const char *property;
	size_t n; /* claims that say so */
};
struct network {
	struct node *
	    nodes; /* by depth, then as they were reached; the first is the one that was asked for */
	size_t n_nodes;
	struct tie *ties;
	size_t n_ties;
	size_t left;     /* links that lead to records left out */
	size_t withheld; /* links that this viewer may not see: how many, never which */
};
/* A link counts as a source asserts it. What is reached only over a claim that the viewer may not see is not there, nor is
 * a record of which they may see nothing. */
MUST bool account_network(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, const struct network_filter *f,
    struct network *ret, struct err *e);

#endif
