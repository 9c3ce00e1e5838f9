/* Which encoding is it? What is sure first: a byte order mark, UTF-8 that is valid, escape
 * sequences. Then what was declared, if the bytes bear it out. Then the reading that costs
 * least: each encoding that could be decodes the bytes around those that are not ASCII, and
 * the right one reads as some language (language.c), without symbols or capitals within
 * words. docs/text.md has the accuracy, and why ICU's own detector is not used. */
#include <string.h>

#include "text/private.h"
#include "text/profiles.h"

enum {
	SAMPLE_MAX =
	    1400,    /* bytes; so that language_read sees every letter, whatever the encoding */
	AROUND = 48, /* bytes before and after one that is not ASCII */
	DECODED_MAX = 8 * SAMPLE_MAX,
	CHARS_MAX =
	    1 << 20 /* not ASCII, looked at to tell damaged UTF-8 from other encodings */
};

/* In the order in which they win ties: windows-125x before the ISO-8859-x it extends. What is
 * seldom met must read better by so much; some encodings were made for one language. */
static const struct candidate {
	const char *name;
	int seldom;
	const char *only;
} candidates[] = {
	{ "windows-1252" },
	{ "windows-1251" },
	{ "gb18030" },
	{ "Shift_JIS" },
	{ "EUC-KR" },
	{ "Big5" },
	{ "EUC-JP" },
	{ "windows-1250" },
	{ "windows-1256" },
	{ "windows-1253" },
	{ "windows-1255" },
	{ "windows-1254" },
	{ "windows-874" },
	{ "windows-1257" },
	{ "windows-1258", 0, "vi" },
	{ "KOI8-R" },
	{ "KOI8-U" },
	{ "IBM866" },
	{ "macintosh", 100 },
	{ "x-mac-cyrillic", 100 },
	{ "ISO-8859-2" },
	{ "ISO-8859-5" },
	{ "ISO-8859-6" },
	{ "ISO-8859-7" },
	{ "ISO-8859-8" },
	{ "ISO-8859-15", 100 },
	{ "ISO-8859-16", 150 },
	{ "ISO-8859-13", 150 },
	{ "ISO-8859-4", 150 },
	{ "ISO-8859-10", 150 },
	{ "ISO-8859-3", 150 },
	{ "ISO-8859-14", 200 },
};

static struct text_encoding
found(const char *name, enum text_how how, unsigned confidence)
{
	return (struct text_encoding){ .name = name, .how = how, .confidence = confidence };
}

static bool
by_bom(const uint8_t *s, size_t n, struct text_encoding *ret)
{
	static const struct {
		const char *bytes, *name;
		size_t n;
	} boms[] = {
		{ "\xef\xbb\xbf", "UTF-8", 3 },
		{ "\xff\xfe\0\0", "UTF-32LE", 4 }, /* before UTF-16LE, which it begins like */
		{ "\0\0\xfe\xff", "UTF-32BE", 4 },
		{ "\xff\xfe", "UTF-16LE", 2 },
		{ "\xfe\xff", "UTF-16BE", 2 },
	};

	for (size_t i = 0; i < LEN(boms); i++) {
		if (n < boms[i].n || memcmp(s, boms[i].bytes, boms[i].n))
			continue;
		if (boms[i].n == 4 && n % 4)
			continue; /* a UTF-16 text whose first character is U+0000 */
		*ret = found(boms[i].name, TEXT_BY_BOM, 100);
		ret->skip = boms[i].n;
		return true;
	}
	return false;
}

struct utf8_count {
	size_t good, bad; /* characters that are not ASCII, sequences that are none */
};

static struct utf8_count
count_utf8(const uint8_t *s, size_t n)
{
	struct utf8_count k = { 0 };

	for (size_t i = 0, len; k.good + k.bad < CHARS_MAX;) {
		size_t bad;

		i = utf8_skip_ascii(s, n, i);
		if (i == n)
			break;
		bad = utf8_bad(s + i, n - i, &len);
		if (bad && bad == n - i)
			break; /* cut off within the last character */
		k.good += !bad;
		k.bad += bad > 0;
		i += bad ? bad : len;
	}
	return k;
}

