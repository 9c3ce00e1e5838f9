/* Lines of a schema file. What is accepted and written out again, each word in quotes, is read as the
 * same nodes; what is refused is refused with file and line. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "schema/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void
write_nodes(struct buf *b, const struct node *n, int depth)
{
	for (; n; n = n->next) {
		buf_printf(b, "%*s", depth, "");
		for (size_t i = 0; i < n->n_words; i++) {
			buf_str(b, i ? " \"" : "\"");
			for (const char *s = n->words[i]; *s; s++) {
				if (*s == '"' || *s == '\\')
					buf_byte(b, '\\');
				buf_byte(b, (uint8_t)*s);
			}
			buf_byte(b, '"');
		}
		buf_byte(b, '\n');
		write_nodes(b, n->child, depth + 1);
	}
}

static bool
same(const struct node *a, const struct node *b)
{
	for (; a && b; a = a->next, b = b->next) {
		if (a->n_words != b->n_words || !same(a->child, b->child))
			return false;
		for (size_t i = 0; i <= a->n_words; i++)
			if (i == a->n_words ? a->words[i] || b->words[i] :
					      strcmp(a->words[i], b->words[i]) != 0)
				return false;
	}
	return !a && !b;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) written = buf_init(1 << 26);
	struct schema_file f = { "file", (const char *)data, n };
	const struct node *first, *again;
	struct err e = { 0 };

	if (!outline_read(a, a, &f, &first, &e)) {
		require(e.kind == ERR_INVALID && !strncmp(e.msg, "file:", 5));
		require(e.msg[5] >= '1' && e.msg[5] <= '9');
		return 0;
	}
	write_nodes(&written, first, 0);
	f = (struct schema_file){ "again", buf_peek(&written), written.n };
	require(outline_read(a, a, &f, &again, &e) && same(first, again));
	return 0;
}
