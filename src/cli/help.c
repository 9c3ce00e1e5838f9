/* The table of commands, and what is made from it: help, the man page, bash completion. */
#include <string.h>

#include "cli/cli.h"

enum { ANY = 1 << 20 };

const struct cmd commands[] = {
	{ "init", "DIR [--name N] [--database URL]", "make a mechanism", "name= database=", 1,
	    1, init_run,
	    "Makes keys, log, vault and database in DIR, which must be missing or empty. N is "
	    "the\n"
	    "mechanism's name and, where it can be, its log's (spaces become '-').  URL is\n"
	    "postgresql://USER@HOST/DATABASE; without it everything lies in DIR." },
	{ "unlock", "[--for 8h]", "hold the key in memory for a time", "for= passphrase-fd=", 0,
	    0, unlock_run,
	    "Asks for the passphrase. The time is 90s, 15m, 8h or 7d; after it the key is "
	    "forgotten." },
	{ "lock", "", "forget the key", "", 0, 0, lock_run,
	    "Needs a key that has a passphrase: see vigil help key." },
	{ "key", "[seal]", "show the log's verifier key, or seal the mechanism's key",
	    "passphrase-fd=", 0, 1, key_run,
	    "Without a word: the key that outsiders check receipts and the published log with\n"
	    "(a C2SP signed-note vkey). seal: puts a passphrase on the mechanism's key, or "
	    "changes "
	    "it." },
	{ "person", "add NAME | list", "people who can approve an erasure", "passphrase-fd=", 1,
	    2, person_run, "Each person chooses a passphrase that nobody else knows." },
	{ "add", "PATH... [--source S] [--via CHANNEL] [--consent C] [--note N]",
	    "preserve files and folders", "source= via= consent= note=", 1, ANY, add_run,
	    "PATH is a file, a folder (with all below it; symbolic links in it are not "
	    "followed) "
	    "or -\n"
	    "for the standard input. Each file is an acquisition of an item; bytes that are "
	    "there\n"
	    "already become one more acquisition of the same item.  C is what the source "
	    "allowed:\n"
	    "  \"purpose=...; recipients=...; conditions=...; obtained_by=...; how=...; "
	    "language=...;\n"
	    "  until=2027-12-31\", any of these, or @FILE with one a line." },
	{ "find", "QUERY [--limit N]", "search", "limit=", 1, ANY, find_run,
	    "Words, \"phrases\", prefix*, AND OR NOT, parentheses, lang:ug type:text/html "
	    "source:NAME\n"
	    "after:2020-06 before:2021. Case and accents do not matter; a Latin word also "
	    "finds "
	    "what is\n"
	    "written in another script and sounds like it. A NOT needs something to be taken "
	    "from." },
	{ "list", "", "all items", "", 0, 0, list_run, NULL },
	{ "show", "ID", "an item: how it came, its texts, its entries", "", 1, 1, show_run,
	    "ID is an item's number, id or SHA-256, an acquisition's or a text's id, or enough "
	    "of "
	    "one." },
	{ "text", "ID", "an item's newest text, or the text named", "", 1, 1, text_run, NULL },
	{ "cat", "ID", "an item's exact bytes", "", 1, 1, cat_run, NULL },
	{ "log", "[--from N] [--limit N]", "entries, newest last", "from= limit=", 0, 0,
	    log_run, "Without --from the last N (50)." },
	{ "receipt", "INDEX [--with-body] | --check FILE [--key VKEY]",
	    "a proof that an entry is in the log; or check one", "with-body check= key=", 0, 1,
	    receipt_run,
	    "A receipt proves without the mechanism that the entry is in the log. With its "
	    "body it "
	    "also\n"
	    "tells what the entry says: owning that can incriminate. Checking works offline; "
	    "VKEY "
	    "is\n"
	    "what vigil key shows, had from somebody you trust." },
	{ "publish", "log DIR [--hashes-only]", "publish the log for outsiders to verify",
	    "hashes-only", 2, 2, publish_run,
	    "Writes DIR/checkpoint and DIR/tile/... (C2SP tlog-tiles) for any static web "
	    "server. "
	    "Entries\n"
	    "tell only a day. Running it again only adds." },
	{ "verify", "", "check log, bodies, objects, tables and index", "", 0, 0, verify_run,
	    "Names each fault; exit code 0 only if all is well, 5 if not." },
	{ "rebuild", "", "make all tables anew from the log", "", 0, 0, rebuild_run, NULL },
	{ "erase", "ID --reason R | --approve N  [--as NAME]",
	    "erase an acquisition or item; two people",
	    "reason= approve= as= passphrase-fd=", 0, 1, erase_run,
	    "One person proposes, which makes entry N; another person approves it. Each gives "
	    "their own\n"
	    "passphrase. Only with an item's last acquisition do its bytes and texts go. Not "
	    "undoable." },
	{ "hold", "ID [--reason R]", "forbid erasing an item", "reason=", 1, 1, hold_run,
	    NULL },
	{ "release", "ID [--reason R]", "end all holds of an item", "reason=", 1, 1,
	    release_run, NULL },
	{ "consent", "withdraw ID [--reason R]", "stop the use of an item or acquisition",
	    "reason=", 2, 2, consent_run,
	    "Find, text and cat then leave an item out whose every acquisition is withdrawn. "
	    "Nothing is\n"
	    "erased." },
	{ "help", "[COMMAND]", "this help, or a command's", "man bash-completion", 0, 1,
	    help_run, NULL },
};
const size_t n_commands = LEN(commands);

