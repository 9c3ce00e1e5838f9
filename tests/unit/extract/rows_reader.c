/* Frames of rows that break a rule, each alone: none of it is believed. */
#include "extract/frame.h"
#include "extract/client/rows_reader_private.h"
#include "test.h"

struct said {
	uint32_t kind;
	const char *body;
	size_t n;
};
#define SAID(kind, bytes)                                                                      \
	{                                                                                      \
		kind, bytes, sizeof(bytes) - 1                                                 \
	}
#define U64(n) "\0\0\0\0\0\0\0" n
#define NOWHERE "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define TABLE SAID(FRAME_TABLE, "t\0a\0")

/* What comes of some frames: rows and pieces, or -1 if they are refused. */
static int
taken(const struct said *said, size_t n, bool *ret_ended)
{
	struct rows_reader r;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct row row;
	struct err e = { 0 };
	bool got = false;
	int count = 0;

	for (size_t i = 0; i < n; i++)
		frame_write(&b,
		    &(struct frame){
			said[i].kind, (uint32_t)said[i].n, (const uint8_t *)said[i].body });
	rows_reader_init(&r);
	memcpy(rows_reader_space(&r, b.n), b.p, b.n);
	while (rows_reader_take(&r, &row, &got, &e) && got)
		count++;
	*ret_ended = r.ended;
	rows_reader_done(&r);
	return *e.msg ? -1 : count;
}

#define TAKEN(...)                                                                             \
	taken((const struct said[]){ __VA_ARGS__ },                                            \
	    sizeof((const struct said[]){ __VA_ARGS__ }) / sizeof(struct said), &ended)

static void
believes_what_keeps_the_rules(void)
{
	bool ended;

	CHECK(TAKEN(TABLE,
		  SAID(FRAME_ROW,
		      U64("\1") U64("\4") U64("\7") "\x40"
						    "a\0x\0"),
		  SAID(FRAME_BROKEN, U64("\2") "why"),
		  SAID(FRAME_ROW,
		      U64("\5") NOWHERE "\x63"
					"a\0[]\0"),
		  SAID(FRAME_FILE, "d/f"), SAID(FRAME_BYTES, "xy"), SAID(FRAME_BYTES, ""),
		  SAID(FRAME_END, "\0\0")) == 5);
	CHECK(ended);
	CHECK(TAKEN(SAID(FRAME_END, "\1\0")) == 0 && ended);
	CHECK(TAKEN(SAID(FRAME_END, "\2\0no")) == 0 && ended);
}

static void
refuses_what_is_out_of_order(void)
{
	bool ended;

	CHECK(TAKEN(SAID(FRAME_ROW, U64("\1") NOWHERE)) == -1);
	CHECK(TAKEN(SAID(FRAME_BYTES, "x")) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "f"), SAID(FRAME_ROW, U64("\1") NOWHERE)) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "f"), TABLE) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "f"), SAID(FRAME_BYTES, "x"), SAID(FRAME_END, "\0\0")) ==
	    -1);
	CHECK(TAKEN(SAID(FRAME_TEXT, "x")) == -1);
	CHECK(TAKEN(SAID(FRAME_FIELD, "title\0x")) == -1);
	CHECK(TAKEN(SAID(FRAME_END, "\0\0"), SAID(FRAME_END, "\0\0")) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_ROW, U64("\2") NOWHERE),
		  SAID(FRAME_ROW, U64("\2") NOWHERE)) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_ROW, U64("\1") U64("\0") U64("\4")),
		  SAID(FRAME_ROW, U64("\2") U64("\3") U64("\5"))) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_ROW, U64("\1") U64("\4") U64("\4"))) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_ROW, "\xff\0\0\0\0\0\0\1" NOWHERE)) == -1);
}

static void
refuses_what_is_no_text(void)
{
	bool ended;

#define ROW(cells) TABLE, SAID(FRAME_ROW, U64("\1") NOWHERE cells)
	CHECK(TAKEN(ROW("\x40"
			"a\0x")) == -1);
	CHECK(TAKEN(ROW("\x40"
			"a\0")) == -1);
	CHECK(TAKEN(ROW("\x40"
			"a\0\0")) == -1);
	CHECK(TAKEN(ROW("\x40"
			"a\0\xff\0")) == -1);
	CHECK(TAKEN(ROW("\x40"
			"\xc0\x80\0x\0")) == -1);
	CHECK(TAKEN(ROW("\x80"
			"a\0x\0")) == -1);
	CHECK(TAKEN(ROW("\x44"
			"a\0x\0")) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_ROW, "\0\0")) == -1);
	CHECK(TAKEN(SAID(FRAME_TABLE, "")) == -1);
	CHECK(TAKEN(SAID(FRAME_TABLE, "t")) == -1);
	CHECK(TAKEN(SAID(FRAME_TABLE, "t\0\xff\0")) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_BROKEN, U64("\1"))) == -1);
	CHECK(TAKEN(TABLE, SAID(FRAME_BROKEN, U64("\1") "a\nb")) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "")) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "a/../b")) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "..")) == -1);
	CHECK(TAKEN(SAID(FRAME_FILE, "a\nb")) == -1);
	CHECK(TAKEN(SAID(FRAME_END, "")) == -1);
	CHECK(TAKEN(SAID(FRAME_END, "\3\0")) == -1);
	CHECK(TAKEN(SAID(FRAME_END, "\2\0")) == -1);
	CHECK(TAKEN(SAID(FRAME_END, "\0\0x")) == -1);
}

TESTS(T(believes_what_keeps_the_rules), T(refuses_what_is_out_of_order),
    T(refuses_what_is_no_text))
