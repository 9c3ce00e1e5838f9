/* Commands about the log: log, receipt, publish. */
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "cli/cli.h"
#include "log/log.h"
#include "publish/publish.h"

/* To the minute, so that 80 columns are enough; --json has the milliseconds. */
static void
say_acted(const struct ctx *c, const struct entry *en, const char *time)
{
	const char *start = arena_printf(c->a, "%6llu  %.10s %.5s %-17s %-31s ",
	    (unsigned long long)en->index, time, time + 11, en->act, en->subject);

	say("%s%s\n", start, fit(c->a, strlen(start), en->actor));
}

static void
say_entry(const struct ctx *c, const struct entry *en, const struct hash *leaf, bool erased)
{
	char time[MOMENT_MAX];

	clock_moment(en->time, time);
	if (!c->json) {
		if (erased)
			say("%6llu  (erased)\n", (unsigned long long)en->index);
		else
			say_acted(c, en, time);
		return;
	}
	struct line l = line_start();

	line_int(&l, "index", en->index);
	line_str(&l, "time", erased ? NULL : time);
	line_str(&l, "actor", erased ? NULL : en->actor);
	line_str(&l, "act", erased ? NULL : en->act);
	line_str(&l, "subject", erased ? NULL : en->subject);
	line_str(&l, "leaf", hex_of(c->a, leaf));
	line_end(&l);
}

static bool
one_entry(struct ctx *c, uint64_t index, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct entry en = { .index = index };
	const char *head;
	struct hash leaf;
	size_t n;
	bool erased;

	if (!log_head(c->s->db, a, index, &head, &n, e))
		return false;
	leaf = tree_leaf(head, n);
	erased = !log_entry(mechanism_log(c->m), c->s->db, a, index, &en, e);
	if (erased && e->kind != ERR_MISSING)
		return false;
	en.index = index;
	say_entry(c, &en, &leaf, erased);
	return true;
}

bool
log_run(struct ctx *c, struct err *e)
{
	uint64_t size, from, limit, to;

	if (!ctx_open(c, e) || !log_size(c->s->db, &size, e) ||
	    !ctx_number(c, "limit", 50, UINT32_MAX, &limit, e) ||
	    !ctx_number(c, "from", size > limit ? size - limit : 0, INT64_MAX, &from, e))
		return false;
	to = from > size || limit > size - from ? size : from + limit;
	for (uint64_t i = from; i < to && !ferror(stdout); i++)
		if (!one_entry(c, i, e))
			return false;
	return true;
}

static bool
receipt_make(struct ctx *c, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	struct receipt r;
	uint64_t index;

	if (c->n_args != 1 || !ctx_index(c->args[0], &index))
		return err_set(e, ERR_INVALID,
		    "usage: vigil receipt INDEX [--with-body], or vigil receipt --check FILE");
	if (!ctx_open(c, e) ||
	    !log_receipt(mechanism_log(c->m), c->s->db, c->a, index,
		ctx_option(c, "with-body") != NULL, &r, e))
		return false;
	receipt_write(&b, &r);
	if (!buf_ok(&b, "receipt", e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_int(&l, "index", index);
		line_str(&l, "receipt", buf_peek(&b));
		line_end(&l);
	} else {
		fwrite(b.p, 1, b.n, stdout);
	}
	return true;
}

/* Offline: opens no mechanism. */
static bool
receipt_check_file(struct ctx *c, const char *path, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	const char *key = ctx_option(c, "key");
	struct checkpoint cp;
	struct receipt r;
	struct vkey k;

	if ((key && !vkey_read(key, &k, e)) || !io_read_file(path, &b, e) ||
	    !receipt_read(c->a, b.p, b.n, &r, e) || !receipt_check(&r, key ? &k : NULL, &cp, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_bool(&l, "ok", true);
		line_int(&l, "index", r.index);
		line_int(&l, "size", cp.size);
		line_bool(&l, "pinned", key != NULL);
		line_end(&l);
		return true;
	}
	say("good: entry %llu is in the log %s of %llu entries\n", (unsigned long long)r.index,
	    cp.origin, (unsigned long long)cp.size);
	if (r.has_body)
		say("its body is the one that was committed to\n");
	if (!key)
		say("the key was not pinned: anybody could have made this log; give the log's"
		    " verifier key with --key\n");
	return true;
}

bool
receipt_run(struct ctx *c, struct err *e)
{
	const char *path = ctx_option(c, "check");
	struct line l;

	if (!path)
		return receipt_make(c, e);
	if (c->n_args)
		return err_set(e, ERR_INVALID, "--check FILE checks that file and no INDEX");
	if (receipt_check_file(c, path, e))
		return true;
	if (c->json) {
		l = line_start();
		line_bool(&l, "ok", false);
		line_str(&l, "error", e->msg);
		line_end(&l);
	}
	return false;
}

bool
publish_run(struct ctx *c, struct err *e)
{
	struct publication r;

	if (strcmp(c->args[0], "log") != 0)
		return err_set(e, ERR_INVALID, "usage: vigil publish log DIR [--hashes-only]");
	if (!ctx_open(c, e) ||
	    !publish_log(mechanism_log(c->m), c->s->db, c->args[1],
		ctx_option(c, "hashes-only") != NULL, &r, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_int(&l, "size", r.size);
		line_str(&l, "root", hex_of(c->a, &r.root));
		line_end(&l);
		return true;
	}
	say("published %llu entries, root %s\n", (unsigned long long)r.size,
	    hex_of(c->a, &r.root));
	return true;
}
