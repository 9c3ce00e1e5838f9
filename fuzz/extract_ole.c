/* Property: whatever the streams of a compound file hold, the answer keeps to the rules of frames and its text is valid UTF-8.
 *
 * The first byte tells which document it is; then come its streams, each behind its length of two bytes: so the documents are
 * fuzzed, not the container. Of kind 0 the bytes are the file, container and all. */
#include "../tests/unit/extract/compound.h"
#include "answer.h"
#include "extract/child/child_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { KINDS = 6, STREAMS = 8, INPUT_MAX = 1 << 16 };

static const char *const kinds[KINDS][STREAMS] = {
	[1] = { "WordDocument", "1Table", "Data", "ObjectPool/\001Ole10Native",
	    "\005SummaryInformation" },
	[2] = { "Workbook", "MBD1/CONTENTS", "\005SummaryInformation" },
	[3] = { "PowerPoint Document", "Current User", "Pictures",
	    "\005DocumentSummaryInformation" },
	[4] = { "__properties_version1.0", "__substg1.0_0037001F", "__substg1.0_10130102",
	    "__recip_version1.0_#0/__substg1.0_3001001F",
	    "__attach_version1.0_#0/__substg1.0_37010102" },
	[5] = { "__properties_version1.0", "__substg1.0_10090102", "__substg1.0_007D001E" },
};

static void
check(const void *p, size_t n)
{
	struct answer s;

	answer_of(ole_extract, p, n, &s);
	answer_done(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO_VAL(buf) file = buf_init(1 << 20);
	struct part_of parts[STREAMS];
	const char *const *names;
	size_t count = 0, at = 1;

	if (!n || n > INPUT_MAX)
		return 0;
	names = kinds[data[0] % KINDS];
	if (!names[0]) {
		check(data + 1, n - 1);
		return 0;
	}
	for (; count < STREAMS && names[count] && at + 2 <= n; count++) {
		size_t len = MIN((size_t)(data[at] | data[at + 1] << 8), n - at - 2);

		parts[count] = (struct part_of){ names[count], data + at + 2, len };
		at += 2 + len;
	}
	compound_make(parts, count, &file);
	check(file.p, file.n);
	return 0;
}
