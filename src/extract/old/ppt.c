/* Presentations of PowerPoint 97 to 2003 ([MS-PPT]): slides in their order, each with its text as it lies on it, its comments and
 * its notes; then what stands on the masters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/old/binary_private.h"
#include "extract/office/prose_private.h"

enum {
	NEST = 32,
	PERSIST_MAX = 1 << 20,
	EDITS_MAX = 4096,
	SLIDES_MAX = 65536,
};

enum record_type {
	DOCUMENT = 0x3e8,
	SLIDE = 0x3ee,
	SLIDE_ATOM = 0x3ef,
	NOTES = 0x3f0,
	PLACE = 0x3f3, /* SlidePersistAtom */
	MASTER = 0x3f8,
	PLACEHOLDER = 0xbc3,
	DRAWING = 0x40c,
	HEADER = 0xf9f,  /* TextHeaderAtom: a text begins */
	OUTLINE = 0xf9e, /* OutlineTextRefAtom: the text stands in the list of slides */
	CHARS = 0xfa0,
	BYTES = 0xfa8,
	STRING = 0xfba,
	LIST = 0xff0, /* SlideListWithText */
	EDIT = 0xff5,
	OBJECT = 0x1011, /* ExOleObjStg */
	DIRECTORY = 0x1772,
	FOOTERS = 0xfd9,
	FOOTERS_ATOM = 0xfda,
	TAG = 0x138b, /* BinaryTagData: it holds records, too */
	COMMENT = 0x2ee0,
	SHAPE = 0xf004,
	TEXT_BOX = 0xf00d,
	SHAPE_DATA = 0xf011,
};

struct atom {
	unsigned type, instance;
	bool container;
	struct bytes body;
};

struct slide {
	uint32_t place, id; /* in the stream; OLE_NONE: not known */
	size_t texts, n;    /* in ppt.texts, as struct bytes of atoms with their heads */
};

struct ppt {
	struct ole *ole;
	struct bytes stream;
	struct buf persist;                /* uint32_t: places by number, 0 is none */
	struct buf slides, notes, masters; /* of struct slide */
	bool in_master;
	struct bytes footers; /* of all slides that have none of their own */
	struct buf texts;     /* of struct bytes */
	struct prose prose;
	uint64_t left; /* bytes that may still be told: slides can lie in each other */
};

static bool
atom_next(struct bytes *b, struct atom *ret)
{
	uint16_t version = u16_at(*b, 0);

	if (b->n < 8)
		return false;
	*ret = (struct atom){ .type = u16_at(*b, 2),
		.instance = version >> 4,
		.container = (version & 15) == 15,
		.body = bytes_at(*b, 8, u32_at(*b, 4)) };
	*b = bytes_from(*b, 8 + (uint64_t)ret->body.n);
	return true;
}

/* The one at that place of the stream, if it is of that type. */
static bool
atom_at(const struct ppt *p, uint64_t place, unsigned type, struct atom *ret)
{
	struct bytes b = bytes_from(p->stream, place);

	return atom_next(&b, ret) && ret->type == type;
}

/* A directory: runs of numbers and their places. Newer ones come first, and count. */
static void
read_directory(struct ppt *p, uint64_t place)
{
	struct atom a;
	uint32_t *persist = (uint32_t *)(void *)p->persist.p;
	size_t at = 0;

	if (!atom_at(p, place, DIRECTORY, &a) || a.body.n > p->left)
		return;
	p->left -= a.body.n;
	while (at + 4 <= a.body.n) {
		uint32_t head = u32_at(a.body, at), id = head & 0xfffff, n = head >> 20;

		for (at += 4; n && at + 4 <= a.body.n; n--, at += 4, id++)
			if (id < PERSIST_MAX && !persist[id])
				persist[id] = u32_at(a.body, at);
	}
}

/* Follows edits from the last to the first. Returns the number of the document. */
static uint32_t
read_edits(struct ppt *p, uint32_t place)
{
	struct atom a;
	uint32_t document = 0;

	for (unsigned i = 0; i < EDITS_MAX && place && atom_at(p, place, EDIT, &a); i++) {
		uint32_t before = u32_at(a.body, 8);

		read_directory(p, u32_at(a.body, 12));
		document = document ? document : u32_at(a.body, 16);
		if (before >= place) /* edits before lie before */
			break;
		place = before;
	}
	return document;
}

