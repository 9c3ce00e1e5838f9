/* log/append: many callers, one transaction (log_append).
 *
 * Who calls puts a request into the queue. The first that finds nobody leading leads: it
 * takes what is queued, draft by draft, into one transaction, commits, tells those that
 * wait, and hands over to the first in the queue, who finds what came meanwhile. */
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "log/private.h"

enum { COMMIT_AFTER = 150 }; /* ms: leaves time to commit within the 200 that are promised */

struct request { /* one call of log_append */
	struct draft *d;
	size_t n, taken, left;
	bool together;
	struct request *next;

	/* Each waits on its own: nobody is woken in vain. */
	sem_t wake;
	enum turn { DONE, LEAD } turn; /* why: set before */
};
struct unit { /* what is logged or refused as one */
	struct request *of;
	struct draft *d;
	size_t n;
};
struct batch { /* the units of one transaction */
	struct unit *u;
	size_t n, cap;
	uint64_t entries;
	struct arena *a; /* for one unit at a time */
};

static struct hash
new_blind(struct log *l)
{
	if (!l->n_blinds) {
		crypto_random(l->blinds, sizeof l->blinds);
		l->n_blinds = LEN(l->blinds);
	}
	return l
	    ->blinds[--l->n_blinds]; /* written over by the next one's portion, or at the end */
}

/* Puts the entry, whose blind and body are in l->plain, into its row and into the tree. */
static bool
store_entry(struct log *l, const struct entry *en, struct err *e)
{
	struct tile_sink sink = { tile_store, l->config.db };
	const uint8_t *blind = l->plain.p, *body = blind + HASH_SIZE;
	struct hash leaf;
	struct head h;

	clock_day(en->time, h.day);
	h.commitment = digest_hmac(blind, HASH_SIZE, body, l->plain.n - HASH_SIZE);
	buf_reset(&l->sealed);
	row_seal(l->sealer, en->index, l->plain.p, l->plain.n,
	    buf_space(&l->sealed, l->plain.n + SEAL_EXTRA));
	leaf = head_leaf(&h);
	return db_run(l->config.db, e,
		   "INSERT INTO entry(idx, day, commitment, sealed) VALUES ($1, $2, $3, $4)",
		   db_int((int64_t)en->index), db_text(h.day),
		   db_blob(h.commitment.b, HASH_SIZE), db_blob(l->sealed.p, l->sealed.n)) &&
	    tail_add(&l->tail, &leaf, &sink, e);
}

/* What tells of an erasure must itself stay. */
static bool
may_be_erased(struct log *l, struct arena *a, uint64_t index, struct err *e)
{
	struct rows rows;
	struct entry en;

	if (!rows_load(l->config.db, a, index, index + 1, 1, &rows, e))
		return false;
	/* A body that is damaged or gone already may be named: so it is accounted for. */
	if (!rows.n || !row_entry(l->sealer, a, &rows.row[0], &en, &(struct err){ 0 }))
		return true;
	return !entry_erases(&en) ||
	    err_set(e, ERR_INVALID, "entry %llu tells what was erased, and must stay",
		(unsigned long long)index);
}

/* What is erased must stand in the entry, in order and once, so that an absent body can
 * be told from a lost one. */
static bool
check_erases(struct log *l, struct arena *a, const struct draft *d, const struct entry *en,
    struct err *e)
{
	const struct json *list = entry_erases(en);
	bool ok =
	    d->n_erases ? json_kind(list) == JSON_LIST && json_len(list) == d->n_erases : !list;

	for (size_t i = 0; ok && i < d->n_erases; i++)
		ok = json_kind(json_at(list, i)) == JSON_INT &&
		    json_int(json_at(list, i)) == (int64_t)d->erases[i] &&
		    d->erases[i] < en->index && (!i || d->erases[i - 1] < d->erases[i]);
	if (!ok)
		return err_set(e, ERR_INVALID,
		    "what \"indexes\" in the entry's content lists is not what it erases,"
		    " in ascending order");
	for (size_t i = 0; i < d->n_erases; i++)
		if (!may_be_erased(l, a, d->erases[i], e))
			return false;
	return true;
}

