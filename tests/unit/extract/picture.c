/* Pictures and OCR with the real program: metadata, hashes, texts that are held against text layers and against
 * Tesseract's own command, scanned pages, pictures to look at; and hostile pictures, which end in a clear word. */
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"
#include "extract/picture/picture_private.h"
#include "test.h"

enum { FILE_MAX = 64 << 20, PAGE_PIXELS = 2600 };

/* A program beside this one; until the next call. */
static const char *
program(const char *name)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 40);

	path[MAX(n, 0)] = 0;
	snprintf(strrchr(path, '/') + 1, 40, "%s", name);
	return path;
}

static struct extractor *
open_extractor(void)
{
	struct err e = { 0 };
	struct extractor *x =
	    extractor_open(program("vigil-extract"), &extract_limits_default, &e);

	NEED(x, &e);
	return x;
}

struct came { /* of one item */
	struct extracted r;
	char path[100];
	size_t n_files;
	struct buf file; /* the last one's bytes */
};

static void
came_done(struct came *c)
{
	buf_done(&c->file);
}

static void
hand_in(struct extractor *x, struct arena *a, const void *p, size_t n, struct came *ret)
{
	struct err e = { 0 };
	uint64_t tag = 0;

	buf_done(&ret->file);
	*ret = (struct came){ 0 };
	NEED(extractor_submit(x, 5, extract_media_type(p, n), p, n, &e), &e);
	for (;;) {
		NEED(extractor_take(x, a, &tag, &ret->r, &e), &e);
		CHECK(tag == 5);
		if (ret->r.status != EXTRACT_FILE)
			return;
		snprintf(ret->path, sizeof ret->path, "%s", ret->r.path);
		ret->n_files++;
		buf_done(&ret->file);
		ret->file = ret->r.file;
	}
}

static bool
shared(const char *name, struct buf *ret)
{
	char path[512];
	struct err e = { 0 };

	if (!test_shared(path, name))
		return false;
	buf_reset(ret);
	NEED(io_read_file(path, ret, &e), &e);
	return true;
}

static const char *
field(const struct came *c, const char *name)
{
	for (size_t i = 0; i < c->r.n_fields; i++)
		if (strcmp(c->r.fields[i].name, name) == 0)
			return c->r.fields[i].value;
	return "";
}

static int
number(const struct came *c, const char *name)
{
	return (int)strtol(field(c, name), NULL, 10);
}

static bool
is(const struct came *c, const char *name, const char *value)
{
	if (strcmp(field(c, name), value) == 0)
		return true;
	printf("# %s: %s, not %s\n", name, field(c, name), value);
	return false;
}

static uint64_t
hash_of(const struct came *c)
{
	return strtoull(field(c, "perceptual_hash"), NULL, 16);
}

static bool
view(struct extractor *x, const struct buf *item, const struct extract_view *v, struct buf *ret,
    bool *ret_jpeg, struct err *e)
{
	int memory = extract_memory(e);

	buf_reset(ret);
	NEED(memory >= 0 && io_write(memory, item->p, item->n), e);
	return extractor_view(
	    x, extract_media_type(item->p, item->n), memory, v, ret, ret_jpeg, e);
}

static void
must_view(
    struct extractor *x, const struct buf *item, uint32_t page, uint32_t side, struct buf *ret)
{
	struct extract_view v = { .page = page, .side = side };
	struct err e = { 0 };
	bool jpeg;

	NEED(view(x, item, &v, ret, &jpeg, &e), &e);
}

/* Metadata */

static void
metadata_become_fields(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };

	if (!shared("data/formats/tika/testJPEG_GEO_2.jpg", &b))
		SKIP("the shared material is not here");
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && strstr(c.r.why, "no text"));
	CHECK(strcmp(c.r.program, "vigil-extract picture 1") == 0);
	CHECK(is(&c, "width", "100") && is(&c, "height", "75"));
	CHECK(is(&c, "device", "google Nexus S") && is(&c, "orientation", "1"));
	CHECK(is(&c, "created", "2012-02-19T16:43:29"));
	CHECK(is(&c, "date", "2012-02-20T16:44:22Z"));
	CHECK(is(&c, "latitude", "51.575762") && is(&c, "longitude", "-1.567886"));
	CHECK(is(&c, "altitude", "295.0") && is(&c, "thumbnail", "same"));
	CHECK(strlen(field(&c, "perceptual_hash")) == 16 && c.n_files == 0);
	CHECK(shared("data/formats/tika/testJPEG_EXIF_emptyDateTime.jpg", &b));
	hand_in(x, a, b.p, b.n, &c); /* from XMP */
	CHECK(is(&c, "created", "2012-04-30T12:52:07-04:00"));
	CHECK(shared("data/formats/tika/testJPEG_commented_pspcs2mac.jpg", &b));
	hand_in(x, a, b.p, b.n, &c);
	CHECK(is(&c, "creator", "Some Tourist") && is(&c, "subject", "grazelands"));
	CHECK(is(&c, "title", "Tosteberga \xc3\x84ngar"));
}

