/* What a file's name says it is: compared with what its bytes say, never believed. */
#include <string.h>

#include "base/auto.h"
#include "extract/extract.h"

/* `within`: what the first bytes of such a file may say, too, because they tell only the container or the code. */
static const struct ending {
	const char *ending, *type, *within;
} endings[] = {
	{ "txt", "text/plain", "text/" },
	{ "csv", "text/csv", "text/plain" },
	{ "tsv", "text/tab-separated-values", "text/plain" },
	{ "tab", "text/tab-separated-values", "text/plain" },
	{ "md", "text/markdown", "text/plain" },
	{ "json", "application/json", "text/plain" },
	{ "xml", "text/xml", "application/xml" },
	{ "html", "text/html", "application/xhtml+xml" },
	{ "htm", "text/html", "application/xhtml+xml" },
	{ "pdf", "application/pdf", NULL },
	{ "p7m", "application/pkcs7-mime", NULL },
	{ "rtf", "application/rtf", NULL },
	{ "doc", "application/msword", "application/x-ole-storage" },
	{ "xls", "application/vnd.ms-excel", "application/x-ole-storage" },
	{ "ppt", "application/vnd.ms-powerpoint", "application/x-ole-storage" },
	{ "msg", "application/vnd.ms-outlook", "application/x-ole-storage" },
	{ "dot", "application/msword", "application/x-ole-storage" },
	{ "xlt", "application/vnd.ms-excel", "application/x-ole-storage" },
	{ "pps", "application/vnd.ms-powerpoint", "application/x-ole-storage" },
	{ "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	    "application/zip" },
	{ "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	    "application/zip" },
	{ "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	    "application/zip" },
	{ "odt", "application/vnd.oasis.opendocument.text", "application/zip" },
	{ "ods", "application/vnd.oasis.opendocument.spreadsheet", "application/zip" },
	{ "odp", "application/vnd.oasis.opendocument.presentation", "application/zip" },
	{ "epub", "application/epub+zip", "application/zip" },
	{ "zip", "application/zip", NULL },
	{ "gz", "application/gzip", NULL },
	{ "bz2", "application/x-bzip2", NULL },
	{ "xz", "application/x-xz", NULL },
	{ "zst", "application/zstd", NULL },
	{ "7z", "application/x-7z-compressed", NULL },
	{ "rar", "application/vnd.rar", NULL },
	{ "tar", "application/x-tar", NULL },
	{ "jpg", "image/jpeg", NULL },
	{ "jpeg", "image/jpeg", NULL },
	{ "png", "image/png", NULL },
	{ "gif", "image/gif", NULL },
	{ "tif", "image/tiff", NULL },
	{ "tiff", "image/tiff", NULL },
	{ "webp", "image/webp", NULL },
	{ "heic", "image/heic", "image/heif" },
	{ "bmp", "image/bmp", NULL },
	{ "heif", "image/heif", "image/heic" },
	{ "avif", "image/avif", "image/heif" },
	{ "mp3", "audio/mpeg", NULL },
	{ "wav", "audio/wav", NULL },
	{ "ogg", "audio/ogg", "video/ogg" },
	{ "flac", "audio/flac", NULL },
	{ "mp4", "video/mp4", "video/quicktime" },
	{ "mov", "video/quicktime", "video/mp4" },
	{ "avi", "video/x-msvideo", NULL },
	{ "m4a", "audio/mp4", "video/mp4" },
	{ "m4b", "audio/mp4", "video/mp4" },
	{ "m4v", "video/mp4", "video/quicktime" },
	{ "3gp", "video/3gpp", "video/mp4" },
	{ "mkv", "video/x-matroska", "video/webm" },
	{ "mka", "video/x-matroska", "video/webm" },
	{ "webm", "video/webm", NULL },
	{ "wmv", "video/x-ms-asf", NULL },
	{ "wma", "video/x-ms-asf", NULL },
	{ "flv", "video/x-flv", NULL },
	{ "mpg", "video/mpeg", "video/mp2t" },
	{ "mpeg", "video/mpeg", "video/mp2t" },
	{ "mts", "video/mp2t", NULL },
	{ "m2ts", "video/mp2t", NULL },
	{ "ogv", "video/ogg", "application/ogg" },
	{ "oga", "audio/ogg", "application/ogg" },
	{ "opus", "audio/ogg", "application/ogg" },
	{ "aif", "audio/aiff", NULL },
	{ "aiff", "audio/aiff", NULL },
	{ "amr", "audio/amr", NULL },
	{ "aac", "audio/aac", NULL },
	{ "srt", "application/x-subrip", "text/plain" },
	{ "vtt", "text/vtt", "text/plain" },
	{ "warc", "application/warc", NULL },
	{ "arc", "application/x-arc", NULL },
	{ "wacz", "application/wacz", "application/zip" },
	{ "rss", "application/rss+xml", "text/xml" },
	{ "atom", "application/atom+xml", "text/xml" },
	{ "eml", "message/rfc822", "text/plain" },
	{ "mbox", "application/mbox", "text/plain" },
	{ "mht", "multipart/related", "message/rfc822" },
	{ "mhtml", "multipart/related", "message/rfc822" },
	{ "vcf", "text/vcard", "text/plain" },
	{ "ics", "text/calendar", "text/plain" },
	{ "pst", "application/vnd.ms-outlook-pst", NULL },
	{ "ost", "application/vnd.ms-outlook-pst", NULL },
	{ "exe", "application/vnd.microsoft.portable-executable", NULL },
};

static const struct ending *
ending_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

	for (size_t i = 0; dot && i < LEN(endings); i++)
		if (strcasecmp(dot + 1, endings[i].ending) == 0)
			return &endings[i];
	return NULL;
}

/* application/rss+xml is XML, too (RFC 6839). */
static bool
is_kind_of(const char *type, const char *claimed)
{
	const char *suffix = strrchr(type, '+'), *sub = strchr(claimed, '/');

	return suffix && sub && strcmp(suffix + 1, sub + 1) == 0;
}

const char *
extract_name_disagrees(const char *path, const char *type)
{
	const struct ending *x = ending_of(path);

	if (!x || strcmp(type, x->type) == 0 || strcmp(type, "application/x-empty") == 0 ||
	    (x->within && strncmp(type, x->within, strlen(x->within)) == 0) ||
	    is_kind_of(type, x->type))
		return NULL;
	return x->type;
}
