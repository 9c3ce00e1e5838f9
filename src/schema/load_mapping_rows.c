/* schema/load_mapping_rows: where a mapping finds rows in the text of an item (mapping.h: mapping_rule). */
#include <string.h>

#include "schema/load_private.h"

struct mapping_line_in {
	struct mapping_line pub;
	struct where at;
};

static const char *const kinds[] = {
	[ROWS_OF_FILE] = "",
	[ROWS_OF_TABLES] = "tables",
	[ROWS_OF_NUMBERS] = "numbers",
};
_Static_assert(LEN(kinds) == MAPPING_ROWS, "every kind has a row");

enum { TABLES = 1 << ROWS_OF_TABLES, NUMBERS = 1 << ROWS_OF_NUMBERS };

static const struct {
	const char *word;
	bool named;
	unsigned of; /* kinds of rows that it says something to */
} rules[] = {
	[RULE_HEADING] = { "heading", true, TABLES },
	[RULE_NUMBERED] = { "numbered", true, TABLES },
	[RULE_NUMBER] = { "number", false, TABLES | NUMBERS },
	[RULE_SKIP] = { "skip", false, NUMBERS },
	[RULE_FOOTNOTE] = { "footnote", false, NUMBERS },
	[RULE_SECTION] = { "section", true, NUMBERS },
	[RULE_AFTER] = { "after", true, TABLES },
	[RULE_BEFORE] = { "before", true, TABLES },
	[RULE_BETWEEN] = { "between", true, TABLES | NUMBERS },
	[RULE_WORD] = { "word", true, TABLES | NUMBERS },
	[RULE_NAMES] = { "names", true, TABLES | NUMBERS },
	[RULE_JOIN] = { "join", false, TABLES | NUMBERS },
	[RULE_ARTICLE] = { "article", false, TABLES | NUMBERS },
};
_Static_assert(LEN(rules) == MAPPING_RULES, "every rule has a row");

static bool
load_rule(struct load *l, void *whole, const struct node *n, struct err *e)
{
	struct mapping_rows_in *in = whole;
	struct mapping_line_in *line = arena_alloc(l->a, sizeof *line);
	size_t rule = 0, from;

	while (rule + 1 < LEN(rules) && strcmp(rules[rule].word, n->words[0]) != 0)
		rule++;
	from = 1 + rules[rule].named;
	line->at = load_where(l, n);
	line->pub = (struct mapping_line){ .rule = (enum mapping_rule)rule,
		.name = rules[rule].named ? n->words[1] : "",
		.words = words_copy(l->a, n->words + from, n->n_words - from) };
	pointers_add(l->a, &in->lines, line);
	return load_nothing(l, n, e);
}

static const struct keyword in_rows[] = {
	{ "heading COLUMN \"TEXT\"…", 2, FEW, PART, 0, load_rule },
	{ "numbered COLUMN", 1, 1, PART, 0, load_rule },
	{ "number \"PATTERN\"…", 1, FEW, PART, 0, load_rule },
	{ "skip \"PATTERN\"…", 1, FEW, PART, 0, load_rule },
	{ "footnote \"PATTERN\"…", 1, FEW, PART, 0, load_rule },
	{ "section VALUE \"PATTERN\"…", 2, FEW, PART, 0, load_rule },
	{ "after COLUMN OF \"TEXT\"…", 3, FEW, PART, 0, load_rule },
	{ "before COLUMN OF \"TEXT\"…", 3, FEW, PART, 0, load_rule },
	{ "between COLUMN \"TEXT\" \"TEXT\"", 3, 3, PART, 0, load_rule },
	{ "word COLUMN \"PATTERN\"…", 2, FEW, PART, 0, load_rule },
	{ "names VOCABULARY", 1, 1, PART, 0, load_rule },
	{ "join \"TEXT\"…", 1, FEW, PART, 0, load_rule },
	{ "article \"TEXT\"…", 1, FEW, PART, 0, load_rule },
	{ 0 },
};

