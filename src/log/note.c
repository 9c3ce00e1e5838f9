/* log/note: reading, checking and writing signed notes (note.h). */
#include "log/note.h"

#include <string.h>

#include "base/code.h"
#include "base/reader.h"
#include "log/private.h"

static const char dash[] =
    "\xe2\x80\x94 "; /* em dash and space: every signature line begins so */
enum { DASH = sizeof dash - 1, ID = 4, COSIGNATURE_TIME = 8 };

/* The code point at *at, which moves behind it; -1 if it is no valid UTF-8. */
static int32_t
next_code(const uint8_t *p, size_t n, size_t *at)
{
	static const int32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t c = p[*at];
	size_t more = c < 0x80 ? 0 :
	    c < 0xc0           ? 4 :
	    c < 0xe0           ? 1 :
	    c < 0xf0           ? 2 :
	    c < 0xf8           ? 3 :
				 4;
	int32_t code = more ? c & (0x3f >> more) : c;

	if (more > 3 || more >= n - *at)
		return -1;
	for (size_t i = 1; i <= more; i++) {
		if ((p[*at + i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (p[*at + i] & 0x3f);
	}
	*at += more + 1;
	if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return -1;
	return code;
}

/* Valid UTF-8 without control characters below U+0020 but '\n'. */
static bool
note_bytes_ok(const uint8_t *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		int32_t c = next_code(p, n, &at);

		if (c < 0x20 && c != '\n')
			return false;
	}
	return true;
}

bool
note_text_ok(const char *text, size_t n)
{
	return n && text[n - 1] == '\n' && note_bytes_ok((const uint8_t *)text, n);
}

/* Unicode's White_Space, from U+0020 on. */
static bool
is_space(int32_t c)
{
	return c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	    c == 0x205f || c == 0x3000;
}

static bool
name_ok(const char *s, size_t n)
{
	for (size_t at = 0; at < n;) {
		int32_t c = next_code((const uint8_t *)s, n, &at);

		if (c < 0x20 || c == '+' || is_space(c))
			return false;
	}
	return n > 0;
}

bool
note_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n <= NOTE_NAME_MAX && name_ok(name, n);
}

/* Where the text ends and the empty line begins: the last "\n\n". */
static const uint8_t *
last_empty_line(const uint8_t *p, size_t n)
{
	for (size_t i = n; i-- > 1;)
		if (p[i] == '\n' && p[i - 1] == '\n')
			return p + i;
	return NULL;
}

/* "— name base64(id || signature)" */
static bool
read_signature(struct arena *a, const char *line, size_t n, struct note_signature *ret)
{
	const char *name = line + DASH, *sig;
	uint8_t *raw;
	size_t raw_n;

	if (n < DASH || memcmp(line, dash, DASH) != 0)
		return false;
	sig = memchr(name, ' ', n - DASH);
	if (!sig || !name_ok(name, (size_t)(sig - name)))
		return false;
	sig++;
	n -= (size_t)(sig - line);
	raw = arena_alloc(a, n / 4 * 3 + 1);
	if (!base64_decode(sig, n, raw, n / 4 * 3, &raw_n) || raw_n <= ID)
		return false;
	ret->name = arena_strn(a, name, (size_t)(sig - 1 - name));
	ret->id =
	    (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
	ret->sig = raw + ID;
	ret->n = raw_n - ID;
	return true;
}

static bool
read_signatures(struct arena *a, struct reader *r, struct note *ret, struct err *e)
{
	while (r->left) {
		size_t n;
		const char *line = read_line(r, &n);

		if (ret->n_sigs == NOTE_SIGNATURES_MAX)
			return err_set(e, ERR_TOO_BIG, "a note with more than %d signatures",
			    NOTE_SIGNATURES_MAX);
		if (!line || !read_signature(a, line, n, &ret->sigs[ret->n_sigs]))
			return err_set(e, ERR_INVALID,
			    "signed note: line %zu after the text is no signature",
			    ret->n_sigs + 1);
		ret->n_sigs++;
	}
	return ret->n_sigs || err_set(e, ERR_INVALID, "a note without a signature");
}

bool
note_read(struct arena *a, const void *p, size_t n, struct note *ret, struct err *e)
{
	const uint8_t *empty;
	struct note note = { 0 };
	struct reader r = { p, n, false };

	if (n > NOTE_MAX)
		return err_set(e, ERR_TOO_BIG, "a note of more than %d bytes", NOTE_MAX);
	empty = last_empty_line(p, n);
	if (!empty || !note_bytes_ok(p, n))
		return err_set(e, ERR_INVALID, "not a signed note");
	note.n = (size_t)(empty - (const uint8_t *)p);
	note.text = arena_strn(a, p, note.n);
	read_bytes(&r, note.n + 1);
	if (!read_signatures(a, &r, &note, e))
		return false;
	*ret = note;
	return true;
}

/* What a signature of that type is made over. */
static bool
verify_one(const struct note *n, const struct vkey *k, const struct note_signature *s,
    uint64_t *ret_time)
{
	AUTO_VAL(buf) b = buf_init(n->n + 64);
	struct reader r = { s->sig, s->n, false };
	const uint8_t *sig;
	uint64_t time;

	if (k->type == NOTE_ED25519) {
		*ret_time = 0;
		return s->n == ED25519_SIGNATURE &&
		    digest_verify_ed25519(k->pub, s->sig, n->text, n->n);
	}
	time = read_u64(&r);
	sig = read_bytes(&r, ED25519_SIGNATURE);
	if (r.bad || r.left || time > INT64_MAX)
		return false;
	buf_printf(&b, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
	buf_add(&b, n->text, n->n);
	*ret_time = time;
	return digest_verify_ed25519(k->pub, sig, b.p, b.n);
}

bool
note_verify(const struct note *n, const struct vkey *k, uint64_t *ret_time, struct err *e)
{
	uint64_t time = 0;
	bool found = false;

	for (size_t i = 0; i < n->n_sigs; i++) {
		const struct note_signature *s = &n->sigs[i];

		if (s->id != k->id || strcmp(s->name, k->name) != 0)
			continue;
		if (found)
			return err_set(e, ERR_INVALID, "two signatures by %s", k->name);
		if (!verify_one(n, k, s, &time))
			return err_set(e, ERR_INVALID, "the signature by %s is false", k->name);
		found = true;
	}
	if (!found)
		return err_set(e, ERR_MISSING, "no signature by %s", k->name);
	*ret_time = time;
	return true;
}

bool
note_sign(struct buf *b, const char *text, size_t n, const char *name, const struct key *seed,
    struct err *e)
{
	uint8_t raw[ID + ED25519_SIGNATURE], pub[ED25519_PUBLIC];
	char encoded[(sizeof raw + 2) / 3 * 4 + 1];
	struct vkey k;

	if (!note_text_ok(text, n))
		return err_set(e, ERR_INVALID, "this text cannot be signed as a note");
	crypto_public(seed, pub);
	if (!vkey_make(name, NOTE_ED25519, pub, &k, e))
		return false;
	for (int i = 0; i < ID; i++)
		raw[i] = (uint8_t)(k.id >> (24 - 8 * i));
	crypto_sign_with(seed, text, n, raw + ID);
	base64_encode(raw, sizeof raw, encoded);
	buf_add(b, text, n);
	buf_printf(b, "\n%s%s %s\n", dash, name, encoded);
	return buf_ok(b, "signed note", e);
}
