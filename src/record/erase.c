/* Erasure: one person proposes, another one approves, and then nothing is left.
 *
 * If the acquisition named is not the item's last, only the bodies that tell of it go. If
 * it is, the item's bytes, texts and all entries about it go too. The entry that
 * carries it out says who, why and which indexes, and holds no word of what was erased. */
#include <string.h>

#include "base/code.h"
#include "record/acts.h"
#include "record/private.h"

const char *
record_erasure_statement(struct arena *a, const char *step, const char *subject,
    const char *reason, const char *person)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct json *c = json_new_map(a);

	json_put_str(a, c, "erasure", step);
	json_put_str(a, c, "subject", subject);
	json_put_str(a, c, "reason", reason);
	json_put_str(a, c, "person", person);
	json_write(&b, c);
	return arena_str(a, buf_peek(&b));
}

static void
put_signature(struct arena *a, struct json *c, const uint8_t sig[ED25519_SIGNATURE])
{
	char text[ED25519_SIGNATURE * 2];

	base64_encode(sig, ED25519_SIGNATURE, text);
	json_put_str(a, c, "signature", text);
}

static bool
refuse_if_held(struct db *db, uint64_t number, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e, "SELECT count(*) FROM hold WHERE item = $1 AND until = $2",
		db_int((int64_t)number), db_int(RECORD_OPEN)))
		return false;
	if (n)
		return err_set(e, ERR_DENIED,
		    "item %llu is held and cannot be erased: vigil release it first, if that "
		    "is "
		    "right",
		    (unsigned long long)number);
	return true;
}

static bool
write_proposal(
    struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_proposal *io = d->arg;
	struct json *c = json_new_map(a);
	uint8_t sig[ED25519_SIGNATURE];
	struct named named = { 0 };
	const struct viewer v = { .actor = io->actor, .as_of = RECORD_OPEN };
	const char *said;

	if (!record_name(db, &v, io->name, &named, e) || !refuse_if_held(db, named.number, e))
		return false;
	snprintf(io->subject, sizeof io->subject, "%s",
	    *named.acquisition ? named.acquisition : named.item);
	said = record_erasure_statement(a, "propose", io->subject, io->reason, io->person);
	io->sign(io->arg, said, strlen(said), sig);
	json_put_str(a, c, "erase", io->subject);
	json_put_int(a, c, "number", (int64_t)named.number);
	json_put_str(a, c, "reason", io->reason);
	json_put_str(a, c, "person", io->person);
	put_signature(a, c, sig);
	record_fill(ret, io->actor, ACT_PROPOSE, arena_str(a, named.item), c);
	return true;
}

void
act_propose_erasure(struct draft *d, struct act_proposal *io)
{
	*d = (struct draft){ .write = write_proposal, .arg = io };
}

static bool
read_proposal(struct db *db, struct arena *a, uint64_t index, struct erasure_plan *p,
    const char **ret_person, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT subject, item, reason, person FROM proposal WHERE entry = $1 AND until = "
	    "$2",
	    db_int((int64_t)index), db_int(RECORD_OPEN));
	bool found = db_next(q);

	if (found) {
		p->subject = arena_str(a, db_get_text(q, 0));
		p->item = (uint64_t)db_get_int(q, 1);
		p->reason = arena_str(a, db_get_text(q, 2));
		*ret_person = arena_str(a, db_get_text(q, 3));
	}
	if (!db_end(q, e))
		return false;
	return found ||
	    err_set(e, ERR_MISSING,
		"entry %llu proposes no erasure that is still open: vigil log shows the "
		"entries",
		(unsigned long long)index);
}