static void
all_kinds_are_read(void)
{
	static const struct {
		const char *name, *width, *height;
	} cases[] = {
		{ "tika/testJPEG.jpg", "100", "75" },
		{ "tika/testPNG.png", "100", "75" },
		{ "tika/testTIFF.tif", "100", "75" },
		{ "tika/testWEBP.webp", "150", "150" },
		{ "tika/testWebp_Alpha_Lossy.webp", "400", "301" },
		{ "openpreserve/variations__variations__image__png__lorem-ipsum.im.png", "600",
		    "855" },
	};
	static const char gif[] =
	    "GIF89a\2\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\2\0\1\0\0\2\2\x0c\n\0"
	    ",\0\0\0\0\2\0\1\0\0\2\2\x0c\n\0;";
	static const char bmp[] =
	    "BM\x3e\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\2\0\0\0\1\0\x18\0\0\0\0\0"
	    "\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\0\1\2\3\0";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };

	hand_in(x, a, gif, sizeof gif - 1, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && is(&c, "width", "2") && is(&c, "height", "1"));
	CHECK(is(&c, "pages", "2") && strstr(c.r.why, "only 1 of its 2 pictures"));
	hand_in(x, a, bmp, sizeof bmp - 1, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && is(&c, "width", "1") && is(&c, "height", "2"));
	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO(arena) *t = arena_new();

		if (!shared(arena_printf(t, "data/formats/%s", cases[i].name), &b))
			SKIP("the shared material is not here");
		hand_in(x, a, b.p, b.n, &c);
		if (c.r.status == EXTRACT_FAILED) {
			printf("# %s: %s\n", cases[i].name, c.r.why);
			CHECK(false);
		}
		CHECK(is(&c, "width", cases[i].width) && is(&c, "height", cases[i].height));
	}
}

/* libheif's own example program writes them, if it is here. */
static void
heic_and_avif_are_read(void)
{
	static const struct {
		const char *option, *type;
	} kinds[] = { { "", "image/heic" }, { "-A", "image/avif" } };
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	char path[512], out[] = "/tmp/vigil-test-XXXXXX";
	AUTO_FD int fd = mkstemp(out);
	uint64_t png;
	struct err e = { 0 };

	if (!test_shared(path, "data/formats/tika/baseball.png"))
		SKIP("the shared material is not here");
	NEED(io_read_file(path, &b, &e), &e);
	hand_in(x, a, b.p, b.n, &c);
	png = hash_of(&c);
	for (size_t i = 0; i < LEN(kinds); i++) {
		FILE *f = popen(arena_printf(a, "heif-enc %s '%s' -o %s >/dev/null 2>&1",
				    kinds[i].option, path, out),
		    "r");
		int ended = f ? pclose(f) : 1;

		if (ended) {
			unlink(out);
			SKIP("heif-enc is not here");
		}
		buf_reset(&b);
		NEED(io_read_file(out, &b, &e), &e);
		CHECK(strcmp(extract_media_type(b.p, b.n), kinds[i].type) == 0);
		hand_in(x, a, b.p, b.n, &c);
		CHECK(c.r.status == EXTRACT_EMPTY && is(&c, "width", "512"));
		CHECK(picture_distance(hash_of(&c), png) <= 4);
	}
	unlink(out);
}

/* Pixels that no decoder takes cost what is made of them, and no more. */
static void
metadata_need_no_pixels(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };

	if (!shared("data/formats/tika/testHEIC_livePhoto.heic", &b))
		SKIP("the shared material is not here");
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && strstr(c.r.why, "the picture is damaged"));
	CHECK(is(&c, "width", "4032") && is(&c, "height", "3024"));
	CHECK(is(&c, "created", "2025-07-11T16:41:55-04:00"));
	CHECK(strncmp(field(&c, "latitude"), "36.097", 6) == 0);
	CHECK(strncmp(field(&c, "longitude"), "-81.784", 7) == 0);
	CHECK(!*field(&c, "perceptual_hash"));
	CHECK(shared("data/formats/tika/testJPEG_GEO_2.jpg", &b));
	for (size_t i = b.n / 2; i + 1 < b.n; i++) /* its pixels' head is gone */
		if (b.p[i] == 0xff && b.p[i + 1] == 0xc0)
			b.p[i + 1] = 0xfe;
	hand_in(x, a, b.p, b.n, &c);
	CHECK(is(&c, "latitude", "51.575762") && is(&c, "device", "google Nexus S"));
	CHECK(c.r.status == EXTRACT_EMPTY && strstr(c.r.why, "damaged"));
	memset(b.p + 3, 0, b.n - 3); /* nothing of it is what it was */
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_FAILED);
}

