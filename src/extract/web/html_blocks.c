/* Where a page's text stands, and which part of it is the main text: no tree is kept, only the path of the elements that are
 * open and, of each of them, how many children of each name it has had.
 *
 * A path is an XPath as a browser resolves it ("html/body/div[2]/p[1]"): each step but html, head and body with its number among
 * siblings of the name; a name that cannot stand there, or one of more than 64 names under one parent, is "*" with its number
 * among all siblings. Rows right under a table get the <tbody> that browsers put there; a <p> that only
 * libxml2 puts there is no step. */
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "extract/child/document_private.h"
#include "extract/web/html_private.h"
#include "text/text.h"

enum { NAMES_MAX = 64, PATH_BYTES = 32 * 1024, FRAME_FULL = 64 * 1024 };

void
blocks_init(struct blocks *b, bool on, size_t paths_max)
{
	b->on = on;
	b->full = false;
	b->depth = 0;
	b->written = 0;
	b->levels[0] = (struct level){ .name = "" };
	b->path = buf_init(PATH_BYTES);
	b->steps = buf_init((size_t)LEVELS_MAX * NAMES_MAX * sizeof(struct step));
	b->body = buf_init(NAMES_MAX * sizeof(struct step));
	b->body_children = 0;
	b->list = buf_init(BLOCKS_MAX * sizeof(struct block));
	b->paths = buf_init(paths_max);
}

void
blocks_done(struct blocks *b)
{
	buf_done(&b->path);
	buf_done(&b->steps);
	buf_done(&b->body);
	buf_done(&b->list);
	buf_done(&b->paths);
}

/* Its number among the siblings of that name; 0: there are too many names to tell. */
static uint32_t
count_in(struct buf *b, size_t from, const char *name)
{
	size_t n = b->n / sizeof(struct step);
	struct step *steps = (void *)b->p, new = { name, 1 };

	for (size_t i = from; i < n; i++)
		if (steps[i].name == name)
			return ++steps[i].n;
	if (n - from >= NAMES_MAX)
		return 0;
	buf_add(b, &new, sizeof new);
	return 1;
}

/* What is misplaced in the head and what stands in the body are siblings. */
static uint32_t
count(struct blocks *b, const struct level *parent, const char *name, bool misplaced)
{
	return misplaced || parent->name == name_body ?
	    count_in(&b->body, 0, name) :
	    count_in(&b->steps, parent->names, name);
}

enum { STEP_MAX = 32 + 16 }; /* bytes of a step: plain names are not longer */

/* Once for each element of a page: written as it stands, in one piece. */
static void
add_step(struct buf *path, const char *name, uint32_t n)
{
	char digits[10];
	size_t at = sizeof digits, len = strlen(name), before = path->n;
	uint8_t *to = buf_space(path, STEP_MAX), *start = to;

	if (!to)
		return;
	if (before)
		*to++ = '/';
	memcpy(to, name, len);
	to += len;
	if (n) {
		do
			digits[--at] = (char)('0' + n % 10);
		while (n /= 10);
		*to++ = '[';
		memcpy(to, digits + at, sizeof digits - at);
		to += sizeof digits - at;
		*to++ = ']';
	}
	path->n = before + (size_t)(to - start);
}

/* Browsers put rows that stand right under a table into a <tbody>, one for all that follow each other. */
static bool
is_bare_row(struct blocks *b, struct level *parent, struct level *l)
{
	if (l->name != name_tr) {
		parent->rows = 0;
		return false;
	}
	if (!parent->rows++)
		parent->bodies = count(b, parent, name_tbody, false);
	l->body = parent->bodies;
	l->n = parent->rows;
	return true;
}

/* libxml2 does not know what is newer than HTML 4, and leaves it in the head if no body was opened. */
static bool
is_misplaced(const struct level *parent, const char *name)
{
	static const char *const heads[] = { "base", "basefont", "bgsound", "link", "meta",
		"noframes", "noscript", "script", "style", "template", "title" };

	if (parent->name != name_head)
		return false;
	for (size_t i = 0; i < LEN(heads); i++)
		if (strcmp(heads[i], name) == 0)
			return false;
	return true;
}

static void
number(struct blocks *b, struct level *parent, const struct known *k, struct level *l)
{
	uint32_t *children;

	l->misplaced = is_misplaced(parent, l->name);
	children =
	    l->misplaced || parent->name == name_body ? &b->body_children : &parent->children;
	++*children;
	if (parent->name == name_table && is_bare_row(b, parent, l))
		return;
	if (k->plain && !(parent->place & IN_DRAWING) && !(k->element.place & IN_DRAWING))
		l->n = count(b, parent, l->name, l->misplaced);
	if (!l->n) {
		l->name = "*";
		l->n = *children;
	} else if (l->n == 1 && k->alone) {
		l->n = 0;
	}
}