bool
record_proposals(struct db *db, const struct viewer *v, struct arena *a, size_t limit,
    struct open_proposal **ret, size_t *ret_n, struct err *e)
{
	struct open_proposal *list = arena_alloc(a, (limit + 1) * sizeof *list);
	struct stmt *q = db_query(db, e,
	    "SELECT p.entry, p.subject, item.id, p.reason, who.name, p.time"
	    " FROM proposal p JOIN item ON item.number = p.item"
	    " LEFT JOIN person who ON who.id = p.person WHERE p.until = $2"
	    " AND EXISTS (SELECT 1 FROM acquisition q WHERE q.item = p.item"
	    "  AND (q.id = p.subject OR item.id = p.subject) AND" ACQUISITION_SEEN(
		"q.", "$1", "$2") ") ORDER BY p.entry LIMIT $3",
	    db_text(v->actor), db_int(RECORD_OPEN), db_int((int64_t)limit));
	size_t n = 0;

	for (; n < limit && db_next(q); n++)
		list[n] = (struct open_proposal){ .entry = (uint64_t)db_get_int(q, 0),
			.subject = arena_str(a, db_get_text(q, 1)),
			.item = arena_str(a, db_get_text(q, 2)),
			.reason = arena_str(a, db_get_text(q, 3)),
			.person = arena_str(a, db_is_null(q, 4) ? "" : db_get_text(q, 4)),
			.time = db_get_int(q, 5) };
	*ret = list;
	*ret_n = n;
	return db_end(q, e);
}

static bool
list_indexes(struct stmt *q, struct arena *a, uint64_t *n_max, uint64_t **ret, size_t *ret_n,
    struct err *e)
{
	size_t n = 0;

	*ret = arena_alloc(a, *n_max * sizeof **ret);
	while (n < *n_max && db_next(q))
		(*ret)[n++] = (uint64_t)db_get_int(q, 0);
	*ret_n = n;
	return db_end(q, e);
}

/* Objects of the item and its texts that nothing else rests on. */
static bool
plan_objects(struct db *db, struct arena *a, struct erasure_plan *p, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT sha256 FROM item WHERE number = $1 AND NOT EXISTS"
	    " (SELECT 1 FROM text t WHERE t.sha256 = item.sha256 AND t.item <> $1)"
	    " UNION SELECT sha256 FROM text WHERE item = $1 AND sha256 IS NOT NULL"
	    " AND NOT EXISTS (SELECT 1 FROM text t WHERE t.sha256 = text.sha256 AND t.item <> "
	    "$1)"
	    " AND NOT EXISTS (SELECT 1 FROM item i WHERE i.sha256 = text.sha256 AND i.number "
	    "<> "
	    "$1)"
	    " UNION SELECT sha256 FROM derived WHERE item = $1"
	    " AND NOT EXISTS (SELECT 1 FROM derived d WHERE d.sha256 = derived.sha256"
	    " AND d.item <> $1)",
	    db_int((int64_t)p->item));
	size_t n = 0, cap = 0, size;

	while (db_next(q)) {
		const void *b = db_get_blob(q, 0, &size);

		if (size != HASH_SIZE)
			continue;
		if (n == cap) {
			struct hash *more = arena_alloc(a, (cap = 2 * cap + 16) * sizeof *more);

			if (n)
				memcpy(more, p->objects, n * sizeof *more);
			p->objects = more;
		}
		memcpy(p->objects[n++].b, b, size);
	}
	p->n_objects = n;
	return db_end(q, e);
}

static bool
plan_whole(struct db *db, struct arena *a, struct erasure_plan *p, struct err *e)
{
	int64_t entries = 0, texts = 0;
	uint64_t max;

	if (!db_get_one(db, &entries, e,
		"SELECT count(*) FROM about WHERE item = $1 AND stays = 0",
		db_int((int64_t)p->item)) ||
	    !db_get_one(db, &texts, e, "SELECT count(*) FROM text WHERE item = $1",
		db_int((int64_t)p->item)))
		return false;
	max = (uint64_t)entries;
	if (!list_indexes(
		db_query(db, e,
		    "SELECT entry FROM about WHERE item = $1 AND stays = 0 ORDER BY entry",
		    db_int((int64_t)p->item)),
		a, &max, &p->indexes, &p->n_indexes, e))
		return false;
	max = (uint64_t)texts;
	return list_indexes(
		   db_query(db, e, "SELECT entry FROM text WHERE item = $1 ORDER BY entry",
		       db_int((int64_t)p->item)),
		   a, &max, &p->texts, &p->n_texts, e) &&
	    plan_objects(db, a, p, e);
}

