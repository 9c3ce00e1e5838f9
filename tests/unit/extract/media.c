/* Sound and video with the real program: what comes of the shared files is held against ffprobe, what is special is
 * made by ffmpeg, and mutations end in a clear word. */
#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"
#include "test.h"

static struct extractor *
open_extractor(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);
	struct err e = { 0 };
	struct extractor *x;

	path[MAX(n, 0)] = 0;
	memcpy(strrchr(path, '/') + 1, "vigil-extract", 14);
	x = extractor_open(path, &extract_limits_default, &e);
	NEED(x, &e);
	return x;
}

enum { FILES_MAX = 8 };
struct came { /* of one item */
	struct extracted r;
	struct {
		char path[100];
		size_t n;
		uint8_t first;
	} files[FILES_MAX];
	size_t n_files;
};

static void
hand_in(struct extractor *x, struct arena *a, const struct buf *b, struct came *ret)
{
	const char *type = extract_media_type(buf_peek(b), b->n);
	struct err e = { 0 };
	uint64_t tag = 0;

	*ret = (struct came){ 0 };
	if (strncmp(type, "video/", 6) != 0 && strncmp(type, "application/ogg", 15) != 0)
		type = strncmp(type, "audio/", 6) == 0 ? type : "audio/mpeg";
	NEED(extractor_submit(x, 5, type, buf_peek(b), b->n, &e), &e);
	for (;;) {
		NEED(extractor_take(x, a, &tag, &ret->r, &e), &e);
		CHECK(tag == 5);
		if (ret->r.status != EXTRACT_FILE)
			return;
		if (ret->n_files < FILES_MAX) {
			snprintf(ret->files[ret->n_files].path, sizeof ret->files[0].path, "%s",
			    ret->r.path);
			ret->files[ret->n_files].first = ret->r.file.n ? ret->r.file.p[0] : 0;
			ret->files[ret->n_files++].n = ret->r.file.n;
		}
		buf_done(&ret->r.file);
	}
}

static const char *
field(const struct came *c, const char *name)
{
	for (size_t i = 0; i < c->r.n_fields; i++)
		if (strcmp(c->r.fields[i].name, name) == 0)
			return c->r.fields[i].value;
	return "";
}

static bool
has_field(const struct came *c, const char *name, const char *part)
{
	for (size_t i = 0; i < c->r.n_fields; i++)
		if (strcmp(c->r.fields[i].name, name) == 0 &&
		    strstr(c->r.fields[i].value, part))
			return true;
	return false;
}

static bool
is(const struct came *c, const char *name, const char *value)
{
	if (strcmp(field(c, name), value) == 0)
		return true;
	printf("# %s is \"%s\", not \"%s\"\n", name, field(c, name), value);
	return false;
}

/* Made by ffmpeg in a folder that goes again. */

static char *folder;

static bool
run(struct arena *a, const char *command)
{
	if (!folder) {
		folder = strdup("/tmp/vigil-media-XXXXXX");
		NEED(folder && mkdtemp(folder), &(struct err){ .msg = "mkdtemp" });
	}
	return system(arena_printf(
		   a, "cd %s && (%s) </dev/null >/dev/null 2>&1", folder, command)) == 0;
}

static bool
have_ffmpeg(void)
{
	return system("ffmpeg -version >/dev/null 2>&1") == 0;
}

static void
made(struct arena *a, const char *name, struct buf *ret)
{
	struct err e = { 0 };

	buf_reset(ret);
	NEED(io_read_file(arena_printf(a, "%s/%s", folder, name), ret, &e), &e);
}

