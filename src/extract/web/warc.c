/* Web archives: gone through once. What the records hold comes out as files on the way (warc_files.c); the text, an index with a line
 * for each record and what its own digests say, comes behind them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/child/checksum_private.h"
#include "extract/child/child_private.h"
#include "extract/child/document_private.h"
#include "extract/web/http_private.h"
#include "extract/office/package_private.h"
#include "extract/web/warc_private.h"

enum { CELL_MAX = 2000, NOTES_MAX = 64 * 1024 };

static bool
has_head(enum record_kind k)
{
	return k == KIND_REQUEST || k == KIND_HTTP;
}

struct index {
	struct records r;
	struct document d;
	struct files files;
	uint64_t right, wrong, damaged;
	bool told;           /* a warcinfo has spoken for the archive */
	char first[WHY_MAX]; /* what was wrong first */
};

/* One record's checks. */
struct check {
	struct checksum block, payload, plain; /* plain: of the payload without its chunks */
	struct http_head head;
	struct http_body body;
	struct buf notes;
	enum record_kind kind;
	bool begun, has_body, in_file;
};

static void
damaged(struct index *x, const char *what)
{
	if (!x->damaged++)
		snprintf(x->first, sizeof x->first, "record %llu %s",
		    (unsigned long long)x->r.number, what);
}

static void
put_plain(void *ctx, const void *p, size_t n)
{
	checksum_add(&((struct check *)ctx)->plain, p, n);
}

static void
check_body(struct index *x, struct check *c, const uint8_t *p, size_t n)
{
	if (c->in_file)
		files_add(&x->files, p, n);
	if (!c->has_body && c->kind == KIND_HTTP) {
		http_body_init(&c->body, &c->head.pairs, put_plain, c);
		c->body.step = BODY_PLAIN;
	}
	c->has_body = true;
	checksum_add(&c->payload, p, n);
	if (c->kind == KIND_HTTP && c->plain.kind && c->body.chunked)
		http_body_add(&c->body, p, n);
	if (c->kind == KIND_NOTES)
		buf_add(&c->notes, p, n);
}

static void
begin_file(struct index *x, struct check *c)
{
	if (c->in_file || !(c->kind == KIND_FILE || (c->kind == KIND_HTTP && c->head.done)))
		return;
	c->in_file = true;
	if (c->kind == KIND_HTTP)
		files_message(&x->files, &c->head.pairs);
}

static void
check_block(struct index *x, struct check *c)
{
	const uint8_t *p;
	size_t n, used;

	while ((p = records_block(&x->r, &n))) {
		if (!c->begun)
			c->kind = records_kind(&x->r, p, n);
		c->begun = true;
		checksum_add(&c->block, p, n);
		used = has_head(c->kind) && !c->head.done ? http_head_take(&c->head, p, n) : 0;
		begin_file(x, c);
		if (n > used)
			check_body(x, c, p + used, n - used);
	}
	if (c->in_file)
		files_end(&x->files);
}

static void
add_cell(struct document *d, const char *value, size_t n)
{
	AUTO_VAL(buf) line = buf_init(2 * CELL_MAX);

	one_line_make(&line, value, n, CELL_MAX);
	document_str(d, "\t");
	if (line.n)
		document_add(d, line.p, line.n);
	else
		document_str(d, "-");
}

/* Adds "block sha1 right" to what the line says. */
static void
say_digest(struct index *x, struct buf *says, const char *what, struct checksum *c, bool right)
{
	buf_printf(says, "%s%s %s %s", says->n ? ", " : "", what, checksum_name(c),
	    right ? "right" : "wrong");
	x->right += right;
	x->wrong += !right;
}

static void
say_digests(struct index *x, struct check *c, struct buf *says)
{
	bool has_plain = c->kind == KIND_HTTP && c->has_body && c->body.chunked;
	bool right;

	if (c->block.kind)
		say_digest(x, says, "block", &c->block, checksum_right(&c->block));
	if (!c->payload.kind)
		return;
	right = checksum_right(&c->payload);
	/* Some hash a payload as it came, some without its chunks. */
	right |= has_plain && checksum_right(&c->plain);
	say_digest(x, says, "payload", &c->payload, right);
}

/* What else is to be known of the record. */
static void
say_state(struct index *x, struct check *c, struct buf *says)
{
	static const char *const named[] = { "warc-truncated", "warc-segment-number",
		"warc-refers-to-target-uri", "warc-refers-to-date" };
	const char *coding = pairs_find(&c->head.pairs, "content-encoding");

	for (size_t i = 0; i < LEN(named); i++)
		if (*records_get(&x->r, named[i]))
			buf_printf(says, "%s%s %.500s", says->n ? ", " : "", named[i] + 5,
			    records_get(&x->r, named[i]));
	if (coding && c->kind == KIND_HTTP && strcasecmp(coding, "gzip") != 0 &&
	    strcasecmp(coding, "identity") != 0)
		buf_printf(says, "%scontent coding %.40s", says->n ? ", " : "", coding);
	if (!x->r.has_length) {
		buf_printf(says, "%slength unknown", says->n ? ", " : "");
		damaged(x, "does not say how long it is");
	}
	if (x->r.left) {
		buf_printf(says, "%scut short: %llu of %llu bytes are missing",
		    says->n ? ", " : "", (unsigned long long)x->r.left,
		    (unsigned long long)x->r.length);
		damaged(x, "is cut short");
	}
	if (x->r.skipped) {
		buf_printf(says, "%sbehind bytes that are no record", says->n ? ", " : "");
		damaged(x, "stands behind bytes that are no record");
	}
}

