/* desk, within the room: what lies between a right passphrase and being signed in, and between asking for a key to be
 * set up and its answer (steps.c); and what that needs of the browser. */
#ifndef DESK_STEPS_H
#define DESK_STEPS_H

#include "desk/private.h"
#include "desk/webauthn.h"

/* browser.c */
const char *browser_cookie_name(const struct request *r, const char *name);
const char *browser_cookie_line(
    const struct request *r, const char *name, const char *value, const char *more);
const char *browser_random_word(struct arena *a); /* 64 hexadecimal digits */
/* All of one's browsers but the one that asks. */
MUST bool browser_forget_others(struct request *r, struct err *e);

/* The address at which whoever asks has this desk open: as configured, else as the browser says. */
struct site site_of(struct request *r);

MUST bool steps_create(struct db *db, struct err *e);

/* The passphrase of this name was right; a cookie of this browser says so for five minutes, for five tries. */
MUST bool half_begin(struct request *r, struct reply *ret, const char *name, struct err *e);
struct half {             /* lives in the request's arena */
	const char *name; /* NULL: nobody is half signed in here (any more) */
	uint8_t challenge[CHALLENGE_SIZE];
	struct hash id;
};
MUST bool half_find(struct request *r, struct half *ret, struct err *e);
/* Its challenge holds once: whoever checks an answer takes it away before, and another stands in its place. *ret: it was
 * there to be taken. */
MUST bool half_take_challenge(struct request *r, struct half *io, bool *ret, struct err *e);
MUST bool half_failed(struct request *r, const struct half *h, struct err *e);
MUST bool half_end(
    struct request *r, struct reply *ret, const struct half *h, bool *ret_was, struct err *e);

/* A key is to be set up by who is signed in; asking again forgets the question before. */
MUST bool setup_begin(
    struct request *r, const char *label, uint8_t ret_challenge[CHALLENGE_SIZE], struct err *e);
/* Once. *ret_label NULL: nothing was asked for, or too long ago. */
MUST bool setup_take(struct request *r, const char **ret_label,
    uint8_t ret_challenge[CHALLENGE_SIZE], struct err *e);

/* qr.c: the dark pieces of a QR code and its side, with the quiet zone; NULL: the text is too long. */
struct qr_run;
const struct qr_run *qr_runs(
    struct arena *a, const char *text, size_t *ret_n, uint64_t *ret_side);

#endif
