/* Searches that people keep, and what is new in them. */
#include <string.h>

#include "desk/pages/reading.h"

enum { COUNTED = 40 }; /* searches whose news are counted on a page */

static bool
count_news(struct request *r, const struct saved *s, struct saved_row *ret, struct err *e)
{
	const struct search_wish w = { .since = (int64_t)MAX(s->seen, (uint64_t)1) };
	struct viewer v = request_viewer(r);
	struct facets f;
	struct hits none;
	struct err wrong;
	struct query *q = query_parse(r->a, s->query, &wrong);

	if (!q) /* of a language that has changed */
		return true;
	if (!search_page(r->s->search, &v, r->a, q, &w, &none, &f, e))
		return false;
	ret->fresh = f.texts;
	ret->more = f.at_least;
	return true;
}

bool
saved_rows(struct request *r, const struct saved_row **ret, size_t *ret_n, struct err *e)
{
	struct saved_row *rows;
	struct saved *all;
	size_t n;

	if (!saved_list(r, &all, &n, e) || (n && !session_follow(r->s, e)))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct saved_row){ .id = all[i].id,
			.name = all[i].name,
			.query = all[i].query,
			.owner = all[i].owner,
			.shared = all[i].shared,
			.own = all[i].own };
		if (i < COUNTED && !count_news(r, &all[i], &rows[i], e))
			return false;
	}
	*ret = rows;
	*ret_n = n;
	return true;
}

static const struct saved *
named(const struct saved *all, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].id, id) == 0)
			return &all[i];
	return NULL;
}

/* Goes to what it finds; what was new is new no more. */
static bool
open_saved(struct request *r, struct reply *ret, const char *id, struct err *e)
{
	AUTO_VAL(buf) to = buf_init(4 * QUERY_MAX);
	struct html h = { .out = &to };
	const struct saved *s;
	struct saved *all;
	uint64_t size;
	size_t n;

	if (!saved_list(r, &all, &n, e) || !log_size(r->s->db, &size, e))
		return false;
	if (!(s = named(all, n, id)))
		return err_set(e, ERR_MISSING, "no such search");
	if (!saved_looked(r, id, size, e))
		return false;
	html_literal(&h, "/find?sort=new&q=", 17);
	html_url_string(&h, s->query);
	return reply_see(ret, arena_str(r->a, buf_peek(&to)));
}

bool
saved_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *step = request_field(r, "step"), *id = request_field(r, "search");
	const char *query = request_field(r, "q");
	struct err wrong;

	if (strcmp(step, "open") == 0)
		return open_saved(r, ret, id, e);
	if (strcmp(step, "remove") == 0)
		return saved_remove(r, id, e) && reply_see(ret, "/find");
	if (!query_parse(r->a, query, &wrong))
		return err_set(e, ERR_INVALID, "%s", wrong.msg);
	return saved_add(r, request_field(r, "name"), query, *request_field(r, "shared"), e) &&
	    reply_see(ret, "/find");
}
