/* Home: where one begins, what changed since one last looked, what is due, how far the making of texts is. */
#include <string.h>

#include "account/account.h"
#include "base/edtf.h"
#include "desk/pages/reading.h"
#include "desk/server.h"

enum { WALKED = 300, OF_A_GROUP = 12, DUE_SHOWN = 6, DUE_DAYS = 30 };

/* ---- what changed ---- */

enum group { GROUP_ITEMS, GROUP_TEXTS, GROUP_CLAIMS, GROUP_OUT, GROUP_OTHER, GROUPS };

static enum group
group_of(const char *act)
{
	static const struct {
		const char *beginning;
		enum group group;
	} rows[] = {
		{ "item.extract", GROUP_TEXTS },
		{ "item.translate", GROUP_TEXTS },
		{ "translation.", GROUP_TEXTS },
		{ "item.", GROUP_ITEMS },
		{ "consent.", GROUP_ITEMS },
		{ "record.", GROUP_CLAIMS },
		{ "give", GROUP_OUT },
		{ "letter.", GROUP_OUT },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (strncmp(act, rows[i].beginning, strlen(rows[i].beginning)) == 0)
			return rows[i].group;
	return GROUP_OTHER;
}

struct changes {
	struct entry_row *rows[GROUPS];
	size_t n[GROUPS];
	uint64_t failed;
	bool more;
};

static bool
add_change(struct request *r, uint64_t index, struct changes *c, struct err *e)
{
	struct entry_row row;
	struct entry en;
	struct err gone;
	enum group g;

	if (!entry_row_read(r, index, &row, e))
		return false;
	if (!row.act ||
	    !log_entry(mechanism_log(r->desk->m), r->s->db, r->a, index, &en, &gone))
		return true;
	g = group_of(en.act);
	c->failed += strcmp(json_get_str(en.content, "status"), "failed") == 0;
	if (c->n[g] < OF_A_GROUP)
		c->rows[g][c->n[g]++] = row;
	else
		c->more = true;
	return true;
}

/* Newest first, back to where they looked last. */
static bool
read_changes(struct request *r, struct home_page *p, struct err *e)
{
	static const size_t words[GROUPS] = { WORD_GROUP_ITEMS, WORD_GROUP_TEXTS,
		WORD_GROUP_CLAIMS, WORD_GROUP_OUT, WORD_GROUP_OTHER };
	const struct html h = { .language = r->language };
	struct change_group *groups = arena_alloc(r->a, GROUPS * sizeof *groups);
	struct changes c = { 0 };

	for (size_t g = 0; g < GROUPS; g++)
		c.rows[g] = arena_alloc(r->a, OF_A_GROUP * sizeof **c.rows);
	for (uint64_t i = p->entries; i > p->since; i--) {
		if (p->entries - i == WALKED) {
			c.more = true;
			break;
		}
		if (!add_change(r, i - 1, &c, e))
			return false;
	}
	for (size_t g = 0; g < GROUPS; g++)
		if (c.n[g])
			groups[p->n_groups++] = (struct change_group){ html_words(&h, words[g]),
				c.rows[g], c.n[g] };
	p->groups = groups;
	p->more = c.more;
	p->failed = c.failed;
	return true;
}

/* ---- where one begins ---- */

static void
add_doors(struct request *r, struct home_page *p)
{
	static const struct {
		const char *address;
		size_t name, what;
	} doors[] = {
		{ "/intake", WORD_GIVE_MATERIAL, WORD_BEGIN_INTAKE },
		{ "/find", WORD_SEARCH, WORD_BEGIN_SEARCH },
		{ "/new", WORD_NEW_RECORD, WORD_BEGIN_RECORD },
		{ "/due", WORD_DUE, WORD_BEGIN_DUE },
		{ "/people", WORD_PEOPLE, WORD_BEGIN_PEOPLE },
		{ "/receipts", WORD_RECEIPTS, WORD_BEGIN_RECEIPTS },
	};
	const struct html h = { .language = r->language };
	struct door_row *rows = arena_alloc(r->a, LEN(doors) * sizeof *rows);

	for (size_t i = 0; i < LEN(doors); i++)
		if (route_is_open(doors[i].address, &r->who))
			rows[p->n_doors++] = (struct door_row){ doors[i].address,
				html_words(&h, doors[i].name), html_words(&h, doors[i].what) };
	p->doors = rows;
}

/* ---- what is due ---- */

static bool
add_due(struct request *r, struct home_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct schema *s = request_schema(r, e);
	struct home_due *rows = arena_alloc(r->a, DUE_SHOWN * sizeof *rows);
	struct due *list;
	size_t n;

	if (!s ||
	    !account_due(r->s->db, &v, r->a, s, DUE_DAYS * INT64_C(86400000), &list, &n, e))
		return false;
	for (size_t i = 0; i < n && p->n_due < DUE_SHOWN; i++) {
		const struct due *d = &list[i];

		rows[p->n_due++] = (struct home_due){ arena_printf(
							  r->a, "/records/%s", d->record.id),
			*d->record.title ? d->record.title : d->record.id,
			labels_get(
			    &d->clock.rule->labels, r->language->tag, d->clock.rule->name),
			d->clock.due_latest == INT64_MAX ? "" :
							   edtf_day(r->a, d->clock.due_latest),
			d->clock.overdue };
	}
	p->due = rows;
	return true;
}

bool
home_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct home_page p = { .finds = route_is_open("/find", &r->who) };

	if (!log_size(r->s->db, &p.entries, e))
		return false;
	add_doors(r, &p);
	if (p.finds) {
		if (!looked_get(r, &p.since, e))
			return false;
		p.first_time = !p.since;
		p.since = MIN(p.since, p.entries);
		if (!read_changes(r, &p, e) || !add_due(r, &p, e) ||
		    !saved_rows(r, &p.saved, &p.n_saved, e))
			return false;
		p.waiting = readers_waiting(r->desk->readers);
	}
	p.frame = page_frame(r, html_words(&h, WORD_HOME), "home");
	page_home(&h, &p);
	return true;
}

/* They have seen what the page showed; not what came since. */
bool
looked_page(struct request *r, struct reply *ret, struct err *e)
{
	uint64_t size, to;

	if (!log_size(r->s->db, &size, e))
		return false;
	to = request_number(request_field(r, "entries"), size, size);
	return looked_set(r, to, e) && reply_see(ret, "/");
}
