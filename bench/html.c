/* How fast a page is read: libxml2's parser alone, with events that do nothing, and the extractor of HTML, on the same bytes and
 * one core, in turn. Prints "library SECONDS" and "vigil SECONDS", each of the best of the rounds. */
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "extract/child_private.h"

enum { PAGE_MAX = 64 << 20 };

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
library(const struct buf *page)
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

static double
extractor(const struct buf *page, int out)
{
	double began = now();
	struct output o;
	struct err e;

	output_init(&o, out, 128 << 20);
	if (!html_extract(page->p, page->n, &o, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
	output_done(&o);
	return now() - began;
}

int
main(int argc, char **argv)
{
	AUTO_VAL(buf) page = buf_init(PAGE_MAX);
	AUTO_FD int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	double theirs = 1e9, ours = 1e9;
	struct err e;
	long rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (rounds < 1 || !io_read_file(argv[1], &page, &e)) {
		fprintf(stderr, "usage: bench-html FILE ROUNDS\n");
		return 2;
	}
	xmlInitParser();
	for (long i = 0; i < rounds; i++) {
		double a = library(&page), b = extractor(&page, out);

		theirs = a < theirs ? a : theirs;
		ours = b < ours ? b : ours;
	}
	printf("bytes %zu\nlibrary %.6f\nvigil %.6f\n", page.n, theirs, ours);
	return 0;
}
