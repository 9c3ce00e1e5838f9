/* What left: recorded (given.h), and vigil given, which lists it. */
#include "cli/given.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

bool
given_asked(struct work *w)
{
	const char *to = ctx_option(w->c, "to"), *purpose = ctx_option(w->c, "purpose");

	if (!to && !purpose)
		return false;
	w->v.recipient = to ? to : "";
	w->v.purpose = purpose ? purpose : "";
	return true;
}

/* ---- one thing, gathered whole ---- */

static bool
write_out(struct work *w, struct act_give *g, struct given_end *end, const struct buf *b,
    struct err *e)
{
	if (fwrite(b->p, 1, b->n, stdout) == b->n && !fflush(stdout))
		return true;
	err_errno(e, "cannot write the output");
	end->complete = false;
	g->list = given_list_new(w->c->a);
	(void)!record_give(mechanism_log(w->c->m), g, &(struct err){ 0 });
	return false;
}

bool
given_say(struct work *w, struct leaving *io, void (*show)(struct work *w, const void *arg),
    const void *arg, struct err *e)
{
	enum { OUTPUT_MAX = 256 << 20 };
	AUTO_VAL(buf) b = buf_init(OUTPUT_MAX);
	struct act_give g = { .actor = w->c->actor,
		.viewer = &w->v,
		.what = io->what,
		.query = io->query,
		.format = io->format,
		.list = io->list,
		.end = &io->end };

	output_capture(&b);
	show(w, arg);
	output_capture(NULL);
	if (!buf_ok(&b, "the output", e))
		return false;
	io->end.complete = true;
	io->end.records = io->list->n_records;
	io->end.items = io->list->n_items;
	io->end.bytes = b.n;
	io->end.sha256 = digest_sha256(b.p, b.n);
	return record_give(mechanism_log(w->c->m), &g, e) &&
	    write_out(w, &g, &io->end, &b, e) && given_summary(w->c, &g, &io->end, 0, 0, e);
}

static const char *
recipient_of(struct arena *a, const char *recipient)
{
	return *recipient ? single_line(a, recipient) : "the mechanism's own people";
}

static void
summary_json(struct ctx *c, const struct act_give *g, const struct given_end *end,
    const char *const *conditions, size_t n, uint64_t left_out, uint64_t left_out_records)
{
	struct json *j = json_new_map(c->a), *list = json_new_list(c->a);
	AUTO_VAL(buf) b = buf_init(16 << 20);

	for (size_t i = 0; i < n; i++)
		json_add(c->a, list, json_new_str(c->a, conditions[i]));
	json_put_str(c->a, j, "given", g->id.s);
	json_put_int(c->a, j, "entry", (int64_t)g->entry);
	json_put_str(c->a, j, "recipient", g->viewer->recipient);
	json_put_str(c->a, j, "purpose", g->viewer->purpose);
	json_put_int(c->a, j, "records", (int64_t)end->records);
	json_put_int(c->a, j, "items", (int64_t)end->items);
	json_put_int(c->a, j, "claims", (int64_t)end->claims);
	json_put_int(c->a, j, "withheld", (int64_t)end->withheld);
	json_put_int(c->a, j, "withheld_records", (int64_t)end->withheld_records);
	json_put_int(c->a, j, "left_out", (int64_t)left_out);
	json_put_int(c->a, j, "left_out_records", (int64_t)left_out_records);
	json_put_int(c->a, j, "bytes", (int64_t)end->bytes);
	json_put_str(c->a, j, "sha256", hex_of(c->a, &end->sha256));
	json_put(c->a, j, "complete", json_new_bool(c->a, end->complete));
	json_put(c->a, j, "conditions", list);
	json_write(&b, j);
	say_error("%s", buf_peek(&b));
}

bool
given_summary(struct ctx *c, const struct act_give *g, const struct given_end *end,
    uint64_t left_out, uint64_t left_out_records, struct err *e)
{
	const char *const *conditions;
	size_t n;

	if (!record_given_conditions(c->s->db, c->a, g->entry, &conditions, &n, e))
		return false;
	if (c->json) {
		summary_json(c, g, end, conditions, n, left_out, left_out_records);
		return true;
	}
	say_error("%llu %s, given to %s%s%s (entry %llu)", (unsigned long long)end->records,
	    plural(end->records, "record", "records"), recipient_of(c->a, g->viewer->recipient),
	    *g->viewer->purpose ? " for " : "", single_line(c->a, g->viewer->purpose),
	    (unsigned long long)g->entry);
	if (end->withheld + end->withheld_records)
		say_error("withheld: %llu %s, and %llu %s of which nothing was left",
		    (unsigned long long)end->withheld, plural(end->withheld, "claim", "claims"),
		    (unsigned long long)end->withheld_records,
		    plural(end->withheld_records, "record", "records"));
	if (left_out + left_out_records)
		say_error("left out, because the format cannot say them: %llu %s, %llu %s",
		    (unsigned long long)left_out, plural(left_out, "claim", "claims"),
		    (unsigned long long)left_out_records,
		    plural(left_out_records, "record", "records"));
	for (size_t i = 0; i < n; i++)
		say_error("condition: %s", conditions[i]);
	return true;
}

