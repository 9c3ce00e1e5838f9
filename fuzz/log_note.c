/* A note that is accepted is written back to the same bytes; a signature that nobody
 * made is found false or missing. */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "log/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const keys[] = {
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN",
};

static void
write_note(struct buf *b, const struct note *note)
{
	buf_add(b, note->text, note->n);
	buf_byte(b, '\n');
	for (size_t i = 0; i < note->n_sigs; i++) {
		const struct note_signature *s = &note->sigs[i];
		AUTO_VAL(buf) raw = buf_init(4 + s->n);
		char *text = mem_alloc(base64_len(4 + s->n) + 1);

		buf_u32be(&raw, s->id);
		buf_add(&raw, s->sig, s->n);
		base64_encode(raw.p, raw.n, text);
		buf_printf(b, "\xe2\x80\x94 %s %s\n", s->name, text);
		free(text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(2 * NOTE_MAX);
	struct note note;
	struct err e;

	if (!note_read(a, data, n, &note, &e))
		return 0;
	write_note(&b, &note);
	if (b.n != n || memcmp(b.p, data, n) != 0)
		__builtin_trap();
	for (size_t i = 0; i < LEN(keys); i++) {
		struct vkey k;
		uint64_t time = 1;

		if (!vkey_read(keys[i], &k, &e))
			__builtin_trap();
		if (!note_verify(&note, &k, &time, &e) && time != 1)
			__builtin_trap();
	}
	return 0;
}
