/* PDF with the real program: what comes of the shared files is held against pdftotext, file by file; what is
 * hostile or damaged ends in a clear word. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "extract/extract.h"
#include "extract/pdf/pdf_private.h"
#include "test.h"
#include "text/text.h"

static const char *
program(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);

	path[MAX(n, 0)] = 0;
	memcpy(strrchr(path, '/') + 1, "vigil-extract", 14);
	return path;
}

static struct extractor *
open_extractor(void)
{
	struct err e = { 0 };
	struct extractor *x = extractor_open(program(), &extract_limits_default, &e);

	NEED(x, &e);
	return x;
}

enum { FILES_MAX = 64 };
struct came { /* of one item */
	struct extracted r;
	struct {
		char path[100];
		size_t n;
	} files[FILES_MAX];
	size_t n_files;
};

static void
hand_in(struct extractor *x, struct arena *a, const void *p, size_t n, struct came *ret)
{
	struct err e = { 0 };
	uint64_t tag = 0;

	*ret = (struct came){ 0 };
	NEED(extractor_submit(x, 5, "application/pdf", p, n, &e), &e);
	for (;;) {
		NEED(extractor_take(x, a, &tag, &ret->r, &e), &e);
		CHECK(tag == 5);
		if (ret->r.status != EXTRACT_FILE)
			return;
		if (ret->n_files < FILES_MAX) {
			snprintf(ret->files[ret->n_files].path, sizeof ret->files[0].path, "%s",
			    ret->r.path);
			ret->files[ret->n_files++].n = ret->r.file.n;
		}
		buf_done(&ret->r.file);
	}
}

static bool
hand_in_shared(struct extractor *x, struct arena *a, const char *name, struct came *ret)
{
	char path[512];
	AUTO_VAL(buf) b = buf_init(64 << 20);
	struct err e = { 0 };

	if (!test_shared(path, name))
		return false;
	NEED(io_read_file(path, &b, &e), &e);
	hand_in(x, a, b.p, b.n, ret);
	return true;
}

static const char *
field(const struct came *c, const char *name)
{
	for (size_t i = 0; i < c->r.n_fields; i++)
		if (strcmp(c->r.fields[i].name, name) == 0)
			return c->r.fields[i].value;
	return "";
}

/* A document of so many pages; `page` is each one's content. */
static void
make_pdf(struct buf *b, size_t pages, const char *page, const char *more)
{
	buf_reset(b);
	buf_str(b,
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[");
	for (size_t i = 0; i < pages; i++)
		buf_printf(b, "%zu 0 R ", i + 10);
	buf_printf(b,
	    "]/Count %zu>>endobj\n3 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n", pages,
	    strlen(page), page);
	buf_str(b, "4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n");
	for (size_t i = 0; i < pages; i++)
		buf_printf(b,
		    "%zu 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents"
		    " 3 0 R/Resources<</Font<</A 4 0 R>>/XObject<</X 30000 0 R>>>>>>endobj\n",
		    i + 10);
	buf_printf(b, "%strailer<</Root 1 0 R/Info 5 0 R>>\n%%%%EOF\n", more);
}

static void
gives_pages_with_anchors(void)
{
	static const char info[] =
	    "5 0 obj<</Title(A \\(small\\) one)/Author<feff4eba>/Subject(s)/Keywords(k)/Creator(c)"
	    "/Producer(p)/CreationDate(D:20080201093000+01'00')/ModDate(D:2009)>>endobj\n";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct came c;

	make_pdf(&b, 2, "BT /A 12 Tf 50 50 Td (free and equal) Tj ET", info);
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_OK && !c.r.why && !c.r.same && c.n_files == 0);
	CHECK(c.r.text && strcmp(c.r.text, "free and equal\n\nfree and equal") == 0);
	CHECK(c.r.anchors &&
	    strcmp(c.r.anchors,
		"{\"end\":14,\"page\":1,\"start\":0}\n"
		"{\"end\":30,\"page\":2,\"start\":16}\n") == 0);
	CHECK(strcmp(c.r.program, "vigil-extract pdf 1") == 0);
	CHECK(strcmp(field(&c, "title"), "A (small) one") == 0);
	CHECK(strcmp(field(&c, "creator"), "\xe4\xba\xba") == 0);
	CHECK(strcmp(field(&c, "description"), "s") == 0);
	CHECK(strcmp(field(&c, "subject"), "k") == 0);
	CHECK(strcmp(field(&c, "software"), "c; p") == 0);
	CHECK(strcmp(field(&c, "created"), "2008-02-01T09:30:00+01:00") == 0);
	CHECK(strcmp(field(&c, "modified"), "2009") == 0);
	CHECK(strcmp(field(&c, "pages"), "2") == 0);
	make_pdf(&b, 3, "0 0 50 50 re f", "");
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && c.r.why &&
	    strncmp(c.r.why, "no text layer", 13) == 0);
	CHECK(!c.r.text && !c.r.anchors);
}

