/* The key file: "vigil-key/1", then "id ...", then "plain BASE64" or "sealed SALT BASE64". */
#include "mechanism/keys.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/code.h"
#include "base/io.h"
#include "crypto/agent.h"
#include "crypto/passphrase.h"

enum { KEYS_SIZE = 2 * KEY_SIZE, SEALED_SIZE = KEYS_SIZE + SEAL_EXTRA, FILE_MAX = 4096 };

struct key_file {
	bool sealed;
	uint8_t salt[SALT_SIZE];
	uint8_t bytes[SEALED_SIZE]; /* KEYS_SIZE of them if plain */
};

bool
keys_path(struct arena *a, const char *id, const char **ret, struct err *e)
{
	const char *named = getenv("VIGIL_KEY"), *dir;

	if (named && *named) {
		*ret = arena_str(a, named);
		return true;
	}
	if (!io_person_dir(a, "config", &dir, e))
		return false;
	*ret = arena_printf(a, "%s/keys/%s.key", dir, id);
	return true;
}

static void
pack(const struct keys *k, uint8_t ret[KEYS_SIZE])
{
	memcpy(ret, k->storage.b, KEY_SIZE);
	memcpy(ret + KEY_SIZE, k->signing.b, KEY_SIZE);
}

static void
unpack(const uint8_t bytes[KEYS_SIZE], struct keys *ret)
{
	memcpy(ret->storage.b, bytes, KEY_SIZE);
	memcpy(ret->signing.b, bytes + KEY_SIZE, KEY_SIZE);
}

/* Overwrites a file that was put away or replaced: unlinking alone leaves a plain key on the
 * disk (on flash memory it may stay all the same; SECURITY.md says so). Never before the new
 * file stands: a full disk or a power cut in between would lose the key, and all with it. */
static void
scrub(int fd)
{
	static const uint8_t zeros[FILE_MAX];
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    io_write(fd, zeros, (size_t)MIN(st.st_size, FILE_MAX)))
		fsync(fd);
}