static bool
erase(struct log *l, const struct draft *d, struct err *e)
{
	for (size_t i = 0; i < d->n_erases; i++)
		if (!db_run(l->config.db, e, "UPDATE entry SET sealed = NULL WHERE idx = $1",
			db_int((int64_t)d->erases[i])))
			return false;
	return true;
}

/* Asks the draft what to log, and fills l->plain. *ret is read back from the body's bytes,
 * so that views see now what they will see when the log is replayed. */
static bool
ask_draft(struct log *l, struct arena *a, struct draft *d, struct entry *ret, struct err *e)
{
	const struct entry blank = {
		.index = l->tail.edge.size,
		.time = clock_now(),
		.actor = "",
		.subject = "",
	};
	struct entry en = blank;
	struct hash blind;

	d->skip = false;
	if (!d->write(d, l->config.db, a, &en, e))
		return false;
	if (d->skip)
		return true;
	if (!en.act || !*en.act || !en.actor || !en.subject ||
	    json_kind(en.content) != JSON_MAP)
		return err_set(e, ERR_INVALID, "an entry needs an act, an actor and content");
	en.time = blank.time;
	blind = new_blind(l);
	buf_reset(&l->plain);
	buf_add(&l->plain, &blind, sizeof blind);
	if (!body_write(&l->plain, &en, e) ||
	    !body_read(a, l->plain.p + HASH_SIZE, l->plain.n - HASH_SIZE, ret, e))
		return false;
	ret->index = blank.index;
	return check_erases(l, a, d, ret, e);
}

static bool
log_draft(struct log *l, struct arena *a, struct draft *d, bool *wrote, uint64_t *entries,
    struct err *e)
{
	struct entry en;

	if (!ask_draft(l, a, d, &en, e))
		return false;
	if (d->skip)
		return true;
	*wrote = true;
	if (!store_entry(l, &en, e) || (d->also && !d->also(d, l->config.db, &en, e)) ||
	    !erase(l, d, e))
		return false;
	for (const struct view *const *v = l->config.views; *v; v++)
		if (!(*v)->apply(l->config.db, &en, e))
			return err_at(e, "view %s", (*v)->name);
	d->index = en.index;
	++*entries;
	return true;
}

static void
set_error(const struct unit *u, const struct err *e)
{
	for (size_t i = 0; i < u->n; i++)
		u->d[i].err = *e;
}

/* False if the transaction must go: something was written before the unit failed, or what
 * failed has broken it. What is refused or skipped before leaves nothing behind. */
static bool
log_unit(struct log *l, struct batch *b, const struct unit *u)
{
	bool wrote = false;
	struct err e = { 0 };

	arena_reset(b->a);
	set_error(u, &e);
	for (size_t i = 0; i < u->n; i++) {
		if (log_draft(l, b->a, &u->d[i], &wrote, &b->entries, &e))
			continue;
		set_error(u, &e);
		return !wrote && !db_broken(l->config.db);
	}
	return true;
}

/* Brings tail up to what the database holds: other processes may have appended. */
static bool
refresh(struct log *l, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct checkpoint c;
	struct hash root;
	const char *note;
	uint64_t size;

	if (!stored_head(l->config.db, a, &size, &note, e))
		return false;
	if (l->note.n && size == l->tail.edge.size && strcmp(note, buf_peek(&l->note)) == 0)
		return true;
	buf_reset(&l->note);
	if (!own_checkpoint(l, note, strlen(note), &c, e) ||
	    !tail_load(&l->tail, l->config.db, size, e))
		return false;
	root = edge_root(&l->tail.edge);
	if (c.size != size || size < l->known || !digest_equal(&c.root, &root))
		return err_set(e, ERR_DAMAGED,
		    "log: the database does not hold the tree of its checkpoint,"
		    " or lost entries: nothing was logged; run verify");
	buf_str(&l->note, note);
	l->now = c;
	l->known = size;
	return true;
}

