/* The text layer of a page, as both programs that read PDFs give it. */
#include "extract/pdf/pdf_page_private.h"

static void
into_buf(void *to, const char *p, size_t n)
{
	buf_add(to, p, n);
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Form feeds become lines; the lines that are empty at a page's end go. */
enum pdf_page_fate
pdf_add_page(const struct pdf *d, size_t page, struct buf *room, struct document *out)
{
	size_t n, from;

	buf_reset(room);
	if (!pdf_page(d, page, into_buf, room))
		return PDF_PAGE_UNREAD;
	n = room->n;
	out->text.full |= room->full;
	while (n && is_space(room->p[n - 1]))
		n--;
	if (!n)
		return PDF_PAGE_BARE;
	for (size_t i = 0; i < n; i++)
		if (room->p[i] == '\f')
			room->p[i] = '\n';
	document_break(out, 2);
	from = document_at(out);
	document_add(out, room->p, n);
	document_number(out, "page", page + 1);
	document_anchor(out, from);
	return PDF_PAGE_TEXT;
}
