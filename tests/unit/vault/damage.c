/* vault: what is damaged is said to be damaged, and never given out as good; what lies
 * in the folder tells nothing. */
#include "fixture.h"

#include "base/code.h"

enum { CHUNK = VAULT_CHUNK, HEADER = 8, SEALED = VAULT_CHUNK + SEAL_TAG };

/* What came once and comes again mends what was damaged meanwhile. */
static void
bytes_that_come_again_mend(void)
{
	static const size_t sizes[] = { 0, 1, CHUNK, 3 * CHUNK + 5, 5 << 20 };
	static const char *const ways[] = { "flip", "cut", "gone" };
	struct fixture f = fixture_new();
	const char *from = arena_printf(f.a, "%s/file", f.dir);

	for (size_t i = 0; i < LEN(sizes) * LEN(ways) * 2; i++) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(6 << 20);
		size_t n = sizes[i % LEN(sizes)], way = i / LEN(sizes) % LEN(ways);
		uint8_t *p = bytes_of(a, n, 1);
		struct fixture g = fixture_new();
		struct hash name = store(&g, p, n);
		const char *path = only_file(&g);
		struct err e = { 0 };
		struct put put;

		NEED(io_read_file(path, &b, &e), &e);
		if (way == 0)
			b.p[b.n - 1] ^= 1;
		write_file(path, b.p, way == 1 ? b.n - 1 : b.n);
		if (way == 2)
			unlink(path);
		CHECK(verify(&g).faults == 1);
		fixture_reopen(&g);
		write_file(from, p, n);
		AUTO_FD int fd = open(from, O_RDONLY | O_CLOEXEC);
		if (i % 2)
			CHECK_OK(vault_put(g.v, fd, n, &put, &e), &e);
		else
			CHECK_OK(vault_put_bytes(g.v, p, n, &put, &e), &e);
		CHECK(put.known && digest_equal(&put.sha256, &name));
		CHECK_OK(gives(g.v, &name, p, n, &e), &e);
		CHECK(verify(&g).well == 1 && count_files(&g) == 1);
		fixture_done(&g);
	}
	fixture_done(&f);
}
BOTH(bytes_that_come_again_mend)

/* The object cannot be read to its end, and verify says which one it is. */
static void
is_reported(struct fixture *f, const struct hash *name, const uint8_t *p, size_t n)
{
	struct err e = { 0 };
	struct tally t;

	CHECK(!gives(f->v, name, p, n, &e));
	CHECK(e.kind == ERR_DAMAGED);
	t = verify(f);
	CHECK(t.faults == 1 && digest_equal(&t.last_fault, name));
}

static void
every_flipped_byte_is_noticed(void)
{
	struct fixture f = fixture_new();
	static const uint8_t text[] = "a small object";
	struct hash name = store(&f, text, sizeof text);
	const char *path = only_file(&f);
	AUTO_VAL(buf) b = buf_init(4096);
	struct err e = { 0 };

	NEED(io_read_file(path, &b, &e), &e);
	CHECK(b.n == HEADER + sizeof text + SEAL_TAG);
	for (size_t i = 0; i < b.n; i++)
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			b.p[i] ^= (uint8_t)bit;
			write_file(path, b.p, b.n);
			is_reported(&f, &name, text, sizeof text);
			b.p[i] ^= (uint8_t)bit;
		}
	write_file(path, b.p, b.n);
	CHECK_OK(gives(f.v, &name, text, sizeof text, &e), &e);
	CHECK(verify(&f).well == 1);
	fixture_done(&f);
}
BOTH(every_flipped_byte_is_noticed)

static void
an_empty_object_is_proven_empty(void)
{
	struct fixture f = fixture_new();
	struct hash name = store(&f, "", 0);
	const char *path = only_file(&f);
	AUTO_VAL(buf) b = buf_init(4096);
	struct err e = { 0 };

	NEED(io_read_file(path, &b, &e), &e);
	b.p[b.n - 1] ^= 1;
	write_file(path, b.p, b.n);
	is_reported(&f, &name, (const uint8_t *)"", 0);
	fixture_done(&f);
}
BOTH(an_empty_object_is_proven_empty)

