/* What a child says is checked frame by frame, before any of it is believed. */
#include "extract/client/answer_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "extract/frame.h"
#include "text/text.h"

enum { KEEP = 1 << 20 }; /* memory that an idle answer may hold on to */

void
answer_init(struct answer *s, uint64_t text_max)
{
	size_t fields = FIELDS_MAX * (2000 + 32); /* longer than any field of the table */

	*s = (struct answer){
		.raw = buf_init(2 * (FRAME_MAX + FRAME_HEADER)),
		.text = buf_init(text_max),
		.fields = buf_init(fields),
		.anchors = buf_init(ANCHORS_MAX),
		.path = buf_init(FILE_PATH_MAX + 1),
		.file = buf_init(text_max),
		.text_max = text_max,
	};
}

void
answer_done(struct answer *s)
{
	buf_done(&s->raw);
	buf_done(&s->text);
	buf_done(&s->fields);
	buf_done(&s->anchors);
	buf_done(&s->path);
	buf_done(&s->file);
}

void
answer_reset(struct answer *s)
{
	if (s->text.cap > KEEP || s->raw.cap > KEEP || s->anchors.cap > KEEP ||
	    s->file.cap > KEEP) {
		uint64_t text_max = s->text_max;

		answer_done(s);
		answer_init(s, text_max);
		return;
	}
	buf_reset(&s->raw);
	buf_reset(&s->text);
	buf_reset(&s->fields);
	buf_reset(&s->anchors);
	buf_reset(&s->path);
	buf_reset(&s->file);
	s->in_file = s->file_ready = false;
	s->anchor_from = 0;
	s->n_fields = 0;
	s->seen = 0;
	s->last = 0;
	s->same = false;
	s->reason = EXTRACT_NO_REASON;
	s->language[0] = s->why[0] = s->cut[0] = 0;
}

void
answer_begin_with(struct answer *s, const struct answer *first)
{
	answer_reset(s);
	s->item = first->item;
	buf_add(&s->fields, first->fields.p, first->fields.n);
	s->n_fields = first->n_fields;
	s->seen = first->seen;
}

bool
answer_ended(const struct answer *s)
{
	return s->last == FRAME_END;
}

static bool
take_field(struct answer *s, const struct frame *f, struct err *e)
{
	const uint8_t *end = f->len ? memchr(f->body, 0, f->len) : NULL;
	const struct field_rule *rule;
	const char *value;
	uint64_t bit;
	size_t n;

	if (!end || s->in_file)
		return err_set(e, ERR_INVALID, "a field without a name, or within a file");
	rule = field_find((const char *)f->body, (size_t)(end - f->body));
	if (!rule)
		return err_set(e, ERR_INVALID, "a field that is not in the table");
	value = (const char *)end + 1;
	n = f->len - (size_t)(end + 1 - f->body);
	if (n > rule->max || !one_line(value, n))
		return err_set(e, ERR_INVALID, "field %s is not one line of at most %zu bytes",
		    rule->name, rule->max);
	bit = field_bit(rule);
	if (s->n_fields == FIELDS_MAX || (!rule->many && s->seen & bit))
		return err_set(e, ERR_INVALID, "too many fields (%s)", rule->name);
	s->n_fields++;
	s->seen |= bit;
	buf_add(&s->fields, rule->name, strlen(rule->name) + 1);
	buf_add(&s->fields, value, n);
	buf_byte(&s->fields, 0);
	return buf_ok(&s->fields, "fields", e);
}

/* Language and text come once: before the first embedded file, or behind the last one at hand. */
static bool
late(const struct answer *s)
{
	return s->in_file || s->text.n || s->same;
}

static bool
take_text(struct answer *s, const struct frame *f, struct err *e)
{
	if ((late(s) && s->last != FRAME_TEXT) || !f->len || !text_valid(f->body, f->len))
		return err_set(
		    e, ERR_INVALID, "a piece of text that is empty, not UTF-8 or too late");
	buf_add(&s->text, f->body, f->len);
	return buf_ok(&s->text, "text", e);
}

