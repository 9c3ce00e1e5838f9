/* Records and claims: what is made, withdrawn, merged and split, seen now and as it was. */
#include "record/claim_acts.h"
#include "unit/record/world.h"

enum { RECORDS = 6, ACTS = 100 };

static struct schema *
load(struct world *w)
{
	static const char own[] = "type thing\n"
				  "  title name\n"
				  "  key name\n"
				  "  property name text one\n"
				  "  property when date\n"
				  "  property count number\n"
				  "  property about link thing\n"
				  "  property " RELIABILITY " term reliability\n";
	struct act_schema in = { "tester", "test.schema", own };
	struct err e = { 0 };
	struct draft d;
	struct schema *s;

	CHECK_OK(record_check_schema(w->db, &w->v, in.name, in.text, &e), &e);
	act_change_schema(&d, &in);
	NEED(append(w, &d, &e), &e);
	s = record_schema(w->db, &w->v, &e);
	NEED(s, &e);
	return s;
}

static struct statement
says(struct world *w, const struct schema *s, const char *typed)
{
	struct statement st;
	struct err e = { 0 };

	NEED(statement_type(
		 w->db, &w->v, w->a, s, schema_type(s, "thing"), typed, NULL, &st, &e),
	    &e);
	return st;
}

static const char *
make(struct world *w, const struct schema *s, const char *name)
{
	struct statement st = says(w, s, arena_printf(w->a, "name=%s", name));
	struct act_record io = {
		.actor = "tester", .type = "thing", .statements = &st, .n = 1
	};
	struct err e = { 0 };
	struct draft d;

	act_record(&d, &io);
	NEED(append(w, &d, &e), &e);
	CHECK(io.entry == d.index);
	return arena_str(w->a, io.id.s);
}

static bool
act(struct world *w, const char *record, const struct statement *st, const char *withdraws,
    struct err *e)
{
	struct act_record io = { .actor = "tester",
		.record = record,
		.statements = st,
		.n = st != NULL,
		.withdraws = &withdraws,
		.n_withdraws = withdraws != NULL,
		.reason = arena_printf(w->a, "reason %d", rand() % 90) };
	struct draft d;

	act_record(&d, &io);
	return append(w, &d, e);
}

static struct claims
look(struct world *w, const struct schema *s, const struct viewer *v, const char *id, bool all,
    struct record *ret)
{
	struct claims c;
	struct err e = { 0 };

	NEED(record_find(w->db, v, w->a, s, id, ret, &e), &e);
	NEED(record_claims(w->db, v, w->a, s, ret, all, &c, &e), &e);
	return c;
}

static void
picture_deed(struct buf *b, const char *what, const struct deed *d)
{
	if (d->by)
		buf_printf(
		    b, "; %s by %s at %lld: %s", what, d->by, (long long)d->time, d->reason);
}

static void
picture_claim(struct world *w, struct buf *b, const struct claim *c)
{
	buf_printf(b, "\n %s %llu %s %s %s %s by %s %s %s, %s %s %lld-%lld, %d %s, until %lld",
	    c->name, (unsigned long long)c->record, c->property, value_print(w->a, &c->value),
	    c->target_title, stance_names[c->stance], c->source_id, c->source_title,
	    c->grade ? c->grade : "-", c->item, c->text, (long long)c->start, (long long)c->end,
	    c->credibility, c->compartment, (long long)c->withdrawn);
	picture_deed(b, "made", &c->made);
	picture_deed(b, "withdrawn", &c->unmade);
}

/* All that can be seen of these records by v, as one text: what stands, or all. Who did what is read out of
 * entries, one by one: so it is looked at for one record only. */
static const char *
picture(struct world *w, const struct schema *s, const struct viewer *v, const char *const *ids,
    size_t n, bool all)
{
	AUTO_VAL(buf) b = buf_init(8 << 20);
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct record r;
		struct claims c = look(w, s, v, ids[i], all, &r);

		CHECK_OK(
		    record_tell(w->db, v, w->a, s, all && i == 0 ? w->log : NULL, &r, &c, &e),
		    &e);
		buf_printf(&b, "%s %s", r.id, r.title);
		for (size_t k = 0; k < r.n_same; k++)
			buf_printf(&b, " =%llu", (unsigned long long)r.same[k]);
		for (size_t k = 0; k < c.n; k++)
			picture_claim(w, &b, &c.c[k]);
		buf_byte(&b, '\n');
	}
	CHECK(!b.full);
	return arena_str(w->a, buf_peek(&b));
}

