/* An entry of the log with its proof; the checkpoint. What an entry is about may be withheld: its leaf and proof are public all the
 * same, and nothing more is shown then. */
#include <string.h>

#include "base/code.h"
#include "desk/pages/reading.h"

enum { VALUE_MAX = 300 };

const char *
json_words(struct arena *a, const struct json *v)
{
	const char *all = "";

	if (json_kind(v) == JSON_BOOL)
		return json_bool(v) ? "true" : "false";
	if (json_kind(v) == JSON_INT)
		return arena_printf(a, "%lld", (long long)json_int(v));
	if (json_kind(v) != JSON_LIST)
		return json_str(v);
	for (size_t i = 0; i < json_len(v); i++)
		all =
		    arena_printf(a, "%s%s%s", all, i ? "; " : "", json_words(a, json_at(v, i)));
	return all;
}

struct fact *
facts_of(struct request *r, const struct json *content, size_t *ret_n)
{
	struct fact *facts = arena_alloc(r->a, (json_len(content) + 1) * sizeof *facts);
	const struct html h = { .language = r->language };
	size_t n = 0;

	for (size_t i = 0; i < json_len(content); i++) {
		const struct json *v = json_at(content, i);
		const char *words = json_words(r->a, v);

		if (json_kind(v) == JSON_LIST || json_kind(v) == JSON_MAP || !*words ||
		    strlen(words) > VALUE_MAX)
			continue;
		facts[n++] = (struct fact){ code_words(&h, json_name_at(content, i)), words };
	}
	*ret_n = n;
	return facts;
}

static const char *
hex_words(struct arena *a, const struct hash *h)
{
	char *s = arena_alloc(a, 2 * HASH_SIZE + 1);

	hex_encode(h->b, HASH_SIZE, s);
	return s;
}

/* Of entries about claims only the page of the record says what: they may hold some that are not for whoever asks. */
static bool
shows_content(const char *act)
{
	static const char *const beginnings[] = { "item.", "consent.", "compartment.",
		"mechanism.", "translation." };

	for (size_t i = 0; i < LEN(beginnings); i++)
		if (strncmp(act, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

/* What is told of an item in a compartment is opened by it. */
static bool
opens(struct request *r, const struct entry *en, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct item it;
	struct err gone;

	if (strncmp(en->subject, "item_", 5) != 0)
		return true;
	if (!record_find_item(r->s->db, &v, r->a, en->subject, &it, &gone))
		return gone.kind == ERR_MISSING || (*e = gone, false);
	return opens_item(r, &it, true, e);
}

static bool
add_content(struct request *r, struct entry_page *p, struct err *e)
{
	struct entry en;

	if (!p->row->act)
		return true;
	if (!log_entry(mechanism_log(r->desk->m), r->s->db, r->a, p->index, &en, e))
		return false;
	if (shows_content(en.act) && !opens(r, &en, e))
		return false;
	if (shows_content(en.act))
		p->facts = facts_of(r, en.content, &p->n_facts);
	p->receipt = true;
	return true;
}

static void
add_proof(struct request *r, const struct receipt *proof, const struct checkpoint *c,
    struct entry_page *p)
{
	const char **hashes = arena_alloc(r->a, (proof->proof.n + 1) * sizeof *hashes);
	struct hash leaf = tree_leaf(proof->head, proof->head_n);

	for (size_t i = 0; i < proof->proof.n; i++)
		hashes[i] = hex_words(r->a, &proof->proof.h[i]);
	p->proof = hashes;
	p->n_proof = proof->proof.n;
	p->head = arena_strn(r->a, proof->head, proof->head_n);
	p->leaf = hex_words(r->a, &leaf);
	p->root = hex_words(r->a, &c->root);
	p->checkpoint = arena_strn(r->a, proof->checkpoint, proof->checkpoint_n);
	p->size = c->size;
}

static bool
prove(struct request *r, struct receipt *ret, struct checkpoint *ret_checkpoint, struct err *e)
{
	uint64_t index = request_number(r->part[0], UINT64_MAX, INT64_MAX), size;

	if (!log_size(r->s->db, &size, e))
		return false;
	if (index >= size)
		return err_set(e, ERR_MISSING, "no such entry");
	return log_proof(
	    mechanism_log(r->desk->m), r->s->db, r->a, index, ret, ret_checkpoint, e);
}

bool
entry_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct entry_page p = { 0 };
	struct checkpoint c;
	struct receipt proof;
	struct entry_row row;

	if (!prove(r, &proof, &c, e) || !entry_row_read(r, proof.index, &row, e))
		return false;
	p.index = proof.index;
	p.row = &row;
	p.n_row = 1;
	add_proof(r, &proof, &c, &p);
	if (!add_content(r, &p, e))
		return false;
	p.frame = page_frame(r,
	    arena_printf(
		r->a, "%s %llu", html_words(&h, WORD_LOG_ENTRY), (unsigned long long)p.index),
	    "");
	page_entry(&h, &p);
	return true;
}

/* The proof as a file: a whole C2SP tlog-proof. Its leaf is the head, which the page shows. */
bool
proof_page(struct request *r, struct reply *ret, struct err *e)
{
	struct checkpoint c;
	struct receipt proof;

	if (!prove(r, &proof, &c, e))
		return false;
	proof_write(&ret->body, &proof);
	ret->type = "text/plain; charset=utf-8";
	ret->disposition = arena_printf(r->a, "attachment; filename=\"entry-%llu.tlog-proof\"",
	    (unsigned long long)proof.index);
	return true;
}

/* Its three lines, as a file: what the leaf is the hash of. */
bool
head_page(struct request *r, struct reply *ret, struct err *e)
{
	struct checkpoint c;
	struct receipt proof;

	if (!prove(r, &proof, &c, e))
		return false;
	buf_add(&ret->body, proof.head, proof.head_n);
	ret->type = "text/plain; charset=utf-8";
	ret->disposition = arena_printf(
	    r->a, "attachment; filename=\"entry-%llu.head\"", (unsigned long long)proof.index);
	return true;
}

bool
checkpoint_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	AUTO_VAL(buf) key = buf_init(1000);
	struct checkpoint_page p = { 0 };
	struct checkpoint c;
	struct note note;
	struct vkey k;
	const char *bytes;
	size_t n;

	if (!log_checkpoint(r->s->db, r->a, &bytes, &n, e) ||
	    !note_read(r->a, bytes, n, &note, e) ||
	    !checkpoint_read(note.text, note.n, &c, e) ||
	    !log_vkey(mechanism_log(r->desk->m), &k, e))
		return false;
	vkey_write(&key, &k);
	p.origin = arena_str(r->a, c.origin);
	p.size = c.size;
	p.root = hex_words(r->a, &c.root);
	p.note = arena_strn(r->a, bytes, n);
	p.key = arena_str(r->a, buf_peek(&key));
	p.frame = page_frame(r, html_words(&h, WORD_CHECKPOINT), "checkpoint");
	page_checkpoint(&h, &p);
	return true;
}
