/* Names in Arabic script as they are usually written in Latin letters. Their short vowels are not
 * written, so that no rule finds Muhammad in محمد: common names of people are listed, with
 * the spellings that reports in English and French use. Written for this program. */
#include <string.h>

#include "text/private.h"

/* Sorted by bytes; the name as it is folded. */
const struct latin_name latin_names[] = {
	{ "ابراهيم", "ibrahim ebrahim" },
	{ "ابن", "ibn" },
	{ "ابو", "abu abou" },
	{ "ابوبكر", "abubakr aboubakr" },
	{ "احمد", "ahmad ahmed" },
	{ "اختر", "akhtar" },
	{ "ادريس", "idris driss" },
	{ "ادم", "adam" },
	{ "اردشير", "ardeshir" },
	{ "ارش", "arash" },
	{ "اسامه", "osama usama" },
	{ "اسحاق", "ishaq" },
	{ "اسد", "asad assad" },
	{ "اسعد", "asaad assad" },
	{ "اسلام", "islam" },
	{ "اسماعيل", "ismail esmail" },
	{ "اشرف", "ashraf" },
	{ "اصغر", "asghar" },
	{ "افتخار", "iftikhar" },
	{ "افضل", "afzal" },
	{ "اقبال", "iqbal eghbal" },
	{ "اكبر", "akbar" },
	{ "اكرم", "akram" },
	{ "الله", "allah ullah" },
	{ "الياس", "elias ilyas" },
	{ "ام", "umm um" },
	{ "امال", "amal amaal" },
	{ "امل", "amal" },
	{ "اميد", "omid" },
	{ "امير", "amir ameer" },
	{ "امين", "amin ameen" },
	{ "امينه", "amina amineh" },
	{ "انس", "anas" },
	{ "انور", "anwar" },
	{ "ايمان", "iman eman" },
	{ "ايمن", "ayman aymen" },
	{ "ايوب", "ayoub ayyub" },
	{ "باسم", "basem bassem basim" },
	{ "بسام", "bassam" },
	{ "بشار", "bashar" },
	{ "بشير", "bashir basheer" },
	{ "بكر", "bakr" },
	{ "بلال", "bilal belal" },
	{ "بن", "bin ben" },
	{ "بنت", "bint" },
	{ "بهرام", "bahram" },
	{ "بهزاد", "behzad" },
	{ "بهنام", "behnam" },
	{ "بيبي", "bibi" },
	{ "بيژن", "bijan" },
	{ "تركي", "turki" },
	{ "توفيق", "tawfiq tawfik toufik" },
	{ "ثامر", "thamer" },
	{ "جابر", "jaber jabir" },
	{ "جان", "jan" },
	{ "جاويد", "javed javid" },
	{ "جبار", "jabbar" },
	{ "جعفر", "jafar jaafar jaffer" },
	{ "جلال", "jalal galal" },
	{ "جمال", "jamal gamal" },
	{ "جمشيد", "jamshid" },
	{ "جميل", "jamil jameel" },
	{ "جميله", "jamila djamila" },
	{ "جهاد", "jihad" },
	{ "جهانگير", "jahangir" },
	{ "حاتم", "hatem hatim" },
	{ "حازم", "hazem hazim" },
	{ "حامد", "hamid hamed" },
	{ "حبيب", "habib habeeb" },
	{ "حسن", "hassan hasan" },
	{ "حسين", "hussein hussain husayn hossein husain" },
	{ "حسيني", "husseini hosseini" },
	{ "حفيظ", "hafiz hafeez" },
	{ "حق", "haq" },
	{ "حكم", "hakam" },
	{ "حكيم", "hakim hakeem" },
	{ "حليمه", "halima" },
	{ "حمد", "hamad" },
	{ "حمزه", "hamza hamzah" },
	{ "حميد", "hamid hameed" },
	{ "حنان", "hanan" },
	{ "حيدر", "haidar haider haydar" },
	{ "خالد", "khaled khalid" },
	{ "خالده", "khaleda khalida" },
	{ "خان", "khan" },
	{ "خديجه", "khadija khadijah" },
	{ "خضر", "khader khidr" },
	{ "خليفه", "khalifa" },
	{ "خليل", "khalil khaleel" },
	{ "داريوش", "dariush" },
	{ "داود", "dawood daoud dawud" },
	{ "ذكري", "zikra" },
	{ "رئيس", "raees" },
	{ "رائد", "raed" },
	{ "راشد", "rashid rashed" },
	{ "رامي", "rami" },
	{ "رحمت", "rahmat" },
	{ "رحمن", "rahman" },
	{ "رحيم", "rahim raheem" },
	{ "رزاق", "razzaq" },
	{ "رستم", "rostam rustam" },
	{ "رسول", "rasul rasool" },
	{ "رشاد", "rashad" },
	{ "رشيد", "rashid rasheed rachid" },
	{ "رضا", "reza rida" },
	{ "رضوان", "ridwan rizwan radwan" },
	{ "رمضان", "ramadan ramzan" },
	{ "روزبه", "rouzbeh" },
	{ "روشن", "roshan" },
	{ "رياض", "riyadh riad riyad" },
	{ "زاده", "zadeh" },
	{ "زبير", "zubair zubayr" },
	{ "زكريا", "zakaria zakariya" },
	{ "زهراء", "zahra" },
	{ "زهره", "zahra zohreh" },
	{ "زهيب", "zohaib" },
	{ "زهير", "zuhair zuhayr" },
	{ "زياد", "ziad ziyad" },
	{ "زيد", "zaid zayd" },
	{ "زيدان", "zidan zaidan" },
	{ "زينب", "zainab zaynab zeinab" },
	{ "سارا", "sara" },
	{ "ساره", "sara sarah" },
	{ "سالم", "salem salim" },
	{ "سامر", "samer" },
	{ "سامي", "sami" },
	{ "سعاد", "suad souad" },
	{ "سعد", "saad" },
	{ "سعود", "saud saoud" },
	{ "سعيد", "said saeed saeid" },
	{ "سعيده", "saida saeeda" },
	{ "سلام", "salam" },
	{ "سلطان", "sultan" },
	{ "سلمان", "salman" },
	{ "سليم", "salim saleem" },
	{ "سليمان", "suleiman sulaiman soleiman" },
	{ "سماح", "samah" },
	{ "سمير", "samir sameer" },
	{ "سميره", "samira sameera" },
	{ "سناء", "sana sanaa" },
	{ "سهراب", "sohrab" },
	{ "سهيل", "suhail sohail" },
	{ "سيد", "sayed sayyid syed" },
	{ "سيف", "saif sayf" },
	{ "سپيده", "sepideh" },
	{ "شاه", "shah" },
	{ "شريف", "sharif sherif shareef" },
	{ "شعيب", "shoaib shuaib" },
	{ "شكيل", "shakeel shakil" },
	{ "شهاب", "shihab shehab" },
	{ "شهناز", "shahnaz" },
	{ "شيخ", "sheikh shaikh shaykh" },
	{ "شيرين", "shirin sherin" },
	{ "شيماء", "shaima shaimaa" },
	{ "صادق", "sadiq sadegh sadeq" },
	{ "صالح", "saleh salih" },
	{ "صالحه", "saliha" },
	{ "صدام", "saddam" },
	{ "صفاء", "safa safaa" },
	{ "صلاح", "salah" },
	{ "ضياء", "diaa zia" },
	{ "طارق", "tariq tarek" },
	{ "طاهر", "taher tahir" },
	{ "طاهره", "tahereh tahira" },
	{ "طلال", "talal" },
	{ "طه", "taha" },
	{ "ظاهر", "zahir" },
	{ "ظفر", "zafar" },
	{ "عائشه", "aisha aicha ayesha" },
	{ "عادل", "adel adil" },
	{ "عارف", "aref arif" },
	{ "عاصم", "asim asem" },
	{ "عامر", "amer amir" },
	{ "عباس", "abbas" },
	{ "عبد", "abd abdel abdul" },
	{ "عبدالجبار", "abduljabbar abdeljabbar" },
	{ "عبدالحق", "abdulhaq abdelhak" },
	{ "عبدالحكيم", "abdulhakim abdelhakim" },
	{ "عبدالحميد", "abdulhamid abdelhamid" },
	{ "عبدالرحمن", "abdulrahman abdelrahman abdurrahman" },
	{ "عبدالرحيم", "abdulrahim abdelrahim" },
	{ "عبدالرزاق", "abdulrazzaq abderrazak" },
	{ "عبدالرضا", "abdolreza" },
	{ "عبدالسلام", "abdulsalam abdelsalam abdessalam" },
	{ "عبدالعزيز", "abdulaziz abdelaziz" },
	{ "عبدالغني", "abdulghani abdelghani" },
	{ "عبدالفتاح", "abdulfattah abdelfattah" },
	{ "عبدالقادر", "abdulqadir abdelkader" },
	{ "عبدالكريم", "abdulkarim abdelkarim" },
	{ "عبدالله", "abdullah abdallah" },
	{ "عبدالمجيد", "abdulmajid abdelmajid" },
	{ "عبدالملك", "abdulmalik abdelmalek" },
	{ "عبدالناصر", "abdulnasser abdelnasser" },
	{ "عبدالنبي", "abdulnabi" },
	{ "عبدالهادي", "abdulhadi abdelhadi" },
	{ "عبدالوهاب", "abdulwahab abdelwahab" },
	{ "عثمان", "uthman othman osman usman" },
	{ "عدنان", "adnan" },
	{ "عزت", "ezzat" },
	{ "عزيز", "aziz" },
	{ "عصام", "essam issam isam" },
	{ "عفاف", "afaf" },
	{ "علاء", "alaa ala" },
	{ "علي", "ali" },
	{ "عماد", "imad emad" },
	{ "عمار", "ammar" },
	{ "عماره", "amara" },
	{ "عمر", "omar umar" },
	{ "عمران", "imran emran" },
	{ "عمرو", "amr amro" },
	{ "عيسي", "isa issa" },
	{ "غازي", "ghazi" },
	{ "غالب", "ghaleb ghalib" },
	{ "غسان", "ghassan" },
	{ "غلام", "gholam ghulam" },
	{ "غني", "ghani" },
	{ "فؤاد", "fuad fouad" },
	{ "فادي", "fadi" },
	{ "فارس", "fares faris" },
	{ "فاروق", "farouk faruq farooq" },
	{ "فاطمه", "fatima fatemeh fatma" },
	{ "فايز", "fayez faiz" },
	{ "فتاح", "fattah" },
	{ "فتحي", "fathi" },
	{ "فرج", "faraj" },
	{ "فرخ", "farrokh farrukh" },
	{ "فرزانه", "farzaneh" },
	{ "فرهاد", "farhad" },
	{ "فريد", "farid fareed" },
	{ "فريده", "farida" },
	{ "فضل", "fadl fazl" },
	{ "فهد", "fahd fahad" },
	{ "فهمي", "fahmi" },
	{ "فواز", "fawaz fawwaz" },
	{ "فوزي", "fawzi fouzi" },
	{ "فيصل", "faisal faysal" },
	{ "فيض", "faiz" },
	{ "قادر", "qadir kader" },
	{ "قاسم", "qasim qassem kassem" },
	{ "قاضي", "qazi qadi" },
	{ "كاظم", "kazem kazim kadhim" },
	{ "كامران", "kamran" },
	{ "كامل", "kamel kamil" },
	{ "كاوه", "kaveh" },
	{ "كبير", "kabir kabeer" },
	{ "كريم", "karim kareem" },
	{ "كمال", "kamal kemal" },
	{ "كوروش", "kourosh cyrus" },
	{ "لطفي", "lutfi lotfi" },
	{ "لطيفه", "latifa" },
	{ "ليلي", "laila leila layla" },
	{ "ماجد", "majed majid" },
	{ "ماجده", "magda majida" },
	{ "مالك", "malik malek" },
	{ "ماهر", "maher mahir" },
	{ "مبارك", "mubarak mobarak" },
	{ "مجاهد", "mujahid mojahed" },
	{ "مجتبي", "mojtaba mujtaba" },
	{ "مجدي", "magdy majdi" },
	{ "مجيد", "majid majeed" },
	{ "مجيدي", "majidi" },
	{ "محسن", "mohsen muhsin" },
	{ "محمد", "muhammad mohammad mohammed mohamed mohamad" },
	{ "محمود", "mahmoud mahmud mahmood" },
	{ "مختار", "mukhtar mokhtar" },
	{ "مراد", "murad mourad" },
	{ "مرتضي", "murtaza morteza" },
	{ "مروان", "marwan" },
	{ "مريم", "maryam mariam meryem" },
	{ "مسعود", "masoud masood massoud" },
	{ "مسلم", "muslim moslem" },
	{ "مصطفي", "mustafa mostafa moustafa" },
	{ "مطر", "matar" },
	{ "مظفر", "muzaffar mozaffar" },
	{ "معاذ", "muath moaz" },
	{ "معاويه", "muawiya" },
	{ "معتز", "moataz mutaz" },
	{ "مقبول", "maqbool" },
	{ "مقداد", "miqdad" },
	{ "مكي", "makki" },
	{ "ملك", "malik malek" },
	{ "ممتاز", "mumtaz" },
	{ "منذر", "munther mundhir" },
	{ "منصور", "mansour mansur mansoor" },
	{ "مني", "mona muna" },
	{ "منير", "munir mounir" },
	{ "مهدي", "mahdi mehdi" },
	{ "مهسا", "mahsa" },
	{ "مهند", "muhannad mohannad" },
	{ "موسي", "musa moussa" },
	{ "مينا", "mina" },
	{ "نادر", "nader nadir" },
	{ "ناديه", "nadia" },
	{ "نازنين", "nazanin" },
	{ "ناصر", "nasser nasir naser" },
	{ "نبيل", "nabil nabeel" },
	{ "نبيله", "nabila" },
	{ "نجلاء", "najla" },
	{ "نجوي", "najwa" },
	{ "نجيب", "najib naguib najeeb" },
	{ "نذير", "nazir nadhir" },
	{ "نرگس", "narges nargis" },
	{ "نزار", "nizar" },
	{ "نسرين", "nasrin nesreen" },
	{ "نسيم", "nasim naseem" },
	{ "نصر", "nasr" },
	{ "نصرالله", "nasrallah nasrullah" },
	{ "نعيم", "naim naeem" },
	{ "نعيمه", "naima" },
	{ "نواز", "nawaz" },
	{ "نوال", "nawal" },
	{ "نوح", "nuh noah" },
	{ "نور", "nur noor nour" },
	{ "نوري", "nuri nouri" },
	{ "نويد", "navid naveed" },
	{ "نيا", "nia" },
	{ "نگار", "negar" },
	{ "هادي", "hadi" },
	{ "هارون", "harun haroon haroun" },
	{ "هاشم", "hashem hashim" },
	{ "هاله", "hala" },
	{ "هاني", "hani" },
	{ "هبه", "heba hiba" },
	{ "هدي", "huda hoda" },
	{ "هشام", "hisham hesham hicham" },
	{ "هلال", "hilal helal" },
	{ "هناء", "hana hanaa" },
	{ "هند", "hind" },
	{ "هوشنگ", "houshang" },
	{ "هيثم", "haitham haytham" },
	{ "وائل", "wael" },
	{ "وحيد", "wahid vahid" },
	{ "وداد", "widad" },
	{ "وقاص", "waqas" },
	{ "وليد", "walid waleed" },
	{ "وهاب", "wahab wahhab" },
	{ "ياسر", "yasser yasir" },
	{ "ياسمين", "yasmin yasmine jasmine" },
	{ "ياسين", "yassin yasin" },
	{ "يحيي", "yahya yehia" },
	{ "يزيد", "yazid yazeed" },
	{ "يعقوب", "yaqub yaqoub yacoub" },
	{ "يوسف", "yusuf youssef yousef yousuf" },
	{ "يونس", "yunus younes yunis" },
	{ "پرويز", "parviz parvez pervez" },
	{ "پروين", "parvin parveen" },
	{ "پور", "pour" },
	{ "گل", "gul gol" },
	{ "گلزار", "gulzar" },
};

