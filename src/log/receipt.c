/* log/receipt: reading, writing and checking receipts (docs/formats/receipt.md). */
#include "log/receipt.h"

#include <string.h>

#include "base/code.h"
#include "base/reader.h"
#include "log/private.h"

static const char first_line[] = "vigil-receipt/1\n";
static const char proof_line[] = "c2sp.org/tlog-proof@v1\n";
enum { BODY_LINE = 57, BODY_LINE_TEXT = BODY_LINE / 3 * 4 }; /* bytes a line: 76 characters */

static void
write_base64(struct buf *b, const char *label, const void *p, size_t n)
{
	char text[BODY_LINE_TEXT + 1];

	base64_encode(p, n, text);
	buf_printf(b, "%s%s\n", label, text);
}

void
receipt_write(struct buf *b, const struct receipt *r)
{
	buf_str(b, first_line);
	buf_add(b, r->head, r->head_n);
	write_base64(b, "blind ", r->blind.b, HASH_SIZE);
	for (size_t at = 0; r->has_body && at < r->body_n; at += BODY_LINE)
		write_base64(b, "body ", r->body + at, MIN(r->body_n - at, (size_t)BODY_LINE));
	buf_byte(b, '\n');
	proof_write(b, r);
}

void
proof_write(struct buf *b, const struct receipt *r)
{
	buf_printf(b, "%sindex %llu\n", proof_line, (unsigned long long)r->index);
	for (size_t i = 0; i < r->proof.n; i++)
		write_base64(b, "", r->proof.h[i].b, HASH_SIZE);
	buf_byte(b, '\n');
	buf_add(b, r->checkpoint, r->checkpoint_n);
}

/* Does the rest begin with this? Then it is passed over. */
static bool
take_text(struct reader *r, const char *text)
{
	size_t n = strlen(text);

	if (r->bad || r->left < n || memcmp(r->p, text, n) != 0)
		return false;
	read_bytes(r, n);
	return true;
}

/* Lines "body ...": all but the last are full. */
static bool
read_body(struct arena *a, struct reader *r, struct receipt *ret)
{
	AUTO_VAL(buf) b = buf_init(BODY_MAX);
	size_t got = BODY_LINE;

	while (take_text(r, "body ")) {
		size_t n;
		const char *line = read_line(r, &n);
		uint8_t raw[BODY_LINE];

		if (!line || got != BODY_LINE ||
		    !base64_decode(line, n, raw, sizeof raw, &got) || !got)
			return false;
		buf_add(&b, raw, got);
	}
	ret->has_body = b.n > 0;
	ret->body_n = b.n;
	ret->body = b.n ? arena_dup(a, b.p, b.n) : NULL;
	return !b.full;
}

/* From "index" to the empty line. */
static bool
read_proof(struct reader *r, struct receipt *ret)
{
	size_t n;
	const char *line;

	if (!take_text(r, "index ") || !(line = read_line(r, &n)) ||
	    !decimal_decode(line, n, INT64_MAX, &ret->index))
		return false;
	while ((line = read_line(r, &n)) && n) {
		if (ret->proof.n == TREE_PROOF_MAX ||
		    !base64_exact(line, n, ret->proof.h[ret->proof.n++].b, HASH_SIZE))
			return false;
	}
	return line;
}

bool
receipt_read(struct arena *a, const void *p, size_t n, struct receipt *ret, struct err *e)
{
	struct reader r = { p, n, false };
	struct receipt got = { 0 };
	const char *blind;
	size_t blind_n;

	if (n > RECEIPT_MAX)
		return err_set(e, ERR_TOO_BIG, "a receipt of more than %d bytes", RECEIPT_MAX);
	if (!take_text(&r, first_line))
		return err_set(e, ERR_INVALID, "not a receipt: the first line is another");
	got.head_n = HEAD_SIZE;
	got.head = (const char *)read_bytes(&r, HEAD_SIZE);
	if (!got.head || !head_read(got.head, HEAD_SIZE, &(struct head){ 0 }))
		return err_set(e, ERR_INVALID, "receipt: lines 2 to 4 are no entry's head");
	if (!take_text(&r, "blind ") || !(blind = read_line(&r, &blind_n)) ||
	    !base64_exact(blind, blind_n, got.blind.b, HASH_SIZE))
		return err_set(e, ERR_INVALID, "receipt: no blind");
	if (!read_body(a, &r, &got))
		return err_set(e, ERR_INVALID, "receipt: the body is not whole");
	if (!take_text(&r, "\n") || !take_text(&r, proof_line) || !read_proof(&r, &got))
		return err_set(e, ERR_INVALID, "receipt: the proof is not whole");
	if (!r.left)
		return err_set(e, ERR_INVALID, "receipt: no checkpoint");
	got.head = arena_strn(a, got.head, HEAD_SIZE);
	got.checkpoint = arena_strn(a, (const char *)r.p, r.left);
	got.checkpoint_n = r.left;
	*ret = got;
	return true;
}

/* The body, if there, must be a body, of the day that the head tells. */
static bool
check_body(struct arena *a, const struct receipt *r, struct err *e)
{
	struct entry en;
	struct head h;
	char day[DAY_MAX];

	if (!head_read(r->head, r->head_n, &h))
		return err_set(e, ERR_INVALID, "not an entry's head");
	if (!r->has_body)
		return true;
	if (!body_check(&h, &r->blind, r->body, r->body_n, e) ||
	    !body_read(a, r->body, r->body_n, &en, e))
		return false;
	if (!body_canonical(&en, r->body, r->body_n))
		return err_set(e, ERR_INVALID, "the body is not in canonical form");
	clock_day(en.time, day);
	return strcmp(day, h.day) == 0 ||
	    err_set(e, ERR_DAMAGED, "the body is of %s, its head of %s", day, h.day);
}

bool
receipt_check(
    const struct receipt *r, const struct vkey *k, struct checkpoint *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct hash leaf = tree_leaf(r->head, r->head_n);
	struct checkpoint c;
	struct note note;
	uint64_t time;

	if (!note_read(a, r->checkpoint, r->checkpoint_n, &note, e) ||
	    !checkpoint_read(note.text, note.n, &c, e))
		return err_at(e, "receipt");
	if (k &&
	    (!note_verify(&note, k, &time, e) ||
		!(strcmp(c.origin, k->name) == 0 ||
		    err_set(e, ERR_INVALID, "the checkpoint is of another log, %s", c.origin))))
		return err_at(e, "receipt");
	if (!check_body(a, r, e))
		return err_at(e, "receipt");
	if (!tree_check_inclusion(r->index, c.size, &leaf, &r->proof, &c.root))
		return err_set(e, ERR_DAMAGED,
		    "receipt: the proof does not lead from this entry to the checkpoint's"
		    " root");
	*ret = c;
	return true;
}
