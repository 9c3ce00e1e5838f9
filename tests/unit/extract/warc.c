/* Web archives: the good and the broken ones of others, then a package with a signature, made here. */
#include <archive.h>
#include <archive_entry.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/code.h"
#include "digest/digest.h"
#include "helper.h"
#include "test.h"

/* How a shared archive is read. */
static const struct shared {
	const char *name;
	const char *right, *wrong; /* digests; "" if there are none */
	const char *why;           /* how the note begins; "" if all is whole */
	const char *file;          /* one that comes out */
	const char *line;          /* in the text */
} files[] = {
	{ "example.warc", "3", "0", "", "example.com/index",
	    "http://example.com/\t200\ttext/html\tblock sha1 right, payload sha1 right" },
	{ "example.warc.gz", "7", "0", "", "example.com/index", "revisit\t2017-03-06" },
	{ "example-bad.warc.gz.bad", "2", "0", "", "www.iana.org/domains/example", "302" },
	{ "example.arc", "", "", "", "example.com/index",
	    "response\t2014-02-16T05:02:21Z\thttp://example.com/\t200\ttext/html" },
	{ "example.arc.gz", "", "", "", "example.com/index", "filedesc://live-web" },
	{ "bad.arc", "", "", "4 damaged, the first: record 1 does not say how long it is",
	    "example.com/index", "length unknown" },
	{ "example-space-in-url.arc", "", "", "1 damaged, the first: record 2 is cut short",
	    "example.com/index.cfm?FuseAction=Email&EmailTitle=Examples From The Live "
	    "Web&IsPopUp=False",
	    "cut short: 12 of 1591 bytes are missing" },
	{ "example-wrong-chunks.warc.gz", "3", "1", "", "example.com/index",
	    "block sha1 wrong, payload sha1 right" },
	{ "example-bad-non-chunked.warc.gz", "2", "1", "", "example.com/index", "revisit" },
	{ "example-digest.warc", "6", "0", "", NULL, "request" },
	{ "example-trunc.warc", "0", "2", "1 damaged", "example.com/index",
	    "block sha1 wrong, payload sha1 wrong" },
	{ "example-resource.warc.gz", "2", "0", "", "example.com/index", "resource" },
	{ "example-iana.org-chunked.warc", "3", "0", "", "www.iana.org/index",
	    "text/html; charset=UTF-8" },
	{ "post-test.warc.gz", "9", "0", "", "httpbin.org/post~2", "httpbin.org/post" },
	{ "example-wget-bad-target-uri.warc.gz", "7", "0", "",
	    "gnu.org/software/wget/warc/wget.log", "Wget/1.19.4" },
	{ "example-space-in-target-uri.warc.gz", "1", "0", "", "example with spaces.png",
	    "image/png" },
};

static bool
came_out(const char *file)
{
	const char *at = buf_peek(&files_seen), *end = at + files_seen.n;

	while (at < end && strcmp(at, file) != 0)
		at += strlen(at) + 1;
	return at < end;
}

static void
check_shared(const struct shared *f, const char *shared)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(64 << 20);
	struct answer s;
	struct err e;
	bool ok;

	CHECK_OK(
	    io_read_file(arena_printf(a, "%s/data/formats/warc/%s", shared, f->name), &b, &e),
	    &e);
	CHECK(answer_of(
	    strstr(f->name, ".gz") ? EXTRACTOR_PACKED : EXTRACTOR_WARC, b.p, b.n, &s));
	ok = s.status == EXTRACT_OK && strcmp(field_of(&s, "digests_right"), f->right) == 0 &&
	    strcmp(field_of(&s, "digests_wrong"), f->wrong) == 0 &&
	    strncmp(s.why, f->why, strlen(f->why)) == 0 && (*f->why || !*s.why) &&
	    (!f->file || came_out(f->file)) && strstr(buf_peek(&s.text), f->line);
	if (!ok)
		printf("# %s: right %s, wrong %s, %s\n%s\n", f->name,
		    field_of(&s, "digests_right"), field_of(&s, "digests_wrong"), s.why,
		    buf_peek(&s.text));
	CHECK(ok);
	answer_done(&s);
}

static void
reads_archives_of_others(void)
{
	const char *shared = getenv("VIGIL_SHARED");

	if (!shared)
		SKIP("the shared archives are not here");
	for (size_t i = 0; i < LEN(files); i++)
		check_shared(&files[i], shared);
}

static void
check_record(const char *http, const char *want_note, bool want_file)
{
	AUTO_VAL(buf) b = buf_init(1 << 16);
	struct answer s;

	buf_printf(&b,
	    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/../a/./b?c\r\n"
	    "Content-Type: application/http\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n",
	    strlen(http), http);
	CHECK(answer_of(EXTRACTOR_WARC, b.p, b.n, &s));
	if (strncmp(s.why, want_note, MAX(strlen(want_note), (size_t)1)) != 0 ||
	    came_out("example.org/a/b?c") != want_file) {
		printf("# %s: %s\n", http, s.why);
		CHECK(false);
	}
	answer_done(&s);
}

