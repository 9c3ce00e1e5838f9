/* The media type from the first bytes. Foreign bytes are only compared, never parsed.
 *
 * The rules for HTML and for what counts as text follow the WHATWG's MIME sniffing
 * standard, with two differences: ESC is text (ISO-2022-JP), and an XML file that is
 * XHTML is told apart. */
#include <string.h>

#include "extract/extract.h"

#define SIGNATURE(at, bytes, type)                                                             \
	{                                                                                      \
		at, sizeof(bytes) - 1, bytes, "", type                                         \
	}
#define BEHIND(lead, at, bytes, type)                                                          \
	{                                                                                      \
		at, sizeof(bytes) - 1, bytes, lead, type                                       \
	}

/* The first row that fits decides: longer ones stand before their beginnings.  Words
 * that a text could hold at that place need more: `lead` names what the file begins with. */
static const struct signature {
	size_t at, n;
	const char *bytes;
	const char *lead; /* "" none, "0" a zero byte, else these letters */
	const char *type;
} signatures[] = {
	SIGNATURE(0, "%PDF-", "application/pdf"),
	SIGNATURE(0, "%!PS-Adobe-", "application/postscript"),
	SIGNATURE(0, "{\\rtf", "application/rtf"),
	BEHIND("PK", 30, "mimetypeapplication/epub+zip", "application/epub+zip"),
	BEHIND("PK", 30, "mimetypeapplication/vnd.oasis.opendocument.text",
	    "application/vnd.oasis.opendocument.text"),
	BEHIND("PK", 30, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
	    "application/vnd.oasis.opendocument.spreadsheet"),
	BEHIND("PK", 30, "mimetypeapplication/vnd.oasis.opendocument.presentation",
	    "application/vnd.oasis.opendocument.presentation"),
	SIGNATURE(0, "PK\3\4", "application/zip"),
	SIGNATURE(0, "PK\5\6", "application/zip"), /* an empty one */
	SIGNATURE(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
	SIGNATURE(0, "\x89PNG\r\n\x1a\n", "image/png"),
	SIGNATURE(0, "\xff\xd8\xff", "image/jpeg"),
	SIGNATURE(0, "GIF87a", "image/gif"),
	SIGNATURE(0, "GIF89a", "image/gif"),
	SIGNATURE(0, "II*\0", "image/tiff"),
	SIGNATURE(0, "MM\0*", "image/tiff"),
	BEHIND("RIFF", 8, "WEBPVP", "image/webp"),
	BEHIND("RIFF", 8, "WAVE", "audio/wav"),
	BEHIND("RIFF", 8, "AVI ", "video/x-msvideo"),
	BEHIND("0", 4, "ftypheic", "image/heic"),
	BEHIND("0", 4, "ftypmif1", "image/heif"),
	BEHIND("0", 4, "ftypavif", "image/avif"),
	BEHIND("0", 4, "ftypM4A", "audio/mp4"),
	BEHIND("0", 4, "ftypqt  ", "video/quicktime"),
	BEHIND("0", 4, "ftyp3gp", "video/3gpp"),
	BEHIND("0", 4, "ftyp", "video/mp4"),
	SIGNATURE(0, "\x1a\x45\xdf\xa3", "video/x-matroska"),
	SIGNATURE(0, "OggS\0", "application/ogg"),
	SIGNATURE(0, "fLaC\0", "audio/flac"),
	SIGNATURE(0, "ID3\2\0", "audio/mpeg"),
	SIGNATURE(0, "ID3\3\0", "audio/mpeg"),
	SIGNATURE(0, "ID3\4\0", "audio/mpeg"),
	SIGNATURE(0, "\xff\xfb\x90", "audio/mpeg"),
	SIGNATURE(0, "#!AMR\n", "audio/amr"),
	SIGNATURE(0, "FLV\1", "video/x-flv"),
	SIGNATURE(0, "\0\0\1\xba", "video/mpeg"),
	SIGNATURE(0, "\x1f\x8b\x08", "application/gzip"),
	BEHIND("BZh", 4, "1AY&SY", "application/x-bzip2"),
	SIGNATURE(0,
	    "\xfd"
	    "7zXZ\0",
	    "application/x-xz"),
	SIGNATURE(0, "\x28\xb5\x2f\xfd", "application/zstd"),
	SIGNATURE(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
	SIGNATURE(0, "Rar!\x1a\x07", "application/vnd.rar"),
	SIGNATURE(257, "ustar\0", "application/x-tar"),
	SIGNATURE(257, "ustar  \0", "application/x-tar"),
	SIGNATURE(0,
	    "\x7f"
	    "ELF",
	    "application/x-elf"),
	SIGNATURE(0, "MZ\x90\0", "application/vnd.microsoft.portable-executable"),
	SIGNATURE(0, "SQLite format 3\0", "application/vnd.sqlite3"),
	SIGNATURE(0, "AT&TFORM", "image/vnd.djvu"),
	SIGNATURE(0, "\0\1\0\0\0", "font/ttf"),
	SIGNATURE(0, "OTTO\0", "font/otf"),
	SIGNATURE(0, "wOFF\0", "font/woff"),
	SIGNATURE(0, "wOF2\0", "font/woff2"),
	SIGNATURE(0, "\xff\xfe\0\0", "text/plain"), /* byte order marks of UTF-32 and UTF-16 */
	SIGNATURE(0, "\0\0\xfe\xff", "text/plain"),
	SIGNATURE(0, "\xff\xfe", "text/plain"),
	SIGNATURE(0, "\xfe\xff", "text/plain"),
};

/* What HTML begins with, after white space; then a space or '>' must follow. */
static const char *const html_starts[] = {
	"<!DOCTYPE HTML",
	"<HTML",
	"<HEAD",
	"<SCRIPT",
	"<IFRAME",
	"<H1",
	"<DIV",
	"<FONT",
	"<TABLE",
	"<A",
	"<STYLE",
	"<TITLE",
	"<B",
	"<BODY",
	"<BR",
	"<P",
	"<META",
	"<!--",
};

static bool
begins(const uint8_t *p, size_t n, const char *word)
{
	size_t len = strlen(word);

	return n >= len && strncasecmp((const char *)p, word, len) == 0;
}

static bool
begins_html(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < LEN(html_starts); i++) {
		size_t len = strlen(html_starts[i]);

		if (!begins(p, n, html_starts[i]))
			continue;
		if (strcmp(html_starts[i], "<!--") == 0 || n == len || p[len] == '>' ||
		    p[len] == ' ' || (p[len] >= '\t' && p[len] <= '\r'))
			return true;
	}
	return false;
}

static size_t
place_of(const char *word, const uint8_t *p, size_t n) /* n: nowhere */
{
	size_t i = 0;

	while (i < n && !begins(p + i, n - i, word))
		i++;
	return i;
}

/* An XML file whose first element is html. */
static bool
xml_is_html(const uint8_t *p, size_t n)
{
	size_t html = place_of("<html", p, n),
	       ns = place_of("http://www.w3.org/1999/xhtml", p, n);

	return html < ns && ns < n;
}

static const char *
markup(const uint8_t *p, size_t n)
{
	size_t at = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < n && (p[at] == ' ' || (p[at] >= '\t' && p[at] <= '\r' && p[at] != '\v')))
		at++;
	p += at;
	n -= at;
	if (begins(p, n, "<?xml"))
		return xml_is_html(p, n) ? "application/xhtml+xml" : "text/xml";
	return begins_html(p, n) ? "text/html" : NULL;
}

static bool
looks_like_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 && !(p[i] >= '\t' && p[i] <= '\r') && p[i] != 0x1b)
			return false;
	return true;
}

static bool
fits(const struct signature *s, const uint8_t *p, size_t n)
{
	if (s->at + s->n > n || memcmp(p + s->at, s->bytes, s->n) != 0)
		return false;
	if (strcmp(s->lead, "0") == 0)
		return p[0] == 0;
	return memcmp(p, s->lead, strlen(s->lead)) == 0;
}

const char *
extract_media_type(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	const char *type;

	if (n == 0)
		return "application/x-empty";
	n = MIN(n, (size_t)EXTRACT_SNIFF);
	for (size_t i = 0; i < LEN(signatures); i++) {
		if (fits(&signatures[i], p, n))
			return signatures[i].type;
	}
	if (!looks_like_text(p, n))
		return "application/octet-stream";
	type = markup(p, n);
	return type ? type : "text/plain";
}
