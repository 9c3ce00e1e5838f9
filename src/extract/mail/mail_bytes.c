/* The bytes of parts: where they lie, decoded, and out as files. Nothing is copied before it is decoded. */
#include "extract/mail/mail_private.h"

#include <string.h>

#include "extract/child/base64_private.h"

enum { STEP = 60 * 1024 }; /* bytes decoded at once */

bool
mail_content(GMimePart *part, struct mail_file *ret)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	GByteArray *bytes = stream && GMIME_IS_STREAM_MEM(stream) ?
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream)) :
	    NULL;
	size_t from, to;

	if (!bytes)
		return false;
	from = (size_t)stream->bound_start;
	to = stream->bound_end < 0 ? bytes->len : (size_t)stream->bound_end;
	if (from > to || to > bytes->len)
		return false;
	*ret = (struct mail_file){
		.p = bytes->data + from,
		.n = to - from,
		.encoding = g_mime_data_wrapper_get_encoding(content),
	};
	return true;
}

static bool
is_quoted_from(const char *line, size_t n)
{
	size_t i = 0;

	while (i < n && line[i] == '>')
		i++;
	return i && n - i >= 5 && memcmp(line + i, "From ", 5) == 0;
}

/* Takes one > off from lines that begin with >From, >>From ...: mailboxes put it there. */
static void
unquote(const char *p, size_t n, struct buf *ret)
{
	const char *end = p + n, *from = p;

	for (const char *at = p; at < end;) {
		const char *eol;

		if (is_quoted_from(at, (size_t)(end - at))) {
			buf_add(ret, from, (size_t)(at - from));
			from = at + 1;
		}
		eol = memchr(at, '\n', (size_t)(end - at));
		at = eol ? eol + 1 : end;
	}
	buf_add(ret, from, (size_t)(end - from));
}

const char *
uu_begin(const char *line, size_t n, size_t *ret_n)
{
	size_t i = 6;

	if (n < 11 || memcmp(line, "begin ", 6) != 0)
		return NULL;
	while (i < n && line[i] >= '0' && line[i] <= '7')
		i++;
	if (i < 9 || i > 10 || i + 1 >= n || line[i] != ' ')
		return NULL;
	*ret_n = n - i - 1;
	return line + i + 1;
}

bool
uu_line(const char *line, size_t n, struct buf *ret)
{
	size_t len = n ? ((uint8_t)line[0] - ' ') & 0x3f : 0, need = (len + 2) / 3 * 4;

	if (!n || line[0] < ' ' || line[0] > '`' || n < 1 + len * 4 / 3)
		return false;
	for (size_t i = 1; i < n; i++)
		if (line[i] < ' ' || line[i] > '`')
			return false;
	for (size_t i = 0; i < need; i += 4) {
		uint32_t v = 0;

		for (size_t k = 1; k <= 4; k++) /* spaces at the end may be gone */
			v = v << 6 | (i + k < n ? ((uint8_t)line[i + k] - ' ') & 0x3f : 0);
		for (size_t k = 0; k < 3 && i / 4 * 3 + k < len; k++)
			buf_byte(ret, (uint8_t)(v >> (16 - 8 * k)));
	}
	return true;
}

static void
uu_decode(const char *p, size_t n, struct buf *ret)
{
	const char *end = p + n;
	bool begun = false;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((eol ? eol : end) - p), name;

		if (len && p[len - 1] == '\r')
			len--;
		if (!begun)
			begun = uu_begin(p, len, &name) != NULL;
		else if ((len == 3 && memcmp(p, "end", 3) == 0) || !uu_line(p, len, ret))
			return;
		p = eol ? eol + 1 : end;
	}
}

/* Gives the decoded bytes piece by piece. */
struct decoding {
	struct base64 base64;
	GMimeEncoding state;
	const char *p;
	size_t left;
	char out[2 * STEP];
};

static void
decoding_start(struct decoding *d, const struct mail_file *f)
{
	d->base64 = (struct base64){ 0 };
	g_mime_encoding_init_decode(&d->state, f->encoding);
	d->p = (const char *)f->p;
	d->left = f->n;
}

static size_t
decoding_next(struct decoding *d)
{
	size_t some = MIN(d->left, (size_t)STEP), n;

	if (d->state.encoding == GMIME_CONTENT_ENCODING_BASE64)
		n = base64_step(&d->base64, d->p, some, (uint8_t *)d->out);
	else
		n = some < d->left ? g_mime_encoding_step(&d->state, d->p, some, d->out) :
				     g_mime_encoding_flush(&d->state, d->p, some, d->out);
	d->p += some;
	d->left -= some;
	return n;
}

static bool
is_plain(GMimeContentEncoding e)
{
	return e != GMIME_CONTENT_ENCODING_BASE64 &&
	    e != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE && e != GMIME_CONTENT_ENCODING_UUENCODE;
}

void
mail_decode(const struct mail_file *f, struct buf *ret)
{
	static struct decoding d;

	if (f->encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
		uu_decode((const char *)f->p, f->n, ret);
	} else if (!is_plain(f->encoding)) {
		decoding_start(&d, f);
		while (d.left)
			buf_add(ret, d.out, decoding_next(&d));
	} else if (f->quoted) {
		unquote((const char *)f->p, f->n, ret);
	} else {
		buf_add(ret, f->p, f->n);
	}
}

void
mail_add_file(struct mail *m, const struct mail_place *at, const char *name,
    const struct mail_file *content)
{
	struct mail_file f = *content;

	if (m->files.n / sizeof f >= unpack_limits.files) {
		m->left_out++;
		return;
	}
	f.name = arena_printf(m->a, "%s%s", at->folder, name);
	f.quoted = m->quoted;
	buf_add(&m->files, &f, sizeof f);
}

static bool
write_file(struct output *o, const struct mail_file *f, uint64_t *left)
{
	static struct decoding d;
	uint64_t most = MIN(*left, o->text_max);
	AUTO_VAL(buf) whole = buf_init((size_t)most);
	uint64_t size = 0;

	output_file(o, f->name);
	if (f->encoding == GMIME_CONTENT_ENCODING_BASE64 ||
	    f->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
		decoding_start(&d, f);
		while (d.left && size <= most) {
			size_t n = decoding_next(&d);

			size += n;
			if (size <= most)
				output_bytes(o, d.out, n);
		}
	} else if (f->encoding == GMIME_CONTENT_ENCODING_UUENCODE || f->quoted) {
		mail_decode(f, &whole);
		size = whole.full ? most + 1 : whole.n;
		output_bytes(o, buf_peek(&whole), whole.n);
	} else {
		size = f->n;
		output_bytes(o, f->p, (size_t)MIN(size, most));
	}
	*left -= MIN(*left, size);
	if (size <= most)
		output_file_end(o);
	else
		output_file_cut(o, "it is larger than what may come out of a message");
	return size <= most;
}

void
mail_write_files(struct mail *m, uint64_t most)
{
	const struct mail_file *f = (const void *)buf_peek(&m->files);
	size_t n = m->files.n / sizeof *f;

	if (m->files.full)
		m->left_out++;
	for (size_t i = 0; i < n; i++)
		m->left_out += !write_file(m->o, &f[i], &most);
}
