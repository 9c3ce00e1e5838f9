/* The program's heart: warms up, gives up its rights, forks a child per order. */
#ifndef EXTRACT_ZYGOTE_PRIVATE_H
#define EXTRACT_ZYGOTE_PRIVATE_H

/* Serves the socket CONTROL_FD until the client hangs up. Returns the exit code. */
int zygote_serve(void);

#endif
