/* The files that are built into the program: sound as a whole, and read fast. */
#include "common.h"

#include "base/clock.h"

static void
they_load(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	CHECK_OK(s, &e);
}

/* Without what follows the point: "a" is before "a-b". */
static bool
before(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");
	int c = strncmp(a, b, MIN(n, m));

	return c < 0 || (c == 0 && n < m);
}

static void
their_names_are_sorted(void)
{
	size_t n;
	const struct schema_file *f = schema_shipped(&n);

	CHECK(n > 0);
	for (size_t i = 0; i < n; i++) {
		CHECK(strlen(f[i].text) == f[i].n && f[i].n > 0);
		CHECK(i == 0 || before(f[i - 1].name, f[i].name));
	}
}

static bool
has_language(const struct labels *l, const char *language)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->l[i].language, language))
			return true;
	return false;
}

static void
everything_has_an_english_label(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	NEED(s, &e);
	for (const struct type *const *t = schema_types(s); *t; t++) {
		CHECK(has_language(&(*t)->labels, "en"));
		for (const struct property *const *p = (*t)->properties; *p; p++) {
			CHECK(has_language(&(*p)->labels, "en"));
			if (!has_language(&(*p)->labels, "en"))
				printf("# %s.%s\n", (*t)->name, (*p)->name);
		}
	}
	for (const struct vocabulary *const *v = schema_vocabularies(s); *v; v++)
		for (size_t i = 0; i < (*v)->n; i++) {
			const struct term *t = (*v)->terms[i];

			/* Some codes are known to everybody as they are: USD, EUR. */
			CHECK(t->labels.n == 0 || has_language(&t->labels, "en"));
			if (t->labels.n && !has_language(&t->labels, "en"))
				printf("# %s %s\n", (*v)->name, t->code);
		}
}

/* How many terms still lack one of the six languages: what is said in all of them stays so, and new terms come
 * with all. Terms without any label are known to everybody by their codes. */
static const struct {
	const char *vocabulary;
	size_t lack;
} unfinished[] = {
	{ "legal-element", 91 },
	{ "mode-of-liability", 33 },
	{ "intervention-kind", 48 },
	{ "topic", 17 },
	{ "theme", 36 },
	{ "method", 100 },
	{ "instrument", 103 },
	{ "language", 81 },
	{ "occupation", 171 },
	{ "religion", 29 },
	{ "ethnicity", 237 },
	{ "relationship", 26 },
	{ "characteristic", 47 },
	{ "physical-description", 83 },
	{ "state", 13 },
};

static size_t
lacking(const struct vocabulary *v)
{
	static const char *const languages[] = { "en", "fr", "es", "ru", "ar", "zh" };
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct labels *l = &v->terms[i]->labels;
		bool all = true;

		for (size_t k = 0; k < LEN(languages); k++)
			all &= l->n == 0 || has_language(l, languages[k]);
		n += !all;
	}
	return n;
}

static void
terms_speak_six_languages(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	NEED(s, &e);
	for (const struct vocabulary *const *v = schema_vocabularies(s); *v; v++) {
		size_t most = 0, n = lacking(*v);

		for (size_t i = 0; i < LEN(unfinished); i++)
			if (!strcmp(unfinished[i].vocabulary, (*v)->name))
				most = unfinished[i].lack;
		CHECK(n <= most);
		if (n != most)
			printf("# %s: %zu lack a language, not %zu\n", (*v)->name, n, most);
	}
}

/* The Events Standard Formats as the field's list has them: how many fields each format has in all, and each
 * field of content. */