static void
write_made(struct arena *a, const char *name, const char *text)
{
	FILE *f;

	CHECK(run(a, "true"));
	f = fopen(arena_printf(a, "%s/%s", folder, name), "w");
	CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void
clean_up(void)
{
	AUTO(arena) *a = arena_new();

	if (folder)
		CHECK(system(arena_printf(a, "rm -r %s", folder)) == 0);
	free(folder);
	folder = NULL;
}

#define SUBTITLES                                                                              \
	"1\n00:00:01,000 --> 00:00:02,000\nfirst <i>words</i>\n\n"                             \
	"2\n00:00:02,500 --> 00:00:03,000\nsecond\nline\n"
#define METADATA                                                                               \
	";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=The way there\n"   \
	"[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=At the gate\n"
#define VIDEO "ffmpeg -y -f lavfi -i testsrc=d=4:s=320x180:r=10"
#define SOUND " -f lavfi -i sine=d=4"

static const struct {
	const char *name, *how, *codec, *subtitles;
} kinds[] = {
	{ "a.mp4", " -c:v libx264 -g 10 -c:a aac -c:s mov_text", "video h264 320x180 10/s",
	    "subtitles mov_text eng" },
	{ "a.mov", " -c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le -c:s mov_text",
	    "video mjpeg 320x180 10/s", "subtitles mov_text eng" },
	{ "a.mkv", " -c:v libx265 -x265-params keyint=10 -c:a flac -c:s ass",
	    "video hevc 320x180 10/s", "subtitles ass eng" },
	{ "b.mkv", " -c:v mpeg4 -g 10 -c:a libmp3lame -c:s srt", "video mpeg4 320x180 10/s",
	    "subtitles subrip eng" },
	{ "a.webm", " -c:v libvpx -g 10 -c:a libopus -c:s webvtt", "video vp8 320x180 10/s",
	    "subtitles webvtt eng" },
};

/* A question mark stands for any character: some codecs of sound move all else by what they begin with. */
static bool
looks_like(const char *s, const char *pattern)
{
	size_t n = strlen(pattern);
	bool so = strlen(s) == n;

	for (size_t i = 0; so && i < n; i++)
		so = pattern[i] == '?' || s[i] == pattern[i];
	if (!so)
		printf("# %s\n", s);
	return so;
}

static void
gives_chapters_and_subtitles_with_times(void)
{
	static const char anchors[] =
	    "{\"end\":13,\"part\":\"chapters\",\"start\":0,\"time\":\"0:00:00.000\"}\n"
	    "{\"end\":25,\"part\":\"chapters\",\"start\":14,\"time\":\"0:00:02.000\"}\n"
	    "{\"end\":38,\"part\":\"subtitles 3 eng\",\"start\":27,\"time\":\"0:00:01.0??\"}\n"
	    "{\"end\":50,\"part\":\"subtitles 3 eng\",\"start\":39,\"time\":\"0:00:02.5??\"}\n";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct came c;

	if (!have_ffmpeg())
		SKIP("ffmpeg is not here");
	write_made(a, "s.srt", SUBTITLES);
	write_made(a, "m.txt", METADATA);
	for (size_t i = 0; i < LEN(kinds); i++) {
		CHECK(run(a,
		    arena_printf(a,
			VIDEO SOUND
			" -i s.srt -i m.txt -map 0 -map 1 -map 2 -map_metadata 3 -map_chapters 3"
			" -metadata title=Gate -metadata:s:s:0 language=eng %s %s",
			kinds[i].how, kinds[i].name)));
		made(a, kinds[i].name, &b);
		hand_in(x, a, &b, &c);
		printf("# %s: %s\n", kinds[i].name, c.r.why ? c.r.why : "");
		CHECK(c.r.status == EXTRACT_OK && !c.r.why && c.n_files == 0);
		CHECK(c.r.text &&
		    strcmp(c.r.text,
			"The way there\nAt the gate\n\nfirst words\nsecond\nline") == 0);
		CHECK(c.r.anchors && looks_like(c.r.anchors, anchors));
		CHECK(is(&c, "title", "Gate") && is(&c, "width", "320") &&
		    is(&c, "height", "180"));
		CHECK(has_field(&c, "codec", kinds[i].codec));
		CHECK(has_field(&c, "codec", kinds[i].subtitles));
		CHECK(strncmp(field(&c, "duration"), "0:00:04.0", 9) == 0);
		CHECK(strncmp(field(&c, "key_frames"), "0:00:00.", 8) == 0);
		CHECK(strcmp(c.r.program, "vigil-extract media 1") == 0);
	}
	clean_up();
}

/* As a telephone held upright writes it: right goes down, down goes left (ISO 14496-12, 8.3.2). */
static void
turn_right(struct buf *b)
{
	static const char plain[] = "\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0",
			  right[] = "\0\0\0\0\0\1\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0";
	uint8_t *track = memmem(b->p, b->n, "tkhd", 4),
		*at = track ? memmem(track, 100, plain, sizeof plain - 1) : NULL;

	NEED(at, &(struct err){ .msg = "no matrix" });
	memcpy(at, right, sizeof right - 1);
}

static void
gives_what_a_camera_says(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct came c;

	if (!have_ffmpeg())
		SKIP("ffmpeg is not here");
	CHECK(run(a,
	    VIDEO
	    " -c:v libx264 -g 10 -movflags use_metadata_tags"
	    " -metadata com.apple.quicktime.make=Ocular -metadata com.apple.quicktime.model=T1"
	    " -metadata com.apple.quicktime.software=7.1"
	    " -metadata com.apple.quicktime.creationdate=2024-05-06T07:08:09+0200"
	    " -metadata com.apple.quicktime.location.ISO6709=-33.8688+151.2093+021.5/ a.mov"));
	made(a, "a.mov", &b);
	hand_in(x, a, &b, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && c.r.why);
	CHECK(is(&c, "device", "Ocular T1") && is(&c, "created", "2024-05-06T07:08:09+02:00"));
	CHECK(is(&c, "latitude", "-33.868800") && is(&c, "longitude", "151.209300"));
	CHECK(is(&c, "altitude", "21.5") && has_field(&c, "software", "7.1; Lav"));
	CHECK(is(&c, "format", "video/quicktime"));
	CHECK(run(a,
	    VIDEO " -c:v libx264 -g 10 -metadata creation_time=2023-01-02T03:04:05Z"
		  " -metadata location=+46.9481+007.4474/ -metadata artist=Somebody"
		  " -metadata comment=remark -metadata date=2022 a.mp4"));
	made(a, "a.mp4", &b);
	turn_right(&b);
	hand_in(x, a, &b, &c);
	CHECK(is(&c, "created", "2023-01-02T03:04:05Z") && is(&c, "creator", "Somebody"));
	CHECK(is(&c, "description", "remark") && is(&c, "date", "2022"));
	CHECK(is(&c, "latitude", "46.948100") && is(&c, "longitude", "7.447400"));
	CHECK(is(&c, "altitude", "") && is(&c, "orientation", "6"));
	CHECK(is(&c, "width", "180") && is(&c, "height", "320"));
	CHECK(looks_like(
	    field(&c, "key_frames"), "0:00:00.000 0:00:01.?00 0:00:02.?00 0:00:0?.?00"));
	clean_up();
}

static void
covers_and_attachments_come_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct err e = { 0 };
	struct came c;
	char path[512];

	if (have_ffmpeg()) {
		write_made(a, "note.txt", "seen from the bridge\n");
		CHECK(run(a,
		    VIDEO
		    " -c:v mpeg4 -attach note.txt -metadata:s:t mimetype=text/plain a.mkv"));
		made(a, "a.mkv", &b);
		hand_in(x, a, &b, &c);
		CHECK(c.n_files == 1 && strcmp(c.files[0].path, "note.txt") == 0 &&
		    c.files[0].n == 21);
		clean_up();
	}
	if (!test_shared(path, "data/formats/tika/testMP3_twoCovers.mp3"))
		SKIP("the shared material is not here");
	buf_reset(&b);
	NEED(io_read_file(path, &b, &e), &e);
	hand_in(x, a, &b, &c);
	CHECK(c.n_files == 2 && strcmp(c.files[0].path, "cover.png") == 0);
	CHECK(strcmp(c.files[1].path, "cover-2.png") == 0 && c.files[1].first == 0x89);
}