static void
dates_are_iso(void)
{
	static const struct {
		const char *date, *offset, *iso;
	} cases[] = {
		{ "2008:02:01 09:30:00", "+01:00", "2008-02-01T09:30:00+01:00" },
		{ "2008:02:01 09:30:00", "", "2008-02-01T09:30:00" },
		{ "2008:02:01 09:30:00", "1", "2008-02-01T09:30:00" },
		{ "2008:02:01 09:30", "Z", "2008-02-01" },
		{ "2008-02-01T09:30:00", "Z", "2008-02-01T09:30:00Z" },
		{ "0000:00:00 00:00:00", "", "" },
		{ "    :  :     :  :  ", "", "" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) b = buf_init(64);

		picture_date(cases[i].date, cases[i].offset, &b);
		if (strcmp(buf_peek(&b), cases[i].iso) == 0)
			continue;
		printf("# %s: %s\n", cases[i].date, buf_peek(&b));
		CHECK(false);
	}
}

static void
boxes_turn_back(void)
{
	/* In a picture of 100 x 50, turned by a quarter, what was at the left is at the top. */
	struct box b = box_turned_back((struct box){ 10, 20, 5, 7 }, 1, 100, 50);

	CHECK(b.left == 20 && b.top == 35 && b.width == 7 && b.height == 5);
	b = box_turned_back((struct box){ 10, 20, 5, 7 }, 2, 100, 50);
	CHECK(b.left == 85 && b.top == 23 && b.width == 5 && b.height == 7);
	b = box_turned_back((struct box){ 10, 20, 5, 7 }, 3, 100, 50);
	CHECK(b.left == 73 && b.top == 10 && b.width == 7 && b.height == 5);
	b = box_scaled((struct box){ 1, 1, 3, 3 }, 1.5);
	CHECK(b.left == 1 && b.top == 1 && b.width == 5 && b.height == 5);
}

/* Perceptual hashes */

/* A page of each: how it looks small, large, in JPEG; and how others look. */
static void
hashes_stay_alike(void)
{
	static const char *const names[] = { "tika/baseball.png",
		"tika/testWebp_Alpha_Lossy.webp", "tika/testPNG.png", "tika/testWEBP.webp",
		"openpreserve/fully-featured-pdf__appearance__page-3.png",
		"tika/testJPEG_oddTagComponent.jpg", "tika/testJPEG_GEO_2.jpg" };
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX), small = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	uint64_t hashes[LEN(names)];
	size_t apart = 0, pairs = 0;

	for (size_t i = 0; i < LEN(names); i++) {
		AUTO(arena) *t = arena_new();

		if (!shared(arena_printf(t, "data/formats/%s", names[i]), &b))
			SKIP("the shared material is not here");
		hand_in(x, a, b.p, b.n, &c);
		hashes[i] = hash_of(&c);
		for (uint32_t side = 60; side <= 240; side *= 2) {
			must_view(x, &b, 0, side, &small);
			hand_in(x, a, small.p, small.n, &c);
			if (picture_distance(hash_of(&c), hashes[i]) <= 8)
				continue;
			printf("# %s at %u: %u\n", names[i], side,
			    picture_distance(hash_of(&c), hashes[i]));
			CHECK(false);
		}
		for (size_t k = 0; k < i; k++, pairs++)
			apart += picture_distance(hashes[i], hashes[k]) >= 20;
	}
	printf("# %zu of %zu pairs are 20 apart\n", apart, pairs);
	CHECK(apart * 10 >= pairs * 9);
}

/* Waves of several lengths and directions, so that there is something of every frequency; `light` is added. */
static void
draw_waves(uint8_t *p, size_t width, size_t height, double seed, double gain, double light)
{
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++) {
			double u = (double)x / (double)width, v = (double)y / (double)height,
			       s = 0;

			for (int i = 1; i < 8; i++)
				s += sin(seed * i + 5 * u * i + 3 * sin(seed + i) * v * i) / i;
			s = 128 + light + gain * 30 * s;
			p[y * width + x] = (uint8_t)MAX(0, MIN(255, s));
		}
}

static void
hashes_bear_light_and_size(void)
{
	enum { W = 400, H = 300 };
	static uint8_t one[W * H], other[2 * W * 2 * H];
	uint64_t a = 0, b = 0;

	for (int seed = 1; seed <= 10; seed++) {
		draw_waves(one, W, H, seed, 1, 0);
		CHECK(picture_hash(one, W, H, &a));
		draw_waves(other, W, H, seed, 0.7, 20); /* brighter, of less contrast */
		CHECK(picture_hash(other, W, H, &b) && picture_distance(a, b) <= 8);
		draw_waves(other, 2 * W, 2 * H, seed, 1, 0);
		CHECK(picture_hash(other, 2 * W, 2 * H, &b) && picture_distance(a, b) <= 8);
		draw_waves(other, W / 5, H / 5, seed, 1, 0);
		CHECK(picture_hash(other, W / 5, H / 5, &b) && picture_distance(a, b) <= 8);
	}
	memset(one, 77, sizeof one);
	CHECK(!picture_hash(one, W, H, &a));
	CHECK(!picture_hash(one, 0, 0, &a));
}

