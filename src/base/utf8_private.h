/* base/utf8_private: one character of UTF-8, checked. (Text is the room `text`; this
 * serves messages and JSON, which stand below it.) */
#ifndef BASE_UTF8_PRIVATE_H
#define BASE_UTF8_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes the well-formed character at p has, 0 if there is none: overlong,
 * surrogate, beyond U+10FFFF or cut short. left > 0. */
size_t utf8_char(const uint8_t *p, size_t left, uint32_t *ret_code);

#endif
