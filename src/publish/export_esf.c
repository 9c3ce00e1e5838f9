/* publish/export_esf: the Events Standard Formats as CSV files in a ZIP (docs/formats/esf.md), written as it
 * goes: a file is never whole in memory. */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "publish/export_private.h"

enum { CELL_BYTES = 512 << 20, DAY = 86400000 };

/* ---- names ---- */

static const char *
map_of(const struct map *maps, size_t n, const char *format)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(maps[i].format, format) == 0)
			return maps[i].name;
	return NULL;
}

/* A format is read as the first type that it is mapped to: others of that name would not come back. */
static bool
says(const struct export *x, const struct kind_of *k)
{
	const char *name = k->type ? map_of(k->type->maps, k->type->n_maps, "esf") : NULL;

	return name && schema_mapped(x->o->schema, "esf", name) == k->type;
}

static const char *
field_of(const struct property *p)
{
	const char *field = map_of(p->maps, p->n_maps, "esf");

	if (!field)
		field = map_of(p->maps, p->n_maps, "esf-part");
	return field ? field : p->name;
}

/* ---- columns ---- */

struct field { /* a column */
	const char *name;
	struct buf values, kinds; /* of the record at hand; kinds: of its dates */
	const char *kinds_name;   /* the column that says them; NULL: none does */
};
struct zip {
	struct archive *archive;
	struct archive_entry *entry;
	const struct kind_of *kind; /* of the file that is open; NULL: none is */
	struct field *fields;
	size_t n;
	struct buf row;
};

static struct field *
find_field(struct zip *z, const char *name)
{
	for (size_t i = 0; i < z->n; i++)
		if (strcmp(z->fields[i].name, name) == 0)
			return &z->fields[i];
	return NULL;
}

static void
drop_fields(struct zip *z)
{
	for (size_t i = 0; i < z->n; i++) {
		buf_done(&z->fields[i].values);
		buf_done(&z->fields[i].kinds);
	}
	z->n = 0;
}

static void
make_fields(struct export *x, struct zip *z, const struct type *t)
{
	size_t n = 0;

	for (const struct property *const *p = t->properties; *p; p++)
		n++;
	drop_fields(z);
	z->fields = arena_alloc(x->kept, (n + 1) * sizeof *z->fields);
	for (const struct property *const *p = t->properties; *p; p++) {
		const char *name = field_of(*p);

		if (!find_field(z, name))
			z->fields[z->n++] = (struct field){ .name = name,
				.values = buf_init(CELL_BYTES),
				.kinds = buf_init(CELL_BYTES),
				.kinds_name = map_of((*p)->maps, (*p)->n_maps, "esf-type") };
	}
}

/* ---- the archive ---- */

static la_ssize_t
write_bytes(struct archive *a, void *arg, const void *p, size_t n)
{
	struct export *x = arg;

	(void)a;
	buf_add(&x->bytes, p, n);
	return (la_ssize_t)n;
}

static bool
archive_failed(const struct zip *z, struct err *e)
{
	const char *why = archive_error_string(z->archive);

	return err_set(
	    e, ERR_SYSTEM, "cannot write the ZIP: %.160s", why ? why : "no reason given");
}

static bool
put_row(struct zip *z, struct err *e)
{
	bool ok = !z->row.full &&
	    archive_write_data(z->archive, z->row.p, z->row.n) == (la_ssize_t)z->row.n;

	buf_reset(&z->row);
	return ok || archive_failed(z, e);
}

static bool
put_names(struct zip *z, struct err *e)
{
	for (size_t i = 0; i < z->n; i++) {
		csv_cell(&z->row, i == 0, z->fields[i].name, false);
		if (z->fields[i].kinds_name)
			csv_cell(&z->row, false, z->fields[i].kinds_name, false);
	}
	buf_str(&z->row, "\r\n");
	return put_row(z, e);
}

static bool
open_file(struct export *x, struct zip *z, const struct kind_of *k, struct err *e)
{
	const char *name = map_of(k->type->maps, k->type->n_maps, "esf");

	archive_entry_clear(z->entry);
	archive_entry_set_pathname(z->entry, arena_printf(x->kept, "%s.csv", name));
	archive_entry_set_filetype(z->entry, AE_IFREG);
	archive_entry_set_perm(z->entry, 0644);
	archive_entry_set_mtime(z->entry, (time_t)(x->v.now / 1000), 0);
	archive_entry_unset_size(z->entry); /* known at its end only */
	if (archive_write_header(z->archive, z->entry) != ARCHIVE_OK)
		return archive_failed(z, e);
	z->kind = k;
	make_fields(x, z, k->type);
	return put_names(z, e);
}

