/* Foreign JSON. What is accepted is written canonically, and that is read again to the
 * same bytes; what is refused is refused with a reason. Any bytes at all, taken as text,
 * make a string that can be read back. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

/* Members stand in strictly rising order, and each is found by its name. */
static void
check_maps(const struct json *j)
{
	for (size_t i = 0; i < json_len(j); i++) {
		if (json_kind(j) == JSON_MAP)
			require(json_get(j, json_name_at(j, i)) == json_at(j, i));
		check_maps(json_at(j, i));
	}
}

static void
check_reading(struct arena *a, const uint8_t *data, size_t n)
{
	AUTO_VAL(buf) first = buf_init(1 << 26);
	AUTO_VAL(buf) second = buf_init(1 << 26);
	struct err e = { 0 };
	const struct json *j = json_read(a, data, n, &e);

	if (!j) {
		require((e.kind == ERR_INVALID || e.kind == ERR_TOO_BIG) && e.msg[0]);
		return;
	}
	check_maps(j);
	json_write(&first, j);
	j = json_read(a, first.p, first.n, &e);
	require(j != NULL);
	json_write(&second, j);
	require(first.n == second.n && !first.full && memcmp(first.p, second.p, first.n) == 0);
}

static void
check_text(struct arena *a, const char *s, size_t n)
{
	AUTO_VAL(buf) quoted = buf_init(1 << 26);
	AUTO_VAL(buf) made = buf_init(1 << 26);
	struct err e;
	const struct json *j;

	json_write_str(&quoted, s, n);
	json_write(&made, json_new_strn(a, s, n));
	require(quoted.n == made.n && memcmp(quoted.p, made.p, made.n) == 0);
	j = json_read(a, quoted.p, quoted.n, &e);
	require(json_kind(j) == JSON_STR);
	/* Nothing was replaced: then nothing may have changed. */
	if (!strstr(json_str(j), "\xef\xbf\xbd"))
		require(strlen(json_str(j)) == n && memcmp(json_str(j), s, n) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();

	check_reading(a, data, n);
	check_text(a, (const char *)data, n);
	return 0;
}
