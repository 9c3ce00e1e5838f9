/* What views become for the API (web/views.py makes it of src/desk/pages/views*.h): JSON, and JSON Schema. */
#ifndef DESK_VIEW_H
#define DESK_VIEW_H

#include "base/buf.h"
#include "desk/html.h"

struct request;
struct reply;

/* Of each struct that pages show; name NULL ends the table. */
struct view_schema {
	const char *name,
	    *schema; /* JSON Schema 2020-12; others are "#/components/schemas/NAME" */
};
extern const struct view_schema view_schemas[];
/* Handlers that answer with the struct of their name; name NULL ends the table. */
struct view_handler {
	bool (*run)(struct request *r, struct reply *ret, struct err *e);
	const char *name; /* of the struct */
};
extern const struct view_handler view_handlers[];

/* What writers are made of. */
void view_string(struct buf *b, const char *s);  /* NULL: null */
void view_address(struct buf *b, const char *s); /* of a page: becomes that of the API */
void view_bool(struct buf *b, bool v);
void view_unsigned(struct buf *b, uint64_t v);
void view_signed(struct buf *b, int64_t v);
void view_double(struct buf *b, double v); /* null if it is no number */
void view_moment(struct buf *b, moment v); /* RFC 3339; 0 and what has no end: null */
void view_comma(struct buf *b, size_t i);  /* before all but the first */

#endif
