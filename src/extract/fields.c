/* The fields that an answer may carry, and what a value may be. Used by both sides: the
 * child keeps to it, the client insists on it. */
#include <string.h>

#include "extract/private.h"
#include "text/text.h"

/* Dublin Core's names first, then what it has none for. */
static const struct field_rule rules[] = {
	{ "title", 500, false },
	{ "creator", 200, true },
	{ "contributor", 200, true },
	{ "subject", 500, true },
	{ "description", 2000, false },
	{ "publisher", 200, false },
	{ "date", 64, false },
	{ "created", 64, false },
	{ "modified", 64, false },
	{ "type", 100, false },
	{ "format", 200, false }, /* the media type, where the first bytes do not tell it */
	{ "identifier", 1000, false },
	{ "source", 1000, false },
	{ "language", LANGUAGE_MAX - 1, false },
	{ "rights", 500, false },
	{ "encoding", 40, false },
	{ "encoding_how", 16, false },
	{ "software", 200, false },
	{ "pages", 16, false },
	{ "encrypted", 100, false }, /* by what */
	{ "from", 500, true },
	{ "to", 500, true },
	{ "cc", 500, true },
	{ "bcc", 500, true },
	{ "reply_to", 500, true },
	{ "message_id", 500, false },
	{ "in_reply_to", 500, false },
	{ "width", 16, false },
	{ "height", 16, false },
	{ "duration", 32, false },
	{ "digests_right", 16, false },
	{ "digests_wrong", 16, false },
	{ "latitude", 16, false }, /* degrees, north and east are positive */
	{ "longitude", 16, false },
	{ "altitude", 16, false }, /* metres */
	{ "device", 200, false },
	{ "orientation", 4, false },
	{ "codec", 200, true },
	{ "key_frames", 500, false }, /* times */
	{ "signature", 500, false },  /* "good by key ...", "bad", "none" */
	{ "perceptual_hash", 16, false },
	{ "thumbnail", 40, false },
	{ "ocr_confidence", 4, false },
	{ "ocr_languages", 100, false },
};
_Static_assert(LEN(rules) <= 64, "each has a bit");

const struct field_rule *
field_find(const char *name, size_t n)
{
	for (size_t i = 0; i < LEN(rules); i++)
		if (strlen(rules[i].name) == n && memcmp(rules[i].name, name, n) == 0)
			return &rules[i];
	return NULL;
}

uint64_t
field_bit(const struct field_rule *f)
{
	return UINT64_C(1) << (f - rules);
}

static const struct anchor_rule anchors[] = {
	{ "page", true },
	{ "paragraph", true },
	{ "slide", true },
	{ "line", true },
	{ "row", true },
	{ "sheet", false },
	{ "cell", false }, /* "B7" */
	{ "table", true },
	{ "element", false },
	{ "record", true },
	{ "message", true },
	{ "header", false },
	{ "part", false },
	{ "entry", true },
	{ "time", false },
	{ "box", false }, /* "left top width height" in pixels of the picture */
	{ "confidence", true },
};

const struct anchor_rule *
anchor_find(const char *name)
{
	for (size_t i = 0; i < LEN(anchors); i++)
		if (strcmp(anchors[i].name, name) == 0)
			return &anchors[i];
	return NULL;
}

bool
path_inside(const char *path, size_t n)
{
	if (!n || n > FILE_PATH_MAX || memchr(path, 0, n) || !one_line(path, n) || *path == '/')
		return false;
	for (size_t i = 0, end; i <= n; i = end + 1) {
		const char *slash = memchr(path + i, '/', n - i);

		end = slash ? (size_t)(slash - path) : n;
		if (end - i == 2 && path[i] == '.' && path[i + 1] == '.')
			return false;
	}
	return true;
}

/* How many bytes of a character that must not be in a line begin here; 0: none does.
 * C0, DEL, C1 (they steer terminals), U+2028 and U+2029. */
static size_t
control_here(const uint8_t *p, size_t left)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return 2;
	if (left >= 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return 3;
	return 0;
}

bool
one_line(const void *p, size_t n)
{
	const uint8_t *c = p;

	for (size_t i = 0; i < n; i++)
		if (control_here(c + i, n - i))
			return false;
	return n > 0 && text_valid(p, n);
}

static size_t
cut_at_character(const uint8_t *p, size_t n, size_t max)
{
	if (n <= max)
		return n;
	while (max > 0 && (p[max] & 0xc0) == 0x80)
		max--;
	return max;
}

void
one_line_make(struct buf *ret, const void *p, size_t n, size_t max)
{
	const uint8_t *c = p;
	size_t start = ret->n;
	bool space = false;

	for (size_t i = 0; i < n && ret->n - start <= max;) {
		size_t skip = c[i] == ' ' ? 1 : control_here(c + i, n - i);

		i += skip;
		space |= skip > 0;
		if (skip)
			continue;
		if (space && ret->n > start)
			buf_byte(ret, ' ');
		space = false;
		buf_byte(ret, c[i++]);
	}
	if (ret->n > start)
		ret->n = start + cut_at_character(ret->p + start, ret->n - start, max);
	while (ret->n > start && ret->p[ret->n - 1] == ' ')
		ret->n--;
	if (ret->p)
		ret->p[ret->n] = 0;
}

static bool
is_alpha(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool
language_shape(const void *p, size_t n)
{
	const uint8_t *c = p;
	size_t part = 0; /* characters since the last hyphen */
	bool first = true;

	if (n < 2 || n >= LANGUAGE_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (c[i] == '-') {
			if (part == 0 || (first && part < 2))
				return false;
			first = false;
			part = 0;
		} else if (is_alpha(c[i]) || (!first && c[i] >= '0' && c[i] <= '9')) {
			if (++part > 8)
				return false;
		} else {
			return false;
		}
	}
	return part > (first ? 1 : 0);
}
