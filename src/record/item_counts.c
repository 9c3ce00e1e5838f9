/* Items by media type, language and month, counted by the database. */
#include "record/item_counts.h"

#include <string.h>

#include "base/clock.h"

#define DAY INT64_C(86400000)
/* $1: the state asked for; $2: who asks; $3: RECORD_OPEN. */
#define SEEN " q.since < $1 AND q.until >= $1 AND" ACQUISITION_SEEN("q.", "$2", "$3")

static struct stmt *
ask(struct db *db, const struct viewer *v, enum item_counted by, struct err *e)
{
	struct dbv as_of = db_int(v->as_of), actor = db_text(v->actor),
		   open = db_int(RECORD_OPEN);

	switch (by) {
	case ITEMS_BY_MEDIA:
		return db_query(db, e,
		    "SELECT i.media_type, count(*) AS n FROM item i WHERE i.since < $1"
		    " AND i.until >= $1 AND EXISTS (SELECT 1 FROM acquisition q"
		    " WHERE q.item = i.number AND" SEEN ") GROUP BY i.media_type"
		    " ORDER BY n DESC, i.media_type",
		    as_of, actor, open);
	case ITEMS_BY_LANGUAGE:
		return db_query(db, e,
		    "SELECT t.language, count(DISTINCT t.item) AS n FROM text t"
		    " WHERE t.since < $1 AND t.until >= $1 AND t.sha256 IS NOT NULL"
		    " AND EXISTS (SELECT 1 FROM acquisition q WHERE q.item = t.item AND" SEEN
		    ") GROUP BY t.language ORDER BY n DESC, t.language",
		    as_of, actor, open);
	default: /* days: their months are told below */
		return db_query(db, e,
		    "SELECT d, count(*) AS n FROM (SELECT min(q.time) / 86400000 AS d"
		    " FROM acquisition q WHERE" SEEN
		    " GROUP BY q.item) days GROUP BY d ORDER BY d",
		    as_of, actor, open);
	}
}

static const char *
name_of(struct arena *a, struct stmt *q, enum item_counted by)
{
	char day[DAY_MAX];

	if (by != ITEMS_BY_MONTH)
		return arena_str(a, db_get_text(q, 0));
	clock_day(db_get_int(q, 0) * DAY, day);
	return arena_strn(a, day, 7);
}

bool
record_count_items(struct db *db, const struct viewer *v, struct arena *a, enum item_counted by,
    struct item_count **ret, size_t *ret_n, struct err *e)
{
	AUTO(stmt) *q = ask(db, v, by, e);
	struct item_count *rows = NULL;
	size_t n = 0, cap = 0;

	while (db_next(q)) {
		const char *name = name_of(a, q, by);

		if (n && strcmp(rows[n - 1].name, name) == 0) {
			rows[n - 1].n += (uint64_t)db_get_int(q, 1);
			continue;
		}
		if (n == cap) {
			struct item_count *grown;

			cap = MAX((size_t)32, 2 * cap);
			grown = arena_alloc(a, cap * sizeof *grown);
			if (n)
				memcpy(grown, rows, n * sizeof *grown);
			rows = grown;
		}
		rows[n++] = (struct item_count){ name, (uint64_t)db_get_int(q, 1) };
	}
	*ret = rows;
	*ret_n = n;
	return db_end(q, e);
}
