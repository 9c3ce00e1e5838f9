/* Sheets, and how numbers in them are shown (sheet_private.h). */
#include "extract/office/sheet_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/prose_private.h"

enum { GAP_MAX = 64 };

void
sheet_start(struct sheet *s, const char *name)
{
	snprintf(s->name, sizeof s->name, "%s", name);
	s->row = s->tabs = 0;
	s->named = false;
}

void
sheet_name(struct sheet *s)
{
	if (s->named)
		return;
	s->named = true;
	document_break(s->d, 2);
	document_str(s->d, s->name);
	document_break(s->d, 1);
}

static void
say(struct sheet *s, const char *cell)
{
	document_word(s->d, "sheet", s->name);
	document_word(s->d, "cell", cell);
}

/* What is left out of a gap keeps columns from lining up, but bounds what nothing can cost. */
static void
pay_tabs(struct sheet *s, unsigned column)
{
	unsigned owed = column > s->tabs + 1 ? column - s->tabs - 1 : 0;

	for (unsigned i = 0; i < MIN(owed, (unsigned)GAP_MAX); i++)
		document_add(s->d, "\t", 1);
	s->tabs += owed;
}

void
sheet_cell(struct sheet *s, unsigned column, unsigned row, const char *text, size_t n)
{
	char name[CELL_NAME];
	size_t from;

	while (n && (text[n - 1] == ' ' || (text[n - 1] >= '\t' && text[n - 1] <= '\r')))
		n--;
	if (!n)
		return;
	sheet_name(s);
	if (row != s->row) {
		document_break(s->d, s->row && row > s->row + 1 ? 2 : 1);
		s->row = row;
		s->tabs = 0;
	}
	pay_tabs(s, column);
	from = document_at(s->d);
	for (size_t i = 0, end; i < n; i = end + 1) {
		end = i + strcspn(text + i, "\r\n\t\v\f");
		end = MIN(end, n);
		document_add(s->d, text + i, end - i);
		if (end < n)
			document_add(s->d, " ", 1);
	}
	if (column > SHEET_COLUMNS || row > SHEET_ROWS) {
		s->outside++;
		return;
	}
	cell_name(column, row, name);
	say(s, name);
	document_anchor(s->d, from);
}

void
sheet_note(struct sheet *s, const char *cell, const char *text, size_t n)
{
	size_t from;

	if (!n)
		return;
	sheet_name(s);
	document_break(s->d, 1);
	from = document_at(s->d);
	document_add(s->d, text, n);
	say(s, cell);
	document_word(s->d, "part", "comment");
	document_anchor(s->d, from);
}

/* A code without what it quotes, escapes or puts in brackets, and without all but its first section. */
static void
plain_code(const char *code, char *ret, size_t size, bool *elapsed)
{
	size_t at = 0;

	for (const char *c = code; *c && *c != ';' && at + 1 < size; c++) {
		if (*c == '"') {
			c++;
			c += strcspn(c, "\"");
		} else if (*c == '\\' || *c == '_' || *c == '*') {
			c++;
		} else if (*c == '[') {
			if (c[1] && strchr("hHmMsS", c[1]) && (c[2] == ']' || c[2] == c[1])) {
				*elapsed = true;
				ret[at++] = c[1];
			}
			c += strcspn(c, "]");
		} else {
			ret[at++] = *c;
			continue;
		}
		if (!*c)
			break;
	}
	ret[at] = 0;
}

static struct number_format
format_of_code(const char *code)
{
	struct number_format f = { 0 };
	char plain[128];
	const char *point;

	plain_code(code, plain, sizeof plain, &f.elapsed);
	if (strcasecmp(plain, "general") == 0)
		return f;
	f.date = strpbrk(plain, "yYdD") != NULL;
	f.time = strpbrk(plain, "hHsS") != NULL;
	f.seconds = strpbrk(plain, "sS") != NULL;
	if (!f.date && !f.time && strpbrk(plain, "mM") && !strpbrk(plain, "0#?"))
		f.date = true; /* a month alone */
	if (strpbrk(plain, "#?") || (strchr(plain, '0') && !f.seconds) || strchr(plain, '@'))
		f.date = f.time = false;
	f.kind = f.date || f.time ? NUMBER_DATE :
	    strchr(plain, '%')    ? NUMBER_PERCENT :
				    NUMBER_GENERAL;
	point = strchr(plain, '.');
	f.decimals = point ? (unsigned)MIN(strspn(point + 1, "0#"), (size_t)10) : 0;
	return f;
}

