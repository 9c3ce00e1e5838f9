/* Precision and recall at MATCH_LOOK, with floors. What was measured is printed. */
#include "match/match.h"
#include "unit/match/pairs.h"
#include "unit/match/unseen.h"
#include "test.h"

/* Found: worth a look, and with a block in common. */
static bool
is_found(const struct match_name *x, const struct match_name *y)
{
	const char *const *p, *const *q;
	size_t n = match_blocks(x, &p), m = match_blocks(y, &q);

	if (match_compare(x, y).score < MATCH_LOOK)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			if (strcmp(p[i], q[j]) == 0)
				return true;
	return false;
}

struct tally {
	unsigned same, found, others, wrong, one_key;
};

static void
tell(const char *what, const struct tally *t)
{
	printf("# %s: %u of %u found (%.1f %%), of %u others %u too (%.2f %%)\n", what,
	    t->found, t->same, t->same ? 100.0 * t->found / t->same : 0, t->others, t->wrong,
	    t->others ? 100.0 * t->wrong / t->others : 0);
}

static void
count(struct tally *t, struct matcher *m, enum match_kind kind, bool same, const char *a,
    const char *b)
{
	AUTO(arena) *scratch = arena_new();
	const struct match_name *x = match_read(m, scratch, kind, a);
	const struct match_name *y = match_read(m, scratch, kind, b);
	bool found = is_found(x, y);

	if (same) {
		t->same++;
		t->found += found;
	} else {
		t->others++;
		t->wrong += found;
		t->one_key += strcmp(match_key(x), match_key(y)) == 0;
	}
}

static bool
is_at_least(const struct tally *t, double recall, double wrong)
{
	return t->found >= recall * t->same && t->wrong <= wrong * t->others;
}

static void
organisations(void)
{
	AUTO(matcher) *m = matcher_new();
	struct tally seen = { 0 }, unseen = { 0 };

	for (size_t i = 0; i < LEN(organisation_pairs); i++)
		count(&seen, m, MATCH_ORGANISATION, organisation_pairs[i].same,
		    organisation_pairs[i].a, organisation_pairs[i].b);
	for (size_t i = 0; i < LEN(unseen_pairs); i++)
		count(&unseen, m, MATCH_ORGANISATION, unseen_pairs[i].same, unseen_pairs[i].a,
		    unseen_pairs[i].b);
	tell("organisations, the rules were made with these", &seen);
	tell("organisations, made afterwards", &unseen);
	CHECK(seen.one_key == 0 && unseen.one_key == 0);
	CHECK(is_at_least(&seen, 0.97, 0.02));
	CHECK(is_at_least(&unseen, UNSEEN_RECALL, UNSEEN_WRONG));
}

/* A table of names: country, as written there, in Latin letters. */
struct row {
	char country[4], local[80], latin[80];
};
struct table {
	struct row *rows;
	size_t n;
};

static void
load(struct table *t, struct arena *a, const char *path, int local, int latin)
{
	FILE *f = fopen(path, "r");
	char line[1024];

	t->rows = arena_alloc(a, 12000 * sizeof *t->rows);
	while (f && fgets(line, sizeof line, f) && t->n < 12000) {
		struct row *r = &t->rows[t->n];
		char *rest = line, *s;

		line[strcspn(line, "\r\n")] = '\0';
		for (int i = 0; (s = strsep(&rest, ",")); i++)
			snprintf(i == 0    ? r->country :
				i == local ? r->local :
				i == latin ? r->latin :
					     line,
			    i == 0                       ? sizeof r->country :
				i == local || i == latin ? sizeof r->local :
							   1,
			    "%s", i == 0 || i == local || i == latin ? s : "");
		t->n += r->local[0] && r->latin[0];
	}
	if (f)
		fclose(f);
}

/* The k-th row, in a fixed disorder, of a country whose names are in its own script. */
static const struct row *
pick(const struct table *t, const char *country, size_t *seed)
{
	for (size_t tries = 0; tries < 10000000; tries++) {
		const struct row *r;

		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		r = &t->rows[(*seed >> 33) % t->n];
		/* Beyond Latin (U+0250 on). Korean rows have family names in Chinese characters too. */
		if (strcmp(r->country, country) == 0 && (uint8_t)r->local[0] >= 0xcd &&
		    (strcmp(country, "KR") != 0 || (uint8_t)r->local[0] >= 0xea))
			return r;
	}
	return NULL;
}

