/* For the tests of account: a world with a schema, and records made in a line. */
#ifndef TESTS_ACCOUNT_COMMON_H
#define TESTS_ACCOUNT_COMMON_H

#include "account/account.h"
#include "base/edtf.h"
#include "unit/record/world.h"

struct office {
	struct world w;
	struct schema *s;
};

/* Three States that are on no map. */
static const char invented_states[] = "vocabulary state\n"
				      "  term XAA en \"Freedonia\"\n"
				      "  term XAB en \"Sylvania\"\n"
				      "  term XAC en \"Osterlich\"\n";

static inline bool
office_init(struct office *o, enum db_kind kind, const char *own)
{
	struct act_schema in = { "tester", "test.schema", own };
	struct act_schema states = { "tester", "states.schema", invented_states };
	struct act_member first = { "tester", "founders", "tester", false };
	struct err e = { 0 };
	struct draft d;

	*o = (struct office){ 0 };
	if (!world_init(&o->w, kind))
		return false;
	/* In a log entry 0 founds the mechanism: no record has the number 0. */
	act_member(&d, &first);
	NEED(append(&o->w, &d, &e), &e);
	act_change_schema(&d, &states);
	NEED(append(&o->w, &d, &e), &e);
	if (own) {
		CHECK_OK(record_check_schema(o->w.db, &o->w.v, in.name, in.text, &e), &e);
		act_change_schema(&d, &in);
		NEED(append(&o->w, &d, &e), &e);
	}
	o->s = record_schema(o->w.db, &o->w.v, &e);
	NEED(o->s, &e);
	return true;
}

static inline void
office_done(struct office *o)
{
	schema_free(o->s);
	world_done(&o->w);
}

/* Runs a test on each database that is there. */
static inline void
on_both(void (*run)(struct office *o), const char *own)
{
	for (int i = 0; i < 2; i++) {
		struct office o;

		if (!office_init(&o, i ? DB_POSTGRES : DB_SQLITE, own))
			continue;
		run(&o);
		office_done(&o);
	}
}

static inline struct statement
says(struct office *o, const char *type, const char *typed)
{
	struct statement st;
	struct err e = { 0 };

	NEED(schema_want_type(o->s, type, &e), &e);
	NEED(statement_type(
		 o->w.db, &o->w.v, o->w.a, o->s, schema_type(o->s, type), typed, NULL, &st, &e),
	    &e);
	return st;
}

/* A record with claims "PROP=VALUE", up to NULL. make_by_rules: by an act that has checked the rules of its
 * procedure. */
#define make(o, type, ...)                                                                     \
	make_((o), (type), false, (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define make_by_rules(o, type, ...)                                                            \
	make_((o), (type), true, (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
static inline const char *
make_(struct office *o, const char *type, bool by_rules, const char *const *typed)
{
	struct statement st[32];
	struct act_record io = { .actor = "tester",
		.type = type,
		.statements = st,
		.schema = o->s,
		.by_rules = by_rules };
	struct err e = { 0 };
	struct draft d;

	for (; *typed; typed++)
		st[io.n++] = says(o, type, *typed);
	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
	return arena_str(o->w.a, io.id.s);
}

/* What a source says; NULL: the mechanism's own people. */
static inline uint64_t
claim(struct office *o, const char *type, const char *record, const char *typed,
    const char *source, enum stance stance)
{
	struct statement st = says(o, type, typed);
	struct act_record io = {
		.actor = "tester", .record = record, .statements = &st, .n = 1, .schema = o->s
	};
	struct err e = { 0 };
	struct draft d;

	st.source = source;
	st.stance = stance;
	act_record(&d, &io);
	NEED(append(&o->w, &d, &e), &e);
	return io.entry;
}

static inline bool
move(struct office *o, const char *record, const char *state, const char *on, struct err *e)
{
	struct act_move io = { .record = { .actor = o->w.v.actor, .record = record },
		.schema = o->s,
		.state = state,
		.on = on,
		.rests = { .start = -1, .end = -1 } };
	struct draft d;

	return account_move(o->w.db, o->w.a, &io, &d, e) && append(&o->w, &d, e);
}

static inline struct dealings
dealings(struct office *o, const char *id)
{
	struct dealings d;
	struct record r;
	struct err e = { 0 };

	NEED(record_find(o->w.db, &o->w.v, o->w.a, o->s, id, &r, &e), &e);
	NEED(account_dealings(o->w.db, &o->w.v, o->w.a, o->s, &r, &d, &e), &e);
	return d;
}

/* The first ms of a day. */
static inline int64_t
day(const char *text)
{
	AUTO(arena) *a = arena_new();
	struct edtf d;
	struct err e = { 0 };

	NEED(edtf_read(a, text, &d, &e), &e);
	return d.earliest;
}

#endif
