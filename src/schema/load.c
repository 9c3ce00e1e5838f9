/* schema/load: a schema from files: tables say what a keyword is followed by and where that goes;
 * once all files are read, names become pointers and what does not fit is refused. */
#include "schema/load_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct where
load_where(const struct load *l, const struct node *n)
{
	return (struct where){ l->file, l->no, n->line };
}

bool
load_once(const struct load *l, const struct where *at, const struct node *n, struct err *e)
{
	struct where here = load_where(l, n);

	if (at->no != l->no)
		return true;
	return where_err(&here, e,
	    "\"%.64s\" was said in line %u already; a file says a name once,"
	    " a later file may add to it",
	    n->words[1], at->line);
}

bool
load_name(const struct load *l, const struct node *n, bool (*ok)(const char *),
    const char *what, struct err *e)
{
	struct where here = load_where(l, n);

	if (ok(n->words[1]))
		return true;
	return where_err(&here, e, "\"%.64s\" cannot name a %s: %s, at most 64", n->words[1],
	    what,
	    ok == name_ok ? "letters, digits, - and _, a letter first" :
			    "letters, digits, and - _ . / :, a letter or digit first");
}

const char *const *
words_copy(struct arena *a, const char *const *words, size_t n)
{
	const char **to = arena_alloc(a, (n + 1) * sizeof *to);

	if (n)
		memcpy(to, words, n * sizeof *to);
	return to;
}

/* The last word holds: a language that was there is said otherwise, another is added. */
static struct label *
same_language(struct label *l, size_t n, const char *language)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(l[i].language, language))
			return &l[i];
	return &l[n];
}

/* Other names are added, whether or not their language has one. */
static struct label *
next_name(struct label *l, size_t n, const char *language)
{
	(void)language;
	return &l[n];
}

static bool
put_labels(struct load *l, struct labels *to, const struct node *n, size_t from,
    struct label *(*place)(struct label *, size_t, const char *), struct err *e)
{
	struct where here = load_where(l, n);
	size_t most = to->n + (n->n_words - from) / 2;
	struct label *all = arena_alloc(l->a, most * sizeof *all);

	if ((n->n_words - from) % 2)
		return where_err(&here, e,
		    "labels are pairs of a language and a text in quotes: en \"…\" fr \"…\"");
	if (most > LABELS_MAX)
		return where_err(&here, e, "more than %d labels", LABELS_MAX);
	if (to->n)
		memcpy(all, to->l, to->n * sizeof *all);
	for (size_t i = from; i < n->n_words; i += 2) {
		const char *language = n->words[i], *text = n->words[i + 1];
		struct label *at = place(all, to->n, language);

		if (!language_ok(language, strlen(language)))
			return where_err(&here, e,
			    "\"%.64s\" is no language tag (en, fr, pt-BR, …)", language);
		if (!*text)
			return where_err(&here, e, "an empty label (%s)", language);
		to->n += at == &all[to->n];
		*at = (struct label){ language, text };
	}
	to->l = all;
	return true;
}

bool
load_labels(struct load *l, struct labels *to, const struct node *n, size_t from, struct err *e)
{
	return n->n_words == from || put_labels(l, to, n, from, same_language, e);
}

static void
put_map(struct arena *a, struct map_list *to, const char *format, const char *name)
{
	struct map *more;

	for (size_t i = 0; i < to->n; i++)
		if (!strcmp(to->m[i].format, format) && !strcmp(to->m[i].name, name))
			return;
	more = arena_alloc(a, (to->n + 1) * sizeof *more);
	if (to->n)
		memcpy(more, to->m, to->n * sizeof *more);
	to->m = more;
	to->m[to->n++] = (struct map){ format, name };
}

/* The length of a form's first word: the keyword. */
static size_t
keyword_length(const char *form)
{
	return strcspn(form, " ");
}

static const struct keyword *
find_keyword(const struct keyword *table, const char *word)
{
	size_t n = strlen(word);

	for (; table->form; table++)
		if (*table->form == *word && keyword_length(table->form) == n &&
		    !strncmp(table->form, word, n))
			return table;
	return NULL;
}

static bool
unknown_keyword(const struct where *at, const struct keyword *table, const char *what,
    const char *word, struct err *e)
{
	char names[16][24], hint[NAME_MAX_ * 4];
	struct nearest near;

	nearest_init(&near, word);
	for (size_t i = 0; table[i].form && i < LEN(names); i++) {
		snprintf(names[i], sizeof names[i], "%.*s", (int)keyword_length(table[i].form),
		    table[i].form);
		nearest_try(&near, names[i], names[i]);
	}
	return where_err(at, e, "%s has no \"%.64s\"%s", what, word, nearest_hint(&near, hint));
}

bool
load_nothing(const struct load *l, const struct node *n, struct err *e)
{
	struct where below = load_where(l, n);

	if (!n->child)
		return true;
	below.line = n->child->line;
	return where_err(
	    &below, e, "no line belongs under \"%s\": indented too far?", n->words[0]);
}

