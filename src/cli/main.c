/* vigil: the program. Finds the command in the table, reads its options, runs it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/cli.h"

static const char *
user_name(struct arena *a)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw ? arena_str(a, pw->pw_name) : arena_printf(a, "uid %u", (unsigned)getuid());
}

/* A file opened where a closed standard descriptor was would be read, or written over, as if
 * it were the terminal. What takes its place fails when it is used. */
static void
guard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Has whoever read our output gone (`| head`)? Then there is nobody to tell. */
static bool
reader_is_gone(void)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

static const struct cmd *
find_command(const char *name)
{
	for (size_t i = 0; i < n_commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Is `name` among the command's options; and does it take a value? */
static bool
knows_option(const struct cmd *cmd, const char *name, size_t n, bool *takes)
{
	const char *at = cmd->options;

	while (*at) {
		size_t len = strcspn(at, " =");
		bool value = at[len] == '=';

		if (len == n && strncmp(at, name, n) == 0) {
			*takes = value;
			return true;
		}
		at += len + value;
		at += *at == ' ';
	}
	return false;
}

static bool
put_option(struct ctx *c, const char *name, const char *value, struct err *e)
{
	if (*value && ctx_option(c, name)) /* of two values one would be lost */
		return err_set(
		    e, ERR_INVALID, "--%.40s stands twice: it takes one value", name);
	if (c->n_options == OPTIONS_MAX)
		return err_set(e, ERR_INVALID, "too many options");
	c->options[c->n_options].name = name;
	c->options[c->n_options++].value = value;
	return true;
}

static bool
read_option(struct ctx *c, const struct cmd *cmd, char **argv, int *i, struct err *e)
{
	const char *name = argv[*i] + 2, *eq = strchr(name, '='), *value = "";
	size_t n = eq ? (size_t)(eq - name) : strlen(name);
	bool takes;

	if (!knows_option(cmd, name, n, &takes))
		return err_set(
		    e, ERR_INVALID, "no option --%.40s: see vigil help %s", name, cmd->name);
	if (takes) {
		value = eq ? eq + 1 : argv[++*i];
		if (!value)
			return err_set(e, ERR_INVALID, "--%.40s wants a value", name);
	} else if (eq) {
		return err_set(e, ERR_INVALID, "--%.*s takes no value", (int)n, name);
	}
	return put_option(c, arena_strn(c->a, name, n), value, e);
}

/* "--json" is understood by every command, "-C DIR" before and after it, "--" ends options; "-o
 * FILE" is --output of those that have it. */
static bool
read_arguments(struct ctx *c, const struct cmd *cmd, int argc, char **argv, struct err *e)
{
	const char **args = arena_alloc(c->a, (size_t)(argc + 1) * sizeof *args);
	bool options = true, takes;

	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strcmp(argv[i], "--json") == 0) {
			c->json = true;
		} else if (options && strcmp(argv[i], "-C") == 0) {
			if (!argv[i + 1])
				return err_set(e, ERR_INVALID, "-C wants a folder");
			c->dir = argv[++i];
		} else if (options && strcmp(argv[i], "-o") == 0 && argv[i + 1] &&
		    knows_option(cmd, "output", 6, &takes)) {
			if (!put_option(c, "output", argv[++i], e))
				return false;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			if (!read_option(c, cmd, argv, &i, e))
				return false;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			return err_set(e, ERR_INVALID, "no option %.40s: see vigil help %s",
			    argv[i], cmd->name);
		} else {
			args[c->n_args++] = argv[i];
		}
	}
	c->args = args;
	if (c->n_args < cmd->min || c->n_args > cmd->max)
		return err_set(e, ERR_INVALID, "usage: vigil %s %s", cmd->name, cmd->args);
	return true;
}

static int
fail(const struct ctx *c, const char *name, const struct err *e)
{
	if (c->json && !lines_printed()) { /* else they tell, and the exit code does */
		struct line l = line_start();

		line_str(&l, "error", err_name(e->kind));
		line_str(&l, "message", e->msg);
		line_end(&l);
	}
	say_error("vigil%s%s: %s", *name ? " " : "", name, e->msg);
	return err_exit(e);
}

static int
run(struct ctx *c, const struct cmd *cmd, int argc, char **argv)
{
	struct err e = { 0 };
	bool ok = read_arguments(c, cmd, argc, argv, &e) && cmd->run(c, &e);

	session_close(c->s);
	mechanism_close(c->m);
	if (ok && (fflush(stdout) || ferror(stdout))) {
		ok = err_set(&e, ERR_SYSTEM, "cannot write the output");
		if (reader_is_gone())
			return err_exit(&e);
	}
	return ok ? 0 : fail(c, cmd->name, &e);
}

/* Keys and plain text must not lie in a core file. One byte, not none: a core that is piped to a program
 * is only held back by exactly that (core(5)). */
static void
no_core_file(void)
{
	const struct rlimit one = { 1, 1 };

	setrlimit(RLIMIT_CORE, &one);
}

int
main(int argc, char **argv)
{
	AUTO(arena) *a = arena_new();
	const char *dir = getenv("VIGIL_DIR");
	struct ctx c = { .a = a, .dir = dir && *dir ? dir : ".", .actor = user_name(a) };
	struct err e = { 0 };
	const struct cmd *cmd;
	int i = 1;

	guard_descriptors();
	no_core_file();
	signal(SIGPIPE, SIG_IGN); /* a failed write is an error to be told, not an end */
	signal(SIGXFSZ, SIG_IGN);
	for (; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0)
			c.json = true;
		else if (strcmp(argv[i], "-C") == 0 && i + 1 < argc)
			c.dir = argv[++i];
		else
			break;
	if (i < argc && strcmp(argv[i], "-C") == 0) {
		err_set(&e, ERR_INVALID, "-C wants a folder");
		return fail(&c, "", &e);
	}
	if (i < argc && strcmp(argv[i], "--version") == 0) {
		say("vigil %s\n", VIGIL_VERSION);
		return 0;
	}
	if (i >= argc || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
		cmd = find_command("help");
	else
		cmd = find_command(argv[i]);
	if (!cmd) {
		err_set(
		    &e, ERR_INVALID, "no command \"%.60s\": vigil help lists them", argv[i]);
		return fail(&c, "", &e);
	}
	return run(&c, cmd, MAX(argc - i - 1, 0), argv + MIN(i + 1, argc));
}