static int
open_old(const char *path)
{
	return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static bool
write_file(const char *id, const struct key_file *f, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_FD int old = -1;
	char salt[2 * SALT_SIZE], bytes[2 * SEALED_SIZE];
	const char *path, *slash;
	bool ok;

	if (!keys_path(a, id, &path, e))
		return false;
	slash = strrchr(path, '/');
	if (slash && slash != path &&
	    !io_make_dirs(arena_strn(a, path, (size_t)(slash - path)), 0700, e))
		return false;
	base64_encode(f->bytes, f->sealed ? SEALED_SIZE : KEYS_SIZE, bytes);
	base64_encode(f->salt, SALT_SIZE, salt);
	buf_printf(&b, "vigil-key/1\nid %s\n", id);
	if (f->sealed)
		buf_printf(&b, "sealed %s %s\n", salt, bytes);
	else
		buf_printf(&b, "plain %s\n", bytes);
	old = open_old(path);
	ok = io_replace_file(path, b.p, b.n, 0600, e);
	if (ok)
		scrub(old);
	crypto_wipe(bytes, sizeof bytes);
	crypto_wipe(b.p, b.n);
	return ok;
}

static bool
parse(const char *text, const char *id, struct key_file *f)
{
	AUTO(arena) *a = arena_new();
	const char *start = arena_printf(a, "vigil-key/1\nid %s\n", id);
	const char *at = text + strlen(start), *space;
	size_t n;

	if (strncmp(text, start, strlen(start)) != 0 || !strchr(at, '\n'))
		return false;
	n = strcspn(at, "\n");
	if (strncmp(at, "plain ", 6) == 0) {
		f->sealed = false;
		return base64_exact(at + 6, n - 6, f->bytes, KEYS_SIZE);
	}
	if (strncmp(at, "sealed ", 7) != 0)
		return false;
	f->sealed = true;
	at += 7;
	n -= 7;
	space = memchr(at, ' ', n);
	return space && base64_exact(at, (size_t)(space - at), f->salt, SALT_SIZE) &&
	    base64_exact(space + 1, n - (size_t)(space + 1 - at), f->bytes, SEALED_SIZE);
}

static bool
read_file(const char *id, struct key_file *f, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	const char *path;
	bool ok;

	if (!keys_path(a, id, &path, e))
		return false;
	if (!io_read_file(path, &b, e)) {
		if (e->kind == ERR_MISSING)
			err_set(e, ERR_MISSING,
			    "the key of this mechanism is not here: it should lie in %.150s (or"
			    " name its file in VIGIL_KEY)",
			    path);
		return false;
	}
	ok = parse(buf_peek(&b), id, f);
	crypto_wipe(b.p, b.n);
	return ok || err_set(e, ERR_DAMAGED, "%.180s is no key of this mechanism", path);
}

bool
keys_make(const char *id, struct keys *ret, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct key_file f = { .sealed = false };
	const char *path;
	bool ok;

	if (!keys_path(a, id, &path, e))
		return false;
	/* VIGIL_KEY may name the key of another mechanism, which would be lost. */
	if (access(path, F_OK) == 0)
		return err_set(e, ERR_INVALID,
		    "%.180s is there already: name a new file in VIGIL_KEY", path);
	crypto_random(ret, sizeof *ret);
	pack(ret, f.bytes);
	ok = write_file(id, &f, e);
	crypto_wipe(&f, sizeof f);
	return ok;
}

void
keys_remove(const char *id)
{
	AUTO(arena) *a = arena_new();
	AUTO_FD int old = -1;
	struct key_file f;
	struct err ignored;
	const char *path;

	/* What lies there may be another mechanism's: read_file looks whose it is. */
	if (!keys_path(a, id, &path, &ignored) || !read_file(id, &f, &ignored))
		return;
	crypto_wipe(&f, sizeof f);
	old = open_old(path);
	unlink(path);
	scrub(old);
}

static bool
load_from_agent(const char *id, struct keys *ret, struct err *e)
{
	uint8_t secret[AGENT_SECRET_MAX];
	size_t n;
	bool ok = agent_ask(id, secret, &n, e) && n == KEYS_SIZE;

	if (ok)
		unpack(secret, ret);
	crypto_wipe(secret, sizeof secret);
	return ok || err_set(e, ERR_DENIED, "this mechanism is locked: vigil unlock");
}

bool
keys_load(const char *id, struct keys *ret, struct err *e)
{
	struct key_file f;

	if (!read_file(id, &f, e))
		return false;
	if (f.sealed)
		return load_from_agent(id, ret, e);
	unpack(f.bytes, ret);
	crypto_wipe(&f, sizeof f);
	return true;
}

bool
keys_sealed(const char *id, bool *ret, struct err *e)
{
	struct key_file f;
	bool ok = read_file(id, &f, e);

	if (ok)
		*ret = f.sealed;
	crypto_wipe(&f, sizeof f);
	return ok;
}

static bool
open_file(const char *id, const struct key_file *f, const char *passphrase, struct keys *ret,
    struct err *e)
{
	uint8_t bytes[KEYS_SIZE];
	struct key k;
	bool ok;

	if (!passphrase_key(passphrase, f->salt, false, &k, e))
		return false;
	ok = crypto_open(&k, id, strlen(id), f->bytes, SEALED_SIZE, bytes);
	if (ok)
		unpack(bytes, ret);
	crypto_wipe(&k, sizeof k);
	crypto_wipe(bytes, sizeof bytes);
	return ok || err_set(e, ERR_DENIED, "the passphrase does not open the key");
}

bool
keys_seal(const char *id, const char *old, const char *passphrase, struct err *e)
{
	struct key_file f;
	struct keys keys;
	uint8_t bytes[KEYS_SIZE];
	struct key k;
	bool ok;

	if (!read_file(id, &f, e))
		return false;
	if (f.sealed && !open_file(id, &f, old ? old : "", &keys, e))
		return false;
	if (!f.sealed)
		unpack(f.bytes, &keys);
	crypto_random(f.salt, sizeof f.salt);
	ok = passphrase_key(passphrase, f.salt, false, &k, e);
	if (ok) {
		pack(&keys, bytes);
		crypto_seal(&k, id, strlen(id), bytes, sizeof bytes, f.bytes);
		f.sealed = true;
		ok = write_file(id, &f, e);
	}
	crypto_wipe(&k, sizeof k);
	crypto_wipe(&keys, sizeof keys);
	crypto_wipe(bytes, sizeof bytes);
	return ok;
}

bool
keys_unlock(const char *id, char *passphrase, size_t n, int64_t for_ms, struct err *e)
{
	struct key_file f;
	struct keys keys;
	uint8_t bytes[KEYS_SIZE];
	const struct agent_copies copies = { { { &keys, sizeof keys }, { bytes, sizeof bytes },
	    { passphrase, n } } };
	bool ok;

	if (!read_file(id, &f, e))
		return false;
	if (!f.sealed)
		return err_set(e, ERR_INVALID,
		    "the key has no passphrase: nothing to unlock (vigil key seal puts one on"
		    " it)");
	if (!open_file(id, &f, passphrase, &keys, e))
		return false;
	pack(&keys, bytes);
	ok = agent_start(id, bytes, sizeof bytes, for_ms, &copies, e);
	crypto_wipe(&keys, sizeof keys);
	crypto_wipe(bytes, sizeof bytes);
	return ok;
}

bool
keys_lock(const char *id, bool *ret_was, struct err *e)
{
	return agent_stop(id, ret_was, e);
}
