/* About this desk: its version, and what of others is in it. */
#include "desk/pages/made.h"
#include "desk/pages/page_private.h"

bool
about_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct about_page p = {
		.version = VIGIL_VERSION, .packages = bundled, .n_packages = n_bundled
	};

	(void)e;
	p.frame = page_frame(r, html_words(&h, WORD_ABOUT), "");
	page_about(&h, &p);
	return true;
}
