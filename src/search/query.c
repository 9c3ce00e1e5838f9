/* The query language: from bytes to a tree. Recursive descent; depth and terms are
 * bounded, so that neither the parser nor an engine can be made to overflow. */
#include <stdarg.h>

#include "base/clock.h"
#include "search/private.h"

const char *const field_names[FIELDS] = {
	[FIELD_LANG] = "lang",
	[FIELD_TYPE] = "type",
	[FIELD_SOURCE] = "source",
	[FIELD_AFTER] = "after",
	[FIELD_BEFORE] = "before",
};

enum { DEPTH_MAX = 12 };

enum mark { M_END, M_OPEN, M_CLOSE, M_AND, M_OR, M_NOT, M_WORDS, M_FILTER };
struct piece { /* of the query: what comes next */
	enum mark mark;
	size_t at;
	const char *text;
	size_t n;
	bool quoted, prefix;
	enum field field;
};
struct parser {
	struct arena *a;
	struct tokens *tokens;
	const char *s;
	size_t n, at;
	struct piece next;
	size_t terms;
	unsigned depth;
	struct err *e;
};

static bool PRINTF(3, 4) bad(struct parser *p, size_t at, const char *fmt, ...)
{
	char why[sizeof p->e->msg];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return err_set(p->e, ERR_INVALID, "query, byte %zu: %s", at + 1, why);
}

/* Bytes at `at` that are a space, Unicode's included: 0 if there is none. */
static size_t
space_at(const struct parser *p, size_t at)
{
	static const char *const wide[] = { "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002",
		"\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
		"\u2028", "\u2029", "\u202f", "\u205f", "\u3000" };
	unsigned char c = at < p->n ? (unsigned char)p->s[at] : 'x';

	if (c <= ' ')
		return 1;
	for (size_t i = 0; c >= 0x80 && i < LEN(wide); i++) {
		size_t n = strlen(wide[i]);

		if (p->n - at >= n && memcmp(p->s + at, wide[i], n) == 0)
			return n;
	}
	return 0;
}

/* A typographic quotation mark, as word processors put it. */
static size_t
curly_at(const struct parser *p, size_t at)
{
	return p->n - at >= 3 && memcmp(p->s + at, "\xe2\x80", 2) == 0 &&
		(unsigned char)p->s[at + 2] >= 0x9c && (unsigned char)p->s[at + 2] <= 0x9e ?
	    3 :
	    0;
}

static size_t
quote_at(const struct parser *p, size_t at)
{
	return at < p->n && p->s[at] == '"' ? 1 : curly_at(p, at);
}

/* Hebrew writes '"' within abbreviations: a letter on both sides (U+05D0 to U+05EA). */
static bool
within_hebrew(const struct parser *p, size_t at)
{
	const unsigned char *s = (const unsigned char *)p->s + at;

	return *s == '"' && at >= 2 && s[-2] == 0xd7 && s[-1] >= 0x90 && s[-1] <= 0xaa &&
	    p->n - at >= 3 && s[1] == 0xd7 && s[2] >= 0x90 && s[2] <= 0xaa;
}

static bool
ends_word(const struct parser *p, size_t at)
{
	return at >= p->n || p->s[at] == '(' || p->s[at] == ')' || space_at(p, at) ||
	    (quote_at(p, at) && !within_hebrew(p, at));
}

/* What opens with '"' ends with '"'; a typographic mark ends with any such mark. */
static bool
read_quoted(struct parser *p, struct piece *ret)
{
	size_t open = quote_at(p, p->at), from = p->at + open, to = from;

	while (to < p->n && (open == 1 ? p->s[to] != '"' : !curly_at(p, to)))
		to++;
	if (to >= p->n)
		return bad(p, p->at, "this quotation mark is never closed: add one");
	ret->text = p->s + from;
	ret->n = to - from;
	ret->quoted = true;
	p->at = to + open;
	return true;
}

static void
read_bare(struct parser *p, struct piece *ret)
{
	size_t from = p->at;

	while (!ends_word(p, p->at))
		p->at++;
	ret->text = p->s + from;
	ret->n = p->at - from;
}

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* "name:" at the start of a word. A name that is no filter is refused rather than
 * looked for as a word: it is more likely a slip. Addresses ("https://") are words. */
static bool
read_name(struct parser *p, struct piece *ret, bool *ret_found)
{
	size_t n = 0;
	const char *s = p->s + p->at;

	*ret_found = false;
	while (p->at + n < p->n && is_letter(s[n]))
		n++;
	if (!n || p->at + n >= p->n || s[n] != ':')
		return true;
	for (enum field f = 0; f < FIELDS; f++)
		if (strlen(field_names[f]) == n && strncasecmp(field_names[f], s, n) == 0) {
			ret->field = f;
			*ret_found = true;
			p->at += n + 1;
			return true;
		}
	if (s[n + 1] == '/' || ends_word(p, p->at + n + 1))
		return true;
	return bad(p, p->at,
	    "there is no filter \"%.*s:\", only lang: type: source: after: before:; to look "
	    "for "
	    "the words themselves, put them in quotation marks",
	    (int)MIN(n, 20), s);
}

