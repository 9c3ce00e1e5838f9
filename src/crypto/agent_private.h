/* crypto/agent_private: between those who start an agent and the agent itself. */
#ifndef CRYPTO_AGENT_PRIVATE_H
#define CRYPTO_AGENT_PRIVATE_H

#include <stdnoreturn.h>
#include <sys/types.h>

#include "crypto/agent.h"

enum { AGENT_NAME_MAX = 48, AGENT_FILE_MAX = AGENT_NAME_MAX + 16 };

/* One packet each way: a word, then the secret, or one byte, or nothing. */
enum { AGENT_ASK = 'a', AGENT_END = 'e', AGENT_READY = 'r' };

struct agent_task {
	int folder, listening;     /* descriptors */
	char file[AGENT_FILE_MAX]; /* the socket's name in the folder */
	ino_t inode;               /* and which it is */
	const void *secret;
	size_t n;
	const struct agent_copies *copies; /* NULL: none */
	int64_t for_ms;
};

/* The agent's whole life; writes AGENT_READY to `ready` when it can answer. */
noreturn void agent_run(const struct agent_task *t, int ready);

bool agent_same_person(int fd); /* who is at the other end of the socket? */

#endif
