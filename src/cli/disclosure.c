/* vigil disclosure: a frozen list of items for one recipient, signed by two people, and handed over. */
#include <string.h>

#include "account/disclosing.h"
#include "cli/accounts.h"
#include "cli/given.h"
#include "cli/signer.h"
#include "publish/handover.h"

static bool
find_one(struct work *w, const char *type, const char *name, struct record *ret, struct err *e)
{
	const char *const types[] = { type, NULL };

	return record_find_named(w->db, &w->v, w->c->a, w->schema, types, name, ret, e);
}

static struct disclosing
disclosing_of(struct work *w, struct signer *s)
{
	return (
	    struct disclosing){ w->db, mechanism_log(w->c->m), w->c->a, &w->v, w->schema, s };
}

/* ---- proposing ---- */

static bool
want_option(struct ctx *c, const char *name, const char *what, const char **ret, struct err *e)
{
	*ret = ctx_option(c, name);
	return (*ret && **ret) || err_set(e, ERR_INVALID, "--%s says %s", name, what);
}

static bool
find_items(struct work *w, const char ***ret, size_t *ret_n, struct err *e)
{
	struct ctx *c = w->c;
	struct given_list *list = given_list_new(c->a);
	const char **ids = arena_alloc(c->a, c->n_args * sizeof *ids);

	for (size_t i = 2; i < c->n_args; i++) {
		struct item it;

		if (!record_find_item(w->db, &w->v, c->a, c->args[i], &it, e))
			return false;
		given_add_item(list, it.id, "");
	}
	for (size_t i = 0; i < list->n_items; i++)
		ids[i] = list->items[i].id;
	*ret = ids;
	*ret_n = list->n_items;
	return true;
}

static void
say_proposed(struct work *w, const struct disclosure *d, uint64_t entry)
{
	struct line l;

	if (!w->c->json) {
		say("%s\n%zu %s for %s, %llu withheld; another person approves it with:\n"
		    "  vigil disclosure approve %s --out DIR\n",
		    d->id, d->n, plural(d->n, "item", "items"),
		    single_line(w->c->a, d->recipient), (unsigned long long)d->withheld, d->id);
		return;
	}
	l = line_start();
	line_str(&l, "record", d->id);
	line_int(&l, "proposal", entry);
	line_int(&l, "items", d->n);
	line_int(&l, "withheld", d->withheld);
	line_str(&l, "sha256", hex_of(w->c->a, &d->sha256));
	line_end(&l);
}

static bool
propose(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	const struct disclosing in = disclosing_of(w, s);
	struct disclosure d = { 0 };
	uint64_t entry;
	struct record request;
	const char **items;
	size_t n;

	if (c->n_args < 3)
		return err_set(e, ERR_INVALID, "say which items: propose REQUEST ITEM...");
	if (!want_option(c, "to", "to whom", &d.recipient, e) ||
	    !want_option(c, "purpose", "what for", &d.purpose, e) ||
	    !want_option(c, "conditions", "under which conditions", &d.conditions, e) ||
	    !find_one(w, "request", c->args[1], &request, e) ||
	    !disclosing_granted(&in, &request, e) || !find_items(w, &items, &n, e) ||
	    !signer_ask(c, s, e))
		return false;
	if (!disclosing_propose(&in, &request, items, n, &d, &entry, e))
		return false;
	say_proposed(w, &d, entry);
	return true;
}

/* ---- handing over ---- */

static bool
write_folder(
    struct work *w, struct handing *h, const char *disclosure, const char *dir, struct err *e)
{
	struct ctx *c = w->c;
	struct person first, second;
	struct proposed p;
	struct handover out = { .log = mechanism_log(c->m),
		.db = w->db,
		.vault = c->s->vault,
		.viewer = &w->v,
		.p = &p,
		.first = &first,
		.second = &second };

	if (!disclosure_read(w->db, &w->v, c->a, disclosure, &p, e) ||
	    !record_person(w->db, &w->v, c->a, p.person, &first, e) ||
	    !record_person(w->db, &w->v, c->a, p.approver, &second, e) ||
	    !handover_write(&out, dir, e)) {
		disclosing_broke_off(mechanism_log(c->m), c->a, h);
		return err_at(e,
		    "it is approved; vigil disclosure write %s --out DIR tries again",
		    disclosure);
	}
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "record", disclosure);
		line_int(&l, "entry", h->give.entry);
		line_int(&l, "items", p.d.n);
		line_str(&l, "sha256", hex_of(c->a, &p.d.sha256));
		line_str(&l, "out", dir);
		line_end(&l);
	} else {
		say("%s is approved and lies in %s\n", disclosure, single_line(c->a, dir));
	}
	return given_summary(c, &h->give, &h->end, 0, 0, e);
}

static bool
approve(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	const struct disclosing in = disclosing_of(w, s);
	struct handing h = { 0 };
	struct proposed p;
	struct record r;
	const char *dir;

	if (!want_option(c, "out", "where the folder is to be", &dir, e) ||
	    !handover_check(dir, e) || !find_one(w, "disclosure", c->args[1], &r, e) ||
	    !disclosure_read(w->db, &w->v, c->a, r.id, &p, e) || !signer_ask(c, s, e))
		return false;
	return disclosing_approve(&in, &p, &h, e) && write_folder(w, &h, r.id, dir, e);
}

/* Again, or after it could not be written: it is judged and recorded anew. */
static bool
write_again(struct work *w, struct signer *s, struct err *e)
{
	struct ctx *c = w->c;
	struct handing h = { 0 };
	struct proposed p;
	struct record r;
	const char *dir;

	const struct disclosing in = disclosing_of(w, s);

	if (!want_option(c, "out", "where the folder is to be", &dir, e) ||
	    !handover_check(dir, e) || !find_one(w, "disclosure", c->args[1], &r, e) ||
	    !disclosure_read(w->db, &w->v, c->a, r.id, &p, e))
		return false;
	return disclosing_again(&in, &p, &h, e) && write_folder(w, &h, r.id, dir, e);
}

static const struct {
	const char *word;
	bool (*run)(struct work *w, struct signer *s, struct err *e);
} parts[] = { { "propose", propose }, { "approve", approve }, { "write", write_again } };

bool
disclosure_run(struct ctx *c, struct err *e)
{
	__attribute__((cleanup(signer_done))) struct signer s = { 0 };
	__attribute__((cleanup(work_done))) struct work w = { 0 };

	for (size_t i = 0; i < LEN(parts); i++)
		if (strcmp(parts[i].word, c->args[0]) == 0)
			return work_init(&w, c, e) && parts[i].run(&w, &s, e);
	return err_set(
	    e, ERR_INVALID, "disclosure propose, approve or write; not \"%.40s\"", c->args[0]);
}
