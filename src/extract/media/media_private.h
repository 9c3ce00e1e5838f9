/* Sound and video, as the program vigil-extract-media reads them, through FFmpeg's libraries: containers, tags,
 * subtitles, and single pictures. Nothing but the bytes that are given is ever opened (media_open.c). */
#ifndef EXTRACT_MEDIA_PRIVATE_H
#define EXTRACT_MEDIA_PRIVATE_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "extract/child/document_private.h"
#include "extract/child/output_private.h"

MUST bool media_extract(const void *p, size_t n, struct output *o, struct err *e);
/* The picture of a video at that time, or the nearest before it (the first, if there is none before): upright, at most
 * `size` pixels wide and high, never enlarged. The answer is one embedded file, "picture.jpg". */
MUST bool frame_extract(const void *p, size_t n, uint64_t milliseconds, unsigned size,
    struct output *o, struct err *e);
void media_prepare(void); /* in the warm-up */

/* media_open.c */

struct media_file {
	AVFormatContext *format;
	AVIOContext *io;
	const uint8_t *p;
	size_t n, at;
	bool streams_known; /* their parameters were found */
};
/* Opens the container, and looks into its streams. `m` lives until media_close(), which a failure needs, too. */
MUST bool media_open(struct media_file *m, const void *p, size_t n, struct err *e);
void media_close(struct media_file *m);
static inline void
media_file_done(struct media_file *m)
{
	media_close(m);
}

/* A decoder that runs in this thread alone; NULL: none that is allowed, or it refuses the stream. */
AVCodecContext *media_decoder(const AVStream *st);
/* A time of a stream in milliseconds from the beginning of the recording; 0 if it does not say. */
uint64_t media_time(const struct media_file *m, const AVStream *st, int64_t t);
/* The video that is shown: no cover. NULL: none. */
AVStream *media_video(const struct media_file *m);
bool media_is_cover(const AVStream *st);
/* Name of a codec, or the letters the container uses for one that is not known. */
void media_codec_name(const AVStream *st, struct buf *ret);
/* Ends the process if memory ran out, of which the library's number tells. */
void media_memory(int code);
/* What a library's number means; memory that ran out ends the process. */
bool media_failed(int code, const char *what, struct err *e);

/* media_fields.c: all fields but key_frames. */
void media_fields(const struct media_file *m, struct output *o);
/* The value of a tag of the file or, if it has none, of its streams; NULL: none. */
const char *media_tag(const struct media_file *m, const char *key);

/* media_text.c */

enum { KEY_FRAMES_MAX = 12, MOMENTS_MAX = 4096 };
/* What reading all packets told. */
struct media_told {
	uint64_t moments[MOMENTS_MAX]; /* of key frames, milliseconds; every `step`th */
	size_t n_moments, step, seen;
	uint64_t last;   /* end of the last packet, milliseconds */
	int code;        /* why reading ended, if not at the end */
	unsigned unread; /* tracks of subtitles that cannot be made text */
};
/* Lyrics and chapters, then each track of subtitles. Where there is video or subtitles, all packets are read. Fields
 * may still be said after it: the text is not out yet. */
void media_text(struct media_file *m, struct document *out, struct media_told *ret);
/* The fields key_frames. */
void media_say_key_frames(const struct media_told *t, struct output *o);

/* media_place.c */

struct place {
	double latitude, longitude, altitude;
	bool has_altitude;
};
/* ISO 6709, annex H: "+46.9481+007.4474+542/". Degrees, degrees and minutes, or with seconds. */
bool place_read(const char *s, struct place *ret);

/* media_picture.c */

/* A turn by quarters, perhaps mirrored: how a video wants to be shown. */
struct turn {
	int a, b, c, d; /* of each pixel to the right, and down: where it goes */
};
/* Of the stream's matrix; false: none, or not by quarters (then it is left as it is). */
bool turn_of(const AVStream *st, struct turn *ret);
/* The same as EXIF counts it: 1 upright, 6 and 8 a quarter turned, 2, 4, 5 and 7 mirrored. */
unsigned turn_number(const AVStream *st);
/* Encodes as JPEG what the frame shows, upright, at most `size` pixels wide and high. */
MUST bool picture_encode(AVFrame *f, AVRational aspect, const struct turn *turn, unsigned size,
    struct buf *ret, struct err *e);

#endif