static void
persons_of(struct matcher *m, const struct table *given, const struct table *family,
    const char *country, double recall)
{
	struct tally t = { 0 };
	size_t seed = 1;
	bool joined = strchr("CKT", country[0]) && strcmp(country, "KZ") != 0;

	for (int i = 0; i < 150; i++) {
		const struct row *g = pick(given, country, &seed),
				 *f = pick(family, country, &seed);
		const struct row *h = pick(given, country, &seed),
				 *k = pick(family, country, &seed);
		char local[200], latin[200];

		CHECK(g && f && h && k);
		if (!g || !f || !h || !k)
			return;
		snprintf(local, sizeof local, joined ? "%s%s" : "%s %s",
		    joined ? f->local : g->local, joined ? g->local : f->local);
		snprintf(latin, sizeof latin, "%s %s", g->latin, f->latin);
		count(&t, m, MATCH_PERSON, true, local, latin);
		snprintf(latin, sizeof latin, "%s %s", h->latin, f->latin);
		if (strcmp(h->latin, g->latin) != 0)
			count(&t, m, MATCH_PERSON, false, local, latin);
		snprintf(latin, sizeof latin, "%s %s", g->latin, k->latin);
		if (strcmp(k->latin, f->latin) != 0)
			count(&t, m, MATCH_PERSON, false, local, latin);
	}
	tell(country, &t);
	CHECK(t.one_key == 0);
	CHECK(is_at_least(&t, recall, 0.03));
}

static void
persons_in_their_script_and_in_latin(void)
{
	static const struct {
		const char *country;
		double recall;
	} floors[] = { { "BG", 0.9 }, { "GE", 0.85 }, { "GR", 0.9 }, { "KZ", 0.97 },
		{ "RS", 0.97 }, { "RU", 0.97 }, { "CN", 0.95 }, { "KR", 0.9 }, { "TW", 0.85 } };
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	struct table given = { 0 }, family = { 0 };
	char path[512];

	if (!test_shared(path, "data/gazetteer/common-forenames-by-country.csv"))
		SKIP("no shared material");
	load(&given, a, path, 10, 11);
	if (!test_shared(path, "data/gazetteer/common-surnames-by-country.csv"))
		SKIP("no shared material");
	load(&family, a, path, 4, 5);
	for (size_t i = 0; i < LEN(floors); i++)
		persons_of(m, &given, &family, floors[i].country, floors[i].recall);
}

/* Names of states and territories in English, each against each: all are others. */
static void
states_are_not_each_other(void)
{
	static char states[400][80];
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	struct tally t = { 0 };
	const struct match_name *names[400];
	char path[512], command[640], line[512];
	size_t n = 0;
	FILE *f;

	if (!test_shared(path, "data/gazetteer/cldr-territories.tsv.gz"))
		SKIP("no shared material");
	snprintf(command, sizeof command, "gzip -dc '%s'", path);
	f = popen(command, "r");
	while (f && n < 400 && fgets(line, sizeof line, f)) {
		char code[8], name[80];

		if (sscanf(line, "en\t%7[A-Z]\t%79[^\n]", code, name) != 2 || strlen(code) != 2)
			continue;
		snprintf(states[n], sizeof states[n], "%s", name);
		names[n] = match_read(m, a, MATCH_PLACE, name);
		n++;
	}
	if (f)
		pclose(f);
	CHECK(n > 240);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			t.others++;
			t.wrong += is_found(names[i], names[j]);
			CHECK(strcmp(match_key(names[i]), match_key(names[j])) != 0 ||
			    strcmp(states[i], states[j]) == 0);
		}
	tell("states", &t);
	CHECK(is_at_least(&t, 0, 0.001));
}

/* A name with each of the legal forms that others have collected, and without. */
static void
legal_forms(void)
{
	AUTO(matcher) *m = matcher_new();
	AUTO(arena) *a = arena_new();
	struct tally t = { 0 };
	char path[512], line[512];
	FILE *f;

	if (!test_shared(path, "data/gazetteer/rigour/names/org_types.yml"))
		SKIP("no shared material");
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f)) {
		char form[300];

		if (sscanf(line, "      - %299[^\n]", form) != 1)
			continue;
		count(&t, m, MATCH_ORGANISATION, true, "Zarodna Vestrel",
		    arena_printf(a, "Zarodna Vestrel %s", form));
	}
	if (f)
		fclose(f);
	tell("legal forms", &t);
	CHECK(t.same > 1500);
	CHECK(is_at_least(&t, 0.45, 0));
}

TESTS(T(organisations), T(persons_in_their_script_and_in_latin), T(states_are_not_each_other),
    T(legal_forms))
