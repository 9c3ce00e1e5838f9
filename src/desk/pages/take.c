/* Taking an item's bytes away. What binds them (a consent that names recipients or purposes, an embargo) asks for whom and
 * what for, as for all that leaves (record/use.h), and that they left is an entry, on disk before they go. */
#include <string.h>

#include "base/clock.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_access.h"
#include "record/given.h"
#include "record/use.h"

/* Never shown by the browser, whatever they say they are. */
static bool
send_bytes(struct request *r, struct reply *ret, const struct item *it, struct err *e)
{
	if (!(ret->object = vault_get(r->s->vault, &it->sha256, e)))
		return false;
	ret->type = "application/octet-stream";
	ret->disposition = arena_printf(r->a, "attachment; filename=\"%s.bin\"", it->id);
	return true;
}

static bool
find(struct request *r, struct item *ret, struct err *e)
{
	struct viewer v = request_viewer(r);

	return record_find_item(r->s->db, &v, r->a, r->part[0], ret, e) && item_usable(ret, e);
}

/* As if it left to these, for that. */
static bool
judge(struct request *r, const struct item *it, const char *recipient, const char *purpose,
    struct viewer *v, struct use *ret, struct err *e)
{
	*v = request_viewer(r);
	v->recipient = recipient;
	v->purpose = purpose;
	return record_use(r->s->db, v, r->a, (int64_t)it->number, ret, e);
}

/* What nothing binds is for the mechanism's own people to work with, as vigil cat gives it. */
bool
original_page(struct request *r, struct reply *ret, struct err *e)
{
	struct viewer v;
	struct item it;
	struct use use;

	if (!find(r, &it, e) || !judge(r, &it, "", "", &v, &use, e))
		return false;
	if (!use.may)
		return reply_see(ret, arena_printf(r->a, "/items/%s/take", it.id));
	return opens_item(r, &it, false, e) && send_bytes(r, ret, &it, e);
}

static bool
write_form(struct request *r, struct reply *ret, const struct item *it, const char *recipient,
    const char *purpose, bool refused, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct take_page p = { .id = it->id,
		.bytes = it->bytes,
		.recipient = recipient,
		.purpose = purpose,
		.refused = refused };
	struct acquisition *list;
	struct consent_row *rows;
	struct viewer out;
	struct use use;
	size_t n;

	if (!record_acquisitions(r->s->db, &v, r->a, it->number, &list, &n, e) ||
	    !judge(r, it, "", "", &out, &use, e))
		return false;
	p.asked = !use.may;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		if (*list[i].consent && !list[i].withdrawn)
			rows[p.n_consents++].consent = consent_words(r, list[i].consent);
	p.consents = rows;
	if (refused)
		ret->status = 403;
	p.frame = page_frame(r, it->title, "");
	page_take(&h, &p);
	return true;
}

bool
take_page(struct request *r, struct reply *ret, struct err *e)
{
	struct item it;

	return find(r, &it, e) && opens_item(r, &it, true, e) &&
	    write_form(r, ret, &it, "", "", false, e);
}

/* The entry is there before the first byte is. */
static bool
give(struct request *r, const struct item *it, const struct viewer *v, const struct use *use,
    uint64_t judged_at, struct err *e)
{
	struct given_list *list = given_list_new(r->a);
	struct given_end end = {
		.complete = true, .items = 1, .bytes = it->bytes, .sha256 = it->sha256
	};
	struct act_give io = { .actor = r->who.name,
		.viewer = v,
		.what = "original",
		.query = "",
		.format = "",
		.list = list,
		.end = &end,
		.judged_at = judged_at };

	given_add_item(list, it->id, use->conditions);
	return record_give(mechanism_log(r->desk->m), &io, e);
}

bool
taken_page(struct request *r, struct reply *ret, struct err *e)
{
	const char *recipient = request_field(r, "recipient"),
		   *purpose = request_field(r, "purpose");
	uint64_t judged_at;
	struct viewer v;
	struct item it;
	struct use use;

	if (!find(r, &it, e) || !log_size(r->s->db, &judged_at, e) ||
	    !judge(r, &it, recipient, purpose, &v, &use, e))
		return false;
	if (!*recipient || !*purpose)
		return err_set(e, ERR_INVALID, "for whom is it, and what for?");
	if (!opens_item(r, &it, false, e))
		return false;
	if (!use.may)
		return write_form(r, ret, &it, recipient, purpose, true, e);
	return give(r, &it, &v, &use, judged_at, e) && send_bytes(r, ret, &it, e);
}
