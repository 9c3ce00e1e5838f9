/* The text of a recording: lyrics, chapters, subtitles. One pass over the packets also tells where the key frames are,
 * and how far the recording goes. */
#include <inttypes.h>
#include <string.h>

#include "extract/media/media_private.h"

/* Something said at a time. */
struct cue {
	unsigned track; /* 0: a chapter; else the stream's number, from 1 */
	unsigned serial;
	uint64_t start;
	size_t at, n; /* in `said` */
};

struct telling {
	struct media_file *m;
	struct buf said, cues;
	struct media_told *told;
	AVCodecContext **decoders; /* by stream; NULL: no subtitles that can be read */
};

static void
add_cue(struct telling *t, unsigned track, uint64_t start, size_t from)
{
	struct cue c = { .track = track,
		.serial = (unsigned)(t->cues.n / sizeof c),
		.start = start,
		.at = from,
		.n = t->said.n - from };

	if (c.n)
		buf_add(&t->cues, &c, sizeof c);
}

/* What stands in a field of an event of ASS; moves on to the next. */
static const char *
next_field(const char **at, size_t *ret_n)
{
	const char *from = *at;

	*ret_n = strcspn(from, ",");
	*at = from + *ret_n + (from[*ret_n] == ',');
	return from;
}

/* How many bytes of an override ({\i1}) are here; *drawing: the text behind it is a drawing. */
static size_t
override_here(const char *s, bool *drawing)
{
	const char *end = strchr(s, '}'), *p;

	if (!end)
		return 0;
	for (p = s; p < end; p++)
		if (p[0] == '\\' && p[1] == 'p' && p[2] >= '0' && p[2] <= '9')
			*drawing = p[2] != '0';
	return (size_t)(end - s) + 1;
}

static void
add_plain(struct buf *b, const char *s)
{
	bool drawing = false, closed = strchr(s, '}') != NULL;

	while (*s && !b->full) {
		size_t n = *s == '{' && closed ? override_here(s, &drawing) : 0;

		if (n) {
			s += n;
			continue;
		}
		closed &= *s != '{'; /* no end anywhere further on */
		if (s[0] == '\\' && s[1] && strchr("Nnh", s[1])) {
			buf_byte(b, s[1] == 'h' ? ' ' : '\n');
			s += 2;
			continue;
		}
		if (!drawing && *s != '\r')
			buf_byte(b, (uint8_t)*s);
		s++;
	}
}

/* ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect, Text: the name is who speaks. */
static void
add_event(struct buf *b, const char *s)
{
	enum { BEFORE_TEXT = 8, NAME = 3 };
	size_t n;

	for (int i = 0; i < BEFORE_TEXT; i++) {
		const char *from = next_field(&s, &n);

		if (i != NAME || !n)
			continue;
		buf_add(b, from, n);
		buf_str(b, ": ");
	}
	add_plain(b, s);
}

static void
trim(struct buf *b, size_t from)
{
	while (b->n > from && strchr(" \n\t", b->p[b->n - 1]))
		b->n--;
}

static void
take_subtitle(struct telling *t, const AVStream *st, AVPacket *packet)
{
	AVSubtitle s = { 0 };
	int got = 0;
	size_t from = t->said.n;
	uint64_t start = media_time(t->m, st, packet->pts);

	if (avcodec_decode_subtitle2(t->decoders[st->index], &s, &got, packet) < 0 || !got)
		return;
	for (unsigned i = 0; i < s.num_rects; i++) {
		const AVSubtitleRect *r = s.rects[i];

		if (t->said.n > from)
			buf_byte(&t->said, '\n');
		if (r->type == SUBTITLE_ASS && r->ass)
			add_event(&t->said, r->ass);
		else if (r->type == SUBTITLE_TEXT && r->text)
			buf_str(&t->said, r->text);
		trim(&t->said, from);
	}
	avsubtitle_free(&s);
	add_cue(t, (unsigned)st->index + 1, start, from);
}

/* Only so many are kept: of twice as many every other one goes. */
static void
take_key_frame(struct media_told *told, uint64_t at)
{
	if (told->seen++ % told->step)
		return;
	if (told->n_moments == MOMENTS_MAX) {
		for (size_t i = 0; i < MOMENTS_MAX / 2; i++)
			told->moments[i] = told->moments[2 * i];
		told->n_moments /= 2;
		told->step *= 2;
	}
	told->moments[told->n_moments++] = at;
}

static void
take_packet(struct telling *t, const AVStream *video, AVPacket *packet)
{
	const AVStream *st = t->m->format->streams[packet->stream_index];
	int64_t at = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;

	if (media_is_cover(st))
		return;
	if (at != AV_NOPTS_VALUE)
		t->told->last =
		    MAX(t->told->last, media_time(t->m, st, at + MAX(packet->duration, 0)));
	if (st == video && packet->flags & AV_PKT_FLAG_KEY)
		take_key_frame(t->told, media_time(t->m, st, at));
	if (t->decoders[st->index])
		take_subtitle(t, st, packet);
}

static bool
is_text(const AVStream *st)
{
	const AVCodecDescriptor *d = avcodec_descriptor_get(st->codecpar->codec_id);

	return d && d->props & AV_CODEC_PROP_TEXT_SUB;
}

