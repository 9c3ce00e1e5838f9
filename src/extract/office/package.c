/* Parts of a ZIP (package_private.h). */
#include "extract/office/package_private.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/child/child_private.h"
#include "extract/private.h"

enum { NAMES_MAX = 64 << 20 };

/* As the parts call each other: no slash at the start, and none that leans the wrong way. */
static void
plain_name(const char *name, char *ret)
{
	size_t n;

	name += strspn(name, "/\\");
	n = strnlen(name, FILE_PATH_MAX);
	for (size_t i = 0; i < n; i++)
		ret[i] = name[i] == '\\' ? '/' : name[i];
	ret[n] = 0;
}

bool
package_open(struct package *ret, const void *p, size_t n, struct err *e)
{
	struct archive_entry *member;
	char name[FILE_PATH_MAX + 1];
	struct err why;
	AUTO_ARCHIVE *a = archive_open(ARCHIVE_ZIP, p, n, e);
	struct package pk = {
		.p = p, .n = n, .names = buf_init(NAMES_MAX), .left = unpack_bound(n)
	};

	if (!a)
		return false;
	for (;;) {
		pk.broken = !archive_next_file(a, &member, &why);
		if (pk.broken || !member)
			break;
		plain_name(archive_name(member), name);
		buf_add(&pk.names, name, strlen(name) + 1);
	}
	if (pk.broken && !pk.names.n) {
		*e = why;
		return false;
	}
	*ret = pk;
	return true;
}

void
package_done(struct package *pk)
{
	archive_done(&pk->a);
	pk->a = NULL;
	buf_done(&pk->names);
}

bool
package_has(const struct package *pk, const char *name)
{
	const char *at = buf_peek(&pk->names);

	for (size_t i = 0; i < pk->names.n; i += strlen(at + i) + 1)
		if (strcasecmp(at + i, name) == 0)
			return true;
	return false;
}

static void
close_archive(struct package *pk)
{
	archive_done(&pk->a);
	pk->a = NULL;
}

/* From where the archive stands, then once more from its start. */
static bool
find(struct package *pk, const char *name, struct err *e)
{
	struct archive_entry *member;
	char at[FILE_PATH_MAX + 1];

	if (!package_has(pk, name))
		return err_set(e, ERR_MISSING, "the document has no %.100s", name);
	for (int round = 0; round < 2; round++) {
		if (!pk->a && !(pk->a = archive_open(ARCHIVE_ZIP, pk->p, pk->n, e)))
			return false;
		while (archive_next_file(pk->a, &member, e) && member) {
			plain_name(archive_name(member), at);
			if (strcasecmp(at, name) != 0)
				continue;
			if (archive_entry_is_encrypted(member) && !child_password())
				return err_set(e, ERR_DENIED, "the document is encrypted");
			memcpy(pk->part, at, sizeof at);
			return true;
		}
		close_archive(pk);
	}
	return err_set(e, ERR_DAMAGED, "%.100s cannot be unpacked", name);
}

void
package_note(struct package *pk, const char *part, const struct err *why)
{
	if (!pk->damaged)
		err_set(&pk->first, why->kind, "%.80s: %.120s", part, why->msg);
	pk->damaged = true;
}

static int
read_part(void *from, char *to, int n)
{
	struct package *pk = from;
	la_ssize_t got;
	struct err why;

	if (!pk->a || n < 0)
		return -1;
	got = archive_read_data(pk->a, to, (size_t)n);
	if (got < 0) {
		archive_fail(pk->a, "unpacking", &why);
	} else if ((uint64_t)got > pk->left) {
		err_set(&why, ERR_TOO_BIG, "the document unpacks to more than its size allows");
		got = -1;
		pk->left = 0;
	} else {
		pk->left -= (uint64_t)got;
		return (int)got;
	}
	package_note(pk, pk->part, &why);
	close_archive(pk);
	return -1;
}

bool
package_read(struct package *pk, const char *name, struct buf *ret, struct err *e)
{
	char piece[16384];
	int n;

	if (!find(pk, name, e))
		return false;
	while ((n = read_part(pk, piece, sizeof piece)) > 0 && !ret->full)
		buf_add(ret, piece, (size_t)n);
	if (n < 0 && !ret->n)
		return err_set(e, ERR_DAMAGED, "%.200s", pk->first.msg);
	return buf_ok(ret, name, e);
}

bool
package_markup(struct package *pk, const char *name, const struct markup_events *events,
    void *ctx, struct err *e)
{
	struct err why;

	if (!find(pk, name, e))
		return false;
	if (!markup_parse(read_part, pk, events, ctx, &why))
		package_note(pk, name, &why);
	return true;
}

