/* Filters: what the record says about a text's item. Each lists the texts it is true of. */
#include <strings.h>

#include "search/private.h"

/* "zh" is true of "zh" and of "zh-Hans". */
bool
filter_is_language(const struct node *n, const char *have)
{
	size_t len = strlen(n->text);

	return strncasecmp(n->text, have, len) == 0 && (!have[len] || have[len] == '-');
}

/* "text/html", or one half of it; what follows a ';' is not compared. */
static bool
is_type(const char *want, const char *have)
{
	size_t n = strcspn(have, "; "), major = strcspn(have, "/;"), len = strlen(want);

	if (len == n && strncasecmp(want, have, n) == 0)
		return true;
	if (len == major && strncasecmp(want, have, major) == 0)
		return true;
	return major < n && len == n - major - 1 &&
	    strncasecmp(want, have + major + 1, len) == 0;
}

static bool
stop_at_first(void *arg, const struct span *s)
{
	(void)s;
	*(bool *)arg = true;
	return false;
}

/* The value's words stand in the source's name, one after the other. */
bool
filter_is_source(struct look *k, const struct node *n, const char *have)
{
	bool found = false;
	size_t len;

	have = text_composed(k->a, have, &len);
	scan_text(k->s->tokens, have, len, &n->phrase, 1, stop_at_first, &found);
	return found;
}

static bool
is_true(struct look *k, const struct node *n, struct stmt *row)
{
	switch (n->field) {
	case FIELD_LANG:
		return filter_is_language(n, db_get_text(row, 1));
	case FIELD_TYPE:
		return is_type(n->text, db_get_text(row, 1));
	case FIELD_SOURCE:
		return filter_is_source(k, n, db_get_text(row, 1));
	case FIELD_AFTER:
		return db_get_int(row, 1) >= n->time;
	default:
		return db_get_int(row, 1) < n->time;
	}
}

/* Acquisitions count that the viewer may see and whose consent still holds. */
#define ACQUISITIONS                                                                           \
	" FROM text t JOIN acquisition q ON q.item = t.item"                                   \
	" WHERE t.entry >= $1 AND t.entry <= $2 AND q.since < $3 AND q.until >= $3"            \
	" AND q.withdrawn = $4 AND q.consent_until > $5"                                       \
	" AND" ACQUISITION_SEEN("q.", "$6", "$4") "ORDER BY t.entry"

static struct stmt *
rows(struct look *k, enum field field, int64_t from, int64_t to, struct err *e)
{
	struct db *db = k->s->db;

	switch (field) {
	case FIELD_LANG:
		return db_query(db, e,
		    "SELECT entry, language FROM text WHERE entry >= $1 AND entry <= $2"
		    " ORDER BY entry",
		    db_int(from), db_int(to));
	case FIELD_TYPE:
		return db_query(db, e,
		    "SELECT t.entry, i.media_type FROM text t JOIN item i ON i.number = t.item"
		    " WHERE t.entry >= $1 AND t.entry <= $2 ORDER BY t.entry",
		    db_int(from), db_int(to));
	case FIELD_SOURCE:
		return db_query(db, e, "SELECT t.entry, q.source" ACQUISITIONS, db_int(from),
		    db_int(to), db_int(k->as_of), db_int(RECORD_OPEN), db_int(k->now),
		    db_text(k->actor));
	default:
		return db_query(db, e, "SELECT t.entry, q.time" ACQUISITIONS, db_int(from),
		    db_int(to), db_int(k->as_of), db_int(RECORD_OPEN), db_int(k->now),
		    db_text(k->actor));
	}
}

static bool
list_range(struct look *k, const struct node *n, int64_t from, int64_t to, struct list *ret,
    struct err *e)
{
	struct stmt *q = rows(k, n->field, from, to, e);
	int64_t last = -1;

	while (db_next(q)) {
		int64_t text = db_get_int(q, 0);

		if (text == last || !is_true(k, n, q))
			continue;
		list_add(k->a, ret, text, 0);
		last = text;
	}
	return db_end(q, e);
}

bool
filter_list(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	enum { ONE_BY_ONE = 64 }; /* more texts than that: one walk is cheaper */
	bool few = within && within->n <= ONE_BY_ONE;
	int64_t from = 0, to = k->as_of - 1;

	*ret = (struct list){ 0 };
	for (size_t i = 0; few && i < within->n; i++)
		if (!list_range(k, n, within->f[i].text, within->f[i].text, ret, e))
			return false;
	if (few)
		return true;
	if (within) {
		from = within->f[0].text;
		to = within->f[within->n - 1].text;
	}
	return list_range(k, n, from, to, ret, e);
}
