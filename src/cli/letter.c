/* vigil letter: open, endorse, close, roster, withdraw, decide; endorsements from a table. */
#include <string.h>

#include "base/clock.h"
#include "cli/accounts.h"
#include "cli/given.h"

static bool
find_letter(struct work *w, const char *name, struct record *ret, struct err *e)
{
	static const char *const types[] = { "letter", NULL };

	return record_find_named(w->db, &w->v, w->c->a, w->schema, types, name, ret, e);
}

/* A letter that is made here, from the arguments "PROP=VALUE". */
static bool
make_letter(struct work *w, struct record *ret, struct err *e)
{
	struct ctx *c = w->c;
	const struct type *t = schema_want_type(w->schema, "letter", e);
	struct act_record io = { .type = "letter" };
	struct statement *s = arena_alloc(c->a, (c->n_args + 1) * sizeof *s);

	for (size_t i = 1; t && i < c->n_args; i++)
		if (!statement_type(w->db, &w->v, c->a, w->schema, t, c->args[i], &w->creations,
			&s[io.n++], e))
			return false;
	io.statements = s;
	if (!t || !work_append(w, &io, e))
		return false;
	*ret = (struct record){ .id = arena_str(c->a, io.id.s), .type = "letter", .title = "" };
	return true;
}

static bool
open_letter(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_open io = { .actor = c->actor,
		.schema = w->schema,
		.on = ctx_option(c, "on"),
		.closes = ctx_option(c, "closes") };
	bool fresh = c->n_args != 2 || strchr(c->args[1], '=');
	struct record r;
	struct draft d;

	if (!(fresh ? make_letter(w, &r, e) : find_letter(w, c->args[1], &r, e)))
		return false;
	io.letter = r.id;
	if (!account_open(w->db, c->a, &io, &d, e) || !work_append_drafts(w, &d, 1, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "letter", r.id);
		line_str(&l, "record", r.id);
		line_str(&l, "sign_on", io.record.id.s);
		line_str(&l, "state", "open");
		line_end(&l);
	} else {
		say("%s is open for signing since %s\n", r.id, io.on);
	}
	return true;
}

static bool
close_letter(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_move io = {
		.record = { .actor = c->actor }, .schema = w->schema, .on = ctx_option(c, "on")
	};
	struct record r;
	struct draft d;

	if (!find_letter(w, c->args[1], &r, e) || !work_rests_on(w, &io.rests, e) ||
	    !account_close(w->db, c->a, r.id, &io, &d, e) || !work_append_drafts(w, &d, 1, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "letter", r.id);
		line_str(&l, "sign_on", io.record.record);
		line_str(&l, "state", "closed");
		line_end(&l);
	} else {
		say("%s takes no more endorsements\n", r.id);
	}
	return true;
}

static void
say_endorsed(struct work *w, const struct record *letter, const struct act_endorse *io)
{
	const char *id = *io->already ? io->already : io->made[1].id.s;
	struct line l;

	if (!w->c->json) {
		say("%s  %s%s\n", id, single_line(w->c->a, io->organisation),
		    *io->already  ? " (signed already)" :
			io->known ? " (an organisation that is known)" :
				    "");
		return;
	}
	l = line_start();
	line_str(&l, "letter", letter->id);
	line_str(&l, "record", id);
	line_str(&l, "organisation", io->organisation);
	line_bool(&l, "known", io->known);
	line_bool(&l, "already", *io->already);
	line_end(&l);
}

static bool
endorse(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_endorse io = { .actor = c->actor,
		.schema = w->schema,
		.organisation = ctx_option(c, "organisation"),
		.country = ctx_option(c, "country"),
		.representative = ctx_option(c, "by"),
		.role = ctx_option(c, "role"),
		.on = ctx_option(c, "on") };
	struct organisations *known;
	struct draft d[2];
	struct record r;
	size_t n;

	if (!find_letter(w, c->args[1], &r, e) || !work_rests_on(w, &io.rests, e))
		return false;
	io.letter = r.id;
	if (!organisations_read(w->db, &w->v, c->a, w->schema, &known, e) ||
	    !account_endorse(w->db, &w->v, c->a, known, &io, d, &n, e) ||
	    (n && !work_append_drafts(w, d, n, e)))
		return false;
	say_endorsed(w, &r, &io);
	return true;
}

static bool
withdraw_endorsement(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_unsign io = { .actor = c->actor,
		.schema = w->schema,
		.name = c->args[2],
		.reason = ctx_option(c, "reason"),
		.on = ctx_option(c, "on") };
	struct record r;
	struct draft d;

	if (!find_letter(w, c->args[1], &r, e))
		return false;
	io.letter = r.id;
	if (!account_unsign(w->db, &w->v, c->a, &io, &d, e) || !work_append_drafts(w, &d, 1, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "letter", r.id);
		line_str(&l, "record", io.record.record);
		line_bool(&l, "withdrawn", true);
		line_end(&l);
	} else {
		say("%s is withdrawn; it stays on record\n", io.record.record);
	}
	return true;
}