/* Packets of no use are not read; of video only key frames are. A recording of sound alone is read for its length. */
static void
choose_streams(struct telling *t, const AVStream *video)
{
	AVFormatContext *f = t->m->format;
	const AVStream *sound = NULL;

	for (unsigned i = 0; i < f->nb_streams; i++) {
		AVStream *st = f->streams[i];
		enum AVMediaType type = st->codecpar->codec_type;

		st->discard = AVDISCARD_ALL;
		if (type == AVMEDIA_TYPE_SUBTITLE) {
			t->decoders[i] = is_text(st) ? media_decoder(st) : NULL;
			st->discard = t->decoders[i] ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
			t->told->unread += !t->decoders[i];
		} else if (st == video) {
			st->discard = AVDISCARD_NONKEY;
		} else if (type == AVMEDIA_TYPE_AUDIO && !video && !sound) {
			st->discard = AVDISCARD_DEFAULT;
			sound = st;
		}
	}
}

static void
read_packets(struct telling *t)
{
	const AVStream *video = media_video(t->m);
	AVFormatContext *f = t->m->format;
	AVPacket *packet = av_packet_alloc();
	unsigned n = f->nb_streams; /* more may be found on the way */
	int code;

	t->decoders = av_calloc(n + 1, sizeof *t->decoders);
	if (!packet || !t->decoders)
		abort();
	choose_streams(t, video);
	while ((code = av_read_frame(f, packet)) >= 0) {
		if (packet->stream_index >= 0 && (unsigned)packet->stream_index < n)
			take_packet(t, video, packet);
		av_packet_unref(packet);
	}
	t->told->code = code == AVERROR_EOF ? 0 : code;
	media_memory(code);
	for (unsigned i = 0; i < n; i++)
		avcodec_free_context(&t->decoders[i]);
	av_freep(&t->decoders);
	av_packet_free(&packet);
}

static void
take_chapters(struct telling *t)
{
	const AVFormatContext *f = t->m->format;
	static const AVRational milliseconds = { 1, 1000 };

	for (unsigned i = 0; i < f->nb_chapters; i++) {
		const AVChapter *c = f->chapters[i];
		const AVDictionaryEntry *title = av_dict_get(c->metadata, "title", NULL, 0);
		int64_t start = av_rescale_q(c->start, c->time_base, milliseconds);
		size_t from = t->said.n;

		buf_str(&t->said, title ? title->value : "");
		add_cue(t, 0, start > 0 ? (uint64_t)start : 0, from);
	}
}

static int
by_track_and_time(const void *p, const void *q)
{
	const struct cue *a = p, *b = q;

	if (a->track != b->track)
		return a->track < b->track ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->serial < b->serial ? -1 : a->serial > b->serial;
}

/* "chapters", "subtitles 3 eng" */
static void
say_part(const struct telling *t, struct document *out, unsigned track)
{
	AUTO_VAL(buf) b = buf_init(100);
	const AVDictionaryEntry *language = track ?
	    av_dict_get(t->m->format->streams[track - 1]->metadata, "language", NULL, 0) :
	    NULL;

	if (!track)
		buf_str(&b, "chapters");
	else
		buf_printf(&b, "subtitles %u", track);
	if (language && strcmp(language->value, "und") != 0)
		buf_printf(&b, " %.40s", language->value);
	document_word(out, "part", buf_peek(&b));
}

static void
say_cues(const struct telling *t, struct document *out)
{
	const struct cue *cues = (const struct cue *)(const void *)t->cues.p;
	size_t n = t->cues.n / sizeof *cues;

	if (n)
		qsort(t->cues.p, n, sizeof *cues, by_track_and_time);
	for (size_t i = 0; i < n; i++) {
		size_t from;

		document_break(out, i && cues[i - 1].track != cues[i].track ? 2 : 1);
		from = document_at(out);
		document_add(out, t->said.p + cues[i].at, cues[i].n);
		say_part(t, out, cues[i].track);
		document_time(out, cues[i].start);
		document_anchor(out, from);
	}
}

/* Tags whose names begin so: "lyrics", "lyrics-eng". */
static void
say_lyrics(const struct media_file *m, struct document *out)
{
	const AVDictionary *from[] = { m->format->metadata,
		m->format->nb_streams ? m->format->streams[0]->metadata : NULL };

	for (size_t i = 0; i < LEN(from); i++) {
		const AVDictionaryEntry *t = NULL;

		while ((t = av_dict_get(from[i], "lyrics", t, AV_DICT_IGNORE_SUFFIX))) {
			size_t at;

			document_break(out, 2);
			at = document_at(out);
			document_str(out, t->value);
			document_word(out, "part", "lyrics");
			document_anchor(out, at);
		}
	}
	document_break(out, 2);
}

void
media_text(struct media_file *m, struct document *out, struct media_told *ret)
{
	struct telling t = { .m = m,
		.said = buf_init((size_t)out->o->text_max),
		.cues = buf_init((size_t)out->o->text_max),
		.told = ret };

	*ret = (struct media_told){ .step = 1 };
	say_lyrics(m, out);
	take_chapters(&t);
	read_packets(&t);
	say_cues(&t, out);
	out->text.full |= t.said.full || t.cues.full;
	buf_done(&t.said);
	buf_done(&t.cues);
}

/* Encoders put key frames where the scene changes, and else at even distances: so every so many are taken. */
void
media_say_key_frames(const struct media_told *told, struct output *o)
{
	size_t n = MIN(told->n_moments, (size_t)KEY_FRAMES_MAX);
	AUTO_VAL(buf) b = buf_init(1000);

	for (size_t i = 0; i < n; i++) {
		if (b.n)
			buf_byte(&b, ' ');
		document_moment(&b, told->moments[i * told->n_moments / n]);
	}
	output_field(o, "key_frames", buf_peek(&b), b.n);
}
