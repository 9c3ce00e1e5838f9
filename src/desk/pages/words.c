/* What codes of ours are called where people read them: roles, what files say of themselves, places in a text. */
#include <string.h>

#include "desk/pages/page_private.h"

const char *
role_words(const struct html *h, enum login_role role)
{
	static const size_t words[] = {
		[ROLE_SUBMITTER] = WORD_SUBMITTER,
		[ROLE_ANALYST] = WORD_ANALYST,
		[ROLE_REVIEWER] = WORD_REVIEWER,
		[ROLE_COORDINATOR] = WORD_COORDINATOR,
		[ROLE_PROTECTION] = WORD_PROTECTION,
		[ROLE_ADMINISTRATOR] = WORD_ADMINISTRATOR,
	};
	_Static_assert(LEN(words) == ROLES, "every role has its words");

	return h->json ? login_role_name(role) : html_words(h, words[role]);
}

static const struct {
	const char *code;
	size_t word;
} names[] = {
	{ "title", WORD_TITLE },
	{ "creator", WORD_CREATOR },
	{ "contributor", WORD_CONTRIBUTOR },
	{ "subject", WORD_SUBJECT },
	{ "description", WORD_DESCRIPTION },
	{ "publisher", WORD_PUBLISHER },
	{ "date", WORD_DATE },
	{ "created", WORD_CREATED },
	{ "modified", WORD_MODIFIED },
	{ "type", WORD_TYPE },
	{ "format", WORD_FORMAT },
	{ "identifier", WORD_IDENTIFIER },
	{ "source", WORD_SOURCE },
	{ "language", WORD_LANGUAGE },
	{ "rights", WORD_RIGHTS },
	{ "encoding", WORD_ENCODING },
	{ "encoding_how", WORD_ENCODING_HOW },
	{ "software", WORD_SOFTWARE },
	{ "pages", WORD_PAGES },
	{ "encrypted", WORD_ENCRYPTED },
	{ "from", WORD_FROM },
	{ "to", WORD_TO },
	{ "cc", WORD_CC },
	{ "bcc", WORD_BCC },
	{ "reply_to", WORD_REPLY_TO },
	{ "message_id", WORD_MESSAGE_ID },
	{ "in_reply_to", WORD_IN_REPLY_TO },
	{ "width", WORD_WIDTH },
	{ "height", WORD_HEIGHT },
	{ "duration", WORD_DURATION },
	{ "digests_right", WORD_DIGESTS_RIGHT },
	{ "digests_wrong", WORD_DIGESTS_WRONG },
	{ "page", WORD_PAGE },
	{ "slide", WORD_SLIDE },
	{ "sheet", WORD_SHEET },
	{ "message", WORD_MESSAGE },
	{ "part", WORD_PART },
	{ "record", WORD_RECORD },
	{ "entry", WORD_ENTRY },
	{ "time", WORD_TIME },
	{ "letters", WORD_SEC_LETTERS },
	{ "visits", WORD_SEC_VISITS },
	{ "recommendations", WORD_SEC_RECOMMENDATIONS },
	{ "accreditations", WORD_SEC_ACCREDITATIONS },
	{ "votes", WORD_FIG_VOTES },
	{ "laws", WORD_FIG_LAWS },
	{ "sent", WORD_FIG_SENT },
	{ "answered", WORD_FIG_ANSWERED },
	{ "answered_late", WORD_FIG_ANSWERED_LATE },
	{ "overdue", WORD_FIG_OVERDUE },
	{ "requested", WORD_FIG_REQUESTED },
	{ "accepted", WORD_FIG_ACCEPTED },
	{ "declined", WORD_FIG_DECLINED },
	{ "completed", WORD_FIG_COMPLETED },
	{ "made", WORD_FIG_MADE },
	{ "applied", WORD_FIG_APPLIED },
	{ "deferrals", WORD_FIG_DEFERRALS },
	{ "held_up", WORD_FIG_HELD_UP },
	{ "questions_asked", WORD_FIG_QUESTIONS_ASKED },
	{ "of_concern", WORD_FIG_OF_CONCERN },
	{ "by_grade", WORD_FIG_BY_GRADE },
	{ "by_kind", WORD_FIG_BY_KIND },
	{ "by_response", WORD_FIG_BY_RESPONSE },
	{ "by_implementation", WORD_FIG_BY_IMPLEMENTATION },
	{ "by_outcome", WORD_FIG_BY_OUTCOME },
	{ "by_position", WORD_FIG_BY_POSITION },
	{ "by_topic", WORD_FIG_BY_TOPIC },
	{ "by_status", WORD_FIG_BY_STATUS },
	{ "by_concern", WORD_FIG_BY_CONCERN },
	{ "none-known", WORD_FIG_NONE_KNOWN },
	{ "unknown", WORD_FIG_UNKNOWN },
	{ "open", WORD_FIG_OPEN },
	{ "item.acquire", WORD_ACT_ITEM_ACQUIRE },
	{ "item.extract", WORD_ACT_ITEM_EXTRACT },
	{ "item.copy", WORD_ACT_ITEM_COPY },
	{ "item.hold", WORD_ACT_ITEM_HOLD },
	{ "item.release", WORD_ACT_ITEM_RELEASE },
	{ "record.new", WORD_ACT_RECORD_NEW },
	{ "record.claim", WORD_ACT_RECORD_CLAIM },
	{ "record.move", WORD_ACT_RECORD_MOVE },
	{ "login.change", WORD_ACT_LOGIN_CHANGE },
	{ "compartment.member", WORD_ACT_COMPARTMENT_MEMBER },
	{ "schema.change", WORD_ACT_SCHEMA_CHANGE },
	{ "mechanism.found", WORD_ACT_MECHANISM_FOUND },
	{ "person.add", WORD_ACT_PERSON_ADD },
	{ "consent.withdraw", WORD_ACT_CONSENT_WITHDRAW },
	{ "erasure.propose", WORD_ACT_ERASURE_PROPOSE },
	{ "erasure.carry_out", WORD_ACT_ERASURE_CARRY_OUT },
	{ "disclosure.propose", WORD_ACT_DISCLOSURE_PROPOSE },
	{ "disclosure.approve", WORD_ACT_DISCLOSURE_APPROVE },
	{ "says", WORD_SAYS },
	{ "repeats", WORD_REPEATS },
	{ "copies", WORD_COPIES },
	{ "is controlled by", WORD_CONTROLLED_BY },
	{ "match.part", WORD_MATCH_PART },
	{ "match.abbreviation", WORD_MATCH_ABBREVIATION },
	{ "match.initials", WORD_MATCH_INITIALS },
	{ "match.spelling", WORD_MATCH_SPELLING },
	{ "match.translation", WORD_MATCH_TRANSLATION },
	{ "match.script", WORD_MATCH_SCRIPT },
	{ "match.order", WORD_MATCH_ORDER },
	{ "match.legal-form", WORD_MATCH_LEGAL_FORM },
	{ "match.same", WORD_MATCH_SAME },
	{ "give", WORD_ACT_GIVE },
	{ "give.more", WORD_ACT_GIVE },
	{ "give.end", WORD_ACT_GIVE },
};

const char *
code_words(const struct html *h, const char *code)
{
	for (size_t i = 0; !h->json && i < LEN(names); i++)
		if (strcmp(names[i].code, code) == 0)
			return html_words(h, names[i].word);
	return code;
}