static bool
take_same(struct answer *s, const struct frame *f, struct err *e)
{
	if (late(s) || f->len)
		return err_set(e, ERR_INVALID, "SAME with a body, or too late");
	s->same = true;
	return true;
}

static bool
take_language(struct answer *s, const struct frame *f, struct err *e)
{
	if (late(s) || s->language[0] || !language_shape(f->body, f->len))
		return err_set(
		    e, ERR_INVALID, "a language tag of the wrong shape, or too late");
	memcpy(s->language, f->body, f->len);
	s->language[f->len] = 0;
	return true;
}

/* Name and value of one anchor, into its line. */
static bool
take_anchor_word(struct reader *r, struct arena *a, struct json *line, struct err *e)
{
	const char *name = (const char *)r->p, *value;
	const struct anchor_rule *rule;
	size_t n = strnlen(name, r->left);

	if (n == r->left || !(rule = anchor_find(name)))
		return err_set(e, ERR_INVALID, "an anchor that is not in the table");
	value = name + n + 1;
	n = strnlen(value, r->left - n - 1);
	if (!read_bytes(r, strlen(name) + 1 + n + 1) || n > ANCHOR_VALUE_MAX ||
	    !one_line(value, n))
		return err_set(e, ERR_INVALID, "anchor %s is not one line", rule->name);
	if (!rule->number) {
		json_put_str(a, line, rule->name, value);
		return true;
	}
	if (n > 9 || strspn(value, "0123456789") != n)
		return err_set(e, ERR_INVALID, "anchor %s is no number", rule->name);
	json_put_int(a, line, rule->name, strtoll(value, NULL, 10));
	return true;
}

static bool
take_anchors(struct answer *s, const struct frame *f, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct reader r = { f->body, f->len, false };
	uint64_t end = s->same ? s->item : s->text.n;

	while (r.left) {
		struct json *line = json_new_map(a);
		uint64_t from = read_u64(&r), to = read_u64(&r);

		if (r.bad || from < s->anchor_from || to < from || to > end)
			return err_set(e, ERR_INVALID, "an anchor outside of the text");
		s->anchor_from = from;
		json_put_int(a, line, "start", (int64_t)from);
		json_put_int(a, line, "end", (int64_t)to);
		do
			if (!take_anchor_word(&r, a, line, e))
				return false;
		while (r.left && *r.p);
		if (r.left)
			(void)read_bytes(&r, 1);
		json_write(&s->anchors, line);
		buf_byte(&s->anchors, '\n');
	}
	return buf_ok(&s->anchors, "anchors", e);
}

static bool
take_file(struct answer *s, const struct frame *f, struct err *e)
{
	if (s->in_file || !path_inside((const char *)f->body, f->len))
		return err_set(
		    e, ERR_INVALID, "an embedded file whose path leads out, or within another");
	buf_reset(&s->path);
	buf_reset(&s->file);
	s->cut[0] = 0;
	buf_add(&s->path, f->body, f->len);
	s->in_file = true;
	return true;
}

static bool
take_bytes(struct answer *s, const struct frame *f, struct err *e)
{
	if (!s->in_file)
		return err_set(e, ERR_INVALID, "bytes of no file");
	buf_add(&s->file, f->body, f->len);
	s->in_file = f->len > 0;
	s->file_ready = !s->in_file;
	return buf_ok(&s->file, "an embedded file", e);
}

static bool
take_cut(struct answer *s, const struct frame *f, struct err *e)
{
	if (!s->in_file || f->len > WHY_MAX || !one_line(f->body, f->len))
		return err_set(
		    e, ERR_INVALID, "a file is cut short without a reason, or there is none");
	memcpy(s->cut, f->body, f->len);
	s->cut[f->len] = 0;
	s->in_file = false;
	s->file_ready = true;
	return true;
}

