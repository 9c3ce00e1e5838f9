/* Finding records: generated queries over generated records, with compartments, withdrawals, ended
 * consent and merges, find on both engines what a slow check finds that knows no index; and the
 * index follows, forgets and counts their words. */
#include "base/clock.h"
#include "base/edtf.h"
#include "common.h"
#include "record/claims.h"

enum { RECORDS = 40, CLAIMS = 6 * RECORDS, QUERIES = 700, HITS = 200 };

static const char schema_text[] = "type thing\n"
				  "  title name code\n"
				  "  property name text one\n"
				  "  property code text one\n"
				  "  property note text\n"
				  "  property when date\n"
				  "  property place place\n"
				  "  property about link thing\n"
				  "type special\n"
				  "  is thing\n";

/* A claim as the test knows it. */
struct fact {
	int64_t number, record, since, until, source, item, low, high, target;
	const char *property, *words, *language, *compartment, *name;
	bool dated, link;
	enum stance stance;
};
struct thing {
	int64_t number;
	const char *id, *type;
};
struct trial {
	struct world *w;
	struct arena *a;
	struct schema *schema;
	struct tokens *tokens;
	struct thing thing[RECORDS];
	struct fact fact[CLAIMS + RECORDS];
	size_t n, n_facts;
	int64_t ended; /* an item of which consent has ended */
	uint64_t random;
};

static unsigned
draw(struct trial *t, size_t below)
{
	t->random = t->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((t->random >> 33) % below);
}

static const char *const vocabulary[] = { "prison", "law", "Assembly", "act", "torture",
	"bridge", "Москва", "ལྷ་ས", "Réunion", "reunion", "of", "the", "report", "reporter",
	"l'homme", "self-determination", "2020", "e\xcc\x81migre\xcc\x81" };

