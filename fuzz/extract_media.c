/* Property: whatever a sound or a video holds, the answer keeps to the rules of frames and its text is valid UTF-8; and so does
 * that with a picture of it. The first byte says what is asked for, the second the time of the picture. The libraries
 * that read it are not checked by the sanitizers. */
#include "answer.h"
#include "extract/media/media_private.h"

const char *__asan_default_options(void);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What is loaded once is kept on purpose, and what the library forgets to release goes with the child. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	media_prepare();
	return 0;
}

static uint64_t moment; /* milliseconds */

static bool
picture(const void *p, size_t n, struct output *o, struct err *e)
{
	return frame_extract(p, n, moment, 64, o, e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	if (n < 2)
		return 0;
	moment = data[1] * 100u;
	answer_of(*data & 1 ? picture : media_extract, data + 2, n - 2, &s);
	answer_done(&s);
	return 0;
}
