/* Endorsements from a table: which column is which, and what becomes of each row. */
#include <string.h>

#include "account/signon_private.h"
#include "text/text.h"

enum column { ORGANISATION, COUNTRY, REPRESENTATIVE, ROLE, CONTACT, DAY, NAME, COLUMNS };

/* What columns are called, beside the labels of the properties; compared by folded words. */
static const struct {
	enum column column;
	const char *name;
} names[] = {
	{ ORGANISATION, "organization" },
	{ ORGANISATION, "organisation name" },
	{ ORGANISATION, "organization name" },
	{ ORGANISATION, "name of organisation" },
	{ ORGANISATION, "name of organization" },
	{ ORGANISATION, "name of the organisation" },
	{ ORGANISATION, "name of the organization" },
	{ ORGANISATION, "org" },
	{ ORGANISATION, "ngo" },
	{ ORGANISATION, "endorsing organisation" },
	{ ORGANISATION, "endorser" },
	{ ORGANISATION, "signatory organisation" },
	{ ORGANISATION, "association" },
	{ ORGANISATION, "ong" },
	{ ORGANISATION, "nom de l'organisation" },
	{ ORGANISATION, "nombre de la organización" },
	{ ORGANISATION, "nome da organização" },
	{ ORGANISATION, "organização" },
	{ ORGANISATION, "entidad" },
	{ ORGANISATION, "organizzazione" },
	{ ORGANISATION, "название организации" },
	{ ORGANISATION, "наименование организации" },
	{ ORGANISATION, "нко" },
	{ ORGANISATION, "اسم المنظمة" },
	{ ORGANISATION, "منظمة" },
	{ ORGANISATION, "组织名称" },
	{ ORGANISATION, "机构" },
	{ ORGANISATION, "机构名称" },
	{ ORGANISATION, "kuruluş" },
	{ ORGANISATION, "团体" },
	{ COUNTRY, "state" },
	{ COUNTRY, "country of registration" },
	{ COUNTRY, "nation" },
	{ COUNTRY, "nación" },
	{ COUNTRY, "paese" },
	{ COUNTRY, "دولة" },
	{ COUNTRY, "الدولة" },
	{ COUNTRY, "بلد" },
	{ COUNTRY, "ülke" },
	{ COUNTRY, "país de registro" },
	{ REPRESENTATIVE, "name of representative" },
	{ REPRESENTATIVE, "contact person" },
	{ REPRESENTATIVE, "signatory" },
	{ REPRESENTATIVE, "signed by" },
	{ REPRESENTATIVE, "person" },
	{ REPRESENTATIVE, "signataire" },
	{ REPRESENTATIVE, "représentante" },
	{ REPRESENTATIVE, "nom du représentant" },
	{ REPRESENTATIVE, "firmante" },
	{ REPRESENTATIVE, "nombre del representante" },
	{ REPRESENTATIVE, "фио" },
	{ REPRESENTATIVE, "подписант" },
	{ REPRESENTATIVE, "اسم الممثل" },
	{ REPRESENTATIVE, "代表姓名" },
	{ ROLE, "title" },
	{ ROLE, "position" },
	{ ROLE, "job title" },
	{ ROLE, "poste" },
	{ ROLE, "cargo" },
	{ ROLE, "должность" },
	{ ROLE, "المنصب" },
	{ ROLE, "职位" },
	{ CONTACT, "email" },
	{ CONTACT, "e mail" },
	{ CONTACT, "email address" },
	{ CONTACT, "mail" },
	{ CONTACT, "courriel" },
	{ CONTACT, "correo" },
	{ CONTACT, "correo electrónico" },
	{ CONTACT, "эл почта" },
	{ CONTACT, "البريد الإلكتروني" },
	{ CONTACT, "电子邮件" },
	{ CONTACT, "邮箱" },
	{ DAY, "signed" },
	{ DAY, "signed on" },
	{ DAY, "date of signature" },
	{ DAY, "timestamp" },
	{ NAME, "name" },
	{ NAME, "nom" },
	{ NAME, "nombre" },
	{ NAME, "nome" },
	{ NAME, "имя" },
	{ NAME, "название" },
	{ NAME, "الاسم" },
	{ NAME, "名称" },
	{ NAME, "姓名" },
};

/* The properties whose labels name a column too. */
static const struct {
	enum column column;
	const char *property;
} properties[] = { { ORGANISATION, "organisation" }, { COUNTRY, "country" },
	{ REPRESENTATIVE, "representative" }, { ROLE, "role" }, { CONTACT, "contact" },
	{ DAY, "date" } };

