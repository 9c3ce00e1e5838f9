/* The program vigil-extract-mail. It is started by Vigil, with a socket for its orders. It is linked dynamically, since
 * GMime stands on libraries that come without archives. */
#include "extract/mail/mail_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "extract/child/child_private.h"
#include "extract/child/zygote_private.h"

/* Stands before the C library's for the libraries, too, which call it when memory runs out: a failure for lack of
 * memory can be told from a crash. */
_Noreturn void
abort(void)
{
	_exit(EXIT_MEMORY);
}

static bool (*const extractors[EXTRACTORS])(
    const void *p, size_t n, struct output *o, struct err *e) = {
	[EXTRACTOR_MAIL] = mail_extract,
	[EXTRACTOR_MBOX] = mbox_extract,
	[EXTRACTOR_MHTML] = mhtml_extract,
	[EXTRACTOR_CMS] = cms_extract,
};

/* Every kind of header, part and encoding; words in old encodings. */
#define MESSAGE                                                                                \
	"Received: from a by b; Mon, 1 Jan 2024 10:00:00 +0100\r\n"                            \
	"Subject: =?iso-8859-1?q?a=E9?= =?utf-8?b?w6k=?= =?gb2312?b?xOM=?= \xe9t\xe9\r\n"      \
	"From: \"A =?koi8-r?q?=C1?=\" <a@example.org>\r\nTo: g: b@example.org, c;\r\n"         \
	"Date: Mon, 1 Jan 2024 10:00:00 +0100 (CET)\r\nMessage-ID: <1@example.org>\r\n"        \
	"References: <2@example.org>\r\nMIME-Version: 1.0\r\n"                                 \
	"Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\n"                                \
	"--a\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n"                   \
	"--b\r\nContent-Type: text/plain; charset=iso-8859-2; format=flowed\r\n"               \
	"Content-Transfer-Encoding: quoted-printable\r\n\r\na=E9 \r\nb\r\n"                    \
	"--b\r\nContent-Type: text/html; charset=windows-1251\r\n\r\n<p>b&eacute;\xe9\r\n"     \
	"--b--\r\n--a\r\nContent-Type: message/rfc822\r\n\r\n"                                 \
	"Subject: b\r\n\r\nbegin 644 a\r\n#86%A\r\nend\r\n"                                    \
	"--a\r\nContent-Type: application/octet-stream; name*=iso-8859-1'de'%e9.bin\r\n"       \
	"Content-Transfer-Encoding: base64\r\n\r\nYWFh\r\n"                                    \
	"--a\r\nContent-Type: multipart/signed; protocol=\"a/b\"; boundary=c\r\n\r\n"          \
	"--c\r\n\r\na\r\n--c\r\nContent-Type: a/b\r\n\r\nb\r\n--c--\r\n"                       \
	"--a\r\nContent-Type: multipart/encrypted; boundary=d\r\n\r\n"                         \
	"--d\r\n\r\na\r\n--d--\r\n--a\r\nContent-Type: message/partial; number=1\r\n\r\na\r\n" \
	"--a\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\na\r\n"     \
	"--a--\r\n"
static const struct sample samples[] = {
	SAMPLE(EXTRACTOR_MAIL, MESSAGE),
	SAMPLE(EXTRACTOR_MBOX, "From a@example.org Mon Jan  1 10:00:00 2024\n" MESSAGE),
	SAMPLE(EXTRACTOR_MHTML,
	    "Subject: a\r\nContent-Type: multipart/related; boundary=a\r\n\r\n"
	    "--a\r\nContent-Type: text/html\r\nContent-Location: http://example.org/\r\n\r\n"
	    "<meta charset=iso-8859-5>\xe4\r\n--a--\r\n"),
};

static const struct program program_mail = {
	.family = FAMILY_MAIL,
	.extractors = extractors,
	.samples = samples,
	.n_samples = LEN(samples),
	.prepare = mail_prepare,
};

int
main(void)
{
	int code = zygote_main(&program_mail);

	fputs(
	    "vigil-extract-mail is started by vigil; it has no commands of its own.\n", stderr);
	return code;
}
