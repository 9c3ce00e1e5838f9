/* What a process does before it forks children that have no files and little time. */
#include "text/private.h"

void
text_warm(void)
{
	/* Not ASCII, not UTF-8: every converter is tried, so that ICU holds its table. */
	static const char some[] = "caf\xe9 na\xefve \xa4\xa2 \xc1\xfa";
	AUTO_VAL(buf) b = buf_init(64);
	struct text_encoding enc = text_detect(some, sizeof some - 1, NULL);
	struct text_language language;
	struct err e;
	bool same;

	enc.name = "UTF-8";
	if (text_decode("e\xcc\x81", 3, &enc, &b, &same, &e)) /* opens the normalizer */
		text_language(buf_peek(&b), b.n, &language);
}
