/* Files that come in pieces: when a connection breaks, the next one goes on where it ended. The thread that takes the file (coming.c)
 * waits meanwhile; what it has taken lies sealed in the vault's folder, and is no object before its end. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/giving.h"
#include "desk/pages/views.h"
#include "desk/upload.h"

enum {
	ARRIVALS = 32,
	OF_ONE = 8,
	OF_STRANGERS = ARRIVALS / 2, /* of all of them */
	WORD = 16,
	WAIT_MS = 60 * 60 * 1000,
};

struct slot {
	char id[2 * WORD + 1];
	char owner[LOGIN_NAME_MAX + 1];
	bool given; /* by nobody who is known: the owner is their browser */
	uint64_t size, offset;
	uint64_t sender; /* number of the request that may send */
	struct coming *coming;
	struct arena *a; /* of the row; NULL: the slot is free */
	struct received_row row;
	bool ended;
	int64_t last;            /* ticks */
	pthread_mutex_t sending; /* held while bytes are handed on */
};

struct arrivals {
	pthread_mutex_t lock; /* of all but what `sending` guards */
	uint64_t senders;
	struct slot slots[ARRIVALS];
};

struct arriving { /* lives in its request's arena */
	struct slot *slot;
	uint64_t sender;
};

struct arrivals *
arrivals_new(void)
{
	struct arrivals *all = mem_zalloc(sizeof *all);

	pthread_mutex_init(&all->lock, NULL);
	for (size_t i = 0; i < ARRIVALS; i++)
		pthread_mutex_init(&all->slots[i].sending, NULL);
	return all;
}

/* Under both locks. */
static void
clear(struct slot *s)
{
	if (s->coming)
		coming_end(TAKE(s->coming), false, s->a, &s->row);
	arena_free(s->a);
	s->a = NULL;
	s->sender = 0;
}

void
arrivals_free(struct arrivals *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < ARRIVALS; i++) {
		clear(&all->slots[i]);
		pthread_mutex_destroy(&all->slots[i].sending);
	}
	pthread_mutex_destroy(&all->lock);
	free(all);
}

static void
clear_unless_sent(struct slot *s)
{
	if (pthread_mutex_trylock(&s->sending) != 0)
		return;
	clear(s);
	pthread_mutex_unlock(&s->sending);
}

/* A free slot for one more of theirs, where there is one; those that nobody goes on with make way, and if there is no other, the
 * one that ended first. */
static struct slot *
free_slot(struct arrivals *all, const char *owner, bool given)
{
	struct slot *found = NULL, *oldest = NULL;
	size_t theirs = 0, strangers = 0;

	for (size_t i = 0; i < ARRIVALS; i++) {
		struct slot *s = &all->slots[i];

		if (s->a && clock_ticks() - s->last > WAIT_MS)
			clear_unless_sent(s);
		if (!s->a) {
			found = s;
		} else if (s->ended) {
			if (!oldest || s->last < oldest->last)
				oldest = s;
		} else {
			theirs += s->given == given && strcmp(s->owner, owner) == 0;
			strangers += s->given;
		}
	}
	if (theirs >= OF_ONE || (given && strangers >= OF_STRANGERS))
		return NULL;
	if (!found && oldest)
		clear_unless_sent(oldest);
	return found || !oldest || oldest->a ? found : oldest;
}

static const char *
owner_of(struct request *r)
{
	return giving_is(r) ? giving_owner(r) : r->who.name;
}

static struct slot *
find(struct arrivals *all, const char *owner, bool given, const char *id)
{
	for (size_t i = 0; i < ARRIVALS; i++) {
		struct slot *s = &all->slots[i];

		if (s->a && strcmp(s->id, id) == 0 && s->given == given &&
		    strcmp(s->owner, owner) == 0)
			return s;
	}
	return NULL;
}

