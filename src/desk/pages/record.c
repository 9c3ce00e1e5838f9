/* A record: every claim for and against, with what each rests on; what leads to it; what happened when; what it was before. */
#include <string.h>

#include "account/timeline.h"
#include "desk/pages/letters_private.h"
#include "record/claim_same.h"

enum { MOMENTS_SHOWN = 200 };

/* ---- claims ---- */

/* Those of one stance, of the claims of one property. */
static const struct claim_row *
rows_of(struct request *r, const struct html *h, const struct type *t, const struct claim *c,
    size_t n, enum stance s, size_t *ret_n)
{
	struct claim_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = 0; i < n; i++)
		if (c[i].stance == s)
			claim_row_fill(r, h, t, &c[i], &rows[(*ret_n)++]);
	return rows;
}

static void
group_rows(struct request *r, const struct html *h, const struct type *t,
    const struct claims *claims, struct record_page *p)
{
	struct claim_group *groups = arena_alloc(r->a, (claims->n + 1) * sizeof *groups);

	for (size_t i = 0, n; i < claims->n; i += n) {
		const struct claim *c = &claims->c[i];
		struct claim_group *g = &groups[p->n_groups++];

		for (n = 1; i + n < claims->n && strcmp(c[n].property, c->property) == 0;)
			n++;
		g->code = c->property;
		g->property = or_none(c->property_label) ? c->property_label : c->property;
		g->asserted = rows_of(r, h, t, c, n, ASSERTS, &g->n_asserted);
		g->denied = rows_of(r, h, t, c, n, DENIES, &g->n_denied);
		g->unknown = rows_of(r, h, t, c, n, DOES_NOT_KNOW, &g->n_unknown);
	}
	p->groups = groups;
}

/* ---- what it was, and what leads to it ---- */

static struct touched_row *
touch(struct touched_row *rows, size_t *io_n, uint64_t entry, const struct deed *d)
{
	for (size_t i = 0; i < *io_n; i++)
		if (rows[i].entry == entry)
			return &rows[i];
	rows[*io_n] = (struct touched_row){ .entry = entry,
		.time = d->time,
		.actor = d->by ? d->by : "",
		.reason = d->reason ? or_none(d->reason) : NULL };
	return &rows[(*io_n)++];
}

static void
sort_touched(struct touched_row *rows, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && rows[k - 1].entry > rows[k].entry; k--) {
			struct touched_row t = rows[k];

			rows[k] = rows[k - 1];
			rows[k - 1] = t;
		}
}

/* The entries that made or withdrew what may be seen of it, whatever state the page shows. */
static bool
add_touched(struct request *r, const struct record *rec, int64_t as_of, struct record_page *p,
    struct err *e)
{
	enum { TOUCHED_SHOWN = 300 };
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct touched_row *rows;
	struct claims all;

	if (!s || !record_claims(r->s->db, &v, r->a, s, rec, true, &all, e) ||
	    !record_tell(r->s->db, &v, r->a, s, mechanism_log(r->desk->m), rec, &all, e))
		return false;
	rows = arena_alloc(r->a, 2 * (TOUCHED_SHOWN + 2) * sizeof *rows);
	for (size_t i = 0; i < all.n && p->n_touched < 2 * TOUCHED_SHOWN; i++) {
		const struct claim *c = &all.c[i];

		touch(rows, &p->n_touched, c->entry, &c->made)->made++;
		if (c->withdrawn != RECORD_OPEN)
			touch(rows, &p->n_touched, (uint64_t)c->withdrawn, &c->unmade)
			    ->withdrawn++;
	}
	sort_touched(rows, p->n_touched);
	for (size_t i = p->n_touched; as_of != RECORD_OPEN && i > 0; i--)
		if ((int64_t)rows[i - 1].entry < as_of) {
			rows[i - 1].here = true;
			break;
		}
	p->touched = rows;
	return true;
}

