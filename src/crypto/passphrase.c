/* crypto/passphrase: asking for a passphrase without showing it, and stretching it. */
#include "crypto/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/io.h"
#include "crypto/private.h"

bool
passphrase_key(const char *passphrase, const uint8_t salt[SALT_SIZE], bool light,
    struct key *ret, struct err *e)
{
	static const struct {
		unsigned long long passes;
		size_t memory;
	} costs[] = {
		{ crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
		    crypto_pwhash_argon2id_MEMLIMIT_MODERATE },
		{ crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN },
	};
	struct key k;

	_Static_assert(SALT_SIZE == crypto_pwhash_argon2id_SALTBYTES, "libsodium's salt");
	crypto_must(sodium_init() >= 0);
	if (crypto_pwhash_argon2id(k.b, KEY_SIZE, passphrase, strlen(passphrase), salt,
		costs[light].passes, costs[light].memory,
		crypto_pwhash_argon2id_ALG_ARGON2ID13))
		return err_set(e, ERR_SYSTEM,
		    "no memory to work the passphrase (%zu MiB are needed): close other"
		    " programs",
		    costs[light].memory >> 20);
	*ret = k;
	crypto_wipe(&k, sizeof k);
	return true;
}

/* The terminal while it is quiet. Signal handlers see no other state, so it is one
 * for the process; only one question can be asked at a time anyway. */
static struct {
	int fd;
	struct termios before, quiet;
	volatile sig_atomic_t interrupted;
	sigset_t open; /* the signals that may come while it waits for a key, and only then */
} tty = { .fd = -1 };

/* Signals that end or stop a program, which must not leave a terminal without echo. */
static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };
static struct sigaction old_actions[LEN(watched)];

static void on_signal(int sig);

static void
watch(int sig, struct sigaction *ret_old)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(sig, &sa, ret_old);
}

/* Gives the terminal back, lets the signal do what it would have done without us,
 * and, if that was only to stop, goes on. Only calls that handlers may make. */
static void
on_signal(int sig)
{
	int no = errno;
	sigset_t one;

	tcsetattr(tty.fd, TCSANOW, &tty.before);
	for (size_t i = 0; i < LEN(watched); i++)
		if (watched[i] == sig)
			sigaction(sig, &old_actions[i], NULL);
	sigemptyset(&one);
	sigaddset(&one, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL); /* it takes effect here */
	watch(sig, NULL);
	if (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU)
		tcsetattr(tty.fd, TCSANOW, &tty.quiet);
	else
		tty.interrupted = 1;
	errno = no;
}

/* Signals are held back but for the wait: one that came just before it would be missed. */
static ssize_t
read_byte(int fd, char *ret)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (fd == tty.fd && !tty.interrupted && ppoll(&p, 1, NULL, &tty.open) < 0)
		if (errno != EINTR)
			return -1;
	return tty.interrupted ? 0 : read(fd, ret, 1);
}

/* One line, byte by byte: what follows it in a pipe belongs to somebody else. */
static bool
read_line_of(int fd, char ret[PASSPHRASE_MAX], struct err *e)
{
	size_t n = 0;

	for (;;) {
		char c;
		ssize_t got = read_byte(fd, &c);

		if (tty.interrupted)
			return err_set(
			    e, ERR_DENIED, "interrupted while a passphrase was asked for");
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, "cannot read the passphrase");
		if (got == 0 || c == '\n')
			break;
		if (!c)
			return err_set(
			    e, ERR_INVALID, "a passphrase is text: it holds a zero byte");
		if (n + 1 == PASSPHRASE_MAX)
			return err_set(e, ERR_INVALID, "the passphrase is longer than %d bytes",
			    PASSPHRASE_MAX - 1);
		ret[n++] = c;
	}
	ret[n] = 0;
	if (n < PASSPHRASE_MIN)
		return err_set(e, ERR_INVALID, "the passphrase is too short: at least %d bytes",
		    PASSPHRASE_MIN);
	return true;
}

static bool
ask_line(const char *prompt, char ret[PASSPHRASE_MAX], struct err *e)
{
	bool ok, shown;

	if (!io_write(tty.fd, prompt, strlen(prompt)))
		return err_errno(e, "cannot write to the terminal");
	ok = read_line_of(tty.fd, ret, e);
	shown = io_write(tty.fd, "\n", 1); /* the person's own newline was not */
	if (ok && !shown)
		return err_errno(e, "cannot write to the terminal");
	return ok;
}

static bool
ask_lines(const char *prompt, bool twice, char ret[PASSPHRASE_MAX], struct err *e)
{
	char again[PASSPHRASE_MAX];
	bool same;

	if (!ask_line(prompt, ret, e))
		return false;
	if (!twice)
		return true;
	if (!ask_line("Once more: ", again, e)) {
		crypto_wipe(again, sizeof again);
		return false;
	}
	same = strcmp(ret, again) == 0;
	crypto_wipe(again, sizeof again);
	return same ||
	    err_set(e, ERR_INVALID, "the two passphrases differ: nothing was changed");
}

static bool
ask_terminal(int fd, const char *prompt, bool twice, char ret[PASSPHRASE_MAX], struct err *e)
{
	sigset_t held;
	bool ok;

	if (tcgetattr(fd, &tty.before))
		return err_errno(e, "cannot use the terminal");
	/* Not those of a terminal that is somebody else's: held back, reading would fail. */
	sigemptyset(&held);
	for (size_t i = 0; i < LEN(watched); i++)
		if (watched[i] != SIGTTIN && watched[i] != SIGTTOU)
			sigaddset(&held, watched[i]);
	sigprocmask(SIG_BLOCK, &held, &tty.open);
	tty.fd = fd;
	tty.interrupted = 0;
	tty.quiet = tty.before;
	tty.quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	tty.quiet.c_lflag |= ICANON | ISIG;
	for (size_t i = 0; i < LEN(watched); i++) {
		watch(watched[i], &old_actions[i]);
		if (old_actions[i].sa_handler == SIG_IGN)
			sigaction(watched[i], &old_actions[i], NULL);
	}
	/* What was typed before the question is thrown away: it was meant for another. */
	ok = tcsetattr(fd, TCSAFLUSH, &tty.quiet) == 0 ?
	    ask_lines(prompt, twice, ret, e) :
	    err_errno(e, "cannot make the terminal quiet");
	tcsetattr(fd, TCSAFLUSH, &tty.before);
	for (size_t i = 0; i < LEN(watched); i++)
		sigaction(watched[i], &old_actions[i], NULL);
	tty.fd = -1;
	sigprocmask(SIG_SETMASK, &tty.open, NULL);
	return ok;
}

bool
passphrase_ask(const char *prompt, int fd, bool twice, char ret[PASSPHRASE_MAX], struct err *e)
{
	char line[PASSPHRASE_MAX];
	bool ok;

	if (fd >= 0) {
		tty.interrupted = 0;
		ok = read_line_of(fd, line, e);
	} else {
		AUTO_FD int term = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

		if (term < 0)
			return err_set(e, ERR_DENIED,
			    "a passphrase is needed, but there is no terminal to ask on");
		ok = ask_terminal(term, prompt, twice, line, e);
	}
	if (ok)
		memcpy(ret, line, strlen(line) + 1);
	crypto_wipe(line, sizeof line);
	return ok;
}
