/* The program vigil-extract-media. It is started by Vigil, with a socket for its orders. It is linked dynamically: the
 * libraries of sound and video bring a hundred others. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "extract/child/child_private.h"
#include "extract/media/media_private.h"
#include "extract/child/zygote_private.h"

/* Stands before the C library's for the libraries, too: a failure for lack of memory can be told from a crash. */
_Noreturn void
abort(void)
{
	_exit(EXIT_MEMORY);
}

/* Stands before the C library's, which loads code from files: names of stations in old encodings stay as they are. */
void *iconv_open(const char *to, const char *from);
void *
iconv_open(const char *to, const char *from)
{
	(void)to;
	(void)from;
	errno = EINVAL;
	return (void *)-1;
}

static bool
wished_frame(const void *p, size_t n, struct output *o, struct err *e)
{
	return frame_extract(p, n, o->wish.time, o->wish.side, o, e);
}

static bool (*const extractors[EXTRACTORS])(
    const void *p, size_t n, struct output *o, struct err *e) = {
	[EXTRACTOR_MEDIA] = media_extract,
	[EXTRACTOR_FRAME] = wished_frame,
};

/* A sound of four samples. */
static const struct sample samples[] = {
	SAMPLE(EXTRACTOR_MEDIA,
	    "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
	    "data\x08\0\0\0\0\0\1\0\2\0\3\0"),
};

static const struct program program_media = {
	.family = FAMILY_MEDIA,
	.extractors = extractors,
	.samples = samples,
	.n_samples = LEN(samples),
	.prepare = media_prepare,
};

int
main(void)
{
	int code = zygote_main(&program_media);

	fputs("vigil-extract-media is started by vigil; it has no commands of its own.\n",
	    stderr);
	return code;
}
