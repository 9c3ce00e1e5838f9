/* All addresses of the desk. What is not here is not there. */
#include "desk/pages/handlers.h"

#define WORKERS (CLAIMERS | ROLE_BIT(ROLE_ADMINISTRATOR))
#define REVIEWERS ROLE_BIT(ROLE_REVIEWER)
/* What claims rest on, and what is said of them. */
#define CITES "item text at# end# words compartment"
#define CLAIMS CITES " source stance=asserts|denies|does_not_know! credibility#"
/* What is counted. */
#define SURVEYS "type state from to"
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)
/* Who keep sources and what they allowed; and those who decide on erasure as well. */
#define KEEPERS (ROLE_BIT(ROLE_PROTECTION) | ROLE_BIT(ROLE_COORDINATOR))
#define DECIDERS (KEEPERS | ROLE_BIT(ROLE_REVIEWER))

/* access.h tells people by this whether somebody reads at the desk. */
_Static_assert((WORKERS) == ROLES_READ, "pages that read are for roles that read");

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
	{ false, "/records", records_page, MAY_ROLES, WORKERS,
	    .takes = "type property value state after#" },
	{ true, "/records/{id}/move", record_moved_page, MAY_ROLES, CLAIMERS,
	    .takes = "state! on reason back" },
	{ false, "/records/{id}/same", same_page, MAY_ROLES, CLAIMERS },
	{ true, "/records/{id}/same", same_made_page, MAY_ROLES, CLAIMERS,
	    .takes = "other! reason" },
	{ true, "/records/{id}/split", split_page, MAY_ROLES, CLAIMERS,
	    .takes = "other! reason!" },
	{ false, "/types", types_page, MAY_ROLES, WORKERS },
	{ false, "/types/{type}", type_page, MAY_ROLES, WORKERS },
	{ false, "/claims/{claim}", one_claim_page, MAY_ROLES, WORKERS },
	{ true, "/claims/{claim}/withdraw", claim_withdrawn_page, MAY_ROLES, CLAIMERS,
	    .takes = "reason!" },
	{ true, "/claims/{claim}/correct", claim_corrected_page, MAY_ROLES, CLAIMERS,
	    .takes =
		"value! reason! source stance=asserts|denies|does_not_know! credibility#" },
	{ false, "/cases", cases_page, MAY_ROLES, WORKERS },
	{ false, "/cases/{case}", case_page, MAY_ROLES, WORKERS },
	{ true, "/cases/{case}/proof", case_proved_page, MAY_ROLES, CLAIMERS,
	    .takes = "proof of element for against gap" },
	{ true, "/cases/{case}/give", case_given_page, MAY_ROLES, CLAIMERS,
	    .takes = "to purpose", .gives = "case_given_page" },
	{ false, "/findings", findings_page, MAY_ROLES, WORKERS },
	{ false, "/findings/new", propose_page, MAY_ROLES, CLAIMERS, .takes = "for case" },
	{ true, "/findings/new", proposed_page, MAY_ROLES, CLAIMERS,
	    .takes = "proposition! standard reasons party state case for against" },
	{ false, "/findings/{finding}", finding_page, MAY_ROLES, WORKERS },
	{ true, "/findings/{finding}", finding_done_page, MAY_ROLES, CLAIMERS,
	    .takes = "deed=notify|not-notified|response|unanswered|recuse! on respond_by reason"
		     " reasons words interest party" },
	{ true, "/findings/{finding}/review", finding_reviewed_page, MAY_ROLES, REVIEWERS,
	    .takes = "deed=review|adopt|reject! on respond_by reason reasons words interest"
		     " party" },
	{ false, "/tasks", tasks_page, MAY_ROLES, WORKERS, .takes = "of=mine|open|all after#" },
	{ false, "/tasks/new", new_task_page, MAY_ROLES, CLAIMERS, .takes = "about item" },
	{ true, "/tasks/new", task_made_page, MAY_ROLES, CLAIMERS,
	    .takes = "title! about items assigned due remark" },
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
	{ false, "/claim", claim_page, MAY_ROLES, CLAIMERS,
	    .takes = "record property of stance source " CITES },
	{ true, "/claim", claim_made_page, MAY_ROLES, CLAIMERS,
	    .takes = "record! property! value! " CLAIMS },
	{ false, "/new", new_page, MAY_ROLES, CLAIMERS, .takes = "type stance source " CITES },
	{ true, "/new", new_made_page, MAY_ROLES, CLAIMERS, .takes = "type! v.* " CLAIMS },
	{ false, "/log", entries_page, MAY_ROLES, WORKERS, .takes = "before#" },
	{ false, "/people", logins_page, MAY_ROLES, ADMINISTRATOR },
	{ true, "/people", login_change_page, MAY_ROLES, ADMINISTRATOR,
	    .takes = "step=add|give|take|close! name! role passphrase" },
	{ false, "/access/{id}", access_page, MAY_ROLES, WORKERS },
	{ false, "/compartments", compartments_page, MAY_ROLES, WORKERS },
	{ true, "/compartments", compartment_change_page, MAY_ROLES, WORKERS,
	    .takes = "step=in|out! compartment! name!" },
	{ false, "/items/{id}/take", take_page, MAY_ROLES, WORKERS },
	{ true, "/items/{id}/take", taken_page, MAY_ROLES, WORKERS,
	    .takes = "recipient! purpose!", .gives = "application/octet-stream" },
	{ false, "/items/{id}/keeping", keeping_page, MAY_ROLES, KEEPERS },
	{ true, "/items/{id}/keeping", keeping_change_page, MAY_ROLES, KEEPERS,
	    .takes =
		"step=hold|release|withdraw|erase! of! reason! embargo? person passphrase" },
	{ false, "/given", given_page, MAY_ROLES, KEEPERS, .takes = "to after#" },
	{ false, "/erasures", erasures_page, MAY_ROLES, DECIDERS },
	{ true, "/erasures", erasure_approve_page, MAY_ROLES, DECIDERS,
	    .takes = "proposal#! person! passphrase!", .gives = "erasures_page" },
};
const size_t n_routes = LEN(routes);
