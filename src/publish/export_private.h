/* publish/export_private: what the files of an export share. */
#ifndef PUBLISH_EXPORT_PRIVATE_H
#define PUBLISH_EXPORT_PRIVATE_H

#include "base/buf.h"
#include "publish/csv.h"
#include "publish/export.h"
#include "record/use.h"

struct kind_of { /* a type that records have */
	const char *name;
	const struct type *type; /* NULL: the schema has lost it since */
	bool found; /* some record of it is written: known to formats that look ahead */
};
struct exported { /* a record, as this viewer may have it */
	uint64_t number;
	const char *id;
	const struct kind_of *kind;
	struct claims claims; /* its own: not those of what it is the same as */
};

struct export
{
	struct log *log;
	struct db *db;
	const struct export_options *o;
	struct viewer v; /* of one state of the log, from beginning to end */
	struct export_result *out;
	struct arena *kept; /* to the end */
	struct arena *a;    /* of the page at hand */
	const struct form *form;
	void *state; /* of the form */
	struct kind_of *kinds;
	size_t n_kinds;
	struct chosen *chosen; /* records by kind and number; NULL: all */
	size_t n_chosen;

	struct buf bytes;        /* that wait for their entry */
	struct arena *listed;    /* where the list lies */
	struct given_list *list; /* of what they tell */
	struct hasher *hasher;
	/* Of the page at hand: */
	uint64_t judged; /* the log's size before it was judged what of it may leave */
	struct claim_reader *reader;
	struct rights *rights;
	struct name_of *names;
};

struct form {
	bool titles;      /* of what claims refer to */
	bool looks_ahead; /* must know the kinds that are found before it starts */
	bool (*start)(struct export *x, struct err *e);
	bool (*record)(struct export *x, const struct exported *r, struct err *e);
	bool (*finish)(struct export *x, struct err *e);
	void (*done)(
	    struct export *x); /* frees what start made, whatever came of it; NULL: nothing */
	/* Can it say records of this kind? NULL: of every kind. */
	bool (*says)(const struct export *x, const struct kind_of *k);
};
extern const struct form export_csv, export_ftm, export_jsonl, export_esf;

/* export_read.c */
MUST bool read_kinds(struct export *x, struct err *e);
MUST bool choose_records(struct export *x, struct err *e);
/* Calls fn for each record of the kind that is to be written, in order; `counts`: what is withheld is
 * counted. fn sets *ret_stop to end early. */
typedef bool (*export_fn)(
    struct export *x, const struct exported *r, bool *ret_stop, struct err *e);
MUST bool read_records(
    struct export *x, struct kind_of *k, bool counts, export_fn fn, struct err *e);
/* The value of a property of a record (its id), by which a format calls it; "" if it has none that may be
 * told. And its type. */
MUST bool name_of_record(struct export *x, const char *id, const char *property,
    const char **ret, const char **ret_type, struct err *e);

/* Claims of one property: from claims->c[i] on. */
size_t claims_run(const struct claims *c, size_t i);

/* A value in a cell that may hold several: '|' and '\' escaped. */
void csv_value(struct buf *b, const char *s);

#endif