static uint32_t
persist_get(const struct ppt *p, uint32_t id)
{
	return id && id < PERSIST_MAX ? u32_at(bytes_of(&p->persist), 4 * (uint64_t)id) : 0;
}

/* A list of slides, or of notes; texts stand behind the slide that they are of. */
static void
read_list(struct ppt *p, struct bytes b, struct buf *ret)
{
	struct atom a;
	struct bytes whole = b;

	for (; atom_next(&b, &a); whole = b) {
		if (a.type == PLACE) {
			uint32_t place = persist_get(p, u32_at(a.body, 0));
			struct slide s = { place ? place : OLE_NONE, u32_at(a.body, 12),
				p->texts.n / sizeof(struct bytes), 0 };

			buf_add(ret, &s, sizeof s);
		} else if (ret->n && (a.type == HEADER || a.type == CHARS || a.type == BYTES)) {
			struct bytes text = bytes_at(whole, 0, 8 + (uint64_t)a.body.n);

			buf_add(&p->texts, &text, sizeof text);
			((struct slide *)(void *)(ret->p + ret->n))[-1].n++;
		}
	}
}

static void
read_document(struct ppt *p, struct bytes b)
{
	enum { SLIDES = 0, MASTERS = 1, OF_NOTES = 2, OF_SLIDES = 3 };
	struct atom a;

	while (atom_next(&b, &a)) {
		if (a.type == LIST && a.instance == SLIDES)
			read_list(p, a.body, &p->slides);
		if (a.type == LIST && a.instance == OF_NOTES)
			read_list(p, a.body, &p->notes);
		if (a.type == LIST && a.instance == MASTERS)
			read_list(p, a.body, &p->masters);
		if (a.type == FOOTERS && a.instance == OF_SLIDES)
			p->footers = a.body;
	}
}

static void
tell_text(struct ppt *p, const struct atom *a)
{
	AUTO_VAL(buf) text = buf_init(4 * a->body.n + 4);
	const char *at, *end;

	p->left -= MIN(p->left, (uint64_t)a->body.n);
	if (a->type == BYTES)
		for (size_t i = 0; i < a->body.n; i++)
			utf16_unit_add(a->body.p[i], &text);
	else
		utf16_add(a->body, &text);
	at = buf_peek(&text);
	for (end = at + text.n; at < end;) {
		size_t n = 0;

		while (at + n < end && (uint8_t)at[n] >= ' ')
			n++;
		prose_text(&p->prose, at, n);
		at += n;
		if (at == end)
			break;
		if (*at == '\r' || *at == '\n')
			prose_paragraph_end(&p->prose);
		else if (*at == 0x0b || *at == '\t')
			prose_str(&p->prose, *at == '\t' ? "\t" : "\n");
		at++;
	}
	prose_paragraph_end(&p->prose);
}

/* The text of that number of a slide's: from its header to the next. */
static void
tell_outline(struct ppt *p, const struct slide *s, uint32_t number)
{
	const struct bytes *t = (const struct bytes *)(const void *)p->texts.p;
	uint32_t seen = 0;
	struct atom a;

	if (s)
		p->left -= MIN(p->left, (uint64_t)s->n);
	for (size_t i = 0; s && p->left && i < s->n && s->texts + i < p->texts.n / sizeof *t;
	     i++) {
		struct bytes b = t[s->texts + i];

		if (!atom_next(&b, &a))
			continue;
		seen += a.type == HEADER;
		if (a.type != HEADER && seen == number + 1)
			tell_text(p, &a);
	}
}

/* Author, text, initials. */
static void
tell_comment(struct ppt *p, struct bytes b)
{
	enum { AUTHOR = 0, TEXT = 1 };
	AUTO_VAL(buf) author = buf_init(512);
	struct atom a;

	while (atom_next(&b, &a)) {
		if (a.type == STRING && a.instance == AUTHOR && !author.n) {
			utf16_add(bytes_at(a.body, 0, 200), &author);
			buf_byte(&author, ':');
			prose_label(&p->prose, buf_peek(&author));
		} else if (a.type == STRING && a.instance == TEXT) {
			tell_text(p, &a);
		}
	}
}

