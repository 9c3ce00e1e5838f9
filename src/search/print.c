/* A query in its canonical spelling. */
#include "search/private.h"

/* What was typed in typographic quotation marks may hold a plain one, never the reverse. */
static void
print_quoted(struct buf *b, const char *s)
{
	bool plain = strchr(s, '"') == NULL;

	buf_printf(b, "%s%s%s", plain ? "\"" : "\u201c", s, plain ? "\"" : "\u201d");
}

static void
print_leaf(struct buf *b, const struct node *n)
{
	if (n->kind == NODE_FILTER)
		buf_printf(b, "%s:", field_names[n->field]);
	if (n->quoted)
		print_quoted(b, n->text);
	else
		buf_str(b, n->text);
	if (n->kind == NODE_WORDS && n->phrase.prefix)
		buf_byte(b, '*');
}

/* Parentheses where the operator above binds stronger. */
static void
print_node(struct buf *b, const struct node *n, enum node_kind above)
{
	bool group = (n->kind == NODE_OR && above != NODE_OR) ||
	    (n->kind == NODE_AND && above == NODE_NOT);

	if (n->kind == NODE_WORDS || n->kind == NODE_FILTER) {
		print_leaf(b, n);
		return;
	}
	buf_str(b, group ? "(" : "");
	buf_str(b, n->kind == NODE_NOT ? "NOT " : "");
	for (const struct node *c = n->child; c; c = c->next) {
		print_node(b, c, n->kind);
		if (c->next)
			buf_str(b, n->kind == NODE_OR ? " OR " : " ");
	}
	buf_str(b, group ? ")" : "");
}

const char *
query_print(struct arena *a, const struct query *q)
{
	AUTO_VAL(buf) b = buf_init(16 * QUERY_MAX);

	print_node(&b, q->root, NODE_OR);
	return arena_strn(a, buf_peek(&b), b.n);
}
