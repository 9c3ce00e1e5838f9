/* match/table: the words, legal forms and titles of share/match, found by phrase. */
#include <stdlib.h>
#include <string.h>

#include "match/private.h"

uint64_t
phrase_hash(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 1099511628211u;
	return h ^ h >> 32;
}

static struct slot *
slot_of(const struct matcher *m, const char *phrase)
{
	size_t i = phrase_hash(phrase) & (m->cap - 1);

	while (m->slots[i].phrase && strcmp(m->slots[i].phrase, phrase) != 0)
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

struct known
phrase_get(const struct matcher *m, const char *phrase)
{
	return slot_of(m, phrase)->known;
}

static void
grow(struct matcher *m)
{
	struct slot *old = m->slots;
	size_t n = m->cap;

	m->cap = n ? n * 2 : 4096;
	m->slots = mem_zalloc(m->cap * sizeof *m->slots);
	for (size_t i = 0; i < n; i++)
		if (old[i].phrase)
			*slot_of(m, old[i].phrase) = old[i];
	free(old);
}

/* What was said first about a phrase holds. */
static void
add(struct matcher *m, const char *phrase, struct known k)
{
	struct slot *s;

	if (m->n * 2 >= m->cap)
		grow(m);
	s = slot_of(m, phrase);
	if (!s->phrase) {
		s->phrase = arena_str(m->arena, phrase);
		m->n++;
	}
	if (!s->known.concept)
	s->known.concept = k.concept;
	if (!s->known.form) {
		s->known.form = k.form;
		s->known.kind = k.kind;
	}
	if (!s->known.title)
		s->known.title = k.title;
	s->known.particle |= k.particle;
	if (!s->known.readings)
		s->known.readings = k.readings;
}

/* A phrase of the tables as names have it: the folded words of it. */
static const char *
fold(struct matcher *m, struct arena *a, const char *s, size_t n)
{
	AUTO_VAL(buf) out = buf_init(4096);
	struct token t;

	tokens_start(m->tokens, s, n);
	while (tokens_next(m->tokens, &t)) {
		if (t.translit)
			continue;
		if (out.n)
			buf_byte(&out, ' ');
		for (size_t i = 0; i < t.n; i++)
			if (t.term[i] != '.' && t.term[i] != '\'')
				buf_byte(&out, (uint8_t)t.term[i]);
	}
	return arena_str(a, buf_peek(&out));
}

static void
add_all(struct matcher *m, const char *s, const char *end, struct known k)
{
	AUTO(arena) *a = arena_new();

	while (s < end) {
		const char *bar = memchr(s, '|', (size_t)(end - s));
		const char *to = bar ? bar : end, *phrase = fold(m, a, s, (size_t)(to - s));

		if (*phrase)
			add(m, phrase, k);
		s = to + 1;
	}
}

/* The field of a line up to the tab; *s is moved behind that. */
static const char *
field(struct matcher *m, const char **s, const char *end)
{
	const char *tab = memchr(*s, '\t', (size_t)(end - *s)), *from = *s;

	*s = tab ? tab + 1 : end;
	return arena_strn(m->arena, from, (size_t)((tab ? tab : end) - from));
}

/* Numbers for names, in the order in which they come. */
struct numbers {
	const char *names[512];
	uint16_t n;
};

static uint16_t
number_of(struct numbers *of, const char *name)
{
	for (uint16_t i = 0; i < of->n; i++)
		if (strcmp(of->names[i], name) == 0)
			return i;
	if (of->n == LEN(of->names))
		abort(); /* the tables are ours: a test loads them */
	of->names[of->n] = name;
	return of->n++;
}

static void
line_of_words(struct matcher *m, struct numbers *n, const char *s, const char *end)
{
	const char *name = field(m, &s, end);
	struct known k = { 0 };

	if (strcmp(name, "~") == 0)
		k.particle = true;
	else
	k.concept = number_of(n, name);
	add_all(m, s, end, k);
}

static void
line_of_forms(struct matcher *m, struct numbers *n, const char *s, const char *end)
{
	struct known k = { .kind = number_of(n, field(m, &s, end)) };

	m->forms[++m->n_forms] = field(m, &s, end);
	k.form = m->n_forms;
	add_all(m, s, end, k);
}

static void
line_of_titles(struct matcher *m, struct numbers *n, const char *s, const char *end)
{
	const char *where = field(m, &s, end);
	struct known k = { .title = where[0] == 'b' ? TITLE_BEFORE : TITLE_AFTER };

	(void)n;
	if (strchr(where, '?'))
		k.title |= TITLE_UNSURE;
	add_all(m, s, end, k);
}

static void
line_of_readings(struct matcher *m, struct numbers *n, const char *s, const char *end)
{
	const char *characters = field(m, &s, end);
	char *latin = arena_strn(m->arena, s, (size_t)(end - s));

	(void)n;
	for (char *p = latin; (p = strchr(p, ' '));)
		memmove(p, p + 1, strlen(p)); /* "au yeung" is one name */
	for (char *p = latin; (p = strchr(p, '|'));)
		*p = ' ';
	add_all(m, characters, characters + strlen(characters),
	    (struct known){ .readings = latin });
}

void
table_load(struct matcher *m)
{
	static const struct {
		const char *text;
		void (*line)(
		    struct matcher *m, struct numbers *n, const char *s, const char *end);
		const char *reserved[CONCEPT_FIRST]; /* what the first numbers are for */
	} tables[] = {
		{ match_words, line_of_words, { "", "-", "+" } },
		{ match_forms, line_of_forms, { "" } },
		{ match_titles, line_of_titles, { "" } },
		{ match_readings, line_of_readings, { "" } },
	};

	for (size_t i = 0; i < LEN(tables); i++) {
		struct numbers n = { 0 };

		while (n.n < CONCEPT_FIRST && tables[i].reserved[n.n])
			number_of(&n, tables[i].reserved[n.n]);
		for (const char *s = tables[i].text; *s;) {
			const char *end = strchrnul(s, '\n');

			if (*s != '#' && end > s)
				tables[i].line(m, &n, s, end);
			s = *end ? end + 1 : end;
		}
	}
}
