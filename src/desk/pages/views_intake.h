/* What pages show (views.h): a file that comes in pieces, and what anybody gives. */
#ifndef DESK_VIEWS_INTAKE_H
#define DESK_VIEWS_INTAKE_H

#include "desk/pages/views.h"

struct upload_page {
	struct frame frame;
	const char *id;
	uint64_t size, offset; /* bytes: in all; that came */
	bool astray; /* what was sent does not begin at the offset: it was not taken */
	bool ended;
	const struct received_row *rows; /* once it ended: one */
	size_t n_rows;
};

struct give_page { /* for anybody, without a login */
	struct frame frame;
	bool sent;
	const struct received_row *rows;
	size_t n_rows;
	uint64_t max;       /* bytes of one file */
	const char *script; /* page only */
};

#endif
