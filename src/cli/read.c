/* Reading: find, list, show, text, cat. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/item.h"
#include "cli/records.h"
#include "record/copy.h"
#include "record/reading.h"
#include "search/search.h"

/* Snippets come with their matches between U+E000 and U+E001 (EE 80 80, EE 80 81). */
static const char *
marked(struct arena *a, const char *s, const char *on, const char *off)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);

	for (; *s; s++)
		if (strncmp(s, "\xee\x80\x80", 3) == 0) {
			buf_str(&b, on);
			s += 2;
		} else if (strncmp(s, "\xee\x80\x81", 3) == 0) {
			buf_str(&b, off);
			s += 2;
		} else {
			buf_byte(&b, (uint8_t)*s);
		}
	return arena_str(a, buf_peek(&b));
}

/* The marks go around say(), which lets no escape sequence of the text through. */
static void
say_marked(const char *at)
{
	while (*at) {
		const char *on = strstr(at, "\xee\x80\x80");
		const char *off = on ? strstr(on, "\xee\x80\x81") : NULL;

		if (!off) {
			say("%s", at);
			break;
		}
		say("%.*s", (int)(on - at), at);
		printf("\033[1;4m");
		say("%.*s", (int)(off - on - 3), on + 3);
		printf("\033[0m");
		at = off + 3;
	}
}

/* One line, indented. */
static void
say_snippet(struct ctx *c, const char *snippet)
{
	say("    ");
	if (isatty(STDOUT_FILENO))
		say_marked(snippet);
	else
		say("%s", marked(c->a, snippet, "[", "]"));
	say("\n");
}

static void
say_hit(struct ctx *c, const struct hit *h)
{
	struct line l;

	if (!c->json) {
		const char *in = h->translation ?
		    arena_printf(c->a, "  in %s: %s", h->translation, h->text) :
		    "";

		say("%s  %s%s\n", h->item,
		    fit(c->a, strlen(h->item) + strlen(in) + 2, h->title), in);
		say_snippet(c, h->snippet);
		return;
	}
	l = line_start();
	line_str(&l, "item", h->item);
	line_str(&l, "text", h->text);
	line_str(&l, "title", h->title);
	if (h->translation)
		line_str(&l, "translation", h->translation);
	line_str(&l, "snippet", marked(c->a, h->snippet, "[", "]"));
	line_real(&l, "score", h->score);
	line_int(&l, "start", h->start);
	line_int(&l, "end", h->end);
	line_end(&l);
}

static void
say_record(
    struct ctx *c, const struct schema *s, const char *language, const struct record_hit *h)
{
	static const char *const stances[STANCES] = {
		[ASSERTS] = "", [DENIES] = " (denied)", [DOES_NOT_KNOW] = " (not known)"
	};
	const struct type *t = schema_type(s, h->type);
	const struct property *p = t ? type_property(t, h->property) : NULL;
	struct line l;
	const char *start;

	if (!c->json) {
		start = arena_printf(c->a, "%s  %s  ", h->record,
		    t ? labels_get(&t->labels, language, t->name) : h->type);
		say("%s%s\n", start, fit(c->a, strlen(start), h->title));
		if (*h->claim)
			say_snippet(c,
			    arena_printf(c->a, "%s%s: %s",
				p ? labels_get(&p->labels, language, p->name) : h->property,
				stances[h->stance], h->snippet));
		return;
	}
	l = line_start();
	line_str(&l, "record", h->record);
	line_str(&l, "type", h->type);
	line_str(&l, "title", h->title);
	line_str(&l, "snippet", marked(c->a, h->snippet, "[", "]"));
	line_str(&l, "claim", h->claim);
	line_str(&l, "stance", *h->claim ? stance_names[h->stance] : "");
	line_end(&l);
}

static const char *
joined(struct ctx *c)
{
	AUTO_VAL(buf) b = buf_init(QUERY_MAX + 1);

	for (size_t i = 0; i < c->n_args; i++)
		buf_printf(&b, "%s%s", i ? " " : "", c->args[i]);
	return arena_str(c->a, buf_peek(&b));
}