/* ISO-2022-JP is ASCII to the eye but for its escape sequences. */
static bool
has_jis_escape(const uint8_t *s, size_t n)
{
	for (size_t i = 0; i + 2 < n; i++) {
		const uint8_t *esc = memchr(s + i, 0x1b, n - 2 - i);

		if (!esc)
			return false;
		if (!memcmp(esc, "\x1b$B", 3) || !memcmp(esc, "\x1b$@", 3) ||
		    !memcmp(esc, "\x1b(J", 3))
			return true;
		i = (size_t)(esc - s);
	}
	return false;
}

/* ---- the sample ---- */

/* Bytes around those that are not ASCII, cut at white space so that no character is torn:
 * it is never part of one in any of the candidates. */
static size_t
take_sample(const uint8_t *s, size_t n, uint8_t ret[SAMPLE_MAX])
{
	size_t len = 0, done = 0;

	for (size_t i = 0; len < SAMPLE_MAX; i++) {
		size_t from, to;

		i = utf8_skip_ascii(s, n, MIN(i, n));
		if (i == n)
			break;
		from = i - MIN(i - done, AROUND);
		while (from > done && s[from - 1] > ' ')
			from--;
		for (to = i; to < n && (s[to] > ' ' || to < i + AROUND); to++)
			if (s[to] >= 0x80)
				i = to;
		to = MIN(to, from + SAMPLE_MAX - len);
		memcpy(ret + len, s + from, to - from);
		len += to - from;
		i = done = to;
	}
	return len;
}

/* ---- what a reading costs ---- */

enum {
	COST_ASCII = 176, /* letters, before what their profile gives back */
	COST_LETTER = 276,
	COST_CJK = 408,
	COST_OTHER_ASCII = 120, /* letters of other scripts than most */
	COST_OTHER = 300,
	COST_MIXED = 250,     /* more, if it follows a letter of another script */
	COST_OTHER_CJK = 900, /* alone among letters of an alphabet */
	COST_PUNCTUATION = 80,
	COST_SYMBOL = 300,
	COST_INSIDE = 450,  /* more, if between two letters */
	COST_CAPITAL = 120, /* more, if after a small letter */
	COST_STRANGE = 600, /* controls, private use, unassigned, undecodable */
	CJK_SCALE = 3
};

/* Punctuation that stands between letters in good text too. */
static bool
may_be_inside(uint32_t c)
{
	return c < 0x80 || c == 0xb4 || c == 0xb7 || c == 0x2018 || c == 0x2019 ||
	    c == 0x2026 || (c >= 0x3000 && c < 0x3100) || (c >= 0xff00 && c < 0xff61);
}

enum kind { SPACE, SMALL, CAPITAL, CJK, SYMBOL };

struct seen {
	enum kind before, last;
	int script; /* of the last letter */
};

static enum kind
kind_of(uint32_t c, const struct char_props *p)
{
	if (!(p->flags & CHAR_LETTER))
		return may_be_inside(c) ? SPACE : SYMBOL;
	if (script_is_cjk(p->script))
		return CJK;
	return c >= 0x80 ? (u_isupper((UChar32)c) ? CAPITAL : SMALL) :
			   (c >= 'A' && c <= 'Z' ? CAPITAL : SMALL);
}

static int64_t
letter_cost(uint32_t c, const struct char_props *p, int script, const struct seen *seen)
{
	bool cjk = script_is_cjk(p->script);
	bool mixed =
	    (seen->last == SMALL || seen->last == CAPITAL) && seen->script != p->script;

	if (cjk && !script_is_cjk(script))
		return seen->last == CJK ? COST_CJK : COST_OTHER_CJK;
	if (cjk)
		return COST_CJK;
	if (p->script == script || p->script == USCRIPT_INHERITED)
		return c < 0x80 ? COST_ASCII : COST_LETTER;
	return (c < 0x80 ? COST_OTHER_ASCII : COST_OTHER) + (mixed ? COST_MIXED : 0);
}