static void
damage_ends_in_a_clear_word(void)
{
	static const struct {
		const char *bytes, *why;
	} cases[] = {
		{ "%PDF-1.4\n", "the PDF is damaged" },
		{ "%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF\n", "the PDF is damaged" },
		{ "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n"
		  "trailer<</Root 1 0 R>>\n%%EOF\n",
		    "the PDF is damaged" },
		{ "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		  "2 0 obj<</Type/Pages/Kids[2 0 R]/Count 3>>endobj\n"
		  "trailer<</Root 1 0 R>>\n%%EOF\n",
		    "the PDF is damaged: none of its pages can be read" },
	};
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	for (size_t i = 0; i < LEN(cases); i++) {
		hand_in(x, a, cases[i].bytes, strlen(cases[i].bytes), &c);
		CHECK(c.r.status == EXTRACT_FAILED);
		if (c.r.why && strstr(c.r.why, cases[i].why))
			continue;
		printf("# %zu: %s\n", i, c.r.why ? c.r.why : "");
		CHECK(false);
	}
}

static void
passwords_are_told(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	if (!hand_in_shared(x, a,
		"data/formats/tika/testPDF_no_extract_no_accessibility_owner_user.pdf", &c))
		SKIP("the shared material is not here");
	CHECK(c.r.status == EXTRACT_FAILED && strstr(c.r.why, "only a password opens"));
	CHECK(strcmp(field(&c, "encrypted"), "password") == 0);
}

/* Encrypted so that only changing it needs a password: RC4 with the empty one. */
static void
what_needs_no_password_is_read(void)
{
	static const char content[] =
	    "\144\241\155\364\227\056\103\223\010\155\070\231\044\056\042\330\246\271\161"
	    "\321\147\355\227\302\275\106\274\007\070\350\102\327\302\173\206";
	static const char key[] =
	    "6 0 obj<</Filter/Standard/V 1/R 2/P -64/O<c92422687facee686e373f10b5c7d047"
	    "38053152f7e2ee30e11c69ec442576ab>/U<84e51d6258445f9e19371c8b3c2726bc"
	    "2c76626748aaacfaa778ffb6b36a13cd>>>endobj\n"
	    "trailer<</Root 1 0 R/Encrypt 6 0 R/ID[<30313233343536373839616263646566>"
	    "<30313233343536373839616263646566>]>>\n";
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 20);
	struct came c;

	make_pdf(&b, 1, content, key);
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_OK && c.r.text && strcmp(c.r.text, "secret") == 0);
}

static void
files_within_come_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	if (!hand_in_shared(x, a, "data/formats/tika/testPDFPackage.pdf", &c))
		SKIP("the shared material is not here");
	CHECK(c.r.status == EXTRACT_OK && c.n_files == 2);
	CHECK(strcmp(c.files[0].path, "PDF1.pdf") == 0 && c.files[0].n == 35964);
	CHECK(hand_in_shared(x, a, "data/formats/tika/testPDF_multiFormatEmbFiles.pdf", &c));
	CHECK(c.n_files >= 1 && strcmp(c.files[0].path, "Test.txt") == 0);
}

static void
files_attached_to_notes_come_out(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	struct came c;

	if (!hand_in_shared(x, a, "data/formats/tika/testPDFFileEmbInAnnotation.pdf", &c))
		SKIP("the shared material is not here");
	CHECK(c.r.status == EXTRACT_OK && c.n_files == 1 && c.files[0].n == 9518);
	CHECK(strcmp(c.files[0].path, "Excel.xlsx") == 0);
}

static bool
failed_for(const struct came *c, const char *why)
{
	if (c->r.status == EXTRACT_FAILED && strstr(c->r.why, why))
		return true;
	printf("# status %d: %s\n", c->r.status, c->r.why ? c->r.why : "");
	return false;
}

/* A page that shows so many words. */
static void
make_long_page(struct buf *b, size_t words)
{
	AUTO_VAL(buf) page = buf_init(1 << 28);

	buf_str(&page, "BT /A 1 Tf ");
	for (size_t i = 0; i < words; i++)
		buf_printf(&page, "1 0 0 1 %zu %zu Tm (word) Tj ", i % 300, i / 300 % 300);
	buf_str(&page, "ET");
	make_pdf(b, 1, buf_peek(&page), "");
}

