/* A text as a QR code (ISO/IEC 18004), by libqrencode: the path of an SVG picture, a unit for each module. */
#include <qrencode.h>
#include <string.h>

#include "desk/steps.h"

enum { QUIET = 4, PATH_MAX_BYTES = 1 << 18 };

const char *
qr_path(struct arena *a, const char *text, uint64_t *ret_size)
{
	QRcode *q = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	AUTO_VAL(buf) b = buf_init(PATH_MAX_BYTES);

	if (!q)
		return NULL;
	for (int y = 0; y < q->width; y++)
		for (int x = 0, end; x < q->width; x = end + 1) {
			/* The lowest bit says that it is dark; those in a row are one piece. */
			for (end = x; end < q->width && q->data[y * q->width + end] & 1;)
				end++;
			if (end > x)
				buf_printf(&b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET,
				    end - x, end - x);
		}
	*ret_size = (uint64_t)q->width + 2 * QUIET;
	QRcode_free(q);
	return b.full ? NULL : arena_str(a, buf_peek(&b));
}