/* A JPEG that carries another one as its small picture. */
static void
with_thumbnail(
    const struct buf *jpeg, const struct buf *small, unsigned orientation, struct buf *ret)
{
	enum { LEAD = 6 + 8 + 2 + 12 + 4 + 2 + 24 + 4, AT = LEAD - 6 };

	buf_reset(ret);
	buf_add(ret, "\xff\xd8\xff\xe1", 4);
	buf_u16be(ret, (uint16_t)(2 + LEAD + small->n));
	buf_add(ret, "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1", 6 + 8 + 2 + 8);
	buf_u16be(ret, (uint16_t)orientation);
	buf_add(ret, "\0\0\0\0\0\x1a\0\2\2\1\0\4\0\0\0\1", 2 + 4 + 2 + 8);
	buf_u32be(ret, AT);
	buf_add(ret, "\2\2\0\4\0\0\0\1", 8);
	buf_u32be(ret, (uint32_t)small->n);
	buf_u32be(ret, 0);
	buf_add(ret, small->p, small->n);
	buf_add(ret, jpeg->p + 2, jpeg->n - 2);
}

static void
thumbnails_that_differ_come_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) one = buf_init(FILE_MAX), other = buf_init(FILE_MAX),
		      both = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };

	if (!shared("data/formats/tika/testJPEG.jpg", &one) ||
	    !shared("data/formats/tika/testJPEG_oddTagComponent.jpg", &other))
		SKIP("the shared material is not here");
	with_thumbnail(&other, &one, 1, &both);
	hand_in(x, a, both.p, both.n, &c);
	CHECK(strncmp(field(&c, "thumbnail"), "differs, distance ", 18) == 0);
	CHECK(c.n_files == 1 && strcmp(c.path, "thumbnail.jpg") == 0);
	CHECK(c.file.n == one.n && memcmp(c.file.p, one.p, one.n) == 0);
	with_thumbnail(&one, &one, 6, &both);
	hand_in(x, a, both.p, both.n, &c);
	CHECK(is(&c, "thumbnail", "same") && c.n_files == 0);
	/* Turned by a quarter. */
	CHECK(is(&c, "orientation", "6") && is(&c, "width", "75") && is(&c, "height", "100"));
}

/* OCR. How much of one text is in the other: by characters, white space left out. */

static void
squeeze(const char *s, struct buf *ret)
{
	buf_reset(ret);
	for (; *s; s++)
		if (*s != ' ' && (*s < '\t' || *s > '\r'))
			buf_byte(ret, (uint8_t)*s);
}

/* The edit distance, in bytes. */
static size_t
distance(const struct buf *p, const struct buf *q)
{
	size_t *row = mem_alloc((q->n + 1) * sizeof *row), before, above;

	for (size_t k = 0; k <= q->n; k++)
		row[k] = k;
	for (size_t i = 1; i <= p->n; i++) {
		before = row[0];
		row[0] = i;
		for (size_t k = 1; k <= q->n; k++) {
			above = row[k];
			row[k] = MIN(
			    MIN(row[k], row[k - 1]) + 1, before + (p->p[i - 1] != q->p[k - 1]));
			before = above;
		}
	}
	before = row[q->n];
	free(row);
	return before;
}

static double
accuracy(const char *read, const char *truth)
{
	AUTO_VAL(buf) p = buf_init(1 << 20), q = buf_init(1 << 20);

	squeeze(read ? read : "", &p);
	squeeze(truth, &q);
	return q.n ? 100.0 - 100.0 * (double)distance(&p, &q) / (double)q.n : 0;
}

/* The text layer of a page, from the anchors of the whole. */
static const char *
page_text(struct arena *a, const struct came *c, int page)
{
	const char *at = c->r.anchors;
	int found;
	size_t start, end;

	for (; at && *at; at = strchr(at, '\n') + 1)
		if (sscanf(at, "{\"end\":%zu,\"page\":%d,\"start\":%zu}", &end, &found,
			&start) == 3 &&
		    found == page)
			return arena_strn(a, c->r.text + start, end - start);
	return "";
}

static size_t
words_in_common(const char *text, const char *other, struct arena *a, size_t *ret_n)
{
	char *copy = arena_str(a, other), *rest;
	size_t common = 0;

	*ret_n = 0;
	for (char *w = strtok_r(copy, " \n\f", &rest); w; w = strtok_r(NULL, " \n\f", &rest)) {
		++*ret_n;
		common += strstr(text, w) != NULL;
	}
	return common;
}

/* What Tesseract's own command reads in the same picture. */
static void
compare_with_tesseract(struct arena *a, const char *text, const struct buf *png)
{
	AUTO_VAL(buf) theirs = buf_init(FILE_MAX);
	char path[] = "/tmp/vigil-test-XXXXXX";
	AUTO_FD int fd = mkstemp(path);
	struct err e = { 0 };
	size_t n, common;
	FILE *f;

	NEED(fd >= 0 && io_write(fd, png->p, png->n), &e);
	f = popen(
	    arena_printf(a, "OMP_THREAD_LIMIT=1 tesseract %s - -l eng 2>/dev/null", path), "r");
	NEED(f && io_read_all(fileno(f), &theirs, "tesseract", &e), &e);
	unlink(path);
	if (pclose(f)) {
		printf("# tesseract's command is not here\n");
		return;
	}
	common = words_in_common(text, buf_peek(&theirs), a, &n);
	printf("# %zu of %zu words are those of Tesseract's command\n", common, n);
	CHECK(n > 50 && common * 100 >= n * 97);
}