static void
what_is_cut_short_gives_what_it_can(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	struct came c;

	if (!have_ffmpeg())
		SKIP("ffmpeg is not here");
	CHECK(run(a, VIDEO SOUND " -c:v libx264 -g 10 -movflags faststart a.mp4"));
	CHECK(run(a, VIDEO SOUND " -c:v libx264 -g 10 b.mp4"));
	CHECK(run(a, VIDEO SOUND " -c:v mpeg4 a.mkv"));
	made(a, "a.mp4", &b);
	b.n /= 2;
	hand_in(x, a, &b, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && c.r.why && strstr(c.r.why, "cut short"));
	CHECK(is(&c, "width", "320") && strncmp(field(&c, "duration"), "0:00:04.0", 9) == 0);
	made(a, "b.mp4", &b);
	b.n /= 2;
	hand_in(x, a, &b, &c);
	CHECK(c.r.status == EXTRACT_FAILED && strstr(c.r.why, "cut short before it says"));
	made(a, "a.mkv", &b);
	b.n /= 3;
	hand_in(x, a, &b, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && strstr(c.r.why, "before the length that it says"));
	clean_up();
}

/* Sizes in a damaged file that no memory would hold, or that the file is too short for, are no lack of memory. */
static void
sizes_that_lie_are_damage(void)
{
	static const char wav[] =
	    "RIFF\x40\0\0\0WAVEfmt \x10\x20\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
	    "data\x08\0\0\0\0\0\1\0\2\0\3\0";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 10);
	struct came c;

	buf_add(&b, wav, sizeof wav - 1);
	hand_in(x, a, &b, &c);
	CHECK(c.r.status == EXTRACT_FAILED && strstr(c.r.why, "damaged, or cut short"));
}

