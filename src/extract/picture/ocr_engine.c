/* Tesseract's engines: one for each pack, and one that tells script and orientation. */
#include <leptonica/allheaders.h>
#include <string.h>
#include <tesseract/capi.h>

#include "base/arena.h"
#include "extract/picture/ocr_private.h"
#include "text/text.h"

static struct engine {
	const char *pack, *language;
	TessBaseAPI *api; /* NULL: it is not installed */
} engines[OCR_PACKS + 1] = {
	{ "eng", "en", NULL },
	{ "fra", "fr", NULL },
	{ "spa", "es", NULL },
	{ "rus", "ru", NULL },
	{ "ara", "ar", NULL },
	{ "uig", "ug", NULL },
	{ "chi_sim", "zh-Hans", NULL },
	{ "chi_tra", "zh-Hant", NULL },
	{ "bod", "bo", NULL },
	{ "mya", "my", NULL },
	{ "osd", "", NULL },
};
enum { OSD = OCR_PACKS, ENGLISH = 0 };

static TessBaseAPI *
load(const char *pack, bool osd)
{
	TessBaseAPI *api = TessBaseAPICreate();

	TessBaseAPISetVariable(api, "debug_file", "/dev/null");
	if (TessBaseAPIInit2(api, NULL, pack, osd ? OEM_TESSERACT_ONLY : OEM_LSTM_ONLY)) {
		TessBaseAPIDelete(api);
		return NULL;
	}
	TessBaseAPISetPageSegMode(api, osd ? PSM_OSD_ONLY : PSM_AUTO);
	return api;
}

void
ocr_engines_load(void)
{
	for (size_t i = 0; i < LEN(engines); i++)
		engines[i].api = load(engines[i].pack, i == OSD);
}

int
ocr_pack(const char *name)
{
	for (int i = 0; i < OCR_PACKS; i++)
		if (strcmp(engines[i].pack, name) == 0)
			return engines[i].api ? i : OCR_NONE;
	return OCR_NONE;
}

const char *
ocr_pack_language(int pack)
{
	return engines[pack].language;
}

/* Letters and digits: bytes that begin a character outside of ASCII count as one. */
static size_t
letters(const char *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)s[i], low = c | 0x20;

		sum += (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c >= 0xc0;
	}
	return sum;
}

static void
add_line(struct ocr_reading *r, TessResultIterator *it, size_t *io_room)
{
	TessPageIterator *at = TessResultIteratorGetPageIterator(it);
	char *s = TessResultIteratorGetUTF8Text(it, RIL_TEXTLINE);
	AUTO_VAL(buf) line = buf_init(1 << 20);
	struct ocr_line *l;
	int left, top, right, bottom;

	if (s)
		one_line_make(&line, s, strlen(s), 1 << 20);
	TessDeleteText(s);
	if (!line.n || !text_valid(line.p, line.n) ||
	    !TessPageIteratorBoundingBox(at, RIL_TEXTLINE, &left, &top, &right, &bottom))
		return;
	if (r->n == *io_room) {
		*io_room = 2 * *io_room + 64;
		r->lines = mem_grow(r->lines, *io_room * sizeof *r->lines);
	}
	l = &r->lines[r->n++];
	*l = (struct ocr_line){ .text = arena_strn(r->a, buf_peek(&line), line.n),
		.n = line.n,
		.box = { left, top, right - left, bottom - top },
		.confidence = (double)TessResultIteratorConfidence(it, RIL_TEXTLINE),
		.begins = TessPageIteratorIsAtBeginningOf(at, RIL_PARA) };
}

static void
sum_up(struct ocr_reading *r)
{
	double weight = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct ocr_line *l = &r->lines[i];
		size_t n = letters(l->text, l->n);

		if (l->confidence < OCR_LINE_MIN)
			continue;
		r->characters += n;
		weight += l->confidence * (double)n;
	}
	r->confidence = r->characters ? weight / (double)r->characters : 0;
}

