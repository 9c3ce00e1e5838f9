/* Containers from bytes in memory. What FFmpeg could open besides is barred three times: it is given no protocol,
 * asks a function that refuses, and reads no kind of file that only names others. */
#include <libavutil/avutil.h>
#include <libavutil/log.h>
#include <string.h>
#include <time.h>

#include "extract/media/media_private.h"

/* By FFmpeg's names. "srt" and "ass" are for tracks of AVI. */
static const char containers[] = "mov,matroska,avi,mpeg,mpegts,mpegvideo,asf,flv,mp3,aac,"
				 "ogg,flac,wav,w64,aiff,amr,amrnb,amrwb,srt,ass";

/* Decoders that are kept and fuzzed, for what is common in evidence: without oddities of old games and machines. */
static const char decoders[] =
    "h264,hevc,vp8,vp9,libdav1d,mpeg1video,mpeg2video,mpegvideo,mpeg4,h261,h263,h263i,h263p,"
    "msmpeg4,msmpeg4v1,msmpeg4v2,wmv1,wmv2,wmv3,vc1,flv,vp6,vp6f,vp6a,theora,mjpeg,mjpegb,dvvideo,"
    "prores,dnxhd,rawvideo,svq1,svq3,cinepak,rpza,qtrle,huffyuv,ffv1,png,gif,bmp,webp,tiff,"
    "aac,aac_latm,mp3float,mp3,mp2float,mp2,mp1float,vorbis,opus,flac,alac,ac3,eac3,dca,amrnb,"
    "amrwb,wmav1,wmav2,wmapro,wmalossless,wmavoice,truehd,speex,gsm,gsm_ms,nellymoser,"
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,"
    "pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,adpcm_ima_wav,adpcm_ms,adpcm_ima_qt,adpcm_swf,"
    "mov_text,subrip,srt,ass,ssa,webvtt,text,cc_dec";

/* An assertion of the library that fails is a crash, not a lack of memory, as which abort() counts. */
static void
quiet(void *about, int level, const char *fmt, va_list args)
{
	(void)about;
	(void)fmt;
	(void)args;
	if (level == AV_LOG_PANIC)
		__builtin_trap();
}

void
media_prepare(void)
{
	AVFrame *f = av_frame_alloc();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct err e;

	av_log_set_callback(quiet);
	tzset(); /* looks for a file, before it takes TZ as it is */
	f->width = f->height = 16;
	f->format = AV_PIX_FMT_YUV420P;
	/* Tables for scaling and for JPEG are made here, once for all children. */
	if (av_frame_get_buffer(f, 0) == 0) {
		for (int i = 0; i < 3; i++)
			memset(f->data[i], 0, (size_t)(f->linesize[i] * (i ? 8 : 16)));
		if (!picture_encode(f, (AVRational){ 1, 1 }, NULL, 8, &b, &e))
			buf_reset(&b);
	}
	av_frame_free(&f);
}

static int
read_some(void *of, uint8_t *to, int n)
{
	struct media_file *m = of;
	size_t some = MIN((size_t)n, m->n - m->at);

	if (!some)
		return AVERROR_EOF;
	memcpy(to, m->p + m->at, some);
	m->at += some;
	return (int)some;
}

static int64_t
seek(void *of, int64_t to, int whence)
{
	struct media_file *m = of;

	whence &= ~AVSEEK_FORCE;
	if (whence == AVSEEK_SIZE)
		return (int64_t)m->n;
	if (whence == SEEK_CUR)
		to += (int64_t)m->at;
	else if (whence == SEEK_END)
		to += (int64_t)m->n;
	if (to < 0 || (uint64_t)to > m->n)
		return AVERROR(EINVAL);
	m->at = (size_t)to;
	return to;
}

static int
refuse(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
	(void)s;
	(void)pb;
	(void)url;
	(void)flags;
	(void)options;
	return AVERROR(EPERM);
}

/* FFmpeg says that memory ran out also of lengths in a damaged file that are beyond all bounds: then there is some left. */
void
media_memory(int code)
{
	enum { SOME = 64 << 20 };
	void *p = code == AVERROR(ENOMEM) ? av_malloc(SOME) : NULL;

	if (code == AVERROR(ENOMEM) && !p)
		abort(); /* main_media.c has its own */
	av_free(p);
}

