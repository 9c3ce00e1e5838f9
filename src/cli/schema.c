/* The schema in force: types, type, schema; and who is in which compartment. */
#include <string.h>

#include "base/io.h"
#include "cli/records.h"

static const char *
kind_words(struct arena *a, const struct property *p)
{
	static const char *const kinds[KINDS] = { [KIND_TEXT] = "text",
		[KIND_DATE] = "date",
		[KIND_NUMBER] = "number",
		[KIND_TERM] = "term",
		[KIND_LINK] = "link",
		[KIND_PLACE] = "place",
		[KIND_ITEM] = "item",
		[KIND_STEP] = "step" };
	AUTO_VAL(buf) b = buf_init(4096);

	buf_str(&b, kinds[p->kind]);
	for (const char *const *arg = p->args; *arg; arg++)
		buf_printf(&b, " %s", *arg);
	return arena_str(a, buf_peek(&b));
}

static void
say_type_line(struct work *w, const struct type *t)
{
	if (w->c->json) {
		struct line l = line_start();

		line_str(&l, "type", t->name);
		line_str(&l, "label", labels_get(&t->labels, w->v.language, t->name));
		line_bool(&l, "abstract", t->abstract);
		line_end(&l);
	} else {
		say("%-22s %s%s\n", t->name, labels_get(&t->labels, w->v.language, ""),
		    t->abstract ? "  [abstract: no record is one as such]" : "");
	}
}

bool
types_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };
	size_t n = 0;

	if (!work_init(&w, c, e))
		return false;
	if (ctx_option(c, "vocabularies")) {
		work_list_vocabularies(&w);
		return true;
	}
	for (const struct type *const *t = schema_types(w.schema); *t; t++)
		say_type_line(&w, *t);
	for (const struct vocabulary *const *v = schema_vocabularies(w.schema); *v; v++)
		n++;
	if (!c->json)
		say("and %zu %s: vigil types --vocabularies\n", n,
		    plural(n, "vocabulary", "vocabularies"));
	return true;
}

static struct json *
property_json(const struct work *w, struct arena *a, const struct property *p)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "property", p->name);
	json_put_str(a, j, "label", labels_get(&p->labels, w->v.language, p->name));
	json_put_str(a, j, "kind", kind_words(a, p));
	json_put(a, j, "many", json_new_bool(a, p->many));
	json_put(a, j, "required", json_new_bool(a, p->required));
	json_put_some(a, j, "compartment", p->compartment);
	json_put_some(a, j, "reverse", p->reverse);
	json_put_some(a, j, "from", p->owner ? p->owner->name : NULL);
	return j;
}

static void
type_json(struct work *w, const struct type *t)
{
	struct arena *a = w->c->a;
	struct json *j = json_new_map(a), *list = json_new_list(a), *parents = json_new_list(a);

	for (const struct property *const *p = t->properties; *p; p++)
		json_add(a, list, property_json(w, a, *p));
	for (const struct type *const *p = t->parents; *p; p++)
		json_add(a, parents, json_new_str(a, (*p)->name));
	json_put_str(a, j, "type", t->name);
	json_put_str(a, j, "label", labels_get(&t->labels, w->v.language, t->name));
	json_put(a, j, "is", parents);
	json_put(a, j, "properties", list);
	json_put_some(a, j, "procedure", t->procedure ? t->procedure->name : NULL);
	line_json(j);
}

static void
add_words(struct buf *b, const char *before, const char *const *words, const char *between)
{
	for (size_t i = 0; words && words[i]; i++)
		buf_printf(b, "%s%s", i ? between : before, words[i]);
}

static void
say_move(const struct move *m)
{
	AUTO_VAL(buf) b = buf_init(64 * 1024);

	buf_printf(&b, "to %s from ", m->to);
	add_words(&b, "", m->from, ", ");
	add_words(&b, "; needs ", m->needs, ", ");
	add_words(&b, "; by ", m->by, ", ");
	if (m->repeats)
		buf_str(&b, "; may happen again");
	say("  ");
	say_wrapped(buf_peek(&b), 2, "  ");
}

