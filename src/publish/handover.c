/* publish/handover: the folder of a disclosure (handover.h). */
#include "publish/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/code.h"
#include "base/io.h"
#include "log/receipt.h"

/* ---- members ---- */

/* A file of the folder, or of the archive. */
struct member {
	const char *path;
	const char *p;         /* its bytes; NULL: those of an object */
	const struct hash *of; /* which */
	uint64_t n;
};
struct members {
	struct arena *a;
	struct member *at;
	size_t n, room;
};

static struct member *
add_member(struct members *all, const char *path)
{
	if (all->n == all->room) {
		struct member *grown;

		all->room = all->room ? 2 * all->room : 64;
		grown = arena_alloc(all->a, all->room * sizeof *grown);
		if (all->n)
			memcpy(grown, all->at, all->n * sizeof *grown);
		all->at = grown;
	}
	all->at[all->n] = (struct member){ .path = path };
	return &all->at[all->n++];
}

static void
add_bytes(struct members *all, const char *path, const void *p, size_t n)
{
	struct member *m = add_member(all, path);

	m->p = arena_strn(all->a, p, n);
	m->n = n;
}

/* ---- signatures ---- */

static struct json *
signature_json(const struct handover *h, struct arena *a, bool approves)
{
	const struct person *who = approves ? h->second : h->first;
	char key[2 * ED25519_PUBLIC], signature[2 * ED25519_SIGNATURE];
	struct json *j = json_new_map(a);

	base64_encode(who->public_key, ED25519_PUBLIC, key);
	base64_encode(
	    approves ? h->p->approval : h->p->signature, ED25519_SIGNATURE, signature);
	json_put_str(a, j, "person", who->id);
	json_put_str(a, j, "name", who->name);
	json_put_str(a, j, "public_key", key);
	json_put_str(a, j, "statement",
	    disclosure_statement(a, approves, h->p->d.id, &h->p->d.sha256, who->id));
	json_put_str(a, j, "signature", signature);
	return j;
}

static bool
add_signatures(const struct handover *h, struct members *all, struct err *e)
{
	struct arena *a = all->a;
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct json *j = json_new_map(a), *list = json_new_list(a);
	char hex[HEX32];

	hex_encode(h->p->d.sha256.b, HASH_SIZE, hex);
	json_add(a, list, signature_json(h, a, false));
	json_add(a, list, signature_json(h, a, true));
	json_put_str(a, j, "disclosure", h->p->d.id);
	json_put_str(a, j, "sha256", hex);
	json_put(a, j, "signatures", list);
	json_write(&b, j);
	buf_byte(&b, '\n');
	add_bytes(all, "signatures.json", b.p, b.n);
	return buf_ok(&b, "signatures", e);
}

/* ---- receipts ---- */

static bool
add_receipt(const struct handover *h, struct members *all, uint64_t entry, const char *path,
    struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	struct receipt r;

	if (!log_receipt(h->log, h->db, a, entry, false, &r, e))
		return false;
	receipt_write(&b, &r);
	add_bytes(all, path, buf_peek(&b), b.n);
	return buf_ok(&b, "receipt", e);
}

