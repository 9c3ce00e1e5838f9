/* log/row: the rows of entry, their sealed bodies, and reading them (log.h). */
#include <string.h>

#include "log/private.h"

/* Where a sealed body stands: it opens nowhere else. */
struct place {
	char label[12];
	uint8_t index[8];
};

static struct place
place_of(uint64_t index)
{
	struct place p = { .label = "vigil entry" };

	for (int i = 0; i < 8; i++)
		p.index[i] = (uint8_t)(index >> (56 - 8 * i));
	return p;
}

void
row_seal(struct sealer *s, uint64_t index, const uint8_t *plain, size_t n, uint8_t *out)
{
	struct place at = place_of(index);

	sealer_seal(s, &at, sizeof at, plain, n, out + SEAL_NONCE, out, out + SEAL_NONCE + n);
}

bool
row_open(struct sealer *s, struct arena *a, const struct row *r, struct hash *ret_blind,
    const uint8_t **ret, size_t *ret_n, struct err *e)
{
	struct place at = place_of(r->index);
	unsigned long long index = r->index;
	struct hash blind;
	uint8_t *plain;
	size_t n;

	if (!r->head_ok)
		return err_set(e, ERR_DAMAGED, "entry %llu: its head is damaged", index);
	if (!r->sealed)
		return err_set(e, ERR_MISSING, "entry %llu: its body was erased", index);
	if (r->n < SEAL_EXTRA + HASH_SIZE)
		return err_set(e, ERR_DAMAGED, "entry %llu: its body is cut short", index);
	n = r->n - SEAL_EXTRA;
	plain = arena_alloc(a, n);
	if (!sealer_open(s, &at, sizeof at, r->sealed + SEAL_NONCE, n, r->sealed,
		r->sealed + SEAL_NONCE + n, plain))
		return err_set(e, ERR_DAMAGED,
		    "entry %llu: its body is damaged, or sealed by another key", index);
	memcpy(blind.b, plain, HASH_SIZE);
	if (!body_check(&r->head, &blind, plain + HASH_SIZE, n - HASH_SIZE, e))
		return err_at(e, "entry %llu", index);
	*ret_blind = blind;
	*ret = plain + HASH_SIZE;
	*ret_n = n - HASH_SIZE;
	return true;
}

bool
row_entry(
    struct sealer *s, struct arena *a, const struct row *r, struct entry *ret, struct err *e)
{
	struct hash blind;
	const uint8_t *body;
	size_t n;

	if (!row_open(s, a, r, &blind, &body, &n, e))
		return false;
	if (!body_read(a, body, n, ret, e)) {
		e->kind = ERR_DAMAGED;
		return err_at(e, "entry %llu", (unsigned long long)r->index);
	}
	ret->index = r->index;
	return true;
}

const struct json *
entry_erases(const struct entry *en)
{
	return json_get(en->content, "indexes");
}

static void
row_read(struct stmt *q, struct arena *a, struct row *ret)
{
	const char *day = db_get_text(q, 1);
	size_t n;
	const void *p = db_get_blob(q, 2, &n);

	*ret = (struct row){ .index = (uint64_t)db_get_int(q, 0) };
	ret->head_ok = n == HASH_SIZE && strlen(day) == DAY_MAX - 1;
	if (ret->head_ok) {
		memcpy(ret->head.day, day, DAY_MAX);
		memcpy(ret->head.commitment.b, p, HASH_SIZE);
	}
	if (db_is_null(q, 3))
		return;
	p = db_get_blob(q, 3, &ret->n);
	ret->sealed = arena_dup(a, p, ret->n);
}

bool
rows_load(struct db *db, struct arena *a, uint64_t from, uint64_t to, size_t max,
    struct rows *ret, struct err *e)
{
	AUTO(stmt) *q = NULL;
	struct rows got = { 0 };

	max = (size_t)MIN(max, to - from);
	got.row = arena_alloc(a, max * sizeof *got.row);
	q = db_query(db, e,
	    "SELECT idx, day, commitment, sealed FROM entry"
	    " WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3",
	    db_int((int64_t)from), db_int((int64_t)MIN(to, (uint64_t)INT64_MAX)),
	    db_int((int64_t)max));
	while (got.n < max && db_next(q))
		row_read(q, a, &got.row[got.n++]);
	if (!db_end(q, e))
		return false;
	*ret = got;
	return true;
}
