/* What a picture says: which engines are tried, which reading is kept, and where its lines stand. */
#include "extract/picture/ocr_private.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "text/text.h"

enum {
	GOOD = 85, /* percent: a reading that needs no other one beside it */
	LOOK_SIDE =
	    2000, /* pixels: enough to tell whether there is text, and of which script */
};

/* What is tried for a script, as Tesseract's detection names it. The first pack reads; the others only if its
 * reading is doubtful or of their language. */
static const struct script {
	const char *name;
	const char *packs[3];
	bool guessed; /* tried, in this order, where no script is sure */
} scripts[] = {
	{ "Latin", { "eng", "fra", "spa" }, true },
	{ "Arabic", { "ara", "uig" }, true },
	{ "Han", { "chi_sim", "chi_tra" }, true },
	{ "Cyrillic", { "rus" }, true },
	{ "Tibetan", { "bod" }, true },
	{ "Myanmar", { "mya" }, true },
	{ "HanS", { "chi_sim", "chi_tra" }, false },
	{ "HanT", { "chi_tra", "chi_sim" }, false },
	/* Mistaken for each other, where there is little of it. */
	{ "Japanese", { "chi_sim", "chi_tra" }, false },
	{ "Korean", { "chi_sim", "chi_tra" }, false },
};

void
ocr_prepare(void)
{
	ocr_engines_load();
}

static const struct script *
script_find(const char *name)
{
	for (size_t i = 0; i < LEN(scripts); i++)
		if (strcmp(scripts[i].name, name) == 0)
			return &scripts[i];
	return NULL;
}

/* The better one stays. Short readings are cheap to be sure of: what says more counts more. */
static void
keep_better(struct ocr_reading *best, int pack, struct Pix *grey)
{
	struct ocr_reading other;

	if (pack == OCR_NONE)
		return;
	ocr_engine_read(pack, grey, &other);
	if (!best->a ||
	    (other.confidence > best->confidence && 2 * other.characters >= best->characters)) {
		struct ocr_reading worse = *best;

		*best = other;
		other = worse;
	}
	if (other.a)
		ocr_reading_done(&other);
}

/* The language of what was read. */
static void
language_of(const struct ocr_reading *r, struct text_language *ret)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);

	for (size_t i = 0; i < r->n && !b.full; i++) {
		buf_str(&b, r->lines[i].text);
		buf_byte(&b, '\n');
	}
	text_language(buf_peek(&b), b.n, ret);
}

/* The other packs of a script: if the language is theirs, or nothing good came. */
static void
read_others(const struct script *s, struct ocr_reading *best, struct Pix *grey)
{
	struct text_language l;
	bool doubtful = best->confidence < GOOD;

	language_of(best, &l);
	for (size_t i = 1; i < LEN(s->packs) && s->packs[i]; i++) {
		int pack = ocr_pack(s->packs[i]);

		if (pack != OCR_NONE && best->pack != pack &&
		    ((doubtful && strcmp(s->name, "Latin") != 0) ||
			strcmp(l.tag, ocr_pack_language(pack)) == 0))
			keep_better(best, pack, grey);
	}
}

/* Into *best, if it becomes better by that. */
static void
read_script(const struct script *s, struct ocr_reading *best, struct Pix *grey)
{
	int pack = OCR_NONE;

	for (size_t i = 0; i < LEN(s->packs) && s->packs[i] && pack == OCR_NONE; i++)
		pack = ocr_pack(s->packs[i]);
	keep_better(best, pack, grey);
	if (best->a && best->pack == pack)
		read_others(s, best, grey);
}

/* The script whose engine reads the widest lines best. NULL: none reads them. */
static const struct script *
guess(const struct ocr_look *look, struct Pix *small)
{
	const struct script *best = NULL;
	double most = OCR_TEXT_MIN;

	for (size_t i = 0; i < LEN(scripts) && most < GOOD; i++) {
		int pack = ocr_pack(scripts[i].packs[0]);
		double c = scripts[i].guessed && pack != OCR_NONE ?
		    ocr_engine_try(pack, small, look) :
		    0;

		if (c >= most) {
			best = &scripts[i];
			most = c;
		}
	}
	return best;
}

static void
add_line(struct ocr *r, const struct ocr_line *l, struct box b, size_t page)
{
	size_t from;
	char box[64];

	document_break(r->out, l->begins ? 2 : 1);
	from = document_at(r->out);
	document_add(r->out, l->text, l->n);
	snprintf(box, sizeof box, "%d %d %d %d", b.left, b.top, b.width, b.height);
	if (page)
		document_number(r->out, "page", page);
	document_word(r->out, "box", box);
	document_number(r->out, "confidence", (uint64_t)(l->confidence + 0.5));
	document_anchor(r->out, from);
}

static void
keep(struct ocr *r, const struct ocr_reading *best, unsigned quarters, struct Pix *grey,
    size_t page, double scale)
{
	bool first = true;

	for (size_t i = 0; i < best->n; i++) {
		struct ocr_line l = best->lines[i];
		struct box b = box_turned_back(
		    l.box, quarters, (int)raster_width(grey), (int)raster_height(grey));

		if (l.confidence < OCR_LINE_MIN)
			continue;
		l.begins |= first;
		first = false;
		add_line(r, &l, box_scaled(b, scale), page);
	}
	r->weight += best->confidence * (double)best->characters;
	r->characters += best->characters;
	r->packs |= 1u << best->pack;
}

/* The script that was told may be wrong, where letters are small; it may have no pack here, or none may be told. Then
 * the others are tried on a few lines. */
static void
read_best(const struct ocr_look *look, struct Pix *small, struct Pix *upright, struct ocr *r,
    struct ocr_reading *best)
{
	const struct script *told = script_find(look->script), *other;

	if (told)
		read_script(told, best, upright);
	if (best->confidence >= GOOD)
		return;
	other = look->quarters ? NULL : guess(look, small);
	if (other && other != told)
		read_script(other, best, upright);
	else if (!best->a && *look->script)
		r->missing = look->script;
}

void
ocr_read(struct ocr *r, struct Pix *grey, size_t page, double scale)
{
	AUTO_RASTER *small = raster_fit(raster_copy(grey), LOOK_SIDE), *upright = NULL;
	struct ocr_reading best = { 0 };
	struct ocr_look look;

	if (!small)
		return;
	ocr_look(small, &look);
	upright = look.lines ? raster_turned(raster_copy(grey), look.quarters) : NULL;
	if (!upright)
		return;
	read_best(&look, small, upright, r, &best);
	if (best.characters >= OCR_LETTERS_MIN && best.confidence >= OCR_TEXT_MIN)
		keep(r, &best, look.quarters, grey, page, scale);
	if (best.a)
		ocr_reading_done(&best);
}

void
ocr_say(const struct ocr *r, struct output *o)
{
	AUTO_VAL(buf) b = buf_init(200);

	if (!r->characters)
		return;
	buf_printf(&b, "%.0f", r->weight / (double)r->characters);
	output_field(o, "ocr_confidence", b.p, b.n);
	buf_reset(&b);
	for (int i = 0; i < OCR_PACKS; i++)
		if (r->packs & 1u << i)
			buf_printf(&b, "%s%s", b.n ? " " : "", ocr_pack_language(i));
	output_field(o, "ocr_languages", b.p, b.n);
}
