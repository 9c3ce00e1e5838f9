/* Counts since the server started, and how it stands now, for Prometheus. Nothing in them tells who asked for what. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "desk/server.h"

static const int64_t bounds[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000,
	10000 }; /* ms */
static const struct {
	const char *name, *help;
} counters[WATCHED] = {
	[WATCHED_TOO_OFTEN] = { "vigil_refused_too_often_total",
	    "Requests refused because their address asked too often." },
	[WATCHED_SLOW] = { "vigil_connections_ended_slow_total",
	    "Connections ended because their headers came too slowly." },
	[WATCHED_SIGN_IN_FAILED] = { "vigil_sign_ins_failed_total",
	    "Tries to sign in that failed." },
};

struct metrics {
	int64_t began;               /* ms since 1970 */
	_Atomic uint64_t answers[6]; /* by the first digit of the status */
	_Atomic uint64_t within[LEN(bounds) + 1], sum_ms;
	_Atomic uint64_t counted[WATCHED];
};

struct metrics *
metrics_new(void)
{
	struct metrics *m = mem_zalloc(sizeof *m);

	m->began = clock_now();
	return m;
}

void
metrics_free(struct metrics *m)
{
	free(m);
}

void
metrics_answered(struct metrics *m, unsigned status, int64_t ms)
{
	size_t i = 0;

	while (i < LEN(bounds) && ms > bounds[i])
		i++;
	m->answers[MIN(status / 100, 5u)]++;
	m->within[i]++;
	m->sum_ms += (uint64_t)MAX(ms, 0);
}

void
metrics_count(struct metrics *m, enum watched what)
{
	m->counted[what]++;
}

static void
head(struct buf *ret, const char *name, const char *kind, const char *help)
{
	buf_printf(ret, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void
one(struct buf *ret, const char *name, const char *kind, const char *help, uint64_t value)
{
	head(ret, name, kind, help);
	buf_printf(ret, "%s %" PRIu64 "\n", name, value);
}

static void
write_answers(const struct metrics *m, struct buf *ret)
{
	uint64_t all = 0;

	head(ret, "vigil_answers_total", "counter", "Requests answered, by status.");
	for (unsigned i = 1; i < LEN(m->answers); i++)
		buf_printf(ret, "vigil_answers_total{status=\"%uxx\"} %" PRIu64 "\n", i,
		    (uint64_t)m->answers[i]);
	head(ret, "vigil_answer_seconds", "histogram",
	    "From when a request began to come until it was answered.");
	for (size_t i = 0; i < LEN(bounds); i++) {
		all += m->within[i];
		buf_printf(ret, "vigil_answer_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
		    (double)bounds[i] / 1000, all);
	}
	all += m->within[LEN(bounds)];
	buf_printf(ret,
	    "vigil_answer_seconds_bucket{le=\"+Inf\"} %" PRIu64
	    "\nvigil_answer_seconds_sum %.3f\nvigil_answer_seconds_count %" PRIu64 "\n",
	    all, (double)m->sum_ms / 1000, all);
}

/* Pages of memory that the process has (proc(5), statm). */
static uint64_t
resident(void)
{
	AUTO_VAL(buf) b = buf_init(256);
	struct err e;
	uint64_t all = 0, pages = 0;

	if (!io_read_file("/proc/self/statm", &b, &e) ||
	    sscanf(buf_peek(&b), "%" SCNu64 " %" SCNu64, &all, &pages) != 2)
		return 0;
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void
metrics_write(const struct desk *desk, uint64_t entries, struct buf *ret)
{
	const struct metrics *m = desk->metrics;

	head(ret, "vigil_build_info", "gauge", "The program.");
	buf_str(ret, "vigil_build_info{version=\"" VIGIL_VERSION "\"} 1\n");
	write_answers(m, ret);
	for (size_t i = 0; i < WATCHED; i++)
		one(ret, counters[i].name, "counter", counters[i].help, m->counted[i]);
	one(ret, "vigil_requests_under_way", "gauge",
	    "Requests that came and are not answered yet.", desk->under_way);
	one(ret, "vigil_connections", "gauge", "Connections that are open.",
	    guests_here(desk->guests));
	one(ret, "vigil_uploads_under_way", "gauge", "Files that are coming in.",
	    desk->receiving);
	one(ret, "vigil_texts_waiting", "gauge", "Items whose texts are to be made.",
	    readers_waiting(desk->readers));
	one(ret, "vigil_log_entries", "gauge", "Entries in the log.", entries);
	one(ret, "process_resident_memory_bytes", "gauge", "Memory of this process.",
	    resident());
	one(ret, "process_start_time_seconds", "gauge",
	    "When it started, in seconds since 1970.", (uint64_t)(m->began / 1000));
}