static bool
begin(struct log *l, struct err *e)
{
	if (!db_begin(l->config.db, e))
		return false;
	if (refresh(l, e))
		return true;
	db_rollback(l->config.db);
	return false;
}

static void
roll_back(struct log *l)
{
	db_rollback(l->config.db);
	buf_reset(&l->note); /* tail holds what is not there */
}

static bool
store_head(struct log *l, struct err *e)
{
	struct tile_sink sink = { tile_store, l->config.db };

	buf_reset(&l->note);
	return tail_flush(&l->tail, &sink, e) &&
	    sign_checkpoint(l, &l->tail.edge, &l->note, &l->now, e) &&
	    db_run(l->config.db, e,
		"UPDATE log_head SET size = $1, checkpoint = $2 WHERE id = 0",
		db_int((int64_t)l->tail.edge.size), db_textn(buf_peek(&l->note), l->note.n));
}

/* Commits what these units wrote. If the database fails in it, nobody can tell without
 * looking whether they are logged: they are told that they failed. */
static void
commit(struct log *l, const struct unit *u, size_t n)
{
	struct err e;

	if (db_commit(l->config.db, &e)) {
		l->known = l->tail.edge.size;
		return;
	}
	roll_back(l);
	for (size_t i = 0; i < n; i++)
		set_error(&u[i], &e);
}

/* What is logged is logged, whether or not this can be written: the next commit, or log_open,
 * writes it again. */
static void
tell_seen(struct log *l)
{
	struct err e;

	if (l->note.n)
		(void)!seen_write(l, buf_peek(&l->note), l->note.n, &l->now, &e);
}

/* Each unit in a transaction of its own, so that one that fails harms only itself. */
static void
log_alone(struct log *l, struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct err e;

		b->entries = 0;
		if (!begin(l, &e)) {
			set_error(&b->u[i], &e);
			continue;
		}
		if (!log_unit(l, b, &b->u[i]))
			roll_back(l);
		else if (!b->entries)
			db_rollback(l->config.db);
		else if (store_head(l, &e)) {
			commit(l, &b->u[i], 1);
			tell_seen(l); /* now: the next may fail, and the checkpoint with it */
		} else {
			roll_back(l);
			set_error(&b->u[i], &e);
		}
	}
}

/* The next unit in the queue, put into b; NULL if there is none. */
static struct unit *
take_unit(struct log *l, struct batch *b)
{
	struct request *r;
	struct unit *u = NULL;

	pthread_mutex_lock(&l->queue);
	r = l->first;
	if (r) {
		if (b->n == b->cap) {
			b->cap = MAX(64, b->cap * 2);
			b->u = mem_grow(b->u, b->cap * sizeof *b->u);
		}
		u = &b->u[b->n++];
		*u = (struct unit){ r, r->d + r->taken, r->together ? r->n : 1 };
		r->taken += u->n;
		if (r->taken == r->n && !(l->first = r->next))
			l->last = &l->first;
	}
	pthread_mutex_unlock(&l->queue);
	return u;
}

/* Takes units into one transaction until none is left or it has lasted long enough. */
static void
log_batch(struct log *l, struct batch *b)
{
	int64_t end = clock_ticks() + COMMIT_AFTER;
	struct unit *u;
	struct err e;
	bool ok = true;

	if (!begin(l, &e)) {
		while ((u = take_unit(l, b)))
			set_error(u, &e);
		return;
	}
	while (ok && clock_ticks() < end && (u = take_unit(l, b)))
		ok = log_unit(l, b, u);
	if (ok && !b->entries)
		db_rollback(l->config.db); /* nothing was written */
	else if (ok && store_head(l, &e))
		commit(l, b->u, b->n);
	else {
		roll_back(l);
		log_alone(l, b);
	}
}

