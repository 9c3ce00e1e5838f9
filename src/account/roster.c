/* The roster of a letter: who signed, each organisation counted once (signon.h). */
#include <stdlib.h>
#include <string.h>

#include "account/signon_private.h"

struct signer { /* an endorsement that stands, and whose it is */
	struct endorser e;
	const char *by_country, *by_name; /* folded: to sort by */
	uint64_t organisation;            /* what its organisation stands for; 0: an expert */
	const struct unit *names;         /* the organisation's unit; NULL: an expert */
};
struct gathering {
	struct reading *r;
	struct signer *s;
	size_t n, cap;
	struct roster *out;
	const struct sign_on *sign_on;
	struct tokens *words;
};

static const char *
country_name(const struct reading *r, const char *code)
{
	const struct vocabulary *v = schema_vocabulary(r->schema, "state");
	const struct term *t = v && *code ? vocabulary_code(v, code) : NULL;

	return t ? labels_get(&t->labels, r->v->language, code) : code;
}

/* Of an endorsement by a person or an organisation. */
static bool
fill_signer(struct gathering *g, const struct unit *u, uint64_t org, uint64_t person,
    struct signer *io, struct err *e)
{
	struct reading *r = g->r;
	struct unit *whose = arena_alloc(r->a, sizeof *whose);
	size_t n;
	const struct fact *day = unit_facts(u, "date", &n);

	io->e = (struct endorser){ .record = u->id,
		.name = "",
		.organisation = "",
		.country = unit_value(u, "country"),
		.day = n ? day->value : "",
		.unlisted = unit_has(u, "listed", "no") };
	if (!record_unit(r, org ? org : person, whose, e) ||
	    !record_title(
		r->db, r->v, r->a, r->schema, whose->number, whose->type, &io->e.name, e))
		return false;
	g->out->withheld += whose->withheld;
	if (!*io->e.country)
		io->e.country = unit_value(whose, "country");
	if (org) {
		io->organisation = org;
		io->names = whose;
		io->e.organisation = whose->id;
	}
	return true;
}

static void
name_signer(struct gathering *g, struct signer *s)
{
	s->e.country_name = country_name(g->r, s->e.country);
	s->by_country = signon_folded(g->r->a, g->words, s->e.country_name);
	s->by_name = signon_folded(g->r->a, g->words, s->e.name);
}

static bool
gather(struct gathering *g, uint64_t letter, struct err *e)
{
	struct units u;

	if (!signon_endorsements(g->r, letter, &u, e))
		return false;
	g->out->withheld += u.withheld;
	for (size_t i = 0; i < u.n; i++) {
		uint64_t org = unit_target(g->r, &u.u[i], "organisation");
		uint64_t person = unit_target(g->r, &u.u[i], "person");

		g->out->withheld += u.u[i].withheld;
		if (!org &&
		    !person) /* whose it is is withheld, or not said: it counts nowhere */
			continue;
		if (unit_span(&u.u[i], "refused").known)
			continue;
		if (unit_span(&u.u[i], "withdrawn").known) {
			g->out->withdrawn++;
			continue;
		}
		if (unit_span(&u.u[i], "date").low > g->sign_on->closed_by) {
			g->out->late++;
			continue;
		}
		g->s = account_grow(g->r->a, g->s, g->n, &g->cap, sizeof *g->s);
		if (!fill_signer(g, &u.u[i], org, person, &g->s[g->n], e))
			return false;
		name_signer(g, &g->s[g->n++]);
	}
	return true;
}

static int
in_roster(const void *x, const void *y)
{
	const struct signer *a = x, *b = y;
	int order;

	if (!a->organisation != !b->organisation)
		return a->organisation ? -1 : 1;
	if (!*a->e.country != !*b->e.country)
		return *a->e.country ? -1 : 1;
	if ((order = strcmp(a->by_country, b->by_country)) ||
	    (order = strcmp(a->e.country_name, b->e.country_name)) ||
	    (order = strcmp(a->by_name, b->by_name)) || (order = strcmp(a->e.name, b->e.name)))
		return order;
	return strcmp(a->e.record, b->e.record);
}

/* ---- doubles ---- */

struct compared { /* a name of an organisation, and whose */
	size_t signer;
	const struct match_name *name;
};
struct comparing {
	struct compared *c;
	size_t n, cap;
};

static void
mark_again(struct gathering *g)
{
	struct set *seen = set_new(g->r->a);

	for (size_t i = 0; i < g->n; i++) {
		bool fresh;

		if (!g->s[i].organisation)
			continue;
		set_number(seen, g->s[i].organisation, &fresh);
		g->s[i].e.again = !fresh;
	}
}

/* One organisation is compared by all its names, once however often it signed. */
static void
add_names(struct gathering *g, struct matcher *m, struct comparing *io)
{
	static const char *const properties[] = { "name", "other_names" };

	for (size_t i = 0; i < g->n; i++) {
		bool fresh = g->s[i].organisation && !g->s[i].e.again;

		for (size_t p = 0; fresh && p < LEN(properties); p++) {
			size_t n;
			const struct fact *f = unit_facts(g->s[i].names, properties[p], &n);

			for (size_t k = 0; k < n; k++) {
				io->c = account_grow(
				    g->r->a, io->c, io->n, &io->cap, sizeof *io->c);
				io->c[io->n++] = (struct compared){ i,
					match_read(
					    m, g->r->a, MATCH_ORGANISATION, f[k].value) };
			}
		}
	}
}

