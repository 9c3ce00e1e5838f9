#!/usr/bin/env python3
"""Tests web/compile.py and web/views.py: what they refuse, what they make of words and structs, and that the catalogues are whole. Output is TAP.

    templates.py WEB"""
import json
import pathlib
import re
import sys
import tempfile

web = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(web))
import compile as compiler  # noqa: E402
import views  # noqa: E402

PAGE = "{% page x(const struct x_page *p) %}\n"

# What a template may not say, and a word of why it is told.
REFUSED = {
    "no beginning": ("<p></p>", "begins with"),
    "a value without quotes": (PAGE + "<p class={{ p->a }}></p>", "double quotes"),
    "a value in single quotes": (PAGE + "<p class='{{ p->a }}'></p>", "double quotes"),
    "an attribute's name": (PAGE + "<p {{ p->a }}></p>", "in text and in double quotes"),
    "an element's name": (PAGE + "<{{ p->a }}></p>", "in text and in double quotes"),
    "part of an element's name": (PAGE + "<p{{ p->a }}></p>", "in text and in double quotes"),
    "a value in a script": (PAGE + "<script>{{ p->a }}</script>", "no value in <script>"),
    "a script": (PAGE + "<script>1</script>", "scripts and styles are files"),
    "a style": (PAGE + "<style>p</style>", "not used here"),
    "an event": (PAGE + '<p onclick="x()"></p>', "onclick"),
    "an event without a value": (PAGE + "<p onclick></p>", "onclick"),
    "an event in capitals": (PAGE + '<p ONCLICK="x()"></p>', "onclick"),
    "a style attribute": (PAGE + '<p style="{{ p->a }}"></p>', "style"),
    "srcdoc": (PAGE + '<p srcdoc="{{ p->a }}"></p>', "srcdoc"),
    "a frame": (PAGE + '<iframe src="/"></iframe>', "not used here"),
    "an object": (PAGE + '<object data="/"></object>', "not used here"),
    "a base": (PAGE + '<base href="/">', "not used here"),
    "a refresh": (PAGE + '<meta http-equiv="refresh" content="0">', "http-equiv"),
    "formaction": (PAGE + '<button formaction="/x"></button>', "formaction"),
    "a whole address": (PAGE + '<a href="{{ p->a }}"></a>', "a literal / ? or #"),
    "a scheme": (PAGE + '<a href="javascript:{{ p->a }}"></a>', "a literal / ? or #"),
    "a scheme, locally": (PAGE + '<a href="javascript:{{ p->a | local }}"></a>', "a literal / ? or #"),
    "a scheme alone": (PAGE + '<a href="javascript:x"></a>', "address of this desk"),
    "a scheme in a block": (PAGE + '<a href="{% if p->a %}javascript:{% end %}{{ p->b }}"></a>', "a literal / ? or #"),
    "data": (PAGE + '<img src="data:x" alt="">', "address of this desk"),
    "another site": (PAGE + '<a href="//evil.example"></a>', "address of this desk"),
    "another site by a value": (PAGE + '<a href="//{{ p->a }}"></a>', "a literal / ? or #"),
    "another site, backwards": (PAGE + '<a href="/\\{{ p->a }}"></a>', "a literal / ? or #"),
    "local in a path": (PAGE + '<a href="/{{ p->a | local }}"></a>', "whole addresses"),
    "local in text": (PAGE + "<p>{{ p->a | local }}</p>", "whole addresses"),
    "an element left open": (PAGE + "<p>", "not closed"),
    "an element closed twice": (PAGE + "<p></p></p>", "ends nothing"),
    "elements crossed": (PAGE + "<p><b></p></b>", "ends nothing"),
    "a tag left open": (PAGE + "<p", "not closed"),
    "a value left open": (PAGE + '<p class="', "not closed"),
    "an attribute twice": (PAGE + '<p id="a" id="b"></p>', "twice"),
    "an image without words": (PAGE + '<img src="/x">', "alt"),
    "a comment": (PAGE + "<!-- -->", "comments are"),
    "a lone <": (PAGE + "<p>< </p>", "begins no element"),
    "a lone >": (PAGE + "<p>></p>", "without its <"),
    "an element in words": (PAGE + "<textarea><b></b></textarea>", "words only"),
    "a call in words": (PAGE + "<textarea>{% call y() %}</textarea>", "between elements"),
    "a call in a value": (PAGE + '<p class="{% call y() %}"></p>', "between elements"),
    "a form without a token": (PAGE + '<form method="post" action="/"></form>', "needs {% token %}"),
    "a token that may be left out": (PAGE + '<form method="post" action="/">{% if p->a %}{% token %}{% end %}</form>', "whatever is so"),
    "a method by a value": (PAGE + '<form method="{{ p->a }}" action="/"></form>', "get or post"),
    "a method in capitals": (PAGE + '<form method="POST" action="/"></form>', "get or post"),
    "a token without a form": (PAGE + "{% token %}", "stands in a form"),
    "an if that opens": (PAGE + "{% if p->a %}<p>{% end %}</p>", "close what it opens"),
    "a branch that opens": (PAGE + "{% if p->a %}<p>{% else %}</p>{% end %}", "close what it opens"),
    "a for that closes": (PAGE + "<p>{% for a in p->a : 1 %}</p>{% end %}", "close what it opens"),
    "a block left open": (PAGE + "{% if p->a %}", "not ended"),
    "an end of nothing": (PAGE + "{% end %}", "without a beginning"),
    "an else of nothing": (PAGE + "{% else %}", "without if"),
    "a for without its count": (PAGE + "{% for a in p->a %}{% end %}", "COUNT"),
    "an unknown act": (PAGE + "{% include x %}", "nothing that a template can do"),
    "an unknown filter": (PAGE + "<p>{{ p->a | raw }}</p>", "no filter"),
    "the literal filter": (PAGE + "<p>{{ p->a, 4 | literal }}</p>", "no filter"),
    "two values": (PAGE + "<p>{{ p->a, p->b }}</p>", "one value"),
    "past the escaping": (PAGE + "<p>{{ (html_literal(h, p->a, 3), p->b) }}</p>", "in an expression"),
    "past it in a condition": (PAGE + "{% if html_string(h, p->a) %}{% end %}", "in an expression"),
    "past it in a call": (PAGE + '{% call y(buf_str(h->out, "<b>")) %}', "in an expression"),
    "past it in words": (PAGE + '<p>{% t "{0}", html_literal(h, p->a, 1) %}</p>', "in an expression"),
    "a statement": (PAGE + "<p>{{ p->a; x() }}</p>", "in an expression"),
    "words": (PAGE + "<p>Hello</p>", "outside of the catalogue"),
    "words of another script": (PAGE + "<p>你</p>", "outside of the catalogue"),
    "words of an attribute": (PAGE + '<p title="Hello"></p>', "belong in the catalogue"),
    "words in an address": (PAGE + '<a href="/{% t "x" %}"></a>', "words in an address"),
    "words that lack a value": (PAGE + '<p>{% t "{0} and {1}", p->a %}</p>', "places"),
    "words with too many": (PAGE + '<p>{% t "and", p->a %}</p>', "places"),
    "two pages": (PAGE + PAGE, "at the beginning"),
    "a shape outside of a drawing": (PAGE + "<rect></rect>", "stands in an svg"),
    "a paragraph in a drawing": (PAGE + "<svg><p></p></svg>", "no part of an svg"),
    "foreign objects": (PAGE + "<svg><foreignobject></foreignobject></svg>", "not used here"),
    "what is used again": (PAGE + '<svg><use href="/x"></use></svg>', "not used here"),
    "what moves": (PAGE + "<svg><animate></animate></svg>", "not used here"),
    "a script in a drawing": (PAGE + '<svg><script src="/x"></script></svg>', "no part of an svg"),
    "a picture from elsewhere": (PAGE + '<svg><image href="https://evil.example/x"></image></svg>', "begins with"),
    "a link of a drawing to elsewhere": (PAGE + '<svg><a href="javascript:x()"></a></svg>', "begins with"),
    "another link of a drawing": (PAGE + '<svg><a xlink:href="/x"></a></svg>', "not used here"),
    "style in a drawing": (PAGE + '<svg><g style="x"></g></svg>', "not used here"),
    "a handler in a drawing": (PAGE + '<svg onload="x"></svg>', "not used here"),
    "words in a path": (PAGE + '<svg><path d="{{ p->a }}"></path></svg>', "is | number"),
    "words as a width": (PAGE + '<svg><rect width="{{ p->a }}"></rect></svg>', "is | number"),
    "catalogue in a path": (PAGE + '<svg><path d="{% t "x" %}"></path></svg>', "where numbers stand"),
    "other letters in a path": (PAGE + '<svg><path d="url(x)"></path></svg>', "holds numbers"),
    "a path of a paragraph": (PAGE + '<p d="M0 0"></p>', "not used here"),
    "a body in a block": (PAGE + "{% if p->a %}{% body %}{% end %}", "in no block"),
}

