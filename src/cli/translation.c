/* vigil translation: texts in other languages, aligned to those of an item. */
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "cli/item.h"
#include "text/text.h"

enum { FILE_MAX = 64 << 20 };

/* ---- as they are shown ---- */

static struct json *
translation_json(struct ctx *c, const struct translation *t)
{
	struct json *m = json_new_map(c->a);
	char *moment = arena_alloc(c->a, MOMENT_MAX);

	clock_moment(t->time, moment);
	json_put_str(c->a, m, "text", t->id);
	json_put_int(c->a, m, "entry", (int64_t)t->entry);
	json_put_str(c->a, m, "time", moment);
	json_put_str(c->a, m, "language", t->language);
	json_put_str(c->a, m, "translator", t->translator);
	json_put_str(c->a, m, "status", t->status);
	json_put_some(c->a, m, "reviser", t->reviser);
	json_put_some(c->a, m, "original", t->original);
	json_put_str(c->a, m, "aligned", t->aligned);
	json_put_str(c->a, m, "sha256", hex_of(c->a, &t->sha256));
	json_put_int(c->a, m, "bytes", (int64_t)t->bytes);
	return m;
}

void
put_translations(struct ctx *c, struct json *j, const struct shown *x)
{
	struct json *list = json_new_list(c->a);

	for (size_t i = 0; i < x->n_translations; i++)
		json_add(c->a, list, translation_json(c, &x->translations[i]));
	json_put(c->a, j, "translations", list);
}

static void
say_translation(struct ctx *c, const struct translation *t)
{
	say("          %s, %s, by %s%s%s\n", t->language, t->status,
	    single_line(c->a, t->translator), *t->reviser ? ", reviser " : "",
	    single_line(c->a, t->reviser));
	say("          of %s, aligned: %s (entry %llu)\n",
	    *t->original ? t->original : "a text that is gone", t->aligned,
	    (unsigned long long)t->entry);
}

void
say_translations(struct ctx *c, const struct shown *x)
{
	for (size_t i = 0; i < x->n_translations; i++) {
		say("in        %s\n", x->translations[i].id);
		say_translation(c, &x->translations[i]);
	}
}

/* ---- add ---- */

static const struct text_row *
text_to_translate(const struct shown *x, const char *of)
{
	const struct text_row *newest = NULL;

	for (size_t i = 0; i < x->n_texts; i++) {
		if (strcmp(x->texts[i].status, "ok") != 0)
			continue;
		newest = &x->texts[i];
		if (of && strcmp(newest->id, of) == 0)
			return newest;
	}
	return of ? NULL : newest;
}

/* As UTF-8 in NFC with LF, whatever encoding it came in. */
static bool
read_file(struct ctx *c, const char *path, struct buf *io, struct err *e)
{
	AUTO_VAL(buf) raw = buf_init(FILE_MAX);
	struct text_encoding enc;
	bool same;

	(void)c;
	if (strcmp(path, "-") == 0 ? !io_read_all(0, &raw, "cannot read the input", e) :
				     !io_read_file(path, &raw, e))
		return false;
	enc = text_detect(buf_peek(&raw), raw.n, NULL);
	if (!text_decode(buf_peek(&raw), raw.n, &enc, io, &same, e))
		return false;
	if (same)
		buf_add(io, (const uint8_t *)buf_peek(&raw) + enc.skip, raw.n - enc.skip);
	if (!buf_peek(io)[strspn(buf_peek(io), " \t\r\n")])
		return err_set(e, ERR_INVALID, "%.150s has no words", path);
	return text_valid(buf_peek(io), io->n) ||
	    err_set(
		e, ERR_INVALID, "%.150s is no text: give the translation as plain text", path);
}

/* What people write after --language: the shape of a tag. */
static bool
check_language(const char *s, struct err *e)
{
	size_t n = s ?
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") :
	    0;

	return (n >= 2 && n <= 35 && !s[n] && s[0] != '-') ||
	    err_set(e, ERR_INVALID, "--language takes a language tag, such as fr or pt-BR%s",
		s ? "" : ": it must be told");
}

static bool
append(struct ctx *c, struct act_translation *io, struct err *e)
{
	struct draft d;
	bool ok;

	act_translate(&d, io);
	ok = vault_sync(c->s->vault, e) && log_append(mechanism_log(c->m), &d, 1, true, e);
	if (ok)
		vault_done(c->s->vault);
	else
		vault_drop(c->s->vault);
	return ok;
}

/* Both objects, and what aligns them, into the vault. */
static bool
put_all(struct ctx *c, const struct text_row *of, const struct buf *text,
    struct act_translation *io, struct err *e)
{
	AUTO_VAL(buf) lines = buf_init(FILE_MAX);
	struct alignment r;
	const char *original;
	size_t n;

	if (!session_bytes(c->s, c->a, &of->sha256, UINT32_MAX, &original, &n, e))
		return false;
	r = align_texts(c->a, original, n, buf_peek(text), text->n);
	io->how = r.how;
	alignment_write(&lines, c->a, &r);
	return buf_ok(&lines, "the alignment", e) &&
	    vault_put_bytes(c->s->vault, buf_peek(text), text->n, &io->put, e) &&
	    vault_put_bytes(c->s->vault, buf_peek(&lines), lines.n, &io->alignment, e);
}

