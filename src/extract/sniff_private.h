/* Formats that are lines of text, known by how they begin. */
#ifndef EXTRACT_SNIFF_PRIVATE_H
#define EXTRACT_SNIFF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Mail, mailboxes, saved pages, cards and calendars. NULL: none of them. Static. */
const char *sniff_lines(const uint8_t *p, size_t n);

/* What begins a message in a mailbox: "From someone@example.org Sat Jan  3 01:05:34 1996", with a date as asctime()
 * writes it behind the sender. */
bool mbox_from_line(const char *p, size_t n);

#endif
