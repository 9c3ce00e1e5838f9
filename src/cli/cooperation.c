/* A State's cooperation record, for people or as one JSON line. */
#include <string.h>

#include "account/cooperation.h"
#include "cli/accounts.h"

/* Groups that are there though nothing was counted in them. */
static const struct {
	const char *section, *group;
} groups[] = {
	{ "letters", "by_grade" },
	{ "recommendations", "by_response" },
	{ "recommendations", "by_implementation" },
	{ "accreditations", "by_outcome" },
	{ "votes", "by_position" },
	{ "votes", "by_topic" },
	{ "laws", "by_status" },
};

static bool
has_group(const struct section *s, const char *group)
{
	for (size_t i = 0; i < s->n_figures; i++)
		if (strcmp(s->figures[i].group, group) == 0)
			return true;
	return false;
}

static bool
same_key(const struct figure *a, const struct figure *b)
{
	return strcmp(a->group, b->group) == 0 && strcmp(a->key, b->key) == 0;
}

/* Figures of one group from the i-th on; the number of them. */
static size_t
group_json(struct line *l, const struct section *s, size_t i)
{
	const struct figure *f = &s->figures[i];
	size_t n = 0;

	line_open(l, f->group, '{');
	while (i + n < s->n_figures && strcmp(f[n].group, f->group) == 0) {
		const struct figure *first = &f[n];

		if (!*first->name) {
			line_int(l, first->key, first->n);
			n++;
			continue;
		}
		line_open(l, first->key, '{');
		for (; i + n < s->n_figures && same_key(&f[n], first); n++)
			line_int(l, f[n].name, f[n].n);
		line_close(l, '}');
	}
	line_close(l, '}');
	return n;
}

static void
figures_json(struct line *l, const struct section *s)
{
	for (size_t i = 0; i < s->n_figures;)
		if (*s->figures[i].group)
			i += group_json(l, s, i);
		else
			line_int(l, s->figures[i].name, s->figures[i].n), i++;
	for (size_t i = 0; i < LEN(groups); i++)
		if (strcmp(groups[i].section, s->name) == 0 && !has_group(s, groups[i].group)) {
			line_open(l, groups[i].group, '{');
			line_close(l, '}');
		}
}

static const char *
figure_name(struct arena *a, const struct figure *f)
{
	return arena_printf(a, "%s%s%s%s%s", f->group, *f->group ? "." : "", f->key,
	    *f->key && *f->name ? "." : "", f->name);
}

