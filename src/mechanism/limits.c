/* What can be set, within which range, and what it is where nobody set it. docs/limits.md says the same; a test holds
 * them together. */
#include <pthread.h>
#include <string.h>

#include "mechanism/private.h"
#include "record/setting.h"

const struct setting mechanism_settings[SETTINGS] = {
	[SETTING_CHILDREN] = { "children", "files being read at once; 0: two for each core", 0,
	    EXTRACT_WIDTH_MAX, 0 },
	[SETTING_MEMORY_MB] = { "memory_mb", "MB of memory for each of them, beside its file",
	    128, 65536, 1024 },
	[SETTING_SECONDS] = { "seconds", "seconds for each of them", 1, 3600, 60 },
	[SETTING_OUTPUT_MB] = { "output_mb", "MB of text of one item, and of a file out of it",
	    1, 1024, 128 },
	[SETTING_EMBEDDED_DEPTH] = { "embedded_depth", "levels of files within files", 0, 64,
	    16 },
	[SETTING_EMBEDDED_FILES] = { "embedded_files", "files that come out of one", 0,
	    10000000, 200000 },
	[SETTING_EMBEDDED_MB] = { "embedded_mb", "MB that come out of one file", 1, 1048576,
	    16384 },
	[SETTING_GIVE_MB] = { "give_mb",
	    "MB of a file that anybody gives at `/give`; 0: nobody can", 0, 1048576, 0 },
	[SETTING_GIVE_FILES] = { "give_files",
	    "files that one address gives there; then it waits", 1, 100000, 100 },
};

uint64_t
mechanism_setting(const struct mechanism *m, enum setting_id id)
{
	return m->value[id];
}

bool
mechanism_setting_find(const char *name, enum setting_id *ret, struct err *e)
{
	for (enum setting_id i = 0; i < SETTINGS; i++)
		if (strcmp(mechanism_settings[i].name, name) == 0) {
			*ret = i;
			return true;
		}
	return err_set(e, ERR_INVALID, "no setting \"%.60s\": vigil settings lists them", name);
}

void
limits_take(struct mechanism *m, const struct settings *s)
{
	for (enum setting_id i = 0; i < SETTINGS; i++)
		m->value[i] = s->is_set[i] ? s->set[i] : mechanism_settings[i].otherwise;
}

bool
mechanism_look_again(struct mechanism *m, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct settings now;

	if (!settings_read(a, m->dir, &m->keys, &now, e))
		return false;
	limits_take(m, &now);
	return true;
}

/* The entry comes first: what was set, and is known of nobody, would be worse than what somebody meant to set. */
static bool
set(struct mechanism *m, const char *actor, enum setting_id id, uint64_t value, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const struct setting *s = &mechanism_settings[id];
	struct settings changed;
	struct act_setting in = { .actor = actor, .name = s->name, .value = value };
	struct draft d;

	/* As they are now: another program may have set another one since this was opened. */
	if (!settings_read(a, m->dir, &m->keys, &changed, e))
		return false;
	in.was = changed.is_set[id] ? changed.set[id] : s->otherwise;
	act_set(&d, &in);
	if (in.was != value && !log_append(m->log, &d, 1, true, e))
		return false;
	changed.set[id] = value;
	changed.is_set[id] = value != s->otherwise;
	if (!settings_write(m->dir, &changed, &m->keys, e))
		return false;
	limits_take(m, &changed);
	return true;
}

bool
mechanism_set(
    struct mechanism *m, const char *actor, enum setting_id id, uint64_t value, struct err *e)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	const struct setting *s = &mechanism_settings[id];
	bool ok;

	if (value < s->low || value > s->high)
		return err_set(e, ERR_INVALID, "%s is a whole number from %llu to %llu",
		    s->name, (unsigned long long)s->low, (unsigned long long)s->high);
	pthread_mutex_lock(&one_at_a_time);
	ok = set(m, actor, id, value, e);
	pthread_mutex_unlock(&one_at_a_time);
	return ok;
}

struct extract_limits
mechanism_limits(const struct mechanism *m)
{
	return (struct extract_limits){
		.memory = mechanism_setting(m, SETTING_MEMORY_MB) << 20,
		.seconds = (unsigned)mechanism_setting(m, SETTING_SECONDS),
		.output = mechanism_setting(m, SETTING_OUTPUT_MB) << 20,
		.width = (unsigned)mechanism_setting(m, SETTING_CHILDREN),
	};
}
