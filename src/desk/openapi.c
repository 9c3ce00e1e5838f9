/* The document that describes the API, made of the table of routes: OpenAPI 3.1. */
#include <string.h>

#include "base/json.h"
#include "desk/api.h"
#include "desk/pages/handlers.h"
#include "desk/takes.h"
#include "desk/view.h"

static struct json *
map_of(struct arena *a, const char *name, struct json *v)
{
	struct json *m = json_new_map(a);

	json_put(a, m, name, v);
	return m;
}

static struct json *
typed(struct arena *a, const char *type)
{
	return map_of(a, "type", json_new_str(a, type));
}

static struct json *
ref(struct arena *a, const char *name)
{
	return map_of(
	    a, "$ref", json_new_str(a, arena_printf(a, "#/components/schemas/%s", name)));
}

static const char *
view_of(const struct route *route)
{
	if (route->gives)
		return strchr(route->gives, '/') ? NULL : route->gives;
	for (const struct view_handler *v = view_handlers; v->name; v++)
		if (v->run == route->run)
			return v->name;
	return NULL;
}

const char *
openapi_view(const struct route *route)
{
	const char *name = view_of(route);

	for (const struct view_schema *v = view_schemas; name && v->name; v++)
		if (strcmp(v->name, name) == 0)
			return name;
	return NULL;
}

/* ---- what goes in ---- */

static struct json *
words_of(struct arena *a, const struct take *t)
{
	struct json *m = typed(a, "string"), *list = json_new_list(a);
	const char *s = t->words, *end = s + t->n_words;

	while (s < end) {
		const char *next = memchr(s, '|', (size_t)(end - s));
		size_t n = (size_t)((next ? next : end) - s);

		json_add(a, list, json_new_strn(a, s, n));
		s += n + 1;
	}
	json_put(a, m, "enum", list);
	return m;
}

static struct json *
schema_of(struct arena *a, const struct take *t)
{
	static const char *const types[] = {
		[TAKE_TEXT] = "string",
		[TAKE_NUMBER] = "integer",
		[TAKE_FLAG] = "boolean",
	};
	struct json *one = t->kind == TAKE_WORD ? words_of(a, t) : typed(a, types[t->kind]);
	struct json *many;

	if (!t->many)
		return one;
	many = typed(a, "array");
	json_put(a, many, "items", one);
	return many;
}

static struct json *
parameter(struct arena *a, const char *name, const char *in, bool must, struct json *schema)
{
	struct json *m = json_new_map(a);

	json_put_str(a, m, "name", name);
	json_put_str(a, m, "in", in);
	if (must)
		json_put(a, m, "required", json_new_bool(a, true));
	json_put(a, m, "schema", schema);
	return m;
}

static struct json *
parameters(struct arena *a, const struct route *route)
{
	struct json *list = json_new_list(a);
	const char *takes = route->post ? NULL : route->takes;
	struct take t;

	for (const char *s = route->path; (s = strchr(s, '{')); s++) {
		const char *name = arena_strn(a, s + 1, strcspn(s, "}") - 1);

		json_add(a, list, parameter(a, name, "path", true, typed(a, "string")));
	}
	while (take_next(&takes, &t)) {
		struct json *schema = t.kind == TAKE_FLAG ? /* "1"; left out: no */
		    map_of(a, "const", json_new_str(a, "1")) :
		    schema_of(a, &t);

		json_add(
		    a, list, parameter(a, arena_strn(a, t.name, t.n), "query", t.must, schema));
	}
	return list;
}

static struct json *
fields(struct arena *a, const struct route *route)
{
	struct json *m = typed(a, "object"), *all = json_new_map(a), *must = json_new_list(a),
		    *any = NULL;
	const char *takes = route->takes;
	struct take t;

	while (take_next(&takes, &t)) {
		const char *name = arena_strn(a, t.name, t.n);

		if (t.any)
			any = map_of(a, arena_printf(a, "^%.*s\\.", (int)t.n - 1, name),
			    schema_of(a, &t));
		else
			json_put(a, all, name, schema_of(a, &t));
		if (t.must)
			json_add(a, must, json_new_str(a, name));
	}
	json_put(a, m, "properties", all);
	if (any)
		json_put(a, m, "patternProperties", any);
	if (json_len(must))
		json_put(a, m, "required", must);
	json_put(a, m, "additionalProperties", json_new_bool(a, false));
	return m;
}

/* Fields of text stand before the files. */
static struct json *
with_files(struct arena *a, const struct route *route)
{
	struct json *m = typed(a, "object"), *all = json_new_map(a), *many = typed(a, "array");
	const char *takes = route->takes;
	struct take t;

	while (take_next(&takes, &t))
		json_put(a, all, arena_strn(a, t.name, t.n), schema_of(a, &t));
	json_put(a, many, "items",
	    map_of(a, "contentMediaType", json_new_str(a, "application/octet-stream")));
	json_put(a, all, "file", many);
	json_put(a, m, "properties", all);
	return m;
}

static struct json *
content(struct arena *a, const char *type, struct json *schema)
{
	return map_of(a, type, map_of(a, "schema", schema));
}

static struct json *
body_of(struct arena *a, const struct route *route)
{
	struct json *types;

	if (route->files) {
		types = content(a, "multipart/form-data", with_files(a, route));
	} else {
		types = content(a, "application/json", fields(a, route));
		json_put(a, types, "application/x-www-form-urlencoded",
		    map_of(a, "schema", fields(a, route)));
	}
	return map_of(a, "content", types);
}

