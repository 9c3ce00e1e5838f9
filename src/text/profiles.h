/* text/profiles: what languages look like, from share/language/profiles.tsv by
 * make_profiles.py when Vigil is built. */
#ifndef TEXT_PROFILES_H
#define TEXT_PROFILES_H

#include <stdint.h>

struct profile {
	const char *tag;
	unsigned speakers; /* 2: very many, 1: many, 0 */
};
extern const struct profile profiles[];
extern const unsigned n_profiles;

enum { FEATURE_BITS = 17, PROFILES_MAX = 512 };

/* Open addressing from the slot that the hash names. The languages of slot i are those from
 * feature_start[i] to feature_start[i + 1]. */
extern const uint64_t feature_key[];
extern const uint32_t feature_start[];
extern const uint16_t feature_language[];
extern const uint8_t feature_weight[];

#endif