#define TEXT_PDF "data/un/upr-documents/cycle1/Slovenia.pdf"

static void
pages_are_read_as_they_are_written(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX), png = buf_init(FILE_MAX);
	AUTO_VAL(came) layer = { 0 }, c = { 0 };
	double percent;

	if (!shared(TEXT_PDF, &b))
		SKIP("the shared material is not here");
	hand_in(x, a, b.p, b.n, &layer);
	must_view(x, &b, 1, PAGE_PIXELS, &png);
	hand_in(x, a, png.p, png.n, &c);
	percent = accuracy(c.r.text, page_text(a, &layer, 1));
	printf("# %.2f%% of the characters, confidence %s, %u ms\n", percent,
	    field(&c, "ocr_confidence"), (unsigned)c.r.milliseconds);
	CHECK(c.r.status == EXTRACT_OK && percent >= 97);
	CHECK(is(&c, "ocr_languages", "en") && strcmp(c.r.language, "en") == 0);
	CHECK(number(&c, "ocr_confidence") >= 85);
	CHECK(c.r.anchors && strstr(c.r.anchors, "{\"box\":\"") &&
	    strstr(c.r.anchors, ",\"confidence\":9") && !strstr(c.r.anchors, "\"page\""));
	compare_with_tesseract(a, c.r.text ? c.r.text : "", &png);
}

static unsigned
number_at(const uint8_t *p)
{
	return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

/* The rows of a PNG, as they are packed in it: PDF packs them alike. */
static void
packed_rows(const struct buf *png, struct buf *ret)
{
	for (size_t at = 8, n; at + 12 <= png->n; at += n + 12) {
		n = number_at(png->p + at);
		if (memcmp(png->p + at + 4, "IDAT", 4) == 0)
			buf_add(ret, png->p + at + 8, n);
	}
}

/* A PDF of one page, which is a picture alone: of a PNG in red, green and blue. */
static void
make_scan(const struct buf *png, int rotate, struct buf *ret)
{
	AUTO_VAL(buf) rows = buf_init(FILE_MAX);
	unsigned width = number_at(png->p + 16), height = number_at(png->p + 20);

	CHECK(png->p[25] == 2);
	packed_rows(png, &rows);
	buf_reset(ret);
	buf_printf(ret,
	    "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/Rotate %d/MediaBox[0 0 595 842]/Contents 4 0 R"
	    "/Resources<</XObject<</I 5 0 R>>>>>>endobj\n"
	    "4 0 obj<</Length 27>>stream\n595 0 0 842 0 0 cm /I Do  \nendstream endobj\n"
	    "6 0 obj<</Title(A scan)>>endobj\n"
	    "5 0 obj<</Type/XObject/Subtype/Image/Width %u/Height %u/ColorSpace/DeviceRGB"
	    "/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3"
	    "/Columns %u>>/Length %zu>>stream\n",
	    rotate, width, height, width, rows.n);
	buf_add(ret, rows.p, rows.n);
	buf_str(ret, "\nendstream endobj\ntrailer<</Root 1 0 R/Info 6 0 R>>\n%%EOF\n");
}

static void
check_scan(const struct came *c, bool lies)
{
	int left = 0, top = 0, width = 0, height = 0;

	CHECK(c->r.status == EXTRACT_OK && strcmp(c->r.program, "vigil-extract ocr 1") == 0);
	CHECK(c->r.why && strcmp(c->r.why, "no text layer; read by OCR") == 0);
	CHECK(is(c, "title", "A scan") && is(c, "pages", "1") &&
	    strcmp(c->r.language, "en") == 0);
	CHECK(number(c, "ocr_confidence") >= 85 && c->r.n > 500);
	CHECK(c->r.text && strstr(c->r.text, "Slovenia"));
	CHECK(c->r.anchors && strstr(c->r.anchors, "\"page\":1"));
	if (!c->r.anchors ||
	    sscanf(c->r.anchors, "{\"box\":\"%d %d %d %d\"", &left, &top, &width, &height) != 4)
		CHECK(false);
	CHECK(left >= 0 && top >= 0 && left + width <= (lies ? 3509 : 2481));
	CHECK(lies ? height > width : width > height);
	CHECK(top + height <= (lies ? 2481 : 3509));
}

static void
scans_are_read_also_if_they_lie(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX), png = buf_init(FILE_MAX),
		      pdf = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };

	if (!shared(TEXT_PDF, &b))
		SKIP("the shared material is not here");
	must_view(x, &b, 1, 1800, &png);
	make_scan(&png, 0, &pdf);
	hand_in(x, a, pdf.p, pdf.n, &c);
	check_scan(&c, false);
	make_scan(&png, 90, &pdf);
	hand_in(x, a, pdf.p, pdf.n, &c);
	check_scan(&c, true);
}