bool
load_mapping_rows(struct load *l, void *rows, const struct node *n, struct err *e)
{
	struct mapping_rows_in *in = rows;

	in->at = load_where(l, n);
	in->kind = n->words[1];
	in->lines = (struct list){ 0 };
	return load_lines(l, in_rows, "the rows of a mapping", in, n->child, e);
}

/* ---- what must hold ---- */

static bool
is_empty(const char *const *words)
{
	for (; *words; words++)
		if (!**words)
			return true;
	return false;
}

static bool
names_column(enum mapping_rule r)
{
	return rules[r].named && r != RULE_SECTION && r != RULE_NAMES;
}

/* A number has one part or two; in a cell up to four. */
static bool
are_numbers(const char *const *words, size_t most)
{
	for (; *words; words++) {
		size_t n = 0;

		for (const char *c = *words; *c; c++)
			n += *c == '#';
		if (!n || n > most)
			return false;
	}
	return true;
}

static bool
check_line(struct schema *s, size_t kind, const struct mapping_line_in *line,
    bool (*is_column)(const void *mapping, const char *name), const void *mapping,
    struct err *e)
{
	const struct mapping_line *p = &line->pub;
	bool parts = p->rule == RULE_AFTER || p->rule == RULE_BEFORE;

	if (!(rules[p->rule].of & 1u << kind))
		return where_err(&line->at, e, "\"%s\" says nothing to rows of %s",
		    rules[p->rule].word, kinds[kind]);
	if (p->rule == RULE_NUMBER && !are_numbers(p->words, kind == ROWS_OF_NUMBERS ? 2 : 4))
		return where_err(&line->at, e,
		    "a number is written with # for one part or two,"
		    " in a table for up to four: \"#.#\"");
	if (is_empty(p->words))
		return where_err(&line->at, e, "an empty text marks nothing");
	if (names_column(p->rule) && !is_column(mapping, p->name))
		return where_err(
		    &line->at, e, "the mapping does not list the column \"%.64s\"", p->name);
	if (parts && !is_column(mapping, p->words[0]))
		return where_err(&line->at, e, "the mapping does not list the column \"%.64s\"",
		    p->words[0]);
	if (p->rule == RULE_NAMES && !schema_vocabulary(s, p->name))
		return where_err(&line->at, e, "no vocabulary \"%.64s\"", p->name);
	return true;
}

static bool
has_rule(const struct mapping_rows_in *in, enum mapping_rule rule)
{
	for (size_t i = 0; i < in->lines.n; i++)
		if (((const struct mapping_line_in *)in->lines.p[i])->pub.rule == rule)
			return true;
	return false;
}

bool
finish_mapping_rows(struct schema *s, const struct mapping_rows_in *in,
    bool (*is_column)(const void *mapping, const char *name), const void *mapping,
    struct mapping *ret, struct err *e)
{
	struct mapping_line *all = arena_alloc(s->a, (in->lines.n + 1) * sizeof *all);
	size_t kind = 1;

	if (!in->kind)
		return true;
	while (kind < LEN(kinds) && strcmp(kinds[kind], in->kind) != 0)
		kind++;
	if (kind == LEN(kinds))
		return where_err(
		    &in->at, e, "rows are of tables or of numbers, not of \"%.64s\"", in->kind);
	if (kind == ROWS_OF_NUMBERS &&
	    (!has_rule(in, RULE_NUMBER) || !has_rule(in, RULE_SECTION)))
		return where_err(&in->at, e,
		    "rows of numbers need lines \"number\" and \"section\": how numbers are"
		    " written, and what begins the numbered part");
	for (size_t i = 0; i < in->lines.n; i++) {
		const struct mapping_line_in *line = in->lines.p[i];

		if (!check_line(s, kind, line, is_column, mapping, e))
			return false;
		all[i] = line->pub;
	}
	ret->rows = (enum mapping_rows)kind;
	ret->lines = all;
	ret->n_lines = in->lines.n;
	return true;
}

const struct mapping_line *
mapping_next(const struct mapping *m, enum mapping_rule rule, const struct mapping_line *last)
{
	for (size_t i = last ? (size_t)(last - m->lines) + 1 : 0; i < m->n_lines; i++)
		if (m->lines[i].rule == rule)
			return &m->lines[i];
	return NULL;
}
