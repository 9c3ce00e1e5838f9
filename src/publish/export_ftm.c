/* publish/export_ftm: entities of FollowTheMoney, one a line. What came by an import of such entities
 * leaves as it came: its id, what its schema lacks, and its other members were kept (import_ftm.c). */
#include <string.h>

#include "publish/export_private.h"
#include "publish/import_private.h"

#define FTM "ftm"

static const char *
map_of(const struct map *maps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(maps[i].format, FTM) == 0)
			return maps[i].name;
	return NULL;
}

static bool
says(const struct export *x, const struct kind_of *k)
{
	(void)x;
	return k->type && map_of(k->type->maps, k->type->n_maps);
}

/* What the mechanism keeps of an entity besides its properties. */
static const char *
asserted(const struct claims *c, const char *property)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->c[i].property, property) == 0 && c->c[i].stance == ASSERTS)
			return c->c[i].value.text;
	return NULL;
}

static bool
is_kept(const char *property)
{
	return strcmp(property, FTM_ID) == 0 || strcmp(property, FTM_MORE) == 0 ||
	    strcmp(property, FTM_OTHER) == 0;
}

/* A name of two members would be lost: of an object that JSON readers take for whole. */
static bool
has_member(const char *object, const char *name)
{
	size_t n = strlen(name);
	int depth = 0;
	char before = 0;

	for (const char *s = object; *s; s++) {
		if (*s == '"') {
			if (depth == 1 && (before == '{' || before == ',') &&
			    strncmp(s + 1, name, n) == 0 && s[n + 1] == '"')
				return true;
			for (s++; *s != '"'; s++)
				s += *s == '\\';
		}
		depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
		if (!strchr(" \t\r\n", *s))
			before = *s;
	}
	return false;
}

/* Somebody may have claimed anything to be it. */
static bool
is_object(struct arena *a, const char *text)
{
	return rest_merge(a, "{}", text) != text;
}

/* The values of a property, each once; links by the ids of what they lead to. */
static bool
put_values(struct export *x, const struct claim *c, size_t n, struct json *list, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = c[i].value.text;
		bool again = false;

		if (c[i].stance != ASSERTS) {
			x->out->left_out++;
			continue;
		}
		if (c[i].value.kind == KIND_LINK) {
			const char *id, *type;

			if (!name_of_record(x, value, FTM_ID, &id, &type, e))
				return false;
			value = *id ? id : value;
		}
		for (size_t k = 0; k < json_len(list) && !again; k++)
			again = strcmp(json_str(json_at(list, k)), value) == 0;
		if (!again)
			json_add(x->a, list, json_new_str(x->a, value));
	}
	return true;
}

struct listed { /* a property of the entity: several of ours may be one there */
	const char *name;
	struct json *values;
};

static struct json *
list_named(struct export *x, struct listed *all, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].values;
	all[*n] = (struct listed){ name, json_new_list(x->a) };
	return all[(*n)++].values;
}

static bool
put_properties(
    struct export *x, const struct exported *r, struct json *properties, struct err *e)
{
	struct listed *all = arena_alloc(x->a, (r->claims.n + 1) * sizeof *all);
	size_t n_all = 0;

	for (size_t i = 0, n; i < r->claims.n; i += n) {
		const struct claim *c = &r->claims.c[i];
		const struct property *p = type_property(r->kind->type, c->property);
		const char *name = p ? map_of(p->maps, p->n_maps) : NULL;

		n = claims_run(&r->claims, i);
		if (is_kept(c->property))
			continue;
		if (!name)
			x->out->left_out += n;
		else if (!put_values(x, c, n, list_named(x, all, &n_all, name), e))
			return false;
	}
	for (size_t i = 0; i < n_all; i++)
		if (json_len(all[i].values))
			json_put(x->a, properties, all[i].name, all[i].values);
	return true;
}

static const char *
written(struct arena *a, const struct json *j)
{
	AUTO_VAL(buf) b = buf_init(64 << 20);

	json_write(&b, j);
	return arena_str(a, buf_peek(&b));
}

/* Properties, and what the schema lacks of them. */
static const char *
with_other(struct export *x, const char *properties, const char *other)
{
	if (!other)
		return properties;
	if (!is_object(x->a, other)) {
		x->out->left_out++;
		return properties;
	}
	return rest_merge(x->a, properties, other);
}

static const char *
with_more(struct export *x, const char *entity, const char *more)
{
	if (!more)
		return entity;
	if (!is_object(x->a, more) || has_member(more, "id") ||
	    has_member(more, "properties")) {
		x->out->left_out++;
		return entity;
	}
	return rest_merge(x->a, entity, more);
}

static bool
record(struct export *x, const struct exported *r, struct err *e)
{
	const struct type *t = r->kind->type;
	const char *id = asserted(&r->claims, FTM_ID), *more = asserted(&r->claims, FTM_MORE);
	struct json *head = json_new_map(x->a), *properties = json_new_map(x->a);
	const char *all, *entity;

	if (!put_properties(x, r, properties, e))
		return false;
	all = with_other(x, written(x->a, properties), asserted(&r->claims, FTM_OTHER));
	json_put_str(x->a, head, "id", id ? id : r->id);
	if (!more || !is_object(x->a, more) || !has_member(more, "schema"))
		json_put_str(x->a, head, "schema", map_of(t->maps, t->n_maps));
	entity = written(x->a, head);
	entity =
	    arena_printf(x->a, "%.*s,\"properties\":%s}", (int)strlen(entity) - 1, entity, all);
	buf_str(&x->bytes, with_more(x, entity, more));
	buf_byte(&x->bytes, '\n');
	return true;
}

static bool
nothing(struct export *x, struct err *e)
{
	(void)x;
	(void)e;
	return true;
}

const struct form export_ftm = {
	.start = nothing, .record = record, .finish = nothing, .says = says
};