static const char *
some_words(struct trial *t)
{
	AUTO_VAL(buf) b = buf_init(1000);

	for (unsigned i = 0, n = 1 + draw(t, 4); i < n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", vocabulary[draw(t, LEN(vocabulary))]);
	return arena_str(t->a, buf_peek(&b));
}

static void
run(struct world *w, bool ok, const struct err *e)
{
	(void)w;
	NEED(ok, e);
}

static int64_t
add_record(struct world *w, const char *id, const char *type)
{
	struct err e = { 0 };
	int64_t number = w->entries++;

	run(w,
	    db_run(w->record, &e,
		"INSERT INTO record(number, id, type, since, until) VALUES($1, $2, $3, $1, $4)",
		db_int(number), db_text(id), db_text(type), db_int(RECORD_OPEN)),
	    &e);
	return number;
}

struct row {
	int64_t record, source, item, low, high, place;
	const char *property, *value, *more, *compartment;
	enum kind kind;
	enum stance stance;
};

/* In an entry of its own, or at a place of the last one. */
static int64_t
add_claim(struct world *w, const struct row *x)
{
	struct err e = { 0 };
	int64_t entry = x->place ? w->entries - 1 : w->entries++;

	run(w,
	    db_run(w->record, &e,
		"INSERT INTO claim(number, record, property, kind, value, low, high, more, source,"
		" item, text, start, finish, stance, credibility, compartment, since, until)"
		" VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, -1, -1, $11, 0, $12, $13,"
		" $14)",
		db_int(entry * CLAIMS_MAX + x->place), db_int(x->record), db_text(x->property),
		db_int(x->kind), db_text(x->value), db_int(x->low), db_int(x->high),
		db_text(x->more ? x->more : ""), db_int(x->source), db_int(x->item),
		db_int(x->stance), db_text(x->compartment ? x->compartment : ""), db_int(entry),
		db_int(RECORD_OPEN)),
	    &e);
	return entry * CLAIMS_MAX + x->place;
}

static void
add_member(struct world *w, const char *compartment, const char *actor, bool left)
{
	struct err e = { 0 };
	int64_t entry = w->entries++;

	run(w,
	    db_run(w->record, &e,
		"INSERT INTO member(entry, compartment, actor, since, until)"
		" VALUES($1, $2, $3, $1, $4)",
		db_int(entry), db_text(compartment), db_text(actor),
		db_int(left ? entry + 1 : RECORD_OPEN)),
	    &e);
}

static void
withdraw_claim(struct world *w, int64_t number)
{
	struct err e = { 0 };

	run(w,
	    db_run(w->record, &e, "UPDATE claim SET until = $1 WHERE number = $2",
		db_int(w->entries++), db_int(number)),
	    &e);
}

/* ---- generated records ---- */

static void
draw_value(struct trial *t, struct row *row, struct fact *f)
{
	static const char *const properties[] = { "name", "code", "note", "note", "place",
		"when", "about", "when" };
	static const char *const days[] = { "2019-03", "2020-06~", "1999/2001", "2020/..",
		"2021-12-31" };
	unsigned kind = draw(t, LEN(properties));
	const struct thing *target = &t->thing[draw(t, t->n)];
	struct edtf d;
	struct err e = { 0 };

	row->property = properties[kind];
	row->value = "";
	f->language = "";
	f->words = "";
	if (kind < 4) {
		row->value = f->words = some_words(t);
		f->language = "und";
		if (draw(t, 3) == 0) {
			f->language = draw(t, 2) ? "fr" : "zh-Hans";
			row->more = arena_printf(t->a, "{\"language\":\"%s\",\"text\":\"%s\"}",
			    f->language, row->value);
		}
	} else if (kind == 4) {
		row->kind = KIND_PLACE;
		f->words = draw(t, 2) ? some_words(t) : "";
		row->value = *f->words ? f->words : "41.31,2020";
		row->more = *f->words ? arena_printf(t->a, "{\"place\":\"%s\"}", f->words) :
					"{\"latitude\":\"41.31\",\"longitude\":\"20.2\"}";
	} else if (kind == 6) {
		row->kind = KIND_LINK;
		row->value = target->id;
		row->low = f->target = target->number;
		f->link = true;
	} else {
		row->kind = KIND_DATE;
		NEED(edtf_read(t->a, days[draw(t, LEN(days))], &d, &e), &e);
		row->value = d.text;
		row->low = f->low = d.earliest;
		row->high = f->high = d.latest;
		f->dated = true;
	}
}

static void
add_fact(struct trial *t)
{
	static const char *const compartments[] = { "", "", "", "witnesses", "sources" };
	struct fact *f = &t->fact[t->n_facts++];
	struct row row = { .record = t->thing[draw(t, t->n)].number };

	*f = (struct fact){ .record = row.record, .until = RECORD_OPEN };
	draw_value(t, &row, f);
	f->property = row.property;
	f->compartment = row.compartment = compartments[draw(t, LEN(compartments))];
	f->source = row.source = draw(t, 3) ? 0 : t->thing[draw(t, t->n)].number;
	f->item = row.item = draw(t, 8) ? 0 : t->ended;
	f->stance = row.stance = (enum stance)(draw(t, 4) ? ASSERTS : draw(t, STANCES));
	/* Several claims may be of one entry. */
	if (draw(t, 3) == 0 && t->n_facts > 1 && f[-1].since == t->w->entries - 1)
		row.place = f[-1].number % CLAIMS_MAX + 1;
	f->number = add_claim(t->w, &row);
	f->since = f->number / CLAIMS_MAX;
	f->name = claim_name(t->a, f->number);
}

static void
add_same(struct trial *t)
{
	static const char *const compartments[] = { "", "", "witnesses", "sources" };
	const struct thing *x = &t->thing[draw(t, t->n)], *y = &t->thing[draw(t, t->n)];
	const char *compartment = compartments[draw(t, LEN(compartments))];
	struct fact *f = &t->fact[t->n_facts++];

	*f = (struct fact){ .record = x->number,
		.property = SAME,
		.words = "",
		.language = "",
		.compartment = compartment,
		.target = y->number,
		.link = true,
		.until = RECORD_OPEN };
	f->number = add_claim(t->w,
	    &(struct row){ .record = x->number,
		.property = SAME,
		.kind = KIND_LINK,
		.value = y->id,
		.compartment = compartment,
		.low = y->number });
	f->since = f->number / CLAIMS_MAX;
	f->name = claim_name(t->a, f->number);
}

static void
generate(struct trial *t)
{
	struct err e = { 0 };

	world_add(t->w, &(struct spec){ .text = "cited", .consent_until = TEST_NOW - 1 });
	t->ended = 1000000;
	add_member(t->w, "witnesses", "insider", false);
	add_member(t->w, "sources", "insider", false);
	add_member(t->w, "witnesses", "helper", false);
	add_member(t->w, "sources", "helper", true);
	for (size_t i = 0; i < RECORDS; i++) {
		struct thing *x = &t->thing[t->n++];

		x->id = arena_printf(t->a, "rec_%026zu", i);
		x->type = draw(t, 3) ? "thing" : "special";
		x->number = add_record(t->w, x->id, x->type);
		for (size_t k = 0; k < CLAIMS / RECORDS; k++)
			add_fact(t);
		if (i > 5 && draw(t, 3) == 0)
			add_same(t);
		if (draw(t, 2)) {
			struct fact *f = &t->fact[draw(t, t->n_facts)];

			if (f->until == RECORD_OPEN) {
				f->until = t->w->entries;
				withdraw_claim(t->w, f->number);
			}
		}
		if (draw(t, 4) == 0) /* whatever is followed at once */
			CHECK_OK(search_follow(t->w->s, (uint64_t)t->w->entries - 2, &e), &e);
	}
	world_follow(t->w);
}

/* ---- the slow check ---- */

static bool
is_member(const char *actor, const char *compartment)
{
	return !*compartment || !strcmp(actor, "insider") ||
	    (!strcmp(actor, "helper") && !strcmp(compartment, "witnesses"));
}

static bool
stands(const struct fact *f, const struct viewer *v)
{
	return f->since < v->as_of && f->until >= v->as_of;
}

static bool
is_seen(const struct fact *f, const struct viewer *v)
{
	return stands(f, v) && is_member(v->actor, f->compartment) && !f->item;
}

/* Joins until nothing changes. */
static void
find_oldest(struct trial *t, const struct viewer *v, int64_t *ret)
{
	bool changed = true;

	for (size_t i = 0; i < t->n; i++)
		ret[i] = t->thing[i].number;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < t->n_facts; i++) {
			const struct fact *f = &t->fact[i];
			size_t x = 0, y = 0;
			int64_t low;

			if (strcmp(f->property, SAME) != 0 || !is_seen(f, v))
				continue;
			while (t->thing[x].number != f->record)
				x++;
			while (t->thing[y].number != f->target)
				y++;
			low = MIN(ret[x], ret[y]);
			changed = changed || ret[x] != low || ret[y] != low;
			ret[x] = ret[y] = low;
		}
	}
}

