/* How long each step of verify takes, in microseconds: a line each.
 * usage: verify DIR */
#include <stdio.h>
#include <time.h>

#include "mechanism/mechanism.h"

struct watch {
	const char *step;
	int64_t began;
};

static int64_t
microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void
next_step(void *arg, const char *what, uint64_t total)
{
	struct watch *w = arg;
	int64_t now = microseconds();

	(void)total;
	if (w->step)
		printf("%s %lld\n", w->step, (long long)(now - w->began));
	*w = (struct watch){ what, now };
}

static void
on_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	(void)arg;
	fprintf(stderr, "%s %s: %s\n", kind, subject, what);
}

int
main(int argc, char **argv)
{
	struct watch w = { 0 };
	struct verify_report r = { .fault = on_fault, .step = next_step, .arg = &w };
	struct err e = { 0 };
	AUTO(mechanism) *m = argc == 2 ? mechanism_open(argv[1], &e) : NULL;
	AUTO(session) *s = m ? session_open(m, &e) : NULL;

	if (!s || !mechanism_verify(s, &r, &e)) {
		fprintf(stderr, "verify: %s\n", e.msg);
		return 1;
	}
	next_step(&w, NULL, 0);
	printf("bytes %llu\n", (unsigned long long)r.bytes);
	return r.faults > 0;
}
