/* "Log something of this State": the forms for new records, with what is known of the State filled in and what such a
 * record usually says asked for. */
#include <string.h>

#include "desk/pages/letters_private.h"

/* state: the property that names the State; ask: what the form asks for besides. */
static const struct {
	const char *type, *state, *ask;
} forms[] = {
	{ "letter", "state", "kind,sent,subject,from" },
	{ "visit", "state", "mandate,kind,requested" },
	{ "recommendation", "to", "text,from,session,made,response" },
	{ "vote", "state", "position,date,resolution,roll_call" },
	{ "law", "state", "introduced,enacted,in_force,kind,concern" },
	{ "statement", "state", "date,text,by,occasion" },
};

static void
add_forms(struct request *r, const struct schema *s, const char *code, struct state_log_page *p)
{
	struct quick_row *rows = arena_alloc(r->a, LEN(forms) * sizeof *rows);

	for (size_t i = 0; i < LEN(forms); i++) {
		const struct type *t = schema_type(s, forms[i].type);

		if (!t || t->abstract)
			continue;
		rows[p->n_forms++] = (struct quick_row){
			.address = arena_printf(r->a, "/new?type=%s&v.%s=%s&ask=%s",
			    forms[i].type, forms[i].state, code, forms[i].ask),
			.name = labels_get(&t->labels, r->language->tag, t->name)
		};
	}
	p->forms = rows;
}

/* Does a list of codes, "UZ, KZ", hold this one? */
static bool
holds(const char *codes, const char *code)
{
	size_t n = strlen(code);

	for (const char *at = codes; (at = strstr(at, code)); at += n)
		if ((at == codes || at[-1] == ' ') && (!at[n] || at[n] == ','))
			return true;
	return false;
}

/* Its letters that wait for an answer, each once: a reply is begun from there. */
static bool
add_letters(struct request *r, const struct schema *s, const char *code,
    struct state_log_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct link *rows;
	struct due *due;
	size_t n;

	if (!account_due(r->s->db, &v, r->a, s, INT64_MAX, &due, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		const struct record *rec = &due[i].record;
		const struct type *t = schema_type(s, rec->type);

		if (!t || !type_is(t, "letter") || !holds(due[i].to, code) ||
		    strcmp(due[i].clock.rule->name, "reply") != 0)
			continue;
		rows[p->n_letters++] = (struct link){
			arena_printf(r->a,
			    "/new?type=reply&v.letter=%s&v.state=%s&ask=received,grade,dated,from",
			    rec->id, code),
			*rec->title ? rec->title : rec->id, false
		};
	}
	p->letters = rows;
	return true;
}

bool
state_log_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct state_log_page p = { 0 };
	const struct schema *s = request_schema(r, e);
	const struct vocabulary *states = s ? schema_vocabulary(s, "state") : NULL;
	const struct term *t = states ? vocabulary_code(states, r->part[0]) : NULL;

	if (!s)
		return false;
	if (!t)
		return err_set(e, ERR_MISSING, "there is no such State");
	p.code = t->code;
	add_forms(r, s, t->code, &p);
	if (!add_letters(r, s, t->code, &p, e))
		return false;
	p.frame = page_frame(r,
	    arena_printf(r->a, "%s: %s", html_words(&h, WORD_LOG_OF_STATE),
		labels_get(&t->labels, r->language->tag, t->code)),
	    "states");
	page_state_log(&h, &p);
	return true;
}
