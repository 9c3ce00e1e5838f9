/* schema/private: what the room's files share: the outline of a file, and the schema while it is
 * being made. A thing that is being made begins with the public struct that it becomes, so
 * that a pointer to one is a pointer to the other. */
#ifndef SCHEMA_PRIVATE_H
#define SCHEMA_PRIVATE_H

#include <pthread.h>

#include "schema/names_private.h"
#include "schema/schema.h"

/* outline.c: a file's lines as nodes. */
enum { OUTLINE_DEPTH = 16, OUTLINE_BYTES = 4 << 20, OUTLINE_WORDS = 512 };
struct node {
	const char *const *words; /* n_words of them, then NULL; the first is the keyword */
	size_t n_words;
	unsigned line;
	const struct node *child, *next;
};
/* The nodes live in a, the words' text in `texts`. *ret is NULL if the file says nothing.
 * ERR_INVALID names file, line and column. */
MUST bool outline_read(struct arena *a, struct arena *texts, const struct schema_file *f,
    const struct node **ret, struct err *e);

/* Words as a line said them: of `title`, `needs` and so on. n is 0 if nothing was said. */
struct words {
	const char *const *w;
	size_t n;
	struct where at;
};
struct map_list {
	struct map *m;
	size_t n;
};

struct property_in {
	struct property pub;
	struct where said, at; /* last; with its kind */
	const char *kind;      /* NULL: as its type's ancestors have it */
	const char *const *args;
	struct map_list maps;
	bool one, many, required, creates, unmatched;
};
struct type_in {
	struct type pub;
	struct where at;
	struct words is, title, procedure;
	struct map_list maps;
	struct list own, parents, all; /* properties said here; types; all properties */
	struct list keys;              /* struct words; those of a later file replace all */
	struct table own_by_name, by_name;
	struct table ancestors; /* with itself */
	bool abstract, unmatched;
	enum { TYPE_NEW, TYPE_OPEN, TYPE_DONE } stage;
};
struct term_in {
	struct term pub;
	struct where at;
	struct list children;
	struct vocabulary_in *vocabulary;
	bool placed;
};
struct name_entry { /* a name by which a term is found */
	const char *name;
	const struct term *term;
	uint64_t letters;
	uint32_t hash, rank; /* code, label, other name */
};
struct names { /* of all terms of a vocabulary */
	struct name_entry *entries;
	uint32_t *slots; /* open addressing: index + 1 in entries; 0 is empty */
	size_t n, n_slots;
};
struct vocabulary_in {
	struct vocabulary pub;
	struct where at;
	struct list terms; /* as said */
	struct list sorted;
	struct table by_code;
	struct schema *schema;
	struct names *names; /* made when first asked for: names_of() */
};
struct role_in {
	struct role pub;
	struct where at;
};
struct state_in {
	struct state pub;
	struct where at;
	struct words date, through, when, freezes;
	bool final, reached;
};
struct move_in {
	struct move pub;
	struct where at;
	struct words by, needs;
	bool repeats;
};
struct clock_in {
	struct clock_rule pub;
	struct where at;
	struct words from, until, days, due, when, then;
};
struct procedure_in {
	struct procedure pub;
	struct where at;
	/* The clocks of a later file replace those of their name. */
	struct list states, moves, clocks, roles;
	struct words naming, unless;
	struct table state_by_name;
};

struct schema {
	struct arena *a;
	/* Guards the names of vocabularies, and the arena that they are in. */
	pthread_mutex_t names_lock;
	struct list types, vocabularies, procedures, mappings;
	struct table type_by_name, vocabulary_by_name, procedure_by_name, mapping_by_name;
	struct table mapped; /* "FORMAT NAME" */
};

/* Once all files are read: names become pointers, and what does not fit is refused. */
MUST bool vocabulary_finish(struct schema *s, struct vocabulary_in *v, struct err *e);
MUST bool procedure_finish(struct schema *s, struct procedure_in *p, struct err *e);
/* When all types are finished: are what states are reached through such types and properties? */
MUST bool procedure_through(struct schema *s, const struct procedure_in *p, struct err *e);
MUST bool type_finish(struct schema *s, struct type_in *t, struct err *e);
/* When all types are. */
struct mapping_in;
MUST bool mapping_finish(struct schema *s, struct mapping_in *m, struct err *e);
/* "no WHAT "NAME"", and the nearest of the list, whose things begin with their names. */
bool unknown_name(const struct where *at, const char *what, const char *name,
    const struct list *of, struct err *e);

/* Without the shipped files. */
struct schema *schema_load(const struct schema_file *f, size_t n, struct err *e);

const char *kind_name(enum kind k);

#endif
