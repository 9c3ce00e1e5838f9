/* The program's heart: warms up, gives up its rights, forks a child per order. */
#ifndef EXTRACT_ZYGOTE_PRIVATE_H
#define EXTRACT_ZYGOTE_PRIVATE_H

struct program;
/* Serves the socket CONTROL_FD until the client hangs up. Returns the exit code. */
int zygote_serve(const struct program *g);
/* The same for main(), but returns an exit code at once where Vigil did not start the program. */
int zygote_main(const struct program *g);

#endif
