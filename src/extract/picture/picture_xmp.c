/* XMP (ISO 16684-1): who, when, with what; as attributes of rdf:Description or as elements, with or without a list. */
#include <string.h>

#include "base/reader.h"
#include "extract/office/markup_private.h"
#include "extract/child/output_private.h"
#include "extract/picture/picture_private.h"

enum { VALUE_MAX = 4096 };

static const struct row {
	const char *name, *field;
} rows[] = {
	{ "CreateDate", "created" },
	{ "DateCreated", "created" },
	{ "ModifyDate", "modified" },
	{ "CreatorTool", "software" },
	{ "creator", "creator" },
	{ "title", "title" },
	{ "description", "description" },
	{ "rights", "rights" },
	{ "subject", "subject" },
};

struct xmp {
	struct output *o;
	uint64_t said; /* fields that came from elsewhere: they stand */
	struct reader left;
	const char *field; /* of the element that is open; NULL: none */
	struct buf value;
};

static const struct row *
row_find(const char *name)
{
	for (size_t i = 0; i < LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void
say(const struct xmp *x, const char *field, const char *value, size_t n)
{
	if (!(x->said & field_bit(field_find(field, strlen(field)))))
		output_field(x->o, field, value, n);
}

static bool
start(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct xmp *x = ctx;
	const struct row *row = row_find(name);

	(void)ns;
	if (row) {
		x->field = row->field;
		buf_reset(&x->value);
	} else if (strcmp(name, "Description") == 0) {
		for (size_t i = 0; i < LEN(rows); i++) {
			const char *v = element_get(el, NS_ANY, rows[i].name);

			if (v)
				say(x, rows[i].field, v, strlen(v));
		}
	}
	return true;
}

static void
text(void *ctx, const char *s, size_t n)
{
	struct xmp *x = ctx;

	if (x->field)
		buf_add(&x->value, s, n);
}

/* Each entry of a list is a value, or else what stands in the element itself. */
static void
end(void *ctx, enum markup_ns ns, const char *name)
{
	struct xmp *x = ctx;
	bool own = row_find(name) != NULL;

	(void)ns;
	if (x->field && (own || strcmp(name, "li") == 0)) {
		say(x, x->field, buf_peek(&x->value), x->value.n);
		buf_reset(&x->value);
	}
	if (own)
		x->field = NULL;
}

static int
give(void *from, char *to, int n)
{
	struct xmp *x = from;
	size_t some = MIN((size_t)n, x->left.left);

	memcpy(to, read_bytes(&x->left, some), some);
	return (int)some;
}

void
picture_xmp(const uint8_t *p, size_t n, struct output *o)
{
	static const struct markup_events events = { start, end, text };
	struct xmp x = {
		.o = o, .said = o->seen, .left = { p, n, false }, .value = buf_init(VALUE_MAX)
	};
	struct err ignored; /* what came before the damage stands */

	(void)!markup_parse(give, &x, &events, &x, &ignored);
	buf_done(&x.value);
}
