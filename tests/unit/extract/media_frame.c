/* Pictures out of videos, and positions: what only the program vigil-extract-media has in it. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

#include "extract/media/media_private.h"
#include "test.h"
#include "unit/extract/helper.h"

static void
positions_are_read(void)
{
	static const struct {
		const char *s;
		bool good;
		double latitude, longitude, altitude;
	} cases[] = {
		{ "+46.9481+007.4474/", true, 46.9481, 7.4474, 0 },
		{ "-33.8688+151.2093+021.500/", true, -33.8688, 151.2093, 21.5 },
		{ "+4630-00715/", true, 46.5, -7.25, 0 },
		{ "+463015.5+0071530-12/", true, 46.504306, 7.258333, -12 },
		{ "+4630.5+00715.5", true, 46.508333, 7.258333, 0 },
		{ "+00+000", true, 0, 0, 0 },
		{ "+91+000", false, 0, 0, 0 },
		{ "+40+181", false, 0, 0, 0 },
		{ "46.9+7.4", false, 0, 0, 0 },
		{ "+46.9", false, 0, 0, 0 },
		{ "+123456789+1", false, 0, 0, 0 },
		{ "", false, 0, 0, 0 },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct place p = { 0 };
		bool good = place_read(cases[i].s, &p);

		if (good == cases[i].good &&
		    (!good ||
			((int)((p.latitude - cases[i].latitude) * 1e5) == 0 &&
			    (int)((p.longitude - cases[i].longitude) * 1e5) == 0 &&
			    (int)((p.altitude - cases[i].altitude) * 1e5) == 0)))
			continue;
		printf("# %s: %f %f %f\n", cases[i].s, p.latitude, p.longitude, p.altitude);
		CHECK(false);
	}
}

static char folder[] = "/tmp/vigil-frame-XXXXXX";

static bool
run(struct arena *a, const char *command)
{
	return system(arena_printf(
		   a, "cd %s && (%s) </dev/null >/dev/null 2>&1", folder, command)) == 0;
}

struct picture {
	unsigned w, h;
	struct buf pixels; /* of three bytes */
};

static void
picture_done(struct picture *p)
{
	buf_done(&p->pixels);
}

/* Read back by ffmpeg. */
static bool
decode(struct arena *a, const struct buf *jpeg, struct picture *ret)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	FILE *f = fopen(arena_printf(a, "%s/p.jpg", folder), "w");
	struct err e;
	int head = 0;

	CHECK(f && fwrite(jpeg->p, 1, jpeg->n, f) == jpeg->n && fclose(f) == 0);
	*ret = (struct picture){ .pixels = buf_init(1 << 24) };
	if (!run(a, "ffmpeg -y -i p.jpg -pix_fmt rgb24 p.ppm") ||
	    !io_read_file(arena_printf(a, "%s/p.ppm", folder), &b, &e) ||
	    sscanf(buf_peek(&b), "P6 %u %u 255%n", &ret->w, &ret->h, &head) != 2)
		return false;
	buf_add(&ret->pixels, b.p + head + 1, b.n - (size_t)head - 1);
	return ret->pixels.n == (size_t)ret->w * ret->h * 3;
}

static bool
frame_at(const struct buf *video, uint64_t ms, unsigned size, struct buf *ret, struct answer *s)
{
	AUTO_FD int fd = memfd_create("answer", MFD_CLOEXEC);
	AUTO_VAL(buf) frames = buf_init(1 << 24);
	struct output o;
	struct err e = { 0 };
	bool ok;

	av_log_set_level(AV_LOG_QUIET); /* what the program does for itself */
	answer_init(s, 1 << 22);
	output_init(&o, fd, 1 << 22);
	if (!frame_extract(video->p, video->n, ms, size, &o, &e))
		output_failed(&o, &e);
	output_done(&o);
	lseek(fd, 0, SEEK_SET);
	ok = io_read_all(fd, &frames, "answer", &e) && frames.n < 1 << 16 &&
	    answer_feed(s, frames.p, frames.n, &e);
	if (ok && s->file_ready) {
		ok = strcmp(buf_peek(&s->path), "picture.jpg") == 0;
		buf_add(ret, s->file.p, s->file.n);
		ok = ok && answer_go_on(s, &e);
	}
	return ok && answer_ended(s);
}

