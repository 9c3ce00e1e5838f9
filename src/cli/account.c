/* What States and bodies were asked and did: move, due, timeline, agreement. */
#include <string.h>

#include "account/cooperation.h"
#include "account/timeline.h"
#include "base/clock.h"
#include "base/edtf.h"
#include "cli/accounts.h"

static void
separate(struct line *l)
{
	if (l->some)
		buf_byte(&l->b, ',');
	l->some = true;
}

void
line_open(struct line *l, const char *name, char bracket)
{
	separate(l);
	if (name) {
		json_write_str(&l->b, name, strlen(name));
		buf_byte(&l->b, ':');
	}
	buf_byte(&l->b, (uint8_t)bracket);
	l->some = false;
}

void
line_close(struct line *l, char bracket)
{
	buf_byte(&l->b, (uint8_t)bracket);
	l->some = true;
}

void
line_element(struct line *l, const char *s)
{
	separate(l);
	json_write_str(&l->b, s, strlen(s));
}

bool
work_append_drafts(struct work *w, struct draft *d, size_t n, struct err *e)
{
	size_t n_all = n;
	struct draft *all;

	for (const struct creation *c = w->creations.first; c; c = c->next)
		n_all++;
	all = arena_alloc(w->c->a, n_all * sizeof *all);
	n_all = 0;
	for (struct creation *c = w->creations.first; c; c = c->next) {
		c->act.actor = w->c->actor;
		c->act.schema = w->schema;
		act_record(&all[n_all++], &c->act);
	}
	if (n)
		memcpy(all + n_all, d, n * sizeof *d);
	w->creations = (struct creations){ 0 };
	return log_append(mechanism_log(w->c->m), all, n_all + n, true, e);
}

/* ---- move ---- */

static bool
move(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct act_move io = { .record = { .actor = c->actor },
		.schema = w->schema,
		.state = c->args[1],
		.on = ctx_option(c, "on"),
		.log = mechanism_log(c->m) };
	struct record r;
	struct draft d;

	if (!record_find_named(w->db, &w->v, c->a, w->schema, NULL, c->args[0], &r, e) ||
	    !work_rests_on(w, &io.rests, e) || !work_confides(w, &io.rests, e))
		return false;
	io.record.record = r.id;
	io.record.reason = ctx_option(c, "reason");
	if (!account_move(w->db, c->a, &io, &d, e) || !work_append_drafts(w, &d, 1, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "record", r.id);
		line_str(&l, "state", io.state);
		line_str(&l, "on", io.on);
		line_open(&l, "claims", '[');
		for (size_t i = 0; i < io.record.n; i++)
			line_element(&l,
			    claim_name(
				c->a, (int64_t)io.record.entry * CLAIMS_MAX + (int64_t)i));
		line_close(&l, ']');
		line_end(&l);
	} else {
		say("%s is now %s, since %s\n", r.id, io.state, io.on);
	}
	return true;
}

bool
move_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && move(&w, e);
}

/* ---- due ---- */

static const char *
lateness(const struct running *c)
{
	return c->overdue ? "overdue" : c->perhaps ? "perhaps overdue" : "due";
}

/* A day or, if the start is known no better, two with a '/' between; "" if there is no term. */
static const char *
term_text(struct arena *a, const struct running *c)
{
	const char *first, *last;

	if (c->due_latest == INT64_MAX)
		return "";
	last = edtf_day(a, c->due_latest);
	if (c->due_earliest == INT64_MIN)
		return arena_printf(a, "../%s", last);
	first = edtf_day(a, c->due_earliest);
	return strcmp(first, last) == 0 ? first : arena_printf(a, "%s/%s", first, last);
}

