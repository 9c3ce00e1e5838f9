/* Media types from first bytes. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/io.h"
#include "extract/extract.h"
#include "test.h"

#define IS(bytes, type)                                                                        \
	{                                                                                      \
		bytes, sizeof(bytes) - 1, type                                                 \
	}

static void
tells_types(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *type;
	} cases[] = {
		IS("", "application/x-empty"),
		IS("plain words\n", "text/plain"),
		IS("caf\xe9 na\xefve", "text/plain"),
		IS("\x1b$B$3$l$O\x1b(B", "text/plain"),
		IS("\xff\xfeH\0i\0", "text/plain"),
		IS("\xfe\xff\0H\0i", "text/plain"),
		IS("\xff\xfe\0\0H\0\0\0", "text/plain"),
		IS("nul\0inside", "application/octet-stream"),
		IS("\1\2\3", "application/octet-stream"),
		IS("<!DOCTYPE html><p>", "text/html"),
		IS("  \n<HTML lang=en>", "text/html"),
		IS("\xef\xbb\xbf<html>", "text/html"),
		IS("<!-- a page -->", "text/html"),
		IS("<p>a", "text/html"),
		IS("<p", "text/html"),
		IS("<print this>", "text/plain"),
		IS("a < b", "text/plain"),
		IS("<?xml version='1.0'?><feed/>", "text/xml"),
		IS("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
		    "application/xhtml+xml"),
		IS("<?xml version='1.0'?><feed xmlns:h='http://www.w3.org/1999/xhtml'/>",
		    "text/xml"),
		IS("%PDF-1.7\n", "application/pdf"),
		IS("PK\3\4abc", "application/zip"),
		IS("\x89PNG\r\n\x1a\n", "image/png"),
		IS("\xff\xd8\xff\xe0", "image/jpeg"),
		IS("GIF89a", "image/gif"),
		IS("\0\0\0\x18"
		   "ftypmp42",
		    "video/mp4"),
		IS("\0\0\0\x18"
		   "ftypqt  ",
		    "video/quicktime"),
		IS("The ftyp box of a file", "text/plain"),
		IS("RIFF\1\2\3\4WEBPVP8 ", "image/webp"),
		IS("In 1990 WAVES came", "text/plain"),
		IS("BZhukov led the army", "text/plain"),
		IS("ID30 is a number", "text/plain"),
		IS("MZ is a code", "text/plain"),
		IS("\x1f\x8b\x08\0", "application/gzip"),
		IS("\x28\xb5\x2f\xfd", "application/zstd"),
		IS("{\\rtf1", "application/rtf"),
		IS("\x7f"
		   "ELF\2",
		    "application/x-elf"),
		IS("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
		IS("SQLite format 3\0", "application/vnd.sqlite3"),
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *type = extract_media_type(cases[i].bytes, cases[i].n);

		if (strcmp(type, cases[i].type) != 0)
			printf("# %zu: %s, not %s\n", i, type, cases[i].type), CHECK(false);
	}
}

static void
looks_no_further_than_it_says(void)
{
	char much[EXTRACT_SNIFF + 10];

	memset(much, 'a', sizeof much);
	much[EXTRACT_SNIFF] = 0;
	CHECK(strcmp(extract_media_type(much, sizeof much), "text/plain") == 0);
	much[EXTRACT_SNIFF - 1] = 0;
	CHECK(strcmp(extract_media_type(much, sizeof much), "application/octet-stream") == 0);
}

static void
every_real_declaration_is_text(void)
{
	char dir[512];
	DIR *d = NULL;
	struct dirent *ent;
	unsigned files = 0;

	if (!test_shared(dir, "data/udhr/full/eng.json"))
		SKIP("shared material is not here");
	*strrchr(dir, '/') = 0;
	d = opendir(dir);
	while (d && (ent = readdir(d))) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 22);
		struct err e;

		if (!strstr(ent->d_name, ".json") ||
		    !io_read_file(arena_printf(a, "%s/%s", dir, ent->d_name), &b, &e))
			continue;
		files++;
		CHECK(strcmp(extract_media_type(buf_peek(&b), b.n), "text/plain") == 0);
	}
	if (d)
		closedir(d);
	if (!files)
		SKIP("no texts there");
}

TESTS(T(tells_types), T(looks_no_further_than_it_says), T(every_real_declaration_is_text))