/* The path of that level. Returns its length. */
static size_t
write_path(struct blocks *b, size_t depth)
{
	for (size_t i = b->written + 1; i <= depth; i++) {
		struct level *l = &b->levels[i];

		b->path.n = b->levels[i - (l->misplaced ? 2 : 1)].end;
		if (l->misplaced)
			add_step(&b->path, name_body, 0);
		if (l->body)
			add_step(&b->path, name_tbody, l->body);
		if (l->is_step)
			add_step(&b->path, l->name, l->n);
		l->end = (uint32_t)b->path.n;
		b->written = i;
	}
	return b->levels[depth].end;
}

/* <div role="main"> is as good as <main>. */
static unsigned
place_of(const struct known *k, const char *role)
{
	static const struct {
		const char *role;
		unsigned place;
	} roles[] = { { "main", IN_MAIN }, { "article", IN_ARTICLE },
		{ "navigation", IN_ASIDE }, { "complementary", IN_ASIDE },
		{ "contentinfo", IN_ASIDE } };
	unsigned place = k->element.place;

	for (size_t i = 0; role && k->element.role != INLINE && i < LEN(roles); i++)
		if (strcasecmp(role, roles[i].role) == 0)
			place |= roles[i].place;
	return place;
}

void
blocks_open(struct blocks *b, const struct known *k, const char *role, bool skipped)
{
	struct level *parent = &b->levels[MIN(b->depth, (size_t)LEVELS_MAX - 1)], *l;
	bool is_block = k->element.role != INLINE && !k->implied;

	if (!b->on || ++b->depth >= LEVELS_MAX)
		return;
	l = &b->levels[b->depth];
	*l = (struct level){ .name = k->element.name,
		.block = is_block ? (uint32_t)b->depth : parent->block,
		.place = parent->place | (skipped ? 0 : place_of(k, role)),
		.is_step = !k->implied };
	if (l->is_step)
		number(b, parent, k, l);
	l->names = (uint32_t)(b->steps.n / sizeof(struct step));
}

void
blocks_close(struct blocks *b)
{
	if (!b->on || !b->depth || b->depth-- >= LEVELS_MAX)
		return;
	b->steps.n = b->levels[b->depth + 1].names * sizeof(struct step);
	b->written = MIN(b->written, b->depth);
}

unsigned
blocks_place(const struct blocks *b)
{
	return b->levels[MIN(b->depth, (size_t)LEVELS_MAX - 1)].place;
}

static struct block *
last_of(struct blocks *b)
{
	return b->list.n ? (struct block *)(void *)(b->list.p + b->list.n) - 1 : NULL;
}

/* A path that is too long for an anchor ends with an ancestor. */
static size_t
fitting(const struct blocks *b, size_t n)
{
	if (n <= ANCHOR_VALUE_MAX)
		return n;
	for (n = ANCHOR_VALUE_MAX; n && b->path.p[n] != '/'; n--)
		;
	return n;
}

static void
begin(struct blocks *b, const struct layout *l)
{
	const struct level *at = &b->levels[MIN(b->depth, (size_t)LEVELS_MAX - 1)];
	struct block *last = last_of(b);
	size_t n = fitting(b, write_path(b, at->block));
	struct block new = { .start = (uint32_t)l->mark_at,
		.path = (uint32_t)b->paths.n,
		.path_n = (uint32_t)n,
		.place = at->place & ~(unsigned)IN_LINK };

	if (last && !b->full)
		last->end = (uint32_t)l->mark_before;
	b->full |= b->list.n + sizeof new > b->list.max || b->paths.n + n > b->paths.max;
	if (b->full)
		return;
	buf_add(&b->list, &new, sizeof new);
	buf_add(&b->paths, b->path.p, n);
}

void
blocks_text(struct blocks *b, struct layout *l, size_t before)
{
	struct block *last;

	if (!b->on || l->out.n == before)
		return;
	if (l->began) {
		l->began = false;
		begin(b, l);
		before = l->mark_at;
	}
	last = last_of(b);
	if (last && !b->full && blocks_place(b) & IN_LINK)
		last->linked += (uint32_t)(l->out.n - before);
}

void
blocks_end(struct blocks *b, size_t n)
{
	struct block *last = last_of(b);

	if (last && !last->end)
		last->end = (uint32_t)n;
}

static struct block *
all_of(struct blocks *b, size_t *ret_n)
{
	*ret_n = b->list.n / sizeof(struct block);
	return (void *)b->list.p;
}