# What becomes of what it may say: a piece of the C.
MADE = {
    "text": ("<p>{{ p->a }}</p>", 'html_literal(h, "<p>", 3);\n\thtml_put(h, p->a);'),
    "an attribute": ('<p class="{{ p->a }}"></p>', 'html_put(h, p->a);'),
    "within an address": ('<a href="/x/{{ p->a }}"></a>', "html_url(h, p->a);"),
    "asked": ('<a href="?q={{ p->a }}"></a>', "html_url(h, p->a);"),
    "a whole address": ('<a href="{{ p->a | local }}"></a>', "html_local(h, p->a);"),
    "a filter": ("<p>{{ p->a | date }}</p>", "html_date(h, p->a);"),
    "or": ("<p>{{ p->a || p->b }}</p>", "html_put(h, p->a || p->b);"),
    "a form": ('<form method="post" action="/x">{% token %}</form>', "html_put(h, h->token);"),
    "words": ('<p>{% t "Find" %}</p>', "html_put(h, html_words(h, 0));"),
    "words with a value": ('<p>{% t "{0} of it", p->a | bytes %}</p>', "case 0:\n\t\t\thtml_bytes(h, p->a);"),
    "a number": ('<svg viewBox="0 0 9 9"><rect x="{{ p->a * 3 | number }}"></rect></svg>', "html_number(h, p->a * 3);"),
    "a path": ('<svg><path d="M{{ p->a | number }} 0V{{ p->b | number }}Z"></path></svg>', "html_number(h, p->b);"),
    "leave": ('<a href="about:blank"></a>', "about:blank"),
    "an entity": ("<p>&lt;</p>", "<p>&lt;</p>"),
    "nothing before the doctype": ("\n\n<!doctype html>", 'html_literal(h, "<!doctype'),
    "a comment": ("{# <b> words #}<p></p>", 'html_literal(h, "<p></p>", 7);'),
    "three question marks": ('<a href="/???"></a>', "\\077\\077\\077"),
}