static bool
find_texts(struct ctx *c, const struct query *q, size_t limit, size_t *io_n, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	const char **ids;
	struct hits hits;

	if (!search_find(c->s->search, &v, c->a, q, limit, &hits, e))
		return false;
	ids = arena_alloc(c->a, (hits.n + 1) * sizeof *ids);
	for (size_t i = 0; i < hits.n; i++)
		ids[i] = hits.h[i].item;
	if (!reading_hits(mechanism_log(c->m), c->s->db, &v, ids, hits.n, NULL, 0, NULL, e))
		return false;
	for (size_t i = 0; i < hits.n; i++)
		say_hit(c, &hits.h[i]);
	*io_n += hits.n;
	return true;
}

static bool
find_records(struct ctx *c, const struct query *q, size_t limit, size_t *io_n, struct err *e)
{
	struct viewer v = ctx_viewer(c);
	AUTO(schema) *s = record_schema(c->s->db, &v, e);
	struct record_hits hits;
	const char **claims;

	if (!s || !search_records(c->s->search, &v, s, c->a, q, limit, &hits, e))
		return false;
	claims = arena_alloc(c->a, (hits.n + 1) * sizeof *claims);
	for (size_t i = 0; i < hits.n; i++)
		claims[i] = hits.h[i].claim;
	if (!reading_hits(mechanism_log(c->m), c->s->db, &v, NULL, 0, claims, hits.n, NULL, e))
		return false;
	for (size_t i = 0; i < hits.n; i++)
		say_record(c, s, v.language, &hits.h[i]);
	*io_n += hits.n;
	return true;
}

/* Records first: they are what people have made of the material already. */
bool
find_run(struct ctx *c, struct err *e)
{
	bool records = ctx_option(c, "records"), texts = ctx_option(c, "texts");
	struct query *q = query_parse(c->a, joined(c), e);
	size_t n = 0;
	uint64_t limit;

	if (!q || !ctx_number(c, "limit", 10, SEARCH_LIMIT_MAX, &limit, e))
		return false;
	if (records && texts)
		return err_set(e, ERR_INVALID,
		    "--records and --texts: give one of them, or neither for both");
	if (!ctx_open(c, e) || !session_follow(c->s, e) ||
	    (!texts && !find_records(c, q, (size_t)limit, &n, e)) ||
	    (!records && !find_texts(c, q, (size_t)limit, &n, e)))
		return false;
	if (!c->json && !n)
		say("nothing found\n");
	return true;
}

static void
say_item(struct arena *a, const struct item *it)
{
	const char *start = arena_printf(a, "%6llu  %s  %9s  %-7s %s%s",
	    (unsigned long long)it->number, it->id, human_bytes(a, it->bytes), it->language,
	    it->held ? "[held] " : "", it->withdrawn ? "[consent withdrawn] " : "");

	say("%s%s\n", start, fit(a, strlen(start), it->title));
}

