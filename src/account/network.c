/* Links around a record, step by step outwards. */
#include "account/network.h"

#include <string.h>

#include "account/survey_private.h"

enum { NAMES = 16 }; /* properties that are asked for at once */

struct net {
	struct reading *r;
	const struct network_filter *f;
	struct set *index;  /* numbers that stand for records, to nodes, from 1 */
	struct set *hidden; /* claims that may not be seen */
	struct node *nodes;
	size_t n, cap;
	struct tie *ties;
	size_t n_ties, cap_ties, n_left, withheld;
	const char **names; /* of properties that are links */
	size_t n_names, cap_names;
};

/* Each name once; the rest of the last portion is filled with the last of them. */
static void
link_names(struct net *w)
{
	struct set *seen = set_new(w->r->a);

	for (const struct type *const *t = schema_types(w->r->schema); *t; t++)
		for (const struct property *const *p = (*t)->properties; *p; p++) {
			if ((*p)->kind != KIND_LINK || strcmp((*p)->name, SAME) == 0 ||
			    (*w->f->link && strcmp((*p)->name, w->f->link) != 0) ||
			    (*set_named(seen, (*p)->name))++)
				continue;
			w->names = account_grow(
			    w->r->a, w->names, w->n_names, &w->cap_names, sizeof *w->names);
			w->names[w->n_names++] = (*p)->name;
		}
}

static bool
fits(const struct net *w, const char *type)
{
	const struct type *t = schema_type(w->r->schema, type);

	return t && (!*w->f->type || type_is(t, w->f->type));
}

/* *ret: index of the node, from 1; 0: it is not wanted, may not be seen, or there is no room. */
static bool
reach(struct net *w, uint64_t number, size_t from, size_t *ret, struct err *e)
{
	uint64_t stands = reading_stands(w->r, number);
	const uint64_t *known = set_find(w->index, stands);
	struct node node = {
		.number = stands, .depth = w->nodes[from].depth + 1, .from = from
	};
	struct stmt *q;
	bool seen, fresh;

	*ret = known ? (size_t)*known : 0;
	if (known || w->nodes[from].depth == w->f->depth)
		return true;
	q = db_query(w->r->db, e,
	    "SELECT id, type FROM record WHERE number = $1 AND since < $2 AND until >= $2",
	    db_int((int64_t)stands), db_int(w->r->v->as_of));
	if (db_next(q)) {
		node.id = arena_str(w->r->a, db_get_text(q, 0));
		node.type = arena_str(w->r->a, db_get_text(q, 1));
	}
	if (!db_end(q, e))
		return false;
	if (!node.id || !fits(w, node.type))
		return true;
	if (!survey_is_seen(w->r, number, &seen, e))
		return false;
	if (!seen)
		return true;
	if (w->n == w->f->most) {
		w->nodes[from].left++;
		w->n_left++;
		return true;
	}
	w->nodes = account_grow(w->r->a, w->nodes, w->n, &w->cap, sizeof *w->nodes);
	w->nodes[w->n++] = node;
	*set_number(w->index, stands, &fresh) = w->n;
	*ret = w->n;
	return true;
}

static void
add_tie(struct net *w, size_t from, size_t to, const char *property)
{
	for (size_t i = 0; i < w->n_ties; i++)
		if (w->ties[i].from == from && w->ties[i].to == to &&
		    w->ties[i].property == property) {
			w->ties[i].n++;
			return;
		}
	w->ties = account_grow(w->r->a, w->ties, w->n_ties, &w->cap_ties, sizeof *w->ties);
	w->ties[w->n_ties++] = (struct tie){ from, to, property, 1 };
}

/* Rows: the other record's number, the property, compartment, item, claim. */
static bool
follow(struct net *w, size_t at, bool back, struct stmt *rows, struct err *e)
{
	AUTO(stmt) *q = rows;

	while (db_next(q)) {
		const char *property = set_name(w->r->names, db_get_text(q, 1));
		size_t to;
		bool may, fresh = false;

		if (*w->f->link && strcmp(property, w->f->link) != 0)
			continue;
		if (!reading_may(w->r, db_get_text(q, 2), db_get_int(q, 3), &may, e))
			return false;
		if (!may)
			set_number(w->hidden, (uint64_t)db_get_int(q, 4), &fresh);
		w->withheld += !may && fresh;
		if (!may || !db_get_int(q, 0))
			continue;
		if (!reach(w, (uint64_t)db_get_int(q, 0), at, &to, e))
			return false;
		/* From both ends each link is found twice: it is told by the end that says it. */
		if (to && to - 1 != at && !back)
			add_tie(w, at, to - 1, property);
	}
	return db_end(q, e);
}

