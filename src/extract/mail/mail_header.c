/* A message's headers: lines at the beginning of its text, and fields. */
#include "extract/mail/mail_private.h"

#include <string.h>

/* In the order in which they are shown. Other headers (the way it was carried, lists, programs) stay in the item. */
static const struct {
	const char *header, *field;
	bool addresses;
} rows[] = {
	{ "Subject", "title", false },
	{ "From", "from", true },
	{ "Sender", NULL, true },
	{ "To", "to", true },
	{ "Cc", "cc", true },
	{ "Bcc", "bcc", true },
	{ "Reply-To", "reply_to", true },
	{ "Date", "date", false },
};

static void
add_address(struct output *o, const char *field, InternetAddress *address)
{
	const char *name = internet_address_get_name(address), *addr;
	AUTO_VAL(buf) b = buf_init(MAIL_HEADER + 100);

	if (INTERNET_ADDRESS_IS_GROUP(address)) {
		InternetAddressList *members =
		    internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address));

		for (int i = 0; members && i < internet_address_list_length(members); i++)
			add_address(o, field, internet_address_list_get_address(members, i));
		return;
	}
	addr = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
	if (name && *name && addr && *addr)
		buf_printf(&b, "%s <%s>", name, addr);
	else
		buf_str(&b, addr && *addr ? addr : name ? name : "");
	output_field(o, field, buf_peek(&b), b.n);
}

static void
add_addresses(struct mail *m, const char *field, const char *raw, const char *value)
{
	AUTO_VAL(buf) again = buf_init(MAIL_HEADER);
	InternetAddressList *list;
	int n;

	mail_words(raw, true, &again);
	list = internet_address_list_parse(m->options, buf_peek(&again));
	n = list ? internet_address_list_length(list) : 0;
	for (int i = 0; i < MIN(n, (int)FIELDS_MAX); i++) /* all are in the text */
		add_address(m->o, field, internet_address_list_get_address(list, i));
	if (!n)
		output_field(m->o, field, value, strlen(value));
	if (list)
		g_object_unref(list);
}

static void
add_field(struct mail *m, const char *field, bool addresses, const char *raw, const char *value)
{
	AUTO_VAL(buf) iso = buf_init(64);

	if (addresses)
		add_addresses(m, field, raw, value);
	else if (strcmp(field, "date") != 0)
		output_field(m->o, field, value, strlen(value));
	else if (mail_date(value, &iso))
		output_field(m->o, field, buf_peek(&iso), iso.n);
}

static void
add_line(struct mail *m, const char *name, const char *value, const struct mail_place *at)
{
	AUTO_VAL(buf) b = buf_init(MAIL_HEADER + 100);
	size_t from;

	buf_printf(&b, "%s: ", name);
	one_line_make(&b, value, strlen(value), MAIL_HEADER);
	document_break(&m->d, 1);
	from = document_at(&m->d);
	document_add(&m->d, b.p, b.n);
	if (m->message)
		document_number(&m->d, "message", m->message);
	if (*at->path)
		document_word(&m->d, "part", at->path);
	document_word(&m->d, "header", name);
	document_anchor(&m->d, from);
}

static void
add_id(struct mail *m, GMimeObject *message, const char *header, const char *field)
{
	const char *value = g_mime_object_get_header(message, header);

	if (value)
		output_field(m->o, field, value, strlen(value));
}

static void
add_header(struct mail *m, size_t r, GMimeHeader *h, const struct mail_place *at, bool fields)
{
	AUTO_VAL(buf) iso = buf_init(64), value = buf_init(MAIL_HEADER);
	const char *raw = g_mime_header_get_raw_value(h);

	mail_words(raw ? raw : "", false, &value);
	m->unread += value.full;
	if (!value.n)
		return;
	add_line(m, rows[r].header, buf_peek(&value), at);
	if (fields && rows[r].field)
		add_field(m, rows[r].field, rows[r].addresses, raw, buf_peek(&value));
	if (strcmp(rows[r].header, "Date") == 0)
		m->bad_dates += !mail_date(buf_peek(&value), &iso);
}

static uint8_t
row_named(const char *name)
{
	uint8_t r = 0;

	while (r < LEN(rows) && strcasecmp(name, rows[r].header) != 0)
		r++;
	return r;
}

void
mail_headers(struct mail *m, GMimeMessage *message, const struct mail_place *at, bool fields)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	int n = g_mime_header_list_get_count(list);
	uint8_t *row_of = arena_alloc(m->a, (size_t)n + 1);

	for (int i = 0; i < n; i++) /* each name is asked for once */
		row_of[i] = row_named(
		    g_mime_header_get_name(g_mime_header_list_get_header_at(list, i)));
	for (uint8_t r = 0; r < LEN(rows); r++)
		for (int i = 0; i < n; i++)
			if (row_of[i] == r)
				add_header(m, r, g_mime_header_list_get_header_at(list, i), at,
				    fields);
	if (!fields)
		return;
	add_id(m, GMIME_OBJECT(message), "Message-ID", "message_id");
	add_id(m, GMIME_OBJECT(message), "In-Reply-To", "in_reply_to");
}