/* What only names other files names nothing here. */
static void
nothing_else_is_opened(void)
{
	static const char *const lists[] = {
		"ffconcat version 1.0\nfile /etc/passwd\n",
		"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
		"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
		"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>",
		"[playlist]\nFile1=/etc/passwd\n",
	};
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	for (size_t i = 0; i < LEN(lists); i++) {
		AUTO_VAL(buf) b = buf_init(1 << 16);

		buf_str(&b, lists[i]);
		hand_in(x, a, &b, &c);
		CHECK(c.r.status == EXTRACT_FAILED && !strstr(c.r.why, "crashed"));
	}
}

/* The shared files against ffprobe. */

/* The value of a line key="value" of ffprobe's flat output, or "". */
static const char *
probed(struct arena *a, const struct buf *flat, const char *key)
{
	const char *want = arena_printf(a, "\n%s=", key),
		   *at = strcasestr(buf_peek(flat), want);
	size_t n;

	if (!at)
		return "";
	at += strlen(want);
	at += *at == '"';
	n = strcspn(at, "\"\n");
	return arena_printf(a, "%.*s", (int)n, at);
}

static bool
same(struct arena *a, const struct came *c, const struct buf *flat, const char *name,
    const char *tag)
{
	const char *want = probed(a, flat, arena_printf(a, "format.tags.%s", tag));

	if (!*want)
		want = probed(a, flat, arena_printf(a, "streams.stream.0.tags.%s", tag));
	return strchr(want, '\\') || is(c, name, want);
}

static bool
same_length(struct arena *a, const struct came *c, const struct buf *flat)
{
	double want = strtod(probed(a, flat, "format.duration"), NULL), got = 0;
	unsigned h = 0, min = 0;

	if (sscanf(field(c, "duration"), "%u:%u:%lf", &h, &min, &got) == 3)
		got += h * 3600 + min * 60;
	if (got > want - 0.01 && got < want + 0.01)
		return true;
	printf("# duration %s, not %f\n", field(c, "duration"), want);
	return false;
}

static bool
same_streams(struct arena *a, const struct came *c, const struct buf *flat)
{
	size_t i = 0;

	for (size_t k = 0; k < c->r.n_fields; k++) {
		const char *key, *want;

		if (strcmp(c->r.fields[k].name, "codec") != 0)
			continue;
		key = arena_printf(a, "streams.stream.%zu.codec_name", i++);
		want = probed(a, flat, key);
		if (strcmp(want, "unknown") != 0 && !strstr(c->r.fields[k].value, want)) {
			printf("# %s, not %s\n", c->r.fields[k].value, want);
			return false;
		}
	}
	return !*probed(a, flat, arena_printf(a, "streams.stream.%zu.index", i));
}

