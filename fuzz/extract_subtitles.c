/* Property: whatever the subtitles, the answer keeps to the rules of frames; its text is valid, and not much longer than
 * they are. */
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	answer_of(subtitles_extract, data, n, &s);
	must(s.text.n <= 12 * n);
	answer_done(&s);
	return 0;
}
