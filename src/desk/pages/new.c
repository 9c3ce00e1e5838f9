/* A new record: of which type, then what it is called and what such a record must have. The rest is claimed after. */
#include <string.h>

#include "desk/pages/page_private.h"

static bool
is_title(const struct type *t, const struct property *p)
{
	for (const char *const *name = t->title; name && *name; name++)
		if (strcmp(*name, p->name) == 0)
			return true;
	return false;
}

/* Is the name one of the list's, "a,b"? */
static bool
is_listed(const char *list, const char *name)
{
	for (size_t n; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (strlen(name) == n && strncmp(list, name, n) == 0)
			return true;
	}
	return false;
}

/* Forms of other pages fill in some ("v.state=XAA"), and ask for more ("ask=sent,kind"). */
static bool
is_asked_for(struct request *r, const struct type *t, const struct property *p)
{
	return may_claim(t, p) &&
	    (p->required || is_title(t, p) || is_listed(request_query(r, "ask"), p->name) ||
		*request_query(r, arena_printf(r->a, "v.%s", p->name)));
}

static void
add_fields(struct request *r, const struct type *t, struct new_page *p)
{
	struct field *f;
	size_t n = 0;

	while (t->properties[n])
		n++;
	f = arena_alloc(r->a, (n + 1) * sizeof *f);
	for (size_t i = 0; i < n; i++)
		if (is_asked_for(r, t, t->properties[i]))
			f[p->n_fields++] = field_of(r, t->properties[i], t,
			    request_query(
				r, arena_printf(r->a, "v.%s", t->properties[i]->name)));
	p->fields = f;
}

bool
new_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct new_page p = { 0 };
	const char *chosen = request_query(r, "type");
	const struct schema *s = request_schema(r, e);
	const struct type *t;
	struct statement unused;

	if (!s || !rests_read(r, &r->query, &p.rests, &unused, e))
		return false;
	t = schema_type(s, chosen);
	p.types = type_options(r, s, chosen, &p.n_types);
	if (t && !t->abstract) {
		p.type = t->name;
		p.kind = labels_get(&t->labels, r->language->tag, t->name);
		p.about = labels_get(&t->about, r->language->tag, NULL);
		add_fields(r, t, &p);
	}
	p.frame = page_frame(r, html_words(&h, WORD_NEW_RECORD), "new");
	page_new(&h, &p);
	return true;
}

/* Fields are called "v." and the property. */
static bool
read_fields(struct request *r, struct claiming *c, const struct type *t, struct statement *s,
    size_t *ret_n, struct err *e)
{
	size_t n = 0;

	for (const struct property *const *p = t->properties; *p; p++) {
		const char *value = request_field(r, arena_printf(r->a, "v.%s", (*p)->name));

		if (!may_claim(t, *p))
			continue;
		if (!*value && (*p)->required)
			return err_set(e, ERR_INVALID, "%s is left out",
			    labels_get(&(*p)->labels, r->language->tag, (*p)->name));
		if (*value && !claiming_statement(r, c, t, *p, value, &s[n++], e))
			return false;
	}
	*ret_n = n;
	return n > 0 || err_set(e, ERR_INVALID, "nothing was said of it");
}

bool
new_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct claiming c;
	struct act_record io = { 0 };
	struct statement *s;
	const struct type *t;
	size_t n = 0;

	if (!claiming_read(r, &c, e) ||
	    !(t = schema_want_type(c.schema, request_field(r, "type"), e)))
		return false;
	if (t->abstract)
		return err_set(e, ERR_INVALID, "no record is a %s as such", t->name);
	while (t->properties[n])
		n++;
	s = arena_alloc(r->a, (n + 1) * sizeof *s);
	if (!read_fields(r, &c, t, s, &io.n, e))
		return false;
	io.type = t->name;
	io.statements = s;
	return claiming_append(r, &c, &io, e) &&
	    reply_see(ret, arena_printf(r->a, "/records/%s", io.id.s));
}
