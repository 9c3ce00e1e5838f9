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
	{ "md", "text/markdown", "text/plain" },
	{ "json", "application/json", "text/plain" },
	{ "xml", "text/xml", "application/xml" },
	{ "html", "text/html", "application/xhtml+xml" },
	{ "htm", "text/html", "application/xhtml+xml" },
	{ "pdf", "application/pdf", NULL },
	{ "rtf", "application/rtf", NULL },
	{ "doc", "application/msword", "application/x-ole-storage" },
	{ "xls", "application/vnd.ms-excel", "application/x-ole-storage" },
	{ "ppt", "application/vnd.ms-powerpoint", "application/x-ole-storage" },
	{ "msg", "application/vnd.ms-outlook", "application/x-ole-storage" },
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
	{ "ogg", "application/ogg", NULL },
	{ "flac", "audio/flac", NULL },
	{ "mp4", "video/mp4", "video/quicktime" },
	{ "mov", "video/quicktime", "video/mp4" },
	{ "avi", "video/x-msvideo", NULL },
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

const char *
extract_name_disagrees(const char *path, const char *type)
{
	const struct ending *x = ending_of(path);

	if (!x || strcmp(type, x->type) == 0 || strcmp(type, "application/x-empty") == 0 ||
	    (x->within && strncmp(type, x->within, strlen(x->within)) == 0))
		return NULL;
	return x->type;
}
