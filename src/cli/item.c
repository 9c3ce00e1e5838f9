/* What extraction told of an item: metadata, what it lies in and holds, anchors. */
#include "cli/item.h"

#include <stdlib.h>
#include <string.h>

/* The item that it was embedded in first. */
static const char *
parent_of(const struct shown *x)
{
	for (size_t i = 0; i < x->n_acquisitions; i++)
		if (*x->acquisitions[i].container)
			return x->acquisitions[i].container;
	return "";
}

static struct json *
metadata_of(struct ctx *c, const struct text_row *t)
{
	struct err ignored;
	struct json *m = t && *t->metadata ?
	    json_read(c->a, t->metadata, strlen(t->metadata), &ignored) :
	    NULL;

	return m ? m : json_new_map(c->a);
}

/* "vigil-extract html 1": what made it, and its version. */
static void
put_program(struct ctx *c, struct json *m, const char *program)
{
	const char *space = strrchr(program, ' ');

	json_put_str(c->a, m, "program",
	    space ? arena_strn(c->a, program, (size_t)(space - program)) : program);
	json_put_str(c->a, m, "version", space ? space + 1 : "");
}

/* Of the newest extraction. */
static struct json *
extraction_json(struct ctx *c, const struct text_row *t, const struct json *metadata)
{
	struct json *m = json_new_map(c->a);
	const char *pages = json_get_str(metadata, "pages"),
		   *ocr = json_get_str(metadata, "ocr_confidence");

	put_program(c, m, t->program);
	json_put_str(c->a, m, "status", t->status);
	json_put_some(c->a, m, "why", t->why);
	json_put_some(c->a, m, "reason", t->reason);
	json_put_str(c->a, m, "seconds",
	    arena_printf(c->a, "%llu.%03llu", (unsigned long long)t->milliseconds / 1000,
		(unsigned long long)t->milliseconds % 1000));
	if (*pages)
		json_put_int(c->a, m, "pages", strtoll(pages, NULL, 10));
	if (*ocr)
		json_put_int(c->a, m, "ocr_confidence", strtoll(ocr, NULL, 10));
	return m;
}

void
put_extraction(struct ctx *c, struct json *j, const struct shown *x)
{
	const struct text_row *t = x->n_texts ? &x->texts[x->n_texts - 1] : NULL;
	struct json *children = json_new_list(c->a), *metadata = metadata_of(c, t);

	for (size_t i = 0; i < x->n_embedded; i++)
		json_add(c->a, children, json_new_str(c->a, x->embedded[i].id));
	if (*parent_of(x))
		json_put_str(c->a, j, "parent", parent_of(x));
	if (t)
		json_put(c->a, j, "extraction", extraction_json(c, t, metadata));
	json_put(c->a, j, "metadata", metadata);
	json_put(c->a, j, "children", children);
}

void
say_metadata(struct ctx *c, const struct shown *x)
{
	const struct json *m = metadata_of(c, x->n_texts ? &x->texts[x->n_texts - 1] : NULL);

	for (size_t i = 0; i < json_len(m); i++) {
		const struct json *v = json_at(m, i);
		bool list = json_kind(v) == JSON_LIST;

		for (size_t k = 0; k < (list ? json_len(v) : 1); k++)
			say("%-9s %s\n", k ? "" : json_name_at(m, i),
			    single_line(c->a, json_str(list ? json_at(v, k) : v)));
	}
	if (*parent_of(x))
		say("found in  %s\n", parent_of(x));
	for (size_t i = 0; i < x->n_embedded; i++)
		say("holds     %s  %s\n", x->embedded[i].id,
		    single_line(c->a, x->embedded[i].title));
}

bool
item_no_text(const struct item *it, const struct text_row *texts, size_t n, struct err *e)
{
	const char *why = n ? texts[n - 1].why : "";

	return err_set(e, ERR_MISSING, "item %llu has no text%s%s",
	    (unsigned long long)it->number, n ? ": " : "",
	    n && !*why ? "it holds no words" : why);
}

