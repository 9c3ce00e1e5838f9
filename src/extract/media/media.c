/* Sound and video: fields, the text that goes with them, covers and attachments. Nothing is decoded but subtitles, and
 * what is needed to tell the streams' parameters. */
#include <inttypes.h>
#include <string.h>

#include "extract/media/media_private.h"

static const char *
ending_of(enum AVCodecID id)
{
	static const struct {
		enum AVCodecID id;
		const char *ending;
	} rows[] = {
		{ AV_CODEC_ID_MJPEG, "jpg" },
		{ AV_CODEC_ID_PNG, "png" },
		{ AV_CODEC_ID_GIF, "gif" },
		{ AV_CODEC_ID_BMP, "bmp" },
		{ AV_CODEC_ID_WEBP, "webp" },
		{ AV_CODEC_ID_TIFF, "tiff" },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (rows[i].id == id)
			return rows[i].ending;
	return "bin";
}

static void
emit_file(struct output *o, const char *name, const void *p, size_t n)
{
	output_file(o, name);
	output_bytes(o, p, n);
	output_file_end(o);
}

/* Covers, and what is attached to Matroska, as they are. */
static void
emit_files(const struct media_file *m, struct output *o)
{
	unsigned covers = 0, attached = 0;

	for (unsigned i = 0; i < m->format->nb_streams; i++) {
		const AVStream *st = m->format->streams[i];
		const AVDictionaryEntry *t = av_dict_get(st->metadata, "filename", NULL, 0);
		AUTO_VAL(buf) name = buf_init(4 * FILE_PATH_MAX);
		bool cover = media_is_cover(st);

		if (!cover && st->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT)
			continue;
		if (t && *t->value)
			buf_str(&name, t->value);
		else if (!cover)
			buf_printf(&name, "attachment-%u", ++attached);
		else if (++covers == 1)
			buf_printf(&name, "cover.%s", ending_of(st->codecpar->codec_id));
		else
			buf_printf(
			    &name, "cover-%u.%s", covers, ending_of(st->codecpar->codec_id));
		if (cover && st->attached_pic.size > 0)
			emit_file(o, buf_peek(&name), st->attached_pic.data,
			    (size_t)st->attached_pic.size);
		else if (!cover && st->codecpar->extradata_size > 0)
			emit_file(o, buf_peek(&name), st->codecpar->extradata,
			    (size_t)st->codecpar->extradata_size);
	}
}

/* The container's list of packets names bytes behind the end of the file. */
static bool
points_beyond(const struct media_file *m)
{
	for (unsigned i = 0; i < m->format->nb_streams; i++) {
		AVStream *st = m->format->streams[i];
		int n = avformat_index_get_entries_count(st);

		for (int k = 0; k < n; k++) {
			const AVIndexEntry *x = avformat_index_get_entry(st, k);

			if (x->pos >= 0 && (uint64_t)x->pos + (uint64_t)x->size > m->n)
				return true;
		}
	}
	return false;
}

static void
add_note(struct buf *note, const char *s)
{
	buf_printf(note, "%s%s", note->n ? "; " : "", s);
}

static bool
is_mov(const struct media_file *m)
{
	return strncmp(m->format->iformat->name, "mov", 3) == 0;
}

/* The length that the container says; where it says none, or it was guessed from the rate of bytes and the packets
 * say otherwise, theirs. What is doubtful is noted. */
static void
say_duration(const struct media_file *m, const struct media_told *told, struct output *o,
    struct buf *note)
{
	enum { SLACK = 2000 };
	int64_t says = m->format->duration;
	uint64_t ms = says > 0 ? (uint64_t)(says + 500) / (AV_TIME_BASE / 1000) : 0;
	bool guessed =
		 ms && m->format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE,
	     all_read = !is_mov(m) && told->last;
	AUTO_VAL(buf) b = buf_init(64);

	if (all_read && guessed && (ms > told->last + SLACK || ms + SLACK < told->last)) {
		ms = told->last;
		add_note(note, "its length is that of its packets: the container says none");
	} else if (guessed) {
		add_note(note, "its length is estimated: the container says none");
	} else if (!ms && told->last) {
		ms = told->last;
		add_note(note, "its length is that of its packets: the container says none");
	} else if (all_read && ms > told->last + SLACK) {
		document_moment(&b, told->last);
		buf_str(note, note->n ? "; " : "");
		buf_printf(note, "it ends at %s, before the length that it says", buf_peek(&b));
		buf_reset(&b);
	}
	if (!ms)
		return;
	document_moment(&b, ms);
	output_field(o, "duration", buf_peek(&b), b.n);
}

static void
note_losses(const struct media_file *m, const struct media_told *told, struct buf *note)
{
	if (!m->format->nb_streams)
		add_note(note, "damaged, or cut short: no sound and no video can be found");
	else if (points_beyond(m))
		add_note(note, "cut short: its last part is missing");
	if (told->code)
		add_note(note, "damaged: it could not be read to its end");
	if (told->unread) {
		buf_str(note, note->n ? "; " : "");
		buf_printf(note, "%u of its tracks of subtitles are pictures, or not readable",
		    told->unread);
	}
}

bool
media_extract(const void *p, size_t n, struct output *o, struct err *e)
{
	AUTO_VAL(media_file) m = { 0 };
	AUTO_VAL(document) out = document_init(o);
	AUTO_VAL(buf) note = buf_init(2 * WHY_MAX);
	static struct media_told told;

	if (!media_open(&m, p, n, e))
		return false;
	media_fields(&m, o);
	media_text(&m, &out, &told);
	media_say_key_frames(&told, o);
	note_losses(&m, &told, &note);
	say_duration(&m, &told, o, &note);
	if (!document_end(&out, e))
		return false;
	emit_files(&m, o);
	if (!o->text_said && !note.n)
		buf_str(&note, "no subtitles, chapters or lyrics");
	output_end(o, buf_peek(&note));
	return true;
}
