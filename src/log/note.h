/* log/note: C2SP signed notes, checkpoints, verifier keys and cosignatures. Pure but
 * for note_sign. All reading is of foreign bytes, bounded, and strict:
 * what is accepted is written back to the same bytes. */
#ifndef LOG_NOTE_H
#define LOG_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/crypto.h"
#include "digest/digest.h"

enum { NOTE_MAX = 1 << 20, NOTE_SIGNATURES_MAX = 64, NOTE_NAME_MAX = 255 };
enum note_algorithm { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

struct note_signature {
	const char *name;
	uint32_t id;
	const uint8_t *sig; /* after the id */
	size_t n;
};
struct note {             /* lives in its arena */
	const char *text; /* with its last newline */
	size_t n;
	struct note_signature sigs[NOTE_SIGNATURES_MAX];
	size_t n_sigs;
};
MUST bool note_read(struct arena *a, const void *p, size_t n, struct note *ret, struct err *e);

/* A verifier key: name+hex id+base64(type || public key), types 1 and 4. */
struct vkey {
	char name[NOTE_NAME_MAX + 1];
	uint32_t id;
	uint8_t type;
	uint8_t pub[ED25519_PUBLIC];
};
MUST bool vkey_read(const char *s, struct vkey *ret, struct err *e);
void vkey_write(struct buf *b, const struct vkey *k);
MUST bool vkey_make(const char *name, uint8_t type, const uint8_t pub[ED25519_PUBLIC],
    struct vkey *ret, struct err *e); /* ERR_INVALID: a name that no key may have */
bool note_name_ok(const char *name);

/* Is there a good signature by k? A signature with k's name and id that fails makes
 * the whole note bad (ERR_INVALID), as do two by k; others are ignored. ERR_MISSING: none by k.
 * For a cosignature *ret_time (seconds) tells when; else 0. */
MUST bool note_verify(
    const struct note *n, const struct vkey *k, uint64_t *ret_time, struct err *e);
/* Writes text, empty line, and one signature line by `seed` under `name`. */
MUST bool note_sign(struct buf *b, const char *text, size_t n, const char *name,
    const struct key *seed, struct err *e);

struct checkpoint {
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	struct hash root;
};
void checkpoint_write(struct buf *b, const struct checkpoint *c); /* the note's text */
/* Reads the text of a note; extension lines are allowed and passed over. */
MUST bool checkpoint_read(const char *text, size_t n, struct checkpoint *ret, struct err *e);

#endif