static size_t
add_normal(const char *text, size_t n, struct buf *ret)
{
	static const struct text_encoding utf8 = { .name = "UTF-8" };
	struct err e; /* a text that is full says so itself */
	bool same;

	if (n && text_decode(text, n, &utf8, ret, &same, &e) && same)
		buf_add(ret, text, n);
	return ret->n;
}

/* Blocks begin behind line ends and tabs, which nothing composes with. */
void
blocks_normalise(struct blocks *b, const char *text, size_t n, struct buf *ret)
{
	size_t blocks, at = 0;
	struct block *list = all_of(b, &blocks);

	for (size_t i = 0; i < blocks; i++) {
		size_t start = list[i].start, end = list[i].end;

		list[i].start = (uint32_t)add_normal(text + at, start - at, ret);
		list[i].end = (uint32_t)add_normal(text + start, end - start, ret);
		at = end;
	}
	add_normal(text + at, n - at, ret);
}

/* ---- the main text ---- */

/* Shares and lengths of text by which Kohlschuetter, Fankhauser and Nejdl (Boilerplate Detection using Shallow Text
 * Features, 2010) tell a page's text from what stands around it: their tree of decisions, words taken as six bytes each. */
enum { WORD = 6 };

static bool
is_linked(const struct block *x, unsigned percent)
{
	return x && (uint64_t)x->linked * 100 > (uint64_t)(x->end - x->start) * percent;
}

static size_t
words(const struct block *x)
{
	return x ? (x->end - x->start) / WORD : 0;
}

static bool
is_dense(const struct block *before, const struct block *x, const struct block *after)
{
	if (x->place & IN_ASIDE || is_linked(x, 33))
		return false;
	if (is_linked(before, 55))
		return words(x) > 40 || words(after) > 17;
	return words(x) > 16 || words(after) > 15 || words(before) > 4;
}

static bool
mark(struct block *list, size_t n, unsigned place)
{
	bool some = false;

	for (size_t i = 0; i < n; i++) {
		list[i].main = list[i].place & place && !(list[i].place & IN_ASIDE);
		some |= list[i].main;
	}
	return some;
}

void
blocks_choose(struct blocks *b)
{
	size_t n;
	struct block *list = all_of(b, &n);

	if (mark(list, n, IN_MAIN) || mark(list, n, IN_ARTICLE))
		return;
	for (size_t i = 0; i < n; i++)
		list[i].main = is_dense(
		    i ? &list[i - 1] : NULL, &list[i], i + 1 < n ? &list[i + 1] : NULL);
}

static uint8_t *
put_u64(uint8_t *to, uint64_t v)
{
	for (int i = 7; i >= 0; i--)
		*to++ = (uint8_t)(v >> 8 * i);
	return to;
}

/* One anchor as it stands in a frame. */
static void
put_anchor(struct buf *frame, const struct blocks *b, const struct block *x, size_t skip)
{
	static const char name[] = "element", part[] = "part\0main";
	size_t before = frame->n;
	uint8_t *to = buf_space(frame, 16 + sizeof name + x->path_n + 1 + sizeof part + 1),
		*start = to;

	if (!to)
		return;
	to = put_u64(to, x->start - skip);
	to = put_u64(to, x->end - skip);
	memcpy(to, name, sizeof name);
	memcpy(to + sizeof name, b->paths.p + x->path, x->path_n);
	to += sizeof name + x->path_n;
	*to++ = 0;
	if (x->main) {
		memcpy(to, part, sizeof part);
		to += sizeof part;
	}
	*to++ = 0;
	frame->n = before + (size_t)(to - start);
}

/* Bytes of an anchor's line of JSON, besides the path: in that nothing is written longer. */
enum { REST_MAX = sizeof "{'element':'','end':4294967295,'part':'main','start':4294967295}\n" };

void
blocks_write(struct blocks *b, size_t skip, struct output *o)
{
	AUTO_VAL(buf) frame = buf_init(FRAME_FULL + 4096);
	size_t n;
	const struct block *list = all_of(b, &n);

	for (size_t i = 0; i < n; i++) {
		const struct block *x = &list[i];

		if (x->start < skip || x->end <= x->start || !x->path_n)
			continue;
		if (!output_anchor_fits(o, x->path_n + REST_MAX))
			break;
		put_anchor(&frame, b, x, skip);
		if (frame.n < FRAME_FULL)
			continue;
		output_anchors(o, frame.p, frame.n);
		buf_reset(&frame);
	}
	if (frame.n)
		output_anchors(o, frame.p, frame.n);
}
