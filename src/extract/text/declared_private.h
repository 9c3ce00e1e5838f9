/* The encoding that an HTML or XML file declares for itself. */
#ifndef EXTRACT_DECLARED_PRIVATE_H
#define EXTRACT_DECLARED_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

enum { LABEL_MAX = 64 };
/* Looks through the first bytes as the HTML standard says (prescan). False: none is
 * declared, or none that is known. */
bool declared_by_html(const void *p, size_t n, char ret[LABEL_MAX]);
/* <?xml ... encoding="..."?> */
bool declared_by_xml(const void *p, size_t n, char ret[LABEL_MAX]);

#endif
