/* match/compare: how alike two names are, and why. Words are paired, the best pairs first; the score is
 * the share of what is paired, by weight, and is lowered for what is said on both sides and
 * differs. */
#include <string.h>

#include "match/private.h"

enum { UNITS = 32 }; /* more of a name is not compared */

/* Two units, or several of one side with one of the other, that belong together. */
struct pairing {
	const struct match_name *a, *b;
	size_t n, m;
	float taken_a[UNITS], taken_b[UNITS]; /* how well each is paired; 0: it is not */
	float weight_a[UNITS], weight_b[UNITS];
	uint8_t mate[UNITS]; /* of a's: index in b */
	bool used[MATCH_REASONS];
};

static bool
any_equal(const char *const *a, size_t n, const char *const *b, size_t m, size_t least)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			if (strlen(a[i]) >= least && strcmp(a[i], b[j]) == 0)
				return true;
	return false;
}

/* One letter off in a short word is another word, and so is another beginning and more. The letters
 * in both tell most of what is far apart at once. */
static float
by_spelling(const char *a, uint32_t in_a, const char *b, uint32_t in_b)
{
	size_t length = MAX(strlen(a), strlen(b));
	unsigned most = length < 5 ? 0 : length < 8 ? 1 : length < 13 ? 2 : 3, d;

	if (a[0] != b[0])
		most = MIN(most, 1);
	if ((unsigned)__builtin_popcount(in_a ^ in_b) > 2 * most)
		return 0;
	d = edits(a, b, most);
	return d && d <= most ? 1 - 1.5f * (float)d / (float)length : 0;
}

static float
best_spelling(const struct unit *a, const struct unit *b)
{
	float best = 0;

	for (size_t i = 0; i < a->n_latin; i++)
		for (size_t j = 0; j < b->n_latin; j++) {
			best = MAX(best,
			    by_spelling(
				a->latin[i], a->letters[i], b->latin[j], b->letters[j]));
			best = MAX(best,
			    by_spelling(a->sound[i], a->sounds[i], b->sound[j], b->sounds[j]));
		}
	return best;
}

/* Arabic letters stand for several sounds of other languages each. */
static char
in_abjad(char c)
{
	return c == 'p' ? 'b' : c == 'v' ? 'f' : c == 'g' ? 'j' : c;
}

static bool
bones_equal(const struct unit *a, const struct unit *b, bool loose, size_t least)
{
	for (size_t i = 0; i < a->n_latin; i++)
		for (size_t j = 0; j < b->n_latin; j++) {
			const char *s = a->bones[i], *t = b->bones[j];

			if (strlen(s) < least)
				continue;
			while (*s && (*s == *t || (loose && in_abjad(*s) == in_abjad(*t)))) {
				s++;
				t++;
			}
			if (!*s && !*t)
				return true;
		}
	return false;
}

static bool
begin_alike(const struct unit *a, const struct unit *b)
{
	bool vowels = strchr("aeiou", a->sound[0][0]) && strchr("aeiou", b->sound[0][0]);

	return vowels || a->sound[0][0] == b->sound[0][0];
}

static float
by_sound(const struct unit *a, const struct unit *b, enum match_reason *ret_why)
{
	bool scripts = a->plain[0] < 0 || b->plain[0] < 0;
	float spelling;

	*ret_why = scripts ? MATCH_SCRIPT : MATCH_SPELLING;
	if (any_equal(a->sound, a->n_latin, b->sound, b->n_latin, 2))
		return 0.93f;
	if (a->abjad != b->abjad && bones_equal(a, b, true, 2))
		return 0.88f;
	*ret_why = MATCH_SPELLING;
	spelling = best_spelling(a, b);
	if (begin_alike(a, b) && bones_equal(a, b, false, 3))
		spelling = MAX(spelling, 0.78f);
	return spelling;
}