static void
swap_chunks(uint8_t *file, size_t i, size_t j)
{
	uint8_t t[SEALED];

	memcpy(t, file + HEADER + i * SEALED, SEALED);
	memmove(file + HEADER + i * SEALED, file + HEADER + j * SEALED, SEALED);
	memcpy(file + HEADER + j * SEALED, t, SEALED);
}

/* Four chunks, the last as long as the others, so that any could stand anywhere. */
static void
moved_and_missing_chunks_are_noticed(void)
{
	struct fixture f = fixture_new();
	size_t n = 4 * CHUNK;
	uint8_t *p = bytes_of(f.a, n, 1);
	struct hash name = store(&f, p, n);
	const char *path = only_file(&f);
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e = { 0 };

	NEED(io_read_file(path, &b, &e), &e);
	static const size_t cut[] = { 1, SEAL_TAG, CHUNK, SEALED, 2 * SEALED };
	for (size_t i = 0; i < LEN(cut); i++) {
		write_file(path, b.p, b.n - cut[i]);
		is_reported(&f, &name, p, n);
	}
	write_file(path, b.p, 0);
	is_reported(&f, &name, p, n);
	write_file(path, b.p, b.n + 1); /* the buffer's closing zero: one byte too many */
	is_reported(&f, &name, p, n);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < i; j++) {
			swap_chunks(b.p, i, j);
			write_file(path, b.p, b.n);
			is_reported(&f, &name, p, n);
			swap_chunks(b.p, i, j);
		}
	memcpy(b.p + HEADER + SEALED, b.p + HEADER, SEALED); /* one chunk twice */
	write_file(path, b.p, b.n);
	is_reported(&f, &name, p, n);
	CHECK(unlink(path) == 0);
	is_reported(&f, &name, p, n);
	fixture_done(&f);
}
BOTH(moved_and_missing_chunks_are_noticed)

static void
exchanged_files_are_noticed(void)
{
	struct fixture f = fixture_new();
	const uint8_t *one = (const uint8_t *)"one", *two = (const uint8_t *)"two";
	struct hash first = store(&f, one, 3), second;
	const char *path = only_file(&f), *other = arena_printf(f.a, "%s/other", f.dir);
	struct err e = { 0 };

	CHECK(rename(path, other) == 0);
	second = store(&f, two, 3);
	CHECK(rename(only_file(&f), path) == 0);
	CHECK(!gives(f.v, &first, one, 3, &e) && e.kind == ERR_DAMAGED);
	CHECK(!gives(f.v, &second, two, 3, &e) && e.kind == ERR_DAMAGED);
	CHECK(verify(&f).faults == 2);
	fixture_done(&f);
}
BOTH(exchanged_files_are_noticed)

/* Someone who can write to the database, but has no key. */
static void
exchanged_rows_are_noticed(void)
{
	struct fixture f = fixture_new();
	const uint8_t *one = (const uint8_t *)"one", *two = (const uint8_t *)"two";
	struct hash first = store(&f, one, 3), second = store(&f, two, 3);
	struct err e = { 0 };

	CHECK_OK(db_run(f.db, &e,
		     "UPDATE object SET wrapped ="
		     " (SELECT wrapped FROM object WHERE sha256 = $2) WHERE sha256 = $1",
		     db_blob(first.b, HASH_SIZE), db_blob(second.b, HASH_SIZE)),
	    &e);
	CHECK(!gives(f.v, &first, one, 3, &e) && e.kind == ERR_DAMAGED);
	CHECK_OK(gives(f.v, &second, two, 3, &e), &e);
	CHECK_OK(db_run(f.db, &e, "UPDATE object SET bytes = 2 WHERE sha256 = $1",
		     db_blob(second.b, HASH_SIZE)),
	    &e);
	CHECK(!gives(f.v, &second, two, 3, &e) && e.kind == ERR_DAMAGED);
	CHECK_OK(db_run(f.db, &e, "UPDATE object SET wrapped = $1", db_blob("short", 5)), &e);
	CHECK(verify(&f).faults == 2);
	fixture_done(&f);
}
BOTH(exchanged_rows_are_noticed)