static void
records_json(struct line *l, const struct section *s)
{
	line_open(l, "records", '[');
	for (size_t i = 0; i < s->n_records; i++)
		if (!s->records[i].perhaps)
			line_element(l, s->records[i].record);
	line_close(l, ']');
	line_open(l, "details", '[');
	for (size_t i = 0; i < s->n_records; i++) {
		const struct counted *r = &s->records[i];

		line_open(l, NULL, '{');
		line_str(l, "record", r->record);
		line_str(l, "type", r->type);
		line_str(l, "day", *r->day ? r->day : NULL);
		line_open(l, "as", '[');
		for (const char *const *as = r->as; *as; as++)
			line_element(l, *as);
		line_close(l, ']');
		line_bool(l, "perhaps", r->perhaps);
		line_bool(l, "disputed", r->disputed);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
section_json(
    struct work *w, struct line *l, const struct section *s, const struct cooperation *whole)
{
	line_open(l, s->name, '{');
	figures_json(l, s);
	if (s->has_median)
		line_real(l, "median_days", s->median_days);
	else if (strcmp(s->name, "letters") == 0 || strcmp(s->name, "accreditations") == 0)
		line_str(l, "median_days", NULL);
	line_open(l, "perhaps", '{');
	for (size_t i = 0; i < s->n_figures; i++)
		if (s->figures[i].perhaps)
			line_int(
			    l, figure_name(w->c->a, &s->figures[i]), s->figures[i].perhaps);
	line_close(l, '}');
	if (strcmp(s->name, "votes") == 0) {
		line_open(l, "agreement", '{');
		for (size_t i = 0; i < whole->n_peers; i++) {
			const struct agreement *g = &whole->peers[i].all;

			line_open(l, whole->peers[i].state, '{');
			line_int(l, "both", g->both);
			line_int(l, "same", g->same);
			line_close(l, '}');
		}
		line_close(l, '}');
	}
	records_json(l, s);
	line_int(l, "left_out", s->left_out);
	line_int(l, "withheld", s->withheld);
	line_str(l, "method", s->method);
	line_close(l, '}');
}

/* What sources claim, beside what is counted: a claim each. */
static void
claimed_json(struct work *w, struct line *l, const struct cooperation *c)
{
	line_open(l, "claimed", '[');
	for (size_t i = 0; i < c->n_claimed; i++) {
		const struct claims *claims = &c->claimed[i].claims;

		line_open(l, NULL, '{');
		line_str(l, "record", c->claimed[i].record);
		line_open(l, "claims", '[');
		for (size_t k = 0; k < claims->n; k++) {
			const struct claim *of = &claims->c[k];

			line_open(l, NULL, '{');
			line_str(l, "claim", of->name);
			line_str(l, "property", of->property);
			line_str(l, "typed", value_print(w->c->a, &of->value));
			line_str(l, "source", of->source_title);
			line_str(l, "stance", stance_names[of->stance]);
			line_close(l, '}');
		}
		line_close(l, ']');
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void
show_json(struct work *w, const struct cooperation *c)
{
	struct line l = line_start();

	line_str(&l, "state", c->state);
	line_str(&l, "name", c->name);
	line_str(&l, "from", *c->from ? c->from : NULL);
	line_str(&l, "to", *c->to ? c->to : NULL);
	for (size_t i = 0; i < SECTIONS; i++)
		section_json(w, &l, &c->sections[i], c);
	claimed_json(w, &l, c);
	line_end(&l);
}

/* "by_grade" as people read it. */
static const char *
words_of(struct arena *a, const char *name)
{
	char *words = arena_str(a, name);

	for (char *c = words; *c; c++)
		if (*c == '_')
			*c = ' ';
	return words;
}

/* "sent 4, answered 2" */
static void
say_figures(struct arena *a, const struct section *s, const char *group, const char *key)
{
	bool some = false;

	for (size_t i = 0; i < s->n_figures; i++) {
		const struct figure *f = &s->figures[i];

		if (strcmp(f->group, group) != 0 || (key && strcmp(f->key, key) != 0))
			continue;
		say("%s%s %llu", some ? ", " : "", words_of(a, *f->name ? f->name : f->key),
		    (unsigned long long)f->n);
		if (f->perhaps)
			say(" (and perhaps %llu)", (unsigned long long)f->perhaps);
		some = true;
	}
	if (!some)
		say("none");
}

static void
say_groups(struct arena *a, const struct section *s)
{
	for (size_t i = 0; i < s->n_figures; i++) {
		const struct figure *f = &s->figures[i];
		bool two = *f->group && *f->name;

		if (!*f->group ||
		    (i && strcmp(f[-1].group, f->group) == 0 &&
			(!two || strcmp(f[-1].key, f->key) == 0)))
			continue;
		say("    %s%s%s: ", words_of(a, f->group), two ? " " : "",
		    two ? words_of(a, f->key) : "");
		say_figures(a, s, f->group, two ? f->key : NULL);
		say("\n");
	}
}

static void
say_section(struct work *w, const struct section *s)
{
	say("%s: ", s->name);
	say_figures(w->c->a, s, "", NULL);
	if (s->has_median)
		say("; median %.1f days", s->median_days);
	say("\n");
	say_groups(w->c->a, s);
	if (ctx_option(w->c, "records"))
		for (size_t i = 0; i < s->n_records; i++) {
			say("    %s  %s ", s->records[i].record, s->records[i].day);
			for (const char *const *as = s->records[i].as; *as; as++)
				say(" %s", *as);
			say("%s\n", s->records[i].disputed ? " (disputed)" : "");
		}
	if (s->withheld)
		say("    %zu %s withheld\n", s->withheld,
		    plural(s->withheld, "claim is", "claims are"));
	say("    ");
	say_wrapped(s->method, 4, "    ");
}

/* A figure: of what and of when, then each number with whoever gives it. */
static void
say_claimed(struct work *w, const struct claimed *c)
{
	static const char *const head[] = { "what", "period" };
	bool some = false;

	say("   ");
	for (size_t h = 0; h < LEN(head); h++)
		for (size_t i = 0; i < c->claims.n; i++)
			if (strcmp(c->claims.c[i].property, head[h]) == 0 &&
			    c->claims.c[i].stance == ASSERTS) {
				say("%s%s", some ? ", " : " ",
				    value_print(w->c->a, &c->claims.c[i].value));
				some = true;
				break;
			}
	say("\n");
	for (size_t i = 0; i < c->claims.n; i++) {
		const struct claim *of = &c->claims.c[i];

		if (strcmp(of->property, "number") != 0)
			continue;
		say("      %-6s %s %s%s\n", value_print(w->c->a, &of->value), of->name,
		    of->source ? of->source_title : "this mechanism",
		    of->stance == DENIES            ? ", denies it" :
			of->stance == DOES_NOT_KNOW ? ", does not know" :
						      "");
	}
}

static void
show(struct work *w, const struct cooperation *c)
{
	say("%s (%s), %s to %s\n", c->name, c->state, *c->from ? c->from : "the beginning",
	    *c->to ? c->to : "now");
	for (size_t i = 0; i < SECTIONS; i++)
		say_section(w, &c->sections[i]);
	for (size_t i = 0; i < c->n_peers; i++)
		say("    voted like %s on %llu of %llu questions\n", c->peers[i].state,
		    (unsigned long long)c->peers[i].all.same,
		    (unsigned long long)c->peers[i].all.both);
	if (c->n_claimed)
		say("figures that sources claim, counted nowhere above:\n");
	for (size_t i = 0; i < c->n_claimed; i++)
		say_claimed(w, &c->claimed[i]);
}

/* The States of a list with commas, NULL at the end. */
static const char *const *
split_names(struct arena *a, const char *s)
{
	const char **names = arena_alloc(a, (strlen(s) + 2) * sizeof *names);
	size_t n = 0;

	while (*s) {
		size_t len = strcspn(s, ",");

		if (len)
			names[n++] = arena_strn(a, s, len);
		s += len + (s[len] == ',');
	}
	return names;
}

static bool
cooperation(struct work *w, struct err *e)
{
	struct ctx *c = w->c;
	const char *with = ctx_option(c, "with");
	struct cooperation out;

	if (!account_cooperation(w->db, &w->v, c->a, w->schema, c->args[0],
		ctx_option(c, "from"), ctx_option(c, "to"),
		with ? split_names(c->a, with) : NULL, &out, e))
		return false;
	if (c->json)
		show_json(w, &out);
	else
		show(w, &out);
	return true;
}

bool
cooperation_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	return work_init(&w, c, e) && cooperation(&w, e);
}
