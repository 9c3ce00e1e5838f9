/* The media type from the first bytes. Foreign bytes are only compared, never parsed.
 *
 * The rules for HTML and for what counts as text follow the WHATWG's MIME sniffing
 * standard. Differences: fragments of HTML may begin with more elements; HTML in UTF-16 and
 * an XML file that is XHTML are told; UTF-16 and UTF-32 are text without a byte order mark,
 * too; so is what holds hardly any control characters, ESC (ISO-2022-JP), or ^Z at its end. */
#include <string.h>

#include "extract/extract.h"
#include "extract/client/sniff_private.h"

#define SIGNATURE(at, bytes, type)                                                             \
	{                                                                                      \
		at, sizeof(bytes) - 1, bytes, "", type                                         \
	}
#define BEHIND(lead, at, bytes, type)                                                          \
	{                                                                                      \
		at, sizeof(bytes) - 1, bytes, lead, type                                       \
	}

#define OOXML "application/vnd.openxmlformats-officedocument."

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
	BEHIND("PK", 30, "mimetypeapplication/vnd.oasis.opendocument.graphics",
	    "application/vnd.oasis.opendocument.graphics"),
	SIGNATURE(0, "PK\3\4", "application/zip"),
	SIGNATURE(0, "PK\5\6", "application/zip"), /* an empty one */
	SIGNATURE(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
	/* Excel 2, 3 and 4, and Word 2, had no container. */
	SIGNATURE(0, "\x09\0\4\0", "application/vnd.ms-excel"),
	SIGNATURE(0, "\x09\2\6\0", "application/vnd.ms-excel"),
	SIGNATURE(0, "\x09\4\6\0", "application/vnd.ms-excel"),
	SIGNATURE(0, "\x09\x08\x08\0\0\5", "application/vnd.ms-excel"),
	SIGNATURE(0, "\xdb\xa5\x2d\0", "application/msword"),
	SIGNATURE(0, "\x89PNG\r\n\x1a\n", "image/png"),
	SIGNATURE(0, "\xff\xd8\xff", "image/jpeg"),
	SIGNATURE(0, "GIF87a", "image/gif"),
	SIGNATURE(0, "GIF89a", "image/gif"),
	BEHIND("BM", 6, "\0\0\0\0", "image/bmp"), /* reserved */
	SIGNATURE(0, "II*\0", "image/tiff"),
	SIGNATURE(0, "MM\0*", "image/tiff"),
	BEHIND("RIFF", 8, "WEBPVP", "image/webp"),
	BEHIND("RIFF", 8, "WAVE", "audio/wav"),
	BEHIND("RIFF", 8, "AVI ", "video/x-msvideo"),
	BEHIND("0", 4, "ftypheic", "image/heic"),
	BEHIND("0", 4, "ftypheix", "image/heic"),
	BEHIND("0", 4, "ftypmif1", "image/heif"),
	BEHIND("0", 4, "ftypavif", "image/avif"),
	BEHIND("0", 4, "ftypM4A", "audio/mp4"),
	BEHIND("0", 4, "ftypqt  ", "video/quicktime"),
	BEHIND("0", 4, "ftyp3gp", "video/3gpp"),
	BEHIND("0", 4, "ftypM4B", "audio/mp4"),
	BEHIND("0", 4, "ftypM4P", "audio/mp4"),
	BEHIND("0", 4, "ftypF4A", "audio/mp4"),
	BEHIND("0", 4, "ftyp3g2", "video/3gpp"),
	BEHIND("0", 4, "ftypmmp4", "video/3gpp"),
	BEHIND("0", 4, "ftyp", "video/mp4"),
	BEHIND("0", 4, "moov", "video/quicktime"), /* before there was ftyp */
	BEHIND("0", 4, "mdat", "video/quicktime"),
	BEHIND("0", 4, "wide", "video/quicktime"),
	SIGNATURE(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
	BEHIND("FORM", 8, "AIFF", "audio/aiff"),
	BEHIND("FORM", 8, "AIFC", "audio/aiff"),
	BEHIND("RF64", 8, "WAVE", "audio/wav"),
	SIGNATURE(0, "#!AMR-WB\n", "audio/amr"),
	SIGNATURE(0, "\0\0\1\xb3", "video/mpeg"),
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
	SIGNATURE(0, "\x1f\x9d", "application/x-compress"),
	SIGNATURE(0, "LZIP\1", "application/x-lzip"),
	SIGNATURE(0, "\x04\x22\x4d\x18", "application/x-lz4"),
	SIGNATURE(0, "MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
	SIGNATURE(2, "-lh0-", "application/x-lzh-compressed"),
	SIGNATURE(2, "-lh5-", "application/x-lzh-compressed"),
	SIGNATURE(2, "-lh6-", "application/x-lzh-compressed"),
	SIGNATURE(2, "-lh7-", "application/x-lzh-compressed"),
	SIGNATURE(0, "070701", "application/x-cpio"),
	SIGNATURE(0, "070707", "application/x-cpio"),
	SIGNATURE(257, "ustar\0", "application/x-tar"),
	SIGNATURE(257, "ustar  \0", "application/x-tar"),
	SIGNATURE(0,
	    "\x7f"
	    "ELF",
	    "application/x-elf"),
	SIGNATURE(0, "MZ\x90\0", "application/vnd.microsoft.portable-executable"),
	BEHIND("!BDN", 8, "SM", "application/vnd.ms-outlook-pst"),
	BEHIND("!BDN", 8, "SO", "application/vnd.ms-outlook-pst"),
	SIGNATURE(0, "SQLite format 3\0", "application/vnd.sqlite3"),
	SIGNATURE(0, "AT&TFORM", "image/vnd.djvu"),
	SIGNATURE(0, "WARC/0.", "application/warc"),
	SIGNATURE(0, "WARC/1.", "application/warc"),
	SIGNATURE(0, "filedesc://", "application/x-arc"),
	SIGNATURE(0, "\0\1\0\0\0", "font/ttf"),
	SIGNATURE(0, "OTTO\0", "font/otf"),
	SIGNATURE(0, "wOFF\0", "font/woff"),
	SIGNATURE(0, "wOF2\0", "font/woff2"),
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
	/* Not in the standard: */
	"<ARTICLE",
	"<BLOCKQUOTE",
	"<CENTER",
	"<DL",
	"<EM",
	"<FORM",
	"<H2",
	"<H3",
	"<H4",
	"<H5",
	"<H6",
	"<HEADER",
	"<HR",
	"<I",
	"<IMG",
	"<LI",
	"<LINK",
	"<MAIN",
	"<NAV",
	"<OL",
	"<PRE",
	"<SECTION",
	"<SPAN",
	"<STRONG",
	"<U",
	"<UL",
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

/* Where the first element begins, behind what may stand before it; n: it cannot be seen. */
static size_t
root_of(const uint8_t *p, size_t n)
{
	static const struct {
		const char *start, *end;
	} before[] = { { "<?", "?>" }, { "<!--", "-->" }, { "<!", NULL } };
	size_t at = 0, i = 0;

	while (at < n && i < LEN(before)) {
		const uint8_t *end;

		while (at < n && (p[at] == ' ' || (p[at] >= '\t' && p[at] <= '\r')))
			at++;
		for (i = 0; i < LEN(before) && !begins(p + at, n - at, before[i].start); i++)
			;
		if (i == LEN(before))
			return at;
		end = before[i].end ?
		    memmem(p + at, n - at, before[i].end, strlen(before[i].end)) :
		    sniff_declaration_end(p + at, n - at);
		at = end ? (size_t)(end - p) + (before[i].end ? strlen(before[i].end) : 0) : n;
	}
	return at;
}

/* A feed, by its first element, and by what only feeds name. NULL: it is none. */
static const char *
feed_type(const uint8_t *p, size_t n)
{
	static const struct {
		const char *root, *names, *type;
	} rows[] = {
		{ "<rss", "", "application/rss+xml" },
		{ "<feed", "http://www.w3.org/2005/Atom", "application/atom+xml" },
		{ "<feed", "http://purl.org/atom/ns#", "application/atom+xml" },
		{ "<atom:feed", "http://www.w3.org/2005/Atom", "application/atom+xml" },
		{ "<rdf:RDF", "http://purl.org/rss/1.0/", "application/rdf+xml" },
		{ "<rdf:RDF", "http://my.netscape.com/rdf/simple/0.9/", "application/rdf+xml" },
	};
	size_t root = root_of(p, n);

	for (size_t i = 0; i < LEN(rows); i++) {
		size_t end = root + strlen(rows[i].root);

		if (begins(p + root, n - root, rows[i].root) && end < n &&
		    strchr(" \t\r\n>", p[end]) && p[end] &&
		    (!*rows[i].names || place_of(rows[i].names, p, n) < n))
			return rows[i].type;
	}
	return NULL;
}

static const char *
markup(const uint8_t *p, size_t n)
{
	const char *feed;
	size_t at = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < n && (p[at] == ' ' || (p[at] >= '\t' && p[at] <= '\r' && p[at] != '\v')))
		at++;
	p += at;
	n -= at;
	if (begins(p, n, "{") && place_of("https://jsonfeed.org/version/", p, n) < n)
		return "application/feed+json";
	feed = begins(p, n, "<") ? feed_type(p, n) : NULL;
	if (feed)
		return feed;
	if (begins(p, n, "<?xml"))
		return xml_is_html(p, n) ? "application/xhtml+xml" : "text/xml";
	return begins_html(p, n) ? "text/html" : NULL;
}

/* U+0000 to U+001F that no text has. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1b;
}

/* One control in so many characters is an accident; of what is no text, it is one in ten, or
 * in thirty if units are of two bytes. */
enum { RARE = 256 };
enum { FEW = 8 }; /* units: fewer tell nothing */

static bool
looks_like_text(const uint8_t *p, size_t n)
{
	size_t controls = 0;

	if (n && p[n - 1] == 0x1a) /* the end of a file, long ago */
		n--;
	for (size_t i = 0; i < n; i++)
		controls += is_control(p[i]);
	return controls * RARE <= n;
}

/* How UTF-16 and UTF-32 lay out a unit of text. */
struct wide {
	size_t size; /* of a unit, in bytes */
	bool big;    /* the first byte is the most significant */
};

static uint32_t
unit_at(const struct wide *w, const uint8_t *p)
{
	uint32_t c = 0;

	for (size_t i = 0; i < w->size; i++)
		c = c << 8 | p[w->big ? i : w->size - 1 - i];
	return c;
}

/* Half a surrogate pair that is not beside its other half: of random bytes one unit in 32, of
 * UTF-16 none. */
static bool
is_lone_half(const struct wide *w, const uint8_t *p, size_t i, size_t units)
{
	uint32_t c = unit_at(w, p + i * w->size) & 0xfffffc00;

	if (c == 0xd800) /* what is cut off at the end may have gone on */
		return i + 1 < units &&
		    (unit_at(w, p + (i + 1) * w->size) & 0xfffffc00) != 0xdc00;
	return c == 0xdc00 &&
	    (!i || (unit_at(w, p + (i - 1) * w->size) & 0xfffffc00) != 0xd800);
}

static bool
is_unit(const struct wide *w, const uint8_t *p, size_t i, size_t units)
{
	uint32_t c = unit_at(w, p + i * w->size);

	if (is_control(c) || (c & 0xfffe) == 0xfffe || c > 0x10ffff)
		return false;
	return w->size == 2 ? !is_lone_half(w, p, i, units) : (c & 0xfffff800) != 0xd800;
}

/* Where units stand in Unicode: what any text may hold, the scripts of East Asia, all other
 * scripts, and what is no script. The first row that reaches a unit decides. Of a surrogate
 * pair the first half tells. */
enum area { COMMON, EAST, OTHER, NO_SCRIPT, AREAS };

static enum area
area_of(uint32_t c)
{
	static const struct {
		uint32_t to;
		enum area area;
	} rows[] = { { 0x24f, COMMON }, { 0x1dff, OTHER }, { 0x206f, COMMON },
		{ 0x2bff, NO_SCRIPT }, { 0x2dff, OTHER }, { 0x2e7f, COMMON }, { 0x9fff, EAST },
		{ 0xabff, OTHER }, { 0xd7ff, EAST }, { 0xd83f, OTHER }, { 0xd8bf, EAST },
		{ 0xdbff, NO_SCRIPT }, { 0xdfff, COMMON }, { 0xf8ff, NO_SCRIPT },
		{ 0xfaff, EAST }, { 0xfeff, OTHER }, { 0xffef, EAST }, { 0xffff, NO_SCRIPT },
		{ 0x1ffff, OTHER }, { 0x3ffff, EAST }, { UINT32_MAX, NO_SCRIPT } };
	size_t i = 0;

	while (c > rows[i].to)
		i++;
	return rows[i].area;
}

/* Scripts mixed as no text mixes them? Of random bytes, read as UTF-16, one unit in three is
 * of the lesser half of Unicode or of no script. */
static bool
is_jumble(const struct wide *w, const uint8_t *p, size_t units)
{
	enum { ODD = 8 }; /* in text, fewer than one in so many */
	size_t n[AREAS] = { 0 };

	for (size_t i = 0; i < units; i++)
		n[area_of(unit_at(w, p + i * w->size))]++;
	return (n[NO_SCRIPT] + MIN(n[EAST], n[OTHER])) * ODD > units;
}

static bool
is_letter_or_space(uint8_t c)
{
	return c == ' ' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Two bytes of which each could be a letter: in UTF-16 one in ten characters of Chinese, else
 * hardly any; in a text that a few zero bytes stray in, nearly all. */
static bool
is_pair(const uint8_t *p)
{
	return is_letter_or_space(p[0]) && is_letter_or_space(p[1]);
}

/* The bytes read in that way, ASCII alone, into `ret` of n bytes. Returns how many there
 * are: 0 if it is no text read so. */
static size_t
narrow(const struct wide *w, const uint8_t *p, size_t n, uint8_t *ret)
{
	enum { ASCII = 256 }; /* line ends or the like, one in so many */
	size_t units = n / w->size, ascii = 0, wrong = 0, pairs = 0;

	for (size_t i = 0; i < units; i++) {
		uint32_t c = unit_at(w, p + i * w->size);

		pairs += is_pair(p + i * w->size);
		if (!is_unit(w, p, i, units)) {
			if (++wrong * RARE > units)
				return 0; /* at once: most files are neither */
		} else if (c < 0x7f) {
			ret[ascii++] = (uint8_t)c;
		}
	}
	if (units < FEW || ascii * ASCII < units || pairs * 2 > units || is_jumble(w, p, units))
		return 0;
	return ascii;
}

/* UTF-16 or UTF-32: says whether it is, and whether it is HTML. NULL: neither. */
static const char *
wide_type(const uint8_t *p, size_t n)
{
	static const struct {
		const char *mark;
		size_t n;
		struct wide w;
	} marks[] = {
		{ "\xff\xfe\0\0", 4, { 4, false } },
		{ "\0\0\xfe\xff", 4, { 4, true } },
		{ "\xff\xfe", 2, { 2, false } },
		{ "\xfe\xff", 2, { 2, true } },
	};
	uint8_t ascii[2][EXTRACT_SNIFF / 2];
	size_t best = 0;
	const char *type;

	for (size_t i = 0; i < LEN(marks); i++) {
		size_t skip = marks[i].n, len;

		if (n < skip || memcmp(p, marks[i].mark, skip) != 0)
			continue;
		len = (n - skip) / marks[i].w.size;
		if (len >= FEW && is_jumble(&marks[i].w, p + skip, len))
			continue; /* of random bytes some begin so */
		len = narrow(&marks[i].w, p + skip, n - skip, ascii[0]);
		type = markup(ascii[0], len);
		return type ? type : "text/plain";
	}
	if (!memchr(p, 0, n))
		return NULL;
	for (size_t i = 0; i < LEN(marks); i++) { /* of two readings, that with more ASCII */
		size_t len = narrow(&marks[i].w, p, n, ascii[1]);

		if (len <= best)
			continue;
		best = len;
		memcpy(ascii[0], ascii[1], len);
	}
	if (!best)
		return NULL;
	type = markup(ascii[0], best);
	return type ? type : "text/plain";
}

/* A ZIP is an office document if among the names at its start there are those that only such packages have, and a
 * folder that tells which one. NULL: it is a ZIP. */
static const char *
package_type(const uint8_t *p, size_t n)
{
	enum { NAME_AT = 30 };
	static const struct {
		const char *start, *type; /* type NULL: says that it is a package */
	} rows[] = {
		{ "[Content_Types].xml", NULL },
		{ "_rels/.rels", NULL },
		{ "word/", OOXML "wordprocessingml.document" },
		{ "xl/", OOXML "spreadsheetml.sheet" },
		{ "ppt/", OOXML "presentationml.presentation" },
		{ "FixedDoc", "application/vnd.ms-xpsdocument" },
		{ "Documents/1/", "application/vnd.ms-xpsdocument" },
	};
	const char *type = NULL;
	bool package = false;

	for (size_t i = 0; i + NAME_AT < n; i++) {
		if (p[i] != 'P' || memcmp(p + i, "PK\3\4", 4) != 0)
			continue;
		for (size_t k = 0; k < LEN(rows); k++) {
			size_t len = strlen(rows[k].start);

			if (n - i < NAME_AT + len ||
			    memcmp(p + i + NAME_AT, rows[k].start, len) != 0)
				continue;
			package |= !rows[k].type;
			type = type ? type : rows[k].type;
		}
	}
	return package ? type : NULL;
}

/* A PDF behind other bytes, as readers allow: captures of HTTP, uploads with their form, stray bytes. */
static bool
holds_pdf(const uint8_t *p, size_t n)
{
	enum { REACH = 1024 };
	static const char word[] = "%PDF-";
	const uint8_t *at = p;
	size_t left = MIN(n, (size_t)REACH + sizeof word);

	while ((at = memmem(at, left - (size_t)(at - p), word, sizeof word - 1))) {
		size_t i = (size_t)(at++ - p);
		bool begins_line = !i || p[i - 1] == '\n' || p[i - 1] == '\r';

		/* Within a line of text it is spoken of. */
		if (i + 6 < n && p[i + 5] >= '1' && p[i + 5] <= '9' && p[i + 6] == '.' &&
		    (begins_line || !looks_like_text(p, n)))
			return true;
	}
	return false;
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
	type = n > 4 && memcmp(p, "PK\3\4", 4) == 0 ? package_type(p, n) : NULL;
	if (!type)
		type = sniff_media(p, n);
	if (type)
		return type;
	for (size_t i = 0; i < LEN(signatures); i++) {
		if (fits(&signatures[i], p, n))
			return signatures[i].type;
	}
	type = wide_type(p, n);
	if (!type)
		type = markup(p, n);
	if (!type)
		type = sniff_lines(p, n);
	if (!type && holds_pdf(p, n))
		return "application/pdf";
	if (type)
		return type;
	return looks_like_text(p, n) || sniff_short_text(p, n) ? "text/plain" :
								 "application/octet-stream";
}
