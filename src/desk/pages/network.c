/* The network: what is linked to a record, in rings around it: a ring for each step. */
#include "account/network.h"

#include <math.h>
#include <string.h>

#include "desk/pages/surveying.h"
#include "record/claims.h"

enum { USUAL_NODES = 60, WIDTH = 960, HEIGHT = 640 };

static const struct option *
link_options(struct request *r, const struct schema *s, const char *chosen, size_t *ret_n)
{
	const struct type *const *types = schema_types(s);
	struct option *o;
	size_t n = 0, most = 0;

	for (size_t i = 0; types[i]; i++)
		for (size_t k = 0; types[i]->properties[k]; k++)
			most += types[i]->properties[k]->kind == KIND_LINK;
	o = arena_alloc(r->a, (most + 1) * sizeof *o);
	for (size_t i = 0; types[i]; i++)
		for (size_t k = 0; types[i]->properties[k]; k++) {
			const struct property *p = types[i]->properties[k];
			size_t at = 0;

			while (at < n && strcmp(o[at].value, p->name) != 0)
				at++;
			if (p->kind == KIND_LINK && at == n)
				o[n++] = (struct option){ p->name,
					labels_get(&p->labels, r->language->tag, p->name),
					strcmp(p->name, chosen) == 0 };
		}
	*ret_n = n;
	return o;
}

static const char *
link_words(struct request *r, const struct schema *s, const struct node *from, const char *name)
{
	const struct type *t = schema_type(s, from->type);
	const struct property *p = t ? type_property(t, name) : NULL;

	return p && !r->api ? labels_get(&p->labels, r->language->tag, name) : name;
}

/* Each ring in the order in which its nodes were reached: what hangs together lies near. */
static void
place_nodes(const struct network *net, struct network_node *rows, unsigned depth)
{
	size_t in_ring[NETWORK_DEPTH + 1] = { 0 }, at[NETWORK_DEPTH + 1] = { 0 };

	for (size_t i = 0; i < net->n_nodes; i++)
		in_ring[net->nodes[i].depth]++;
	for (size_t i = 0; i < net->n_nodes; i++) {
		unsigned d = net->nodes[i].depth;
		double turn = 2 * 3.14159265358979323846 *
		    ((double)at[d]++ / (double)in_ring[d] + 0.08 * d),
		       far = (double)d / depth;

		rows[i].x = WIDTH / 2.0 + far * (WIDTH / 2.0 - 60) * cos(turn);
		rows[i].y = HEIGHT / 2.0 + far * (HEIGHT / 2.0 - 40) * sin(turn);
	}
}

static void
add_nodes(struct request *r, const struct schema *s, const struct network *net,
    struct network_page *p)
{
	struct network_node *rows = arena_alloc(r->a, (net->n_nodes + 1) * sizeof *rows);

	for (size_t i = 0; i < net->n_nodes; i++) {
		const struct node *n = &net->nodes[i];

		rows[i] =
		    (struct network_node){ .address = arena_printf(r->a, "/records/%s", n->id),
			    .network_address = arena_printf(r->a, "/network?record=%s", n->id),
			    .title = n->title,
			    .kind = type_named(r, s, n->type),
			    .depth = n->depth,
			    .left = n->left };
	}
	place_nodes(net, rows, (unsigned)p->depth);
	p->nodes = rows;
	p->n_nodes = net->n_nodes;
}

static void
add_ties(struct request *r, const struct schema *s, const struct network *net,
    struct network_page *p)
{
	struct network_tie *rows = arena_alloc(r->a, (net->n_ties + 1) * sizeof *rows);

	for (size_t i = 0; i < net->n_ties; i++) {
		const struct tie *t = &net->ties[i];
		const struct network_node *from = &p->nodes[t->from], *to = &p->nodes[t->to];

		rows[i] = (struct network_tie){ .from = t->from,
			.to = t->to,
			.name = link_words(r, s, &net->nodes[t->from], t->property),
			.from_title = from->title,
			.to_title = to->title,
			.from_address = from->address,
			.to_address = to->address,
			.x1 = from->x,
			.y1 = from->y,
			.x2 = to->x,
			.y2 = to->y,
			.n = t->n };
	}
	p->ties = rows;
	p->n_ties = net->n_ties;
}

static bool
fill(struct request *r, const struct schema *s, const struct network_filter *f,
    struct network_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct record rec;
	struct network net;

	if (!record_find_seen(r->s->db, &v, r->a, s, NULL, p->record, &rec, e)) {
		if (e->kind != ERR_INVALID) /* denied is missing */
			return false;
		p->wrong = arena_str(r->a, e->msg);
		return true;
	}
	if (!account_network(r->s->db, &v, r->a, s, &rec, f, &net, e))
		return false;
	add_nodes(r, s, &net, p);
	add_ties(r, s, &net, p);
	p->left = net.left;
	p->withheld = net.withheld;
	return true;
}

bool
network_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct network_filter f = { .depth = (unsigned)request_number(
					request_query(r, "depth"), 1, NETWORK_DEPTH),
		.link = request_query(r, "link"),
		.type = request_query(r, "type"),
		.most = USUAL_NODES };
	struct network_page p = { .record = request_query(r, "record"),
		.script = static_address(r, "network.js") };
	const struct schema *s = request_schema(r, e);

	f.depth = MAX(1u, f.depth);
	p.depth = f.depth;
	if (!s || (*p.record && !fill(r, s, &f, &p, e)))
		return false;
	p.links = link_options(r, s, f.link, &p.n_links);
	p.types = type_options(r, s, f.type, &p.n_types);
	p.frame = page_frame(r, html_words(&h, WORD_NETWORK), "network");
	page_network(&h, &p);
	return true;
}
