/* Errors: one table without gaps, messages that stay one clean line. Ids. */
#include "test.h"

#include <errno.h>

#include "base/clock.h"
#include "base/id.h"

static void
every_kind_has_its_row(void)
{
	for (int i = 0; i < ERR_KINDS; i++) {
		struct err e = { .kind = (enum err_kind)i };

		CHECK(err_name(e.kind) && *err_name(e.kind));
		CHECK(err_http(&e) >= 200 && err_http(&e) < 600);
		CHECK((err_exit(&e) == 0) == (i == ERR_NONE));
		for (int j = 0; j < i; j++) {
			struct err other = { .kind = (enum err_kind)j };

			CHECK(err_exit(&e) != err_exit(&other) &&
			    err_http(&e) != err_http(&other));
			CHECK(strcmp(err_name(e.kind), err_name(other.kind)) != 0);
		}
	}
}

static void
says_what_and_where(void)
{
	struct err e = { 0 };

	CHECK(!err_set(&e, ERR_DENIED, "no %s", "entry"));
	CHECK(!err_at(&e, "file %d", 7));
	CHECK(e.kind == ERR_DENIED && strcmp(e.msg, "file 7: no entry") == 0);
	CHECK(!err_set(&e, ERR_INVALID, "%s again", e.msg)); /* its own message as argument */
	CHECK(strcmp(e.msg, "file 7: no entry again") == 0);
	errno = ENOENT;
	CHECK(!err_errno(&e, "cannot open %s", "x"));
	CHECK(e.kind == ERR_MISSING &&
	    strcmp(e.msg, "cannot open x: No such file or directory") == 0);
	errno = EACCES;
	CHECK(!err_errno(&e, "x") && e.kind == ERR_DENIED);
	errno = ENOSPC;
	CHECK(!err_errno(&e, "x") && e.kind == ERR_SYSTEM);
}

/* Strict UTF-8, written down once more and differently, so that the test is no echo. */
static bool
is_utf8(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p) {
		int n = *p < 0x80 ? 0 : (*p & 0xe0) == 0xc0 ? 1 : (*p & 0xf0) == 0xe0 ? 2 : 3;
		bool bad = (*p >= 0x80 && *p < 0xc2) || *p > 0xf4 ||
		    (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
		    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f);

		if (bad)
			return false;
		for (p++; n; n--, p++)
			if ((*p & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/* Characters of two, three and four bytes at every offset: whatever is cut, is cut between them. */
static void
long_messages_are_cut_at_a_character(void)
{
	static const char *const letters[] = { "x", "é", "内", "𝄞" };
	char text[1200];

	for (size_t l = 0; l < LEN(letters); l++)
		for (size_t shift = 0; shift < 5; shift++) {
			struct err e, at, no;
			size_t n = shift, len = strlen(letters[l]);

			memset(text, 'a', shift);
			for (; n + len < sizeof text; n += len)
				memcpy(text + n, letters[l], len + 1);
			err_set(&e, ERR_INVALID, "%s", text);
			CHECK(is_utf8(e.msg) && strlen(e.msg) + len + 1 > sizeof e.msg - 1);
			err_set(&at, ERR_INVALID, "the cause stays");
			err_at(&at, "%s", text);
			CHECK(is_utf8(at.msg) && !strchr(at.msg, '?'));
			CHECK(strstr(at.msg, ": the cause stays"));
			errno = ENOENT;
			err_errno(&no, "%s", text);
			CHECK(is_utf8(no.msg) && strstr(no.msg, ": No such file"));
		}
}

static void
messages_are_one_harmless_line(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "a\nb\rc\td\x1b[31m\x7f", "a?b?c?d?[31m?" },
		{ "caf\xc3\xa9 \xe5\x86\x85", "caf\xc3\xa9 \xe5\x86\x85" },
		{ "\xff\xfe latin \xe9", "?? latin ?" },
		{ "\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80",
		    "?? ??? ????" }, /* overlong, surrogate, beyond */
		{ "csi \xc2\x9b", "csi ?" },
		{ "evil\xe2\x80\xaegpj.exe \xe2\x81\xa6 \xe2\x80\xa8", "evil?gpj.exe ? ?" },
		{ "\xe2\x80\x8f\xd8\xb9",
		    "\xe2\x80\x8f\xd8\xb9" }, /* a mark Arabic needs stays */
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct err e;

		err_set(&e, ERR_INVALID, "%s", cases[i].in);
		CHECK(strcmp(e.msg, cases[i].out) == 0);
	}
}

static void
ids_sort_by_time_and_are_checked(void)
{
	struct id last = { "" };

	for (int64_t t = 1; t < 1ll << 47; t *= 3) {
		struct id id;

		clock_set(t);
		id = id_new("item");
		CHECK(strlen(id.s) == 5 + 26 && id_ok(id.s, "item") && id_ok(id.s, NULL));
		CHECK(!id_ok(id.s, "ite") && !id_ok(id.s, "items"));
		CHECK(strcmp(last.s, id.s) < 0);
		CHECK(strcmp(id.s, id_new("item").s) != 0);
		last = id;
		for (size_t n = 0; n <= 26; n++) { /* any start of it may be its start */
			char part[ID_MAX];

			snprintf(part, sizeof part, "%.*s", (int)n, id.s + 5);
			CHECK(id_starts(part, "item"));
			snprintf(part, sizeof part, "%.*s", (int)n + 5, id.s);
			CHECK(id_starts(part, "item"));
		}
		CHECK(id_starts(id.s, "item") && !id_starts(id.s, "text"));
	}
	clock_set(0);
	CHECK(id_ok(id_new("abcdefghijklmnop").s, "abcdefghijklmnop"));
}

static void
ids_refuse_what_is_none(void)
{
	static const char *const cases[] = { "", "_", "item", "item_", "item_01jd3v",
		"i_01arz3ndektsv4rrffq69g5fav", "01arz3ndektsv4rrffq69g5fav",
		"item_81arz3ndektsv4rrffq69g5fav",  /* beyond 128 bits */
		"item_01arz3ndektsv4rrffq69g5fa",   /* short */
		"item_01arz3ndektsv4rrffq69g5favx", /* long */
		"item_01ARZ3NDEKTSV4RRFFQ69G5FAV", "item_01arz3ndektsv4rrffq69g5fau",
		"item_01arz3ndektsv4rrffq69g5fai", "item_01arz3ndektsv4rrffq69g5fal",
		"item_01arz3ndektsv4rrffq69g5fao", "item_01arz3ndektsv4rrffq69g5fa ",
		"Item_01arz3ndektsv4rrffq69g5fav",
		"abcdefghijklmnopq_01arz3ndektsv4rrffq69g5fav",
		"it-m_01arz3ndektsv4rrffq69g5fav" };

	CHECK(id_ok("item_01arz3ndektsv4rrffq69g5fav", "item"));
	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(!id_ok(cases[i], NULL));
	CHECK(!id_starts("8", "item") && !id_starts("u", "item") && !id_starts("01!", "item"));
	CHECK(id_starts("", "item") && id_starts("item_", "item") && id_starts("7z", "item"));
}

TESTS(T(every_kind_has_its_row), T(says_what_and_where),
    T(long_messages_are_cut_at_a_character), T(messages_are_one_harmless_line),
    T(ids_sort_by_time_and_are_checked), T(ids_refuse_what_is_none))
