/* What no claim may say (guard.h): looked up under the lock, of types that are guarded only. */
#include "record/guard.h"

#include <string.h>

#include "base/buf.h"
#include "record/private.h"

struct asked { /* an act, and the record that it is about */
	struct act_record *io;
	struct db *db;
	struct arena *a;
	const struct schema *s;
	const struct type *t;
	uint64_t number; /* 0: a new one */
};

/* ---- persons ---- */

struct found {
	uint64_t *n;
	size_t len, cap;
};

static void
add_number(struct arena *a, struct found *io, uint64_t number)
{
	for (size_t i = 0; i < io->len; i++)
		if (io->n[i] == number)
			return;
	if (io->len == io->cap) {
		uint64_t *more = arena_alloc(a, (io->cap = 2 * io->cap + 8) * sizeof *more);

		if (io->len)
			memcpy(more, io->n, io->len * sizeof *more);
		io->n = more;
	}
	io->n[io->len++] = number;
}

/* Where a record's links of one property lead. */
static bool
add_targets(struct db *db, struct arena *a, uint64_t record, const char *property,
    struct found *io, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT low FROM claim WHERE record = $1 AND property = $2 AND kind = $3"
	    " AND stance = $4 AND until = $5 ORDER BY number",
	    db_int((int64_t)record), db_text(property), db_int(KIND_LINK), db_int(ASSERTS),
	    db_int(RECORD_OPEN));

	while (db_next(q))
		add_number(a, io, (uint64_t)db_get_int(q, 0));
	return db_end(q, e);
}

static bool
add_said(struct db *db, struct arena *a, const struct act_record *act, const char *property,
    struct found *io, struct err *e)
{
	for (size_t i = 0; act && i < act->n; i++) {
		const struct statement *st = &act->statements[i];
		int64_t number = 0;

		if (strcmp(st->property, property) != 0 || st->value.kind != KIND_LINK ||
		    st->stance != ASSERTS)
			continue;
		if (!db_get_one(db, &number, e, "SELECT number FROM record WHERE id = $1",
			db_text(st->value.text)))
			return false;
		if (number)
			add_number(a, io, (uint64_t)number);
	}
	return true;
}

static bool
keep_persons(struct db *db, struct arena *a, const struct schema *s, const struct found *from,
    struct found *io, struct err *e)
{
	for (size_t i = 0; i < from->len; i++) {
		const struct type *t = NULL;
		struct stmt *q = db_query(db, e, "SELECT type FROM record WHERE number = $1",
		    db_int((int64_t)from->n[i]));

		if (db_next(q))
			t = schema_type(s, db_get_text(q, 0));
		if (!db_end(q, e))
			return false;
		if (t && type_is(t, "person"))
			add_number(a, io, from->n[i]);
	}
	return true;
}

bool
record_persons(struct db *db, struct arena *a, const struct schema *s,
    const char *const *naming, uint64_t record, const struct act_record *io, uint64_t **ret,
    size_t *ret_n, struct err *e)
{
	struct found persons = { 0 };

	for (; *naming; naming++) {
		size_t len = strcspn(*naming, ".");
		const char *first = arena_strn(a, *naming, len);
		struct found at = { 0 }, next = { 0 };

		if (!add_targets(db, a, record, first, &at, e) ||
		    !add_said(db, a, io, first, &at, e))
			return false;
		for (size_t i = 0; (*naming)[len] && i < at.len; i++)
			if (!add_targets(db, a, at.n[i], *naming + len + 1, &next, e))
				return false;
		if (!keep_persons(db, a, s, (*naming)[len] ? &next : &at, &persons, e))
			return false;
	}
	*ret = persons.n;
	*ret_n = persons.len;
	return true;
}

/* ---- roles ---- */

bool
record_holds_role(
    struct db *db, const char *actor, const char *const *roles, bool *ret, struct err *e)
{
	bool any = !*roles;

	for (; *roles && !any; roles++) {
		int64_t all = 0, own = 0;

		if (!db_get_one(db, &all, e,
			"SELECT count(*) FROM member WHERE compartment = $1 AND until = $2",
			db_text(*roles), db_int(RECORD_OPEN)) ||
		    !db_get_one(db, &own, e,
			"SELECT count(*) FROM member WHERE compartment = $1 AND actor = $2"
			" AND until = $3",
			db_text(*roles), db_text(actor), db_int(RECORD_OPEN)))
			return false;
		any = !all || own;
	}
	*ret = any;
	return true;
}

/* ---- whose dealings they are ---- */

