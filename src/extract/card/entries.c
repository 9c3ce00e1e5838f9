/* Entries of cards and calendars, on their way out: lines of text, an anchor each, and the files in them. */
#include <string.h>

#include "extract/child/base64_private.h"
#include "extract/child/content_private.h"

enum { NAME_BYTES = 200 };

void
entries_start(struct entries *s, const void *p, size_t n, struct output *o)
{
	bool same = false;
	struct err e;

	*s = (struct entries){
		.o = o,
		.d = document_init(o),
		.a = arena_new(),
		.enc = text_detect(p, n, NULL),
		.wide = buf_init((size_t)o->text_max),
		.left = unpack_bound(n),
	};
	if (strncmp(s->enc.name, "UTF-16", 6) == 0 || strncmp(s->enc.name, "UTF-32", 6) == 0) {
		if (!text_decode(p, n, &s->enc, &s->wide, &same, &e))
			buf_reset(&s->wide);
		p = buf_peek(&s->wide);
		n = s->wide.n;
	} else {
		p = (const uint8_t *)p + MIN(s->enc.skip, n);
		n -= MIN(s->enc.skip, n);
	}
	s->r = (struct content_reader){
		.p = p, .end = (const uint8_t *)p + n, .line = buf_init(CONTENT_LINE)
	};
}

void
entries_done(struct entries *s)
{
	for (size_t i = 0; i < s->n_files; i++)
		buf_done(&s->files[i].bytes);
	free(s->files);
	document_done(&s->d);
	buf_done(&s->r.line);
	buf_done(&s->wide);
	arena_free(s->a);
}

void
entry_begin(struct entries *s, unsigned line)
{
	if (s->open) {
		s->unended++;
		entry_end(s);
	}
	s->open = true;
	s->entry++;
	s->line = line;
	s->fresh = true;
}

void
entry_end(struct entries *s)
{
	if (!s->open)
		return;
	s->open = false;
	if (s->fresh)
		return; /* nothing stands in it */
	document_number(&s->d, "entry", s->entry);
	document_number(&s->d, "line", s->line);
	document_anchor(&s->d, s->from);
}

static bool
is_blank(const struct buf *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] != ' ' && b->p[i] != '\t' && b->p[i] != '\n')
			return false;
	return true;
}

void
entry_line(struct entries *s, const char *label, const char *kinds,
    const struct content_line *l, const struct buf *value)
{
	AUTO_VAL(buf) head = buf_init(4096);
	size_t n = value->n;

	if (is_blank(value))
		return;
	while (n && (value->p[n - 1] == '\n' || value->p[n - 1] == ' '))
		n--;
	buf_str(&head, label);
	if (*kinds)
		buf_printf(&head, " (%s)", kinds);
	if (*l->group)
		buf_printf(&head, " [%.40s]", l->group);
	buf_str(&head, ": ");
	document_break(&s->d, s->fresh ? 2 : 1);
	if (s->fresh)
		s->from = document_at(&s->d);
	s->fresh = false;
	document_add(&s->d, head.p, head.n);
	document_add(&s->d, value->p, n);
}

static int
hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
unquote(const char *p, size_t n, struct buf *ret)
{
	for (size_t i = 0; i < n; i++) {
		int high = p[i] == '=' && i + 2 < n ? hex((uint8_t)p[i + 1]) : -1,
		    low = high >= 0 ? hex((uint8_t)p[i + 2]) : -1;

		if (low >= 0)
			i += 2;
		buf_byte(ret, low >= 0 ? (uint8_t)(high * 16 + low) : (uint8_t)p[i]);
	}
}

void
entry_value(struct entries *s, const struct content_line *l, struct buf *ret)
{
	AUTO_VAL(buf) raw = buf_init(CONTENT_LINE);
	const char *charset = content_param(l, "CHARSET"), *p = l->value;
	struct text_encoding enc = { .name = "UTF-8" };
	size_t n = l->n;
	bool same = false;
	struct err e;

	if (content_encoding(l) == CONTENT_QUOTED) {
		unquote(p, n, &raw);
		p = buf_peek(&raw);
		n = raw.n;
	}
	if (!text_valid(p, n)) {
		enc = *charset ? text_detect(p, n, charset) : s->enc;
		if (!*charset && strcmp(enc.name, "UTF-8") == 0)
			enc = text_detect(p, n, NULL);
		enc.skip = 0;
	}
	if (text_decode(p, n, &enc, ret, &same, &e) && same)
		buf_add(ret, p, n);
}

