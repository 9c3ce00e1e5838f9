/* How fast a page or a web archive is read: the library alone (libxml2's parser of HTML with events that do nothing; zlib unpacking the
 * archive), and the extractor, on the same bytes and one core, in turn. Prints "library SECONDS" and "vigil SECONDS" of processor time, the
 * best of the rounds. usage: web html|warc FILE ROUNDS */
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/io.h"
#include "extract/child_private.h"

enum { FILE_MAX = 256 << 20 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
nothing_start(void *ctx, const xmlChar *name, const xmlChar **atts)
{
	(void)ctx, (void)name, (void)atts;
}

static void
nothing_end(void *ctx, const xmlChar *name)
{
	(void)ctx, (void)name;
}

static void
nothing_text(void *ctx, const xmlChar *text, int n)
{
	(void)ctx, (void)text, (void)n;
}

static double
page_by_library(const struct buf *page)
{
	htmlSAXHandler events = { .startElement = nothing_start,
		.endElement = nothing_end,
		.characters = nothing_text,
		.ignorableWhitespace = nothing_text,
		.cdataBlock = nothing_text };
	double began = now();
	htmlParserCtxtPtr ctx = htmlNewParserCtxt();

	*ctx->sax = events;
	ctx->userData = NULL;
	htmlCtxtReadMemory(ctx, buf_peek(page), (int)page->n, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
		HTML_PARSE_IGNORE_ENC);
	htmlFreeParserCtxt(ctx);
	return now() - began;
}

/* Member by member, as it is made; what comes out is thrown away. */
static double
archive_by_library(const struct buf *file)
{
	static uint8_t piece[64 * 1024];
	double began = now();
	z_stream z = { .next_in = file->p, .avail_in = (unsigned)file->n };

	inflateInit2(&z, 16 + MAX_WBITS);
	while (z.avail_in) {
		int got;

		z.next_out = piece;
		z.avail_out = sizeof piece;
		got = inflate(&z, Z_NO_FLUSH);
		if (got == Z_STREAM_END)
			inflateReset(&z);
		else if (got != Z_OK)
			break;
	}
	inflateEnd(&z);
	return now() - began;
}

static const struct mode {
	const char *name;
	double (*library)(const struct buf *file);
	bool (*extract)(const void *p, size_t n, struct output *o, struct err *e);
} modes[] = {
	{ "html", page_by_library, html_extract },
	{ "warc", archive_by_library, warc_extract },
};

static double
by_vigil(const struct mode *m, const struct buf *file, int out)
{
	double began = now();
	struct output o;
	struct err e;

	output_init(&o, out, 128 << 20);
	if (!m->extract(file->p, file->n, &o, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
	output_done(&o);
	return now() - began;
}

int
main(int argc, char **argv)
{
	AUTO_VAL(buf) file = buf_init(FILE_MAX);
	AUTO_FD int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const struct mode *m = argc > 1 && strcmp(argv[1], "warc") == 0 ? &modes[1] : &modes[0];
	long rounds = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	double theirs = 1e9, ours = 1e9;
	struct err e;

	if (rounds < 1 || !io_read_file(argv[2], &file, &e)) {
		fprintf(stderr, "usage: bench-web html|warc FILE ROUNDS\n");
		return 2;
	}
	xmlInitParser();
	for (long i = 0; i < rounds; i++) {
		double a = m->library(&file), b = by_vigil(m, &file, out);

		theirs = a < theirs ? a : theirs;
		ours = b < ours ? b : ours;
	}
	printf("bytes %zu\nlibrary %.6f\nvigil %.6f\n", file.n, theirs, ours);
	return 0;
}
