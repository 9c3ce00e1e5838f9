/* Compound files ([MS-CFB], versions 3 and 4): storages and streams, as a tree. What is damaged gives what can be read;
 * `note` says what cannot. */
#ifndef EXTRACT_OLE_PRIVATE_H
#define EXTRACT_OLE_PRIVATE_H

#include <stdbool.h>

#include "base/err.h"
#include "extract/child/bytes_private.h"
#include "extract/private.h"

enum ole_kind { OLE_STORAGE = 1, OLE_STREAM = 2, OLE_ROOT = 5 };
enum { OLE_NAME = 100 };
#define OLE_NONE UINT32_MAX

struct ole_entry {
	char name[OLE_NAME]; /* UTF-8 */
	uint8_t raw[64];     /* the same as it stands there, in UTF-16 */
	uint16_t raw_n;      /* bytes of it, without the zero */
	enum ole_kind kind;  /* 0: there is none */
	uint32_t parent;     /* OLE_NONE: of the root, and of what cannot be reached */
	uint32_t start;      /* first sector */
	uint64_t size;
	uint8_t class[16];
	uint32_t left, right, child;
};

struct ole {
	struct bytes file;
	unsigned shift;            /* a sector has 1 << shift bytes */
	uint32_t small;            /* streams below that many bytes lie in the mini stream */
	struct buf fat, mini_fat;  /* of uint32_t */
	struct buf mini;           /* the mini stream */
	struct ole_entry *entries; /* 0 is the root */
	uint32_t n, *order;        /* of entries, by parent and name */
	uint64_t left;             /* bytes that may still be read */
	char note[WHY_MAX];        /* "": all is well */
};

/* p stays the caller's. False if not even a directory is there. */
MUST bool ole_open(struct ole *ret, struct bytes file, struct err *e);
void ole_done(struct ole *o);
void ole_note(struct ole *o, const char *fmt, ...) PRINTF(2, 3); /* the first one is kept */

/* The entry of that name, without regard to case of ASCII. OLE_NONE if there is none. */
uint32_t ole_find(const struct ole *o, uint32_t parent, const char *name);
/* Entries of a storage, by name: the first is at *at = 0. OLE_NONE at the end. */
uint32_t ole_next(const struct ole *o, uint32_t parent, uint32_t *at);
/* A stream's bytes, or as much as can be read; false, and noted, if that is not all. */
bool ole_read(struct ole *o, uint32_t entry, struct buf *ret);
/* The same by name; false if it is not there. */
bool ole_stream(struct ole *o, uint32_t parent, const char *name, struct buf *ret);

/* A storage and all that is in it, as a compound file of its own (ole_write.c). */
MUST bool ole_write(struct ole *o, uint32_t storage, struct buf *ret);

#endif
