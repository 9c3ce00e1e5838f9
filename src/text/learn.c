/* Models are learned by counting. Runs are kept as four numbers of letters in one word: a
 * letter's number is its place in the order in which letters were first met. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/learn.h"
#include "text/private.h"
#include "text/weigh.h"

enum {
	CHARS = 0x110000,
	LETTER_BITS = 16,
	FIT_DEFAULT =
	    35 /* of a class that has too little text to measure it: most have about it */
};

struct run {
	uint64_t letters; /* the last in the low bits */
	uint32_t count;   /* in sixteenths */
	uint16_t class;
	uint8_t part;
};

struct lesson {
	char *text;
	size_t n;
	unsigned class, part;
};

struct lessons {
	char (*tag)[16];
	unsigned *step, n_classes, n_letters;
	struct lesson *lesson;
	size_t n_lessons, max_lessons;
	struct run *run;
	size_t n_runs, max_runs;
	uint16_t *number; /* by character; 0: not met yet */
	uint32_t *letter; /* by number */
};

struct lessons *
lessons_new(void)
{
	struct lessons *l = mem_zalloc(sizeof *l);

	l->tag = mem_zalloc(MODEL_CLASSES * sizeof *l->tag);
	l->step = mem_zalloc(MODEL_CLASSES * sizeof *l->step);
	l->number = mem_zalloc(CHARS * sizeof *l->number);
	l->letter = mem_zalloc((1 << LETTER_BITS) * sizeof *l->letter);
	return l;
}

void
lessons_free(struct lessons *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n_lessons; i++)
		free(l->lesson[i].text);
	free(l->lesson);
	free(l->run);
	free(l->number);
	free(l->letter);
	free(l->tag);
	free(l->step);
	free(l);
}

unsigned
lessons_class(struct lessons *l, const char *tag, unsigned step)
{
	unsigned class = l->n_classes++;

	if (class >= MODEL_CLASSES)
		abort();
	snprintf(l->tag[class], sizeof l->tag[class], "%s", tag);
	l->step[class] = step;
	return class;
}

static uint64_t
number_of(struct lessons *l, uint32_t c)
{
	if (!l->number[c] && l->n_letters + 1 < 1 << LETTER_BITS) {
		l->number[c] = (uint16_t)++l->n_letters;
		l->letter[l->n_letters] = c;
	}
	return l->number[c];
}

static void
run_push(struct lessons *l, const struct run *r)
{
	if (l->n_runs == l->max_runs) {
		l->max_runs = l->max_runs ? 2 * l->max_runs : 1 << 16;
		l->run = mem_grow(l->run, l->max_runs * sizeof *l->run);
	}
	l->run[l->n_runs++] = *r;
}

static int
by_letters(const void *a, const void *b)
{
	const struct run *p = a, *q = b;

	return p->letters < q->letters ? -1 : p->letters > q->letters;
}

/* Equal runs from `from` on become one. */
static size_t
merge(struct run *run, size_t n)
{
	size_t to = 0;

	qsort(run, n, sizeof *run, by_letters);
	for (size_t i = 0; i < n; i++)
		if (to && run[to - 1].letters == run[i].letters)
			run[to - 1].count += run[i].count;
		else
			run[to++] = run[i];
	return to;
}

/* The same runs as weigh() weighs. */
static void
sample_count(struct lessons *l, const struct sample *sa, struct run r)
{
	for (size_t i = 0; i < sa->n; i++) {
		r.letters = 0;
		for (unsigned order = 0; order < MODEL_ORDERS && i + order < sa->n; order++) {
			uint32_t c = sa->c[i + order];

			r.letters = r.letters << LETTER_BITS | number_of(l, c);
			if (c >= 0x80 || order)
				run_push(l, &r);
			if (c == ' ' && order)
				break;
		}
	}
}

static void
lesson_push(struct lessons *l, struct lesson lesson)
{
	if (l->n_lessons == l->max_lessons) {
		l->max_lessons = l->max_lessons ? 2 * l->max_lessons : 1 << 10;
		l->lesson = mem_grow(l->lesson, l->max_lessons * sizeof *l->lesson);
	}
	l->lesson[l->n_lessons++] = lesson;
}

void
lessons_add(struct lessons *l, unsigned class, unsigned part, const char *text, size_t n,
    unsigned parts)
{
	struct run r = { .count = parts, .class = (uint16_t) class, .part = (uint8_t)part };
	size_t from = l->n_runs;

	for (size_t at = 0, end; at < n; at = end + 1) {
		const char *line_end = memchr(text + at, '\n', n - at);
		struct sample sa;
		int script;

		end = line_end ? (size_t)(line_end - text) : n;
		sample_take(&sa, (const uint8_t *)text + at, end - at);
		script = sample_script(&sa);
		if (script == USCRIPT_COMMON)
			continue;
		sample_join(&sa, script);
		sample_count(l, &sa, r);
	}
	l->n_runs = from + merge(l->run + from, l->n_runs - from);
	if (part) {
		char *copy = mem_alloc(n + 1);

		memcpy(copy, text, n);
		copy[n] = 0;
		lesson_push(l, (struct lesson){ copy, n, class, part });
	}
}

