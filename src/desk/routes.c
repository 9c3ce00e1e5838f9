/* All addresses of the desk. What is not here is not there. */
#include "desk/pages/handlers.h"

#define WORKERS (CLAIMERS | ROLE_BIT(ROLE_ADMINISTRATOR))
/* What claims rest on, and what is said of them. */
#define CITES "item text at# end# words compartment"
#define CLAIMS CITES " source stance=asserts|denies|does_not_know! credibility#"
/* What is counted. */
#define SURVEYS "type state from to"
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)

const struct route routes[] = {
	{ false, "/static/{name}", static_page, MAY_ANYBODY, .page_only = true },
	{ false, "/healthz", health_page, MAY_ANYBODY, .page_only = true },
	{ false, "/sign-in", sign_in_page, MAY_ANYBODY, .takes = "to", .page_only = true },
	{ true, "/sign-in", signed_in_page, MAY_ANYBODY, .takes = "name passphrase to",
	    .page_only = true },
	{ false, "/language/{tag}", language_page, MAY_ANYBODY, .takes = "to",
	    .page_only = true },
	{ true, "/sign-out", sign_out_page, MAY_SIGNED_IN, .page_only = true },
	{ false, "/", home_page, MAY_SIGNED_IN },
	{ false, "/openapi.json", openapi_page, MAY_SIGNED_IN, .gives = "application/json" },
	{ false, "/intake", intake_page, MAY_ROLES, GIVERS },
	{ true, "/intake", intake_made_page, MAY_ROLES, GIVERS, .files = true,
	    .takes = "source via note compartment", .gives = "intake_page" },
	{ false, "/receipts/{entry}", receipt_page, MAY_ROLES, GIVERS | WORKERS,
	    .gives = "text/plain" },
	{ false, "/me", me_page, MAY_SIGNED_IN, .takes = "changed?" },
	{ true, "/me/passphrase", me_passphrase_page, MAY_SIGNED_IN,
	    .takes = "old! new! again!", .page_only = true },
	{ true, "/me/browsers", me_browsers_page, MAY_SIGNED_IN, .page_only = true },
	{ true, "/me/tokens", me_tokens_page, MAY_SIGNED_IN,
	    .takes = "step=make|end! name! scope+ days# passphrase", .page_only = true },
	{ false, "/find", find_page, MAY_ROLES, WORKERS, .takes = "q" },
	{ false, "/items/{id}", item_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}/text", text_page, MAY_ROLES, WORKERS,
	    .takes = "text at# end# from# choose?" },
	{ false, "/items/{id}/original", original_page, MAY_ROLES, WORKERS,
	    .gives = "application/octet-stream" },
	{ false, "/records/{id}", record_page, MAY_ROLES, WORKERS, .takes = "as_of history?" },
	{ false, "/states", states_page, MAY_ROLES, WORKERS },
	{ false, "/states/{code}", state_page, MAY_ROLES, WORKERS, .takes = "from to" },
	{ false, "/states/{code}/{part}", state_part_page, MAY_ROLES, WORKERS,
	    .takes = "from to peer" },
	{ false, "/map", map_page, MAY_ROLES, WORKERS, .takes = SURVEYS },
	{ false, "/timeline", timeline_page, MAY_ROLES, WORKERS, .takes = SURVEYS " after#" },
	{ false, "/network", network_page, MAY_ROLES, WORKERS,
	    .takes = "record depth# link type" },
	{ false, "/statistics", statistics_page, MAY_ROLES, WORKERS,
	    .takes = SURVEYS " claims?" },
	{ false, "/counted", counted_page, MAY_ROLES, WORKERS, .takes = SURVEYS " at after#" },
	{ false, "/about", about_page, MAY_SIGNED_IN },
	{ false, "/due", due_page, MAY_ROLES, WORKERS, .takes = "days#" },
	{ false, "/claim", claim_page, MAY_ROLES, CLAIMERS, .takes = "record property " CITES },
	{ true, "/claim", claim_made_page, MAY_ROLES, CLAIMERS,
	    .takes = "record! property! value! " CLAIMS },
	{ false, "/new", new_page, MAY_ROLES, CLAIMERS, .takes = "type " CITES },
	{ true, "/new", new_made_page, MAY_ROLES, CLAIMERS, .takes = "type! v.* " CLAIMS },
	{ false, "/log", entries_page, MAY_ROLES, WORKERS, .takes = "before#" },
	{ false, "/people", logins_page, MAY_ROLES, ADMINISTRATOR },
	{ true, "/people", login_change_page, MAY_ROLES, ADMINISTRATOR,
	    .takes = "step=add|give|take|close! name! role passphrase" },
};
const size_t n_routes = LEN(routes);
