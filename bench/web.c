/* How fast a page or a web archive is read: the library alone (libxml2's parser of HTML with events that do nothing; zlib unpacking the
 * archive), the libraries with all their work (also SHA-1, once or twice over what comes out: an archive states a digest of
 * each block, and of each payload), and the extractor, on the same bytes and one core, in turn. Prints "library", "hashed", "hashed_twice"
 * and "vigil" with seconds of processor time, the best of the rounds. usage: web html|warc FILE ROUNDS */
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/io.h"
#include "extract/child/child_private.h"

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

/* Member by member, as it is made; what comes out is hashed so many times. */
static double
unpack(const struct buf *file, int digests)
{
	struct sha1_ctx sha1[2];
	static uint8_t piece[64 * 1024];
	double began = now();
	z_stream z = { .next_in = file->p, .avail_in = (unsigned)file->n };

	inflateInit2(&z, 16 + MAX_WBITS);
	for (int i = 0; i < digests; i++)
		sha1_init(&sha1[i]);
	while (z.avail_in) {
		int got;

		z.next_out = piece;
		z.avail_out = sizeof piece;
		got = inflate(&z, Z_NO_FLUSH);
		for (int i = 0; i < digests; i++)
			sha1_update(&sha1[i], sizeof piece - z.avail_out, piece);
		if (got == Z_STREAM_END)
			inflateReset(&z);
		else if (got != Z_OK)
			break;
	}
	inflateEnd(&z);
	return now() - began;
}

static double
archive_by_library(const struct buf *file)
{
	return unpack(file, 0);
}

static double
archive_hashed(const struct buf *file)
{
	return unpack(file, 1);
}

static double
archive_hashed_twice(const struct buf *file)
{
	return unpack(file, 2);
}

static const struct mode {
	const char *name;
	double (*library)(const struct buf *file), (*hashed)(const struct buf *file),
	    (*hashed_twice)(const struct buf *file);
	bool (*extract)(const void *p, size_t n, struct output *o, struct err *e);
} modes[] = {
	{ "html", page_by_library, NULL, NULL, html_extract },
	{ "warc", archive_by_library, archive_hashed, archive_hashed_twice, warc_extract },
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
	double best[4] = { 1e9, 1e9, 1e9, 1e9 };
	struct err e;

	if (rounds < 1 || !io_read_file(argv[2], &file, &e)) {
		fprintf(stderr, "usage: bench-web html|warc FILE ROUNDS\n");
		return 2;
	}
	xmlInitParser();
	for (long i = 0; i < rounds; i++) {
		const double took[] = { m->library(&file), m->hashed ? m->hashed(&file) : 0,
			m->hashed_twice ? m->hashed_twice(&file) : 0, by_vigil(m, &file, out) };

		for (size_t k = 0; k < LEN(took); k++)
			best[k] = MIN(best[k], took[k]);
	}
	printf("bytes %zu\nlibrary %.6f\nhashed %.6f\nhashed_twice %.6f\nvigil %.6f\n", file.n,
	    best[0], best[1], best[2], best[3]);
	return 0;
}
