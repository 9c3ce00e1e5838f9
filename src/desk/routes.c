/* All addresses of the desk. What is not here is not there. */
#include "desk/pages/handlers.h"

#define WORKERS (CLAIMERS | ROLE_BIT(ROLE_ADMINISTRATOR))
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)

const struct route routes[] = {
	{ false, "/static/{name}", static_page, MAY_ANYBODY },
	{ false, "/healthz", health_page, MAY_ANYBODY },
	{ false, "/sign-in", sign_in_page, MAY_ANYBODY },
	{ true, "/sign-in", signed_in_page, MAY_ANYBODY },
	{ false, "/sign-in/second", second_page, MAY_ANYBODY },
	{ true, "/sign-in/second", second_made_page, MAY_ANYBODY },
	{ false, "/invitation/{word}", invitation_page, MAY_ANYBODY },
	{ true, "/invitation/{word}", invitation_used_page, MAY_ANYBODY },
	{ false, "/language/{tag}", language_page, MAY_ANYBODY },
	{ true, "/sign-out", sign_out_page, MAY_SIGNED_IN },
	{ false, "/", home_page, MAY_SIGNED_IN },
	{ false, "/intake", intake_page, MAY_ROLES, GIVERS },
	{ true, "/intake", intake_made_page, MAY_ROLES, GIVERS, .files = true },
	{ false, "/receipts/{entry}", receipt_page, MAY_ROLES, GIVERS | WORKERS },
	{ false, "/me", me_page, MAY_SIGNED_IN },
	{ true, "/me/passphrase", me_passphrase_page, MAY_SIGNED_IN },
	{ true, "/me/browsers", me_browsers_page, MAY_SIGNED_IN },
	{ false, "/me/factors", factors_page, MAY_SIGNED_IN },
	{ true, "/me/factors", factors_change_page, MAY_SIGNED_IN },
	{ true, "/me/factors/app", factor_app_page, MAY_SIGNED_IN },
	{ true, "/me/factors/key", factor_key_page, MAY_SIGNED_IN },
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
	{ true, "/people/invitations", invite_page, MAY_ROLES, ADMINISTRATOR },
	{ true, "/people/factors", login_factor_page, MAY_ROLES, ADMINISTRATOR },
};
const size_t n_routes = LEN(routes);