static bool
decide(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	bool same = ctx_option(c, "same"), different = ctx_option(c, "different");
	struct act_decide io = { .actor = c->actor,
		.one = c->args[1],
		.other = c->args[2],
		.reason = ctx_option(c, "reason"),
		.schema = w->schema,
		.same = same };
	struct draft d;

	if (same == different)
		return err_set(e, ERR_INVALID, "say which: --same or --different");
	if (!account_decide(w->db, &w->v, c->a, &io, &d, e) || !work_append_drafts(w, &d, 1, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "record", io.record.record);
		line_bool(&l, "same", same);
		line_str(&l, "claim", claim_name(c->a, (int64_t)io.record.entry * CLAIMS_MAX));
		line_end(&l);
	} else {
		say("%s\n",
		    same ? "they are one, and count once" :
			   "they are two, and are not offered again");
	}
	return true;
}

/* ---- roster ---- */

static void
endorser_json(const struct endorser *o)
{
	struct line l = line_start();

	line_str(&l, "record", o->record);
	line_str(&l, "organisation", *o->organisation ? o->name : NULL);
	line_str(&l, "expert", *o->organisation ? NULL : o->name);
	line_str(&l, "organisation_record", *o->organisation ? o->organisation : NULL);
	line_str(&l, "country", *o->country ? o->country : NULL);
	line_str(&l, "country_name", *o->country ? o->country_name : NULL);
	line_str(&l, "date", *o->day ? o->day : NULL);
	line_bool(&l, "listed", !o->unlisted);
	line_bool(&l, "again", o->again);
	line_bool(&l, "undecided", o->undecided);
	line_end(&l);
}

static void
doubles_json(struct line *l, const struct roster *r)
{
	line_open(l, "doubles", '[');
	for (size_t i = 0; i < r->n_doubles; i++) {
		const struct doubles *d = &r->doubles[i];

		line_open(l, NULL, '{');
		line_str(l, "one", r->e[d->one].record);
		line_str(l, "other", r->e[d->other].record);
		line_real(l, "score", d->match.score);
		line_str(l, "reason", match_reason_name(d->match.reason));
		line_close(l, '}');
	}
	line_close(l, ']');
}

/* What leaves does not name who asked not to be, nor whose name may not be told. */
static bool
is_named(const struct work *w, const struct endorser *o)
{
	return !w->v.recipient || (!o->unlisted && *o->name);
}

static void
roster_json(const struct work *w, const struct roster *r)
{
	struct line l;

	for (size_t i = 0; i < r->n; i++)
		if (is_named(w, &r->e[i]))
			endorser_json(&r->e[i]);
	l = line_start();
	line_int(&l, "organisations", r->organisations);
	line_int(&l, "countries", r->countries);
	line_int(&l, "undecided", r->n_doubles);
	line_int(&l, "experts", r->experts);
	line_int(&l, "withdrawn", r->withdrawn);
	line_int(&l, "late", r->late);
	line_int(&l, "withheld", r->withheld);
	line_str(&l, "state", *r->state ? r->state : NULL);
	if (!w->v.recipient) /* to be decided here, and nobody else's business */
		doubles_json(&l, r);
	line_end(&l);
}

static void
say_roster(struct work *w, const struct roster *r)
{
	struct arena *a = w->c->a;
	const char *country = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct endorser *o = &r->e[i];
		const char *where = !*o->organisation ? "Experts" :
		    *o->country                       ? o->country_name :
							"Country not known";

		if (!is_named(w, o))
			continue;
		if (!country || strcmp(country, where) != 0)
			say("%s\n", where);
		country = where;
		say("  %s%s%s%s\n", single_line(a, o->name),
		    o->unlisted ? " (not to be named)" : "",
		    o->again ? " (signed twice, counts once)" : "",
		    o->undecided && !w->v.recipient ? " (may be a double)" : "");
	}
	say("%zu %s, %zu %s", r->organisations,
	    plural(r->organisations, "organisation", "organisations"), r->countries,
	    plural(r->countries, "country", "countries"));
	if (r->experts)
		say(", %zu %s", r->experts, plural(r->experts, "expert", "experts"));
	if (r->withdrawn)
		say("; %zu withdrawn", r->withdrawn);
	if (r->late)
		say("; %zu came after the sign-on was closed", r->late);
	if (r->withheld)
		say("; %zu %s withheld", r->withheld,
		    plural(r->withheld, "claim is", "claims are"));
	say("\n");
	for (size_t i = 0; i < r->n_doubles && !w->v.recipient; i++) {
		const struct doubles *d = &r->doubles[i];

		say("undecided: %s | %s: %s\n  vigil letter decide %s %s --same | --different\n",
		    single_line(a, r->e[d->one].name), single_line(a, r->e[d->other].name),
		    match_reason_says(d->match.reason), r->e[d->one].record,
		    r->e[d->other].record);
	}
}