static bool
follow_out(struct net *w, size_t at, uint64_t number, struct err *e)
{
	return follow(w, at, false,
	    db_query(w->r->db, e,
		"SELECT low, property, compartment, item, number FROM claim WHERE record = $1"
		" AND kind = 4 AND stance = 0 AND property <> '" SAME "'"
		" AND since < $2 AND until >= $2 ORDER BY number",
		db_int((int64_t)number), db_int(w->r->v->as_of)),
	    e);
}
_Static_assert(KIND_LINK == 4, "follow_out names it");

static bool
follow_back(struct net *w, size_t at, const char *id, struct err *e)
{
	for (size_t i = 0; i < w->n_names; i += NAMES) {
		struct dbv v[NAMES + 3] = { db_text(id), db_int(w->r->v->as_of) };

		for (size_t k = 0; k < NAMES; k++)
			v[k + 2] = db_text(w->names[MIN(i + k, w->n_names - 1)]);
		v[NAMES + 2] = (struct dbv){ .type = DBV_END };
		if (!follow(w, at, true,
			db_query_(w->r->db, e,
			    "SELECT record, property, compartment, item, number FROM claim"
			    " WHERE property IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
			    " $14, $15, $16, $17, $18) AND substr(value, 1, 200) = substr($1, 1, 200)"
			    " AND kind = 4 AND stance = 0 AND since < $2 AND until >= $2"
			    " ORDER BY number",
			    v),
			e))
			return false;
	}
	return true;
}
_Static_assert(NAMES == 16, "follow_back has as many places");

static bool
id_of(struct net *w, uint64_t number, const char **ret, struct err *e)
{
	AUTO(stmt) *q = db_query(
	    w->r->db, e, "SELECT id FROM record WHERE number = $1", db_int((int64_t)number));

	*ret = NULL;
	if (db_next(q))
		*ret = arena_str(w->r->a, db_get_text(q, 0));
	return db_end(q, e);
}

/* All that is the same as the node leads somewhere, and is led to. */
static bool
expand(struct net *w, size_t at, struct err *e)
{
	size_t n;
	const struct merged *m = reading_merged(w->r, w->nodes[at].number, &n);
	const struct merged alone = { w->nodes[at].number, w->nodes[at].number };

	if (!n) {
		m = &alone;
		n = 1;
	}
	for (size_t i = 0; i < n; i++) {
		const char *id;

		if (!id_of(w, m[i].number, &id, e) || !follow_out(w, at, m[i].number, e) ||
		    (id && w->nodes[at].depth < w->f->depth && !follow_back(w, at, id, e)))
			return false;
	}
	return true;
}

static bool
add_titles(struct net *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		struct node *n = &w->nodes[i];

		if (!record_title(w->r->db, w->r->v, w->r->a, w->r->schema, n->number, n->type,
			&n->title, e))
			return false;
		if (!*n->title)
			n->title = n->id;
	}
	return true;
}

bool
account_network(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const struct record *rec, const struct network_filter *f, struct network *ret,
    struct err *e)
{
	struct reading r;
	struct net w = { .r = &r, .f = f, .index = set_new(a), .hidden = set_new(a) };
	bool fresh, seen = false;

	if (!reading_init(&r, db, v, a, s, e))
		return false;
	for (size_t i = 0; i < rec->n_same && !seen; i++)
		if (!survey_is_seen(&r, rec->same[i], &seen, e))
			return false;
	if (!seen)
		return err_set(e, ERR_MISSING, "no such record");
	link_names(&w);
	w.nodes = account_grow(a, NULL, 0, &w.cap, sizeof *w.nodes);
	w.nodes[w.n++] = (struct node){
		.number = reading_stands(&r, rec->number), .id = rec->id, .type = rec->type
	};
	*set_number(w.index, w.nodes[0].number, &fresh) = 1;
	for (size_t i = 0; i < w.n; i++) /* it grows as it goes on */
		if (!expand(&w, i, e))
			return false;
	if (!add_titles(&w, e))
		return false;
	*ret = (struct network){ w.nodes, w.n, w.ties, w.n_ties, w.n_left, w.withheld };
	return true;
}
