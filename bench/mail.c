/* Mail of some size: `bench-mail gmime FILE` parses it and decodes every part, with GMime alone; `bench-mail vigil FILE
 * PROGRAM` has it extracted, files and all. Prints seconds. Called by bench/run. */
#include <gmime/gmime.h>
#undef MIN /* base/auto.h has its own */
#undef MAX

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"

static size_t parts, bytes;

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
decode_part(GMimeObject *parent, GMimeObject *part, gpointer to)
{
	GMimeDataWrapper *content =
	    GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;

	(void)parent;
	parts++;
	if (content)
		bytes += (size_t)g_mime_data_wrapper_write_to_stream(content, to);
}

static void
gmime_alone(const struct buf *b, bool mailbox)
{
	GMimeStream *from = g_mime_stream_mem_new_with_buffer((const char *)b->p, b->n),
		    *to = g_mime_stream_null_new();
	GMimeParser *parser = g_mime_parser_new_with_stream(from);

	g_mime_parser_set_format(parser, mailbox ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
	do {
		GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

		if (!m)
			break;
		g_mime_message_foreach(m, decode_part, to);
		g_object_unref(m);
	} while (!g_mime_parser_eos(parser));
	g_object_unref(parser);
	g_object_unref(from);
	g_object_unref(to);
}

static bool
extracted(struct extractor *x, const struct buf *b, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct extracted r;
	uint64_t tag;

	if (!extractor_submit(x, 1, extract_media_type(b->p, b->n), b->p, b->n, e))
		return false;
	for (;;) {
		if (!extractor_take(x, a, &tag, &r, e))
			return false;
		if (r.status != EXTRACT_FILE)
			break;
		parts++;
		bytes += r.file.n;
		buf_done(&r.file);
	}
	bytes += r.n;
	return r.status == EXTRACT_OK || err_set(e, ERR_INVALID, "%s", r.why);
}

int
main(int argc, char **argv)
{
	AUTO_VAL(buf) b = buf_init(1 << 30);
	AUTO(extractor) *x = NULL;
	struct err e = { 0 };
	bool ours = argc == 4 && strcmp(argv[1], "vigil") == 0, ok;
	double began;

	if (argc < 3 || !io_read_file(argv[2], &b, &e))
		return fprintf(stderr, "bench-mail: %s\n", argc < 3 ? "usage" : e.msg), 1;
	g_mime_init();
	if (ours) {
		x = extractor_open(argv[3], &extract_limits_default, &e);
		/* Its program starts with the first message. */
		static const char first[] = "From: a@example.org\nTo: b@example.org\n"
					    "Date: Mon, 1 Jan 2024 10:00:00 +0000\n\na\n";
		struct buf small = { .p = (uint8_t *)(uintptr_t)first, .n = sizeof first - 1 };

		ok = x && extracted(x, &small, &e);
		parts = bytes = 0;
		began = now();
		ok = ok && extracted(x, &b, &e);
	} else {
		began = now();
		gmime_alone(&b, strncmp(buf_peek(&b), "From ", 5) == 0);
		ok = true;
	}
	if (!ok)
		return fprintf(stderr, "bench-mail: %s\n", e.msg), 1;
	printf("%.4f\t%zu\t%zu\n", now() - began, parts, bytes);
	return 0;
}
