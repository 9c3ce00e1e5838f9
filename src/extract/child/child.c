/* One item in one process. */
#include "extract/child/child_private.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract/child/confine_private.h"

static int
by_byte(const void *p, const void *q)
{
	return *(const char *)p - *(const char *)q;
}

/* The C library's qsort() asks once how much memory there is, when it first sorts more than a little. */
static void
warm_sorting(void)
{
	char many[4096] = { 1 };

	qsort(many, sizeof many, 1, by_byte);
}

bool
child_warm(const struct program *g, struct err *e)
{
	setenv("TZ", "UTC0", 1);              /* or else looking at a date opens a file */
	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* and a name, tables of other encodings */
	warm_sorting();
	if (g->prepare)
		g->prepare();
	for (size_t i = 0; i < g->n_samples; i++) {
		const struct sample *s = &g->samples[i];
		struct output o;
		bool ok;

		output_init(&o, -1, 1 << 20);
		ok = g->extractors[s->id](s->bytes, s->n, &o, e);
		output_done(&o);
		if (!ok)
			return err_at(e, "warming up");
	}
	return true;
}

static char password[EXTRACT_PASSWORD_MAX + 1];

const char *
child_password(void)
{
	return *password ? password : NULL;
}

/* Mapped, since a child may not read any more (filter.c). */
static bool
take_password(int fd, size_t n)
{
	void *p;

	if (!n)
		return true;
	p = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	memcpy(password, p, n);
	return munmap(p, n) == 0;
}

_Noreturn void
child_run(
    const struct program *g, const struct order *o, const int fds[ORDER_FDS], pid_t parent)
{
	void *p = mmap(NULL, o->size, PROT_READ, MAP_SHARED, fds[0], 0);
	struct confine_child c = {
		.parent = parent,
		.out = fds[1],
		.memory = o->memory + o->size,
		.seconds = o->seconds,
	};
	struct output answer;
	struct err e;

	if (p == MAP_FAILED || !take_password(fds[2], o->secret))
		_exit(EXIT_MEMORY);
	if (!confine_child(&c, &e))
		_exit(EXIT_CONFINE);
	output_init(&answer, CHILD_OUT, o->output);
	answer.wish = o->wish;
	answer.seconds = o->seconds;
	if (!g->extractors[o->extractor](p, o->size, &answer, &e))
		output_failed(&answer, &e);
	explicit_bzero(password, sizeof password);
	_exit(EXIT_DONE);
}
