/* Letters: which there are, how far each is, what is awaited. */
#include <string.h>

#include "desk/pages/letters_private.h"
#include "schema/procedure.h"
#include "text/text.h"

enum { SHOWN = 100, READ_AT_ONCE = 500 };

struct listing {
	const struct schema *schema;
	const struct type *type;
	struct standing *standings;
	struct campaign *campaigns;
	struct due *due;
	size_t n_standings, n_campaigns, n_due;
};

static bool
read_all(struct request *r, struct listing *l, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct db *db = r->s->db;

	return account_standings(
		   db, &v, r->a, l->schema, l->type, &l->standings, &l->n_standings, e) &&
	    account_campaigns(db, &v, r->a, l->schema, &l->campaigns, &l->n_campaigns, e) &&
	    account_due(db, &v, r->a, l->schema, INT64_MAX, &l->due, &l->n_due, e);
}

/* The states of the letters' procedure. */
static const struct option *
procedure_options(
    struct request *r, const struct procedure *p, const char *chosen, size_t *ret_n)
{
	struct option *o = arena_alloc(r->a, ((p ? p->n_states : 0) + 1) * sizeof *o);

	*ret_n = p ? p->n_states : 0;
	for (size_t i = 0; i < *ret_n; i++)
		o[i] = (struct option){ p->states[i].code,
			labels_get(&p->states[i].labels, r->language->tag, p->states[i].code),
			strcmp(p->states[i].code, chosen) == 0 };
	return o;
}

static const struct option *
sign_on_options(struct request *r, const struct html *h, const char *chosen, size_t *ret_n)
{
	const struct option all[] = { { "open", html_words(h, WORD_SIGN_ON_OPEN), false },
		{ "closed", html_words(h, WORD_SIGN_ON_CLOSED), false },
		{ "none", html_words(h, WORD_SIGN_ON_NONE), false } };
	struct option *o = arena_dup(r->a, all, sizeof all);

	*ret_n = LEN(all);
	for (size_t i = 0; i < LEN(all); i++)
		o[i].chosen = strcmp(all[i].value, chosen) == 0;
	return o;
}

static const char *
state_label(struct request *r, const struct procedure *p, const char *code)
{
	const struct state *state = p && *code ? procedure_state(p, code) : NULL;

	return state ? labels_get(&state->labels, r->language->tag, code) : "";
}

/* Do the words stand in the title, without case? */
static bool
has_words(const char *title, const char *words)
{
	return !*words || strcasestr(title, words);
}

/* False: the filters leave it out. */
static bool
fill_row(struct request *r, const struct html *h, const struct listing *l,
    const struct letters_page *p, const struct record *rec, struct letter_row *ret)
{
	const struct campaign *c = campaigns_find(l->campaigns, l->n_campaigns, rec->number);
	const char *state = standings_find(l->standings, l->n_standings, rec->number);
	const char *sign_on = c ? c->state : "none";
	const char *title = *rec->title ? rec->title : rec->id;

	if ((*p->state && strcmp(p->state, state) != 0) ||
	    (*p->sign_on && strcmp(p->sign_on, sign_on) != 0) || !has_words(title, p->words))
		return false;
	*ret = (struct letter_row){ .address = arena_printf(r->a, "/letters/%s", rec->id),
		.title = title,
		.state = state_label(r, l->type->procedure, state),
		.sign_on = c ?
		    html_words(h, *c->state == 'o' ? WORD_SIGN_ON_OPEN : WORD_SIGN_ON_CLOSED) :
		    NULL };
	for (size_t i = 0; i < l->n_due && !ret->term; i++) {
		const struct running *clock = &l->due[i].clock;

		if (l->due[i].record.number != rec->number || clock->due_latest == INT64_MAX)
			continue;
		ret->term = days_words(r->a, clock->due_earliest, clock->due_latest);
		ret->overdue = clock->overdue;
		ret->perhaps = clock->perhaps;
	}
	return true;
}

static bool
add_rows(struct request *r, const struct html *h, const struct listing *l,
    struct letters_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct letter_row *rows = arena_alloc(r->a, SHOWN * sizeof *rows);
	struct condition state;
	struct record_list page = { .n = READ_AT_ONCE };
	uint64_t after = request_number(request_query(r, "after"), 0, INT64_MAX);

	if (*p->country &&
	    !condition_type(r->s->db, &v, r->a, l->schema, l->type,
		arena_printf(r->a, "state=%s", p->country), &state, e))
		return false;
	while (page.n == READ_AT_ONCE && !p->more) {
		if (!record_list(r->s->db, &v, r->a, l->schema, l->type, &state,
			*p->country != 0, after, READ_AT_ONCE, &page, e))
			return false;
		for (size_t i = 0; i < page.n && !p->more; i++) {
			struct letter_row row;

			if (!fill_row(r, h, l, p, &page.r[i], &row))
				continue;
			p->more = p->n_rows == SHOWN;
			if (p->more)
				break;
			rows[p->n_rows++] = row;
			p->last = page.r[i].number;
		}
		after = page.last;
	}
	p->rows = rows;
	return true;
}

bool
letters_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct letters_page p = { .words = request_query(r, "words"),
		.state = request_query(r, "state"),
		.sign_on = request_query(r, "sign_on"),
		.country = request_query(r, "country"),
		.claims = r->who.roles & CLAIMERS };
	struct listing l = { .schema = request_schema(r, e) };

	if (!l.schema || !(l.type = schema_want_type(l.schema, "letter", e)) ||
	    !read_all(r, &l, e) || !add_rows(r, &h, &l, &p, e))
		return false;
	p.states = procedure_options(r, l.type->procedure, p.state, &p.n_states);
	p.sign_ons = sign_on_options(r, &h, p.sign_on, &p.n_sign_ons);
	p.countries = state_options(r, l.schema, p.country, &p.n_countries);
	p.frame = page_frame(r, html_words(&h, WORD_SEC_LETTERS), "letters");
	page_letters(&h, &p);
	return true;
}
