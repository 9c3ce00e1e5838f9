/* What a recording says of itself, as fields. */
#include <stdio.h>
#include <string.h>

#include "extract/media/media_private.h"

static const char *
tag_in(const AVDictionary *d, const char *key)
{
	const AVDictionaryEntry *t = av_dict_get(d, key, NULL, 0);

	return t && *t->value ? t->value : NULL;
}

const char *
media_tag(const struct media_file *m, const char *key)
{
	const char *value = tag_in(m->format->metadata, key);

	/* Ogg keeps them with the stream. What a cover is called is not what the recording is called. */
	for (unsigned i = 0; !value && i < m->format->nb_streams; i++)
		if (!media_is_cover(m->format->streams[i]))
			value = tag_in(m->format->streams[i]->metadata, key);
	return value;
}

static void
say(struct output *o, const char *field, const char *value)
{
	if (value)
		output_field(o, field, value, strlen(value));
}

static void
say_tags(const struct media_file *m, struct output *o)
{
	static const struct {
		const char *tag, *field;
	} rows[] = {
		{ "title", "title" },
		{ "com.apple.quicktime.title", "title" },
		{ "artist", "creator" },
		{ "author", "creator" },
		{ "com.apple.quicktime.author", "creator" },
		{ "album_artist", "contributor" },
		{ "composer", "contributor" },
		{ "performer", "contributor" },
		{ "encoded_by", "contributor" },
		{ "genre", "subject" },
		{ "keywords", "subject" },
		{ "comment", "description" },
		{ "description", "description" },
		{ "synopsis", "description" },
		{ "com.apple.quicktime.description", "description" },
		{ "ID3v1 Comment", "description" },
		{ "publisher", "publisher" },
		{ "date", "date" },
		{ "year", "date" },
		{ "album", "source" },
		{ "copyright", "rights" },
		{ "isrc", "identifier" },
		{ "purl", "identifier" },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		say(o, rows[i].field, media_tag(m, rows[i].tag));
}

/* ISO 8601 without a fraction of zeros, the zone with a colon. The camera's own word, which has its zone, goes first. */
static void
say_created(const struct media_file *m, struct output *o)
{
	const char *at = media_tag(m, "com.apple.quicktime.creationdate"), *zone;
	AUTO_VAL(buf) b = buf_init(64);
	size_t whole, zeros;

	if (!at)
		at = media_tag(m, "creation_time");
	if (!at || strlen(at) > 40)
		return;
	whole = strspn(at, "0123456789-T: ");
	if (whole > 19) /* a zone behind a minus */
		whole = 19;
	zeros = at[whole] == '.' ? strspn(at + whole + 1, "0") + 1 : 0;
	zone = at + whole + zeros;
	if (*zone >= '0' && *zone <= '9') /* a fraction that says something */
		zone = at + whole;
	buf_add(&b, at, whole);
	if (strlen(zone) == 5 && strchr("+-", *zone))
		buf_printf(&b, "%.3s:%s", zone, zone + 3);
	else
		buf_str(&b, zone);
	output_field(o, "created", buf_peek(&b), b.n);
}

/* What two tags say, once if the second says it all. */
static void
say_both(struct output *o, const char *field, const char *a, const char *between, const char *b)
{
	AUTO_VAL(buf) both = buf_init(1000);

	if (a && !(b && strncasecmp(a, b, strlen(a)) == 0))
		buf_printf(&both, "%.400s", a);
	if (b)
		buf_printf(&both, "%s%.400s", both.n ? between : "", b);
	output_field(o, field, buf_peek(&both), both.n);
}

static void
say_makers(const struct media_file *m, struct output *o)
{
	static const struct {
		const char *make, *model;
	} ways[] = {
		{ "com.apple.quicktime.make", "com.apple.quicktime.model" },
		{ "com.android.manufacturer", "com.android.model" },
		{ "make", "model" },
	};
	const char *system = media_tag(m, "com.apple.quicktime.software"),
		   *android = media_tag(m, "com.android.version");
	AUTO_VAL(buf) b = buf_init(200);

	for (size_t i = 0; i < LEN(ways); i++)
		say_both(
		    o, "device", media_tag(m, ways[i].make), " ", media_tag(m, ways[i].model));
	if (!system && android) {
		buf_printf(&b, "Android %.100s", android);
		system = buf_peek(&b);
	}
	say_both(o, "software", system, "; ", media_tag(m, "encoder"));
}

static void
say_double(struct output *o, const char *field, double value, int digits)
{
	char s[40];

	snprintf(s, sizeof s, "%.*f", digits, value);
	output_field(o, field, s, strlen(s));
}

static void
say_place(const struct media_file *m, struct output *o)
{
	static const char *const tags[] = { "com.apple.quicktime.location.ISO6709", "location",
		"location-eng", "xyz" };
	struct place place;

	for (size_t i = 0; i < LEN(tags); i++) {
		const char *s = media_tag(m, tags[i]);

		if (!s || !place_read(s, &place))
			continue;
		say_double(o, "latitude", place.latitude, 6);
		say_double(o, "longitude", place.longitude, 6);
		if (place.has_altitude)
			say_double(o, "altitude", place.altitude, 1);
		return;
	}
}

static const char *
language_of(const AVStream *st)
{
	const char *s = tag_in(st->metadata, "language");

	return s && strcmp(s, "und") != 0 && language_shape(s, strlen(s)) ? s : NULL;
}

/* "29.97/s" */
static void
add_rate(struct buf *b, AVRational rate)
{
	char s[40];
	size_t n;

	if (rate.num <= 0 || rate.den <= 0)
		return;
	n = (size_t)snprintf(s, sizeof s, "%.2f", av_q2d(rate));
	while (s[n - 1] == '0')
		n--;
	n -= s[n - 1] == '.';
	buf_printf(b, " %.*s/s", (int)n, s);
}

static void
add_sound(struct buf *b, const AVCodecParameters *c)
{
	if (c->sample_rate > 0)
		buf_printf(b, " %d Hz", c->sample_rate);
	if (c->ch_layout.nb_channels > 0)
		buf_printf(b, " %d channel%s", c->ch_layout.nb_channels,
		    c->ch_layout.nb_channels == 1 ? "" : "s");
}

/* "video h264 1920x1080 29.97/s", "audio aac 48000 Hz 2 channels eng" */
static void
say_codec(const AVStream *st, struct output *o)
{
	static const char *const kinds[] = { [AVMEDIA_TYPE_VIDEO] = "video",
		[AVMEDIA_TYPE_AUDIO] = "audio",
		[AVMEDIA_TYPE_DATA] = "data",
		[AVMEDIA_TYPE_SUBTITLE] = "subtitles",
		[AVMEDIA_TYPE_ATTACHMENT] = "attachment" };
	const AVCodecParameters *c = st->codecpar;
	const char *language = language_of(st);
	AUTO_VAL(buf) b = buf_init(400);
	bool known = c->codec_type >= 0 && (size_t)c->codec_type < LEN(kinds);

	buf_str(&b, media_is_cover(st) ? "picture" : known ? kinds[c->codec_type] : "unknown");
	buf_byte(&b, ' ');
	media_codec_name(st, &b);
	if (c->width > 0 && c->height > 0)
		buf_printf(&b, " %dx%d", c->width, c->height);
	if (c->codec_type == AVMEDIA_TYPE_VIDEO && !media_is_cover(st))
		add_rate(&b, st->avg_frame_rate);
	if (c->codec_type == AVMEDIA_TYPE_AUDIO)
		add_sound(&b, c);
	if (language)
		buf_printf(&b, " %s", language);
	output_field(o, "codec", buf_peek(&b), b.n);
}

/* Of what is sold with a lock, the codec is named by it. */
static bool
is_locked(const AVStream *st)
{
	static const char *const tags[] = { "drms", "drmi", "enca", "encv", "enct", "encs" };
	uint32_t tag = st->codecpar->codec_tag;
	const char bytes[] = { (char)tag, (char)(tag >> 8), (char)(tag >> 16),
		(char)(tag >> 24) };

	for (size_t i = 0; i < LEN(tags); i++)
		if (memcmp(bytes, tags[i], 4) == 0)
			return true;
	return av_stream_get_side_data(st, AV_PKT_DATA_ENCRYPTION_INIT_INFO, NULL) != NULL;
}

static void
say_streams(const struct media_file *m, struct output *o)
{
	const char *language = NULL;

	for (unsigned i = 0; i < m->format->nb_streams; i++) {
		const AVStream *st = m->format->streams[i];

		say_codec(st, o);
		if (is_locked(st))
			say(o, "encrypted", "rights management");
		if (!language && st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
			language = language_of(st);
	}
	say(o, "language", language);
}

/* What the first bytes do not tell: whether there is video in the container. */
static void
say_format(const struct media_file *m, struct output *o)
{
	static const struct {
		const char *container, *brand, *video, *audio;
	} rows[] = {
		{ "mov", "qt", "video/quicktime", "audio/mp4" },
		{ "mov", "3g", "video/3gpp", "audio/3gpp" },
		{ "mov", "", "video/mp4", "audio/mp4" },
		{ "matroska", "", "video/x-matroska", "audio/x-matroska" },
		{ "ogg", "", "video/ogg", "audio/ogg" },
		{ "asf", "", "video/x-ms-wmv", "audio/x-ms-wma" },
	};
	const char *name = m->format->iformat->name, *brand = media_tag(m, "major_brand");
	bool webm = m->n > 64 && memmem(m->p, 64, "webm", 4);

	for (size_t i = 0; i < LEN(rows); i++) {
		const char *type = media_video(m) ? rows[i].video : rows[i].audio;

		if (strncmp(name, rows[i].container, strlen(rows[i].container)) != 0 ||
		    strncmp(brand ? brand : "qt", rows[i].brand, strlen(rows[i].brand)) != 0)
			continue;
		if (webm && strcmp(rows[i].container, "matroska") == 0)
			type = media_video(m) ? "video/webm" : "audio/webm";
		say(o, "format", type);
		return;
	}
}

static void
say_number(struct output *o, const char *field, unsigned value)
{
	char s[20];

	snprintf(s, sizeof s, "%u", value);
	say(o, field, s);
}

/* Width and height are those of the upright picture, as of a photograph. */
static void
say_video(const struct media_file *m, struct output *o)
{
	const AVStream *st = media_video(m);
	unsigned turn = st ? turn_number(st) : 1;

	if (!st)
		return;
	if (st->codecpar->width > 0 && st->codecpar->height > 0) {
		say_number(o, turn < 5 ? "width" : "height", (unsigned)st->codecpar->width);
		say_number(o, turn < 5 ? "height" : "width", (unsigned)st->codecpar->height);
	}
	if (turn > 1)
		say_number(o, "orientation", turn);
}

void
media_fields(const struct media_file *m, struct output *o)
{
	say_tags(m, o);
	say_created(m, o);
	say_makers(m, o);
	say_format(m, o);
	say_video(m, o);
	say_streams(m, o);
	say_place(m, o);
}
