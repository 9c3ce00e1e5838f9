/* Learns the model of languages, and measures it; called by script/make-language-model and
 * script/measure-language.
 * usage: text-model learn LIST UDHR NAMES...              model.tsv to standard output
 *        text-model measure LIST UDHR CLOSE PARTS NAMES...   each of the articles 1 to PARTS
 *                                                        by a model that has not seen it
 *        text-model read FILE...                          tag and confidence of each line */
#include <time.h>

#include "lessons.h"
#include "text/weigh.h"

enum { GROUP_MAX = 4096 };

static struct translations all;
static char *group[GROUP_MAX]; /* " bs hr sr-Latn " */
static unsigned n_groups;

struct figures {
	unsigned tried, exact, merged, unknown;
};

static void
close_read(struct arena *a, const char *path)
{
	size_t n;
	char *rest = lessons_file(a, path, &n), *line;

	while ((line = strsep(&rest, "\n")))
		if (*line && *line != '#' && n_groups < GROUP_MAX)
			group[n_groups++] = arena_printf(a, " %s ", strsep(&line, "\t"));
}

static bool
is_close(const char *x, const char *y)
{
	char a[32], b[32];

	snprintf(a, sizeof a, " %s ", x);
	snprintf(b, sizeof b, " %s ", y);
	for (unsigned i = 0; i < n_groups; i++)
		if (strstr(group[i], a) && strstr(group[i], b))
			return true;
	return false;
}

struct asked {
	const struct model *m;
	const char *tag;
	const char *what; /* printed with each miss; NULL: nothing is printed */
	unsigned part;
	struct figures *f;
};

static void
ask(void *arg, const char *s, size_t n)
{
	const struct asked *q = arg;
	struct text_language l;
	bool exact;

	language_by(q->m, s, n, &l);
	exact = !strcmp(l.tag, q->tag);
	q->f->tried++;
	q->f->exact += exact;
	q->f->merged += exact || is_close(l.tag, q->tag);
	q->f->unknown += !strcmp(l.tag, "und");
	if (q->what && !exact)
		printf("%s\t%s\t%s\t%u\t%s\n", q->what, q->tag, l.tag, q->part,
		    is_close(l.tag, q->tag) ? "close" : "");
}

/* The model without a language (1), and without those close to it (2), as if never learned. */
static struct model
forget(const struct model *m, const char *tag, bool those_close, struct model_class *class)
{
	struct model less = *m;

	memcpy(class, m->class, m->n * sizeof *class);
	for (unsigned c = 0; c < m->n; c++)
		if (!strcmp(class[c].tag, tag) || (those_close && is_close(class[c].tag, tag)))
			for (unsigned o = 0; o < MODEL_ORDERS; o++)
				class[c].base[o] = -(1 << 24);
	less.class = class;
	return less;
}

static void
part_measure(struct lessons *l, unsigned part, struct figures f[4])
{
	static struct model_class class[MODEL_CLASSES];
	AUTO_VAL(buf) tsv = buf_init(1 << 26);
	struct model m;
	struct err e;

	lessons_write(l, part, &tsv);
	if (!model_load(buf_peek(&tsv), tsv.n, &m, &e))
		exit(1);
	for (unsigned i = 0; i < all.n; i++) {
		const struct article *t = &all.t[i].article[part];
		struct model less;

		if (!t->n)
			continue;
		ask(&(struct asked){ &m, all.t[i].tag, "article", part, &f[0] }, t->text, t->n);
		sentences_each(
		    t, ask, &(struct asked){ &m, all.t[i].tag, "sentence", part, &f[1] });
		less = forget(&m, all.t[i].tag, false, class);
		ask(&(struct asked){ &less, "und", NULL, part, &f[2] }, t->text, t->n);
		less = forget(&m, all.t[i].tag, true, class);
		ask(&(struct asked){ &less, "und", NULL, part, &f[3] }, t->text, t->n);
	}
	model_done(&m);
}

static int
measure(struct lessons *l, unsigned parts)
{
	static const char *const what[] = { "articles", "sentences",
		"articles of a language left out",
		"articles of a language left out with those close to it" };
	struct figures f[4] = { 0 };

	for (unsigned part = 1; part <= parts; part++)
		part_measure(l, part, f);
	for (size_t i = 0; i < 4; i++)
		printf("# %s: %u; exact %u (%.2f %%), merged %u (%.2f %%), und %u (%.2f %%)\n",
		    what[i], f[i].tried, f[i].exact, 100. * f[i].exact / f[i].tried,
		    f[i].merged, 100. * f[i].merged / f[i].tried, f[i].unknown,
		    100. * f[i].unknown / f[i].tried);
	return 0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Tags of a file's lines, and how fast they were found. */
static void
lines_read(struct arena *a, const char *path)
{
	size_t n, bytes = 0, lines = 0;
	char *text = lessons_file(a, path, &n), *rest = text, *line;
	double began = now(), took;

	while ((line = strsep(&rest, "\n"))) {
		struct text_language l;
		size_t len = strlen(line);

		if (!len)
			continue;
		text_language(line, len, &l);
		bytes += len;
		lines++;
		printf("%s\t%u\t%.60s\n", l.tag, l.confidence, line);
	}
	took = now() - began;
	printf("# %s: %zu texts, %.1f MB, %.1f MB/s, %.0f texts/s\n", path, lines,
	    (double)bytes / 1e6, (double)bytes / 1e6 / took, (double)lines / took);
}

int
main(int argc, char **argv)
{
	AUTO(arena) *a = arena_new();
	AUTO(lessons) *l = lessons_new();
	AUTO_VAL(buf) tsv = buf_init(1 << 26);
	bool measures = argc > 5 && !strcmp(argv[1], "measure");

	if (argc > 2 && !strcmp(argv[1], "read")) {
		for (int i = 2; i < argc; i++)
			lines_read(a, argv[i]);
		return 0;
	}
	if (!measures && !(argc > 3 && !strcmp(argv[1], "learn")))
		return 2;
	translations_add(l, a, argv[2], argv[3], &all);
	for (int i = measures ? 6 : 4; i < argc; i++)
		names_add(l, a, argv[i], &all);
	if (measures) {
		close_read(a, argv[4]);
		return measure(l, (unsigned)strtoul(argv[5], NULL, 10));
	}
	lessons_write(l, 0, &tsv);
	return fwrite(buf_peek(&tsv), 1, tsv.n, stdout) == tsv.n ? 0 : 1;
}
