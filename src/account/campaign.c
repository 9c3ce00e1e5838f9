/* Sign-ons with their pages (campaign.h), and letters as drafts. */
#include "account/campaign.h"

#include <stdlib.h>
#include <string.h>

#include "account/signon_private.h"
#include "base/clock.h"

/* ---- what there is ---- */

static const char *
first_value(const struct unit *u, const char *property)
{
	size_t n;
	const struct fact *f = unit_facts(u, property, &n);

	return n ? f->value : "";
}

static bool
read_campaign(struct reading *r, const struct unit *u, struct campaign *ret, struct err *e)
{
	const struct type *t = schema_type(r->schema, "sign_on");
	struct span closes = unit_span(u, "closes");
	struct dealings d = { .state = "" };

	if (t && t->procedure && !unit_dealings(r, t->procedure, u, NULL, &d, e))
		return false;
	*ret = (struct campaign){ .id = u->id,
		.letter = unit_target(r, u, "letter"),
		.state = strcmp(d.state, "closed") == 0 ? "closed" : "open",
		.opened = first_value(u, "opened"),
		.closes = first_value(u, "closes"),
		.closed = first_value(u, "closed"),
		.page = first_value(u, "page") };
	ret->over = *ret->state == 'c' || (closes.known && closes.high < r->v->now);
	return true;
}

bool
account_campaign(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    uint64_t letter, struct campaign *ret, struct err *e)
{
	static const struct campaign none = { "", 0, "", "", "", "", "", false };
	struct seek seek = { .record = letter };
	struct reading r;
	struct unit u;
	struct units of = { &u, 1 }, found;
	struct campaign out = none;

	if (!reading_init(&r, db, v, a, s, e) || !record_unit(&r, letter, &u, e) ||
	    !units_linked(&r, &of, &seek, "letter", "sign_on", &found, e))
		return false;
	for (size_t i = 0; i < found.n && strcmp(out.state, "open") != 0; i++)
		if (!read_campaign(&r, &found.u[i], &out, e))
			return false;
	*ret = out;
	return true;
}

/* Those that are open first, then the last. */
static int
by_letter(const void *x, const void *y)
{
	const struct campaign *a = x, *b = y;
	int order = strcmp(b->state, a->state);

	if (a->letter != b->letter)
		return a->letter < b->letter ? -1 : 1;
	return order ? order : strcmp(b->id, a->id);
}

bool
account_campaigns(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct campaign **ret, size_t *ret_n, struct err *e)
{
	struct reading r;
	struct units u;
	struct campaign *c;
	size_t n = 0;

	if (!reading_init(&r, db, v, a, s, e) ||
	    !units_load(&r, &(struct seek){ .type = "sign_on" }, &u, e))
		return false;
	c = arena_alloc(a, (u.n + 1) * sizeof *c);
	for (size_t i = 0; i < u.n; i++)
		if (!read_campaign(&r, &u.u[i], &c[i], e))
			return false;
	if (u.n)
		qsort(c, u.n, sizeof *c, by_letter);
	for (size_t i = 0; i < u.n; i++)
		if (c[i].letter && (!n || c[n - 1].letter != c[i].letter))
			c[n++] = c[i];
	*ret = c;
	*ret_n = n;
	return true;
}

