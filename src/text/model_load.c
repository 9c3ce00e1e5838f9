/* model.tsv to the tables of model.h. For the build and for the tools that measure: the
 * program itself holds its tables already. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/model.h"
#include "text/private.h"

static const double alpha = 0.3;      /* an unseen run counts as so much of one */
static const double unseen = 3000;    /* runs that a class has not shown yet, of each order */
static const double one_letter = 0.5; /* single letters say less than they seem to */

/* One run of one class. */
struct posting {
	uint64_t key;
	uint16_t language;
	uint8_t weight;
};

struct loading {
	struct model_class class[MODEL_CLASSES];
	unsigned n;
	struct posting *p;
	size_t n_p, max_p;
};

static double
order_weight(unsigned order)
{
	return order == 0 ? one_letter : 1;
}

static void
run_add(struct loading *l, const char *s, size_t n, double count)
{
	uint64_t key = 0;
	unsigned letters = 0;
	double w;

	for (size_t i = 0; i < n; letters++) {
		uint32_t c = char_next((const uint8_t *)s, n, &i);

		key = model_key(key, c == '_' ? ' ' : c);
	}
	if (!letters || letters > MODEL_ORDERS)
		return;
	if (l->n_p == l->max_p) {
		l->max_p = l->max_p ? 2 * l->max_p : 1 << 16;
		l->p = mem_grow(l->p, l->max_p * sizeof *l->p);
	}
	w = MODEL_SCALE * order_weight(letters - 1) * log((count + alpha) / alpha);
	l->p[l->n_p++] = (struct posting){
		.key = key, .language = (uint16_t)l->n, .weight = (uint8_t)MIN(lround(w), 255)
	};
}

/* "12 ay_ ih_": a count and its runs. */
static void
runs_add(struct loading *l, char *group)
{
	char *run, *count = strsep(&group, " ");
	double times = (double)strtoul(count, NULL, 10) / MODEL_PARTS;

	while ((run = strsep(&group, " ")))
		run_add(l, run, strlen(run), times);
}

static bool
class_add(struct loading *l, char *line)
{
	struct model_class *c = &l->class[l->n];
	char *column[3 + MODEL_ORDERS], *group;

	if (l->n == MODEL_CLASSES)
		return false;
	for (size_t i = 0; i < LEN(column); i++)
		if (!(column[i] = strsep(&line, "\t")))
			return false;
	if (strlen(column[0]) >= sizeof c->tag)
		return false;
	memset(c, 0, sizeof *c);
	memcpy(c->tag, column[0], strlen(column[0]));
	c->step = (uint8_t)strtoul(column[1], NULL, 10);
	c->fit = (uint16_t)strtoul(column[2], NULL, 10);
	for (unsigned o = 0; o < MODEL_ORDERS; o++) {
		double total = (double)strtoul(column[3 + o], NULL, 10) / MODEL_PARTS;

		c->base[o] = (int32_t)lround(MODEL_BASE * MODEL_SCALE * order_weight(o) *
		    log(alpha / (total + alpha * unseen)));
	}
	while ((group = strsep(&line, "\t")))
		runs_add(l, group);
	l->n++;
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const struct posting *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (int)p->language - (int)q->language;
}

/* Where the postings of each slot begin in l->p, sorted by key; SIZE_MAX: an empty slot. */
static size_t *
slots_fill(const struct loading *l, unsigned bits, struct model_slot *slots)
{
	size_t size = (size_t)1 << bits;
	size_t *at = mem_zalloc(size * sizeof *at);

	memset(at, 0xff, size * sizeof *at);
	for (size_t i = 0; i < l->n_p; i++) {
		size_t slot = l->p[i].key >> (64 - bits);

		if (i && l->p[i].key == l->p[i - 1].key)
			continue;
		while (slots[slot].print)
			slot = (slot + 1) & (size - 1);
		slots[slot].print = model_print(l->p[i].key);
		at[slot] = i;
	}
	return at;
}

static void
tables_make(const struct loading *l, unsigned bits, struct model *ret)
{
	size_t size = (size_t)1 << bits, n = 0;
	struct model_class *class = mem_zalloc(l->n * sizeof *class);
	struct model_slot *slots = mem_zalloc((size + 1) * sizeof *slots);
	uint16_t *language = mem_zalloc(l->n_p * sizeof *language);
	uint8_t *weight = mem_zalloc(l->n_p * sizeof *weight);
	size_t *at;

	memcpy(class, l->class, l->n * sizeof *class);
	at = slots_fill(l, bits, slots);
	for (size_t slot = 0; slot < size; slot++) {
		slots[slot].start = (uint32_t)n;
		for (size_t i = at[slot]; i < l->n_p && l->p[i].key == l->p[at[slot]].key;
		     i++, n++) {
			language[n] = l->p[i].language;
			weight[n] = l->p[i].weight;
		}
	}
	slots[size].start = (uint32_t)n;
	free(at);
	*ret = (struct model){ .n = l->n,
		.bits = bits,
		.class = class,
		.slot = slots,
		.language = language,
		.weight = weight };
}

bool
model_load(const char *tsv, size_t n, struct model *ret, struct err *e)
{
	struct loading *l = mem_zalloc((1) * sizeof *l);
	char *copy = mem_zalloc(n + 1), *rest = copy, *line;
	unsigned bits = 4, number = 0;
	size_t keys = 0;
	bool ok = true;

	memcpy(copy, tsv, n);
	while (ok && (line = strsep(&rest, "\n"))) {
		number++;
		ok = !*line || *line == '#' || class_add(l, line);
	}
	if (ok && l->n_p) {
		qsort(l->p, l->n_p, sizeof *l->p, by_key);
		for (size_t i = 0; i < l->n_p; i++)
			keys += !i || l->p[i].key != l->p[i - 1].key;
		while (keys * 2 > (size_t)1 << bits)
			bits++;
		tables_make(l, bits, ret);
	} else {
		ok = err_set(e, ERR_INVALID, "line %u of the model is no class of it", number);
	}
	free(copy);
	free(l->p);
	free(l);
	return ok;
}

/* The tables of a loaded model are its own, if constant to all others. */
void
model_done(struct model *m)
{
	union {
		const void *shown;
		void *own;
	} tables[] = { { m->class }, { m->slot }, { m->language }, { m->weight } };

	for (size_t i = 0; i < LEN(tables); i++)
		free(tables[i].own);
	*m = (struct model){ 0 };
}
