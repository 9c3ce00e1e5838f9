/* Documents that a password locks: OpenDocument made here with both ciphers, OOXML in both ways; and passwords that do not
 * fit. What others locked is opened in tests/e2e/passwords.py. */
#include <archive.h>
#include <archive_entry.h>
#include <nettle/aes.h>
#include <nettle/base64.h>
#include <nettle/blowfish.h>
#include <nettle/cbc.h>
#include <nettle/cfb.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <zlib.h>

#include "compound.h"
#include "extract/office/cipher_private.h"
#include "extract/old/ole_private.h"
#include "helper.h"
#include "test.h"

#define ODT "application/vnd.oasis.opendocument.text"
#define PASSWORD "re\xc3\xafher \xf0\x9f\xa6\x86"

static const char content[] =
    "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>"
    "<text:p>A heron waits beside the quiet water.</text:p>"
    "</office:text></office:body></office:document-content>";

struct member {
	const char *name;
	struct bytes b;
};

static void
make_zip(const struct member *m, size_t n, struct buf *ret)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	static uint8_t to[1 << 16];
	size_t used = 0;

	archive_write_set_format_zip(a);
	archive_write_set_bytes_in_last_block(a, 1);
	CHECK(archive_write_open_memory(a, to, sizeof to, &used) == ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		archive_entry_clear(e);
		archive_entry_set_pathname(e, m[i].name);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_size(e, (la_int64_t)m[i].b.n);
		CHECK(archive_write_header(a, e) == ARCHIVE_OK);
		CHECK(archive_write_data(a, m[i].b.p, m[i].b.n) >= 0);
	}
	archive_entry_free(e);
	archive_write_close(a);
	archive_write_free(a);
	buf_reset(ret);
	buf_add(ret, to, used);
}

static struct bytes
bytes_str(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

static size_t
deflated(const char *s, uint8_t *ret, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)s,
		.avail_in = (unsigned)strlen(s),
		.next_out = ret,
		.avail_out = (unsigned)room };

	CHECK(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, 0) == Z_OK);
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static const char *
base64(const void *p, size_t n, char ret[200])
{
	base64_encode_raw(ret, n, p);
	ret[BASE64_ENCODE_RAW_LENGTH(n)] = 0;
	return ret;
}

/* AES with SHA-256 as OpenDocument 1.2 has it, or Blowfish with SHA-1 as before. */
static void
lock_odf(bool aes, const char *algorithm, struct buf *ret)
{
	static const uint8_t salt[16] = "sixteen of salt", iv[16] = "and for vectors";
	uint8_t plain[2048], locked[2048], start[CIPHER_DIGEST], key[32], chain[16],
	    sum[CIPHER_DIGEST];
	size_t n = deflated(content, plain, 1024), start_n = aes ? 32 : 20,
	       key_n = aes ? 32 : 16;
	AUTO_VAL(buf) manifest = buf_init(4096);
	char a[200], b[200], c[200];
	struct aes256_ctx x;
	struct blowfish_ctx y;

	cipher_digest(aes ? &nettle_sha256 : &nettle_sha1, bytes_str(PASSWORD),
	    (struct bytes){ 0 }, start);
	cipher_digest(aes ? &nettle_sha256 : &nettle_sha1,
	    (struct bytes){ plain, MIN(n, (size_t)1024) }, (struct bytes){ 0 }, sum);
	pbkdf2_hmac_sha1(start_n, start, 1000, sizeof salt, salt, key_n, key);
	memcpy(chain, iv, sizeof chain);
	if (aes) {
		uint8_t padding = (uint8_t)(16 - n % 16);

		memset(plain + n, padding, padding);
		n += padding;
		aes256_set_encrypt_key(&x, key);
		cbc_encrypt(
		    &x, (nettle_cipher_func *)aes256_encrypt, 16, chain, n, locked, plain);
	} else {
		CHECK(blowfish_set_key(&y, key_n, key));
		cfb_encrypt(
		    &y, (nettle_cipher_func *)blowfish_encrypt, 8, chain, n, locked, plain);
	}
	buf_printf(&manifest,
	    "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">"
	    "<m:file-entry m:full-path=\"/\" m:media-type=\"" ODT "\"/>"
	    "<m:file-entry m:full-path=\"content.xml\" m:media-type=\"text/xml\" m:size=\"%zu\">"
	    "<m:encryption-data m:checksum-type=\"%s\" m:checksum=\"%s\">"
	    "<m:algorithm m:algorithm-name=\"%s\" m:initialisation-vector=\"%s\"/>"
	    "<m:key-derivation m:key-derivation-name=\"PBKDF2\" m:key-size=\"%zu\""
	    " m:iteration-count=\"1000\" m:salt=\"%s\"/>%s"
	    "</m:encryption-data></m:file-entry></m:manifest>",
	    strlen(content),
	    aes ? "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k" : "SHA1/1K",
	    base64(sum, start_n, a), algorithm, base64(iv, aes ? 16 : 8, b), key_n,
	    base64(salt, sizeof salt, c),
	    aes ?
		"<m:start-key-generation m:start-key-generation-name=\"http://www.w3.org/2000/"
		"09/xmldsig#sha256\" m:key-size=\"32\"/>" :
		"");
	make_zip((const struct member[]){ { "mimetype", bytes_str(ODT) },
		     { "content.xml", { locked, n } },
		     { "META-INF/manifest.xml", bytes_of(&manifest) } },
	    3, ret);
}