const struct campaign *
campaigns_find(const struct campaign *c, size_t n, uint64_t letter)
{
	for (size_t from = 0, to = n; from < to;) {
		size_t mid = from + (to - from) / 2;

		if (c[mid].letter == letter)
			return &c[mid];
		if (c[mid].letter < letter)
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

bool
account_campaign_of_page(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const char *code, struct campaign *ret, struct err *e)
{
	struct reading r;
	struct units u;

	if (!id_ok(code, "page"))
		return err_set(e, ERR_MISSING, "there is no such page");
	if (!reading_init(&r, db, v, a, s, e) ||
	    !units_load(&r, &(struct seek){ .property = "page", .value = code }, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++)
		if (unit_is(&r, &u.u[i], "sign_on") &&
		    strcmp(first_value(&u.u[i], "page"), code) == 0)
			return read_campaign(&r, &u.u[i], ret, e);
	return err_set(e, ERR_MISSING, "there is no such page");
}

bool
account_campaign_letter(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct campaign *c, struct record *ret, struct err *e)
{
	struct reading r;
	struct unit u;

	if (!reading_init(&r, db, v, a, s, e) || !record_unit(&r, c->letter, &u, e))
		return false;
	if (!*u.id)
		return err_set(e, ERR_MISSING, "there is no such letter");
	return record_find(db, v, a, s, u.id, ret, e);
}

/* ---- the page ---- */

/* The claims that give it a page now: a new one takes their place. */
static bool
find_pages(struct db *db, const struct viewer *v, struct arena *a, struct act_page *io,
    const char *sign_on, struct err *e)
{
	struct claims claims;
	struct record rec;
	size_t n = 0;

	if (!record_find(db, v, a, io->schema, sign_on, &rec, e) ||
	    !record_claims(db, v, a, io->schema, &rec, false, &claims, e))
		return false;
	io->withdraws = arena_alloc(a, (claims.n + 1) * sizeof *io->withdraws);
	for (size_t i = 0; i < claims.n; i++)
		if (strcmp(claims.c[i].property, "page") == 0)
			io->withdraws[n++] = claims.c[i].name;
	io->record.withdraws = io->withdraws;
	io->record.n_withdraws = n;
	return true;
}

bool
account_page(
    struct db *db, struct arena *a, struct act_page *io, struct draft *ret, struct err *e)
{
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	const struct type *t = schema_want_type(io->schema, "sign_on", e);
	struct campaign c;
	struct record letter;

	if (!t || !signon_letter(db, &newest, a, io->schema, io->letter, &letter, e) ||
	    !account_campaign(db, &newest, a, io->schema, letter.number, &c, e))
		return false;
	if (strcmp(c.state, "open") != 0 || (io->gone && !*c.page))
		return err_set(e, ERR_INVALID,
		    io->gone ? "it has no public page" : "it is not open for signing");
	io->record = (struct act_record){ .actor = io->actor,
		.record = c.id,
		.schema = io->schema,
		.reason = "public page" };
	if (!find_pages(db, &newest, a, io, c.id, e))
		return false;
	if (!io->gone) {
		io->code = arena_str(a, id_new("page").s);
		if (!statement_type(db, &newest, a, io->schema, t,
			arena_printf(a, "page=%s", io->code), NULL, &io->statement, e))
			return false;
		io->record.statements = &io->statement;
		io->record.n = 1;
	}
	act_record(ret, &io->record);
	return true;
}

/* ---- drafts ---- */

bool
account_begin_letter(
    struct arena *a, const struct schema *s, struct act_record *io, struct err *e)
{
	struct json *step = json_new_map(a);
	struct statement *all = arena_alloc(a, (io->n + 1) * sizeof *all);

	if (io->n)
		memcpy(all, io->statements, io->n * sizeof *all);
	json_put_str(a, step, "step", "drafted");
	json_put_str(a, step, "on", signon_today(a));
	all[io->n] = (struct statement){
		.property = "status", .compartment = "", .start = -1, .end = -1
	};
	if (!value_read(a, step, &all[io->n].value, e))
		return false;
	io->type = "letter";
	io->schema = s;
	io->statements = all;
	io->n++;
	io->by_rules = true; /* that it begins asks for no rule */
	return true;
}

static bool
check_redraft(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_redraft *in = io->arg;
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	const struct type *t = schema_want_type(in->schema, "letter", e);
	struct units signatures;
	struct record letter;
	struct dealings d = { .state = "" };
	struct sign_on now;
	struct reading r;

	if (!t || !signon_letter(db, &newest, a, in->schema, io->record, &letter, e) ||
	    !reading_init_all(&r, db, &newest, a, in->schema, e) ||
	    (t->procedure && !account_dealings(db, &newest, a, in->schema, &letter, &d, e)) ||
	    !signon_now(&r, letter.number, &now, e) ||
	    !signon_endorsements(&r, letter.number, &signatures, e))
		return false;
	if (*d.state && strcmp(d.state, "drafted") != 0)
		return err_set(
		    e, ERR_INVALID, "the letter is %s: its text is no draft", d.state);
	if (strcmp(now.state, "open") == 0 || signatures.n)
		return err_set(e, ERR_INVALID,
		    "people put their names to this text: it is not changed any more");
	return true;
}

void
account_redraft(struct act_redraft *io)
{
	io->record.schema = io->schema;
	io->record.check = check_redraft;
	io->record.arg = io;
}
