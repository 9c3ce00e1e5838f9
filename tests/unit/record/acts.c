/* The record: acts through the log into views, and back, on both databases. */
#include "base/clock.h"
#include "record/acts.h"
#include "unit/db/common.h"
#include "vault/vault.h"

static const struct view *const views[] = { &record_view, NULL };

struct world {
	struct place place;
	struct db *db;
	struct log *log;
	struct log_config config;
	struct vault *vault;
	struct arena *a;
	struct viewer v;
	char seen[PATH_MAX], objects[PATH_MAX];
};

static bool
world_init(struct world *w, enum db_kind kind)
{
	struct err e = { 0 };

	*w = (struct world){ .a = arena_new(), .v = { "tester", RECORD_OPEN, clock_now() } };
	if (!place_init(&w->place, kind))
		return false;
	w->db = place_open(&w->place);
	snprintf(w->seen, sizeof w->seen, "%s/seen", w->place.dir);
	snprintf(w->objects, sizeof w->objects, "%s/vault", w->place.dir);
	w->config = (struct log_config){ .db = w->db,
		.origin = "test.example/log",
		.signing = &w->place.key,
		.storage = &w->place.key,
		.views = views,
		.seen = w->seen };
	NEED(log_create(&w->config, &e), &e);
	NEED(vault_create(w->db, &e), &e);
	w->log = log_open(&w->config, &e);
	NEED(w->log, &e);
	w->vault = vault_open(w->objects, w->db, &w->place.key, &e);
	NEED(w->vault, &e);
	return true;
}

static void
world_done(struct world *w)
{
	char command[PATH_MAX + 16];

	vault_close(w->vault);
	log_close(w->log);
	db_close(w->db);
	arena_free(w->a);
	snprintf(command, sizeof command, "rm -rf '%s'", w->place.dir);
	CHECK(system(command) == 0);
}

static bool
append(struct world *w, struct draft *d, struct err *e)
{
	return log_append(w->log, d, 1, true, e);
}

static struct act_acquisition
acquire(struct world *w, const char *path, const char *bytes)
{
	struct act_acquisition io = { .actor = "tester",
		.path = path,
		.vault = w->vault,
		.media_type = "text/plain",
		.source = "a source" };
	struct err e = { 0 };
	struct draft d;

	NEED(vault_put_bytes(w->vault, bytes, strlen(bytes), &io.put, &e), &e);
	NEED(vault_sync(w->vault, &e), &e);
	act_acquire(&d, &io);
	NEED(append(w, &d, &e), &e);
	vault_done(w->vault);
	return io;
}

static void
extract(struct world *w, const struct act_acquisition *of, const char *text)
{
	struct act_extraction io = { .actor = "tester",
		.item = of->item.s,
		.number = of->number,
		.status = "ok",
		.language = "en",
		.title = "said by itself",
		.program = "test 1",
		.vault = w->vault,
		.has_text = true };
	struct err e = { 0 };
	struct draft d;

	NEED(vault_put_bytes(w->vault, text, strlen(text), &io.put, &e), &e);
	NEED(vault_sync(w->vault, &e), &e);
	act_extract(&d, &io);
	NEED(append(w, &d, &e), &e);
	vault_done(w->vault);
}

/* The tables say what the log says: the same digest after a rebuild. */
static void
check_rebuild(struct world *w)
{
	struct hash before, after;
	struct err e = { 0 };

	CHECK_OK(log_views_digest(w->log, w->db, &before, &e), &e);
	CHECK_OK(log_rebuild(w->log, &e), &e);
	CHECK_OK(log_views_digest(w->log, w->db, &after, &e), &e);
	CHECK(digest_equal(&before, &after));
}

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
	CHECK(!it.held && !it.withdrawn && !strcmp(it.title, "one.txt"));
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

TESTS(T(consent_is_read), T(items_have_names), T(states_can_be_asked_for),
    T(erasure_takes_two_and_leaves_nothing), T(shared_objects_stay))
