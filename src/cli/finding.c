/* vigil finding: propose, hear the parties, review, adopt, show; vigil corroborate. */
#include "account/finding.h"

#include <string.h>

#include "base/clock.h"
#include "base/edtf.h"
#include "cli/accounts.h"
#include "cli/given.h"

static bool
find_finding(struct work *w, const char *name, struct record *ret, struct err *e)
{
	static const char *const types[] = { "finding", NULL };

	return record_find_named(w->db, &w->v, w->c->a, w->schema, types, name, ret, e);
}

static bool
type_one(struct work *w, const char *property, const char *value, struct statement *ret,
    struct err *e)
{
	const struct type *t = schema_want_type(w->schema, "finding", e);

	return t &&
	    statement_type(w->db, &w->v, w->c->a, w->schema, t,
		arena_printf(w->c->a, "%s=%s", property, value), &w->creations, ret, e);
}

/* "c12.0,c14.3": each must be there. */
static bool
type_claims(struct work *w, const char *property, const char *list, struct act_record *io,
    struct statement *s, struct err *e)
{
	while (list && *list) {
		size_t len = strcspn(list, ",");
		const char *name = arena_strn(w->c->a, list, len), *subject;

		if (len &&
		    (!record_of_claim(w->db, &w->v, w->c->a, name, &subject, e) ||
			!type_one(w, property, name, &s[io->n++], e)))
			return false;
		list += len + (list[len] == ',');
	}
	return true;
}

static void
say_made(struct work *w, const struct act_record *io)
{
	struct line l;

	if (!w->c->json) {
		say("%s\n", io->id.s);
		return;
	}
	l = line_start();
	line_str(&l, "record", io->id.s);
	line_open(&l, "claims", '[');
	for (size_t i = 0; i < io->n; i++)
		line_element(
		    &l, claim_name(w->c->a, (int64_t)io->entry * CLAIMS_MAX + (int64_t)i));
	line_close(&l, ']');
	line_end(&l);
}

/* Today, or a day that has been: what was proposed and asked before it was recorded here. */
static bool
day_proposed(struct work *w, const char **ret_step, struct err *e)
{
	const char *on = ctx_option(w->c, "on");
	char today[DAY_MAX];
	struct edtf d;

	clock_day(clock_now(), today);
	if (on && !edtf_read(w->c->a, on, &d, e))
		return err_at(e, "--on");
	if (on && d.earliest > clock_now())
		return err_set(e, ERR_INVALID, "%s is still to come", on);
	*ret_step = arena_printf(w->c->a, "proposed on %s", on ? on : today);
	return true;
}

static bool
propose(struct work *w, struct err *e)
{
	static const struct {
		const char *option, *property;
	} told[] = { { "standard", "standard" }, { "reasons", "reasons" }, { "party", "party" },
		{ "state", "state" }, { "case", "case" } };
	struct ctx *c = w->c;
	const char *in_favour = ctx_option(c, "for"), *against = ctx_option(c, "against");
	size_t most = LEN(told) + 3 + (in_favour ? strlen(in_favour) : 0) +
	    (against ? strlen(against) : 0);
	struct statement *s = arena_alloc(c->a, most * sizeof *s);
	/* It begins here: there is nothing yet for a rule to look at. */
	struct act_record io = { .type = "finding", .statements = s, .by_rules = true };
	const char *begins = "";

	if (!day_proposed(w, &begins, e) ||
	    !type_one(w, "proposition", c->args[1], &s[io.n++], e) ||
	    !type_one(w, "author", c->actor, &s[io.n++], e))
		return false;
	for (size_t i = 0; i < LEN(told); i++)
		if (ctx_option(c, told[i].option) &&
		    !type_one(
			w, told[i].property, ctx_option(c, told[i].option), &s[io.n++], e))
			return false;
	if (!type_claims(w, "for", in_favour, &io, s, e) ||
	    !type_claims(w, "against", against, &io, s, e))
		return false;
	if (!type_one(w, "status", begins, &s[io.n++], e) || !work_append(w, &io, e))
		return false;
	say_made(w, &io);
	return true;
}