/* A page with these lines, in a font that is in it; `codes` tells what its bytes are. */
static void
make_page(const struct buf *font, const char *codes, const char *const *lines, struct buf *ret)
{
	AUTO_VAL(buf) page = buf_init(1 << 16);

	buf_str(&page, "BT /F 14 Tf 18 TL 60 750 Td ");
	for (; *lines; lines++)
		buf_printf(&page, "(%s) Tj T* ", *lines);
	buf_str(&page, "ET");
	buf_reset(ret);
	buf_printf(ret,
	    "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
	    "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
	    "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
	    "5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+F/FirstChar 0/LastChar 255"
	    "/Encoding %s/FontDescriptor 6 0 R/Widths[",
	    page.n, buf_peek(&page), codes);
	for (int i = 0; i < 256; i++)
		buf_str(ret, i == ' ' ? "320 " : "660 ");
	buf_printf(ret,
	    "]>>endobj\n6 0 obj<</Type/FontDescriptor/FontName/AAAAAA+F/Flags 32/FontFile2 7 0 R"
	    ">>endobj\n7 0 obj<</Length %zu/Length1 %zu>>stream\n",
	    font->n, font->n);
	buf_add(ret, font->p, font->n);
	buf_str(ret, "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
}

/* Letters of windows-1251, by the names that Adobe's glyph list has for them. */
static void
cyrillic_codes(struct buf *ret)
{
	buf_str(ret, "<</BaseEncoding/WinAnsiEncoding/Differences[192");
	for (int i = 0; i < 32; i++)
		buf_printf(ret, "/afii%d", 10017 + i + (i >= 6));
	for (int i = 0; i < 32; i++)
		buf_printf(ret, "/afii%d", 10065 + i + (i >= 6));
	buf_str(ret, "]>>");
}

static void
other_scripts_and_languages_are_read(void)
{
	static const char *const french[] = { "La gr\xe8ve des p\xea"
					      "cheurs a dur\xe9 tout l'\xe9t\xe9, et",
		"les t\xe9moins n'ont pas \xe9t\xe9 entendus avant no\xebl.",
		"Le greffier a \xe9"
		"crit que la plainte \xe9tait fond\xe9"
		"e,",
		"mais le juge d\xe9"
		"cida de la rejeter sans d\xe9"
		"bat.",
		NULL };
	static const char *const russian[] = {
		"\xd1\xe2\xe8\xe4\xe5\xf2\xe5\xeb\xfc \xf0\xe0\xf1\xf1\xea\xe0\xe7\xe0\xeb \xee \xf2\xee\xec,",
		"\xf7\xf2\xee \xe2\xe8\xe4\xe5\xeb \xf3 \xf0\xe5\xea\xe8 \xed\xee\xf7\xfc\xfe.",
		"\xcd\xe8\xea\xf2\xee \xe5\xec\xf3 \xed\xe5 \xef\xee\xe2\xe5\xf0\xe8\xeb \xf1\xf0\xe0\xe7\xf3,",
		"\xed\xee \xef\xee\xe7\xe6\xe5 \xed\xe0\xf8\xeb\xe8 \xeb\xee\xe4\xea\xf3.", NULL
	};
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) font = buf_init(FILE_MAX), pdf = buf_init(FILE_MAX),
		      png = buf_init(FILE_MAX), codes = buf_init(4096);
	AUTO_VAL(came) c = { 0 };
	struct err e = { 0 };

	if (!io_read_file("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", &font, &e))
		SKIP("the DejaVu fonts are not here");
	make_page(&font, "/WinAnsiEncoding", french, &pdf);
	must_view(x, &pdf, 1, PAGE_PIXELS, &png);
	hand_in(x, a, png.p, png.n, &c);
	CHECK(is(&c, "ocr_languages", "fr") && strcmp(c.r.language, "fr") == 0);
	CHECK(c.r.text &&
	    strstr(c.r.text,
		"p\xc3\xaa"
		"cheurs") &&
	    strstr(c.r.text,
		"fond\xc3\xa9"
		"e"));
	cyrillic_codes(&codes);
	make_page(&font, buf_peek(&codes), russian, &pdf);
	must_view(x, &pdf, 1, PAGE_PIXELS, &png);
	hand_in(x, a, png.p, png.n, &c);
	CHECK(is(&c, "ocr_languages", "ru") && strcmp(c.r.language, "ru") == 0);
	CHECK(c.r.text && strstr(c.r.text, "\xd0\xbb\xd0\xbe\xd0\xb4\xd0\xba\xd1\x83"));
}