CATALOGUES = {
    "whole": ("Find\tTrouver\n{0} of\tde {0}\n", None),
    "with remarks": ("# so\n\nFind\tTrouver\n{0} of\tde {0}\n", None),
    "a word missing": ("Find\tTrouver\n", "lack a translation"),
    "a word too many": ("Find\tTrouver\n{0} of\tde {0}\nx\ty\n", "no page says"),
    "a place missing": ("Find\tTrouver\n{0} of\tde\n", "places differ"),
    "another place": ("Find\tTrouver\n{0} of\tde {1}\n", "places differ"),
    "no tab": ("Find Trouver\n", "tab between"),
    "nothing": ("Find\t \n", "tab between"),
}


HEADER = '/* Some. */\n#ifndef X_H\n#define X_H\n\n#include "y.h"\n\n'
# What a header of views may not say, its line after the beginning, and a word of why it is told.
VIEWS_REFUSED = {
    "a macro": ("#define N 3\n", 1, "macros"),
    "a condition": ("#ifdef N\n#endif\n", 1, "macros"),
    "a function": ("void f(void);\n", 1, "no place here"),
    "a typedef": ("typedef int t;\n", 1, "struct or enum"),
    "a variable": ("struct a_page x;\n", 1, "is expected"),
    "a union": ("struct a_page {\n\tunion u x;\n};\n", 2, "no type of views"),
    "an anonymous struct": ("struct a_page {\n\tstruct {\n\t\tint x;\n\t} y;\n};\n", 2, "a name is expected"),
    "an anonymous enum": ("enum { A_X };\n", 1, "a name is expected"),
    "a bit field": ("struct a_page {\n\tunsigned x : 1;\n};\n", 2, "no place here"),
    "an array": ("struct a_page {\n\tint x[3];\n};\n", 2, "no place here"),
    "a function pointer": ("struct a_page {\n\tvoid (*f)(void);\n};\n", 2, "no place here"),
    "a time that is a number": ("struct a_page {\n\tint64_t x;\n};\n", 2, "a time is a moment"),
    "a long": ("struct a_page {\n\tlong x;\n};\n", 2, "no type of views"),
    "a float": ("struct a_page {\n\tfloat x;\n};\n", 2, "no type of views"),
    "a string that can be changed": ("struct a_page {\n\tchar *x;\n};\n", 2, "const"),
    "a letter": ("struct a_page {\n\tconst char x;\n};\n", 2, "a string is"),
    "strings without their number": ("struct a_page {\n\tconst char *const *x;\n};\n", 2, "needs its n_x"),
    "numbers without their number": ("struct a_page {\n\tconst double *x;\n};\n", 2, "needs its n_x"),
    "a number that is none": ("struct a_page {\n\tconst double *x;\n\tbool n_x;\n};\n", 2, "is no number"),
    "rows of rows": ("struct a_page {\n\tconst struct a_page **x;\n};\n", 2, "a string is"),
    "an unknown struct": ("struct a_page {\n\n\tconst struct x *x;\n};\n", 3, "in no header"),
    "a struct that is declared only": ("struct x;\nstruct a_page {\n\tconst struct x *x;\n};\n", 3, "in no header"),
    "an unknown enum": ("struct a_page {\n\tenum x x;\n};\n", 2, "in no header"),
    "a struct that holds itself": ("struct a {\n\tconst struct a *x;\n};\n", 2, "hold itself"),
    "two that hold each other": ("struct a {\n\tconst struct b *x;\n};\nstruct b {\n\tconst struct a *x;\n};\n", 5, "hold itself"),
    "a struct twice": ("struct a {\n\tint x;\n};\nstruct a {\n\tint x;\n};\n", 4, "twice"),
    "a field twice": ("struct a {\n\tint x;\n\tbool x;\n};\n", 1, "twice"),
    "an enum without a word": ("enum how { ONE, TWO };\n", 1, "a word of their own"),
    "an enum with another": ("enum how { HOW_ONE, TWO };\n", 1, "a word of their own"),
    "an enum with numbers": ("enum how { HOW_ONE = 1 };\n", 1, "no place here"),
    "a struct left open": ("struct a {\n\tint x;\n", 5, "a name is expected"),
    "a semicolon left out": ("struct a {\n\tint x;\n}\n", 6, "is expected"),
}

