/* text/sample: the letters at the start of a text, and the script that most of them are of. */
#ifndef TEXT_SAMPLE_H
#define TEXT_SAMPLE_H

#include "text/private.h"

enum {
	BYTES_MAX = 6144,   /* of the text are looked at */
	LETTERS_MAX = 1536, /* letters and edges of words */
	SCRIPTS = 256
};

struct sample {
	uint32_t c[LETTERS_MAX + 2]; /* lower case; ' ' between words, at the start and end */
	size_t n;
	unsigned script[SCRIPTS]; /* letters, by script */
	uint32_t letters, strange;
};

void sample_take(struct sample *sa, const uint8_t *s, size_t n);
/* The script of most letters: a UScriptCode; USCRIPT_COMMON if there are none. */
int sample_script(struct sample *sa);
/* Letters of other scripts become ' '; marks that any script may have stay. */
void sample_keep(struct sample *sa, int script);
/* The same, and runs of ' ' become one. */
void sample_join(struct sample *sa, int script);

#endif
