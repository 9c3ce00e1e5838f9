/* match/block: short strings that names which may be one have in common.
 *
 * k:HASH, of the key; w:CODE, a word that few names share; p:CODE,CODE, two words; f:CODE,LETTER, a
 * person's name and how another begins; i:LETTERS, initials, and words that may be such; j:HASH,
 * of all words without the spaces; g:NUMBERS, the words that many names share. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/private.h"

enum { CODES = 24 };

/* The codes of a name's words. */
struct code {
	char s[CODE_MAX + 4];
	uint8_t unit;
	char letter; /* how the word begins */
	bool shared; /* by many names */
};

struct list {
	struct arena *a;
	const char *blocks[MATCH_BLOCKS];
	size_t n;
};

PRINTF(2, 3)
static void
add(struct list *l, const char *fmt, ...)
{
	char s[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->blocks[i], s) == 0)
			return;
	if (l->n < MATCH_BLOCKS)
		l->blocks[l->n++] = arena_str(l->a, s);
}

/* Blocks are stored as text: half a character would not do. */
static char
letter_of(const struct unit *u)
{
	char c = u->latin[0][0];

	return (uint8_t)c < 0x80 ? c : '?';
}

static void
add_code(struct code *codes, size_t *n, const char *s, const struct unit *u, size_t unit)
{
	struct code *c = &codes[*n];

	for (size_t i = 0; i < *n; i++)
		if (strcmp(codes[i].s, s) == 0 && codes[i].unit == unit)
			return;
	if (*n == CODES)
		return;
	snprintf(c->s, sizeof c->s, "%s", s);
	c->unit = (uint8_t)unit;
	c->letter = letter_of(u);
	c->shared = u->concept >= CONCEPT_FIRST;
	(*n)++;
}

static size_t
codes_of(const struct match_name *name, struct code codes[CODES])
{
	size_t n = 0;

	for (size_t i = 0; i < name->n; i++) {
		const struct unit *u = &name->units[i];
		char s[CODE_MAX + 4];

		if (u->weight == 0 || u->initial)
			continue;
		if (u->concept >= CONCEPT_FIRST) {
			snprintf(s, sizeof s, "%u", u->concept);
			add_code(codes, &n, s, u, i);
			continue;
		}
		for (size_t f = 0; f < u->n_latin; f++)
			for (int variant = 0; variant < 2; variant++) {
				code_of(u->sound[f], variant, s);
				add_code(codes, &n, s, u, i);
			}
	}
	return n;
}

/* Words that only few names have, alone; any two words, unless both are shared by many. */
static void
add_words(struct list *l, const struct match_name *name)
{
	struct code codes[CODES];
	size_t n = codes_of(name, codes);
	bool all_shared = true;

	for (size_t i = 0; i < n; i++)
		all_shared = all_shared && codes[i].shared;
	for (size_t i = 0; i < n; i++)
		if (!codes[i].shared || name->n == 1)
			add(l, "w:%s", codes[i].s);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			if (codes[i].unit == codes[j].unit)
				continue;
			if (name->kind == MATCH_PERSON)
				add(l, "f:%s,%c", codes[i].s, codes[j].letter);
			else if (strcmp(codes[i].s, codes[j].s) <= 0 &&
			    (all_shared || !codes[i].shared || !codes[j].shared))
				add(l, "p:%s,%s", codes[i].s, codes[j].s);
		}
}

