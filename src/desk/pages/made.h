/* Made by web/scripts/build.mjs: where the mark of a State stands on the map, and what is bundled. */
#ifndef DESK_MADE_H
#define DESK_MADE_H

#include "desk/pages/views_visual.h"

struct state_point {
	const char *code;           /* of the vocabulary "state" */
	double latitude, longitude; /* the middle of the largest of its shapes */
};
extern const struct state_point state_points[]; /* by code */
extern const size_t n_state_points;
extern const struct bundled bundled[];
extern const size_t n_bundled;

#endif