struct term_at {
	const char *s;
	size_t n;
	uint64_t place;
};

static size_t
break_up(struct trial *t, const char *s, bool forms, struct term_at *ret, size_t max)
{
	struct token tok;
	size_t n = 0, len;
	const char *text = text_composed(t->a, s, &len);

	tokens_start(t->tokens, text, len);
	while (n < max && tokens_next(t->tokens, &tok))
		if (forms || !tok.translit)
			ret[n++] = (struct term_at){ arena_strn(t->a, tok.term, tok.n), tok.n,
				tok.place };
	return n;
}

static bool
words_at(const struct term_at *have, size_t n, uint64_t place, const struct term_at *want,
    size_t n_want, size_t i, bool prefix)
{
	if (i == n_want)
		return true;
	for (size_t k = 0; k < n; k++)
		if (have[k].place == place &&
		    (prefix && i == n_want - 1 ? have[k].n >= want[i].n :
						 have[k].n == want[i].n) &&
		    !memcmp(have[k].s, want[i].s, want[i].n) &&
		    words_at(have, n, place + 1, want, n_want, i + 1, prefix))
			return true;
	return false;
}

static bool
holds(struct trial *t, const char *text, const char *words, bool prefix)
{
	struct term_at have[64], want[16];
	size_t n = break_up(t, text, true, have, LEN(have));
	size_t n_want = break_up(t, words, false, want, LEN(want));

	for (size_t i = 0; i < n; i++)
		if (words_at(have, n, have[i].place, want, n_want, 0, prefix))
			return true;
	return false;
}