static void
check_odf(bool aes, const char *algorithm)
{
	AUTO_VAL(buf) zip = buf_init(1 << 20), open = buf_init(1 << 20);
	struct answer s;
	struct err e = { 0 };

	lock_odf(aes, algorithm, &zip);
	CHECK(answer_of(EXTRACTOR_ZIP, zip.p, zip.n, &s));
	CHECK(s.status == EXTRACT_FAILED && s.reason == EXTRACT_ENCRYPTED &&
	    strcmp(field_of(&s, "encrypted"), "yes") == 0);
	answer_done(&s);
	CHECK(!odf_unlock(zip.p, zip.n, ODT, "another", &open, &e) && e.kind == ERR_DENIED);
	buf_reset(&open);
	NEED(odf_unlock(zip.p, zip.n, ODT, PASSWORD, &open, &e), &e);
	CHECK(answer_of(EXTRACTOR_ZIP, open.p, open.n, &s));
	CHECK(s.status == EXTRACT_OK && !*field_of(&s, "encrypted") && !*s.why);
	CHECK(strcmp(buf_peek(&s.text), "A heron waits beside the quiet water.") == 0);
	answer_done(&s);
	for (size_t n = 0; n < zip.n; n += 7) { /* however it is cut, it ends in a word */
		buf_reset(&open);
		if (!odf_unlock(zip.p, n, ODT, PASSWORD, &open, &e))
			CHECK(*e.msg);
	}
}

static void
open_document_is_unlocked(void)
{
	check_odf(true, "http://www.w3.org/2001/04/xmlenc#aes256-cbc");
	check_odf(false, "Blowfish CFB");
}

static void
what_is_locked_otherwise_says_so(void)
{
	AUTO_VAL(buf) zip = buf_init(1 << 20), open = buf_init(1 << 20);
	struct err e = { 0 };

	lock_odf(true, "http://www.w3.org/2009/xmlenc11#aes256-gcm", &zip);
	CHECK(!odf_unlock(zip.p, zip.n, ODT, PASSWORD, &open, &e) && e.kind == ERR_DENIED &&
	    strstr(e.msg, "in a way that is not known"));
}

