/* One meaning: generated queries over texts in many scripts find the same on SQLite, whether
 * it holds texts whole or in parts, on PostgreSQL, and by a slow check that knows nothing of
 * indexes. */
#include "common.h"
#include "text/text.h"

enum { TEXTS_MAX = 160, TEXT_BYTES = 12000, QUERIES = 500, TERMS = 16, PART = 1500 };

struct word { /* a term of a text; the terms of one place follow each other */
	const char *s;
	size_t n;
	uint64_t place;
	uint32_t start, end;
	bool translit;
};
struct doc {
	uint64_t number;
	const char *text, *language, *source;
	struct word *w;
	size_t n;
};
struct trial {
	struct world w[3];
	size_t n_worlds;
	struct arena *a;
	struct tokens *tokens;
	struct doc doc[TEXTS_MAX];
	size_t n;
	uint64_t random;
};

static unsigned
draw(struct trial *t, size_t below)
{
	t->random = t->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((t->random >> 33) % below);
}

static struct word *
break_up(struct trial *t, const char *s, size_t n, size_t *ret_n)
{
	struct token tok;
	size_t cap = 0, len = 0;
	struct word *w = NULL;

	tokens_start(t->tokens, s, n);
	while (tokens_next(t->tokens, &tok)) {
		if (len == cap)
			w = mem_grow(w, (cap = 2 * cap + 64) * sizeof *w);
		w[len++] = (struct word){ arena_strn(t->a, tok.term, tok.n), tok.n, tok.place,
			tok.start, tok.end, tok.translit };
	}
	*ret_n = len;
	return w;
}

static void
add_doc(struct trial *t, const char *path, const char *language)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct doc *d = &t->doc[t->n];
	char *tag = arena_str(t->a, language);
	struct err e = { 0 };
	size_t n;

	if (t->n == TEXTS_MAX || !io_read_file(path, &b, &e))
		return;
	for (n = MIN(b.n, (size_t)TEXT_BYTES); n && n < b.n && (b.p[n] & 0xc0) == 0x80;)
		n--;
	d->text = arena_strn(t->a, buf_peek(&b), n);
	if (!n || !text_valid(d->text, n))
		return;
	for (char *c = tag; *c; c++)
		*c = *c == '_' ? '-' : *c; /* cmn_hans */
	d->language = tag;
	d->source = t->n % 3 ? "Amnesty International" : "International Alert";
	d->w = break_up(t, d->text, n, &d->n);
	for (size_t i = 0; i < t->n_worlds; i++)
		d->number = world_add(&t->w[i],
		    &(struct spec){
			.text = d->text, .language = d->language, .source = d->source });
	t->n += d->n > 0;
}

static void
add_folder(struct trial *t, const char *folder, size_t every, const char *language)
{
	struct dirent **list;
	char path[512];
	const char *dir = test_shared(path, folder);
	int n = dir ? scandir(dir, &list, NULL, alphasort) : 0;

	for (int i = 0; i < n; i++) {
		AUTO(arena) *a = arena_new();
		size_t len = strlen(list[i]->d_name);
		bool text = len > 4 && !strcmp(list[i]->d_name + len - 4, ".txt");

		if (text && (size_t)i % every == 0)
			add_doc(t, arena_printf(a, "%s/%s", dir, list[i]->d_name),
			    language ? language : arena_strn(a, list[i]->d_name, len - 4));
		free(list[i]);
	}
	if (n > 0)
		free(list);
}

/* A query as the test sees it. */
struct expr {
	enum { WORDS, LANG, SOURCE, AND, OR, NOT } kind;
	struct expr *x[3];
	size_t n;
	const char *value;
	bool prefix;
	struct word *w; /* of WORDS: without transliterations */
	size_t n_words;
};

/* Some words of some text, quoted in a way that holds whatever they are. */
static bool
draw_words(struct trial *t, struct expr *x)
{
	const struct doc *d = &t->doc[draw(t, t->n)];
	size_t at = draw(t, d->n), more = draw(t, 3) ? 0 : draw(t, 4), last = at;
	size_t n_all;
	struct word *all;

	for (; more && last + 1 < d->n; more--)
		last++;
	x->value = d->w[at].s;
	if (last > at || (!d->w[at].translit && draw(t, 2)))
		x->value = arena_strn(t->a, d->text + d->w[at].start,
		    MAX(d->w[last].end, d->w[at].end) - d->w[at].start);
	if (draw(t, 5) == 0 && last == at) {
		size_t n = strlen(x->value) / 2 + 1;

		while (n < strlen(x->value) && (x->value[n] & 0xc0) == 0x80)
			n++;
		x->value = arena_strn(t->a, x->value, n);
		x->prefix = true;
	}
	all = break_up(t, x->value, strlen(x->value), &n_all);
	x->w = arena_alloc(t->a, (n_all + 1) * sizeof *x->w);
	for (size_t i = 0; i < n_all; i++)
		if (!all[i].translit)
			x->w[x->n_words++] = all[i];
	free(all);
	return x->n_words && x->n_words <= TERMS;
}