struct expr {
	enum { WORDS, LANG, TYPE, SOURCE, AFTER, BEFORE, AND, OR, NOT } kind;
	struct expr *x[3];
	size_t n;
	const char *value;
	bool prefix;
};

static struct expr *
draw_expr(struct trial *t, unsigned depth)
{
	static const char *const langs[] = { "fr", "zh", "und" };
	static const char *const types[] = { "thing", "special", "Special", "html" };
	static const char *const years[] = { "2000", "2020", "2021-06", "1998" };
	struct expr *x = arena_alloc(t->a, sizeof *x);
	unsigned kind = draw(t, 16);

	if (depth && kind < 8) {
		x->kind = kind < 4 ? AND : kind < 7 ? OR : NOT;
		x->n = x->kind == NOT ? 1 : 2 + draw(t, 2);
		for (size_t i = 0; i < x->n; i++)
			x->x[i] = draw_expr(t, depth - 1);
		return x;
	}
	x->kind = kind == 8 ? LANG :
	    kind == 9       ? TYPE :
	    kind == 10      ? SOURCE :
	    kind == 11      ? AFTER :
	    kind == 12      ? BEFORE :
			      WORDS;
	switch (x->kind) {
	case LANG:
		x->value = langs[draw(t, LEN(langs))];
		break;
	case TYPE:
		x->value = types[draw(t, LEN(types))];
		break;
	case AFTER:
	case BEFORE:
		x->value = years[draw(t, LEN(years))];
		break;
	default:
		x->value = draw(t, 3) ? vocabulary[draw(t, LEN(vocabulary))] :
		    draw(t, 4)        ? some_words(t) :
					"reun";
		x->prefix = x->kind == WORDS && !strcmp(x->value, "reun");
	}
	return x;
}

static void
write_expr(struct buf *b, const struct expr *x)
{
	static const char *const names[] = { [LANG] = "lang:",
		[TYPE] = "type:",
		[SOURCE] = "source:",
		[AFTER] = "after:",
		[BEFORE] = "before:",
		[WORDS] = "" };

	if (x->kind < AND) {
		buf_printf(b, "%s\"%s\"%s", names[x->kind], x->value, x->prefix ? "*" : "");
		return;
	}
	buf_str(b, x->kind == NOT ? "NOT (" : "(");
	for (size_t i = 0; i < x->n; i++) {
		buf_str(b, !i ? "" : x->kind == AND ? " " : " OR ");
		write_expr(b, x->x[i]);
	}
	buf_byte(b, ')');
}

struct seen { /* one group as a viewer sees it */
	const struct thing *oldest;
	const struct fact *f[CLAIMS + RECORDS];
	size_t n;
};

/* What a record is named by, as record_title has it. */
static const char *
title_of(struct trial *t, const struct viewer *v, int64_t record)
{
	static const char *const names[] = { "name", "code" };

	for (size_t k = 0; k < 2 * LEN(names); k++)
		for (size_t i = 0; i < t->n_facts; i++)
			if (t->fact[i].record == record && is_seen(&t->fact[i], v) &&
			    !strcmp(t->fact[i].property, names[k % LEN(names)]) &&
			    t->fact[i].stance == ASSERTS &&
			    !*t->fact[i].compartment == (k < LEN(names)))
				return t->fact[i].words;
	return "";
}

