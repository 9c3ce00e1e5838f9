/* Values as typed and as kept. What is accepted as typed is kept, read, printed and typed again as the
 * same, for every kind; whatever an import kept can be printed and typed as the same, for texts and
 * places. */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "schema/private.h"
#include "schema/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char text[] = "vocabulary unit\n"
			   "  term m en \"metre\"\n"
			   "  term p en \"person\" fr \"per\"\n"
			   "vocabulary v\n"
			   "  term a en \"a b\"\n"
			   "  term B1 en \"B\"\n"
			   "type t\n"
			   "  procedure p\n"
			   "  property text text\n"
			   "  property url text url\n"
			   "  property html text html\n"
			   "  property when text date\n"
			   "  property date date\n"
			   "  property number number\n"
			   "  property metres number m\n"
			   "  property some number m p\n"
			   "  property term term v\n"
			   "  property link link t\n"
			   "  property place place\n"
			   "  property item item\n"
			   "  property step step\n"
			   "procedure p\n"
			   "  state one en \"the first\"\n"
			   "  state two\n"
			   "  move one to two\n";

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static const struct schema *
the_schema(void)
{
	static struct schema *s;
	const struct schema_file f = { "f", text, sizeof text - 1 };
	struct err e;

	if (!s)
		s = schema_load(&f, 1, &e);
	require(s != NULL);
	return s;
}

static bool
same_json(const struct json *a, const struct json *b)
{
	AUTO_VAL(buf) x = buf_init(1 << 26);
	AUTO_VAL(buf) y = buf_init(1 << 26);

	json_write(&x, a);
	json_write(&y, b);
	return x.n == y.n && !memcmp(x.p, y.p, x.n);
}

static void
check_typed(struct arena *a, const struct property *p, const char *typed)
{
	AUTO_VAL(buf) kept = buf_init(1 << 26);
	struct value first, read, again;
	struct err e = { 0 };

	if (!value_type(a, the_schema(), p, typed, &first, &e)) {
		require((e.kind == ERR_INVALID || e.kind == ERR_TOO_BIG) && e.msg[0]);
		return;
	}
	require(first.kind == p->kind && *first.text && first.low <= first.high);
	json_write(&kept, first.json);
	require(value_read(a, json_read(a, kept.p, kept.n, &e), &read, &e));
	require(value_type(a, the_schema(), p, value_print(a, &read), &again, &e));
	require(same_json(first.json, again.json) && !strcmp(first.text, again.text));
	require(first.low == again.low && first.high == again.high);
}

static void
check_kept(struct arena *a, const uint8_t *data, size_t n)
{
	const struct type *t = schema_type(the_schema(), "t");
	const struct property *p = NULL;
	struct value v, again;
	struct err e = { 0 };
	const struct json *j = json_read(a, data, n, &e);

	if (!j)
		return;
	if (!value_read(a, j, &v, &e)) {
		require((e.kind == ERR_INVALID || e.kind == ERR_TOO_BIG) && e.msg[0]);
		return;
	}
	require(v.low <= v.high);
	if (v.kind == KIND_PLACE)
		p = type_property(t, "place");
	else if (v.kind == KIND_TEXT && !*v.format)
		p = type_property(t, "text");
	else if (v.kind == KIND_TEXT && !strcmp(v.format, "html"))
		p = type_property(t, "html");
	if (!p)
		return;
	require(value_type(a, the_schema(), p, value_print(a, &v), &again, &e));
	require(same_json(v.json, again.json));
}

/* The first byte says which property is typed. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct type *t = schema_type(the_schema(), "t");
	AUTO(arena) *a = arena_new();
	size_t kinds = 0;

	check_kept(a, data, n);
	if (!n)
		return 0;
	while (t->properties[kinds])
		kinds++;
	check_typed(
	    a, t->properties[data[0] % kinds], arena_strn(a, (const char *)data + 1, n - 1));
	return 0;
}
