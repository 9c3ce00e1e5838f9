/* Disclosures: lists of items for one recipient, proposed by one person and approved by another; what was approved, as an archive. */
#include <stdlib.h>
#include <string.h>

#include "account/disclosing.h"
#include "base/code.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_administration.h"
#include "desk/stream.h"
#include "publish/handover.h"

enum { SHOWN = 200, REQUESTS_SHOWN = 500, ITEMS_MAX = 100000 };

/* ---- the list ---- */

/* Whoever may not see one of the items knows nothing of the list either. */
static bool
add_items(struct request *r, const struct disclosure *d, struct disclosure_row *row,
    bool *ret_seen, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct disclosed_item_row *rows = arena_alloc(r->a, (d->n + 1) * sizeof *rows);

	*ret_seen = false;
	for (size_t i = 0; i < d->n; i++) {
		struct item it;

		if (!record_find_item(r->s->db, &v, r->a, d->items[i].id, &it, e))
			return e->kind == ERR_MISSING;
		rows[i] = (struct disclosed_item_row){ .item = it.id,
			.address = arena_printf(r->a, "/items/%s", it.id),
			.bytes = it.bytes,
			.conditions = or_none(d->items[i].conditions) };
	}
	row->items = rows;
	row->n_items = d->n;
	*ret_seen = true;
	return true;
}

/* *ret_seen false: they may not know of it, or it is not there. */
static bool
read_one(struct request *r, const char *id, struct proposed *ret, struct disclosure_row *row,
    bool *ret_seen, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	char *hex = arena_alloc(r->a, HEX32);
	struct person first, second = { 0 };
	struct record rec;

	*ret_seen = false;
	if (!s)
		return false;
	if (!record_find(r->s->db, &v, r->a, s, id, &rec, e) ||
	    !disclosure_read(r->s->db, &v, r->a, rec.id, ret, e))
		return e->kind == ERR_MISSING || e->kind == ERR_INVALID;
	if (!record_person(r->s->db, &v, r->a, ret->person, &first, e) ||
	    (*ret->approver && !record_person(r->s->db, &v, r->a, ret->approver, &second, e)))
		return false;
	hex_encode(ret->d.sha256.b, HASH_SIZE, hex);
	*row = (struct disclosure_row){ .disclosure = ret->d.id,
		.address = arena_printf(r->a, "/records/%s", ret->d.id),
		.entry = ret->entry,
		.withheld = ret->d.withheld,
		.request_address = arena_printf(r->a, "/records/%s", ret->d.request),
		.recipient = ret->d.recipient,
		.purpose = ret->d.purpose,
		.conditions = ret->d.conditions,
		.proposed_by = first.name,
		.approved_by = or_none(second.name),
		.sha256 = hex };
	return add_items(r, &ret->d, row, ret_seen, e);
}

static bool
add_disclosures(struct request *r, struct disclosures_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const char *const *ids;
	struct disclosure_row *rows;
	size_t n;

	if (!record_disclosures(r->s->db, &v, r->a, SHOWN, &ids, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		struct proposed one;
		bool seen;

		if (!read_one(r, ids[i], &one, &rows[p->n_rows], &seen, e))
			return false;
		p->n_rows += seen;
	}
	p->rows = rows;
	return true;
}

static struct disclosing
disclosing_of(
    struct request *r, const struct viewer *v, const struct schema *s, struct signer *signer)
{
	return (struct disclosing){ r->s->db, mechanism_log(r->desk->m), r->a, v, s, signer };
}

/* Requests that were granted. */
static bool
add_requests(struct request *r, struct disclosures_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	const struct type *t = s ? schema_want_type(s, "request", e) : NULL;
	struct disclosing in = disclosing_of(r, &v, s, NULL);
	struct record_list list;
	struct option *o;

	if (!t || !record_list(r->s->db, &v, r->a, s, t, NULL, 0, 0, REQUESTS_SHOWN, &list, e))
		return false;
	o = arena_alloc(r->a, (list.n + 1) * sizeof *o);
	for (size_t i = 0; i < list.n; i++) {
		const struct record *one = &list.r[i];

		if (disclosing_granted(&in, one, e))
			o[p->n_requests++] = (struct option){ one->id,
				*one->title ? one->title : one->id, false };
		else if (e->kind != ERR_INVALID)
			return false;
	}
	p->requests = o;
	return true;
}

bool
disclosures_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct disclosures_page p = { 0 };

	if (!add_disclosures(r, &p, e) || !add_requests(r, &p, e) ||
	    !(p.people = people_options(r, &p.n_people, e)))
		return false;
	p.frame = page_frame(r, html_words(&h, WORD_DISCLOSURES), "disclosures");
	page_disclosures(&h, &p);
	return true;
}

