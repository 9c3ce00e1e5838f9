/* log/entry: the bytes of heads and bodies (docs/formats/entry.md). */
#include <string.h>

#include "base/code.h"
#include "log/private.h"

static const char first_line[] = "vigil/1\n";
enum { FIRST = sizeof first_line - 1 };

void
head_write(const struct head *h, char ret[HEAD_SIZE + 1])
{
	memcpy(ret, first_line, FIRST);
	memcpy(ret + FIRST, h->day, DAY_MAX - 1);
	ret[FIRST + DAY_MAX - 1] = '\n';
	base64_encode(h->commitment.b, HASH_SIZE, ret + FIRST + DAY_MAX);
	ret[HEAD_SIZE - 1] = '\n';
	ret[HEAD_SIZE] = 0;
}

struct hash
head_leaf(const struct head *h)
{
	char text[HEAD_SIZE + 1];

	head_write(h, text);
	return tree_leaf(text, HEAD_SIZE);
}

/* "2026-11-23": a day that is in the calendar. */
static bool
day_ok(const char *s)
{
	char again[DAY_MAX];
	struct err e;
	int64_t t;

	if (strlen(s) != DAY_MAX - 1 || !clock_read(s, &t, &e))
		return false;
	clock_day(t, again);
	return strcmp(s, again) == 0;
}

bool
head_read(const char *p, size_t n, struct head *ret)
{
	const char *day = p + FIRST, *commitment = day + DAY_MAX;
	struct head h = { 0 };

	if (n != HEAD_SIZE || memcmp(p, first_line, FIRST) != 0 || commitment[-1] != '\n' ||
	    p[n - 1] != '\n')
		return false;
	memcpy(h.day, day, DAY_MAX - 1);
	if (!day_ok(h.day) ||
	    !base64_exact(commitment, BASE64_32 - 1, h.commitment.b, HASH_SIZE))
		return false;
	*ret = h;
	return true;
}

static void
add_str(struct buf *b, const char *name, const char *s)
{
	buf_str(b, name);
	json_write_str(b, s, strlen(s));
}

bool
body_write(struct buf *b, const struct entry *en, struct err *e)
{
	add_str(b, "{\"act\":", en->act); /* names in order: RFC 8785 */
	add_str(b, ",\"actor\":", en->actor);
	buf_str(b, ",\"content\":");
	json_write(b, en->content);
	add_str(b, ",\"subject\":", en->subject);
	buf_printf(b, ",\"time\":%lld}", (long long)en->time);
	return buf_ok(b, "what this entry says", e);
}

static bool
body_parts(const struct json *j, struct entry *ret, struct err *e)
{
	static const struct {
		const char *name;
		enum json_kind kind;
	} parts[] = { { "act", JSON_STR }, { "actor", JSON_STR }, { "content", JSON_MAP },
		{ "subject", JSON_STR }, { "time", JSON_INT } };
	bool ok = json_kind(j) == JSON_MAP && json_len(j) == LEN(parts);

	for (size_t i = 0; ok && i < LEN(parts); i++)
		ok = json_kind(json_get(j, parts[i].name)) == parts[i].kind;
	if (!ok || !*json_get_str(j, "act"))
		return err_set(e, ERR_INVALID, "not the body of an entry");
	*ret = (struct entry){
		.time = json_get_int(j, "time"),
		.actor = json_get_str(j, "actor"),
		.act = json_get_str(j, "act"),
		.subject = json_get_str(j, "subject"),
		.content = json_get(j, "content"),
	};
	return true;
}

bool
body_read(struct arena *a, const void *p, size_t n, struct entry *ret, struct err *e)
{
	const struct json *j = json_read(a, p, n, e);

	return j && body_parts(j, ret, e);
}

bool
body_canonical(const struct entry *en, const void *p, size_t n)
{
	AUTO_VAL(buf) again = buf_init(n);
	struct err e;

	return body_write(&again, en, &e) && again.n == n && memcmp(again.p, p, n) == 0;
}

bool
body_check(
    const struct head *h, const struct hash *blind, const void *body, size_t n, struct err *e)
{
	struct hash c = digest_hmac(blind->b, HASH_SIZE, body, n);

	return digest_equal(&c, &h->commitment) ||
	    err_set(e, ERR_DAMAGED, "the body does not match the commitment in its head");
}
