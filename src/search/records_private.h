/* search, finding records: one query on its way from candidates (candidates.c) to what is found
 * (records.c). Candidates are by the number of the oldest of those found to be the same. */
#ifndef SEARCH_RECORDS_PRIVATE_H
#define SEARCH_RECORDS_PRIVATE_H

#include "record/claims.h"
#include "search/postings.h"

struct leaf { /* words of the query */
	const struct node *node;
	bool wanted;         /* not those under a NOT */
	struct list records; /* that may hold them */
};
struct match { /* a claim that may hold a wanted leaf's words */
	int64_t record, claim;
	bool title; /* its property names records of some type */
};
struct matches {
	struct match *m;
	size_t n, cap;
};
struct member { /* of a group: records found to be the same, known by the oldest */
	uint64_t number, oldest;
};
struct groups {
	struct member *by_number, *by_oldest; /* the same, in either order */
	size_t n;
};
MUST bool groups_read(
    struct look *k, const struct viewer *v, struct groups *ret, struct err *e);
uint64_t groups_oldest(const struct groups *g, uint64_t number);
/* All that `oldest` stands for, in order. */
void groups_members(struct arena *a, const struct groups *g, uint64_t oldest,
    const uint64_t **ret, size_t *ret_n);

struct asking {
	struct look k;
	const struct viewer *viewer;
	const struct schema *schema;
	const struct query *query;
	struct leaf leaf[PHRASES_MAX];
	struct phrase phrase[PHRASES_MAX]; /* of the leaves */
	size_t n_leaves;
	uint64_t wanted; /* a bit for each leaf */
	const char **
	    compartments; /* that the viewer is in; the first is "", for all; NULL at the end */
	struct groups groups;
	const char **naming; /* properties that name records, in order */
	size_t n_naming;
	struct matches matches; /* of all wanted leaves */
	bool exact; /* matches has all; if not, some words were too common to be looked up */
};

MUST bool asking_start(struct asking *q, struct err *e);
/* Who may match, with the best that each can come to as its score; as a heap. */
MUST bool candidates_find(struct asking *q, struct list *ret, struct err *e);
/* A score, and what it says. */
double candidates_score(bool in_title, size_t claims);
bool type_matches(const struct schema *s, const char *type, const struct node *filter);

#endif
