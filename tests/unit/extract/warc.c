/* Web archives: the good and the broken ones of others, then small ones made here. */
#include <stdio.h>

#include "helper.h"
#include "test.h"

int dump(const char *path);
static void
all(void)
{
	const char *names[] = { "example.warc", "example.warc.gz", "example-bad.warc.gz.bad",
		"example.arc", "example.arc.gz", "bad.arc", "example-space-in-url.arc",
		"example-wrong-chunks.warc.gz", "example-bad-non-chunked.warc.gz",
		"example-digest.warc", "example-trunc.warc", "example-resource.warc.gz",
		"example-iana.org-chunked.warc", "post-test.warc.gz",
		"example-wget-bad-target-uri.warc.gz", "example-space-in-target-uri.warc.gz" };
	for (size_t i = 0; i < LEN(names); i++) {
		char path[300];
		AUTO_VAL(buf) b = buf_init(64 << 20);
		struct answer s;
		struct err e;
		snprintf(path, sizeof path, "%s/data/formats/warc/%s", getenv("VIGIL_SHARED"),
		    names[i]);
		CHECK(io_read_file(path, &b, &e));
		CHECK(answer_of(
		    strstr(path, ".gz") ? EXTRACTOR_PACKED : EXTRACTOR_WARC, b.p, b.n, &s));
		printf("#### %s: %d %s\n%s\n", names[i], s.status, s.why, buf_peek(&s.text));
		const char *at = buf_peek(&s.fields);
		for (size_t k = 0; k < s.n_fields; k++) {
			const char *v = at + strlen(at) + 1;
			printf("F %s=%s\n", at, v);
			at = v + strlen(v) + 1;
		}
		for (size_t k = 0; k < files_seen.n; k += strlen((char *)files_seen.p + k) + 1)
			printf("FILE %s\n", files_seen.p + k);
		answer_done(&s);
	}
}
TESTS(T(all))
