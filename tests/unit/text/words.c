/* Words are cut as ICU's root rules cut them: token by token, on the General Debate's and the
 * Declaration's texts and on random characters. */
#include <dirent.h>

#include "base/io.h"
#include "test.h"
#include "text/words_private.h"

static bool
is_word(const uint8_t *s, size_t from, size_t to)
{
	for (size_t i = from; i < to;)
		if (char_get(char_next(s, to, &i))->flags & CHAR_WORD)
			return true;
	return false;
}

/* Where ours and ICU's words first differ; n if nowhere. */
static size_t
difference(const uint8_t *s, size_t n)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar *u = calloc(n + 1, sizeof *u);
	uint32_t *map = calloc(n + 2, sizeof *map);
	int32_t units = (int32_t)utf8_to_utf16(s, n, u, map), from = 0, to;
	UBreakIterator *icu = ubrk_open(UBRK_WORD, "", u, units, &st);
	struct words w = { 0 };
	size_t start, end, bad = n;
	bool plain;

	words_start(&w, s, n);
	for (ubrk_first(icu); bad == n && (to = ubrk_next(icu)) != UBRK_DONE; from = to) {
		if (!is_word(s, map[from], map[to]))
			continue;
		if (!words_next(&w, &start, &end, &plain) || start != map[from] ||
		    end != map[to])
			bad = map[from];
	}
	if (bad == n && words_next(&w, &start, &end, &plain))
		bad = start;
	ubrk_close(icu);
	words_done(&w);
	free(map);
	free(u);
	return bad;
}

static void
check_same(const char *what, const uint8_t *s, size_t n)
{
	size_t at = difference(s, n), from = at > 30 ? at - 30 : 0;

	if (at == n)
		return;
	while ((s[from] & 0xc0) == 0x80)
		from++;
	printf("# %s, byte %zu: \"%.60s\"\n", what, at, (const char *)s + from);
	CHECK(at == n);
}

static void
cuts_known_cases(void)
{
	static const char *const cases[] = { "", "can't", "3.14", "a.b U.N. a:b",
		"10,000 1;2 1'2 1_2", "foo_bar _ __ _a a_",
		"l'homme l’homme don’t ’tis rock’n’roll", "a.1 1.a a,b", "'a' \"b\"",
		"שלום צה\"ל ג'ינס א' א\" ", "naïve café, Łódź.", "a\u0301b a\u00adb \u0301a",
		"北京abc 2019年", "abcไทยabc ภาษาไทย9", "한글abc 한글3 한\u200d글 한\u0301글",
		"a\u200d\U0001f600b \u200d\u2139 x", "\u200d\u2139", "\n\u200d\u2139",
		"a\u200d\u2139", "a\u00b7b a\u2027b a\u2018b",
		"1\u200d\u2139 .\u0301\u200d\u2139", "カタカナ_a ア\u200dイ",
		"\U0001f1e6\U0001f1e7\U0001f1e8", "a'\u0301b a.\u00adb 1,\u03011", "བོད་ཡིག",
		"a\r\n\r\u0301b", "१२३.४५ ٣٫٤" };

	for (size_t i = 0; i < LEN(cases); i++)
		check_same(cases[i], (const uint8_t *)cases[i], strlen(cases[i]));
}

static uint64_t state = 88172645463325252u;

static uint32_t
random_below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

/* Characters that the rules care about come often. */
static uint32_t
random_char(unsigned kind)
{
	static const uint32_t odd[] = { '\'', '"', '.', ',', ';', ':', '_', ' ', '\n', '\r',
		'a', '1', 0x301, 0x200d, 0xad, 0x2019, 0xb7, 0x5d0, 0x5f4, 0x5be, 0xac00,
		0x4e00, 0x30a2, 0x3042, 0x2139, 0x24c2, 0x1f600, 0x1f1e6, 0x661, 0xff11, 0x203f,
		0xe01, 0xe31, 0xf40, 0x85, 0x3000, 0x600, 0x180e, 0xfeff, 0x2060, 0xff9e,
		0x3031, 0x3005, 0x20, 0x1f3fb, 0xfe0f, 0x0e30 };
	uint32_t c = 0;

	switch (kind % 4) {
	case 0:
		return 1 + random_below(0x7f);
	case 1:
		return odd[random_below(LEN(odd))];
	case 2:
		return random_below(2) ? 'a' + random_below(26) : odd[random_below(20)];
	}
	while (c == 0 || (c >= 0xd800 && c < 0xe000))
		c = random_below(random_below(4) ? 0x3400 : 0x20000);
	return c;
}

static void
equals_icu_on_random_text(void)
{
	for (unsigned round = 0; round < 40000; round++) {
		uint8_t s[512];
		size_t n = 0, chars = 1 + random_below(60);

		for (size_t i = 0; i < chars; i++)
			n += char_put(
			    s + n, random_char(round % 8 < 4 ? round : random_below(4)));
		s[n] = 0;
		check_same("random", s, n);
	}
}

static void
check_folder(const char *folder, unsigned *files)
{
	char path[512], name[1100];
	DIR *d = test_shared(path, folder) ? opendir(path) : NULL;
	struct dirent *ent;

	while (d && (ent = readdir(d))) {
		AUTO_VAL(buf) b = buf_init(1 << 24);
		struct err e;

		snprintf(name, sizeof name, "%s/%s", path, ent->d_name);
		if (ent->d_name[0] == '.' || !io_read_file(name, &b, &e) ||
		    !text_valid(b.p, b.n))
			continue;
		check_same(ent->d_name, b.p, b.n);
		++*files;
	}
	if (d)
		closedir(d);
}

static void
equals_icu_on_real_text(void)
{
	unsigned files = 0;

	check_folder("data/udhr/by-language", &files);
	check_folder("data/un/general-comments", &files);
	check_folder("data/un/treaties", &files);
	check_folder("data/press", &files);
	if (!files)
		SKIP("the shared material is not there");
	printf("# %u texts\n", files);
}

TESTS(T(cuts_known_cases), T(equals_icu_on_random_text), T(equals_icu_on_real_text))