/* Is the pixel of that colour? Letters: r, g, b. */
static bool
shows(const struct picture *p, unsigned x, unsigned y, char colour)
{
	const uint8_t *at = p->pixels.p + ((size_t)y * p->w + x) * 3;
	static const char letters[] = "rgb";

	for (size_t i = 0; i < 3; i++)
		if (letters[i] == colour ? at[i] < 180 : at[i] > 90) {
			printf("# %u,%u: %u %u %u\n", x, y, at[0], at[1], at[2]);
			return false;
		}
	return true;
}

static bool
picture_at(struct arena *a, const char *name, uint64_t ms, unsigned size, struct picture *ret)
{
	AUTO_VAL(buf) b = buf_init(1 << 24), jpeg = buf_init(1 << 24);
	struct answer s;
	struct err e = { 0 };
	bool ok;

	NEED(io_read_file(arena_printf(a, "%s/%s", folder, name), &b, &e), &e);
	ok = frame_at(&b, ms, size, &jpeg, &s) && s.status == EXTRACT_EMPTY &&
	    decode(a, &jpeg, ret);
	if (!ok)
		printf("# %s at %llu: %s\n", name, (unsigned long long)ms, s.why);
	answer_done(&s);
	return ok;
}

/* Red for a second, then green, then blue; one key frame in a second and a half. */
#define COLOURS                                                                                    \
	"ffmpeg -y -f lavfi -i color=red:s=64x32:r=10:d=1 -f lavfi -i color=lime:s=64x32:r=10:d=1" \
	" -f lavfi -i color=blue:s=64x32:r=10:d=1 -filter_complex '[0][1][2]concat=n=3' -g 15"

static void
the_picture_at_a_time_is_that_one(void)
{
	static const struct {
		const char *name, *how;
	} rows[] = {
		{ "a.mp4", "-c:v libx264" },
		{ "b.mp4", "-c:v libx264 -bf 3 -movflags frag_keyframe" },
		{ "a.mkv", "-c:v libx265" },
		{ "a.webm", "-c:v libvpx" },
		{ "b.webm", "-c:v libvpx-vp9 -cpu-used 8" },
		{ "c.mkv", "-c:v libaom-av1 -cpu-used 8 -usage realtime" },
		{ "a.avi", "-c:v mpeg4" },
		{ "a.ts", "-c:v mpeg2video -r 25" },
		{ "b.ts", "-c:v libx264" },
		{ "a.flv", "-c:v flv" },
		{ "a.wmv", "-c:v wmv2" },
		{ "a.ogv", "-c:v libtheora -q:v 9" },
		{ "a.mpg", "-c:v mpeg1video -r 25" },
		{ "a.mov", "-c:v prores" },
	};
	static const struct {
		uint64_t ms;
		char colour;
	} times[] = { { 0, 'r' }, { 700, 'r' }, { 1300, 'g' }, { 1700, 'g' }, { 2400, 'b' },
		{ 99000, 'b' } };
	AUTO(arena) *a = arena_new();

	if (system("ffmpeg -version >/dev/null 2>&1") != 0)
		SKIP("ffmpeg is not here");
	NEED(mkdtemp(folder), &(struct err){ .msg = "mkdtemp" });
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK(run(a, arena_printf(a, COLOURS " %s %s", rows[i].how, rows[i].name)));
		for (size_t k = 0; k < LEN(times); k++) {
			AUTO_VAL(picture) p = { 0 };
			bool ok = picture_at(a, rows[i].name, times[k].ms, 2000, &p) &&
			    p.w == 64 && p.h == 32 && shows(&p, 32, 16, times[k].colour);

			if (!ok)
				printf("# %s at %llu\n", rows[i].name,
				    (unsigned long long)times[k].ms);
			CHECK(ok);
		}
	}
}