static bool
add(struct ctx *c, struct err *e)
{
	const char *by = ctx_option(c, "by"), *status = ctx_option(c, "status");
	struct act_translation io = { .actor = c->actor,
		.language = ctx_option(c, "language"),
		.translator = by,
		.reviser = ctx_option(c, "reviser"),
		.status = DRAFT };
	AUTO_VAL(buf) text = buf_init(FILE_MAX);
	const struct text_row *of;
	struct shown x = { 0 };

	if (c->n_args != 3)
		return err_set(e, ERR_INVALID,
		    "usage: vigil translation add ID FILE --language L --by P [--status S]");
	if (!by || !*by || strlen(by) > 500)
		return err_set(
		    e, ERR_INVALID, "--by says who, or which program, translated it");
	if (!check_language(io.language, e) ||
	    (status && !translation_status_read(status, &io.status, e)) ||
	    !item_look_up(c, c->args[1], &x, e) || !item_usable(&x.item, e) ||
	    !read_file(c, c->args[2], &text, e))
		return false;
	of = text_to_translate(&x, ctx_option(c, "of"));
	if (!of)
		return err_set(e, ERR_MISSING,
		    ctx_option(c, "of") ? "item %llu has no such text with words" :
					  "item %llu has no text that could be translated",
		    (unsigned long long)x.item.number);
	io.item = x.item.id;
	io.original = of->id;
	io.vault = c->s->vault;
	if (!put_all(c, of, &text, &io, e) || !append(c, &io, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io.item);
		line_str(&l, "text", io.text.s);
		line_str(&l, "original", io.original);
		line_str(&l, "status", translation_status_names[io.status]);
		line_str(&l, "aligned", align_names[io.how]);
		line_end(&l);
	} else {
		say("%s  translates %s of item %llu, aligned: %s\n", io.text.s, io.original,
		    (unsigned long long)x.item.number, align_names[io.how]);
	}
	return true;
}

/* ---- status, list ---- */

static bool
move_status(struct ctx *c, struct err *e)
{
	struct act_translation_status io = { .actor = c->actor,
		.reviser = ctx_option(c, "reviser"),
		.reason = ctx_option(c, "reason") };
	const struct translation *t;
	struct shown x = { 0 };
	struct draft d;

	if (c->n_args != 3)
		return err_set(
		    e, ERR_INVALID, "usage: vigil translation status TEXT revised --reviser R");
	if (!translation_status_read(c->args[2], &io.status, e) ||
	    !item_look_up(c, c->args[1], &x, e))
		return false;
	t = translation_named(x.translations, x.n_translations, c->args[1]);
	if (!t && x.n_translations == 1 && strncmp(c->args[1], "text_", 5) != 0)
		t = x.translations;
	if (!t)
		return err_set(e, ERR_INVALID,
		    "name the translation by its text's id: vigil translation list %s",
		    x.item.id);
	io.text = t->id;
	act_translation_status(&d, &io);
	if (!log_append(mechanism_log(c->m), &d, 1, true, e))
		return false;
	if (c->json) {
		struct line l = line_start();

		line_str(&l, "item", io.item.s);
		line_str(&l, "text", io.text);
		line_str(&l, "status", translation_status_names[io.status]);
		line_str(&l, "reviser", io.reviser);
		line_int(&l, "entry", d.index);
		line_end(&l);
	} else {
		say("%s is %s (entry %llu)\n", io.text, translation_status_names[io.status],
		    (unsigned long long)d.index);
	}
	return true;
}

static void
list_one(struct ctx *c, const struct shown *x)
{
	for (size_t i = 0; i < x->n_translations; i++) {
		const struct translation *t = &x->translations[i];

		if (c->json) {
			struct json *m = translation_json(c, t);

			json_put_str(c->a, m, "item", x->item.id);
			line_json(m);
			continue;
		}
		say("%s  of item %llu\n", t->id, (unsigned long long)x->item.number);
		say_translation(c, t);
	}
}

static bool
list_all(struct ctx *c, struct err *e)
{
	enum { PAGE = 500 };
	struct viewer v;
	uint64_t after = 0;
	size_t n = PAGE;

	if (!ctx_open(c, e) || !ctx_viewer_at(c, &v, e))
		return false;
	while (n == PAGE) {
		struct item *items;

		if (!record_items(c->s->db, &v, c->a, after, PAGE, &items, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			struct shown x = { .item = items[i] };

			after = items[i].number;
			if (!record_translations(c->s->db, &v, c->a, after, &x.translations,
				&x.n_translations, e))
				return false;
			list_one(c, &x);
		}
	}
	return true;
}

static bool
list(struct ctx *c, struct err *e)
{
	struct shown x = { 0 };

	if (c->n_args == 1)
		return list_all(c, e);
	if (c->n_args > 2)
		return err_set(e, ERR_INVALID, "usage: vigil translation list [ID]");
	if (!item_look_up(c, c->args[1], &x, e))
		return false;
	list_one(c, &x);
	if (!c->json && !x.n_translations)
		say("item %llu has no translation\n", (unsigned long long)x.item.number);
	return true;
}

bool
translation_run(struct ctx *c, struct err *e)
{
	static const struct {
		const char *name;
		bool (*run)(struct ctx *c, struct err *e);
	} words[] = { { "add", add }, { "status", move_status }, { "list", list } };

	for (size_t i = 0; i < LEN(words); i++)
		if (strcmp(words[i].name, c->args[0]) == 0)
			return words[i].run(c, e);
	return err_set(e, ERR_INVALID, "usage: vigil translation add | status | list");
}
