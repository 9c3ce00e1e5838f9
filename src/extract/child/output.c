/* Writing frames. A small answer leaves in a single write. */
#include "extract/child/output_private.h"

#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/frame.h"
#include "text/text.h"

enum { PIECE = 64 * 1024 }; /* bytes of text in a frame: what a pipe takes at once */

void
output_init(struct output *o, int fd, uint64_t text_max)
{
	*o = (struct output){
		.fd = fd,
		.text_max = text_max,
		.frames = buf_init(2 * FRAME_MAX),
		.anchors_max = ANCHORS_MAX,
	};
}

void
output_done(struct output *o)
{
	buf_done(&o->frames);
}

static void
frame(struct output *o, enum frame_kind kind, const void *body, size_t n)
{
	frame_write(&o->frames, &(struct frame){ kind, (uint32_t)n, body });
}

/* Nobody reads on: then there is nobody to tell, either. */
static void
flush(struct output *o)
{
	if (o->fd >= 0 && !io_write(o->fd, o->frames.p, o->frames.n))
		_exit(EXIT_OUTPUT);
	buf_reset(&o->frames);
}

/* One line of foreign bytes, which may be no text at all, or text that was cut within a character. */
static void
line_of(struct buf *ret, const void *p, size_t n, size_t max)
{
	const struct text_encoding utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) valid = buf_init(4 * MIN(n, 4 * max) + 4);
	struct err e;
	bool same = false;

	n = text_valid(p, n) ? n : MIN(n, 4 * max);
	if (text_valid(p, n) || (text_decode(p, n, &utf8, &valid, &same, &e) && same))
		one_line_make(ret, p, n, max);
	else
		one_line_make(ret, buf_peek(&valid), valid.n, max);
}

void
output_field(struct output *o, const char *name, const void *value, size_t n)
{
	const struct field_rule *rule = field_find(name, strlen(name));
	AUTO_VAL(buf) body = buf_init(8192);
	uint64_t bit = field_bit(rule);
	size_t head;

	buf_add(&body, name, strlen(name) + 1);
	head = body.n;
	line_of(&body, value, n, rule->max);
	if (body.n == head || o->n_fields == FIELDS_MAX || (!rule->many && o->seen & bit))
		return;
	o->n_fields++;
	o->seen |= bit;
	frame(o, FRAME_FIELD, body.p, body.n);
}

void
output_language(struct output *o, const char *tag)
{
	if (language_shape(tag, strlen(tag)))
		frame(o, FRAME_LANGUAGE, tag, strlen(tag));
}

void
output_reason(struct output *o, enum extract_reason r)
{
	if (!o->reason)
		o->reason = r;
}

void
output_reason_of(struct output *o, const struct err *why)
{
	output_reason(o,
	    why->kind == ERR_TOO_BIG    ? EXTRACT_BOUND :
		why->kind == ERR_DENIED ? EXTRACT_ENCRYPTED :
					  EXTRACT_DAMAGED);
}

static void
end(struct output *o, enum extract_status status, const char *why)
{
	static const char cut[] = "anchors stop before the end, there are too many";
	AUTO_VAL(buf) body = buf_init(2 + WHY_MAX + 8);
	bool add = o->anchors_cut && o->text_said;

	if (add)
		output_reason(o, EXTRACT_BOUND);
	buf_byte(&body, (uint8_t)status);
	buf_byte(&body, (uint8_t)o->reason);
	line_of(&body, why, strlen(why), WHY_MAX - (add ? strlen("; ") + strlen(cut) : 0));
	if (add)
		buf_printf(&body, "%s%s", body.n > 2 ? "; " : "", cut);
	frame(o, FRAME_END, body.p, body.n);
	flush(o);
}

static bool
is_blank(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')))
		i++;
	return i == n;
}

/* In pieces that end at a character. */
static void
write_text(struct output *o, const char *text, size_t n)
{
	while (n) {
		size_t piece = MIN(n, (size_t)PIECE);

		while (piece < n && ((uint8_t)text[piece] & 0xc0) == 0x80)
			piece--;
		frame(o, FRAME_TEXT, text, piece);
		if (o->frames.n >= PIECE)
			flush(o);
		text += piece;
		n -= piece;
	}
}

