/* What a child says is checked frame by frame, before any of it is believed. */
#include "extract/answer_private.h"

#include <string.h>

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
		.text_max = text_max,
	};
}

void
answer_done(struct answer *s)
{
	buf_done(&s->raw);
	buf_done(&s->text);
	buf_done(&s->fields);
}

void
answer_reset(struct answer *s)
{
	if (s->text.cap > KEEP || s->raw.cap > KEEP) {
		uint64_t text_max = s->text_max;

		answer_done(s);
		answer_init(s, text_max);
		return;
	}
	buf_reset(&s->raw);
	buf_reset(&s->text);
	buf_reset(&s->fields);
	s->n_fields = 0;
	s->seen = 0;
	s->last = 0;
	s->same = false;
	s->language[0] = s->why[0] = 0;
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
	unsigned bit;
	size_t n;

	if (!end)
		return err_set(e, ERR_INVALID, "a field without a name");
	rule = field_find((const char *)f->body, (size_t)(end - f->body));
	if (!rule)
		return err_set(e, ERR_INVALID, "a field that is not in the table");
	value = (const char *)end + 1;
	n = f->len - (size_t)(end + 1 - f->body);
	if (n > rule->max || !one_line(value, n))
		return err_set(e, ERR_INVALID, "field %s is not one line of at most %zu bytes",
		    rule->name, rule->max);
	bit = 1u << field_index(rule);
	if (s->n_fields == FIELDS_MAX || (!rule->many && s->seen & bit))
		return err_set(e, ERR_INVALID, "too many fields (%s)", rule->name);
	s->n_fields++;
	s->seen |= bit;
	buf_add(&s->fields, rule->name, strlen(rule->name) + 1);
	buf_add(&s->fields, value, n);
	buf_byte(&s->fields, 0);
	return buf_ok(&s->fields, "fields", e);
}

static bool
take_text(struct answer *s, const struct frame *f, struct err *e)
{
	if (!f->len || !text_valid(f->body, f->len))
		return err_set(e, ERR_INVALID, "a piece of text that is empty or not UTF-8");
	buf_add(&s->text, f->body, f->len);
	return buf_ok(&s->text, "text", e);
}

static bool
take_same(struct answer *s, const struct frame *f, struct err *e)
{
	if (f->len)
		return err_set(e, ERR_INVALID, "SAME with a body");
	s->same = true;
	return true;
}

static bool
take_language(struct answer *s, const struct frame *f, struct err *e)
{
	if (!language_shape(f->body, f->len))
		return err_set(e, ERR_INVALID, "a language tag of the wrong shape");
	memcpy(s->language, f->body, f->len);
	s->language[f->len] = 0;
	return true;
}

static bool
take_end(struct answer *s, const struct frame *f, struct err *e)
{
	bool spoke = s->last == FRAME_TEXT || s->last == FRAME_SAME;
	const char *why = (const char *)f->body + 1;
	size_t n = f->len - 1;

	if (!f->len || f->body[0] > EXTRACT_FAILED)
		return err_set(e, ERR_INVALID, "END without a known status");
	s->status = (enum extract_status)f->body[0];
	if ((s->status == EXTRACT_OK) != spoke)
		return err_set(e, ERR_INVALID, "END contradicts what came before");
	if (s->status == EXTRACT_FAILED ? n > WHY_MAX || !one_line(why, n) : n > 0)
		return err_set(e, ERR_INVALID, "END with a reason that does not belong there");
	memcpy(s->why, why, n);
	s->why[n] = 0;
	return true;
}

#define AFTER(k) (1u << (k))
static const struct {
	unsigned after; /* the kinds that may come before; none: only rows have it (rows.c) */
	bool (*take)(struct answer *s, const struct frame *f, struct err *e);
} rules[] = {
	[FRAME_FIELD] = { AFTER(0) | AFTER(FRAME_FIELD), take_field },
	[FRAME_LANGUAGE] = { AFTER(0) | AFTER(FRAME_FIELD), take_language },
	[FRAME_TEXT] = { AFTER(0) | AFTER(FRAME_FIELD) | AFTER(FRAME_LANGUAGE) |
		AFTER(FRAME_TEXT),
	    take_text },
	[FRAME_SAME] = { AFTER(0) | AFTER(FRAME_FIELD) | AFTER(FRAME_LANGUAGE), take_same },
	[FRAME_END] = { (AFTER(FRAME_KINDS) - 1) & ~AFTER(FRAME_END), take_end },
	[FRAME_BYTES] = { 0 },
};
_Static_assert(LEN(rules) == FRAME_KINDS, "every kind has a rule");

bool
answer_feed(struct answer *s, const void *p, size_t n, struct err *e)
{
	struct reader r;
	struct frame f;

	buf_add(&s->raw, p, n);
	if (!buf_ok(&s->raw, "frame", e))
		return false;
	r = (struct reader){ (const uint8_t *)buf_peek(&s->raw), s->raw.n, false };
	while (frame_ready(&r)) {
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
