/* Tries to sign in that failed. They count for a name together with the address they came from: whoever guesses keeps
 * themselves out, not the one whose name it is; and for the address alone, at a higher number, for those who go through many names.
 * Kept in memory: a server that starts anew has forgotten them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"

enum {
	PLACES = 4096,
	FREE_TRIES = 5, /* of one name */
	FREE_OF_ADDRESS = 50,
	FIRST_MS = 2 * 1000, /* then they wait, each time twice as long, up to */
	LONGEST_MS = 15 * 60 * 1000,
	FORGET_MS = 60 * 60 * 1000,
};

struct place {
	struct hash of; /* of name and address */
	unsigned failed;
	int64_t last; /* ticks */
};

struct throttle {
	pthread_mutex_t lock;
	int64_t (*now)(void);
	uint8_t key[16]; /* so that nobody can choose which names share a place */
	struct place places[PLACES];
};

struct throttle *
throttle_new(void)
{
	struct throttle *t = mem_zalloc(sizeof *t);

	pthread_mutex_init(&t->lock, NULL);
	crypto_random(t->key, sizeof t->key);
	t->now = clock_ticks;
	return t;
}

void
throttle_clock(struct throttle *t, int64_t (*now)(void))
{
	t->now = now;
}

void
throttle_free(struct throttle *t)
{
	if (!t)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static struct hash
hash_of(const struct throttle *t, const char *name, const char *address)
{
	char both[LOGIN_NAME_MAX + 80];
	int n = snprintf(both, sizeof both, "%.64s\n%.64s", name, address);

	return digest_hmac(t->key, sizeof t->key, both, (size_t)n);
}

/* Its place: whoever is there and was not seen for long, or another, makes way. */
static struct place *
place_of(struct throttle *t, const struct hash *of)
{
	struct place *p = &t->places[(of->b[0] | of->b[1] << 8) % PLACES];

	if (!digest_equal(&p->of, of) || t->now() - p->last > FORGET_MS)
		*p = (struct place){ .of = *of, .last = t->now() };
	return p;
}

static bool
may(struct throttle *t, const char *name, const char *address, unsigned free_tries)
{
	struct hash of = hash_of(t, name, address);
	const struct place *p = place_of(t, &of);
	int64_t wait = FIRST_MS;

	if (p->failed < free_tries)
		return true;
	for (unsigned i = free_tries; i < p->failed && wait < LONGEST_MS; i++)
		wait *= 2;
	return t->now() - p->last >= MIN(wait, LONGEST_MS);
}

bool
throttle_may(struct throttle *t, const char *name, const char *address)
{
	bool ok;

	pthread_mutex_lock(&t->lock);
	ok = may(t, name, address, FREE_TRIES) && may(t, "", address, FREE_OF_ADDRESS);
	pthread_mutex_unlock(&t->lock);
	return ok;
}

static void
note(struct throttle *t, const char *name, const char *address)
{
	struct hash of = hash_of(t, name, address);
	struct place *p = place_of(t, &of);

	p->failed++;
	p->last = t->now();
}

void
throttle_failed(struct throttle *t, const char *name, const char *address)
{
	pthread_mutex_lock(&t->lock);
	note(t, name, address);
	note(t, "", address);
	pthread_mutex_unlock(&t->lock);
}

void
throttle_well(struct throttle *t, const char *name, const char *address)
{
	struct hash of;

	pthread_mutex_lock(&t->lock);
	of = hash_of(t, name, address);
	place_of(t, &of)->failed = 0;
	pthread_mutex_unlock(&t->lock);
}

bool
throttle_spend(struct throttle *t, const char *what, const char *address, unsigned free_tries)
{
	bool ok;

	pthread_mutex_lock(&t->lock);
	ok = may(t, what, address, free_tries);
	if (ok)
		note(t, what, address);
	pthread_mutex_unlock(&t->lock);
	return ok;
}
