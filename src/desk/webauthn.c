/* Security keys: the browser's data, the authenticator's, and the key's own (webauthn.h). */
#include "desk/webauthn.h"

#include <ctype.h>
#include <string.h>

#include "base/code.h"
#include "base/json.h"
#include "desk/cbor.h"

enum { /* flags of authenticator data; section 6.1 */
	FLAG_PRESENT = 0x01,
	FLAG_CAN_BACK_UP = 0x08,
	FLAG_BACKED_UP = 0x10,
	FLAG_CREDENTIAL = 0x40,
	FLAG_EXTENSIONS = 0x80,
};

static bool
misfit(struct err *e, const char *why)
{
	return err_set(e, ERR_INVALID, "what the security key said does not fit: %s", why);
}

const char *
site_id(struct arena *a, const char *origin)
{
	const char *host = strstr(origin, "://"), *c;
	bool letters = false;
	size_t n;

	if (!host)
		return NULL;
	host += 3;
	n = strcspn(host, ":/");
	for (c = host; c < host + n; c++) {
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.')
			return NULL;
		letters = letters || isalpha((unsigned char)*c);
	}
	return n && letters ? arena_strn(a, host, n) : NULL;
}

/* ---- what the browser says ---- */

/* Section 7.1, steps 7 to 10; 7.2, steps 11 to 14. */
static bool
check_client(struct arena *a, const struct site *site, const char *type,
    const uint8_t challenge[CHALLENGE_SIZE], struct span client, struct err *e)
{
	struct err why;
	const struct json *j = json_read(a, client.p, client.n, &why);
	char asked[64];

	base64url_encode(challenge, CHALLENGE_SIZE, asked);
	if (!j)
		return misfit(e, "its words are no JSON");
	if (strcmp(json_get_str(j, "type"), type) != 0)
		return misfit(e, "it was asked for something else");
	if (strcmp(json_get_str(j, "challenge"), asked) != 0)
		return misfit(e, "it answers another question");
	if (strcmp(json_get_str(j, "origin"), site->origin) != 0)
		return misfit(e, "it was asked by another site");
	return !json_bool(json_get(j, "crossOrigin")) ||
	    misfit(e, "it was asked within another page");
}

/* ---- what the authenticator says ---- */

struct said {
	unsigned flags;
	uint32_t counter;
	struct span credential, key; /* of one that is set up */
};

static bool
read_credential(struct reader *r, struct said *io)
{
	read_bytes(r, 16); /* AAGUID: its model */
	io->credential.n = read_u16(r);
	if (!io->credential.n || io->credential.n > CREDENTIAL_MAX)
		return false;
	io->credential.p = read_bytes(r, io->credential.n);
	io->key.p = r->p;
	if (!cbor_skip(r))
		return false;
	io->key.n = (size_t)(r->p - io->key.p);
	return io->key.n <= PUBLIC_KEY_MAX;
}

static bool
read_extensions(struct reader *r)
{
	struct reader at = *r;
	struct cbor head;

	return cbor_next(&at, &head) && head.kind == CBOR_MAP && cbor_skip(r);
}

/* Section 6.1; all of it, nothing behind. */
static bool
read_data(
    const struct site *site, struct span data, bool setting_up, struct said *ret, struct err *e)
{
	struct reader r = { data.p, data.n, false };
	struct hash id = digest_sha256(site->id, strlen(site->id)), got;
	const uint8_t *p = read_bytes(&r, HASH_SIZE);
	struct said s = { .flags = read_u8(&r) };

	s.counter = read_u32(&r);
	if (r.bad)
		return misfit(e, "it is cut short");
	memcpy(got.b, p, HASH_SIZE);
	if (!digest_equal(&id, &got))
		return misfit(e, "it is for another site");
	if (!(s.flags & FLAG_PRESENT))
		return misfit(e, "nobody touched it");
	if ((s.flags & FLAG_BACKED_UP) && !(s.flags & FLAG_CAN_BACK_UP))
		return misfit(e, "its flags contradict each other");
	if (setting_up != !!(s.flags & FLAG_CREDENTIAL))
		return misfit(e, "it holds another kind of answer");
	if (setting_up && !read_credential(&r, &s))
		return misfit(e, "its key is malformed");
	if ((s.flags & FLAG_EXTENSIONS) && !read_extensions(&r))
		return misfit(e, "its extensions are malformed");
	if (r.bad || r.left)
		return misfit(e, "it is longer than it says");
	*ret = s;
	return true;
}

/* The authenticator's data within an attestation object (section 6.5.4), of whatever format. */
static bool
find_data(struct span attestation, struct span *ret)
{
	struct reader r = { attestation.p, attestation.n, false };
	bool format = false, statement = false;
	struct cbor map, name, value;
	struct span found = { 0 };

	if (!cbor_next(&r, &map) || map.kind != CBOR_MAP)
		return false;
	for (uint64_t i = 0; i < map.n; i++) {
		struct reader at;

		if (!cbor_next(&r, &name))
			return false;
		at = r;
		if (!cbor_next(&at, &value) || !cbor_skip(&r))
			return false;
		if (cbor_is_text(&name, "authData") && !found.p && value.kind == CBOR_BYTES)
			found = (struct span){ value.p, (size_t)value.n };
		else if (cbor_is_text(&name, "fmt") && !format && value.kind == CBOR_TEXT)
			format = true;
		else if (cbor_is_text(&name, "attStmt") && !statement && value.kind == CBOR_MAP)
			statement = true;
		else
			return false;
	}
	*ret = found;
	return !r.left && found.p && format && statement;
}

bool
webauthn_register(struct arena *a, const struct site *site,
    const uint8_t challenge[CHALLENGE_SIZE], struct span client, struct span attestation,
    struct factor_key *ret, struct err *e)
{
	struct span data;
	struct said s;

	if (!check_client(a, site, "webauthn.create", challenge, client, e))
		return false;
	if (!find_data(attestation, &data))
		return misfit(e, "it is malformed");
	if (!read_data(site, data, true, &s, e))
		return false;
	if (!cose_is_key(s.key))
		return misfit(e, "it is a key of a kind that this desk does not know");
	ret->credential = s.credential.p;
	ret->credential_n = s.credential.n;
	ret->public_key = s.key.p;
	ret->public_key_n = s.key.n;
	ret->counter = s.counter;
	return true;
}

/* Section 7.2, steps 15 to 21. */
bool
webauthn_check(struct arena *a, const struct site *site,
    const uint8_t challenge[CHALLENGE_SIZE], const struct factor_key *k, struct span client,
    struct span data, struct span signature, uint32_t *ret_counter, struct err *e)
{
	struct hash h = digest_sha256(client.p, client.n);
	uint8_t *signed_;
	struct said s;

	if (!check_client(a, site, "webauthn.get", challenge, client, e) ||
	    !read_data(site, data, false, &s, e))
		return false;
	signed_ = arena_alloc(a, data.n + HASH_SIZE);
	memcpy(signed_, data.p, data.n);
	memcpy(signed_ + data.n, h.b, HASH_SIZE);
	if (!cose_fits((struct span){ k->public_key, k->public_key_n }, signature, signed_,
		data.n + HASH_SIZE))
		return misfit(e, "its signature is wrong");
	*ret_counter = s.counter;
	return true;
}