static bool
fact_fits(struct trial *t, const struct viewer *v, const struct expr *x, const struct fact *f)
{
	size_t n = strlen(x->value);
	int64_t time = 0;
	struct err e = { 0 };

	if (x->kind == AFTER || x->kind == BEFORE)
		NEED(clock_read(x->value, &time, &e), &e);
	switch (x->kind) {
	case WORDS:
		return holds(t, f->words, x->value, x->prefix);
	case LANG:
		return !strncmp(f->language, x->value, n) && strchr("-", f->language[n]) &&
		    *f->language;
	case SOURCE:
		return f->source && holds(t, title_of(t, v, f->source), x->value, false);
	case AFTER:
		return f->dated && f->high >= time;
	default:
		return f->dated && f->low < time;
	}
}

static bool
is_true(struct trial *t, const struct viewer *v, const struct expr *x, const struct seen *g)
{
	bool all = true, any = false;

	if (x->kind == TYPE)
		return !strcasecmp(x->value, g->oldest->type) || !strcmp(x->value, "thing");
	if (x->kind < AND) {
		for (size_t i = 0; i < g->n && !any; i++)
			any = fact_fits(t, v, x, g->f[i]);
		return any;
	}
	for (size_t i = 0; i < x->n; i++) {
		bool is = is_true(t, v, x->x[i], g);

		all = all && is;
		any = any || is;
	}
	return x->kind == AND ? all : x->kind == OR ? any : !all;
}

static bool
has_wanted(struct trial *t, const struct expr *x, bool wanted, const struct fact *f)
{
	bool any = x->kind == WORDS && wanted && holds(t, f->words, x->value, x->prefix);

	for (size_t i = 0; i < x->n && !any; i++)
		any = has_wanted(t, x->x[i], x->kind == NOT ? !wanted : wanted, f);
	return any;
}

struct answer {
	int64_t number;
	const char *id;
	bool in_title;
	size_t claims;
};

/* Of a group: the visible claim that it goes by. */
static const struct fact *
group_title(const struct seen *g)
{
	static const char *const names[] = { "name", "code" };

	for (size_t k = 0; k < 2 * LEN(names); k++) {
		const struct fact *best = NULL;

		for (size_t i = 0; i < g->n; i++)
			if (!strcmp(g->f[i]->property, names[k % LEN(names)]) &&
			    g->f[i]->stance == ASSERTS &&
			    !*g->f[i]->compartment == (k < LEN(names)) &&
			    (!best || g->f[i]->number < best->number))
				best = g->f[i];
		if (best)
			return best;
	}
	return NULL;
}

static int
by_rank(const void *x, const void *y)
{
	const struct answer *a = x, *b = y;

	if (a->in_title != b->in_title)
		return a->in_title ? -1 : 1;
	if (a->claims != b->claims)
		return a->claims > b->claims ? -1 : 1;
	return a->number > b->number ? -1 : 1;
}

static size_t
slow(struct trial *t, const struct viewer *v, const struct expr *x, struct answer *ret)
{
	int64_t oldest[RECORDS];
	size_t n = 0;

	find_oldest(t, v, oldest);
	for (size_t i = 0; i < t->n; i++) {
		struct seen g = { .oldest = &t->thing[i] };
		const struct fact *title;

		if (oldest[i] != t->thing[i].number || oldest[i] >= v->as_of)
			continue;
		for (size_t k = 0; k < t->n_facts; k++)
			for (size_t r = 0; r < t->n; r++)
				if (t->thing[r].number == t->fact[k].record &&
				    oldest[r] == oldest[i] && is_seen(&t->fact[k], v))
					g.f[g.n++] = &t->fact[k];
		if (!g.n || !is_true(t, v, x, &g))
			continue;
		title = group_title(&g);
		ret[n] = (struct answer){ .number = oldest[i], .id = t->thing[i].id };
		for (size_t k = 0; k < g.n; k++)
			ret[n].claims += has_wanted(t, x, true, g.f[k]);
		ret[n].in_title = title && has_wanted(t, x, true, title);
		n++;
	}
	qsort(ret, n, sizeof *ret, by_rank);
	return n;
}

