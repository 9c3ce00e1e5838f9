/* make_model IN OUT: writes the tables of share/language/model.tsv as C, when Vigil is built. */
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "text/model.h"

enum { A_LINE = 24 };

/* The values of an array, read through get(). */
static void
array_write(FILE *f, const char *type, const char *name, size_t n,
    uint32_t (*get)(const struct model *m, size_t i), const struct model *m)
{
	fprintf(f, "static const %s %s[] = {", type, name);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%" PRIu32 "u,", i % A_LINE ? "" : "\n", get(m, i));
	fprintf(f, "\n};\n");
}

static uint32_t
get_language(const struct model *m, size_t i)
{
	return m->language[i];
}

static uint32_t
get_weight(const struct model *m, size_t i)
{
	return m->weight[i];
}

static void
slots_write(FILE *f, const struct model *m, size_t size)
{
	fprintf(f, "static const struct model_slot slot[] = {");
	for (size_t i = 0; i <= size; i++)
		fprintf(f, "%s{%" PRIu32 "u,%" PRIu32 "u},", i % A_LINE ? "" : "\n",
		    m->slot[i].print, m->slot[i].start);
	fprintf(f, "\n};\n");
}

static void
classes_write(FILE *f, const struct model *m)
{
	fprintf(f, "static const struct model_class class[] = {\n");
	for (unsigned i = 0; i < m->n; i++) {
		const struct model_class *c = &m->class[i];

		fprintf(f, "\t{ \"%s\", %u, %u, {", c->tag, c->step, c->fit);
		for (unsigned o = 0; o < MODEL_ORDERS; o++)
			fprintf(f, " %" PRId32 ",", c->base[o]);
		fprintf(f, " } },\n");
	}
	fprintf(f, "};\n");
}

static void
model_write(FILE *f, const struct model *m)
{
	size_t size = (size_t)1 << m->bits, n = m->slot[size].start;

	fprintf(f, "/* Made by make_model.c. */\n#include \"text/model.h\"\n\n");
	classes_write(f, m);
	slots_write(f, m, size);
	array_write(f, "uint16_t", "language", n, get_language, m);
	array_write(f, "uint8_t", "weight", n, get_weight, m);
	fprintf(f,
	    "const struct model model_shipped = { %u, %u, class, slot, language, weight };\n",
	    m->n, m->bits);
}

int
main(int argc, char **argv)
{
	AUTO_VAL(buf) tsv = buf_init(1 << 26);
	struct model m;
	struct err e;
	FILE *f;

	if (argc != 3)
		return 2;
	if (!io_read_file(argv[1], &tsv, &e) || !model_load(buf_peek(&tsv), tsv.n, &m, &e)) {
		fprintf(stderr, "make_model: %s: %s\n", argv[1], e.msg);
		return 1;
	}
	f = fopen(argv[2], "w");
	if (!f)
		return 1;
	model_write(f, &m);
	model_done(&m);
	return fclose(f) ? 1 : 0;
}