/* [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9, with AES-128, by hand. */
static void
lock_standard(struct bytes package, struct buf *ret)
{
	static const uint8_t salt[16] = "sixteen of salt", verifier[16] = "what is verified";
	AUTO_VAL(buf) info = buf_init(4096), locked = buf_init(1 << 20), utf16 = buf_init(200);
	uint8_t digest[64], pad[64], block[32] = { 0 };
	struct aes128_ctx x;

	cipher_utf16(PASSWORD, &utf16);
	cipher_digest(&nettle_sha1, (struct bytes){ salt, 16 }, bytes_of(&utf16), digest);
	for (uint32_t i = 0; i <= 50000; i++) { /* the last round is that of the block, 0 */
		uint32_t n = i < 50000 ? i : 0;
		uint8_t number[4] = { (uint8_t)n, (uint8_t)(n >> 8), 0, 0 };

		cipher_digest(&nettle_sha1,
		    i < 50000 ? (struct bytes){ number, 4 } : (struct bytes){ digest, 20 },
		    i < 50000 ? (struct bytes){ digest, 20 } : (struct bytes){ number, 4 },
		    digest);
	}
	memset(pad, 0x36, sizeof pad);
	for (size_t i = 0; i < 20; i++)
		pad[i] ^= digest[i];
	cipher_digest(&nettle_sha1, (struct bytes){ pad, 64 }, (struct bytes){ 0 }, digest);
	aes128_set_encrypt_key(&x, digest);
	le_put(&info, 3, 2);
	le_put(&info, 2, 2);
	le_put(&info, 0x24, 4);
	le_put(&info, 32, 4);
	le_put(&info, 0x24, 4);
	le_put(&info, 0, 4);
	le_put(&info, 0x660e, 4);
	le_put(&info, 0x8004, 4);
	le_put(&info, 128, 4);
	le_put(&info, 0x18, 4);
	le_put(&info, 0, 8);
	le_put(&info, 16, 4);
	buf_add(&info, salt, 16);
	aes128_encrypt(&x, 16, block, verifier);
	buf_add(&info, block, 16);
	le_put(&info, 20, 4);
	memset(block, 0, sizeof block);
	cipher_digest(
	    &nettle_sha1, (struct bytes){ verifier, 16 }, (struct bytes){ 0 }, digest);
	memcpy(block, digest, 20);
	aes128_encrypt(&x, 32, block, block);
	buf_add(&info, block, 32);
	le_put(&locked, package.n, 8);
	buf_add(&locked, package.p, package.n);
	le_pad(&locked, 8, 0);
	while ((locked.n - 8) % 16)
		buf_byte(&locked, 0);
	aes128_encrypt(&x, locked.n - 8, locked.p + 8, locked.p + 8);
	compound_make((const struct part_of[]){ { "EncryptionInfo", info.p, info.n },
			  { "EncryptedPackage", locked.p, locked.n } },
	    2, ret);
}

static void
ooxml_is_unlocked(void)
{
	AUTO_VAL(buf) file = buf_init(1 << 20), open = buf_init(1 << 20);
	static const char package[] = "PK\3\4 what stands for a package, of some length";
	struct ole o;
	struct err e = { 0 };

	lock_standard(bytes_str(package), &file);
	NEED(ole_open(&o, bytes_of(&file), &e), &e);
	CHECK(!ooxml_unlock(&o, "another", &open, &e) && e.kind == ERR_DENIED);
	buf_reset(&open);
	NEED(ooxml_unlock(&o, PASSWORD, &open, &e), &e);
	CHECK(open.n == strlen(package) && memcmp(open.p, package, open.n) == 0);
	ole_done(&o);
	for (size_t n = 512; n < file.n; n += 64) {
		if (!ole_open(&o, (struct bytes){ file.p, n }, &e))
			continue;
		buf_reset(&open);
		if (!ooxml_unlock(&o, "another", &open, &e))
			CHECK(*e.msg);
		ole_done(&o);
	}
}

TESTS(T(open_document_is_unlocked), T(what_is_locked_otherwise_says_so), T(ooxml_is_unlocked))
