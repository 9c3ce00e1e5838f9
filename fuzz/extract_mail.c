/* Property: whatever the message, the mailbox or the saved page, the answer keeps to the rules of frames. The first byte
 * says what it is taken as. */
#include "answer.h"
#include "extract/mail/mail_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	mail_prepare();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool (*const forms[])(const void *, size_t, struct output *,
	    struct err *) = { mail_extract, mbox_extract, mhtml_extract };
	struct answer s;

	if (!n)
		return 0;
	answer_of(forms[*data % LEN(forms)], data + 1, n - 1, &s);
	answer_done(&s);
	return 0;
}
