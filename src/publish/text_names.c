/* publish/text_names: who is named in the brackets of a passage: "Ratify it (Spain, France and the Netherlands);".
 * What is no name that the vocabulary knows is given back as it stands, never guessed. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "publish/text_private.h"

enum { NAME_BYTES = 160, PIECES = 400, TOGETHER = 4, TERMS = 400 };

struct naming {
	struct arena *a;
	const struct vocabulary *v;
	const struct mapping *m;
	const struct term *terms[TERMS];
	size_t n_terms, hits; /* hits: with those that were named before */
	struct buf others;
};
struct piece {
	const char *p;
	size_t n;
};
struct bracket {
	size_t start, end; /* with both brackets; without the second, if it is missing */
	bool names;        /* and nothing else */
};

/* ---- one name ---- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
has_letters(const struct piece *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_letter(p->p[i]))
			return true;
	return false;
}

static bool
is_abbreviation(const char *s)
{
	for (; *s; s++)
		if ((*s >= 'a' && *s <= 'z') || (unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool
says(const struct labels *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->l[i].language, "und") != 0 && strcmp(l->l[i].text, name) == 0)
			return true;
	return false;
}

/* Codes are no names: (CAT), (IT), (185). An abbreviation is one if a language has it: (UK). */
static const struct term *
look_up(const struct vocabulary *v, const char *name)
{
	const struct term *t;

	if (strpbrk(name, "0123456789"))
		return NULL;
	t = vocabulary_named(v, name);
	return t && is_abbreviation(name) && !says(&t->labels, name) && !says(&t->also, name) ?
	    NULL :
	    t;
}

/* A typographic apostrophe is one as any. */
static const char *
plain_apostrophes(struct arena *a, const char *s)
{
	static const char curly[] = "\xe2\x80\x99";
	AUTO_VAL(buf) b = buf_init(2 * NAME_BYTES);
	const char *at;

	for (; (at = strstr(s, curly)); s = at + 3) {
		buf_add(&b, s, (size_t)(at - s));
		buf_byte(&b, '\'');
	}
	buf_str(&b, s);
	return arena_str(a, buf_peek(&b));
}

/* Is this word of a rule where the text begins, and ended by a blank if it ends in a letter? Its bytes. */
static size_t
word_at(const struct mapping *m, enum mapping_rule rule, const char *p, size_t n)
{
	const struct mapping_line *line = NULL;

	while ((line = mapping_next(m, rule, line)))
		for (const char *const *w = line->words; *w; w++) {
			size_t k = strlen(*w);

			if (k < n && strncasecmp(p, *w, k) == 0 &&
			    (!is_letter((*w)[k - 1]) || text_blank(p[k])))
				return k;
		}
	return 0;
}

static const struct term *
find_name(struct naming *x, const char *p, size_t n)
{
	const char *joined;
	const struct term *t;
	size_t k;

	if (!n || n > NAME_BYTES)
		return NULL;
	joined = text_joined(x->a, p, n);
	t = look_up(x->v, joined);
	if (!t)
		t = look_up(x->v, plain_apostrophes(x->a, joined));
	k = t ? 0 : word_at(x->m, RULE_ARTICLE, joined, strlen(joined));
	if (!k)
		return t;
	joined += k;
	joined += strspn(joined, " ");
	return look_up(x->v, plain_apostrophes(x->a, joined));
}

/* ---- lists of names ---- */

/* A join where the list goes on: "," or, between blanks, "and". Not within brackets. */
static size_t
join_at(const struct mapping *m, const char *p, size_t n, size_t at, bool letters)
{
	size_t k = at ? word_at(m, RULE_JOIN, p + at, n - at) : 0;

	if (!k || is_letter(p[at]) != letters || (letters && !text_blank(p[at - 1])))
		return 0;
	return k;
}

static size_t
cut(const struct mapping *m, const char *p, size_t n, bool letters, struct piece *ret)
{
	size_t depth = 0, from = 0, found = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k;

		depth += p[i] == '(';
		depth -= p[i] == ')' && depth;
		k = depth ? 0 : join_at(m, p, n, i, letters);
		if (!k || found == PIECES - 1)
			continue;
		ret[found++] = (struct piece){ p + from, i - from };
		from = i + k;
		i = from - 1;
	}
	ret[found++] = (struct piece){ p + from, n - from };
	return found;
}

static struct piece
trimmed(const char *p, const char *end)
{
	size_t start = 0, n = (size_t)(end - p);

	text_trim(p, &start, &n);
	return (struct piece){ p + start, n - start };
}

static void
add_term(struct naming *x, const struct term *t)
{
	x->hits++;
	for (size_t i = 0; i < x->n_terms; i++)
		if (x->terms[i] == t)
			return;
	if (x->n_terms < TERMS)
		x->terms[x->n_terms++] = t;
}

/* The most pieces from the first on that are one name together ("Bosnia and Herzegovina"); 0 if none are. */
static size_t
longest(struct naming *x, const struct piece *p, size_t n, const struct term **ret)
{
	for (size_t k = MIN(n, (size_t)TOGETHER); k; k--) {
		struct piece whole = trimmed(p->p, p[k - 1].p + p[k - 1].n);

		if ((*ret = find_name(x, whole.p, whole.n)))
			return k;
	}
	return 0;
}

static void
add_other(struct naming *x, const struct piece *p, struct buf *others)
{
	if (others && has_letters(p))
		buf_printf(others, "%s%s", others->n ? "|" : "", text_joined(x->a, p->p, p->n));
}

/* What stands between two commas: names with "and" between them. Something of which no part is a name is one thing
 * ("Law and Order"). True if all of it is names. */