/* Four pages: text; lines that are drawn and have no text layer, since their letters all count as spaces; nothing; text. */
static void
make_mixed(struct buf *ret)
{
	static const char *const pages[] = { "BT /T 18 Tf 40 150 Td (The first heron) Tj ET",
		"BT /D 24 Tf 40 150 Td (The second kingfisher waits) Tj"
		" 0 -60 Td (beside the quiet water) Tj ET",
		" ", "BT /T 18 Tf 40 150 Td (The last lapwing) Tj ET" };

	buf_reset(ret);
	buf_str(ret,
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages"
	    "/Kids[10 0 R 12 0 R 14 0 R 16 0 R]/Count 4/MediaBox[0 0 500 200]"
	    "/Resources<</Font<</T 3 0 R/D 4 0 R>>>>>>endobj\n3 0 obj<</Type/Font/Subtype/Type1"
	    "/BaseFont/Helvetica>>endobj\n4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
	    "/ToUnicode 5 0 R>>endobj\n5 0 obj<</Length 900>>stream\n/CIDInit /ProcSet"
	    " findresource begin begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n"
	    "26 beginbfchar ");
	for (int c = 'a'; c <= 'z'; c++)
		buf_printf(ret, "<%02x> <0020> ", c);
	buf_str(ret,
	    "endbfchar 1 beginbfchar <54> <0020> endbfchar\nendcmap end\n"
	    "endstream endobj\n");
	for (size_t i = 0; i < LEN(pages); i++)
		buf_printf(ret,
		    "%zu 0 obj<</Type/Page/Parent 2 0 R/Contents %zu 0 R>>endobj\n"
		    "%zu 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n",
		    10 + 2 * i, 11 + 2 * i, 11 + 2 * i, strlen(pages[i]), pages[i]);
	buf_str(ret, "trailer<</Root 1 0 R>>\n%%EOF\n");
}

static void
pages_without_a_text_layer_are_read_beside_the_others(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) pdf = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	const char *first, *second, *last, *line;

	make_mixed(&pdf);
	hand_in(x, a, pdf.p, pdf.n, &c);
	CHECK(c.r.status == EXTRACT_OK && strcmp(c.r.program, "vigil-extract ocr 1") == 0);
	CHECK(c.r.why &&
	    strcmp(c.r.why, "2 of its 4 pages have no text layer; read by OCR") == 0);
	CHECK(c.r.reason == EXTRACT_NO_REASON && is(&c, "pages", "4"));
	CHECK(number(&c, "ocr_confidence") >= 80 && is(&c, "ocr_languages", "en"));
	first = c.r.text ? strstr(c.r.text, "The first heron\n\n") : NULL;
	second = first ? strstr(first, "The second kingfisher waits\n") : NULL;
	last = second ? strstr(second, "water\n\nThe last lapwing") : NULL;
	CHECK(first == c.r.text && last);
	line = c.r.anchors ? strchr(c.r.anchors, '\n') : NULL;
	CHECK(line && strncmp(c.r.anchors, "{\"end\":15,\"page\":1,\"start\":0}\n", 30) == 0);
	CHECK(line && strncmp(line + 1, "{\"box\":\"", 8) == 0 &&
	    strstr(line, "\"confidence\":") && strstr(line, "\"page\":2,\"start\":17}\n"));
	CHECK(line && !strstr(line, "\"page\":3") && strstr(line, "\"page\":4"));
}

/* Beside the program there is only the one for PDFs. */
static void
what_ocr_would_have_read_is_told_if_it_is_not_there(void)
{
	static const char pdf[] =
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R"
	    "/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Title(A scan)>>endobj\n"
	    "trailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n";
	static const char *const names[] = { "vigil-extract", "vigil-extract-pdf" };
	char dir[] = "/tmp/vigil-test-XXXXXX";
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) mixed = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	struct extractor *x;
	struct err e = { 0 };

	CHECK(mkdtemp(dir) != NULL);
	for (size_t i = 0; i < LEN(names); i++)
		CHECK(symlink(program(names[i]), arena_printf(a, "%s/%s", dir, names[i])) == 0);
	x = extractor_open(
	    arena_printf(a, "%s/vigil-extract", dir), &extract_limits_default, &e);
	NEED(x, &e);
	hand_in(x, a, pdf, sizeof pdf - 1, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && is(&c, "title", "A scan"));
	CHECK(c.r.why &&
	    strstr(c.r.why, "no text layer; a second attempt (vigil-extract ocr 1) failed") &&
	    strstr(c.r.why, "vigil-extract-picture, is not installed"));
	CHECK(strcmp(c.r.program, "vigil-extract pdf 1") == 0);
	CHECK(c.r.reason == EXTRACT_AWAY);
	make_mixed(&mixed);
	hand_in(x, a, mixed.p, mixed.n, &c);
	CHECK(c.r.status == EXTRACT_OK && strcmp(c.r.program, "vigil-extract pdf 1") == 0);
	CHECK(c.r.text && strcmp(c.r.text, "The first heron\n\nThe last lapwing") == 0);
	CHECK(c.r.why && c.r.reason == EXTRACT_AWAY &&
	    strstr(c.r.why, "2 of its 4 pages have no text layer; a second attempt"));
	CHECK(c.r.anchors && strstr(c.r.anchors, "\"page\":4"));
	extractor_close(x);
	for (size_t i = 0; i < LEN(names); i++)
		unlink(arena_printf(a, "%s/%s", dir, names[i]));
	rmdir(dir);
}

