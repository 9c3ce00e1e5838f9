/* Tokens by which programs work at the desk in somebody's name. */
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "record/token.h"

static bool
read_scopes(struct ctx *c, unsigned *ret, struct err *e)
{
	const char *s = ctx_option(c, "scope");

	*ret = 0;
	for (s = s ? s : "read"; *s; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ", ");
		enum token_scope scope;

		if (!token_scope_read(arena_strn(c->a, s, n), &scope, e))
			return false;
		*ret |= SCOPE_BIT(scope);
		s += n;
	}
	return true;
}

static bool
change(struct ctx *c, bool end, struct err *e)
{
	const char *span = ctx_option(c, "for");
	struct act_token io = {
		.actor = c->actor, .login = c->args[2], .name = c->args[3], .end = end
	};
	struct draft d;

	if (!read_scopes(c, &io.scopes, e) ||
	    !clock_read_span(span ? span : "90d", &io.for_ms, e) || !ctx_open(c, e) ||
	    !login_create(c->s->db, e) || !token_create(c->s->db, e))
		return false;
	act_token(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "login", io.login);
		line_str(&l, "name", io.name);
		if (!end)
			line_str(&l, "token", io.word);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else if (end) {
		say("%s: %s works no more (entry %llu)\n", io.login, io.name,
		    (unsigned long long)d.index);
	} else {
		say("%s\n", io.word);
		say_error("keep it now: it is not shown again");
	}
	return true;
}

static void
say_token(struct ctx *c, const struct login_token *t)
{
	const char *scopes = token_scopes(c->a, t->scopes);
	char until[MOMENT_MAX];

	clock_moment(t->until, until);
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "login", t->login);
		line_str(&l, "name", t->name);
		line_str(&l, "scopes", scopes);
		line_str(&l, "until", until);
		line_end(&l);
	} else {
		say("%-24s %-16s until %s\n", t->name, scopes, until);
	}
}

static bool
list(struct ctx *c, struct err *e)
{
	const struct login_token *all;
	struct login l;
	size_t n;

	if (!ctx_open(c, e) || !login_create(c->s->db, e) || !token_create(c->s->db, e) ||
	    !record_login(c->s->db, c->a, c->args[2], &l, e) ||
	    !token_list(c->s->db, c->a, l.name, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		say_token(c, &all[i]);
	return true;
}

bool
login_token_run(struct ctx *c, struct err *e)
{
	const char *step = c->n_args > 1 ? c->args[1] : "";

	if (c->n_args == 3 && strcmp(step, "list") == 0)
		return list(c, e);
	if (c->n_args == 4 && (strcmp(step, "add") == 0 || strcmp(step, "end") == 0))
		return change(c, strcmp(step, "end") == 0, e);
	return err_set(e, ERR_INVALID,
	    "usage: vigil login token add LOGIN NAME [--scope read,write,give] [--for 90d],"
	    " vigil login token end LOGIN NAME, or vigil login token list LOGIN");
}
