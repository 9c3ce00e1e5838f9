/* The map: where records are, as far as coordinates or a State are told; and the list of what a figure counted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "desk/pages/made.h"
#include "desk/pages/surveying.h"
#include "record/claims.h"

enum { MARKS_MAX = 1500, ROWS = 100 };

static int
by_code(const void *key, const void *point)
{
	return strcmp(key, ((const struct state_point *)point)->code);
}

static const struct state_point *
point_of(const char *code)
{
	return bsearch(code, state_points, n_state_points, sizeof *state_points, by_code);
}

static void
add_marks(struct request *r, const struct survey *s, const struct survey_filter *f,
    struct map_mark *rows, struct map_page *p)
{
	struct survey_mark *m;
	size_t n;

	survey_marks(r->a, s, &m, &n);
	p->more = n > MARKS_MAX ? n - MARKS_MAX : 0;
	for (size_t i = 0; i < MIN(n, (size_t)MARKS_MAX); i++) {
		const struct spot *at = &m[i].spot;
		const char *place =
			       arena_printf(r->a, "%.3f,%.3f", at->latitude, at->longitude),
			   *all = survey_address(r, f, NULL, NULL, NULL);

		rows[p->n_marks++] = (struct map_mark){ .name = *at->name ? at->name : place,
			.address = arena_printf(
			    r->a, "%s%cat=%s", all, strchr(all, '?') ? '&' : '?', place),
			.latitude = at->latitude,
			.longitude = at->longitude,
			.uncertainty = isnan(at->uncertainty) ? 0 : at->uncertainty,
			.n = m[i].n };
	}
}

/* Those without coordinates, by their State. */
static void
add_regions(struct request *r, const struct schema *sc, const struct survey *s,
    const struct survey_filter *f, struct map_mark *rows, struct map_page *p)
{
	struct survey_state *of;
	size_t n;

	survey_states(r->a, s, &of, &n);
	for (size_t i = 0; i < n; i++) {
		const struct state_point *at = point_of(of[i].code);
		const char *all = survey_address(r, f, of[i].code, NULL, NULL);

		if (!*of[i].code)
			p->nowhere += of[i].without;
		else if (!at)
			p->off_map += of[i].without;
		else if (of[i].without)
			rows[p->n_marks++] =
			    (struct map_mark){ .name = country_words(r, sc, of[i].code),
				    .address = arena_printf(r->a, "%s&at=none", all),
				    .latitude = at->latitude,
				    .longitude = at->longitude,
				    .n = of[i].without,
				    .region = true };
	}
}

/* All marks with room around them, or the world. */
static void
fit(struct map_page *p)
{
	double west = 180, east = -180, south = 90, north = -90, wide;

	for (size_t i = 0; i < p->n_marks; i++) {
		const struct map_mark *m = &p->marks[i];

		west = MIN(west, m->longitude);
		east = MAX(east, m->longitude);
		south = MIN(south, m->latitude);
		north = MAX(north, m->latitude);
	}
	wide = 1.2 * MAX(east - west, 2.5 * (north - south));
	wide = !p->n_marks ? 360 : MAX(15.0, MIN(360.0, wide));
	p->degrees = wide;
	p->west = MAX(-180.0, MIN(180 - wide, (west + east - wide) / 2));
	p->north = MIN(84.0, MAX(0.4 * wide - 60, (north + south + 0.4 * wide) / 2));
}

bool
map_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct survey_filter f = survey_asked(r, "", SURVEY_PLACES | SURVEY_STATES);
	struct map_page p = { .script = static_address(r, "map.js"),
		.style = static_address(r, "map.css"),
		.drawing = static_address(r, "world.svg"),
		.shapes = static_address(r, "world.json") };
	const struct schema *s = request_schema(r, e);
	struct map_mark *rows;
	struct survey found;

	if (!s || !account_survey(r->s->db, &v, r->a, s, &f, &found, e))
		return false;
	rows = arena_alloc(r->a, (MARKS_MAX + n_state_points) * sizeof *rows);
	add_marks(r, &found, &f, rows, &p);
	add_regions(r, s, &found, &f, rows, &p);
	p.marks = rows;
	fit(&p);
	p.counted = found.n;
	p.undated = found.undated;
	p.withheld = found.withheld;
	p.form = survey_form_of(r, s, "/map", &f);
	p.frame = page_frame(r, html_words(&h, WORD_MAP), "map");
	page_map(&h, &p);
	return true;
}

/* ---- what a figure counted ---- */

/* "5.25,26.25", "none": without coordinates, "": anywhere. */
static bool
read_place(const char *s, double *latitude, double *longitude)
{
	char *end;

	*latitude = strtod(s, &end);
	if (end == s || *end != ',')
		return false;
	s = end + 1;
	*longitude = strtod(s, &end);
	return end != s && !*end && fabs(*latitude) <= 90 && fabs(*longitude) <= 180;
}

static bool
choose(struct request *r, const struct survey *s, const char *place,
    const struct surveyed ***ret, size_t *ret_n, struct err *e)
{
	bool none = strcmp(place, "none") == 0;
	double latitude = 0, longitude = 0;
	const struct surveyed **all = arena_alloc(r->a, (s->n + 1) * sizeof *all);

	*ret_n = 0;
	if (*place && !none && !read_place(place, &latitude, &longitude))
		return err_set(e, ERR_INVALID, "a place is latitude,longitude");
	for (size_t i = 0; i < s->n; i++)
		if (!*place || (none && !s->r[i].n_spots) ||
		    (!none && survey_is_at(&s->r[i], latitude, longitude)))
			all[(*ret_n)++] = &s->r[i];
	*ret = all;
	return true;
}

static const char *
next_rows(struct request *r, const struct survey_filter *f, const char *place, size_t after)
{
	const char *all = survey_address(r, f, NULL, NULL, NULL);

	return arena_printf(
	    r->a, "%s%cat=%s&after=%zu", all, strchr(all, '?') ? '&' : '?', place, after);
}

bool
counted_page(struct request *r, struct reply *ret, struct err *e)
{
	struct html h = reply_html(r, ret);
	struct viewer v = request_viewer(r);
	struct survey_filter f =
	    survey_asked(r, "", SURVEY_DATES | SURVEY_STATES | SURVEY_PLACES);
	const char *place = request_query(r, "at");
	size_t after = request_number(request_query(r, "after"), 0, 1 << 30), n;
	struct counted_page p = { .place = or_none(place) };
	const struct schema *s = request_schema(r, e);
	const struct surveyed **rows = NULL;
	struct survey found;

	if (!*place)
		f.want = SURVEY_DATES;
	else if (!*f.type) /* as the map does: what has no place is not on it */
		f.want = SURVEY_STATES | SURVEY_PLACES;
	if (!s || !account_survey(r->s->db, &v, r->a, s, &f, &found, e) ||
	    !choose(r, &found, place, &rows, &n, e))
		return false;
	after = MIN(after, n);
	p.counted = n;
	p.n_rows = MIN((size_t)ROWS, n - after);
	if (!survey_rows(r, s, rows + after, p.n_rows, 0, 1, &p.rows, e))
		return false;
	if (after + p.n_rows < n)
		p.next = next_rows(r, &f, place, after + p.n_rows);
	p.undated = found.undated;
	p.withheld = found.withheld;
	p.form = survey_form_of(r, s, "/counted", &f);
	p.frame = page_frame(r, html_words(&h, WORD_COUNTED), "map");
	page_counted(&h, &p);
	return true;
}