static bool
take_end(struct answer *s, const struct frame *f, struct err *e)
{
	bool spoke = s->text.n || s->same;
	const char *why = (const char *)f->body + 2;
	size_t n = f->len - 2;

	if (f->len < 2 || f->body[0] > EXTRACT_FAILED || f->body[1] >= EXTRACT_SLOW)
		return err_set(e, ERR_INVALID, "END without a known status and reason");
	s->status = (enum extract_status)f->body[0];
	s->reason = (enum extract_reason)f->body[1];
	if (s->in_file || (s->status == EXTRACT_OK) != spoke)
		return err_set(e, ERR_INVALID, "END contradicts what came before");
	if ((n || s->status == EXTRACT_FAILED) && (n > WHY_MAX || !one_line(why, n)))
		return err_set(e, ERR_INVALID, "END with a reason that is not one line");
	memcpy(s->why, why, n);
	s->why[n] = 0;
	return true;
}

#define AFTER(k) (1u << (k))
#define BEHIND_FILES (AFTER(FRAME_BYTES) | AFTER(FRAME_CUT))
static const struct {
	unsigned after; /* the kinds that may come before; none: only rows have it (rows.c) */
	bool (*take)(struct answer *s, const struct frame *f, struct err *e);
} rules[] = {
	[FRAME_FIELD] = { BEHIND_FILES | AFTER(0) | AFTER(FRAME_FIELD), take_field },
	[FRAME_LANGUAGE] = { BEHIND_FILES | AFTER(0) | AFTER(FRAME_FIELD), take_language },
	[FRAME_TEXT] = { BEHIND_FILES | AFTER(0) | AFTER(FRAME_FIELD) | AFTER(FRAME_LANGUAGE) |
		AFTER(FRAME_TEXT),
	    take_text },
	[FRAME_SAME] = { BEHIND_FILES | AFTER(0) | AFTER(FRAME_FIELD) | AFTER(FRAME_LANGUAGE),
	    take_same },
	[FRAME_END] = { (AFTER(FRAME_KINDS) - 1) & ~AFTER(FRAME_END), take_end },
	[FRAME_FILE] = { (AFTER(FRAME_KINDS) - 1) & ~AFTER(FRAME_END), take_file },
	[FRAME_BYTES] = { AFTER(FRAME_FILE) | AFTER(FRAME_BYTES), take_bytes },
	[FRAME_CUT] = { AFTER(FRAME_FILE) | AFTER(FRAME_BYTES), take_cut },
	[FRAME_ANCHOR] = { AFTER(FRAME_TEXT) | AFTER(FRAME_SAME) | AFTER(FRAME_ANCHOR),
	    take_anchors },
};
_Static_assert(LEN(rules) == FRAME_KINDS, "every kind has a rule");

static bool
take_frames(struct answer *s, struct err *e)
{
	struct reader r = { (const uint8_t *)buf_peek(&s->raw), s->raw.n, false };
	struct frame f;

	while (!s->file_ready && frame_ready(&r)) {
		if (!frame_read(&r, &f, e))
			return false;
		if (!(rules[f.kind].after & AFTER(s->last)))
			return err_set(e, ERR_INVALID, "frame of kind %u after one of kind %u",
			    f.kind, s->last);
		if (!rules[f.kind].take(s, &f, e))
			return false;
		s->last = f.kind;
	}
	if (answer_ended(s) && r.left)
		return err_set(e, ERR_INVALID, "bytes after END");
	memmove(s->raw.p, r.p, r.left);
	s->raw.n = r.left;
	return true;
}

bool
answer_feed(struct answer *s, const void *p, size_t n, struct err *e)
{
	buf_add(&s->raw, p, n);
	return buf_ok(&s->raw, "frame", e) && take_frames(s, e);
}

bool
answer_go_on(struct answer *s, struct err *e)
{
	s->file_ready = false;
	return take_frames(s, e);
}
