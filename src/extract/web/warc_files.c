/* Web archives: the files that their records hold, with the transport's wrapping taken off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/web/warc_private.h"

enum { PATH_ROOM = FILE_PATH_MAX - 24, SEEN_SLOTS = 1 << 18 };

struct path_seen { /* a path, by its hash, and how often it came */
	uint64_t hash;
	uint32_t times;
};

void
files_init(struct files *f, const struct records *r, struct output *o, size_t packed)
{
	*f = (struct files){ .r = r, .o = o, .left = unpack_bound(packed) };
}

void
files_done(struct files *f)
{
	free(f->seen);
}

static uint32_t
times_seen(struct files *f, const char *path)
{
	uint64_t hash = 0xcbf29ce484222325;

	if (!f->seen) {
		f->seen = mem_alloc(SEEN_SLOTS * sizeof *f->seen);
		memset(f->seen, 0, SEEN_SLOTS * sizeof *f->seen);
	}
	for (; *path; path++)
		hash = (hash ^ (uint8_t)*path) * 0x100000001b3;
	hash += !hash;
	for (size_t i = hash % SEEN_SLOTS;; i = (i + 1) % SEEN_SLOTS) {
		if (f->seen[i].hash && f->seen[i].hash != hash)
			continue;
		f->seen[i].hash = hash;
		return ++f->seen[i].times;
	}
}

/* http://example.org/a/?b -> example.org/a/?b; what ends as a folder gets a name; no step that leads out. */
static void
path_of(struct files *f, char ret[FILE_PATH_MAX + 1])
{
	size_t uri_n, n = 0, end;
	const char *uri = records_uri(f->r, &uri_n), *scheme = memmem(uri, uri_n, "://", 3),
		   *at = scheme ? scheme + 3 : uri;
	uint32_t times;

	end = MIN(strcspn(at, "#"), uri_n - (size_t)(at - uri));
	for (size_t i = 0; i < end && at[i] && n < PATH_ROOM;) {
		size_t len = MIN(strcspn(at + i, "/\\#"), end - i);
		bool dots = len <= 2 && strncmp(at + i, "..", len) == 0;

		len = MIN(len, PATH_ROOM - n);
		if (len && !dots) {
			memcpy(ret + n, at + i, len);
			n += len;
		}
		i += len;
		if (i < end && (at[i] == '/' || at[i] == '\\')) {
			i++;
			if (n && ret[n - 1] != '/')
				ret[n++] = '/';
		}
	}
	ret[n] = 0;
	if (!n || ret[n - 1] == '/')
		n += (size_t)snprintf(ret + n, 8, "index");
	times = times_seen(f, ret);
	if (times > 1)
		snprintf(ret + n, 16, "~%u", times);
}

static void
note(struct files *f, const char *what)
{
	if (!*f->note)
		snprintf(f->note, sizeof f->note, "record %llu: %s",
		    (unsigned long long)f->r->number, what);
}

static void
put_file(void *ctx, const void *p, size_t n)
{
	struct files *f = ctx;
	char path[FILE_PATH_MAX + 1];

	if (f->stopped || !n)
		return;
	if (!f->open && f->n == unpack_limits.files)
		f->stopped = "there are more files than are taken out of one archive";
	if (f->stopped)
		return;
	if (!f->open) {
		path_of(f, path);
		output_file(f->o, path);
		f->open = true;
		f->n++;
	}
	f->size += n;
	if (n > f->left)
		f->stopped = "it unpacks to more than its size allows";
	else if (f->size > f->o->text_max)
		f->stopped = "it is larger than what is taken of a file";
	if (f->stopped)
		return;
	f->left -= n;
	output_bytes(f->o, p, n);
}

static void
end_file(struct files *f, const char *why)
{
	why = f->stopped ? f->stopped : why;
	if (f->stopped)
		output_reason(f->o, EXTRACT_BOUND);
	if (why)
		note(f, why);
	if (f->open && why)
		output_file_cut(f->o, why);
	else if (f->open)
		output_file_end(f->o);
}

static const char *
missing(const struct files *f)
{
	if (f->r->left)
		return "the archive is cut short or damaged here";
	if (*records_get(f->r, "warc-truncated"))
		return "the archive says that it was truncated when it was captured";
	if (*records_get(f->r, "warc-segment-number"))
		return "it is one segment of a longer record";
	return NULL;
}

void
files_message(struct files *f, const struct buf *pairs)
{
	http_body_init(&f->body, pairs, put_file, f);
	f->is_message = true;
}

void
files_add(struct files *f, const void *p, size_t n)
{
	if (f->stopped) /* nor is the rest unpacked */
		return;
	if (f->is_message)
		http_body_add(&f->body, p, n);
	else
		put_file(f, p, n);
}

void
files_end(struct files *f)
{
	const char *why = missing(f);

	if (f->is_message) {
		http_body_end(&f->body);
		if (f->body.left)
			note(f, "its content coding is one that is left as it is");
		why = why ? why : f->body.why;
	}
	end_file(f, why);
	if (f->is_message)
		http_body_done(&f->body);
	f->open = f->is_message = false;
	f->size = 0;
	f->stopped = NULL;
}
