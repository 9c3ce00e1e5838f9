/* publish/import_said: what a row says against what was said before: what is new, and what it corrects. */
#include <string.h>

#include "publish/import_private.h"

/* What the columns of a claim do not tell of its value (record/claims.h): "" if they tell all. */
static const char *
more_of(struct arena *a, const struct value *v)
{
	static const bool told[KINDS] = {
		[KIND_DATE] = true, [KIND_LINK] = true, [KIND_ITEM] = true
	};
	AUTO_VAL(buf) b = buf_init(1 << 20);

	if (told[v->kind] || (v->kind == KIND_TEXT && json_len(v->json) == 1))
		return "";
	json_write(&b, v->json);
	return arena_str(a, buf_peek(&b));
}

static bool
is_visible(const struct import *x, const char *compartment, bool cites)
{
	return !*compartment || cites || index_next(&x->members, compartment, NULL) != NULL;
}

static bool
load_record(struct import *x, struct db *db, struct arena *a, uint64_t number, struct saids *io,
    size_t *cap, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT number, property, kind, value, more, source, item, stance, compartment, until"
	    " FROM claim WHERE record = $1 ORDER BY number",
	    db_int((int64_t)number));

	while (db_next(q)) {
		bool cites = x->item >= 0 && db_get_int(q, 6) == x->item;
		bool asserted = db_get_int(q, 7) == ASSERTS;

		if (!is_visible(x, db_get_text(q, 8), cites))
			continue;
		if (io->n == *cap) {
			struct said *grown;

			*cap = MAX(32, 2 * *cap);
			grown = arena_alloc(a, *cap * sizeof *grown);
			if (io->n)
				memcpy(grown, io->s, io->n * sizeof *grown);
			io->s = grown;
		}
		io->s[io->n++] = (struct said){ .number = db_get_int(q, 0),
			.record = number,
			.property = arena_str(a, db_get_text(q, 1)),
			.kind = (enum kind)db_get_int(q, 2),
			.value = arena_str(a, db_get_text(q, 3)),
			.more = arena_str(a, db_get_text(q, 4)),
			.own = asserted && (uint64_t)db_get_int(q, 5) == x->source,
			.asserted = asserted,
			.stands = db_get_int(q, 9) == RECORD_OPEN,
			.cites = cites };
	}
	return db_end(q, e);
}

bool
said_load(struct import *x, struct db *db, struct arena *a, uint64_t number, struct saids *ret,
    struct err *e)
{
	struct saids out = { 0 };
	size_t cap = 0;
	char key[24];
	const struct index_slot *s = NULL;

	snprintf(key, sizeof key, "%llu", (unsigned long long)number);
	if (!x->alike.n || !index_next(&x->alike, key, NULL)) {
		if (!load_record(x, db, a, number, &out, &cap, e))
			return false;
	} else {
		while ((s = index_next(&x->alike, key, s)))
			if (!load_record(x, db, a, s->number, &out, &cap, e))
				return false;
	}
	*ret = out;
	return true;
}

/* ---- comparing ---- */

static bool
says(const struct said *s, const struct value_at *v, const char *more)
{
	return s->kind == v->s.value.kind && strcmp(s->property, v->property->name) == 0 &&
	    strcmp(s->value, v->s.value.text) == 0 && strcmp(s->more, more) == 0;
}

/* A mechanism's own export does not tell whose words it repeats: without --source it says nothing that somebody
 * else has said. */
static bool
repeats(const struct import *x)
{
	return (x->table.own || x->o->form == IMPORT_ESF) && !x->o->rests.source;
}

/* Said by this source and standing; or said by this very file, and withdrawn since. */
static bool
is_said(const struct import *x, const struct saids *before, const struct value_at *v,
    const char *more)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct said *s = &before->s[i];

		if ((s->own || (s->asserted && repeats(x))) && (s->stands || s->cites) &&
		    says(s, v, more))
			return true;
	}
	return false;
}

static const char *
language_of(struct arena *a, const struct said *s)
{
	struct err e;

	return *s->more && s->kind == KIND_TEXT ?
	    json_get_str(json_read(a, s->more, strlen(s->more), &e), "language") :
	    "";
}

