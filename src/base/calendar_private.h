/* base/calendar: the proleptic Gregorian calendar by arithmetic, for any year that an
 * int64_t of days holds. There is a year 0; the year before it is -1. */
#ifndef BASE_CALENDAR_PRIVATE_H
#define BASE_CALENDAR_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

/* Years beyond this are beyond every int64_t of milliseconds. */
enum { CALENDAR_YEAR_MAX = 400000000 };

/* Days since 1970-01-01 of a date, and back. */
int64_t calendar_days(int64_t year, unsigned month, unsigned day);
void calendar_date(int64_t days, int64_t *year, unsigned *month, unsigned *day);

bool calendar_is_leap(int64_t year);
unsigned calendar_days_in(bool leap, unsigned month);

#endif