const size_t n_latin_names = LEN(latin_names);

/* The spellings of a name; NULL if it is not listed. */
static const char *
spellings(const char *term, size_t n)
{
	size_t lo = 0, hi = n_latin_names;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2, len = strlen(latin_names[mid].name);
		int order = memcmp(latin_names[mid].name, term, MIN(len, n));

		if (order == 0 && len == n)
			return latin_names[mid].spellings;
		if (order < 0 || (order == 0 && len < n))
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool
add_spellings(const char *term, size_t n, struct forms *ret)
{
	const char *s = spellings(term, n);

	for (size_t len; s && *s; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		forms_add(ret, s, len);
	}
	return s != NULL;
}

enum { LETTER = 2, REST_MIN = 3 * LETTER }; /* bytes: of a letter; of what must be left */

/* What clings to the front of a word: the article, with what may stand before it; and how
 * latin_arabic() writes that. */
static const struct article {
	const char *arabic, *latin;
} articles[] = {
	{ "وال", "wal" },
	{ "بال", "bal" },
	{ "كال", "kal" },
	{ "فال", "fal" },
	{ "ال", "al" },
	{ "لل", "ll" },
};

static const struct article *
article_get(const char *term, size_t n)
{
	for (size_t i = 0; i < LEN(articles); i++) {
		size_t len = strlen(articles[i].arabic);

		if (n >= len + REST_MIN && memcmp(term, articles[i].arabic, len) == 0)
			return &articles[i];
	}
	return NULL;
}

/* The word without its article: itself, its spellings, its consonants. */
static void
add_bare(const char *term, size_t n, const struct article *a, struct forms *ret)
{
	size_t skip = strlen(a->arabic), latin = strlen(a->latin);
	char bare[TOKEN_MAX + 8];

	n = fold_word((const uint8_t *)term + skip, n - skip, bare, TOKEN_MAX);
	forms_add(ret, bare, n);
	add_spellings(bare, n, ret);
	if (ret->count && ret->n[0] > latin && memcmp(ret->s[0], a->latin, latin) == 0)
		forms_add(ret, ret->s[0] + latin, ret->n[0] - latin);
}

void
names_arabic(const char *term, size_t n, struct forms *ret)
{
	const struct article *a = article_get(term, n);

	if (add_spellings(term, n, ret))
		return; /* الله has no article */
	if (a)
		add_bare(term, n, a, ret);
	else if (n > LETTER && memcmp(term, "و", LETTER) == 0) /* "and" clings, too */
		add_spellings(term + LETTER, n - LETTER, ret);
}

static const char servant[] = "عبد";

bool
names_arabic_begins(const char *term, size_t n)
{
	return n == strlen(servant) && memcmp(term, servant, n) == 0;
}

void
names_arabic_joined(const char *second, size_t n, struct forms *ret)
{
	char both[sizeof servant + TOKEN_MAX];

	memcpy(both, servant, strlen(servant));
	memcpy(both + strlen(servant), second, n);
	add_spellings(both, strlen(servant) + n, ret);
}
