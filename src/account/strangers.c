/* Endorsements of strangers: they come by a public page, wait, and are accepted or refused (campaign.h). */
#include <string.h>

#include "account/campaign.h"
#include "account/signon_private.h"
#include "base/clock.h"
#include "text/text.h"

/* ---- they come ---- */

/* Controls, and what turns the order of all that follows: no name needs them, and lists are read by people.
 * Marks of direction and joiners stay, which names do need. */
static bool
is_readable(const char *s)
{
	for (; *s; s++) {
		const unsigned char *c = (const unsigned char *)s;

		if (*c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0) ||
		    (*c == 0xe2 && c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae) ||
		    (*c == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9))
			return false;
	}
	return true;
}

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

enum sign_fault
account_sign_fault(const struct act_sign *in)
{
	const char *const answers[] = { in->organisation, in->representative, in->role,
		in->contact };

	if (!in->organisation[strspn(in->organisation, " \t")])
		return SIGN_NAMELESS;
	for (size_t i = 0; i < LEN(answers); i++) {
		if (characters(answers[i]) > SIGN_NAME_MAX)
			return SIGN_LONG;
		if (!is_readable(answers[i]))
			return SIGN_UNREADABLE;
	}
	return SIGN_WELL;
}

static bool is_waiting(const struct reading *r, const struct unit *u);

/* Whatever strangers send is kept for good: they do not get to fill the log and the lists of those who look at it. */
static bool
has_room(struct db *db, const struct viewer *v, struct arena *a, const struct act_sign *in,
    uint64_t letter, struct err *e)
{
	struct reading r;
	struct units u;
	size_t n = 0;

	if (!reading_init(&r, db, v, a, in->schema, e) ||
	    !signon_endorsements(&r, letter, &u, e))
		return false;
	for (size_t i = 0; i < u.n; i++)
		n += is_waiting(&r, &u.u[i]);
	return n < WAITING_MAX ||
	    err_set(e, ERR_INVALID,
		"many signatures wait to be looked at: this letter takes more when that was done");
}

static bool
check_open(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_sign *in = io->arg;
	const struct viewer newest = { PAGE_ACTOR, RECORD_OPEN, clock_now() };
	struct campaign c;

	if (!account_campaign_of_page(db, &newest, a, in->schema, in->code, &c, e))
		return false;
	if (c.over)
		return err_set(e, ERR_INVALID, "this letter takes no more signatures");
	return has_room(db, &newest, a, in, c.letter, e);
}

static bool
type_answers(
    struct db *db, struct arena *a, struct act_sign *io, uint64_t letter, struct err *e)
{
	const struct viewer newest = { PAGE_ACTOR, RECORD_OPEN, clock_now() };
	const struct type *t = schema_want_type(io->schema, "endorsement", e);
	const struct {
		const char *property, *value;
	} typed[] = { { "signed_as", io->organisation }, { "country", io->country },
		{ "date", signon_today(a) }, { "listed", io->listed ? "yes" : "no" },
		{ "representative", io->representative }, { "role", io->role },
		{ "contact", io->contact } };
	struct reading r;
	struct unit u;
	size_t n = 0;

	if (!t || !reading_init_all(&r, db, &newest, a, io->schema, e) ||
	    !record_unit(&r, letter, &u, e) ||
	    !signon_link(a, "letter", u.id, &io->statements[n++], e))
		return false;
	for (size_t i = 0; i < LEN(typed); i++)
		if (*typed[i].value &&
		    !statement_type(db, &newest, a, io->schema, t,
			arena_printf(a, "%s=%s", typed[i].property, typed[i].value), NULL,
			&io->statements[n++], e))
			return false;
	io->record.n = n;
	return true;
}

bool
account_sign(
    struct db *db, struct arena *a, struct act_sign *io, struct draft *ret, struct err *e)
{
	const struct viewer newest = { PAGE_ACTOR, RECORD_OPEN, clock_now() };
	struct campaign c;

	if (!account_campaign_of_page(db, &newest, a, io->schema, io->code, &c, e))
		return false;
	if (account_sign_fault(io) != SIGN_WELL)
		return err_set(e, ERR_INVALID, "an answer is missing, too long, or no name");
	if (c.over)
		return err_set(e, ERR_INVALID, "this letter takes no more signatures");
	io->record = (struct act_record){
		.actor = PAGE_ACTOR, .type = "endorsement", .schema = io->schema
	};
	if (!type_answers(db, a, io, c.letter, e))
		return false;
	io->record.statements = io->statements;
	io->record.check = check_open;
	io->record.arg = io;
	act_record(ret, &io->record);
	return true;
}

/* ---- they wait ---- */

static bool
is_waiting(const struct reading *r, const struct unit *u)
{
	size_t n;

	unit_facts(u, "signed_as", &n);
	return n && !unit_target(r, u, "organisation") && !unit_target(r, u, "person") &&
	    !unit_span(u, "refused").known && !unit_span(u, "withdrawn").known;
}

