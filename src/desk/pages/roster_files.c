/* The roster as a file that leaves, and a table of endorsements that comes in. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "desk/pages/letters_private.h"
#include "publish/csv.h"
#include "publish/table.h"
#include "record/given.h"

/* ---- out ---- */

/* Who asked not to be named is not, nor whose name may not be told. */
static void
write_table(struct buf *b, const struct roster *roster)
{
	static const char *const columns[] = { "organisation", "country", "country_code",
		"date", "kind" };

	for (size_t i = 0; i < LEN(columns); i++)
		csv_cell(b, i == 0, columns[i], false);
	buf_str(b, "\r\n");
	for (size_t i = 0; i < roster->n; i++) {
		const struct endorser *o = &roster->e[i];

		if (o->unlisted || !*o->name || o->again)
			continue;
		csv_cell(b, true, o->name, true);
		csv_cell(b, false, o->country_name, true);
		csv_cell(b, false, o->country, true);
		csv_cell(b, false, o->day, true);
		csv_cell(b, false, *o->organisation ? "organisation" : "expert", false);
		buf_str(b, "\r\n");
	}
}

static bool
record_it(struct request *r, const struct viewer *v, const struct roster *roster,
    const struct buf *b, struct err *e)
{
	struct given_end end = { .complete = true,
		.records = roster->given->n_records,
		.items = roster->given->n_items,
		.withheld = roster->withheld,
		.bytes = b->n,
		.sha256 = digest_sha256(b->p, b->n) };
	struct act_give g = { .actor = r->who.name,
		.viewer = v,
		.what = "roster",
		.query = roster->letter,
		.format = "csv",
		.list = roster->given,
		.end = &end };

	return record_give(mechanism_log(r->desk->m), &g, e);
}

bool
roster_given_page(struct request *r, struct reply *ret, struct err *e)
{
	const struct schema *s = request_schema(r, e);
	struct viewer v = request_viewer(r);
	AUTO(matcher) *m = matcher_new();
	struct claims claims;
	struct roster roster;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e))
		return false;
	v.recipient = request_field(r, "to");
	v.purpose = request_field(r, "purpose");
	if (!*v.recipient || !*v.purpose)
		return err_set(e, ERR_INVALID, "say to whom it goes, and what for");
	if (!account_roster(r->s->db, &v, r->a, s, m, letter.id, &roster, e))
		return refusal_told(e);
	write_table(&ret->body, &roster);
	if (!buf_ok(&ret->body, "the roster", e) || !record_it(r, &v, &roster, &ret->body, e))
		return refusal_told(e);
	ret->type = "text/csv; charset=utf-8";
	ret->disposition = "attachment; filename=\"roster.csv\"";
	return true;
}

/* ---- in ---- */

struct coming {
	struct request *r;
	struct item item;
	struct table table;
	struct cells *rows;
};

static bool
next_row(void *arg, struct row *ret, bool *ret_end, struct err *e)
{
	return rows_next(arg, ret, ret_end, e);
}

/* It keeps its place, and is told as one that lacks an organisation. */
static void
no_row(void *arg, const struct row *r)
{
	(void)arg, (void)r;
}

static bool
read_rows(struct coming *c, struct err *e)
{
	struct request *r = c->r;
	const struct extract_limits limits = mechanism_limits(r->desk->m);
	AUTO(extractor) *x = extractor_open(r->desk->options->extractor, &limits, e);
	AUTO(rows) *rows = NULL;
	int fd = x ? extract_memory(e) : -1;

	if (fd < 0)
		return false;
	if (!vault_copy(r->s->vault, &c->item.sha256, fd, e)) {
		close(fd);
		return false;
	}
	rows = rows_open(x, ROWS_TABLE, fd, e);
	if (!rows || !table_gather(r->a, next_row, rows, no_row, &c->table, e))
		return false;
	c->rows = arena_alloc(r->a, (c->table.n + 1) * sizeof *c->rows);
	for (size_t i = 0; i < c->table.n; i++)
		c->rows[i] = (struct cells){ c->table.rows[i].cell, c->table.n_columns };
	return c->table.n || err_set(e, ERR_INVALID, "the file has no rows");
}

static bool
import_rows(struct coming *c, const struct schema *s, const char *letter, struct act_rows *io,
    struct err *e)
{
	struct viewer v = request_viewer(c->r);

	*io = (struct act_rows){ .actor = c->r->who.name,
		.letter = letter,
		.schema = s,
		.rows = c->rows,
		.n = c->table.n,
		.rests = { .item = c->item.id, .start = -1, .end = -1 } };
	return account_import_endorsements(
	    mechanism_log(c->r->desk->m), c->r->s->db, &v, c->r->a, io, e);
}

static void
add_outcomes(struct request *r, const struct act_rows *io, struct endorsements_page *p)
{
	struct outcome_row *rows = arena_alloc(r->a, (io->n_outcomes + 1) * sizeof *rows);

	for (size_t i = 0; i < io->n_outcomes; i++) {
		const struct row_outcome *o = &io->outcomes[i];

		if (o->kind != ROW_ADDED)
			rows[p->n_rows++] = (struct outcome_row){ o->row, o->organisation,
				o->why, o->kind == ROW_FAILED };
	}
	p->rows = rows;
	p->added = io->added;
	p->known = io->known;
	p->failed = io->failed;
}

bool
endorsements_made_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	const struct schema *s = request_schema(r, e);
	struct viewer v = request_viewer(r);
	struct coming c = { .r = r };
	struct endorsements_page p = { 0 };
	struct act_rows io;
	struct claims claims;
	struct record letter;

	if (!s || !letter_find(r, s, &letter, &claims, e))
		return false;
	if (r->n_received != 1 || !r->received[0].kept)
		return err_set(e, ERR_INVALID, "%s",
		    r->n_received ? r->received[0].why : "choose one file");
	if (!record_find_item(r->s->db, &v, r->a, r->received[0].sha256, &c.item, e) ||
	    !read_rows(&c, e) || !import_rows(&c, s, letter.id, &io, e))
		return refusal_told(e);
	p.id = letter.id;
	add_outcomes(r, &io, &p);
	p.frame = page_frame(r, html_words(&h, WORD_ENDORSEMENTS_CAME), "letters");
	page_endorsements(&h, &p);
	return true;
}
