/* vigil settings: limits that a mechanism's people can change. */
#include <string.h>

#include "base/code.h"
#include "cli/cli.h"

static void
show(struct ctx *c, enum setting_id id)
{
	const struct setting *s = &mechanism_settings[id];
	uint64_t value = mechanism_setting(c->m, id);
	struct line l;

	if (!c->json) {
		say("%-14s %8llu  %s (%llu to %llu%s)\n", s->name, (unsigned long long)value,
		    s->what, (unsigned long long)s->low, (unsigned long long)s->high,
		    value == s->otherwise ? "" :
					    arena_printf(c->a, "; by default %llu",
						(unsigned long long)s->otherwise));
		return;
	}
	l = line_start();
	line_str(&l, "setting", s->name);
	line_int(&l, "value", value);
	line_int(&l, "default", s->otherwise);
	line_int(&l, "low", s->low);
	line_int(&l, "high", s->high);
	line_str(&l, "what", s->what);
	line_end(&l);
}

static bool
set(struct ctx *c, enum setting_id id, const char *typed, struct err *e)
{
	const struct setting *s = &mechanism_settings[id];
	uint64_t value = s->otherwise;

	if (strcmp(typed, "default") != 0 &&
	    !decimal_decode(typed, strlen(typed), INT64_MAX, &value))
		return err_set(e, ERR_INVALID,
		    "%s is a whole number from %llu to %llu, or \"default\"", s->name,
		    (unsigned long long)s->low, (unsigned long long)s->high);
	return mechanism_set(c->m, c->actor, id, value, e);
}

bool
settings_run(struct ctx *c, struct err *e)
{
	enum setting_id id = 0;

	if (!ctx_open(c, e) || (c->n_args && !mechanism_setting_find(c->args[0], &id, e)) ||
	    (c->n_args == 2 && !set(c, id, c->args[1], e)))
		return false;
	if (c->n_args) {
		show(c, id);
		return true;
	}
	for (enum setting_id i = 0; i < SETTINGS; i++)
		show(c, i);
	return true;
}