enum { FIELDS_MAX = 40 };
static const struct {
	const char *format;
	size_t n;
	const char *fields[FIELDS_MAX];
} formats[] = {
	{ "event", 30,
	    { "event_title", "geographical_term", "local_geographical_area", "initial_date",
		"initial_date_type", "final_date", "final_date_type", "event_description",
		"impact_of_event", "violation_status", "violation_index", "rights_affected",
		"huridocs_index_terms", "local_index", "other_thesaurus", "project_title",
		"files", "record_grouping", "monitoring_status", "event_location" } },
	{ "act", 31,
	    { "victim", "event", "type_of_act", "initial_date", "initial_date_type",
		"final_date", "final_date_type", "exact_location",
		"exact_location_at_end_of_act", "stated_reason", "method_of_violence",
		"attribution", "physical_consequences", "psychological_consequences",
		"age_at_time_of_victimisation", "status_at_end_of_act",
		"victim_characteristics", "type_of_location", "national_legislation",
		"international_instruments", "act_location" } },
	{ "involvement", 15,
	    { "perpetrator", "event", "act", "degree_of_involvement", "type_of_perpetrator",
		"latest_status_as_perpetrator_in_the_act" } },
	{ "information", 19,
	    { "source", "event", "related_person", "source_connection_to_information",
		"language_of_source_material", "local_language_of_source_material",
		"date_of_source_material", "type_of_source_material",
		"reliability_of_information" } },
	{ "intervention", 20,
	    { "intervening_party", "event", "victim", "type_of_intervention",
		"date_of_intervention", "parties_requested", "response",
		"impact_on_the_situation", "intervention_status", "priority",
		"intervention_location" } },
	{ "person", 49,
	    { "counting_unit", "person_name", "other_names", "person_addresses",
		"date_of_birth", "date_of_birth_type", "place_of_birth", "locality_of_birth",
		"sex", "sexual_orientation", "identification_documents", "civil_status",
		"dependants", "formal_education", "other_training", "occupation",
		"local_term_for_occupation", "health", "medical_records",
		"physical_description", "deceased", "date_deceased", "date_deceased_type",
		"group_description", "number_of_persons_in_group", "religion", "citizenship",
		"ethnic_background", "other_background", "general_characteristics", "language",
		"local_language", "national_origin", "reliability_as_source",
		"reliability_as_intervening_party", "files", "project_title", "record_grouping",
		"person_location" } },
	{ "biographic_details", 20,
	    { "person", "related_person", "type_of_relationship", "initial_date",
		"initial_date_type", "final_date", "final_date_type", "education_and_training",
		"employment", "affiliation", "position_in_organisation", "rank" } },
	{ "chain_of_events", 10, { "event", "related_event", "type_of_chain_of_events" } },
	{ "arrest", 11,
	    { "case_description", "type_of_detention", "detention_conditions", "whereabouts",
		"legal_counsel", "type_of_court", "type_of_language", "court_case_code",
		"court_case_name", "judicial_district" } },
	{ "killing", 3, { "autopsy_results", "death_certificate" } },
	{ "torture", 4, { "statements_signed", "medical_attention", "intent" } },
	{ "destruction", 4,
	    { "type_of_property_loss", "value_of_destroyed_property", "compensation" } },
	{ "address", 11,
	    { "address_type", "address", "country", "phone", "cellular", "fax", "email", "web",
		"start_date", "end_date" } },
	{ "supporting_docs_meta", 11,
	    { "title", "creator", "description", "datecreated", "datesubmitted", "type",
		"language", "choose_file_upload", "format", "url" } },
};

struct found {
	const char *names[2 * FIELDS_MAX];
	size_t n;
};

static bool
has_field(const struct found *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->names[i], name))
			return true;
	return false;
}

static const char *
mapped_as(const struct property *p, const char *format)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (!strcmp(p->maps[i].format, format))
			return p->maps[i].name;
	return NULL;
}

/* Of a sub-format only what its own table has there: the act's number goes by another name. */
static struct found
fields_of(const struct type *t, bool part)
{
	struct found f = { 0 };

	for (const struct property *const *p = t->properties; *p; p++) {
		const char *names[] = { mapped_as(*p, "esf"), mapped_as(*p, "esf-type") };

		if (part && (*p)->owner != t)
			continue;
		if (part && mapped_as(*p, "esf-part"))
			names[0] = mapped_as(*p, "esf-part");
		for (size_t i = 0; i < LEN(names); i++)
			if (names[i] && !has_field(&f, names[i]) && f.n < LEN(f.names))
				f.names[f.n++] = names[i];
	}
	return f;
}

static void
events_standard_formats_are_complete(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);
	size_t all = 0;

	NEED(s, &e);
	for (size_t i = 0; i < LEN(formats); i++) {
		const struct type *t = schema_mapped(s, "esf", formats[i].format);
		struct found f;

		CHECK(t);
		if (!t)
			continue;
		f = fields_of(t, type_is(t, "act") && strcmp(formats[i].format, "act") != 0);
		for (const char *const *name = formats[i].fields; *name; name++) {
			CHECK(has_field(&f, *name));
			if (!has_field(&f, *name))
				printf("# %s.%s\n", formats[i].format, *name);
		}
		CHECK(f.n == formats[i].n);
		if (f.n != formats[i].n)
			printf("# %s has %zu\n", formats[i].format, f.n);
		all += f.n;
	}
	CHECK(all == 238);
}

/* Every command that touches records does it. The limit is what a slow machine under sanitizers
 * needs; the figure is for people. */
static void
loading_is_fast(void)
{
	enum { ROUNDS = 5 };
	int64_t start = clock_ticks(), took;

	for (int i = 0; i < ROUNDS; i++) {
		struct err e = { 0 };
		AUTO(schema) *s = schema_new(NULL, 0, &e);

		NEED(s, &e);
	}
	took = clock_ticks() - start;
	printf("# %.1f ms each\n", (double)took / ROUNDS);
	CHECK(took < ROUNDS * 1000);
}

TESTS(T(they_load), T(their_names_are_sorted), T(everything_has_an_english_label),
    T(terms_speak_six_languages), T(events_standard_formats_are_complete), T(loading_is_fast))