static const char about[] =
    "ID is an item's number, id or SHA-256, or enough of it to be unique.";

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
		say("  %-8s %s\n", commands[i].name, commands[i].what);
	say("\nDIR is the mechanism's folder (else VIGIL_DIR, else the current one). With "
	    "--json "
	    "there is\n"
	    "one JSON object a line on the standard output, and nothing else. vigil help "
	    "COMMAND "
	    "tells\n"
	    "more. %s\n",
	    about);
}

static bool
help_one(const char *name, struct err *e)
{
	for (size_t i = 0; i < n_commands; i++) {
		const struct cmd *k = &commands[i];

		if (strcmp(k->name, name) != 0)
			continue;
		say("usage: vigil [-C DIR] %s %s\n\n%s\n", k->name, k->args, k->what);
		if (k->more)
			say("\n%s\n", k->more);
		return true;
	}
	return err_set(e, ERR_INVALID, "no command \"%.60s\": vigil help lists them", name);
}

/* roff: a leading '.' or a backslash would be read as a request. */
static void
say_roff(const char *s)
{
	for (const char *c = s; *c; c++)
		if (*c == '\\')
			say("\\e");
		else if (*c == '-')
			say("\\-");
		else if ((*c == '.' || *c == '\'') && (c == s || c[-1] == '\n'))
			say("\\&%c", *c);
		else
			say("%c", *c);
}

static void
help_man(void)
{
	say(".Dd $Mdocdate$\n.Dt VIGIL 1\n.Os\n.Sh NAME\n.Nm vigil\n"
	    ".Nd a human\\-rights monitoring mechanism\n.Sh SYNOPSIS\n.Nm\n.Op Fl C Ar DIR\n"
	    ".Ar COMMAND\n.Op Fl \\-json\n.Sh DESCRIPTION\n"
	    "Preserves material, proves that nothing was altered or lost, finds things in it, "
	    "and\n"
	    "publishes its log for outsiders to verify.\n"
	    ".Ar DIR\nis the mechanism's folder (else\n.Ev VIGIL_DIR ,\nelse the current "
	    "one).\n");
	say_roff(about);
	say("\n.Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < n_commands; i++) {
		say(".It ");
		say_roff(commands[i].name);
		say(" ");
		say_roff(commands[i].args);
		say("\n");
		say_roff(commands[i].what);
		say(".\n");
		if (commands[i].more) {
			say_roff(commands[i].more);
			say("\n");
		}
	}
	say(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev VIGIL_DIR\nthe mechanism's "
	    "folder\n"
	    ".It Ev VIGIL_KEY\nthe file of the mechanism's key, if it is kept on a stick\n.El\n"
	    ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < LEN(exits); i++)
		say(".It %d\n%s\n", exits[i].code, exits[i].what);
	say(".El\n");
}

static void
help_completion(void)
{
	say("# bash completion for vigil; made by: vigil help --bash-completion\n"
	    "_vigil() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} word cmd=\n"
	    "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	    "\t\tcase $word in\n\t\t");
	for (size_t i = 0; i < n_commands; i++)
		say("%s%s", i ? " | " : "", commands[i].name);
	say(")\n\t\t\tcmd=$word\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n\tcase $cmd in\n");
	for (size_t i = 0; i < n_commands; i++) {
		const char *at = commands[i].options;

		say("\t%s) word='--json", commands[i].name);
		while (*at) {
			size_t n = strcspn(at, " =");

			say(" --%.*s", (int)n, at);
			at += n + strspn(at + n, " =");
		}
		say("' ;;\n");
	}
	say("\t*) word='-C --version");
	for (size_t i = 0; i < n_commands; i++)
		say(" %s", commands[i].name);
	say("' ;;\n\tesac\n\tif [[ $cur == -* || -z $cmd || $cmd == help ]]; then\n"
	    "\t\t[[ $cmd == help ]] && word='");
	for (size_t i = 0; i < n_commands; i++)
		say("%s%s", i ? " " : "", commands[i].name);
	say("'\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$word\" -- \"$cur\")\n\tfi\n}\n"
	    "complete -o default -F _vigil vigil\n");
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
	if (c->n_args)
		return help_one(c->args[0], e);
	help_all();
	return true;
}
