/* What compiled templates (web/compile.py) write with. Every value is escaped on its way out; there is no way to
 * write one that is not. */
#ifndef DESK_HTML_H
#define DESK_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Words of the pages in one language: by number, as html_english; NULL: English serves. */
struct html_language {
	const char *tag; /* BCP 47; NULL ends the table */
	const char *const *words;
};
extern const struct html_language html_languages[]; /* English first; made by web/compile.py */
extern const char *const html_english[];
extern const size_t html_n_words;
/* Of a tag as in html_languages; else English's. */
const struct html_language *html_language(const char *tag);
bool html_right_to_left(const struct html_language *l);

/* Milliseconds since 1970 (UTC); 0: none. */
typedef int64_t moment;

struct html { /* a page on its way out */
	struct buf *out;
	const struct html_language *language;
	const char *token; /* that forms send back: who has it came from a page of ours */
	bool json;         /* what the page shows, instead of the page: codes stay codes */
};

/* Markup of a template. */
void html_literal(struct html *h, const char *s, size_t n);
/* Words of the catalogue, not escaped yet. */
const char *html_words(const struct html *h, size_t number);
/* Writes up to the next place ("{0}"), and returns its number; -1: to the end. */
int html_until_place(struct html *h, const char **words);

/* Values. NULL is an empty string. */
void html_string(struct html *h, const char *s);
void html_signed(struct html *h, int64_t v);
void html_unsigned(struct html *h, uint64_t v);
#define html_put(h, v)                                                                         \
	_Generic((v),                                                                          \
	    char *: html_string,                                                               \
	    const char *: html_string,                                                         \
	    int: html_signed,                                                                  \
	    long: html_signed,                                                                 \
	    long long: html_signed,                                                            \
	    unsigned: html_unsigned,                                                           \
	    unsigned long: html_unsigned,                                                      \
	    unsigned long long: html_unsigned)(h, v)

/* For conditions of templates: are they the same words? NULL is none. */
bool html_same(const char *a, const char *b);

/* Filters: {{ value | name }}. */
void html_local(
    struct html *h, const char *s); /* a whole address of this desk; any other becomes "/" */
bool html_is_local(const char *s);
void html_date(struct html *h, int64_t ms);  /* "2026-11-30 11:34" UTC */
void html_bytes(struct html *h, uint64_t n); /* "1.2 MB" */
/* Of a drawing: as short as a hundredth allows. No words are taken. */
void html_number_of(struct html *h, double v);
#define html_number(h, v)                                                                      \
	_Generic((v), int                                                                      \
		 : html_number_of, long                                                        \
		 : html_number_of, long long                                                   \
		 : html_number_of, unsigned                                                    \
		 : html_number_of, unsigned long                                               \
		 : html_number_of, unsigned long long                                          \
		 : html_number_of, double                                                      \
		 : html_number_of)(h, (double)(v))
/* What values within an address become, without being asked: %-coded. */
void html_url_string(struct html *h, const char *s);
#define html_url(h, v)                                                                         \
	_Generic((v),                                                                          \
	    char *: html_url_string,                                                           \
	    const char *: html_url_string,                                                     \
	    uint64_t: html_unsigned)(h, v)

#endif
