/* Runs every line of a file as a query on a mechanism and prints how long each took: microseconds,
 * number of hits, the query, separated by tabs. usage: find DIR QUERIES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mechanism/mechanism.h"
#include "search/search.h"

static int64_t
microseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static bool
ask(struct session *s, const char *line, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct viewer v = mechanism_viewer("bench");
	int64_t began = microseconds();
	struct query *q = query_parse(a, line, e);
	struct hits hits;

	if (!q || !search_find(s->search, &v, a, q, 10, &hits, e))
		return err_at(e, "%s", line);
	printf("%lld\t%zu\t%s\n", (long long)(microseconds() - began), hits.n, line);
	return true;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };
	AUTO(mechanism) *m = argc == 3 ? mechanism_open(argv[1], &e) : NULL;
	AUTO(session) *s = m ? session_open(m, &e) : NULL;
	FILE *f = argc == 3 ? fopen(argv[2], "r") : NULL;
	char line[QUERY_MAX + 2];
	bool ok = s && f && session_follow(s, &e);

	while (ok && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = 0;
		ok = !*line || ask(s, line, &e);
	}
	if (f)
		fclose(f);
	if (!ok)
		fprintf(stderr, "find: %s\n", e.msg);
	return ok ? 0 : 1;
}
