/* vigil access: who may see a thing, and why. */
#include "record/access.h"

#include "cli/records.h"
#include "record/reading.h"

enum { READINGS_MAX = 50 };

static struct json *
why_json(struct arena *a, const struct access_person *p)
{
	struct json *list = json_new_list(a), *lacks = json_new_list(a);
	struct json *j = json_new_map(a), *roles = json_new_list(a);

	for (size_t i = 0; i < p->n_why; i++) {
		struct json *m = json_new_map(a);

		json_put_str(a, m, "by", *p->why[i].compartment ? "compartment" : "role");
		if (*p->why[i].compartment) {
			json_put_str(a, m, "compartment", p->why[i].compartment);
			json_put_int(a, m, "entry", (int64_t)p->why[i].entry);
		}
		json_put_int(a, m, "sees", (int64_t)p->why[i].n);
		json_add(a, list, m);
	}
	for (size_t i = 0; i < p->n_lacks; i++)
		json_add(a, lacks, json_new_str(a, p->lacks[i]));
	for (enum login_role i = 0; i < ROLES; i++)
		if (p->roles & ROLE_BIT(i))
			json_add(a, roles, json_new_str(a, login_role_name(i)));
	json_put_str(a, j, "name", p->name);
	json_put(a, j, "signs_in", json_new_bool(a, p->signs_in));
	json_put(a, j, "roles", roles);
	json_put_int(a, j, "sees", (int64_t)p->sees);
	json_put(a, j, "why", list);
	json_put(a, j, "withheld", lacks);
	return j;
}

static void
show_json(struct ctx *c, const struct access *x)
{
	struct json *j = json_new_map(c->a), *parts = json_new_list(c->a),
		    *people = json_new_list(c->a);

	for (size_t i = 0; i < x->n_parts; i++) {
		struct json *m = json_new_map(c->a), *names = json_new_list(c->a);

		for (size_t k = 0; k < x->parts[i].n; k++)
			json_add(c->a, names, json_new_str(c->a, x->parts[i].names[k]));
		json_put_str(c->a, m, "compartment", x->parts[i].compartment);
		json_put(c->a, m, x->is_item ? "acquisitions" : "claims", names);
		json_add(c->a, parts, m);
	}
	for (size_t i = 0; i < x->n_people; i++)
		json_add(c->a, people, why_json(c->a, &x->people[i]));
	json_put_str(c->a, j, x->is_item ? "item" : "record", x->id);
	json_put_str(c->a, j, "title", x->title);
	json_put(c->a, j, "unusable", json_new_bool(c->a, x->unusable));
	json_put_int(c->a, j, "withheld", (int64_t)x->withheld);
	json_put(c->a, j, "parts", parts);
	json_put(c->a, j, "people", people);
	line_json(j);
}

static void
say_person(struct ctx *c, const struct access *x, const struct access_person *p)
{
	say("%s%s  sees %zu of %zu\n", single_line(c->a, p->name), p->self ? " (you)" : "",
	    p->sees, x->n_all);
	for (size_t i = 0; i < p->n_why; i++) {
		const struct access_why *w = &p->why[i];

		if (*w->compartment)
			say("    %zu: in the compartment \"%s\" since entry %llu\n", w->n,
			    single_line(c->a, w->compartment), (unsigned long long)w->entry);
		else
			say("    %zu: %s\n", w->n,
			    p->signs_in ? "in no compartment, and a role that reads" :
					  "in no compartment, and works at the command line");
	}
	for (size_t i = 0; i < p->n_lacks; i++)
		say("    not what is in %s%s\n", *p->lacks[i] ? "the compartment " : "none",
		    single_line(c->a, p->lacks[i]));
}

static void
show_plain(struct ctx *c, const struct access *x)
{
	const char *what = x->is_item ? "acquisitions" : "claims";

	say("%s  %s\n", x->id, single_line(c->a, x->title));
	if (x->unusable)
		say("consent for it was withdrawn or has run out: nobody may use it\n");
	for (size_t i = 0; i < x->n_parts; i++)
		say("%zu %s in %s%s\n", x->parts[i].n, what,
		    *x->parts[i].compartment ? "the compartment " : "no compartment",
		    single_line(c->a, x->parts[i].compartment));
	if (x->withheld)
		say("%zu %s are withheld from you\n", x->withheld, what);
	for (size_t i = 0; i < x->n_people; i++)
		say_person(c, x, &x->people[i]);
	say("whoever has the mechanism's key sees at the command line what is in no compartment\n");
}

static bool
say_readings(struct ctx *c, const struct viewer *v, const struct access *x, struct err *e)
{
	struct reading *list;
	size_t n;

	if (!record_readings(c->s->db, v, c->a, x->id, READINGS_MAX, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		say("opened by %s, as what is in \"%s\" (entry %llu)\n",
		    single_line(c->a, list[i].actor), single_line(c->a, list[i].compartment),
		    (unsigned long long)list[i].entry);
	return true;
}

bool
access_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };
	struct access x;

	if (!work_init(&w, c, e) ||
	    !record_access(w.db, &w.v, c->a, w.schema, c->args[0], &x, e))
		return false;
	if (c->json) {
		show_json(c, &x);
		return true;
	}
	show_plain(c, &x);
	return say_readings(c, &w.v, &x, e);
}