bool
media_failed(int code, const char *what, struct err *e)
{
	char why[AV_ERROR_MAX_STRING_SIZE];

	media_memory(code);
	if (code == AVERROR(ENOMEM))
		return err_set(
		    e, ERR_DAMAGED, "%s, or asks for more memory than there is", what);
	if (code == AVERROR_INVALIDDATA || code == AVERROR_EOF)
		return err_set(e, ERR_DAMAGED, "%s", what);
	av_strerror(code, why, sizeof why);
	return err_set(e, ERR_DAMAGED, "%s (%s)", what, why);
}

static AVFormatContext *
new_format(struct media_file *m)
{
	enum { STREAMS_MAX = 200 };
	AVFormatContext *f = avformat_alloc_context();

	if (!f)
		abort();
	f->pb = m->io;
	f->flags |= AVFMT_FLAG_CUSTOM_IO;
	f->io_open = refuse;
	f->max_streams = STREAMS_MAX;
	f->format_whitelist = av_strdup(containers);
	f->codec_whitelist = av_strdup(decoders);
	f->protocol_whitelist = av_strdup("");
	if (!f->format_whitelist || !f->codec_whitelist || !f->protocol_whitelist)
		abort();
	return f;
}

bool
media_open(struct media_file *m, const void *p, size_t n, struct err *e)
{
	enum { PIECE = 32 * 1024 };
	uint8_t *piece = av_malloc(PIECE);
	int code;

	*m = (struct media_file){ .p = p, .n = n };
	m->io = piece ? avio_alloc_context(piece, PIECE, 0, m, read_some, NULL, seek) : NULL;
	if (!m->io)
		abort();
	m->format = new_format(m);
	code = avformat_open_input(&m->format, "", NULL, NULL); /* frees it if it fails */
	if (code < 0)
		return media_failed(code,
		    "the recording is damaged, or cut short before it says what is in it", e);
	code = avformat_find_stream_info(m->format, NULL);
	media_memory(code);
	m->streams_known = code >= 0;
	return true;
}

void
media_close(struct media_file *m)
{
	avformat_close_input(&m->format);
	if (m->io)
		av_freep(&m->io->buffer);
	avio_context_free(&m->io);
}

AVCodecContext *
media_decoder(const AVStream *st)
{
	enum { PIXELS_MAX = 1 << 27 };
	const AVCodec *codec = avcodec_find_decoder(st->codecpar->codec_id);
	AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;

	if (!c)
		return NULL;
	c->thread_count = 1;
	c->max_pixels = PIXELS_MAX;
	c->codec_whitelist = av_strdup(decoders);
	c->pkt_timebase = st->time_base;
	if (c->codec_whitelist && avcodec_parameters_to_context(c, st->codecpar) >= 0 &&
	    avcodec_open2(c, codec, NULL) >= 0)
		return c;
	avcodec_free_context(&c);
	return NULL;
}

uint64_t
media_time(const struct media_file *m, const AVStream *st, int64_t t)
{
	static const AVRational milliseconds = { 1, 1000 };
	int64_t start = m->format->start_time, ms;

	if (t == AV_NOPTS_VALUE)
		return 0;
	ms = av_rescale_q(t, st->time_base, milliseconds);
	if (start != AV_NOPTS_VALUE && start > 0)
		ms -= start / (AV_TIME_BASE / 1000);
	return ms > 0 ? (uint64_t)ms : 0;
}

bool
media_is_cover(const AVStream *st)
{
	return st->disposition & AV_DISPOSITION_ATTACHED_PIC;
}

AVStream *
media_video(const struct media_file *m)
{
	AVStream *best = NULL;

	for (unsigned i = 0; i < m->format->nb_streams; i++) {
		AVStream *st = m->format->streams[i];

		if (st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !media_is_cover(st) &&
		    (!best ||
			((st->disposition & AV_DISPOSITION_DEFAULT) &&
			    !(best->disposition & AV_DISPOSITION_DEFAULT))))
			best = st;
	}
	return best;
}

void
media_codec_name(const AVStream *st, struct buf *ret)
{
	char letters[AV_FOURCC_MAX_STRING_SIZE];
	uint32_t tag = st->codecpar->codec_tag;
	enum AVCodecID id = st->codecpar->codec_id;

	if (id != AV_CODEC_ID_NONE && id != AV_CODEC_ID_BIN_DATA)
		buf_str(ret, avcodec_get_name(id));
	else
		buf_str(ret, tag ? av_fourcc_make_string(letters, tag) : "unknown");
}