const char *
signon_folded(struct arena *a, struct tokens *t, const char *s)
{
	AUTO_VAL(buf) b = buf_init(4096);
	struct token w;

	tokens_start(t, s, strlen(s));
	while (tokens_next(t, &w)) {
		if (w.translit)
			continue;
		if (b.n)
			buf_byte(&b, ' ');
		buf_add(&b, w.term, w.n);
	}
	return arena_str(a, buf_peek(&b));
}

static bool
same_words(struct arena *a, struct tokens *t, const char *cell, const char *name)
{
	return strcmp(cell, signon_folded(a, t, name)) == 0;
}

static bool
is_column(struct arena *a, struct tokens *t, const struct schema *s, const char *cell,
    enum column column)
{
	const struct type *type = schema_type(s, "endorsement");

	for (size_t i = 0; i < LEN(names); i++)
		if (names[i].column == column && same_words(a, t, cell, names[i].name))
			return true;
	for (size_t i = 0; type && i < LEN(properties); i++) {
		const struct property *p = type_property(type, properties[i].property);

		if (properties[i].column != column || !p)
			continue;
		if (same_words(a, t, cell, p->name))
			return true;
		for (size_t k = 0; k < p->labels.n; k++)
			if (same_words(a, t, cell, p->labels.l[k].text))
				return true;
	}
	return false;
}

struct columns {
	size_t at[COLUMNS]; /* SIZE_MAX: there is none */
};

static bool
no_organisations(const struct cells *head, struct err *e)
{
	AUTO_VAL(buf) b = buf_init(160);

	for (size_t i = 0; i < head->n; i++)
		buf_printf(&b, "%s\"%.30s\"", i ? ", " : "", head->cell[i]);
	return err_set(e, ERR_INVALID,
	    "no column is called organisation (nor so in another language); there are: %s",
	    buf_peek(&b));
}

/* A column that is called just "name" holds organisations if no other one does, else people. */
static bool
find_columns(struct arena *a, const struct schema *s, const struct cells *head,
    struct columns *ret, struct err *e)
{
	AUTO(tokens) *t = tokens_new();
	struct columns c;

	for (size_t k = 0; k < COLUMNS; k++)
		c.at[k] = SIZE_MAX;
	for (size_t i = 0; i < head->n; i++) {
		const char *cell = signon_folded(a, t, head->cell[i]);
		size_t k = 0;

		while (k < COLUMNS &&
		    (c.at[k] != SIZE_MAX || !is_column(a, t, s, cell, (enum column)k)))
			k++;
		if (k < COLUMNS)
			c.at[k] = i;
	}
	if (c.at[ORGANISATION] == SIZE_MAX)
		c.at[ORGANISATION] = c.at[NAME];
	else if (c.at[REPRESENTATIVE] == SIZE_MAX)
		c.at[REPRESENTATIVE] = c.at[NAME];
	if (c.at[ORGANISATION] == SIZE_MAX)
		return no_organisations(head, e);
	*ret = c;
	return true;
}

bool
account_endorsements_compartment(struct arena *a, const struct schema *s,
    const struct cells *head, const char **ret, struct err *e)
{
	const struct type *type = schema_type(s, "endorsement");
	struct columns c;

	*ret = "";
	if (!find_columns(a, s, head, &c, e))
		return false;
	for (size_t i = 0; type && i < LEN(properties) && !**ret; i++) {
		const struct property *p = type_property(type, properties[i].property);

		if (p && c.at[properties[i].column] != SIZE_MAX)
			*ret = p->compartment;
	}
	return true;
}

static const char *
cell_of(struct arena *a, const struct columns *c, const struct cells *row, enum column column)
{
	const char *s = c->at[column] < row->n ? row->cell[c->at[column]] : NULL;
	size_t n;

	if (!s)
		return NULL;
	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n && strchr(" \t\r\n", s[n - 1]))
		n--;
	return n ? arena_strn(a, s, n) : NULL;
}

struct importing {
	struct db *db;
	const struct viewer *v;
	struct arena *a;
	struct act_rows *io;
	struct columns columns;
	struct organisations *known;
	struct set *signed_by; /* ids of organisations that signed already */
	struct draft *drafts;
	struct act_endorse **acts; /* of each draft */
	struct row_outcome **of;
	size_t n_drafts;
};

/* Who signed before the table came. */
static bool
read_signed(struct importing *im, struct err *e)
{
	struct record letter;
	struct reading r;
	struct units u;

	if (!signon_letter(im->db, im->v, im->a, im->io->schema, im->io->letter, &letter, e) ||
	    !reading_init(&r, im->db, im->v, im->a, im->io->schema, e) ||
	    !signon_endorsements(&r, letter.number, &u, e))
		return false;
	im->signed_by = set_new(im->a);
	im->io->letter = letter.id;
	for (size_t i = 0; i < u.n; i++) {
		uint64_t org = unit_target(&r, &u.u[i], "organisation");
		struct unit whose;

		if (!org || unit_span(&u.u[i], "withdrawn").known ||
		    unit_span(&u.u[i], "refused").known)
			continue;
		if (!record_unit(&r, org, &whose, e))
			return false;
		*set_named(im->signed_by, whose.id) = 1;
	}
	return true;
}