static void
takes_transport_off(void)
{
	check_record("HTTP/1.1 200 OK\r\n\r\nbody", "", true);
	check_record("HTTP/1.1 200 OK\nA: b\n\nbody", "", true);
	check_record("HTTP/1.1 204 No Content\r\n\r\n", "", false);
	check_record(
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "",
	    true);
	check_record("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n",
	    "record 1: its last chunk", true);
	check_record("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbody", "", true);
	check_record(
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbodyX\r\nzz\r\n",
	    "record 1: its chunks", true);
	check_record("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nbody", "", true);
	check_record("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08"
		     "abc",
	    "record 1: its content coding", false);
	check_record("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nbody",
	    "record 1: its content coding is one", true);
}

/* Every cut of an archive gives an answer; what is missing is named. */
static void
survives_cuts(void)
{
	static const char warc[] =
	    "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:x\r\n"
	    "WARC-Block-Digest: sha256:"
	    "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\r\n"
	    "Content-Length: 3\r\n\r\nabc\r\n\r\n";

	for (size_t n = 0; n < sizeof warc; n++) {
		struct answer s;

		CHECK(answer_of(EXTRACTOR_WARC, warc, n, &s));
		CHECK(n < strlen(warc) - 4 || strcmp(field_of(&s, "digests_right"), "1") == 0);
		CHECK(n >= strlen(warc) - 4 || strcmp(field_of(&s, "digests_right"), "1") != 0);
		answer_done(&s);
	}
}

/* ---- WACZ ---- */

static void
add_part(struct archive *a, const char *name, const char *text)
{
	struct archive_entry *member = archive_entry_new();

	archive_entry_set_pathname(member, name);
	archive_entry_set_filetype(member, AE_IFREG);
	archive_entry_set_size(member, (la_int64_t)strlen(text));
	CHECK(archive_write_header(a, member) == ARCHIVE_OK);
	CHECK(archive_write_data(a, text, strlen(text)) >= 0);
	archive_entry_free(member);
}

static const char *
sha256_of(struct arena *a, const char *text)
{
	struct hash h = digest_sha256(text, strlen(text));
	char hex[2 * HASH_SIZE + 1];

	hex_encode(h.b, HASH_SIZE, hex);
	return arena_printf(a, "sha256:%s", hex);
}

static const char *
base64_of(struct arena *a, const void *p, size_t n)
{
	char *ret = arena_alloc(a, base64_len(n) + 1);

	base64_encode(p, n, ret);
	return ret;
}

/* A key of that curve, made for the occasion, and its signature of the message. */
static void
sign(struct arena *a, const char *curve, const char *message, const char **ret_key,
    const char **ret_signature)
{
	EVP_PKEY *key = EVP_EC_gen(curve);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t *spki = NULL, signature[256];
	size_t n = sizeof signature;
	int spki_n = i2d_PUBKEY(key, &spki);

	CHECK(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1);
	CHECK(
	    EVP_DigestSign(ctx, signature, &n, (const uint8_t *)message, strlen(message)) == 1);
	*ret_key = base64_of(a, spki, (size_t)spki_n);
	*ret_signature = base64_of(a, signature, n);
	OPENSSL_free(spki);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

/* A certificate of a key of RSA, made for the occasion, in the form that stands in JSON; and a signature by that key. */
static void
certify(struct arena *a, const char *message, const char **ret_certificate,
    const char **ret_signature)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	X509 *x = X509_new();
	uint8_t *der = NULL, signature[512];
	size_t n = sizeof signature;
	int der_n;

	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 1000);
	X509_set_version(x, X509_VERSION_3);
	X509_set_pubkey(x, key);
	CHECK(X509_sign(x, key, EVP_sha256()) > 0);
	der_n = i2d_X509(x, &der);
	CHECK(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1);
	CHECK(
	    EVP_DigestSign(ctx, signature, &n, (const uint8_t *)message, strlen(message)) == 1);
	*ret_certificate =
	    arena_printf(a, "-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----\\n",
		base64_of(a, der, (size_t)der_n));
	*ret_signature = base64_of(a, signature, n);
	OPENSSL_free(der);
	X509_free(x);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

static const char pages[] =
    "{\"format\":\"json-pages-1.0\",\"title\":\"All\"}\n"
    "{\"title\":\"A page\",\"url\":\"http://example.org/\","
    "\"ts\":\"2020-01-02T03:04:05Z\",\"n\":1.5,\"text\":\"Words of it\"}\n";
