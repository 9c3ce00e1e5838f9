/* Rows, as they come from a child: each frame is checked before it is believed (docs/formats/frame.md). */
#include "extract/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "extract/client/client_private.h"
#include "extract/frame.h"
#include "extract/client/rows_reader_private.h"
#include "text/text.h"

#define MIB (UINT64_C(1) << 20)
enum {
	INPUT_MAX = 512 << 20,
	CHUNK = 256 * 1024,
	SECONDS = 300,        /* of the child's processor time */
	SILENCE = 60,         /* seconds that are waited for its next word */
	PATIENCE = 7 * 86400, /* whoever takes the rows may take their time */
};

struct rows {
	struct extractor *x;
	struct order order;
	int out; /* -1: the child has ended */
	struct rows_reader reader;
};

static const enum extractor_id makers[] = {
	[ROWS_TABLE] = EXTRACTOR_TABLE,
	[ROWS_OBJECTS] = EXTRACTOR_OBJECTS,
	[ROWS_ARCHIVE] = EXTRACTOR_ARCHIVE,
};

struct rows *
rows_open(struct extractor *x, enum rows_form form, int memory, struct err *e)
{
	static const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	AUTO(rows) *r = mem_zalloc(sizeof *r);
	AUTO_FD int item = memory;
	struct stat st;

	r->x = x;
	r->out = -1;
	rows_reader_init(&r->reader);
	if (extractor_under_way(x)) {
		err_set(e, ERR_INVALID, "extraction is at work on something else");
		return NULL;
	}
	if (fstat(item, &st) || fcntl(item, F_ADD_SEALS, seals)) {
		err_errno(e, "extraction: cannot seal");
		return NULL;
	}
	if (st.st_size > INPUT_MAX) {
		err_set(e, ERR_TOO_BIG, "it has %lld MB: at most %d are taken at once",
		    (long long)(st.st_size >> 20), INPUT_MAX >> 20);
		return NULL;
	}
	if (st.st_size == 0) {
		r->reader.ended = true;
		return TAKE(r);
	}
	r->order = (struct order){ .what = ORDER_WORK,
		.extractor = makers[form],
		.seconds = SECONDS,
		.patience = PATIENCE,
		.memory = 4096 * MIB,
		.output = 2 * (uint64_t)INPUT_MAX,
		.size = (uint64_t)st.st_size };
	return client_order(x, &r->order, item, &r->out, e) ? TAKE(r) : NULL;
}

static void
end_child(struct rows *r)
{
	if (r->out < 0)
		return;
	close(r->out);
	r->out = -1;
	client_end(r->x, &r->order);
}

void
rows_close(struct rows *r)
{
	if (!r)
		return;
	end_child(r);
	rows_reader_done(&r->reader);
	free(r);
}

static bool
say_fate(struct rows *r, struct err *e)
{
	char why[WHY_MAX + 1];

	(void)client_fate(r->x, &r->order, why);
	end_child(r);
	return err_set(e, ERR_INVALID, "%s", why);
}

/* Waits for more bytes of the child. */
static bool
wait_for_bytes(struct rows *r, struct err *e)
{
	struct pollfd p = { .fd = r->out, .events = POLLIN };
	int64_t until = clock_ticks() + SILENCE * 1000;
	ssize_t n = -1;
	int ready;

	do
		ready = poll(&p, 1, (int)MAX(until - clock_ticks(), 0));
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return err_errno(e, "extraction: poll");
	if (ready == 0) {
		end_child(r);
		return err_set(e, ERR_INVALID, "nothing came of it for %d seconds", SILENCE);
	}
	do
		n = read(r->out, rows_reader_space(&r->reader, CHUNK), CHUNK);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return say_fate(r, e);
	rows_reader_filled(&r->reader, CHUNK, (size_t)n);
	return true;
}

bool
rows_next(struct rows *r, struct row *ret, bool *ret_end, struct err *e)
{
	struct err lie;
	bool got = false;

	*ret_end = false;
	for (;;) {
		if (!r->reader.ended && !rows_reader_take(&r->reader, ret, &got, &lie)) {
			end_child(r);
			return err_set(e, ERR_DAMAGED,
			    "the extractor's answer breaks the rules: %s", lie.msg);
		}
		if (got)
			return true;
		if (r->reader.ended) {
			end_child(r);
			*ret_end = true;
			return !r->reader.failed ||
			    err_set(e, ERR_INVALID, "%s", r->reader.why);
		}
		if (!wait_for_bytes(r, e))
			return false;
	}
}