static void
say_due(struct work *w, const struct due *d)
{
	struct arena *a = w->c->a;
	const struct clock_rule *rule = d->clock.rule;
	const char *what = labels_get(&rule->labels, w->v.language, rule->name);
	const char *term = term_text(a, &d->clock);
	const struct step *too_early = d->clock.too_early;
	const char *early = too_early ? edtf_day(a, too_early->latest) : NULL;

	if (w->c->json) {
		struct line l = line_start();

		line_str(&l, "record", d->record.id);
		line_str(&l, "type", d->record.type);
		line_str(&l, "title", d->record.title);
		line_str(&l, "state", d->state);
		line_str(&l, "to", d->to);
		line_str(&l, "clock", rule->name);
		line_str(&l, "label", what);
		line_str(&l, "due", *term ? term : NULL);
		line_bool(&l, "overdue", d->clock.overdue);
		line_bool(&l, "perhaps", d->clock.perhaps);
		line_str(&l, "answer_dated_before", early);
		line_str(&l, "then", *rule->then ? rule->then : NULL);
		line_end(&l);
		return;
	}
	say("%-15s %-12s %s: %s%s%s\n", lateness(&d->clock), *term ? term : "no term", what,
	    single_line(a, d->record.title), *d->to ? " -> " : "", single_line(a, d->to));
	say("    %s  %s\n", d->record.id, d->state);
	if (early)
		say("    %s is dated %s, before it began: one of the two days is a mistake\n",
		    too_early->state, early);
}

static bool
due(struct work *w, struct err *e)
{
	enum { USUAL_DAYS = 30 };
	const char *within = ctx_option(w->c, "within");
	int64_t ms = USUAL_DAYS * INT64_C(86400000);
	struct due *list;
	size_t n;

	if (ctx_option(w->c, "all"))
		ms = INT64_MAX;
	else if (within && !clock_read_span(within, &ms, e))
		return err_at(e, "--within");
	if (!account_due(w->db, &w->v, w->c->a, w->schema, ms, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		say_due(w, &list[i]);
	if (!n && !w->c->json)
		say("nothing is overdue, nor due within that time\n");
	return true;
}

bool
due_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && due(&w, e);
}

/* ---- timeline ---- */

static const char *
moment_kind(const struct moment *m)
{
	return m->kind == MOMENT_DUE ? lateness(m->clock) :
	    m->statement             ? "statement" :
	    m->kind == MOMENT_STEP   ? "step" :
				       "date";
}

/* What a moment is, by the labels of its property, state or clock. */
static const char *
moment_words(struct work *w, const struct moment *m)
{
	const struct type *t = schema_type(w->schema, m->record->type);
	const struct property *p = t ? type_property(t, m->what) : NULL;
	const struct state *s =
	    t && t->procedure ? procedure_state(t->procedure, m->what) : NULL;

	if (m->kind == MOMENT_DUE)
		return arena_printf(w->c->a, "%s: %s", lateness(m->clock),
		    labels_get(&m->clock->rule->labels, w->v.language, m->what));
	if (m->kind == MOMENT_STEP && s)
		return labels_get(&s->labels, w->v.language, m->what);
	return p ? labels_get(&p->labels, w->v.language, m->what) : m->what;
}

static void
moment_json(struct work *w, const struct moment *m)
{
	const struct claim *c = m->claim;
	struct line l = line_start();

	line_str(&l, "day", *m->day ? m->day : NULL);
	line_str(&l, "what", m->what);
	line_str(&l, "label", moment_words(w, m));
	line_str(&l, "kind", moment_kind(m));
	line_str(&l, "record", m->record->id);
	line_str(&l, "type", m->record->type);
	line_str(&l, "title", m->record->title);
	line_bool(&l, "perhaps", m->perhaps);
	if (c) {
		line_str(&l, "claim", c->name);
		line_str(&l, "stance", stance_names[c->stance]);
		line_str(&l, "source", *c->source_id ? c->source_id : NULL);
		line_str(&l, "source_title", *c->source_title ? c->source_title : NULL);
		line_str(&l, "item", *c->item ? c->item : NULL);
		line_str(&l, "text", *c->text ? c->text : NULL);
	}
	if (c && c->start >= 0) {
		line_int(&l, "start", (uint64_t)c->start);
		line_int(&l, "end", (uint64_t)c->end);
	}
	if (c)
		line_original(&l, c);
	line_end(&l);
}

static void
say_moment(struct work *w, const struct moment *m)
{
	struct arena *a = w->c->a;
	const struct claim *c = m->claim;
	const char *source = !c ? "" :
	    *c->source_title    ? c->source_title :
	    *c->source_id       ? c->source_id :
				  "this mechanism";

	if (w->c->json) {
		moment_json(w, m);
		return;
	}
	say("%-22s %s, %s: %s%s\n", *m->day ? m->day : "no day", m->record->type,
	    moment_words(w, m), single_line(a, m->record->title),
	    m->statement ? " (said in public: stops no clock)" : "");
	if (!c)
		return;
	say("    %s %s%s%s%s\n", c->name, c->stance == DENIES ? "denied by " : "",
	    single_line(a, source), *c->item ? ", " : "", *c->item ? cited_words(a, c) : "");
}

static bool
timeline(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	const char *from = ctx_option(c, "from"), *to = ctx_option(c, "to");
	const struct term *state;
	struct err ignored = { 0 };
	struct timeline t;
	struct record r;

	if (account_state(w->schema, c->args[0], &state, &ignored)) {
		if (!account_state_timeline(
			w->db, &w->v, c->a, w->schema, c->args[0], from, to, &t, e))
			return false;
	} else if (!record_find_named(w->db, &w->v, c->a, w->schema, NULL, c->args[0], &r, e) ||
	    !account_timeline(w->db, &w->v, c->a, w->schema, &r, from, to, &t, e)) {
		return false;
	}
	for (size_t i = 0; i < t.n; i++)
		say_moment(w, &t.m[i]);
	if (t.withheld && c->json) {
		struct line l = line_start();

		line_int(&l, "withheld", t.withheld);
		line_end(&l);
	} else if (t.withheld) {
		say("%zu %s withheld\n", t.withheld,
		    plural(t.withheld, "claim is", "claims are"));
	}
	return true;
}

bool
timeline_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && timeline(&w, e);
}