/* The words that many names share, all together: what is left of a name when a place is added. */
static void
add_shared(struct list *l, const struct match_name *name)
{
	uint16_t all[CODES];
	char s[CODES * 6 + 1];
	size_t n = 0, k = 0;

	for (size_t i = 0; i < name->n && n < CODES; i++) {
		uint16_t c = name->units[i].concept;
		size_t at = n;

		if (c < CONCEPT_FIRST)
			continue;
		for (; at > 0 && all[at - 1] > c; at--)
			all[at] = all[at - 1];
		all[at] = c;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		k += (size_t)snprintf(s + k, sizeof s - k, "%u,", all[i]);
	if (n >= 2)
		add(l, "g:%s", s);
}

/* Given names of which one has the first letter only. */
static void
add_initials_of_person(struct list *l, const struct match_name *name)
{
	struct code codes[CODES];
	size_t n = codes_of(name, codes);

	for (size_t i = 0; i < name->n; i++)
		for (size_t j = 0; name->units[i].initial && j < n; j++)
			add(l, "f:%s,%c", codes[j].s, letter_of(&name->units[i]));
}

static bool
may_be_acronym(const struct unit *u)
{
	size_t letters = 0;

	for (const char *s = u->plain; letter_next(&s);)
		letters++;
	return u->concept == CONCEPT_NONE && !u->han && letters >= 2 && letters <= ACRONYM_MAX;
}

static void
add_letter(char *to, size_t *n, uint32_t c)
{
	if (c < 0x80)
		to[(*n)++] = (char)c;
	else if (c < 0x800) {
		to[(*n)++] = (char)(0xc0 | c >> 6);
		to[(*n)++] = (char)(0x80 | (c & 0x3f));
	}
}

/* The first letters of all words, and of those that say something. */
static void
add_acronyms(struct list *l, const struct match_name *name)
{
	for (int with_stops = 0; with_stops < 2; with_stops++) {
		char s[ACRONYM_MAX * 2 + 1];
		size_t n = 0, letters = 0;

		for (size_t i = 0; i < name->n_words && letters < ACRONYM_MAX; i++)
			if (with_stops || !name->words[i].stop) {
				add_letter(s, &n, name->words[i].first);
				letters++;
			}
		s[n] = '\0';
		if (letters >= 2)
			add(l, "i:%s", s);
	}
	for (size_t i = 0; i < name->n; i++)
		if (may_be_acronym(&name->units[i]))
			add(l, "i:%s", name->units[i].plain);
}

enum { JOINED = 24, JOINED_MAX = 200, PLAIN = 99 };

/* All words joined, beginning with `from`, the first of the name in its form `first`, the others in
 * their form `second` if they have so many. False if that is too long, or too short to tell. */
static bool
join(const struct match_name *n, size_t from, size_t first, size_t second, char to[JOINED_MAX])
{
	size_t k = 0;

	for (size_t i = 0; i < n->n; i++) {
		size_t at = (from + i) % n->n;
		const struct unit *u = &n->units[at];
		size_t form = MIN(at ? second : first, u->n_latin - 1u);
		const char *s = first == PLAIN ? u->plain : u->latin[form];

		if (u->weight == 0)
			continue;
		if (k + strlen(s) >= JOINED_MAX)
			return false;
		k += (size_t)snprintf(to + k, JOINED_MAX - k, "%s", s);
	}
	return k > 3;
}

/* A long name's words stay in their order: turning it tells nothing. */
void
joined_make(struct arena *a, struct arena *scratch, struct match_name *n)
{
	size_t turns = n->kind == MATCH_PERSON && n->n <= 4 ? n->n : MIN(n->n, 1);
	uint64_t hashes[JOINED];
	char s[JOINED_MAX];
	size_t k = 0;

	if (n->n && join(n, 0, PLAIN, 0, s))
		n->joined_plain = phrase_hash(s);
	for (size_t from = 0; from < turns; from++)
		for (size_t i = 0; i < n->units[0].n_latin * 2u; i++)
			if (k < JOINED && join(n, from, i / 2, i % 2, s))
				hashes[k++] = phrase_hash(sound_of(scratch, s, false));
	n->joined = arena_dup(a, hashes, k * sizeof *hashes);
	n->n_joined = k;
}

/* Words are joined and parted at will; who has few has this block too. */
static void
add_joined(struct list *l, const struct match_name *name)
{
	for (size_t i = 0; i < name->n_joined && name->n <= 4; i++)
		add(l, "j:%016" PRIx64, name->joined[i]);
}

void
blocks_make(struct arena *a, struct match_name *name)
{
	struct list l = { .a = a };

	if (name->key[0] && name->n) {
		add(&l, "k:%016" PRIx64, phrase_hash(name->key));
		if (name->kind == MATCH_ORGANISATION)
			add_acronyms(&l, name);
		add_initials_of_person(&l, name);
		add_shared(&l, name);
		add_joined(&l, name);
		add_words(&l, name);
	}
	name->blocks = arena_dup(a, l.blocks, l.n * sizeof *l.blocks);
	name->n_blocks = l.n;
}
