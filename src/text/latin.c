/* Latin letters for words of other scripts: our tables where there are some (latin_tables.c,
 * tibetan.c, pinyin), else ICU's Any-Latin, which is slow: what it said is kept. */
#include <stdlib.h>
#include <string.h>

#include <unicode/ustring.h>

#include "base/arena.h"
#include "text/private.h"

enum { SLOTS = 2048, KEPT = 63 };

struct slot {
	uint8_t term_n, form_n; /* term_n 0: empty */
	char term[KEPT], form[KEPT];
};

struct latin {
	UTransliterator *icu; /* opened when first needed */
	bool vowelled;        /* the text has words in Arabic script with all their vowels */
	struct slot *slots;   /* a word and what ICU made of it; a newer word takes the place */
};

struct latin *
latin_new(void)
{
	return mem_zalloc(sizeof(struct latin));
}

void
latin_free(struct latin *l)
{
	if (!l)
		return;
	if (l->icu)
		utrans_close(l->icu);
	free(l->slots);
	free(l);
}

void
latin_start(struct latin *l)
{
	l->vowelled = false;
}

/* Keeps ASCII letters and digits; 0 if something is left that is not Latin. */
static size_t
plain(char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)s[i] >= 0x80)
			return 0;
		if ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9'))
			s[len++] = s[i];
	}
	return len;
}

enum { ICU_ROOM = 1024 };

/* What ICU makes of a word, if that is Latin. */
static void
ask_icu(struct latin *l, const char *term, size_t term_n, int script, struct forms *ret)
{
	static const UChar id[] = u"Any-Latin";
	UErrorCode st = U_ZERO_ERROR;
	char form[TOKEN_MAX + 8];
	UChar u[ICU_ROOM];
	uint8_t utf8[3 * ICU_ROOM];
	int32_t n, limit;

	if (!l->icu)
		l->icu = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &st);
	if (!l->icu || U_FAILURE(st))
		return;
	n = limit = (int32_t)utf8_to_utf16((const uint8_t *)term, term_n, u, NULL);
	utrans_transUChars(l->icu, u, &n, ICU_ROOM, 0, &limit, &st);
	if (U_FAILURE(st))
		return;
	limit = (int32_t)utf16_to_utf8(u, (size_t)n, utf8);
	forms_add(ret, form, plain(form, fold_word(utf8, (size_t)limit, form, TOKEN_MAX)));
	latin_indic(u, (size_t)n, script, ret);
}

static struct slot *
slot_of(struct latin *l, const char *term, size_t n)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)term[i]) * 1099511628211u;
	return &l->slots[(h ^ h >> 32) % SLOTS];
}

/* Between the forms of a slot stands a space. */
static void
forms_split(struct forms *ret, const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len + 1) {
		const char *end = memchr(s + i, ' ', n - i);

		len = end ? (size_t)(end - s) - i : n - i;
		forms_add(ret, s + i, len);
	}
}

static void
slot_fill(struct slot *slot, const char *term, size_t n, const struct forms *f)
{
	size_t len = 0;

	if (n > KEPT)
		return;
	for (unsigned i = 0; i < f->count; i++)
		len += f->n[i] + (i > 0);
	if (len > KEPT)
		return;
	slot->form_n = 0;
	for (unsigned i = 0; i < f->count; i++) {
		if (i)
			slot->form[slot->form_n++] = ' ';
		memcpy(slot->form + slot->form_n, f->s[i], f->n[i]);
		slot->form_n = (uint8_t)(slot->form_n + f->n[i]);
	}
	memcpy(slot->term, term, n);
	slot->term_n = (uint8_t)n;
}

static void
by_icu(struct latin *l, const char *term, size_t n, int script, struct forms *ret)
{
	struct forms made = { .count = 0 };
	struct slot *slot;

	if (!l->slots)
		l->slots = mem_zalloc(SLOTS * sizeof *l->slots);
	slot = slot_of(l, term, n);
	if (slot->term_n == n && !memcmp(slot->term, term, n)) {
		forms_split(ret, slot->form, slot->form_n);
		return;
	}
	ask_icu(l, term, n, script, &made);
	slot_fill(slot, term, n, &made);
	for (unsigned i = 0; i < made.count; i++)
		forms_add(ret, made.s[i], made.n[i]);
}

/* Pinyin without tones: the word joined; its syllables apart, as some type them. */
static bool
by_pinyin(const char *term, size_t n, struct forms *ret)
{
	const char *syllable[TOKEN_MAX];
	char all[TOKEN_MAX * 8] = "";
	size_t count = 0, len = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c = char_next((const uint8_t *)term, n, &i);
		uint16_t s = trie_get(pinyin_index, pinyin_block, c);

		if (!s)
			return false;
		syllable[count++] = pinyin_syllable[s];
		memcpy(all + len, pinyin_syllable[s], strlen(pinyin_syllable[s]));
		len += strlen(pinyin_syllable[s]);
	}
	forms_add(ret, all, len);
	for (size_t i = 0; i < count && count <= 4; i++)
		forms_add(ret, syllable[i], strlen(syllable[i]));
	return true;
}

/* The script of the first letter that is not Latin; USCRIPT_LATIN if all are. */
static int
script_of(const char *term, size_t n)
{
	for (size_t i = 0; i < n;) {
		const struct char_props *p = char_get(char_next((const uint8_t *)term, n, &i));

		if (p->flags & CHAR_LETTER && p->script != USCRIPT_LATIN &&
		    p->script != USCRIPT_COMMON && p->script != USCRIPT_INHERITED)
			return p->script;
	}
	return USCRIPT_LATIN;
}

void
latin_word(struct latin *l, const uint8_t *raw, size_t raw_n, const char *term, size_t n,
    struct forms *ret)
{
	int script = script_of(term, n);
	bool done = false;

	switch (script) {
	case USCRIPT_LATIN:
		return;
	case USCRIPT_CYRILLIC:
		done = latin_cyrillic(term, n, ret);
		break;
	case USCRIPT_GREEK:
		done = latin_greek(term, n, ret);
		break;
	case USCRIPT_ARABIC:
		done = latin_arabic(raw, raw_n, &l->vowelled, ret);
		names_arabic(term, n, ret);
		break;
	case USCRIPT_TIBETAN:
		done = latin_tibetan(term, n, ret);
		break;
	case USCRIPT_HAN:
		done = by_pinyin(term, n, ret);
		break;
	}
	if (!done)
		by_icu(l, (const char *)raw, utf8_cut((const char *)raw, raw_n, TOKEN_MAX),
		    script, ret);
}
