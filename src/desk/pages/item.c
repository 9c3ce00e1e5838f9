/* An item: what it is, what it looks like, its texts, how it came, its custody; its bytes. */
#include <string.h>

#include "base/code.h"
#include "desk/pages/reading.h"
#include "record/graphic.h"

static void
add_acquisitions(
    struct request *r, const struct acquisition *from, size_t n, struct item_page *p)
{
	struct acquisition_row *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	struct link *parent = arena_alloc(r->a, sizeof *parent);

	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct acquisition_row){ from[i].path, from[i].actor,
			or_none(from[i].source), or_none(from[i].via), or_none(from[i].note),
			or_none(from[i].compartment), from[i].time, from[i].entry,
			from[i].withdrawn };
		if (*from[i].container && !p->n_parent) {
			*parent =
			    (struct link){ arena_printf(r->a, "/items/%s", from[i].container),
				    from[i].container };
			p->n_parent = 1;
		}
	}
	p->acquisitions = rows;
	p->n_acquisitions = n;
	p->parent = parent;
}

/* Who wrote to whom, and when: before all else, of what is a letter. */
static bool
is_header(const char *name)
{
	static const char *const names[] = { "from", "to", "cc", "bcc", "reply_to",
		"message_id", "in_reply_to" };

	for (size_t i = 0; i < LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
add_facts(struct request *r, const struct html *h, const struct json *m, struct item_page *p)
{
	size_t n = json_len(m);
	struct fact *facts = arena_alloc(r->a, (n + 1) * sizeof *facts),
		    *header = arena_alloc(r->a, (n + 1) * sizeof *header);

	for (size_t i = 0; i < n; i++) {
		const char *name = json_name_at(m, i), *value = json_words(r->a, json_at(m, i));
		struct fact f = { code_words(h, name), value };

		if (strcmp(name, "latitude") == 0)
			p->latitude = value;
		else if (strcmp(name, "longitude") == 0)
			p->longitude = value;
		else if (strcmp(name, "altitude") == 0)
			p->altitude = value;
		else if (is_header(name))
			header[p->n_header++] = f;
		else
			facts[p->n_facts++] = f;
	}
	p->header = header;
	p->facts = facts;
}

/* The picture; of a film its key frames; of a document its first page. */
static bool
add_pictures(struct request *r, const struct item *it, const struct json *m,
    struct item_page *p, struct err *e)
{
	enum { MOST = 12 };
	struct picture_place *all = arena_alloc(r->a, MOST * sizeof *all);
	const char *times =
	    picture_is_film(it->media_type) ? json_get_str(m, "key_frames") : "";
	bool film = picture_is_film(it->media_type);

	if (it->withdrawn || !(film || picture_has_pages(it->media_type)))
		return true;
	if (!picture_blurs(r, it, p->graphic, &p->blurs, e))
		return false;
	if (!*times)
		all[p->n_pictures++] = (struct picture_place){
			.page = film ? 0 : 1, .time = film ? "0" : NULL, .blurred = p->blurs
		};
	for (size_t n; *times && p->n_pictures < MOST; times += n + (times[n] == ' ')) {
		n = strcspn(times, " ");
		all[p->n_pictures++] =
		    (struct picture_place){ .time = arena_strn(r->a, times, n),
			    .blurred = p->blurs };
	}
	p->pictures = all;
	return true;
}

static void
add_texts(struct request *r, const struct text_row *t, size_t n, struct item_page *p)
{
	struct text_version *rows = arena_alloc(r->a, (n + 1) * sizeof *rows);

	for (size_t i = n; i > 0; i--) { /* the newest first */
		const struct text_row *from = &t[i - 1];
		bool words = strcmp(from->status, "ok") == 0;

		rows[p->n_texts++] = (struct text_version){ .id = from->id,
			.program = from->program,
			.language = from->language,
			.why = or_none(from->why),
			.status = from->status,
			.time = from->time,
			.bytes = from->bytes,
			.entry = from->entry,
			.newest = words && !p->has_text,
			.has_words = words };
		p->has_text = p->has_text || words;
	}
	p->texts = rows;
}

/* What the newest text's making told. */
static bool
add_told(struct request *r, const struct html *h, const struct item *it, struct item_page *p,
    struct err *e)
{
	struct viewer v = request_viewer(r);
	const struct json *m = NULL;
	struct translation *all;
	struct text_row *texts;
	struct err ignored;
	size_t n, n_translations;

	if (!record_texts(r->s->db, &v, r->a, it->number, &texts, &n, e) ||
	    !record_translations(r->s->db, &v, r->a, it->number, &all, &n_translations, e))
		return false;
	if (n) {
		const struct text_row *t = &texts[n - 1];

		m = json_read(r->a, t->metadata, strlen(t->metadata), &ignored);
		add_facts(r, h, m, p);
		p->program = t->program;
		p->why = or_none(t->why);
		p->text_language = or_none(t->language);
	}
	add_texts(r, texts, n, p);
	p->has_text = p->has_text && !it->withdrawn;
	p->translations = translation_rows(r, h, all, n_translations);
	p->n_translations = n_translations;
	return add_pictures(r, it, m, p, e);
}

static bool
add_entries(struct request *r, const struct item *it, struct item_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct entry_row *rows;
	uint64_t *indexes;
	size_t n;

	if (!record_entries(r->s->db, &v, r->a, it, &indexes, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		if (!entry_row_read(r, indexes[i], &rows[i], e))
			return false;
		rows[i].address = NULL; /* this page */
	}
	p->entries = rows;
	p->n_entries = n;
	return true;
}

static bool
add_children(struct request *r, const struct item *it, struct item_page *p, struct err *e)
{
	struct viewer v = request_viewer(r);
	struct child_row *rows;
	struct item *items;
	size_t n;

	if (!record_embedded(r->s->db, &v, r->a, it->number, &items, &n, e))
		return false;
	rows = arena_alloc(r->a, (n + 1) * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct child_row){ arena_printf(r->a, "/items/%s", items[i].id),
			items[i].title, items[i].media_type, items[i].bytes, false };
		if (!record_is_graphic(r->s->db, &v, items[i].number, &rows[i].graphic, e))
			return false;
	}
	p->children = rows;
	p->n_children = n;
	return true;
}

bool
item_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct item_page p = { 0 };
	struct acquisition *acquisitions;
	struct item it;
	size_t n;
	char *hash = arena_alloc(r->a, 2 * HASH_SIZE + 1);

	if (!record_find_item(r->s->db, &v, r->a, r->part[0], &it, e) ||
	    !record_acquisitions(r->s->db, &v, r->a, it.number, &acquisitions, &n, e) ||
	    !opens_item(r, &it, true, e) ||
	    !record_is_graphic(r->s->db, &v, it.number, &p.graphic, e) ||
	    !add_told(r, &h, &it, &p, e) || !add_entries(r, &it, &p, e) ||
	    !add_children(r, &it, &p, e))
		return false;
	hex_encode(it.sha256.b, HASH_SIZE, hash);
	p.id = it.id;
	p.media_type = it.media_type;
	p.sha256 = hash;
	p.bytes = it.bytes;
	p.number = it.number;
	p.held = it.held;
	p.claims = r->who.roles & CLAIMERS;
	p.withdrawn = it.withdrawn;
	p.marks = r->who.roles & CLAIMERS;
	p.keeps = route_is_open("/items/{id}/keeping", &r->who);
	add_acquisitions(r, acquisitions, n, &p);
	p.frame = page_frame(r, it.title, "");
	page_item(&h, &p);
	return true;
}
