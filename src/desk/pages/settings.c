/* Administration: the limits that can be set, and who set them. */
#include <string.h>

#include "base/code.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_administration.h"
#include "record/setting.h"

enum { CHANGES_SHOWN = 100 };

static const struct {
	size_t name, meaning;
} setting_words[SETTINGS] = {
	[SETTING_CHILDREN] = { WORD_SET_CHILDREN, WORD_MEANS_CHILDREN },
	[SETTING_MEMORY_MB] = { WORD_SET_MEMORY, WORD_MEANS_MEMORY },
	[SETTING_SECONDS] = { WORD_SET_SECONDS, WORD_MEANS_SECONDS },
	[SETTING_OUTPUT_MB] = { WORD_SET_OUTPUT, WORD_MEANS_OUTPUT },
	[SETTING_EMBEDDED_DEPTH] = { WORD_SET_DEPTH, WORD_MEANS_DEPTH },
	[SETTING_EMBEDDED_FILES] = { WORD_SET_FILES, WORD_MEANS_FILES },
	[SETTING_EMBEDDED_MB] = { WORD_SET_EMBEDDED, WORD_MEANS_EMBEDDED },
	[SETTING_GIVE_MB] = { WORD_SET_GIVE_MB, WORD_MEANS_GIVE_MB },
	[SETTING_GIVE_FILES] = { WORD_SET_GIVE_FILES, WORD_MEANS_GIVE_FILES },
};

static const char *
setting_name(const struct html *h, const char *code)
{
	for (enum setting_id i = 0; i < SETTINGS; i++)
		if (strcmp(mechanism_settings[i].name, code) == 0)
			return html_words(h, setting_words[i].name);
	return code;
}

static bool
add_changes(struct request *r, const struct html *h, struct settings_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct setting_change *list;
	struct setting_change_row *rows;

	if (!record_setting_changes(r->s->db, &v, r->a, CHANGES_SHOWN, &list, &p->n_changes, e))
		return false;
	rows = arena_alloc(r->a, (p->n_changes + 1) * sizeof *rows);
	for (size_t i = 0; i < p->n_changes; i++)
		rows[i] = (struct setting_change_row){ .entry = list[i].entry,
			.value = list[i].value,
			.was = list[i].was,
			.time = list[i].time,
			.name = setting_name(h, list[i].name),
			.actor = list[i].actor };
	p->changes = rows;
	return true;
}

/* refused: what was typed for `of` and is not taken; NULL: nothing. */
static bool
write_page(struct request *r, struct reply *ret, const char *of, const char *refused_value,
    struct err *e)
{
	struct html h = reply_html(r, ret);
	struct settings_page p = { .n_rows = SETTINGS };
	struct setting_row *rows = arena_alloc(r->a, SETTINGS * sizeof *rows);

	if (!mechanism_look_again(r->desk->m, e) || !add_changes(r, &h, &p, e))
		return false;
	for (enum setting_id i = 0; i < SETTINGS; i++) {
		const struct setting *s = &mechanism_settings[i];

		rows[i] = (struct setting_row){ .setting = s->name,
			.name = html_words(&h, setting_words[i].name),
			.meaning = html_words(&h, setting_words[i].meaning),
			.command = arena_printf(r->a, "vigil settings %s", s->name),
			.value = mechanism_setting(r->desk->m, i),
			.usual = s->otherwise,
			.low = s->low,
			.high = s->high };
		if (of && strcmp(of, s->name) == 0)
			rows[i].refused = refused_value;
	}
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_SETTINGS), "settings");
	page_settings(&h, &p);
	return true;
}

bool
settings_page(struct request *r, struct reply *ret, struct err *e)
{
	return write_page(r, ret, NULL, NULL, e);
}

static bool
change(struct request *r, const char *typed, struct err *e)
{
	enum setting_id id;
	uint64_t value;

	if (!mechanism_setting_find(request_field(r, "setting"), &id, e))
		return false;
	value = mechanism_settings[id].otherwise;
	if (strcmp(typed, "default") != 0 &&
	    !decimal_decode(typed, strlen(typed), INT64_MAX, &value))
		return err_set(e, ERR_INVALID, "%s is a whole number from %llu to %llu",
		    mechanism_settings[id].name, (unsigned long long)mechanism_settings[id].low,
		    (unsigned long long)mechanism_settings[id].high);
	return mechanism_set(r->desk->m, r->who.name, id, value, e);
}

/* What is refused is said beside its field; to a program, as all that is refused. */
bool
setting_change_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *setting = request_field(r, "setting"), *typed = request_field(r, "value");
	struct err why;
	enum setting_id id;

	if (change(r, typed, e))
		return reply_see(ret, "/settings");
	if (r->api || e->kind != ERR_INVALID || !mechanism_setting_find(setting, &id, &why))
		return false;
	ret->status = 400;
	return write_page(r, ret, setting, typed, e);
}
