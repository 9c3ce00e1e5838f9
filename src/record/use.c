/* May what rests on an item be used so (use.h)? */
#include "record/use.h"

#include <string.h>

#include "base/json.h"
#include "record/private.h"
#include "text/text.h"

enum { WORDS_MAX = 64 << 10 };

/* The words of a name, folded, one space between. Empty if it has none: then it is like nothing. */
static const char *
folded(struct arena *a, struct tokens *t, const char *s, size_t n)
{
	AUTO_VAL(buf) nfc = buf_init(WORDS_MAX), b = buf_init(WORDS_MAX);
	const struct text_encoding utf8 = { .name = "UTF-8" };
	struct token w;
	struct err e;
	bool same;

	if (!text_decode(s, n, &utf8, &nfc, &same, &e))
		return "";
	if (same)
		buf_add(&nfc, s, n);
	tokens_start(t, buf_peek(&nfc), nfc.n);
	while (tokens_next(t, &w)) {
		if (w.translit)
			continue;
		if (b.n)
			buf_byte(&b, ' ');
		buf_add(&b, w.term, w.n);
	}
	return b.full ? "" : arena_str(a, buf_peek(&b));
}

bool
words_alike(const char *one, const char *other)
{
	AUTO(arena) *a = arena_new();
	AUTO(tokens) *t = tokens_new();
	const char *x = folded(a, t, one, strlen(one));

	return *x && strcmp(x, folded(a, t, other, strlen(other))) == 0;
}

/* One of a list with commas between; NULL at the end. */
static const char *
next_word(const char **at, size_t *ret_n)
{
	const char *s = *at;

	if (!s)
		return NULL;
	*ret_n = strcspn(s, ",");
	*at = s[*ret_n] ? s + *ret_n + 1 : NULL;
	return s;
}

static bool
list_has(struct arena *a, struct tokens *t, const char *list, const char *word)
{
	const char *s;
	size_t n;

	while ((s = next_word(&list, &n)))
		if (strcmp(folded(a, t, s, n), word) == 0)
			return true;
	return false;
}

/* Everyone (or every purpose) that the use names must be in the list; it must name one. */
static bool
allows(const char *list, const char *wanted)
{
	AUTO(arena) *a = arena_new();
	AUTO(tokens) *t = tokens_new();
	bool some = false;
	const char *s;
	size_t n;

	while ((s = next_word(&wanted, &n))) {
		const char *word = folded(a, t, s, n);

		if (!s[strspn(s, " \t\r\n")] || s[strspn(s, " \t\r\n")] == ',')
			continue; /* nothing between two commas */
		if (!*word || !list_has(a, t, list, word))
			return false;
		some = true;
	}
	return some;
}

/* Does a consent allow what leaves? */
static bool
consent_allows(const struct json *consent, const struct viewer *v)
{
	const char *recipients = json_get_str(consent, "recipients");
	const char *purposes = json_get_str(consent, "purpose");

	return (!*recipients || allows(recipients, v->recipient)) &&
	    (!*purposes || allows(purposes, v->purpose));
}

struct judged { /* a consent, as it is written: few serve for many items */
	const char *consent;
	bool may;
	const char *conditions;
	struct judged *next;
};
struct slot { /* an item; free if `number` is 0 */
	int64_t number;
	struct use use;
};
struct group { /* a compartment */
	const char *name;
	bool may;
	struct group *next;
};
struct rights {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	struct slot *slots;
	size_t n, cap; /* cap: a power of two */
	struct judged *judged;
	struct group *groups;
};

struct rights *
rights_new(struct db *db, const struct viewer *v, struct arena *a)
{
	struct rights *r = arena_alloc(a, sizeof *r);

	*r = (struct rights){ .db = db, .v = v, .a = a, .cap = 16 };
	r->slots = arena_alloc(a, r->cap * sizeof *r->slots);
	return r;
}

