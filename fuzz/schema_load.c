/* Schema files of anybody's: up to four, with a zero byte between them. What is refused names file and
 * line; what is accepted hangs together. */
#include <stdint.h>
#include <string.h>

#include "schema/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static void
check_type(const struct schema *s, const struct type *t)
{
	require(schema_type(s, t->name) == t && type_is(t, t->name));
	for (const struct type *const *p = t->parents; *p; p++)
		require(type_is(t, (*p)->name) && !type_is(*p, t->name));
	for (const struct property *const *p = t->properties; *p; p++) {
		require(type_property(t, (*p)->name) == *p && type_is(t, (*p)->owner->name));
		require(((*p)->kind == KIND_TERM) == ((*p)->vocabulary != NULL));
		require(
		    (*p)->kind != KIND_STEP || t->abstract || (*p)->procedure == t->procedure);
		for (const char *const *arg = (*p)->args; (*p)->kind == KIND_LINK && *arg;
		     arg++)
			require(schema_type(s, *arg) != NULL);
	}
	for (const char *const *name = t->title; *name; name++)
		require(type_property(t, *name) != NULL);
	for (const char *const *const *key = t->keys; *key; key++)
		for (const char *const *name = *key; *name; name++)
			require(type_property(t, *name) != NULL);
}

static void
check_vocabulary(const struct schema *s, const struct vocabulary *v)
{
	struct err e;

	require(schema_vocabulary(s, v->name) == v);
	for (size_t i = 0; i < v->n; i++) {
		const struct term *t = v->terms[i];
		bool above = !t->parent;

		for (size_t k = 0; k < i && !above; k++)
			above = v->terms[k] == t->parent;
		require(above && vocabulary_code(v, t->code) == t);
		require(vocabulary_find(v, t->code, &e) == t);
		for (size_t k = 0; k < t->labels.n; k++) {
			const struct term *other = vocabulary_find(v, t->labels.l[k].text, &e);

			require(other || e.kind == ERR_INVALID);
		}
	}
	require(!vocabulary_find(v, " \x01 ", &e) && e.kind == ERR_INVALID);
}

static void
check_procedure(const struct schema *s, const struct procedure *p)
{
	require(schema_procedure(s, p->name) == p && p->n_states > 0);
	for (size_t i = 0; i < p->n_moves; i++)
		for (const char *const *from = p->moves[i].from; *from; from++)
			require(procedure_state(p, *from) &&
			    procedure_state(p, p->moves[i].to) &&
			    procedure_move(p, *from, p->moves[i].to));
	for (size_t i = 0; i < p->n_clocks; i++)
		require(p->clocks[i].from[0] && procedure_state(p, p->clocks[i].from[0]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "1", "2", "3", "4" };
	struct schema_file f[LEN(names)];
	size_t files = 0, at = 0;
	AUTO(schema) *s = NULL;
	struct err e = { 0 };

	while (files < LEN(names) && at <= n) {
		const uint8_t *zero =
		    at < n && files + 1 < LEN(names) ? memchr(data + at, 0, n - at) : NULL;
		size_t end = zero ? (size_t)(zero - data) : n;

		f[files] =
		    (struct schema_file){ names[files], (const char *)data + at, end - at };
		files++;
		at = end + 1;
	}
	s = schema_load(f, files, &e);
	if (!s) {
		require(e.kind == ERR_INVALID && e.msg[0] >= '1' && e.msg[0] <= '4');
		require(e.msg[1] == ':' && e.msg[2] >= '1' && e.msg[2] <= '9');
		return 0;
	}
	for (const struct type *const *t = schema_types(s); *t; t++)
		check_type(s, *t);
	for (const struct vocabulary *const *v = schema_vocabularies(s); *v; v++)
		check_vocabulary(s, *v);
	for (const struct procedure *const *p = schema_procedures(s); *p; p++)
		check_procedure(s, *p);
	return 0;
}
