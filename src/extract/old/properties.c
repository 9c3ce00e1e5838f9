/* Property sets ([MS-OLEPS]): what a document says of itself. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "extract/old/binary_private.h"

enum property_type { SHORT = 2, LONG = 3, NARROW = 30, WIDE = 31, TIME = 64 };
enum { CODEPAGE = 1, PROPERTIES_MAX = 256 };

/* The same fields as of an OOXML document (office.c). */
static const struct row {
	uint32_t id;
	const char *field;
} summary[] = {
	{ 2, "title" },
	{ 3, "subject" },
	{ 4, "creator" },
	{ 5, "subject" },
	{ 6, "description" },
	{ 8, "contributor" },
	{ 12, "created" },
	{ 13, "modified" },
	{ 14, "pages" },
	{ 18, "software" },
}, more[] = {
	{ 7, "pages" }, /* slides */
	{ 15, "publisher" },
};

bool
filetime_show(uint64_t ticks, char ret[TIME_SHOWN])
{
	const uint64_t to_1970 = UINT64_C(11644473600), second = 10000000;
	time_t t;
	struct tm tm;

	/* Much less than a date is a length of time. */
	if (ticks / second < to_1970 - UINT64_C(86400) * 365 * 200 ||
	    ticks / second > UINT64_C(86400) * 366 * 3000)
		return false;
	t = (time_t)(ticks / second) - (time_t)to_1970;
	return gmtime_r(&t, &tm) && strftime(ret, TIME_SHOWN, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0;
}

static void
say_text(struct output *o, const char *field, unsigned codepage, struct bytes b, bool wide)
{
	AUTO_VAL(buf) text = buf_init(1 << 16);
	uint64_t n = MIN(u32_at(b, 0), 16000u);

	b = bytes_at(b, 4, wide ? 2 * n : n);
	while (!wide && codepage != CODEPAGE_UTF16 && b.n && !b.p[b.n - 1])
		b.n--;
	if (wide || codepage == CODEPAGE_UTF16)
		utf16_add(b, &text);
	else
		codepage_add(codepage, b, &text);
	text.n = strlen(buf_peek(&text)); /* it ends with zero bytes */
	if (text.n)
		output_field(o, field, text.p, text.n);
}

static void
say(struct output *o, const char *field, unsigned codepage, struct bytes b)
{
	char shown[TIME_SHOWN];
	struct bytes value = bytes_from(b, 4);

	switch (u32_at(b, 0)) {
	case NARROW:
	case WIDE:
		say_text(o, field, codepage, value, u32_at(b, 0) == WIDE);
		break;
	case TIME:
		if (filetime_show(u64_at(value, 0), shown))
			output_field(o, field, shown, strlen(shown));
		break;
	case LONG:
		snprintf(shown, sizeof shown, "%u", u32_at(value, 0));
		if (u32_at(value, 0) && u32_at(value, 0) < 1u << 30)
			output_field(o, field, shown, strlen(shown));
		break;
	default:
		break;
	}
}

static struct bytes
property(struct bytes set, uint32_t id)
{
	uint32_t n = MIN(u32_at(set, 4), (uint32_t)PROPERTIES_MAX);

	for (uint32_t i = 0; i < n; i++)
		if (u32_at(set, 8 + 8 * (uint64_t)i) == id)
			return bytes_from(set, u32_at(set, 12 + 8 * (uint64_t)i));
	return (struct bytes){ 0 };
}

static void
say_set(struct ole *o, const char *name, const struct row *rows, size_t n, struct output *out)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct bytes set;
	unsigned codepage;

	if (!ole_stream(o, 0, name, &b) || u16_at(bytes_of(&b), 0) != 0xfffe)
		return;
	set = bytes_from(bytes_of(&b), u32_at(bytes_of(&b), 44));
	codepage = u16_at(property(set, CODEPAGE), 4);
	for (size_t i = 0; i < n; i++)
		say(out, rows[i].field, codepage ? codepage : CODEPAGE_LATIN,
		    property(set, rows[i].id));
}

void
properties_say(struct ole *o, struct output *out)
{
	say_set(o, "\005SummaryInformation", summary, LEN(summary), out);
	say_set(o, "\005DocumentSummaryInformation", more, LEN(more), out);
}
