/* One item in one process. */
#include "extract/child_private.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract/confine_private.h"

static bool (*const extractors[])(const void *p, size_t n, struct output *o, struct err *e) = {
	[EXTRACTOR_TEXT] = plain_extract,
	[EXTRACTOR_XML] = xml_extract,
	[EXTRACTOR_HTML] = html_extract,
};
_Static_assert(LEN(extractors) == EXTRACTORS, "every extractor has a function");

bool
child_extract(enum extractor_id id, const void *p, size_t n, struct output *o, struct err *e)
{
	return extractors[id](p, n, o, e);
}

/* Latin with and without accents, in two encodings and not in NFC; scripts with ways of their
 * own; a page that declares its encoding. */
static const struct {
	enum extractor_id id;
	const char *bytes;
} samples[] = {
	{ EXTRACTOR_TEXT, "All human beings are born free and equal in dignity and rights.\n" },
	{ EXTRACTOR_TEXT, "Tous les e\xcc\x81tres humains naissent libres et \xc3\xa9gaux.\n" },
	{ EXTRACTOR_TEXT,
	    "Tous les \xeatres humains naissent libres et \xe9gaux en dignit\xe9.\n" },
	{ EXTRACTOR_TEXT, "\xff\xfeH\0u\0m\0a\0n\0" },
	{ EXTRACTOR_TEXT,
	    "\xe4\xba\xba\xe4\xba\xba\xe7\x94\x9f\xe8\x80\x8c\xe8\x87\xaa\xe7\x94\xb1\n" },
	{ EXTRACTOR_XML,
	    "<?xml version='1.0' encoding='windows-1251'?><a>\xcf\xf0\xe0\xe2\xe0</a>" },
	{ EXTRACTOR_HTML,
	    "<meta charset=iso-8859-2><title>a</title><p>b&eacute;<table><tr><td>c" },
};

bool
child_warm(struct err *e)
{
	for (size_t i = 0; i < LEN(samples); i++) {
		struct output o;
		bool ok;

		output_init(&o, -1, 1 << 20);
		ok = child_extract(
		    samples[i].id, samples[i].bytes, strlen(samples[i].bytes), &o, e);
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
