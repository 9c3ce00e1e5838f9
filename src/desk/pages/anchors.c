/* Anchors: where passages of a text stand. Lines of JSON that our own extraction made; what is no such line is passed over. */
#include <stdlib.h>
#include <string.h>

#include "desk/pages/reading.h"

enum { ANCHORS_MAX = 128 << 20, PAGES_MOST = 200000 };

bool
anchors_read(
    struct request *r, uint64_t entry, const char *name, struct anchors *ret, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct err none;
	struct hash h;

	*ret = (struct anchors){ .p = "" };
	if (!record_derived(r->s->db, &v, entry, name, &h, &none))
		return none.kind == ERR_MISSING || (*e = none, false);
	return session_bytes(r->s, r->a, &h, ANCHORS_MAX, &ret->p, &ret->n, e);
}

static size_t
line_at(const struct anchors *l, size_t at)
{
	const char *stop = memchr(l->p + at, '\n', l->n - at);

	return stop ? (size_t)(stop - l->p) - at : l->n - at;
}

/* The number behind a key, looked for within a line. */
static bool
number_of(const char *line, size_t n, const char *key, uint64_t *ret)
{
	size_t len = strlen(key);
	const char *at = memmem(line, n, key, len);

	if (!at || (size_t)(at - line) + len >= n || at[len] < '0' || at[len] > '9')
		return false;
	*ret = strtoull(at + len, NULL, 10);
	return true;
}

bool
anchors_start(const struct anchors *l, size_t at, uint64_t *ret_start, size_t *ret_next)
{
	size_t n;

	if (at >= l->n)
		return false;
	n = line_at(l, at);
	*ret_start = 0;
	number_of(l->p + at, n, "\"start\":", ret_start);
	*ret_next = at + n + 1;
	return true;
}

/* A place that is worth a line of its own: where a page begins, not each cell. */
static void
read_place(struct request *r, const struct json *m, struct anchor *ret)
{
	static const char *const codes[] = { "page", "slide", "sheet", "message", "part",
		"record", "entry", "time" };
	const struct json *v;

	for (size_t i = 0; i < LEN(codes); i++) {
		if (!(v = json_get(m, codes[i])))
			continue;
		ret->code = codes[i];
		ret->value = json_words(r->a, v);
		return;
	}
}

static const char *
word_of(const struct json *m, const char *name)
{
	const struct json *v = json_get(m, name);

	return v ? json_str(v) : NULL;
}

bool
anchors_next(struct request *r, const struct anchors *l, size_t *io_at, struct anchor *ret)
{
	struct err ignored;
	const struct json *m;
	size_t n;

	for (; *io_at < l->n; *io_at += n + 1) {
		n = line_at(l, *io_at);
		m = json_read(r->a, l->p + *io_at, n, &ignored);
		if (!m)
			continue;
		*ret = (struct anchor){ .start = (uint64_t)json_get_int(m, "start"),
			.end = (uint64_t)json_get_int(m, "end"),
			.page = (uint64_t)(json_get(m, "page") ? json_get_int(m, "page") :
								 json_get_int(m, "slide")),
			.confidence = (int)json_get_int(m, "confidence"),
			.sheet = word_of(m, "sheet"),
			.cell = word_of(m, "cell"),
			.of_start = (uint64_t)json_get_int(m, "of_start"),
			.of_end = (uint64_t)json_get_int(m, "of_end") };
		read_place(r, m, ret);
		*io_at += n + 1;
		return true;
	}
	return false;
}

const uint64_t *
anchors_pages(struct request *r, const struct anchors *l, size_t *ret_n)
{
	uint64_t *pages = NULL, start, page;
	size_t n = 0, cap = 0, next;

	*ret_n = 0;
	for (size_t at = 0; anchors_start(l, at, &start, &next); at = next) {
		const char *line = l->p + at;

		if (!number_of(line, next - at - 1, "\"page\":", &page) &&
		    !number_of(line, next - at - 1, "\"slide\":", &page))
			continue;
		if (page > PAGES_MOST || page < n)
			return NULL;
		for (; n < page; n++) { /* pages without words begin where the next one does */
			if (n == cap) {
				uint64_t *more =
				    arena_alloc(r->a, (cap = 2 * cap + 64) * sizeof *more);

				if (n)
					memcpy(more, pages, n * sizeof *more);
				pages = more;
			}
			pages[n] = start;
		}
	}
	*ret_n = n;
	return pages;
}

const char *
anchors_where(struct request *r, const struct html *h, const struct anchors *l, uint64_t at)
{
	enum { BACK = 64 };
	size_t last[BACK], k = 0, next;
	struct anchor x;
	uint64_t start;

	for (size_t i = 0; anchors_start(l, i, &start, &next) && start <= at; i = next)
		last[k++ % BACK] = i;
	for (size_t i = k < BACK ? k : (size_t)BACK; i > 0; i--, k--) {
		size_t from = last[(k - 1) % BACK];

		if (!anchors_next(r, l, &from, &x))
			continue;
		if (x.cell)
			return arena_printf(
			    r->a, "%s%s%s", x.sheet ? x.sheet : "", x.sheet ? " " : "", x.cell);
		if (x.code)
			return arena_printf(r->a, "%s %s", code_words(h, x.code), x.value);
	}
	return NULL;
}