/* Footer and date, if they are shown. */
static void
tell_footers(struct ppt *p, struct bytes b)
{
	enum { DATE = 0, FOOTER = 2, SHOWS_DATE = 4, SHOWS_FOOTER = 32 };
	unsigned shows = 0;
	struct atom a;

	while (atom_next(&b, &a)) {
		if (a.type == FOOTERS_ATOM)
			shows = u16_at(a.body, 2);
		if (a.type == STRING &&
		    ((a.instance == DATE && shows & SHOWS_DATE) ||
			(a.instance == FOOTER && shows & SHOWS_FOOTER)))
			tell_text(p, &a);
	}
}

/* Of a master, a shape that only says where and how slides write something. */
static bool
is_placeholder(struct bytes shape)
{
	struct atom a, of;

	while (atom_next(&shape, &a))
		while (a.type == SHAPE_DATA && atom_next(&a.body, &of))
			if (of.type == PLACEHOLDER)
				return true;
	return false;
}

/* What lies on a slide, in its order. Containers that hold no text are passed over. */
static void
tell_records(struct ppt *p, struct bytes b, const struct slide *s, unsigned depth)
{
	struct atom a;

	while (p->left && atom_next(&b, &a)) {
		p->left -= MIN(p->left, UINT64_C(8));
		if (p->in_master && a.type == SHAPE && is_placeholder(a.body))
			continue;
		if (a.type == CHARS || a.type == BYTES) {
			tell_text(p, &a);
		} else if (a.type == OUTLINE) {
			tell_outline(p, s, u32_at(a.body, 0));
		} else if (a.type == COMMENT) {
			tell_comment(p, a.body);
		} else if (a.type == FOOTERS) {
			tell_footers(p, a.body);
		} else if ((a.container || a.type == TEXT_BOX || a.type == TAG) &&
		    depth < NEST) {
			tell_records(p, a.body, s, depth + 1);
		}
	}
}

static int
by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct slide *)a)->id, y = ((const struct slide *)b)->id;

	return (x > y) - (x < y);
}

static void
tell_notes(struct ppt *p, struct bytes slide)
{
	struct atom a, notes;
	struct slide key = { 0 }, *found = NULL;

	while (!key.id && p->left && atom_next(&slide, &a)) {
		p->left -= MIN(p->left, UINT64_C(8));
		if (a.type == SLIDE_ATOM)
			key.id = u32_at(a.body, 16);
	}
	if (key.id && p->notes.n)
		found = bsearch(&key, p->notes.p, p->notes.n / sizeof key, sizeof key, by_id);
	if (!found || found->place == OLE_NONE || !atom_at(p, found->place, NOTES, &notes))
		return;
	prose_apart(&p->prose);
	tell_records(p, notes.body, found, 0);
}

static void
tell_slide(struct ppt *p, const struct slide *s, unsigned number)
{
	struct atom a;
	bool there = s->place != OLE_NONE && atom_at(p, s->place, SLIDE, &a);

	prose_apart(&p->prose);
	p->prose.since = PROSE_NOWHERE;
	p->prose.slide = number;
	if (there) {
		tell_records(p, a.body, s, 0);
		tell_notes(p, a.body);
	} else {
		ole_note(p->ole, "it is damaged: slide %u was not found", number);
		for (uint32_t i = 0; i < s->n; i++)
			tell_outline(p, s, i);
	}
	prose_slide(&p->prose);
}

/* What stands on a master, and a footer of all slides, is shown on each; it comes once. */
static void
tell_masters(struct ppt *p)
{
	const struct slide *s = (const struct slide *)(const void *)p->masters.p;
	struct atom a;

	p->prose.slide = 0;
	p->in_master = true;
	for (size_t i = 0, n = p->masters.n / sizeof *s; i < n; i++) {
		char part[24];

		if (s[i].place == OLE_NONE ||
		    (!atom_at(p, s[i].place, MASTER, &a) && !atom_at(p, s[i].place, SLIDE, &a)))
			continue;
		snprintf(part, sizeof part, "master %u", (unsigned)i + 1);
		p->prose.part = part;
		prose_apart(&p->prose);
		tell_records(p, a.body, &s[i], 0);
		prose_reset(&p->prose);
	}
	p->prose.part = "footers";
	prose_apart(&p->prose);
	tell_footers(p, p->footers);
	prose_reset(&p->prose);
	p->prose.part = NULL;
	p->in_master = false;
}

