/* Second steps: codes as RFC 6238 has them, used once; factors and invitations through the log, on both databases. */
#include "record/claim_acts.h"
#include "record/factor.h"
#include "record/invitation.h"

#include "unit/record/world.h" /* after: system headers have a LOGIN_NAME_MAX of their own */

/* RFC 6238, appendix B, SHA-1: its eight digits end in our six. */
static void
codes_are_as_published(void)
{
	static const struct {
		uint64_t seconds;
		uint32_t code;
	} cases[] = { { 59, 287082 }, { 1111111109, 81804 }, { 1111111111, 50471 },
		{ 1234567890, 5924 }, { 2000000000, 279037 }, { 20000000000, 353130 } };

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(app_code((const uint8_t *)"12345678901234567890", 20,
			  cases[i].seconds / 30) == cases[i].code);
}

static void
codes_hold_for_a_step_either_way(void)
{
	const uint8_t *secret = (const uint8_t *)"12345678901234567890";
	int64_t then = 1111111111LL * 1000;
	uint64_t step = 1111111111 / 30;

	CHECK(app_step(secret, "050471", then, 0) == step);
	CHECK(app_step(secret, "050 471", then, 0) == step);
	CHECK(app_step(secret, "050471", then + APP_STEP_MS, 0) == step);
	CHECK(app_step(secret, "050471", then - APP_STEP_MS, 0) == step);
	CHECK(!app_step(secret, "050471", then + 2 * APP_STEP_MS, 0));
	CHECK(!app_step(secret, "050471", then - 2 * APP_STEP_MS, 0));
	CHECK(!app_step(secret, "050471", then, step)); /* it was used */
	CHECK(app_step(secret, "050471", then, step - 1) == step);
	for (const char *const *s = (const char *const[]){ "", "50471", "0504710", "-50471",
		 "05047a", "+050471", "050471\n", NULL };
	     *s; s++)
		CHECK(!app_step(secret, *s, then, 0));
}

static bool
log_it(struct world *w, struct draft *d, struct err *e)
{
	return log_append(w->log, d, 1, true, e);
}

