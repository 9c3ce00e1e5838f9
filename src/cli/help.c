/* What is made from the table of commands: help, the man page, bash completion. */
#include <string.h>

#include "cli/cli.h"

static const char about[] =
    "ID is an item's number, id or SHA-256, or enough of it to be unique. A passphrase is asked"
    " for on the terminal; a script gives it as a line of the standard input,"
    " or of the descriptor that --passphrase-fd N names.";

enum { COLUMNS = 79 };

/* Breaks lines between words, but not within brackets; what is a line in s does not matter. */
void
say_wrapped(const char *s, size_t column, const char *indent)
{
	while (*s) {
		size_t n = 0;
		int depth = 0;

		for (; s[n] && (depth > 0 || !strchr(" \n", s[n])); n++)
			depth += (s[n] == '[') - (s[n] == ']');
		if (column + 1 + n > COLUMNS) {
			say("\n%s", indent);
			column = strlen(indent);
		} else if (column > strlen(indent)) {
			say(" ");
			column++;
		}
		say("%.*s", (int)n, s);
		column += n;
		s += n + strspn(s + n, " \n");
	}
	say("\n");
}

static const struct {
	int code;
	const char *what;
} exits[] = {
	{ 0, "done" },
	{ 2, "the input breaks a rule" },
	{ 3, "no such thing" },
	{ 4, "not allowed: locked, held, wrong person" },
	{ 5, "damage" },
	{ 6, "too big" },
	{ 7, "disk, network or database failed; may work later" },
};

static void
help_all(void)
{
	say("usage: vigil [-C DIR] COMMAND [--json]\n\n");
	for (size_t i = 0; i < n_commands; i++)
		say("  %-11s %s\n", commands[i].name, commands[i].what);
	say("\n");
	say_wrapped(
	    "DIR is the mechanism's folder (else VIGIL_DIR, else the current one). With --json"
	    " there is one JSON object a line on the standard output, and nothing else; only vigil"
	    " export writes its own format there, and its summary, one JSON object, on the standard"
	    " error. vigil help COMMAND tells more.",
	    0, "");
	say_wrapped(about, 0, "");
}

static bool
help_one(const char *name, struct err *e)
{
	for (size_t i = 0; i < n_commands; i++) {
		const struct cmd *k = &commands[i];

		if (strcmp(k->name, name) != 0)
			continue;
		say("usage: vigil [-C DIR] %s", k->name);
		say_wrapped(
		    k->args, strlen("usage: vigil [-C DIR] ") + strlen(k->name), "    ");
		say("\n%s\n", k->what);
		if (k->more) {
			say("\n");
			say_wrapped(k->more, 0, "");
		}
		return true;
	}
	return err_set(e, ERR_INVALID, "no command \"%.60s\": vigil help lists them", name);
}

static bool
ends_sentence(const char *s, const char *space)
{
	const char *last = space;

	while (last > s && strchr(" \n", *last))
		last--;
	return *last == '.' && space[1] >= 'A' && space[1] <= 'Z';
}

/* roff: a leading '.' or quote would be read as a request, a backslash as an escape; each
 * sentence begins a line, and none is long. */
static void
say_roff(const char *s)
{
	size_t column = 0;

	for (const char *c = s; *c; c++) {
		bool space = *c == ' ' || *c == '\n';
		size_t word = strcspn(c + 1, " \n");

		if (space && !word)
			continue; /* the last of several counts */
		if (space && (ends_sentence(s, c) || column + word > COLUMNS - 10)) {
			say("\n");
			column = 0;
			continue;
		}
		if (!column && (*c == '.' || *c == '\''))
			say("\\&");
		if (*c == '\\' || *c == '-')
			say("\\%c", *c == '-' ? '-' : 'e');
		else
			say("%c", space ? ' ' : *c);
		column++;
	}
}

static void
man_command(const struct cmd *k)
{
	say(".It ");
	say_roff(k->name);
	say("%s", *k->args ? " " : "");
	for (const char *c = k->args; *c; c++) /* one line, however long: it is a macro's */
		say(*c == '-' ? "\\%c" : "%c", *c);
	say("\n");
	say_roff(k->what);
	say(".\n");
	if (k->more) {
		say_roff(k->more);
		say("\n");
	}
}

