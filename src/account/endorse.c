/* Endorsing, taking an endorsement back, and deciding whether two organisations are one. */
#include <string.h>

#include "account/signon_private.h"
#include "base/clock.h"

struct organisations {
	struct arena *a;
	struct set *names; /* to the place of the first that is called so, from 1 */
	struct organisation *o;
	size_t *next; /* place of the next of that name, from 1 */
	size_t n, cap, cap_next;
};

static void
put_organisation(struct organisations *o, struct organisation one)
{
	uint64_t *first = set_named(o->names, one.name);

	o->o = account_grow(o->a, o->o, o->n, &o->cap, sizeof *o->o);
	o->next = account_grow(o->a, o->next, o->n, &o->cap_next, sizeof *o->next);
	o->o[o->n] = one;
	o->next[o->n] = *first;
	*first = ++o->n;
}

void
organisations_add(struct organisations *o, const char *name, const char *country)
{
	put_organisation(o, (struct organisation){ .name = name, .country = country });
}

/* Of those that are called exactly so the one from the same country, else one whose country
 * is not known: never one from another country. Names that differ in case or in a legal form
 * only are for a person to decide on. */
const struct organisation *
organisations_find(struct organisations *o, const char *name, const char *country)
{
	const struct organisation *maybe = NULL;

	for (size_t i = *set_named(o->names, name); i; i = o->next[i - 1]) {
		const struct organisation *one = &o->o[i - 1];

		if (*country && strcmp(one->country, country) == 0)
			return one;
		if (!*country || !*one->country)
			maybe = one;
	}
	return maybe;
}

static void
put_unit(struct organisations *o, const struct unit *u)
{
	static const char *const names[] = { "name", "other_names" };
	const char *country = unit_value(u, "country");

	if (strcmp(country, "disputed") == 0)
		country = "";
	for (size_t i = 0; i < LEN(names); i++) {
		size_t n;
		const struct fact *f = unit_facts(u, names[i], &n);

		for (size_t k = 0; k < n; k++)
			put_organisation(
			    o, (struct organisation){ f[k].value, country, u->id });
	}
}