/* The text alone: what is embedded may follow. */
static bool
say_text(struct output *o, const char *text, size_t n, bool same, struct err *e)
{
	if (n > o->text_max && !same)
		return err_set(e, ERR_TOO_BIG, "the text is longer than %llu MB",
		    (unsigned long long)(o->text_max >> 20));
	if (is_blank(text, n))
		return true;
	if (same)
		frame(o, FRAME_SAME, NULL, 0);
	else
		write_text(o, text, n);
	o->text_said = true;
	return true;
}

bool
output_text_first(struct output *o, const char *text, size_t n, struct err *e)
{
	return say_text(o, text, n, false, e);
}

bool
output_same_first(struct output *o, const char *text, size_t n, struct err *e)
{
	return say_text(o, text, n, true, e);
}

void
output_end(struct output *o, const char *note)
{
	end(o, o->text_said ? EXTRACT_OK : EXTRACT_EMPTY, note);
}

void
output_anchors(struct output *o, const void *p, size_t n)
{
	frame(o, FRAME_ANCHOR, p, n);
	if (o->frames.n >= PIECE)
		flush(o);
}

bool
output_anchor_fits(struct output *o, size_t bytes)
{
	o->anchors_cut |= bytes > o->anchors_max - o->anchors_n;
	if (o->anchors_cut)
		return false;
	o->anchors_n += bytes;
	return true;
}

/* Foreign names are bytes: what is no text becomes U+FFFD, ways out of the container are cut off. */
enum path_fate
output_path(const char *path, struct buf *ret)
{
	const struct text_encoding utf8 = { .name = "UTF-8" };
	AUTO_VAL(buf) valid = buf_init(8 * FILE_PATH_MAX), line = buf_init(8 * FILE_PATH_MAX);
	bool same, inside = *path != '/', text = text_valid(path, strlen(path));
	struct err e;
	const char *from = path;

	if (!text_decode(
		path, MIN(strlen(path), (size_t)4 * FILE_PATH_MAX), &utf8, &valid, &same, &e))
		buf_reset(&valid);
	from = same ? path : buf_peek(&valid);
	one_line_make(&line, from, same ? strlen(path) : valid.n, FILE_PATH_MAX);
	text = text && strcmp(from, buf_peek(&line)) == 0;
	for (const char *at = buf_peek(&line); *at;) {
		size_t n = strcspn(at, "/");
		bool up = n == 2 && strncmp(at, "..", 2) == 0,
		     plain = n && !up && !(n == 1 && *at == '.');

		inside &= !up;
		if (plain && ret->n)
			buf_byte(ret, '/');
		if (plain)
			buf_add(ret, at, n);
		at += n + (at[n] == '/');
	}
	if (!ret->n)
		buf_str(ret, "file");
	return !inside ? PATH_SHORTENED : text ? PATH_KEPT : PATH_ALTERED;
}

void
output_file(struct output *o, const char *path)
{
	AUTO_VAL(buf) out = buf_init(8 * FILE_PATH_MAX);

	(void)output_path(path, &out);
	frame(o, FRAME_FILE, out.p, out.n);
}

void
output_bytes(struct output *o, const void *p, size_t n)
{
	for (const uint8_t *at = p; n;) {
		size_t piece = MIN(n, (size_t)PIECE);

		frame(o, FRAME_BYTES, at, piece);
		flush(o);
		at += piece;
		n -= piece;
	}
}

void
output_file_end(struct output *o)
{
	frame(o, FRAME_BYTES, NULL, 0);
	if (o->frames.n >= PIECE)
		flush(o);
}

void
output_file_cut(struct output *o, const char *why)
{
	AUTO_VAL(buf) line = buf_init(WHY_MAX + 8);

	one_line_make(&line, why, strlen(why), WHY_MAX);
	frame(o, FRAME_CUT, line.p, line.n);
	if (o->frames.n >= PIECE)
		flush(o);
}

void
output_rows(struct output *o, uint32_t kind, const void *body, size_t n)
{
	frame(o, (enum frame_kind)kind, body, n);
	o->rows = true;
	if (o->frames.n >= PIECE)
		flush(o);
}

void
output_rows_end(struct output *o)
{
	end(o, o->rows ? EXTRACT_OK : EXTRACT_EMPTY, "");
}

void
output_failed(struct output *o, const struct err *why)
{
	output_reason_of(o, why);
	/* What was said stands: then it is a text with a note. */
	end(o, o->text_said ? EXTRACT_OK : EXTRACT_FAILED, *why->msg ? why->msg : "failed");
}
