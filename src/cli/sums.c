/* The sums at the end of vigil add and vigil extract (sums.h). */
#include "cli/sums.h"

#include <string.h>

static uint64_t
count_of(const struct intake_totals *t, enum intake_reason r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->n_tally; i++)
		if (t->tally[i].reason == r)
			n += t->tally[i].n;
	return n;
}

/* The type with most items first; NULL: all were told. */
static const struct intake_tally *
next_type(const struct intake_totals *t, enum intake_reason r, const struct intake_tally *last)
{
	const struct intake_tally *best = NULL;

	for (const struct intake_tally *x = t->tally; x < t->tally + t->n_tally; x++) {
		bool behind = !last || x->n < last->n || (x->n == last->n && x > last);

		if (x->reason == r && behind && (!best || x->n > best->n))
			best = x;
	}
	return best;
}

static const char *
type_of(const struct intake_tally *x)
{
	return *x->media_type ? x->media_type : "other types";
}

static void
say_reason(struct ctx *c, const struct intake_totals *t, enum intake_reason r)
{
	static const char indent[] = "                                  ";
	const struct intake_tally *x = NULL;
	AUTO_VAL(buf) types = buf_init(1 << 20);
	const char *start;

	while ((x = next_type(t, r, x)))
		buf_printf(&types, "%s%s %llu", types.n ? ", " : "", type_of(x),
		    (unsigned long long)x->n);
	start = arena_printf(c->a, "  %-23s %6llu  ", intake_reason_names[r],
	    (unsigned long long)count_of(t, r));
	say("%s", start);
	say_wrapped(buf_peek(&types), strlen(indent), indent);
}

void
say_sums(struct ctx *c, const struct intake_totals *t)
{
	bool some = false;

	say("%llu with text, %llu %s without text, %llu others without, %llu failed\n",
	    (unsigned long long)t->texts, (unsigned long long)t->pictures,
	    plural(t->pictures, "picture", "pictures"), (unsigned long long)t->without_text,
	    (unsigned long long)t->texts_failed);
	if (t->bounded)
		say("%llu stopped at a limit (vigil show says which)\n",
		    (unsigned long long)t->bounded);
	for (enum intake_reason r = 0; r < INTAKE_REASONS; r++) {
		if (!count_of(t, r))
			continue;
		if (!some)
			say("  %-23s %6s  %s\n", "why there is no text", "items",
			    "of which types");
		some = true;
		say_reason(c, t, r);
	}
}

static struct json *
reason_json(struct ctx *c, const struct intake_totals *t, enum intake_reason r)
{
	struct json *m = json_new_map(c->a), *types = json_new_map(c->a);
	const struct intake_tally *x = NULL;

	while ((x = next_type(t, r, x)))
		json_put_int(c->a, types, type_of(x), (int64_t)x->n);
	json_put_str(c->a, m, "reason", intake_reason_names[r]);
	json_put(c->a, m, "failure", json_new_bool(c->a, intake_reason_is_failure(r)));
	json_put_int(c->a, m, "items", (int64_t)count_of(t, r));
	json_put(c->a, m, "media_types", types);
	return m;
}

void
put_sums(struct ctx *c, struct json *j, const struct intake_totals *t)
{
	struct json *list = json_new_list(c->a);

	for (enum intake_reason r = 0; r < INTAKE_REASONS; r++)
		if (count_of(t, r))
			json_add(c->a, list, reason_json(c, t, r));
	json_put_int(c->a, j, "texts", (int64_t)t->texts);
	json_put_int(c->a, j, "pictures", (int64_t)t->pictures);
	json_put_int(c->a, j, "without_text", (int64_t)t->without_text);
	json_put_int(c->a, j, "failed", (int64_t)t->texts_failed);
	json_put_int(c->a, j, "stopped_at_a_limit", (int64_t)t->bounded);
	json_put(c->a, j, "reasons", list);
}