static struct slot *
slot_of(struct slot *slots, size_t cap, int64_t number)
{
	uint64_t h = (uint64_t)number * 0x9e3779b97f4a7c15U;

	for (size_t i = (size_t)(h ^ h >> 32);; i++) {
		struct slot *s = &slots[i & (cap - 1)];

		if (!s->number || s->number == number)
			return s;
	}
}

static struct slot *
make_slot(struct rights *r, int64_t number)
{
	struct slot *s;

	if (2 * (r->n + 1) > r->cap) {
		size_t cap = 2 * r->cap;
		struct slot *slots = arena_alloc(r->a, cap * sizeof *slots);

		for (size_t i = 0; i < r->cap; i++)
			if (r->slots[i].number)
				*slot_of(slots, cap, r->slots[i].number) = r->slots[i];
		r->slots = slots;
		r->cap = cap;
	}
	s = slot_of(r->slots, r->cap, number);
	if (!s->number)
		r->n++;
	s->number = number;
	return s;
}

static bool
judge(struct rights *r, const char *consent, const struct judged **ret, struct err *e)
{
	struct judged *j = r->judged;
	const struct json *map = NULL;

	while (j && strcmp(j->consent, consent) != 0)
		j = j->next;
	if (!j) {
		if (*consent && !(map = json_read(r->a, consent, strlen(consent), e)))
			return err_at(e, "a consent");
		j = arena_alloc(r->a, sizeof *j);
		*j = (struct judged){ arena_str(r->a, consent), consent_allows(map, r->v),
			json_get_str(map, "conditions"), r->judged };
		r->judged = j;
	}
	*ret = j;
	return true;
}

/* No ';' stands within the conditions of one consent. */
static const char *
with_conditions(struct arena *a, const char *all, const char *more)
{
	size_t n = strlen(more);

	if (!n)
		return all;
	for (const char *s = all; *s;) {
		size_t len = strcspn(s, ";");

		if (len == n && memcmp(s, more, n) == 0)
			return all;
		s += len;
		s += strspn(s, "; ");
	}
	return *all ? arena_printf(a, "%s; %s", all, more) : more;
}

/* An acquisition that stands; seen: whoever it is for may know of it. */
static bool
add_acquisition(struct rights *r, struct use *io, const char *consent, bool seen, struct err *e)
{
	const struct judged *j = NULL;

	if (r->v->recipient && !judge(r, consent, &j, e))
		return false;
	if (j && !j->may)
		return true;
	io->rests = true;
	io->may |= seen;
	if (j)
		io->conditions = with_conditions(r->a, io->conditions, j->conditions);
	return true;
}

/* Rows of items by number: number, consent of an acquisition or NULL, embargoes, its compartment,
 * whether it stands. */
static bool
take_rows(struct rights *r, struct stmt *q, struct err *e)
{
	AUTO(stmt) *rows = q;

	while (db_next(rows)) {
		int64_t number = db_get_int(rows, 0);
		bool known = slot_of(r->slots, r->cap, number)->number != 0;
		struct slot *s = make_slot(r, number);
		bool seen = true;

		if (!known)
			s->use = (struct use){ .conditions = "" };
		if (db_is_null(rows, 1))
			continue;
		if (*db_get_text(rows, 3) &&
		    !rights_compartment(r, db_get_text(rows, 3), &seen, e))
			return false;
		s->use.seen |= seen;
		if (!db_get_int(rows, 4) || (r->v->recipient && db_get_int(rows, 2)))
			continue;
		if (!add_acquisition(r, &s->use, db_get_text(rows, 1), seen, e))
			return false;
	}
	return db_end(rows, e);
}

/* $1: RECORD_OPEN, $2: now. Use is always now, whatever state is asked for. */
#define ITEMS                                                                                  \
	"SELECT item.number, q.consent,"                                                       \
	" (SELECT count(*) FROM hold h WHERE h.item = item.number AND h.embargo = 1"           \
	"   AND h.until = $1), q.compartment,"                                                 \
	" CASE WHEN q.withdrawn = $1 AND q.consent_until > $2 THEN 1 ELSE 0 END"               \
	" FROM item LEFT JOIN acquisition q ON q.item = item.number WHERE item.number "