/* ---- agreement ---- */

static void
say_agreement(struct work *w, const struct agreement *g)
{
	double share = g->both ? (double)g->same / (double)g->both : 0;
	const char *year = g->year > 0 ? arena_printf(w->c->a, "%d", g->year) :
	    g->year < 0                ? "unknown" :
					 "all";

	if (w->c->json) {
		struct line l = line_start();

		line_str(&l, "year", year);
		line_int(&l, "both", g->both);
		line_int(&l, "same", g->same);
		if (g->both)
			line_real(&l, "share", share);
		else
			line_str(&l, "share", NULL);
		line_end(&l);
	} else {
		say("%-8s %6llu both took a position, %6llu the same", year,
		    (unsigned long long)g->both, (unsigned long long)g->same);
		if (g->both)
			say("  %5.1f %%", 100 * share);
		say("\n");
	}
}

/* States that do not vote in the period: nothing agreed or differed, which is no figure. */
static void
say_no_votes(struct work *w, const struct agreements *g)
{
	struct line l = { 0 };

	if (!g->no_votes[0] && !g->no_votes[1])
		return;
	if (w->c->json) {
		l = line_start();
		line_open(&l, "no_votes", '[');
	}
	for (size_t i = 0; i < LEN(g->no_votes); i++) {
		const struct term *t = g->no_votes[i];

		if (t && w->c->json)
			line_element(&l, t->code);
		else if (t)
			say("%s (%s) has no votes in this period%s%s\n",
			    labels_get(&t->labels, "en", t->code), t->code,
			    *t->until ? "; there was such a State until " : "", t->until);
	}
	if (w->c->json) {
		line_close(&l, ']');
		line_end(&l);
	}
}

static bool
agreement(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	struct agreements g;

	if (!account_agreement(w->db, &w->v, c->a, w->schema, c->args[0], c->args[1],
		ctx_option(c, "from"), ctx_option(c, "to"), &g, e))
		return false;
	for (size_t i = 0; i < g.n; i++)
		say_agreement(w, &g.years[i]);
	say_no_votes(w, &g);
	if (c->json)
		return true;
	if (g.disputed + g.perhaps + g.withheld + g.secret)
		say("left out: %zu with disputed positions, %zu whose day is not known well"
		    " enough, %zu recorded of secret ballots; %zu claims are withheld\n",
		    g.disputed, g.perhaps, g.secret, g.withheld);
	say("%s\n", agreement_method);
	return true;
}

bool
agreement_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && agreement(&w, e);
}
