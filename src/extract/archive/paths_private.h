/* Paths of what comes out of one container: each of them once. */
#ifndef EXTRACT_PATHS_PRIVATE_H
#define EXTRACT_PATHS_PRIVATE_H

#include <stdint.h>

/* Known by their hashes: whoever makes two paths of one hash gains a needless mark. Zero: none yet. Takes no more paths than
 * unpack_limits.files. */
struct path_seen {
	uint64_t hash;
	uint32_t times; /* the number of the last one that was made of it; 0: never came */
};
struct paths {
	struct path_seen *slots; /* NULL: none came */
};
void paths_done(struct paths *s);

/* "a/b.txt", if that came already, becomes "a/b~2.txt". At least FILE_PATH_MAX + 1 bytes are there. */
void paths_unique(struct paths *s, char *path);

#endif
