/* Who may see a thing, and why (access.h). */
#include "record/access.h"

#include <string.h>

#include "record/private.h"

/* Lists that grow. */
struct telling {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	struct access *io;
	struct access_part *parts;
	struct access_person *people;
	size_t n_parts, n_people;
};

/* Room for one more in a list that lives in an arena: doubled when it is full. */
static void *
grown(struct arena *a, const void *list, size_t n, size_t size)
{
	void *more;

	if (n & (n - 1) || (n && n < 4))
		return (void *)(uintptr_t)list;
	more = arena_alloc(a, MAX(n * 2, (size_t)4) * size);
	if (n)
		memcpy(more, list, n * size);
	return more;
}

static void
add_name(struct telling *t, const char *compartment, const char *name)
{
	struct access_part *p = t->parts;
	const char **names;
	size_t i = 0;

	while (i < t->n_parts && strcmp(t->parts[i].compartment, compartment) != 0)
		i++;
	if (i == t->n_parts) {
		p = t->parts = grown(t->a, t->parts, t->n_parts, sizeof *t->parts);
		p[t->n_parts++] = (struct access_part){ compartment, NULL, 0 };
	}
	p = &t->parts[i];
	names = grown(t->a, p->names, p->n, sizeof *names);
	names[p->n++] = name;
	p->names = names;
	t->io->n_all++;
}

static bool
tell_item(struct telling *t, const struct item *it, struct err *e)
{
	struct acquisition *list;
	size_t n;

	if (!record_acquisitions(t->db, t->v, t->a, it->number, &list, &n, e))
		return false;
	t->io->id = it->id;
	t->io->title = it->title;
	t->io->is_item = true;
	t->io->unusable = it->withdrawn;
	for (size_t i = 0; i < n; i++)
		add_name(t, list[i].compartment, list[i].id);
	return true;
}

/* A record of which nothing may be seen is missing: that it is there can be what has to be kept. */
static bool
tell_record(struct telling *t, const struct schema *s, const struct record *r, struct err *e)
{
	struct claims claims;

	if (!record_claims(t->db, t->v, t->a, s, r, false, &claims, e))
		return false;
	if (!claims.n && claims.withheld)
		return err_set(e, ERR_MISSING, "nothing of it may be seen");
	t->io->id = r->id;
	t->io->title = *r->title ? r->title : r->id;
	t->io->withheld = claims.withheld;
	for (size_t i = 0; i < claims.n; i++)
		add_name(t, claims.c[i].compartment, claims.c[i].name);
	return true;
}

static bool
tell_thing(struct telling *t, const struct schema *s, const char *name, struct err *e)
{
	struct item it;
	struct record r;

	if (strncmp(name, "rec_", 4) != 0) {
		if (record_find_item(t->db, t->v, t->a, name, &it, e))
			return tell_item(t, &it, e);
		if (e->kind != ERR_MISSING)
			return false;
	}
	return record_find_named(t->db, t->v, t->a, s, NULL, name, &r, e) &&
	    tell_record(t, s, &r, e);
}

/* ---- people ---- */

static struct access_person *
person_of(struct telling *t, const char *name)
{
	for (size_t i = 0; i < t->n_people; i++)
		if (strcmp(t->people[i].name, name) == 0)
			return &t->people[i];
	t->people = grown(t->a, t->people, t->n_people, sizeof *t->people);
	t->people[t->n_people] = (struct access_person){ .name = arena_str(t->a, name),
		.self = strcmp(name, t->v->actor) == 0 };
	return &t->people[t->n_people++];
}

static void
add_why(
    struct telling *t, struct access_person *p, const struct access_part *part, uint64_t entry)
{
	struct access_why *why = grown(t->a, p->why, p->n_why, sizeof *why);

	why[p->n_why++] = (struct access_why){ part->compartment, entry, part->n };
	p->why = why;
	p->sees += part->n;
}

static bool
add_members(struct telling *t, const struct access_part *part, struct err *e)
{
	struct stmt *q = db_query(t->db, e,
	    "SELECT actor, entry FROM member WHERE compartment = $1 AND until = $2 ORDER BY entry",
	    db_text(part->compartment), db_int(RECORD_OPEN));

	while (db_next(q))
		add_why(t, person_of(t, db_get_text(q, 0)), part, (uint64_t)db_get_int(q, 1));
	return db_end(q, e);
}