/* ---- proposing ---- */

/* Named with anything but their letters between. */
static bool
find_items(
    struct request *r, const char *typed, const char ***ret, size_t *ret_n, struct err *e)
{
	static const char between[] = " ,;\t\r\n";
	struct viewer v = request_viewer(r);
	struct given_list *list = given_list_new(r->a);

	for (size_t n; *(typed += strspn(typed, between)); typed += n) {
		struct item it;

		n = strcspn(typed, between);
		if (list->n_items == ITEMS_MAX)
			return err_set(e, ERR_INVALID, "more than %d items", ITEMS_MAX);
		if (!record_find_item(r->s->db, &v, r->a, arena_strn(r->a, typed, n), &it, e))
			return e->kind == ERR_MISSING ?
			    err_set(e, ERR_INVALID, "there is no item \"%.60s\"",
				arena_strn(r->a, typed, n)) :
			    false;
		given_add_item(list, it.id, "");
	}
	*ret = arena_alloc(r->a, (list->n_items + 1) * sizeof **ret);
	for (size_t i = 0; i < list->n_items; i++)
		(*ret)[i] = list->items[i].id;
	*ret_n = list->n_items;
	return *ret_n || err_set(e, ERR_INVALID, "say which items");
}

static bool
find_request(struct request *r, const struct disclosing *in, struct record *ret, struct err *e)
{
	static const char *const types[] = { "request", NULL };
	const char *name = request_field(r, "request");

	if (!record_find_named(r->s->db, in->v, r->a, in->schema, types, name, ret, e))
		return e->kind == ERR_MISSING ?
		    err_set(e, ERR_INVALID, "there is no request \"%.60s\"", name) :
		    false;
	return disclosing_granted(in, ret, e);
}

bool
disclosure_propose_page(struct request *r, struct reply *ret, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer signer = { 0 };
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct disclosing in = disclosing_of(r, &v, s, &signer);
	struct disclosure d = { .recipient = request_field(r, "recipient"),
		.purpose = request_field(r, "purpose"),
		.conditions = request_field(r, "conditions") };
	struct record request;
	const char **items = NULL;
	uint64_t entry;
	size_t n = 0;

	if (!s)
		return false;
	if (!*d.recipient || !*d.purpose || !*d.conditions)
		return err_set(e, ERR_INVALID,
		    "say to whom it is given, what for, and under which conditions");
	if (!find_request(r, &in, &request, e) ||
	    !find_items(r, request_field(r, "items"), &items, &n, e) ||
	    !signer_is(r, &signer, e))
		return false;
	if (!disclosing_propose(&in, &request, items, n, &d, &entry, e))
		return refused(e);
	return reply_see(ret, "/disclosures");
}

/* ---- handing over ---- */

struct package { /* lives in its own arena: the request may end before all is sent */
	struct arena *a;
	struct handover_archive *archive;
	struct log *log;
	struct handing h;
};

static bool
package_read(void *arg, void *p, size_t max, size_t *ret_n, struct err *e)
{
	struct package *x = arg;

	return handover_archive_read(x->archive, p, max, ret_n, e);
}

