/* A unit test file: static functions with CHECKs, then TESTS(T(one), T(two)).
 * An unlisted test is an unused static function, so it does not compile.
 * Output is TAP. SKIP leaves the test and says why. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/err.h"

static int test_bad;
static const char *test_skip;

struct test {
	const char *name;
	void (*run)(void);
};

static inline void
test_check(bool ok, const char *file, int line, const char *what)
{
	if (ok)
		return;
	test_bad++;
	printf("# %s:%d: not so: %s\n", file, line, what);
}

#define CHECK(x) test_check((x), __FILE__, __LINE__, #x)
/* For calls that take a struct err: prints the message if they fail. */
#define CHECK_OK(x, e)                                                                         \
	do {                                                                                   \
		if (!(x)) {                                                                    \
			test_check(false, __FILE__, __LINE__, #x);                             \
			printf("# %s\n", (e)->msg);                                            \
		}                                                                              \
	} while (0)
/* What the rest of the test stands on: without it the program ends here, as failed. */
#define NEED(x, e)                                                                             \
	do {                                                                                   \
		if (!(x)) {                                                                    \
			printf("Bail out! %s:%d: %s: %s\n", __FILE__, __LINE__, #x, (e)->msg); \
			exit(1);                                                               \
		}                                                                              \
	} while (0)
#define SKIP(why)                                                                              \
	do {                                                                                   \
		test_skip = (why);                                                             \
		return;                                                                        \
	} while (0)

#define T(f)                                                                                   \
	{                                                                                      \
#f, f                                                                          \
	}
#define TESTS(...)                                                                             \
	int main(void)                                                                         \
	{                                                                                      \
		static const struct test tests[] = { __VA_ARGS__ };                            \
		int failed = 0;                                                                \
                                                                                               \
		printf("1..%zu\n", LEN(tests));                                                \
		for (size_t i = 0; i < LEN(tests); i++) {                                      \
			test_bad = 0;                                                          \
			test_skip = NULL;                                                      \
			tests[i].run();                                                        \
			printf("%s %zu - %s%s%s\n", test_bad ? "not ok" : "ok", i + 1,         \
			    tests[i].name, test_skip ? " # SKIP " : "",                        \
			    test_skip ? test_skip : "");                                       \
			fflush(stdout);                                                        \
			failed += test_bad > 0;                                                \
		}                                                                              \
		return failed > 0;                                                             \
	}

/* The path of a file of the shared material; NULL if the material is not there. */
static inline const char *
test_shared(char ret[512], const char *path)
{
	const char *dir = getenv("VIGIL_SHARED");
	FILE *f;

	snprintf(ret, 512, "%s/%s", dir ? dir : "../shared", path);
	f = fopen(ret, "r");
	if (f)
		fclose(f);
	return f ? ret : NULL;
}

#endif
