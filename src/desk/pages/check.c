/* A check of everything: begun here, carried through behind the desk (verifier.h); its last result. */
#include <string.h>

#include "desk/pages/reading.h"
#include "desk/verifier.h"

enum { AGAIN_SECONDS = 2, FAULTS_SHOWN = 200 };

static const char *
step_words(const struct html *h, const char *step)
{
	static const struct {
		const char *step;
		size_t word;
	} steps[] = {
		{ "pages", WORD_STEP_PAGES },
		{ "log", WORD_STEP_LOG },
		{ "objects", WORD_STEP_OBJECTS },
		{ "views", WORD_STEP_VIEWS },
		{ "index", WORD_STEP_INDEX },
	};

	for (size_t i = 0; step && i < LEN(steps); i++)
		if (strcmp(steps[i].step, step) == 0)
			return html_words(h, steps[i].word);
	return "";
}

static void
add_faults(struct request *r, const char *lines, struct check_page *p)
{
	const char **rows = arena_alloc(r->a, FAULTS_SHOWN * sizeof *rows);

	for (size_t n; *lines && p->n_faults < FAULTS_SHOWN; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		rows[p->n_faults++] = arena_strn(r->a, lines, n);
	}
	p->faults = rows;
}

static bool
add_last(struct request *r, struct check_page *p, struct err *e)
{
	struct check c;
	bool any;

	if (!check_last(r->s->db, r->a, &c, &any, e))
		return false;
	if (!any)
		return true;
	p->began = c.began;
	p->ended = c.ended;
	p->actor = c.actor;
	p->failed = or_none(c.failed);
	p->fault_count = c.n_faults;
	p->entries = c.entries;
	p->objects = c.objects;
	p->bytes = c.bytes;
	add_faults(r, c.faults, p);
	return true;
}

bool
check_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct verifier_state now = verifier_look(r->desk->verifier);
	struct check_page p = { .running = now.running };

	if (now.running) {
		p.step = step_words(&h, now.step);
		p.seen = now.seen;
		p.total = now.total;
		p.began = now.began;
		p.fault_count = now.faults;
		p.actor = arena_str(r->a, now.actor);
		ret->refresh = AGAIN_SECONDS;
	} else if (!add_last(r, &p, e)) {
		return false;
	}
	p.starts = (r->who.roles & CHECKERS) != 0;
	p.frame = page_frame(r, html_words(&h, WORD_VERIFICATION), "verify");
	page_check(&h, &p);
	return true;
}

bool
check_begin_page(struct request *r, struct reply *ret, struct err *e)
{
	return verifier_begin(r->desk->verifier, r->who.name, e) &&
	    reply_see(ret, "/log/verify");
}