/* Upright, square pixels, no larger than asked for. */
static void
pictures_stand_upright(void)
{
	static const struct {
		const char *matrix; /* a, b, c, d: 1, 0, or m for -1 */
		unsigned w, h;
		unsigned x, y; /* where the blue corner comes to be */
	} rows[] = {
		{ "1001", 32, 16, 1, 1 },
		{ "01m0", 16, 32, 14, 1 }, /* a quarter to the right */
		{ "m00m", 32, 16, 30, 14 }, { "0m10", 16, 32, 1, 30 },
		{ "m001", 32, 16, 30, 1 }, /* as in a mirror */
	};
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e = { 0 };

	if (system("ffmpeg -version >/dev/null 2>&1") != 0)
		SKIP("ffmpeg is not here");
	CHECK(run(a,
	    "ffmpeg -y -f lavfi -i color=red:s=64x32:r=10:d=1,drawbox=w=32:h=16:c=blue:t=fill"
	    " -c:v libx264 up.mp4 && ffmpeg -y -f lavfi -i color=red:s=64x32:r=10:d=1,setsar=2"
	    " -c:v libx264 wide.mp4"));
	NEED(io_read_file(arena_printf(a, "%s/up.mp4", folder), &b, &e), &e);
	for (size_t i = 0; i < LEN(rows); i++) {
		AUTO_VAL(buf) jpeg = buf_init(1 << 20);
		AUTO_VAL(picture) p = { 0 };
		uint8_t *at = memmem(b.p, b.n, "tkhd", 4);
		static const size_t where[] = { 0, 4, 12, 16 };
		struct answer s;

		NEED(at, &(struct err){ .msg = "no track" });
		for (size_t k = 0; k < 4; k++) {
			char c = rows[i].matrix[k];

			memcpy(at + 44 + where[k],
			    c == '1'     ? "\0\1\0" :
				c == 'm' ? "\xff\xff\0" :
					   "\0\0\0",
			    4);
		}
		CHECK(frame_at(&b, 0, 32, &jpeg, &s) && decode(a, &jpeg, &p));
		CHECK(p.w == rows[i].w && p.h == rows[i].h);
		CHECK(shows(&p, rows[i].x, rows[i].y, 'b') &&
		    shows(&p, p.w - 1 - rows[i].x, p.h - 1 - rows[i].y, 'r'));
		answer_done(&s);
	}
	{
		AUTO_VAL(picture) p = { 0 };

		CHECK(picture_at(a, "wide.mp4", 0, 999, &p) && p.w == 128 && p.h == 32);
	}
}

/* Each in a process of its own, so that one that dies is seen. */
static void
mutations_end_in_a_word(void)
{
	static const char *const names[] = { "a.mp4", "a.mkv", "a.webm", "b.webm", "c.mkv",
		"a.avi", "a.ts", "a.flv", "a.wmv", "a.ogv", "a.mov" };
	enum { TIMES = 15 };
	AUTO(arena) *a = arena_new();
	uint32_t seed = 12345;

	if (access(folder, R_OK) != 0)
		SKIP("ffmpeg is not here");
	for (size_t i = 0; i < LEN(names) * TIMES; i++) {
		const char *name = names[i / TIMES];
		AUTO_VAL(buf) b = buf_init(1 << 24);
		struct err e = { 0 };
		int status = -1;
		pid_t pid;

		NEED(io_read_file(arena_printf(a, "%s/%s", folder, name), &b, &e), &e);
		for (int k = 0; k < 20; k++) {
			seed = seed * 1664525 + 1013904223;
			b.p[(seed >> 4) % b.n] = (uint8_t)(seed >> 24);
		}
		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			AUTO_VAL(buf) jpeg = buf_init(1 << 24);
			struct answer s;

			alarm(20);
			_exit(!frame_at(&b, 1300, 64, &jpeg, &s));
		}
		CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
		if (status)
			printf("# %s, %zu: %d\n", name, i % TIMES, status);
		CHECK(status == 0);
	}
	CHECK(system(arena_printf(a, "rm -r %s", folder)) == 0);
}

static void
sound_has_no_picture(void)
{
	static const char wav[] =
	    "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
	    "data\x08\0\0\0\0\0\1\0\2\0\3\0";
	AUTO_VAL(buf) b = buf_init(1 << 10), jpeg = buf_init(1 << 10);
	struct answer s;

	buf_add(&b, wav, sizeof wav - 1);
	CHECK(frame_at(&b, 0, 100, &jpeg, &s) && s.status == EXTRACT_FAILED);
	CHECK(strcmp(s.why, "there is no video in it") == 0);
	answer_done(&s);
}

TESTS(T(positions_are_read), T(the_picture_at_a_time_is_that_one), T(pictures_stand_upright),
    T(mutations_end_in_a_word), T(sound_has_no_picture))
