/* publish/handover: the folder of a disclosure (handover.h). */
#include "publish/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/code.h"
#include "base/io.h"
#include "log/receipt.h"

/* ---- files ---- */

static bool
write_file(const char *path, const void *p, size_t n, struct err *e)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || !io_write(fd, p, n) || fsync(fd))
		return err_errno(e, "cannot write %s", path);
	return true;
}

static bool
write_item(const struct handover *h, const struct listed *l, const char *path, struct err *e)
{
	AUTO(object) *o = vault_get(h->vault, &l->sha256, e);
	AUTO_FD int fd = -1;
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (!o)
		return err_at(e, "item %s", l->id);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	while (fd >= 0 && n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return err_at(e, "item %s", l->id);
		if (n && !io_write(fd, piece, n))
			break;
	}
	if (fd < 0 || n || fsync(fd))
		return err_errno(e, "cannot write %s", path);
	return true;
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
write_signatures(const struct handover *h, struct arena *a, const char *path, struct err *e)
{
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
	return write_file(path, b.p, b.n, e);
}

/* ---- receipts ---- */

static bool
write_receipt(const struct handover *h, uint64_t entry, const char *path, struct err *e)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(RECEIPT_MAX);
	struct receipt r;

	if (!log_receipt(h->log, h->db, a, entry, false, &r, e))
		return false;
	receipt_write(&b, &r);
	return buf_ok(&b, "receipt", e) && write_file(path, b.p, b.n, e);
}

/* Of the acquisitions that stand. Without bodies: these tell who brought it, and from whom. */
static bool
write_receipts(const struct handover *h, struct arena *a, const struct listed *l,
    const char *dir, struct err *e)
{
	struct acquisition *q;
	struct item it;
	size_t n;

	if (!record_find_item(h->db, h->viewer, a, l->id, &it, e) ||
	    !record_acquisitions(h->db, h->viewer, a, it.number, &q, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!q[i].withdrawn &&
		    !write_receipt(
			h, q[i].entry, arena_printf(a, "%s/receipts/%s", dir, q[i].id), e))
			return false;
	return true;
}

/* ---- the folder ---- */

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
	const struct disclosure *d = &h->p->d;

	if (!io_make_dirs(arena_printf(a, "%s/items", dir), 0700, e) ||
	    !io_make_dirs(arena_printf(a, "%s/receipts", dir), 0700, e) ||
	    !write_file(arena_printf(a, "%s/list.json", dir), d->list, strlen(d->list), e) ||
	    !write_signatures(h, a, arena_printf(a, "%s/signatures.json", dir), e))
		return false;
	for (size_t i = 0; i < d->n; i++)
		if (!write_item(h, &d->items[i],
			arena_printf(a, "%s/items/%s", dir, d->items[i].id), e) ||
		    !write_receipts(h, a, &d->items[i], dir, e))
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