/* What the archive says of itself, and fields of records: small, and nothing else shows them. */
static const struct {
	const char *name, *field;
} infos[] = { { "software", "software" }, { "operator", "creator" }, { "creator", "creator" },
	{ "publisher", "publisher" }, { "description", "description" },
	{ "ispartof", "source" }, { "warc-filename", "identifier" },
	{ "warc-date", "created" } };

static void
say_info(struct index *x, const struct buf *pairs)
{
	for (size_t i = 0; i < LEN(infos); i++) {
		const char *value = pairs_find(pairs, infos[i].name);

		if (value)
			output_field(x->d.o, infos[i].field, value, strlen(value));
	}
}

static void
say_notes(struct index *x, struct check *c)
{
	AUTO_VAL(buf) pairs = buf_init(NOTES_MAX);
	const char *at = buf_peek(&c->notes), *end = at + c->notes.n;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((line_end ? line_end : end) - at), len = n;

		if (len && at[len - 1] == '\r')
			len--;
		head_line(&pairs, at, len);
		if (len) {
			document_str(&x->d, "\n");
			add_cell(&x->d, at, len);
		}
		at += n + 1;
	}
	if (x->told || strcasecmp(records_get(&x->r, "warc-type"), "warcinfo") != 0)
		return;
	x->told = true;
	say_info(x, &pairs);
	say_info(x, &x->r.head);
}

static void
say_record(struct index *x, struct check *c)
{
	AUTO_VAL(buf) says = buf_init(4096);
	const char *media =
		       c->kind == KIND_HTTP ? pairs_find(&c->head.pairs, "content-type") : NULL,
		   *type = records_get(&x->r, "warc-type"),
		   *date = records_get(&x->r, "warc-date");
	size_t from, uri_n;
	const char *uri = records_uri(&x->r, &uri_n);

	if (!x->r.left)
		say_digests(x, c, &says);
	say_state(x, c, &says);
	media = media ? media : records_get(&x->r, "content-type");
	document_break(&x->d, 1);
	from = document_at(&x->d);
	document_str(&x->d, *type ? "" : "-");
	document_add(&x->d, type, MIN(strlen(type), (size_t)100));
	add_cell(&x->d, date, strlen(date));
	add_cell(&x->d, uri, uri_n);
	add_cell(&x->d, c->head.status, c->kind == KIND_HTTP ? STATUS_MAX : 0);
	add_cell(&x->d, media, strlen(media));
	add_cell(&x->d, buf_peek(&says), says.n);
	if (c->kind == KIND_NOTES)
		say_notes(x, c);
	document_number(&x->d, "record", x->r.number);
	document_anchor(&x->d, from);
}

static void
index_record(struct index *x)
{
	struct check c = { .head = http_head_new(), .notes = buf_init(NOTES_MAX) };
	const char *payload = records_get(&x->r, "warc-payload-digest");

	checksum_start(&c.block, records_get(&x->r, "warc-block-digest"));
	/* That of a revisit is another record's. */
	if (strcasecmp(records_get(&x->r, "warc-type"), "revisit") == 0)
		payload = "";
	checksum_start(&c.payload, payload);
	checksum_start(&c.plain, payload);
	if (!x->r.length)
		c.kind = KIND_OTHER;
	check_block(x, &c);
	if (!c.has_body && has_head(c.kind) && !c.head.done)
		c.payload.kind = CHECKSUM_NONE; /* there is no telling what it is of */
	say_record(x, &c);
	if (c.has_body && c.kind == KIND_HTTP)
		http_body_done(&c.body);
	http_head_done(&c.head);
	buf_done(&c.notes);
}

/* ---- */

static void
say_counts(struct index *x)
{
	static const char warc[] = "application/warc", arc[] = "application/x-arc";
	char n[24];

	output_field(x->d.o, "format", x->r.arc ? arc : warc, strlen(x->r.arc ? arc : warc));
	snprintf(n, sizeof n, "%llu", (unsigned long long)x->right);
	if (x->right || x->wrong)
		output_field(x->d.o, "digests_right", n, strlen(n));
	snprintf(n, sizeof n, "%llu", (unsigned long long)x->wrong);
	if (x->right || x->wrong)
		output_field(x->d.o, "digests_wrong", n, strlen(n));
}

static bool
say_index(struct index *x, struct err *e)
{
	while (records_next(&x->r))
		index_record(x);
	if (x->r.skipped) /* behind the last record */
		damaged(x, "is followed by bytes that are no record");
	if (x->r.s.over) {
		output_reason(x->d.o, EXTRACT_BOUND);
		damaged(x, "is the last one read: it unpacks to more than its size allows");
	}
	say_counts(x);
	return document_end(&x->d, e);
}

bool
warc_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	struct index x = { .d = document_init(o) };
	char note[2 * WHY_MAX] = "";
	bool ok;

	records_init(&x.r, p, n);
	files_init(&x.files, &x.r, o, n);
	ok = say_index(&x, e);
	records_done(&x.r);
	document_done(&x.d);
	files_done(&x.files);
	if (!ok)
		return false;
	if (x.damaged)
		snprintf(note, sizeof note, "%llu damaged, the first: %s",
		    (unsigned long long)x.damaged, x.first);
	else
		snprintf(note, sizeof note, "%s", x.files.note);
	output_end(o, note);
	return true;
}
