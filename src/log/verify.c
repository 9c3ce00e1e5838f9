/* log/verify: everything that the log holds against everything else that it holds
 * (log_verify).
 *
 * Two trees are built: one from the heads, one from the hashes of the stored tiles.
 * If a head and its hash differ, the one whose tree has the signed root is right, so
 * that the fault is told of the other. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/private.h"

enum { ROW_GONE = 1 };
struct pairs { /* entries, and something about each */
	struct pair {
		uint64_t index, by;
	} * p;
	size_t n, cap;
};
struct check {
	const struct log *l;
	struct db *db;
	struct log_report *r;
	struct arena *tile_arena, *entry_arena; /* emptied for each tile, each entry */
	struct sealer *sealer;
	struct checkpoint now;
	bool signed_by_us; /* else only the size of `now` is set */
	struct edge heads;
	struct tail tiles;
	struct pairs differ; /* head and stored hash differ */
	struct pairs absent; /* there is no body; ROW_GONE: nor anything else */
	struct pairs erased; /* `by` says that it was erased */
};

static void fault(struct check *c, const char *kind, const char *subject, const char *fmt, ...)
    PRINTF(4, 5);

static void
fault(struct check *c, const char *kind, const char *subject, const char *fmt, ...)
{
	char what[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	c->r->fault(c->r->arg, kind, subject, what);
}

static void
entry_fault(struct check *c, uint64_t index, const char *what)
{
	char subject[24];

	snprintf(subject, sizeof subject, "%llu", (unsigned long long)index);
	fault(c, "entry", subject, "%s", what);
}

enum { NO_HASH = -1 };

static void
tile_fault(struct check *c, unsigned level, uint64_t n, int hash, const char *what)
{
	struct tile t = { level, n, tile_width(level, n, c->now.size) };
	char path[TILE_PATH_MAX];

	tile_path(&t, false, path);
	if (hash == NO_HASH)
		fault(c, "tile", path, "%s", what);
	else
		fault(c, "tile", path, "hash %d %s", hash, what);
}

static void
pairs_add(struct pairs *p, uint64_t index, uint64_t by)
{
	if (p->n == p->cap) {
		p->cap = MAX(64, p->cap * 2);
		p->p = mem_grow(p->p, p->cap * sizeof *p->p);
	}
	p->p[p->n++] = (struct pair){ index, by };
}

static int
pairs_order(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

/* The list of what an entry erased. */
static void
note_erased(struct check *c, const struct entry *en)
{
	const struct json *list = entry_erases(en);

	for (size_t i = 0; i < json_len(list); i++) {
		int64_t index = json_int(json_at(list, i));

		if (json_kind(json_at(list, i)) != JSON_INT || index < 0 ||
		    (uint64_t)index >= en->index)
			entry_fault(c, en->index, "it erases what is not before it");
		else
			pairs_add(&c->erased, (uint64_t)index, en->index);
	}
}

static void
check_body(struct check *c, const struct row *row)
{
	struct hash blind;
	const uint8_t *body;
	struct entry en;
	char day[DAY_MAX];
	struct err e;
	size_t n;

	if (!row->sealed) {
		pairs_add(&c->absent, row->index, 0);
		return;
	}
	arena_reset(c->entry_arena);
	if (!row_open(c->sealer, c->entry_arena, row, &blind, &body, &n, &e) ||
	    !body_read(c->entry_arena, body, n, &en, &e)) {
		entry_fault(c, row->index, e.msg);
		return;
	}
	en.index = row->index;
	if (!body_canonical(&en, body, n))
		entry_fault(c, row->index, "its body is not in canonical form");
	c->r->bodies++;
	clock_day(en.time, day);
	if (strcmp(day, row->head.day) != 0)
		entry_fault(c, row->index, "its head and its body are of different days");
	note_erased(c, &en);
}

/* The hash of the head; where there is none, what the tile says stands in for it, so
 * that one fault is not told many times. */
static struct hash
check_head(struct check *c, uint64_t index, const struct row *row, const struct hash *stored)
{
	static const struct hash none;
	struct head again;
	char text[HEAD_SIZE + 1];
	struct hash leaf;

	if (!row || !row->head_ok) {
		entry_fault(c, index, row ? "its head is damaged" : "it is gone");
		pairs_add(&c->absent, index, ROW_GONE);
		return stored ? *stored : none;
	}
	head_write(&row->head, text);
	if (!head_read(text, HEAD_SIZE, &again))
		entry_fault(c, index, "its head has no day of the calendar");
	leaf = tree_leaf(text, HEAD_SIZE);
	if (stored && !digest_equal(stored, &leaf))
		pairs_add(&c->differ, index, 0);
	c->r->entries++;
	check_body(c, row);
	return leaf;
}

static void
check_padding(struct check *c, unsigned level, uint64_t n, const struct hash *stored)
{
	static const struct hash none;

	for (unsigned i = tile_width(level, n, c->now.size); i < TILE_WIDTH; i++)
		if (!digest_equal(&stored[i], &none)) {
			tile_fault(c, level, n, (int)i, "is beyond the end of the log");
			return;
		}
}

/* A tile of a higher level, as the tiles below it give it, against the stored one. */
static bool
compare_tile(void *arg, const struct tile *t, const struct hash h[TILE_WIDTH], struct err *e)
{
	struct check *c = arg;
	const struct hash *stored;

	if (!t->level) /* check_entries has compared its hashes with the heads */
		return true;
	if (!tile_load(c->db, c->tile_arena, t->level, t->n, &stored, e))
		return false;
	if (!stored) {
		tile_fault(c, t->level, t->n, NO_HASH, "it is gone, or cut");
		return true;
	}
	for (unsigned i = 0; i < t->width; i++)
		if (!digest_equal(&stored[i], &h[i]))
			tile_fault(c, t->level, t->n, (int)i, "is not that of the tile below");
	check_padding(c, t->level, t->n, stored);
	return true;
}

/* The leaves of tile n of level 0, by the heads; pairs `differ` tells which are not those
 * that are stored. */
static void
check_heads(struct check *c, uint64_t from, uint64_t to, const struct rows *rows,
    const struct hash *stored, struct hash leaves[TILE_WIDTH])
{
	size_t at = 0;

	for (uint64_t i = from; i < to; i++) {
		bool there = at < rows->n && rows->row[at].index == i;

		leaves[i - from] = check_head(
		    c, i, there ? &rows->row[at] : NULL, stored ? &stored[i - from] : NULL);
		at += there;
		edge_add(&c->heads, &leaves[i - from]);
	}
}

/* Heads and stored hashes differ: does the tile above take the side of the heads? */
static bool
heads_fit_above(
    struct check *c, uint64_t n, const struct hash leaves[TILE_WIDTH], bool *ret, struct err *e)
{
	const struct hash *above;
	struct edge x = { 0 };
	struct hash root;

	for (unsigned i = 0; i < TILE_WIDTH; i++)
		edge_add(&x, &leaves[i]);
	root = edge_root(&x);
	if (!tile_load(c->db, c->tile_arena, 1, n / TILE_WIDTH, &above, e))
		return false;
	*ret = above && digest_equal(&above[n % TILE_WIDTH], &root);
	return true;
}

/* The entries of one tile of level 0. */
static bool
check_entries(struct check *c, uint64_t n, struct err *e)
{
	struct tile_sink sink = { compare_tile, c };
	uint64_t from = n * TILE_WIDTH, to = MIN(from + TILE_WIDTH, c->now.size);
	size_t differed = c->differ.n;
	struct hash leaves[TILE_WIDTH];
	const struct hash *stored;
	struct rows rows;
	bool by_heads;

	arena_reset(c->tile_arena);
	if (!rows_load(c->db, c->tile_arena, from, to, TILE_WIDTH, &rows, e) ||
	    !tile_load(c->db, c->tile_arena, 0, n, &stored, e))
		return false;
	if (stored)
		check_padding(c, 0, n, stored);
	else
		tile_fault(c, 0, n, NO_HASH, "it is gone, or cut");
	check_heads(c, from, to, &rows, stored, leaves);
	by_heads = !stored;
	if (c->differ.n > differed && to - from == TILE_WIDTH &&
	    !heads_fit_above(c, n, leaves, &by_heads, e))
		return false;
	for (uint64_t i = 0; i < to - from; i++)
		if (!tail_add(&c->tiles, by_heads ? &leaves[i] : &stored[i], &sink, e))
			return false;
	return true;
}

/* Rows that no entry of the log stands for. */
static bool
check_extra(struct check *c, struct err *e)
{
	AUTO(stmt) *q = NULL;
	int64_t extra = 0;

	if (!db_get_one(c->db, &extra, e,
		"SELECT count(*) FROM entry WHERE idx < 0 OR idx >= $1",
		db_int((int64_t)c->now.size)))
		return false;
	if (extra)
		fault(c, "log", "entry", "%lld entries beyond the end of the log",
		    (long long)extra);
	q = db_query(c->db, e, "SELECT level, n FROM tile ORDER BY level, n");
	while (db_next(q)) {
		int64_t level = db_get_int(q, 0), n = db_get_int(q, 1);

		if (level < 0 || level >= TAIL_LEVELS || n < 0 ||
		    !tile_width((unsigned)level, (uint64_t)n, c->now.size))
			fault(c, "log", "tile",
			    "tile %lld of level %lld is beyond the end of the log",
			    (long long)n, (long long)level);
	}
	return db_end(q, e);
}

static void
check_roots(struct check *c)
{
	struct hash by_heads = edge_root(&c->heads), by_tiles = edge_root(&c->tiles.edge);
	bool heads_hold = c->signed_by_us && digest_equal(&by_heads, &c->now.root);
	bool tiles_hold = c->signed_by_us && digest_equal(&by_tiles, &c->now.root);

	for (size_t i = 0; i < c->differ.n; i++) {
		uint64_t index = c->differ.p[i].index;

		if (heads_hold)
			tile_fault(c, 0, index / TILE_WIDTH, (int)(index % TILE_WIDTH),
			    "is not that of the entry's head");
		else if (tiles_hold)
			entry_fault(c, index, "its head is not the one that was logged");
		else
			entry_fault(c, index,
			    "its head and its hash differ: one of them is not what was logged");
	}
	if (c->signed_by_us && !heads_hold)
		fault(c, "log", "root", "the entries do not give the root in the checkpoint");
}

/* Every body that is not there must be named by an entry that erased it, and the other
 * way round. */
static void
check_erased(struct check *c)
{
	size_t at = 0;

	if (c->erased.n)
		qsort(c->erased.p, c->erased.n, sizeof *c->erased.p, pairs_order);
	for (size_t i = 0; i < c->absent.n; i++) {
		uint64_t index = c->absent.p[i].index;
		bool told = false;

		for (; at < c->erased.n && c->erased.p[at].index <= index; at++) {
			told = c->erased.p[at].index == index;
			if (!told)
				entry_fault(c, c->erased.p[at].index,
				    "it was erased, but its body is there: erase it again");
		}
		if (c->absent.p[i].by == ROW_GONE) /* that is a fault already */
			continue;
		if (told)
			c->r->erased++;
		else
			entry_fault(
			    c, index, "its body is gone, and no entry says that it was erased");
	}
	for (; at < c->erased.n; at++)
		entry_fault(c, c->erased.p[at].index,
		    "it was erased, but its body is there: erase it again");
}

/* How much to look at, where the checkpoint does not tell. */
static bool
count_entries(struct check *c, uint64_t named, struct err *e)
{
	int64_t rows = 0;

	if (!db_get_one(c->db, &rows, e, "SELECT count(*) FROM entry"))
		return false;
	c->now.size = MIN(named, (uint64_t)rows);
	return true;
}

/* Sets c->now. False without a word in *e, if there is no checkpoint to go on with. */
static bool
check_checkpoint(struct check *c, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *note;
	uint64_t size;

	if (!stored_head(c->db, a, &size, &note, e))
		return false;
	c->signed_by_us = own_checkpoint(c->l, note, strlen(note), &c->now, e);
	if (!c->signed_by_us)
		fault(c, "log", "checkpoint", "%s", e->msg);
	else if (c->now.size != size)
		fault(c, "log", "checkpoint", "it is of %llu entries, the database names %llu",
		    (unsigned long long)c->now.size, (unsigned long long)size);
	/* Without a checkpoint no size can be trusted, not even to end soon. */
	return c->signed_by_us || count_entries(c, size, e);
}

static bool
check_all(struct check *c, const struct seen *seen, struct err *e)
{
	struct tile_sink sink = { compare_tile, c };
	struct err not_seen;

	if (!check_checkpoint(c, e))
		return false;
	for (uint64_t n = 0; n * TILE_WIDTH < c->now.size; n++)
		if (!check_entries(c, n, e))
			return false;
	if (!tail_flush(&c->tiles, &sink, e) || !check_extra(c, e))
		return false;
	check_roots(c);
	check_erased(c);
	if (c->signed_by_us && !seen_check(c->l, c->db, seen, &c->now, &not_seen))
		fault(c, "log", "seen", "%s", not_seen.msg);
	return true;
}

bool
log_verify(const struct log *l, struct db *db, struct log_report *r, struct err *e)
{
	AUTO(arena) *tile_arena = arena_new();
	AUTO(arena) *entry_arena = arena_new();
	AUTO(sealer) *sealer = sealer_new(&l->body_key);
	struct seen seen;
	struct check *c = mem_zalloc(sizeof *c);
	bool ok;

	*c = (struct check){ .l = l,
		.db = db,
		.r = r,
		.tile_arena = tile_arena,
		.entry_arena = entry_arena,
		.sealer = sealer };
	r->entries = r->bodies = r->erased = 0;
	ok = seen_read(l, &seen, e) && db_begin_read(db, e);
	if (ok) {
		ok = check_all(c, &seen, e);
		db_rollback(db);
	}
	free(c->differ.p);
	free(c->absent.p);
	free(c->erased.p);
	free(c);
	return ok;
}
