/* vault/verify: walks over all objects: checking them, sweeping what is none. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "vault/private.h"

/* ---- verify: rows come a page at a time, threads share a page's objects ---- */

enum { PAGE = 512, THREADS_MAX = 16 };

struct outcome {
	bool ok;
	struct err err;
};
struct page {
	const struct vault *v;
	const struct row *rows;
	struct outcome *outcomes;
	size_t n;
	_Atomic size_t next;
};

static void
check_one(
    const struct vault *v, const struct row *r, struct object_buffers *b, struct outcome *ret)
{
	AUTO(object) *o = object_open(v, r, b, &ret->err);

	ret->ok = o && object_check(o, &ret->err);
}

static void *
check_some(void *arg)
{
	struct page *p = arg;
	struct object_buffers *b = mem_alloc(sizeof *b);
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->n)
		check_one(p->v, &p->rows[i], b, &p->outcomes[i]);
	crypto_wipe(b, sizeof *b);
	free(b);
	return NULL;
}

/* The calling thread is one of them; without any other it does all the work. */
static void
check_page(struct page *p, size_t threads)
{
	pthread_t other[THREADS_MAX];
	size_t n = 0;

	while (n + 1 < threads && n + 1 < p->n &&
	    pthread_create(&other[n], NULL, check_some, p) == 0)
		n++;
	check_some(p);
	while (n)
		pthread_join(other[--n], NULL);
}

/* Erased since its row was read? Then its file is rightly gone. */
static bool
gone_since(struct vault *v, const struct row *r, bool *ret, struct err *e)
{
	struct row now;
	bool found;

	if (!row_find(v, &r->sha256, &now, &found, e))
		return false;
	*ret = !found || memcmp(now.wrapped, r->wrapped, sizeof r->wrapped) != 0;
	crypto_wipe(&now, sizeof now);
	return true;
}

static bool
report_page(struct vault *v, const struct page *p, const struct vault_report *r, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		bool gone = false;

		if (p->outcomes[i].ok) {
			if (r->seen)
				r->seen(r->arg, &p->rows[i].sha256, p->rows[i].bytes);
			continue;
		}
		if (!gone_since(v, &p->rows[i], &gone, e))
			return false;
		if (!gone)
			r->fault(r->arg, &p->rows[i].sha256, p->outcomes[i].err.msg);
	}
	return true;
}

static size_t
threads_wanted(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (size_t)MIN(n, (long)THREADS_MAX);
}

bool
vault_verify(struct vault *v, const struct vault_report *r, struct err *e)
{
	struct row *rows = mem_alloc(PAGE * sizeof *rows);
	struct outcome *outcomes = mem_alloc(PAGE * sizeof *outcomes);
	size_t threads = threads_wanted();
	const struct hash *after = NULL;
	struct hash last;
	bool ok = true;

	for (;;) {
		struct page p = { .v = v, .rows = rows, .outcomes = outcomes };

		ok = row_page(v, after, rows, PAGE, &p.n, e);
		if (!ok || p.n == 0)
			break;
		check_page(&p, threads);
		ok = report_page(v, &p, r, e) &&
		    (!r->stop || !r->stop(r->arg) || err_set(e, ERR_INVALID, "stopped"));
		if (!ok)
			break;
		last = rows[p.n - 1].sha256;
		after = &last;
	}
	crypto_wipe(rows, PAGE * sizeof *rows);
	free(rows);
	free(outcomes);
	return ok;
}

/* ---- sweep: eight bytes of each name that is known, sorted ---- */

/* Names are as good as random. Two that agree in eight bytes would only leave one
 * left-over lying. */
struct names {
	uint64_t *list;
	size_t n, cap;
};

static uint64_t
start_of(const struct hash *name)
{
	uint64_t v;

	memcpy(&v, name->b, sizeof v);
	return v;
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x < y ? -1 : x > y;
}

static void
add_name(struct names *k, const struct hash *name)
{
	if (k->n == k->cap) {
		k->cap = MAX((size_t)1024, k->cap * 2);
		k->list = mem_grow(k->list, k->cap * sizeof *k->list);
	}
	k->list[k->n++] = start_of(name);
}

static bool
is_known(void *arg, const struct hash *name)
{
	const struct names *k = arg;
	uint64_t v = start_of(name);

	return k->n && bsearch(&v, k->list, k->n, sizeof v, compare_numbers);
}

static bool
add_rows(struct names *k, const struct row *rows, size_t n, struct err *e)
{
	char hex[SHORT_HEX];

	for (size_t i = 0; i < n; i++) {
		/* Its file's name cannot be told: sweeping would take the file for a left-over. */
		if (!rows[i].opened)
			return err_set(e, ERR_DAMAGED,
			    "not swept: the key of object %s does not open",
			    short_hex(&rows[i].sha256, hex));
		add_name(k, &rows[i].name);
	}
	return true;
}

static bool
known_names(struct vault *v, struct names *k, struct err *e)
{
	struct row *rows = mem_alloc(PAGE * sizeof *rows);
	const struct hash *after = NULL;
	struct hash last;
	size_t n;
	bool ok = true;

	for (;;) {
		ok = row_page(v, after, rows, PAGE, &n, e) && add_rows(k, rows, n, e);
		if (!ok || n == 0)
			break;
		last = rows[n - 1].sha256;
		after = &last;
	}
	crypto_wipe(rows, PAGE * sizeof *rows);
	free(rows);
	for (size_t i = 0; i < v->batch.n; i++)
		add_name(k, &v->batch.names[i]);
	if (k->n)
		qsort(k->list, k->n, sizeof *k->list, compare_numbers);
	return ok;
}

bool
vault_sweep(struct vault *v, int64_t age_ms, uint64_t *ret_swept, struct err *e)
{
	/* The clock first: what another process writes from here on is too young. */
	int64_t before = clock_now() - age_ms;
	struct names k = { 0 };
	bool ok = known_names(v, &k, e) &&
	    v->driver->sweep(v->store, before, is_known, &k, ret_swept, e);

	free(k.list);
	return ok;
}
