/* base/clock: moments, in milliseconds since 1970-01-01T00:00:00Z (UTC).
 *
 * The clock is the system's; a test that needs another time
 * stops it with clock_set. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "base/err.h"

enum { DAY_MAX = 11, MOMENT_MAX = 25 }; /* as text, with the zero */

int64_t clock_now(void);
void clock_set(int64_t now); /* for tests: stops the clock there; 0 starts it again */
int64_t clock_ticks(void);   /* monotonic milliseconds, for durations and deadlines */

void clock_day(int64_t t, char ret[DAY_MAX]);       /* "2026-11-23"; years 0000 to 9999 */
void clock_moment(int64_t t, char ret[MOMENT_MAX]); /* "2026-11-23T10:20:30.123Z" */
/* "2026", "2026-11", "2026-11-23" or a moment as above: first millisecond of it. */
MUST bool clock_read(const char *s, int64_t *ret, struct err *e);
/* The same, but the first millisecond after it. */
MUST bool clock_read_end(const char *s, int64_t *ret, struct err *e);
/* "90s", "15m", "8h", "7d" */
MUST bool clock_read_span(const char *s, int64_t *ret_ms, struct err *e);

#endif
