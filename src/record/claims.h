/* record/claims: records and the claims about them. A record is the set of its claims; nothing is
 * overwritten: a claim is made and withdrawn by entries, and stands between the two.
 *
 * A claim's name is "c", its entry's index, ".", and its place in that entry, from 0: c1204.0. So
 * anybody sees which entry made it, and can have a receipt for it.
 *
 * Views (columns `since` and `until` as in record.h):
 *   record(number PK, id, type, since, until): number is the index of the entry that made it
 *   claim(number PK, record, property, kind, value, low, high, more, source, item, text, start, finish, stance,
 *         credibility, compartment, since, until): number is entry * CLAIMS_MAX + place; kind is enum kind; value,
 *         low and high are those of struct value, but for links low is the target's number;
 *         more is the value's JSON where value does not tell all, "" else; source: a record's number, 0: none;
 *         item: a registration number, text: a text's entry, 0: none; start and finish: bytes of that text, -1: none
 *   member(entry PK, compartment, actor, since, until): who founds the mechanism is in FOUNDERS
 *   schema_file(entry PK, name, text, since, until)
 * Records found to be the same are linked by claims of the property SAME; what is read of one is
 * read of all of them together. */
#ifndef RECORD_CLAIMS_H
#define RECORD_CLAIMS_H

#include "base/id.h"
#include "record/record.h"
#include "schema/schema.h"
#include "schema/value.h"

enum { CLAIMS_MAX = 4096 }; /* in one entry */
/* How claims are found by their value, in SQL. Its index holds how a value begins, because one of PostgreSQL takes
 * no row of more than 2,704 bytes. BETWEEN, because SQLite would put what comes after "=" for the column, and not
 * know the index again. c: "" or an alias with its dot; records: a condition on their numbers, "= $2", "IN (...)". */
#define CLAIM_BEGINS(c) " AND substr(" c "value, 1, 200) "
#define CLAIM_HAS(c, property, of)                                                             \
	" " c "property = " property CLAIM_BEGINS(c) "= substr(" of ", 1, 200)"                \
						     " AND " c "value BETWEEN " of " AND " of  \
						     " "
#define CLAIM_LINKS(c, property, records)                                                      \
	" " c "property = " property CLAIM_BEGINS(                                             \
	    c) "IN (SELECT substr(id, 1, 200) FROM record"                                     \
	       " WHERE number " records ") "
#define FOUNDERS "founders" /* the compartment whose members make others */
#define SAME "same_as" /* links a record to one that it is the same as; all types have it */

#define RELIABILITY "reliability" /* of a source: its own history, A to F */

enum stance { ASSERTS, DENIES, DOES_NOT_KNOW, STANCES };
extern const char *const stance_names[STANCES]; /* "asserts", "denies", "does_not_know" */

struct deed {                    /* of an entry */
	const char *by, *reason; /* by NULL: not asked for, or erased; reason "": none */
	int64_t time;
};
struct claim {
	int64_t number;
	uint64_t record, entry;
	const char *name; /* "c1204.0" */
	const char *property;
	struct value value;
	const char *target_title; /* of what a link leads to, "" else */
	uint64_t source;          /* 0: the mechanism's own people */
	const char *source_title, *source_id;
	/* Ids of what is cited, "" if nothing, or if it was erased or is not the viewer's to know. original: of the text
	 * that `text` is a translation of, "" if it is none; there, what stands for the cited passage. */
	const char *item, *text, *original;
	const char *rests_on; /* the item, whoever may know of it: never to be shown */
	int64_t start, end;   /* bytes of the text; -1: the whole */
	int64_t original_start, original_end; /* -1: none */
	enum stance stance;
	int credibility; /* 1 to 6; 0: not judged */
	const char *compartment;
	const char *conditions; /* to leave under (use.h), "" if none, or read inside */
	int64_t withdrawn;      /* the entry that did; RECORD_OPEN: it stands */
	/* By record_tell only; NULL else. */
	const char *subject; /* id of the record it is about, where several are one */
	const char *grade;   /* its source's reliability, a code; "" if it was not judged */
	struct deed made, unmade;
	const char *label, *property_label; /* of a term and of the property, in v's language */
};
struct record {
	uint64_t number;
	const char *id, *type, *title;
	const uint64_t
	    *same; /* numbers of all that it is the same as, itself included, ascending */
	size_t n_same;
};
struct claims {
	struct claim *c; /* by property, then in the order they were made */
	size_t n;
	size_t withheld; /* by compartment or consent: how many, never which */
};

/* By id, or enough of it. ERR_MISSING; ERR_INVALID if several match. */
MUST bool record_find(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct record *ret, struct err *e);
/* A record of one of these types (NULL: any) named by id, or by the value of a property that names or
 * identifies its type. */
MUST bool record_find_named(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *const *types, const char *name, struct record *ret,
    struct err *e);
