/* What an item looks like: its bytes go into memory, and a confined child makes a picture of them. */
#include <unistd.h>

#include "base/io.h"
#include "extract/extract.h"
#include "intake/intake.h"

enum { TIME_MAX = 1000000 };

/* The item in memory, as extraction takes it. */
static bool
into_memory(struct session *s, const struct hash *sha256, int *ret, struct err *e)
{
	AUTO(object) *o = vault_get(s->vault, sha256, e);
	AUTO_FD int fd = o ? extract_memory(e) : -1;
	char piece[VAULT_CHUNK];
	size_t n = 1;

	if (fd < 0)
		return false;
	while (n) {
		if (!object_read(o, piece, sizeof piece, &n, e))
			return false;
		if (!io_write(fd, piece, n))
			return err_errno(e, "extraction: no memory for an item");
	}
	*ret = fd_take(&fd);
	return true;
}

bool
intake_view(struct session *s, struct extractor *x, const struct hash *sha256,
    const char *media_type, const struct extract_view *v, struct buf *ret, bool *ret_jpeg,
    struct err *e)
{
	int memory;

	return into_memory(s, sha256, &memory, e) &&
	    extractor_view(x, media_type, memory, v, ret, ret_jpeg, e);
}

bool
intake_view_time(const char *s, uint64_t *ret_ms, struct err *e)
{
	uint64_t ms = 0, part = 0, thousandths = 0, unit = 1000;
	const char *at = s;
	unsigned colons = 0;

	for (; (*at >= '0' && *at <= '9') || (*at == ':' && colons < 2); at++) {
		if (*at == ':') {
			ms = (ms + part) * 60;
			part = 0;
			colons++;
		} else if ((part = part * 10 + (uint64_t)(*at - '0')) > TIME_MAX) {
			break;
		}
	}
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9' && unit > 1; at++)
			thousandths += (uint64_t)(*at - '0') * (unit /= 10);
	if (*at || at == s)
		return err_set(e, ERR_INVALID,
		    "\"%.40s\" is no time in a video: 0:01:02.5, say, or seconds", s);
	*ret_ms = (ms + part) * 1000 + thousandths;
	return true;
}
