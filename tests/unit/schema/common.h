/* Schemas made of texts, for tests. */
#ifndef TESTS_SCHEMA_COMMON_H
#define TESTS_SCHEMA_COMMON_H

#include "test.h"

#include "schema/private.h"

/* Files "1", "2", …; NULL and *ret_e if they are refused. */
static inline struct schema *
schema_of(const char *const *texts, size_t n, struct err *ret_e)
{
	static const char *const names[] = { "1", "2", "3", "4" };
	struct schema_file f[LEN(names)];

	for (size_t i = 0; i < n; i++)
		f[i] = (struct schema_file){ names[i], texts[i], strlen(texts[i]) };
	*ret_e = (struct err){ 0 };
	return schema_load(f, n, ret_e);
}

static inline struct schema *
schema_one(const char *text, struct err *ret_e)
{
	return schema_of(&text, 1, ret_e);
}

/* Is that what is said against these files? */
static inline bool
refused(const char *const *texts, size_t n, const char *want)
{
	struct err e;
	AUTO(schema) *s = schema_of(texts, n, &e);
	bool same = !s && e.kind == ERR_INVALID && strcmp(e.msg, want) == 0;

	if (!same)
		printf("# wanted: %s\n# got:    %s\n", want, s ? "(accepted)" : e.msg);
	return same;
}

#endif