/* Which were found to be two: by the lower and the higher number. */
static bool
read_decided(struct reading *r, struct set *decided, struct err *e)
{
	struct stmt *q = db_query(r->db, e,
	    "SELECT record, low FROM claim WHERE property = '" DIFFERENT_FROM
	    "' AND stance = 0 AND since < $1 AND until >= $1",
	    db_int(r->v->as_of));

	while (db_next(q)) {
		uint64_t one = reading_stands(r, (uint64_t)db_get_int(q, 0));
		uint64_t other = reading_stands(r, (uint64_t)db_get_int(q, 1));

		*set_named(decided,
		    arena_printf(r->a, "%llu %llu", (unsigned long long)MIN(one, other),
			(unsigned long long)MAX(one, other))) = 1;
	}
	return db_end(q, e);
}

static bool
is_decided(struct reading *r, struct set *decided, uint64_t one, uint64_t other)
{
	return *set_named(decided,
	    arena_printf(r->a, "%llu %llu", (unsigned long long)MIN(one, other),
		(unsigned long long)MAX(one, other)));
}

/* Names that are only alike, in two countries, are two chapters or two strangers; one name, however
 * it is written, may be one organisation that signed from two. */
static bool
worth_a_look(const struct signer *a, const struct signer *b, struct match m)
{
	bool apart = *a->e.country && *b->e.country && strcmp(a->e.country, b->e.country) != 0;

	bool one_name = m.reason == MATCH_SAME || m.reason == MATCH_LEGAL_FORM ||
	    m.reason == MATCH_SCRIPT || m.reason == MATCH_SPELLING || m.reason == MATCH_ORDER;

	return a->organisation != b->organisation && (!apart || one_name);
}

/* The best reason for each pair of organisations that nobody has decided on. */
static bool
find_doubles(struct gathering *g, struct matcher *m, struct err *e)
{
	struct arena *a = g->r->a;
	struct comparing all = { 0 };
	struct set *decided = set_new(a);
	const struct match_name **names;
	struct match_pair *pairs;
	size_t n, cap = 0;

	if (!read_decided(g->r, decided, e))
		return false;
	add_names(g, m, &all);
	names = arena_alloc(a, (all.n + 1) * sizeof *names);
	for (size_t i = 0; i < all.n; i++)
		names[i] = all.c[i].name;
	n = match_doubles(a, names, all.n, MATCH_LOOK, &pairs);
	for (size_t i = 0; i < n; i++) {
		size_t one = MIN(all.c[pairs[i].a].signer, all.c[pairs[i].b].signer);
		size_t other = MAX(all.c[pairs[i].a].signer, all.c[pairs[i].b].signer);
		const struct signer *x = &g->s[one], *y = &g->s[other];

		if (!worth_a_look(x, y, pairs[i].match) ||
		    is_decided(g->r, decided, x->organisation, y->organisation))
			continue;
		/* The pairs come best first: of two that have several names, later ones add
		 * nothing. */
		*set_named(decided,
		    arena_printf(a, "%llu %llu",
			(unsigned long long)MIN(x->organisation, y->organisation),
			(unsigned long long)MAX(x->organisation, y->organisation))) = 1;
		g->out->doubles = account_grow(
		    a, g->out->doubles, g->out->n_doubles, &cap, sizeof *g->out->doubles);
		g->out->doubles[g->out->n_doubles++] =
		    (struct doubles){ one, other, pairs[i].match };
	}
	return true;
}

/* ---- counting ---- */

static size_t
root(size_t *up, size_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* What may be one counts once: all that doubles link, over any number of them. */
static void
count_organisations(struct gathering *g)
{
	struct roster *out = g->out;
	size_t *up = arena_alloc(g->r->a, (g->n + 1) * sizeof *up);
	struct set *countries = set_new(g->r->a);

	for (size_t i = 0; i < g->n; i++)
		up[i] = i;
	for (size_t i = 0; i < out->n_doubles; i++) {
		g->s[out->doubles[i].one].e.undecided = true;
		g->s[out->doubles[i].other].e.undecided = true;
		up[root(up, out->doubles[i].one)] = root(up, out->doubles[i].other);
	}
	for (size_t i = 0; i < g->n; i++) {
		const struct signer *s = &g->s[i];

		if (!s->organisation)
			out->experts++;
		else if (!s->e.again && root(up, i) == i)
			out->organisations++;
		if (s->organisation && *s->e.country && strcmp(s->e.country, "disputed") != 0)
			out->countries += !(*set_named(countries, s->e.country))++;
	}
}

bool
account_roster(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    struct matcher *m, const char *letter, struct roster *ret, struct err *e)
{
	struct roster out = { 0 };
	struct reading r;
	AUTO(tokens) *words = tokens_new();
	struct sign_on now;
	struct gathering g = { .r = &r, .out = &out, .sign_on = &now, .words = words };
	struct record rec;

	if (!signon_letter(db, v, a, s, letter, &rec, e) || !reading_init(&r, db, v, a, s, e) ||
	    !signon_now(&r, rec.number, &now, e) || !gather(&g, rec.number, e))
		return false;
	if (g.n)
		qsort(g.s, g.n, sizeof *g.s, in_roster);
	mark_again(&g);
	if (m && !find_doubles(&g, m, e))
		return false;
	count_organisations(&g);
	out.letter = rec.id;
	out.state = now.state;
	out.given = r.given;
	out.n = g.n;
	out.e = arena_alloc(a, (g.n + 1) * sizeof *out.e);
	given_add_record(out.given, rec.id);
	for (size_t i = 0; i < g.n; i++) {
		out.e[i] = g.s[i].e;
		if (out.e[i].unlisted)
			continue;
		given_add_record(out.given, out.e[i].record);
		if (*out.e[i].organisation)
			given_add_record(out.given, out.e[i].organisation);
	}
	*ret = out;
	return true;
}
