/* cli: the commands. Only this room speaks to people: short readable lines, or with --json one
 * object a line on the standard output and nothing else there (but what an export writes); errors
 * and progress on stderr. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "mechanism/mechanism.h"

enum { OPTIONS_MAX = 16 };

struct ctx { /* one run of a command */
	struct arena *a;
	const char *dir;   /* of the mechanism */
	const char *actor; /* the operating system's user */
	bool json;
	const char *const *args; /* without options; ends with NULL */
	size_t n_args;
	struct {
		const char *name, *value;
	} options[OPTIONS_MAX];
	size_t n_options;
	struct mechanism *m; /* after ctx_open */
	struct session *s;
};

struct cmd {
	const char *name, *args, *what;
	const char *options; /* words: "source=" takes a value, "with-body" does not */
	size_t min, max;     /* how many arguments */
	bool (*run)(struct ctx *c, struct err *e);
	const char *more;  /* the rest of its help */
	const char *words; /* what its first argument may be, for completion; NULL: a file */
};
extern const struct cmd commands[];
extern const size_t n_commands;
bool help_run(struct ctx *c, struct err *e);

/* Opens the mechanism and a session, once; both are closed by main. */
MUST bool ctx_open(struct ctx *c, struct err *e);
const char *ctx_option(
    const struct ctx *c, const char *name); /* NULL if not given; "" if no value */
/* A whole number from an option; `otherwise` if it was not given. */
MUST bool ctx_number(const struct ctx *c, const char *name, uint64_t otherwise, uint64_t max,
    uint64_t *ret, struct err *e);
bool ctx_index(const char *s, uint64_t *ret); /* an entry's index as people write it */
struct viewer ctx_viewer(const struct ctx *c);
/* The same, of the state that --as-of asks for; after ctx_open. */
MUST bool ctx_viewer_at(const struct ctx *c, struct viewer *ret, struct err *e);
/* A passphrase from --passphrase-fd N or the terminal; wipe after use. */
MUST bool ctx_passphrase(
    const struct ctx *c, const char *prompt, bool twice, char *ret, struct err *e);

/* A JSON object a line, written field by field. */
struct line {
	struct buf b;
	bool some;
};
struct line line_start(void);
void line_str(struct line *l, const char *name, const char *s);
void line_int(struct line *l, const char *name, uint64_t v);
void line_real(struct line *l, const char *name, double v);
void line_bool(struct line *l, const char *name, bool v);
/* Bytes that need not be text (a file's name): beside what can be read of them, under the name
 * with "_base64" after it, the bytes themselves if they differ. */
void line_bytes(struct line *l, const char *name, const char *s);
void line_end(struct line *l);        /* prints it, with its newline */
void line_json(const struct json *j); /* a whole tree as one line */
uint64_t lines_printed(void);         /* how many of these so far */

/* Prints text that may be foreign: control characters become '?', so that no file name can
 * drive the terminal. */
void say(const char *fmt, ...) PRINTF(1, 2);
/* What would be printed on the standard output goes into b instead, until NULL is given. */
void output_capture(struct buf *b);
/* Words that fill lines, from this column on; each further line begins with the indent. */
void say_wrapped(const char *s, size_t column, const char *indent);
void say_error(const char *fmt, ...) PRINTF(1, 2); /* on stderr, one line, with newline */
/* Foreign text that may neither begin another line nor turn the writing direction. */
const char *single_line(struct arena *a, const char *s);
/* The same, cut on a terminal so that a line of which `used` columns are taken fits. */
const char *fit(struct arena *a, size_t used, const char *s);
const char *human_bytes(struct arena *a, uint64_t n);
const char *hex_of(struct arena *a, const struct hash *h);
const char *plural(uint64_t n, const char *one, const char *many);

#define COMMAND(name) bool name##_run(struct ctx *c, struct err *e)
COMMAND(init);
COMMAND(unlock);
COMMAND(lock);
COMMAND(key);
COMMAND(person);
COMMAND(settings);
COMMAND(login);
COMMAND(login_token); /* login token ... */
COMMAND(add);
COMMAND(extract);
COMMAND(find);
COMMAND(list);
COMMAND(show);
COMMAND(text);
COMMAND(translation);
COMMAND(cat);
COMMAND(access);
COMMAND(picture);
COMMAND(log);
COMMAND(receipt);
COMMAND(publish);
COMMAND(serve);
COMMAND(verify);
COMMAND(rebuild);
COMMAND(erase);
COMMAND(hold);
COMMAND(release);
COMMAND(consent);
COMMAND(copy);
COMMAND(graphic);
COMMAND(compartment);
COMMAND(types);
COMMAND(type);
COMMAND(schema);
COMMAND(new);
COMMAND(claim);
COMMAND(withdraw);
COMMAND(history);
COMMAND(same);
COMMAND(split);
COMMAND(move);
COMMAND(due);
COMMAND(cooperation);
COMMAND(agreement);
COMMAND(timeline);
COMMAND(letter);
COMMAND(case);
COMMAND(finding);
COMMAND(corroborate);
COMMAND(import);
COMMAND(given);
COMMAND(export);
COMMAND(disclosure);

#endif
