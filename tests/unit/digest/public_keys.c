/* Signatures of security keys, and HMAC-SHA-1: what others published, and what must not fit. */
#include "test.h"

#include "base/code.h"
#include "digest/digest.h"

static const char sample[] = "sample";

/* RFC 2202, cases 1, 2 and 6 (a key longer than a block). */
static void
hmac_sha1_is_as_published(void)
{
	uint8_t key[80], mac[SHA1_SIZE];
	char s[2 * SHA1_SIZE + 1];

	memset(key, 0x0b, 20);
	digest_hmac_sha1(key, 20, "Hi There", 8, mac);
	hex_encode(mac, SHA1_SIZE, s);
	CHECK(strcmp(s, "b617318655057264e28bc0b6fb378c8ef146be00") == 0);
	digest_hmac_sha1("Jefe", 4, "what do ya want for nothing?", 28, mac);
	hex_encode(mac, SHA1_SIZE, s);
	CHECK(strcmp(s, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79") == 0);
	memset(key, 0xaa, 80);
	digest_hmac_sha1(
	    key, 80, "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac);
	hex_encode(mac, SHA1_SIZE, s);
	CHECK(strcmp(s, "aa4ae5e15272d00e95705637ce8a3b55ed402112") == 0);
}

/* RFC 6979, A.2.5, SHA-256, "sample". */
static void
es256_is_as_published(void)
{
	static const char point_hex[] =
	    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
	    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
	static const char sig_hex[] =
	    "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
	    "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
	uint8_t point[P256_POINT], sig[72];

	CHECK(hex_decode(point_hex, 2 * P256_POINT, point, P256_POINT));
	CHECK(hex_decode(sig_hex, 144, sig, 72));
	CHECK(digest_verify_es256(point, sig, 72, sample, 6));
	CHECK(!digest_verify_es256(point, sig, 72, "simple", 6));
	for (size_t n = 0; n < 72; n++)
		CHECK(!digest_verify_es256(point, sig, n, sample, 6));
	sig[40] ^= 1;
	CHECK(!digest_verify_es256(point, sig, 72, sample, 6));
	sig[40] ^= 1;
	point[P256_POINT - 1] ^= 1; /* no point of the curve */
	CHECK(!digest_verify_es256(point, sig, 72, sample, 6));
	memset(point, 0, sizeof point);
	CHECK(!digest_verify_es256(point, sig, 72, sample, 6));
}

/* A key made for this test. */
static void
rs256_fits_and_does_not(void)
{
	static const char modulus_hex[] =
	    "e9a5cae9c8feb0d1c2f835e058eb2db787afc9e078979b48ddcd199cebb915596d633d971c403930"
	    "76b54713598633a25ce0cbe32596515ca4940368086b76f756ed786f7507f6ce3769703d126daa35"
	    "c842e26de1e23904db161e2bdddb9c89bb5f5284dee9d55dc490eb50c3f9d7c339a9ca386d29678b"
	    "6afc3375a21fe2c28ee3e0d45dc7354806a156f1c8c76b67b2d4de3d941fc149dddcb2bf6d436930"
	    "36c6c5dd0feea060e734737d43833c24ed7b6ca0571da6f200fd4713970b99204f1a4d9e524c2484"
	    "f895edda29662e64154327a50de285e3129035445470bb1bc03c0f7079f9f7637e8c6903cb9e676b"
	    "f34d84c2cce907902540996d41aba3d1";
	static const char sig_hex[] =
	    "18f627165e9d1435f8e1faefae582dc643d573e5f9c6b48895452e383c5e6783905c89685260952c"
	    "5f1efaa2b68ad8383f687d48d046683b4572792ac4fdeede31ce360cb77f39c891892811cc5b0363"
	    "26db55d2d14608375befd9fdd14a0629d3b8d73a5eca7c3573097eca1f4b5dd5fc7a198f061e0d91"
	    "144c4dd7a2737f435e7b7e2e3420d3f9a3b9122e5b6baa46b2af705f299b3e76efb51ab19c3d0bc8"
	    "9d6511d222206d33b3db4d968ef3fb352b6e6d045e8fad6a4cbacf17ae30d65a2ce8320bcc7e91f0"
	    "48a330f2586574478d0f076bb8b4f4d155d9ffb2a3993b9a459a3fdc84c7fe3c455b1f8ad103f4ea"
	    "f58110cf9abd480338cab236a0862f2c";
	static const uint8_t exponent[] = { 1, 0, 1 }, none[9] = { 0 };
	uint8_t modulus[256], sig[256];

	CHECK(hex_decode(modulus_hex, 512, modulus, 256) && hex_decode(sig_hex, 512, sig, 256));
	CHECK(digest_verify_rs256(modulus, 256, exponent, 3, sig, 256, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 256, exponent, 3, sig, 256, "simple", 6));
	CHECK(!digest_verify_rs256(modulus, 256, exponent, 3, sig, 255, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 255, exponent, 3, sig, 256, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 256, exponent, 2, sig, 256, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 256, none, 1, sig, 256, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 256, exponent, 0, sig, 256, sample, 6));
	CHECK(!digest_verify_rs256(modulus, 256, none, 9, sig, 256, sample, 6));
	sig[0] ^= 1;
	CHECK(!digest_verify_rs256(modulus, 256, exponent, 3, sig, 256, sample, 6));
}

TESTS(T(hmac_sha1_is_as_published), T(es256_is_as_published), T(rs256_fits_and_does_not))
