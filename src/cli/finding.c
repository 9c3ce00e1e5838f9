/* vigil finding: propose, hear the parties, review, adopt, show; vigil corroborate. */
#include <string.h>

#include "account/finding_acts.h"
#include "cli/accounts.h"
#include "cli/given.h"

static bool
find_finding(struct work *w, const char *name, struct record *ret, struct err *e)
{
	static const char *const types[] = { "finding", NULL };

	return record_find_named(w->db, &w->v, w->c->a, w->schema, types, name, ret, e);
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

static bool
propose(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_propose in = { .schema = w->schema,
		.proposition = c->args[1],
		.actor = c->actor,
		.standard = ctx_option(c, "standard"),
		.reasons = ctx_option(c, "reasons"),
		.party = ctx_option(c, "party"),
		.state = ctx_option(c, "state"),
		.of_case = ctx_option(c, "case"),
		.on = ctx_option(c, "on"),
		.in_favour = ctx_option(c, "for"),
		.against = ctx_option(c, "against") };

	if (!account_propose(w->db, &w->v, c->a, &w->creations, &in, e) ||
	    !work_append(w, &in.record, e))
		return false;
	say_made(w, &in.record);
	return true;
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

/* What the word of a command does to a finding. */
static bool
act(struct work *w, enum finding_deed deed, struct err *e)
{
	struct ctx *c = w->c;
	struct act_finding in = { .actor = c->actor,
		.schema = w->schema,
		.log = mechanism_log(c->m),
		.deed = deed,
		.on = ctx_option(c, "on"),
		.respond_by = ctx_option(c, "respond-by"),
		.reason = ctx_option(c, "reason"),
		.reasons = ctx_option(c, "reasons"),
		.words = ctx_option(c, "says"),
		.interest = ctx_option(c, "interest"),
		.party = ctx_option(c, "party"),
		.state = ctx_option(c, "state") };
	struct finding f;
	struct record r;

	if (!find_finding(w, c->args[1], &r, e) || !work_rests_on(w, &in.rests, e))
		return false;
	in.finding = r.id;
	if (!account_finding_act(w->db, &w->v, c->a, &in, e) ||
	    !work_append_drafts(w, in.drafts, in.n, e))
		return false;
	if (deed == FINDING_RECUSE) {
		say_made(w, &in.record);
		return true;
	}
	if (!account_finding(w->db, &w->v, c->a, w->schema, in.log, &r, &f, e))
		return false;
	say_state(w, &r, f.state, in.on);
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

bool
finding_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };
	const char *word = c->args[0];

	if (strcmp(word, "propose") == 0)
		return work_init(&w, c, e) && propose(&w, e);
	if (strcmp(word, "show") == 0)
		return work_init(&w, c, e) && show(&w, e);
	for (enum finding_deed i = 0; i < FINDING_DEEDS; i++)
		if (strcmp(finding_deed_names[i], word) == 0)
			return work_init(&w, c, e) && act(&w, i, e);
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
