/* Tokens: folding, other forms, places and spans. */
#include "base/arena.h"
#include "base/buf.h"
#include "test.h"
#include "text/private.h"

/* The tokens of a text as "term", other forms as "~term", between spaces. */
static bool
gives(const char *text, const char *want)
{
	AUTO(tokens) *t = tokens_new();
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct token k;

	tokens_start(t, text, strlen(text));
	while (tokens_next(t, &k)) {
		if (b.n)
			buf_byte(&b, ' ');
		if (k.translit)
			buf_byte(&b, '~');
		buf_add(&b, k.term, k.n);
	}
	if (!strcmp(buf_peek(&b), want))
		return true;
	printf("# \"%s\" gives \"%s\", not \"%s\"\n", text, buf_peek(&b), want);
	return false;
}

/* Is `form` a form of a word of the text, and does its span hold `of`? */
static bool
finds(const char *text, const char *form, const char *of)
{
	AUTO(tokens) *t = tokens_new();
	struct token k;

	tokens_start(t, text, strlen(text));
	while (tokens_next(t, &k))
		if (k.n == strlen(form) && !memcmp(k.term, form, k.n) && k.translit)
			return k.end - k.start == strlen(of) &&
			    !memcmp(text + k.start, of, strlen(of));
	printf("# \"%s\" is not found in \"%s\"\n", form, text);
	return false;
}

