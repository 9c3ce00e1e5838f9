/* All limits of extraction, and what can be extracted. */
#include <string.h>

#include "extract/private.h"

#define MIB (UINT64_C(1) << 20)
#define OOXML "application/vnd.openxmlformats-officedocument."

const struct extract_limits extract_limits_default = {
	.memory = 1024 * MIB,
	.seconds = 60,
	.output = 128 * MIB,
};

const struct unpack_limits unpack_limits = {
	.total = 4096 * MIB,
	.free = 64 * MIB,
	.ratio = 250,
	.files = 100000,
};

uint64_t
unpack_bound(size_t packed)
{
	return MIN(
	    unpack_limits.total, unpack_limits.free + unpack_limits.ratio * (uint64_t)packed);
}

/* HTML's input is smaller, because decoding, parser and result each hold a copy. */
static const struct media media[] = {
	{ "text/plain", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/csv", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/markdown", EXTRACTOR_TEXT, 256 * MIB },
	{ "text/html", EXTRACTOR_HTML, 64 * MIB },
	{ "text/xml", EXTRACTOR_XML, 256 * MIB },
	{ "application/json", EXTRACTOR_TEXT, 256 * MIB },
	{ "application/xhtml+xml", EXTRACTOR_HTML, 64 * MIB },
	{ "application/xml", EXTRACTOR_XML, 256 * MIB },
	{ "application/zip", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/epub+zip", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/vnd.oasis.opendocument.text", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/vnd.oasis.opendocument.spreadsheet", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/vnd.oasis.opendocument.presentation", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/vnd.oasis.opendocument.graphics", EXTRACTOR_ZIP, 1024 * MIB },
	{ OOXML "wordprocessingml.document", EXTRACTOR_ZIP, 1024 * MIB },
	{ OOXML "spreadsheetml.sheet", EXTRACTOR_ZIP, 1024 * MIB },
	{ OOXML "presentationml.presentation", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/vnd.ms-xpsdocument", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/gzip", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-bzip2", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-xz", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/zstd", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-7z-compressed", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/vnd.rar", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-tar", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-compress", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-lzip", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-lz4", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-cpio", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/vnd.ms-cab-compressed", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-lzh-compressed", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/x-iso9660-image", EXTRACTOR_PACKED, 1024 * MIB },
	{ "application/pdf", EXTRACTOR_PDF, 1024 * MIB, EXTRACTOR_VIEW, EXTRACTOR_SCAN },
	{ "image/jpeg", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/png", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/tiff", EXTRACTOR_PICTURE, 512 * MIB, EXTRACTOR_VIEW },
	{ "image/webp", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/gif", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/bmp", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/heic", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/heif", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "image/avif", EXTRACTOR_PICTURE, 256 * MIB, EXTRACTOR_VIEW },
	{ "text/vtt", EXTRACTOR_SUBTITLES, 64 * MIB },
	{ "application/x-subrip", EXTRACTOR_SUBTITLES, 64 * MIB },
	{ "video/mp4", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/quicktime", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/3gpp", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/x-matroska", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/webm", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/x-msvideo", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/mpeg", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/mp2t", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/x-ms-asf", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/x-flv", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "video/ogg", EXTRACTOR_MEDIA, 1024 * MIB, EXTRACTOR_FRAME },
	{ "application/ogg", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/mpeg", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/mp4", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/ogg", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/flac", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/wav", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/aiff", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/amr", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "audio/aac", EXTRACTOR_MEDIA, 1024 * MIB },
	{ "application/x-ole-storage", EXTRACTOR_OLE, 256 * MIB },
	{ "application/vnd.ms-excel", EXTRACTOR_OLE, 256 * MIB },
	{ "application/msword", EXTRACTOR_OLE, 256 * MIB },
	{ "application/rtf", EXTRACTOR_RTF, 256 * MIB },
	{ "application/warc", EXTRACTOR_WARC, 1024 * MIB },
	{ "application/x-arc", EXTRACTOR_WARC, 1024 * MIB },
	{ "application/wacz", EXTRACTOR_ZIP, 1024 * MIB },
	{ "application/rss+xml", EXTRACTOR_FEED, 64 * MIB },
	{ "application/atom+xml", EXTRACTOR_FEED, 64 * MIB },
	{ "application/rdf+xml", EXTRACTOR_FEED, 64 * MIB },
	{ "application/feed+json", EXTRACTOR_FEED, 64 * MIB },
	{ "message/rfc822", EXTRACTOR_MAIL, 1024 * MIB },
	{ "application/mbox", EXTRACTOR_MBOX, 1024 * MIB },
	{ "multipart/related", EXTRACTOR_MHTML, 1024 * MIB },
	{ "application/pkcs7-mime", EXTRACTOR_CMS, 256 * MIB },
	{ "text/vcard", EXTRACTOR_VCARD, 256 * MIB },
	{ "text/calendar", EXTRACTOR_CALENDAR, 256 * MIB },
};

static const char *const reason_names[] = {
	[EXTRACT_NO_REASON] = "",
	[EXTRACT_DAMAGED] = "damaged",
	[EXTRACT_ENCRYPTED] = "encrypted",
	[EXTRACT_BOUND] = "limit",
	[EXTRACT_PICTURES] = "pictures",
	[EXTRACT_SLOW] = "time",
	[EXTRACT_MEMORY] = "memory",
	[EXTRACT_BROKEN] = "broken",
	[EXTRACT_AWAY] = "away",
};
_Static_assert(LEN(reason_names) == EXTRACT_REASONS, "every reason has a name");

const char *
extract_reason_name(enum extract_reason r)
{
	return reason_names[r];
}

static const struct {
	const char *name;
	bool unpacks; /* gives embedded files */
	enum family_id family;
	unsigned patience; /* 0: 1 */
} extractors[] = {
	[EXTRACTOR_TEXT] = { "vigil-extract text 1", false },
	[EXTRACTOR_XML] = { "vigil-extract text 1",
	    false }, /* only its declared encoding is read */
	[EXTRACTOR_HTML] = { "vigil-extract html 1", false },
	[EXTRACTOR_ZIP] = { "vigil-extract zip 1", true },
	[EXTRACTOR_PACKED] = { "vigil-extract packed 1", true },
	[EXTRACTOR_TABLE] = { "vigil-extract rows 1", false },
	[EXTRACTOR_OBJECTS] = { "vigil-extract rows 1", false },
	[EXTRACTOR_ARCHIVE] = { "vigil-extract rows 1", false },
	[EXTRACTOR_PDF] = { "vigil-extract pdf 1", true, FAMILY_PDF },
	[EXTRACTOR_SUBTITLES] = { "vigil-extract subtitles 1", false },
	[EXTRACTOR_MEDIA] = { "vigil-extract media 1", true, FAMILY_MEDIA },
	[EXTRACTOR_FRAME] = { "vigil-extract frame 1", true, FAMILY_MEDIA },
	[EXTRACTOR_OLE] = { "vigil-extract ole 1", true },
	[EXTRACTOR_RTF] = { "vigil-extract rtf 1", true },
	[EXTRACTOR_WARC] = { "vigil-extract warc 1", true },
	[EXTRACTOR_FEED] = { "vigil-extract feed 1", false },
	[EXTRACTOR_MAIL] = { "vigil-extract mail 1", true, FAMILY_MAIL },
	[EXTRACTOR_MBOX] = { "vigil-extract mail 1", true, FAMILY_MAIL },
	[EXTRACTOR_MHTML] = { "vigil-extract mail 1", true, FAMILY_MAIL },
	[EXTRACTOR_CMS] = { "vigil-extract cms 1", true, FAMILY_MAIL },
	[EXTRACTOR_VCARD] = { "vigil-extract vcard 1", true },
	[EXTRACTOR_CALENDAR] = { "vigil-extract vcard 1", true },
	/* A page costs seconds. */
	[EXTRACTOR_PICTURE] = { "vigil-extract picture 1", true, FAMILY_PICTURE, 10 },
	[EXTRACTOR_SCAN] = { "vigil-extract ocr 1", false, FAMILY_PICTURE, 20 },
	[EXTRACTOR_VIEW] = { "vigil-extract view 1", true, FAMILY_PICTURE },
};
_Static_assert(LEN(extractors) == EXTRACTORS, "every extractor has a row");

/* Tables of characters that PDFs of China and Japan take for granted: too many to be loaded beforehand. */
static const char *const pdf_folders[] = { "/usr/share/poppler", NULL };
/* Drawing pages takes fonts, too, and where they are listed. */
static const char *const picture_folders[] = { "/usr/share/poppler", "/usr/share/fonts",
	"/etc/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig", NULL };

static const struct {
	const char *suffix;
	const char *const *folders;
} families[] = {
	[FAMILY_LEAN] = { "" },
	[FAMILY_PDF] = { "-pdf", pdf_folders },
	[FAMILY_MEDIA] = { "-media" },
	[FAMILY_MAIL] = { "-mail" },
	[FAMILY_PICTURE] = { "-picture", picture_folders },
};
_Static_assert(LEN(families) == FAMILIES, "every family has a program");

const struct media *
media_find(const char *type)
{
	for (size_t i = 0; i < LEN(media); i++)
		if (strcmp(media[i].type, type) == 0)
			return &media[i];
	return NULL;
}

const char *
extractor_name(enum extractor_id id)
{
	return extractors[id].name;
}

bool
extractor_unpacks(enum extractor_id id)
{
	return extractors[id].unpacks;
}

unsigned
extractor_patience(enum extractor_id id)
{
	return MAX(extractors[id].patience, 1u);
}

enum family_id
extractor_family(enum extractor_id id)
{
	return extractors[id].family;
}

const char *
family_suffix(enum family_id id)
{
	return families[id].suffix;
}

const char *const *
family_folders(enum family_id id)
{
	return families[id].folders;
}

const char *
extract_type_at(size_t i)
{
	return i < LEN(media) ? media[i].type : NULL;
}

bool
extract_can(const char *media_type)
{
	return media_find(media_type) != NULL;
}

bool
extract_can_view(const char *media_type)
{
	const struct media *m = media_find(media_type);

	return m && m->view != EXTRACTOR_TEXT;
}

uint64_t
extract_input_max(const char *media_type)
{
	const struct media *m = media_find(media_type);

	return m ? m->input_max : 0;
}
