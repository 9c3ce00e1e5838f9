/* The record: acts through the log into views, and back, on both databases. */
#include "unit/record/world.h"

static void
names(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one"),
			       again = acquire(w, "in/again.txt", "one"),
			       two = acquire(w, "in/two.txt", "two");
	struct item it = { 0 };
	struct err e = { 0 };
	char hex[HASH_SIZE * 2 + 1], part[16];

	CHECK(!one.known && again.known && !two.known);
	CHECK(one.number == 1 && again.number == 1 && two.number == 2);
	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", two.put.sha256.b[i]);
	snprintf(part, sizeof part, "%.9s", hex);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, two.item.s, &it, &e), &e);
	CHECK(it.number == 2 && it.bytes == 3 && !strcmp(it.title, "two.txt"));
	CHECK_OK(record_find_item(w->db, &w->v, w->a, part, &it, &e), &e);
	CHECK(it.number == 2);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	CHECK(!strcmp(it.id, one.item.s));
	CHECK_OK(record_find_item(w->db, &w->v, w->a, again.acquisition.s, &it, &e), &e);
	CHECK(it.number == 1);
	CHECK(!record_find_item(w->db, &w->v, w->a, "3", &it, &e) && e.kind == ERR_MISSING);
	CHECK(!record_find_item(w->db, &w->v, w->a, "item_", &it, &e) && e.kind == ERR_MISSING);
	/* Ids made in the same minutes begin alike. */
	snprintf(part, sizeof part, "%.8s", one.item.s);
	CHECK(!record_find_item(w->db, &w->v, w->a, part, &it, &e) && e.kind == ERR_INVALID);
	check_rebuild(w);
}

/* Acts that concern one acquisition must not guess which. */
static void
beginnings(struct world *w)
{
	static const char digits[] = "digits 186"; /* whose SHA-256 begins so: */
	struct act_acquisition one = acquire(w, "in/one.txt", "one");
	struct act_mark mark = { .actor = "tester" };
	char part[16], bare[16];
	struct item it = { 0 };
	struct err e = { 0 };
	struct draft d;

	acquire(w, "in/again.txt", "one");
	snprintf(part, sizeof part, "%.9s", one.acquisition.s);
	mark.name = part;
	act_withdraw(&d, &mark);
	CHECK(!append(w, &d, &e) && e.kind == ERR_INVALID && strstr(e.msg, "give more"));
	extract(w, &one, "first text");
	extract(w, &one, "second text");
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "text_0", &it, &e), &e);
	CHECK(it.number == 1); /* two texts of one item name it */
	acquire(w, "in/two.txt", digits);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "6518030", &it, &e), &e);
	CHECK(it.number == 2);
	CHECK(!record_find_item(w->db, &w->v, w->a, part, &it, &e) && e.kind == ERR_INVALID);
	/* Without its type the beginning of an id names the item, not what came of it; here
	 * there are two items. */
	snprintf(bare, sizeof bare, "%.6s", one.item.s + strlen("item_"));
	CHECK(!record_find_item(w->db, &w->v, w->a, bare, &it, &e) && e.kind == ERR_INVALID);
	CHECK(
	    !record_find_item(w->db, &w->v, w->a, "999999", &it, &e) && e.kind == ERR_MISSING);
}

