/* Acts on records as drafts: checked again under the lock, then written down. */
#include "record/claim_acts.h"

#include <string.h>

#include "base/clock.h"
#include "record/guard.h"
#include "record/private.h"

/* Is there a row that this id names, in the newest state? */
static bool
there_is(struct db *db, struct known *k, const char *what, const char *id, struct err *e)
{
	static const char *const kinds[] = { "record", "item", "text" };
	int64_t n = 0;
	bool ok;

	if (!id || known_has(k, id))
		return true;
	if (strcmp(what, kinds[0]) == 0)
		ok = db_get_one(
		    db, &n, e, "SELECT count(*) FROM record WHERE id = $1", db_text(id));
	else if (strcmp(what, kinds[1]) == 0)
		ok = db_get_one(
		    db, &n, e, "SELECT count(*) FROM item WHERE id = $1", db_text(id));
	else
		ok = db_get_one(
		    db, &n, e, "SELECT count(*) FROM text WHERE id = $1", db_text(id));
	if (!ok)
		return false;
	if (!n)
		return err_set(e, ERR_MISSING, "no %s %s", what, id);
	known_put(k, id);
	return true;
}

/* The passage that the one of a translation stands for. */
static struct json *
original_json(struct arena *a, const struct statement *s)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "text", s->original);
	if (s->original_start >= 0) {
		json_put_int(a, j, "start", s->original_start);
		json_put_int(a, j, "end", s->original_end);
	}
	return j;
}

static struct json *
statement_json(struct arena *a, const struct statement *s)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "property", s->property);
	json_put(a, j, "value", json_copy(a, s->value.json));
	json_put_some(a, j, "source", s->source);
	json_put_some(a, j, "item", s->item);
	json_put_some(a, j, "text", s->text);
	if (s->text && s->start >= 0) {
		json_put_int(a, j, "start", s->start);
		json_put_int(a, j, "end", s->end);
	}
	if (s->original)
		json_put(a, j, "original", original_json(a, s));
	if (s->stance != ASSERTS)
		json_put_str(a, j, "stance", stance_names[s->stance]);
	if (s->credibility)
		json_put_int(a, j, "credibility", s->credibility);
	json_put_some(a, j, "compartment", s->compartment);
	return j;
}

/* Claims that stand and say that these two are the same, by any source, or by this one. */
static bool
count_links(struct db *db, int64_t one, int64_t other, const char *source, int64_t *ret,
    int64_t *ret_by_it, struct err *e)
{
	int64_t number = 0;

	return (!source ||
		   db_get_one(db, &number, e, "SELECT number FROM record WHERE id = $1",
		       db_text(source))) &&
	    db_get_one(db, ret, e,
		"SELECT count(*) FROM claim WHERE property = '" SAME "' AND stance = 0"
		" AND until = $1 AND ((record = $2 AND low = $3) OR (record = $3 AND low = $2))",
		db_int(RECORD_OPEN), db_int(one), db_int(other)) &&
	    db_get_one(db, ret_by_it, e,
		"SELECT count(*) FROM claim WHERE property = '" SAME "' AND stance = 0"
		" AND until = $1 AND ((record = $2 AND low = $3) OR (record = $3 AND low = $2))"
		" AND source = $4",
		db_int(RECORD_OPEN), db_int(one), db_int(other), db_int(number));
}

/* A merge in a circle could not be undone by a split; but another source may say of two what was said of these very
 * two before. Links that whoever merges may not see are none to them: a refusal would tell of those. */