/* A move, with what is said by it. */
static bool
add_move(struct work *w, const struct record *r, const char *state, const char *property,
    const char *value, struct act_move *io, struct draft *ret, struct err *e)
{
	struct ctx *c = w->c;
	const char *reasons = ctx_option(c, "reasons");

	*io = (struct act_move){ .record = { .actor = c->actor, .record = r->id },
		.schema = w->schema,
		.state = state,
		.on = ctx_option(c, "on"),
		.log = mechanism_log(c->m) };
	return work_rests_on(w, &io->rests, e) &&
	    (!property || type_one(w, property, value, &io->more[io->n_more++], e)) &&
	    (!reasons || type_one(w, "reasons", reasons, &io->more[io->n_more++], e)) &&
	    account_move(w->db, c->a, io, ret, e);
}

static void
say_state(struct work *w, const struct record *r, const char *state, const char *on)
{
	struct line l;

	if (!w->c->json) {
		say("%s is now %s\n", r->id, state);
		return;
	}
	l = line_start();
	line_str(&l, "record", r->id);
	line_str(&l, "state", state);
	line_str(&l, "on", on);
	line_end(&l);
}

static bool
move_finding(
    struct work *w, const char *state, const char *property, const char *value, struct err *e)
{
	struct act_move io;
	struct record r;
	struct draft d;

	if (!find_finding(w, w->c->args[1], &r, e) ||
	    !add_move(w, &r, state, property, value, &io, &d, e) ||
	    !work_append_drafts(w, &d, 1, e))
		return false;
	say_state(w, &r, state, io.on);
	return true;
}

static bool
review(struct work *w, struct err *e)
{
	return move_finding(w, "reviewed", "reviewer", w->c->actor, e);
}

static bool
adopt(struct work *w, struct err *e)
{
	return move_finding(w, "adopted", NULL, NULL, e);
}

static bool
reject(struct work *w, struct err *e)
{
	return move_finding(w, "rejected", NULL, NULL, e);
}

static bool
unanswered(struct work *w, struct err *e)
{
	return move_finding(w, "unanswered", NULL, NULL, e);
}

/* ---- the parties ---- */

struct hearings { /* those that the command means, of all that the finding is against */
	struct record r;
	struct party *p;
	size_t n;
	bool *meant;
	const char *state;
};

/* --party or --state; without them all. */
static bool
find_parties(struct work *w, struct hearings *ret, struct err *e)
{
	static const char *const names[] = { "party", "state" };
	struct hearings h = { 0 };
	bool any = false, named = false;

	if (!find_finding(w, w->c->args[1], &h.r, e) ||
	    !account_parties(w->db, &w->v, w->c->a, w->schema, &h.r, &h.p, &h.n, &h.state, e))
		return false;
	h.meant = arena_alloc(w->c->a, (h.n + 1) * sizeof *h.meant);
	for (size_t k = 0; k < LEN(names); k++) {
		const char *typed = ctx_option(w->c, names[k]);
		struct statement st;

		if (!typed)
			continue;
		named = true;
		if (!type_one(w, names[k], typed, &st, e))
			return false;
		for (size_t i = 0; i < h.n; i++)
			if (strcmp(h.p[i].property, names[k]) == 0 &&
			    strcmp(h.p[i].value, st.value.text) == 0)
				any = h.meant[i] = true;
	}
	w->creations = (struct creations){ 0 }; /* a name that leads to nobody makes no party */
	if (named && !any)
		return err_set(e, ERR_INVALID, "the finding is not against that party");
	for (size_t i = 0; i < h.n && !named; i++)
		h.meant[i] = true;
	*ret = h;
	return true;
}