bool
list_run(struct ctx *c, struct err *e)
{
	enum { PAGE = 500 };
	struct viewer v;
	uint64_t after = 0;
	size_t n = PAGE;

	if (c->n_args)
		return record_rows(c, e);
	if (!ctx_open(c, e) || !ctx_viewer_at(c, &v, e))
		return false;
	while (n == PAGE && !ferror(stdout)) { /* nobody reads on after `| head` */
		AUTO(arena) *a = arena_new();
		struct item *items;

		if (!record_items(c->s->db, &v, a, after, PAGE, &items, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			const struct item *it = &items[i];

			after = it->number;
			if (!c->json) {
				say_item(a, it);
				continue;
			}
			struct line l = line_start();

			line_str(&l, "item", it->id);
			line_int(&l, "number", it->number);
			line_str(&l, "sha256", hex_of(a, &it->sha256));
			line_int(&l, "bytes", it->bytes);
			line_str(&l, "media_type", it->media_type);
			line_str(&l, "language", it->language);
			line_str(&l, "title", it->title);
			line_bool(&l, "held", it->held);
			line_bool(&l, "withdrawn", it->withdrawn);
			line_end(&l);
		}
	}
	return true;
}

bool
item_look_up(struct ctx *c, const char *name, struct shown *x, struct err *e)
{
	struct viewer v;
	struct db *db;

	if (!ctx_open(c, e) || !ctx_viewer_at(c, &v, e))
		return false;
	db = c->s->db;
	return record_find_item(db, &v, c->a, name, &x->item, e) &&
	    record_acquisitions(
		db, &v, c->a, x->item.number, &x->acquisitions, &x->n_acquisitions, e) &&
	    record_texts(db, &v, c->a, x->item.number, &x->texts, &x->n_texts, e) &&
	    record_entries(db, &v, c->a, &x->item, &x->entries, &x->n_entries, e) &&
	    record_embedded(db, &v, c->a, x->item.number, &x->embedded, &x->n_embedded, e) &&
	    record_translations(
		db, &v, c->a, x->item.number, &x->translations, &x->n_translations, e) &&
	    record_original(db, &v, c->a, x->item.id, &x->original, e);
}

bool
item_opened(struct ctx *c, const struct item *it, bool came, struct err *e)
{
	struct viewer v = ctx_viewer(c);

	return reading_item(mechanism_log(c->m), c->s->db, &v, it, came, NULL, e);
}

static const char *
moment(struct arena *a, int64_t t)
{
	char *s = arena_alloc(a, MOMENT_MAX);

	clock_moment(t, s);
	return s;
}

/* The bytes of a name that is no text stand in the entry's body only. */
static void
put_path(struct ctx *c, struct json *m, const struct acquisition *q)
{
	struct entry en;
	struct err ignored; /* damage is for verify to tell */

	json_put_str(c->a, m, "path", q->path);
	if (strstr(q->path, "\xef\xbf\xbd") && /* U+FFFD stands for what is no text */
	    log_entry(mechanism_log(c->m), c->s->db, c->a, q->entry, &en, &ignored))
		json_put_some(c->a, m, "path_base64", json_get_str(en.content, "path_base64"));
}

static struct json *
acquisitions_json(struct ctx *c, const struct shown *x)
{
	struct json *list = json_new_list(c->a);

	for (size_t i = 0; i < x->n_acquisitions; i++) {
		const struct acquisition *q = &x->acquisitions[i];
		struct json *m = json_new_map(c->a);
		struct err ignored;
		struct json *consent = *q->consent ?
		    json_read(c->a, q->consent, strlen(q->consent), &ignored) :
		    NULL;

		json_put_str(c->a, m, "acquisition", q->id);
		json_put_int(c->a, m, "entry", (int64_t)q->entry);
		json_put_str(c->a, m, "time", moment(c->a, q->time));
		json_put_str(c->a, m, "actor", q->actor);
		put_path(c, m, q);
		json_put_some(c->a, m, "source", q->source);
		json_put_some(c->a, m, "via", q->via);
		json_put_some(c->a, m, "tool", q->tool);
		json_put_some(c->a, m, "note", q->note);
		json_put_some(c->a, m, "container", q->container);
		json_put_some(c->a, m, "compartment", q->compartment);
		if (consent)
			json_put(c->a, m, "consent", consent);
		json_put(c->a, m, "withdrawn", json_new_bool(c->a, q->withdrawn));
		json_add(c->a, list, m);
	}
	return list;
}

static struct json *
texts_json(struct ctx *c, const struct shown *x)
{
	struct json *list = json_new_list(c->a);

	for (size_t i = 0; i < x->n_texts; i++) {
		const struct text_row *t = &x->texts[i];
		struct json *m = json_new_map(c->a);

		json_put_str(c->a, m, "text", t->id);
		json_put_int(c->a, m, "entry", (int64_t)t->entry);
		json_put_str(c->a, m, "time", moment(c->a, t->time));
		json_put_str(c->a, m, "status", t->status);
		json_put_some(c->a, m, "why", t->why);
		json_put_some(c->a, m, "reason", t->reason);
		json_put_some(c->a, m, "language", t->language);
		json_put_some(c->a, m, "title", t->title);
		json_put_some(c->a, m, "program", t->program);
		if (strcmp(t->status, "ok") == 0) {
			json_put_str(c->a, m, "sha256", hex_of(c->a, &t->sha256));
			json_put_int(c->a, m, "bytes", (int64_t)t->bytes);
		}
		json_add(c->a, list, m);
	}
	return list;
}

static void
show_json(struct ctx *c, const struct shown *x)
{
	struct json *j = json_new_map(c->a), *entries = json_new_list(c->a);

	for (size_t i = 0; i < x->n_entries; i++)
		json_add(c->a, entries, json_new_int(c->a, (int64_t)x->entries[i]));
	json_put_str(c->a, j, "item", x->item.id);
	json_put_int(c->a, j, "number", (int64_t)x->item.number);
	json_put_str(c->a, j, "sha256", hex_of(c->a, &x->item.sha256));
	json_put_int(c->a, j, "bytes", (int64_t)x->item.bytes);
	json_put_str(c->a, j, "media_type", x->item.media_type);
	json_put_str(c->a, j, "language", x->item.language);
	json_put_str(c->a, j, "title", x->item.title);
	json_put(c->a, j, "held", json_new_bool(c->a, x->item.held));
	json_put(c->a, j, "embargo", json_new_bool(c->a, x->item.embargoed));
	json_put(c->a, j, "withdrawn", json_new_bool(c->a, x->item.withdrawn));
	if (strcmp(x->original, x->item.id) != 0)
		json_put_str(c->a, j, "copy_of", x->original);
	put_extraction(c, j, x);
	json_put(c->a, j, "acquisitions", acquisitions_json(c, x));
	json_put(c->a, j, "texts", texts_json(c, x));
	put_translations(c, j, x);
	json_put(c->a, j, "entries", entries);
	line_json(j);
}

static void
say_acquisition(const struct ctx *c, const struct acquisition *q)
{
	const struct {
		const char *what, *value;
	} fields[] = { { "source", q->source }, { "via", q->via }, { "tool", q->tool },
		{ "note", q->note }, { "consent", q->consent },
		{ "only for", q->compartment } };

	say("came as   %s\n          %s by %s, from %s (entry %llu)\n", q->id,
	    moment(c->a, q->time), single_line(c->a, q->actor), single_line(c->a, q->path),
	    (unsigned long long)q->entry);
	for (size_t i = 0; i < LEN(fields); i++)
		if (*fields[i].value)
			say("          %s: %s\n", fields[i].what,
			    single_line(c->a, fields[i].value));
	if (q->withdrawn)
		say("          consent was withdrawn or has run out: not to be used any"
		    " more\n");
}

static void
show_plain(struct ctx *c, const struct shown *x)
{
	const struct item *it = &x->item;

	say("item      %s\nnumber    %llu\ntitle     %s\nsha256    %s\nsize      %llu bytes\n"
	    "type      %s\nlanguage  %s\n",
	    it->id, (unsigned long long)it->number, single_line(c->a, it->title),
	    hex_of(c->a, &it->sha256), (unsigned long long)it->bytes, it->media_type,
	    it->language);
	if (it->held)
		say("held      it cannot be erased until it is released%s\n",
		    it->embargoed ? ", and nothing that rests on it leaves" : "");
	if (strcmp(x->original, it->id) != 0)
		say("copy of   %s\n", x->original);
	say_metadata(c, x);
	for (size_t i = 0; i < x->n_acquisitions; i++)
		say_acquisition(c, &x->acquisitions[i]);
	for (size_t i = 0; i < x->n_texts; i++) {
		const struct text_row *t = &x->texts[i];

		say("text      %s\n          %s%s%s, made by %s (entry %llu)\n", t->id,
		    t->status, *t->why ? ": " : "", single_line(c->a, t->why), t->program,
		    (unsigned long long)t->entry);
	}
	say_translations(c, x);
	say("entries  ");
	for (size_t i = 0; i < x->n_entries; i++)
		say(" %llu", (unsigned long long)x->entries[i]);
	say("\n");
}

bool
show_run(struct ctx *c, struct err *e)
{
	const char *name = c->args[0];
	struct shown x = { 0 };
	struct err no_item = { 0 };

	if (strncmp(name, "rec_", 4) == 0)
		return record_show(c, e);
	if (!item_look_up(c, name, &x, &no_item)) {
		if (no_item.kind == ERR_MISSING && c->s && record_show(c, e))
			return true;
		if (no_item.kind != ERR_MISSING || !c->s)
			*e = no_item;
		else if (e->kind == ERR_MISSING)
			return err_set(e, ERR_MISSING,
			    "neither an item nor a record is called \"%.120s\"", name);
		return false;
	}
	if (!item_opened(c, &x.item, true, e))
		return false;
	if (c->json)
		show_json(c, &x);
	else
		show_plain(c, &x);
	return true;
}

static bool
copy_out(struct ctx *c, const struct hash *sha256, struct err *e)
{
	AUTO(object) *o = vault_get(c->s->vault, sha256, e);
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (!o)
		return false;
	while (n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return false;
		if (fwrite(piece, 1, n, stdout) != n)
			return err_errno(e, "cannot write the output");
	}
	return true;
}

bool
cat_run(struct ctx *c, struct err *e)
{
	struct shown x = { 0 };

	if (c->json)
		return err_set(e, ERR_INVALID,
		    "cat gives an item's bytes as they are, which are no JSON: leave out --json");
	return item_look_up(c, c->args[0], &x, e) && item_usable(&x.item, e) &&
	    item_opened(c, &x.item, false, e) && copy_out(c, &x.item.sha256, e);
}

/* What is to be read: a text or a translation. */
struct readable {
	const char *id, *language;
	const struct hash *sha256;
	const struct text_row *row; /* NULL: it is a translation */
};

/* The text that was named, or the item's newest. */
static struct readable
wanted_text(const struct shown *x, const char *name)
{
	const struct translation *in =
	    translation_named(x->translations, x->n_translations, name);
	const struct text_row *best = NULL;

	if (in)
		return (struct readable){ in->id, in->language, &in->sha256, NULL };
	for (size_t i = 0; i < x->n_texts; i++) {
		const struct text_row *t = &x->texts[i];

		if (strcmp(t->status, "ok") != 0)
			continue;
		best = t;
		if (strncmp(name, "text_", 5) == 0 && strncmp(t->id, name, strlen(name)) == 0)
			break;
	}
	return best ? (struct readable){ best->id, best->language, &best->sha256, best } :
		      (struct readable){ 0 };
}

/* As the options ask for it. */
static bool
choose_text(struct ctx *c, const struct shown *x, struct readable *ret, struct err *e)
{
	const char *language = ctx_option(c, "translation");
	const struct translation *in;

	if (!language)
		language = ctx_option(c, "language");
	if (language) {
		in = translation_in(x->translations, x->n_translations, language);
		if (!in)
			return err_set(e, ERR_MISSING, "item %llu has no translation in %.40s",
			    (unsigned long long)x->item.number, language);
		*ret = (struct readable){ in->id, in->language, &in->sha256, NULL };
		return true;
	}
	*ret = wanted_text(x, c->args[0]);
	return ret->id || item_no_text(&x->item, x->texts, x->n_texts, e);
}

static bool
print_text(struct ctx *c, const struct shown *x, const struct readable *t, struct err *e)
{
	struct line l;
	const char *p;
	size_t n;

	if (t->row && ctx_option(c, "main") ?
		!main_text(c, t->row, &p, e) :
		!session_bytes(c->s, c->a, t->sha256, UINT32_MAX, &p, &n, e))
		return false;
	if (!c->json) {
		say("%s", p);
		return true;
	}
	l = line_start();
	line_str(&l, "item", x->item.id);
	line_str(&l, "text", t->id);
	line_str(&l, "language", t->language);
	line_str(&l, "content", p);
	line_end(&l);
	return true;
}

bool
text_run(struct ctx *c, struct err *e)
{
	struct shown x = { 0 };
	struct readable t = { 0 };

	if (!item_look_up(c, c->args[0], &x, e) || !item_usable(&x.item, e) ||
	    !choose_text(c, &x, &t, e) || !item_opened(c, &x.item, false, e))
		return false;
	if (ctx_option(c, "anchors"))
		return t.row ?
		    say_anchors(c, t.row, e) :
		    err_set(e, ERR_INVALID, "a translation has no anchors of its own");
	if (isatty(STDOUT_FILENO) || c->json || ctx_option(c, "main"))
		return print_text(c, &x, &t, e);
	return copy_out(c, t.sha256, e);
}
