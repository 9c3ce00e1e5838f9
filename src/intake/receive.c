/* One file that comes from elsewhere, as it comes: preserved and logged, to be read later. */
#include "extract/extract.h"
#include "intake/intake.h"

static bool
keep(struct session *s, struct act_acquisition *io, struct draft *d, struct err *e)
{
	act_acquire(d, io);
	if (!vault_sync(s->vault, e) || !log_append(mechanism_log(s->m), d, 1, true, e)) {
		vault_drop(s->vault);
		return false;
	}
	vault_done(s->vault);
	return true;
}

bool
intake_receive(struct session *s, int fd, const char *path, bool (*whole)(void *arg),
    const struct intake_options *o, struct arena *a, struct intake_received *ret, struct err *e)
{
	struct act_acquisition io = { .actor = o->actor,
		.path = path,
		.source = o->source,
		.via = o->via,
		.note = o->note,
		.compartment = o->compartment,
		.tool = "vigil " VIGIL_VERSION,
		.consent = o->consent,
		.vault = s->vault };
	const uint8_t *head;
	struct draft d;
	size_t n;

	if (!vault_put(s->vault, fd, UINT64_MAX, &io.put, e))
		return false;
	if (!whole(o->arg)) {
		vault_drop(s->vault);
		return err_set(e, ERR_INVALID, "it broke off before its end");
	}
	head = vault_peek_head(s->vault, &n);
	io.media_type = extract_media_type(head, n);
	if (!keep(s, &io, &d, e))
		return false;
	*ret = (struct intake_received){ .item = arena_str(a, io.item.s),
		.entry = d.index,
		.bytes = io.put.bytes,
		.sha256 = io.put.sha256,
		.known = io.known };
	return true;
}
