/* Content lines: unfolding, names, parameters, values (content_private.h). */
#include "extract/child/content_private.h"

#include <string.h>

/* The next line of the file, without its end; ends are CR LF, LF or CR, and CR CR LF of a file that was
 * changed once too often. */
static const uint8_t *
raw_line(struct content_reader *r, size_t *ret_n)
{
	const uint8_t *line = r->p, *at = line;

	while (at < r->end && *at != '\n' && *at != '\r')
		at++;
	*ret_n = (size_t)(at - line);
	while (at < r->end && *at == '\r')
		at++;
	if (at < r->end && *at == '\n')
		at++;
	r->p = at;
	r->at++;
	return line;
}

static bool
names(const char *p, size_t n, const char *word)
{
	return memmem(p, n, word, strlen(word)) != NULL;
}

/* What stands before the value, in capitals as far as it is looked at. */
static void
head_of(const struct buf *line, char ret[256], size_t *ret_n)
{
	const char *p = buf_peek(line), *colon = memchr(p, ':', line->n);
	size_t n = MIN(colon ? (size_t)(colon - p) : line->n, (size_t)255);

	for (size_t i = 0; i < n; i++)
		ret[i] = (char)(p[i] >= 'a' && p[i] <= 'z' ? p[i] - 32 : p[i]);
	ret[n] = 0;
	*ret_n = n;
}