/* The organisation is known: then it signed before, or further up in the table. */
static const char *
why_known(struct importing *im, const struct act_endorse *act)
{
	const struct organisation *o =
	    organisations_find(im->known, act->organisation, act->code);

	if (!o)
		return "";
	if (!o->id)
		return "the same organisation stands further up";
	return (*set_named(im->signed_by, o->id))++ ? "it signed already" : "";
}

static bool
take_row(struct importing *im, const struct cells *row, struct row_outcome *ret, struct err *e)
{
	struct act_rows *io = im->io;
	struct arena *a = im->a;
	struct act_endorse *act = arena_alloc(a, sizeof *act);
	const struct columns *c = &im->columns;
	const struct term *state;
	size_t n;

	*act = (struct act_endorse){ .actor = io->actor,
		.letter = io->letter,
		.schema = io->schema,
		.organisation = cell_of(a, c, row, ORGANISATION),
		.country = cell_of(a, c, row, COUNTRY),
		.representative = cell_of(a, c, row, REPRESENTATIVE),
		.role = cell_of(a, c, row, ROLE),
		.contact = cell_of(a, c, row, CONTACT),
		.on = cell_of(a, c, row, DAY),
		.rests = io->rests,
		.code = "" };
	if (!act->on)
		act->on = ""; /* not known: today is when the table came */
	ret->organisation = act->organisation ? act->organisation : "";
	if (act->country) {
		if (!account_state(io->schema, act->country, &state, e))
			return err_at(e, "country");
		act->code = state->code;
	}
	ret->country = act->code;
	if (act->organisation && *(ret->why = why_known(im, act))) {
		ret->kind = ROW_KNOWN;
		return true;
	}
	if (!account_endorse(
		im->db, im->v, a, im->known, act, &im->drafts[im->n_drafts], &n, e))
		return false;
	im->acts[im->n_drafts + n - 1] = act;
	im->of[im->n_drafts + n - 1] = ret;
	im->n_drafts += n;
	return true;
}

static bool
is_empty(const struct cells *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->cell[i][strspn(row->cell[i], " \t\r\n")])
			return false;
	return true;
}

static bool
take_rows(struct importing *im, struct err *e)
{
	struct act_rows *io = im->io;

	for (size_t i = 1; i < io->n; i++) {
		struct row_outcome *o = &io->outcomes[io->n_outcomes];
		struct err why = { 0 };

		if (is_empty(&io->rows[i]))
			continue;
		*o = (struct row_outcome){
			.row = i, .why = "", .organisation = "", .country = "", .record = ""
		};
		if (!take_row(im, &io->rows[i], o, &why)) {
			if (io->strict) {
				*e = why;
				return err_at(e, "row %zu", i);
			}
			o->kind = ROW_FAILED;
			o->why = arena_str(im->a, why.msg);
		}
		io->n_outcomes++;
		io->added += o->kind == ROW_ADDED;
		io->known += o->kind == ROW_KNOWN;
		io->failed += o->kind == ROW_FAILED;
	}
	return true;
}

bool
account_import_endorsements(struct log *log, struct db *db, const struct viewer *v,
    struct arena *a, struct act_rows *io, struct err *e)
{
	struct importing im = { .db = db, .v = v, .a = a, .io = io };

	io->outcomes = arena_alloc(a, (io->n + 1) * sizeof *io->outcomes);
	im.drafts = arena_alloc(a, 2 * (io->n + 1) * sizeof *im.drafts);
	im.acts = arena_alloc(a, 2 * (io->n + 1) * sizeof *im.acts);
	im.of = arena_alloc(a, 2 * (io->n + 1) * sizeof *im.of);
	if (!io->n)
		return err_set(e, ERR_INVALID, "the table is empty");
	if (!find_columns(a, io->schema, &io->rows[0], &im.columns, e) ||
	    !organisations_read(db, v, a, io->schema, &im.known, e) || !read_signed(&im, e) ||
	    !take_rows(&im, e))
		return false;
	if (io->dry || !im.n_drafts)
		return true;
	if (!log_append(log, im.drafts, im.n_drafts, true, e))
		return false;
	for (size_t i = 0; i < im.n_drafts; i++)
		if (im.of[i])
			im.of[i]->record = arena_str(a, im.acts[i]->made[1].id.s);
	return true;
}