static void
zip_free(struct zip *z)
{
	if (!z)
		return;
	drop_fields(z);
	buf_done(&z->row);
	archive_entry_free(z->entry);
	archive_write_free(z->archive);
}

static bool
start(struct export *x, struct err *e)
{
	struct zip *z = arena_alloc(x->kept, sizeof *z);

	x->state = z;
	z->archive = archive_write_new();
	z->entry = archive_entry_new();
	z->row = buf_init(CELL_BYTES);
	if (!z->archive || !z->entry ||
	    archive_write_set_format_zip(z->archive) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(z->archive, 1) != ARCHIVE_OK ||
	    archive_write_open(z->archive, x, NULL, write_bytes, NULL) != ARCHIVE_OK)
		return archive_failed(z, e);
	return true;
}

/* ---- rows ---- */

static void
put_value(struct field *f, const char *s)
{
	if (f->values.n)
		buf_byte(&f->values, '|');
	csv_value(&f->values, s);
}

/* The type that the formats have for a date, by what is known of it. */
static void
put_kind(struct field *f, const struct value *v)
{
	const char *kind = strpbrk(v->text, "~?%") ? "estimated" :
	    v->high - v->low >= DAY                ? "part unknown" :
						     "exact";

	if (f->kinds.n)
		buf_byte(&f->kinds, '|');
	buf_str(&f->kinds, kind);
}

/* What a link leads to: its number where it is in the archive; elsewhere its title, by which an import finds or
 * makes it. *ret NULL: nothing of it may be told. */
static bool
call_target(struct export *x, const struct claim *c, const char **ret, struct err *e)
{
	const struct export_options *o = x->o;
	const char *number, *name;
	struct kind_of of = { 0 };

	if (!name_of_record(x, c->value.text, "record_number", &number, &name, e))
		return false;
	of.type = schema_type(o->schema, name);
	if (says(x, &of) && (!o->type || type_is(of.type, o->type->name))) {
		bool all = !o->records && !o->n_conditions;

		if (*number || all) {
			*ret = *number ? number : c->value.text;
			return true;
		}
	}
	*ret = *c->target_title ? c->target_title : NULL;
	return true;
}

static bool
put_claims(struct export *x, struct field *f, const struct claim *c, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct value *v = &c[i].value;
		const char *s = value_print(x->a, v);
		bool again = false;

		if (c[i].stance != ASSERTS) {
			x->out->left_out++;
			continue;
		}
		for (size_t k = 0; k < i && !again; k++)
			again = c[k].stance == ASSERTS &&
			    strcmp(c[k].value.text, v->text) == 0 &&
			    strcmp(value_print(x->a, &c[k].value), s) == 0;
		if (again)
			continue;
		if (v->kind == KIND_LINK && !call_target(x, &c[i], &s, e))
			return false;
		if (!s) {
			x->out->left_out++;
			continue;
		}
		put_value(f, s);
		if (f->kinds_name)
			put_kind(f, v);
	}
	return true;
}

static bool
fill_fields(struct export *x, struct zip *z, const struct exported *r, struct err *e)
{
	const struct type *t = r->kind->type;
	const struct property *number = type_property(t, "record_number");
	struct field *f;

	for (size_t i = 0, n; i < r->claims.n; i += n) {
		const struct property *p = type_property(t, r->claims.c[i].property);

		n = claims_run(&r->claims, i);
		if (!p)
			x->out->left_out += n;
		else if (!put_claims(x, find_field(z, field_of(p)), &r->claims.c[i], n, e))
			return false;
	}
	f = number ? find_field(z, field_of(number)) : NULL;
	if (f && !f->values.n)
		put_value(f, r->id);
	return true;
}

static bool
record(struct export *x, const struct exported *r, struct err *e)
{
	struct zip *z = x->state;

	if (z->kind != r->kind && !open_file(x, z, r->kind, e))
		return false;
	for (size_t i = 0; i < z->n; i++) {
		buf_reset(&z->fields[i].values);
		buf_reset(&z->fields[i].kinds);
	}
	if (!fill_fields(x, z, r, e))
		return false;
	for (size_t i = 0; i < z->n; i++) {
		csv_cell(&z->row, i == 0, buf_peek(&z->fields[i].values), false);
		if (z->fields[i].kinds_name)
			csv_cell(&z->row, false, buf_peek(&z->fields[i].kinds), false);
	}
	buf_str(&z->row, "\r\n");
	return put_row(z, e);
}

static bool
finish(struct export *x, struct err *e)
{
	struct zip *z = x->state;

	return archive_write_close(z->archive) == ARCHIVE_OK || archive_failed(z, e);
}

static void
done(struct export *x)
{
	zip_free(x->state);
}

const struct form export_esf = { .titles = true,
	.start = start,
	.record = record,
	.finish = finish,
	.says = says,
	.done = done };