static void
say_clock(const struct clock_rule *c)
{
	AUTO_VAL(buf) b = buf_init(64 * 1024);

	buf_printf(&b, "clock %s: ", c->name);
	if (*c->due)
		buf_printf(&b, "on the day that %s says", c->due);
	else if (c->days == CLOCK_NO_TERM)
		buf_str(&b, "no term");
	else
		buf_printf(&b, "%d days", c->days);
	add_words(&b, ", from ", c->from, ", ");
	add_words(&b, ", until ", c->until, ", ");
	if (*c->when) {
		buf_printf(&b, ", where %s is ", c->when);
		add_words(&b, "", c->is, ", ");
	}
	if (*c->then)
		buf_printf(&b, "; then %s", c->then);
	say("  ");
	say_wrapped(buf_peek(&b), 2, "  ");
}

static void
say_procedure(const struct work *w, const struct procedure *p)
{
	say("\nprocedure %s  %s\n", p->name, labels_get(&p->labels, w->v.language, ""));
	for (size_t i = 0; i < p->n_moves; i++)
		say_move(&p->moves[i]);
	for (size_t i = 0; i < p->n_clocks; i++)
		say_clock(&p->clocks[i]);
}

static bool
may_lead_to(const struct property *p, const struct type *t)
{
	if (p->kind != KIND_LINK || !*p->reverse)
		return false;
	for (const char *const *arg = p->args; arg && *arg; arg++)
		if (type_is(t, *arg))
			return true;
	return false;
}

/* What leads here from other types, by the names that conditions use. */
static void
say_reverse(const struct schema *s, const struct type *t)
{
	AUTO_VAL(buf) b = buf_init(64 * 1024);

	for (const struct type *const *of = schema_types(s); *of; of++)
		for (const struct property *const *p = (*of)->properties; *p; p++)
			if ((*p)->owner == *of && may_lead_to(*p, t))
				buf_printf(&b, "%s%s (%s)", b.n ? ", " : "", (*p)->reverse,
				    (*of)->name);
	if (!b.n)
		return;
	say("led to by\n  ");
	say_wrapped(buf_peek(&b), 2, "  ");
}

static void
say_type(const struct work *w, const struct type *t)
{
	struct arena *a = w->c->a;
	const struct type *owner = NULL;

	say("%s  %s\n", t->name, labels_get(&t->labels, w->v.language, ""));
	if (*labels_get(&t->about, w->v.language, ""))
		say_wrapped(labels_get(&t->about, w->v.language, ""), 0, "");
	for (const struct property *const *p = t->properties; *p; p++) {
		if ((*p)->owner != owner && (*p)->owner != t)
			say("from %s\n", (*p)->owner->name);
		owner = (*p)->owner;
		say("  %-22s %-30s %s%s%s\n", (*p)->name, kind_words(a, *p),
		    labels_get(&(*p)->labels, w->v.language, ""),
		    (*p)->required ? "  [required]" : "",
		    *(*p)->compartment ? "  [confidential]" : "");
	}
	say_reverse(w->schema, t);
	if (t->procedure)
		say_procedure(w, t->procedure);
}

bool
type_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };
	const struct vocabulary *v;
	const struct type *t;

	if (!work_init(&w, c, e))
		return false;
	v = schema_vocabulary(w.schema, c->args[0]);
	if (v && !schema_type(w.schema, c->args[0])) {
		work_show_vocabulary(&w, v);
		return true;
	}
	if (!(t = schema_want_type(w.schema, c->args[0], e)))
		return false;
	if (c->json)
		type_json(&w, t);
	else
		say_type(&w, t);
	return true;
}

/* The new file is checked together with all others before it is logged. */
static bool
schema_add(struct work *w, const char *path, struct err *e)
{
	AUTO_VAL(buf) text = buf_init(SCHEMA_FILE_MAX);
	const char *slash = strrchr(path, '/');
	struct act_schema in = { .actor = w->c->actor, .name = slash ? slash + 1 : path };
	struct draft d;

	if (!io_read_file(path, &text, e))
		return false;
	in.text = buf_peek(&text);
	if (!record_check_schema(w->db, &w->v, in.name, in.text, e))
		return false;
	act_change_schema(&d, &in);
	return log_append(mechanism_log(w->c->m), &d, 1, true, e);
}

