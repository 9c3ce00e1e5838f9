/* schema/outline: lines and their indentation as nodes. The bytes may be anybody's: nothing in here
 * knows what a keyword means. */
#include "schema/private.h"

#include <string.h>

struct parse {
	struct arena *a;
	const struct schema_file *f;
	const char *start; /* of the line */
	unsigned line;
	const char *words[OUTLINE_WORDS + 1]; /* of the line */
	size_t n_words;
	struct err *e;
};

static bool
bad(const struct parse *p, const char *at, const char *what)
{
	return err_set(p->e, ERR_INVALID, "%.*s:%u:%zu: %s", WHERE_MAX, p->f->name, p->line,
	    (size_t)(at - p->start) + 1, what);
}

/* A word in quotes, its escapes undone where it stands. */
static bool
quoted_word(struct parse *p, char **at, char *end)
{
	char *s = *at + 1, *stop = memchr(s, '"', (size_t)(end - s)), *to;
	char *escape = stop ? memchr(s, '\\', (size_t)(stop - s)) : NULL;

	p->words[p->n_words++] = s;
	if (escape) {
		for (s = to = escape; s < end && *s != '"'; *to++ = *s++)
			if (*s == '\\' && (++s == end || (*s != '"' && *s != '\\')))
				return bad(
				    p, s - 1, "in quotes, \\ stands only before \" or \\");
		stop = s < end ? s : NULL;
	} else {
		to = stop;
	}
	if (!stop)
		return bad(p, *at, "the quote is not closed on this line");
	if (stop + 1 < end && stop[1] != ' ')
		return bad(p, stop + 1, "a space belongs after the closing quote");
	*to = 0;
	*at = stop + 1;
	return true;
}

static bool
plain_word(struct parse *p, char **at, char *end)
{
	char *s = *at;

	p->words[p->n_words++] = s;
	for (; s < end && *s != ' '; s++)
		if (*s == '"')
			return bad(p, s, "a quote begins a word; a space belongs before it");
	*at = s + (s < end);
	*s = 0; /* a space, the line's end, or the zero after the text */
	return true;
}

static bool
cut_words(struct parse *p, char *s, char *end)
{
	p->n_words = 0;
	while (s < end) {
		if (*s == ' ') {
			s++;
			continue;
		}
		if (*s == '#')
			break;
		if (p->n_words == OUTLINE_WORDS)
			return bad(p, s, "more than 512 words in a line");
		if (!(*s == '"' ? quoted_word(p, &s, end) : plain_word(p, &s, end)))
			return false;
	}
	p->words[p->n_words] = NULL;
	return true;
}

struct level { /* a depth that is open: its indentation, and the node put last there */
	size_t indent;
	struct node *last;
};

/* The level that a line of this indentation belongs to, counted from 0. */
static bool
find_level(const struct parse *p, struct level *levels, size_t *depth, size_t indent)
{
	const char *at = p->start + indent;

	if (!*depth || indent > levels[*depth - 1].indent) {
		if (!*depth && indent)
			return bad(p, at, "the first line is indented");
		if (*depth == OUTLINE_DEPTH)
			return bad(p, at, "too many levels of indentation (16)");
		levels[(*depth)++] = (struct level){ .indent = indent };
		return true;
	}
	while (indent < levels[*depth - 1].indent)
		(*depth)--;
	if (indent != levels[*depth - 1].indent)
		return bad(p, at, "indented like no line above that it could belong to");
	return true;
}

/* Words are cut out of the line where they stand. */
static bool
add_line(struct parse *p, char *line, char *end, struct level *levels, size_t *depth,
    struct node **first)
{
	size_t indent = strspn(line, " ");
	struct node *n;
	struct level *at;

	p->start = line;
	if (!cut_words(p, line + indent, end))
		return false;
	if (!p->n_words)
		return true;
	if (!find_level(p, levels, depth, indent))
		return false;
	n = arena_alloc(p->a, sizeof *n);
	n->words = arena_dup(p->a, p->words, (p->n_words + 1) * sizeof *p->words);
	n->n_words = p->n_words;
	n->line = p->line;
	at = &levels[*depth - 1];
	if (at->last)
		at->last->next = n;
	else if (*depth > 1)
		levels[*depth - 2].last->child = n;
	else
		*first = n;
	at->last = n;
	return true;
}

/* What a file may hold: UTF-8, and of control characters only the ends of lines. */
static bool
check_text(const struct schema_file *f, struct err *e)
{
	struct parse p = { .f = f, .line = 1, .e = e };
	size_t at = plain_span(f->text, f->n), line = 0;

	while (at < f->n &&
	    (f->text[at] == '\n' ||
		(f->text[at] == '\r' && at + 1 < f->n && f->text[at + 1] == '\n'))) {
		at++;
		at += plain_span(f->text + at, f->n - at);
	}
	if (at == f->n)
		return true;
	for (size_t i = 0; i < at; i++)
		if (f->text[i] == '\n') {
			p.line++;
			line = i + 1;
		}
	p.start = f->text + line;
	return bad(&p, f->text + at,
	    f->text[at] == '\t'                   ? "a tab; spaces are meant" :
		(unsigned char)f->text[at] < 0x80 ? "a control character" :
						    "this is not UTF-8");
}

bool
outline_read(struct arena *a, struct arena *texts, const struct schema_file *f,
    const struct node **ret, struct err *e)
{
	struct level levels[OUTLINE_DEPTH];
	struct parse p = { .a = a, .f = f, .e = e };
	struct node *first = NULL;
	size_t depth = 0;
	char *text, *end;

	if (f->n > OUTLINE_BYTES)
		return err_set(
		    e, ERR_TOO_BIG, "%.*s:1: a schema file may have 4 MiB", WHERE_MAX, f->name);
	if (!check_text(f, e))
		return false;
	text = arena_strn(texts, f->text, f->n);
	end = text + f->n;
	if (f->n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3; /* some editors begin every file with this mark */
	for (p.line = 1; text < end; p.line++) {
		char *nl = memchr(text, '\n', (size_t)(end - text)), *stop = nl ? nl : end;
		char *last = stop > text && stop[-1] == '\r' ? stop - 1 : stop;

		if (!add_line(&p, text, last, levels, &depth, &first))
			return false;
		text = nl ? nl + 1 : end;
	}
	*ret = first;
	return true;
}