static bool
read_value(struct parser *p, struct piece *ret)
{
	const char *name = field_names[ret->field];

	ret->mark = M_FILTER;
	if (quote_at(p, p->at)) {
		if (!read_quoted(p, ret))
			return false;
	} else {
		read_bare(p, ret);
	}
	if (!ret->n)
		return bad(
		    p, ret->at, "%s: has no value: write it directly after the colon", name);
	if (!ret->quoted && memchr(ret->text, '*', ret->n))
		return bad(p, ret->at, "%s: takes no *", name);
	return true;
}

static bool
read_star(struct parser *p, struct piece *ret)
{
	const char *star;

	if (ret->quoted) {
		ret->prefix = p->at < p->n && p->s[p->at] == '*';
		p->at += ret->prefix;
		return true;
	}
	star = memchr(ret->text, '*', ret->n);
	if (!star)
		return true;
	if (star != ret->text + ret->n - 1)
		return bad(p, (size_t)(star - p->s),
		    "a * may stand only at the end of a word, for any ending");
	ret->prefix = true;
	ret->n--;
	return true;
}

static bool
read_words(struct parser *p, struct piece *ret)
{
	static const struct {
		const char *s;
		enum mark mark;
	} operators[] = { { "AND", M_AND }, { "OR", M_OR }, { "NOT", M_NOT } };

	ret->mark = M_WORDS;
	if (quote_at(p, p->at))
		return read_quoted(p, ret) && read_star(p, ret);
	read_bare(p, ret);
	for (size_t i = 0; i < LEN(operators); i++)
		if (ret->n == strlen(operators[i].s) &&
		    memcmp(ret->text, operators[i].s, ret->n) == 0)
			ret->mark = operators[i].mark;
	return read_star(p, ret);
}

static bool
advance(struct parser *p)
{
	struct piece *x = &p->next;
	bool is_filter;

	for (size_t n; p->at < p->n && (n = space_at(p, p->at)); p->at += n)
		;
	*x = (struct piece){ .mark = M_END, .at = p->at };
	if (p->at >= p->n)
		return true;
	if (p->s[p->at] == '(' || p->s[p->at] == ')') {
		x->mark = p->s[p->at++] == '(' ? M_OPEN : M_CLOSE;
		return true;
	}
	if (!read_name(p, x, &is_filter))
		return false;
	return is_filter ? read_value(p, x) : read_words(p, x);
}

void
node_finish(struct node *n)
{
	bool any = false, all = true;

	n->words_only = n->kind != NODE_FILTER;
	for (const struct node *c = n->child; c; c = c->next) {
		any = any || c->negative;
		all = all && c->negative;
		n->words_only = n->words_only && c->words_only;
	}
	switch (n->kind) {
	case NODE_NOT:
		n->negative = !any;
		break;
	case NODE_AND:
		n->negative = all;
		break;
	default:
		n->negative = any; /* a leaf has no children: never */
	}
}

static struct node *
node_new(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_alloc(p->a, sizeof *n);

	n->kind = kind;
	return n;
}

