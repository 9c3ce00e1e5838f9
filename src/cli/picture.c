/* vigil picture: what an item looks like, without its bytes meeting a viewer's decoder. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/foreign.h"
#include "cli/item.h"
#include "extract/extract.h"
#include "intake/intake.h"

enum { PICTURE_MAX = 256 << 20, PAGE_MAX = 1000000, SIDE_MAX = 20000 };

static bool
make(struct ctx *c, const struct item *it, const struct extract_view *v, struct buf *ret,
    bool *ret_jpeg, struct err *e)
{
	const struct extract_limits limits = mechanism_limits(c->m);
	AUTO(extractor) *x = NULL;

	if (!extract_can_view(it->media_type))
		return err_set(
		    e, ERR_INVALID, "an item of type %s cannot be looked at", it->media_type);
	x = extractor_open(extractor_path(c->a), &limits, e);
	return x && intake_view(c->s, x, &it->sha256, it->media_type, v, ret, ret_jpeg, e);
}

static bool
give(struct ctx *c, const struct item *it, const struct buf *b, bool jpeg, struct err *e)
{
	const char *path = ctx_option(c, "output");
	struct line l;

	if (!path)
		return fwrite(b->p, 1, b->n, stdout) == b->n ||
		    err_errno(e, "cannot write the output");
	if (!io_replace_file(path, b->p, b->n, 0600, e))
		return false;
	if (!c->json)
		return true;
	l = line_start();
	line_str(&l, "item", it->id);
	line_str(&l, "path", path);
	line_str(&l, "media_type", jpeg ? "image/jpeg" : "image/png");
	line_int(&l, "bytes", b->n);
	line_end(&l);
	return true;
}

bool
picture_run(struct ctx *c, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(PICTURE_MAX);
	struct shown x = { 0 };
	const char *time = ctx_option(c, "time");
	uint64_t page, side, ms = 0;
	bool jpeg;

	if (!ctx_number(c, "page", 1, PAGE_MAX, &page, e) ||
	    !ctx_number(c, "size", 0, SIDE_MAX, &side, e) ||
	    (time && !intake_view_time(time, &ms, e)))
		return false;
	if (!page)
		return err_set(e, ERR_INVALID, "pages count from 1");
	if (!ctx_option(c, "output") && (c->json || isatty(STDOUT_FILENO)))
		return err_set(e, ERR_INVALID, "a picture is nothing for %s: -o FILE",
		    c->json ? "--json" : "a terminal");
	if (!item_look_up(c, c->args[0], &x, e) || !item_usable(&x.item, e) ||
	    !item_opened(c, &x.item, false, e))
		return false;
	return make(c, &x.item,
		   &(struct extract_view){
		       .page = (uint32_t)page, .side = (uint32_t)side, .time = ms },
		   &b, &jpeg, e) &&
	    give(c, &x.item, &b, jpeg, e);
}
