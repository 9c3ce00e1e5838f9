/* search, within the room: a parsed query, lists of texts, and what an engine must do. */
#ifndef SEARCH_PRIVATE_H
#define SEARCH_PRIVATE_H

#include "base/buf.h"
#include "search/counts.h"
#include "search/search.h"
#include "text/text.h"

/* A query as a tree. A term is a word as the index knows it: folded. */
enum node_kind { NODE_WORDS, NODE_FILTER, NODE_AND, NODE_OR, NODE_NOT };
enum field { FIELD_LANG, FIELD_TYPE, FIELD_SOURCE, FIELD_AFTER, FIELD_BEFORE, FIELDS };
extern const char *const field_names[FIELDS];

struct folded {
	const char *s;
	size_t n;
};
struct phrase { /* terms at places one after the other; prefix: the last one only begins so */
	struct folded *terms;
	size_t n;
	bool prefix;
};
struct node {
	enum node_kind kind;
	struct node *child; /* AND, OR: two or more; NOT: one */
	struct node *next;  /* of the same parent */
	const char *text;   /* WORDS, FILTER: as typed, without quotes, star, name */
	bool quoted;
	struct phrase phrase; /* WORDS; FILTER: of source */
	enum field field;
	int64_t time; /* FILTER: of after, before */
	/* Of the whole tree below: */
	bool negative;   /* says only what a text must not be */
	bool words_only; /* no filters */
};
struct query {
	const struct node *root; /* never negative */
};
/* Sets `negative` and `words_only` from the kind and the children. */
void node_finish(struct node *n);

/* The terms of words as people type them: those that tokens_next gives, without
 * transliterations, so that a word in another script matches itself alone. */
void phrase_fold(
    struct arena *a, struct tokens *t, const char *text, size_t n, struct phrase *ret);
/* In NFC, as the tokens want it: what people and other programs typed need not be. */
const char *text_composed(struct arena *a, const char *s, size_t *ret_n);

/* Texts (or records) by local number, in order, or (all_but) all but these. */
struct found {
	int64_t text;
	double score;
};
struct list {
	struct found *f;
	size_t n;
	bool all_but;
};
void list_add(struct arena *a, struct list *l, int64_t text, double score);
struct list list_both(struct arena *a, struct list x, struct list y);   /* scores are added */
struct list list_either(struct arena *a, struct list x, struct list y); /* likewise */
/* As a heap, so that only as many are put in order as are wanted: highest scores first, of equals
 * the newest. */
void list_heap(struct list *l);
struct found list_take_best(struct list *heap);

/* A look at the index for one query. */
struct look {
	struct search *s;
	struct arena *a;
	const char *actor;
	int64_t as_of, now;
	bool scored; /* are scores wanted? */
	bool parts;  /* only the texts that are in parts are asked for, word by word */
};
/* The texts that a node is true of. Only what it says about the texts in `within` (NULL:
 * any) needs to be right: the caller keeps no others. */
MUST bool evaluate(struct look *k, const struct node *n, const struct list *within,
    struct list *ret, struct err *e);
MUST bool filter_list(struct look *k, const struct node *n, const struct list *within,
    struct list *ret, struct err *e);
/* Whether a lang: filter is true of a tag, a source: filter of a name. */
bool filter_is_language(const struct node *n, const char *have);
bool filter_is_source(struct look *k, const struct node *n, const char *have);
/* The phrases that a text must or may hold (`wanted`), to be marked in it; or those it must not. */
void phrases_collect(const struct node *n, bool wanted, struct phrase *ret, size_t *ret_n);

/* The bytes of a text, and what is shown about it. */
struct shown {
	const char *item, *text, *title;
	const char *translation; /* its language; NULL: it is none */
	struct hash sha256;
};
/* *ret_visible false: the viewer may not see it, or the record has a newer text. */
MUST bool text_shown(
    struct look *k, int64_t text, bool *ret_visible, struct shown *ret, struct err *e);

struct facets;
/* Of a list that is not "all but". */
MUST bool facets_count(struct look *k, const struct list *l, struct facets *ret, struct err *e);

/* Phrases in the token stream of a text: calls on() for each match, in order of its
 * end, until on() returns false. */
