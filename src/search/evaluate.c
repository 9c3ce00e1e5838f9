/* Which texts is a query true of? Lists from the engine and from the filters, joined. */
#include "search/private.h"

/* Joins the lists of a node's children. `within` narrows as AND goes on, so that what
 * is costly looks at few texts: first what lists texts, then what takes them away. */
static bool
evaluate_and(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	struct list all = { .all_but = true }, one;

	for (int turn = 0; turn < 2; turn++)
		for (const struct node *c = n->child; c; c = c->next) {
			if (c->negative != (turn == 1))
				continue;
			if (!evaluate(k, c, all.all_but ? within : &all, &one, e))
				return false;
			*ret = all = list_both(k->a, all, one);
			if (!all.all_but && !all.n)
				return true;
		}
	return true;
}

static bool
evaluate_or(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	struct list any = { 0 }, one;

	for (const struct node *c = n->child; c; c = c->next) {
		if (!evaluate(k, c, within, &one, e))
			return false;
		any = list_either(k->a, any, one);
	}
	*ret = any;
	return true;
}

/* An engine that takes trees is given all that is words in one piece, before the rest. */
static struct node *
words_first(struct arena *a, const struct node *n)
{
	struct node *words = arena_alloc(a, sizeof *words),
		    *rest = arena_alloc(a, sizeof *rest);
	struct node **tail[2] = { &words->child, &rest->child };

	for (const struct node *c = n->child; c; c = c->next) {
		struct node *copy = arena_dup(a, c, sizeof *c);
		int to = c->words_only ? 0 : 1;

		copy->next = NULL;
		*tail[to] = copy;
		tail[to] = &copy->next;
	}
	words->kind = rest->kind = n->kind;
	node_finish(words);
	if (words->child && words->child->next) {
		words->next = rest->child;
		rest->child = words;
	} else if (words->child) {
		words->child->next = rest->child;
		rest->child = words->child;
	}
	node_finish(rest);
	return rest;
}

/* Of an engine that takes trees, what it says of whole texts, and of those in parts what we join:
 * the words of a tree may stand in different parts. */
static bool
evaluate_words(struct look *k, const struct node *n, const struct list *within,
    struct list *ret, struct err *e)
{
	const struct engine *engine = k->s->engine;
	struct list whole, parts;
	struct look in_parts = *k;

	if (!engine->match_parts)
		return engine->match(k, n, within, ret, e);
	in_parts.parts = true;
	if (!engine->match(k, n, within, &whole, e) ||
	    !evaluate(&in_parts, n, within, &parts, e))
		return false;
	/* "All but these" of each are together all but these of both. */
	whole.all_but = parts.all_but = false;
	*ret = list_either(k->a, whole, parts);
	ret->all_but = n->negative;
	return true;
}

bool
evaluate(struct look *k, const struct node *n, const struct list *within, struct list *ret,
    struct err *e)
{
	const struct engine *engine = k->s->engine;

	if (n->kind == NODE_WORDS && k->parts)
		return engine->match_parts(k, n, ret, e);
	if (n->kind == NODE_WORDS || (n->words_only && engine->trees && !k->parts))
		return evaluate_words(k, n, within, ret, e);
	if (engine->trees && !k->parts && (n->kind == NODE_AND || n->kind == NODE_OR))
		n = words_first(k->a, n);
	switch (n->kind) {
	case NODE_AND:
		return evaluate_and(k, n, within, ret, e);
	case NODE_OR:
		return evaluate_or(k, n, within, ret, e);
	case NODE_NOT:
		if (!evaluate(k, n->child, within, ret, e))
			return false;
		ret->all_but = !ret->all_but;
		return true;
	default:
		return filter_list(k, n, within, ret, e);
	}
}