static void
another_key_opens_nothing(void)
{
	struct fixture f = fixture_new();
	struct hash name = store(&f, "text", 4);
	struct key wrong = { "another key of thirty-two bytes" };
	struct err e = { 0 };
	uint64_t swept = 0;

	vault_close(f.v);
	f.v = vault_open(f.vault_dir, f.db, &wrong, &e);
	NEED(f.v, &e);
	is_reported(&f, &name, (const uint8_t *)"text", 4);
	/* Under this key every file looks like a left-over: none may be swept. */
	CHECK(!vault_sweep(f.v, -1000, &swept, &e) && e.kind == ERR_DAMAGED);
	CHECK(swept == 0 && count_files(&f) == 1);
	fixture_done(&f);
}
BOTH(another_key_opens_nothing)

static void
a_planted_link_is_not_followed(void)
{
	struct fixture f = fixture_new();
	struct hash name = store(&f, "text", 4);
	const char *path = only_file(&f), *moved = arena_printf(f.a, "%s/moved", f.dir);

	CHECK(rename(path, moved) == 0 && symlink(moved, path) == 0);
	is_reported(&f, &name, (const uint8_t *)"text", 4);
	fixture_done(&f);
}
BOTH(a_planted_link_is_not_followed)

/* An object and its row made here, by what docs/formats/object.md says; `right`: their
 * name is the SHA-256 of the bytes. */
static struct hash
store_by_hand(struct fixture *f, const uint8_t *p, size_t n, bool right)
{
	struct key key = { "this key seals one object only" }, wrap, name;
	struct hash sha256 = digest_sha256(p, right ? n : 1), file;
	uint8_t both[64], bound[40] = { 0 }, wrapped[72], sealed[2 * SEALED];
	char hex[HEX32];
	AUTO(chunker) *c = chunker_new(&key);
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct err e = { 0 };

	wrap = crypto_derive(&f->key, "vigil vault wrap");
	name = crypto_derive(&f->key, "vigil vault name");
	buf_str(&b, "vigil o1");
	chunker_seal(c, 0, false, p, CHUNK, sealed);
	buf_add(&b, sealed, SEALED);
	chunker_seal(c, 1, true, p + CHUNK, n - CHUNK, sealed);
	buf_add(&b, sealed, n - CHUNK + SEAL_TAG);
	memcpy(both, sha256.b, 32);
	memcpy(both + 32, key.b, 32);
	file = digest_hmac(name.b, 32, both, 64);
	hex_encode(file.b, 32, hex);
	const char *folder = arena_printf(f->a, "%s/objects/%.2s", f->vault_dir, hex);
	NEED(mkdir(folder, 0700) == 0 || errno == EEXIST, &e);
	write_file(arena_printf(f->a, "%s/%s", folder, hex + 2), b.p, b.n);
	memcpy(bound, sha256.b, 32);
	bound[37] = (uint8_t)(n >> 16);
	bound[38] = (uint8_t)(n >> 8);
	bound[39] = (uint8_t)n;
	crypto_seal(&wrap, bound, 40, key.b, 32, wrapped);
	CHECK_OK(
	    db_run(f->db, &e, "INSERT INTO object (sha256, wrapped, bytes) VALUES ($1, $2, $3)",
		db_blob(sha256.b, 32), db_blob(wrapped, 72), db_int((int64_t)n)),
	    &e);
	return sha256;
}

static void
objects_are_as_documented(void)
{
	struct fixture f = fixture_new();
	size_t n = CHUNK + 1000;
	uint8_t *p = bytes_of(f.a, n, 1);
	struct hash right = store_by_hand(&f, p, n, true), wrong;
	struct err e = { 0 };

	CHECK_OK(gives(f.v, &right, p, n, &e), &e);
	CHECK(verify(&f).well == 1);
	/* Every chunk is authentic, but the whole is not what its name says. */
	wrong = store_by_hand(&f, p, n, false);
	CHECK(!gives(f.v, &wrong, p, n, &e) && e.kind == ERR_DAMAGED);
	struct tally t = verify(&f);
	CHECK(t.well == 1 && t.faults == 1 && digest_equal(&t.last_fault, &wrong));
	fixture_done(&f);
}
BOTH(objects_are_as_documented)

