/* What pages share that count records in place and time. */
#ifndef DESK_SURVEYING_H
#define DESK_SURVEYING_H

#include "account/survey.h"
#include "desk/pages/page_private.h"

/* Type, State and period as the page was asked for them. */
struct survey_filter survey_asked(const struct request *r, const char *type, unsigned want);
struct survey_form survey_form_of(struct request *r, const struct schema *s, const char *action,
    const struct survey_filter *f);
/* "/counted?…": the page that lists these records, of State and period as told (NULL: as in f). */
const char *survey_address(struct request *r, const struct survey_filter *f, const char *state,
    const char *from, const char *to);
/* By year: a chart that leads to lists. *ret_unknown: those whose year nobody tells. */
struct chart survey_chart_years(struct request *r, const struct html *h, const struct survey *s,
    const struct survey_filter *f, size_t *ret_unknown);
/* Sets what is the most. */
void chart_finish(struct chart *io);
/* Rows of a list, with titles; bars within the period low to high. */
MUST bool survey_rows(struct request *r, const struct schema *s,
    const struct surveyed *const *of, size_t n, int64_t low, int64_t high,
    const struct time_row **ret, struct err *e);
/* A bar's ends, from 0 to 1, and whether it goes on beyond. */
void time_row_place(struct time_row *io, int64_t from, int64_t to, int64_t low, int64_t high);
const char *country_words(struct request *r, const struct schema *s, const char *code);
const char *type_named(struct request *r, const struct schema *s, const char *name);
/* "/static/NAME?HASH" */
const char *static_address(struct request *r, const char *name);

#endif
