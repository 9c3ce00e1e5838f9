/* Administration: what a copy of the mechanism needs, how it is made and proved; when all was last checked. */
#include "desk/kept.h"
#include "desk/pages/page_private.h"
#include "desk/pages/views_administration.h"

bool
backup_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct backup_page p = { 0 };
	struct mechanism_parts parts;
	struct check last;
	bool any;

	if (!mechanism_parts(r->desk->m, r->a, &parts, e) ||
	    !check_last(r->s->db, r->a, &last, &any, e) || !log_size(r->s->db, &p.entries, e))
		return false;
	p.server = parts.server != NULL;
	p.folder = parts.folder;
	p.key = parts.key;
	p.database = parts.server;
	p.checkpoint = parts.seen;
	if (p.server)
		p.dump_command = arena_printf(r->a,
		    "pg_dump --format=custom --schema=%s --file=vigil.dump DATABASE",
		    p.database);
	p.copy_command = arena_printf(r->a, "cp -a %s COPY", p.folder);
	p.verify_command = "VIGIL_KEY=KEYFILE vigil -C COPY verify";
	p.vault_files = parts.vault_files;
	p.vault_bytes = parts.vault_bytes;
	p.database_bytes = parts.database_bytes;
	p.index_bytes = parts.index_bytes;
	if (any) {
		p.verified = last.ended;
		p.faults = last.n_faults;
		p.failed = *last.failed != 0;
	}
	p.frame = page_frame(r, html_words(&h, WORD_BACKUP), "backup");
	page_backup(&h, &p);
	return true;
}
