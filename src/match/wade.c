/* match/wade: pinyin syllables as Wade-Giles has them, without its apostrophes and circumflexes, as names
 * from Taiwan and older books are written. */
#include <stdio.h>
#include <string.h>

#include "match/private.h"

/* Syllables that follow no rule. */
static const struct {
	const char *pinyin, *wade;
} whole[] = {
	{ "zhi", "chih" },
	{ "chi", "chih" },
	{ "shi", "shih" },
	{ "ri", "jih" },
	{ "zi", "tzu" },
	{ "ci", "tzu" },
	{ "si", "szu" },
	{ "er", "erh" },
	{ "yi", "i" },
	{ "ye", "yeh" },
	{ "yan", "yen" },
	{ "you", "yu" },
	{ "yong", "yung" },
	{ "yue", "yueh" },
	{ "ge", "ko" },
	{ "ke", "ko" },
	{ "he", "ho" },
	{ "e", "o" },
	{ "gui", "kuei" },
	{ "kui", "kuei" },
	{ "shuo", "shuo" },
	{ "guo", "kuo" },
	{ "kuo", "kuo" },
	{ "huo", "huo" },
};

static const struct {
	const char *pinyin, *wade;
} initials[] = {
	{ "zh", "ch" },
	{ "ch", "ch" },
	{ "sh", "sh" },
	{ "j", "ch" },
	{ "q", "ch" },
	{ "x", "hs" },
	{ "z", "ts" },
	{ "c", "ts" },
	{ "b", "p" },
	{ "d", "t" },
	{ "g", "k" },
	{ "r", "j" },
};

static const struct {
	const char *pinyin, *wade;
} finals[] = {
	{ "ian", "ien" },
	{ "iong", "iung" },
	{ "ong", "ung" },
	{ "ie", "ieh" },
	{ "ue", "ueh" },
	{ "uo", "o" },
};

static bool
is_whole(const char *syllable, char ret[WADE_MAX])
{
	for (size_t i = 0; i < LEN(whole); i++)
		if (strcmp(syllable, whole[i].pinyin) == 0) {
			snprintf(ret, WADE_MAX, "%s", whole[i].wade);
			return true;
		}
	return false;
}

void
wade_of(const char *syllable, char ret[WADE_MAX])
{
	size_t n =
	    strcspn(syllable, "aeiou"); /* letters of the initial: those not listed stay */
	const char *first = NULL, *final = syllable + n;

	if (is_whole(syllable, ret))
		return;
	for (size_t i = 0; !first && i < LEN(initials); i++)
		if (strlen(initials[i].pinyin) == n &&
		    strncmp(syllable, initials[i].pinyin, n) == 0)
			first = initials[i].wade;
	for (size_t i = 0; i < LEN(finals); i++)
		if (strcmp(syllable + n, finals[i].pinyin) == 0)
			final = finals[i].wade;
	if (first)
		snprintf(ret, WADE_MAX, "%s%s", first, final);
	else
		snprintf(ret, WADE_MAX, "%.*s%s", (int)n, syllable, final);
}