/* Pictures to look at */

static void
views_are_made_anew(void)
{
	struct extract_view v = { .page = 2, .side = 300 };
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(FILE_MAX), png = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	struct err e = { 0 };
	bool jpeg = true;

	if (!shared(TEXT_PDF, &b))
		SKIP("the shared material is not here");
	CHECK(extract_can_view("application/pdf") && extract_can_view("image/webp") &&
	    !extract_can_view("text/plain"));
	NEED(view(x, &b, &v, &png, &jpeg, &e), &e);
	CHECK(!jpeg && strcmp(extract_media_type(png.p, png.n), "image/png") == 0);
	hand_in(x, a, png.p, png.n, &c);
	CHECK(is(&c, "height", "300") && number(&c, "width") < 300);
	v.page = 5000;
	CHECK(!view(x, &b, &v, &png, &jpeg, &e) && strstr(e.msg, "no page 5000"));
	CHECK(shared("data/formats/tika/testJPEG_GEO_2.jpg", &b));
	v = (struct extract_view){ 0 };
	NEED(view(x, &b, &v, &png, &jpeg, &e), &e);
	hand_in(x, a, png.p, png.n, &c);
	CHECK(is(&c, "width", "100") && is(&c, "device", "") && is(&c, "latitude", ""));
	v.page = 2;
	CHECK(!view(x, &b, &v, &png, &jpeg, &e) && strstr(e.msg, "no page 2"));
	buf_reset(&b);
	buf_str(&b, "\x89PNG\r\n\x1a\n, and no more than that");
	CHECK(!view(x, &b, &v, &png, &jpeg, &e) && strstr(e.msg, "damaged"));
}

/* Hostile pictures */

static void
bombs_are_refused(void)
{
	static const char head[] =
	    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\2\0\0\0\0\0\0\0"
	    "\0\0\0\0IEND\xae\x42\x60\x82";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(came) c = { 0 };

	hand_in(x, a, head, sizeof head - 1, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && strstr(c.r.why, "more than are taken"));
}

static bool
ended_cleanly(const struct came *c, const char *name)
{
	static const char *const bad[] = { "crashed", "was stopped", "breaks the rules",
		"gave up", "interrupted" };

	for (size_t i = 0; i < LEN(bad); i++)
		if (c->r.why && strstr(c->r.why, bad[i])) {
			printf("# %s: %s\n", name, c->r.why);
			return false;
		}
	return true;
}

static void
mutated_pictures_end_cleanly(void)
{
	static const char *const names[] = { "testJPEG_GEO_2.jpg",
		"testJPEG_EXIF_emptyDateTime.jpg", "testPNG.png", "testTIFF.tif",
		"testWEBP.webp", "testHEIC_livePhoto.heic", "testJPEG_MotionPhoto.jpg" };
	enum { EACH = 40 };
	AUTO(extractor) *x = open_extractor();
	AUTO_VAL(buf) b = buf_init(FILE_MAX);
	AUTO_VAL(came) c = { 0 };
	size_t by[3] = { 0 };
	uint64_t random = 12345;

	for (size_t i = 0; i < LEN(names) * EACH; i++) {
		AUTO(arena) *a = arena_new();
		size_t changes = i % 5, n;

		if (!shared(arena_printf(a, "data/formats/tika/%s", names[i / EACH]), &b))
			SKIP("the shared material is not here");
		n = b.n;
		for (size_t k = 0; k <= changes; k++) {
			random = random * 6364136223846793005 + 1442695040888963407;
			/* Mostly where the structure is. */
			b.p[16 + (random >> 33) % MIN(n - 16, i % 2 ? n - 16 : (size_t)600)] ^=
			    (uint8_t)(random >> 17);
		}
		if (i % 7 == 0)
			n = 20 + (random >> 40) % (n - 20);
		hand_in(x, a, b.p, n, &c);
		by[MIN((size_t)c.r.status, (size_t)2)]++;
		CHECK(ended_cleanly(&c, names[i / EACH]));
	}
	printf("# %zu with text, %zu without, %zu failed\n", by[0], by[1], by[2]);
	CHECK(by[EXTRACT_EMPTY] > 0 && by[EXTRACT_FAILED] > 0);
}

TESTS(T(metadata_become_fields), T(all_kinds_are_read), T(heic_and_avif_are_read),
    T(metadata_need_no_pixels), T(dates_are_iso), T(boxes_turn_back), T(hashes_stay_alike),
    T(hashes_bear_light_and_size), T(thumbnails_that_differ_come_out),
    T(pages_are_read_as_they_are_written), T(scans_are_read_also_if_they_lie),
    T(other_scripts_and_languages_are_read),
    T(pages_without_a_text_layer_are_read_beside_the_others),
    T(what_ocr_would_have_read_is_told_if_it_is_not_there), T(views_are_made_anew),
    T(bombs_are_refused), T(mutated_pictures_end_cleanly))