/* How a passage begins, on one line. */
static const char *
beginning(struct arena *a, const char *p, size_t n)
{
	char *s = arena_dup(a, p, MIN(n, (size_t)300) + 1);

	s[MIN(n, (size_t)300)] = 0;
	for (char *c = s; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return single_line(a, s);
}

static bool
say_anchor(
    struct ctx *c, const char *line, size_t n, const char *text, size_t n_text, struct err *e)
{
	struct json *m = json_read(c->a, line, n, e);
	AUTO_VAL(buf) where = buf_init(4096);
	size_t start, end;

	if (!m)
		return false;
	start = MIN((size_t)json_get_int(m, "start"), n_text);
	end = MIN((size_t)json_get_int(m, "end"), n_text);
	for (size_t i = 0; i < json_len(m); i++) {
		const char *name = json_name_at(m, i);
		const struct json *v = json_at(m, i);

		if (strcmp(name, "start") == 0 || strcmp(name, "end") == 0)
			continue;
		if (json_kind(v) == JSON_INT)
			buf_printf(&where, "%s %lld  ", name, (long long)json_int(v));
		else
			buf_printf(&where, "%s %s  ", name, json_str(v));
	}
	say("%zu-%zu  %s%s\n", start, end, single_line(c->a, buf_peek(&where)),
	    fit(c->a, 24 + where.n, beginning(c->a, text + start, end - start)));
	return true;
}

/* A line each: JSON as it was made, or for people the place and how the passage begins. */
bool
say_anchors(struct ctx *c, const struct text_row *t, struct err *e)
{
	const char *lines, *text;
	size_t n, n_text;
	struct hash h;
	struct viewer v = ctx_viewer(c);

	if (!record_derived(c->s->db, &v, t->entry, "anchors", &h, e) ||
	    !session_bytes(c->s, c->a, &h, UINT32_MAX, &lines, &n, e) ||
	    !session_bytes(c->s, c->a, &t->sha256, UINT32_MAX, &text, &n_text, e))
		return false;
	for (const char *at = lines, *end; at < lines + n; at = end + 1) {
		end = memchr(at, '\n', (size_t)(lines + n - at));
		if (!end)
			break;
		if (c->json)
			say("%.*s\n", (int)(end - at), at);
		else if (!say_anchor(c, at, (size_t)(end - at), text, n_text, e))
			return false;
	}
	return true;
}

/* What stands between two spans: itself if it is white space, else an empty line. */
static void
add_between(struct buf *b, const char *from, size_t n)
{
	if (!b->n)
		return;
	for (size_t i = 0; i < n; i++)
		if (!strchr(" \t\n", from[i]))
			n = 0;
	if (n)
		buf_add(b, from, n);
	else
		buf_str(b, "\n\n");
}

static bool
add_main(struct ctx *c, const char *lines, size_t n, const char *text, size_t n_text,
    struct buf *ret, struct err *e)
{
	size_t last = 0;

	for (const char *at = lines, *stop; at < lines + n; at = stop + 1) {
		struct json *m;
		size_t start, end;

		stop = memchr(at, '\n', (size_t)(lines + n - at));
		if (!stop)
			break;
		m = json_read(c->a, at, (size_t)(stop - at), e);
		if (!m)
			return false;
		if (strcmp(json_get_str(m, "part"), "main") != 0)
			continue;
		start = MAX(last, MIN((size_t)json_get_int(m, "start"), n_text));
		end = MIN((size_t)json_get_int(m, "end"), n_text);
		if (end <= start)
			continue;
		add_between(ret, text + last, start - last);
		buf_add(ret, text + start, end - start);
		last = end;
	}
	return true;
}

bool
main_text(struct ctx *c, const struct text_row *t, const char **ret, struct err *e)
{
	const char *lines, *text;
	size_t n, n_text;
	struct hash h;
	struct viewer v = ctx_viewer(c);
	struct err none;

	if (!session_bytes(c->s, c->a, &t->sha256, UINT32_MAX, &text, &n_text, e))
		return false;
	AUTO_VAL(buf) main = buf_init(n_text + n_text + 2);
	if (record_derived(c->s->db, &v, t->entry, "anchors", &h, &none) &&
	    (!session_bytes(c->s, c->a, &h, UINT32_MAX, &lines, &n, e) ||
		!add_main(c, lines, n, text, n_text, &main, e)))
		return false;
	*ret = main.n ? arena_str(c->a, buf_peek(&main)) : text;
	return true;
}