static void
help_man(void)
{
	say(".Dd $Mdocdate$\n"
	    ".Dt VIGIL 1\n"
	    ".Os\n"
	    ".Sh NAME\n"
	    ".Nm vigil\n"
	    ".Nd a human\\-rights monitoring mechanism\n"
	    ".Sh SYNOPSIS\n"
	    ".Nm\n"
	    ".Op Fl C Ar DIR\n"
	    ".Ar COMMAND\n"
	    ".Op Fl \\-json\n"
	    ".Sh DESCRIPTION\n"
	    "Preserves material, proves that nothing was altered or lost, finds things in\n"
	    "it, and publishes its log for outsiders to verify.\n"
	    ".Ar DIR\n"
	    "is the mechanism's folder (else\n"
	    ".Ev VIGIL_DIR ,\n"
	    "else the current one).\n");
	say_roff(about);
	say("\n.Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < n_commands; i++)
		man_command(&commands[i]);
	say(".El\n"
	    ".Sh ENVIRONMENT\n"
	    ".Bl -tag -width Ds\n"
	    ".It Ev VIGIL_DIR\n"
	    "the mechanism's folder\n"
	    ".It Ev VIGIL_KEY\n"
	    "the file of the mechanism's key, if it is kept on a stick\n"
	    ".El\n"
	    ".Sh EXIT STATUS\n"
	    ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < LEN(exits); i++)
		say(".It %d\n%s\n", exits[i].code, exits[i].what);
	say(".El\n");
}

static void
say_names(const char *between)
{
	for (size_t i = 0; i < n_commands; i++)
		say("%s%s", i ? between : "", commands[i].name);
}

/* What may follow a command: its words, where it has some, and its options. */
static void
complete_command(const struct cmd *k)
{
	say("\t%s) words='%s' options='--json -C", k->name, k->words ? k->words : "");
	for (const char *at = k->options; *at;) {
		size_t n = strcspn(at, " =");

		say(" --%.*s", (int)n, at);
		at += n + strspn(at + n, " =");
	}
	say("' ;;\n");
}

static void
help_completion(void)
{
	say("# bash completion for vigil; made by: vigil help --bash-completion\n"
	    "_vigil() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd='' words='' options='' i\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in\n"
	    "\t\t-C) ((i++)) ;;\n"
	    "\t\t-*) ;;\n"
	    "\t\t*) cmd=${COMP_WORDS[i]}; break ;;\n"
	    "\t\tesac\n"
	    "\tdone\n"
	    "\t[[ ${COMP_WORDS[COMP_CWORD - 1]} == -C ]] && return # a folder\n"
	    "\tcase $cmd in\n");
	for (size_t i = 0; i < n_commands; i++)
		complete_command(&commands[i]);
	say("\t*) words='");
	say_names(" ");
	say("' options='-C --json --version' ;;\n\tesac\n"
	    "\t[[ $cmd == help ]] && words='");
	say_names(" ");
	say("'\n"
	    "\t((COMP_CWORD == i || COMP_CWORD == i + 1)) || words=\n"
	    "\t[[ $cur == -* ]] && words=$options\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	    "}\n"
	    "complete -o default -F _vigil vigil\n");
}

/* With --json, one line a command. */
static bool
help_json(const char *name, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < n_commands; i++) {
		struct line l;

		if (name && strcmp(name, commands[i].name) != 0)
			continue;
		l = line_start();
		line_str(&l, "command", commands[i].name);
		line_str(&l, "arguments", commands[i].args);
		line_str(&l, "does", commands[i].what);
		line_end(&l);
		any = true;
	}
	return any || err_set(e, ERR_INVALID, "no command \"%.60s\"", name);
}

bool
help_run(struct ctx *c, struct err *e)
{
	if (ctx_option(c, "man")) {
		help_man();
		return true;
	}
	if (ctx_option(c, "bash-completion")) {
		help_completion();
		return true;
	}
	if (c->json)
		return help_json(c->args[0], e);
	if (c->n_args)
		return help_one(c->args[0], e);
	help_all();
	return true;
}
