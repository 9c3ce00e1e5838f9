/* The doors that stand on every page: sections, and within the one at hand its pages. Who may not use an address sees no door to it. */
#include <string.h>

#include "desk/pages/page_private.h"

/* In the order in which they are shown; the pages of a section stand together, and the first that somebody may open is where
 * the section's door leads. */
static const struct {
	const char *section, *name; /* what page_frame() is told as here */
	const char *address;
	size_t section_word, word;
} doors[] = {
	{ "home", "home", "/", WORD_HOME, WORD_HOME },
	{ "find", "find", "/find", WORD_SEARCH, WORD_SEARCH },
	{ "find", "records", "/records", WORD_SEARCH, WORD_RECORDS },
	{ "find", "types", "/types", WORD_SEARCH, WORD_TYPES },
	{ "states", "states", "/states", WORD_STATES, WORD_STATES },
	{ "work", "due", "/due", WORD_WORK, WORD_DUE },
	{ "work", "letters", "/letters", WORD_WORK, WORD_SEC_LETTERS },
	{ "work", "cases", "/cases", WORD_WORK, WORD_CASES },
	{ "work", "findings", "/findings", WORD_WORK, WORD_FINDINGS },
	{ "work", "tasks", "/tasks", WORD_WORK, WORD_TASKS },
	{ "work", "erasures", "/erasures", WORD_WORK, WORD_ERASURES },
	{ "work", "disclosures", "/disclosures", WORD_WORK, WORD_DISCLOSURES },
	{ "work", "given", "/given", WORD_WORK, WORD_GIVEN },
	{ "overview", "map", "/map", WORD_OVERVIEW, WORD_MAP },
	{ "overview", "timeline", "/timeline", WORD_OVERVIEW, WORD_TIMELINE },
	{ "overview", "network", "/network", WORD_OVERVIEW, WORD_NETWORK },
	{ "overview", "statistics", "/statistics", WORD_OVERVIEW, WORD_STATISTICS },
	{ "log", "log", "/log", WORD_LOG, WORD_LOG },
	{ "log", "checkpoint", "/log/checkpoint", WORD_LOG, WORD_CHECKPOINT },
	{ "log", "verify", "/log/verify", WORD_LOG, WORD_VERIFICATION },
	{ "log", "receipts", "/receipts", WORD_LOG, WORD_RECEIPTS },
	{ "intake", "intake", "/intake", WORD_GIVE_MATERIAL, WORD_GIVE_MATERIAL },
	{ "new", "new", "/new", WORD_NEW_RECORD, WORD_NEW_RECORD },
	{ "administration", "people", "/people", WORD_ADMINISTRATION, WORD_PEOPLE },
	{ "administration", "compartments", "/compartments", WORD_ADMINISTRATION,
	    WORD_COMPARTMENTS },
	{ "administration", "settings", "/settings", WORD_ADMINISTRATION, WORD_SETTINGS },
	{ "administration", "schema", "/schema", WORD_ADMINISTRATION, WORD_SCHEMA },
	{ "administration", "backup", "/backup", WORD_ADMINISTRATION, WORD_BACKUP },
};

static const char *
section_of(const char *here)
{
	for (size_t i = 0; i < LEN(doors); i++)
		if (strcmp(doors[i].name, here) == 0)
			return doors[i].section;
	return "";
}

void
navigation_fill(
    const struct request *r, const struct html *h, const char *here, struct frame *io)
{
	struct link *sections = arena_alloc(r->a, LEN(doors) * sizeof *sections),
		    *inner = arena_alloc(r->a, LEN(doors) * sizeof *inner);
	const char *at = section_of(here), *last = "";

	for (size_t i = 0; i < LEN(doors); i++) {
		if (!route_is_open(doors[i].address, &r->who))
			continue;
		if (strcmp(doors[i].section, last) != 0)
			sections[io->n_sections++] = (struct link){ doors[i].address,
				html_words(h, doors[i].section_word),
				strcmp(doors[i].section, at) == 0 };
		last = doors[i].section;
		if (strcmp(last, at) == 0)
			inner[io->n_inner++] =
			    (struct link){ doors[i].address, html_words(h, doors[i].word),
				    strcmp(doors[i].name, here) == 0 };
	}
	io->sections = sections;
	io->inner = inner;
	if (io->n_inner == 1) /* it would say the same again */
		io->n_inner = 0;
}
