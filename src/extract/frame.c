/* Frames, byte by byte. Used by both sides. */
#include "extract/frame.h"

bool
frame_ready(const struct reader *r)
{
	struct reader ahead = *r;
	uint32_t kind = read_u32(&ahead), len = read_u32(&ahead);

	if (ahead.bad)
		return false;
	return kind == 0 || kind >= FRAME_KINDS || len > FRAME_MAX || len <= ahead.left;
}

bool
frame_read(struct reader *r, struct frame *ret, struct err *e)
{
	struct frame f;

	f.kind = read_u32(r);
	f.len = read_u32(r);
	if (!r->bad && (f.kind == 0 || f.kind >= FRAME_KINDS))
		return err_set(e, ERR_INVALID, "frame of unknown kind %u", f.kind);
	if (f.len > FRAME_MAX)
		return err_set(e, ERR_TOO_BIG, "frame of %u bytes", f.len);
	f.body = read_bytes(r, f.len);
	if (r->bad)
		return err_set(e, ERR_INVALID, "frame cut short");
	*ret = f;
	return true;
}

void
frame_write(struct buf *b, const struct frame *f)
{
	buf_u32be(b, f->kind);
	buf_u32be(b, f->len);
	buf_add(b, f->body, f->len);
}