static void
show_roster(struct work *w, const void *arg)
{
	if (w->c->json)
		roster_json(w, arg);
	else
		say_roster(w, arg);
}

static bool
roster(struct work *w, struct err *e)
{
	AUTO(matcher) *m = matcher_new();
	bool leaves = given_asked(w);
	struct leaving l = { .what = "roster", .format = w->c->json ? "json" : "text" };
	struct roster r;

	if (!account_roster(w->db, &w->v, w->c->a, w->schema, m, w->c->args[1], &r, e))
		return false;
	if (!leaves) {
		show_roster(w, &r);
		return true;
	}
	l.query = r.letter;
	l.list = r.given;
	l.end.withheld = r.withheld;
	return given_say(w, &l, show_roster, &r, e);
}

/* ---- a table ---- */

static void
say_outcome(struct work *w, const struct row_outcome *o)
{
	static const char *const kinds[] = {
		[ROW_ADDED] = "added", [ROW_KNOWN] = "known", [ROW_FAILED] = "failed"
	};
	struct line l;

	if (!w->c->json) {
		if (o->kind != ROW_ADDED)
			say("row %zu: %s: %s%s%s\n", o->row, kinds[o->kind],
			    single_line(w->c->a, o->organisation), *o->organisation ? ": " : "",
			    o->why);
		return;
	}
	l = line_start();
	line_int(&l, "row", o->row);
	line_str(&l, "outcome", kinds[o->kind]);
	line_str(&l, "organisation", o->organisation);
	line_str(&l, "country", *o->country ? o->country : NULL);
	line_str(&l, "record", *o->record ? o->record : NULL);
	line_str(&l, "why", *o->why ? o->why : NULL);
	line_end(&l);
}

bool
letter_import_rows(struct work *w, const char *letter, const struct cells *rows, size_t n,
    const char *item, struct err *e)
{
	struct act_rows io = { .actor = w->c->actor,
		.letter = letter,
		.schema = w->schema,
		.rows = rows,
		.n = n,
		.dry = ctx_option(w->c, "dry-run"),
		.strict = ctx_option(w->c, "strict") };
	struct line l;

	if (!work_rests_on(w, &io.rests, e))
		return false;
	if (!io.rests.item)
		io.rests.item = item;
	if ((w->creations.first && !io.dry && !work_append_drafts(w, NULL, 0, e)) ||
	    !account_import_endorsements(mechanism_log(w->c->m), w->db, &w->v, w->c->a, &io, e))
		return false;
	for (size_t i = 0; i < io.n_outcomes; i++)
		say_outcome(w, &io.outcomes[i]);
	if (!w->c->json) {
		say("%zu %s, %zu known already, %zu failed\n", io.added,
		    io.dry ? "would be added" : "added", io.known, io.failed);
		return true;
	}
	l = line_start();
	line_int(&l, "added", io.added);
	line_int(&l, "known", io.known);
	line_int(&l, "failed", io.failed);
	line_bool(&l, "dry_run", io.dry);
	line_end(&l);
	return true;
}

static const struct {
	const char *word;
	size_t n_args; /* with the word; 0: any number */
	bool (*run)(struct work *w, struct err *e);
	const char *form;
} parts[] = {
	{ "open", 0, open_letter, "letter open LETTER, or letter open PROP=VALUE..." },
	{ "endorse", 2, endorse, "letter endorse LETTER --organisation N --country C --by P" },
	{ "import-endorsements", 3, letter_import_file,
	    "letter import-endorsements LETTER FILE.csv" },
	{ "close", 2, close_letter, "letter close LETTER" },
	{ "roster", 2, roster, "letter roster LETTER" },
	{ "withdraw", 3, withdraw_endorsement, "letter withdraw LETTER ORGANISATION" },
	{ "decide", 3, decide, "letter decide ENDORSEMENT ENDORSEMENT --same | --different" },
};

bool
letter_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	for (size_t i = 0; i < LEN(parts); i++) {
		if (strcmp(parts[i].word, c->args[0]) != 0)
			continue;
		if (parts[i].n_args && c->n_args != parts[i].n_args)
			return err_set(e, ERR_INVALID, "the form is: %s", parts[i].form);
		return work_init(&w, c, e) && parts[i].run(&w, e);
	}
	return err_set(e, ERR_INVALID,
	    "letter open, endorse, import-endorsements, close, roster, withdraw or decide; not \"%.40s\"",
	    c->args[0]);
}
