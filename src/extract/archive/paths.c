/* Paths that have come (paths_private.h), in a table of fixed size. */
#include "extract/archive/paths_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/private.h"

enum { SLOTS = 1 << 18 };

void
paths_done(struct paths *s)
{
	free(s->slots);
}

/* Where it stands, or would. */
static struct path_seen *
slot_of(struct paths *s, const char *path, uint64_t *ret_hash)
{
	uint64_t hash = 0xcbf29ce484222325;
	size_t i;

	if (!s->slots)
		s->slots = mem_zalloc(SLOTS * sizeof *s->slots);
	for (; *path; path++)
		hash = (hash ^ (uint8_t)*path) * 0x100000001b3;
	i = hash % SLOTS;
	while (s->slots[i].times && s->slots[i].hash != hash)
		i = (i + 1) % SLOTS;
	*ret_hash = hash;
	return &s->slots[i];
}

static bool
take(struct paths *s, const char *path)
{
	uint64_t hash;
	struct path_seen *x = slot_of(s, path, &hash);

	if (x->times)
		return false;
	*x = (struct path_seen){ hash, 1 };
	return true;
}

void
paths_unique(struct paths *s, char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
		   *dot = strrchr(name, '.');
	size_t n = dot && dot > name ? (size_t)(dot - path) : strlen(path), room;
	char other[FILE_PATH_MAX + 1], mark[16];
	uint64_t hash;
	struct path_seen *first;

	if (take(s, path))
		return;
	first = slot_of(s, path, &hash);
	do { /* not from 2 again: each is tried once */
		snprintf(mark, sizeof mark, "~%u", (unsigned)++first->times);
		room =
		    FILE_PATH_MAX - MIN(strlen(mark) + strlen(path + n), (size_t)FILE_PATH_MAX);
		room = MIN(room, n);
		while (room && room < n && ((uint8_t)path[room] & 0xc0) == 0x80)
			room--;
		snprintf(other, sizeof other, "%.*s%s%s", (int)room, path, mark, path + n);
	} while (!take(s, other));
	memcpy(path, other, strlen(other) + 1);
}