/* How well two units fit, 0 to 1, and what links them. */
static float
fit(const struct unit *a, const struct unit *b, enum match_reason *ret_why)
{
	*ret_why = MATCH_SAME;
	if (strcmp(a->plain, b->plain) == 0)
		return 1;
	if (a->initial || b->initial) {
		*ret_why = MATCH_INITIALS;
		return a->latin[0][0] == b->latin[0][0] ? 0.9f : 0;
	}
	if (a->number || b->number)
		return 0;
	*ret_why = MATCH_TRANSLATION;
	if (a->concept >= CONCEPT_FIRST && b->concept >= CONCEPT_FIRST)
	return a->concept == b->concept ? 0.97f : 0;
	if (a->han && b->han) {
		/* Sounds are shared by many characters; but simplified and traditional ones sound alike. */
		*ret_why = MATCH_SPELLING;
		return any_equal(a->latin, 1, b->latin, 1, 1) ? 0.8f : 0;
	}
	*ret_why = MATCH_SCRIPT;
	if (any_equal(a->latin, a->n_latin, b->latin, b->n_latin, 1))
		return 0.97f;
	return by_sound(a, b, ret_why);
}

static void
take(struct pairing *p, size_t i, size_t j, float how, enum match_reason why)
{
	float w = MIN(p->weight_a[i], p->weight_b[j]);

	p->taken_a[i] = p->taken_b[j] = how;
	if (why != MATCH_INITIALS)
		p->weight_a[i] = p->weight_b[j] = w;
	p->mate[i] = (uint8_t)j;
	p->used[why] = true;
}

/* Best first, so that what is the same is not given away to what is only alike. */
static void
pair_units(struct pairing *p)
{
	float how[UNITS][UNITS];
	uint8_t why[UNITS][UNITS];

	for (size_t i = 0; i < p->n; i++)
		for (size_t j = 0; j < p->m; j++) {
			enum match_reason r = MATCH_SAME;
			bool stop = p->weight_a[i] == 0 || p->weight_b[j] == 0;

			how[i][j] = stop ? 0 : fit(&p->a->units[i], &p->b->units[j], &r);
			why[i][j] = (uint8_t)r;
		}
	for (;;) {
		size_t bi = 0, bj = 0;
		float best = 0;

		for (size_t i = 0; i < p->n; i++)
			for (size_t j = 0; j < p->m && p->taken_a[i] == 0; j++)
				if (p->taken_b[j] == 0 && how[i][j] > best) {
					best = how[i][j];
					bi = i;
					bj = j;
				}
		if (best == 0)
			return;
		take(p, bi, bj, best, why[bi][bj]);
	}
}

bool
begins_with(const struct beginning *word, uint32_t letter)
{
	return word->first == letter || (uint32_t)word->latin == letter;
}

/* From word i on, for what is left of the letters. Articles and such may count or not. */
static size_t
run_from(const char *letters, const struct beginning *words, size_t i, size_t n)
{
	const char *rest = letters;
	uint32_t c = letter_next(&rest);
	size_t end;

	if (!c)
		return i;
	if (i == n)
		return 0;
	if (begins_with(&words[i], c) && (end = run_from(rest, words, i + 1, n)))
		return end;
	return words[i].stop ? run_from(letters, words, i + 1, n) : 0;
}

size_t
acronym_run(const char *plain, const struct beginning *words, size_t n)
{
	size_t letters = 0;

	for (const char *s = plain; letter_next(&s);)
		letters++;
	return letters >= 2 && letters <= ACRONYM_MAX ? run_from(plain, words, 0, n) : 0;
}

