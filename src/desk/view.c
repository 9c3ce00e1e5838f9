/* Values of views, as JSON (view.h). */
#include "desk/view.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "desk/api.h"

void
view_string(struct buf *b, const char *s)
{
	if (s)
		json_write_str(b, s, strlen(s));
	else
		buf_str(b, "null");
}

void
view_address(struct buf *b, const char *s)
{
	AUTO_VAL(buf) whole = buf_init(b->max);

	if (!s || s[0] != '/') {
		view_string(b, s);
		return;
	}
	buf_str(&whole, API);
	buf_str(&whole, s);
	view_string(b, buf_peek(&whole));
}

void
view_bool(struct buf *b, bool v)
{
	buf_str(b, v ? "true" : "false");
}

void
view_unsigned(struct buf *b, uint64_t v)
{
	buf_printf(b, "%llu", (unsigned long long)v);
}

void
view_signed(struct buf *b, int64_t v)
{
	buf_printf(b, "%lld", (long long)v);
}

void
view_double(struct buf *b, double v)
{
	if (isfinite(v))
		buf_printf(b, "%.15g", v);
	else
		buf_str(b, "null");
}

void
view_moment(struct buf *b, moment v)
{
	char text[MOMENT_MAX];

	if (!v || v == INT64_MAX) {
		buf_str(b, "null");
		return;
	}
	clock_moment(v, text);
	view_string(b, text);
}

void
view_comma(struct buf *b, size_t i)
{
	if (i)
		buf_byte(b, ',');
}