static void
tell(struct request *r, const struct slot *s, struct arrival *ret)
{
	struct received_row *row = arena_alloc(r->a, sizeof *row);

	*row = s->row;
	row->name = arena_str(r->a, s->ended ? s->row.name : "");
	row->sha256 = s->row.sha256 ? arena_str(r->a, s->row.sha256) : NULL;
	row->receipt_address =
	    s->row.receipt_address ? arena_str(r->a, s->row.receipt_address) : NULL;
	row->why = s->row.why ? arena_str(r->a, s->row.why) : NULL;
	*ret = (struct arrival){ .id = arena_str(r->a, s->id),
		.size = s->size,
		.offset = s->offset,
		.ended = s->ended,
		.row = row };
}

static bool
begin(struct request *r, const char *name, uint64_t size, struct arrival *ret, struct err *e)
{
	struct slot *s = free_slot(r->desk->arrivals, owner_of(r), giving_is(r));
	uint8_t word[WORD];

	if (!s)
		return err_set(e, ERR_TOO_BIG,
		    "too many files are under way: let one come to its end first");
	s->coming = coming_begin(r, name);
	if (!s->coming)
		return err_set(e, ERR_TOO_BIG, "too many files are under way: try again later");
	crypto_random(word, sizeof word);
	hex_encode(word, sizeof word, s->id);
	snprintf(s->owner, sizeof s->owner, "%s", owner_of(r));
	s->given = giving_is(r);
	s->a = arena_new();
	s->row = (struct received_row){ 0 };
	s->size = size;
	s->offset = 0;
	s->ended = false;
	s->last = clock_ticks();
	tell(r, s, ret);
	return true;
}

bool
arrival_begin(
    struct request *r, const char *name, uint64_t size, struct arrival *ret, struct err *e)
{
	struct arrivals *all = r->desk->arrivals;
	const char *why = NULL;
	bool ok;

	if (!coming_may(r, e))
		return false;
	if (giving_is(r))
		giving_take(r, size, &why);
	if (why)
		return err_set(e, ERR_TOO_BIG, "%s", why);
	pthread_mutex_lock(&all->lock);
	ok = begin(r, name, size, ret, e);
	pthread_mutex_unlock(&all->lock);
	return ok;
}

bool
arrival_find(struct request *r, const char *id, struct arrival *ret, struct err *e)
{
	struct arrivals *all = r->desk->arrivals;
	struct slot *s;

	pthread_mutex_lock(&all->lock);
	s = find(all, owner_of(r), giving_is(r), id);
	if (s) {
		pthread_mutex_lock(&s->sending);
		tell(r, s, ret);
		pthread_mutex_unlock(&s->sending);
	}
	pthread_mutex_unlock(&all->lock);
	return s || err_set(e, ERR_MISSING, "no file under way is called so");
}

struct arriving *
arrival_go_on(struct request *r, const char *id, uint64_t offset)
{
	struct arrivals *all = r->desk->arrivals;
	struct arriving *x = NULL;
	struct slot *s;

	pthread_mutex_lock(&all->lock);
	s = find(all, owner_of(r), giving_is(r), id);
	if (s) {
		pthread_mutex_lock(&s->sending);
		if (!s->ended && s->offset == offset) {
			x = arena_alloc(r->a, sizeof *x);
			*x = (struct arriving){ s, ++all->senders };
			s->sender = x->sender;
			s->last = clock_ticks();
		}
		pthread_mutex_unlock(&s->sending);
	}
	pthread_mutex_unlock(&all->lock);
	return x;
}

bool
arriving_piece(struct arriving *x, const char *p, size_t n)
{
	struct slot *s = x->slot;
	bool well;

	pthread_mutex_lock(&s->sending);
	well = s->sender == x->sender && n <= s->size - s->offset;
	if (well) {
		coming_write(s->coming, p, n);
		s->offset += n;
		s->last = clock_ticks();
	}
	pthread_mutex_unlock(&s->sending);
	return well;
}

void
arriving_end(struct arriving *x)
{
	struct slot *s = x->slot;

	pthread_mutex_lock(&s->sending);
	if (s->sender == x->sender && s->offset == s->size && !s->ended) {
		coming_end(TAKE(s->coming), true, s->a, &s->row);
		s->ended = true;
	}
	if (s->sender == x->sender)
		s->sender = 0;
	pthread_mutex_unlock(&s->sending);
}