static void
package_end(void *arg, bool whole)
{
	struct package *x = arg;

	if (!whole)
		disclosing_broke_off(x->log, x->a, &x->h);
	handover_archive_free(x->archive);
	arena_free(x->a);
}

/* What the entry of its end needs outlives the request. */
static struct package *
package_of(struct request *r, const struct handing *h)
{
	struct arena *a = arena_new();
	struct package *x = arena_alloc(a, sizeof *x);

	*x = (struct package){ .a = a, .log = mechanism_log(r->desk->m), .h = *h };
	x->h.v.actor = arena_str(a, h->v.actor);
	x->h.v.recipient = arena_str(a, h->v.recipient);
	x->h.v.purpose = arena_str(a, h->v.purpose);
	x->h.give.actor = x->h.v.actor;
	x->h.give.query = arena_str(a, h->give.query);
	x->h.give.viewer = &x->h.v;
	x->h.give.end = &x->h.end;
	return x;
}

/* The entry of what is given stands already. */
static bool
send_package(struct request *r, struct reply *ret, const char *id, const struct handing *h,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	struct person first, second;
	struct proposed p;
	struct handover out = { .log = mechanism_log(r->desk->m),
		.db = r->s->db,
		.vault = r->s->vault,
		.viewer = &v,
		.p = &p,
		.first = &first,
		.second = &second };
	struct package *x = package_of(r, h);

	if (!disclosure_read(r->s->db, &v, r->a, id, &p, e) ||
	    !record_person(r->s->db, &v, r->a, p.person, &first, e) ||
	    !record_person(r->s->db, &v, r->a, p.approver, &second, e) ||
	    !(x->archive = handover_archive_new(&out, e))) {
		package_end(x, false);
		return false;
	}
	ret->stream = stream_new(&(struct stream){
	    x, handover_archive_size(x->archive), package_read, package_end });
	ret->type = "application/x-tar";
	ret->disposition = arena_printf(r->a, "attachment; filename=\"%s.tar\"", id);
	return true;
}

/* One that they may see, with all its items; what came into compartments only is opened by taking it. */
static bool
find(struct request *r, struct proposed *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct disclosure_row row;
	bool seen;

	if (!read_one(r, r->part[0], ret, &row, &seen, e))
		return false;
	if (!seen)
		return err_set(e, ERR_MISSING, "no such disclosure");
	for (size_t i = 0; i < ret->d.n; i++) {
		struct item it;

		if (!record_find_item(r->s->db, &v, r->a, ret->d.items[i].id, &it, e) ||
		    !opens_item(r, &it, true, e))
			return false;
	}
	return true;
}

/* Two people, each at a desk of their own. */
bool
disclosure_approve_page(struct request *r, struct reply *ret, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer signer = { 0 };
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct disclosing in = disclosing_of(r, &v, s, &signer);
	struct handing h = { 0 };
	struct proposed p;
	struct entry en;

	if (!s || !find(r, &p, e) ||
	    !log_entry(mechanism_log(r->desk->m), r->s->db, r->a, p.entry, &en, e))
		return false;
	if (strcmp(en.actor, r->who.name) == 0)
		return err_set(e, ERR_INVALID, "you proposed it: another person approves");
	if (!signer_is(r, &signer, e))
		return false;
	if (!disclosing_approve(&in, &p, &h, e))
		return refused(e);
	return send_package(r, ret, p.d.id, &h, e);
}

bool
disclosure_package_page(struct request *r, struct reply *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct disclosing in = disclosing_of(r, &v, s, NULL);
	struct handing h = { 0 };
	struct proposed p;

	if (!s || !find(r, &p, e))
		return false;
	return disclosing_again(&in, &p, &h, e) ? send_package(r, ret, p.d.id, &h, e) :
						  refused(e);
}
