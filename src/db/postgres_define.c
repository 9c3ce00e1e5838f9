/* The PostgreSQL driver: definitions, put into PostgreSQL's words. This table and what
 * postgres.c says of locks is all that differs in SQL.
 *
 * Types are written in capitals, so that a column may be named "text".
 *
 * TEXT is compared by bytes, as SQLite does, whatever order the server's database
 * has: keys come in the same order on both. */
#include <ctype.h>
#include <string.h>

#include "db/postgres_private.h"

static const struct {
	const char *word, *next, *ours;
} words[] = {
	{ "INTEGER", NULL, "BIGINT" },
	{ "BLOB", NULL, "BYTEA" },
	{ "TEXT", NULL, "TEXT COLLATE \"C\"" },
	{ "WITHOUT", "ROWID", "" }, /* SQLite's way to store a table; means nothing here */
	{ "STRICT", NULL, "" },
};

static bool
is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* How many bytes stand together at s: a word, a literal, a comment, or one byte. */
static size_t
piece(const char *s)
{
	size_t n = 1;

	if (is_letter(*s)) {
		while (is_letter(s[n]))
			n++;
	} else if (*s == '\'' || *s == '"') {
		while (s[n] && s[n] != *s)
			n++;
		n += s[n] != 0;
	} else if (s[0] == '-' && s[1] == '-') {
		n = strcspn(s, "\n");
	} else if (s[0] == '/' && s[1] == '*') {
		const char *end = strstr(s + 2, "*/");

		n = end ? (size_t)(end + 2 - s) : strlen(s);
	}
	return n;
}

static bool
is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && !strncmp(s, word, n);
}

/* How much of s the i-th row of the table stands for; 0 if it does not. */
static size_t
matches(size_t i, const char *s, size_t n)
{
	size_t gap;

	if (!is_word(s, n, words[i].word))
		return 0;
	if (!words[i].next)
		return n;
	gap = strspn(s + n, " \t\n");
	if (!is_word(s + n + gap, piece(s + n + gap), words[i].next))
		return 0;
	return n + gap + strlen(words[i].next);
}

/* In CAST(x AS TEXT) a collation may not stand. */
static bool
is_cast(const char *start, const char *s)
{
	while (s > start && strchr(" \t\n", s[-1]))
		s--;
	return s - start > 2 && !strncmp(s - 2, "AS", 2) && !is_letter(s[-3]);
}

void
pg_translate(struct buf *b, const char *sql)
{
	const char *s = sql;

	while (*s) {
		size_t n = piece(s), used = 0;

		for (size_t i = 0; i < LEN(words) && !used && is_letter(*s); i++) {
			used = matches(i, s, n);
			if (used && is_cast(sql, s) && is_word(s, n, "TEXT"))
				buf_add(b, s, n);
			else if (used)
				buf_str(b, words[i].ours);
		}
		if (!used)
			buf_add(b, s, n);
		s += used ? used : n;
	}
}
