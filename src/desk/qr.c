/* A text as a QR code (ISO/IEC 18004), by libqrencode: pieces of its rows, a unit for each module. */
#include <qrencode.h>

#include "desk/pages/views_factor.h"
#include "desk/steps.h"

enum { QUIET = 4 };

const struct qr_run *
qr_runs(struct arena *a, const char *text, size_t *ret_n, uint64_t *ret_side)
{
	QRcode *q = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct qr_run *all;
	size_t n = 0;

	if (!q)
		return NULL;
	all = arena_alloc(a, (size_t)q->width * (size_t)q->width * sizeof *all);
	for (int y = 0; y < q->width; y++)
		for (int x = 0, end; x < q->width; x = end + 1) {
			/* The lowest bit says that it is dark; those in a row are one piece. */
			for (end = x; end < q->width && q->data[y * q->width + end] & 1;)
				end++;
			if (end > x)
				all[n++] = (struct qr_run){ (uint64_t)x + QUIET,
					(uint64_t)y + QUIET, (uint64_t)(end - x) };
		}
	*ret_n = n;
	*ret_side = (uint64_t)q->width + 2 * QUIET;
	QRcode_free(q);
	return all;
}
