/* Recordings that no fixed word at a fixed place tells: streams of frames, and containers that say further in what
 * they hold. Bytes are only compared. */
#include <stdbool.h>
#include <string.h>

#include "extract/extract.h"
#include "extract/client/sniff_private.h"

/* What is at `at` begins so. */
static bool
has(const uint8_t *p, size_t n, size_t at, const char *word, size_t len)
{
	return at <= n && n - at >= len && memcmp(p + at, word, len) == 0;
}
#define HAS(at, word) has(p, n, at, word, sizeof(word) - 1)

/* Bytes of the frame of MPEG audio, layers II and III, that begins with these four (ISO 11172-3, 2.4.1.3); 0: none. */
static size_t
mpeg_frame(const uint8_t *p)
{
	static const uint16_t rates[3][15] = {
		{ 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },
		{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 },
		{ 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },
	};
	static const unsigned samplings[] = { 44100, 48000, 32000 };
	unsigned version = p[1] >> 3 & 3, layer = p[1] >> 1 & 3, rate = p[2] >> 4,
		 sampling = p[2] >> 2 & 3, hertz, kbit;

	if (p[0] != 0xff || p[1] < 0xe0 || version == 1 || layer == 0 || layer == 3 ||
	    rate == 0 || rate == 15 || sampling == 3)
		return 0;
	hertz = samplings[sampling] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
	kbit = rates[version != 3 ? 2 : layer == 2][rate];
	return (version != 3 && layer == 1 ? 72 : 144) * 1000 * kbit / hertz + (p[2] >> 1 & 1);
}

/* The same for AAC in ADTS (ISO 13818-7, 6.2). */
static size_t
adts_frame(const uint8_t *p)
{
	if (p[0] != 0xff || (p[1] & 0xf6) != 0xf0 || (p[2] & 0x3c) > 12 << 2)
		return 0;
	return (size_t)(p[3] & 3) << 11 | (size_t)p[4] << 3 | p[5] >> 5;
}

/* Two frames, one behind the other. */
static bool
frames_follow(const uint8_t *p, size_t n, size_t (*frame)(const uint8_t *p))
{
	enum { HEAD = 6 };
	size_t len = n >= HEAD ? frame(p) : 0;

	return len >= HEAD && len <= n - HEAD && frame(p + len);
}

/* Packets of 188 bytes (ISO 13818-1), or of 192 with a time before each. */
static bool
is_transport(const uint8_t *p, size_t n)
{
	static const struct {
		size_t at, step;
	} ways[] = { { 0, 188 }, { 4, 192 } };

	for (size_t i = 0; i < LEN(ways); i++) {
		size_t at = ways[i].at;

		while (at < n && p[at] == 0x47)
			at += ways[i].step;
		if (at >= n && at >= 3 * ways[i].step)
			return true;
	}
	return false;
}

/* The first packet of an Ogg stream names its codec. */
static const char *
ogg_type(const uint8_t *p, size_t n)
{
	enum { PAGE_HEAD = 28 };

	if (HAS(PAGE_HEAD, "\1vorbis") || HAS(PAGE_HEAD, "OpusHead") ||
	    HAS(PAGE_HEAD, "Speex   ") ||
	    HAS(PAGE_HEAD,
		"\x7f"
		"FLAC"))
		return "audio/ogg";
	if (HAS(PAGE_HEAD, "\x80theora") || HAS(PAGE_HEAD, "fishead"))
		return "video/ogg";
	return "application/ogg";
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* A number alone in its line, then "00:00:01,000 --> ". */
static bool
is_subrip(const uint8_t *p, size_t n)
{
	static const char shape[] = "00:00:00,000 --> 00";
	size_t at = HAS(0, "\xef\xbb\xbf") ? 3 : 0, digits = 0;

	while (at < n && (p[at] == '\r' || p[at] == '\n'))
		at++;
	for (; at < n && is_digit(p[at]); at++)
		digits++;
	while (at < n && p[at] == ' ')
		at++;
	if (!digits || digits > 9 || at >= n || (p[at] != '\r' && p[at] != '\n'))
		return false;
	at += p[at] == '\r' ? 2 : 1;
	if (at > n || n - at < sizeof shape - 1)
		return false;
	for (size_t i = 0; i < sizeof shape - 1; i++) {
		bool stop = shape[i] == ',' && p[at + i] == '.';

		if (shape[i] == '0' ? !is_digit(p[at + i]) :
				      !stop && p[at + i] != (uint8_t)shape[i])
			return false;
	}
	return true;
}

/* "WEBVTT", alone or before white space (W3C WebVTT, 4.1). */
static bool
is_webvtt(const uint8_t *p, size_t n)
{
	size_t at = HAS(0, "\xef\xbb\xbf") ? 3 : 0;

	if (!HAS(at, "WEBVTT"))
		return false;
	at += 6;
	return at == n || p[at] == ' ' || p[at] == '\t' || p[at] == '\n' || p[at] == '\r';
}

/* A message of CMS (RFC 5652) alone: a sequence that begins with the number of what is in it. */
static bool
is_cms(const uint8_t *p, size_t n)
{
	size_t at = n > 1 && p[1] > 0x80 && p[1] <= 0x84 ? 2u + (p[1] & 7u) : 2;

	return HAS(0, "\x30") && n > at + 10 &&
	    HAS(at, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07") && p[at + 10] >= 2 &&
	    p[at + 10] <= 6;
}

const char *
sniff_media(const uint8_t *p, size_t n)
{
	enum { EBML_REACH = 64 };

	if (HAS(0, "OggS\0"))
		return ogg_type(p, n);
	if (HAS(0, "\x1a\x45\xdf\xa3"))
		return memmem(p, MIN(n, (size_t)EBML_REACH), "webm", 4) ? "video/webm" :
									  "video/x-matroska";
	if (is_cms(p, n))
		return "application/pkcs7-mime";
	if (is_webvtt(p, n))
		return "text/vtt";
	if (is_subrip(p, n))
		return "application/x-subrip";
	if (frames_follow(p, n, mpeg_frame))
		return "audio/mpeg";
	if (frames_follow(p, n, adts_frame))
		return "audio/aac";
	return is_transport(p, n) ? "video/mp2t" : NULL;
}