/* ---- writing ---- */

static unsigned
order_of(uint64_t letters)
{
	unsigned order = 0;

	while (letters >>= LETTER_BITS)
		order++;
	return order;
}

static int
by_count(const void *a, const void *b)
{
	const struct run *p = a, *q = b;

	if (p->count != q->count)
		return p->count > q->count ? -1 : 1;
	return by_letters(a, b);
}

static void
run_write(const struct lessons *l, uint64_t letters, struct buf *ret)
{
	buf_byte(ret, ' ');
	for (int shift = (int)order_of(letters) * LETTER_BITS; shift >= 0;
	     shift -= LETTER_BITS) {
		uint32_t c = l->letter[letters >> shift & ((1 << LETTER_BITS) - 1)];
		uint8_t s[4];

		buf_add(ret, s, char_put(s, c == ' ' ? '_' : c));
	}
}

/* A line of the model: n runs, those of one class. */
static void
class_write(const struct lessons *l, unsigned class, unsigned fit, struct run *run, size_t n,
    struct buf *ret)
{
	uint64_t totals[MODEL_ORDERS] = { 0 };

	n = merge(run, n);
	for (size_t i = 0; i < n; i++)
		totals[order_of(run[i].letters)] += run[i].count;
	buf_printf(ret, "%s\t%u\t%u", l->tag[class], l->step[class], fit);
	for (unsigned o = 0; o < MODEL_ORDERS; o++)
		buf_printf(ret, "\t%llu", (unsigned long long)totals[o]);
	qsort(run, n, sizeof *run, by_count);
	for (size_t i = 0; i < MIN(n, LEARN_RUNS); i++) {
		if (!i || run[i].count != run[i - 1].count)
			buf_printf(ret, "\t%u", run[i].count);
		run_write(l, run[i].letters, ret);
	}
	buf_byte(ret, '\n');
}

static void
write_without(
    const struct lessons *l, const unsigned out[2], const unsigned *fit, struct buf *ret)
{
	struct run *own = mem_alloc((l->n_runs + 1) * sizeof *own);
	size_t *start = mem_zalloc((MODEL_CLASSES + 1) * sizeof *start);
	size_t *at = mem_alloc((MODEL_CLASSES + 1) * sizeof *at);

#define KEPT(r) (!(r).part || ((r).part != out[0] && (r).part != out[1]))
	for (size_t i = 0; i < l->n_runs; i++)
		start[l->run[i].class + 1] += KEPT(l->run[i]);
	for (unsigned c = 0; c < MODEL_CLASSES; c++)
		start[c + 1] += start[c];
	memcpy(at, start, (MODEL_CLASSES + 1) * sizeof *at);
	for (size_t i = 0; i < l->n_runs; i++)
		if (KEPT(l->run[i]))
			own[at[l->run[i].class]++] = l->run[i];
#undef KEPT
	for (unsigned c = 0; c < l->n_classes; c++)
		class_write(l, c, fit[c], own + start[c], start[c + 1] - start[c], ret);
	free(own);
	free(start);
	free(at);
}

struct fit {
	uint64_t sum, letters;
};

/* What each class's own text of a part gives by a model without it. */
static void
fit_measure(const struct lessons *l, const unsigned out[2], struct fit *fit)
{
	unsigned *none = mem_zalloc(MODEL_CLASSES * sizeof *none);
	AUTO_VAL(buf) tsv = buf_init(1 << 26);
	struct model m;
	struct err e;

	write_without(l, out, none, &tsv);
	free(none);
	if (!model_load(buf_peek(&tsv), tsv.n, &m, &e))
		abort();
	for (size_t i = 0; i < l->n_lessons; i++) {
		const struct lesson *le = &l->lesson[i];
		struct weighed w = { 0 };
		struct sample sa;

		if (le->part != out[1])
			continue;
		sample_take(&sa, (const uint8_t *)le->text, le->n);
		sample_join(&sa, sample_script(&sa));
		weigh(&m, &sa, 0, sa.n, &w);
		fit[le->class].sum += w.high[le->class];
		fit[le->class].letters += sa.n;
	}
	model_done(&m);
}

void
lessons_write(struct lessons *l, unsigned without, struct buf *ret)
{
	static const unsigned measured[] = { 2, 7, 11, 13 };
	struct fit *fit = mem_zalloc(MODEL_CLASSES * sizeof *fit);
	unsigned *fits = mem_zalloc(MODEL_CLASSES * sizeof *fits), used = 0;

	for (size_t i = 0; i < LEN(measured) && used < 2; i++)
		if (measured[i] != without) {
			fit_measure(l, (const unsigned[2]){ without, measured[i] }, fit);
			used++;
		}
	for (unsigned c = 0; c < l->n_classes; c++)
		fits[c] =
		    fit[c].letters ? (unsigned)(fit[c].sum / fit[c].letters) : FIT_DEFAULT;
	write_without(l, (const unsigned[2]){ without, without }, fits, ret);
	free(fit);
	free(fits);
}