/* Drafts of what happens to each party that is meant, and was not heard yet. */
static bool
add_hearings(struct work *w, const struct hearings *h, enum hearing how, const char *words,
    struct draft *d, size_t *io_n, struct err *e)
{
	for (size_t i = 0; i < h->n; i++) {
		struct act_hearing *io = arena_alloc(w->c->a, sizeof *io);

		if (!h->meant[i] || (how != HEARING_RESPONDED && h->p[i].heard))
			continue;
		*io = (struct act_hearing){ .actor = w->c->actor,
			.finding = h->r.id,
			.schema = w->schema,
			.party = h->p[i],
			.how = how,
			.on = ctx_option(w->c, "on"),
			.due = ctx_option(w->c, "respond-by"),
			.words = words };
		if (!work_rests_on(w, &io->rests, e) ||
		    !account_hearing(w->db, w->c->a, io, &d[*io_n], e))
			return false;
		++*io_n;
	}
	return true;
}

static bool
finish_hearings(
    struct work *w, struct hearings *h, const struct draft *drafts, size_t n, struct err *e)
{
	struct draft *d = arena_dup(w->c->a, drafts, (n + 1) * sizeof *d);
	const char *state;

	if (!n)
		return err_set(e, ERR_INVALID, "nothing is left to say: every party was heard");
	if (!work_append_drafts(w, d, n, e) ||
	    !account_parties(w->db, &w->v, w->c->a, w->schema, &h->r, &h->p, &h->n, &state, e))
		return false;
	say_state(w, &h->r, state, ctx_option(w->c, "on"));
	return true;
}

static bool
notify(struct work *w, struct err *e)
{
	const char *by = ctx_option(w->c, "respond-by");
	struct hearings h;
	struct act_move io;
	struct draft *d;
	size_t n = 0;

	if (!by)
		return err_set(e, ERR_INVALID, "until when may it respond? --respond-by DATE");
	if (!find_parties(w, &h, e))
		return false;
	d = arena_alloc(w->c->a, (h.n + 2) * sizeof *d);
	if (strcmp(h.state, "notified") != 0 &&
	    !add_move(w, &h.r, "notified", "respond_by", by, &io, &d[n++], e))
		return false;
	return add_hearings(w, &h, HEARING_ASKED, NULL, d, &n, e) &&
	    finish_hearings(w, &h, d, n, e);
}

/* The finding itself is not notified once nobody is left who is or may be asked. */
static bool
not_notified(struct work *w, struct err *e)
{
	const char *reason = ctx_option(w->c, "reason");
	bool open = false;
	struct hearings h;
	struct act_move io;
	struct draft *d;
	size_t n = 0;

	if (!reason || !*reason)
		return err_set(e, ERR_INVALID, "say why it is not asked: --reason R");
	if (!find_parties(w, &h, e))
		return false;
	d = arena_alloc(w->c->a, (h.n + 2) * sizeof *d);
	if (!add_hearings(w, &h, HEARING_WAIVED, reason, d, &n, e))
		return false;
	for (size_t i = 0; i < h.n; i++)
		open |= !h.meant[i] && !h.p[i].heard;
	if (!open && (strcmp(h.state, "proposed") == 0 || strcmp(h.state, "notified") == 0) &&
	    !add_move(w, &h.r, "not-notified", "not_notified_reason", reason, &io, &d[n++], e))
		return false;
	return finish_hearings(w, &h, d, n, e);
}

static bool
response(struct work *w, struct err *e)
{
	struct hearings h;
	struct draft *d;
	size_t n = 0, meant = 0;

	if (!find_parties(w, &h, e))
		return false;
	for (size_t i = 0; i < h.n; i++)
		meant += h.meant[i];
	if (meant != 1)
		return err_set(e, ERR_INVALID,
		    meant ? "say whose response it is: --party P or --state S" :
			    "the finding is against nobody");
	d = arena_alloc(w->c->a, (h.n + 2) * sizeof *d);
	return add_hearings(w, &h, HEARING_RESPONDED, ctx_option(w->c, "says"), d, &n, e) &&
	    finish_hearings(w, &h, d, n, e);
}

