/* schema/value: a claim's value: read from what people type, kept as JSON in an entry's body, printed
 * again.
 *
 * The JSON says by itself what kind it is, so that views can be made from entries without
 * any schema:
 *   {"text":"…"} with "language" and "format" if known   {"date":"2020-06~"}
 *   {"number":"12"} with "qualifier" ("about", "at_least", "between": then "to") and "unit"
 *   {"term":"AL","vocabulary":"letter-kind"}             {"link":"rec_…"}   {"item":"item_…"}
 *   {"place":"Old town","latitude":"41.31","longitude":"69.24","uncertainty":"500"}: what is known
 *   {"step":"sent"} with "on" (EDTF), if known
 * Nothing else may stand in it. Numbers are decimals as text, at most 18 digits, at most 9 of them
 * after the point, no zeros at either end that say nothing. How each kind is typed:
 * docs/formats/schema.md. */
#ifndef SCHEMA_VALUE_H
#define SCHEMA_VALUE_H

#include "base/arena.h"
#include "base/json.h"
#include "schema/schema.h"

struct value {
	enum kind kind;
	/* What it is found and compared by: canonical text, EDTF, decimal, code, id, place's name
	 * ("latitude,longitude" if it has none), state. */
	const char *text;
	/* From least to most: numbers in thousandths, rounded outwards; dates, steps and texts of the
	 * format "date" in ms since 1970 (EDTF's earliest and latest instants); else 0. Open and
	 * unknown ends are INT64_MIN and INT64_MAX, as is what does not fit. */
	int64_t low, high;
	const char *language, *format, *unit, *vocabulary; /* "" if none */
	double latitude, longitude, uncertainty; /* places: NAN if unknown; degrees, metres */
	const struct json *json;                 /* the whole */
};

/* From what people type. Links and items are only looked at for their form here: whether there is
 * such a record, the record room tells. ERR_INVALID says what is wrong and what would be right;
 * ERR_TOO_BIG: a date longer than any is. */
MUST bool value_type(struct arena *a, const struct schema *s, const struct property *p,
    const char *typed, struct value *ret, struct err *e);
/* From an entry's body; needs no schema. */
MUST bool value_read(struct arena *a, const struct json *j, struct value *ret, struct err *e);
/* As people type it: value_type reads it back to the same. */
const char *value_print(struct arena *a, const struct value *v);

#endif
