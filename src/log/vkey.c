/* log/vkey: verifier keys, and the text of checkpoints (note.h). */
#include "log/note.h"

#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "base/reader.h"
#include "log/private.h"

enum { TYPE_AND_KEY = 1 + ED25519_PUBLIC, ID_DIGITS = 8 };

bool
vkey_make(const char *name, uint8_t type, const uint8_t pub[ED25519_PUBLIC], struct vkey *ret,
    struct err *e)
{
	AUTO_VAL(buf) b = buf_init(NOTE_NAME_MAX + 1 + TYPE_AND_KEY);
	struct vkey k = { .type = type };
	struct hash h;

	if (!note_name_ok(name))
		return err_set(e, ERR_INVALID,
		    "no key may be named \"%s\": 1 to %d bytes of UTF-8 without spaces or '+'",
		    name, NOTE_NAME_MAX);
	buf_str(&b, name);
	buf_byte(&b, '\n');
	buf_byte(&b, type);
	buf_add(&b, pub, ED25519_PUBLIC);
	h = digest_sha256(b.p, b.n);
	k.id = (uint32_t)h.b[0] << 24 | (uint32_t)h.b[1] << 16 | (uint32_t)h.b[2] << 8 | h.b[3];
	snprintf(k.name, sizeof k.name, "%s", name);
	memcpy(k.pub, pub, ED25519_PUBLIC);
	*ret = k;
	return true;
}

void
vkey_write(struct buf *b, const struct vkey *k)
{
	uint8_t raw[TYPE_AND_KEY] = { k->type };
	char encoded[(TYPE_AND_KEY + 2) / 3 * 4 + 1];

	memcpy(raw + 1, k->pub, ED25519_PUBLIC);
	base64_encode(raw, sizeof raw, encoded);
	buf_printf(b, "%s+%08x+%s", k->name, k->id, encoded);
}

bool
vkey_read(const char *s, struct vkey *ret, struct err *e)
{
	const char *id = strchr(s, '+'), *key = id ? strchr(id + 1, '+') : NULL;
	char name[NOTE_NAME_MAX + 1], digits[ID_DIGITS + 1];
	uint8_t raw[TYPE_AND_KEY];
	struct vkey k;

	if (!key || id - s > NOTE_NAME_MAX || key - id != ID_DIGITS + 1)
		return err_set(e, ERR_INVALID, "not a verifier key (name+id+key)");
	snprintf(name, sizeof name, "%.*s", (int)(id - s), s);
	if (!base64_exact(key + 1, strlen(key + 1), raw, sizeof raw))
		return err_set(
		    e, ERR_INVALID, "verifier key: the key is not 33 bytes in base64");
	if (raw[0] != NOTE_ED25519 && raw[0] != NOTE_COSIGNATURE)
		return err_set(e, ERR_INVALID,
		    "verifier key of type %d: only Ed25519 (1) and its cosignatures (4) are"
		    " known",
		    raw[0]);
	if (!vkey_make(name, raw[0], raw + 1, &k, e))
		return false;
	snprintf(digits, sizeof digits, "%08x", k.id);
	if (memcmp(digits, id + 1, ID_DIGITS) != 0)
		return err_set(
		    e, ERR_INVALID, "verifier key: the id does not belong to the key");
	*ret = k;
	return true;
}

void
checkpoint_write(struct buf *b, const struct checkpoint *c)
{
	char root[BASE64_32];

	base64_encode(c->root.b, HASH_SIZE, root);
	buf_printf(b, "%s\n%llu\n%s\n", c->origin, (unsigned long long)c->size, root);
}

bool
checkpoint_read(const char *text, size_t n, struct checkpoint *ret, struct err *e)
{
	struct reader r = { (const uint8_t *)text, n, false };
	struct checkpoint c = { 0 };
	struct hash empty = tree_empty();
	size_t origin_n, size_n, root_n, n_line;
	const char *origin = read_line(&r, &origin_n);
	const char *size = read_line(&r, &size_n);
	const char *root = read_line(&r, &root_n);

	if (r.bad || !note_text_ok(text, n))
		return err_set(e, ERR_INVALID, "not a checkpoint");
	if (!origin_n || origin_n > NOTE_NAME_MAX)
		return err_set(
		    e, ERR_INVALID, "checkpoint: no origin of 1 to %d bytes", NOTE_NAME_MAX);
	memcpy(c.origin, origin, origin_n);
	if (!decimal_decode(size, size_n, INT64_MAX, &c.size))
		return err_set(e, ERR_INVALID, "checkpoint: the second line is no size");
	if (!base64_exact(root, root_n, c.root.b, HASH_SIZE))
		return err_set(e, ERR_INVALID, "checkpoint: the third line is no root hash");
	if (!c.size && !digest_equal(&c.root, &empty))
		return err_set(e, ERR_INVALID, "checkpoint: an empty log with another root");
	while (r.left)
		if (!read_line(&r, &n_line) || !n_line)
			return err_set(e, ERR_INVALID, "checkpoint: an empty line");
	*ret = c;
	return true;
}
