/* EXIF, through libexif (CIPA DC-008, "Exif 2.32"). */
#ifndef EXTRACT_PICTURE_EXIF_PRIVATE_H
#define EXTRACT_PICTURE_EXIF_PRIVATE_H

#include "extract/child/output_private.h"
#include "extract/picture/picture_private.h"

struct exif;
/* From the byte order mark on; NULL: none that can be read. */
struct exif *exif_open(const uint8_t *p, size_t n);
void exif_close(struct exif *x);
AUTO_FREE(exif, exif_close)

/* Its fields: device, software, created, modified, date (of the satellites), latitude, longitude, altitude,
 * orientation, creator, rights, description. */
void exif_say(const struct exif *x, struct output *o);
unsigned exif_orientation(
    const struct exif *x); /* 1 to 8, as of the standard; 1 if it does not say */
/* The small picture within, a JPEG: borrowed. NULL: none. */
const uint8_t *exif_thumbnail(const struct exif *x, size_t *ret_n);

#endif