void
package_try(struct package *pk, const char *name, const struct markup_events *events, void *ctx)
{
	struct err why;

	if (!package_markup(pk, name, events, ctx, &why) && why.kind != ERR_MISSING)
		package_note(pk, name, &why);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One step of a path, percent-codes resolved. */
static void
add_step(char *ret, size_t *at, const char *step, size_t n)
{
	if (n == 2 && memcmp(step, "..", 2) == 0) {
		while (*at && ret[*at - 1] != '/')
			--*at;
		*at -= *at > 0;
		return;
	}
	if (!n || (n == 1 && *step == '.'))
		return;
	if (*at && ret[*at - 1] != '/' && *at < FILE_PATH_MAX)
		ret[(*at)++] = '/';
	for (size_t i = 0; i < n && *at < FILE_PATH_MAX; i++) {
		int high = n - i > 2 ? hex(step[i + 1]) : -1,
		    low = n - i > 2 ? hex(step[i + 2]) : -1;
		bool coded = step[i] == '%' && high >= 0 && low >= 0 && (high || low);

		ret[*at] = step[i];
		if (coded)
			ret[*at] = (char)(high << 4 | low);
		++*at;
		i += coded ? 2 : 0;
	}
}

void
package_path(const char *base, const char *target, char *ret)
{
	const char *folder = strrchr(base, '/');
	size_t at = 0, n = strcspn(target, "#?");

	if (*target != '/' && folder) {
		at = MIN((size_t)(folder - base), (size_t)FILE_PATH_MAX);
		memcpy(ret, base, at);
	}
	for (size_t i = 0, end; i < n; i = end + 1) {
		end = i;
		while (end < n && target[end] != '/' && target[end] != '\\')
			end++;
		add_step(ret, &at, target + i, end - i);
	}
	ret[at] = 0;
}

struct relating {
	const char *part;
	void (*tell)(void *ctx, const struct relation *r);
	void *ctx;
};

static bool
on_relation(void *ctx, enum markup_ns ns, const char *name, struct element *el)
{
	struct relating *r = ctx;
	const char *id, *type, *target, *mode, *kind;
	struct relation found = { 0 };

	if (ns != NS_RELATIONS || strcmp(name, "Relationship") != 0)
		return true;
	id = element_get(el, NS_NONE, "Id");
	type = element_get(el, NS_NONE, "Type");
	target = element_get(el, NS_NONE, "Target");
	mode = element_get(el, NS_NONE, "TargetMode");
	if (!id || strlen(id) >= sizeof found.id || !type || !target ||
	    (mode && strcmp(mode, "External") == 0))
		return false;
	memcpy(found.id, id, strlen(id) + 1);
	kind = strrchr(type, '/');
	found.kind = kind ? kind + 1 : type;
	package_path(r->part, target, found.target);
	r->tell(r->ctx, &found);
	return false;
}

/* word/document.xml -> word/_rels/document.xml.rels */
static void
relations_of(const char *part, char *ret, size_t size)
{
	const char *slash = strrchr(part, '/');
	int folder = slash ? (int)(slash + 1 - part) : 0;

	snprintf(ret, size, "%.*s_rels/%s.rels", folder, part, part + folder);
}

void
package_relations(struct package *pk, const char *part,
    void (*tell)(void *ctx, const struct relation *r), void *ctx)
{
	static const struct markup_events events = { .start = on_relation };
	struct relating r = { part, tell, ctx };
	char name[FILE_PATH_MAX + 16];

	relations_of(part, name, sizeof name);
	package_try(pk, name, &events, &r);
}

struct wish {
	const char *kind;
	char *ret;
	bool found;
};

static void
on_wish(void *ctx, const struct relation *r)
{
	struct wish *w = ctx;

	if (w->found || strcmp(r->kind, w->kind) != 0)
		return;
	memcpy(w->ret, r->target, strlen(r->target) + 1);
	w->found = true;
}

bool
package_related(struct package *pk, const char *part, const char *kind, char *ret)
{
	struct wish w = { kind, ret, false };

	package_relations(pk, part, on_wish, &w);
	return w.found;
}

bool
package_end(
    struct package *pk, bool (*wanted)(const char *name), struct output *o, struct err *e)
{
	struct err why;

	close_archive(pk);
	if (!packed_members(pk->p, pk->n, wanted, o, &why))
		package_note(pk, "embedded files", &why);
	if (pk->damaged && !o->text_said) {
		*e = pk->first;
		return false;
	}
	if (pk->damaged)
		output_reason_of(o, &pk->first);
	output_end(o, pk->damaged ? pk->first.msg : "");
	return true;
}

const char *
pairs_find(const struct buf *pairs, const char *key)
{
	const char *at = buf_peek(pairs), *end = at + pairs->n;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (strcmp(at, key) == 0)
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}