/* What stands about the record and those it is the same as; with `all` also what was withdrawn. */
MUST bool record_claims(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct record *r, bool all, struct claims *ret,
    struct err *e);
/* What people want beside the claims of a record: labels, whose they are if several are one, their sources'
 * grades as they stand at v's state and, if log is not NULL, who made and withdrew them and why. */
MUST bool record_tell(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct log *log, const struct record *r, struct claims *io,
    struct err *e);
/* What stands about many records, each by itself, without what it is the same as; kept in `kept`. s NULL: no titles. */
struct claim_reader;
struct claim_reader *claim_reader_new(
    struct db *db, const struct viewer *v, struct arena *kept, const struct schema *s);
/* Numbers ascend; ret has room for n. */
MUST bool claim_reader_read(struct claim_reader *r, struct arena *a, const uint64_t *records,
    size_t n, struct claims *ret, struct err *e);

/* What a record must have: that somebody asserts a value, and the viewer may see it. Dates and numbers
 * compare by all that they may mean: what is before is so for sure. */
enum relation {
	REL_IS, /* a term: or a narrower one; a date or number: or one within it */
	REL_IS_NOT,
	REL_BEFORE, /* < */
	REL_UP_TO,  /* <= */
	REL_AFTER,  /* > */
	REL_FROM,   /* >= */
	REL_ANY,    /* it has some value */
	REL_NONE,   /* it has none */
	RELATIONS
};
struct hop { /* along a link, or back along one that leads here */
	const char *property;
	bool back;
};
struct condition {
	const struct property *property;
	struct value value; /* none for REL_ANY and REL_NONE */
	enum relation relation;
	const struct hop *path; /* from the record to the one that has the property */
	size_t n_path;
};
/* Does a place meet a condition? Its name is the wanted one, or begins with its words, folded; its coordinates are
 * within both uncertainties of the wanted ones. Of these only what is wanted counts. */
bool place_fits(struct arena *a, const struct value *wanted, const struct value *have);

/* Does a record meet all conditions, by what the viewer may see? */
MUST bool record_fits(struct db *db, const struct viewer *v, struct arena *a,
    const struct condition *c, size_t n, uint64_t record, bool *ret, struct err *e);
/* Records of a type (and its narrower ones) that meet all conditions. Those that were found to be
 * one stand there once, as the oldest of them, where one of them meets all. */
struct record_list {
	struct record *r; /* `same` is set where there are others */
	size_t n;
	uint64_t last; /* after which the next portion goes on */
};
MUST bool record_list(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct type *t, const struct condition *c, size_t n,
    uint64_t after, size_t limit, struct record_list *ret, struct err *e);

/* The title that a record goes by: of its type's title properties the first with a value. "" if none. */
MUST bool record_title(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, uint64_t number, const char *type, const char **ret, struct err *e);

/* "c1204.0" and back. */
const char *claim_name(struct arena *a, int64_t number);
MUST bool claim_number(const char *name, int64_t *ret, struct err *e);

MUST bool record_of_claim(struct db *db, const struct viewer *v, struct arena *a,
    const char *name, const char **ret, struct err *e); /* the id of the record it is about */
/* The claim of this name, withdrawn or not, and the record that it is about (NULL: not wanted).
 * ERR_MISSING: there is none, or none that the viewer may see; which of both is not told. */
MUST bool record_claim(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *name, struct record *ret_record,
    struct claim *ret_claim, struct err *e);

/* The state of the log at the end of a day or at an index, as people write it ("2020-09", "1204"). */
MUST bool record_as_of(struct db *db, const char *typed, int64_t *ret, struct err *e);

/* The schema in force: shipped files and what the mechanism added until as_of. */
struct schema *record_schema(struct db *db, const struct viewer *v, struct err *e);
/* The newest entry that changed it, 0 if none did: whoever keeps a schema looks whether it is still the one. */
MUST bool record_schema_newest(struct db *db, int64_t *ret, struct err *e);
/* Would it be sound with this file added, or put in the place of the one of that name? */
MUST bool record_check_schema(
    struct db *db, const struct viewer *v, const char *name, const char *text, struct err *e);
/* Claims in no compartment of properties that `now` keeps for one and `was` did not: made before, they
 * stay open, for entries say claims whole. */
struct left_open {
	const char *type, *property, *compartment;
	int64_t claims;
};
MUST bool record_left_open(struct db *db, struct arena *a, const struct schema *was,
    const struct schema *now, struct left_open **ret, size_t *ret_n, struct err *e);
struct own_file { /* of the mechanism */
	const char *name, *text;
	uint64_t entry;
};
/* Those in force, in the order they came. */
MUST bool record_schema_files(struct db *db, const struct viewer *v, struct arena *a,
    struct own_file **ret, size_t *ret_n, struct err *e);
enum { SCHEMA_FILE_MAX = 512 * 1024 };

#endif
