/* Runs a fuzz target over every file of a corpus folder: an ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
/* NULL where the target has none. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

int
main(int argc, char **argv)
{
	DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *ent;
	unsigned files = 0;

	if (!d) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv) != 0)
		return 1;
	while ((ent = readdir(d))) {
		AUTO(arena) *a = arena_new();
		AUTO_VAL(buf) b = buf_init(1 << 24);
		struct err e;

		if (ent->d_name[0] == '.')
			continue;
		if (!io_read_file(arena_printf(a, "%s/%s", argv[1], ent->d_name), &b, &e)) {
			fprintf(stderr, "%s\n", e.msg);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)buf_peek(&b), b.n);
		files++;
	}
	closedir(d);
	printf("%u inputs\n", files);
	return files ? 0 : 1; /* an empty corpus would be a test that cannot fail */
}
