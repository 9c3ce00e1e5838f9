/* One picture out of a video. */
#include "extract/media/media_private.h"

struct search {
	struct media_file *m;
	const AVStream *st;
	AVCodecContext *decoder;
	AVFrame *best,
	    *next; /* best: the last one at or before the time; without data: none yet */
	uint64_t wanted;
	bool done;
};

/* Takes what the decoder has ready. */
static void
take_frames(struct search *s)
{
	while (!s->done && avcodec_receive_frame(s->decoder, s->next) == 0) {
		uint64_t at = media_time(s->m, s->st, s->next->best_effort_timestamp);

		if (s->best->data[0] && at > s->wanted) {
			s->done = true;
			break;
		}
		av_frame_unref(s->best);
		av_frame_move_ref(s->best, s->next);
		s->done = at >= s->wanted;
	}
	av_frame_unref(s->next);
}

static void
look(struct search *s)
{
	AVPacket *packet = av_packet_alloc();

	if (!packet)
		abort();
	while (!s->done && av_read_frame(s->m->format, packet) >= 0) {
		if (packet->stream_index == s->st->index)
			media_memory(avcodec_send_packet(s->decoder, packet));
		take_frames(s);
		av_packet_unref(packet);
	}
	if (!s->done && avcodec_send_packet(s->decoder, NULL) == 0)
		take_frames(s); /* those it held back */
	av_packet_free(&packet);
}

/* To the key frame before the time, so many milliseconds earlier; or to the beginning, where that cannot be searched. */
static void
go_there(struct search *s, uint64_t earlier)
{
	static const AVRational milliseconds = { 1, 1000 };
	AVFormatContext *f = s->m->format;
	int64_t to = av_rescale_q(
	    (int64_t)(s->wanted - MIN(earlier, s->wanted)), milliseconds, s->st->time_base);

	if (f->start_time != AV_NOPTS_VALUE && f->start_time > 0)
		to += av_rescale_q(f->start_time, AV_TIME_BASE_Q, s->st->time_base);
	if ((earlier > s->wanted ||
		av_seek_frame(f, s->st->index, to, AVSEEK_FLAG_BACKWARD) < 0) &&
	    av_seek_frame(f, -1, 0, AVSEEK_FLAG_BYTE) < 0 &&
	    av_seek_frame(f, s->st->index, 0, AVSEEK_FLAG_BACKWARD) < 0)
		avformat_seek_file(f, -1, INT64_MIN, 0, INT64_MAX, 0);
	avcodec_flush_buffers(s->decoder);
	av_frame_unref(s->best);
	s->done = false;
}

static bool
is_later(const struct search *s)
{
	return media_time(s->m, s->st, s->best->best_effort_timestamp) > s->wanted;
}

static bool
find_frame(struct search *s, struct err *e)
{
	enum { FIRST_STEP = 2000 };
	int64_t all = s->m->format->duration;

	if (all > 0)
		s->wanted = MIN(s->wanted, (uint64_t)all / (AV_TIME_BASE / 1000));
	for (unsigned i = 0; i < s->m->format->nb_streams; i++)
		s->m->format->streams[i]->discard =
		    (int)i == s->st->index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
	/* Streams without an index are searched for a time, not for a key frame: the next one may be too late. */
	for (uint64_t earlier = 0; !s->best->data[0] || is_later(s);
	     earlier = earlier ? earlier * 4 : FIRST_STEP) {
		go_there(s, earlier);
		look(s);
		if (earlier > s->wanted)
			break;
	}
	if (s->best->data[0])
		return true;
	return err_set(e, ERR_DAMAGED, "no picture of the video can be decoded there");
}

static bool
answer(struct search *s, unsigned size, struct output *o, struct err *e)
{
	AUTO_VAL(buf) b = buf_init((size_t)o->text_max);
	AVRational aspect = av_guess_sample_aspect_ratio(
	    s->m->format, s->m->format->streams[s->st->index], s->best);
	struct turn turn;
	bool turns = turn_of(s->st, &turn);

	if (!picture_encode(s->best, aspect, turns ? &turn : NULL, size, &b, e))
		return false;
	output_file(o, "picture.jpg");
	output_bytes(o, b.p, b.n);
	output_file_end(o);
	output_end(o, "");
	return true;
}

static bool
frame_of(
    struct media_file *m, uint64_t milliseconds, unsigned size, struct output *o, struct err *e)
{
	struct search s = { .m = m, .st = media_video(m), .wanted = milliseconds };
	bool ok;

	if (!s.st)
		return err_set(e, ERR_MISSING, "there is no video in it");
	s.decoder = media_decoder(s.st);
	if (!s.decoder)
		return err_set(e, ERR_INVALID, "its video (%s) cannot be decoded",
		    avcodec_get_name(s.st->codecpar->codec_id));
	s.best = av_frame_alloc();
	s.next = av_frame_alloc();
	if (!s.best || !s.next)
		abort();
	ok = find_frame(&s, e) && answer(&s, size, o, e);
	av_frame_free(&s.best);
	av_frame_free(&s.next);
	avcodec_free_context(&s.decoder);
	return ok;
}

bool
frame_extract(const void *p, size_t n, uint64_t milliseconds, unsigned size, struct output *o,
    struct err *e)
{
	enum { SIZE_MAX_PIXELS = 8192 };
	static const uint64_t far = UINT64_C(1) << 40; /* 35 years */
	AUTO_VAL(media_file) m = { 0 };

	return media_open(&m, p, n, e) &&
	    frame_of(&m, MIN(milliseconds, far), MIN(size, (unsigned)SIZE_MAX_PIXELS), o, e);
}
