/* Languages: sentences, and every translation the profiles come from. How good it is on text
 * that was held out is in docs/decisions/0004. */
#include <unistd.h>

#include "base/io.h"
#include "lessons.h"
#include "test.h"
#include "text/text.h"
#include "text/weigh.h"

static bool
is(const char *text, const char *tag)
{
	struct text_language l;

	text_language(text, strlen(text), &l);
	if (!strcmp(l.tag, tag))
		return true;
	printf("# \"%.60s\" is %s (%u%%), not %s\n", text, l.tag, l.confidence, tag);
	return false;
}

static void
knows_sentences(void)
{
	static const char *const cases[][2] = {
		{ "The committee met on Tuesday and heard three witnesses from the village.",
		    "en" },
		{ "The heron waits by the lake. Nobody saw the boats leave. In the morning they were"
		  " gone.",
		    "en" },
		{ "La commission s'est réunie mardi et a entendu trois témoins du village.",
		    "fr" },
		{ "La comisión se reunió el martes y escuchó a tres testigos del pueblo.",
		    "es" },
		{ "Der Ausschuss trat am Dienstag zusammen und hörte drei Zeugen aus dem Dorf.",
		    "de" },
		{ "A comissão reuniu-se na terça-feira e ouviu três testemunhas da aldeia.",
		    "pt" },
		{ "La commissione si è riunita martedì e ha ascoltato tre testimoni del"
		  " villaggio.",
		    "it" },
		{ "Komisja zebrała się we wtorek i wysłuchała trzech świadków z tej wsi.",
		    "pl" },
		{ "Komisyon Salı günü toplandı ve köyden gelen üç tanığı dinledi.", "tr" },
		{ "Ủy ban đã họp hôm thứ Ba và nghe ba nhân chứng từ ngôi làng.", "vi" },
		{ "Komite ilikutana Jumanne na kusikiliza mashahidi watatu kutoka kijijini.",
		    "sw" },
		{ "Комиссия собралась во вторник и заслушала трёх свидетелей из деревни.",
		    "ru" },
		{ "Комісія зібралася у вівторок і заслухала трьох свідків із села.", "uk" },
		{ "اجتمعت اللجنة يوم الثلاثاء واستمعت إلى ثلاثة شهود من القرية.", "ar" },
		{ "کمیته در این هفته گرد آمد و به سخن سه گواه از روستا گوش داد.", "fa" },
		{ "کمیٹی کا اجلاس منگل کو ہوا اور گاؤں کے تین گواہوں کو سنا گیا۔", "ur" },
		{ "كومىتېت سەيشەنبە كۈنى يىغىن ئېچىپ، ئۈچ گۇۋاھچىنىڭ سۆزىنى ئاڭلىدى.", "ug" },
		{ "لیژنەکە ڕۆژی سێشەممە کۆبووەوە و گوێی لە سێ شایەتی گوندەکە گرت.", "ckb" },
		{ "ڪاميٽي اڱاري تي گڏ ٿي ۽ ڳوٺ جي ٽن شاهدن کي ٻڌو.", "sd" },
		{ "委员会星期二开会，听取了三名村民证人的陈述。", "zh-Hans" },
		{ "委員會星期二開會，聽取了三名村民證人的陳述。", "zh-Hant" },
		{ "委員会は火曜日に開かれ、村の証人三人の話を聞いた。", "ja" },
		{ "위원회는 화요일에 열려 마을의 증인 세 명의 말을 들었다.", "ko" },
		{ "བོད་ཀྱི་གྲོང་གསེབ་ཀྱི་མི་གསུམ་གྱིས་བདེན་དཔང་བྱས།", "bo" },
		{ "समिति की बैठक मंगलवार को हुई और गाँव के तीन गवाहों को सुना गया।", "hi" },
		{ "समितिको बैठक मंगलबार बस्यो र गाउँका तीन जना साक्षीको कुरा सुन्यो।", "ne" },
		{ "কমিটি মঙ্গলবার বৈঠকে বসে এবং গ্রামের তিনজন সাক্ষীর কথা শোনে।", "bn" },
		{ "คณะกรรมการประชุมเมื่อวันอังคารและรับฟังพยานสามคนจากหมู่บ้าน", "th" },
		{ "ကော်မတီသည် အင်္ဂါနေ့တွင် တွေ့ဆုံပြီး ရွာမှ သက်သေသုံးဦးကို ကြားနာခဲ့သည်။", "my" },
		{ "Η επιτροπή συνεδρίασε την Τρίτη και άκουσε τρεις μάρτυρες από το χωριό.",
		    "el" },
		{ "הוועדה התכנסה ביום שלישי ושמעה שלושה עדים מהכפר.", "he" },
		{ "კომიტეტი სამშაბათს შეიკრიბა და სოფლის სამ მოწმეს მოუსმინა.", "ka" },
		{ "ኮሚቴው ማክሰኞ ተሰብስቦ ከመንደሩ የመጡ ሦስት ምስክሮችን ሰማ።", "am" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(is(cases[i][0], cases[i][1]));
}

static void
says_und_when_it_cannot_know(void)
{
	static const char *const cases[] = { "", "   \n", "12 345,67 — 89 %", "😀😀😀", "zzqx",
		"a", "ok", "北", "東京", "の", "да", "བོད", "Geneva", "Anna K.", "IMG_2034",
		"x 1 y 2 z 3",
		"dGhpc0lzQmFzZTY0RW5jb2RlZHhYUXdRejkwMTIz4QkxQWnFKdzJYa1h6UXc9PQ",
		"\xff\xfe\x80" };

	for (size_t i = 0; i < LEN(cases); i++)
		CHECK(is(cases[i], "und"));
}

static void
names_the_script(void)
{
	static const struct {
		const char *text, *script;
	} cases[] = {
		{ "hello there", "Latn" },
		{ "12", "Zyyy" },
		{ "привет", "Cyrl" },
		{ "ལྷ་ས།", "Tibt" },
		{ "北京在中国 UN", "Hans" },
		{ "東京は日本の首都です", "Jpan" },
		{ "안녕", "Hang" },
	};
	struct text_language l;

	for (size_t i = 0; i < LEN(cases); i++) {
		text_language(cases[i].text, strlen(cases[i].text), &l);
		CHECK(!strcmp(l.script, cases[i].script));
		CHECK(l.confidence <= 100);
	}
}

/* Lines of languages.tsv: key, ISO 639-3, BCP 47, ... Our tag may leave out what is usual, or be
 * that of the language where theirs is of several. */
static bool
same_language(const char *ours, const char *theirs)
{
	static const char *const finer[][2] = { { "tw", "ak" }, { "fat", "ak" },
		{ "frp", "oc" }, { "quz", "qu" } };
	size_t n = strcspn(ours, "-"), m = strcspn(theirs, "-");

	for (size_t i = 0; i < LEN(finer); i++)
		if (!strcmp(ours, finer[i][0]) && strlen(finer[i][1]) == m)
			return !strncmp(theirs, finer[i][1], m);
	return n == m && !strncmp(ours, theirs, n);
}

static void
knows_the_translations(void)
{
	AUTO_VAL(buf) list = buf_init(1 << 20);
	char path[512];
	struct err e;
	unsigned tried = 0, good = 0;
	char *rest, *line;

	if (!test_shared(path, "data/udhr/languages.tsv") || !io_read_file(path, &list, &e))
		SKIP("the shared material is not there");
	rest = (char *)list.p;
	while ((line = strsep(&rest, "\n"))) {
		AUTO_VAL(buf) text = buf_init(1 << 20);
		char *key = strsep(&line, "\t"), *iso = strsep(&line, "\t"),
		     *tag = strsep(&line, "\t");
		struct text_language l;
		char name[64];

		/* Languages of two letters: those are all in the profiles. */
		if (!iso || !tag || strcspn(tag, "-") != 2)
			continue;
		snprintf(name, sizeof name, "data/udhr/by-language/%s.txt", key);
		if (!test_shared(path, name) || !io_read_file(path, &text, &e))
			continue;
		text_language(buf_peek(&text), text.n, &l);
		tried++;
		good += same_language(l.tag, tag);
		if (!same_language(l.tag, tag))
			printf(
			    "# %s (%s) is taken for %s, %u%%\n", key, tag, l.tag, l.confidence);
	}
	printf("# %u of %u\n", good, tried);
	CHECK(tried > 150 && good * 100 >= tried * 97);
}

/* ---- by a model that has not seen the text ---- */

struct asked {
	const struct model *m;
	const char *tag;
	unsigned tried, right, unknown;
};

static void
ask(void *arg, const char *s, size_t n)
{
	struct asked *q = arg;
	struct text_language l;

	language_by(q->m, s, n, &l);
	q->tried++;
	q->right += !strcmp(l.tag, q->tag);
	q->unknown += !strcmp(l.tag, "und");
}

static bool
is_percent(const char *what, unsigned n, unsigned of, unsigned percent)
{
	printf("# %s: %u of %u\n", what, n, of);
	return of && n * 100 >= of * percent;
}

/* As script/measure-language does with all articles; here article 5 alone, without names. */
static void
knows_what_it_has_not_seen(void)
{
	enum { ARTICLE = 5 };
	static struct translations all;
	AUTO(arena) *a = arena_new();
	AUTO(lessons) *l = lessons_new();
	AUTO_VAL(buf) tsv = buf_init(1 << 26);
	const char *share = getenv("VIGIL_SHARE");
	char list[512], udhr[512];
	struct asked whole = { 0 }, sentences = { 0 };
	struct model m;
	struct err e;

	snprintf(list, sizeof list, "%s/language/translations.tsv", share ? share : "share");
	if (!test_shared(udhr, "data/udhr/by-language") || access(list, R_OK))
		SKIP("the shared material is not there");
	translations_add(l, a, list, udhr, &all);
	lessons_write(l, ARTICLE, &tsv);
	CHECK_OK(model_load(buf_peek(&tsv), tsv.n, &m, &e), &e);
	whole.m = sentences.m = &m;
	for (unsigned i = 0; i < all.n; i++) {
		const struct article *t = &all.t[i].article[ARTICLE];

		whole.tag = sentences.tag = all.t[i].tag;
		if (t->n)
			ask(&whole, t->text, t->n);
		if (t->n)
			sentences_each(t, ask, &sentences);
	}
	CHECK(whole.tried > 450);
	CHECK(is_percent("articles", whole.right, whole.tried, 97));
	CHECK(is_percent("sentences", sentences.right, sentences.tried, 95));
	model_done(&m);
}

static void
refuses_a_broken_model(void)
{
	static const char *const broken[] = { "", "en\n", "en\t1\t2\t3\t4\t5\n",
		"a-tag-that-is-too-long\t0\t1\t1\t1\t1\t1\t16 a\n" };
	struct model m;
	struct err e;

	for (size_t i = 0; i < LEN(broken); i++)
		CHECK(
		    !model_load(broken[i], strlen(broken[i]), &m, &e) && e.kind == ERR_INVALID);
	CHECK_OK(model_load("en\t1\t2\t3\t4\t5\t6\t16 \xc3\xa9_ th\n", 26, &m, &e), &e);
	CHECK(m.n == 1 && !strcmp(m.class[0].tag, "en") && m.slot[1u << m.bits].start == 2);
	model_done(&m);
}

TESTS(T(knows_sentences), T(says_und_when_it_cannot_know), T(names_the_script),
    T(knows_the_translations), T(knows_what_it_has_not_seen), T(refuses_a_broken_model))
