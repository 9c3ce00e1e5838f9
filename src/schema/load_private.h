/* schema/load_private: what a keyword is followed by, and where that goes: one table for each thing
 * that lines can be about. */
#ifndef SCHEMA_LOAD_PRIVATE_H
#define SCHEMA_LOAD_PRIVATE_H

#include "schema/mapping.h"
#include "schema/private.h"

enum how {
	FLAG,   /* bool */
	WORD,   /* const char * */
	LIST,   /* const char *const * */
	WORDS,  /* struct words: what is checked later, and where it was said */
	LABELS, /* struct labels: one text a language */
	NAMES,  /* struct labels: any number of them */
	MAP,    /* struct map_list */
	PART,   /* a thing with lines of its own: part() */
	HOWS
};
struct load {
	struct schema *s;
	struct arena *a;
	const char *file;
	unsigned no;
};
struct keyword {
	const char *form;     /* as people write it; its first word is the keyword */
	unsigned least, most; /* words after the keyword */
	enum how how;
	size_t offset; /* of the field in what the lines are about */
	bool (*part)(struct load *l, void *whole, const struct node *n, struct err *e);
};
enum { ANY = 0xffff, FEW = 32, LABELS_MAX = 200, PARTS_MAX = 200 };
struct where load_where(const struct load *l, const struct node *n);
/* Lines about `whole`, from the first of them; `what` ("a type") is for messages. */
MUST bool load_lines(struct load *l, const struct keyword *table, const char *what, void *whole,
    const struct node *first, struct err *e);
/* For a line that has no lines of its own. */
MUST bool load_nothing(const struct load *l, const struct node *n, struct err *e);
/* Labels in the words of a line from the one at `from`. */
MUST bool load_labels(
    struct load *l, struct labels *to, const struct node *n, size_t from, struct err *e);
/* Words of a line, kept: lines themselves are forgotten when their file is read. */
const char *const *words_copy(struct arena *a, const char *const *words, size_t n);
/* For a thing that a file may say only once: if `at` is of this file, an error. */
MUST bool load_once(
    const struct load *l, const struct where *at, const struct node *n, struct err *e);
MUST bool load_name(const struct load *l, const struct node *n, bool (*ok)(const char *),
    const char *what, struct err *e);

bool load_type(struct load *l, void *schema, const struct node *n, struct err *e);
bool load_vocabulary(struct load *l, void *schema, const struct node *n, struct err *e);
bool load_procedure(struct load *l, void *schema, const struct node *n, struct err *e);
bool load_mapping(struct load *l, void *schema, const struct node *n, struct err *e);

/* load_mapping_rows.c: the block `rows` of a mapping, which has these columns. */
struct mapping_rows_in {
	struct where at;
	const char *kind;
	struct list lines; /* struct mapping_line_in */
};
bool load_mapping_rows(struct load *l, void *rows, const struct node *n, struct err *e);
MUST bool finish_mapping_rows(struct schema *s, const struct mapping_rows_in *in,
    bool (*is_column)(const void *mapping, const char *name), const void *mapping,
    struct mapping *ret, struct err *e);

#endif