/* Whoever has an interest stands aside, and says which. */
static bool
recuse(struct work *w, struct err *e)
{
	const char *interest = ctx_option(w->c, "interest");
	struct act_record io = { .n = 1, .by_rules = true }; /* it is about the actor alone */
	struct statement s;
	struct record r;

	if (!interest || !*interest)
		return err_set(e, ERR_INVALID, "say which interest: --interest WORDS");
	if (!find_finding(w, w->c->args[1], &r, e) ||
	    !type_one(
		w, "recused", arena_printf(w->c->a, "%s: %s", w->c->actor, interest), &s, e))
		return false;
	io.record = r.id;
	io.statements = &s;
	if (!work_append(w, &io, e))
		return false;
	say_made(w, &io);
	return true;
}

static const char *
ground_says(struct work *w, const struct ground *g)
{
	return !g->there ? "" :
			   arena_printf(w->c->a, "%s: %s", g->claim.property,
			       value_print(w->c->a, &g->claim.value));
}

static void
finding_json(struct work *w, const struct finding *f)
{
	struct line l = line_start();

	line_str(&l, "record", f->record.id);
	line_str(&l, "proposition", f->proposition);
	line_str(&l, "standard", *f->standard ? f->standard : NULL);
	line_str(&l, "state", f->state);
	for (int against = 0; against < 2; against++) {
		line_open(&l, against ? "against" : "for", '[');
		for (size_t i = 0; i < f->n_grounds; i++) {
			const struct ground *g = &f->grounds[i];

			if (g->against != against)
				continue;
			line_open(&l, NULL, '{');
			line_str(&l, "claim", g->name);
			line_bool(&l, "there", g->there);
			line_str(&l, "says", g->there ? ground_says(w, g) : NULL);
			line_str(&l, "record", g->there ? g->record.id : NULL);
			line_int(&l, "origins", g->origins);
			line_close(&l, '}');
		}
		line_close(&l, ']');
	}
	line_open(&l, "reviewers", '[');
	for (const char *const *name = f->reviewers; *name && !w->v.recipient; name++)
		line_element(&l, *name);
	line_close(&l, ']');
	line_int(&l, "n_reviewers", f->n_reviewers);
	line_str(&l, "unheard", *f->unheard ? f->unheard : NULL);
	line_int(&l, "withheld", f->withheld);
	line_end(&l);
}

static void
say_finding(struct work *w, const struct finding *f)
{
	struct arena *a = w->c->a;

	say("%s  %s\n%s\n", f->record.id, f->state, single_line(a, f->proposition));
	say("  standard of proof: %s\n", *f->standard ? f->standard : "none given");
	for (size_t i = 0; i < f->n_grounds; i++) {
		const struct ground *g = &f->grounds[i];

		if (g->there)
			say("  %-7s %s %s (%s), %zu %s\n", g->against ? "against" : "for",
			    g->name, single_line(a, ground_says(w, g)),
			    single_line(a, g->record.title), g->origins,
			    plural(g->origins, "origin", "origins"));
		else
			say("  %-7s %s withheld, or withdrawn\n",
			    g->against ? "against" : "for", g->name);
	}
	say("  reviewed by %zu", f->n_reviewers);
	for (const char *const *name = f->reviewers; *name && !w->v.recipient; name++)
		say("%s %s", name == f->reviewers ? ":" : ",", single_line(a, *name));
	say("\n");
	if (*f->unheard)
		say("  %s has had no opportunity to respond\n", f->unheard);
	if (f->withheld)
		say("  %zu %s withheld\n", f->withheld,
		    plural(f->withheld, "claim is", "claims are"));
}

static void
show_finding(struct work *w, const void *arg)
{
	if (w->c->json)
		finding_json(w, arg);
	else
		say_finding(w, arg);
}

static bool
show(struct work *w, struct err *e)
{
	bool leaves = given_asked(w);
	struct leaving l = { .what = "finding", .format = w->c->json ? "json" : "text" };
	struct finding f;
	struct record r;

	if (!find_finding(w, w->c->args[1], &r, e) ||
	    !account_finding(
		w->db, &w->v, w->c->a, w->schema, mechanism_log(w->c->m), &r, &f, e))
		return false;
	if (!leaves) {
		show_finding(w, &f);
		return true;
	}
	l.query = r.id;
	l.list = f.given;
	l.end.claims = f.n_grounds;
	l.end.withheld = f.withheld;
	return given_say(w, &l, show_finding, &f, e);
}