struct number_format
number_format(unsigned id, const char *code)
{
	static const struct {
		unsigned from, to;
		const char *code;
	} built_in[] = { { 9, 9, "0%" }, { 10, 10, "0.00%" }, { 14, 17, "yyyy-mm-dd" },
		{ 18, 18, "hh:mm" }, { 19, 19, "hh:mm:ss" }, { 20, 20, "hh:mm" },
		{ 21, 21, "hh:mm:ss" }, { 22, 22, "yyyy-mm-dd hh:mm" },
		{ 27, 31, "yyyy-mm-dd" }, { 32, 33, "hh:mm:ss" }, { 34, 36, "yyyy-mm-dd" },
		{ 45, 45, "mm:ss" }, { 46, 46, "[h]:mm:ss" }, { 47, 47, "mm:ss.0" },
		{ 50, 58, "yyyy-mm-dd" } };

	if (code)
		return format_of_code(code);
	for (size_t i = 0; i < LEN(built_in); i++)
		if (id >= built_in[i].from && id <= built_in[i].to)
			return format_of_code(built_in[i].code);
	return (struct number_format){ 0 };
}

/* Days since 1970-01-01 as a date of the proleptic Gregorian calendar. */
static void
civil(long days, long *y, long *m, long *d)
{
	long era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

/* Excel counts a 29 February 1900 that never was: days before it are one off. */
static void
show_date(const struct number_format *f, double v, bool since_1904, char ret[NUMBER_SHOWN])
{
	long days = (long)v, seconds = (long)((v - (double)days) * 86400 + 0.5), y, m, d;
	int n = 0;

	if (seconds >= 86400) {
		seconds -= 86400;
		days++;
	}
	if (f->elapsed) {
		snprintf(ret, NUMBER_SHOWN, "%ld:%02ld:%02ld", days * 24 + seconds / 3600,
		    seconds / 60 % 60, seconds % 60);
		return;
	}
	if (!since_1904 && days < 60)
		days++;
	civil(days - (since_1904 ? 24107 : 25569), &y, &m, &d);
	if (f->date)
		n = snprintf(ret, NUMBER_SHOWN, "%04ld-%02ld-%02ld", y, m, d);
	if (f->time)
		n += snprintf(ret + n, (size_t)(NUMBER_SHOWN - n), "%s%02ld:%02ld",
		    f->date ? " " : "", seconds / 3600, seconds / 60 % 60);
	if (f->time && f->seconds)
		snprintf(ret + n, (size_t)(NUMBER_SHOWN - n), ":%02ld", seconds % 60);
}

#define WHOLE_MAX 9007199254740992.0 /* up to here every whole number has a double */

void
number_show(
    const struct number_format *f, const char *value, bool since_1904, char ret[NUMBER_SHOWN])
{
	char *end;
	double v = strtod(value, &end);

	snprintf(ret, NUMBER_SHOWN, "%.60s", value);
	if (end == value || *end || !__builtin_isfinite(v))
		return;
	if (f->kind == NUMBER_DATE && v >= 0 && v < 2958466)
		show_date(f, v, since_1904, ret);
	else if (f->kind == NUMBER_PERCENT && v > -1e15 && v < 1e15)
		snprintf(ret, NUMBER_SHOWN, "%.*f%%", (int)f->decimals, v * 100);
	else if (v > -WHOLE_MAX && v < WHOLE_MAX && v == (double)(int64_t)v)
		snprintf(ret, NUMBER_SHOWN, "%.0f",
		    v); /* a number of an account, say: all its digits */
	else
		snprintf(ret, NUMBER_SHOWN, "%.15g", v);
}
