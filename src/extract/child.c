/* One item in one process. */
#include "extract/child_private.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract/confine_private.h"
#include "extract/rows_private.h"

static bool (*const extractors[])(const void *p, size_t n, struct output *o, struct err *e) = {
	[EXTRACTOR_TEXT] = plain_extract,
	[EXTRACTOR_XML] = xml_extract,
	[EXTRACTOR_HTML] = html_extract,
	[EXTRACTOR_ZIP] = zip_extract,
	[EXTRACTOR_PACKED] = packed_extract,
	[EXTRACTOR_TABLE] = table_extract,
	[EXTRACTOR_OBJECTS] = objects_extract,
	[EXTRACTOR_ARCHIVE] = archive_extract,
};
_Static_assert(LEN(extractors) == EXTRACTORS, "every extractor has a function");

bool
child_extract(enum extractor_id id, const void *p, size_t n, struct output *o, struct err *e)
{
	return extractors[id](p, n, o, e);
}

/* Latin with and without accents, in two encodings and not in NFC; scripts with ways of their
 * own; a page that declares its encoding; tables, packed and in an archive that has names in UTF-8. */
#define SAMPLE(id, bytes)                                                                      \
	{                                                                                      \
		id, bytes, sizeof(bytes) - 1                                                   \
	}
static const struct {
	enum extractor_id id;
	const char *bytes;
	size_t n;
} samples[] = {
	SAMPLE(EXTRACTOR_TEXT,
	    "All human beings are born free and equal in dignity and rights.\n"),
	SAMPLE(EXTRACTOR_TEXT,
	    "Tous les e\xcc\x81tres humains naissent libres et \xc3\xa9gaux.\n"),
	SAMPLE(EXTRACTOR_TEXT,
	    "Tous les \xeatres humains naissent libres et \xe9gaux en dignit\xe9.\n"),
	SAMPLE(EXTRACTOR_TEXT, "\xff\xfeH\0u\0m\0a\0n\0"),
	SAMPLE(EXTRACTOR_TEXT,
	    "\xe4\xba\xba\xe4\xba\xba\xe7\x94\x9f\xe8\x80\x8c\xe8\x87\xaa\xe7\x94\xb1\n"),
	SAMPLE(EXTRACTOR_XML,
	    "<?xml version='1.0' encoding='windows-1251'?><a>\xcf\xf0\xe0\xe2\xe0</a>"),
	SAMPLE(EXTRACTOR_HTML,
	    "<meta charset=iso-8859-2><title>a</title><p>b&eacute;<table><tr><td>c"),
	SAMPLE(EXTRACTOR_OBJECTS, "{\"a\":1}"),
	SAMPLE(EXTRACTOR_TABLE,
	    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xd4\x49\xe2\x32\xd4"
	    "\x31\xe2\x02\x00\x7b\x07\x97\x0a\x08\x00\x00\x00"),
	SAMPLE(EXTRACTOR_ARCHIVE,
	    "\x50\x4b\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x21\x00\x00\x24"
	    "\xc1\x89\x06\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x61\x2e"
	    "\x63\x73\x76\x4b\xe4\x32\xe4\x02\x00\x50\x4b\x03\x04\x14\x00\x00"
	    "\x00\x08\x00\x00\x00\x21\x00\xaf\xac\x1b\x56\x09\x00\x00\x00\x07"
	    "\x00\x00\x00\x06\x00\x00\x00\x62\x2e\x6a\x73\x6f\x6e\xab\x56\x4a"
	    "\x54\xb2\x32\xac\x05\x00\x50\x4b\x03\x04\x14\x00\x00\x08\x08\x00"
	    "\x00\x00\x21\x00\x83\x16\xdc\x8c\x03\x00\x00\x00\x01\x00\x00\x00"
	    "\x02\x00\x00\x00\xc3\xa9\xab\x00\x00\x50\x4b\x01\x02\x14\x03\x14"
	    "\x00\x00\x00\x08\x00\x00\x00\x21\x00\x00\x24\xc1\x89\x06\x00\x00"
	    "\x00\x04\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	    "\x00\x80\x01\x00\x00\x00\x00\x61\x2e\x63\x73\x76\x50\x4b\x01\x02"
	    "\x14\x03\x14\x00\x00\x00\x08\x00\x00\x00\x21\x00\xaf\xac\x1b\x56"
	    "\x09\x00\x00\x00\x07\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"
	    "\x00\x00\x00\x00\x80\x01\x29\x00\x00\x00\x62\x2e\x6a\x73\x6f\x6e"
	    "\x50\x4b\x01\x02\x14\x03\x14\x00\x00\x08\x08\x00\x00\x00\x21\x00"
	    "\x83\x16\xdc\x8c\x03\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00"
	    "\x00\x00\x00\x00\x00\x00\x00\x00\x80\x01\x56\x00\x00\x00\xc3\xa9"
	    "\x50\x4b\x05\x06\x00\x00\x00\x00\x03\x00\x03\x00\x97\x00\x00\x00"
	    "\x79\x00\x00\x00\x00\x00"),
};

bool
child_warm(struct err *e)
{
	setenv("TZ", "UTC0", 1);              /* or else looking at a date opens a file */
	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* and a name, tables of other encodings */
	for (size_t i = 0; i < LEN(samples); i++) {
		struct output o;
		bool ok;

		output_init(&o, -1, 1 << 20);
		ok = child_extract(samples[i].id, samples[i].bytes, samples[i].n, &o, e);
		output_done(&o);
		if (!ok)
			return err_at(e, "warming up");
	}
	return true;
}

_Noreturn void
child_run(const struct order *o, int item, int out, pid_t parent)
{
	void *p = mmap(NULL, o->size, PROT_READ, MAP_SHARED, item, 0);
	struct confine_child c = {
		.parent = parent,
		.out = out,
		.memory = o->memory + o->size,
		.seconds = o->seconds,
	};
	struct output answer;
	struct err e;

	if (p == MAP_FAILED)
		_exit(EXIT_MEMORY);
	if (!confine_child(&c, &e))
		_exit(EXIT_CONFINE);
	output_init(&answer, CHILD_OUT, o->output);
	if (!child_extract((enum extractor_id)o->extractor, p, o->size, &answer, &e))
		output_failed(&answer, e.msg);
	_exit(EXIT_DONE);
}
