/* Carrying out an erasure, in an order that a crash at any step leaves safe: the index
 * first (it can be built anew from what is left), then the entry with a duty noted in
 * its transaction, then what cannot be undone. */
#include <string.h>

#include "mechanism/private.h"

struct erasing {
	struct act_erasure *in;
	bool (*also)(struct draft *d, struct db *db, const struct entry *en, struct err *e);
};

/* The act's own rows, and the duty to clean up, in one transaction. */
static bool
also_with_duty(struct draft *d, struct db *db, const struct entry *en, struct err *e)
{
	struct erasing *x = d->arg;
	struct draft inner = *d;

	inner.arg = x->in;
	return duty_note(db, "erasure", e) && x->also(&inner, db, en, e);
}

static bool
write_inner(struct draft *d, struct db *db, struct arena *a, struct entry *ret, struct err *e)
{
	struct erasing *x = d->arg;
	struct draft inner;

	act_erase(&inner, x->in);
	return inner.write(&inner, db, a, ret, e);
}

struct search_for {
	const char *subject;
	uint64_t *list;
	size_t n, max;
	uint64_t except;
};

static bool
mentions(const struct json *j, const char *word)
{
	if (json_kind(j) == JSON_STR)
		return strstr(json_str(j), word) != NULL;
	if (json_kind(j) != JSON_LIST && json_kind(j) != JSON_MAP)
		return false;
	for (size_t i = 0; i < json_len(j); i++)
		if (mentions(json_at(j, i), word))
			return true;
	return false;
}

static bool
look_for(void *arg, const struct entry *en, struct err *e)
{
	struct search_for *f = arg;

	(void)e;
	if (en->index != f->except && f->n < f->max &&
	    (strcmp(en->subject, f->subject) == 0 || mentions(en->content, f->subject)))
		f->list[f->n++] = en->index;
	return true;
}

static bool
find_quotes(struct session *s, const char *subject, uint64_t erasure, struct arena *a,
    uint64_t **ret, size_t *ret_n, struct err *e)
{
	enum { QUOTES_MAX = 1000 };
	struct search_for f = { .subject = subject,
		.max = QUOTES_MAX,
		.except = erasure,
		.list = arena_alloc(a, QUOTES_MAX * sizeof *f.list) };

	if (!log_replay(s->m->log, s->db, 0, erasure + 1, look_for, &f, e))
		return false;
	*ret = f.list;
	*ret_n = f.n;
	return true;
}

bool
mechanism_erase(struct session *s, struct act_erasure *in, struct arena *a, uint64_t *ret_index,
    uint64_t **ret_quotes, size_t *ret_n, struct err *e)
{
	struct erasure_plan plan;
	struct erasing x = { .in = in };
	struct draft inner, d;

	if (!session_follow(s, e) || !record_erasure_plan(s->db, a, in->proposal, &plan, e))
		return false;
	in->plan = &plan;
	in->vault = s->vault;
	act_erase(&inner, in);
	x.also = inner.also;
	d = (struct draft){ .write = write_inner,
		.also = also_with_duty,
		.arg = &x,
		.erases = inner.erases,
		.n_erases = inner.n_erases };
	if (!search_forget(s->search, plan.texts, plan.n_texts, e))
		return false;
	if (!log_append(s->m->log, &d, 1, true, e)) {
		/* Nothing was erased: following puts back what the index forgot. If it fails
		 * here, whoever searches next does it. */
		(void)!session_follow(s, &(struct err){ 0 });
		return false;
	}
	*ret_index = d.index;
	if (!duty_finish(s, e))
		return err_at(e,
		    "entry %llu erases it and stands; cleaning up goes on with the next "
		    "command",
		    (unsigned long long)d.index);
	return find_quotes(s, plan.subject, d.index, a, ret_quotes, ret_n, e);
}