/* Merges two, if they are not one already, and often splits them again: then all is as it was. */
static void
merge_some(struct world *w, const struct schema *s, const char *const *ids, const char *id,
    const char *other)
{
	struct statement st = says(w, s, arena_printf(w->a, SAME "=%s", other));
	const char *before = picture(w, s, &w->v, ids, RECORDS, false);
	struct err e = { 0 };
	uint64_t size;

	st.source = rand() % 2 ? ids[rand() % RECORDS] : NULL;
	if (!act(w, id, &st, NULL, &e)) { /* they are one already */
		CHECK(e.kind == ERR_INVALID);
		CHECK(strcmp(picture(w, s, &w->v, ids, RECORDS, false), before) == 0);
		return;
	}
	CHECK(strcmp(picture(w, s, &w->v, ids, RECORDS, false), before) != 0);
	if (rand() % 2)
		return;
	CHECK_OK(log_size(w->db, &size, &e), &e);
	CHECK_OK(
	    act(w, id, NULL, arena_printf(w->a, "c%llu.0", (unsigned long long)size - 1), &e),
	    &e);
	CHECK(strcmp(picture(w, s, &w->v, ids, RECORDS, false), before) == 0);
}

/* Whatever was done, in whatever order: the views can be made again from the log, every
 * earlier state can be seen, and what is withdrawn altogether leaves nothing. */
static void
generated(struct world *w)
{
	struct schema *s = load(w);
	const char *ids[RECORDS], *was[ACTS], *history[ACTS];
	int64_t when[ACTS];
	struct act_acquisition items[3];
	struct err e = { 0 };

	srand(321);
	for (size_t i = 0; i < LEN(items); i++)
		items[i] = acquire(w, "in/file", arena_printf(w->a, "file %zu", i));
	for (size_t i = 0; i < RECORDS; i++)
		ids[i] = make(w, s, arena_printf(w->a, "thing %zu", i));
	for (size_t i = 0; i < ACTS; i++) {
		const char *id = ids[rand() % RECORDS], *other = ids[rand() % RECORDS];
		struct record r;
		struct claims c = look(w, s, &w->v, id, false, &r);
		struct statement st;
		uint64_t size;

		switch (rand() % 4) {
		case 0:
			if (c.n &&
			    !act(w, c.c[rand() % (int)c.n].record == r.number ? id : other,
				NULL, c.c[rand() % (int)c.n].name, &e))
				CHECK(e.kind == ERR_MISSING || e.kind == ERR_INVALID);
			break;
		case 1:
			merge_some(w, s, ids, id, other);
			break;
		default:
			st = says(w, s,
			    arena_printf(
				w->a, rand() % 2 ? "name=n%d" : "count=~%d", rand() % 90));
			if (rand() % 8 == 0)
				st = says(w, s,
				    arena_printf(w->a, RELIABILITY "=%c", 'A' + rand() % 6));
			st.stance = (enum stance)(rand() % STANCES);
			st.source = rand() % 2 ? ids[rand() % RECORDS] : NULL;
			st.item = rand() % 2 ? items[rand() % LEN(items)].item.s : NULL;
			st.credibility = rand() % 7;
			CHECK_OK(act(w, id, &st, NULL, &e), &e);
		}
		CHECK_OK(log_size(w->db, &size, &e), &e);
		when[i] = (int64_t)size;
		was[i] = picture(w, s, &w->v, ids, RECORDS, false);
		history[i] = picture(w, s, &w->v, ids, RECORDS, true);
	}
	check_rebuild(w);
	for (size_t i = 0; i < ACTS; i++) {
		struct viewer then = { w->v.actor, when[i], w->v.now };

		CHECK(strcmp(picture(w, s, &then, ids, RECORDS, false), was[i]) == 0);
		CHECK(strcmp(picture(w, s, &then, ids, RECORDS, true), history[i]) == 0);
	}
	for (size_t i = 0; i < RECORDS; i++) {
		struct record r;
		struct claims c = look(w, s, &w->v, ids[i], false, &r);

		for (size_t k = 0; k < c.n; k++)
			if (c.c[k].record == r.number)
				CHECK_OK(act(w, ids[i], NULL, c.c[k].name, &e), &e);
	}
	for (size_t i = 0; i < RECORDS; i++) {
		struct record r;

		CHECK(look(w, s, &w->v, ids[i], false, &r).n == 0);
		CHECK(r.n_same == 1 && !*r.title);
		CHECK(look(w, s, &w->v, ids[i], true, &r).n > 0);
	}
	check_rebuild(w);
	schema_free(s);
}