/* ---- what comes out ---- */

static struct json *
response(struct arena *a, const char *what, const char *type, struct json *schema)
{
	struct json *m = json_new_map(a);

	json_put_str(a, m, "description", what);
	json_put(a, m, "content", content(a, type, schema));
	return m;
}

static struct json *
responses(struct arena *a, const struct route *route)
{
	struct json *m = json_new_map(a);
	const char *view = openapi_view(route);

	if (view)
		json_put(
		    a, m, "200", response(a, "What it is.", "application/json", ref(a, view)));
	else if (route->gives)
		json_put(a, m, "200", response(a, "The file.", route->gives, json_new_map(a)));
	else
		json_put(a, m, "201",
		    response(a, "It is done: see there.", "application/json", ref(a, "see")));
	json_put(a, m, "default",
	    response(a, "It is not done.", "application/problem+json", ref(a, "problem")));
	return m;
}

static struct json *
roles_of(struct arena *a, const struct route *route)
{
	struct json *list = json_new_list(a);

	for (enum login_role i = 0; i < ROLES; i++)
		if (route->may != MAY_ROLES || (route->roles & ROLE_BIT(i)))
			json_add(a, list, json_new_str(a, login_role_name(i)));
	return list;
}

static const char *
id_of(struct arena *a, const struct route *route)
{
	char *id = arena_printf(
	    a, "%s%s", route->post ? "post" : "get", route->path[1] ? route->path : "/home");
	size_t n = 0;

	for (const char *s = id; *s; s++)
		if (*s != '{' && *s != '}')
			id[n++] = *s == '/' || *s == '.' || *s == '-' ? '_' : *s;
	id[n] = 0;
	return id;
}

static struct json *
operation(struct arena *a, const struct route *route)
{
	struct json *m = json_new_map(a), *scopes = json_new_list(a),
		    *security = json_new_list(a), *list = parameters(a, route);

	json_put_str(a, m, "operationId", id_of(a, route));
	if (json_len(list))
		json_put(a, m, "parameters", list);
	if (route->post)
		json_put(a, m, "requestBody", body_of(a, route));
	json_put(a, m, "responses", responses(a, route));
	json_add(a, scopes, json_new_str(a, token_scope_name(api_scope(route, route->post))));
	json_add(a, security, map_of(a, "token", scopes));
	json_put(a, m, "security", security);
	json_put(a, m, "x-roles", roles_of(a, route));
	return m;
}

/* ---- the whole ---- */

/* Routes of one path stand together. */
static struct json *
paths(struct arena *a)
{
	struct json *all = json_new_map(a);

	for (size_t i = 0; i < n_routes; i++) {
		struct json *item;

		if (!api_has(&routes[i]) || json_get(all, routes[i].path))
			continue;
		item = json_new_map(a);
		for (size_t k = i; k < n_routes; k++)
			if (api_has(&routes[k]) && strcmp(routes[k].path, routes[i].path) == 0)
				json_put(a, item, routes[k].post ? "post" : "get",
				    operation(a, &routes[k]));
		json_put(a, all, routes[i].path, item);
	}
	return all;
}

static const struct {
	const char *name, *schema;
} own[] = {
	{ "see",
	    "{\"type\":\"object\",\"properties\":{\"see\":{\"type\":\"string\",\"format\":\"uri-reference\"}},"
	    "\"required\":[\"see\"],\"additionalProperties\":false}" },
	{ "problem",
	    "{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{\"type\":{\"type\":\"string\"},"
	    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"}},"
	    "\"required\":[\"type\",\"title\",\"status\"]}" },
};

static void
put_schema(struct arena *a, struct json *to, const char *name, const char *schema)
{
	struct err e;

	json_put(a, to, name, json_read(a, schema, strlen(schema), &e));
}

static struct json *
components(struct arena *a)
{
	struct json *m = json_new_map(a), *schemas = json_new_map(a), *token = typed(a, "http");

	for (const struct view_schema *v = view_schemas; v->name; v++)
		put_schema(a, schemas, v->name, v->schema);
	for (size_t i = 0; i < LEN(own); i++)
		put_schema(a, schemas, own[i].name, own[i].schema);
	json_put_str(a, token, "scheme", "bearer");
	json_put_str(a, token, "bearerFormat", "vigil_ and 64 hexadecimal digits");
	json_put_str(a, token, "description",
	    "A personal token. Scopes: read (GET), write (POST), give (material).");
	json_put(a, m, "securitySchemes", map_of(a, "token", token));
	json_put(a, m, "schemas", schemas);
	return m;
}

void
desk_openapi(struct buf *b)
{
	AUTO(arena) *a = arena_new();
	struct json *m = json_new_map(a), *info = json_new_map(a), *servers = json_new_list(a);

	json_put_str(a, info, "title", "Vigil");
	json_put_str(a, info, "version", VIGIL_VERSION);
	json_put_str(a, m, "openapi", "3.1.0");
	json_put(a, m, "info", info);
	json_add(a, servers, map_of(a, "url", json_new_str(a, API)));
	json_put(a, m, "servers", servers);
	json_put(a, m, "paths", paths(a));
	json_put(a, m, "components", components(a));
	json_write(b, m);
}

bool
openapi_page(struct request *r, struct reply *ret, struct err *e)
{
	(void)r, (void)e;
	desk_openapi(&ret->body);
	ret->type = "application/json";
	return true;
}
