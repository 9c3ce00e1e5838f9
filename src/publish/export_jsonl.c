/* publish/export_jsonl: a record a line, with all its claims: what asserts, what denies, who says so
 * and in which passage. */
#include <string.h>

#include "base/clock.h"
#include "publish/export_private.h"

static void
put_told(struct arena *a, struct json *to, const char *name, const struct deed *t)
{
	struct json *j = json_new_map(a);
	char *time = arena_alloc(a, MOMENT_MAX);

	if (!t->by)
		return;
	clock_moment(t->time, time);
	json_put_str(a, j, "by", t->by);
	json_put_str(a, j, "time", time);
	json_put_some(a, j, "reason", t->reason);
	json_put(a, to, name, j);
}

/* Of a passage that is cited in a translation: the one that it translates. */
static struct json *
original_json(struct arena *a, const struct claim *c)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "text", c->original);
	if (c->original_start >= 0) {
		json_put_int(a, j, "start", c->original_start);
		json_put_int(a, j, "end", c->original_end);
	}
	return j;
}

static struct json *
claim_json(struct arena *a, const struct claim *c)
{
	struct json *j = json_new_map(a);

	json_put_str(a, j, "claim", c->name);
	json_put_some(a, j, "subject", c->subject);
	json_put_str(a, j, "property", c->property);
	json_put_some(a, j, "property_label", c->property_label);
	json_put(a, j, "value", json_copy(a, c->value.json));
	json_put_str(a, j, "typed", value_print(a, &c->value));
	json_put_some(a, j, "label", c->label);
	json_put_some(a, j, "target", c->target_title);
	json_put_some(a, j, "source", c->source_id);
	json_put_some(a, j, "source_title", c->source_title);
	json_put_some(a, j, "reliability", c->grade);
	json_put_some(a, j, "item", c->item);
	json_put_some(a, j, "text", c->text);
	if (c->start >= 0) {
		json_put_int(a, j, "start", c->start);
		json_put_int(a, j, "end", c->end);
	}
	if (*c->original)
		json_put(a, j, "original", original_json(a, c));
	json_put_str(a, j, "stance", stance_names[c->stance]);
	if (c->credibility)
		json_put_int(a, j, "credibility", c->credibility);
	json_put_some(a, j, "compartment", c->compartment);
	json_put_int(a, j, "entry", (int64_t)c->entry);
	if (c->withdrawn != RECORD_OPEN)
		json_put_int(a, j, "withdrawn", c->withdrawn);
	put_told(a, j, "made", &c->made);
	put_told(a, j, "unmade", &c->unmade);
	return j;
}

struct json *
export_json(struct arena *a, const struct record *r, const char *const *same,
    const struct claims *claims)
{
	struct json *j = json_new_map(a), *list = json_new_list(a), *others = json_new_list(a);

	for (size_t i = 0; i < claims->n; i++)
		json_add(a, list, claim_json(a, &claims->c[i]));
	for (; *same; same++)
		json_add(a, others, json_new_str(a, *same));
	json_put_str(a, j, "record", r->id);
	json_put_str(a, j, "type", r->type);
	json_put_str(a, j, "title", r->title);
	json_put(a, j, "same", others);
	json_put(a, j, "claims", list);
	json_put_int(a, j, "withheld", (int64_t)claims->withheld);
	return j;
}

/* The title by what may leave of the record itself. */
static const char *
title_of(const struct type *t, const struct claims *c)
{
	for (const char *const *p = t ? t->title : NULL; p && *p; p++)
		for (size_t i = 0; i < c->n; i++)
			if (strcmp(c->c[i].property, *p) == 0 && c->c[i].stance == ASSERTS &&
			    !*c->c[i].compartment)
				return *c->c[i].target_title ? c->c[i].target_title :
							       c->c[i].value.text;
	return "";
}

/* What its own claims say it is the same as. */
static const char *const *
same_of(struct arena *a, const struct claims *c)
{
	const char **ids = arena_alloc(a, (c->n + 1) * sizeof *ids);
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->c[i].property, SAME) == 0 && c->c[i].stance == ASSERTS)
			ids[n++] = c->c[i].value.text;
	return ids;
}

static bool
start(struct export *x, struct err *e)
{
	(void)x;
	(void)e;
	return true;
}

static bool
record(struct export *x, const struct exported *r, struct err *e)
{
	const struct record rec = { .number = r->number,
		.id = r->id,
		.type = r->kind->name,
		.title = title_of(r->kind->type, &r->claims) };

	(void)e;
	json_write(&x->bytes, export_json(x->a, &rec, same_of(x->a, &r->claims), &r->claims));
	buf_byte(&x->bytes, '\n');
	return true;
}

const struct form export_jsonl = {
	.titles = true, .start = start, .record = record, .finish = start
};