bool
rights_item(struct rights *r, int64_t item, const struct use **ret, struct err *e)
{
	static const struct use gone = { true, true, true, "" };
	const struct slot *s = slot_of(r->slots, r->cap, item);

	if (!s->number &&
	    !take_rows(r,
		db_query(r->db, e, ITEMS "= $3 ORDER BY q.entry", db_int(RECORD_OPEN),
		    db_int(r->v->now), db_int(item)),
		e))
		return false;
	s = slot_of(r->slots, r->cap, item);
	if (!s->number) /* erased: remembered as well */
		make_slot(r, item)->use = gone;
	*ret = &slot_of(r->slots, r->cap, item)->use;
	return true;
}

bool
rights_load(struct rights *r, uint64_t first, uint64_t last, struct err *e)
{
	struct rights fresh = *r;

	/* Items that are known would be judged twice: all are asked for anew. */
	fresh.n = 0;
	fresh.slots = arena_alloc(r->a, fresh.cap * sizeof *fresh.slots);
	if (!take_rows(&fresh,
		db_query(r->db, e,
		    ITEMS
		    "IN (SELECT c.item FROM claim c WHERE c.record >= $3 AND c.record <= $4"
		    " AND c.item > 0) ORDER BY item.number, q.entry",
		    db_int(RECORD_OPEN), db_int(r->v->now), db_int((int64_t)first),
		    db_int((int64_t)last)),
		e))
		return false;
	for (size_t i = 0; i < r->cap; i++)
		if (r->slots[i].number)
			make_slot(&fresh, r->slots[i].number)->use = r->slots[i].use;
	*r = fresh;
	return true;
}

bool
record_use(struct db *db, const struct viewer *v, struct arena *a, int64_t item,
    struct use *ret, struct err *e)
{
	const struct use *use;

	if (!rights_item(rights_new(db, v, a), item, &use, e))
		return false;
	*ret = *use;
	return true;
}

static bool
is_member(struct rights *r, const char *compartment, const char *who, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(r->db, &n, e,
		"SELECT count(*) FROM member WHERE compartment = $1 AND actor = $2 AND until = $3",
		db_text(compartment), db_text(who), db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}

/* What is for a group leaves to its members alone. */
static bool
are_members(struct rights *r, const char *compartment, bool *ret, struct err *e)
{
	const char *list = r->v->recipient, *s;
	size_t n;

	if (!is_member(r, compartment, r->v->actor, ret, e))
		return false;
	while (*ret && (s = next_word(&list, &n))) {
		while (n && strchr(" \t\r\n", *s)) {
			s++;
			n--;
		}
		while (n && strchr(" \t\r\n", s[n - 1]))
			n--;
		if (n && !is_member(r, compartment, arena_strn(r->a, s, n), ret, e))
			return false;
	}
	return true;
}

bool
rights_compartment(struct rights *r, const char *name, bool *ret, struct err *e)
{
	struct group *g = r->groups;
	bool may = false;

	while (g && strcmp(g->name, name) != 0)
		g = g->next;
	if (!g) {
		if (!are_members(r, name, &may, e))
			return false;
		g = arena_alloc(r->a, sizeof *g);
		*g = (struct group){ arena_str(r->a, name), may, r->groups };
		r->groups = g;
	}
	*ret = g->may;
	return true;
}

bool
rights_claim(struct rights *r, const char *compartment, int64_t item, bool *ret,
    const char **ret_conditions, struct err *e)
{
	const struct use *use;
	bool may = true;

	*ret_conditions = "";
	if (*compartment && !rights_compartment(r, compartment, &may, e))
		return false;
	if (may && item) {
		if (!rights_item(r, item, &use, e))
			return false;
		may = use->rests;
		*ret_conditions = use->conditions;
	}
	*ret = may;
	return true;
}