static bool
same_as_ffprobe(struct extractor *x, const char *path)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26), flat = buf_init(1 << 20);
	struct err e = { 0 };
	struct came c;
	FILE *f = popen(
	    arena_printf(a,
		"ffprobe -v error -show_format -show_streams -of flat '%s' 2>/dev/null", path),
	    "r");

	NEED(io_read_file(path, &b, &e), &e);
	buf_byte(&flat, '\n');
	NEED(f && io_read_all(fileno(f), &flat, "ffprobe", &e), &e);
	CHECK(pclose(f) == 0);
	hand_in(x, a, &b, &c);
	printf("# %s: %s\n", path, c.r.why ? c.r.why : "");
	if (*probed(a, &flat, "streams.stream.0.width") &&
	    !is(&c, "width", probed(a, &flat, "streams.stream.0.width")))
		return false;
	return c.r.status != EXTRACT_FAILED && same_length(a, &c, &flat) &&
	    same_streams(a, &c, &flat) && same(a, &c, &flat, "title", "title") &&
	    same(a, &c, &flat, "creator", "artist") && same(a, &c, &flat, "source", "album") &&
	    same(a, &c, &flat, "date", "date") && same(a, &c, &flat, "rights", "copyright");
}

/* Calls `f` with each shared recording; returns how many there were. */
static size_t
each_shared(bool (*f)(struct extractor *x, const char *path), struct extractor *x)
{
	static const char *const endings[] = { ".mp3", ".m4a", ".mp4", ".ogg", ".flac" };
	AUTO(arena) *a = arena_new();
	char dir[512];
	struct dirent **list;
	size_t files = 0;
	int n;

	if (!test_shared(dir, "data/formats/tika"))
		return 0;
	n = scandir(dir, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(list[i]->d_name, '.');

		for (size_t k = 0; dot && k < LEN(endings); k++)
			if (strcmp(dot, endings[k]) == 0) {
				files++;
				CHECK(f(x, arena_printf(a, "%s/%s", dir, list[i]->d_name)));
			}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return files;
}

static void
fields_are_those_of_ffprobe(void)
{
	AUTO(extractor) *x = open_extractor();
	size_t n;

	if (!have_ffmpeg())
		SKIP("ffprobe is not here");
	n = each_shared(same_as_ffprobe, x);
	if (!n)
		SKIP("the shared material is not here");
	printf("# %zu files\n", n);
	CHECK(n >= 20);
}

/* What the first bytes say, and what ffprobe says of the rest. */
static void
containers_are_told(void)
{
	static const struct {
		const char *name, *how, *type;
	} rows[] = {
		{ "a.mp4", VIDEO SOUND " -c:v libx264 -c:a aac", "video/mp4" },
		{ "a.mov", VIDEO SOUND " -c:v mpeg4 -c:a aac", "video/quicktime" },
		{ "a.3gp", VIDEO " -s 176x144 -c:v h263", "video/3gpp" },
		{ "a.mkv", VIDEO SOUND " -c:v libx264 -c:a aac", "video/x-matroska" },
		{ "a.webm", VIDEO SOUND " -c:v libvpx-vp9 -cpu-used 8 -c:a libopus",
		    "video/webm" },
		{ "b.mkv", VIDEO SOUND " -c:v libaom-av1 -cpu-used 8 -usage realtime -c:a aac",
		    "video/x-matroska" },
		{ "a.avi", VIDEO SOUND " -c:v mpeg4 -c:a mp3", "video/x-msvideo" },
		{ "a.mpg", VIDEO SOUND " -r 25 -c:v mpeg1video -c:a mp2", "video/mpeg" },
		{ "a.ts", VIDEO SOUND " -c:v libx264 -c:a aac", "video/mp2t" },
		{ "a.m2ts", VIDEO SOUND " -c:v libx264 -c:a ac3", "video/mp2t" },
		{ "a.wmv", VIDEO SOUND " -c:v wmv2 -c:a wmav2", "video/x-ms-asf" },
		{ "a.flv", VIDEO SOUND " -c:v flv -c:a mp3 -ar 44100", "video/x-flv" },
		{ "a.ogv", VIDEO SOUND " -c:v libtheora -c:a libvorbis", "video/ogg" },
		{ "a.opus", "ffmpeg -y" SOUND " -c:a libopus", "audio/ogg" },
		{ "a.mp3", "ffmpeg -y" SOUND " -id3v2_version 0 -c:a mp3", "audio/mpeg" },
		{ "a.mp2", "ffmpeg -y" SOUND " -c:a mp2", "audio/mpeg" },
		{ "a.m4a", "ffmpeg -y" SOUND " -c:a aac", "audio/mp4" },
		{ "a.aac", "ffmpeg -y" SOUND " -c:a aac", "audio/aac" },
		{ "a.flac", "ffmpeg -y" SOUND " -c:a flac", "audio/flac" },
		{ "a.wav", "ffmpeg -y" SOUND, "audio/wav" },
		{ "a.aiff", "ffmpeg -y" SOUND, "audio/aiff" },
		{ "a.wma", "ffmpeg -y" SOUND " -c:a wmav2", "video/x-ms-asf" },
	};
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);

	if (!have_ffmpeg())
		SKIP("ffmpeg is not here");
	for (size_t i = 0; i < LEN(rows); i++) {
		const char *type;

		CHECK(run(a,
		    arena_printf(a, "%s -metadata title=Gate -metadata artist=Somebody %s",
			rows[i].how, rows[i].name)));
		made(a, rows[i].name, &b);
		type = extract_media_type(b.p, b.n);
		if (strcmp(type, rows[i].type) != 0)
			printf("# %s, not %s\n", type, rows[i].type), CHECK(false);
		CHECK(!extract_name_disagrees(rows[i].name, type));
		CHECK(same_as_ffprobe(x, arena_printf(a, "%s/%s", folder, rows[i].name)));
	}
	clean_up();
}

