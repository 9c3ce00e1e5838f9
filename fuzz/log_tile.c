/* A tile's path that is accepted is written back to the same; and every tile has a path
 * that is read back to it. */
#include <string.h>

#include "base/arena.h"
#include "base/reader.h"
#include "log/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_path(const char *path)
{
	char again[TILE_PATH_MAX];
	struct tile t;
	bool entries;

	if (!tile_path_read(path, &t, &entries))
		return;
	tile_path(&t, entries, again);
	if (strcmp(again, path) != 0 || t.level > 63 || !t.width || t.width > TILE_WIDTH)
		__builtin_trap();
}

static void
check_tile(struct reader *r)
{
	struct tile t = { read_u8(r) % 64, 0, 0 }, again;
	bool entries = read_u8(r) & 1, is;
	char path[TILE_PATH_MAX];

	t.n = read_u64(r) >> 1 >> read_u8(r) % 63;
	t.width = 1u + read_u8(r);
	if (r->bad)
		return;
	if (entries)
		t.level = 0;
	tile_path(&t, entries, path);
	if (!tile_path_read(path, &again, &is) || is != entries || again.level != t.level ||
	    again.n != t.n || again.width != t.width)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	struct reader r = { data, n, false };

	check_path(arena_strn(a, (const char *)data, n));
	check_tile(&r);
	return 0;
}
