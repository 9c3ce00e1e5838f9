/* Property: whatever a feed holds, the answer keeps to the rules of frames (anchors ascend and lie within the text) and its text is valid
 * UTF-8. */
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	answer_of(feed_extract, data, n, &s);
	answer_done(&s);
	return 0;
}
