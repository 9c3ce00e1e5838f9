/* What forms by which claims are made have in common: the passage, what is asked for besides, how values are given. */
#include <string.h>

#include "desk/pages/page_private.h"
#include "text/text.h"

enum { PASSAGE_SHOWN = 800, OPTIONS_MAX = 400 };

/* ---- the passage ---- */

static bool
read_text(void *arg, struct arena *a, const struct hash *sha256, const char **ret,
    size_t *ret_n, struct err *e)
{
	return session_bytes(arg, a, sha256, UINT32_MAX, ret, ret_n, e);
}

bool
passage_words(struct request *r, uint64_t item, const char *id, int64_t start, int64_t end,
    const char **ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	AUTO(object) *o = NULL;
	struct text_row *texts;
	size_t n, size = (size_t)MIN(end - start, (int64_t)PASSAGE_SHOWN);
	char *words;

	*ret = "";
	if (!record_texts(r->s->db, &v, r->a, item, &texts, &n, e))
		return false;
	while (n && strcmp(texts[n - 1].id, id) != 0)
		n--;
	if (!n || start < 0 || start >= end)
		return true;
	if (!(o = vault_get(r->s->vault, &texts[n - 1].sha256, e)))
		return false;
	if ((uint64_t)end > object_size(o))
		return true;
	words = arena_alloc(r->a, size + 1);
	if (!object_read_at(o, (uint64_t)start, words, size, e))
		return false;
	if (end - start == (int64_t)size) {
		*ret = text_valid(words, size) ? words : "";
		return true;
	}
	while (size && !text_valid(words, size)) /* a character was cut */
		words[--size] = 0;
	*ret = arena_printf(r->a, "%s …", words);
	return true;
}

/* "item", "text", "at" and "end"; or, of a part of it that stands there once, "words". */
static bool
read_citation(struct request *r, const struct pairs *from, struct statement *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct text_reader texts = { read_text, r->s };
	const char *item = request_said(r, from, "item"), *text = request_said(r, from, "text"),
		   *at = request_said(r, from, "at"), *end = request_said(r, from, "end"),
		   *words = request_said(r, from, "words");
	const char *typed = *words ? arena_printf(r->a, "%s:%s", item, words) :
	    *end                   ? arena_printf(r->a, "%s:%s-%s", item, at, end) :
				     item;

	if (strchr(item, ':'))
		return err_set(e, ERR_INVALID, "there is no such item");
	if (!citation_type(r->s->db, &v, r->a, &texts, typed, ret, e))
		return false;
	return !*text || (ret->text && strcmp(text, ret->text) == 0) ||
	    err_set(e, ERR_INVALID,
		"the text of this item was made anew meanwhile: choose the passage again");
}

static bool
my_compartments(struct request *r, const char *chosen, struct rests *ret, struct err *e)
{
	struct option *o = arena_alloc(r->a, OPTIONS_MAX * sizeof *o);
	struct stmt *q = db_query(r->s->db, e,
	    "SELECT DISTINCT compartment FROM member WHERE actor = $1 AND until = $2"
	    " ORDER BY compartment",
	    db_text(r->who.name), db_int(RECORD_OPEN));
	size_t n = 0;

	while (n < OPTIONS_MAX && db_next(q)) {
		const char *name = arena_str(r->a, db_get_text(q, 0));

		o[n++] = (struct option){ name, name, strcmp(name, chosen) == 0 };
	}
	ret->compartments = o;
	ret->n_compartments = n;
	return db_end(q, e);
}

bool
rests_read(struct request *r, const struct pairs *from, struct rests *ret,
    struct statement *ret_statement, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct statement st = { .start = -1, .end = -1 };
	struct item it;

	*ret = (struct rests){ .stance = request_said(r, from, "stance"),
		.source = request_said(r, from, "source") };
	if (!my_compartments(r, request_said(r, from, "compartment"), ret, e))
		return false;
	if (*request_said(r, from, "item")) {
		if (!read_citation(r, from, &st, e) ||
		    !record_find_item(r->s->db, &v, r->a, st.item, &it, e) ||
		    !item_usable(&it, e) || !opens_item(r, &it, false, e) ||
		    !passage_words(r, it.number, st.text ? st.text : "", st.start, st.end,
			&ret->passage, e))
			return false;
		ret->item = st.item;
		ret->item_title = it.title;
		ret->text = st.text ? st.text : "";
		ret->start = st.start < 0 ? 0 : (uint64_t)st.start;
		ret->end = st.end < 0 ? 0 : (uint64_t)st.end;
	}
	*ret_statement = st;
	return true;
}

/* ---- how a value is given ---- */

static const enum how hows[KINDS] = {
	[KIND_TEXT] = HOW_TEXT,
	[KIND_DATE] = HOW_DATE,
	[KIND_NUMBER] = HOW_NUMBER,
	[KIND_TERM] = HOW_TERM,
	[KIND_LINK] = HOW_LINK,
	[KIND_PLACE] = HOW_PLACE,
	[KIND_ITEM] = HOW_ITEM,
	[KIND_STEP] = HOW_TEXT,
};