static void
print_answers(
    struct buf *b, const struct answer *want, size_t n, const struct record_hits *have)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, " %lld%s/%zu", atoll(want[i].id + 4), want[i].in_title ? "t" : "",
		    want[i].claims);
	buf_str(b, " |");
	for (size_t i = 0; i < have->n; i++)
		buf_printf(b, " %lld%s/%zu", atoll(have->h[i].record + 4),
		    have->h[i].in_title ? "t" : "", have->h[i].claims);
}

/* The claim that is shown is one that the viewer may see, and holds words if any does. */
static bool
shows_well(struct trial *t, const struct viewer *v, const struct record_hit *h)
{
	bool marked = strstr(h->snippet, "\xee\x80\x80") != NULL;

	if (!*h->claim)
		return !h->claims && !*h->snippet;
	for (size_t i = 0; i < t->n_facts; i++)
		if (!strcmp(t->fact[i].name, h->claim))
			return is_seen(&t->fact[i], v) && marked == (h->claims > 0) &&
			    !strcmp(t->fact[i].property, h->property);
	return false;
}

static bool
ask(struct trial *t)
{
	static const char *const actors[] = { "insider", "helper", "stranger" };
	AUTO_VAL(buf) b = buf_init(1 << 16), told = buf_init(1 << 16);
	struct viewer v = { actors[draw(t, 3)], RECORD_OPEN, TEST_NOW };
	struct expr *x = draw_expr(t, 3);
	struct answer want[RECORDS];
	struct record_hits have = { 0 };
	struct query *q;
	struct err e = { 0 };
	size_t n, limit = draw(t, 3) ? HITS : 1 + draw(t, 5);
	bool same;

	if (draw(t, 3) == 0)
		v.as_of = draw(t, (size_t)t->w->entries);
	write_expr(&b, x);
	q = query_parse(t->a, buf_peek(&b), &e);
	if (!q)
		return false;
	n = MIN(slow(t, &v, x, want), limit);
	t->w->s->common = draw(t, 2) ? 2000 : 1 + draw(t, 30);
	CHECK_OK(search_records(t->w->s, &v, t->schema, t->a, q, limit, &have, &e), &e);
	same = have.n == n;
	for (size_t i = 0; same && i < n; i++)
		same = !strcmp(have.h[i].record, want[i].id) &&
		    have.h[i].in_title == want[i].in_title &&
		    have.h[i].claims == want[i].claims && shows_well(t, &v, &have.h[i]);
	if (!same) {
		print_answers(&told, want, n, &have);
		printf("# %s as of %lld: %s:%s\n", v.actor, (long long)v.as_of, buf_peek(&b),
		    buf_peek(&told));
	}
	CHECK(same);
	return true;
}

static struct schema *
load(void)
{
	struct schema_file own = { "test.schema", schema_text, strlen(schema_text) };
	struct err e = { 0 };
	struct schema *s = schema_new(&own, 1, &e);

	NEED(s, &e);
	return s;
}

static void
digests_agree(struct world *w)
{
	struct hash have = { 0 }, want = { { 1 } };
	struct err e = { 0 };

	CHECK_OK(search_digest(w->s, &have, &e), &e);
	CHECK_OK(search_expected(w->s, &want, &e), &e);
	CHECK(digest_equal(&have, &want));
}

