/* match: are these two names one?
 *
 * Names of persons, organisations and places are compared across case, diacritics, spelling, script
 * (in Latin letters, as the text room writes them), word order, legal forms, abbreviations, initials
 * and titles; of words that many names share, translations are known. Nothing here decides: a
 * score and its reason are for a person to judge. Only names with one key may be taken for one.
 *
 * A matcher belongs to one thread; names, once read, may be compared by any. */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/auto.h"

struct matcher; /* the tables of legal forms, titles and common words */
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);
AUTO_FREE(matcher, matcher_free)

enum match_kind { MATCH_PERSON, MATCH_ORGANISATION, MATCH_PLACE };

struct match_name; /* a name, taken apart */
/* `name` is valid UTF-8; it is not kept. Never NULL: a name without letters and digits is like
 * no other. */
const struct match_name *match_read(
    struct matcher *m, struct arena *a, enum match_kind kind, const char *name);

/* Two names with the same key are the same name: they differ in case, diacritics, punctuation, "the"
 * and "and", a legal form's spelling ("Ltd", "Limited"), a person's titles and "Family, Given",
 * an abbreviation that stands beside what it abbreviates. "" if there are no letters and
 * digits. It lives as long as the name. */
const char *match_key(const struct match_name *n);
/* Names that may be one have a block in common: short strings to be stored in a table and looked up.
 * A block that more than MATCH_BLOCK_MAX names share tells nothing and can be passed over: such names have
 * others. Returns how many. */
enum { MATCH_BLOCK_MAX = 128, MATCH_BLOCKS = 48 };
size_t match_blocks(const struct match_name *n, const char *const **ret);

/* Why a pair has its score: the weakest of what links them. */
enum match_reason {
	MATCH_DIFFERENT,    /* not the same, as far as can be seen */
	MATCH_PART,         /* one says more than the other: a branch, a second family name */
	MATCH_ABBREVIATION, /* HRW */
	MATCH_INITIALS,     /* J. Smith */
	MATCH_SPELLING,     /* a word is written a little differently */
	MATCH_TRANSLATION,  /* Committee, Comité */
	MATCH_SCRIPT,       /* the same in other letters */
	MATCH_ORDER,        /* the same words in another order */
	MATCH_LEGAL_FORM,   /* only the legal form differs */
	MATCH_SAME,         /* the same words */
	MATCH_REASONS
};
struct match {
	double score; /* 0 to 1; 1 only if the keys are the same */
	enum match_reason reason;
};
/* Worth a person's look. What that finds and what it misses was measured: match.md. */
#define MATCH_LOOK 0.7
struct match match_compare(const struct match_name *a, const struct match_name *b);
const char *match_reason_name(enum match_reason r); /* "legal-form": stable, for JSON */
const char *match_reason_says(
    enum match_reason r); /* "only the legal form differs": for people */

/* All pairs among n names that score at least `floor`, the best first, without comparing each
 * with each. In a: *ret, until the arena ends. Returns how many. */
struct match_pair {
	uint32_t a, b; /* indexes; a < b */
	struct match match;
};
size_t match_doubles(struct arena *a, const struct match_name *const *names, size_t n,
    double floor, struct match_pair **ret);

#endif