static const struct option *
term_options(struct request *r, const struct vocabulary *v, const char *chosen)
{
	struct option *o = arena_alloc(r->a, (v->n + 1) * sizeof *o);

	for (size_t i = 0; i < v->n; i++) {
		const struct term *t = v->terms[i];

		o[i] =
		    (struct option){ t->code, labels_get(&t->labels, r->language->tag, t->code),
			    strcmp(chosen, t->code) == 0 };
	}
	return o;
}

struct field
field_of(struct request *r, const struct property *p, const struct type *t, const char *chosen)
{
	const char *about = labels_get(&p->about, r->language->tag, NULL);
	struct field f = { .form = arena_printf(r->a, "v.%s", p->name),
		.label = labels_get(&p->labels, r->language->tag, p->name),
		.about = about,
		.how = hows[p->kind],
		.required = p->required };

	(void)t;
	f.value = *chosen ? chosen : NULL;
	if (p->vocabulary && p->vocabulary->n <= OPTIONS_MAX) {
		f.options = term_options(r, p->vocabulary, chosen);
		f.n_options = p->vocabulary->n;
	}
	return f;
}

bool
may_claim(const struct type *t, const struct property *p)
{
	bool step;

	return p->kind != KIND_STEP && !*type_guard(t, p->name, &step);
}

const struct option *
type_options(struct request *r, const struct schema *s, const char *chosen, size_t *ret_n)
{
	const struct type *const *types = schema_types(s);
	struct option *o;
	size_t n = 0, k = 0;

	while (types[n])
		n++;
	o = arena_alloc(r->a, (n + 1) * sizeof *o);
	for (size_t i = 0; i < n; i++)
		if (!types[i]->abstract)
			o[k++] = (struct option){ types[i]->name,
				labels_get(&types[i]->labels, r->language->tag, types[i]->name),
				strcmp(types[i]->name, chosen) == 0 };
	*ret_n = k;
	return o;
}

/* ---- what is sent ---- */

bool
stance_read(const char *word, enum stance *ret, struct err *e)
{
	for (size_t i = 0; i < STANCES; i++)
		if (strcmp(stance_names[i], word) == 0) {
			*ret = (enum stance)i;
			return true;
		}
	return err_set(e, ERR_INVALID, "a source asserts, denies or does_not_know");
}

bool
claiming_read(struct request *r, struct claiming *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *source = request_field(r, "source"),
		   *compartment = request_field(r, "compartment");
	struct rests unused;

	*ret = (struct claiming){ .schema = request_schema(r, e) };
	if (!ret->schema || !rests_read(r, &r->form, &unused, &ret->rests, e) ||
	    !stance_read(request_field(r, "stance"), &ret->rests.stance, e))
		return false;
	ret->rests.credibility = (int)request_number(request_field(r, "credibility"), 0, 6);
	ret->rests.compartment = *compartment ? compartment : NULL;
	if (*compartment && !compartment_choose(r->s->db, &v, NULL, compartment, e))
		return false;
	ret->creations.compartment = ret->rests.compartment;
	return statement_confides(r->s->db, &v, r->a, &ret->creations, &ret->rests, e) &&
	    (!*source ||
		source_type(r->s->db, &v, r->a, ret->schema, source, &ret->creations,
		    &ret->rests.source, &ret->source, e));
}

bool
claiming_statement(struct request *r, struct claiming *c, const struct type *t,
    const struct property *p, const char *value, struct statement *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct statement *rests = &c->rests;

	if (!statement_type(r->s->db, &v, r->a, c->schema, t,
		arena_printf(r->a, "%s=%s", p->name, value), &c->creations, ret, e))
		return false;
	/* What the schema keeps for others stays theirs, unless somebody says so. */
	if (rests->compartment && (!*ret->compartment || *request_field(r, "compartment"))) {
		ret->compartment = rests->compartment;
		if (!compartment_choose(r->s->db, &v, p, rests->compartment, e))
			return false;
	}
	ret->source = rests->source;
	ret->item = rests->item;
	ret->text = rests->text;
	ret->start = rests->start;
	ret->end = rests->end;
	ret->stance = rests->stance;
	ret->credibility = rests->credibility;
	return true;
}

bool
claiming_append(struct request *r, struct claiming *c, struct act_record *io, struct err *e)
{
	struct draft *d;
	bool open = false;
	size_t n = 1;

	/* NULL, as "": in none. */
	for (size_t i = 0; i < io->n; i++)
		open |= !or_none(io->statements[i].compartment);
	/* A source that says nothing but in confidence is named in confidence. */
	if (io->n && !open && c->source)
		c->source->name.compartment = io->statements[0].compartment;
	for (const struct creation *k = c->creations.first; k; k = k->next)
		n++;
	d = arena_alloc(r->a, n * sizeof *d);
	n = 0;
	for (struct creation *k = c->creations.first; k; k = k->next) {
		k->act.actor = r->who.name;
		k->act.schema = c->schema;
		act_record(&d[n++], &k->act);
	}
	io->actor = r->who.name;
	io->schema = c->schema;
	act_record(&d[n++], io);
	return log_append(mechanism_log(r->desk->m), d, n, true, e);
}