static void
finds_on(struct world *w)
{
	static uint64_t seed;
	struct trial *t = mem_zalloc(sizeof *t);
	unsigned asked = 0;
	struct err e = { 0 };

	*t = (struct trial){ .w = w,
		.a = arena_new(),
		.tokens = tokens_new(),
		.schema = load(),
		.random = ++seed };
	generate(t);
	while (asked < QUERIES)
		asked += ask(t);
	digests_agree(w);
	CHECK_OK(search_drop(w->s, &e), &e);
	world_follow(w);
	digests_agree(w);
	while (asked < QUERIES + 50)
		asked += ask(t);
	schema_free(t->schema);
	tokens_free(t->tokens);
	arena_free(t->a);
	free(t);
}

static void
finds_what_a_slow_check_finds(void)
{
	for (int i = 0; i < 2; i++)
		on_both(finds_on);
}

/* ---- one by one ---- */

static int64_t
add_named(struct world *w, const char *name)
{
	const char *id = arena_printf(w->a, "rec_%026lld", (long long)w->entries);
	int64_t number = add_record(w, id, "thing");

	w->entries--; /* a new record's first claims are of the entry that makes it */
	add_claim(w, &(struct row){ .record = number, .property = "name", .value = name });
	return number;
}

/* The titles of what is found, between commas. */
static const char *
titles(struct world *w, const struct viewer *v, const char *query)
{
	AUTO(schema) *s = load();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct err e = { 0 };
	struct query *q = query_parse(w->a, query, &e);
	struct record_hits hits = { 0 };

	NEED(q, &e);
	CHECK_OK(search_records(w->s, v, s, w->a, q, 100, &hits, &e), &e);
	for (size_t i = 0; i < hits.n; i++)
		buf_printf(&b, "%s%s", i ? "," : "", hits.h[i].title);
	return arena_str(w->a, buf_peek(&b));
}

static bool
stored(struct world *w, const char *word)
{
	struct err e = { 0 };
	int64_t n = 0;

	CHECK_OK(db_get_one(w->index, &n, &e,
		     "SELECT count(*) FROM record_word WHERE word = $1", db_text(word)),
	    &e);
	return n > 0;
}

static void
follows_on(struct world *w)
{
	struct err e = { 0 };
	uint64_t cursor;

	add_named(w, "first law");
	world_add(w, &(struct spec){ .text = "a text between" });
	add_named(w, "second law");
	CHECK_OK(search_follow(w->s, 2, &e), &e);
	CHECK(!strcmp(titles(w, &everything, "law"), "first law"));
	digests_agree(w);
	world_follow(w);
	CHECK(!strcmp(titles(w, &everything, "law"), "second law,first law"));
	CHECK(!strcmp(world_all(w, &everything, "between"), "2"));
	digests_agree(w);
	CHECK_OK(db_run(w->index, &e, "DELETE FROM record_word WHERE word = 'second'"), &e);
	CHECK(!strcmp(titles(w, &everything, "second"), ""));
	{
		struct hash have = { 0 }, want = { 0 };

		CHECK_OK(search_digest(w->s, &have, &e), &e);
		CHECK_OK(search_expected(w->s, &want, &e), &e);
		CHECK(!digest_equal(&have, &want));
	}
	/* As an older program made it. */
	CHECK_OK(db_define(w->index, &e,
		     "DROP TABLE record_word; DROP TABLE search_forgotten_record;"
		     "UPDATE search_state SET value = 3 WHERE name = 'format'"),
	    &e);
	world_search(w);
	world_follow(w);
	CHECK_OK(search_cursor(w->s, &cursor, &e), &e);
	CHECK(cursor == (uint64_t)w->entries);
	CHECK(!strcmp(titles(w, &everything, "law"), "second law,first law"));
	CHECK(!strcmp(world_all(w, &everything, "between"), "2"));
	digests_agree(w);
}

static void
follows(void)
{
	on_both(follows_on);
}