# What it may say, and what is told of the struct a_page: of each name its schema, without what is there by nature.
STRING, COUNT = {"type": ["string", "null"]}, {"type": "integer", "minimum": 0}
VIEWS_MADE = {
    "words": ("const char *a, *b;", {"a": STRING, "b": STRING}),
    "numbers": ("uint64_t a;\n\tsize_t b;\n\tint c;", {"a": COUNT, "b": COUNT, "c": {"type": "integer"}}),
    "others": ("bool a;\n\tdouble b;", {"a": {"type": "boolean"}, "b": {"type": ["number", "null"]}}),
    "a time": ("moment a;", {"a": {**STRING, "format": "date-time"}}),
    "an address": ("const char *address, *of_address, *next;\n\tconst char *addressed;",
                   {**{n: {**STRING, "format": "uri-reference"} for n in ("address", "of_address", "next")}, "addressed": STRING}),
    "an enum": ("enum how a;", {"a": {"type": "string", "enum": ["one", "two-more"]}}),
    "many words": ("const char *const *a;\n\tsize_t n_a;", {"a": {"type": "array", "items": STRING}}),
    "many": ("const struct row *a, *b;\n\tsize_t n_a, n_b;",
             {n: {"type": "array", "items": {"$ref": "#/components/schemas/row"}} for n in "ab"}),
    "one or none": ("const struct row *a;", {"a": {"anyOf": [{"$ref": "#/components/schemas/row"}, {"type": "null"}]}}),
    "one": ("struct row a;", {"a": {"$ref": "#/components/schemas/row"}}),
    "remarks": ("bool a; /* so */\n\t/* of b */\n\tbool b;", {"a": {"type": "boolean", "description": "so"}, "b": {"type": "boolean"}}),
    "remarks on some": ("bool a, b; /* a: one; both */", {"a": {"type": "boolean", "description": "one; both"},
                                                         "b": {"type": "boolean", "description": "both"}}),
    "a remark of lines": ("bool a; /* so\n\t\t * and so */", {"a": {"type": "boolean", "description": "so and so"}}),
    "for pages only": ("bool a; /* page only */\n\tbool b; /* page only: so */\n\tbool c, d; /* c: page only */", {"d": {"type": "boolean"}}),
    "the frame's title": ("struct frame frame;\n\tbool a;", {"title": STRING, "a": {"type": "boolean"}}),
    "its own title": ("struct frame frame;\n\tconst char *title;", {"title": STRING}),
    "nothing": ("struct frame frame;\n\tconst char *title; /* page only */", {}),
}
PARTS = "enum how { HOW_ONE, HOW_TWO_MORE };\nstruct row {\n\tint x;\n};\n"


