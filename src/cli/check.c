/* verify and rebuild. */
#include <unistd.h>

#include "base/progress.h"
#include "cli/cli.h"

static void
on_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	const struct ctx *c = arg;

	if (c->json) {
		struct line l = line_start();

		line_str(&l, "kind", kind);
		line_str(&l, "subject", subject);
		line_str(&l, "fault", what);
		line_end(&l);
	} else {
		say("%s%s%s: %s\n", kind, *subject ? " " : "", subject, what);
	}
}

static void
on_step(void *arg, const char *what)
{
	const struct ctx *c = arg;

	if (!c->json && isatty(STDERR_FILENO))
		say_error("checking %s", what);
}

static void
say_verdict(const struct ctx *c, const struct verify_report *r)
{
	if (c->json) {
		struct line l = line_start();

		line_bool(&l, "ok", r->faults == 0);
		line_int(&l, "entries", r->entries);
		line_int(&l, "objects", r->objects);
		line_int(&l, "bytes", r->bytes);
		line_end(&l);
	} else if (!r->faults) {
		say("all is well: %llu entries, %llu objects, %s\n",
		    (unsigned long long)r->entries, (unsigned long long)r->objects,
		    human_bytes(c->a, r->bytes));
	}
}

bool
verify_run(struct ctx *c, struct err *e)
{
	struct verify_report r = { .fault = on_fault, .step = on_step, .arg = c };

	if (!ctx_open(c, e)) {
		if (e->kind ==
		    ERR_DAMAGED) { /* too damaged to open is a fault like any other */
			on_fault(c, "mechanism", "", e->msg);
			r.faults = 1;
			say_verdict(c, &r);
		}
		return false;
	}
	if (!mechanism_verify(c->s, &r, e))
		return false;
	say_verdict(c, &r);
	return !r.faults ||
	    err_set(e, ERR_DAMAGED,
		"%llu %s (named above): bring what is damaged back from a copy",
		(unsigned long long)r.faults, plural(r.faults, "fault", "faults"));
}

bool
rebuild_run(struct ctx *c, struct err *e)
{
	struct hash digest;

	if (!ctx_open(c, e) || !mechanism_rebuild(c->s, &digest, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_bool(&l, "ok", true);
		line_str(&l, "digest", hex_of(c->a, &digest));
		line_end(&l);
	} else {
		say("rebuilt, digest %s\n", hex_of(c->a, &digest));
	}
	return true;
}