static bool
all_base64(const uint8_t *p, const uint8_t *end)
{
	size_t n = 0;

	for (; p < end && *p != '\n' && *p != '\r'; p++, n++) {
		bool digit = (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';

		if (!digit && !(*p >= '0' && *p <= '9') && !memchr("+/= ", *p, 4))
			return false;
	}
	return n > 0;
}

/* Does the next line of the file belong to this one? 2.1 goes on after a "=" of quoted-printable, and its base64 may
 * stand at the left edge. */
static bool
goes_on(struct content_reader *r, bool quoted, bool base64)
{
	if (r->p >= r->end)
		return false;
	if (quoted && r->line.n && r->line.p[r->line.n - 1] == '=') {
		r->line.p[--r->line.n] = 0;
		return true;
	}
	return *r->p == ' ' || *r->p == '\t' || (base64 && all_base64(r->p, r->end));
}

static bool
unfold(struct content_reader *r, unsigned *ret_line)
{
	bool quoted, base64;
	char head[256];
	size_t n;

	do {
		const uint8_t *p;

		if (r->p >= r->end)
			return false;
		*ret_line = r->at + 1;
		buf_reset(&r->line);
		p = raw_line(r, &n);
		buf_add(&r->line, p, n);
	} while (!n);
	head_of(&r->line, head, &n);
	quoted = names(head, n, "QUOTED-PRINTABLE");
	base64 = names(head, n, "BASE64") || names(head, n, "ENCODING=B");
	for (;;) {
		bool soft = quoted && r->line.n && r->line.p[r->line.n - 1] == '=';
		const uint8_t *p;

		if (!goes_on(r, quoted, base64))
			return true;
		p = raw_line(r, &n);
		if (n && !soft && (*p == ' ' || *p == '\t')) {
			p++;
			n--;
		}
		buf_add(&r->line, p, n);
	}
}

static void
capitals(char *s)
{
	for (; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 32);
}

static void
add_param(struct content_line *l, char *p)
{
	char *equals = strchr(p, '='), *value = equals ? equals + 1 : p;
	struct content_param *to = &l->params[l->n_params];
	size_t n;

	if (l->n_params == CONTENT_PARAMS)
		return;
	if (equals) {
		*equals = 0;
		capitals(p);
		to->name = p;
	} else {
		capitals(p);
		to->name = strcmp(p, "QUOTED-PRINTABLE") == 0 || strcmp(p, "BASE64") == 0 ?
		    "ENCODING" :
		    "TYPE";
	}
	n = strlen(value);
	if (n >= 2 && *value == '"' && value[n - 1] == '"') {
		value[n - 1] = 0;
		value++;
	}
	to->value = value;
	l->n_params++;
}

/* Where the piece that begins at p ends: at one of `stops` that stands in no quotes. */
static char *
piece_end(char *p, const char *stops)
{
	bool quoted = false;

	for (; *p && (quoted || !strchr(stops, *p)); p++)
		quoted ^= *p == '"';
	return p;
}

/* Takes the line apart where it lies. */
static bool
take_apart(struct buf *line, struct content_line *ret)
{
	char *p = (char *)line->p, *end, *dot;
	char stop;

	end = piece_end(p, ":;");
	if (!*end || end == p)
		return false;
	stop = *end;
	*end = 0;
	dot = strchr(p, '.');
	ret->group = dot ? p : "";
	ret->name = dot ? dot + 1 : p;
	if (dot)
		*dot = 0;
	capitals(dot ? dot + 1 : p);
	while (stop == ';') {
		p = end + 1;
		end = piece_end(p, ":;");
		stop = *end;
		if (!stop)
			return false;
		*end = 0;
		add_param(ret, p);
	}
	ret->value = end + 1;
	ret->n = (size_t)((char *)line->p + line->n - ret->value);
	return true;
}

bool
content_next(struct content_reader *r, struct content_line *ret)
{
	unsigned line;

	while (unfold(r, &line)) {
		*ret = (struct content_line){ .line = line };
		if (r->line.full) { /* some of it did not fit */
			r->broken++;
			continue;
		}
		if (!memchr(r->line.p, 0, r->line.n) && take_apart(&r->line, ret))
			return true;
		for (size_t i = 0; i < r->line.n; i++)
			if (r->line.p[i] != ' ' && r->line.p[i] != '\t') {
				r->broken++;
				break;
			}
	}
	return false;
}

const char *
content_param(const struct content_line *l, const char *name)
{
	for (size_t i = 0; i < l->n_params; i++)
		if (strcmp(l->params[i].name, name) == 0)
			return l->params[i].value;
	return "";
}

bool
content_is(const struct content_line *l, const char *name, const char *value)
{
	return strcmp(l->name, name) == 0 && l->n == strlen(value) &&
	    strncasecmp(l->value, value, l->n) == 0;
}

enum content_encoding
content_encoding(const struct content_line *l)
{
	const char *value = content_param(l, "ENCODING");

	if (strcasecmp(value, "QUOTED-PRINTABLE") == 0)
		return CONTENT_QUOTED;
	return strcasecmp(value, "BASE64") == 0 || strcasecmp(value, "B") == 0 ?
	    CONTENT_BASE64 :
	    CONTENT_PLAIN;
}

const char *
content_component(const char *p, const char *end, char separator, struct buf *ret)
{
	for (; p < end && !(separator && *p == separator); p++) {
		if (*p != '\\' || p + 1 == end) {
			buf_byte(ret, (uint8_t)*p);
			continue;
		}
		p++;
		if (*p == 'n' || *p == 'N')
			buf_byte(ret, '\n');
		else if (*p == ',' || *p == ';' || *p == ':' || *p == '\\')
			buf_byte(ret, (uint8_t)*p);
		else
			buf_add(ret, p - 1, 2);
	}
	return p < end ? p + 1 : NULL;
}

static bool
digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

void
content_date(const char *p, size_t n, struct buf *ret)
{
	bool day = n >= 8 && digits(p, 8), time = day && n >= 15 && p[8] == 'T';

	if (!day || (n > 8 && !(time && digits(p + 9, 6)))) {
		buf_add(ret, p, n);
		return;
	}
	buf_printf(ret, "%.4s-%.2s-%.2s", p, p + 4, p + 6);
	if (time) {
		buf_printf(ret, "T%.2s:%.2s:%.2s", p + 9, p + 11, p + 13);
		buf_add(ret, p + 15, n - 15);
	}
}