static int64_t
char_cost(uint32_t c, const struct char_props *p, int script, const struct seen *seen)
{
	if (p->flags & CHAR_STRANGE || c == CHAR_BAD)
		return COST_STRANGE;
	if (p->flags & CHAR_LETTER)
		return letter_cost(c, p, script, seen);
	if (c < 0x80)
		return 0;
	if (may_be_inside(c) || c == 0xa0 || (u_ispunct((UChar32)c) && c < 0xff00))
		return COST_PUNCTUATION;
	return COST_SYMBOL;
}

/* What this text costs: the less, the more it is text in some language. `only`: in this one. */
static int64_t
cost_of(const uint8_t *s, size_t n, const char *only)
{
	struct seen seen = { SPACE, SPACE, USCRIPT_COMMON };
	struct reading r;
	int64_t cost = 0;

	language_read(s, n, &r);
	if (only && (r.language < 0 || strcmp(profiles[r.language].tag, only)))
		return INT64_MAX;
	for (size_t i = 0; i < n;) {
		uint32_t c = char_next(s, n, &i);
		const struct char_props *p = char_get(c);
		enum kind k = kind_of(c, p);

		cost += char_cost(c, p, r.script, &seen);
		if (seen.last == SYMBOL && seen.before != SPACE && k != SPACE)
			cost += COST_INSIDE;
		if (seen.last == SMALL && k == CAPITAL)
			cost += COST_CAPITAL;
		if (p->flags & CHAR_LETTER && p->script != USCRIPT_INHERITED)
			seen.script = p->script;
		seen.before = seen.last;
		seen.last = k;
	}
	return cost - (int64_t)r.best * (script_is_cjk(r.script) ? CJK_SCALE : 1);
}

/* What the sample costs if it is in that encoding; INT64_MAX if it cannot be. */
static int64_t
try_encoding(const struct candidate *k, const uint8_t *s, size_t n)
{
	AUTO_VAL(buf) b = buf_init(DECODED_MAX);
	struct text_encoding enc = found(k->name, TEXT_BY_STATISTICS, 0);
	struct err e;
	int64_t cost;
	bool same;

	if (!text_decode(s, n, &enc, &b, &same, &e))
		return INT64_MAX;
	cost = same ? cost_of(s, n, k->only) : cost_of(b.p, b.n, k->only);
	return cost == INT64_MAX ? cost : cost + k->seldom;
}

struct choice {
	const char *name;
	int64_t cost, second; /* of the next that reads otherwise */
};

static void
consider(struct choice *best, const struct candidate *k, const uint8_t *s, size_t n)
{
	int64_t cost = try_encoding(k, s, n);

	if (cost < best->cost) {
		best->second = best->cost;
		best->cost = cost;
		best->name = k->name;
	} else if (cost > best->cost && cost < best->second) {
		best->second = cost;
	}
}

static struct text_encoding
chosen(const struct choice *best, const char *otherwise)
{
	int64_t margin;

	if (!best->name)
		return found(otherwise, TEXT_BY_STATISTICS, 1);
	margin = best->second == INT64_MAX ? 100 : (best->second - best->cost) / 16;
	return found(
	    best->name, TEXT_BY_STATISTICS, (unsigned)(margin > 49 ? 99 : 50 + margin));
}

static struct text_encoding
by_statistics(const uint8_t *s, size_t n)
{
	struct choice best = { NULL, INT64_MAX, INT64_MAX };
	uint8_t sample[SAMPLE_MAX];
	size_t len = take_sample(s, n, sample);

	for (size_t i = 0; i < LEN(candidates); i++)
		consider(&best, &candidates[i], sample, len);
	return chosen(&best, "windows-1252");
}

/* Does this hardly hold characters that mean nothing? Units of four bytes are so few that a
 * wrong reading may cost less than the right one. */
static bool
is_sound(const char *name, const uint8_t *s, size_t n)
{
	AUTO_VAL(buf) b = buf_init(DECODED_MAX);
	struct text_encoding enc = found(name, TEXT_BY_STATISTICS, 0);
	size_t strange = 0, chars = 0;
	struct err e;
	bool same;

	if (!text_decode(s, n, &enc, &b, &same, &e) || same)
		return same;
	for (size_t i = 0; i < b.n; chars++) {
		uint32_t c = char_next(b.p, b.n, &i);

		strange += char_get(c)->flags & CHAR_STRANGE || c == CHAR_BAD;
	}
	return strange * 20 <= chars;
}

