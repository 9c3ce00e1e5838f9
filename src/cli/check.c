/* verify and rebuild. */
#include "base/progress.h"
#include "cli/cli.h"

struct checking {
	const struct ctx *c;
	struct progress *progress; /* of the step at hand */
};

static void
on_fault(void *arg, const char *kind, const char *subject, const char *what)
{
	struct checking *x = arg;

	if (x->progress)
		progress_hide(x->progress);
	if (x->c->json) {
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
on_step(void *arg, const char *what, uint64_t total)
{
	struct checking *x = arg;

	progress_free(x->progress);
	x->progress = progress_new(what, "checked", total);
}

static void
on_seen(void *arg, uint64_t bytes)
{
	struct checking *x = arg;

	progress_add(x->progress, 1, bytes);
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
		say("all is well: %llu %s, %llu %s, %s\n", (unsigned long long)r->entries,
		    plural(r->entries, "entry", "entries"), (unsigned long long)r->objects,
		    plural(r->objects, "object", "objects"), human_bytes(c->a, r->bytes));
	}
}

bool
verify_run(struct ctx *c, struct err *e)
{
	struct checking x = { .c = c };
	struct verify_report r = {
		.fault = on_fault, .step = on_step, .seen = on_seen, .arg = &x
	};
	bool ok;

	if (!ctx_open(c, e)) {
		if (e->kind ==
		    ERR_DAMAGED) { /* too damaged to open is a fault like any other */
			on_fault(&x, "mechanism", "", e->msg);
			r.faults = 1;
			say_verdict(c, &r);
		}
		return false;
	}
	ok = mechanism_verify(c->s, &r, e);
	progress_free(x.progress);
	if (!ok)
		return false;
	say_verdict(c, &r);
	return !r.faults ||
	    err_set(e, ERR_DAMAGED,
		"%llu %s (named above): bring what is damaged back from a copy",
		(unsigned long long)r.faults, plural(r.faults, "fault", "faults"));
}

static void
on_entry(void *progress)
{
	progress_add(progress, 1, 0);
}

bool
rebuild_run(struct ctx *c, struct err *e)
{
	AUTO(progress) *p = NULL;
	struct hash digest;
	uint64_t size;

	if (!ctx_open(c, e) || !log_size(c->s->db, &size, e))
		return false;
	p = progress_new("rebuilding", "entries", size);
	if (!mechanism_rebuild(c->s, on_entry, p, &digest, e))
		return false;
	progress_hide(p);
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
