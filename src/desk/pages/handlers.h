/* What the table of routes runs: each writes its answer, or fails. */
#ifndef DESK_HANDLERS_H
#define DESK_HANDLERS_H

#include "desk/private.h"

#define HANDLER(name) bool name##_page(struct request *r, struct reply *ret, struct err *e)
HANDLER(home);
HANDLER(static);
HANDLER(health);
HANDLER(openapi);
HANDLER(sign_in);
HANDLER(signed_in);
HANDLER(sign_out);
HANDLER(language);
HANDLER(find);
HANDLER(item);
HANDLER(text);
HANDLER(original);
HANDLER(picture);
HANDLER(look);
HANDLER(clear);
HANDLER(graphic);
HANDLER(beside);
HANDLER(saved);
HANDLER(looked);
HANDLER(entry);
HANDLER(proof);
HANDLER(head);
HANDLER(checkpoint);
HANDLER(check);
HANDLER(check_begin);
HANDLER(receipts);
HANDLER(receipts_checked);
HANDLER(record);
HANDLER(record_moved);
HANDLER(records);
HANDLER(types);
HANDLER(type);
HANDLER(one_claim);
HANDLER(claim_withdrawn);
HANDLER(claim_corrected);
HANDLER(same);
HANDLER(same_made);
HANDLER(split);
HANDLER(cases);
HANDLER(case);
HANDLER(case_proved);
HANDLER(case_given);
HANDLER(findings);
HANDLER(propose);
HANDLER(proposed);
HANDLER(finding);
HANDLER(finding_done);
HANDLER(finding_reviewed);
HANDLER(tasks);
HANDLER(new_task);
HANDLER(task_made);
HANDLER(entries);
HANDLER(claim);
HANDLER(claim_made);
HANDLER(new);
HANDLER(new_made);
HANDLER(intake);
HANDLER(intake_made);
HANDLER(receipt);
HANDLER(due);
HANDLER(states);
HANDLER(state);
HANDLER(state_part);
HANDLER(map);
HANDLER(counted);
HANDLER(timeline);
HANDLER(network);
HANDLER(statistics);
HANDLER(about);
HANDLER(me);
HANDLER(me_passphrase);
HANDLER(me_browsers);
HANDLER(me_tokens);
HANDLER(logins);
HANDLER(login_change);

#endif