/* Only the acquisition's own entry, and the proposal, which names it. */
static bool
plan_part(
    struct db *db, struct arena *a, uint64_t proposal, struct erasure_plan *p, struct err *e)
{
	uint64_t max = 2;

	return list_indexes(db_query(db, e,
				"SELECT entry FROM acquisition WHERE id = $1 UNION"
				" SELECT entry FROM proposal WHERE entry = $2 ORDER BY entry",
				db_text(p->subject), db_int((int64_t)proposal)),
	    a, &max, &p->indexes, &p->n_indexes, e);
}

/* Who proposed to erase a whole item had seen what came of it until then: an acquisition that
 * came later was proposed by nobody. */
static bool
refuse_if_more_came(
    struct db *db, uint64_t proposal, const struct erasure_plan *p, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM acquisition WHERE item = $1 AND entry > $2",
		db_int((int64_t)p->item), db_int((int64_t)proposal)))
		return false;
	return !n ||
	    err_set(e, ERR_DENIED,
		"item %llu came once more since the proposal: see vigil show, and propose "
		"again "
		"if that is to go too",
		(unsigned long long)p->item);
}

static bool
make_plan(struct db *db, struct arena *a, uint64_t proposal, struct erasure_plan *p,
    const char **ret_person, struct err *e)
{
	int64_t others = 0;

	*p = (struct erasure_plan){ 0 };
	if (!read_proposal(db, a, proposal, p, ret_person, e) ||
	    !refuse_if_held(db, p->item, e) ||
	    !db_get_one(db, &others, e,
		"SELECT count(*) FROM acquisition WHERE item = $1 AND id <> $2",
		db_int((int64_t)p->item), db_text(p->subject)))
		return false;
	p->whole = others == 0 || id_ok(p->subject, "item");
	if (p->whole && !refuse_if_more_came(db, proposal, p, e))
		return false;
	return p->whole ? plan_whole(db, a, p, e) : plan_part(db, a, proposal, p, e);
}

bool
record_erasure_plan(
    struct db *db, struct arena *a, uint64_t proposal, struct erasure_plan *ret, struct err *e)
{
	const char *person;

	return make_plan(db, a, proposal, ret, &person, e);
}

static bool
same_plan(const struct erasure_plan *x, const struct erasure_plan *y)
{
	return x->whole == y->whole && x->n_indexes == y->n_indexes &&
	    x->n_texts == y->n_texts &&
	    (!x->n_indexes ||
		!memcmp(x->indexes, y->indexes, x->n_indexes * sizeof *x->indexes));
}

static bool
write_erasure(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_erasure *in = d->arg;
	struct json *c = json_new_map(a), *list = json_new_list(a);
	uint8_t sig[ED25519_SIGNATURE];
	struct erasure_plan now;
	const char *proposer, *said;

	if (!make_plan(db, a, in->proposal, &now, &proposer, e))
		return false;
	if (strcmp(proposer, in->person) == 0)
		return err_set(
		    e, ERR_DENIED, "an erasure needs two people: another person approves");
	if (!same_plan(in->plan, &now))
		return err_set(e, ERR_SYSTEM, "the item changed meanwhile: approve again");
	for (size_t i = 0; i < now.n_indexes; i++)
		json_add(a, list, json_new_int(a, (int64_t)now.indexes[i]));
	said = record_erasure_statement(a, "approve", now.subject, now.reason, in->person);
	in->sign(in->arg, said, strlen(said), sig);
	json_put(a, c, "indexes", list);
	json_put_str(a, c, "erase", now.subject);
	json_put_int(a, c, "number", (int64_t)now.item);
	json_put(a, c, "whole", json_new_bool(a, now.whole));
	json_put_str(a, c, "reason", now.reason);
	json_put_str(a, c, "proposed_by", proposer);
	json_put_str(a, c, "approved_by", in->person);
	put_signature(a, c, sig);
	record_fill(ret, in->actor, ACT_ERASE, now.subject, c);
	return true;
}

