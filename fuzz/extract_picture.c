/* Property: whatever a picture's file holds, the parts that are found lie within its bytes and name fields that exist; XMP gives
 * an answer that keeps to the rules; a hash and a date come of any bytes, and boxes turn back to where they were.
 *
 * Bytes that begin with '<' are XMP. */
#include <stdlib.h>
#include <string.h>

#include "extract/child/output_private.h"
#include "extract/picture/picture_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
within(const uint8_t *data, size_t n, const void *part, size_t n_part)
{
	const uint8_t *p = part;

	if (p && (p < data || p > data + n || n_part > (size_t)(data + n - p)))
		abort();
}

static void
parts(const uint8_t *data, size_t n)
{
	struct picture_parts r;

	picture_parts(data, n, &r);
	within(data, n, r.exif, r.exif_n);
	within(data, n, r.xmp, r.xmp_n);
	if (r.n_texts > PICTURE_TEXTS)
		abort();
	for (size_t i = 0; i < r.n_texts; i++) {
		within(data, n, r.texts[i].value, r.texts[i].n);
		if (!field_find(r.texts[i].field, strlen(r.texts[i].field)))
			abort();
	}
}

static void
boxes(const uint8_t *data, size_t n)
{
	int w = n > 4 ? data[4] + 1 : 1, h = n > 5 ? data[5] + 1 : 1;
	struct box b = n > 3 ?
	    (struct box){ data[0] % w, data[1] % h, data[2] % w, data[3] % h } :
	    (struct box){ 0, 0, 0, 0 };

	b.width = MIN(b.width, w - b.left);
	b.height = MIN(b.height, h - b.top);
	for (unsigned i = 0; i < 4; i++) {
		int w_turned = i % 2 ? h : w, h_turned = i % 2 ? w : h;
		struct box there = box_turned_back(b, 4 - i, w_turned, h_turned),
			   back = box_turned_back(there, i, w, h);

		if (memcmp(&b, &back, sizeof b) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_VAL(buf) date = buf_init(64), text = buf_init(1 << 20);
	uint64_t hash = 0;

	parts(data, n);
	boxes(data, n);
	if (n > 1 && data[0] && n % data[0] == 0 &&
	    picture_hash(data, data[0], n / data[0], &hash) && picture_distance(hash, hash))
		abort();
	buf_add(&text, data, n);
	picture_date(buf_peek(&text), "+01:00", &date);
	if (date.full)
		abort();
	if (n && *data == '<') {
		struct output o;

		output_init(&o, -1, 1 << 20);
		picture_xmp(data, n, &o);
		output_done(&o);
	}
	return 0;
}
