/* base/banned: included before every file (-include), so that these do not compile.
 * The headers that declare them come first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef sprintf /* fortified headers make macros of these */
#undef vsprintf
#undef strcpy
#undef strcat
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi
