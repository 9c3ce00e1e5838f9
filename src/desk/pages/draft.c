/* A letter is drafted: begun from a record or from nothing, and changed as long as nobody has it. A change withdraws
 * the mechanism's own claims that differ, and makes new ones. */
#include <string.h>

#include "desk/pages/letters_private.h"

/* What is written here; `lines`: any number of values, one in each line. */
static const struct part {
	const char *property;
	bool lines, large;
} parts[] = {
	{ "subject", false, false },
	{ "kind", false, false },
	{ "reference", false, false },
	{ "state", true, false },
	{ "addressee", true, false },
	{ "from", true, false },
	{ "reply_by", false, false },
	{ "text", false, true },
	{ "asks", false, false },
};

/* What may be changed: the mechanism's own word. */
static bool
is_own(const struct claim *c, const char *property)
{
	return strcmp(c->property, property) == 0 && c->stance == ASSERTS && !c->source;
}

static const char *
typed_again(struct request *r, const struct claim *c)
{
	return c->value.kind == KIND_TERM && or_none(c->label) ? c->label :
	    c->value.kind == KIND_LINK && or_none(c->target_title) ?
								 c->target_title :
								 value_print(r->a, &c->value);
}

static const char *
value_now(struct request *r, const struct part *part, const struct property *p,
    const struct claims *claims)
{
	const char *out = "";

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *c = &claims->c[i];

		if (!is_own(c, part->property))
			continue;
		if (p->kind == KIND_TERM && !part->lines)
			return c->value.text;
		if (!part->lines)
			return value_print(r->a, &c->value);
		out = arena_printf(r->a, "%s%s%s", out, *out ? "\n" : "", typed_again(r, c));
	}
	return out;
}

static void
add_fields(
    struct request *r, const struct type *t, const struct claims *claims, struct draft_page *p)
{
	struct field *f = arena_alloc(r->a, LEN(parts) * sizeof *f);

	for (size_t i = 0; i < LEN(parts); i++) {
		const struct property *q = type_property(t, parts[i].property);
		const char *now;

		if (!q)
			continue;
		now = value_now(r, &parts[i], q, claims);
		f[p->n_fields] = field_of(r, q, t, now);
		f[p->n_fields].value = now;
		f[p->n_fields].lines = parts[i].lines;
		f[p->n_fields].large = parts[i].large;
		if (parts[i].lines) {
			f[p->n_fields].how = HOW_TEXT;
			f[p->n_fields].options = NULL;
			f[p->n_fields].n_options = 0;
		}
		p->n_fields++;
	}
	p->fields = f;
}

static int64_t
newest_of(const struct claims *claims)
{
	int64_t newest = 0;

	for (size_t i = 0; i < claims->n; i++)
		newest = MAX(newest, claims->c[i].number);
	return newest;
}

static bool
add_about(struct request *r, const struct schema *s, const char *about, struct draft_page *p,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	struct record rec;

	if (!*about)
		return true;
	if (!record_find_seen(r->s->db, &v, r->a, s, NULL, about, &rec, e))
		return false;
	p->about = rec.id;
	p->about_title = *rec.title ? rec.title : rec.id;
	return true;
}

static bool
write_page(struct request *r, struct reply *ret, const struct schema *s,
    const struct claims *claims, struct draft_page *p, struct err *e)
{
	struct html h = reply_html(r, ret);
	const struct type *t = schema_want_type(s, "letter", e);

	if (!t)
		return false;
	add_fields(r, t, claims, p);
	p->seen = (uint64_t)newest_of(claims);
	p->frame = page_frame(
	    r, html_words(&h, p->id ? WORD_DRAFT : WORD_NEW_LETTER), p->id ? "letters" : "");
	page_draft(&h, p);
	return true;
}

bool
letter_new_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	const struct claims none = { 0 };
	struct draft_page p = { 0 };

	return s && add_about(r, s, request_query(r, "about"), &p, e) &&
	    write_page(r, ret, s, &none, &p, e);
}

bool
draft_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	struct draft_page p = { 0 };
	struct claims claims;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e))
		return false;
	p.id = letter.id;
	return write_page(r, ret, s, &claims, &p, e);
}

/* ---- what is sent ---- */

enum { STATEMENTS = 256 };

struct drafting {
	struct request *r;
	struct claiming c;
	const struct type *type;
	const struct claims *claims;
	struct statement *s; /* what is new */
	size_t n;
	const char **withdraws;
	size_t n_withdraws;
};

/* Browsers end lines by two characters, and so do we by one. */
static const char *
plain_lines(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1);
	size_t n = 0;

	for (; *s; s++)
		if (*s != '\r')
			out[n++] = *s;
	while (n && strchr(" \n\t", out[n - 1]))
		n--;
	out[n] = 0;
	return out;
}