/* Of the acquisitions that stand. Without bodies: these tell who brought it, and from whom. */
static bool
add_receipts(
    const struct handover *h, struct members *all, const struct listed *l, struct err *e)
{
	struct acquisition *q;
	struct item it;
	size_t n;

	if (!record_find_item(h->db, h->viewer, all->a, l->id, &it, e) ||
	    !record_acquisitions(h->db, h->viewer, all->a, it.number, &q, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!q[i].withdrawn &&
		    !add_receipt(
			h, all, q[i].entry, arena_printf(all->a, "receipts/%s", q[i].id), e))
			return false;
	return true;
}

static bool
gather(const struct handover *h, struct members *all, struct err *e)
{
	const struct disclosure *d = &h->p->d;

	add_bytes(all, "list.json", d->list, strlen(d->list));
	if (!add_signatures(h, all, e))
		return false;
	for (size_t i = 0; i < d->n; i++) {
		struct member *m =
		    add_member(all, arena_printf(all->a, "items/%s", d->items[i].id));

		m->of = &d->items[i].sha256;
		m->n = d->items[i].bytes;
		if (!add_receipts(h, all, &d->items[i], e))
			return false;
	}
	return true;
}

/* ---- the folder ---- */

static bool
copy_object(struct vault *v, const struct hash *of, int fd, const char *path, struct err *e)
{
	AUTO(object) *o = vault_get(v, of, e);
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (!o)
		return false;
	while (n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return false;
		if (n && !io_write(fd, piece, n))
			return err_errno(e, "cannot write %s", path);
	}
	return true;
}

static bool
write_member(struct vault *v, const struct member *m, const char *path, struct err *e)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "cannot write %s", path);
	if (!m->p && !copy_object(v, m->of, fd, path, e))
		return err_at(e, "%s", m->path);
	return ((!m->p || io_write(fd, m->p, (size_t)m->n)) && !fsync(fd)) ||
	    err_errno(e, "cannot write %s", path);
}

bool
handover_check(const char *dir, struct err *e)
{
	struct stat st;

	if (lstat(dir, &st) == 0)
		return err_set(
		    e, ERR_INVALID, "%.180s is there already: name a new folder", dir);
	return errno == ENOENT || err_errno(e, "%s", dir);
}

static bool
write_all(const struct handover *h, struct arena *a, const char *dir, struct err *e)
{
	struct members all = { .a = a };

	if (!gather(h, &all, e) || !io_make_dirs(arena_printf(a, "%s/items", dir), 0700, e) ||
	    !io_make_dirs(arena_printf(a, "%s/receipts", dir), 0700, e))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (!write_member(
			h->vault, &all.at[i], arena_printf(a, "%s/%s", dir, all.at[i].path), e))
			return false;
	return io_sync_dir(arena_printf(a, "%s/items", dir), e) &&
	    io_sync_dir(arena_printf(a, "%s/receipts", dir), e) && io_sync_dir(dir, e);
}

bool
handover_write(const struct handover *h, const char *dir, struct err *e)
{
	AUTO(arena) *a = arena_new();
	const char *partial = arena_printf(a, "%s.partial", dir);

	if (!handover_check(dir, e) || !handover_check(partial, e))
		return false;
	if (!write_all(h, a, partial, e))
		return err_at(e, "what there is lies in %.60s", partial);
	return !rename(partial, dir) || err_errno(e, "cannot put %s in its place", dir);
}

/* ---- the archive ---- */

enum { TAR_BLOCK = 512 };

struct handover_archive {
	struct arena *a;
	struct vault *vault;
	struct members all;
	struct object *object; /* being read */
	size_t member;         /* that is written now */
	uint64_t at;           /* in it, with its header and what fills its last block */
	const char *folder;
	char header[TAR_BLOCK];
};

/* Digits of base 8; what is larger than they can say is base 256 (GNU tar, and POSIX readers since). */
static void
tar_number(char *field, size_t n, uint64_t value)
{
	if (value < UINT64_C(1) << (3 * (n - 1))) {
		for (size_t i = n - 1; i--; value >>= 3)
			field[i] = (char)('0' + (value & 7));
		field[n - 1] = 0;
		return;
	}
	for (size_t i = n; i--; value >>= 8)
		field[i] = (char)(value & 0xff);
	field[0] = (char)0x80;
}

/* POSIX.1-2001, "ustar". Without a time: the same disclosure is the same bytes. */
static void
tar_header(char h[TAR_BLOCK], const char *folder, const struct member *m)
{
	unsigned sum = 0;

	memset(h, 0, TAR_BLOCK);
	snprintf(h, 100, "%.60s/%s", folder, m->path);
	tar_number(h + 100, 8, 0600);
	tar_number(h + 108, 8, 0);
	tar_number(h + 116, 8, 0);
	tar_number(h + 124, 12, m->n);
	tar_number(h + 136, 12, 0);
	memset(h + 148, ' ', 8);
	h[156] = '0';
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)h[i];
	tar_number(h + 148, 7, sum);
}