/* The unit as an abbreviation of a run of the other's words: all of these are then paired with it. */
static void
pair_acronym(const struct unit *u, float *taken, float *weight, const struct match_name *other,
    float *other_taken, const float *other_weight, struct pairing *p)
{
	const char *s = u->plain;
	uint32_t letter = letter_next(&s);

	if (u->concept || u->han || u->number || *taken > 0)
		return;
	for (size_t at = 0; at < other->n_words; at++) {
		size_t n = begins_with(&other->words[at], letter) ?
		    acronym_run(u->plain, other->words + at, other->n_words - at) :
		    0;
		size_t first = other->words[at].unit, last, free = 0;
		float sum = 0;

		if (!n)
			continue;
		last = other->words[at + n - 1].unit;
		for (size_t i = first; i <= last && i < UNITS; i++) {
			free += other_taken[i] == 0;
			sum += other_weight[i];
		}
		if (last >= UNITS || free != last - first + 1)
			continue;
		for (size_t i = first; i <= last; i++)
			other_taken[i] = 0.9f;
		*taken = 0.9f;
		*weight = sum;
		p->used[MATCH_ABBREVIATION] = true;
		return;
	}
}

static void
pair_acronyms(struct pairing *p)
{
	for (size_t i = 0; i < p->n; i++)
		pair_acronym(&p->a->units[i], &p->taken_a[i], &p->weight_a[i], p->b, p->taken_b,
		    p->weight_b, p);
	for (size_t j = 0; j < p->m; j++)
		pair_acronym(&p->b->units[j], &p->taken_b[j], &p->weight_b[j], p->a, p->taken_a,
		    p->weight_a, p);
}

/* The same but for the spaces; a person's names in either order. */
static bool
joined_alike(const struct match_name *a, const struct match_name *b)
{
	if (a->n == b->n || !a->n || !b->n)
		return false;
	if (a->units[0].han && b->units[0].han)
		return a->joined_plain == b->joined_plain;
	for (size_t i = 0; i < a->n_joined; i++)
		for (size_t j = 0; j < b->n_joined; j++)
			if (a->joined[i] == b->joined[j])
				return true;
	return false;
}

struct sums {
	float a, b;           /* all weights */
	float paired;         /* of both sides, each by how well */
	float left_a, left_b; /* weights of what has no pair */
	size_t telling;       /* paired units that are no common words */
};

static struct sums
sum_up(const struct pairing *p)
{
	struct sums s = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		s.a += p->weight_a[i];
		s.paired += p->weight_a[i] * p->taken_a[i];
		s.left_a += p->taken_a[i] > 0 ? 0 : p->weight_a[i];
		s.telling += p->taken_a[i] > 0 && !p->a->units[i].concept;
	}
	for (size_t j = 0; j < p->m; j++) {
		s.b += p->weight_b[j];
		s.paired += p->weight_b[j] * p->taken_b[j];
		s.left_b += p->taken_b[j] > 0 ? 0 : p->weight_b[j];
	}
	return s;
}

static bool
other_order(const struct pairing *p)
{
	int last = -1;

	for (size_t i = 0; i < p->n; i++) {
		if (p->taken_a[i] == 0)
			continue;
		if (p->mate[i] < last)
			return true;
		last = p->mate[i];
	}
	return false;
}

/* The most that a pair with this weakest link may score: how often it deceives. */
static const float caps[MATCH_REASONS] = {
	[MATCH_DIFFERENT] = 0.69f,
	[MATCH_PART] = 0.88f,
	[MATCH_ABBREVIATION] = 0.85f,
	[MATCH_INITIALS] = 0.8f,
	[MATCH_SPELLING] = 0.95f,
	[MATCH_TRANSLATION] = 0.92f,
	[MATCH_SCRIPT] = 0.96f,
	[MATCH_ORDER] = 0.97f,
	[MATCH_LEGAL_FORM] = 0.98f,
	[MATCH_SAME] = 0.99f,
};

/* Legal forms that are not the same: of another kind, of the same kind elsewhere, or none. */
static float
forms_differ(const struct match_name *a, const struct match_name *b)
{
	if (a->form == b->form)
		return 1;
	if (!a->form || !b->form)
		return 0.98f;
	return a->form_kind == b->form_kind ? 0.95f : 0.85f;
}