static void
let_in(struct world *w, const char *name, enum login_role role)
{
	struct act_login io = { .actor = "tester", .name = name, .role = role };
	struct draft d;
	struct err e;

	act_login(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
}

static void
factors(struct world *w)
{
	struct key k = { { 7 } }, other = { { 8 } };
	uint8_t secret[APP_SECRET] = { 1, 2, 3 };
	int64_t now = 1111111111LL * 1000;
	struct act_factor io = { .actor = "inga",
		.name = "inga",
		.factor = FACTOR_APP,
		.key = &k,
		.secret = secret };
	char codes[RECOVERY_CODES][RECOVERY_CODE], code[8];
	struct factors f;
	struct err e = { 0 };
	struct draft d;
	bool yes, lacks;

	CHECK_OK(login_create(w->db, &e), &e);
	let_in(w, "inga", ROLE_ANALYST);
	act_factor(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_INVALID);
	snprintf(code, sizeof code, "%06u", app_code(secret, APP_SECRET, 1111111111 / 30));
	CHECK(!factor_use_app(w->db, &other, "inga", code, now, &yes, &e) &&
	    e.kind == ERR_DAMAGED);
	CHECK_OK(factor_use_app(w->db, &k, "otto", code, now, &yes, &e), &e);
	CHECK(!yes);
	CHECK_OK(factor_use_app(w->db, &k, "inga", code, now, &yes, &e), &e);
	CHECK(yes);
	CHECK_OK(factor_use_app(w->db, &k, "inga", code, now, &yes, &e), &e);
	CHECK(!yes);

	recovery_codes_make(codes);
	io = (struct act_factor){ .actor = "inga",
		.name = "inga",
		.factor = FACTOR_CODES,
		.key = &k,
		.codes = (const char(*)[RECOVERY_CODE])codes };
	act_factor(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK_OK(factor_use_code(w->db, &k, "otto", codes[3], &yes, &e), &e);
	CHECK(!yes);
	CHECK_OK(factor_use_code(w->db, &k, "inga", codes[3], &yes, &e), &e);
	CHECK(yes);
	CHECK_OK(factor_use_code(w->db, &k, "inga", codes[3], &yes, &e), &e);
	CHECK(!yes);
	for (char *c = codes[4]; *c; c++) /* as people write it */
		*c = *c == '-' ? ' ' : *c >= 'a' && *c <= 'z' ? (char)(*c & ~0x20) : *c;
	CHECK_OK(factor_use_code(w->db, &k, "inga", codes[4], &yes, &e), &e);
	CHECK(yes);
	CHECK_OK(record_factors(w->db, w->a, "inga", &f, &e), &e);
	CHECK(f.app && f.codes == RECOVERY_CODES - 2 && !f.n_keys);

	/* Codes alone are no second step: they go with the last. */
	io = (struct act_factor){
		.actor = "inga", .name = "inga", .factor = FACTOR_APP, .remove = true
	};
	act_factor(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK_OK(record_factors(w->db, w->a, "inga", &f, &e), &e);
	CHECK(!f.app && !f.codes);
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_MISSING);
	CHECK_OK(record_lacks_factor(w->db, "inga", &lacks, &e), &e);
	CHECK(!lacks);
	act_require(&d, &(struct act_require){ .actor = "tester", .role = ROLE_ANALYST });
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK(!log_it(w, &d, &e));
	CHECK_OK(record_lacks_factor(w->db, "inga", &lacks, &e), &e);
	CHECK(lacks);
	check_rebuild(w);
}

static bool
use_key(struct world *w, uint64_t entry, uint32_t counter)
{
	struct err e;
	bool yes;

	CHECK_OK(factor_use_key(w->db, "inga", entry, counter, 5, &yes, &e), &e);
	return yes;
}

static void
keys(struct world *w)
{
	struct act_factor io = { .actor = "inga", .name = "inga", .factor = FACTOR_KEY };
	struct err e = { 0 };
	struct factors f;
	struct draft d;
	uint64_t first;

	CHECK_OK(login_create(w->db, &e), &e);
	let_in(w, "inga", ROLE_ANALYST);
	io.added = (struct factor_key){ .label = "one",
		.site = "desk.example",
		.credential = (const uint8_t *)"a",
		.credential_n = 1,
		.public_key = (const uint8_t *)"k",
		.public_key_n = 1 };
	act_factor(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	first = d.index;
	CHECK(!log_it(w, &d, &e) && strstr(e.msg, "already")); /* the same credential */
	CHECK(use_key(w, first, 0) && use_key(w, first, 0));   /* one that does not count */
	CHECK(use_key(w, first, 5));
	CHECK(!use_key(w, first, 5) && !use_key(w, first, 4) && !use_key(w, first, 0));
	CHECK(use_key(w, first, 6) && !use_key(w, first + 1, 9));
	for (size_t i = 1; i < KEYS_MAX; i++) {
		io.added.credential = (const uint8_t *)&"bcdefghijklm"[i];
		CHECK_OK(log_it(w, &d, &e), &e);
	}
	io.added.credential = (const uint8_t *)"z";
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_INVALID);
	CHECK_OK(record_factors(w->db, w->a, "inga", &f, &e), &e);
	CHECK(f.n_keys == KEYS_MAX && f.keys[0].counter == 6 && f.keys[0].used == 5);
	check_rebuild(w);
}

static bool
use(struct world *w, const struct invitation *i, struct err *e)
{
	uint8_t salt[LOGIN_SALT] = { 1 }, check[LOGIN_CHECK] = { 2 };
	struct invitation_use u;

	invitation_use(i, salt, check, &u);
	return log_append(w->log, u.drafts, u.n, true, e);
}

static void
invitations(struct world *w)
{
	struct act_invitation io = { .actor = "adam",
		.name = "inga",
		.days = 7,
		.roles = ROLE_BIT(ROLE_ANALYST) | ROLE_BIT(ROLE_REVIEWER),
		.stranger = true };
	int64_t now = clock_now();
	struct act_member in = { .actor = "tester", .compartment = "secret", .person = "inga" };
	struct invitation i = { 0 };
	struct login l = { 0 };
	struct err e = { 0 };
	struct draft d;

	act_found(&d,
	    &(struct act_founding){
		.actor = "tester", .id = "mech_x", .name = "x", .origin = "x" });
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK_OK(login_create(w->db, &e), &e);
	act_invitation(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_INVALID); /* one holds */
	CHECK_OK(record_invitation(w->db, w->a, now, io.word, &i, &e), &e);
	CHECK(!record_invitation(w->db, w->a, now + 8LL * 24 * 3600 * 1000, io.word, &i, &e) &&
	    e.kind == ERR_MISSING);
	CHECK_OK(use(w, &i, &e), &e);
	CHECK_OK(record_login(w->db, w->a, "inga", &l, &e), &e);
	CHECK(l.roles == io.roles);
	CHECK(!use(w, &i, &e) && e.kind == ERR_MISSING);
	CHECK(!record_invitation(w->db, w->a, now, io.word, &i, &e));

	/* A new passphrase; but not once she is in a compartment, where a stranger made the link. */
	io.roles = 0;
	act_invitation(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK_OK(record_invitation(w->db, w->a, now, io.word, &i, &e), &e);
	act_member(&d, &in);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK(!use(w, &i, &e) && e.kind == ERR_INVALID);
	io.step = INVITATION_WITHDRAW;
	io.entry = i.entry;
	act_invitation(&d, &io);
	CHECK_OK(log_it(w, &d, &e), &e);
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_MISSING);
	io.step = INVITATION_MAKE;
	act_invitation(&d, &io);
	CHECK(!log_it(w, &d, &e) && e.kind == ERR_INVALID);
	io.stranger = false;
	CHECK_OK(log_it(w, &d, &e), &e);
	check_rebuild(w);
}

static void
on_both(void (*fn)(struct world *w))
{
	struct world w;

	CHECK(world_init(&w, DB_SQLITE));
	fn(&w);
	world_done(&w);
	if (!getenv("VIGIL_TEST_PG"))
		return;
	CHECK(world_init(&w, DB_POSTGRES));
	fn(&w);
	world_done(&w);
}

static void
factors_are_used_once(void)
{
	on_both(factors);
}

static void
keys_count_on(void)
{
	on_both(keys);
}

static void
invitations_work_once(void)
{
	on_both(invitations);
}

TESTS(T(codes_are_as_published), T(codes_hold_for_a_step_either_way), T(factors_are_used_once),
    T(keys_count_on), T(invitations_work_once))
