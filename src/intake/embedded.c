/* What comes out of items: into the vault and in line, within bounds; and once more, when its container comes again. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "intake/texts_private.h"

/* Why it is not taken; NULL: it is. */
static const char *
beyond_bounds(const struct texts *t, unsigned depth, const struct root *r, uint64_t bytes)
{
	const struct mechanism *m = t->in->s->m;

	if (depth >= mechanism_setting(m, SETTING_EMBEDDED_DEPTH))
		return "files in it lie too deep within others, and were left in it";
	if (r->files >= mechanism_setting(m, SETTING_EMBEDDED_FILES))
		return "too many files came out of it: the rest was left in it";
	if (r->bytes + bytes > mechanism_setting(m, SETTING_EMBEDDED_MB) << 20)
		return "too much came out of it: the rest was left in it";
	return NULL;
}

/* The name of what was packed alone is its container's, without the ending. */
static char *
inside_of(const struct waiting *w, const char *path)
{
	const char *slash = strrchr(w->path, '/'), *name = slash ? slash + 1 : w->path, *dot;

	if (strcmp(path, EXTRACT_UNNAMED) != 0)
		return strdup(path);
	dot = strrchr(name, '.');
	return dot && dot > name ? strndup(name, (size_t)(dot - name)) : strdup(path);
}

static char *
joined(const char *one, const char *between, const char *other)
{
	AUTO_VAL(buf) b = buf_init(SIZE_MAX);

	buf_printf(&b, "%s%s%s", one, between, other);
	return strdup(buf_peek(&b));
}

static struct embedded *
new_embedded(struct texts *t, struct waiting *w, struct extracted *got)
{
	struct embedded *x = mem_zalloc(sizeof *x);
	struct file *f = &x->file;

	f->inside = inside_of(w, got->path);
	f->container = strdup(w->item.s);
	f->path = joined(w->path, "/", f->inside);
	f->note = got->why ? joined("not whole", ": ", got->why) : NULL;
	f->root = root_use(w->root);
	f->depth = w->depth + 1;
	f->bytes = got->file;
	f->act = (struct act_acquisition){
		.actor = t->in->o->actor,
		.note = f->note,
		.path = f->inside,
		.source = w->root->source,
		.via = w->root->via,
		.tool = "vigil " VIGIL_VERSION,
		.container = f->container,
		.compartment = w->root->compartment,
		.media_type = extract_media_type(buf_peek(&f->bytes), f->bytes.n),
		.consent = w->root->consent,
		.vault = t->in->s->vault,
	};
	return x;
}

/* Where an item is extracted anew: did this file not come out of it before? */
static bool
is_new(struct texts *t, const struct waiting *w, const struct file *f, bool *ret, struct err *e)
{
	int64_t n = 0;

	if (w->root->again &&
	    !db_get_one(t->in->s->db, &n, e,
		"SELECT count(*) FROM acquisition q JOIN item i ON i.number = q.item"
		" WHERE q.container = $1 AND q.path = $2 AND i.sha256 = $3",
		db_int((int64_t)w->act.number), db_text(f->inside),
		db_blob(f->act.put.sha256.b, HASH_SIZE)))
		return false;
	*ret = n == 0;
	return true;
}

enum {
	COPIES_MAX = 100
}; /* of one file in one container: each costs an entry, and more the more there are */

static struct copy *
copy_at(const struct copies *c, const struct hash *h)
{
	size_t i = h->b[0] | (size_t)h->b[1] << 8 | (size_t)h->b[2] << 16;

	for (i &= c->size - 1; c->at[i].n && !digest_equal(&c->at[i].of, h);)
		i = (i + 1) & (c->size - 1);
	return &c->at[i];
}

/* Counts one more. */
static unsigned
copies_of(struct copies *c, const struct hash *h)
{
	struct copy *found;

	if (2 * c->n >= c->size) {
		struct copies more = { .n = c->n, .size = c->size ? 2 * c->size : 64 };

		more.at = mem_zalloc(more.size * sizeof *more.at);
		for (size_t i = 0; i < c->size; i++)
			if (c->at[i].n)
				*copy_at(&more, &c->at[i].of) = c->at[i];
		free(c->at);
		*c = more;
	}
	found = copy_at(c, h);
	c->n += found->n == 0;
	found->of = *h;
	return ++found->n;
}

static void
in_line(struct texts *t, struct embedded *x)
{
	x->place = ++t->n_places;
	*t->last = x;
	t->last = &x->next;
}