static enum match_reason
weakest(const struct pairing *p, const struct sums *s)
{
	if (s->left_a > 0 && s->left_b > 0)
		return MATCH_DIFFERENT;
	if (s->left_a > 0 || s->left_b > 0)
		return MATCH_PART;
	for (enum match_reason r = MATCH_ABBREVIATION; r <= MATCH_SCRIPT; r++)
		if (p->used[r])
			return r;
	if (other_order(p))
		return MATCH_ORDER;
	return p->a->form != p->b->form ? MATCH_LEGAL_FORM : MATCH_SAME;
}

static struct match
judge(const struct pairing *p)
{
	struct sums s = sum_up(p);
	struct match ret = { .reason = weakest(p, &s) };
	float least = MIN(s.a, s.b), score = s.a + s.b > 0 ? s.paired / (s.a + s.b) : 0;

	/* Both say something that the other does not: a namesake elsewhere, a brother. */
	if (least > 0)
		score *= 1 - 0.4f * MIN(1, 2 * MIN(s.left_a, s.left_b) / least);
	if (p->a->kind == MATCH_PERSON && ret.reason == MATCH_PART && MIN(p->n, p->m) > 1)
		score = MAX(score, 0.75f); /* a father's or a second family name */
	if (ret.reason == MATCH_TRANSLATION && !s.telling)
		score = MIN(score, 0.75f); /* each country has its union of students */
	score = MIN(score, caps[ret.reason]) * forms_differ(p->a, p->b);
	ret.score = (double)score;
	return ret;
}

struct match
match_compare(const struct match_name *a, const struct match_name *b)
{
	struct pairing p;
	int order = strcmp(a->key, b->key);

	if (!a->key[0] || !b->key[0] || a->kind != b->kind)
		return (struct match){ 0, MATCH_DIFFERENT };
	if (order == 0)
		return (struct match){ 1, MATCH_SAME };
	if (order > 0) /* whichever comes first, the answer is the same */
		return match_compare(b, a);
	p = (struct pairing){ .a = a, .b = b, .n = MIN(a->n, UNITS), .m = MIN(b->n, UNITS) };
	if (joined_alike(a, b))
		return (struct match){ 0.94 * (double)forms_differ(a, b),
			(a->units[0].plain[0] < 0) != (b->units[0].plain[0] < 0) ?
			    MATCH_SCRIPT :
			    MATCH_SPELLING };
	for (size_t i = 0; i < p.n; i++)
		p.weight_a[i] = a->units[i].weight;
	for (size_t j = 0; j < p.m; j++)
		p.weight_b[j] = b->units[j].weight;
	if (a->kind == MATCH_ORGANISATION)
		pair_acronyms(&p);
	pair_units(&p);
	return judge(&p);
}

static const struct {
	const char *name, *says;
} reasons[] = {
	[MATCH_DIFFERENT] = { "different", "the names differ" },
	[MATCH_PART] = { "part", "one name says more than the other" },
	[MATCH_ABBREVIATION] = { "abbreviation", "one abbreviates the other" },
	[MATCH_INITIALS] = { "initials", "one has initials where the other has names" },
	[MATCH_SPELLING] = { "spelling", "the spelling differs" },
	[MATCH_TRANSLATION] = { "translation", "common words are in another language" },
	[MATCH_SCRIPT] = { "script", "the same in other letters" },
	[MATCH_ORDER] = { "order", "the words are in another order" },
	[MATCH_LEGAL_FORM] = { "legal-form", "only the legal form differs" },
	[MATCH_SAME] = { "same", "the same words" },
};
_Static_assert(LEN(reasons) == MATCH_REASONS, "every reason has a row");

const char *
match_reason_name(enum match_reason r)
{
	return reasons[r].name;
}

const char *
match_reason_says(enum match_reason r)
{
	return reasons[r].says;
}
