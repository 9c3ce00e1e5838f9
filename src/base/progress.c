/* base/progress: a line on the terminal, redrawn ten times a second. */
#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"

enum { PAUSE = 100, SETTLED = 1000, BAR = 20, LINE = 256 };

struct progress {
	const char *what, *unit;
	uint64_t total, done, bytes;
	int64_t start, drawn; /* clock_ticks */
	bool terminal, shown;
};

struct progress *
progress_new(const char *what, const char *unit, uint64_t total)
{
	struct progress *p = mem_zalloc(sizeof *p);
	const char *term = getenv("TERM");

	p->what = what;
	p->unit = unit;
	p->total = total;
	p->start = clock_ticks();
	p->terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	return p;
}

void
progress_total(struct progress *p, uint64_t total)
{
	p->total = total;
}

static int
add_bar(char *to, size_t size, uint64_t done, uint64_t total)
{
	int full = (int)(MIN(done, total) * BAR / total);

	return snprintf(to, size, " [%.*s%.*s]", full, "####################", BAR - full,
	    "--------------------");
}

static int
add_rate(char *to, size_t size, const struct progress *p, double seconds)
{
	double bytes = (double)p->bytes / seconds;

	if (!p->bytes)
		return snprintf(to, size, "  %.0f/s", (double)p->done / seconds);
	return bytes < 1e6 ? snprintf(to, size, "  %.0f kB/s", bytes / 1e3) :
			     snprintf(to, size, "  %.1f MB/s", bytes / 1e6);
}

static int
add_left(char *to, size_t size, const struct progress *p, double seconds)
{
	double left = seconds / (double)p->done * (double)(p->total - p->done);
	uint64_t s = left < 1e9 ? (uint64_t)left : 1000000000;

	if (s < 60)
		return snprintf(to, size, "  %u s left", (unsigned)s);
	if (s < 3600)
		return snprintf(
		    to, size, "  %u:%02u min left", (unsigned)s / 60, (unsigned)s % 60);
	return snprintf(
	    to, size, "  %u:%02u h left", (unsigned)(s / 3600), (unsigned)(s / 60 % 60));
}

/* Rate and time left are shown once a second has passed: before, they would jump. */
static size_t
make_line(char line[LINE], const struct progress *p)
{
	double seconds = (double)(p->drawn - p->start) / 1000;
	bool settled = p->drawn - p->start >= SETTLED;
	size_t n = 0;

	n += (size_t)snprintf(line, LINE, "%.60s", p->what);
	if (p->total)
		n += (size_t)add_bar(line + n, LINE - n, p->done, p->total);
	n += (size_t)snprintf(line + n, LINE - n, " %llu", (unsigned long long)p->done);
	if (p->total)
		n += (size_t)snprintf(
		    line + n, LINE - n, " of %llu", (unsigned long long)p->total);
	n += (size_t)snprintf(line + n, LINE - n, " %.20s", p->unit);
	if (settled)
		n += (size_t)add_rate(line + n, LINE - n, p, seconds);
	if (settled && p->done && p->done < p->total)
		n += (size_t)add_left(line + n, LINE - n, p, seconds);
	return n;
}

/* One write, so that nothing comes in between. A line longer than the terminal is wide
 * would wrap, and what wraps cannot be cleared: it is cut. */
static void
draw(struct progress *p)
{
	char line[LINE], out[LINE + 8];
	size_t n = make_line(line, p);
	struct winsize size;
	int len;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		n = MIN(n, (size_t)size.ws_col - 1);
	len = snprintf(out, sizeof out, "\r%.*s\033[K", (int)n, line);
	/* A terminal that went away is no reason to stop the work. */
	p->shown = io_write(STDERR_FILENO, out, (size_t)len);
}

void
progress_add(struct progress *p, uint64_t done, uint64_t bytes)
{
	int64_t now;

	p->done += done;
	p->bytes += bytes;
	if (!p->terminal)
		return;
	now = clock_ticks();
	if (now - MAX(p->drawn, p->start) < PAUSE)
		return;
	p->drawn = now;
	draw(p);
}

void
progress_hide(struct progress *p)
{
	if (p->shown)
		p->shown = !io_write(STDERR_FILENO, "\r\033[K", 4);
}

void
progress_free(struct progress *p)
{
	if (!p)
		return;
	progress_hide(p);
	free(p);
}
