/* Property: whatever a PDF holds, the answer keeps to the rules of frames and its text is valid UTF-8. The library that reads
 * it is not checked by the sanitizers: what is fuzzed is our code on it, and whether any of it ends the process. */
#include "answer.h"
#include "extract/pdf/pdf_private.h"
#include "extract/pdf/pdf_reader_private.h"

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
	pdf_prepare();
	pdf_notes_prepare();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct answer s;

	answer_of(pdf_extract, data, n, &s);
	answer_done(&s);
	return 0;
}