static void
reads_anywhere(void)
{
	struct fixture f = fixture_new();
	size_t n = 5 * CHUNK + 100, at = 0;
	uint8_t *p = bytes_of(f.a, n, 1), *buf = arena_alloc(f.a, n);
	struct hash name = store(&f, p, n);
	struct err e = { 0 };
	AUTO(object) *o = vault_get(f.v, &name, &e);

	NEED(o, &e);
	srandom(1);
	/* Reading in order goes on between the jumps, and is still proven at its end. */
	for (int i = 0; i < 2000; i++) {
		size_t from = (size_t)random() % n, len = (size_t)random() % (n - from + 1),
		       got;

		if (i % 2)
			len = MIN(len, (size_t)100);
		CHECK_OK(object_read_at(o, from, buf, len, &e), &e);
		CHECK(memcmp(buf, p + from, len) == 0);
		CHECK_OK(object_read(o, buf, 1 + (size_t)random() % 400, &got, &e), &e);
		CHECK(got <= n - at && memcmp(buf, p + at, got) == 0);
		at += got;
	}
	CHECK(at == n);
	CHECK(object_read_at(o, n, buf, 0, &e));
	CHECK(!object_read_at(o, n, buf, 1, &e) && e.kind == ERR_INVALID);
	CHECK(!object_read_at(o, UINT64_MAX, buf, 2, &e) && e.kind == ERR_INVALID);
	fixture_done(&f);
}
BOTH(reads_anywhere)

static bool
holds(const struct buf *b, const void *p, size_t n)
{
	return b->n && memmem(b->p, b->n, p, n);
}

static void
tells_nothing(const char *path, const char *text, const struct hash *name)
{
	AUTO_VAL(buf) b = buf_init(1 << 20);
	char hex[HEX32];
	struct err e = { 0 };

	hex_encode(name->b, HASH_SIZE, hex);
	NEED(io_read_file(path, &b, &e), &e);
	CHECK(!holds(&b, text, 8) && !holds(&b, name->b, 8) && !holds(&b, hex, 8));
	CHECK(!strstr(path, "witness"));
	for (size_t i = 0; i + 8 <= 64; i++) { /* no part of the hash in the file's name */
		char part[9] = { 0 };

		memcpy(part, hex + i, 8);
		CHECK(!strstr(strrchr(path, '/'), part));
	}
}

static void
the_folder_tells_nothing(void)
{
	struct fixture f = fixture_new();
	const char *text = "the witness was seen on the bridge at dawn";
	const char *file = arena_printf(f.a, "%s/witness.txt", f.dir), *one, *two;
	struct put put;
	struct err e = { 0 };
	struct stat st;

	write_file(file, text, strlen(text));
	AUTO_FD int fd = open(file, O_RDONLY | O_CLOEXEC);
	CHECK_OK(vault_put(f.v, fd, UINT64_MAX, &put, &e), &e);
	CHECK_OK(commit_put(f.v, f.db, &put, &e), &e);
	one = only_file(&f);
	tells_nothing(one, text, &put.sha256);
	CHECK(stat(one, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK(stat(f.vault_dir, &st) == 0 && (st.st_mode & 07777) == 0700);

	/* The same bytes under the same key in another vault: another name, other bytes. */
	struct fixture g = fixture_new();
	store(&g, text, strlen(text));
	two = only_file(&g);
	CHECK(strcmp(strrchr(one, '/'), strrchr(two, '/')) != 0);
	fixture_done(&g);
	fixture_done(&f);
}
BOTH(the_folder_tells_nothing)

TESTS(ON_BOTH(bytes_that_come_again_mend), ON_BOTH(every_flipped_byte_is_noticed),
    ON_BOTH(an_empty_object_is_proven_empty), ON_BOTH(moved_and_missing_chunks_are_noticed),
    ON_BOTH(exchanged_files_are_noticed), ON_BOTH(exchanged_rows_are_noticed),
    ON_BOTH(another_key_opens_nothing), ON_BOTH(a_planted_link_is_not_followed),
    ON_BOTH(objects_are_as_documented), ON_BOTH(reads_anywhere),
    ON_BOTH(the_folder_tells_nothing))
