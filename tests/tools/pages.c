/* Prints every page of a mechanism's SQLite database as it is after decryption, free pages too;
 * or, with a STATEMENT, carries it out: as one would who has the key and forges.
 * usage: test-pages MECHANISM FILE [STATEMENT] */
#include <sqlite3.h>
#include <stdio.h>

#include "base/arena.h"
#include "db/vfs_private.h"
#include "mechanism/keys.h"
#include "mechanism/mechanism.h"

static bool
print_pages(sqlite3 *db)
{
	static uint8_t page[PAGE];
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;

	/* A read sets the file up; then its pages can be asked for one by one. */
	if (sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) ||
	    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f) ||
	    f->pMethods->xFileSize(f, &size))
		return false;
	for (sqlite3_int64 at = 0; at + PAGE <= size; at += PAGE)
		if (f->pMethods->xRead(f, page, PAGE, at) ||
		    fwrite(page, 1, PAGE, stdout) != PAGE)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	AUTO(arena) *a = arena_new();
	sqlite3 *db = NULL;
	const char *id;
	struct keys keys;
	struct err e = { 0 };
	struct key key;
	struct vfs *vfs;
	bool ok;

	if (argc < 3 || argc > 4 || !mechanism_read_id(a, argv[1], &id, &e) ||
	    !keys_load(id, &keys, &e)) {
		fprintf(stderr, "test-pages: %s\n", e.msg);
		return 2;
	}
	key = crypto_derive(&keys.storage, "vigil database");
	vfs = vfs_new(&key);
	ok = sqlite3_open_v2(arena_printf(a, "%s/%s", argv[1], argv[2]), &db,
		 SQLITE_OPEN_READWRITE, vfs->name) == SQLITE_OK &&
	    (argc == 3 ? print_pages(db) :
			 sqlite3_exec(db, argv[3], NULL, NULL, NULL) == SQLITE_OK);
	if (!ok)
		fprintf(stderr, "test-pages: %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	vfs_free(vfs);
	return ok ? 0 : 1;
}
