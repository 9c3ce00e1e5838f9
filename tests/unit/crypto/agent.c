/* The agent's life, seen from outside: start, ask, replace, stop, expire. */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"
#include "crypto/agent.h"

enum { LONG = 60 * 1000 };

#ifdef __SANITIZE_ADDRESS__
static const bool mlock_is_ignored = true; /* by the sanitizer's run-time */
#else
static const bool mlock_is_ignored = false;
#endif

static char runtime[32], name[24];

/* A runtime folder of our own for each test, and nothing left of it afterwards. */
static void
begin(void)
{
	struct err e;

	snprintf(runtime, sizeof runtime, "/tmp/vigil-agent-XXXXXX");
	NEED(mkdtemp(runtime) || err_errno(&e, "temporary folder"), &e);
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	snprintf(name, sizeof name, "test_%d", (int)getpid());
}

static void
path_of(const char *file, char ret[256])
{
	snprintf(ret, 256, "%s/vigil/%s", runtime, file);
}

/* How many sockets and other files lie in the folder. */
static int
files_left(void)
{
	char path[256];
	DIR *d;
	int n = 0;

	path_of("", path);
	d = opendir(path);
	for (struct dirent *ent; d && (ent = readdir(d));)
		n += ent->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static void
finish(void)
{
	char path[256];
	struct err e;
	bool was;

	CHECK_OK(agent_stop(name, &was, &e), &e);
	CHECK(files_left() == 0);
	path_of("", path);
	rmdir(path);
	CHECK(rmdir(runtime) == 0);
}

static bool
answers(const char *secret, size_t n)
{
	uint8_t got[AGENT_SECRET_MAX];
	size_t got_n = 0;
	struct err e;

	return agent_ask(name, got, &got_n, &e) && got_n == n && memcmp(got, secret, n) == 0;
}

static bool
nobody_there(void)
{
	uint8_t got[AGENT_SECRET_MAX] = { 0 };
	size_t got_n = 77;
	struct err e = { 0 };

	return !agent_ask(name, got, &got_n, &e) && e.kind == ERR_MISSING && got_n == 77 &&
	    !got[0];
}

/* How many processes hold a listening socket of that name, whatever its folder entry
 * says: an agent that nobody can reach any more would still count. */
static int
agents_alive(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 24);
	struct err e;
	int n = 0;

	NEED(io_read_file("/proc/net/unix", &b, &e), &e);
	for (char *rest, *line = strtok_r((char *)b.p, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		n += strstr(line, name) && strstr(line, " 00010000 "); /* it listens */
	return n;
}

static bool
alive_soon(int n)
{
	for (int i = 0; i < 250 && agents_alive() != n; i++)
		usleep(20000);
	return agents_alive() == n;
}

static void
holds_until_told(void)
{
	uint8_t most[AGENT_SECRET_MAX];
	struct err e;
	bool was = false;

	begin();
	crypto_random(most, sizeof most);
	CHECK(nobody_there());
	CHECK_OK(agent_start(name, "a\0b", 3, LONG, NULL, &e), &e);
	for (int i = 0; i < 50; i++)
		CHECK(answers("a\0b", 3));
	CHECK_OK(agent_start(name, most, sizeof most, LONG, NULL, &e), &e);
	CHECK(answers((char *)most, sizeof most));
	CHECK_OK(agent_stop(name, &was, &e), &e);
	CHECK(was);
	CHECK(alive_soon(0));
	CHECK(nobody_there());
	CHECK_OK(agent_stop(name, &was, &e), &e);
	CHECK(!was);
	finish();
}

static void
lies_where_only_we_can_reach(void)
{
	char path[256], file[64];
	struct stat st;
	struct err e;

	begin();
	path_of("", path);
	CHECK(mkdir(path, 0755) == 0 && chmod(path, 0777) == 0); /* somebody was careless */
	CHECK_OK(agent_start(name, "secret", 6, LONG, NULL, &e), &e);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
	snprintf(file, sizeof file, "agent-%s", name);
	path_of(file, path);
	CHECK(stat(path, &st) == 0 && S_ISSOCK(st.st_mode) && (st.st_mode & 0777) == 0600);
	finish();
}

static void
ends_at_its_hour(void)
{
	struct err e;
	int64_t start = clock_ticks();

	begin();
	CHECK_OK(agent_start(name, "secret", 6, 700, NULL, &e), &e);
	CHECK(agents_alive() == 1);
	CHECK(answers("secret", 6));
	while (clock_ticks() - start < 10000 && !nobody_there())
		usleep(20000);
	CHECK(clock_ticks() - start >= 700);
	CHECK(clock_ticks() - start < 9000);
	CHECK(alive_soon(0));
	CHECK(files_left() == 0); /* its socket went with it */
	finish();
}

/* A newer agent's socket must survive the end of an older one. */
static void
a_newer_one_replaces_an_older(void)
{
	struct err e;

	begin();
	for (int i = 0; i < 5; i++)
		CHECK_OK(agent_start(name, "old", 3, 300 + i, NULL, &e), &e);
	CHECK_OK(agent_start(name, "new", 3, LONG, NULL, &e), &e);
	usleep(600000);
	CHECK(answers("new", 3));
	CHECK(files_left() == 1);
	CHECK(agents_alive() == 1);
	finish();
}

static void *
start_many(void *arg)
{
	struct err e;

	for (int i = 0; i < 10; i++)
		if (!agent_start(name, "same", 4, LONG, NULL, &e))
			*(bool *)arg = false;
	return NULL;
}

static void
starters_at_once_leave_one(void)
{
	bool ok[3] = { true, true, true };
	pthread_t threads[3];

	begin();
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, start_many, &ok[i]) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(threads[i], NULL) == 0 && ok[i]);
	CHECK(answers("same", 4));
	CHECK(files_left() == 1);
	CHECK(alive_soon(1));
	finish();
}

