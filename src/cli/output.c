/* Speaking: JSON lines, and plain lines in which foreign text cannot drive the terminal. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "cli/cli.h"

enum { LINE_MAX_BYTES = 64 << 20 };

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
	fwrite(l->b.p, 1, l->b.n, stdout);
	buf_done(&l->b);
}

void
line_json(const struct json *j)
{
	AUTO_VAL(buf) b = buf_init(LINE_MAX_BYTES);

	json_write(&b, j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
}

/* C0, DEL and C1 (as UTF-8: C2 80 to C2 9F); newline and tab stay. */
static void
print_clean(FILE *f, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)s[0], next = (unsigned char)s[1];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			putc('?', f);
		} else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			putc('?', f);
			s++;
		} else {
			putc(c, f);
		}
	}
}

static void
say_to(FILE *f, const char *fmt, va_list ap)
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
	print_clean(f, s);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_to(stdout, fmt, ap);
	va_end(ap);
}

void
say_error(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	va_start(ap, fmt);
	say_to(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
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
