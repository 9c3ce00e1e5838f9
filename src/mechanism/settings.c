/* The file DIR/mechanism: the id in the clear, everything that tells anything sealed. */
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "base/id.h"
#include "base/io.h"
#include "base/json.h"
#include "mechanism/private.h"

enum { SETTINGS_MAX = 64 * 1024 };
static const char purpose[] = "vigil settings";

static const char *
settings_path(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/mechanism", dir);
}

bool
settings_write(const char *dir, const struct settings *s, const struct keys *k, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) plain = buf_init(SETTINGS_MAX);
	AUTO_VAL(buf) out = buf_init(SETTINGS_MAX);
	struct key key = crypto_derive(&k->storage, purpose);
	struct json *j = json_new_map(a);
	uint8_t *sealed;
	char *text;

	json_put_str(a, j, "name", s->name);
	json_put_str(a, j, "origin", s->origin);
	json_put_str(a, j, "database", s->database);
	for (size_t i = 0; i < SETTINGS; i++)
		if (s->is_set[i])
			json_put_int(a, j, mechanism_settings[i].name, (int64_t)s->set[i]);
	json_write(&plain, j);
	sealed = arena_alloc(a, plain.n + SEAL_EXTRA);
	text = arena_alloc(a, base64_len(plain.n + SEAL_EXTRA) + 1);
	crypto_seal(&key, s->id, strlen(s->id), plain.p, plain.n, sealed);
	crypto_wipe(&key, sizeof key);
	base64_encode(sealed, plain.n + SEAL_EXTRA, text);
	buf_printf(&out, "vigil-mechanism/1\nid %s\nsealed %s\n", s->id, text);
	return buf_ok(&out, "settings", e) &&
	    io_replace_file(settings_path(a, dir), out.p, out.n, 0600, e);
}

/* The three lines; *ret_sealed borrows from `text`, whose lines it cuts. */
static bool
split(char *text, const char **ret_id, const char **ret_sealed)
{
	static const char first[] = "vigil-mechanism/1\nid ";
	char *id = text + sizeof first - 1, *end, *sealed, *last;

	if (strncmp(text, first, sizeof first - 1) != 0 || !(end = strchr(id, '\n')))
		return false;
	*end = 0;
	sealed = end + 1;
	if (strncmp(sealed, "sealed ", 7) != 0 || !(last = strchr(sealed, '\n')) || last[1])
		return false;
	*last = 0;
	*ret_id = id;
	*ret_sealed = sealed + 7;
	return id_ok(id, "mech");
}

static bool
load(struct arena *a, const char *dir, const char **ret_id, const char **ret_sealed,
    struct err *e)
{
	AUTO_VAL(buf) b = buf_init(SETTINGS_MAX);

	if (!io_read_file(settings_path(a, dir), &b, e)) {
		if (e->kind == ERR_MISSING)
			err_set(e, ERR_MISSING,
			    "no mechanism in %.150s: vigil init makes one; -C or VIGIL_DIR says"
			    " where yours is",
			    dir);
		return false;
	}
	return split(arena_strn(a, buf_peek(&b), b.n), ret_id, ret_sealed) ||
	    err_set(
		e, ERR_DAMAGED, "%.150s/mechanism is damaged: bring it back from a copy", dir);
}

bool
mechanism_read_id(struct arena *a, const char *dir, const char **ret, struct err *e)
{
	const char *sealed;

	return load(a, dir, ret, &sealed, e);
}

bool
settings_read(
    struct arena *a, const char *dir, const struct keys *k, struct settings *ret, struct err *e)
{
	struct key key = crypto_derive(&k->storage, purpose);
	const char *id, *sealed;
	const struct json *j = NULL;
	uint8_t *bytes;
	size_t n, cap;

	if (!load(a, dir, &id, &sealed, e))
		return false;
	cap = strlen(sealed);
	bytes = arena_alloc(a, cap);
	if (base64_decode(sealed, cap, bytes, cap, &n) && n > SEAL_EXTRA) {
		char *plain = arena_alloc(a, n);

		if (crypto_open(&key, id, strlen(id), bytes, n, plain))
			j = json_read(a, plain, n - SEAL_EXTRA, e);
	}
	crypto_wipe(&key, sizeof key);
	if (!j)
		return err_set(e, ERR_DAMAGED,
		    "%.120s/mechanism is damaged or belongs to another key", dir);
	*ret = (struct settings){
		.id = id,
		.name = json_get_str(j, "name"),
		.origin = json_get_str(j, "origin"),
		.database = json_get_str(j, "database"),
	};
	for (size_t i = 0; i < SETTINGS; i++) {
		ret->is_set[i] = json_get(j, mechanism_settings[i].name) != NULL;
		ret->set[i] = (uint64_t)json_get_int(j, mechanism_settings[i].name);
	}
	return true;
}