/* More claims than one step takes, in large entries and small, of which few say anything. */
static void
passes_over_on(struct world *w)
{
	struct err e = { 0 };
	int64_t record = add_named(w, "register");

	NEED(db_begin(w->record, &e), &e);
	for (int i = 0; i < 3; i++)
		for (int64_t k = 0; k < (i == 1 ? CLAIMS_MAX : 3000); k++)
			add_claim(w,
			    &(struct row){ .record = record,
				.property = "when",
				.kind = KIND_DATE,
				.value = "2020",
				.place = i == 2 ? 0 : k });
	NEED(db_commit(w->record, &e), &e);
	add_named(w, "the last one");
	world_follow(w);
	CHECK(!strcmp(titles(w, &everything, "last"), "the last one"));
	digests_agree(w);
}

static void
passes_over(void)
{
	on_both(passes_over_on);
}

static void
lose_record(struct world *w, int64_t number)
{
	struct err e = { 0 };

	CHECK_OK(
	    db_run(w->record, &e, "DELETE FROM claim WHERE record = $1", db_int(number)), &e);
	CHECK_OK(
	    db_run(w->record, &e, "DELETE FROM record WHERE number = $1", db_int(number)), &e);
}

static void
forgets_on(struct world *w)
{
	const int64_t gone = add_named(w, "qzzkprivateword law");
	const int64_t kept = add_named(w, "a law that stays");
	const int64_t note = add_claim(w,
	    &(struct row){ .record = kept, .property = "note", .value = "wwkanotherword law" });
	struct err e = { 0 };

	world_follow(w);
	CHECK(stored(w, "qzzkprivateword") && stored(w, "wwkanotherword"));
	CHECK_OK(
	    search_forget_records(w->s, (uint64_t[]){ (uint64_t)gone, (uint64_t)kept }, 2, &e),
	    &e);
	CHECK(!stored(w, "qzzkprivateword") && !stored(w, "stays"));

	/* Another program follows before the erasure is logged: they come back. */
	world_follow(w);
	CHECK(!strcmp(titles(w, &everything, "law"), "a law that stays,qzzkprivateword law"));
	digests_agree(w);

	lose_record(w, gone);
	CHECK_OK(
	    db_run(w->record, &e, "DELETE FROM claim WHERE number = $1", db_int(note)), &e);
	world_follow(w);
	CHECK_OK(search_scrub(w->s, &e), &e);
	CHECK(!stored(w, "qzzkprivateword") && !stored(w, "wwkanotherword"));
	CHECK(stored(w, "stays"));
	CHECK(!strcmp(titles(w, &everything, "law"), "a law that stays"));
	digests_agree(w);
	CHECK_OK(search_scrub(w->s, &e), &e); /* may be repeated */
	digests_agree(w);
}

static void
forgets(void)
{
	on_both(forgets_on);
}

/* Words that a claim lost though its row stayed, and postings of what nobody forgot. */
static void
strays_on(struct world *w)
{
	const int64_t kept = add_named(w, "a law that stays"), gone = add_named(w, "stray law");
	struct err e = { 0 };

	world_follow(w);
	lose_record(w, gone);
	CHECK_OK(search_forget_records(w->s, (uint64_t[]){ (uint64_t)kept }, 1, &e), &e);
	world_follow(w);
	CHECK_OK(db_run(w->record, &e, "UPDATE claim SET value = 'a rule' WHERE record = $1",
		     db_int(kept)),
	    &e);
	CHECK(stored(w, "stays") && stored(w, "stray"));
	CHECK_OK(search_scrub(w->s, &e), &e);
	CHECK(!stored(w, "stays") && !stored(w, "stray") && !stored(w, "law"));
	CHECK(stored(w, "rule"));
	digests_agree(w);
}

static void
strays_are_taken_out(void)
{
	on_both(strays_on);
}

TESTS(T(finds_what_a_slow_check_finds), T(follows), T(passes_over), T(forgets),
    T(strays_are_taken_out))
