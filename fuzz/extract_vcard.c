/* Property: whatever the cards or the calendar, the answer keeps to the rules of frames. The first byte says what it is taken
 * as. */
#include "answer.h"
#include "extract/child/content_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool (*const forms[])(const void *, size_t, struct output *,
	    struct err *) = { vcard_extract, calendar_extract };
	struct answer s;

	if (!n)
		return 0;
	answer_of(forms[*data % LEN(forms)], data + 1, n - 1, &s);
	answer_done(&s);
	return 0;
}
