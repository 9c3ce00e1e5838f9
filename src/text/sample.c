/* The letters of a text that languages are told by. */
#include <string.h>

#include "text/sample.h"

static uint32_t
lower(uint32_t c)
{
	return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c | 32 : c) : (uint32_t)u_tolower((UChar32)c);
}

void
sample_take(struct sample *sa, const uint8_t *s, size_t n)
{
	memset(sa->script, 0, sizeof sa->script);
	sa->n = sa->letters = sa->strange = 0;
	sa->c[sa->n++] = ' ';
	n = utf8_cut((const char *)s, n, BYTES_MAX);
	for (size_t i = 0; i < n && sa->n < LETTERS_MAX;) {
		size_t from = i;
		uint32_t c = char_next(s, n, &i);
		const struct char_props *p = char_get(c);

		if (p->flags & CHAR_STRANGE || (c == CHAR_BAD && i == from + 1))
			sa->strange++;
		if (p->flags & CHAR_LETTER) {
			sa->c[sa->n++] = lower(c);
			sa->script[p->script]++;
			sa->letters++;
		} else if (sa->c[sa->n - 1] != ' ') {
			sa->c[sa->n++] = ' ';
		}
	}
	if (sa->c[sa->n - 1] != ' ')
		sa->c[sa->n++] = ' ';
}

/* The script of most letters. A Han character says as much as several letters; marks that
 * belong to all scripts say nothing. */
int
sample_script(struct sample *sa)
{
	int best = USCRIPT_COMMON;

	sa->script[USCRIPT_HAN] *= 3;
	for (int i = 0; i < SCRIPTS; i++)
		if (i != USCRIPT_COMMON && i != USCRIPT_INHERITED &&
		    sa->script[i] > sa->script[best])
			best = i;
	sa->script[USCRIPT_HAN] /= 3;
	return sa->script[best] ? best : USCRIPT_COMMON;
}

bool
script_is_cjk(int script)
{
	return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
	    script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
}

/* Is c of that script, or a mark that any may have? */
static bool
belongs(uint32_t c, int script)
{
	int own = char_get(c)->script;

	return own == script || own == USCRIPT_INHERITED || own == USCRIPT_COMMON ||
	    (script_is_cjk(own) && script_is_cjk(script));
}

void
sample_keep(struct sample *sa, int script)
{
	for (size_t i = 0; i < sa->n; i++)
		if (!belongs(sa->c[i], script))
			sa->c[i] = ' ';
}

void
sample_join(struct sample *sa, int script)
{
	size_t n = 0;

	sample_keep(sa, script);
	for (size_t i = 0; i < sa->n; i++)
		if (sa->c[i] != ' ' || !n || sa->c[n - 1] != ' ')
			sa->c[n++] = sa->c[i];
	sa->n = n;
}
