/* schema/label: what a thing is called, in several languages. */
#ifndef SCHEMA_LABEL_H
#define SCHEMA_LABEL_H

#include <stddef.h>

struct label {
	const char *language, *text; /* BCP 47 */
};
struct labels {
	const struct label *l;
	size_t n;
};

/* The text in a language (BCP 47; NULL: English), in its wider form ("pt" for "pt-BR"), in English, or
 * `otherwise`. */
const char *labels_get(const struct labels *l, const char *language, const char *otherwise);

#endif
