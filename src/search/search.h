/* search: the query language, the two full-text engines, and their view; texts and records.
 *
 * A query means the same on both engines: one tokenizer (room text) feeds FTS5 and
 * PostgreSQL's GIN index; the engine finds candidates by word, our code checks phrases
 * on the token stream (on SQLite FTS5 does, which means the same).  The index follows
 * the log by a cursor (index view): search_follow brings it up; answers say up to which
 * entry they know. */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "digest/digest.h"
#include "record/claims.h"
#include "schema/schema.h"

/* Parsed: words, "phrases", prefix*, AND OR NOT, parentheses, lang: type: source:
 * after: before:. Words side by side mean AND; AND binds stronger than OR; NOT strongest.
 * docs/search.md says it for people. A query of only NOT is refused with a reason.
 * NULL on failure: ERR_INVALID, with the byte (counted from 1) and what to do. */
struct query;
enum { QUERY_MAX = 4096, QUERY_TERMS_MAX = 64 }; /* bytes; words */
struct query *query_parse(struct arena *a, const char *s, struct err *e);
/* The canonical spelling: parsing it gives the same query again. For tests and for people. */
const char *query_print(struct arena *a, const struct query *q);

/* Where the index gets the bytes of a text: the vault, in practice. *ret lives in a. */
struct search_texts {
	bool (*get)(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
	    size_t *ret_n, struct err *e);
	void *arg;
};

struct search; /* belongs to one thread */
/* `index` holds the index and also sees the record's tables, so that filters are joins:
 * on SQLite it is a file of its own, to which the main one is attached (db_config.attach);
 * on PostgreSQL a connection of its own. Borrowed. */
MUST bool search_create(struct db *index, struct err *e);
struct search *search_open(struct db *index, struct search_texts texts, struct err *e);
void search_close(struct search *s);
AUTO_FREE(search, search_close)

/* The index view. search_follow applies the record's texts (table `text`) and the words of claims
 * (table `claim`) of the entries from the cursor on and before `to`, in transactions of about 200 ms; several processes may do
 * so at once. A text whose bytes are missing or damaged is passed over: the vault reports it.
 * Texts that were forgotten though their erasure never came about come back. */
MUST bool search_follow(struct search *s, uint64_t to, struct err *e);
/* The next entry to apply. */
MUST bool search_cursor(struct search *s, uint64_t *ret, struct err *e);
/* Erasure, in two steps. search_forget takes texts (their local numbers) out, before their
 * bytes are destroyed, and notes them down; search_scrub, once the record has lost them,
 * merges the index so that no removed word is left in it, compacts it and clears the note.
 * It may be repeated, and must be if the program died meanwhile. An index that holds a text
 * which the record lost without search_forget is emptied instead, and follows anew. */
MUST bool search_forget(struct search *s, const uint64_t *texts, size_t n, struct err *e);
/* The same for records (their numbers) that are about to lose claims, or words of them, or all. What
 * is left of them after search_scrub is indexed anew. */
MUST bool search_forget_records(
    struct search *s, const uint64_t *records, size_t n, struct err *e);
MUST bool search_scrub(struct search *s, struct err *e);
MUST bool search_drop(struct search *s, struct err *e); /* empties it; cursor 0 */
/* A digest over what the index says (terms, counts, texts), whatever its inner layout. */
MUST bool search_digest(struct search *s, struct hash *ret, struct err *e);
/* What the last search_digest should have said, from the bytes of the texts alone. */
MUST bool search_expected(struct search *s, struct hash *ret, struct err *e);

struct hit {
	const char *item, *text; /* ids */
	const char *title;
	const char *translation; /* the language of one; NULL: it is the item's own text */
	/* One line; matches between U+E000 and U+E001, for the caller to mark. */
	const char *snippet;
	double score; /* bm25; higher is better; 0 if only filters were asked for */
	/* Byte span of the first match in the text; 0, 0 if only filters are true of it. */
	uint32_t start, end;
};
struct hits {
	struct hit *h;
	size_t n;
	uint64_t known_to; /* answers know all entries before this one */
};
enum { SEARCH_LIMIT_MAX = 1000 };
/* Best first, of equals the newest first. What the viewer may not see is left out: items
 * whose every acquisition's consent has ended (by viewer->now) or was withdrawn (ever, whatever
 * state is asked for); of an item's own texts all but the newest. */
MUST bool search_find(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, size_t limit, struct hits *ret, struct err *e);
struct record_hit {
	const char *record, *type; /* id; of records found to be the same, that of the oldest */
	const char *title;         /* "" if it has none that the viewer may see */
	const char *snippet;       /* as above, of the claim that says most of what was asked */
	const char *claim,
	    *property;      /* that claim's name, and of what; "" if none says anything */
	enum stance stance; /* of its source to what it says */
	bool in_title;      /* the title holds some of the words */
	size_t claims;      /* how many claims hold some; 0 if only filters were asked for */
};
struct record_hits {
	struct record_hit *h;
	size_t n;
	uint64_t known_to;
};
/* Records of which the query is true, by the words of those claims that the viewer may see, texts
 * and names of places; what is withheld has no part in it, nor in how long it takes. A phrase
 * stands in one claim; words may stand in several. Filters are true if they are true of some
 * claim: lang: of its text's language, source: of its source's title, after: and before: of its
 * date, as far as that may reach; type: of the record's type or a wider one. First those with
 * words in the title, then by how many claims hold words, of equals the newest first. */
MUST bool search_records(struct search *s, const struct viewer *viewer,
    const struct schema *schema, struct arena *a, const struct query *q, size_t limit,
    struct record_hits *ret, struct err *e);
/* Every text that matches, in order of local number: for the comparison of engines. */
MUST bool search_all(struct search *s, const struct viewer *viewer, struct arena *a,
    const struct query *q, uint64_t **ret, size_t *ret_n, struct err *e);

#endif
