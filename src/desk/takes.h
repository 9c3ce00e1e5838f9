/* desk, within the room: what a route says that it reads: "q before# history? step=add|close role+ v.* name!".
 *
 * NAME alone is text; NAME# a whole number; NAME? is said or not; NAME=A|B one of these words; NAME.* any name that begins so.
 * Behind that, + says that it may come many times, ! that it must come. */
#ifndef DESK_TAKES_H
#define DESK_TAKES_H

#include "desk/private.h"

enum take_kind { TAKE_TEXT, TAKE_NUMBER, TAKE_FLAG, TAKE_WORD };
struct take {
	const char *name; /* n bytes; of any: up to and with the dot */
	size_t n;
	enum take_kind kind;
	const char *words; /* n_words bytes, "add|close" */
	size_t n_words;
	bool any, many, must;
};
/* Goes on to the next; *io NULL or at its end: false. What breaks the rules above has n 0. */
bool take_next(const char **io, struct take *ret);
/* ret may be NULL. */
bool takes_find(const char *takes, const char *name, struct take *ret);

#endif
