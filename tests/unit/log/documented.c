/* What docs/formats/receipt.md shows is true: its receipt holds, and its commands, run in
 * a shell, give the lines that stand below them. */
#include "test.h"

#include <libgen.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "log/receipt.h"

/* The page, by the place of this file; tests run in the folder of the build. NULL: not there. */
static const char *
page(struct arena *a)
{
	const char *here = dirname(arena_str(a, __FILE__));
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e;

	if (!io_read_file(arena_printf(a, "%s/../../../docs/formats/receipt.md", here), &b, &e))
		return NULL;
	return arena_str(a, buf_peek(&b));
}

/* The block that begins with a line `fence`, without its fences. */
static char *
block(struct arena *a, const char *text, const char *fence, const char **ret_rest)
{
	const char *from = strstr(text, fence), *to = from ? strstr(from + 3, "```\n") : NULL;

	if (!to)
		return NULL;
	from = strchr(from, '\n') + 1;
	*ret_rest = to + 4;
	return arena_strn(a, from, (size_t)(to - from));
}

static const char *
receipt_text(struct arena *a, const char *text)
{
	const char *rest;

	return block(a, text, "```text receipt.txt\n", &rest);
}

/* The indented line that is a verifier key. */
static const char *
key_text(struct arena *a, const char *text)
{
	const char *from = strstr(text, "\n    example.org/log+") + 5;

	return arena_strn(a, from, strcspn(from, "\n"));
}

static void
shows_a_receipt_that_holds(void)
{
	AUTO(arena) *a = arena_new();
	const char *text = page(a), *s;
	struct checkpoint c;
	struct receipt r;
	struct vkey k;
	struct err e;

	if (!text)
		SKIP("docs/ is not beside the tests");
	s = receipt_text(a, text);
	NEED(receipt_read(a, s, strlen(s), &r, &e), &e);
	NEED(vkey_read(key_text(a, text), &k, &e), &e);
	CHECK_OK(receipt_check(&r, &k, &c, &e), &e);
	CHECK(r.index == 1 && c.size == 3 && r.has_body);
}

/* All "$ " lines of the page as one script; *ret_want: what should come out. */
static char *
script_of(struct arena *a, const char *text, struct buf *want)
{
	AUTO_VAL(buf) script = buf_init(1 << 16);
	char *sh;

	buf_printf(&script, "set -e\n");
	while ((sh = block(a, text, "```sh\n", &text))) {
		for (char *line = sh, *end; (end = strchr(line, '\n')); line = end + 1) {
			*end = 0;
			if (strncmp(line, "$ ", 2) == 0)
				buf_printf(&script, "%s\n", line + 2);
			else
				buf_printf(want, "%s\n", line);
		}
	}
	return arena_str(a, buf_peek(&script));
}

static void
shows_commands_that_do_as_it_says(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) want = buf_init(1 << 16);
	AUTO_VAL(buf) got = buf_init(1 << 16);
	const char *text = page(a), *tmp = getenv("TMPDIR"), *s;
	char *dir = arena_printf(a, "%s/vigil-doc-XXXXXX", tmp ? tmp : "/tmp"), *script;
	struct err e = { 0 };
	FILE *f;

	if (!text)
		SKIP("docs/ is not beside the tests");
	if (system("openssl version >/dev/null 2>&1"))
		SKIP("openssl is not installed");
	NEED(mkdtemp(dir), &e);
	s = receipt_text(a, text);
	NEED(io_replace_file(arena_printf(a, "%s/receipt.txt", dir), s, strlen(s), 0600, &e),
	    &e);
	script = script_of(a, text, &want);
	NEED(io_replace_file(arena_printf(a, "%s/run", dir), script, strlen(script), 0600, &e),
	    &e);
	f = popen(arena_printf(a, "cd '%s' && sh ./run 2>&1; rm -rf '%s'", dir, dir), "r");
	NEED(f && io_read_all(fileno(f), &got, "the commands", &e), &e);
	pclose(f);
	CHECK(want.n > 300);
	if (strcmp(buf_peek(&want), buf_peek(&got)) != 0) {
		printf("# %s\n", buf_peek(&got));
		CHECK(!"what the page says");
	}
}

TESTS(T(shows_a_receipt_that_holds), T(shows_commands_that_do_as_it_says))