static void
folds_case_and_diacritics(void)
{
	static const char *const cases[][2] = {
		{ "Ünïcode CAFÉ Ångström", "unicode cafe angstrom" },
		{ "Łódź Ærø straße Œuvre Þór Đakovo ıİ",
		    "lodz aero strasse oeuvre thor dakovo ii" },
		{ "Ẹ̀kọ́ Ɔkwɛ Ŋgɔ Ƙasa Əliyev", "eko okwe ngo kasa eliyev" },
		{ "Việt Nam Nguyễn", "viet nam nguyen" },
		{ "１２３ ＡＢＣ ﬁne", "123 abc fine" },
		{ "१२३ ٤٥٦ ۷۸۹ ༡༢", "123 456 789 12" },
		{ "ΑΘΉΝΑ", "αθηνα ~athina" },
		{ "don’t don't donʼt", "don't don't don't" },
		{ "Oʻzbekiston", "o'zbekiston" },
		{ "Qurʾān ʿAbd", "quran abd" },
		{ "شَالُوم", "شالوم ~shalwm" },
		{ "שָׁלוֹם", "שלום ~salwom" },
		{ "أمجد إمجد آمجد ٱمجد", "امجد ~amjd امجد ~imjd امجد ~amjd امجد ~amjd" },
		{ "مـحـمـل ﻣﺤﻤﻞ", "محمل ~mhml محمل ~mhml" },
		{ "بلی بلي بلى", "بلي ~bly بلي ~bly بلي ~bly" },
		{ "ایران كتاب کتاب", "ايران ~ayran كتاب ~ktab كتاب ~ktab" },
		{ "می‌خواهم", "ميخواهم ~mykhwahm" },
		{ "Ёлка", "елка ~elka" },
		{ "й и мой", "й ~y и ~i мой ~moy" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(gives(cases[i][0], cases[i][1]));
}

/* A vowel sign is no diacritic: words that differ in it stay apart. */
static void
keeps_letters_that_are_marks(void)
{
	static const char *const pairs[][2] = { { "कि", "का" }, { "বাংলা", "বংল" },
		{ "ที่", "ทา" }, { "བོད", "བད" }, { "မြန်", "မန" }, { "が", "か" },
		{ "தமிழ்", "தமழ" }, { "ئۇ", "ئۈ" } };

	for (size_t i = 0; i < LEN(pairs); i++) {
		char a[TOKEN_MAX + 8], b[TOKEN_MAX + 8];
		size_t n =
		    fold_word((const uint8_t *)pairs[i][0], strlen(pairs[i][0]), a, TOKEN_MAX);
		size_t m =
		    fold_word((const uint8_t *)pairs[i][1], strlen(pairs[i][1]), b, TOKEN_MAX);

		CHECK(n && m && (n != m || memcmp(a, b, n)));
	}
}

static void
finds_names_by_latin_letters(void)
{
	static const char *const cases[][3] = {
		{ "他在北京。", "beijing", "北京" },
		{ "他在北京。", "bei", "北京" },
		{ "刘晓波获奖", "xiaobo", "晓波" },
		{ "乌鲁木齐市", "wulumuqi", "乌鲁木齐" },
		{ "ئۈرۈمچى شەھىرى", "urumchi", "ئۈرۈمچى" },
		{ "ئۈرۈمچى شەھىرى", "urumqi", "ئۈرۈمچى" },
		{ "شىنجاڭ", "shinjang", "شىنجاڭ" },
		{ "شىنجاڭ", "xinjang", "شىنجاڭ" },
		{ "ئىلھام توختى", "ilham", "ئىلھام" },
		{ "ئىلھام توختى", "toxti", "توختى" },
		{ "Алексей Навальный", "navalny", "Навальный" },
		{ "Зеленський", "zelensky", "Зеленський" },
		{ "м. Київ", "kyiv", "Київ" },
		{ "Щедрин", "shchedrin", "Щедрин" },
		{ "Харьков", "kharkov", "Харьков" },
		{ "Юлия", "yuliya", "Юлия" },
		{ "ལྷ་ས་གྲོང་ཁྱེར།", "lhasa", "ལྷ་ས" },
		{ "བསྟན་འཛིན་རྒྱ་མཚོ།", "tenzin", "བསྟན་འཛིན" },
		{ "བསྟན་འཛིན་རྒྱ་མཚོ།", "gyatso", "རྒྱ་མཚོ" },
		{ "ཆོས་ཀྱི་ཉི་མ།", "nyima", "ཉི་མ" },
		{ "པཎ་ཆེན་བླ་མ", "panchen", "པཎ་ཆེན" },
		{ "རིན་པོ་ཆེ", "rinpo", "རིན་པོ" },
		{ "བཀྲ་ཤིས", "tashi", "བཀྲ་ཤིས" },
		{ "གཞིས་ཀ་རྩེ", "zhi", "གཞིས" },
		{ "Παπανδρέου", "papandreou", "Παπανδρέου" },
		{ "Ευρώπη", "evropi", "Ευρώπη" },
		{ "서울", "seoul", "서울" },
		{ "नई दिल्ली", "dilli", "दिल्ली" },
		{ "დედაქალაქი თბილისი", "tbilisi", "თბილისი" },
		{ "Երևան", "erevan", "Երևան" },
		{ "मोहनदास गांधी", "mohandas", "मोहनदास" },
		{ "मोहनदास गांधी", "gandhi", "गांधी" },
		{ "कृष्ण कश्मीर", "krishna", "कृष्ण" },
		{ "कृष्ण कश्मीर", "kashmir", "कश्मीर" },
		{ "गुजरात राम", "gujarat", "गुजरात" },
		{ "गुजरात राम", "ram", "राम" },
		{ "चाँद", "chand", "चाँद" },
		{ "শেখ হাসিনা", "shekh", "শেখ" },
		{ "தமிழ்நாடு", "tamilnatu", "தமிழ்நாடு" },
		{ "തിരുവനന്തപുരം", "tiruvanantapuram", "തിരുവനന്തപുരം" },
		{ "السيد محمد حسين", "muhammad", "محمد" },
		{ "السيد محمد حسين", "hussein", "حسين" },
		{ "السيد أحمد", "ahmad", "أحمد" },
		{ "محمود و فاطمة", "fatima", "فاطمة" },
		{ "موسى الحسن", "hassan", "الحسن" },
		{ "ومحمد", "mohamed", "ومحمد" },
		{ "عبد الرحمن قال", "abdulrahman", "عبد الرحمن" },
		{ "عبدالرحمن قال", "abdulrahman", "عبدالرحمن" },
		{ "قال الإنسان", "انسان", "الإنسان" },
		{ "قال الإنسان", "insan", "الإنسان" },
		{ "بالحرية", "حريه", "بالحرية" },
		{ "رضا", "reza", "رضا" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(finds(cases[i][0], cases[i][1], cases[i][2]));
}

/* Only what is a name, and stands together, is joined; what is left of a short word is none. */
static void
invents_no_names(void)
{
	CHECK(gives(
	    "عبد، الرحمن", "عبد ~bd ~abd ~abdel ~abdul الرحمن ~alrhmn ~رحمن ~rahman ~rhmn"));
	CHECK(gives("عبد قال", "عبد ~bd ~abd ~abdel ~abdul قال ~qal"));
	CHECK(gives("الله الى الان", "الله ~allh ~allah ~ullah الي ~aly الان ~alan"));
	CHECK(gives("وزارة", "وزاره ~wzarh"));
	CHECK(gives("न", "न ~na"));
}

/* Every name of the table is found: it is sorted, and written as words are folded. */
static void
knows_its_names(void)
{
	for (size_t i = 0; i < n_latin_names; i++) {
		const char *name = latin_names[i].name;
		char folded[TOKEN_MAX + 8];
		struct forms f = { .count = 0 };
		size_t n = fold_word((const uint8_t *)name, strlen(name), folded, TOKEN_MAX);

		names_arabic(name, strlen(name), &f);
		if (n != strlen(name) || memcmp(folded, name, n) != 0 || !f.count ||
		    strncmp(f.s[0], latin_names[i].spellings, f.n[0]) != 0) {
			printf("# %s\n", name);
			CHECK(false);
		}
	}
}

/* An input that once made ICU's stretches go round for ever: it ends, with every word in
 * order. */
static void
comes_to_an_end(void)
{
	static const char odd[] =
	    "\xd7\x8d\x65\x6d\x79\x42\x2d\x79\xc2\x04\x84\x82\x3e\xbb\xab\xae"
	    "\x69\xd8\x32\0\0\0\0\0\0\0\0\xe0\xbd\x96\xdd\xe2\x80\x84\xbd\xbc"
	    "\x54\xe0\xbd\x91";

	for (size_t from = 0; from < sizeof odd - 1; from++) {
		AUTO(tokens) *t = tokens_new();
		struct token k;
		uint32_t start = 0;
		size_t words = 0;

		tokens_start(t, odd + from, sizeof odd - 1 - from);
		for (; tokens_next(t, &k) && words <= sizeof odd; words += !k.translit) {
			CHECK(k.start >= start && k.start < k.end && k.end < sizeof odd);
			start = k.start;
		}
		CHECK(words < sizeof odd);
	}
}

static void
finds_the_bare_word(void)
{
	CHECK(gives("l'homme", "l'homme ~homme"));
	CHECK(gives("Dell’Unione", "dell'unione ~unione"));
	CHECK(gives("China's", "china's ~china"));
	CHECK(gives("O'Brien ma'am", "o'brien ma'am"));
	CHECK(gives(
	    "U.N. U.N.H.C.R. a.b.cd e.g 1.2", "u.n ~un u.n.h.c.r ~unhcr a.b.cd e.g ~eg 1.2"));
	CHECK(gives("'quoted' @handle a@b.org", "quoted handle a@b.org"));
}

static void
gives_places_and_spans(void)
{
	static const char text[] = "Über 北京, 3.14 — ok";
	static const struct {
		const char *term;
		uint64_t place;
		uint32_t start, end;
		bool translit;
	} want[] = {
		{ "uber", 0, 0, 5, false },
		{ "北京", 1, 6, 12, false },
		{ "beijing", 1, 6, 12, true },
		{ "bei", 1, 6, 12, true },
		{ "jing", 1, 6, 12, true },
		{ "3.14", 2, 14, 18, false },
		{ "ok", 3, 23, 25, false },
	};
	AUTO(tokens) *t = tokens_new();
	struct token k;

	for (int twice = 0; twice < 2; twice++) { /* it is reusable */
		tokens_start(t, text, strlen(text));
		for (size_t i = 0; i < LEN(want); i++) {
			CHECK(tokens_next(t, &k));
			CHECK(
			    k.n == strlen(want[i].term) && !memcmp(k.term, want[i].term, k.n));
			CHECK(k.place == want[i].place && k.translit == want[i].translit);
			CHECK(k.start == want[i].start && k.end == want[i].end);
		}
		CHECK(!tokens_next(t, &k) && !tokens_next(t, &k));
	}
}

static void
cuts_long_terms_at_a_character(void)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	AUTO(tokens) *t = tokens_new();
	struct token k;

	for (int i = 0; i < 1000; i++)
		buf_str(&b, "a");
	buf_str(&b, " ");
	for (int i = 0; i < 1000; i++)
		buf_str(&b, "ж");
	buf_str(&b, " a");
	for (int i = 0; i < 1000; i++)
		buf_str(&b, "ж");
	tokens_start(t, buf_peek(&b), b.n);
	CHECK(tokens_next(t, &k) && k.n == TOKEN_MAX && k.end == 1000);
	CHECK(
	    tokens_next(t, &k) && k.n == TOKEN_MAX && k.end == 3001 && text_valid(k.term, k.n));
	CHECK(tokens_next(t, &k) && k.translit && k.n <= TOKEN_MAX);
	CHECK(tokens_next(t, &k) && k.n == TOKEN_MAX - 1 && text_valid(k.term, k.n));
}

/* Folding what is folded changes nothing, for every character there is. */
static void
folds_once(void)
{
	for (uint32_t c = 1; c < 0x110000; c++) {
		uint8_t s[8];
		char once[TOKEN_MAX + 8], twice[TOKEN_MAX + 8];
		size_t n, m;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		n = fold_word(s, char_put(s, c), once, TOKEN_MAX);
		m = fold_word((uint8_t *)once, n, twice, TOKEN_MAX);
		if (n != m || memcmp(once, twice, n))
			printf("# U+%04X\n", c);
		CHECK(n == m && !memcmp(once, twice, n));
		CHECK(text_valid(once, n) && !memchr(once, ' ', c == ' ' ? 0 : n));
	}
}

static void
skips_what_is_no_word(void)
{
	CHECK(gives("", ""));
	CHECK(gives(" \n\t.,;!?—…·«»", ""));
	CHECK(gives("_ __ @ ' '' ـ 😀 ½ ㊀", ""));
	CHECK(gives("\xff\xfe bad \x80 utf8", "bad utf8"));
}

TESTS(T(folds_case_and_diacritics), T(keeps_letters_that_are_marks),
    T(finds_names_by_latin_letters), T(invents_no_names), T(knows_its_names),
    T(comes_to_an_end), T(finds_the_bare_word), T(gives_places_and_spans),
    T(cuts_long_terms_at_a_character), T(folds_once), T(skips_what_is_no_word))
