/* Counting the terms of texts, part by part, and the tally over all texts. */
#include "digest/digest.h"
#include "search/private.h"

struct row {
	size_t at; /* in bytes */
	uint64_t times, texts;
	uint64_t last; /* the part that it was last found in */
	uint32_t n;
};
struct counts { /* a table with open addressing; the terms lie one after the other */
	struct row *rows;
	size_t n, cap;
	uint32_t *slots; /* 1 + index into rows; 0: free */
	size_t n_slots;
	struct buf bytes;
	uint64_t part; /* how many parts were counted: 1 is the first */
};
enum { KEPT_ROWS = 65536 }; /* a table that grew larger is not kept for the next text */

struct counts *
counts_new(void)
{
	struct counts *c = mem_zalloc(sizeof *c);

	c->bytes = buf_init(SIZE_MAX / 2);
	return c;
}

void
counts_free(struct counts *c)
{
	if (!c)
		return;
	free(c->rows);
	free(c->slots);
	buf_done(&c->bytes);
	free(c);
}

static uint64_t
hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return h ^ h >> 32;
}

static uint32_t *
find_slot(const struct counts *c, const char *s, size_t n)
{
	size_t i = hash(s, n) & (c->n_slots - 1);

	for (; c->slots[i]; i = (i + 1) & (c->n_slots - 1)) {
		const struct row *r = &c->rows[c->slots[i] - 1];

		if (r->n == n && memcmp(c->bytes.p + r->at, s, n) == 0)
			break;
	}
	return &c->slots[i];
}

/* Twice as many rows, four slots to each. */
static void
grow(struct counts *c)
{
	c->cap = c->cap ? 2 * c->cap : 1024;
	c->n_slots = 4 * c->cap;
	c->rows = mem_grow(c->rows, c->cap * sizeof *c->rows);
	free(c->slots);
	c->slots = mem_zalloc(c->n_slots * sizeof *c->slots);
	for (size_t i = 0; i < c->n; i++) {
		const struct row *r = &c->rows[i];

		*find_slot(c, (const char *)c->bytes.p + r->at, r->n) = (uint32_t)i + 1;
	}
}

void
counts_clear(struct counts *c)
{
	if (c->cap > KEPT_ROWS) {
		free(c->rows);
		free(c->slots);
		buf_done(&c->bytes);
		*c = (struct counts){ .bytes = buf_init(SIZE_MAX / 2) };
	} else if (c->n) {
		memset(c->slots, 0, c->n_slots * sizeof *c->slots);
		buf_reset(&c->bytes);
		c->n = 0;
	}
}

static struct row *
find_row(struct counts *c, const char *s, size_t n)
{
	uint32_t *slot;

	if (c->n == c->cap)
		grow(c);
	slot = find_slot(c, s, n);
	if (!*slot) {
		c->rows[c->n] = (struct row){ .at = c->bytes.n, .n = (uint32_t)n };
		buf_add(&c->bytes, s, n);
		*slot = (uint32_t)++c->n;
	}
	return &c->rows[*slot - 1];
}

void
counts_part(struct counts *c, struct parts *p)
{
	struct token tok;

	c->part++;
	while (parts_token(p, &tok)) {
		struct row *r = find_row(c, tok.term, tok.n);

		r->times++;
		r->texts += r->last != c->part;
		r->last = c->part;
	}
}

size_t
counts_len(const struct counts *c)
{
	return c->n;
}

struct count
counts_at(const struct counts *c, size_t i)
{
	const struct row *r = &c->rows[i];

	return (struct count){ (const char *)c->bytes.p + r->at, r->n, r->times, r->texts };
}

void
tally_add(struct tally *t, const char *term, size_t n, uint64_t texts, uint64_t times)
{
	struct hash h = digest_sha256(term, n);
	unsigned __int128 factor[2];

	memcpy(factor, h.b, sizeof factor);
	t->texts += factor[0] * texts;
	t->times += factor[1] * times;
}