/* It goes into the vault at once, so that however many come, memory is bounded. */
void
embedded_take(struct texts *t, struct waiting *w, struct extracted *got)
{
	const char *why = beyond_bounds(t, w->depth, w->root, got->file.n);
	struct embedded *x;
	struct file *f;
	bool fresh = true;

	if (why) {
		w->note = why;
		buf_done(&got->file);
		return;
	}
	x = new_embedded(t, w, got);
	f = &x->file;
	w->root->files++;
	w->root->bytes += f->bytes.n;
	f->failed = !vault_put_bytes(t->in->s->vault, buf_peek(&f->bytes), f->bytes.n,
			&f->act.put, &f->err) ||
	    !is_new(t, w, f, &fresh, &f->err);
	if (!f->failed && copies_of(&w->copies, &f->act.put.sha256) > COPIES_MAX) {
		w->note =
		    "it holds a file more than 100 times: the rest of these was left in it";
		fresh = false;
	}
	if (!f->failed && !fresh) {
		embedded_free(x);
		return;
	}
	if (t->held + f->bytes.n > EMBEDDED_HELD)
		buf_done(&f->bytes); /* is read from the vault when its turn comes */
	t->held += f->bytes.n;
	in_line(t, x);
	w->last_place = x->place;
}

struct embedded *
texts_embedded(struct texts *t)
{
	struct embedded *x = t->first;

	if (!x)
		return NULL;
	t->first = x->next;
	if (!t->first)
		t->last = &t->first;
	t->held -= x->file.bytes.n;
	t->placed = x->place;
	texts_release(t);
	return x;
}

bool
texts_embedded_wait(const struct texts *t)
{
	return t->first;
}

/* ---- what came out before ---- */

/* Is there something that came out, and is none of it to be used any more? */
static bool
all_withdrawn(struct texts *t, const struct file *f, bool *ret, struct err *e)
{
	int64_t all = 0, usable = 0;

	if (!db_get_one(t->in->s->db, &all, e,
		"SELECT count(*) FROM acquisition WHERE container = $1",
		db_int((int64_t)f->act.number)) ||
	    !db_get_one(t->in->s->db, &usable, e,
		"SELECT count(*) FROM acquisition WHERE container = $1 AND withdrawn = $2"
		" AND consent_until > $3",
		db_int((int64_t)f->act.number), db_int(RECORD_OPEN), db_int(clock_now())))
		return false;
	*ret = all && !usable;
	return true;
}

static struct embedded *
came_before(struct texts *t, const struct file *of, struct stmt *q)
{
	struct embedded *x = mem_zalloc(sizeof *x);
	struct file *f = &x->file;
	size_t n;
	const void *p = db_get_blob(q, 0, &n);

	f->inside = strdup(db_get_text(q, 3));
	f->container = strdup(of->act.item.s);
	f->path = joined(of->path, "/", f->inside);
	f->root = root_use(of->root);
	f->depth = of->depth + 1;
	f->act = (struct act_acquisition){
		.actor = t->in->o->actor,
		.path = f->inside,
		.source = of->root->source,
		.via = of->root->via,
		.tool = "vigil " VIGIL_VERSION,
		.container = f->container,
		.compartment = of->root->compartment,
		.media_type = arena_str(of->root->a, db_get_text(q, 2)),
		.consent = of->root->consent,
		.vault = t->in->s->vault,
	};
	f->act.put.bytes = (uint64_t)db_get_int(q, 1);
	f->act.put.known = true;
	if (n == HASH_SIZE)
		memcpy(f->act.put.sha256.b, p, n);
	return x;
}

bool
embedded_again(struct texts *t, const struct file *f, struct err *e)
{
	bool wanted = f->root->consent != NULL;
	struct stmt *q;

	if (!wanted && !all_withdrawn(t, f, &wanted, e))
		return false;
	if (!wanted)
		return true;
	q = db_query(t->in->s->db, e,
	    "SELECT i.sha256, i.bytes, i.media_type, q.path, min(q.entry) FROM acquisition q"
	    " JOIN item i ON i.number = q.item WHERE q.container = $1 AND" ACQUISITION_SEEN(
		"q.", "$2", "$3") "GROUP BY i.sha256, i.bytes, i.media_type, q.path"
				  " ORDER BY min(q.entry)",
	    db_int((int64_t)f->act.number), db_text(t->in->o->actor), db_int(RECORD_OPEN));
	while (db_next(q)) {
		struct embedded *x;

		if (beyond_bounds(t, f->depth, f->root, (uint64_t)db_get_int(q, 1)))
			continue;
		x = came_before(t, f, q);
		f->root->files++;
		f->root->bytes += x->file.act.put.bytes;
		in_line(t, x);
	}
	return db_end(q, e);
}