static uint64_t
padded(uint64_t n)
{
	return (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

struct handover_archive *
handover_archive_new(const struct handover *h, struct err *e)
{
	AUTO(arena) *a = arena_new();
	struct handover_archive *x = arena_alloc(a, sizeof *x);

	*x = (struct handover_archive){ .vault = h->vault, .all = { .a = a } };
	if (!gather(h, &x->all, e))
		return NULL;
	for (size_t i = 0; i < x->all.n; i++) /* their hashes are the caller's */
		if (x->all.at[i].of)
			x->all.at[i].of = memcpy(arena_alloc(a, sizeof(struct hash)),
			    x->all.at[i].of, sizeof(struct hash));
	x->folder = arena_str(a, h->p->d.id);
	x->a = TAKE(a);
	return x;
}

void
handover_archive_free(struct handover_archive *x)
{
	if (!x)
		return;
	object_free(x->object);
	arena_free(x->a);
}

/* Two blocks of nothing are its end. */
uint64_t
handover_archive_size(const struct handover_archive *x)
{
	uint64_t n = 2 * TAR_BLOCK;

	for (size_t i = 0; i < x->all.n; i++)
		n += TAR_BLOCK + padded(x->all.at[i].n);
	return n;
}

/* At its end the object has been held against its name. */
static bool
read_member(struct handover_archive *x, const struct member *m, char *p, size_t max,
    size_t *ret_n, struct err *e)
{
	uint64_t at = x->at - TAR_BLOCK;

	*ret_n = (size_t)MIN((uint64_t)max, m->n - at);
	if (m->p) {
		memcpy(p, m->p + at, *ret_n);
		return true;
	}
	if ((!x->object && !(x->object = vault_get(x->vault, m->of, e))) ||
	    !object_read(x->object, p, *ret_n, ret_n, e))
		return err_at(e, "%s", m->path);
	return *ret_n || err_set(e, ERR_DAMAGED, "%s is shorter than its list says", m->path);
}

/* An object's last read says that there is no more, and that all was right. */
static bool
end_member(struct handover_archive *x, const struct member *m, struct err *e)
{
	size_t n = 0;
	char more;

	if (m->of && !x->object && !(x->object = vault_get(x->vault, m->of, e)))
		return err_at(e, "%s", m->path);
	if (x->object && !object_read(x->object, &more, 1, &n, e))
		return err_at(e, "%s", m->path);
	object_free(x->object);
	x->object = NULL;
	x->member++;
	x->at = 0;
	return !n || err_set(e, ERR_DAMAGED, "%s is longer than its list says", m->path);
}

bool
handover_archive_read(
    struct handover_archive *x, void *p, size_t max, size_t *ret_n, struct err *e)
{
	const struct member *m;
	uint64_t whole;

	*ret_n = 0;
	if (x->member == x->all.n) {
		*ret_n = (size_t)MIN((uint64_t)max, 2 * TAR_BLOCK - x->at);
		memset(p, 0, *ret_n);
		x->at += *ret_n;
		return true;
	}
	m = &x->all.at[x->member];
	whole = TAR_BLOCK + padded(m->n);
	if (x->at < TAR_BLOCK) {
		if (!x->at)
			tar_header(x->header, x->folder, m);
		*ret_n = (size_t)MIN((uint64_t)max, TAR_BLOCK - x->at);
		memcpy(p, x->header + x->at, *ret_n);
	} else if (x->at < TAR_BLOCK + m->n) {
		if (!read_member(x, m, p, max, ret_n, e))
			return false;
	} else {
		*ret_n = (size_t)MIN((uint64_t)max, whole - x->at);
		memset(p, 0, *ret_n);
	}
	x->at += *ret_n;
	return x->at < whole || end_member(x, m, e);
}
