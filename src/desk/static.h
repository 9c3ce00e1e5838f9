/* desk, within the room: files of web/static, within the program (web/embed.py). */
#ifndef DESK_STATIC_H
#define DESK_STATIC_H

#include <stddef.h>

struct static_file {
	const char *name, *type, *etag;
	const unsigned char *p;
	size_t n;
};
extern const struct static_file static_files[];
extern const size_t n_static_files;
const struct static_file *static_find(const char *name);

#endif
