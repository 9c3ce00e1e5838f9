/* What EXIF says, as fields. */
#include "extract/picture/picture_exif_private.h"

#include <libexif/exif-data.h>
#include <math.h>
#include <string.h>

enum { VALUE_MAX = 4096, EXIF_MAX = 65534 }; /* more the library does not take */

struct exif {
	ExifData *data;
	ExifByteOrder order;
};

struct exif *
exif_open(const uint8_t *p, size_t n)
{
	static const char mark[] = { 'E', 'x', 'i', 'f', 0, 0 };
	AUTO_VAL(buf) b = buf_init(EXIF_MAX);
	struct exif *x;
	ExifData *data;

	if (!p || n < 8)
		return NULL;
	buf_add(&b, mark, sizeof mark);
	buf_add(&b, p, MIN(n, EXIF_MAX - sizeof mark));
	data = exif_data_new();
	if (!data)
		return NULL;
	/* What is there is told; what the standard wants besides is not made up. */
	exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
	exif_data_set_option(data, EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
	exif_data_load_data(data, b.p, (unsigned)b.n);
	x = mem_zalloc(sizeof *x);
	x->data = data;
	x->order = exif_data_get_byte_order(data);
	return x;
}

void
exif_close(struct exif *x)
{
	if (!x)
		return;
	exif_data_unref(x->data);
	free(x);
}

static const ExifEntry *
entry(const struct exif *x, ExifIfd ifd, unsigned tag)
{
	const ExifEntry *e = exif_content_get_entry(x->data->ifd[ifd], (ExifTag)tag);

	return e && e->data && e->size ? e : NULL;
}

/* Letters up to the first zero byte, without spaces around. */
static bool
words(const struct exif *x, ExifIfd ifd, unsigned tag, struct buf *ret)
{
	const ExifEntry *e = entry(x, ifd, tag);
	const char *p = e ? (const char *)e->data : "";
	size_t n = e && e->format == EXIF_FORMAT_ASCII ? strnlen(p, e->size) : 0;

	for (; n && *p == ' '; p++)
		n--;
	while (n && p[n - 1] == ' ')
		n--;
	buf_reset(ret);
	buf_add(ret, p, n);
	return n > 0;
}

/* One of several fractions. */
static bool
fraction(const struct exif *x, unsigned tag, size_t which, double *ret)
{
	const ExifEntry *e = entry(x, EXIF_IFD_GPS, tag);
	ExifRational r;

	if (!e || e->format != EXIF_FORMAT_RATIONAL || e->components <= which ||
	    e->size < 8 * (which + 1))
		return false;
	r = exif_get_rational(e->data + 8 * which, x->order);
	if (!r.denominator)
		return false;
	*ret = (double)r.numerator / (double)r.denominator;
	return true;
}

/* Degrees, minutes, seconds and a letter, as decimal degrees; seconds, or minutes too, may be missing. */
static void
say_degrees(const struct exif *x, struct output *o, unsigned tag, double most, char negative,
    const char *field)
{
	AUTO_VAL(buf) b = buf_init(VALUE_MAX);
	double degrees, minutes = 0, seconds = 0;
	bool below = words(x, EXIF_IFD_GPS, tag - 1, &b) && b.p[0] == (uint8_t)negative;

	if (!fraction(x, tag, 0, &degrees))
		return;
	(void)(fraction(x, tag, 1, &minutes) && fraction(x, tag, 2, &seconds));
	degrees += minutes / 60 + seconds / 3600;
	if (degrees > most)
		return;
	buf_reset(&b);
	buf_printf(&b, "%.6f", below ? -degrees : degrees);
	output_field(o, field, b.p, b.n);
}

static void
say_altitude(const struct exif *x, struct output *o)
{
	const ExifEntry *below = entry(x, EXIF_IFD_GPS, EXIF_TAG_GPS_ALTITUDE_REF);
	AUTO_VAL(buf) b = buf_init(VALUE_MAX);
	double metres;

	if (!fraction(x, EXIF_TAG_GPS_ALTITUDE, 0, &metres))
		return;
	buf_printf(&b, "%.1f", below && below->data[0] == 1 ? -metres : metres);
	output_field(o, "altitude", b.p, b.n);
}

/* The satellites' time, which is UTC. */
static void
say_gps_time(const struct exif *x, struct output *o)
{
	AUTO_VAL(buf) day = buf_init(VALUE_MAX), b = buf_init(VALUE_MAX);
	double hours, minutes, seconds;

	if (!words(x, EXIF_IFD_GPS, EXIF_TAG_GPS_DATE_STAMP, &day) ||
	    !fraction(x, EXIF_TAG_GPS_TIME_STAMP, 0, &hours) ||
	    !fraction(x, EXIF_TAG_GPS_TIME_STAMP, 1, &minutes) ||
	    !fraction(x, EXIF_TAG_GPS_TIME_STAMP, 2, &seconds) || hours > 23 || minutes > 59 ||
	    seconds > 60)
		return;
	buf_printf(&day, " %02.0f:%02.0f:%02.0f", floor(hours), floor(minutes), floor(seconds));
	picture_date(buf_peek(&day), "Z", &b);
	output_field(o, "date", buf_peek(&b), b.n);
}

static void
say_date(const struct exif *x, struct output *o, ExifIfd ifd, unsigned tag, unsigned offset_tag,
    const char *field)
{
	AUTO_VAL(buf) date = buf_init(VALUE_MAX), offset = buf_init(VALUE_MAX),
		      b = buf_init(VALUE_MAX);

	if (!words(x, ifd, tag, &date))
		return;
	words(x, EXIF_IFD_EXIF, offset_tag, &offset);
	picture_date(buf_peek(&date), buf_peek(&offset), &b);
	output_field(o, field, buf_peek(&b), b.n);
}

/* Makers repeat their name in the model's. */
static void
say_device(const struct exif *x, struct output *o)
{
	AUTO_VAL(buf) make = buf_init(VALUE_MAX), model = buf_init(VALUE_MAX);

	words(x, EXIF_IFD_0, EXIF_TAG_MAKE, &make);
	words(x, EXIF_IFD_0, EXIF_TAG_MODEL, &model);
	if (!strncasecmp(buf_peek(&make), buf_peek(&model), make.n) && model.n)
		buf_reset(&make);
	if (make.n && model.n)
		buf_byte(&make, ' ');
	buf_add(&make, buf_peek(&model), model.n);
	output_field(o, "device", buf_peek(&make), make.n);
}

unsigned
exif_orientation(const struct exif *x)
{
	const ExifEntry *e = x ? entry(x, EXIF_IFD_0, EXIF_TAG_ORIENTATION) : NULL;
	unsigned v = e && e->format == EXIF_FORMAT_SHORT && e->size >= 2 ?
	    exif_get_short(e->data, x->order) :
	    1;

	return v >= 1 && v <= 8 ? v : 1;
}

void
exif_say(const struct exif *x, struct output *o)
{
	static const struct {
		unsigned tag;
		const char *field;
	} rows[] = {
		{ EXIF_TAG_SOFTWARE, "software" },
		{ EXIF_TAG_ARTIST, "creator" },
		{ EXIF_TAG_COPYRIGHT, "rights" },
		{ EXIF_TAG_IMAGE_DESCRIPTION, "description" },
	};
	AUTO_VAL(buf) b = buf_init(VALUE_MAX);

	say_device(x, o);
	say_date(x, o, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL,
	    EXIF_TAG_OFFSET_TIME_ORIGINAL, "created");
	say_date(x, o, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_DIGITIZED,
	    EXIF_TAG_OFFSET_TIME_DIGITIZED, "created");
	say_date(x, o, EXIF_IFD_0, EXIF_TAG_DATE_TIME, EXIF_TAG_OFFSET_TIME, "modified");
	say_gps_time(x, o);
	say_degrees(x, o, EXIF_TAG_GPS_LATITUDE, 90, 'S', "latitude");
	say_degrees(x, o, EXIF_TAG_GPS_LONGITUDE, 180, 'W', "longitude");
	say_altitude(x, o);
	for (size_t i = 0; i < LEN(rows); i++)
		if (words(x, EXIF_IFD_0, rows[i].tag, &b))
			output_field(o, rows[i].field, b.p, b.n);
	buf_reset(&b);
	if (entry(x, EXIF_IFD_0, EXIF_TAG_ORIENTATION)) {
		buf_printf(&b, "%u", exif_orientation(x));
		output_field(o, "orientation", b.p, b.n);
	}
}

const uint8_t *
exif_thumbnail(const struct exif *x, size_t *ret_n)
{
	if (!x || !x->data->data || x->data->size < 4)
		return NULL;
	*ret_n = x->data->size;
	return x->data->data;
}
