/* The perceptual hash of a picture, and boxes in pictures that were turned. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "extract/picture/picture_private.h"

enum { SIDE = 32, KEPT = 8, BITS = KEPT * KEPT };

/* How much of pixel `at` of so many lies in part i of SIDE, in parts of a pixel (1 / SIDE). */
static size_t
overlap(size_t at, size_t i, size_t pixels)
{
	size_t from = MAX(at * SIDE, i * pixels), to = MIN((at + 1) * SIDE, (i + 1) * pixels);

	return to > from ? to - from : 0;
}

/* The mean of a part of SIDE x SIDE, where pixels at its edges count for as much of them as lies in it. */
static double
mean(const uint8_t *gray, size_t width, size_t height, size_t row, size_t col)
{
	double sum = 0;

	for (size_t y = row * height / SIDE; y < height && y * SIDE < (row + 1) * height; y++)
		for (size_t x = col * width / SIDE; x < width && x * SIDE < (col + 1) * width;
		     x++)
			sum += (double)gray[y * width + x] *
			    (double)(overlap(y, row, height) * overlap(x, col, width));
	return sum / ((double)width * (double)height);
}

static void
shrink(const uint8_t *gray, size_t width, size_t height, double ret[SIDE][SIDE])
{
	for (size_t i = 0; i < SIDE; i++)
		for (size_t k = 0; k < SIDE; k++)
			ret[i][k] = mean(gray, width, height, i, k);
}

/* DCT-II of the rows, then of the columns, of the frequencies 1 to KEPT alone. Scale does not matter here. */
static void
transform(double in[SIDE][SIDE], double ret[BITS])
{
	double wave[KEPT][SIDE], rows[SIDE][KEPT] = { 0 };

	for (size_t f = 0; f < KEPT; f++)
		for (size_t i = 0; i < SIDE; i++)
			wave[f][i] =
			    cos(M_PI * (double)(f + 1) * ((double)i + 0.5) / (double)SIDE);
	for (size_t y = 0; y < SIDE; y++)
		for (size_t f = 0; f < KEPT; f++)
			for (size_t x = 0; x < SIDE; x++)
				rows[y][f] += in[y][x] * wave[f][x];
	memset(ret, 0, BITS * sizeof *ret);
	for (size_t v = 0; v < KEPT; v++)
		for (size_t u = 0; u < KEPT; u++)
			for (size_t y = 0; y < SIDE; y++)
				ret[v * KEPT + u] += rows[y][u] * wave[v][y];
}

static int
ascending(const void *p, const void *q)
{
	double a = *(const double *)p, b = *(const double *)q;

	return (a > b) - (a < b);
}

bool
picture_hash(const uint8_t *gray, size_t width, size_t height, uint64_t *ret)
{
	static const double blank = 50; /* a shade that differs by a tenth over the whole */
	double small[SIDE][SIDE], c[BITS], sorted[BITS], most = 0;
	uint64_t hash = 0;

	if (!width || !height)
		return false;
	shrink(gray, width, height, small);
	transform(small, c);
	memcpy(sorted, c, sizeof sorted);
	qsort(sorted, BITS, sizeof *sorted, ascending);
	for (size_t i = 0; i < BITS; i++) {
		most = MAX(most, fabs(c[i]));
		hash = hash << 1 | (c[i] > (sorted[BITS / 2 - 1] + sorted[BITS / 2]) / 2);
	}
	if (most < blank)
		return false;
	*ret = hash;
	return true;
}

unsigned
picture_distance(uint64_t a, uint64_t b)
{
	return (unsigned)__builtin_popcountll(a ^ b);
}

struct box
box_turned_back(struct box b, unsigned quarters, int width, int height)
{
	switch (quarters % 4) {
	case 1: /* what was at the left is at the top */
		return (struct box){ b.top, height - b.left - b.width, b.height, b.width };
	case 2:
		return (struct box){ width - b.left - b.width, height - b.top - b.height,
			b.width, b.height };
	case 3:
		return (struct box){ width - b.top - b.height, b.left, b.height, b.width };
	default:
		return b;
	}
}

struct box
box_scaled(struct box b, double by)
{
	int left = (int)floor(b.left * by), top = (int)floor(b.top * by);

	return (struct box){ left, top, (int)ceil((b.left + b.width) * by) - left,
		(int)ceil((b.top + b.height) * by) - top };
}
