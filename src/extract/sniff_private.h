/* Parts of looking at first bytes that need more than a row in the table of signatures (sniff.c). */
#ifndef EXTRACT_SNIFF_PRIVATE_H
#define EXTRACT_SNIFF_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* Recordings and subtitles whose kind stands further in, or is told by a pattern. NULL: none of these. */
const char *sniff_media(const uint8_t *p, size_t n);

#endif
