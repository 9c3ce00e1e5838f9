/* Parts of looking at first bytes that need more than a row in the table of signatures (sniff.c). */
#ifndef EXTRACT_SNIFF_PRIVATE_H
#define EXTRACT_SNIFF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Recordings and subtitles whose kind stands further in, or is told by a pattern. NULL: none of these. */
const char *sniff_media(const uint8_t *p, size_t n);
/* Mail, mailboxes, saved pages, cards and calendars: lines of text, known by how they begin. NULL: none of them. */
const char *sniff_lines(const uint8_t *p, size_t n);

/* What begins a message in a mailbox: "From someone@example.org Sat Jan  3 01:05:34 1996", with a date as asctime()
 * writes it behind the sender. */
bool mbox_from_line(const char *p, size_t n);

/* Behind a declaration "<!...>", which may hold others between brackets; NULL: its end cannot be seen. */
const uint8_t *sniff_declaration_end(const uint8_t *p, size_t n);
/* A whole file that is short, of UTF-8 without zeros: up to one in twenty may be a control. */
bool sniff_short_text(const uint8_t *p, size_t n);

#endif