static void
refuses(struct world *w)
{
	struct schema *s = load(w);
	const char *a = make(w, s, "first"), *b = make(w, s, "second");
	struct statement st = says(w, s, "when=2020-06~");
	static const char *const bad[] = { "when=2020-13", "nothing=1", "count=many",
		"about=nobody", "when", "=x", "name=" };
	struct record r;
	struct claims c;
	struct err e = { 0 };

	CHECK_OK(act(w, a, &st, NULL, &e), &e);
	c = look(w, s, &w->v, a, false, &r);
	CHECK(c.n == 2 && strcmp(c.c[1].property, "when") == 0);
	CHECK(
	    !act(w, b, NULL, c.c[1].name, &e) && e.kind == ERR_MISSING); /* of another record */
	CHECK_OK(act(w, a, NULL, c.c[1].name, &e), &e);
	CHECK(!act(w, a, NULL, c.c[1].name, &e) && e.kind == ERR_INVALID); /* twice */
	CHECK(
	    !act(w, "rec_01jd3vbench000000000000000", &st, NULL, &e) && e.kind == ERR_MISSING);
	st.source = "rec_01jd3vbench000000000000000";
	CHECK(!act(w, a, &st, NULL, &e) && e.kind == ERR_MISSING);
	for (size_t i = 0; i < LEN(bad); i++)
		CHECK(!statement_type(w->db, &w->v, w->a, s, schema_type(s, "thing"), bad[i],
			  NULL, &st, &e) &&
		    (e.kind == ERR_INVALID || e.kind == ERR_MISSING));
	CHECK(!record_check_schema(w->db, &w->v, "x", "type a\n  is nothing\n", &e) &&
	    strstr(e.msg, "x:2"));
	schema_free(s);
}

/* Is it refused, and as what? */
static enum err_kind
member(struct world *w, const char *actor, const char *compartment, const char *person,
    bool leaves)
{
	struct act_member in = { actor, compartment, person, leaves };
	struct err e = { 0 };
	struct draft d;

	act_member(&d, &in);
	return append(w, &d, &e) ? ERR_NONE : e.kind;
}

/* Only members decide; once there are founders, only these make a compartment. */
static void
strangers(struct world *w)
{
	struct viewer other = { "stranger", RECORD_OPEN, w->v.now };
	struct err e = { 0 };

	CHECK(member(w, "stranger", "witnesses", "stranger", false) == ERR_MISSING);
	CHECK(member(w, "stranger", "witnesses", "tester", true) == ERR_MISSING);
	CHECK(
	    !compartment_choose(w->db, &other, NULL, "witnesses", &e) && e.kind == ERR_MISSING);
	CHECK(
	    !compartment_choose(w->db, &other, NULL, "witnesse", &e) && e.kind == ERR_MISSING);
	CHECK_OK(compartment_choose(w->db, &w->v, NULL, "witnesses", &e), &e);
	CHECK(member(w, "tester", FOUNDERS, "tester", false) == ERR_NONE);
	CHECK(member(w, "stranger", "fresh", "stranger", false) == ERR_MISSING);
	CHECK(member(w, "stranger", FOUNDERS, "stranger", false) == ERR_MISSING);
	CHECK(member(w, "tester", "fresh", "stranger", false) == ERR_NONE);
	/* Who let the first one in has no say there. */
	CHECK(member(w, "tester", "fresh", "tester", false) == ERR_MISSING);
	CHECK(member(w, "stranger", "fresh", "tester", false) == ERR_NONE);
	CHECK(member(w, "tester", "fresh", "stranger", true) == ERR_NONE);
	CHECK(member(w, "stranger", "witnesses", "stranger", false) == ERR_MISSING);
}