static bool
says(const struct asked *q, const char *property)
{
	for (size_t i = 0; i < q->io->n; i++)
		if (strcmp(q->io->statements[i].property, property) == 0 &&
		    q->io->statements[i].stance == ASSERTS)
			return true;
	return false;
}

static bool
stands(const struct asked *q, const char *property, const char *value, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (q->number &&
	    !db_get_one(q->db, &n, e,
		"SELECT count(*) FROM claim WHERE record = $1 AND property = $2"
		" AND ($3 = '' OR value = $3) AND stance = $4 AND until = $5",
		db_int((int64_t)q->number), db_text(property), db_text(value), db_int(ASSERTS),
		db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}

static const char *
step_name(const struct type *t)
{
	for (const struct property *const *p = t->properties; *p; p++)
		if ((*p)->kind == KIND_STEP)
			return (*p)->name;
	return "";
}

enum whose { OTHERS, OURS, OURS_NAMING };

/* What was drafted here is ours; else what has no other sender. Ours that name nobody may be
 * recorded by claims, as imports of a mechanism's own history do. */
static bool
find_whose(const struct asked *q, enum whose *ret, struct err *e)
{
	const struct procedure *p = q->t->procedure;
	bool drafted, other = false;
	uint64_t *persons;
	size_t n;

	*ret = OURS_NAMING;
	if (!p || !p->naming)
		return true;
	if (!stands(q, step_name(q->t), p->states[0].code, &drafted, e) ||
	    (*p->unless && !stands(q, p->unless, "", &other, e)))
		return false;
	if (drafted)
		return true;
	if (*p->unless && (other || says(q, p->unless))) {
		*ret = OTHERS;
		return true;
	}
	if (!record_persons(q->db, q->a, q->s, p->naming, q->number, q->io, &persons, &n, e))
		return false;
	*ret = n ? OURS_NAMING : OURS;
	return true;
}

/* ---- what is said ---- */

/* A record may begin where its procedure does. */
static bool
is_beginning(const struct asked *q, const char *property, const char *value)
{
	const struct state *first = &q->t->procedure->states[0];

	return !q->number &&
	    (strcmp(property, first->date) == 0 ||
		(strcmp(property, step_name(q->t)) == 0 && strcmp(value, first->code) == 0));
}

static bool
refuse(const struct asked *q, const char *property, const char *command, struct err *e)
{
	const struct procedure *p = q->t->procedure;

	if (p && p->naming)
		return err_set(e, ERR_INVALID,
		    "%s: this %s is the mechanism's own and names a person, or was drafted here:"
		    " its steps are taken by %s, which asks for a current risk assessment; if"
		    " somebody else sent it, say so first: %s=WHO",
		    property, q->t->name, command, p->unless);
	return err_set(e, ERR_INVALID,
	    "%s of a %s is neither claimed nor withdrawn: %s says it, once its rules are met",
	    property, q->t->name, command);
}

/* Who may take a step, though nothing else stands in its way. */
static bool
check_takers(const struct asked *q, const char *property, const struct value *v, struct err *e)
{
	const struct procedure *p = q->t->procedure;

	for (size_t i = 0; i < p->n_moves; i++) {
		const struct state *to = procedure_state(p, p->moves[i].to);
		bool holds,
		    meant = strcmp(to->date, property) == 0 ||
		    (v->kind == KIND_STEP && strcmp(to->code, v->text) == 0);

		if (!meant)
			continue;
		if (!record_holds_role(q->db, q->io->actor, p->moves[i].by, &holds, e))
			return false;
		if (!holds)
			return err_set(e, ERR_DENIED,
			    "%s is said by those who may take the step (vigil move); \"%.60s\" is"
			    " none of them; if somebody else sent it, say so first: %s=WHO",
			    property, q->io->actor, p->unless);
	}
	return true;
}

static bool
check_frozen(const struct asked *q, const char *property, struct err *e)
{
	const struct procedure *p = q->t->procedure;

	for (size_t i = 0; p && q->number && i < p->n_states; i++)
		for (const char *const *f = p->states[i].freezes; *f; f++) {
			bool reached = false;

			if (strcmp(*f, property) != 0)
				continue;
			if (!stands(q, step_name(q->t), p->states[i].code, &reached, e))
				return false;
			if (reached)
				return err_set(e, ERR_INVALID,
				    "this %s is %s: its %s stays as it was when that was done;"
				    " a new %s may say otherwise",
				    q->t->name, p->states[i].code, property, q->t->name);
		}
	return true;
}

static bool
check_one(const struct asked *q, enum whose whose, const char *property, const struct value *v,
    struct err *e)
{
	const struct procedure *p = q->t->procedure;
	bool step;
	const char *command = type_guard(q->t, property, &step);

	if (strcmp(property, SAME) == 0)
		return (p && p->naming) ||
		    err_set(e, ERR_INVALID,
			"a %s is not merged with another: each has its own steps", q->t->name);
	if (!*command)
		return check_frozen(q, property, e);
	if (!step)
		return refuse(q, property, command, e);
	if (whose == OTHERS || is_beginning(q, property, v->text))
		return true;
	return whose == OURS ? check_takers(q, property, v, e) :
			       refuse(q, property, command, e);
}

/* Of a letter that has left nobody says afterwards that it named somebody. */
static bool
check_named(const struct asked *q, struct err *e)
{
	const struct procedure *p = q->t->procedure;
	uint64_t *persons;
	size_t before, after;
	bool left = false;

	if (!record_persons(
		q->db, q->a, q->s, p->naming, q->number, NULL, &persons, &before, e) ||
	    !record_persons(
		q->db, q->a, q->s, p->naming, q->number, q->io, &persons, &after, e))
		return false;
	for (size_t i = 1; after > before && i < p->n_states && !left; i++) {
		const struct state *s = &p->states[i];
		bool told = false, dated = false;

		if (!stands(q, step_name(q->t), s->code, &told, e) ||
		    (*s->date && !stands(q, s->date, "", &dated, e)))
			return false;
		left = !(s->final && told) && (told || dated);
	}
	return !left ||
	    err_set(e, ERR_INVALID,
		"this %s has left: whom it names is said before, so that the risk to them is"
		" judged; if somebody else sent it, say so first: %s=WHO",
		q->t->name, p->unless);
}

static bool
check_statements(const struct asked *q, struct err *e)
{
	const struct act_record *io = q->io;
	enum whose whose;

	if (!find_whose(q, &whose, e))
		return false;
	for (size_t i = 0; i < io->n; i++)
		if (!check_one(
			q, whose, io->statements[i].property, &io->statements[i].value, e))
			return false;
	return whose == OTHERS || !q->number || !q->t->procedure || !q->t->procedure->naming ||
	    check_named(q, e);
}

/* Taking back what made a step would be a step, too. */
static bool
check_withdrawals(const struct asked *q, struct err *e)
{
	const struct procedure *p = q->t->procedure;

	for (size_t i = 0; i < q->io->n_withdraws && !(p && p->naming); i++) {
		const char *property = "", *value = "";
		struct value v = { 0 };
		struct stmt *s;
		int64_t number;

		if (!claim_number(q->io->withdraws[i], &number, e))
			return false;
		s = db_query(q->db, e,
		    "SELECT property, kind, value FROM claim WHERE number = $1",
		    db_int(number));
		if (db_next(s)) {
			property = arena_str(q->a, db_get_text(s, 0));
			v.kind = (enum kind)db_get_int(s, 1);
			value = arena_str(q->a, db_get_text(s, 2));
		}
		v.text = value;
		if (!db_end(s, e) ||
		    (strcmp(property, SAME) != 0 &&
			!check_one(q, OURS_NAMING, property, &v, e)))
			return false;
	}
	return true;
}

static bool
find_record(struct asked *q, const char **ret_type, struct err *e)
{
	struct stmt *s;

	*ret_type = q->io->type;
	if (*ret_type)
		return true;
	s = db_query(
	    q->db, e, "SELECT number, type FROM record WHERE id = $1", db_text(q->io->record));
	*ret_type = "";
	if (db_next(s)) {
		q->number = (uint64_t)db_get_int(s, 0);
		*ret_type = arena_str(q->a, db_get_text(s, 1));
	}
	return db_end(s, e);
}

bool
record_guard(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct viewer newest = { .as_of = RECORD_OPEN };
	AUTO(schema) *own = NULL;
	struct asked q = { .io = io, .db = db, .a = a, .s = io->schema };
	const char *type;

	if (io->by_rules || (!io->n && !io->n_withdraws))
		return true;
	if (!q.s)
		q.s = own = record_schema(db, &newest, e);
	if (!q.s || !find_record(&q, &type, e))
		return false;
	q.t = schema_type(q.s, type);
	if (q.t && !record_closed(io, db, q.t, q.number, e))
		return false;
	return !q.t || !q.t->guarded || (check_statements(&q, e) && check_withdrawals(&q, e));
}