static struct expr *
draw_expr(struct trial *t, unsigned depth)
{
	struct expr *x = arena_alloc(t->a, sizeof *x);
	unsigned kind = draw(t, 12);

	if (depth && kind < 6) {
		x->kind = kind < 3 ? AND : kind < 5 ? OR : NOT;
		x->n = x->kind == NOT ? 1 : 2 + draw(t, 2);
		for (size_t i = 0; i < x->n; i++)
			x->x[i] = draw_expr(t, depth - 1);
		return x;
	}
	x->kind = kind == 10 ? LANG : kind == 11 ? SOURCE : WORDS;
	x->value = kind == 10 ? t->doc[draw(t, t->n)].language : "alert";
	if (x->kind == WORDS && !draw_words(t, x))
		x->kind = LANG, x->value = "en";
	return x;
}

static void
write_expr(struct buf *b, const struct expr *x)
{
	const char *quote = x->kind == WORDS && strchr(x->value, '"') ? "\u201c" : "\"";

	switch (x->kind) {
	case LANG:
		buf_printf(b, "lang:%s", x->value);
		return;
	case SOURCE:
		buf_printf(b, "source:%s", x->value);
		return;
	case WORDS:
		buf_printf(b, "%s%s%s%s", quote, x->value, quote, x->prefix ? "*" : "");
		return;
	default:
		break;
	}
	buf_str(b, x->kind == NOT ? "NOT (" : "(");
	for (size_t i = 0; i < x->n; i++) {
		buf_str(b, !i ? "" : x->kind == AND ? (i % 2 ? " AND " : " ") : " OR ");
		write_expr(b, x->x[i]);
	}
	buf_byte(b, ')');
}

static bool
is_word(const struct word *have, const struct word *want, bool prefix)
{
	return (prefix ? have->n >= want->n : have->n == want->n) &&
	    !memcmp(have->s, want->s, want->n);
}

/* Does the i-th wanted word stand at the place, and the following at those after it? */
static bool
stands(const struct doc *d, size_t at, uint64_t place, const struct expr *x, size_t i)
{
	if (i == x->n_words)
		return true;
	for (; at < d->n && d->w[at].place <= place; at++)
		if (d->w[at].place == place &&
		    is_word(&d->w[at], &x->w[i], x->prefix && i == x->n_words - 1) &&
		    stands(d, at, place + 1, x, i + 1))
			return true;
	return false;
}

static bool
is_true(const struct doc *d, const struct expr *x)
{
	bool all = true, any = false;

	switch (x->kind) {
	case LANG:
		return !strncmp(d->language, x->value, strlen(x->value)) &&
		    strchr("-", d->language[strlen(x->value)]);
	case SOURCE:
		return strstr(d->source, "Alert");
	case WORDS:
		for (size_t at = 0; at < d->n && !any; at++)
			any = is_word(&d->w[at], &x->w[0], x->prefix && x->n_words == 1) &&
			    stands(d, at, d->w[at].place, x, 0);
		return any;
	default:
		break;
	}
	for (size_t i = 0; i < x->n; i++) {
		bool is = is_true(d, x->x[i]);

		all = all && is;
		any = any || is;
	}
	return x->kind == AND ? all : x->kind == OR ? any : !all;
}

/* True if it was asked: a query that says only what must not be is refused. */
static bool
ask(struct trial *t)
{
	AUTO_VAL(buf) b = buf_init(1 << 16), want = buf_init(1 << 16);
	struct err e = { 0 };
	struct expr *x = draw_expr(t, 3);

	write_expr(&b, x);
	if (!query_parse(t->a, buf_peek(&b), &e)) {
		if (!strstr(e.msg, "only what") && !strstr(e.msg, "more than"))
			printf("# %s: %s\n", buf_peek(&b), e.msg);
		CHECK(strstr(e.msg, "only what") || strstr(e.msg, "more than"));
		return false;
	}
	for (size_t i = 0; i < t->n; i++)
		if (is_true(&t->doc[i], x))
			buf_printf(&want, "%s%llu", want.n ? " " : "",
			    (unsigned long long)t->doc[i].number);
	for (size_t i = 0; i < t->n_worlds; i++) {
		const char *have = world_all(&t->w[i], &everything, buf_peek(&b));
		bool same = !strcmp(have, buf_peek(&want));

		if (!same)
			printf(
			    "# %zu: %s: %s, not %s\n", i, buf_peek(&b), have, buf_peek(&want));
		CHECK(same);
	}
	return true;
}

static void
finds_the_same_everywhere(void)
{
	struct trial *t = mem_zalloc(sizeof *t);
	unsigned asked = 0, drawn = 0;
	char path[512];

	if (!test_shared(path, "data/udhr/languages.tsv")) {
		free(t);
		SKIP("the shared material is not here");
	}
	t->a = arena_new();
	t->tokens = tokens_new();
	for (size_t i = 0; i < 2; i++)
		t->n_worlds += world_init(&t->w[i], DB_SQLITE);
	t->w[1].part_bytes = PART; /* a few of the texts are shorter */
	world_search(&t->w[1]);
	t->n_worlds += world_init(&t->w[2], DB_POSTGRES);
	add_folder(t, "data/udhr/by-language", 4, NULL);
	add_folder(t, "data/un/general-debate", 1, "en");
	for (size_t i = 0; i < t->n_worlds; i++)
		world_follow(&t->w[i]);
	while (asked < QUERIES && drawn++ < 10 * QUERIES)
		asked += ask(t);
	CHECK(asked == QUERIES && t->n > 100);
	for (size_t i = 0; i < t->n; i++)
		free(t->doc[i].w);
	for (size_t i = 0; i < LEN(t->w); i++)
		world_done(&t->w[i]);
	tokens_free(t->tokens);
	arena_free(t->a);
	free(t);
}

TESTS(T(finds_the_same_everywhere))