/* A line that has no lines of its own: its words go into a field. */
static bool
take_line(
    struct load *l, const struct keyword *k, void *whole, const struct node *n, struct err *e)
{
	void *field = (char *)whole + k->offset;
	struct where here = load_where(l, n);

	if (!load_nothing(l, n, e))
		return false;
	switch (k->how) {
	case FLAG:
		*(bool *)field = true;
		return true;
	case WORD:
		*(const char **)field = n->words[1];
		return true;
	case LIST:
		*(const char *const **)field = words_copy(l->a, n->words + 1, n->n_words - 1);
		return true;
	case WORDS:
		*(struct words *)field =
		    (struct words){ words_copy(l->a, n->words + 1, n->n_words - 1),
			    n->n_words - 1, here };
		return true;
	case LABELS:
		return put_labels(l, field, n, 1, same_language, e);
	case NAMES:
		return put_labels(l, field, n, 1, next_name, e);
	case MAP:
		put_map(l->a, field, n->words[1], n->words[2]);
		return ((struct map_list *)field)->n <= FEW ||
		    where_err(&here, e, "more than %d maps", FEW);
	default:
		return false;
	}
}

bool
load_lines(struct load *l, const struct keyword *table, const char *what, void *whole,
    const struct node *first, struct err *e)
{
	for (const struct node *n = first; n; n = n->next) {
		const struct keyword *k = find_keyword(table, n->words[0]);
		struct where here = load_where(l, n);

		if (!k)
			return unknown_keyword(&here, table, what, n->words[0], e);
		if (n->n_words - 1 < k->least || n->n_words - 1 > k->most)
			return where_err(&here, e, "the form is: %s", k->form);
		if (!(k->how == PART ? k->part(l, whole, n, e) : take_line(l, k, whole, n, e)))
			return false;
	}
	return true;
}

bool
unknown_name(const struct where *at, const char *what, const char *name, const struct list *of,
    struct err *e)
{
	char hint[NAME_MAX_ * 4];
	struct nearest near;

	nearest_init(&near, name);
	for (size_t i = 0; i < of->n; i++) {
		const char *const *other = of->p[i];

		nearest_try(&near, *other, *other);
	}
	return where_err(at, e, "no %s \"%.64s\"%s", what, name, nearest_hint(&near, hint));
}

static const struct keyword in_file[] = {
	{ "type NAME", 1, 1, PART, 0, load_type },
	{ "vocabulary NAME", 1, 1, PART, 0, load_vocabulary },
	{ "procedure NAME", 1, 1, PART, 0, load_procedure },
	{ "mapping NAME", 1, 1, PART, 0, load_mapping },
	{ 0 },
};

static bool
finish(struct schema *s, struct err *e)
{
	for (size_t i = 0; i < s->vocabularies.n; i++)
		if (!vocabulary_finish(s, s->vocabularies.p[i], e))
			return false;
	for (size_t i = 0; i < s->procedures.n; i++)
		if (!procedure_finish(s, s->procedures.p[i], e))
			return false;
	for (size_t i = 0; i < s->types.n; i++)
		if (!type_finish(s, s->types.p[i], e))
			return false;
	for (size_t i = 0; i < s->procedures.n; i++)
		if (!procedure_through(s, s->procedures.p[i], e))
			return false;
	for (size_t i = 0; i < s->mappings.n; i++)
		if (!mapping_finish(s, s->mappings.p[i], e))
			return false;
	pointers_done(s->a, &s->mappings);
	pointers_done(s->a, &s->types);
	pointers_done(s->a, &s->vocabularies);
	pointers_done(s->a, &s->procedures);
	return true;
}

static bool
load_files(struct schema *s, const struct schema_file *f, size_t n, unsigned *no, struct err *e)
{
	AUTO(arena) *lines = arena_new();

	for (size_t i = 0; i < n; i++) {
		struct load l = { s, s->a, arena_str(s->a, f[i].name), ++*no };
		const struct node *first;

		if (!outline_read(lines, s->a, &f[i], &first, e) ||
		    !load_lines(&l, in_file, "a schema file", s, first, e))
			return false;
		arena_reset(lines);
	}
	return true;
}

static struct schema *
load_both(const struct schema_file *shipped, size_t n_shipped, const struct schema_file *own,
    size_t n_own, struct err *e)
{
	AUTO(schema) *s = mem_zalloc(sizeof *s);
	unsigned no = 0;

	s->a = arena_new();
	pthread_mutex_init(&s->names_lock, NULL);
	if (!load_files(s, shipped, n_shipped, &no, e) || !load_files(s, own, n_own, &no, e) ||
	    !finish(s, e))
		return NULL;
	return TAKE(s);
}

struct schema *
schema_load(const struct schema_file *f, size_t n, struct err *e)
{
	return load_both(f, n, NULL, 0, e);
}

struct schema *
schema_new(const struct schema_file *own, size_t n, struct err *e)
{
	size_t n_shipped;
	const struct schema_file *shipped = schema_shipped(&n_shipped);

	return load_both(shipped, n_shipped, own, n, e);
}

void
schema_free(struct schema *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->names_lock);
	arena_free(s->a);
	free(s);
}
