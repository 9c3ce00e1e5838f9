/* Fresh texts: a queue of bounded size, found by SHA-256. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "intake/private.h"

enum { BUCKETS = 1024 };

struct kept {
	struct hash sha256;
	struct kept *next_in_bucket, *newer;
	size_t n;
	char p[];
};

struct fresh {
	pthread_mutex_t lock;
	struct kept *buckets[BUCKETS];
	struct kept *oldest, *newest;
	size_t bytes, max;
};

struct fresh *
fresh_new(size_t max_bytes)
{
	struct fresh *f = mem_zalloc(sizeof *f);

	pthread_mutex_init(&f->lock, NULL);
	f->max = max_bytes;
	return f;
}

static struct kept **
bucket_of(struct fresh *f, const struct hash *h)
{
	return &f->buckets[(h->b[0] | h->b[1] << 8) % BUCKETS];
}

static struct kept **
find(struct fresh *f, const struct hash *h)
{
	struct kept **at = bucket_of(f, h);

	while (*at && memcmp((*at)->sha256.b, h->b, sizeof h->b) != 0)
		at = &(*at)->next_in_bucket;
	return at;
}

/* Texts are indexed in the order they were made, so this is nearly always the first. */
static void
unqueue(struct fresh *f, struct kept *k)
{
	struct kept **at = &f->oldest, *before = NULL;

	while (*at != k) {
		before = *at;
		at = &before->newer;
	}
	*at = k->newer;
	if (f->newest == k)
		f->newest = before;
	f->bytes -= k->n;
}

static void
drop(struct fresh *f, struct kept **at)
{
	struct kept *k = *at;

	*at = k->next_in_bucket;
	unqueue(f, k);
	free(k);
}

void
fresh_free(struct fresh *f)
{
	if (!f)
		return;
	while (f->oldest)
		drop(f, find(f, &f->oldest->sha256));
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static void
put(struct fresh *f, const struct hash *sha256, const char *p, size_t n)
{
	struct kept *k = mem_alloc(sizeof *k + n);
	struct kept **bucket = bucket_of(f, sha256);

	k->sha256 = *sha256;
	k->n = n;
	k->newer = NULL;
	memcpy(k->p, p, n);
	k->next_in_bucket = *bucket;
	*bucket = k;
	if (f->newest)
		f->newest->newer = k;
	else
		f->oldest = k;
	f->newest = k;
	f->bytes += n;
}

void
fresh_put(struct fresh *f, const struct hash *sha256, const char *p, size_t n)
{
	if (!n || n > f->max / 4)
		return;
	pthread_mutex_lock(&f->lock);
	while (f->bytes + n > f->max)
		drop(f, find(f, &f->oldest->sha256));
	if (!*find(f, sha256))
		put(f, sha256, p, n);
	pthread_mutex_unlock(&f->lock);
}

bool
fresh_take(struct fresh *f, const struct hash *sha256, struct arena *a, const char **ret,
    size_t *ret_n)
{
	struct kept **at;
	bool found;

	pthread_mutex_lock(&f->lock);
	at = find(f, sha256);
	found = *at != NULL;
	if (found) {
		*ret = arena_strn(a, (*at)->p, (*at)->n);
		*ret_n = (*at)->n;
		drop(f, at);
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}
