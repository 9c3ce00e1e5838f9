/* Property: whatever a web archive, or a package of them, holds, the answer keeps to the rules of frames and its text is valid UTF-8.
 * An input that begins with "PK" is a package; else its records are read, packed or not. */
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	bool package = n > 1 && memcmp(data, "PK", 2) == 0;
	struct answer s;

	answer_of(package ? zip_extract : warc_extract, data, n, &s);
	answer_done(&s);
	return 0;
}
