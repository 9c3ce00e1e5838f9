/* schema: types, properties, vocabularies and procedures as data; docs/formats/schema.md has
 * the files' form.
 *
 * A schema is made once from the shipped files and a mechanism's own, checked as a
 * whole, and never changes after that: it may be read by all threads. Everything it gives is
 * borrowed and lives as long as it does. Lists of pointers end with NULL. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"
#include "schema/label.h"
#include "schema/procedure.h"

struct schema;

enum kind {
	KIND_TEXT,
	KIND_DATE,
	KIND_NUMBER,
	KIND_TERM,
	KIND_LINK,
	KIND_PLACE,
	KIND_ITEM,
	KIND_STEP,
	KINDS
};

struct map { /* what another format calls it */
	const char *format, *name;
};

struct property {
	const char *name;
	enum kind kind;
	const char *const *args; /* a format, units, a vocabulary's or types' names */
	bool many;
	bool
	    required; /* a person who makes a record is asked for it; foreign data may lack it */
	bool creates;            /* links: a name that leads to no record makes one */
	bool unmatched;          /* no help in finding out whether two records are one */
	const char *compartment; /* "": whoever sees the record sees it */
	const char *guard;       /* the command that alone says it; "": anybody may claim it */
	const char *reverse;     /* "" if none */
	const struct vocabulary *vocabulary; /* KIND_TERM */
	const struct procedure *procedure;   /* KIND_STEP */
	const struct type *owner;            /* the type that says it */
	const struct map *maps;
	size_t n_maps;
	struct labels labels, about;
};

struct type {
	const char *name;
	bool abstract;
	bool unmatched; /* its records are not compared to find those that are one */
	bool guarded;   /* some of it is said by acts that check rules only: type_guard() */
	const struct type *const *parents;
	/* Own ones, then inherited ones; each name once. */
	const struct property *const *properties;
	const char *const *title; /* names of properties; inherited if it says none */
	/* Each names some properties: records alike in all of them are one. Inherited if it says
	 * none; key is the first of them, empty if there is none. */
	const char *const *const *keys;
	const char *const *key;
	const struct procedure *procedure; /* NULL if none */
	const struct map *maps;
	size_t n_maps;
	struct labels labels, about;
};

struct term {
	const char *code;
	const struct term *parent; /* NULL at the top */
	const char *const *rests;
	const char *until; /* EDTF, "" if it is still used */
	struct labels labels, also, about;
};
struct vocabulary {
	const char *name;
	const struct term *const *terms; /* as written: parents before their narrower terms */
	size_t n;
	struct labels labels, about;
};

/* One file; borrowed until schema_new returns. */
struct schema_file {
	const char *name, *text;
	size_t n;
};
/* The shipped files, built into the program. */
const struct schema_file *schema_shipped(size_t *ret_n);
/* Shipped files first, then `own`, in order. ERR_INVALID names file and line. */
struct schema *schema_new(const struct schema_file *own, size_t n, struct err *e);
void schema_free(struct schema *s);
AUTO_FREE(schema, schema_free)

/* By exact name; NULL if there is none. */
const struct type *schema_type(const struct schema *s, const char *name);
const struct vocabulary *schema_vocabulary(const struct schema *s, const char *name);
const struct procedure *schema_procedure(const struct schema *s, const char *name);
const struct property *type_property(const struct type *t, const char *name);
bool names_claim(const struct property *p);           /* its texts are names of claims */
bool type_is(const struct type *t, const char *name); /* it, or one of its ancestors */
/* The command by which alone a property is said: one that is guarded itself, or tells a step of
 * a procedure that is (*ret_step). "" if anybody may claim it. */
const char *type_guard(const struct type *t, const char *property, bool *ret_step);
const struct type *const *schema_types(const struct schema *s);
const struct vocabulary *const *schema_vocabularies(const struct schema *s);
const struct procedure *const *schema_procedures(const struct schema *s);
/* What another format calls so. */
const struct type *schema_mapped(const struct schema *s, const char *format, const char *name);
const struct property *type_mapped(const struct type *t, const char *format, const char *name);

/* The same, with an error for people that offers the nearest name. */
const struct type *schema_want_type(const struct schema *s, const char *name, struct err *e);
const struct property *schema_want_property(
    const struct type *t, const char *name, struct err *e);

/* A term by code, else by label, else by other name, in any language. Case does not count for Latin,
 * Greek, Cyrillic and Armenian; other scripts are compared as they are. ERR_INVALID: none (the
 * nearest is offered) or several. */
const struct term *vocabulary_find(const struct vocabulary *v, const char *name, struct err *e);
/* The one term with this label or other name; NULL if there is none, or several. */
const struct term *vocabulary_named(const struct vocabulary *v, const char *name);
/* By exact code; NULL if there is none. */
const struct term *vocabulary_code(const struct vocabulary *v, const char *code);
bool term_within(const struct term *t, const struct term *wider); /* it, or narrower */

#endif
