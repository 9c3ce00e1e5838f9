/* What commands share: the mechanism they work on, options, passphrases. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "cli/cli.h"
#include "crypto/passphrase.h"
#include "record/claims.h"

bool
ctx_open(struct ctx *c, struct err *e)
{
	const struct err *unfinished;

	if (c->s)
		return true;
	c->m = mechanism_open(c->dir, e);
	if (!c->m)
		return false;
	unfinished = mechanism_unfinished(c->m);
	if (unfinished)
		say_error("vigil: %s: it is tried again with every command", unfinished->msg);
	c->s = session_open(c->m, e);
	return c->s != NULL;
}

const char *
ctx_option(const struct ctx *c, const char *name)
{
	for (size_t i = 0; i < c->n_options; i++)
		if (strcmp(c->options[i].name, name) == 0)
			return c->options[i].value;
	return NULL;
}

bool
ctx_number(const struct ctx *c, const char *name, uint64_t otherwise, uint64_t max,
    uint64_t *ret, struct err *e)
{
	const char *s = ctx_option(c, name);

	if (!s) {
		*ret = otherwise;
		return true;
	}
	return decimal_decode(s, strlen(s), max, ret) ||
	    err_set(e, ERR_INVALID, "--%s takes a whole number up to %llu, not \"%.40s\"", name,
		(unsigned long long)max, s);
}

bool
ctx_index(const char *s, uint64_t *ret)
{
	return decimal_decode(s, strlen(s), INT64_MAX, ret);
}

/* "pt_BR.UTF-8" is "pt-BR"; NULL for what is no language ("C", "POSIX"). */
static const char *
read_language(struct arena *a, const char *s)
{
	size_t n = strcspn(s, ".@"), start = strcspn(s, "_-.@");
	char *language = arena_strn(a, s, n);

	for (size_t i = 0; i < n; i++) {
		if (language[i] == '_')
			language[i] = '-';
		if (!isalnum((unsigned char)language[i]) && language[i] != '-')
			return NULL;
	}
	return start >= 2 && start <= 3 && n <= 35 ? language : NULL;
}

/* Labels come in the language that --labels names, or in that of the person, as every program
 * finds it out: the first of these that is set. Messages are English. */
static const char *
ctx_language(const struct ctx *c)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *s = ctx_option(c, "labels");

	for (size_t i = 0; !s && i < LEN(names); i++) {
		const char *value = getenv(names[i]);

		s = value && *value ? value : NULL;
	}
	return s ? read_language(c->a, s) : NULL;
}

bool
ctx_viewer_at(const struct ctx *c, struct viewer *ret, struct err *e)
{
	const char *as_of = ctx_option(c, "as-of");

	*ret = ctx_viewer(c);
	if (ctx_option(c, "labels") && !ret->language)
		return err_set(e, ERR_INVALID,
		    "--labels takes a language, such as fr or pt-BR, not \"%.40s\"",
		    ctx_option(c, "labels"));
	return !as_of || record_as_of(c->s->db, as_of, &ret->as_of, e);
}

struct viewer
ctx_viewer(const struct ctx *c)
{
	struct viewer v = mechanism_viewer(c->actor);

	v.language = ctx_language(c);
	return v;
}

/* From --passphrase-fd, or from the standard input if that is no terminal (a script), or from
 * the terminal. */
bool
ctx_passphrase(const struct ctx *c, const char *prompt, bool twice, char *ret, struct err *e)
{
	uint64_t fd;

	if (!ctx_number(c, "passphrase-fd", UINT32_MAX, 1023, &fd, e))
		return false;
	if (fd == UINT32_MAX)
		return passphrase_ask(
		    prompt, isatty(STDIN_FILENO) ? -1 : STDIN_FILENO, twice, ret, e);
	return passphrase_ask(prompt, (int)fd, twice, ret, e);
}