void
ocr_engine_read(int pack, struct Pix *grey, struct ocr_reading *ret)
{
	TessBaseAPI *api = engines[pack].api;
	TessResultIterator *it;
	size_t room = 0;

	*ret = (struct ocr_reading){ .a = arena_new(), .pack = pack };
	TessBaseAPISetImage2(api, grey);
	it = TessBaseAPIRecognize(api, NULL) == 0 ? TessBaseAPIGetIterator(api) : NULL;
	if (it)
		do
			add_line(ret, it, &room);
		while (TessResultIteratorNext(it, RIL_TEXTLINE));
	if (it)
		TessResultIteratorDelete(it);
	TessBaseAPIClear(api);
	sum_up(ret);
}

void
ocr_reading_done(struct ocr_reading *r)
{
	arena_free(r->a);
	free(r->lines);
	*r = (struct ocr_reading){ 0 };
}

/* One more line; the widest are kept, the widest first. */
static void
look_at_line(struct ocr_look *r, TessPageIterator *it)
{
	TessPolyBlockType kind = TessPageIteratorBlockType(it);
	int left, top, right, bottom;
	struct box b;

	if (kind < PT_FLOWING_TEXT || kind > PT_CAPTION_TEXT ||
	    !TessPageIteratorBoundingBox(it, RIL_TEXTLINE, &left, &top, &right, &bottom))
		return;
	r->lines++;
	b = (struct box){ left, top, right - left, bottom - top };
	for (size_t i = 0; i < OCR_WIDEST; i++)
		if (b.width > r->widest[i].width) {
			struct box narrower = r->widest[i];

			r->widest[i] = b;
			b = narrower;
		}
}

/* Lines of blocks that hold text. */
static void
look_at_lines(struct Pix *grey, struct ocr_look *ret)
{
	TessBaseAPI *api = engines[ENGLISH].api;
	TessPageIterator *it;

	if (!api) {
		ret->lines = 1;
		return;
	}
	TessBaseAPISetImage2(api, grey);
	it = TessBaseAPIAnalyseLayout(api);
	if (it) {
		do
			look_at_line(ret, it);
		while (TessPageIteratorNext(it, RIL_TEXTLINE));
		TessPageIteratorDelete(it);
	}
	TessBaseAPIClear(api);
}

double
ocr_engine_try(int pack, struct Pix *grey, const struct ocr_look *look)
{
	TessBaseAPI *api = engines[pack].api;
	double weight = 0, sum = 0;

	TessBaseAPISetPageSegMode(api, PSM_SINGLE_LINE);
	TessBaseAPISetImage2(api, grey);
	for (size_t i = 0; i < OCR_WIDEST && look->widest[i].width; i++) {
		const struct box *b = &look->widest[i];
		char *s;
		double n;

		TessBaseAPISetRectangle(api, b->left, b->top, b->width, b->height);
		s = TessBaseAPIRecognize(api, NULL) == 0 ? TessBaseAPIGetUTF8Text(api) : NULL;
		n = s ? (double)letters(s, strlen(s)) : 0;
		weight += n * (double)TessBaseAPIMeanTextConf(api);
		sum += n;
		TessDeleteText(s);
	}
	TessBaseAPIClear(api);
	TessBaseAPISetPageSegMode(api, PSM_AUTO);
	return sum > 0 ? weight / sum : 0;
}

void
ocr_look(struct Pix *grey, struct ocr_look *ret)
{
	static const float sure = 1; /* where the best two are apart by less, it guesses */
	TessBaseAPI *api = engines[OSD].api;
	float turned = 0, script = 0;
	const char *name = "";
	int degrees = 0;

	*ret = (struct ocr_look){ .script = "" };
	look_at_lines(grey, ret);
	if (!ret->lines || !api)
		return;
	TessBaseAPISetImage2(api, grey);
	if (TessBaseAPIDetectOrientationScript(api, &degrees, &turned, &name, &script)) {
		ret->quarters = turned >= sure ? (unsigned)(360 - degrees) / 90 % 4 : 0;
		ret->script = script >= sure && name ? name : "";
	}
	TessBaseAPIClear(api);
}