/* Without a directory, slides are told as they lie in the stream. */
static void
find_slides(struct ppt *p)
{
	struct bytes b = p->stream;
	struct atom a;

	for (uint32_t at = 0; atom_next(&b, &a); at = (uint32_t)(p->stream.n - b.n)) {
		struct slide s = { at, 0, 0, 0 };

		if (a.type == SLIDE)
			buf_add(&p->slides, &s, sizeof s);
	}
	ole_note(p->ole, "it is damaged: its slides are told in the order in which they lie");
}

static void
tell_all(struct ppt *p)
{
	const struct slide *s;
	size_t n;

	if (!p->slides.n)
		find_slides(p);
	if (p->notes.n)
		qsort(p->notes.p, p->notes.n / sizeof *s, sizeof *s, by_id);
	s = (const struct slide *)(const void *)p->slides.p;
	n = p->slides.n / sizeof *s;
	for (size_t i = 0; i < n; i++)
		tell_slide(p, &s[i], (unsigned)i + 1);
	tell_masters(p);
	if (!p->left)
		ole_note(p->ole, "it is damaged: slides lie in each other");
}

/* Objects are records of their own, most of them packed. */
static void
embedded(struct ppt *p, struct output *o)
{
	struct embedded x = { .ole = p->ole, .o = o };
	AUTO_VAL(buf) pictures = buf_init(p->ole->file.n);
	struct bytes b = p->stream;
	struct atom a;

	if (ole_stream(p->ole, 0, "Pictures", &pictures))
		embedded_art(&x, bytes_of(&pictures), (struct bytes){ 0 });
	while (atom_next(&b, &a)) {
		AUTO_VAL(buf) out = buf_init((size_t)MIN(p->ole->left, o->text_max));

		if (a.type != OBJECT)
			continue;
		if (!a.instance) {
			embedded_object(&x, a.body, "object");
			continue;
		}
		/* Many lack the last bytes of their packing: what counts is how long they say to be. */
		if (!inflate_zlib(bytes_from(a.body, 4), &out) && out.n < u32_at(a.body, 0))
			ole_note(p->ole, "it is damaged: an object in it cannot be unpacked");
		p->ole->left -= MIN(p->ole->left, (uint64_t)out.n);
		if (out.n)
			embedded_object(&x, bytes_of(&out), "object");
	}
}

static bool
read_all(struct ppt *p, struct document *d, struct err *e)
{
	enum { ENCRYPTED = 0xf3d1c4df };
	AUTO_VAL(buf) user = buf_init(1 << 16);
	struct atom a;
	uint32_t document;

	(void)ole_stream(p->ole, 0, "Current User", &user);
	if (u32_at(bytes_of(&user), 12) == ENCRYPTED ||
	    ole_find(p->ole, 0, "EncryptedSummary") != OLE_NONE)
		return binary_encrypted(d, e);
	document = persist_get(p, read_edits(p, u32_at(bytes_of(&user), 16)));
	if (document && atom_at(p, document, DOCUMENT, &a))
		read_document(p, a.body);
	else if (atom_at(p, 0, DOCUMENT, &a))
		read_document(p, a.body);
	p->prose = prose_init(d);
	tell_all(p);
	prose_done(&p->prose);
	return document_end(d, e);
}

bool
ppt_extract(struct ole *o, struct document *d, struct err *e)
{
	AUTO_VAL(buf) stream = buf_init(o->file.n);
	struct ppt p = { .ole = o,
		.persist = buf_init(PERSIST_MAX * sizeof(uint32_t)),
		.slides = buf_init(SLIDES_MAX * sizeof(struct slide)),
		.notes = buf_init(SLIDES_MAX * sizeof(struct slide)),
		.masters = buf_init(SLIDES_MAX * sizeof(struct slide)),
		.texts = buf_init(SLIDES_MAX * 8 * sizeof(struct bytes)) };
	bool ok;

	(void)ole_stream(o, 0, "PowerPoint Document", &stream);
	p.stream = bytes_of(&stream);
	p.left = 8 * (uint64_t)stream.n + 4096;
	memset(buf_space(&p.persist, PERSIST_MAX * sizeof(uint32_t)), 0,
	    PERSIST_MAX * sizeof(uint32_t));
	ok = read_all(&p, d, e);
	if (ok)
		embedded(&p, d->o);
	buf_done(&p.persist);
	buf_done(&p.slides);
	buf_done(&p.notes);
	buf_done(&p.masters);
	buf_done(&p.texts);
	return ok;
}