static const char warc[] =
    "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n";

static void
check_package(const char *curve, const char *damage, const char *signature, const char *wrong)
{
	AUTO(arena) *a = arena_new();
	static uint8_t zip[1 << 16];
	struct archive *w = archive_write_new();
	const char *list, *digest, *key, *sig;
	struct answer s;
	size_t n = 0;

	list = arena_printf(a,
	    "{\"wacz_version\":\"1.1.1\",\"title\":\"Named\",\"resources\":[{\"path\":"
	    "\"archive/data.warc\",\"hash\":\"%s\"},{\"path\":\"pages/pages.jsonl\",\"hash\":\"%s\"}]}",
	    sha256_of(a, warc), sha256_of(a, pages));
	if (curve && strcmp(curve, "certificate") == 0)
		certify(a, sha256_of(a, list), &key, &sig);
	else
		sign(a, curve ? curve : "P-256", sha256_of(a, list), &key, &sig);
	digest = arena_printf(a,
	    "{\"path\":\"datapackage.json\",\"hash\":\"%s\",\"signedData\":{\"hash\":\"%s\",%s%s%s"
	    "\"domain\":\"example.org\",\"%s\":\"%s\"}}",
	    sha256_of(a, list), sha256_of(a, list), curve ? "\"signature\":\"" : "",
	    curve ? sig : "", curve ? "\"," : "",
	    strncmp(key, "---", 3) == 0 ? "domainCert" : "publicKey", key);
	archive_write_set_format_zip(w);
	CHECK(archive_write_open_memory(w, zip, sizeof zip, &n) == ARCHIVE_OK);
	add_part(w, "archive/data.warc", strcmp(damage, "part") == 0 ? "x" : warc);
	add_part(w, "pages/pages.jsonl", pages);
	add_part(w, "datapackage.json",
	    strcmp(damage, "list") == 0 ? arena_printf(a, "%s ", list) : list);
	add_part(w, "datapackage-digest.json", digest);
	archive_write_close(w);
	archive_write_free(w);
	CHECK(answer_of(EXTRACTOR_ZIP, zip, n, &s));
	if (strncmp(field_of(&s, "signature"), signature, strlen(signature)) != 0 ||
	    strcmp(field_of(&s, "digests_wrong"), wrong) != 0) {
		printf("# %s: %s, wrong %s (%s)\n", damage, field_of(&s, "signature"),
		    field_of(&s, "digests_wrong"), s.why);
		CHECK(false);
	}
	CHECK(came_out("archive/data.warc") && !came_out("datapackage.json"));
	CHECK(strncmp(buf_peek(&s.text),
		  "A page\nhttp://example.org/\n2020-01-02T03:04:05Z\n"
		  "Words of it\n\narchive/data.warc\tsha256 ",
		  80) == 0);
	CHECK(strcmp(field_of(&s, "title"), "Named") == 0);
	answer_done(&s);
}

static void
checks_packages(void)
{
	check_package("P-384", "none", "good by key M", "0");
	check_package("P-256", "none", "good by key M", "0");
	check_package("P-521", "none", "good by key M", "0");
	check_package("certificate", "none",
	    "good by a certificate said to be of example.org (who issued it was not checked)",
	    "0");
	check_package("certificate", "list", "bad: it is of another list", "1");
	check_package("secp256k1", "none", "not checked", "0");
	check_package(NULL, "none", "none", "0");
	check_package("P-384", "part", "good by key M", "1");
	check_package("P-384", "list", "bad: it is of another list", "1");
}

/* More parts than are checked: that is said. */
static void
long_lists_are_told(void)
{
	enum { PARTS = 10001 };
	static char zip[1 << 20];
	AUTO_VAL(buf) list = buf_init(1 << 19);
	struct archive *w = archive_write_new();
	struct answer s;
	size_t n = 0;

	buf_str(&list, "{\"wacz_version\":\"1.1.1\",\"resources\":[{}");
	for (int i = 1; i < PARTS; i++)
		buf_str(&list, ",{\"path\":\"a\"}");
	buf_str(&list, "]}");
	archive_write_set_format_zip(w);
	CHECK(archive_write_open_memory(w, zip, sizeof zip, &n) == ARCHIVE_OK);
	add_part(w, "a", "x");
	add_part(w, "datapackage.json", buf_peek(&list));
	archive_write_close(w);
	archive_write_free(w);
	CHECK(answer_of(EXTRACTOR_ZIP, zip, n, &s));
	CHECK(strstr(s.why, "it lists more parts than are checked"));
	answer_done(&s);
}

TESTS(T(reads_archives_of_others), T(takes_transport_off), T(survives_cuts), T(checks_packages),
    T(long_lists_are_told))
