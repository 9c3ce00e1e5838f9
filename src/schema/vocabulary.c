/* schema/vocabulary: terms found by code, label or other name. A table of all names, made when the
 * schema is, answers heedless of case. */
#include "schema/private.h"

#include <stdio.h>
#include <string.h>

enum { BY_CODE, BY_LABEL, BY_OTHER }; /* how good a name is: lower is better */

static size_t
slot_of(const struct names *n, uint32_t hash)
{
	return hash & (n->n_slots - 1);
}

static void
put_name(struct names *n, const char *name, const struct term *t, uint32_t rank)
{
	uint32_t hash = fold_hash(name);
	size_t i = slot_of(n, hash);

	for (; n->slots[i]; i = (i + 1) & (n->n_slots - 1)) {
		const struct name_entry *old = &n->entries[n->slots[i] - 1];

		/* Names that languages share are kept once a term; the best comes first. */
		if (old->term == t && old->hash == hash && fold_same(old->name, name))
			return;
	}
	n->entries[n->n++] = (struct name_entry){ name, t, letters_of(name), hash, rank };
	n->slots[i] = (uint32_t)n->n;
}

static struct names *
make_names(struct arena *a, const struct vocabulary *v)
{
	struct names *n = arena_alloc(a, sizeof *n);
	size_t most = 0;

	for (size_t i = 0; i < v->n; i++)
		most += 1 + v->terms[i]->labels.n + v->terms[i]->also.n;
	n->n_slots = 4;
	while (n->n_slots < 2 * most)
		n->n_slots *= 2;
	n->slots = arena_alloc(a, n->n_slots * sizeof *n->slots);
	n->entries = arena_alloc(a, most * sizeof *n->entries);
	for (size_t i = 0; i < v->n; i++) {
		const struct term *t = v->terms[i];

		put_name(n, t->code, t, BY_CODE);
		for (size_t k = 0; k < t->labels.n; k++)
			put_name(n, t->labels.l[k].text, t, BY_LABEL);
		for (size_t k = 0; k < t->also.n; k++)
			put_name(n, t->also.l[k].text, t, BY_OTHER);
	}
	return n;
}

/* Most commands ask few vocabularies for a name, and every command loads all of them: the names of
 * one are gathered when the first is asked for, by whichever thread asks. */
static const struct names *
names_of(const struct vocabulary *pub)
{
	union { /* a schema never changes for its readers, and this is no change to them */
		const struct vocabulary *given;
		struct vocabulary_in *kept;
	} u = { .given = pub };
	struct vocabulary_in *v = u.kept;
	struct names *n = __atomic_load_n(&v->names, __ATOMIC_ACQUIRE);

	if (n)
		return n;
	pthread_mutex_lock(&v->schema->names_lock);
	n = v->names;
	if (!n) {
		n = make_names(v->schema->a, pub);
		__atomic_store_n(&v->names, n, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&v->schema->names_lock);
	return n;
}

const struct term *
vocabulary_code(const struct vocabulary *v, const char *code)
{
	return table_get(&((const struct vocabulary_in *)v)->by_code, code);
}

static bool
none(const struct vocabulary *v, const struct names *all, const char *name, struct err *e)
{
	char shown[NAME_MAX_ * 3] = "", hint[NAME_MAX_ * 4];
	const struct name_entry *best = NULL;
	struct nearest near;

	nearest_init(&near, name);
	/* Among thousands of names in many languages something is always a little alike. */
	near.score = MIN(near.score, MAX(near.n / 3, 2) + 1);
	for (size_t i = 0; i < all->n; i++)
		if (nearest_may(&near, all->entries[i].letters) &&
		    nearest_try(&near, all->entries[i].name, shown))
			best = &all->entries[i];
	if (best) {
		bool coded = best->rank == BY_CODE;

		snprintf(shown, sizeof shown, "%s%s%.90s%s", best->term->code,
		    coded ? "" : " (", coded ? "" : best->name, coded ? "" : ")");
	}
	return err_set(e, ERR_INVALID, "%s has no term \"%.64s\"%s", v->name, name,
	    nearest_hint(&near, hint));
}

/* The best of those that are called so; *ret_other: another one that is called so no less well. */
static const struct name_entry *
called(const struct names *all, const char *name, const struct name_entry **ret_other)
{
	const struct name_entry *found = NULL, *other = NULL;
	uint32_t hash = fold_hash(name);

	for (size_t i = slot_of(all, hash); all->slots[i]; i = (i + 1) & (all->n_slots - 1)) {
		const struct name_entry *n = &all->entries[all->slots[i] - 1];

		if (n->hash != hash || !fold_same(n->name, name))
			continue;
		if (!found || n->rank < found->rank) {
			found = n;
			other = NULL;
		} else if (n->rank == found->rank) {
			other = n;
		}
	}
	*ret_other = other;
	return found;
}

const struct term *
vocabulary_named(const struct vocabulary *v, const char *name)
{
	const struct name_entry *other, *found = called(names_of(v), name, &other);

	return found && !other && found->rank != BY_CODE ? found->term : NULL;
}

const struct term *
vocabulary_find(const struct vocabulary *v, const char *name, struct err *e)
{
	const struct name_entry *found, *other;
	const struct term *exact = vocabulary_code(v, name);
	const struct names *all = exact ? NULL : names_of(v);

	if (exact)
		return exact;
	found = called(all, name, &other);
	if (!found) {
		none(v, all, name, e);
		return NULL;
	}
	if (other) {
		err_set(e, ERR_INVALID,
		    "several terms of %s are called \"%.64s\": %s, %s; use the code", v->name,
		    name, found->term->code, other->term->code);
		return NULL;
	}
	return found->term;
}