static uint64_t seed = 88172645463325252u;

static size_t
draw(size_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % below);
}

static void
mutate(struct buf *b)
{
	size_t head = draw(2) ? MIN(b->n, (size_t)1024) : b->n;

	for (size_t i = 0, times = 1 + draw(30); i < times; i++)
		b->p[draw(head)] = (uint8_t)draw(256);
	if (draw(4) == 0)
		b->n = 1 + draw(b->n);
}

/* A child that dies is a fault of ours to bar, even if it costs nothing but its item. */
static bool
mutations_are_clean(struct extractor *x, const char *path)
{
	enum { TIMES = 20 };
	bool clean = true;

	for (int i = 0; i < TIMES; i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 26);
		struct err e = { 0 };
		struct came c;

		NEED(io_read_file(path, &b, &e), &e);
		mutate(&b);
		hand_in(x, a, &b, &c);
		if (c.r.status != EXTRACT_FAILED || strstr(c.r.why, "damaged"))
			continue;
		printf("# %s, %d: %s\n", path, i, c.r.why);
		clean = false;
	}
	return clean;
}

static void
mutations_end_in_a_clear_word(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();

	if (!each_shared(mutations_are_clean, x))
		SKIP("the shared material is not here");
	if (!have_ffmpeg())
		return;
	write_made(a, "s.srt", SUBTITLES);
	write_made(a, "m.txt", METADATA);
	for (size_t i = 0; i < LEN(kinds); i++) {
		CHECK(run(a,
		    arena_printf(a, VIDEO SOUND " -i s.srt -i m.txt -t 1 %s %s", kinds[i].how,
			kinds[i].name)));
		CHECK(mutations_are_clean(x, arena_printf(a, "%s/%s", folder, kinds[i].name)));
	}
	clean_up();
}

TESTS(T(gives_chapters_and_subtitles_with_times), T(gives_what_a_camera_says),
    T(covers_and_attachments_come_out), T(what_is_cut_short_gives_what_it_can),
    T(sizes_that_lie_are_damage), T(nothing_else_is_opened), T(fields_are_those_of_ffprobe),
    T(containers_are_told), T(mutations_end_in_a_clear_word))
