/* What pages on cases, findings and tasks show (views.h). */
#ifndef DESK_PAGES_WORK_H
#define DESK_PAGES_WORK_H

#include "desk/pages/views_cases.h"

/* ---- cases ---- */

struct case_row {
	const char *address, *title, *state;
	uint64_t elements, gaps, questions;
};
struct cases_page {
	struct frame frame;
	const struct case_row *rows;
	size_t n_rows;
	bool claims; /* may they make one? */
};
struct ground_row { /* a claim that a proof or a finding names */
	const char *name;
	bool withheld, withdrawn, exculpatory;
	/* Only of what is not withheld: */
	const char *says, *stance, *record, *record_address;
	const char *source, *passage, *passage_address; /* NULL: none */
	int credibility;                                /* 0: not judged */
	uint64_t origins;
};
struct proof_row {
	const char *id, *address;
	const char *on, *assessment; /* on, assessment NULL: none */
	const char *const *missing;  /* what people noted as missing */
	size_t n_missing;
	bool gap;
};
struct element_row {
	const char *property, *code, *label, *under; /* property: by which a proof names it */
	bool needed, heading, gap;
	const struct ground_row *in_favour;
	size_t n_in_favour;
	const struct ground_row *against;
	size_t n_against;
	const struct proof_row *proofs;
	size_t n_proofs;
	uint64_t withheld;
};
struct gathered_row {
	const char *property, *value, *address; /* address NULL: of no record or item */
};
struct question_row {
	const char *address, *text, *state;
};
struct mark_row {
	const char *address, *why;
};
struct case_shown { /* what stands of it */
	const char *id, *state;
	const struct gathered_row *gathered;
	size_t n_gathered;
	const struct question_row *questions;
	size_t n_questions;
	const struct element_row *elements;
	size_t n_elements;
	const struct mark_row *marks;
	size_t n_marks;
	uint64_t gaps, withheld;
	bool some_withheld;
};
struct case_page {
	struct frame frame;
	struct case_shown shown;
	bool claims;
};
struct case_given_page { /* on its way out */
	struct frame frame;
	struct case_shown shown;
	const char *to, *purpose, *by;
	moment time;
};

/* ---- findings ---- */

struct finding_row {
	const char *address, *title, *state;
	uint64_t reviewers;
	bool mine, waits; /* mine: they are its author; waits: for their review */
};
struct findings_page {
	struct frame frame;
	const struct finding_row *rows;
	size_t n_rows;
	bool claims;
};
struct propose_page {
	struct frame frame;
	const char *in_favour, *of_case; /* said already; "" if not */
	const struct option *standards;
	size_t n_standards;
};
struct party_row {
	const char *property, *value, *name;
	bool heard;
};
struct deed_row { /* what may be done with it: "review"; needs: why not yet */
	const char *deed;
	bool may;
	const char *const *needs;
	size_t n_needs;
};
struct finding_page {
	struct frame frame;
	const char *id, *state, *standard; /* standard NULL: none is given */
	const struct ground_row *in_favour;
	size_t n_in_favour;
	const struct ground_row *against;
	size_t n_against;
	const char *const *reasons;
	size_t n_reasons;
	const char *const *reviewers;
	size_t n_reviewers;
	uint64_t needed, missing; /* reviewers; missing: how many more */
	bool author, recused, reviewed;
	const struct party_row *parties;
	size_t n_parties;
	const struct deed_row *deeds;
	size_t n_deeds;
	uint64_t withheld;
	bool some_withheld;
};

/* ---- tasks ---- */

struct task_row {
	const char *id, *address, *title, *state, *assigned, *due, *remark;
	bool overdue;
	const struct link *about;
	size_t n_about;
	const struct next_row *next;
	size_t n_next;
};
struct tasks_page {
	struct frame frame;
	const char *of; /* "mine", "open", "all" */
	const struct task_row *rows;
	size_t n_rows;
	const char *next; /* where the list goes on; NULL: it ends here */
	bool claims;
};
struct new_task_page {
	struct frame frame;
	const char *about, *about_title, *item, *item_title; /* NULL: none */
	const struct option *people;
	size_t n_people;
};

#endif