static bool
add_leading(struct request *r, const struct viewer *v, const struct schema *s,
    const struct record *rec, struct record_page *p, struct err *e)
{
	struct leading_row *rows;
	struct leading *l;

	if (!record_leading(r->s->db, v, r->a, s, rec, &l, &p->n_leading, &p->more_leading, e))
		return false;
	rows = arena_alloc(r->a, (p->n_leading + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_leading; i++) {
		const struct type *t = schema_type(s, l[i].record.type);
		const struct property *q = t ? type_property(t, l[i].property) : NULL;

		rows[i] = (struct leading_row){ record_place(r, s, &l[i].record),
			record_words(r, s, &l[i].record), type_words(r, s, l[i].record.type),
			q ? labels_get(&q->labels, v->language, q->name) : l[i].property,
			l[i].claim };
	}
	p->leading = rows;
	return true;
}

static bool
add_same(struct request *r, const struct viewer *v, const struct schema *s,
    const struct record *rec, struct record_page *p, struct err *e)
{
	const struct claim *c;
	struct link *links;
	struct claims claims;

	if (rec->n_same < 2)
		return true;
	if (!record_claims(r->s->db, v, r->a, s, rec, false, &claims, e))
		return false;
	links = arena_alloc(r->a, (claims.n + 1) * sizeof *links);
	for (size_t i = 0; i < claims.n; i++) {
		c = &claims.c[i];
		if (strcmp(c->property, SAME) == 0 && c->stance == ASSERTS)
			links[p->n_same++] = (struct link){ record_address(r, c->value.text),
				claimed_words(r, c), false };
	}
	p->same = links;
	return true;
}

/* ---- its line of time ---- */

static const char *
moment_words(struct request *r, const struct schema *s, const struct moment *m)
{
	const struct type *t = schema_type(s, m->record->type);
	const struct property *p = t ? type_property(t, m->what) : NULL;
	const char *language = r->language->tag;

	if (m->kind == MOMENT_DUE)
		return labels_get(&m->clock->rule->labels, language, m->what);
	if (m->kind == MOMENT_STEP && t)
		return state_words(r, t->procedure, m->what);
	return p ? labels_get(&p->labels, language, m->what) : m->what;
}

static bool
add_moments(struct request *r, const struct html *h, const struct viewer *v,
    const struct schema *s, const struct record *rec, struct record_page *p, struct err *e)
{
	struct moment_row *rows;
	struct timeline t;

	if (!account_timeline(r->s->db, v, r->a, s, rec, NULL, NULL, &t, e))
		return false;
	rows = arena_alloc(r->a, (MOMENTS_SHOWN + 1) * sizeof *rows);
	for (size_t i = 0; i < t.n && p->n_moments < MOMENTS_SHOWN; i++) {
		const struct moment *m = &t.m[i];

		if (*m->day)
			rows[p->n_moments++] = (struct moment_row){ .day = m->day,
				.what = moment_words(r, s, m),
				.address = record_place(r, s, m->record),
				.title = record_words(r, s, m->record),
				.stance = m->claim ? stance_words(h, m->claim->stance) : NULL,
				.source = m->claim ? or_none(m->claim->source_title) : NULL,
				.claim_address = m->claim ?
				    arena_printf(r->a, "/claims/%s", m->claim->name) :
				    NULL,
				.perhaps = m->perhaps,
				.late = m->clock && m->clock->overdue };
	}
	p->moments = rows;
	return true;
}

/* What stands round its claims. */
static bool
add_around(struct request *r, const struct html *h, const struct viewer *v,
    const struct schema *s, const struct record *rec, struct record_page *p, struct err *e)
{
	const char *place = record_place(r, s, rec);

	if (strcmp(place, record_address(r, rec->id)) != 0)
		p->opened = place;
	if (!next_rows(r, v, s, rec, &p->state, &p->next, &p->n_next, e) ||
	    !add_same(r, v, s, rec, p, e) || !add_leading(r, v, s, rec, p, e))
		return false;
	return add_moments(r, h, v, s, rec, p, e) && add_touched(r, rec, v->as_of, p, e);
}

bool
record_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct record_page p = { .as_of = request_query(r, "as_of"),
		.history = *request_query(r, "history"),
		.script = static_version(r, "record.js") };
	AUTO(schema) *former = NULL;
	const struct schema *s;
	const struct type *t;
	struct claims claims;
	struct record found;

	if (!id_ok(r->part[0], "rec")) /* of a part it would tell how many begin so */
		return err_set(e, ERR_MISSING, "no such record");
	if (*p.as_of && !record_as_of(r->s->db, p.as_of, &v.as_of, e))
		return false;
	s = *p.as_of ? (former = record_schema(r->s->db, &v, e)) : request_schema(r, e);
	if (!s ||
	    !record_with_claims(
		r->s->db, &v, r->a, s, r->part[0], p.history, &found, &claims, e) ||
	    !record_tell(
		r->s->db, &v, r->a, s, mechanism_log(r->desk->m), &found, &claims, e) ||
	    !opens_record(r, &found, &claims, e))
		return false;
	t = schema_type(s, found.type);
	p.id = found.id;
	p.type = arena_str(r->a, found.type);
	p.kind = arena_str(r->a, type_words(r, s, found.type));
	p.claims = (r->who.roles & CLAIMERS) && !*p.as_of;
	p.withheld = claims.withheld;
	p.some_withheld = claims.withheld > 0;
	if (!add_around(r, &h, &v, s, &found, &p, e))
		return false;
	if (!*p.as_of && !procedure_read(r, s, &found, &p.procedure, e))
		return false;
	group_rows(r, &h, t, &claims, &p);
	p.frame = page_frame(r, *found.title ? found.title : p.kind, "records");
	page_record(&h, &p);
	return true;
}
