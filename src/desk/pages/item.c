/* An item: what it is, how it came, its custody; its text; its bytes. */
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "desk/pages/page_private.h"

static void
add_acquisitions(
    struct request *r, const struct acquisition *from, size_t n, struct item_page *p)
{
	struct acquisition_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	struct link *parent = arena_alloc(r->a, sizeof *parent);

	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct acquisition_row){ from[i].path, from[i].actor,
			or_none(from[i].source), or_none(from[i].via), or_none(from[i].note),
			or_none(from[i].compartment), from[i].time, from[i].entry,
			from[i].withdrawn };
		if (*from[i].container && !p->n_parent) {
			*parent =
			    (struct link){ arena_printf(r->a, "/items/%s", from[i].container),
				    from[i].container };
			p->n_parent = 1;
		}
	}
	p->acquisitions = rows;
	p->n_acquisitions = n;
	p->parent = parent;
}

static const char *
value_of(struct arena *a, const struct json *v)
{
	const char *all = "";

	if (json_kind(v) != JSON_LIST)
		return json_kind(v) == JSON_INT ?
		    arena_printf(a, "%lld", (long long)json_int(v)) :
		    json_str(v);
	for (size_t i = 0; i < json_len(v); i++)
		all = arena_printf(a, "%s%s%s", all, i ? "; " : "", json_str(json_at(v, i)));
	return all;
}

static void
add_facts(
    struct request *r, const struct html *h, const struct text_row *t, struct item_page *p)
{
	struct err ignored;
	const struct json *m =
	    *t->metadata ? json_read(r->a, t->metadata, strlen(t->metadata), &ignored) : NULL;
	struct fact *facts = arena_alloc(r->a, (json_len(m) + 1) * sizeof *facts);

	for (size_t i = 0; i < json_len(m); i++)
		facts[i] = (struct fact){ code_words(h, json_name_at(m, i)),
			value_of(r->a, json_at(m, i)) };
	p->facts = facts;
	p->n_facts = json_len(m);
	p->program = t->program;
	p->why = or_none(t->why);
	p->text_language = or_none(t->language);
	p->has_text = strcmp(t->status, "ok") == 0;
}

static bool
add_entries(struct request *r, const struct item *it, struct item_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct entry_row *rows;
	uint64_t *indexes;
	size_t n;

	if (!record_entries(r->s->db, &v, r->a, it, &indexes, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		if (!entry_row_read(r, indexes[i], &rows[i], e))
			return false;
		rows[i].address = NULL; /* this page */
	}
	p->entries = rows;
	p->n_entries = n;
	return true;
}

static bool
add_children(struct request *r, const struct item *it, struct item_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct item *items;
	struct link *links;
	size_t n;

	if (!record_embedded(r->s->db, &v, r->a, it->number, &items, &n, e))
		return false;
	links = arena_alloc(r->a, (n + 1) * sizeof *links);
	for (size_t i = 0; i < n; i++)
		links[i] = (struct link){ arena_printf(r->a, "/items/%s", items[i].id),
			items[i].title };
	p->children = links;
	p->n_children = n;
	return true;
}

bool
item_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct item_page p = { 0 };
	struct acquisition *acquisitions;
	struct text_row *texts;
	struct item it;
	size_t n, n_texts;
	char *hash = arena_alloc(r->a, 2 * HASH_SIZE + 1);

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) ||
	    !record_acquisitions(r->s->db, &v, r->a, it.number, &acquisitions, &n, e) ||
	    !record_texts(r->s->db, &v, r->a, it.number, &texts, &n_texts, e) ||
	    !opens_item(r, &it, true, e) || !add_entries(r, &it, &p, e) ||
	    !add_children(r, &it, &p, e))
		return false;
	hex_encode(it.sha256.b, HASH_SIZE, hash);
	p.id = it.id;
	p.media_type = it.media_type;
	p.sha256 = hash;
	p.bytes = it.bytes;
	p.number = it.number;
	p.held = it.held;
	p.claims = r->who.roles & CLAIMERS;
	p.withdrawn = it.withdrawn;
	p.keeps = route_is_open("/items/{id}/keeping", &r->who);
	add_acquisitions(r, acquisitions, n, &p);
	if (n_texts)
		add_facts(r, &h, &texts[n_texts - 1], &p);
	p.frame = page_frame(r, it.title, "");
	page_item(&h, &p);
	return true;
}