bool
organisations_read(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, struct organisations **ret, struct err *e)
{
	struct organisations *o = arena_alloc(a, sizeof *o);
	struct reading r;
	struct units u;

	*o = (struct organisations){ .a = a, .names = set_new(a) };
	if (!reading_init(&r, db, v, a, s, e) ||
	    !units_load(&r, &(struct seek){ .type = "organisation" }, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++)
		put_unit(o, &u.u[i]);
	*ret = o;
	return true;
}

/* ---- endorsing ---- */

/* *ret: the id of its endorsement of this letter that stands; "" if there is none. */
static bool
find_signed(struct reading *r, const struct record *letter, const char *organisation,
    const char **ret, struct err *e)
{
	int64_t number = 0;
	struct units u;

	*ret = "";
	if (!db_get_one(r->db, &number, e, "SELECT number FROM record WHERE id = $1",
		db_text(organisation)) ||
	    !signon_endorsements(r, letter->number, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++)
		if (!unit_span(&u.u[i], "withdrawn").known &&
		    !unit_span(&u.u[i], "refused").known &&
		    unit_target(r, &u.u[i], "organisation") ==
			reading_stands(r, (uint64_t)number))
			*ret = u.u[i].id;
	return true;
}

/* Under the lock: the sign-on may have been closed since, the organisation made. */
static bool
check_endorse(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_endorse *in = io->arg;
	const struct viewer newest = { in->actor, RECORD_OPEN, clock_now() };
	const char *already;
	struct record letter;
	struct sign_on now;
	struct reading r;

	if (!signon_letter(db, &newest, a, in->schema, in->letter, &letter, e) ||
	    !reading_init(&r, db, &newest, a, in->schema, e) ||
	    !signon_now(&r, letter.number, &now, e))
		return false;
	if (strcmp(now.state, "closed") == 0)
		return err_set(
		    e, ERR_INVALID, "the sign-on of this letter was closed on %s", now.closed);
	if (!in->known)
		return true;
	if (!find_signed(&r, &letter, in->of_endorsement[0].value.text, &already, e))
		return false;
	return !*already ||
	    err_set(e, ERR_INVALID, "it signed already: endorsement %s", already);
}

struct typed {
	const char *property, *value;
};

static void
rest_on(struct statement *st, const struct statement *rests)
{
	if (rests->compartment)
		st->compartment = rests->compartment;
	st->source = rests->source;
	st->item = rests->item;
	st->text = rests->text;
	st->start = rests->text ? rests->start : -1;
	st->end = rests->text ? rests->end : -1;
}

/* What was told, as statements that rest on the same. */
static bool
type_statements(struct db *db, const struct viewer *v, struct arena *a,
    const struct act_endorse *io, const char *type, const struct typed *typed, size_t n,
    struct statement *to, size_t *ret_n, struct err *e)
{
	const struct type *t = schema_want_type(io->schema, type, e);

	for (size_t i = 0; t && i < n; i++) {
		struct statement *st = &to[*ret_n];

		if (!typed[i].value || !*typed[i].value)
			continue;
		if (!statement_type(db, v, a, io->schema, t,
			arena_printf(a, "%s=%s", typed[i].property, typed[i].value), NULL, st,
			e) ||
		    (io->rests.compartment &&
			!compartment_choose(
			    db, v, type_property(t, st->property), io->rests.compartment, e)))
			return false;
		rest_on(st, &io->rests);
		++*ret_n;
	}
	return t != NULL;
}

static bool
type_all(struct db *db, const struct viewer *v, struct arena *a, struct act_endorse *io,
    struct err *e)
{
	const struct typed organisation[] = { { "name", io->organisation },
		{ "country", io->country } };
	const struct typed endorsement[] = { { "letter", io->letter },
		{ "country", io->country }, { "date", io->on },
		{ "representative", io->representative }, { "role", io->role },
		{ "contact", io->contact } };

	io->made[0].n = 0;
	io->made[1].n = 1; /* the organisation stands first */
	return type_statements(db, v, a, io, "organisation", organisation, LEN(organisation),
		   io->of_organisation, &io->made[0].n, e) &&
	    type_statements(db, v, a, io, "endorsement", endorsement, LEN(endorsement),
		io->of_endorsement, &io->made[1].n, e);
}

/* The code of the country, as the schema read it. */
static const char *
country_code(const struct act_endorse *io)
{
	for (size_t i = 0; i < io->made[0].n; i++)
		if (strcmp(io->of_organisation[i].property, "country") == 0)
			return io->of_organisation[i].value.text;
	return "";
}

static bool
check_signed_by_now(const struct act_endorse *io, int64_t now, struct err *e)
{
	for (size_t i = 1; i < io->made[1].n; i++)
		if (strcmp(io->of_endorsement[i].property, "date") == 0 &&
		    io->of_endorsement[i].value.low > now)
			return err_set(e, ERR_INVALID,
			    "%.40s is still to come: an endorsement is recorded when it was"
			    " given",
			    io->on);
	return true;
}

static bool
find_already(struct db *db, const struct viewer *v, struct arena *a, const char *organisation,
    struct act_endorse *io, struct err *e)
{
	struct record letter;
	struct reading r;

	return signon_letter(db, v, a, io->schema, io->letter, &letter, e) &&
	    reading_init(&r, db, v, a, io->schema, e) &&
	    find_signed(&r, &letter, organisation, &io->already, e);
}

static void
fill_acts(struct act_endorse *io)
{
	for (size_t i = 0; i < 2; i++) {
		io->made[i].actor = io->actor;
		io->made[i].type = i ? "endorsement" : "organisation";
		io->made[i].statements = i ? io->of_endorsement : io->of_organisation;
		io->made[i].arg = io;
	}
	io->made[1].check = check_endorse;
}

bool
account_endorse(struct db *db, const struct viewer *v, struct arena *a,
    struct organisations *known, struct act_endorse *io, struct draft ret[2], size_t *ret_n,
    struct err *e)
{
	const struct organisation *org;

	if (!io->organisation || !*io->organisation)
		return err_set(e, ERR_INVALID, "an endorsement needs the organisation's name");
	io->on = io->on ? io->on : signon_today(a);
	io->already = "";
	if (!type_all(db, v, a, io, e) || !check_signed_by_now(io, v->now, e))
		return false;
	io->code = country_code(io);
	org = organisations_find(known, io->organisation, io->code);
	io->known = org != NULL;
	if (org && !org->id)
		return err_set(
		    e, ERR_INVALID, "it signed already, further up in the same list");
	if (org && !find_already(db, v, a, org->id, io, e))
		return false;
	*ret_n = *io->already ? 0 : io->known ? 1 : 2;
	if (!*ret_n)
		return true;
	io->made[0].id = id_new("rec");
	if (!signon_link(
		a, "organisation", org ? org->id : io->made[0].id.s, &io->of_endorsement[0], e))
		return false;
	rest_on(&io->of_endorsement[0], &io->rests);
	if (!org)
		organisations_add(known, io->organisation, io->code);
	fill_acts(io);
	act_record(&ret[0], &io->made[io->known]);
	if (!io->known)
		act_record(&ret[1], &io->made[1]);
	return true;
}

/* ---- taking back ---- */

static bool
find_endorsement(struct reading *r, const struct record *letter, const char *name,
    const char **ret, struct err *e)
{
	AUTO(matcher) *m = matcher_new();
	const char *key = match_key(match_read(m, r->a, MATCH_ORGANISATION, name));
	struct units u;
	size_t found = 0;

	if (!signon_endorsements(r, letter->number, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++) {
		uint64_t org = unit_target(r, &u.u[i], "organisation");
		const char *called = "";

		if (org &&
		    !record_title(
			r->db, r->v, r->a, r->schema, org, "organisation", &called, e))
			return false;
		if (strcmp(u.u[i].id, name) != 0 &&
		    (!*key ||
			strcmp(match_key(match_read(m, r->a, MATCH_ORGANISATION, called)),
			    key) != 0))
			continue;
		if (unit_span(&u.u[i], "withdrawn").known)
			continue;
		*ret = u.u[i].id;
		found++;
	}
	if (found == 1)
		return true;
	return err_set(e, found ? ERR_INVALID : ERR_MISSING,
	    found ? "%.80s signed more than once: give the endorsement's id" :
		    "no endorsement by \"%.80s\" that stands",
	    name);
}

bool
account_unsign(struct db *db, const struct viewer *v, struct arena *a, struct act_unsign *io,
    struct draft *ret, struct err *e)
{
	const struct type *t = schema_want_type(io->schema, "endorsement", e);
	const char *on = io->on ? io->on : signon_today(a), *endorsement = NULL;
	struct record letter;
	struct reading r;

	if (!t || !signon_letter(db, v, a, io->schema, io->letter, &letter, e) ||
	    !reading_init(&r, db, v, a, io->schema, e) ||
	    !find_endorsement(&r, &letter, io->name, &endorsement, e) ||
	    !statement_type(db, v, a, io->schema, t, arena_printf(a, "withdrawn=%s", on), NULL,
		&io->statement, e))
		return false;
	io->record = (struct act_record){ .actor = io->actor,
		.record = endorsement,
		.schema = io->schema,
		.statements = &io->statement,
		.n = 1,
		.reason = io->reason };
	act_record(ret, &io->record);
	return true;
}

/* ---- deciding ---- */

/* The organisation that is meant: itself, or whose endorsement it is. */
static bool
find_organisation(struct reading *r, const char *name, struct record *ret, struct err *e)
{
	static const char *const types[] = { "organisation", "endorsement", NULL };
	uint64_t number;
	struct unit u;

	if (!record_find_named(r->db, r->v, r->a, r->schema, types, name, ret, e) ||
	    !record_unit(r, ret->number, &u, e))
		return false;
	if (strcmp(u.type, "endorsement") != 0)
		return true;
	number = unit_target(r, &u, "organisation");
	if (!number || !record_unit(r, number, &u, e))
		return err_set(e, ERR_INVALID, "%s is no organisation's endorsement", ret->id);
	return record_find(r->db, r->v, r->a, r->schema, u.id, ret, e);
}

bool
account_decide(struct db *db, const struct viewer *v, struct arena *a, struct act_decide *io,
    struct draft *ret, struct err *e)
{
	struct record one, other;
	struct reading r;

	if (!reading_init(&r, db, v, a, io->schema, e) ||
	    !find_organisation(&r, io->one, &one, e) ||
	    !find_organisation(&r, io->other, &other, e))
		return false;
	if (reading_stands(&r, one.number) == reading_stands(&r, other.number))
		return err_set(e, ERR_INVALID, "%s and %s are one already", one.id, other.id);
	if (!signon_link(a, io->same ? SAME : DIFFERENT_FROM, other.id, &io->statement, e))
		return false;
	io->record = (struct act_record){ .actor = io->actor,
		.record = one.id,
		.schema = io->schema,
		.statements = &io->statement,
		.n = 1,
		.reason = io->reason };
	act_record(ret, &io->record);
	return true;
}