static bool
also_erasure(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct act_erasure *in = d->arg;

	(void)en;
	for (size_t i = 0; i < in->plan->n_objects; i++)
		if (!vault_erase(in->vault, db, &in->plan->objects[i], e))
			return false;
	return true;
}

void
act_erase(struct draft *d, struct act_erasure *in)
{
	*d = (struct draft){ .write = write_erasure,
		.also = also_erasure,
		.arg = in,
		.erases = in->plan->indexes,
		.n_erases = in->plan->n_indexes };
}

static bool
delete_item(struct db *db, int64_t number, struct err *e)
{
	return db_run(db, e, "DELETE FROM acquisition WHERE item = $1", db_int(number)) &&
	    db_run(db, e, "DELETE FROM text WHERE item = $1", db_int(number)) &&
	    db_run(db, e, "DELETE FROM derived WHERE item = $1", db_int(number)) &&
	    db_run(db, e, "UPDATE acquisition SET container = 0 WHERE container = $1",
		db_int(number)) &&
	    db_run(db, e, "DELETE FROM hold WHERE item = $1", db_int(number)) &&
	    db_run(db, e, "DELETE FROM proposal WHERE item = $1", db_int(number)) &&
	    db_run(db, e, "DELETE FROM about WHERE item = $1", db_int(number)) &&
	    copy_forget(db, number, e) && graphic_forget(db, number, e) &&
	    translation_forget(db, number, e) && reading_forget(db, number, e) &&
	    db_run(db, e, /* a claim stays when what it cites goes */
		"UPDATE claim SET item = 0, text = 0, start = -1, finish = -1 WHERE item = $1",
		db_int(number)) &&
	    db_run(db, e, "DELETE FROM item WHERE number = $1", db_int(number));
}

/* What the item's row says rests on its first acquisition: now on the first one left. */
static bool
rest_on_first(struct db *db, int64_t number, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct stmt *q = db_query(db, e,
	    "SELECT entry, path, media_type FROM acquisition WHERE item = $1"
	    " ORDER BY entry LIMIT 1",
	    db_int(number));
	const char *path = "", *type = "", *slash;
	int64_t since = 0;
	bool found = db_next(q);

	if (found) {
		since = db_get_int(q, 0);
		path = arena_str(a, db_get_text(q, 1));
		type = arena_str(a, db_get_text(q, 2));
	}
	if (!db_end(q, e))
		return false;
	if (!found)
		return true;
	slash = strrchr(path, '/');
	return db_run(db, e,
	    "UPDATE item SET since = $1, title = $2, media_type = $3 WHERE number = $4",
	    db_int(since), db_text(slash && slash[1] ? slash + 1 : path), db_text(type),
	    db_int(number));
}

static bool
delete_part(struct db *db, int64_t number, const struct entry *en, struct err *e)
{
	const struct json *list = json_get(en->content, "indexes");

	for (size_t i = 0; i < json_len(list); i++) {
		int64_t index = json_int(json_at(list, i));

		if (!db_run(db, e, "DELETE FROM acquisition WHERE entry = $1", db_int(index)) ||
		    !db_run(db, e, "DELETE FROM proposal WHERE entry = $1", db_int(index)) ||
		    !db_run(db, e, "DELETE FROM about WHERE entry = $1 AND item = $2",
			db_int(index), db_int(number)))
			return false;
	}
	return rest_on_first(db, number, e) &&
	    db_run(db, e,
		"INSERT INTO about(item, entry, stays) SELECT number, $1, 1 FROM item WHERE "
		"number "
		"= $2",
		db_int((int64_t)en->index), db_int(number));
}

/* On a replay that never saw the item there is nothing to delete, and the same is left. */
bool
record_apply_erase(struct db *db, const struct entry *en, struct err *e)
{
	int64_t number = json_get_int(en->content, "number");
	bool ok;

	ok = json_bool(json_get(en->content, "whole")) ? delete_item(db, number, e) :
							 delete_part(db, number, en, e);
	return ok && record_count_number(db, number, e);
}
