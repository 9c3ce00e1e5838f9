/* What the model of languages is learned and measured on: the translations of the Universal
 * Declaration that share/language/translations.tsv names, by article, and names of CLDR. */
#ifndef LESSONS_H
#define LESSONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/arena.h"
#include "base/io.h"
#include "text/learn.h"
#include "text/private.h"

enum { ARTICLES = 15, TRANSLATIONS = 1024 };

struct article {
	const char *text;
	size_t n;
};

struct translation {
	const char *key, *tag;                /* key "-": names alone */
	struct article article[ARTICLES + 1]; /* from 1 on; n is 0 where there is none */
};

struct translations {
	struct translation t[TRANSLATIONS];
	unsigned n;
};

static inline char *
lessons_file(struct arena *a, const char *path, size_t *ret_n)
{
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct err e;

	if (!io_read_file(path, &b, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
	*ret_n = b.n;
	return arena_strn(a, buf_peek(&b), b.n);
}

/* Articles are parted by an empty line. */
static inline void
articles_add(struct lessons *l, struct translation *t, unsigned class, const char *text)
{
	for (unsigned i = 1; i <= ARTICLES && text; i++) {
		const char *end = strstr(text, "\n\n");

		t->article[i] =
		    (struct article){ text, end ? (size_t)(end - text) : strlen(text) };
		lessons_add(l, class, i, text, t->article[i].n, LEARN_TEXT);
		text = end ? end + 2 : NULL;
	}
}

/* A class for each row of `list` ("key TAB tag TAB step"), from udhr/KEY.txt. */
static inline void
translations_add(struct lessons *l, struct arena *a, const char *list, const char *udhr,
    struct translations *ret)
{
	size_t n;
	char *rest = lessons_file(a, list, &n), *line;

	while ((line = strsep(&rest, "\n"))) {
		struct translation *t = &ret->t[ret->n];
		char *step;
		unsigned class;

		if (!*line || *line == '#' || ret->n == TRANSLATIONS)
			continue;
		t->key = strsep(&line, "\t");
		t->tag = strsep(&line, "\t");
		step = strsep(&line, "\t");
		class = lessons_class(l, t->tag, (unsigned)strtoul(step, NULL, 10));
		if (strcmp(t->key, "-") != 0)
			articles_add(l, t, class,
			    lessons_file(a, arena_printf(a, "%s/%s.txt", udhr, t->key), &n));
		ret->n++;
	}
}

/* "locale TAB code TAB name", sorted by locale: names teach the classes whose tag is the
 * locale. Names are joined, some dozen a line. */
static inline void
names_add(struct lessons *l, struct arena *a, const char *path, const struct translations *all)
{
	AUTO_VAL(buf) names = buf_init(1 << 20);
	size_t n;
	char *rest = lessons_file(a, path, &n), *line;
	const char *last = "";

	do {
		char *locale, *name = NULL;

		line = strsep(&rest, "\n");
		locale = strsep(&line, "\t");
		if (line && strsep(&line, "\t"))
			name = line;
		if (names.n && (!locale || strcmp(locale, last) != 0)) {
			for (unsigned i = 0; i < all->n; i++)
				if (!strcmp(all->t[i].tag, last))
					lessons_add(
					    l, i, 0, buf_peek(&names), names.n, LEARN_NAME);
			buf_reset(&names);
		}
		last = locale ? locale : "";
		if (name)
			buf_printf(&names, "%s%s", names.n % 16 ? ", " : "\n", name);
	} while (rest);
}

/* Calls f for each sentence of twenty characters and more (seven of Chinese, Japanese and Korean). */
static inline void
sentences_each(
    const struct article *t, void (*f)(void *arg, const char *s, size_t n), void *arg)
{
	UErrorCode st = U_ZERO_ERROR;
	UText *ut = utext_openUTF8(NULL, t->text, (int64_t)t->n, &st);
	UBreakIterator *it = ubrk_open(UBRK_SENTENCE, "", NULL, 0, &st);
	int32_t from = 0, to;

	ubrk_setUText(it, ut, &st);
	while (U_SUCCESS(st) && (to = ubrk_next(it)) != UBRK_DONE) {
		unsigned chars = 0;

		for (size_t i = (size_t)from; i < (size_t)to;) {
			uint32_t c = char_next((const uint8_t *)t->text, t->n, &i);

			chars += script_is_cjk(char_get(c)->script) ? 3 : 1;
		}
		if (chars >= 20)
			f(arg, t->text + from, (size_t)(to - from));
		from = to;
	}
	ubrk_close(it);
	utext_close(ut);
}

#endif
