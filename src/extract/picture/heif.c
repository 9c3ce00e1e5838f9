/* HEIC and AVIF through libheif. */
#include <dlfcn.h>
#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/picture/raster_private.h"

/* Stand before the decoders' own, which would start threads: those are forbidden, and not needed. The first one's result
 * the library does not look at; with no thread it decodes in the caller's. */
int de265_start_worker_threads(void *decoder, int n);
int dav1d_open(void **ret, void *settings);

int
de265_start_worker_threads(void *decoder, int n)
{
	(void)decoder, (void)n;
	return 0;
}

/* The number of threads is the first of dav1d's settings. */
int
dav1d_open(void **ret, void *settings)
{
	int (*real)(void **, void *);

	*(void **)&real = dlsym(RTLD_NEXT, "dav1d_open");
	*(int *)settings = 1;
	return real ? real(ret, settings) : -1;
}

void
heif_prepare(void)
{
	(void)heif_init(NULL);
	(void)dlsym(RTLD_NEXT, "dav1d_open"); /* so that it has been looked up once */
}

struct file {
	struct heif_context *context;
	struct heif_image_handle *handle;
};

static void
file_close(struct file *f)
{
	heif_image_handle_release(f->handle);
	heif_context_free(f->context);
}

static bool
file_open(const void *p, size_t n, struct file *ret, struct err *e)
{
	struct file f = { .context = heif_context_alloc() };
	struct heif_error bad;

	heif_context_set_max_decoding_threads(f.context, 0);
	bad = heif_context_read_from_memory_without_copy(f.context, p, n, NULL);
	if (bad.code == heif_error_Ok)
		bad = heif_context_get_primary_image_handle(f.context, &f.handle);
	if (bad.code != heif_error_Ok) {
		err_set(e, ERR_DAMAGED, "the picture is damaged: %.120s", bad.message);
		heif_context_free(f.context); /* which holds the message */
		return false;
	}
	*ret = f;
	return true;
}

/* Four bytes say where the block begins within itself, behind them. */
static void
take_exif(const struct file *f, struct raster_head *ret)
{
	enum { LEAD = 4, MOST = 1 << 20 };
	heif_item_id id;
	uint8_t *block;
	size_t n, at;

	if (heif_image_handle_get_list_of_metadata_block_IDs(f->handle, "Exif", &id, 1) != 1)
		return;
	n = heif_image_handle_get_metadata_size(f->handle, id);
	if (n < LEAD + 8 || n > MOST)
		return;
	block = mem_alloc(n);
	at = heif_image_handle_get_metadata(f->handle, id, block).code == heif_error_Ok ? LEAD +
		(((size_t)block[0] << 24) | ((size_t)block[1] << 16) | ((size_t)block[2] << 8) |
		    block[3]) :
											  n;
	if (at >= n) {
		free(block);
		return;
	}
	memmove(block, block + at, n - at);
	ret->exif = block;
	ret->exif_n = n - at;
}

bool
heif_look(const void *p, size_t n, struct raster_head *ret, struct err *e)
{
	struct file f;

	if (!file_open(p, n, &f, e))
		return false;
	ret->heif = true;
	ret->width = (size_t)MAX(heif_image_handle_get_width(f.handle), 0);
	ret->height = (size_t)MAX(heif_image_handle_get_height(f.handle), 0);
	take_exif(&f, ret);
	file_close(&f);
	return true;
}

struct Pix *
heif_read(const void *p, size_t n, enum raster_colour colour, struct err *e)
{
	struct heif_image *image = NULL;
	struct Pix *pix = NULL;
	struct heif_error bad;
	struct file f;
	int row = 0;

	if (!file_open(p, n, &f, e))
		return NULL;
	bad = heif_decode_image(
	    f.handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL);
	if (bad.code == heif_error_Ok) {
		const uint8_t *rgb =
		    heif_image_get_plane_readonly(image, heif_channel_interleaved, &row);

		pix = rgb ? raster_make(rgb,
				(size_t)heif_image_get_width(image, heif_channel_interleaved),
				(size_t)heif_image_get_height(image, heif_channel_interleaved),
				(size_t)row, RASTER_COLOUR) :
			    NULL;
	}
	heif_image_release(image);
	if (!pix)
		err_set(e, ERR_DAMAGED, "the picture's pixels cannot be read: %.120s",
		    bad.code ? bad.message : "no pixels");
	file_close(&f); /* which holds the message */
	if (pix && colour == RASTER_GREY)
		pix = raster_grey(pix);
	return pix;
}