def read_views(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "views.h"
        path.write_text(HEADER + text + "\n#endif\n", encoding="utf-8")
        return views.read([path])


def view_schema(fields):
    structs, enums = read_views(PARTS + "struct a_page {\n\t" + fields + "\n};\n")
    views.c_of(structs, enums, compiler.c_string)
    made = views.schema(structs["a_page"], enums)
    assert made["required"] == list(made["properties"]) and made["additionalProperties"] is False
    return made["properties"]


def compiled(source, words=None):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.html"
        path.write_text(source, encoding="utf-8")
        return compiler.Template(path, {} if words is None else words).compile().c()


def refusal(fn):
    try:
        fn()
    except SystemExit as why:
        return str(why)
    return None


def read_catalogue(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "fr.tsv"
        path.write_text(text, encoding="utf-8")
        return compiler.catalogue(path, {"Find": 0, "{0} of": 1})


def named_words(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "words.tsv"
        path.write_text(text, encoding="utf-8")
        return compiler.named_words(path, {})


def check_web():
    """The pages of the desk compile, and all six languages have all of their words."""
    with tempfile.TemporaryDirectory() as folder:
        c = pathlib.Path(folder) / "c"
        compiler.main(web, c, pathlib.Path(folder) / "h")
        tags = [t for t in ("en", "ar", "es", "fr", "ru", "zh") if f'{{ "{t}", ' in c.read_text(encoding="utf-8")]
        return len(tags) == 6


def undeclared():
    """Fields that handlers read and that no row of the table of routes says."""
    desk = web.parent / "src/desk"
    said = " ".join(re.findall(r'"([^"\n]*)"', (desk / "routes.c").read_text(encoding="utf-8")))
    names = {re.match(r"[\w.-]*", word)[0] for word in said.split()}
    read = {m[1] for path in desk.rglob("*.c") for m in
            re.finditer(r'request_(?:query|field|said|next)\(\s*r,(?:\s*from,)?\s*"([^"]+)"', path.read_text(encoding="utf-8"))}
    return sorted(read - names)


def main():
    done = [("fields that are read are in the table", not undeclared(), undeclared())]
    for name, (source, why) in REFUSED.items():
        said = refusal(lambda: compiled(source)) or ""
        line = 2 if source.startswith(PAGE) else 1
        done.append((f"refuses {name}", why in said and f"x.html:{line}:" in said, said))
    for name, (source, piece) in MADE.items():
        made = []
        said = refusal(lambda: made.append(compiled(PAGE + source)))
        done.append((f"makes {name}", bool(made) and piece in made[0], said or "".join(made)))
    for name, (text, line, why) in VIEWS_REFUSED.items():
        said = refusal(lambda: read_views(text)) or ""
        done.append((f"views: refuses {name}", why in said and f"views.h:{line + HEADER.count(chr(10))}:" in said, said))
    for name, (fields, wanted) in VIEWS_MADE.items():
        made = []
        said = refusal(lambda: made.append(view_schema(fields)))
        done.append((f"views: makes {name}", made == [wanted], said or json.dumps(made)))
    for name, (text, why) in CATALOGUES.items():
        said = refusal(lambda: read_catalogue(text))
        done.append((f"catalogue: {name}", said is None if why is None else why in (said or ""), said))
    said = refusal(lambda: named_words("WORD_A\tOne\nWORD_B\tOne\nWORD_A\tTwo\n")) or ""
    done.append(("words: refuses a name twice", "WORD_A is there twice" in said, said))
    said = refusal(lambda: done.append(("six languages", check_web(), "")))
    if said:
        done.append(("six languages", False, said))
    print(f"1..{len(done)}")
    for i, (name, good, said) in enumerate(done, 1):
        print(f"{'ok' if good else 'not ok'} {i} - {name}")
        if not good:
            print("".join(f"# {line}\n" for line in str(said).splitlines()), end="")
    return 0 if all(good for _, good, _ in done) else 1


sys.exit(main())
