/* Administration: who may sign in, with which roles. */
#include <string.h>

#include "desk/pages/page_private.h"

static const struct role_box *
boxes(const struct html *h, struct arena *a, unsigned roles)
{
	struct role_box *b = arena_alloc(a, ROLES * sizeof *b);

	for (enum login_role i = 0; i < ROLES; i++)
		b[i] = (struct role_box){ login_role_name(i), role_words(h, i),
			roles & ROLE_BIT(i) };
	return b;
}

bool
logins_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct logins_page p = { .roles = boxes(&h, r->a, 0), .n_roles = ROLES };
	struct login_row *rows;
	struct login *all;

	if (!record_logins(r->s->db, r->a, &all, &p.n_rows, e))
		return false;
	rows = arena_alloc(r->a, (p.n_rows + 1) * sizeof *rows);
	for (size_t i = 0; i < p.n_rows; i++)
		rows[i] = (struct login_row){ all[i].name, all[i].closed,
			boxes(&h, r->a, all[i].roles), ROLES };
	p.rows = rows;
	p.frame = page_frame(r, html_words(&h, WORD_PEOPLE), "people");
	page_logins(&h, &p);
	return true;
}

bool
login_change_page(struct request *r, struct reply *ret, struct err *e)
{
	static const struct {
		const char *word;
		enum login_step step;
	} steps[] = { { "add", LOGIN_ADD }, { "give", LOGIN_GIVE }, { "take", LOGIN_TAKE },
		{ "close", LOGIN_CLOSE } };
	struct act_login io = {
		.actor = r->who.name, .name = request_field(r, "name"), .stranger = true
	};
	const char *step = request_field(r, "step"), *role = request_field(r, "role");
	struct draft d;
	size_t i = 0;

	while (i < LEN(steps) && strcmp(steps[i].word, step) != 0)
		i++;
	if (i == LEN(steps))
		return err_set(e, ERR_INVALID, "there is no step \"%.20s\"", step);
	io.step = steps[i].step;
	if ((io.step != LOGIN_CLOSE && !login_role_read(role, &io.role, e)) ||
	    (io.step == LOGIN_ADD && !passphrase_new(request_field(r, "passphrase"), &io, e)))
		return false;
	act_login(&d, &io);
	if (!log_append(mechanism_log(r->desk->m), &d, 1, true, e))
		return false;
	return (io.step != LOGIN_CLOSE || browser_forget(r->s->db, io.name, e)) &&
	    reply_see(ret, "/people");
}