static bool
is_letter_or_space(uint8_t c)
{
	return c == ' ' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Are most pairs of bytes letters of ASCII? In UTF-16 they are one in ten characters of Chinese,
 * and hardly any of other scripts: then the zero bytes only stray in. */
static bool
is_narrow(const uint8_t *s, size_t n)
{
	size_t pairs = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		pairs += is_letter_or_space(s[i]) && is_letter_or_space(s[i + 1]);
	return pairs * 2 > n / 2;
}

/* Text with zero bytes is in UTF-16 or UTF-32, or damaged: then this gives UTF-8. */
static struct text_encoding
by_zeros(const uint8_t *s, size_t n)
{
	static const struct candidate wide[] = { { "UTF-8" }, { "UTF-32LE" }, { "UTF-32BE" },
		{ "UTF-16LE" }, { "UTF-16BE" } };
	struct choice best = { NULL, INT64_MAX, INT64_MAX };

	n = MIN(n, SAMPLE_MAX / 4 * 4);
	for (size_t i = 0; i < (is_narrow(s, n) ? 1 : LEN(wide)); i++)
		if (i == 0 || is_sound(wide[i].name, s, n))
			consider(&best, &wide[i], s, n);
	return chosen(&best, "UTF-8");
}

/* Do the bytes bear out that they are in this encoding? Now and then a byte may not. */
static bool
bears_out(const struct encoding *enc, const uint8_t *s, size_t n)
{
	uint8_t sample[SAMPLE_MAX];
	size_t len = take_sample(s, n, sample), strange = 0, others = 0;
	AUTO_VAL(buf) b = buf_init(DECODED_MAX);
	struct text_encoding how = found(enc->name, TEXT_BY_DECLARATION, 0);
	struct err e;
	bool same;

	if (!text_decode(sample, len, &how, &b, &same, &e))
		return false;
	for (size_t i = 0; i < b.n;) {
		uint32_t c = char_next(b.p, b.n, &i);

		strange += char_get(c)->flags & CHAR_STRANGE || c == CHAR_BAD;
		others += c >= 0x80;
	}
	return strange * 20 <= others;
}

static bool
is_wide(const struct encoding *enc)
{
	return !strncmp(enc->name, "UTF-16", 6) || !strncmp(enc->name, "UTF-32", 6);
}

struct text_encoding
text_detect(const void *p, size_t n, const char *declared)
{
	const struct encoding *label =
	    declared ? encoding_of_label(declared, strlen(declared)) : NULL;
	const uint8_t *s = p;
	struct text_encoding ret;
	struct utf8_count k;

	if (by_bom(s, n, &ret))
		return ret;
	if (n && memchr(s, 0, n)) {
		if (label && is_wide(label))
			return found(label->name, TEXT_BY_DECLARATION, 99);
		ret = by_zeros(s, n);
		if (is_wide(encoding_get(ret.name)))
			return ret;
		/* A stray U+0000: the rest says what it is. */
	}
	k = text_valid(s, n) ? (struct utf8_count){ .good = utf8_skip_ascii(s, n, 0) < n } :
			       count_utf8(s, n);
	if (!k.bad && !k.good) { /* ASCII to the eye */
		if (has_jis_escape(s, n))
			return found("ISO-2022-JP",
			    label ? TEXT_BY_DECLARATION : TEXT_BY_STATISTICS, 99);
		if (label && !is_wide(label))
			return found(label->name, TEXT_BY_DECLARATION, 99);
		return found("UTF-8", TEXT_BY_UTF8, 100);
	}
	if (!k.bad)
		return found("UTF-8", TEXT_BY_UTF8, 99);
	if (k.bad * 4 <= k.good)
		return found(
		    "UTF-8", label == encodings ? TEXT_BY_DECLARATION : TEXT_BY_STATISTICS, 90);
	if (label && label != encodings && !is_wide(label) && bears_out(label, s, n))
		return found(label->name, TEXT_BY_DECLARATION, 95);
	return by_statistics(s, n);
}