static const struct {
	const char *word;
	bool (*run)(struct work *w, struct err *e);
} parts[] = {
	{ "propose", propose },
	{ "notify", notify },
	{ "not-notified", not_notified },
	{ "response", response },
	{ "unanswered", unanswered },
	{ "recuse", recuse },
	{ "review", review },
	{ "adopt", adopt },
	{ "reject", reject },
	{ "show", show },
};

bool
finding_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	for (size_t i = 0; i < LEN(parts); i++)
		if (strcmp(parts[i].word, c->args[0]) == 0)
			return work_init(&w, c, e) && parts[i].run(&w, e);
	return err_set(e, ERR_INVALID,
	    "finding propose, notify, not-notified, response, unanswered, recuse, review, adopt,"
	    " reject or show; not \"%.40s\"",
	    c->args[0]);
}

/* ---- corroboration ---- */

static void
corroboration_json(const struct corroboration *c)
{
	struct line l = line_start();

	line_str(&l, "record", c->record.id);
	line_str(&l, "property", c->property);
	line_str(&l, "value", c->value);
	line_int(&l, "claims", c->claims);
	line_int(&l, "sources", c->sources);
	line_int(&l, "origins", c->origins);
	line_int(&l, "denials", c->denials);
	line_int(&l, "withheld", c->withheld);
	line_open(&l, "tree", '[');
	for (size_t i = 0; i < c->n; i++) {
		const struct trace *t = &c->t[i];

		line_open(&l, NULL, '{');
		line_int(&l, "depth", t->depth);
		line_str(&l, "how", t->how);
		line_str(&l, "source", *t->id ? t->id : NULL);
		line_str(&l, "title", *t->title ? t->title : NULL);
		line_str(&l, "claim", *t->claim ? t->claim : NULL);
		line_str(&l, "item", *t->item ? t->item : NULL);
		line_str(&l, "copy_of", *t->copy_of ? t->copy_of : NULL);
		line_bool(&l, "origin", t->origin);
		line_bool(&l, "again", t->again);
		line_close(&l, '}');
	}
	line_close(&l, ']');
	line_end(&l);
}

static bool
corroborate(struct work *w, struct err *e)
{
	struct arena *a = w->c->a;
	struct corroboration c;

	if (!account_corroboration(w->db, &w->v, a, w->schema, w->c->args[0], &c, e))
		return false;
	if (w->c->json) {
		corroboration_json(&c);
		return true;
	}
	say("%s  %s: %s\n", single_line(a, c.record.title), c.property,
	    single_line(a, c.value));
	for (size_t i = 0; i < c.n; i++)
		say("  %*s%s %s%s%s%s%s%s\n", (int)(2 * c.t[i].depth), "", c.t[i].how,
		    *c.t[i].title  ? single_line(a, c.t[i].title) :
			*c.t[i].id ? c.t[i].id :
				     "this mechanism",
		    *c.t[i].item ? ", from " : "", c.t[i].item,
		    *c.t[i].copy_of ? ", a copy of " : "", c.t[i].copy_of,
		    c.t[i].origin    ? "  (origin)" :
			c.t[i].again ? "  (above)" :
				       "");
	say("%zu %s by %zu %s, of %zu %s", c.claims, plural(c.claims, "claim", "claims"),
	    c.sources, plural(c.sources, "source", "sources"), c.origins,
	    plural(c.origins, "origin", "origins"));
	say("; %zu %s", c.denials, plural(c.denials, "denial", "denials"));
	if (c.withheld)
		say("; %zu %s withheld", c.withheld,
		    plural(c.withheld, "claim is", "claims are"));
	say("\n");
	return true;
}

bool
corroborate_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && corroborate(&w, e);
}
