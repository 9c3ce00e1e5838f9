/* log/read: what others ask the log: entries, heads, tiles, receipts (log.h). */
#include <string.h>

#include "log/private.h"

bool
stored_head(
    struct db *db, struct arena *a, uint64_t *ret_size, const char **ret_note, struct err *e)
{
	AUTO(stmt) *q = db_query(db, e, "SELECT size, checkpoint FROM log_head WHERE id = 0");
	const char *note = NULL;
	int64_t size = 0;

	if (db_next(q)) {
		size = db_get_int(q, 0);
		note = arena_str(a, db_get_text(q, 1));
	}
	if (!db_end(q, e))
		return false;
	if (!note || size < 0)
		return err_set(e, ERR_DAMAGED, "log: its head is missing in the database");
	*ret_size = (uint64_t)size;
	*ret_note = note;
	return true;
}

bool
log_size(struct db *db, uint64_t *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *note;

	return stored_head(db, a, ret, &note, e);
}

bool
log_checkpoint(struct db *db, struct arena *a, const char **ret, size_t *ret_n, struct err *e)
{
	uint64_t size;

	if (!stored_head(db, a, &size, ret, e))
		return false;
	*ret_n = strlen(*ret);
	return true;
}

static bool
row_load(struct db *db, struct arena *a, uint64_t index, struct row *ret, struct err *e)
{
	struct rows rows;
	uint64_t size;

	if (!log_size(db, &size, e))
		return false;
	if (index >= size)
		return err_set(e, ERR_MISSING, "no entry %llu: the log holds %llu",
		    (unsigned long long)index, (unsigned long long)size);
	if (!rows_load(db, a, index, index + 1, 1, &rows, e))
		return false;
	if (!rows.n)
		return err_set(e, ERR_DAMAGED, "entry %llu is gone from the database",
		    (unsigned long long)index);
	*ret = rows.row[0];
	return true;
}

bool
log_head(struct db *db, struct arena *a, uint64_t index, const char **ret, size_t *ret_n,
    struct err *e)
{
	char *text = arena_alloc(a, HEAD_SIZE + 1);
	struct row row;

	if (!row_load(db, a, index, &row, e))
		return false;
	if (!row.head_ok)
		return err_set(e, ERR_DAMAGED, "entry %llu: its head is damaged",
		    (unsigned long long)index);
	head_write(&row.head, text);
	*ret = text;
	*ret_n = HEAD_SIZE;
	return true;
}

bool
log_entry(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    struct entry *ret, struct err *e)
{
	AUTO(sealer) *s = sealer_new(&l->body_key);
	struct row row;

	return row_load(db, a, index, &row, e) && row_entry(s, a, &row, ret, e);
}

bool
log_body(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    const uint8_t **ret, size_t *ret_n, struct hash *ret_blind, struct err *e)
{
	AUTO(sealer) *s = sealer_new(&l->body_key);
	struct row row;

	return row_load(db, a, index, &row, e) &&
	    row_open(s, a, &row, ret_blind, ret, ret_n, e);
}

bool
log_replay(const struct log *l, struct db *db, uint64_t from, uint64_t to,
    bool (*fn)(void *arg, const struct entry *en, struct err *e), void *arg, struct err *e)
{
	enum { PORTION = 256 }; /* read whole before fn is called, which may write */
	AUTO(arena) *rows_arena = arena_new();
	AUTO(arena) *entry_arena = arena_new();
	AUTO(sealer) *s = sealer_new(&l->body_key);

	while (from < to) {
		struct rows rows;

		arena_reset(rows_arena);
		if (!rows_load(db, rows_arena, from, to, PORTION, &rows, e))
			return false;
		for (size_t i = 0; i < rows.n; i++) {
			struct entry en;

			arena_reset(entry_arena);
			if (rows.row[i].sealed &&
			    (!row_entry(s, entry_arena, &rows.row[i], &en, e) ||
				!fn(arg, &en, e)))
				return false;
		}
		if (rows.n < PORTION)
			break;
		from = rows.row[rows.n - 1].index + 1;
	}
	return true;
}

bool
log_tile(struct db *db, struct arena *a, const struct tile *t, const struct hash **ret,
    struct err *e)
{
	char path[TILE_PATH_MAX];
	const struct hash *h;
	uint64_t size;

	tile_path(t, false, path);
	if (!log_size(db, &size, e)) /* first: it only grows */
		return false;
	if (!t->width || t->width > tile_width(t->level, t->n, size))
		return err_set(e, ERR_MISSING, "there is no %s in a log of %llu entries", path,
		    (unsigned long long)size);
	if (!tile_load(db, a, t->level, t->n, &h, e))
		return false;
	if (!h)
		return err_set(e, ERR_DAMAGED, "%s is gone from the database, or cut", path);
	*ret = h;
	return true;
}

/* Of a checkpoint that covers it. */
static bool
prove(const struct log *l, struct db *db, struct arena *a, uint64_t index, struct receipt *ret,
    struct checkpoint *ret_checkpoint, struct err *e)
{
	struct stored_tree tree = { .db = db, .a = a };
	struct tree_source source = stored_tree_source(&tree);

	/* The checkpoint first: what it covers stays as it is while the log grows. */
	if (!log_checkpoint(db, a, &ret->checkpoint, &ret->checkpoint_n, e) ||
	    !own_checkpoint(l, ret->checkpoint, ret->checkpoint_n, ret_checkpoint, e) ||
	    !log_head(db, a, index, &ret->head, &ret->head_n, e))
		return false;
	tree.size = ret_checkpoint->size;
	if (index >= tree.size)
		return err_set(e, ERR_MISSING, "entry %llu came just now: ask again",
		    (unsigned long long)index);
	ret->index = index;
	return tree_inclusion(&source, index, tree.size, &ret->proof, e);
}

bool
log_proof(const struct log *l, struct db *db, struct arena *a, uint64_t index,
    struct receipt *ret, struct checkpoint *ret_checkpoint, struct err *e)
{
	struct receipt r = { 0 };
	struct hash leaf;

	if (!prove(l, db, a, index, &r, ret_checkpoint, e))
		return false;
	leaf = tree_leaf(r.head, r.head_n);
	if (!tree_check_inclusion(
		index, ret_checkpoint->size, &leaf, &r.proof, &ret_checkpoint->root))
		return err_set(e, ERR_DAMAGED, "the tree does not prove entry %llu",
		    (unsigned long long)index);
	*ret = r;
	return true;
}

bool
log_receipt(const struct log *l, struct db *db, struct arena *a, uint64_t index, bool with_body,
    struct receipt *ret, struct err *e)
{
	struct receipt r = { .has_body = with_body };
	struct checkpoint c;

	if (!prove(l, db, a, index, &r, &c, e) ||
	    !log_body(l, db, a, index, &r.body, &r.body_n, &r.blind, e))
		return false;
	if (!with_body)
		r.body = NULL, r.body_n = 0;
	*ret = r;
	return receipt_check(ret, &l->vkey, &c, e); /* never hand out one that does not hold */
}
