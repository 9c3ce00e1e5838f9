/* What a claim rests on, as people type it: an item, or a passage of one of its texts. */
#include <string.h>

#include "base/code.h"
#include "record/claim_acts.h"
#include "record/translation.h"

/* "START-END" */
static bool
read_span(const char *s, int64_t *ret_start, int64_t *ret_end)
{
	const char *dash = strchr(s, '-');
	uint64_t start, end;

	if (!dash || !decimal_decode(s, (size_t)(dash - s), INT32_MAX, &start) ||
	    !decimal_decode(dash + 1, strlen(dash + 1), INT32_MAX, &end))
		return false;
	*ret_start = (int64_t)start;
	*ret_end = (int64_t)end;
	return true;
}

static bool
at_character(const char *text, size_t n, int64_t at)
{
	return at == (int64_t)n || (text[at] & 0xC0) != 0x80;
}

static bool
check_span(const char *text, size_t n, int64_t start, int64_t end, struct err *e)
{
	if (start >= end || end > (int64_t)n)
		return err_set(e, ERR_INVALID,
		    "bytes %lld-%lld are not in the text, which has %zu", (long long)start,
		    (long long)end, n);
	return (at_character(text, n, start) && at_character(text, n, end)) ||
	    err_set(e, ERR_INVALID,
		"bytes %lld-%lld begin or end within a character: vigil find shows whole ones",
		(long long)start, (long long)end);
}

static bool
find_words(const char *text, size_t n, const char *words, int64_t *ret_start, int64_t *ret_end,
    struct err *e)
{
	size_t len = strlen(words);
	const char *at = memmem(text, n, words, len);
	const char *next = at ? memmem(at + 1, n - (size_t)(at + 1 - text), words, len) : NULL;

	if (!at)
		return err_set(e, ERR_MISSING,
		    "the text does not say \"%.100s\": give its words as they stand there,"
		    " or START-END in bytes",
		    words);
	if (next)
		return err_set(e, ERR_INVALID,
		    "the text says \"%.100s\" more than once: give more words,"
		    " or START-END in bytes",
		    words);
	*ret_start = at - text;
	*ret_end = *ret_start + (int64_t)len;
	return true;
}

static const struct text_row *
newest_text(const struct text_row *t, size_t n)
{
	while (n && strcmp(t[n - 1].status, "ok") != 0)
		n--;
	return n ? &t[n - 1] : NULL;
}

/* A text of the item that may be cited. */
struct citable {
	const char *id;
	const struct hash *sha256;
	const struct translation *translation; /* NULL: it is the item's own */
};
struct citing {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	const struct text_reader *texts;
	struct text_row *rows;
	struct translation *translations;
	size_t n_rows, n_translations;
};

/* The one that is named by its id, or the newest of the item's own. id NULL: there is none. */
static struct citable
choose(const struct citing *c, const char *name)
{
	const struct translation *t =
	    translation_named(c->translations, c->n_translations, name);
	const struct text_row *row = newest_text(c->rows, c->n_rows);

	if (t)
		return (struct citable){ t->id, &t->sha256, t };
	for (size_t i = 0; i < c->n_rows && strncmp(name, "text_", 5) == 0; i++)
		if (strcmp(c->rows[i].status, "ok") == 0 &&
		    strncmp(c->rows[i].id, name, strlen(name)) == 0)
			row = &c->rows[i];
	return row ? (struct citable){ row->id, &row->sha256, NULL } : (struct citable){ 0 };
}

static bool
find_passage(const struct citing *c, const struct citable *in, const char *typed,
    int64_t *ret_start, int64_t *ret_end, struct err *e)
{
	const char *text;
	size_t n;

	if (!c->texts->read(c->texts->arg, c->a, in->sha256, &text, &n, e))
		return false;
	return read_span(typed, ret_start, ret_end) ?
	    check_span(text, n, *ret_start, *ret_end, e) :
	    find_words(text, n, typed, ret_start, ret_end, e);
}

/* Words that the item's own text does not have may be those of a translation: of exactly one. */
static bool
find_translated(const struct citing *c, const char *words, struct citable *io,
    int64_t *ret_start, int64_t *ret_end, struct err *e)
{
	size_t found = 0;
	struct err own = *e;

	for (size_t i = 0; i < c->n_translations; i++) {
		const struct translation *t = &c->translations[i];
		struct citable in = { t->id, &t->sha256, t };

		if (find_passage(c, &in, words, ret_start, ret_end, e)) {
			*io = in;
			found++;
		} else if (e->kind == ERR_INVALID) {
			found = 2;
		} else if (e->kind != ERR_MISSING) {
			return false;
		}
	}
	*e = own;
	return found == 1 ||
	    (found &&
		err_set(e, ERR_INVALID,
		    "\"%.100s\" stands in several translations, or more than once: name one by"
		    " its id",
		    words));
}

static bool
set_passage(const struct citing *c, const struct citable *in, const char *typed,
    struct statement *io, struct err *e)
{
	struct citable at = *in;
	const struct translation *t;
	int64_t start, end;

	if (!find_passage(c, &at, typed, &start, &end, e) &&
	    (e->kind != ERR_MISSING || at.translation ||
		!find_translated(c, typed, &at, &start, &end, e)))
		return false;
	io->text = at.id;
	io->start = start;
	io->end = end;
	t = at.translation;
	if (!t || !*t->original)
		return true;
	io->original = t->original;
	return translation_original(c->db, c->v, c->a, c->texts, t, start, end,
	    &io->original_start, &io->original_end, e);
}

bool
citation_type(struct db *db, const struct viewer *v, struct arena *a,
    const struct text_reader *texts, const char *typed, struct statement *ret, struct err *e)
{
	const char *colon = strchr(typed, ':');
	const char *name = colon ? arena_strn(a, typed, (size_t)(colon - typed)) : typed;
	struct citing c = { .db = db, .v = v, .a = a, .texts = texts };
	struct citable in;
	struct item it;

	if (!record_find_item(db, v, a, name, &it, e) || !item_usable(&it, e) ||
	    !record_texts(db, v, a, it.number, &c.rows, &c.n_rows, e) ||
	    !record_translations(db, v, a, it.number, &c.translations, &c.n_translations, e))
		return false;
	in = choose(&c, name);
	ret->item = it.id;
	ret->text = in.id;
	ret->start = ret->end = -1;
	ret->original = NULL;
	ret->original_start = ret->original_end = -1;
	if (colon && !in.id)
		return err_set(e, ERR_INVALID, "item %llu has no text: cite it as a whole",
		    (unsigned long long)it.number);
	if (colon)
		return set_passage(&c, &in, colon + 1, ret, e);
	if (in.translation && *in.translation->original)
		ret->original = in.translation->original;
	return true;
}