/* "photo.jpg": by the property, and by the media type or the kind that is told. */
static const char *
file_name(struct entries *s, const struct content_line *l, const char *type, size_t n)
{
	const char *given = content_param(l, "X-FILENAME"), *slash = memchr(type, '/', n);
	char name[64];
	size_t k = 0;

	if (!*given)
		given = content_param(l, "FILENAME");
	if (*given)
		return arena_printf(s->a, "entry-%u/%.*s", s->entry, NAME_BYTES, given);
	for (; l->name[k] && k < 40; k++)
		name[k] = (char)(l->name[k] >= 'A' && l->name[k] <= 'Z' ? l->name[k] + 32 :
									  l->name[k]);
	name[k] = 0;
	if (slash) {
		n -= (size_t)(slash + 1 - type);
		type = slash + 1;
	}
	for (size_t i = 0; i < n; i++)
		if (!((type[i] | 0x20) >= 'a' && (type[i] | 0x20) <= 'z'))
			n = 0;
	if (n == 0 || n > 10)
		return arena_printf(s->a, "entry-%u/%s", s->entry, name);
	name[k++] = '.';
	for (size_t i = 0; i < n; i++)
		name[k++] = (char)(type[i] | 0x20);
	return arena_printf(s->a, "entry-%u/%.*s", s->entry, (int)k, name);
}

static void
unbase64(const char *p, const char *end, struct buf *ret)
{
	struct base64 state = { 0 };
	uint8_t out[3 * 1024 + 3];

	while (p < end) {
		size_t some = MIN((size_t)(end - p), (size_t)4 * 1024);

		buf_add(ret, out, base64_step(&state, p, some, out));
		p += some;
	}
}

static struct buf *
new_file(struct entries *s, const char *name, size_t most)
{
	if (s->n_files == s->files_cap) {
		s->files_cap = 2 * s->files_cap + 16;
		s->files = mem_grow(s->files, s->files_cap * sizeof *s->files);
	}
	s->files[s->n_files] = (struct content_file){ .name = name, .bytes = buf_init(most) };
	return &s->files[s->n_files++].bytes;
}

bool
entry_file(struct entries *s, const struct content_line *l)
{
	const char *p = l->value, *end = p + l->n, *comma = NULL,
		   *type = content_param(l, "FMTTYPE");
	size_t type_n;
	struct buf *to;

	if (!*type)
		type = content_param(l, "TYPE");
	type_n = strlen(type);
	if (content_encoding(l) != CONTENT_BASE64) {
		if (l->n < 5 || strncasecmp(p, "data:", 5) != 0)
			return false;
		comma = memchr(p, ',', l->n);
		if (!comma || comma - p < 7 || strncasecmp(comma - 7, ";base64", 7) != 0)
			return false;
		type = p + 5;
		type_n = strcspn(type, ";,");
		p = comma + 1;
	}
	if (s->n_files == unpack_limits.files) {
		s->left_out++;
		return true;
	}
	to = new_file(
	    s, file_name(s, l, type, type_n), (size_t)MIN(s->left, (uint64_t)(end - p)));
	unbase64(p, end, to);
	s->left -= to->n;
	if (to->full)
		s->left_out++;
	if (!to->n) {
		buf_done(to);
		s->n_files--;
	}
	return true;
}

static void
note(struct buf *b, size_t n, const char *one, const char *many)
{
	if (n)
		buf_printf(b, "%s%zu %s", b->n ? "; " : "", n, n == 1 ? one : many);
}

bool
entries_finish(struct entries *s, const char *what, struct err *e)
{
	AUTO_VAL(buf) why = buf_init(2 * WHY_MAX);

	if (!s->entry)
		return err_set(e, ERR_DAMAGED, "there is no %s in it", what);
	if (s->open) {
		s->unended++;
		entry_end(s);
	}
	if (!document_end(&s->d, e))
		return false;
	for (size_t i = 0; i < s->n_files; i++) {
		output_file(s->o, s->files[i].name);
		output_bytes(s->o, s->files[i].bytes.p, s->files[i].bytes.n);
		if (s->files[i].bytes.full)
			output_file_cut(s->o, "it is larger than what may come out of this");
		else
			output_file_end(s->o);
	}
	note(&why, s->unended, "entry has no end", "entries have no end");
	note(&why, s->r.broken, "line cannot be read", "lines cannot be read");
	note(&why, s->left_out, "file is too large, or one too many",
	    "files are too large, or too many");
	if (s->left_out)
		output_reason(s->o, EXTRACT_BOUND);
	output_end(s->o, buf_peek(&why));
	return true;
}
