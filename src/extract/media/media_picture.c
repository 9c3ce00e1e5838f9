/* A frame as JPEG: scaled, its pixels made square, turned upright. */
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
#include <math.h>
#include <string.h>

#include "extract/media/media_private.h"

enum { RGB = 3 };

static const int32_t *
matrix_of(const AVStream *st)
{
	size_t n = 0;
	const uint8_t *p = av_stream_get_side_data(st, AV_PKT_DATA_DISPLAYMATRIX, &n);

	return p && n >= 9 * sizeof(int32_t) ? (const int32_t *)(const void *)p : NULL;
}

static int
sign(int32_t v)
{
	return (v > 0) - (v < 0);
}

bool
turn_of(const AVStream *st, struct turn *ret)
{
	const int32_t *m = matrix_of(st);
	struct turn t;

	if (!m)
		return false;
	t = (struct turn){ sign(m[0]), sign(m[1]), sign(m[3]), sign(m[4]) };
	if (abs(t.a) + abs(t.b) != 1 || t.a * t.d - t.b * t.c == 0 || abs(t.a) != abs(t.d))
		return false;
	*ret = t;
	return true;
}

unsigned
turn_number(const AVStream *st)
{
	static const struct turn turns[] = { { 1, 0, 0, 1 }, { -1, 0, 0, 1 }, { -1, 0, 0, -1 },
		{ 1, 0, 0, -1 }, { 0, 1, 1, 0 }, { 0, 1, -1, 0 }, { 0, -1, -1, 0 },
		{ 0, -1, 1, 0 } };
	struct turn t;

	for (unsigned i = 0; turn_of(st, &t) && i < LEN(turns); i++)
		if (memcmp(&t, &turns[i], sizeof t) == 0)
			return i + 1;
	return 1;
}

/* Of both matrices only YUV ones matter; where none is said, HD and SD have their habits. */
static void
set_colours(struct SwsContext *s, const AVFrame *f)
{
	int space = f->colorspace;
	const int *from;

	if (space == AVCOL_SPC_UNSPECIFIED)
		space = f->height >= 720 ? SWS_CS_ITU709 : SWS_CS_DEFAULT;
	from = sws_getCoefficients(space);
	sws_setColorspaceDetails(s, from, f->color_range == AVCOL_RANGE_JPEG,
	    sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
}

/* A new frame of w x h pixels. NULL: this frame cannot be made one. */
static AVFrame *
scaled(const AVFrame *f, int w, int h, enum AVPixelFormat format)
{
	AVFrame *to = av_frame_alloc();
	struct SwsContext *s;
	bool ok;

	if (!to)
		abort();
	to->width = w;
	to->height = h;
	to->format = format;
	to->color_range = AVCOL_RANGE_JPEG;
	s = sws_getContext(f->width, f->height, f->format, w, h, format,
	    SWS_AREA | SWS_ACCURATE_RND, NULL, NULL, NULL);
	if (s && format == AV_PIX_FMT_RGB24)
		set_colours(s, f);
	ok = s && av_frame_get_buffer(to, 0) == 0 &&
	    sws_scale(s, (const uint8_t *const *)f->data, f->linesize, 0, f->height, to->data,
		to->linesize) == h;
	sws_freeContext(s);
	if (!ok)
		av_frame_free(&to);
	return to;
}

/* Each pixel to where the turn puts it. */
static AVFrame *
turned(const AVFrame *f, const struct turn *t)
{
	AVFrame *to = av_frame_alloc();
	bool across = t->a == 0;
	int dx = t->a + t->c < 0, dy = t->b + t->d < 0;

	if (!to)
		abort();
	to->width = across ? f->height : f->width;
	to->height = across ? f->width : f->height;
	to->format = f->format;
	to->color_range = f->color_range;
	if (av_frame_get_buffer(to, 0))
		abort();
	for (int y = 0; y < f->height; y++) {
		const uint8_t *from = f->data[0] + (ptrdiff_t)y * f->linesize[0];

		for (int x = 0; x < f->width; x++) {
			int tx = t->a * x + t->c * y + dx * (to->width - 1),
			    ty = t->b * x + t->d * y + dy * (to->height - 1);

			memcpy(to->data[0] + (ptrdiff_t)ty * to->linesize[0] + RGB * tx,
			    from + RGB * x, RGB);
		}
	}
	return to;
}

static AVCodecContext *
jpeg_encoder(const AVFrame *f)
{
	enum { QUALITY = 3 }; /* 2 best, 31 least */
	const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
	AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;

	if (!c)
		return NULL;
	c->width = f->width;
	c->height = f->height;
	c->pix_fmt = f->format;
	c->color_range = AVCOL_RANGE_JPEG;
	c->time_base = (AVRational){ 1, 1 };
	c->thread_count = 1;
	c->flags = AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
	c->global_quality = QUALITY * FF_QP2LAMBDA;
	if (avcodec_open2(c, codec, NULL) < 0)
		avcodec_free_context(&c);
	return c;
}

static bool
encode(AVFrame *f, struct buf *ret)
{
	AVCodecContext *c = jpeg_encoder(f);
	AVPacket *packet = av_packet_alloc();
	bool ok;

	if (!packet)
		abort();
	if (c)
		f->quality = c->global_quality;
	f->pict_type = AV_PICTURE_TYPE_NONE;
	f->pts = 0;
	ok = c && avcodec_send_frame(c, f) == 0 && avcodec_receive_packet(c, packet) == 0;
	if (ok)
		buf_add(ret, packet->data, (size_t)packet->size);
	av_packet_free(&packet);
	avcodec_free_context(&c);
	return ok;
}

/* Width and height as they are shown. */
static void
size_of(const AVFrame *f, AVRational aspect, unsigned size, int *ret_w, int *ret_h)
{
	enum { NARROW = 16 }; /* pixels so many times wider than high are a lie */
	double w = f->width, h = f->height, much, ratio;

	ratio = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
	if (ratio > 1 && ratio < NARROW)
		w *= ratio;
	else if (ratio < 1 && ratio > 1.0 / NARROW)
		h /= ratio;
	much = MAX(w, h) / size;
	if (much > 1) {
		w /= much;
		h /= much;
	}
	*ret_w = (int)MAX(lround(w), 1L);
	*ret_h = (int)MAX(lround(h), 1L);
}

bool
picture_encode(AVFrame *f, AVRational aspect, const struct turn *turn, unsigned size,
    struct buf *ret, struct err *e)
{
	AVFrame *rgb, *upright, *jpeg;
	bool ok;
	int w, h;

	size_of(f, aspect, MAX(size, 1U), &w, &h);
	rgb = scaled(f, w, h, AV_PIX_FMT_RGB24);
	upright = rgb && turn ? turned(rgb, turn) : NULL;
	if (upright)
		av_frame_free(&rgb);
	else
		upright = rgb;
	jpeg = upright ? scaled(upright, upright->width, upright->height, AV_PIX_FMT_YUVJ420P) :
			 NULL;
	ok = jpeg && encode(jpeg, ret);
	av_frame_free(&upright);
	av_frame_free(&jpeg);
	if (ok && !ret->full)
		return true;
	return err_set(e, ERR_DAMAGED, "this picture of the video cannot be made a JPEG");
}