/* Does what was said stand against a property of one value, which the row gives otherwise? */
static bool
is_corrected(struct arena *a, const struct unit *u, const struct said *s)
{
	bool otherwise = false;

	for (const struct value_at *v = u->values; v; v = v->next) {
		if (strcmp(v->property->name, s->property) != 0 || v->property->many ||
		    v->property->kind == KIND_STEP ||
		    strcmp(language_of(a, s), v->s.value.language) != 0)
			continue;
		if (says(s, v, more_of(a, &v->s.value)))
			return false;
		otherwise = true;
	}
	return otherwise;
}

/* FollowTheMoney's rest is one object, to which each fragment of an entity adds. */
static void
merge_rest(struct arena *a, const struct saids *before, struct value_at *v)
{
	if (strcmp(v->property->name, FTM_MORE) != 0 &&
	    strcmp(v->property->name, FTM_OTHER) != 0)
		return;
	for (size_t i = 0; i < before->n; i++) {
		const struct said *s = &before->s[i];

		if (s->own && s->stands && strcmp(s->property, v->property->name) == 0)
			v->s.value = import_text(
			    a, rest_merge(a, s->value, v->s.value.text), "json", "");
	}
}

static bool
said_in_row(struct arena *a, const struct value_at *first, const struct value_at *v)
{
	for (const struct value_at *w = first; w != v; w = w->next)
		if (w->property == v->property && w->s.value.kind == v->s.value.kind &&
		    strcmp(w->s.value.text, v->s.value.text) == 0 &&
		    strcmp(more_of(a, &w->s.value), more_of(a, &v->s.value)) == 0)
			return true;
	return false;
}

static void
withdraw(struct import *x, struct arena *a, struct unit *u, const struct saids *before)
{
	const char **names = arena_alloc(a, (before->n + 1) * sizeof *names);
	size_t n = 0;

	for (size_t i = 0; i < before->n; i++) {
		const struct said *s = &before->s[i];

		/* Of records that are the same, an entry corrects the one it is about. */
		if (!s->own || !s->stands || s->record != u->number || !is_corrected(a, u, s))
			continue;
		names[n++] = claim_name(a, s->number);
		import_keys_withdrawn(x, u->number, s->property, s->value);
	}
	u->act.withdraws = names;
	u->act.n_withdraws = n;
	u->act.reason = n ? "said otherwise by the same source since" : NULL;
}

bool
said_compare(struct import *x, struct db *db, struct arena *a, struct unit *u, struct err *e)
{
	struct saids before = { 0 };
	struct statement *s;
	size_t n = 0;

	if (u->number && !said_load(x, db, a, u->number, &before, e))
		return false;
	for (const struct value_at *v = u->values; v; v = v->next)
		n++;
	s = arena_alloc(a, (n + 1) * sizeof *s);
	n = 0;
	for (struct value_at *v = u->values; v; v = v->next) {
		if (before.n)
			merge_rest(a, &before, v);
		if (said_in_row(a, u->values, v) ||
		    (before.n && is_said(x, &before, v, more_of(a, &v->s.value))))
			continue;
		s[n++] = v->s;
		import_keys_stand(x, u->number, v->property->name, v->s.value.text);
	}
	u->act.statements = s;
	u->act.n = n;
	if (before.n && n)
		withdraw(x, a, u, &before);
	return true;
}

bool
said_all(struct import *x, struct db *db, struct arena *a, const struct unit *u,
    uint64_t number, bool *ret, struct err *e)
{
	struct saids before;

	if (!said_load(x, db, a, number, &before, e))
		return false;
	*ret = true;
	for (const struct value_at *v = u->values; v && *ret; v = v->next) {
		const char *more = more_of(a, &v->s.value);

		*ret = false;
		for (size_t i = 0; i < before.n && !*ret; i++)
			*ret = before.s[i].asserted &&
			    (before.s[i].stands || before.s[i].cites) &&
			    says(&before.s[i], v, more);
	}
	return true;
}
