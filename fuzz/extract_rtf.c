/* Property: whatever an RTF holds, the answer keeps to the rules of frames, its text is valid UTF-8, and not much longer than the
 * file. */
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	answer_of(rtf_extract, data, n, &s);
	must(s.text.n <= 16 * n + 64);
	answer_done(&s);
	return 0;
}
