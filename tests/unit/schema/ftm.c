/* FollowTheMoney's own files against what is shipped: every type and property by name, with range and
 * inheritance, so that its data comes in and goes out without loss. */
#include "common.h"

#include <dirent.h>

#include "base/io.h"

/* What a line of its YAML says, as far as this test needs: "KEY: VALUE" or "- VALUE". */
struct line {
	size_t indent;
	bool item;
	char key[80], value[160];
};

static void
read_line(const char *s, size_t n, struct line *ret)
{
	char text[400];
	char *start = text, *end;

	*ret = (struct line){ 0 };
	snprintf(text, sizeof text, "%.*s", (int)n, s);
	ret->indent = strspn(text, " ");
	start += ret->indent;
	if (*start == '#')
		return;
	ret->item = !strncmp(start, "- ", 2);
	start += ret->item ? 2 : 0;
	end = strstr(start, " #");
	if (end)
		*end = 0;
	end = ret->item ? NULL : strchr(start, ':');
	if (end) {
		snprintf(ret->key, sizeof ret->key, "%.*s", (int)(end - start), start);
		start = end + 1 + strspn(end + 1, " ");
	}
	start += *start == '"';
	snprintf(ret->value, sizeof ret->value, "%.*s", (int)strcspn(start, "\""), start);
	for (size_t i = strlen(ret->value); i && ret->value[i - 1] == ' ';)
		ret->value[--i] = 0;
}

struct counts {
	size_t types, properties, links, parents, required, files;
};

struct place { /* where in the YAML */
	const struct type *type;
	const struct property *property;
	char section[80];
};

static bool
has_parent(const struct type *t, const char *name)
{
	for (const struct type *const *p = t->parents; *p; p++)
		if (!strcmp((*p)->name, name))
			return true;
	return false;
}

static void
check_type_key(const struct line *l, struct place *at)
{
	snprintf(at->section, sizeof at->section, "%s", l->key);
	at->property = NULL;
	if (!strcmp(l->key, "abstract"))
		CHECK(at->type->abstract == !strcmp(l->value, "true"));
	if (!strcmp(l->key, "matchable"))
		CHECK(at->type->unmatched == !strcmp(l->value, "false"));
}

static void
check_item(const struct line *l, const struct place *at, struct counts *n)
{
	if (!strcmp(at->section, "extends")) {
		n->parents++;
		CHECK(has_parent(at->type, l->value) && type_is(at->type, l->value));
	} else if (!strcmp(at->section, "required")) {
		const struct property *p = type_property(at->type, l->value);

		n->required++;
		CHECK(p && p->required);
	} else if (!strcmp(at->section, "caption")) {
		bool named = false;

		for (const char *const *t = at->type->title; *t; t++)
			named |= !strcmp(*t, l->value);
		CHECK(named);
	}
}

static void
check_property_key(const struct line *l, const struct place *at, struct counts *n)
{
	const struct property *p = at->property;

	if (!strcmp(l->key, "type") && !strcmp(l->value, "entity"))
		CHECK(p->kind == KIND_LINK);
	else if (!strcmp(l->key, "type"))
		CHECK(p->kind == KIND_TEXT && p->many);
	if (!strcmp(l->key, "range")) {
		n->links++;
		CHECK(p->args[0] && !strcmp(p->args[0], l->value) && !p->args[1]);
	}
	if (!strcmp(l->key, "matchable"))
		CHECK(p->unmatched == !strcmp(l->value, "false"));
}

static void
check_line(const struct schema *s, const struct line *l, struct place *at, struct counts *n)
{
	if (l->indent == 0 && *l->key) {
		*at = (struct place){ .type = schema_type(s, l->key) };
		n->types++;
		CHECK(at->type && schema_mapped(s, "ftm", l->key) == at->type);
		if (!at->type)
			printf("# no type %s\n", l->key);
	} else if (!at->type) {
		return;
	} else if (l->indent == 2 && *l->key) {
		check_type_key(l, at);
	} else if (l->item) {
		check_item(l, at, n);
	} else if (strcmp(at->section, "properties") != 0 || !*l->key) {
		return;
	} else if (l->indent == 4) {
		at->property = type_property(at->type, l->key);
		n->properties++;
		CHECK(at->property && at->property->owner == at->type);
		CHECK(type_mapped(at->type, "ftm", l->key) == at->property);
		if (!at->property)
			printf("# %s has no %s\n", at->type->name, l->key);
	} else if (at->property && l->indent <= 6) {
		check_property_key(l, at, n);
	} else if (at->property && l->indent == 8 && !strcmp(l->key, "name")) {
		CHECK(!strcmp(at->property->reverse, l->value));
	}
}

static void
check_file(const struct schema *s, const char *path, struct counts *n)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e = { 0 };
	struct place at = { 0 };
	const char *p;

	CHECK_OK(io_read_file(path, &b, &e), &e);
	for (p = buf_peek(&b); *p; p += *p == '\n') {
		size_t length = strcspn(p, "\n");
		struct line l;

		read_line(p, length, &l);
		check_line(s, &l, &at, n);
		p += length;
	}
	n->files++;
}

static void
every_type_and_property_is_there(void)
{
	char path[512], *name;
	struct err e = { 0 };
	struct counts n = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);
	struct dirent *ent;
	DIR *d;

	NEED(s, &e);
	if (!test_shared(path, "data/gazetteer/followthemoney-schema/Thing.yaml"))
		SKIP("no shared material");
	name = strrchr(path, '/');
	*name = 0;
	d = opendir(path);
	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.') {
			snprintf(name, sizeof path - (size_t)(name - path), "/%s", ent->d_name);
			check_file(s, path, &n);
			*name = 0;
		}
	if (d)
		closedir(d);
	printf("# %zu types, %zu properties, %zu of them links, %zu parents, %zu required\n",
	    n.types, n.properties, n.links, n.parents, n.required);
	CHECK(n.types == n.files && n.types >= 70 && n.properties >= 500 && n.links >= 90);
}

/* And the other way round: nothing is mapped that is not theirs. */
static void
nothing_else_is_mapped(void)
{
	struct err e = { 0 };
	AUTO(schema) *s = schema_new(NULL, 0, &e);

	NEED(s, &e);
	for (const struct type *const *t = schema_types(s); *t; t++) {
		bool theirs = (*t)->name[0] >= 'A' && (*t)->name[0] <= 'Z';

		for (size_t i = 0; i < (*t)->n_maps && theirs; i++)
			CHECK(strcmp((*t)->maps[i].format, "ftm") != 0 ||
			    !strcmp((*t)->maps[i].name, (*t)->name));
		/* What is ours among them keeps the rest of an entity, and is no property there. */
		for (const struct property *const *p = (*t)->properties; theirs && *p; p++)
			CHECK((*p)->kind == KIND_LINK ||
			    ((*p)->kind == KIND_TEXT &&
				((*p)->many ||
				    (!(*p)->n_maps &&
					!strcmp((*p)->owner->name, "ftm_entity")))));
	}
}

TESTS(T(every_type_and_property_is_there), T(nothing_else_is_mapped))
