/* What the page of one's own login shows (views.h). */
#ifndef DESK_PAGES_ME_H
#define DESK_PAGES_ME_H

#include "desk/pages/views.h"

struct token_row {
	const char *name;
	const char *const *scopes; /* "read", "write", "give" */
	size_t n_scopes;
	moment made, used, until; /* used: null, if it was not yet */
};
struct me_page {
	struct frame frame;
	const char *const *roles;
	size_t n_roles;
	const struct browser_row *browsers;
	size_t n_browsers;
	bool wrong, changed;
	const struct token_row *tokens;
	size_t n_tokens;
	const char *made; /* page only: the token that was made just now; NULL: none */
};

#endif