static bool
says_same(const struct claim *c, const struct statement *st)
{
	return c->value.kind == st->value.kind && strcmp(c->value.text, st->value.text) == 0;
}

/* One value that is wanted: is it there already? *kept marks the claim. */
static bool
want(struct drafting *d, const struct property *p, const char *value, bool *kept, struct err *e)
{
	struct statement *st = &d->s[d->n];

	if (d->n == STATEMENTS)
		return err_set(e, ERR_INVALID, "too many values");
	if (!claiming_statement(d->r, &d->c, d->type, p, value, st, e))
		return false;
	for (size_t i = 0; i < d->claims->n; i++)
		if (is_own(&d->claims->c[i], p->name) && says_same(&d->claims->c[i], st)) {
			kept[i] = true;
			return true;
		}
	d->n++;
	return true;
}

static bool
read_part(struct drafting *d, const struct part *part, struct err *e)
{
	const struct property *p = type_property(d->type, part->property);
	const char *s = plain_lines(
	    d->r->a, request_field(d->r, arena_printf(d->r->a, "v.%s", part->property)));
	bool *kept = arena_alloc(d->r->a, (d->claims->n + 1) * sizeof *kept);

	if (!p)
		return true;
	if (!part->lines && *s && !want(d, p, s, kept, e))
		return false;
	while (part->lines && *s) {
		size_t n = strcspn(s, "\n"), skip = strspn(s, " \t");
		const char *line = arena_strn(d->r->a, s + MIN(skip, n), n - MIN(skip, n));

		if (*line && !want(d, p, line, kept, e))
			return false;
		s += n + (s[n] == '\n');
	}
	for (size_t i = 0; i < d->claims->n; i++)
		if (is_own(&d->claims->c[i], p->name) && !kept[i])
			d->withdraws[d->n_withdraws++] = d->claims->c[i].name;
	return true;
}

static bool
read_parts(struct drafting *d, const struct claims *claims, struct err *e)
{
	d->claims = claims;
	d->s = arena_alloc(d->r->a, (STATEMENTS + 1) * sizeof *d->s);
	d->withdraws = arena_alloc(d->r->a, (claims->n + 1) * sizeof *d->withdraws);
	d->c.schema = request_schema(d->r, e);
	d->c.rests = (struct statement){ .start = -1, .end = -1 };
	if (!d->c.schema || !(d->type = schema_want_type(d->c.schema, "letter", e)))
		return false;
	for (size_t i = 0; i < LEN(parts); i++)
		if (!read_part(d, &parts[i], e))
			return false;
	return true;
}

bool
letter_made_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct claims none = { 0 };
	const char *about = request_field(r, "about");
	struct drafting d = { .r = r };
	struct act_record io = { 0 };
	const struct property *concerns;

	if (!read_parts(&d, &none, e))
		return false;
	if (!d.n)
		return err_set(e, ERR_INVALID, "nothing was said of it");
	concerns = type_property(d.type, "concerns");
	if (*about && concerns &&
	    !claiming_statement(r, &d.c, d.type, concerns, about, &d.s[d.n++], e))
		return false;
	io.statements = d.s;
	io.n = d.n;
	return account_begin_letter(r->a, d.c.schema, &io, e) &&
	    claiming_append(r, &d.c, &io, e) &&
	    reply_see(ret, arena_printf(r->a, "/letters/%s", io.id.s));
}

bool
draft_made_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	const char *reason = request_field(r, "reason");
	struct drafting d = { .r = r };
	struct act_redraft io = { .schema = s };
	struct claims claims;
	struct record letter;
	int64_t seen = (int64_t)request_number(request_field(r, "seen"), 0, INT64_MAX);

	if (!s || !letter_find(r, s, &letter, &claims, e))
		return false;
	if (newest_of(&claims) != seen)
		return err_set(e, ERR_INVALID,
		    "somebody else changed this letter meanwhile: look at it again");
	if (!read_parts(&d, &claims, e))
		return false;
	io.record = (struct act_record){ .record = letter.id,
		.statements = d.s,
		.n = d.n,
		.withdraws = d.withdraws,
		.n_withdraws = d.n_withdraws,
		.reason = d.n_withdraws ? (*reason ? reason : "the draft was changed") : NULL };
	account_redraft(&io);
	return ((!d.n && !d.n_withdraws) || claiming_append(r, &d.c, &io.record, e)) &&
	    reply_see(ret, arena_printf(r->a, "/letters/%s", letter.id));
}