/* The folded terms of what was typed; refuses what has none. */
static bool
fold(struct parser *p, const struct piece *x, struct phrase *ret)
{
	phrase_fold(p->a, p->tokens, x->text, x->n, ret);
	ret->prefix = x->prefix;
	if (!ret->n)
		return bad(p, x->at,
		    "no letter or digit here: leave it out, or put it in quotation marks with "
		    "words");
	p->terms += ret->n;
	if (p->terms > QUERY_TERMS_MAX)
		return bad(
		    p, x->at, "more than %d words: ask in several queries", QUERY_TERMS_MAX);
	return true;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool
check_filter(struct parser *p, const struct piece *x, struct node *n)
{
	struct err why;
	bool ok = true;

	switch (n->field) {
	case FIELD_LANG:
		if (n->text[strspn(n->text, LETTERS "0123456789-")])
			return bad(
			    p, x->at, "lang: takes a language tag, like en, ug or zh-Hans");
		break;
	case FIELD_TYPE:
		if (n->text[strspn(n->text, LETTERS "0123456789/.+-_")])
			return bad(
			    p, x->at, "type: takes a media type, like text, html or image/png");
		break;
	case FIELD_SOURCE:
		return fold(p, x, &n->phrase);
	case FIELD_AFTER:
	case FIELD_BEFORE:
		ok = clock_read(n->text, &n->time, &why);
		break;
	default:
		break;
	}
	return ok || bad(p, x->at, "%s: %.120s", field_names[n->field], why.msg);
}

static struct node *
make_leaf(struct parser *p)
{
	const struct piece x = p->next;
	struct node *n = node_new(p, x.mark == M_FILTER ? NODE_FILTER : NODE_WORDS);

	n->text = arena_strn(p->a, x.text, x.n);
	n->quoted = x.quoted;
	n->field = x.field;
	if (!(n->kind == NODE_FILTER ? check_filter(p, &x, n) : fold(p, &x, &n->phrase)))
		return NULL;
	node_finish(n);
	return advance(p) ? n : NULL;
}

static struct node *parse_or(struct parser *p);

static struct node *
parse_group(struct parser *p)
{
	size_t at = p->next.at;
	struct node *n;

	if (++p->depth > DEPTH_MAX) {
		bad(p, at, "parentheses nested deeper than %d: write it flatter", DEPTH_MAX);
		return NULL;
	}
	if (!advance(p) || !(n = parse_or(p)))
		return NULL;
	if (p->next.mark != M_CLOSE) {
		bad(p, at, "this parenthesis is never closed: add a )");
		return NULL;
	}
	p->depth--;
	return advance(p) ? n : NULL;
}

static struct node *
parse_primary(struct parser *p)
{
	static const char *const alone[] = {
		[M_END] = "something is missing at the end: add a word",
		[M_CLOSE] = "a ) where a word should be: take it away, or put a word before it",
		[M_AND] =
		    "AND needs something on both sides; to look for the word, write \"AND\"",
		[M_OR] = "OR needs something on both sides; to look for the word, write \"OR\"",
	};

	if (p->next.mark == M_WORDS || p->next.mark == M_FILTER)
		return make_leaf(p);
	if (p->next.mark == M_OPEN)
		return parse_group(p);
	bad(p, p->next.at, "%s", alone[p->next.mark]);
	return NULL;
}

/* Two NOTs are none. */
static struct node *
parse_not(struct parser *p)
{
	bool not = false;
	struct node *inner, *n;

	while (p->next.mark == M_NOT) {
		not = !not ;
		if (!advance(p))
			return NULL;
	}
	inner = parse_primary(p);
	if (!inner || !not )
		return inner;
	if (inner->kind == NODE_NOT)
		return inner->child;
	n = node_new(p, NODE_NOT);
	n->child = inner;
	node_finish(n);
	return n;
}

/* Puts n behind the last child; what is of the parent's own kind is taken apart. */
static struct node **
append(struct node **tail, struct node *n, enum node_kind kind)
{
	*tail = n->kind == kind ? n->child : n;
	while (*tail)
		tail = &(*tail)->next;
	return tail;
}

static struct node *
parse_many(struct parser *p, enum node_kind kind, struct node *(*one)(struct parser *p),
    bool (*more)(struct parser *p, bool *ret))
{
	struct node *n = node_new(p, kind), **tail = &n->child;
	bool go = true;

	while (go) {
		struct node *c = one(p);

		if (!c)
			return NULL;
		tail = append(tail, c, kind);
		if (!more(p, &go))
			return NULL;
	}
	if (!n->child->next)
		return n->child;
	node_finish(n);
	return n;
}

static bool
more_and(struct parser *p, bool *ret)
{
	enum mark m = p->next.mark;

	*ret = m != M_END && m != M_CLOSE && m != M_OR;
	return m != M_AND || advance(p);
}

static bool
more_or(struct parser *p, bool *ret)
{
	*ret = p->next.mark == M_OR;
	return !*ret || advance(p);
}

static struct node *
parse_and(struct parser *p)
{
	return parse_many(p, NODE_AND, parse_not, more_and);
}

static struct node *
parse_or(struct parser *p)
{
	return parse_many(p, NODE_OR, parse_and, more_or);
}

/* Texts are in NFC, so the query must be. */
static bool
normalise(struct arena *a, const char *s, const char **ret, struct err *e)
{
	static const struct text_encoding utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) b = buf_init(4 * QUERY_MAX);
	size_t n = strlen(s);
	bool same;

	if (n > QUERY_MAX)
		return err_set(e, ERR_INVALID,
		    "a query of %zu bytes: at most %d; ask in several queries", n, QUERY_MAX);
	if (!text_valid(s, n))
		return err_set(e, ERR_INVALID, "the query is not in UTF-8");
	if (!text_decode(s, n, &utf8, &b, &same, e))
		return err_at(e, "the query");
	*ret = same ? s : arena_strn(a, buf_peek(&b), b.n);
	return true;
}

struct query *
query_parse(struct arena *a, const char *s, struct err *e)
{
	AUTO(tokens) *tokens = tokens_new();
	struct parser p = { .a = a, .tokens = tokens, .e = e };
	struct query *q = arena_alloc(a, sizeof *q);

	if (!normalise(a, s, &p.s, e))
		return NULL;
	p.n = strlen(p.s);
	if (!advance(&p))
		return NULL;
	if (p.next.mark == M_END) {
		err_set(e, ERR_INVALID, "an empty query: say what to look for");
		return NULL;
	}
	q->root = parse_or(&p);
	if (!q->root)
		return NULL;
	if (p.next.mark == M_CLOSE) {
		bad(&p, p.next.at, "this ) was never opened: take it away, or add a (");
		return NULL;
	}
	if (q->root->negative) {
		err_set(e, ERR_INVALID,
		    "the query says only what a text must not hold, which nearly all texts "
		    "fulfil: "
		    "add a word or a filter that it must match, such as: word NOT other");
		return NULL;
	}
	return q;
}