/* The request is gone as soon as it wakes. */
static void
tell(struct request *r, enum turn turn)
{
	r->turn = turn;
	sem_post(&r->wake);
}

static enum turn
wait_for_turn(struct request *r)
{
	while (sem_wait(&r->wake) && errno == EINTR)
		;
	return r->turn;
}

/* Tells those that wait for these units. Only who leads looks at `left`. */
static void
settle(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct request *r = b->u[i].of;

		for (size_t k = 0; k < b->u[i].n; k++)
			b->u[i].d[k].done = b->u[i].d[k].err.kind == ERR_NONE;
		r->left -= b->u[i].n;
		if (!r->left)
			tell(r, DONE);
	}
}

static void
lead(struct log *l)
{
	AUTO(arena) *a = arena_new();
	struct batch b = { .a = a };

	pthread_mutex_lock(&l->writer);
	log_batch(l, &b);
	settle(&b);
	if (b.entries)
		tell_seen(l);
	pthread_mutex_unlock(&l->writer);
	free(b.u);
}

/* Puts r into the queue. True if it is to lead at once. */
static bool
enqueue(struct log *l, struct request *r)
{
	bool first;

	pthread_mutex_lock(&l->queue);
	*l->last = r;
	l->last = &r->next;
	first = !l->leading;
	l->leading = true;
	pthread_mutex_unlock(&l->queue);
	return first;
}

static void
hand_over(struct log *l)
{
	struct request *next;

	pthread_mutex_lock(&l->queue);
	next = l->first;
	l->leading = next != NULL;
	pthread_mutex_unlock(&l->queue);
	if (next) /* it waits: nobody but who leads can serve it */
		tell(next, LEAD);
}

bool
log_append(struct log *l, struct draft *d, size_t n, bool together, struct err *e)
{
	struct request r = { .d = d, .n = n, .left = n, .together = together };

	if (!n)
		return true;
	sem_init(&r.wake, 0, 0);
	if (enqueue(l, &r) || wait_for_turn(&r) == LEAD) {
		while (r.left)
			lead(l);
		hand_over(l);
	}
	sem_destroy(&r.wake);
	for (size_t i = 0; i < n; i++)
		if (!d[i].done) {
			*e = d[i].err;
			return false;
		}
	return true;
}

/* Draws drafts until there are no more. One that is refused leaves nothing, and the next is drawn; one that
 * fails with something written takes the transaction with it. */
static bool
draw(struct log *l, struct arena *a, bool (*next)(void *, struct draft **, struct err *),
    void *arg, uint64_t *entries, struct err *e)
{
	struct draft *d;

	for (;;) {
		bool wrote = false;

		if (!next(arg, &d, e))
			return false;
		if (!d)
			return true;
		arena_reset(a);
		d->err = (struct err){ 0 };
		if (!log_draft(l, a, d, &wrote, entries, &d->err) &&
		    (wrote || db_broken(l->config.db))) {
			*e = d->err;
			return false;
		}
	}
}

bool
log_append_stream(struct log *l, bool (*next)(void *arg, struct draft **ret, struct err *e),
    void *arg, struct err *e)
{
	AUTO(arena) *a = arena_new();
	uint64_t entries = 0;
	bool ok;

	pthread_mutex_lock(&l->writer);
	ok = begin(l, e);
	if (ok) {
		ok = draw(l, a, next, arg, &entries, e);
		if (ok && !entries)
			db_rollback(l->config.db);
		else if (ok && store_head(l, e) && db_commit(l->config.db, e)) {
			l->known = l->tail.edge.size;
			tell_seen(l);
		} else {
			roll_back(l);
			ok = false;
		}
	}
	pthread_mutex_unlock(&l->writer);
	return ok;
}
