/* Duties: what must still be done after a commit even if the program dies before: after
 * an erasure, to destroy files, scrub the index and compact the database. */
#include <string.h>

#include "mechanism/private.h"

bool
duty_create(struct db *db, struct err *e)
{
	return db_define(db, e, "CREATE TABLE duty(name TEXT PRIMARY KEY)");
}

bool
duty_note(struct db *db, const char *name, struct err *e)
{
	return db_run(
	    db, e, "INSERT INTO duty(name) VALUES($1) ON CONFLICT DO NOTHING", db_text(name));
}

static bool
finish_erasure(struct session *s, struct err *e)
{
	uint64_t swept;

	return vault_erase_files(s->vault, e) &&
	    vault_sweep(s->vault, SWEEP_AGE_MS, &swept, e) && session_follow(s, e) &&
	    search_scrub(s->search, e) && db_compact(s->db, e);
}

bool
duty_finish(struct session *s, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(s->db, &n, e, "SELECT count(*) FROM duty WHERE name = 'erasure'"))
		return false;
	if (!n)
		return true;
	return (finish_erasure(s, e) &&
		   db_run(s->db, e, "DELETE FROM duty WHERE name = 'erasure'")) ||
	    err_at(e, "finishing an erasure");
}
