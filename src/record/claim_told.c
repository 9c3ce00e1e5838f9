/* What is told beside claims when people look at a record: whose they are, how far their sources are to be
 * relied on, and who made and withdrew them, when and why (claims.h). */
#include <string.h>

#include "record/claims.h"
#include "record/private.h"
#include "record/use.h"

/* What was asked for once: many claims come from one source, one entry, one record. */
struct memo {
	uint64_t key;
	const void *value;
	struct memo *next;
};
enum { MEMOS = 1024 };

struct teller {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct log *log;
	struct rights *rights;
	struct memo *grades[MEMOS], *subjects[MEMOS], *deeds[MEMOS];
};

static struct memo *
memo_of(struct teller *t, struct memo **slots, uint64_t key, bool *ret_new)
{
	struct memo **slot = &slots[key % MEMOS], *m = *slot;

	while (m && m->key != key)
		m = m->next;
	*ret_new = !m;
	if (!m) {
		m = arena_alloc(t->a, sizeof *m);
		*m = (struct memo){ .key = key, .next = *slot };
		*slot = m;
	}
	return m;
}

/* The newest grade that stands of a source, and of what it was found to be the same as. */
static bool
find_grade(struct teller *t, uint64_t source, const char **ret, struct err *e)
{
	struct record r = { .number = source };
	int64_t newest = -1;

	*ret = "";
	if (!record_find_same(t->db, t->v, t->a, &r, e))
		return false;
	for (size_t i = 0; i < r.n_same; i++) {
		AUTO(stmt) *q = db_query(t->db, e,
		    "SELECT number, value, compartment, item FROM claim WHERE record = $1"
		    " AND property = '" RELIABILITY "' AND since < $2 AND until >= $2"
		    " AND stance = 0 ORDER BY number",
		    db_int((int64_t)r.same[i]), db_int(t->v->as_of));

		while (db_next(q)) {
			const char *conditions;
			bool may;

			if (!rights_claim(t->rights, db_get_text(q, 2), db_get_int(q, 3), &may,
				&conditions, e))
				return false;
			if (!may || db_get_int(q, 0) < newest)
				continue;
			newest = db_get_int(q, 0);
			*ret = arena_str(t->a, db_get_text(q, 1));
		}
		if (!db_end(q, e))
			return false;
	}
	return true;
}

static bool
grade_of(struct teller *t, uint64_t source, const char **ret, struct err *e)
{
	bool fresh;
	struct memo *m = memo_of(t, t->grades, source, &fresh);
	const char *grade;

	if (fresh) {
		if (!find_grade(t, source, &grade, e))
			return false;
		m->value = grade;
	}
	*ret = m->value;
	return true;
}

/* An entry's body may have been erased: what it said is told no more. */
static bool
deed_of(struct teller *t, uint64_t index, struct deed *ret, struct err *e)
{
	bool fresh;
	struct memo *m = memo_of(t, t->deeds, index, &fresh);
	struct deed *deed;
	struct err found = { 0 };
	struct entry en;

	if (fresh) {
		deed = arena_alloc(t->a, sizeof *deed);
		*deed = (struct deed){ 0 };
		if (log_entry(t->log, t->db, t->a, index, &en, &found)) {
			*deed = (struct deed){ en.actor, json_get_str(en.content, "reason"),
				en.time };
		} else if (found.kind != ERR_MISSING) {
			*e = found;
			return false;
		}
		m->value = deed;
	}
	*ret = *(const struct deed *)m->value;
	return true;
}

static bool
subject_of(struct teller *t, uint64_t number, const char **ret, struct err *e)
{
	bool fresh;
	struct memo *m = memo_of(t, t->subjects, number, &fresh);
	struct stmt *q;

	*ret = m->value;
	if (!fresh)
		return true;
	q = db_query(
	    t->db, e, "SELECT id FROM record WHERE number = $1", db_int((int64_t)number));
	if (db_next(q))
		m->value = *ret = arena_str(t->a, db_get_text(q, 0));
	return db_end(q, e);
}

static void
put_labels(
    const struct teller *t, const struct schema *s, const struct type *of, struct claim *c)
{
	const struct property *p = of ? type_property(of, c->property) : NULL;
	const struct vocabulary *v =
	    c->value.kind == KIND_TERM ? schema_vocabulary(s, c->value.vocabulary) : NULL;
	const struct term *term = v ? vocabulary_code(v, c->value.text) : NULL;

	c->property_label = p ? labels_get(&p->labels, t->v->language, NULL) : NULL;
	c->label = term ? labels_get(&term->labels, t->v->language, NULL) : NULL;
}

bool
record_tell(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct log *log, const struct record *r, struct claims *io, struct err *e)
{
	const struct type *type = schema_type(s, r->type);
	struct teller t = { db, v, a, log, rights_new(db, v, a) };

	for (size_t i = 0; i < io->n; i++) {
		struct claim *c = &io->c[i];

		put_labels(&t, s, type, c);
		if ((c->source && !grade_of(&t, c->source, &c->grade, e)) ||
		    (r->n_same > 1 && !subject_of(&t, c->record, &c->subject, e)))
			return false;
		if (log &&
		    (!deed_of(&t, c->entry, &c->made, e) ||
			(c->withdrawn != RECORD_OPEN &&
			    !deed_of(&t, (uint64_t)c->withdrawn, &c->unmade, e))))
			return false;
	}
	return true;
}
