/* Speaking: JSON lines, and plain lines in which foreign text cannot drive the terminal. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/code.h"
#include "cli/cli.h"

enum { LINE_MAX_BYTES = 256 << 20 };

static uint64_t n_lines; /* of JSON, printed so far */
static struct buf
    *captured; /* what takes the place of the standard output; NULL: nothing does */

void
output_capture(struct buf *b)
{
	captured = b;
}

static void
put(const void *p, size_t n)
{
	if (captured)
		buf_add(captured, p, n);
	else
		fwrite(p, 1, n, stdout);
}

uint64_t
lines_printed(void)
{
	return n_lines;
}

/* DEL and C1 (as UTF-8: C2 80 to C2 9F) are allowed in JSON, and drive some terminals. They
 * stand in strings only, where an escape says the same. */
static void
print_line(const struct buf *b)
{
	char escape[8];
	size_t from = 0;

	for (size_t i = 0; i < b->n; i++) {
		bool c1 = b->p[i] == 0xc2 && i + 1 < b->n && b->p[i + 1] < 0xa0;

		if (!c1 && b->p[i] != 0x7f)
			continue;
		put(b->p + from, i - from);
		i += c1;
		snprintf(escape, sizeof escape, "\\u%04x", b->p[i]);
		put(escape, strlen(escape));
		from = i + 1;
	}
	put(b->p + from, b->n - from);
	n_lines++;
}

struct line
line_start(void)
{
	struct line l = { .b = buf_init(LINE_MAX_BYTES) };

	buf_byte(&l.b, '{');
	return l;
}

static void
name(struct line *l, const char *s)
{
	if (l->some)
		buf_byte(&l->b, ',');
	l->some = true;
	json_write_str(&l->b, s, strlen(s));
	buf_byte(&l->b, ':');
}

void
line_str(struct line *l, const char *field, const char *s)
{
	name(l, field);
	if (s)
		json_write_str(&l->b, s, strlen(s));
	else
		buf_str(&l->b, "null");
}

void
line_int(struct line *l, const char *field, uint64_t v)
{
	name(l, field);
	buf_printf(&l->b, "%llu", (unsigned long long)v);
}

void
line_real(struct line *l, const char *field, double v)
{
	name(l, field);
	buf_printf(&l->b, "%.4f", v);
}

void
line_bool(struct line *l, const char *field, bool v)
{
	name(l, field);
	buf_str(&l->b, v ? "true" : "false");
}

void
line_end(struct line *l)
{
	buf_str(&l->b, "}\n");
	print_line(&l->b);
	buf_done(&l->b);
}

void
line_json(const struct json *j)
{
	AUTO_VAL(buf) b = buf_init(LINE_MAX_BYTES);

	json_write(&b, j);
	buf_byte(&b, '\n');
	print_line(&b);
}

void
line_bytes(struct line *l, const char *field, const char *s)
{
	AUTO(arena) *a = arena_new();
	char *bytes;

	line_str(l, field, s);
	if (strcmp(json_str(json_new_str(a, s)), s) == 0)
		return;
	bytes = arena_alloc(a, base64_len(strlen(s)) + 1);
	base64_encode(s, strlen(s), bytes);
	line_str(l, arena_printf(a, "%s_base64", field), bytes);
}

/* C0, DEL and C1 (as UTF-8: C2 80 to C2 9F); newline and tab stay. */
static void
make_clean(char *s)
{
	char *to = s;

	for (; *s; s++) {
		unsigned char c = (unsigned char)s[0], next = (unsigned char)s[1];
		bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;

		*to++ = c1 || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? '?' : *s;
		s += c1;
	}
	*to = 0;
}

static void
say_all(const char *fmt, va_list ap)
{
	va_list again;
	AUTO(arena) *a = arena_new();
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	make_clean(s);
	put(s, strlen(s));
}

/* How many bytes at s are a control, or turn the writing direction, or end a line in a
 * way of their own; 0 if it is none of these. */
static size_t
unfit(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return 2;
	if (s[0] != 0xe2)
		return 0;
	if (s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) /* U+2028 to U+202E */
		return 3;
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9 ? 3 : 0; /* U+2066 to U+2069 */
}

const char *
single_line(struct arena *a, const char *s)
{
	char *clean = arena_alloc(a, strlen(s) + 1), *to = clean;

	while (*s) {
		size_t n = unfit((const unsigned char *)s);

		*to++ = n ? '?' : *s;
		s += MAX(n, (size_t)1);
	}
	*to = 0;
	return clean;
}

static size_t
terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return SIZE_MAX;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* Columns of the character that begins here: two from U+3000 on, which is too many for
 * some, and then cuts early. */
static size_t
columns(const char *s)
{
	unsigned char c = (unsigned char)*s;

	if ((c & 0xc0) == 0x80)
		return 0;
	return c >= 0xe3 ? 2 : 1;
}

const char *
fit(struct arena *a, size_t used, const char *s)
{
	size_t width = terminal_width(), left = width > used ? width - used : 1, n = 0, at = 0;
	const char *clean = single_line(a, s);
	size_t last = 0; /* where it can be cut with room for a mark */

	for (; clean[at]; at++) {
		size_t w = columns(clean + at);

		if (w && n < left)
			last = at;
		n += w;
		if (n > left)
			return arena_printf(a, "%.*s~", (int)last, clean);
	}
	return clean;
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_all(fmt, ap);
	va_end(ap);
}

void
say_error(const char *fmt, ...)
{
	AUTO(arena) *a = arena_new();
	va_list ap;
	char *s;
	int n;

	fflush(stdout);
	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	fprintf(stderr, "%s\n", single_line(a, s));
	free(s);
}

const char *
human_bytes(struct arena *a, uint64_t n)
{
	static const char *const units[] = { "bytes", "KB", "MB", "GB", "TB" };
	double v = (double)n;
	size_t i = 0;

	while (v >= 1000 && i + 1 < LEN(units)) {
		v /= 1000;
		i++;
	}
	return arena_printf(a, i ? "%.1f %s" : "%.0f %s", v, units[i]);
}

const char *
hex_of(struct arena *a, const struct hash *h)
{
	char *s = arena_alloc(a, HEX32);

	hex_encode(h->b, sizeof h->b, s);
	return s;
}

const char *
plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}