/* ---- what was given ---- */

static void
given_json(struct arena *a, const struct given *g)
{
	char moment[MOMENT_MAX];
	struct line l = line_start();

	clock_moment(g->time, moment);
	line_str(&l, "given", g->id);
	line_int(&l, "entry", g->entry);
	line_str(&l, "what", g->what);
	line_str(&l, "format", *g->format ? g->format : NULL);
	line_str(&l, "query", *g->query ? g->query : NULL);
	line_str(&l, "recipient", g->recipient);
	line_str(&l, "purpose", g->purpose);
	line_str(&l, "time", moment);
	line_str(&l, "actor", g->actor);
	line_int(&l, "records", g->records);
	line_int(&l, "items", g->items);
	line_int(&l, "claims", g->claims);
	line_int(&l, "withheld", g->withheld);
	line_int(&l, "withheld_records", g->withheld_records);
	line_int(&l, "bytes", g->bytes);
	line_str(&l, "sha256", g->hashed ? hex_of(a, &g->sha256) : NULL);
	line_bool(&l, "complete", g->complete);
	line_end(&l);
}

static void
say_given(struct arena *a, const struct given *g)
{
	char moment[MOMENT_MAX];

	clock_moment(g->time, moment);
	say("%.16s  %s%s%s to %s%s%s%s\n", moment, g->what, *g->format ? " " : "", g->format,
	    recipient_of(a, g->recipient), *g->purpose ? " for " : "",
	    single_line(a, g->purpose), g->complete ? "" : ", incomplete");
	say("    %s%s%llu %s, %llu %s (entry %llu)\n", single_line(a, g->query),
	    *g->query ? ": " : "", (unsigned long long)g->records,
	    plural(g->records, "record", "records"), (unsigned long long)g->items,
	    plural(g->items, "item", "items"), (unsigned long long)g->entry);
}

bool
given_tell(struct ctx *c, const char *item, const char *record, const char *to,
    const char *head, struct err *e)
{
	enum { PAGE = 500 };
	struct viewer v = ctx_viewer(c);
	int64_t after = -1;
	size_t n = PAGE;
	bool some = false;

	while (n == PAGE) {
		AUTO(arena) *a = arena_new();
		struct given *g;

		if (!record_given(c->s->db, &v, a, item, record, to, after, PAGE, &g, &n, e))
			return false;
		if (n && !some && !c->json && *head)
			say("%s\n", head);
		some |= n > 0;
		for (size_t i = 0; i < n; i++) {
			after = (int64_t)g[i].entry;
			if (c->json)
				given_json(a, &g[i]);
			else
				say_given(a, &g[i]);
		}
	}
	return true;
}

/* What was erased since can still be asked for by its whole id. */
static bool
find_thing(struct ctx *c, const char *name, const char **ret_item, const char **ret_record,
    struct err *e)
{
	__attribute__((cleanup(work_done))) struct work w = { 0 };
	struct err no_item = { 0 };
	struct record r;
	struct item it;

	if (!work_init(&w, c, e))
		return false;
	if (id_ok(name, "item")) {
		*ret_item = name;
		return true;
	}
	if (strncmp(name, "rec_", 4) != 0 &&
	    record_find_item(w.db, &w.v, c->a, name, &it, &no_item)) {
		*ret_item = it.id;
		return true;
	}
	if (no_item.kind != ERR_NONE && no_item.kind != ERR_MISSING) {
		*e = no_item;
		return false;
	}
	if (!record_find_named(w.db, &w.v, c->a, w.schema, NULL, name, &r, e))
		return false;
	*ret_record = r.id;
	return true;
}

bool
given_run(struct ctx *c, struct err *e)
{
	const char *item = NULL, *record = NULL;

	return ctx_open(c, e) && (!c->n_args || find_thing(c, c->args[0], &item, &record, e)) &&
	    given_tell(c, item, record, ctx_option(c, "to"), "", e);
}