static bool
take_piece(struct naming *x, struct piece one, struct buf *others)
{
	struct piece *pieces =
	    arena_alloc(x->a, MIN((size_t)PIECES, one.n + 1) * sizeof *pieces);
	size_t n = cut(x->m, one.p, one.n, true, pieces), hits = x->hits, rest = 0;

	for (size_t i = 0, k; i < n; i += k) {
		const struct term *t;

		k = longest(x, pieces + i, n - i, &t);
		if (k)
			add_term(x, t);
		else
			pieces[rest++] = trimmed(pieces[i].p, pieces[i].p + pieces[i].n);
		k += !k;
	}
	if (x->hits == hits)
		add_other(x, &one, others);
	for (size_t i = 0; x->hits > hits && i < rest; i++)
		add_other(x, &pieces[i], others);
	return !rest;
}

/* True if all of it is names; what is none goes into `others`. */
static bool
take_list(struct naming *x, const char *p, size_t n, struct buf *others)
{
	struct piece *pieces = arena_alloc(x->a, MIN((size_t)PIECES, n + 1) * sizeof *pieces);
	size_t all = cut(x->m, p, n, false, pieces);
	const struct term *t;
	bool whole = true;

	for (size_t i = 0, k; i < all; i += k) {
		struct piece one;
		size_t join;

		k = longest(x, pieces + i, all - i, &t);
		if (k) {
			add_term(x, t);
			continue;
		}
		k = 1;
		one = trimmed(pieces[i].p, pieces[i].p + pieces[i].n);
		/* ", and the Netherlands": the join of letters begins the piece. */
		join = word_at(x->m, RULE_JOIN, one.p, one.n);
		if (join && is_letter(*one.p))
			one = trimmed(one.p + join, one.p + one.n);
		if (one.n)
			whole &= take_piece(x, one, others);
	}
	return whole;
}

/* ---- brackets ---- */

/* The outermost ones; the last may lack its end. */
static size_t
find_brackets(struct arena *a, const char *s, struct bracket **ret)
{
	size_t depth = 0, n = 0, most = 1, open = 0, i;
	struct bracket *all;

	for (i = 0; s[i]; i++)
		most += s[i] == '(';
	all = arena_alloc(a, most * sizeof *all);
	for (i = 0; s[i]; i++) {
		if (s[i] == '(' && !depth++)
			open = i;
		if (s[i] == ')' && depth && !--depth)
			all[n++] = (struct bracket){ .start = open, .end = i + 1 };
	}
	if (depth)
		all[n++] = (struct bracket){ .start = open, .end = i };
	*ret = all;
	return n;
}

/* What may follow the brackets that end a passage: marks, and the number of a footnote. */
static bool
ends_here(const char *s)
{
	return s[strspn(s, " .;,:*0123456789")] == 0;
}

static bool
take_bracket(struct naming *x, const char *s, struct bracket *b, bool last)
{
	size_t before = x->n_terms, hits = x->hits;
	size_t end = b->end - (s[b->end - 1] == ')' && b->end > b->start + 1);

	b->names =
	    take_list(x, s + b->start + 1, end - b->start - 1, last ? &x->others : NULL) &&
	    x->hits > hits;
	/* "(in particular Spain)" within a passage is no list of names; nor is "(CEDAW)" at the end of one that named
	 * them before. */
	if (!b->names && !last)
		x->n_terms = before;
	if (x->hits == hits && before)
		buf_reset(&x->others);
	return b->names;
}

static const char *
codes_of(const struct naming *x)
{
	AUTO_VAL(buf) b = buf_init(64 * TERMS);

	for (size_t i = 0; i < x->n_terms; i++)
		buf_printf(&b, "%s%s", i ? "|" : "", x->terms[i]->code);
	return arena_str(x->a, buf_peek(&b));
}

/* Without blanks and semicolons at the end. */
static const char *
without_end(struct arena *a, const char *s, size_t n)
{
	while (n && (text_blank(s[n - 1]) || s[n - 1] == ';'))
		n--;
	return arena_strn(a, s, n);
}

void
text_names(struct arena *a, const struct schema *s, const struct mapping *m, const char *text,
    struct text_names *ret)
{
	const struct mapping_line *of = mapping_next(m, RULE_NAMES, NULL);
	struct naming x = { .a = a, .m = m, .others = buf_init(64 << 10) };
	struct bracket *all;
	size_t n = 0, named = 0, hits = 0;
	bool last = false;

	*ret = (struct text_names){
		.text = without_end(a, text, strlen(text)), .codes = "", .others = ""
	};
	x.v = of ? schema_vocabulary(s, of->name) : NULL;
	if (x.v)
		n = find_brackets(a, text, &all);
	for (size_t i = 0; i < n; i++) {
		last = i + 1 == n && ends_here(text + all[i].end);
		hits = x.hits;
		named += take_bracket(&x, text, &all[i], last);
	}
	ret->codes = codes_of(&x);
	ret->others = arena_str(a, buf_peek(&x.others));
	ret->ended = last && x.hits > hits;
	if (last && named == 1 && all[n - 1].names)
		ret->text = without_end(a, text, all[n - 1].start);
	buf_done(&x.others);
}

const struct term *
text_name(
    struct arena *a, const struct schema *s, const struct mapping *m, const char *p, size_t n)
{
	const struct mapping_line *of = mapping_next(m, RULE_NAMES, NULL);
	struct naming x = { .a = a, .m = m };

	x.v = of ? schema_vocabulary(s, of->name) : NULL;
	return x.v ? find_name(&x, p, n) : NULL;
}
