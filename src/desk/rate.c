/* How often an address may ask: a bucket for each, filled as time goes by (token bucket). Kept in memory; of more addresses than there are
 * places, those that share one share its bucket anew. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/server.h"

enum { PLACES = 8192, BURST = 10 }; /* BURST: seconds' worth at once */

struct bucket {
	struct hash of; /* of the address */
	int64_t left;   /* thousandths of requests */
	int64_t last;   /* ticks */
};

struct rates {
	pthread_mutex_t lock;
	int64_t (*now)(void);
	uint8_t key[16]; /* so that nobody can choose whose bucket they share */
	struct bucket buckets[PLACES];
};

struct rates *
rates_new(void)
{
	struct rates *r = mem_zalloc(sizeof *r);

	pthread_mutex_init(&r->lock, NULL);
	crypto_random(r->key, sizeof r->key);
	r->now = clock_ticks;
	return r;
}

void
rates_clock(struct rates *r, int64_t (*now)(void))
{
	r->now = now;
}

void
rates_free(struct rates *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r);
}

bool
rates_take(struct rates *r, const char *address, unsigned per_second)
{
	struct hash of = digest_hmac(r->key, sizeof r->key, address, strlen(address));
	struct bucket *b = &r->buckets[(of.b[0] | of.b[1] << 8) % PLACES];
	int64_t full = (int64_t)per_second * BURST * 1000, now;
	bool may;

	pthread_mutex_lock(&r->lock);
	now = r->now();
	if (!digest_equal(&b->of, &of))
		*b = (struct bucket){ .of = of, .left = full, .last = now };
	/* A millisecond is per_second thousandths. */
	b->left = MIN(full, b->left + (now - b->last) * (int64_t)per_second);
	b->last = now;
	may = b->left >= 1000;
	if (may)
		b->left -= 1000;
	pthread_mutex_unlock(&r->lock);
	return may;
}