/* An agent that was killed leaves its socket: that is as none. */
static void
a_dead_socket_is_nobody(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct err e;
	bool was = true;
	char path[256];
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	begin();
	path_of("", path);
	CHECK(mkdir(path, 0700) == 0);
	snprintf(un.sun_path, sizeof un.sun_path, "%s/vigil/agent-%s", runtime, name);
	CHECK(bind(fd, (struct sockaddr *)&un, sizeof un) == 0);
	close(fd);
	CHECK(nobody_there());
	CHECK_OK(agent_stop(name, &was, &e), &e);
	CHECK(!was && files_left() == 0);
	finish();
}

static void
keeps_nothing_open_and_shows_nothing(void)
{
	AUTO(arena) *a = arena_new();
	struct err e;
	int pipe_ends[2];
	char c;
	int n = 0;
	DIR *d;

	begin();
	CHECK(pipe(pipe_ends) == 0); /* not close-on-exec: a fork would keep the end open */
	CHECK_OK(agent_start(name, "secret", 6, LONG, NULL, &e), &e);
	close(pipe_ends[1]);
	fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
	CHECK(read(pipe_ends[0], &c, 1) == 0); /* end of file: the agent holds no writing end */
	close(pipe_ends[0]);
	/* PR_SET_DUMPABLE 0 gives its files in /proc to root and closes its memory to us
	 * (to root nothing is closed). */
	d = opendir("/proc");
	for (struct dirent *ent; d && (ent = readdir(d));) {
		AUTO_VAL(buf) b = buf_init(1 << 16);

		if (!io_read_file(arena_printf(a, "/proc/%s/status", ent->d_name), &b, &e) ||
		    strncmp(buf_peek(&b), "Name:\tvigil-agent\n", 18) != 0)
			continue;
		n++;
		CHECK(mlock_is_ignored || !strstr(buf_peek(&b), "VmLck:\t       0 kB"));
		CHECK(geteuid() == 0 ||
		    open(arena_printf(a, "/proc/%s/mem", ent->d_name), O_RDONLY) < 0);
	}
	if (d)
		closedir(d);
	CHECK(n >= 1);
	finish();
}

static void
refuses_what_it_must(void)
{
	static const struct {
		const char *name;
		size_t n;
		int64_t for_ms;
	} cases[] = {
		{ "", 3, LONG },
		{ "../evil", 3, LONG },
		{ "a/b", 3, LONG },
		{ "agent.new", 3, LONG },
		{ "ok", 0, LONG },
		{ "ok", AGENT_SECRET_MAX + 1, LONG },
		{ "ok", 3, 0 },
		{ "ok", 3, -1 },
		{ "a123456789012345678901234567890123456789012345678", 3, LONG },
	};
	static const char secret[AGENT_SECRET_MAX + 1];
	struct err e = { 0 };

	begin();
	for (size_t i = 0; i < LEN(cases); i++) {
		CHECK(
		    !agent_start(cases[i].name, secret, cases[i].n, cases[i].for_ms, NULL, &e));
		CHECK(e.kind == ERR_INVALID);
	}
	CHECK(files_left() == 0);
	finish();
}

TESTS(T(holds_until_told), T(lies_where_only_we_can_reach), T(ends_at_its_hour),
    T(a_newer_one_replaces_an_older), T(starters_at_once_leave_one), T(a_dead_socket_is_nobody),
    T(keeps_nothing_open_and_shows_nothing), T(refuses_what_it_must))
