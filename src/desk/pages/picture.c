/* Pictures of items, made safe: decoded in the confined child and encoded anew (pictures.h). What may hurt is blurred until
 * somebody asks to see it: then the browser is given so few pixels that it cannot be made out. */
#include <string.h>

#include "desk/pages/reading.h"
#include "desk/pictures.h"
#include "extract/extract.h"
#include "intake/intake.h"
#include "record/graphic.h"

enum { PAGE_MOST = 1000000 };

bool
picture_is_film(const char *media_type)
{
	return strncmp(media_type, "video/", 6) == 0 && extract_can_view(media_type);
}

bool
picture_has_pages(const char *media_type)
{
	return strncmp(media_type, "video/", 6) != 0 && extract_can_view(media_type);
}

/* Pictures and films may always hurt; pages of documents if somebody said so. */
bool
picture_blurs(struct request *r, const struct item *it, bool graphic, bool *ret, struct err *e)
{
	bool clear;

	if (!clear_get(r, &clear, e))
		return false;
	*ret = !clear && !*request_query(r, "clear") &&
	    (graphic || strncmp(it->media_type, "image/", 6) == 0 ||
		strncmp(it->media_type, "video/", 6) == 0);
	return true;
}

/* Which picture is asked for; *ret as large as it may be. */
static bool
key_of(struct request *r, const struct item *it, struct picture_key *ret, struct err *e)
{
	const char *time = request_query(r, "time");

	memset(ret, 0, sizeof *ret);
	ret->sha256 = it->sha256;
	ret->page = (uint32_t)request_number(request_query(r, "page"), 0, PAGE_MOST);
	ret->side =
	    strcmp(request_query(r, "size"), "small") == 0 ? PICTURE_SMALL : PICTURE_SIDE;
	if (!extract_can_view(it->media_type) ||
	    strlen(it->media_type) >= sizeof ret->media_type)
		return err_set(e, ERR_MISSING, "there is nothing to look at");
	memcpy(ret->media_type, it->media_type, strlen(it->media_type));
	return !*time || intake_view_time(time, &ret->time, e);
}

/* The item, which whoever asks may use. */
static bool
find(struct request *r, struct item *it, bool *ret_graphic, struct err *e)
{
	struct viewer v = request_viewer(r);

	return record_find_item(r->s->db, &v, r->a, r->part[0], it, e) && item_usable(it, e) &&
	    opens_item(r, it, false, e) &&
	    record_is_graphic(r->s->db, &v, it->number, ret_graphic, e);
}

bool
picture_page(struct request *r, struct reply *ret, struct err *e)
{
	struct picture_key *k = arena_alloc(r->a, sizeof *k);
	struct item it;
	bool graphic, blurs, jpeg = false, there;

	if (!find(r, &it, &graphic, e) || !picture_blurs(r, &it, graphic, &blurs, e) ||
	    !key_of(r, &it, k, e))
		return false;
	if (blurs)
		k->side = PICTURE_BLURRED;
	if (!pictures_get(r->desk->pictures, k, &ret->body, &jpeg, &there, e))
		return false;
	if (!there) {
		ret->waits = k;
		ret->status = 429; /* if too many wait already */
		ret->type = "text/plain";
		return true;
	}
	ret->type = jpeg ? "image/jpeg" : "image/png";
	ret->disposition = "inline; filename=\"picture\"";
	return true;
}

bool
look_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct look_page p = { 0 };
	struct picture_place picture = { .page = request_number(
					     request_query(r, "page"), 0, PAGE_MOST),
		.time = or_none(request_query(r, "time")) };
	struct picture_key k;
	struct item it;

	if (!find(r, &it, &p.graphic, e) || !key_of(r, &it, &k, e) ||
	    !picture_blurs(r, &it, p.graphic, &picture.blurred, e) ||
	    !clear_get(r, &p.shows_clearly, e))
		return false;
	p.id = it.id;
	p.picture = &picture;
	p.n_picture = 1;
	if (picture.page) {
		p.before = picture.page - 1;
		p.after = picture.page + 1;
	}
	p.frame = page_frame(r, it.title, "");
	page_look(&h, &p);
	return true;
}

/* Back to where the form stood. */
static bool
go_back(struct request *r, struct reply *ret, const char *otherwise)
{
	const char *to = request_field(r, "to");

	return reply_see(ret, html_is_local(to) ? to : otherwise);
}

/* This browser shows pictures clearly from now on, or not. */
bool
clear_page(struct request *r, struct reply *ret, struct err *e)
{
	return clear_set(r, strcmp(request_field(r, "pictures"), "clear") == 0, e) &&
	    go_back(r, ret, "/me");
}

bool
graphic_page(struct request *r, struct reply *ret, struct err *e)
{
	struct act_graphic io = { .actor = r->who.name,
		.name = r->part[0],
		.reason = or_none(request_field(r, "reason")),
		.undo = *request_field(r, "undo") };
	struct draft d;

	act_graphic(&d, &io);
	return log_append(mechanism_log(r->desk->m), &d, 1, true, e) &&
	    reply_see(ret, arena_printf(r->a, "/items/%s", io.item.s));
}