/* A claim is never changed: what is to be confidential from now on was not when it was said. */
static bool
tell_left_open(struct work *w, struct err *e)
{
	struct schema *now = record_schema(w->db, &w->v, e);
	struct left_open *open;
	size_t n;
	bool ok = now && record_left_open(w->db, w->c->a, w->schema, now, &open, &n, e);

	schema_free(now);
	for (size_t i = 0; ok && i < n; i++) {
		struct line l;

		if (!w->c->json) {
			say("%s.%s: %lld earlier %s open, for \"%s\" holds new claims only; say"
			    " each again, and withdraw it: vigil list %s %s=*\n",
			    open[i].type, open[i].property, (long long)open[i].claims,
			    plural((uint64_t)open[i].claims, "claim stays", "claims stay"),
			    open[i].compartment, open[i].type, open[i].property);
			continue;
		}
		l = line_start();
		line_str(&l, "type", open[i].type);
		line_str(&l, "property", open[i].property);
		line_str(&l, "compartment", open[i].compartment);
		line_int(&l, "left_open", (uint64_t)open[i].claims);
		line_end(&l);
	}
	return ok;
}

static void
say_file(struct work *w, const struct own_file *f, bool text)
{
	struct line l;

	if (!w->c->json) {
		if (text)
			say("%s", f->text);
		else
			say("%-30s %7zu bytes  (entry %llu)\n", f->name, strlen(f->text),
			    (unsigned long long)f->entry);
		return;
	}
	l = line_start();
	line_str(&l, "file", f->name);
	line_int(&l, "entry", f->entry);
	line_int(&l, "bytes", strlen(f->text));
	if (text)
		line_str(&l, "text", f->text);
	line_end(&l);
}

/* The mechanism's own files in force; name NULL: all of them, else the text of this one. */
static bool
own_schema(struct work *w, const char *name, struct err *e)
{
	struct own_file *f;
	size_t n;

	if (!record_schema_files(w->db, &w->v, w->c->a, &f, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!name)
			say_file(w, &f[i], false);
		if (!name || strcmp(f[i].name, name) != 0)
			continue;
		say_file(w, &f[i], true);
		return true;
	}
	if (!name && !n && !w->c->json)
		say("no file of its own: the schema is as it was shipped\n");
	return !name ||
	    err_set(e, ERR_MISSING,
		"no file \"%.80s\" of this mechanism's own: vigil schema list names them",
		name);
}

bool
schema_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	bool list = strcmp(c->args[0], "list") == 0, show = strcmp(c->args[0], "show") == 0;

	if ((!list && !show && strcmp(c->args[0], "add") != 0) || c->n_args != (list ? 1 : 2))
		return err_set(e, ERR_INVALID, "vigil schema add FILE | list | show FILE");
	if (!work_init(&w, c, e))
		return false;
	if (list || show)
		return own_schema(&w, show ? c->args[1] : NULL, e);
	if (!schema_add(&w, c->args[1], e))
		return false;
	if (!c->json)
		say("the schema now holds what %s says\n", c->args[1]);
	return tell_left_open(&w, e);
}

bool
compartment_run(struct ctx *c, struct err *e)
{
	struct act_member in = { .actor = c->actor,
		.compartment = c->args[1],
		.person = c->args[2],
		.leaves = strcmp(c->args[0], "remove") == 0 };
	struct draft d;

	if (!in.leaves && strcmp(c->args[0], "add") != 0)
		return err_set(e, ERR_INVALID, "vigil compartment add|remove NAME ACTOR");
	if (!ctx_open(c, e))
		return false;
	act_member(&d, &in);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (!c->json)
		say("%s is %s \"%s\"\n", in.person, in.leaves ? "out of" : "in",
		    in.compartment);
	return true;
}