/* Withdrawal stops later use, of former states too, and erases nothing. */
static void
withdrawal(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one"), again;
	struct act_mark mark = { .actor = "tester", .name = "1", .reason = "asked" };
	struct acquisition *acq;
	struct text_row *texts;
	struct viewer before = w->v;
	struct item it = { 0 };
	struct err e = { 0 };
	struct draft d;
	uint64_t size;
	size_t n;
	bool has;

	extract(w, &one, "The text.");
	CHECK_OK(log_size(w->db, &size, &e), &e);
	before.as_of = (int64_t)size;
	act_withdraw(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	for (int former = 0; former < 2; former++) {
		const struct viewer *v = former ? &before : &w->v;

		CHECK_OK(record_find_item(w->db, v, w->a, "1", &it, &e), &e);
		CHECK(it.withdrawn && !strcmp(it.title, "said by itself"));
		CHECK_OK(record_acquisitions(w->db, v, w->a, 1, &acq, &n, &e), &e);
		CHECK(n == 1 && acq[0].withdrawn && !strcmp(acq[0].path, "in/one.txt"));
		CHECK_OK(record_texts(w->db, v, w->a, 1, &texts, &n, &e), &e);
		CHECK(n == 1 && texts[0].bytes == strlen("The text."));
	}
	CHECK_OK(vault_has(w->vault, &one.put.sha256, &has, &e), &e);
	CHECK(has);
	/* From another source, with consent of its own, it may be used again. */
	again = acquire(w, "in/again.txt", "one");
	CHECK(again.known);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	CHECK(!it.withdrawn);
	CHECK_OK(record_find_item(w->db, &before, w->a, "1", &it, &e), &e);
	CHECK(it.withdrawn); /* that state did not know of it */
	check_rebuild(w);
}

static void
states(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one");
	struct viewer before = w->v;
	uint64_t size;
	struct item it = { 0 };
	struct err e = { 0 };
	struct act_mark mark = { .actor = "tester", .name = one.item.s, .reason = "why" };
	struct draft d;

	CHECK_OK(log_size(w->db, &size, &e), &e);
	before.as_of = (int64_t)size;
	extract(w, &one, "The text.");
	act_hold(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	act_withdraw(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	CHECK(it.held && it.withdrawn && !strcmp(it.title, "said by itself"));
	CHECK(!strcmp(it.language, "en"));
	CHECK_OK(record_find_item(w->db, &before, w->a, "1", &it, &e), &e);
	CHECK(!it.held && !strcmp(it.title, "one.txt"));
	CHECK(it.withdrawn); /* stops all later use, of the state before it too */
	act_release(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	CHECK(!it.held);
	act_release(&d, &mark);
	CHECK(!append(w, &d, &e) && e.kind == ERR_INVALID);
	check_rebuild(w);
}

static void
sign_nothing(void *arg, const void *p, size_t n, uint8_t ret[ED25519_SIGNATURE])
{
	(void)arg;
	(void)p;
	(void)n;
	memset(ret, 9, ED25519_SIGNATURE);
}

static uint64_t
propose(struct world *w, const char *name, struct err *e)
{
	struct act_proposal io = { .actor = "tester",
		.name = name,
		.reason = "asked",
		.person = "person_one",
		.sign = sign_nothing };
	struct draft d;

	act_propose_erasure(&d, &io);
	return append(w, &d, e) ? d.index : 0;
}

static bool
carry_out(struct world *w, uint64_t proposal, const char *person, struct erasure_plan *plan,
    struct err *e)
{
	struct act_erasure in = { .actor = "tester",
		.person = person,
		.proposal = proposal,
		.vault = w->vault,
		.sign = sign_nothing,
		.plan = plan };
	struct draft d;

	if (!record_erasure_plan(w->db, w->a, proposal, plan, e))
		return false;
	act_erase(&d, &in);
	return append(w, &d, e);
}

static void
erasing(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one"), again, other;
	struct act_mark mark = { .actor = "tester", .name = "1" };
	struct erasure_plan plan;
	struct err e = { 0 };
	struct item it;
	struct draft d;
	uint64_t n;
	bool has;

	extract(w, &one, "one, as text");
	again = acquire(w, "in/again.txt", "one");
	/* The first acquisition goes; the item then rests on the second. */
	n = propose(w, one.acquisition.s, &e);
	CHECK(n && !carry_out(w, n, "person_one", &plan, &e) && e.kind == ERR_DENIED);
	CHECK_OK(carry_out(w, n, "person_two", &plan, &e), &e);
	CHECK(!plan.whole && plan.n_indexes == 2 && plan.n_objects == 0);
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	check_rebuild(w);
	/* A hold refuses it; then the last one goes with everything. */
	act_hold(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	CHECK(!propose(w, again.acquisition.s, &e) && e.kind == ERR_DENIED);
	act_release(&d, &mark);
	CHECK_OK(append(w, &d, &e), &e);
	n = propose(w, again.acquisition.s, &e);
	CHECK_OK(carry_out(w, n, "person_two", &plan, &e), &e);
	CHECK(plan.whole && plan.n_objects == 2 && plan.n_texts == 1);
	CHECK_OK(vault_has(w->vault, &one.put.sha256, &has, &e), &e);
	CHECK(!has);
	CHECK(!record_find_item(w->db, &w->v, w->a, "1", &it, &e) && e.kind == ERR_MISSING);
	check_rebuild(w);
	/* The number is not given again, also after a rebuild that never saw the item. */
	other = acquire(w, "in/other.txt", "other");
	CHECK(other.number == 2);
	check_rebuild(w);
}

/* Bytes that another item's text is made of stay when one of the two goes. */
static void
shared_objects(struct world *w)
{
	struct act_acquisition page = acquire(w, "page.html", "<p>same"), plain;
	struct erasure_plan plan;
	struct err e = { 0 };
	bool has;

	extract(w, &page, "same");
	plain = acquire(w, "plain.txt", "same");
	CHECK_OK(carry_out(w, propose(w, page.item.s, &e), "person_two", &plan, &e), &e);
	CHECK(plan.whole && plan.n_objects == 1);
	CHECK_OK(vault_has(w->vault, &plain.put.sha256, &has, &e), &e);
	CHECK(has);
	CHECK_OK(vault_has(w->vault, &page.put.sha256, &has, &e), &e);
	CHECK(!has);
}

static void
on_both(void (*test)(struct world *))
{
	struct world w;

	CHECK(world_init(&w, DB_SQLITE));
	test(&w);
	world_done(&w);
	if (!getenv("VIGIL_TEST_PG"))
		return;
	CHECK(world_init(&w, DB_POSTGRES));
	test(&w);
	world_done(&w);
}

static void
items_have_names(void)
{
	on_both(names);
}

static void
a_beginning_must_be_of_one(void)
{
	on_both(beginnings);
}

/* The same bytes come again, from somebody else, between proposal and approval. */
static void
more_came(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one"), again;
	struct erasure_plan plan;
	struct err e = { 0 };
	struct item it;
	uint64_t before, n;

	before = propose(w, one.item.s, &e);
	CHECK_OK(before, &e);
	again = acquire(w, "in/again.txt", "one");
	CHECK(again.known);
	CHECK(!carry_out(w, before, "person_two", &plan, &e) && e.kind == ERR_DENIED);
	CHECK(strstr(e.msg, "since the proposal"));
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
	/* One of the two may go; that it is there does not make the old proposal good. */
	n = propose(w, again.acquisition.s, &e);
	CHECK_OK(carry_out(w, n, "person_two", &plan, &e), &e);
	CHECK(!plan.whole);
	again = acquire(w, "in/again.txt", "one");
	CHECK(!carry_out(w, before, "person_two", &plan, &e) && e.kind == ERR_DENIED);
	n = propose(w, one.item.s, &e);
	CHECK_OK(carry_out(w, n, "person_two", &plan, &e), &e);
	CHECK(plan.whole);
	CHECK(!record_find_item(w->db, &w->v, w->a, "1", &it, &e) && e.kind == ERR_MISSING);
	check_rebuild(w);
}

/* It comes after the plan was made: what counts is what is there under the lock. */
static void
more_came_at_the_last_moment(struct world *w)
{
	struct act_acquisition one = acquire(w, "in/one.txt", "one");
	struct erasure_plan plan;
	struct act_erasure in = { .actor = "tester",
		.person = "person_two",
		.vault = w->vault,
		.sign = sign_nothing,
		.plan = &plan };
	struct err e = { 0 };
	struct item it;
	struct draft d;

	in.proposal = propose(w, one.item.s, &e);
	CHECK_OK(record_erasure_plan(w->db, w->a, in.proposal, &plan, &e), &e);
	acquire(w, "in/again.txt", "one");
	act_erase(&d, &in);
	CHECK(!append(w, &d, &e) && d.err.kind == ERR_DENIED);
	CHECK(strstr(d.err.msg, "since the proposal"));
	CHECK_OK(record_find_item(w->db, &w->v, w->a, "1", &it, &e), &e);
}

static void
what_came_since_the_proposal_is_not_erased_unseen(void)
{
	on_both(more_came);
	on_both(more_came_at_the_last_moment);
}

static void
withdrawal_stops_use_and_erases_nothing(void)
{
	on_both(withdrawal);
}

static void
states_can_be_asked_for(void)
{
	on_both(states);
}

static void
erasure_takes_two_and_leaves_nothing(void)
{
	on_both(erasing);
}

static void
shared_objects_stay(void)
{
	on_both(shared_objects);
}

static void
consent_is_read(void)
{
	static const struct {
		const char *said, *want;
	} cases[] = {
		{ "court only", "{\"purpose\":\"court only\"}" },
		{ "purpose=UN; until=2027", "{\"purpose\":\"UN\",\"until\":\"2027\"}" },
		{ " how = in writing \n language=ug\n",
		    "{\"how\":\"in writing\",\"language\":\"ug\"}" },
		{ "weather=fine", NULL },
		{ "purpose=", NULL },
		{ "purpose=a;purpose=b", NULL },
		{ "until=soon", NULL },
		{ " ; ", NULL },
	};
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) b = buf_init(1000);
		struct err e = { 0 };
		struct json *j = consent_read(a, cases[i].said, &e);

		CHECK((j != NULL) == (cases[i].want != NULL));
		if (j)
			json_write(&b, j);
		CHECK(!j || !strcmp(buf_peek(&b), cases[i].want));
		CHECK(j || e.kind == ERR_INVALID);
	}
}

TESTS(T(consent_is_read), T(items_have_names), T(a_beginning_must_be_of_one),
    T(withdrawal_stops_use_and_erases_nothing), T(states_can_be_asked_for),
    T(erasure_takes_two_and_leaves_nothing),
    T(what_came_since_the_proposal_is_not_erased_unseen), T(shared_objects_stay))
