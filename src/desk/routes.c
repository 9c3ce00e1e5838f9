/* All addresses of the desk. What is not here is not there. */
#include "desk/pages/handlers.h"

#define WORKERS (CLAIMERS | ROLE_BIT(ROLE_ADMINISTRATOR))
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)
/* Who keep sources and what they allowed; and those who decide on erasure as well. */
#define KEEPERS (ROLE_BIT(ROLE_PROTECTION) | ROLE_BIT(ROLE_COORDINATOR))
#define DECIDERS (KEEPERS | ROLE_BIT(ROLE_REVIEWER))

/* access.h tells people by this whether somebody reads at the desk. */
_Static_assert((WORKERS) == ROLES_READ, "pages that read are for roles that read");

const struct route routes[] = {
	{ false, "/static/{name}", static_page, MAY_ANYBODY },
	{ false, "/healthz", health_page, MAY_ANYBODY },
	{ false, "/sign-in", sign_in_page, MAY_ANYBODY },
	{ true, "/sign-in", signed_in_page, MAY_ANYBODY },
	{ false, "/language/{tag}", language_page, MAY_ANYBODY },
	{ true, "/sign-out", sign_out_page, MAY_SIGNED_IN },
	{ false, "/", home_page, MAY_SIGNED_IN },
	{ false, "/intake", intake_page, MAY_ROLES, GIVERS },
	{ true, "/intake", intake_made_page, MAY_ROLES, GIVERS, .files = true },
	{ false, "/receipts/{entry}", receipt_page, MAY_ROLES, GIVERS | WORKERS },
	{ false, "/me", me_page, MAY_SIGNED_IN },
	{ true, "/me/passphrase", me_passphrase_page, MAY_SIGNED_IN },
	{ true, "/me/browsers", me_browsers_page, MAY_SIGNED_IN },
	{ false, "/find", find_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}", item_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}/text", text_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}/original", original_page, MAY_ROLES, WORKERS },
	{ false, "/records/{id}", record_page, MAY_ROLES, WORKERS },
	{ false, "/states", states_page, MAY_ROLES, WORKERS },
	{ false, "/states/{code}", state_page, MAY_ROLES, WORKERS },
	{ false, "/due", due_page, MAY_ROLES, WORKERS },
	{ false, "/claim", claim_page, MAY_ROLES, CLAIMERS },
	{ true, "/claim", claim_made_page, MAY_ROLES, CLAIMERS },
	{ false, "/new", new_page, MAY_ROLES, CLAIMERS },
	{ true, "/new", new_made_page, MAY_ROLES, CLAIMERS },
	{ false, "/log", entries_page, MAY_ROLES, WORKERS },
	{ false, "/people", logins_page, MAY_ROLES, ADMINISTRATOR },
	{ true, "/people", login_change_page, MAY_ROLES, ADMINISTRATOR },
	{ false, "/access/{id}", access_page, MAY_ROLES, WORKERS },
	{ false, "/compartments", compartments_page, MAY_ROLES, WORKERS },
	{ true, "/compartments", compartment_change_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}/take", take_page, MAY_ROLES, WORKERS },
	{ true, "/items/{id}/take", taken_page, MAY_ROLES, WORKERS },
	{ false, "/items/{id}/keeping", keeping_page, MAY_ROLES, KEEPERS },
	{ true, "/items/{id}/keeping", keeping_change_page, MAY_ROLES, KEEPERS },
	{ false, "/given", given_page, MAY_ROLES, KEEPERS },
	{ false, "/erasures", erasures_page, MAY_ROLES, DECIDERS },
	{ true, "/erasures", erasure_approve_page, MAY_ROLES, DECIDERS },
};
const size_t n_routes = LEN(routes);
