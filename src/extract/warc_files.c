/* Web archives: the files that their records hold, with the transport's wrapping taken off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "extract/http_private.h"
#include "extract/output_private.h"
#include "extract/warc_private.h"

enum { PATH_ROOM = FILE_PATH_MAX - 24, SEEN_SLOTS = 1 << 18 };

struct seen { /* a path, by its hash, and how often it came */
	uint64_t hash;
	uint32_t times;
};

struct files {
	struct records r;
	struct output *o;
	struct seen *seen; /* SEEN_SLOTS */
	uint64_t left;     /* bytes that may still come out */
	size_t n;
	char note[WHY_MAX];
	/* of the record at hand: */
	bool open;
	uint64_t size;
	const char *stopped; /* why no more of it comes */
};

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
	const char *uri = records_uri(&f->r, &uri_n), *scheme = memmem(uri, uri_n, "://", 3),
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
put_file(void *ctx, const void *p, size_t n)
{
	struct files *f = ctx;
	char path[FILE_PATH_MAX + 1];

	if (f->stopped || !n)
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
note(struct files *f, const char *what)
{
	if (!*f->note)
		snprintf(f->note, sizeof f->note, "record %llu: %s",
		    (unsigned long long)f->r.number, what);
}

static void
end_file(struct files *f, const char *why)
{
	why = f->stopped ? f->stopped : why;
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
	if (f->r.left)
		return "the archive is cut short or damaged here";
	if (*records_get(&f->r, "warc-truncated"))
		return "the archive says that it was truncated when it was captured";
	if (*records_get(&f->r, "warc-segment-number"))
		return "it is one segment of a longer record";
	return NULL;
}

/* The body of a message that was captured. */
static void
message_file(struct files *f, const uint8_t *p, size_t n)
{
	struct http_head h = http_head_new();
	struct http_body body;
	bool begun = false;

	for (; p; p = records_block(&f->r, &n)) {
		size_t used = h.done ? 0 : http_head_take(&h, p, n);

		if (h.done && !begun) {
			http_body_init(&body, &h.pairs, put_file, f);
			begun = true;
		}
		if (begun && n > used && !f->stopped) /* nor is the rest unpacked */
			http_body_add(&body, p + used, n - used);
	}
	if (begun) {
		http_body_end(&body);
		if (body.left)
			note(f, "its content coding is one that is left as it is");
		end_file(f, missing(f) ? missing(f) : body.why);
		http_body_done(&body);
	}
	http_head_done(&h);
}

static void
file_of_record(struct files *f)
{
	const uint8_t *p;
	enum record_kind kind;
	size_t n;

	f->open = false;
	f->size = 0;
	f->stopped = NULL;
	p = records_block(&f->r, &n);
	kind = p ? records_kind(&f->r, p, n) : KIND_OTHER;
	if (kind == KIND_HTTP) {
		message_file(f, p, n);
	} else if (kind == KIND_FILE) {
		for (; p; p = records_block(&f->r, &n))
			put_file(f, p, n);
		end_file(f, missing(f));
	}
}

static void
say_files(struct files *f)
{
	while (f->n < unpack_limits.files && records_next(&f->r))
		file_of_record(f);
	if (f->n == unpack_limits.files)
		note(f, "there are more files than are taken out of one archive");
	free(f->seen);
}

void
warc_files(const void *p, size_t n, struct output *o, char ret_note[WHY_MAX])
{
	struct files f = { .o = o, .left = unpack_bound(n) };

	records_init(&f.r, p, n);
	say_files(&f);
	records_done(&f.r);
	memcpy(ret_note, f.note, sizeof f.note);
}