/* A picture that draws another ten times, and so on: 10^9 in all. */
static void
make_endless_page(struct buf *b)
{
	static const char often[] =
	    "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do";
	AUTO_VAL(buf) forms = buf_init(1 << 20);

	for (int i = 0; i < 9; i++)
		buf_printf(&forms,
		    "%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
		    "/Length %zu>>stream\n%s\nendstream endobj\n",
		    30000 + i, 30001 + i, strlen(often), often);
	make_pdf(b, 1, "/X Do", buf_peek(&forms));
}

static void
limits_are_kept(void)
{
	struct extract_limits small = { .memory = 16 << 20, .seconds = 60, .output = 1 << 20 },
			      brief = { .memory = 1 << 30, .seconds = 1, .output = 1 << 20 };
	struct err e = { 0 };
	AUTO(extractor) *x = extractor_open(program(), &small, &e);
	AUTO(extractor) *y = extractor_open(program(), &brief, &e);
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 28);
	struct came c;

	NEED(x && y, &e);
	make_long_page(&b, 200000);
#ifndef __SANITIZE_ADDRESS__ /* where memory has no limit */
	hand_in(x, a, b.p, b.n, &c);
	CHECK(failed_for(&c, "needed more than 16 MB of memory"));
#endif
	make_endless_page(&b);
	hand_in(y, a, b.p, b.n, &c);
	CHECK(failed_for(&c, "took longer than 1 seconds"));
	make_pdf(&b, PDF_PAGES_MAX + 5, "", "");
	x = (extractor_close(x), open_extractor());
	hand_in(x, a, b.p, b.n, &c);
	CHECK(c.r.status == EXTRACT_EMPTY && c.r.why);
	CHECK(strstr(c.r.why, "no text layer; only its first 20000 pages of 20005 were read"));
}

/* The process number of the last child of ours that started; 0 if the kernel does not tell. */
static pid_t
last_child(void)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(4096);
	struct err e;
	char *at, *end;
	long pid = 0, found = 0;

	if (!io_read_file(arena_printf(a, "/proc/self/task/%d/children", getpid()), &b, &e))
		return 0;
	at = (char *)(uintptr_t)buf_peek(&b);
	while ((pid = strtol(at, &end, 10)) > 0 && end != at) {
		found = pid;
		at = end;
	}
	return (pid_t)found;
}

/* Of two families, one breaks down: its items are lost, the other's are not, and it comes again. */
static void
a_family_breaks_down_alone(void)
{
	AUTO(extractor) *x = open_extractor();
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 28), small = buf_init(1 << 20);
	struct err e = { 0 };
	struct came c;
	bool lost = false, kept = false;

	make_long_page(&b, 100000);
	make_pdf(&small, 1, "BT /A 12 Tf 50 50 Td (next) Tj ET", "");
	hand_in(x, a, small.p, small.n, &c);
	CHECK(c.r.status == EXTRACT_OK);
	if (!last_child())
		SKIP("this kernel does not list children");
	NEED(extractor_submit(x, 1, "application/pdf", b.p, b.n, &e), &e);
	NEED(extractor_submit(x, 2, "text/plain", "kept", 4, &e), &e);
	kill(last_child(), SIGKILL);
	while (extractor_under_way(x)) {
		struct extracted r;
		uint64_t tag;

		NEED(extractor_take(x, a, &tag, &r, &e), &e);
		lost |= tag == 1 && r.status == EXTRACT_FAILED &&
		    strcmp(r.why, "extraction was interrupted") == 0;
		kept |= tag == 2 && r.status == EXTRACT_OK;
	}
	CHECK(lost && kept);
	hand_in(x, a, small.p, small.n, &c);
	CHECK(c.r.status == EXTRACT_OK && strcmp(c.r.text, "next") == 0);
}

