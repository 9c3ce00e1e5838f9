/* Definitions translated for PostgreSQL: what is no word of the table stays as it is,
 * byte for byte; quoted text and comments stay even if they hold such words. */
#include <string.h>

#include "base/arena.h"
#include "db/postgres_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
holds_word(const char *s)
{
	static const char *const words[] = { "INTEGER", "BLOB", "TEXT", "WITHOUT", "STRICT" };

	for (size_t i = 0; i < LEN(words); i++)
		if (strstr(s, words[i]))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	const char *sql = arena_strn(a, (const char *)data, n);
	AUTO_VAL(buf) out = buf_init(1 << 22);
	AUTO_VAL(buf) quoted = buf_init(1 << 22);

	pg_translate(&out, sql);
	if (!holds_word(sql) && strcmp(buf_peek(&out), sql))
		__builtin_trap();

	/* The same text as a comment's: nothing of it may change. */
	buf_printf(&quoted, "/*%s", sql);
	buf_reset(&out);
	pg_translate(&out, buf_peek(&quoted));
	if (!strstr(sql, "*/") && strcmp(buf_peek(&out), buf_peek(&quoted)))
		__builtin_trap();
	buf_reset(&quoted);
	buf_printf(&quoted, "'%s'", sql);
	buf_reset(&out);
	pg_translate(&out, buf_peek(&quoted));
	if (!strchr(sql, '\'') && strcmp(buf_peek(&out), buf_peek(&quoted)))
		__builtin_trap();
	return 0;
}
