/* Arenas, growing buffers, the bounded reader. */
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/reader.h"

static void
arena_gives_zeroed_aligned_memory(void)
{
	AUTO(arena) *a = arena_new();

	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < 70000; n += 1 + n / 3) {
			uint8_t *p = arena_alloc(a, n);
			bool zero = true;

			CHECK((uintptr_t)p % 16 == 0);
			for (size_t i = 0; i < n; i++)
				zero &= p[i] == 0;
			CHECK(zero);
			memset(p, 0xff, n); /* so that used memory would show after the reset */
		}
		arena_reset(a);
	}
}

static void
arena_copies(void)
{
	AUTO(arena) *a = arena_new();
	char s[] = "abcdef";
	char *copy = arena_str(a, s), *part = arena_strn(a, s, 3),
	     *bytes = arena_dup(a, "x\0y", 3);
	char *made = arena_printf(a, "%s-%05d", s, 42), *empty = arena_strn(a, NULL, 0);

	memset(s, 'z', sizeof s - 1);
	CHECK(strcmp(copy, "abcdef") == 0 && strcmp(part, "abc") == 0);
	CHECK(memcmp(bytes, "x\0y", 3) == 0 && strcmp(made, "abcdef-00042") == 0 && !*empty);
	CHECK(arena_str(a, NULL) == NULL);
	CHECK(strlen(arena_printf(a, "%100000d", 1)) == 100000);
	arena_free(NULL);
}

static void
buf_grows_to_its_maximum(void)
{
	AUTO_VAL(buf) b = buf_init(1000);
	struct err e = { 0 };

	CHECK(strcmp(buf_peek(&b), "") == 0);
	for (int i = 0; i < 100; i++)
		buf_str(&b, "0123456789");
	CHECK(b.n == 1000 && !b.full && strlen(buf_peek(&b)) == 1000 && buf_ok(&b, "b", &e));
	buf_add(&b, "", 0);
	CHECK(!b.full);
	buf_byte(&b, 'x');
	CHECK(b.full && b.n == 1000 && !buf_ok(&b, "this", &e) && e.kind == ERR_TOO_BIG);
	CHECK(strstr(e.msg, "this") && strstr(e.msg, "1000"));
	buf_reset(&b);
	CHECK(b.n == 0 && !b.full && !*buf_peek(&b));
	buf_str(&b, "again");
	CHECK(strcmp(buf_peek(&b), "again") == 0);
}

/* Once full, nothing more comes in: or what stands there would have a hole. */
static void
buf_full_is_sticky(void)
{
	AUTO_VAL(buf) b = buf_init(8);

	buf_str(&b, "abc");
	buf_str(&b, "too long for it");
	buf_str(&b, "d");
	buf_printf(&b, "%d", 1);
	CHECK(buf_space(&b, 0) == NULL);
	CHECK(b.full && strcmp(buf_peek(&b), "abc") == 0);
	buf_reset(&b);
	CHECK(buf_space(&b, SIZE_MAX) == NULL && b.full);
}

static void
buf_writes_big_endian_and_prints(void)
{
	AUTO_VAL(buf) b = buf_init(100);

	buf_u16be(&b, 0x0102);
	buf_u32be(&b, 0x03040506);
	buf_u64be(&b, 0x0708090a0b0c0d0e);
	CHECK(b.n == 14);
	for (size_t i = 0; i < b.n; i++)
		CHECK(b.p[i] == i + 1);
	buf_printf(&b, "%s=%d", "x", -5);
	CHECK(strcmp(buf_peek(&b) + 14, "x=-5") == 0);
	memcpy(buf_space(&b, 3), "end", 3);
	CHECK(strcmp(buf_peek(&b) + 18, "end") == 0);
}

static void
reader_reads_back(void)
{
	AUTO_VAL(buf) b = buf_init(100);
	struct reader r;
	const char *line;
	size_t n;

	buf_byte(&b, 0xfe);
	buf_u16be(&b, 0xfedc);
	buf_u32be(&b, 0xfedcba98);
	buf_u64be(&b, 0xfedcba9876543210);
	buf_str(&b, "line\n\nlast");
	r = (struct reader){ b.p, b.n, false };
	CHECK(read_u8(&r) == 0xfe && read_u16(&r) == 0xfedc && read_u32(&r) == 0xfedcba98);
	CHECK(read_u64(&r) == 0xfedcba9876543210);
	line = read_line(&r, &n);
	CHECK(line && n == 4 && memcmp(line, "line", 4) == 0);
	line = read_line(&r, &n);
	CHECK(line && n == 0);
	CHECK(!r.bad && r.left == 4);
	CHECK(!read_line(&r, &n) && r.bad && n == 0); /* no newline */
}

/* Cut anywhere, reading goes bad exactly when bytes are missing, and stays bad. */
static void
reader_is_bounded_and_sticky(void)
{
	for (size_t cut = 0; cut <= 15; cut++) {
		uint8_t *p = mem_alloc(cut); /* of that size, so that ASan sees one byte more */
		struct reader r = { p, cut, false };

		memset(p, 1, cut);
		read_u8(&r);
		read_u16(&r);
		read_u32(&r);
		read_u64(&r);
		CHECK(r.bad == (cut < 15));
		CHECK(!r.bad || (read_bytes(&r, 0) == NULL && read_u8(&r) == 0));
		free(p);
	}
}

TESTS(T(arena_gives_zeroed_aligned_memory), T(arena_copies), T(buf_grows_to_its_maximum),
    T(buf_full_is_sticky), T(buf_writes_big_endian_and_prints), T(reader_reads_back),
    T(reader_is_bounded_and_sticky))