static bool
check_apart(struct db *db, struct arena *a, const char *actor, const char *record,
    const struct statement *s, struct err *e)
{
	const struct viewer newest = {
		.actor = actor, .as_of = RECORD_OPEN, .now = clock_now()
	};
	int64_t number = 0, other = 0, links = 0, by_it = 0;
	struct record r = { 0 };
	bool is = false;

	if (!db_get_one(
		db, &number, e, "SELECT number FROM record WHERE id = $1", db_text(record)) ||
	    !db_get_one(db, &other, e, "SELECT number FROM record WHERE id = $1",
		db_text(s->value.text)))
		return false;
	r.number = (uint64_t)number;
	if (!record_find_same(db, &newest, a, &r, e))
		return false;
	for (size_t i = 0; i < r.n_same; i++)
		is |= r.same[i] == (uint64_t)other;
	if (is && !count_links(db, number, other, s->source, &links, &by_it, e))
		return false;
	if (is && links && by_it)
		return err_set(e, ERR_INVALID, "%s is found to be the same already%s",
		    s->value.text, s->source ? ", by that source" : "");
	return !is || links ||
	    err_set(e, ERR_INVALID, "%s is found to be the same already%s", s->value.text,
		number == other ? "" : ", by way of others");
}

static bool
check_statement(const struct act_record *io, struct db *db, struct arena *a,
    const struct statement *s, struct err *e)
{
	struct known *k = io->known;

	return there_is(db, k, "record", s->source, e) && there_is(db, k, "item", s->item, e) &&
	    there_is(db, k, "text", s->text, e) &&
	    (s->value.kind != KIND_LINK || there_is(db, k, "record", s->value.text, e)) &&
	    (s->value.kind != KIND_ITEM || there_is(db, k, "item", s->value.text, e)) &&
	    (strcmp(s->property, SAME) != 0 || s->stance != ASSERTS ||
		check_apart(db, a, io->actor, io->id.s, s, e));
}

static bool
put_statements(
    struct act_record *io, struct db *db, struct arena *a, struct json *content, struct err *e)
{
	struct json *list = json_new_list(a);

	for (size_t i = 0; i < io->n; i++) {
		if (!check_statement(io, db, a, &io->statements[i], e))
			return err_at(e, "%s", io->statements[i].property);
		json_add(a, list, statement_json(a, &io->statements[i]));
	}
	if (io->n)
		json_put(a, content, "claims", list);
	return true;
}

/* A claim is withdrawn where it stands: about this record, and not withdrawn yet. */
static bool
check_withdrawal(struct db *db, const char *record, const char *name, struct err *e)
{
	int64_t number, until = 0;

	if (!claim_number(name, &number, e) ||
	    !db_get_one(db, &until, e,
		"SELECT c.until FROM claim c JOIN record r ON r.number = c.record"
		" WHERE c.number = $1 AND r.id = $2",
		db_int(number), db_text(record)))
		return false;
	if (!until)
		return err_set(e, ERR_MISSING, "no claim %.40s about %s", name, record);
	return until == RECORD_OPEN ||
	    err_set(e, ERR_INVALID, "claim %.40s was withdrawn already, by entry %lld", name,
		(long long)until);
}

static bool
put_withdrawals(struct act_record *io, struct db *db, struct arena *a, const char *record,
    struct json *content, struct err *e)
{
	struct json *list = json_new_list(a);

	for (size_t i = 0; i < io->n_withdraws; i++) {
		if (!check_withdrawal(db, record, io->withdraws[i], e))
			return false;
		json_add(a, list, json_new_str(a, io->withdraws[i]));
	}
	if (io->n_withdraws)
		json_put(a, content, "withdraws", list);
	return true;
}

static bool
write_record(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_record *io = d->arg;
	struct json *c = json_new_map(a);
	const char *act = io->act ? io->act : io->type ? ACT_NEW : ACT_CLAIM;

	if (io->n > CLAIMS_MAX)
		return err_set(e, ERR_TOO_BIG, "more than %d claims at once", CLAIMS_MAX);
	if (io->type) {
		if (!*io->id.s)
			io->id = id_new("rec");
		json_put_str(a, c, "type", io->type);
	} else {
		snprintf(io->id.s, sizeof io->id.s, "%s", io->record);
		if (!there_is(db, io->known, "record", io->id.s, e))
			return false;
	}
	if (!record_guard(io, db, a, e) || (io->check && !io->check(io, db, a, e)))
		return false;
	if (!put_statements(io, db, a, c, e) || !put_withdrawals(io, db, a, io->id.s, c, e))
		return false;
	json_put_some(a, c, "reason", io->reason);
	io->entry = ret->index;
	record_fill(ret, io->actor, act, arena_str(a, io->id.s), c);
	return true;
}

