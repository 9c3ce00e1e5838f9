/* Pages of the web: what they say of themselves, where their blocks stand, which of them are the main text. */
#include <dirent.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "helper.h"
#include "test.h"

static void
check_field(const char *page, const char *name, const char *want)
{
	struct answer s;

	CHECK(answer_of(EXTRACTOR_HTML, page, strlen(page), &s));
	if (strcmp(field_of(&s, name), want) != 0) {
		printf("# %s\n#   %s: %s\n", page, name, field_of(&s, name));
		CHECK(false);
	}
	answer_done(&s);
}

#define NOTES(json) "<script type='application/ld+json'>" json "</script>a"

static void
finds_fields(void)
{
	static const struct {
		const char *page, *name, *value;
	} cases[] = {
		{ "<meta property=article:author content='A. B'>a", "creator", "A. B" },
		{ "<meta property=article:author content='https://example.org/x'>a", "creator",
		    "" },
		{ NOTES("{\"author\":{\"name\":\"A. B\"}}"), "creator", "A. B" },
		{ NOTES("{\"@graph\":[{\"author\":[\"A. B\"]}]}"), "creator", "A. B" },
		{ NOTES("{\"comment\":{\"author\":{\"name\":\"A. B\"}}}"), "creator", "" },
		{ NOTES("{\"datePublished\":\"2020-01-02\",\"x\":1.5}"), "date", "2020-01-02" },
		{ NOTES("{\"dateModified\":\"2020-01-02\"}"), "modified", "2020-01-02" },
		{ NOTES("{\"publisher\":{\"name\":\"P\"}"), "publisher", "P" },
		{ "<p>by <a rel='author nofollow' href=/x> A. <b>B</b></a>", "creator",
		    "A. B" },
		{ "<meta property=article:modified_time content=2020>a", "modified", "2020" },
		{ "<meta property=og:site_name content=S>a", "publisher", "S" },
		{ "<meta property=og:url content=https://example.org/>a", "source",
		    "https://example.org/" },
		{ "<link rel='x canonical' href=https://example.org/>a", "identifier",
		    "https://example.org/" },
		{ "<article><header><time datetime=2020-01-02>then</time></header>a", "date",
		    "2020-01-02" },
		{ "<aside><time datetime=2020-01-02>then</time></aside>a", "date", "" },
		{ "<meta name=date content=2019><main><time datetime=2020>then</time>a", "date",
		    "2019" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		check_field(cases[i].page, cases[i].name, cases[i].value);
}

/* Each anchor as "path=text", "*" before those of the main text. */
static void
check_anchors(const char *page, const char *want)
{
	AUTO(arena) *a = arena_new();
	AUTO_VAL(buf) have = buf_init(1 << 16);
	struct answer s;
	struct err e;

	CHECK(answer_of(EXTRACTOR_HTML, page, strlen(page), &s));
	for (const char *at = buf_peek(&s.anchors), *end; (end = strchr(at, '\n'));
	     at = end + 1) {
		struct json *m = json_read(a, at, (size_t)(end - at), &e);
		int64_t start = json_get_int(m, "start");

		buf_printf(&have, "%s%s=%.*s\n", *json_get_str(m, "part") ? "*" : "",
		    json_get_str(m, "element"), (int)(json_get_int(m, "end") - start),
		    buf_peek(&s.text) + start);
	}
	if (strcmp(buf_peek(&have), want) != 0) {
		printf("# %s\n# gives: %s# not:   %s", page, buf_peek(&have), want);
		CHECK(false);
	}
	answer_done(&s);
}

#define LONG                                                                                    \
	"Words that go on for long enough to be a paragraph of a text that somebody wrote, and" \
	" not the label of something else; so it goes on."

static void
tells_where_blocks_stand(void)
{
	check_anchors("<p>a</p><p>b <i>c</i></p>", "html/body/p[1]=a\nhtml/body/p[2]=b c\n");
	check_anchors("<div>a<p>b</p>c</div>",
	    "html/body/div[1]=a\nhtml/body/div[1]/p[1]=b\nhtml/body/div[1]=c\n");
	check_anchors("<div>a<br>b</div>", "html/body/div[1]=a\nb\n");
	check_anchors("just text", "html/body=just text\n");
	check_anchors("<table><tr><td>a<td>b<tbody><tr><td>c</table>",
	    "html/body/table[1]/tbody[1]/tr[1]/td[1]=a\n"
	    "html/body/table[1]/tbody[1]/tr[1]/td[2]=b\n"
	    "html/body/table[1]/tbody[2]/tr[1]/td[1]=c\n");
	check_anchors("<p>a<p hidden>b<p>c", "html/body/p[1]=a\nhtml/body/p[3]=c\n");
	check_anchors(
	    "<o:p>a</o:p><b><div>c</div></b>", "html/body=a\nhtml/body/b[1]/div[1]=c\n");
	/* What libxml2 leaves in the head. */
	check_anchors("<title>T</title><nav>n</nav><p>a<nav>b</nav>",
	    "html/body/nav[1]=n\nhtml/body/p[1]=a\nhtml/body/p[1]/nav[1]=b\n");
	check_anchors("<title>T</title><nav>n</nav><div>a</div><nav>b</nav>",
	    "html/body/nav[1]=n\nhtml/body/div[1]=a\nhtml/body/nav[2]=b\n");
	/* Composed where it was not: the spans move with it. */
	check_anchors("<p>e&#x301;<p>b", "html/body/p[1]=\xc3\xa9\nhtml/body/p[2]=b\n");
	/* The title's line is the body's own, too: said once. */
	check_anchors(
	    "<title>T</title><h1>T</h1><p>b", "html/body/h1[1]=T\nhtml/body/p[1]=b\n");
}

static void
tells_the_main_text(void)
{
	check_anchors("<nav>n</nav><main><p>a</p><aside>b</aside></main><p>c",
	    "html/body/nav[1]=n\n*html/body/main[1]/p[1]=a\nhtml/body/main[1]/aside[1]=b\n"
	    "html/body/p[1]=c\n");
	check_anchors("<div role=main><p>a</div>b", "*html/body/div[1]/p[1]=a\nhtml/body=b\n");
	check_anchors("<article>a</article>b", "*html/body/article[1]=a\nhtml/body=b\n");
	check_anchors("<ul><li><a href=a>Home</a><li><a href=b>Contact</a></ul><p>" LONG
		      "<p>" LONG "<ul><li><a href=c>Imprint</a><li><a href=c>More</a></ul>",
	    "html/body/ul[1]/li[1]=Home\nhtml/body/ul[1]/li[2]=Contact\n*html/body/p[1]=" LONG
	    "\n*html/body/p[2]=" LONG
	    "\nhtml/body/ul[2]/li[1]=Imprint\nhtml/body/ul[2]/li[2]=More\n");
}

/* How many nodes of the tree that libxml2 makes of the page the path leads to. */
static int
nodes_at(xmlXPathContextPtr x, const char *path)
{
	char whole[600];
	xmlXPathObjectPtr found;
	int n;

	snprintf(whole, sizeof whole, "/%s", path);
	found = xmlXPathEvalExpression((const xmlChar *)whole, x);
	n = found && found->nodesetval ? found->nodesetval->nodeNr : 0;
	xmlXPathFreeObject(found);
	return n;
}

static void
check_paths(const char *name, const struct buf *page, size_t *io_all, size_t *io_wrong)
{
	AUTO(arena) *a = arena_new();
	htmlDocPtr doc = htmlReadMemory(buf_peek(page), (int)page->n, NULL, NULL,
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	xmlXPathContextPtr x = xmlXPathNewContext(doc);
	struct answer s;
	struct err e;

	CHECK(answer_of(EXTRACTOR_HTML, page->p, page->n, &s));
	for (const char *at = buf_peek(&s.anchors), *end; (end = strchr(at, '\n'));
	     at = end + 1) {
		struct json *m = json_read(a, at, (size_t)(end - at), &e);
		const char *path = json_get_str(m, "element");

		if (strstr(path, "/tbody[") ||
		    strstr(path, "/p[")) /* browsers differ: see above */
			continue;
		++*io_all;
		if (nodes_at(x, path) == 1)
			continue;
		if (++*io_wrong < 10)
			printf("# %s: %s leads to %d\n", name, path, nodes_at(x, path));
	}
	answer_done(&s);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
}

static void
paths_lead_to_one_element(void)
{
	const char *shared = getenv("VIGIL_SHARED");
	AUTO(arena) *a = arena_new();
	const char *folder = arena_printf(a, "%s/data/formats/tika", shared ? shared : "");
	DIR *d = opendir(folder);
	size_t all = 0, wrong = 0;

	if (!d)
		SKIP("the shared pages are not here");
	for (struct dirent *f; (f = readdir(d));) {
		AUTO_VAL(buf) page = buf_init(1 << 24);
		const char *dot = strrchr(f->d_name, '.');
		struct err e;

		if (!dot || strncmp(dot, ".htm", 4) != 0)
			continue;
		CHECK_OK(
		    io_read_file(arena_printf(a, "%s/%s", folder, f->d_name), &page, &e), &e);
		check_paths(f->d_name, &page, &all, &wrong);
	}
	closedir(d);
	printf("# %zu paths, %zu lead to none or several\n", all, wrong);
	CHECK(all > 20 && wrong == 0);
}

static void
deep_pages_cost_little(void)
{
	enum { DEEP = 100000 };
	AUTO_VAL(buf) page = buf_init(1 << 24);
	struct answer s;

	for (int i = 0; i < DEEP; i++)
		buf_str(&page, i % 3 ? "<div>" : "<b>");
	buf_str(&page, "x");
	for (int i = 0; i < DEEP; i++)
		buf_printf(&page, "<n%d>y</n%d>", i, i);
	CHECK(answer_of(EXTRACTOR_HTML, page.p, page.n, &s));
	CHECK(strncmp(buf_peek(&s.text), "xyyy", 4) == 0 && s.anchors.n > 0);
	answer_done(&s);
}

TESTS(T(finds_fields), T(tells_where_blocks_stand), T(tells_the_main_text),
    T(paths_lead_to_one_element), T(deep_pages_cost_little))
