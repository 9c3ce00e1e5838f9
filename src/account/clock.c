/* Clocks: what is due, since when, until when. Lateness is reckoned here and stored nowhere. */
#include <string.h>

#include "account/private.h"

static bool
one_of(const char *const *codes, const char *code)
{
	while (*codes && strcmp(*codes, code) != 0)
		codes++;
	return *codes != NULL;
}

/* Has the property one of these terms, or one that is narrower? */
static bool
has_term(const struct reading *r, const struct unit *u, const struct clock_rule *rule)
{
	const struct type *t = schema_type(r->schema, u->type);
	const struct property *p = t ? type_property(t, rule->when) : NULL;
	size_t n;
	const struct fact *f = unit_facts(u, rule->when, &n);

	for (size_t i = 0; p && p->vocabulary && i < n; i++) {
		const struct term *term = vocabulary_code(p->vocabulary, f[i].value);

		for (const char *const *is = rule->is; term && *is; is++)
			if (term_within(term, vocabulary_code(p->vocabulary, *is)))
				return true;
	}
	return false;
}

static bool
fits(const struct reading *r, const struct unit *u, const struct clock_rule *rule)
{
	return (!*rule->when || has_term(r, u, rule)) &&
	    (!*rule->due || unit_span(u, rule->due).known);
}

/* The last millisecond of the day that this one is in. */
static int64_t
end_of_day(int64_t ms)
{
	int64_t rest = ms % DAY_MS;

	return ms - rest + (rest < 0 ? 0 : DAY_MS) - 1;
}

static int64_t
days_after(int64_t ms, int days)
{
	if (ms == INT64_MIN || ms == INT64_MAX || ms > INT64_MAX - (days + 2) * DAY_MS)
		return INT64_MAX;
	return end_of_day(ms) + days * DAY_MS;
}

static void
set_term(const struct unit *u, struct running *io)
{
	const struct clock_rule *rule = io->rule;
	struct span day;

	io->due_earliest = io->due_latest = INT64_MAX;
	if (*rule->due) {
		day = unit_span(u, rule->due);
		io->due_earliest = days_after(day.low, 0);
		io->due_latest = days_after(day.high, 0);
	} else if (rule->days != CLOCK_NO_TERM) {
		io->due_earliest = days_after(io->since->earliest, rule->days);
		io->due_latest = days_after(io->since->latest, rule->days);
	}
	/* It began before some day: it may have run out long ago. */
	if (io->due_earliest > io->due_latest)
		io->due_earliest = INT64_MIN;
}

/* The last step that starts the clock; n_steps if none does. */
static size_t
find_start(const struct dealings *d, const struct clock_rule *rule)
{
	for (size_t i = d->n_steps; i-- > 0;)
		if (!d->steps[i].ahead && one_of(rule->from, d->steps[i].state))
			return i;
	return d->n_steps;
}

static bool
is_stopped(const struct procedure *p, const struct dealings *d, const struct clock_rule *rule,
    size_t start)
{
	const struct state *now = procedure_state(p, d->state);

	for (size_t i = start + 1; i < d->n_steps; i++)
		if (!d->steps[i].ahead && one_of(rule->until, d->steps[i].state))
			return true;
	return now && now->final;
}

static bool
same_name_before(const struct dealings *d, const char *name)
{
	for (size_t i = 0; i < d->n_clocks; i++)
		if (strcmp(d->clocks[i].rule->name, name) == 0)
			return true;
	return false;
}

void
unit_clocks(
    struct reading *r, const struct procedure *p, const struct unit *u, struct dealings *io)
{
	io->clocks = arena_alloc(r->a, (p->n_clocks + 1) * sizeof *io->clocks);
	for (size_t i = 0; i < p->n_clocks; i++) {
		struct running c = { .rule = &p->clocks[i], .waits_for = "" };
		size_t start;

		/* The first that fits holds, though it was not started. */
		if (same_name_before(io, c.rule->name) || !fits(r, u, c.rule))
			continue;
		start = find_start(io, c.rule);
		if (start < io->n_steps) {
			c.since = &io->steps[start];
			set_term(u, &c);
			c.stopped = is_stopped(p, io, c.rule, start);
			c.overdue = !c.stopped && r->v->now > c.due_latest;
			c.perhaps = !c.stopped && !c.overdue && r->v->now > c.due_earliest;
		}
		io->clocks[io->n_clocks++] = c;
	}
	for (size_t i = io->n_clocks; i-- > 0;)
		if (!io->clocks[i].since)
			memmove(&io->clocks[i], &io->clocks[i + 1],
			    (--io->n_clocks - i) * sizeof *io->clocks);
}
