/* What pages show that give an overview (views.h): map, line of time, network, statistics, and the parts of a State's page. */
#ifndef DESK_PAGES_VISUAL_H
#define DESK_PAGES_VISUAL_H

#include "desk/pages/views_claiming.h"

struct survey_form { /* what is to be counted */
	const char *action;
	const struct option *types;
	size_t n_types;
	const struct option *states;
	size_t n_states;
	const char *any; /* what stands for all types */
	bool any_chosen;
	const char *from, *to;
};

struct chart_row {
	const char *name;
	uint64_t n, perhaps;
	const char *address; /* of the page that lists what was counted; NULL: none */
};
struct chart { /* figures, for a drawing and for a table */
	const char *title;
	const struct chart_row *rows;
	size_t n_rows;
	uint64_t most; /* of n and perhaps together; at least 1 */
};

struct map_mark {
	const char *name, *address; /* address: of the page that lists them */
	double latitude, longitude;
	double uncertainty; /* metres; 0: not told */
	uint64_t n;
	bool region; /* only the State is known: the mark stands in its middle */
};
struct map_page {
	struct frame frame;
	struct survey_form form;                       /* page only */
	const char *script, *style, *drawing, *shapes; /* page only: addresses */
	const struct map_mark *marks;
	size_t n_marks;
	double west, north, degrees; /* page only: what is shown; two fifths of it high */
	uint64_t counted;            /* records */
	uint64_t nowhere;            /* of these: neither coordinates nor a State are known */
	uint64_t off_map;            /* those of States that the map has no point for */
	uint64_t more;               /* places that are not shown, since there are too many */
	uint64_t undated, withheld;
};

struct time_row {
	const char *address, *title, *kind, *day, *end;
	double from, to; /* page only: of the period that is shown, from 0 to 1 */
	bool open_before, open_after, perhaps;
};
struct timeline_page {
	struct frame frame;
	struct survey_form form; /* page only */
	struct chart years;
	const struct time_row *rows;
	size_t n_rows;
	const char *first, *last; /* days between which bars are drawn; NULL: there are none */
	uint64_t counted, undated, withheld;
	const char *next; /* NULL: these are the last */
};

struct counted_page { /* what a figure counted */
	struct frame frame;
	struct survey_form form; /* page only */
	const char *place;       /* NULL: any */
	const struct time_row *rows;
	size_t n_rows;
	uint64_t counted, undated, withheld;
	const char *next; /* NULL: these are the last */
};

struct network_node {
	const char *address, *title, *kind;
	const char *network_address; /* what is around it */
	double x, y;                 /* page only: of 960 and 640 */
	uint64_t depth, left;
};
struct network_tie {
	uint64_t from, to; /* places among the nodes */
	const char *name, *from_title, *to_title, *from_address, *to_address;
	double x1, y1, x2, y2; /* page only */
	uint64_t n;            /* claims that say so */
};
struct network_page {
	struct frame frame;
	const char *script; /* page only */
	const char *record; /* as it was asked for */
	const char *wrong;  /* with what was asked for; NULL: nothing */
	uint64_t depth;
	const struct option *links; /* page only */
	size_t n_links;
	const struct option *types; /* page only */
	size_t n_types;
	const struct network_node *nodes;
	size_t n_nodes;
	const struct network_tie *ties;
	size_t n_ties;
	uint64_t left, withheld;
};

struct statistics_page {
	struct frame frame;
	struct chart types, media, languages, months;
	uint64_t items;
	struct survey_form form; /* page only */
	const char *type;        /* what the rest is of */
	bool claims_counted;
	const char *claims_address; /* with claims counted */
	const char *date;           /* the property by which it stands in time; NULL: none */
	const char *state;          /* and in a State */
	struct chart years, states;
	uint64_t counted, claims, withheld;
	uint64_t unknown; /* those whose year nobody tells */
	struct chart sources, letters, letters_years;
	uint64_t letters_withheld;
};

struct state_part_page { /* a page of a State's */
	struct frame frame;
	const char *code;
	const struct link *parts;
	size_t n_parts;
	const char *from, *to;
	const struct section_row *section; /* NULL: of the line of time */
	struct chart years;
	const struct option
	    *peers; /* page only: of votes: with which State they are compared */
	size_t n_peers;
	const char *peer; /* its name; NULL: none is chosen */
	const struct agreement_row *agreement;
	size_t n_agreement;
	const char *agreement_method;
	const struct time_row *moments;
	size_t n_moments;
	const char *first, *last;
	uint64_t withheld;
};
struct agreement_row {
	const char *name; /* the year */
	uint64_t both, same;
};

struct bundled { /* a package that scripts or shapes are made from */
	const char *name, *version, *licence;
};
struct about_page {
	struct frame frame;
	const char *version;
	const struct bundled *packages;
	size_t n_packages;
};

#endif