struct span {
	size_t start, end; /* bytes */
	unsigned phrase;
};
void scan_text(struct tokens *t, const char *text, size_t n, const struct phrase *phrases,
    size_t n_phrases, bool (*on)(void *arg, const struct span *s), void *arg);
enum { PHRASES_MAX = QUERY_TERMS_MAX };

void snippet_make(struct look *k, const struct phrase *phrases, size_t n_phrases,
    const char *text, size_t n, struct hit *ret);

/* The terms of a text in parts of `size` bytes of it or a little more. Each but the first begins
 * with the last PART_OVERLAP words of the one before (and their other forms), so that each
 * phrase of a query stands whole in one. What a token gives is its term and `translit` only. */
enum {
	PART_OVERLAP = QUERY_TERMS_MAX - 1,
	PART_BYTES = 1 << 20, /* where an engine holds a part in memory */
	PARTS_MAX = 1 << 16   /* of one text */
};
_Static_assert(UINT32_MAX / PART_BYTES < PARTS_MAX, "as tokens end at 4 GB");
struct parts *parts_new(void);
void parts_free(struct parts *p);
void parts_start(struct parts *p, const char *text, size_t n, size_t size);
bool parts_token(struct parts *p, struct token *ret); /* false at the end of the part */
bool parts_next(struct parts *p);                     /* false: that was the last one */
uint64_t parts_words(const struct parts *p);          /* places given so far, each once */
AUTO_FREE(parts, parts_free)

/* Texts that hold one word or phrase, and how often. */
struct holder {
	int64_t text, words; /* words: how many it has in all */
	double times;
};
struct holders {
	struct holder *h;
	size_t n, cap;
};
void holders_add(struct arena *a, struct holders *l, struct holder h);
/* Their scores, if `others` more texts hold it. */
MUST bool holders_score(
    struct look *k, const struct holders *l, uint64_t others, struct list *ret, struct err *e);

struct posting { /* of a word in a record's claim: postings.h */
	const char *compartment, *word;
	int64_t claim;
};
struct engine {
	bool trees; /* match() takes any tree of words, not just leaves */
	/* tally() knows how often a term occurs, not just in how many texts. */
	bool counts_times;
	size_t part_bytes; /* longer texts are given to it in parts */
	bool (*create)(struct db *db, struct err *e);
	bool (*add)(struct search *s, int64_t text, const char *p, size_t n,
	    uint64_t *ret_words, struct err *e);
	bool (*remove)(struct search *s, int64_t text, const char *p, size_t n, struct err *e);
	bool (*empty)(struct search *s, struct err *e);
	/* In order, each once; some may be there already. */
	bool (*add_postings)(
	    struct search *s, const struct posting *p, size_t n, struct err *e);
	/* After it (and db_compact), no removed term is stored. */
	bool (*merge)(struct search *s, struct err *e);
	bool (*tally)(struct search *s, struct tally *t, struct err *e);
	/* Of an engine that holds long texts in parts: the others. */
	bool (*match)(struct look *k, const struct node *n, const struct list *within,
	    struct list *ret, struct err *e);
	/* One word or phrase in texts that are in parts; NULL if none are. */
	bool (*match_parts)(
	    struct look *k, const struct node *n, struct list *ret, struct err *e);
};
extern const struct engine engine_sqlite, engine_postgres;

struct search {
	struct db *db;
	struct search_texts texts;
	const struct engine *engine;
	struct tokens *tokens;
	struct counts *counts;
	struct parts *parts; /* the terms of the text at hand */
	size_t part_bytes;   /* the engine's; smaller in tests */
	size_t common; /* postings that a word has that is left alone if it can be; likewise */
	struct arena *text;   /* the text at hand */
	bool querying;        /* FTS5 hands over a query's terms, not a text */
	uint64_t digested_to; /* the cursor at the last search_digest */
};
/* The bytes of a text; they live until the next call. */
MUST bool text_get(struct search *s, const struct hash *sha256, const char **ret, size_t *ret_n,
    struct err *e);
MUST bool state_get(struct db *db, const char *name, int64_t *ret, struct err *e);
MUST bool state_set(struct db *db, const char *name, int64_t value, struct err *e);

#endif