static struct waiting
read_waiting(const struct reading *r, const struct unit *u, struct organisations *known)
{
	const char *country = unit_value(u, "country"), *name = unit_value(u, "signed_as");
	const struct vocabulary *v = schema_vocabulary(r->schema, "state");
	const struct term *t = v && *country ? vocabulary_code(v, country) : NULL;
	const struct organisation *o = organisations_find(known, name, country);

	return (struct waiting){ .record = u->id,
		.name = name,
		.country = country,
		.country_name = t ? labels_get(&t->labels, r->v->language, country) : country,
		.day = unit_value(u, "date"),
		.representative = unit_value(u, "representative"),
		.role = unit_value(u, "role"),
		.contact = unit_value(u, "contact"),
		.unlisted = unit_has(u, "listed", "no"),
		.entry = u->number,
		.organisation = o && o->id ? o->id : "" };
}

bool
account_waiting(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *letter, struct waiting **ret, size_t *ret_n, struct err *e)
{
	struct organisations *known;
	struct record rec;
	struct reading r;
	struct units u;
	struct waiting *w;
	size_t n = 0;

	if (!signon_letter(db, v, a, s, letter, &rec, e) ||
	    !organisations_read(db, v, a, s, &known, e) || !reading_init(&r, db, v, a, s, e) ||
	    !signon_endorsements(&r, rec.number, &u, e))
		return false;
	w = arena_alloc(a, (u.n + 1) * sizeof *w);
	for (size_t i = 0; i < u.n; i++)
		if (is_waiting(&r, &u.u[i]))
			w[n++] = read_waiting(&r, &u.u[i], known);
	*ret = w;
	*ret_n = n;
	return true;
}

/* ---- they are looked at ---- */

static bool
find_waiting(struct db *db, const struct viewer *v, struct arena *a,
    const struct act_accept *in, struct waiting *ret, struct err *e)
{
	struct waiting *all;
	size_t n;

	if (!account_waiting(db, v, a, in->schema, in->letter, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].record, in->endorsement) == 0) {
			*ret = all[i];
			return true;
		}
	return err_set(e, ERR_INVALID, "that endorsement is not waiting any more");
}

/* Under the lock: somebody else may have looked at it meanwhile, or made the organisation. */
static bool
check_waiting(struct act_record *io, struct db *db, struct arena *a, struct err *e)
{
	const struct act_accept *in = io->arg;
	const struct viewer newest = { io->actor, RECORD_OPEN, clock_now() };
	struct waiting w;

	if (!find_waiting(db, &newest, a, in, &w, e))
		return false;
	return in->refuses || !*w.organisation ||
	    strcmp(w.organisation, in->of_endorsement.value.text) == 0 ||
	    err_set(e, ERR_INVALID,
		"an organisation of that name was recorded meanwhile: look at the list again");
}

static bool
make_organisation(struct db *db, const struct viewer *v, struct arena *a, struct act_accept *io,
    const struct waiting *w, struct err *e)
{
	const struct type *t = schema_want_type(io->schema, "organisation", e);
	const char *typed[] = { arena_printf(a, "name=%s", w->name),
		*w->country ? arena_printf(a, "country=%s", w->country) : NULL };
	struct act_record *act = &io->made[0];

	*act = (struct act_record){ .actor = io->actor,
		.type = "organisation",
		.schema = io->schema,
		.statements = io->of_organisation,
		.id = id_new("rec") };
	for (size_t i = 0; t && i < LEN(typed); i++)
		if (typed[i] &&
		    !statement_type(db, v, a, io->schema, t, typed[i], NULL,
			&io->of_organisation[act->n++], e))
			return false;
	return t != NULL;
}

bool
account_accept(struct db *db, const struct viewer *v, struct arena *a, struct act_accept *io,
    struct draft ret[2], size_t *ret_n, struct err *e)
{
	const struct type *t = schema_want_type(io->schema, "endorsement", e);
	struct waiting w;
	bool fresh;

	if (!t || !find_waiting(db, v, a, io, &w, e))
		return false;
	fresh = !io->refuses && !*w.organisation;
	if (fresh && !make_organisation(db, v, a, io, &w, e))
		return false;
	if (io->refuses ?
		!statement_type(db, v, a, io->schema, t,
		    arena_printf(a, "refused=%s", signon_today(a)), NULL, &io->of_endorsement,
		    e) :
		!signon_link(a, "organisation", fresh ? io->made[0].id.s : w.organisation,
		    &io->of_endorsement, e))
		return false;
	io->made[1] = (struct act_record){ .actor = io->actor,
		.record = w.record,
		.schema = io->schema,
		.statements = &io->of_endorsement,
		.n = 1,
		.reason = io->reason,
		.check = check_waiting,
		.arg = io };
	*ret_n = 0;
	if (fresh)
		act_record(&ret[(*ret_n)++], &io->made[0]);
	act_record(&ret[(*ret_n)++], &io->made[1]);
	return true;
}