/* Whoever signs in stands first, so that what they see by their role does. */
static bool
add_people(struct telling *t, struct err *e)
{
	struct login *logins;
	size_t n;

	(void)person_of(t, t->v->actor);
	if (!record_logins(t->db, t->a, &logins, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct access_person *p;

		if (logins[i].closed || !(logins[i].roles & ROLES_READ))
			continue;
		p = person_of(t, logins[i].name);
		p->signs_in = true;
		p->roles = logins[i].roles;
	}
	for (size_t i = 0; i < t->n_parts; i++)
		if (*t->parts[i].compartment && !add_members(t, &t->parts[i], e))
			return false;
	/* A member without a login works at the command line, where what is open is seen by whoever has the key. */
	for (size_t i = 0; i < t->n_parts; i++)
		for (size_t k = 0; !*t->parts[i].compartment && k < t->n_people; k++)
			add_why(t, &t->people[k], &t->parts[i], 0);
	return true;
}

static bool
sees(const struct access_person *p, const char *compartment)
{
	for (size_t i = 0; i < p->n_why; i++)
		if (strcmp(p->why[i].compartment, compartment) == 0)
			return true;
	return false;
}

/* Leaves out who sees nothing of it, and tells of the others what they lack. */
static void
finish_people(struct telling *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_people; i++) {
		struct access_person *p = &t->people[i];
		const char **lacks = arena_alloc(t->a, (t->n_parts + 1) * sizeof *lacks);

		if (!p->n_why)
			continue;
		for (size_t k = 0; k < t->n_parts; k++)
			if (!sees(p, t->parts[k].compartment))
				lacks[p->n_lacks++] = t->parts[k].compartment;
		p->lacks = lacks;
		t->people[n++] = *p;
	}
	t->n_people = n;
}

bool
record_access(struct db *db, const struct viewer *v, struct arena *a, const struct schema *s,
    const char *name, struct access *ret, struct err *e)
{
	struct telling t = { .db = db, .v = v, .a = a, .io = ret };

	*ret = (struct access){ 0 };
	if (!tell_thing(&t, s, name, e) || !add_people(&t, e))
		return false;
	finish_people(&t);
	ret->parts = t.parts;
	ret->n_parts = t.n_parts;
	ret->people = t.people;
	ret->n_people = t.n_people;
	return true;
}

/* ---- compartments ---- */

static bool
read_members(struct db *db, struct arena *a, struct compartment *io, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT m.actor, m.entry, (SELECT count(*) FROM login l WHERE l.name = m.actor"
	    " AND l.until = $2) FROM member m WHERE m.compartment = $1 AND m.until = $2"
	    " ORDER BY m.entry",
	    db_text(io->name), db_int(RECORD_OPEN));
	struct member *list = NULL;

	while (db_next(q)) {
		list = grown(a, list, io->n_members, sizeof *list);
		list[io->n_members++] = (struct member){ arena_str(a, db_get_text(q, 0)),
			(uint64_t)db_get_int(q, 1), db_get_int(q, 2) > 0 };
	}
	io->members = list;
	return db_end(q, e);
}

static bool
count_held(struct db *db, struct compartment *io, struct err *e)
{
	int64_t items = 0, claims = 0;

	if (!db_get_one(db, &items, e,
		"SELECT count(DISTINCT item) FROM acquisition WHERE compartment = $1 AND until = $2",
		db_text(io->name), db_int(RECORD_OPEN)) ||
	    !db_get_one(db, &claims, e,
		"SELECT count(*) FROM claim WHERE compartment = $1 AND until = $2",
		db_text(io->name), db_int(RECORD_OPEN)))
		return false;
	io->items = (uint64_t)items;
	io->claims = (uint64_t)claims;
	return true;
}

/* Each once, at the type that says it. */
static void
find_fields(struct arena *a, const struct schema *s, struct compartment *io)
{
	struct confided *list = NULL;

	for (const struct type *const *t = schema_types(s); *t; t++)
		for (const struct property *const *p = (*t)->properties; *p; p++) {
			if ((*p)->owner != *t || strcmp((*p)->compartment, io->name) != 0)
				continue;
			list = grown(a, list, io->n_fields, sizeof *list);
			list[io->n_fields++] = (struct confided){ *t, *p };
		}
	io->fields = list;
}

bool
record_compartments(struct db *db, const struct viewer *v, struct arena *a,
    const struct schema *s, const struct compartment **ret, size_t *ret_n, struct err *e)
{
	struct stmt *q = db_query(db, e,
	    "SELECT compartment, entry FROM member WHERE actor = $1 AND until = $2"
	    " ORDER BY compartment",
	    db_text(v->actor), db_int(RECORD_OPEN));
	struct compartment *list = NULL;
	size_t n = 0;

	while (db_next(q)) {
		list = grown(a, list, n, sizeof *list);
		list[n++] = (struct compartment){ .name = arena_str(a, db_get_text(q, 0)),
			.entry = (uint64_t)db_get_int(q, 1) };
	}
	if (!db_end(q, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		find_fields(a, s, &list[i]);
		if (!read_members(db, a, &list[i], e) || !count_held(db, &list[i], e))
			return false;
	}
	*ret = list;
	*ret_n = n;
	return true;
}

bool
record_founds(struct db *db, const struct viewer *v, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (!db_get_one(db, &n, e,
		"SELECT count(*) FROM member WHERE compartment = $1 AND actor = $2 AND until = $3",
		db_text(FOUNDERS), db_text(v->actor), db_int(RECORD_OPEN)))
		return false;
	*ret = n > 0;
	return true;
}