static void
dates_are_iso(void)
{
	static const struct {
		const char *pdf, *iso;
	} cases[] = {
		{ "D:20080201093000+01'00'", "2008-02-01T09:30:00+01:00" },
		{ "D:20080201093000-07'30", "2008-02-01T09:30:00-07:30" },
		{ "D:20080201093000Z00'00'", "2008-02-01T09:30:00Z" },
		{ "20080201093000Z", "2008-02-01T09:30:00Z" },
		{ "D:20080201093000", "2008-02-01T09:30:00" },
		{ "D:20080201093000+05", "2008-02-01T09:30:00+05:00" },
		{ "D:2008020109", "2008-02-01T09:00" },
		{ "D:20080201", "2008-02-01" },
		{ "D:200802", "2008-02" },
		{ "D:2008", "2008" },
		{ "D:200", "" },
		{ "yesterday", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		AUTO_VAL(buf) b = buf_init(64);

		pdf_date(cases[i].pdf, &b);
		if (strcmp(buf_peek(&b), cases[i].iso) == 0)
			continue;
		printf("# %s: %s\n", cases[i].pdf, buf_peek(&b));
		CHECK(false);
	}
}

/* The shared files against pdftotext. */

/* Where the two may differ, and why. */
static const struct {
	const char *name, *why;
} exceptions[] = {
	{ "boundingBox_invalid.pdf",
	    "its pages have a crop box without area; pdftotext takes no"
	    " notice of crop boxes" },
	{ "vertical.pdf", "two of its pages have no text layer, and are read by OCR" },
};

/* What pdftotext says, as a text of ours; false if it cannot read the file. */
static bool
pdftotext(const char *path, struct buf *ret)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(1 << 26);
	const struct text_encoding utf8 = { .name = "UTF-8" };
	struct err e = { 0 };
	bool same = false;
	FILE *f = popen(arena_printf(a, "pdftotext '%s' - 2>/dev/null", path), "r");

	NEED(f && io_read_all(fileno(f), &b, "pdftotext", &e), &e);
	if (pclose(f))
		return false;
	if (b.n && text_decode(b.p, b.n, &utf8, ret, &same, &e) && same)
		buf_add(ret, b.p, b.n);
	return true;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space counts as one space, at the ends as none. */
static bool
equal_folded(const char *p, const char *q)
{
	for (;;) {
		bool gap_p = is_space(*p), gap_q = is_space(*q);

		while (is_space(*p))
			p++;
		while (is_space(*q))
			q++;
		if (*p && *q && gap_p != gap_q)
			return false;
		if (*p != *q)
			return false;
		if (!*p)
			return true;
		p++;
		q++;
	}
}

struct counts {
	size_t files, readable, equal, excused;
};

static bool
is_exception(const char *path)
{
	for (size_t i = 0; i < LEN(exceptions); i++)
		if (strcmp(strrchr(path, '/') + 1, exceptions[i].name) == 0)
			return true;
	return false;
}

/* Pages without one are read by OCR. */
static const char *
text_layer(const struct came *c)
{
	return c->r.text && strcmp(c->r.program, "vigil-extract pdf 1") == 0 ? c->r.text : "";
}

static void
compare(struct extractor *x, const char *path, struct counts *n)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) b = buf_init(64 << 20), theirs = buf_init(1 << 26);
	struct err e = { 0 };
	struct came c;

	NEED(io_read_file(path, &b, &e), &e);
	hand_in(x, a, b.p, b.n, &c);
	n->files++;
	if (c.r.status == EXTRACT_FAILED && !strstr(c.r.why, "encrypted") &&
	    !strstr(c.r.why, "damaged")) {
		printf("# %s: %s\n", path, c.r.why);
		CHECK(false);
	}
	if (!pdftotext(path, &theirs))
		return;
	n->readable++;
	if (equal_folded(buf_peek(&theirs), text_layer(&c)))
		n->equal++;
	else if (is_exception(path))
		n->excused++;
	else
		printf("# another text than pdftotext's: %s\n", path);
}

static void
compare_folder(struct extractor *x, const char *dir, struct counts *n)
{
	DIR *d = opendir(dir);
	struct dirent *f;

	while (d && (f = readdir(d))) {
		AUTO(arena) *a = arena_new();
		const char *path = arena_printf(a, "%s/%s", dir, f->d_name),
			   *dot = strrchr(f->d_name, '.');
		struct stat st;

		if (*f->d_name == '.' || stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			compare_folder(x, path, n);
		else if (dot && strcasecmp(dot, ".pdf") == 0)
			compare(x, path, n);
	}
	if (d)
		closedir(d);
}

static void
texts_are_those_of_pdftotext(void)
{
	static const char *const folders[] = { "data/formats/pdfjs", "data/formats/verapdf",
		"data/formats/tika", "data/un" };
	AUTO(extractor) *x = open_extractor();
	struct counts n = { 0 };
	char path[512];

	if (!test_shared(path, "data/formats/README.md"))
		SKIP("the shared material is not here");
	if (system("pdftotext -v 2>/dev/null"))
		SKIP("pdftotext is not here (poppler-utils)");
	for (size_t i = 0; i < LEN(folders); i++)
		if (test_shared(path, folders[i]))
			compare_folder(x, path, &n);
	printf("# %zu files, %zu readable, %zu equal, %zu exceptions\n", n.files, n.readable,
	    n.equal, n.excused);
	CHECK(n.files > 100 && n.equal * 100 >= n.readable * 97);
	CHECK(n.equal + n.excused == n.readable);
}

TESTS(T(gives_pages_with_anchors), T(damage_ends_in_a_clear_word), T(passwords_are_told),
    T(what_needs_no_password_is_read), T(files_within_come_out),
    T(files_attached_to_notes_come_out), T(limits_are_kept), T(a_family_breaks_down_alone),
    T(dates_are_iso), T(texts_are_those_of_pdftotext))
