/* What anybody gives (giving.h). Nothing is kept of who it was: addresses are counted in memory alone. */
#include "desk/giving.h"

#include <string.h>

#include "base/code.h"
#include "desk/steps.h"
#include "record/access.h"

enum { WORD = 16 }; /* bytes of a receipt's word */

bool
giving_is(const struct request *r)
{
	return r->route && r->route->may == MAY_GIVE;
}

uint64_t
giving_max(const struct desk *desk)
{
	return mechanism_setting(desk->m, SETTING_GIVE_MB) << 20;
}

bool
giving_is_open(const struct desk *desk)
{
	return giving_max(desk) > 0;
}

static const char *
hex_of(struct arena *a, const struct hash *h, size_t n)
{
	char *out = arena_alloc(a, 2 * n + 1);

	hex_encode(h->b, n, out);
	return out;
}

const char *
giving_owner(struct request *r)
{
	const char *word = request_cookie(r, browser_cookie_name(r, "before"));
	struct hash of = digest_sha256(word, strlen(word));

	return hex_of(r->a, &of, LOGIN_NAME_MAX / 2);
}

void
giving_take(struct request *r, uint64_t size, const char **ret_why)
{
	unsigned files = (unsigned)mechanism_setting(r->desk->m, SETTING_GIVE_FILES);

	*ret_why = NULL;
	if (size > giving_max(r->desk))
		*ret_why = "it is larger than what is taken";
	else if (!throttle_spend(r->desk->throttle, "/give", r->address, files))
		*ret_why = "too many files came from there: wait a little";
}

bool
giving_compartment(struct request *r, const char **ret, struct err *e)
{
	struct viewer v = mechanism_viewer(GIVING_ACTOR);
	const struct schema *schema = request_schema(r, e);
	const struct compartment *list;
	size_t n;

	if (!schema || !record_compartments(r->s->db, &v, r->a, schema, &list, &n, e))
		return false;
	*ret = n ? list[0].name : NULL;
	return true;
}

static const char *
receipt_word(const struct desk *desk, struct arena *a, uint64_t entry)
{
	const char *of = arena_printf(a, "%llu", (unsigned long long)entry);
	struct key k = mechanism_receipt_key(desk->m);
	struct hash h = digest_hmac(k.b, sizeof k.b, of, strlen(of));

	crypto_wipe(&k, sizeof k);
	return hex_of(a, &h, WORD);
}

const char *
giving_receipt(const struct desk *desk, struct arena *a, uint64_t entry)
{
	return arena_printf(a, "/give/receipts/%llu/%s", (unsigned long long)entry,
	    receipt_word(desk, a, entry));
}

bool
giving_receipt_is(const struct request *r, uint64_t entry, const char *word)
{
	const char *right = receipt_word(r->desk, r->a, entry);
	struct hash one = digest_sha256(right, strlen(right)),
		    other = digest_sha256(word, strlen(word));

	return digest_equal(&one, &other);
}