/* Who is not in a compartment sees that something is withheld, and nothing else. */
static void
compartments(struct world *w)
{
	struct schema *s = load(w);
	const char *id = make(w, s, "open");
	struct statement st = says(w, s, "count=3");
	struct viewer other = { "stranger", RECORD_OPEN, w->v.now };
	struct act_member in = { "tester", "witnesses", "tester", false };
	struct err e = { 0 };
	struct draft d;
	struct record r;
	struct claims c;

	st.compartment = "witnesses";
	act_member(&d, &in);
	CHECK_OK(append(w, &d, &e), &e);
	CHECK_OK(act(w, id, &st, NULL, &e), &e);
	c = look(w, s, &w->v, id, false, &r);
	CHECK(c.n == 2 && c.withheld == 0);
	c = look(w, s, &other, id, false, &r);
	CHECK(c.n == 1 && c.withheld == 1 && strcmp(c.c[0].property, "name") == 0);
	in.leaves = true;
	act_member(&d, &in);
	CHECK(!append(w, &d, &e) && e.kind == ERR_INVALID); /* the last one */
	strangers(w);
	check_rebuild(w);
	schema_free(s);
}

static void
finds(struct world *w)
{
	struct schema *s = load(w);
	const char *a = make(w, s, "Alpha"), *b = make(w, s, "Beta");
	struct statement st;
	struct condition cond;
	struct record_list list;
	struct record r;
	struct err e = { 0 };

	CHECK_OK(record_find_named(w->db, &w->v, w->a, s, NULL, "Beta", &r, &e), &e);
	CHECK(strcmp(r.id, b) == 0);
	st = says(w, s, "about=Alpha");
	CHECK(strcmp(st.value.text, a) == 0);
	CHECK_OK(act(w, b, &st, NULL, &e), &e);
	cond = (struct condition){ type_property(schema_type(s, "thing"), "about"), st.value };
	CHECK_OK(record_list(w->db, &w->v, w->a, s, schema_type(s, "thing"), &cond, 1, 0, 10,
		     &list, &e),
	    &e);
	CHECK(list.n == 1 && strcmp(list.r[0].id, b) == 0 &&
	    strcmp(list.r[0].title, "Beta") == 0);
	CHECK_OK(record_list(
		     w->db, &w->v, w->a, s, schema_type(s, "thing"), NULL, 0, 0, 10, &list, &e),
	    &e);
	CHECK(list.n == 2);
	schema_free(s);
}

static void
both(void (*run)(struct world *w))
{
	for (int i = 0; i < 2; i++) {
		struct world w;

		if (!world_init(&w, i ? DB_POSTGRES : DB_SQLITE))
			continue;
		run(&w);
		world_done(&w);
	}
}

static void
names(void)
{
	AUTO(arena) *a = arena_new();
	static const char *const bad[] = { "", "c", "c1", "c1.", "c.1", "1.2", "c1.4096",
		"c01.2", "c1.2x" };
	int64_t n;
	struct err e;

	CHECK(strcmp(claim_name(a, 1204 * CLAIMS_MAX + 17), "c1204.17") == 0);
	CHECK(claim_number("c1204.17", &n, &e) && n == 1204 * CLAIMS_MAX + 17);
	for (size_t i = 0; i < LEN(bad); i++)
		CHECK(!claim_number(bad[i], &n, &e));
}

static void
is_what_was_done(void)
{
	both(generated);
}

static void
refuses_what_it_must(void)
{
	both(refuses);
}

static void
withholds(void)
{
	both(compartments);
}

static void
finds_and_lists(void)
{
	both(finds);
}

TESTS(T(names), T(is_what_was_done), T(refuses_what_it_must), T(withholds), T(finds_and_lists))
