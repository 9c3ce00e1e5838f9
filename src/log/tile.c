/* log/tile: the paths of C2SP tlog-tiles and the widths of tiles (tree.h). */
#include "log/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/code.h"

enum { LEVEL_MAX = 63 };

void
tile_path(const struct tile *t, bool entries, char ret[TILE_PATH_MAX])
{
	unsigned groups[7];
	size_t k = 0;
	uint64_t n = t->n;
	int at;

	do
		groups[k++] = (unsigned)(n % 1000);
	while ((n /= 1000));
	at = entries ? snprintf(ret, TILE_PATH_MAX, "tile/entries") :
		       snprintf(ret, TILE_PATH_MAX, "tile/%u", t->level);
	while (k--)
		at += snprintf(
		    ret + at, (size_t)(TILE_PATH_MAX - at), k ? "/x%03u" : "/%03u", groups[k]);
	if (t->width < TILE_WIDTH)
		snprintf(ret + at, (size_t)(TILE_PATH_MAX - at), ".p/%u", t->width);
}

/* "x001/x234/067": moves *s behind it. */
static bool
read_number(const char **s, uint64_t *ret)
{
	uint64_t n = 0;

	for (;;) {
		bool more = **s == 'x';

		*s += more;
		for (int i = 0; i < 3; i++, (*s)++) {
			unsigned d = (unsigned)(**s - '0');

			if (**s < '0' || **s > '9' || n > ((uint64_t)INT64_MAX - d) / 10)
				return false;
			n = n * 10 + d;
		}
		if (!more)
			break;
		if (*(*s)++ != '/')
			return false;
	}
	*ret = n;
	return true;
}

bool
tile_path_read(const char *path, struct tile *ret, bool *ret_entries)
{
	struct tile t = { .width = TILE_WIDTH };
	char again[TILE_PATH_MAX];
	const char *s = path, *slash;
	uint64_t v = 0;
	bool entries;

	if (strncmp(s, "tile/", 5) != 0 || !(slash = strchr(s += 5, '/')))
		return false;
	entries = slash - s == 7 && memcmp(s, "entries", 7) == 0;
	if (!entries && !decimal_decode(s, (size_t)(slash - s), LEVEL_MAX, &v))
		return false;
	t.level = (unsigned)v;
	s = slash + 1;
	if (!read_number(&s, &t.n))
		return false;
	if (strncmp(s, ".p/", 3) == 0) {
		s += 3;
		if (!decimal_decode(s, strlen(s), TILE_WIDTH - 1, &v) || !v)
			return false;
		t.width = (unsigned)v;
	} else if (*s)
		return false;
	tile_path(&t, entries, again);
	if (strcmp(path, again) != 0) /* a leading group of zeros */
		return false;
	*ret = t;
	*ret_entries = entries;
	return true;
}

unsigned
tile_width(unsigned level, uint64_t n, uint64_t size)
{
	uint64_t hashes = level < 8 ? size >> (TILE_HEIGHT * level) : 0;
	uint64_t full = hashes / TILE_WIDTH;

	if (n < full)
		return TILE_WIDTH;
	return n == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}