void
act_record(struct draft *d, struct act_record *io)
{
	*d = (struct draft){ .write = write_record, .arg = io };
}

static bool
write_schema(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_schema *in = d->arg;
	struct json *c = json_new_map(a);

	(void)db;
	(void)e;
	json_put_str(a, c, "file", in->name);
	json_put_str(a, c, "text", in->text);
	record_fill(ret, in->actor, ACT_SCHEMA, "", c);
	return true;
}

void
act_change_schema(struct draft *d, struct act_schema *in)
{
	*d = (struct draft){ .write = write_schema, .arg = in };
}

/* *ret_n: how many members it has; *ret_is: is this one of them? */
static bool
count_members(struct db *db, const char *compartment, const char *person, int64_t *ret_n,
    bool *ret_is, struct err *e)
{
	int64_t n = 0, all = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM member WHERE compartment = $1 AND actor = $2 AND until = $3",
		db_text(compartment), db_text(person), db_int(RECORD_OPEN)) ||
	    !db_get_one(db, &all, e,
		"SELECT count(*) FROM member WHERE compartment = $1 AND until = $2",
		db_text(compartment), db_int(RECORD_OPEN)))
		return false;
	*ret_n = all;
	*ret_is = n > 0;
	return true;
}

/* Refused alike whether there is such a compartment or not. */
static bool
none_of_yours(const char *compartment, struct err *e)
{
	return err_set(
	    e, ERR_MISSING, "there is no compartment \"%.60s\" that you are in", compartment);
}

/* What the schema keeps for a compartment may wait there for its first members: so not everybody makes
 * one. A log without a founder, as in tests, knows no such right. */
static bool
check_member(struct db *db, const struct act_member *in, struct err *e)
{
	int64_t n, n_founders;
	bool own, founder;

	if (!*in->compartment || !*in->person)
		return err_set(e, ERR_INVALID, "a compartment and whoever is in it have names");
	if (!count_members(db, in->compartment, in->actor, &n, &own, e) ||
	    !count_members(db, FOUNDERS, in->actor, &n_founders, &founder, e))
		return false;
	return own || (!n && !in->leaves && (founder || !n_founders)) ||
	    none_of_yours(in->compartment, e);
}

bool
compartment_choose(struct db *db, const struct viewer *v, const struct property *p,
    const char *compartment, struct err *e)
{
	int64_t n;
	bool own;

	if (p && strcmp(p->compartment, compartment) == 0)
		return true;
	if (*compartment) {
		if (!count_members(db, compartment, v->actor, &n, &own, e))
			return false;
		if (!own)
			return none_of_yours(compartment, e);
	}
	if (!p || !*p->compartment)
		return true;
	if (!count_members(db, p->compartment, v->actor, &n, &own, e))
		return false;
	return own ||
	    err_set(e, ERR_DENIED,
		"%s is for the compartment \"%.60s\", which you are not in: leave the choice of"
		" a compartment out",
		p->name, p->compartment);
}

static bool
write_member(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct act_member *in = d->arg;
	struct json *c = json_new_map(a);
	int64_t all;
	bool is;

	if (!check_member(db, in, e) ||
	    !count_members(db, in->compartment, in->person, &all, &is, e))
		return false;
	if (is != in->leaves)
		return err_set(e, ERR_INVALID, "\"%.60s\" is %s of the compartment \"%.60s\"",
		    in->person, in->leaves ? "no member" : "a member already", in->compartment);
	if (in->leaves && all == 1)
		return err_set(e, ERR_INVALID,
		    "\"%.60s\" is the last member of \"%.60s\": let somebody else in first",
		    in->person, in->compartment);
	json_put_str(a, c, "compartment", in->compartment);
	json_put_str(a, c, "person", in->person);
	if (in->leaves)
		json_put(a, c, "leaves", json_new_bool(a, true));
	record_fill(ret, in->actor, ACT_MEMBER, "", c);
	return true;
}

void
act_member(struct draft *d, struct act_member *in)
{
	*d = (struct draft){ .write = write_member, .arg = in };
}
