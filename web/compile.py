#!/usr/bin/env python3
"""Templates -> C. web/README.md says what a template may hold.

    compile.py WEB OUT.c OUT.h [HANDLERS.h VIEWS.h...]

WEB holds pages/ (templates), languages/ (catalogues, TAG.tsv) and words.tsv (what handlers in C say); VIEWS.h declare what pages show,
HANDLERS.h the functions that fill it; of both JSON is made (views.py). What could let foreign words become markup is
refused here, with file and line, so that no page can forget it."""
import pathlib
import re
import sys

import views as view_headers

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
RAW = {"script", "style"}
WORDS_ONLY = {"textarea", "title", "option"}    # elements that hold no others
# What a template may use. Whoever adds to these has made sure that foreign words in it do no harm.
ELEMENTS = set("""a article aside b bdi blockquote body br button caption code col colgroup dd details div dl dt em fieldset
    figcaption figure footer form h1 h2 h3 h4 head header hr html img input label legend li link main mark meta nav ol optgroup
    option p pre progress script section select small span strong sub summary sup table tbody td textarea tfoot th thead time
    title tr ul""".split())
# Drawings: shapes and words. Nothing that holds markup of another kind, runs, or moves.
DRAWN = set("svg g path rect circle line polyline text desc image".split())
URLS = {"href", "src", "action"}
ATTRIBUTES = URLS | set("""accept accept-charset alt autocapitalize autocomplete charset checked class cols colspan content
    datetime defer dir disabled download enctype for headers height hidden hreflang id inputmode label lang loading max maxlength media
    method min minlength multiple name open placeholder readonly rel required role rows rowspan scope selected size sizes
    spellcheck start step tabindex title type value width wrap""".split())
# Their attributes hold numbers: literal ones (of a path with its letters) and values that are | number, which C takes of no words.
NUMBERS = set("x y x1 y1 x2 y2 cx cy r rx ry d points viewbox width height".split())
SHAPES = NUMBERS - {"width", "height"}
DRAWN_ATTRIBUTES = SHAPES | set("preserveaspectratio text-anchor".split())
NUMERIC = re.compile(r"[0-9MLHVZmlhvz.,%\s\0-]*$")
FILTERS = {"date", "bytes", "local", "number"}
SPOKEN = {"title", "placeholder", "alt", "aria-label", "label"}   # attributes that people read
PIECE = re.compile(r"\{\{(?P<put>.*?)\}\}|\{%(?P<do>.*?)%\}|\{#.*?#\}", re.S)
SIGNATURE = re.compile(r"page\s+(\w+)\((.*?)\)(?:\s+in\s+(\w+)\((.*)\))?$", re.S)
WORDS = re.compile(r't\s+("(?:[^"\\]|\\.)*")\s*(?:,\s*(.*))?$', re.S)


class Refused(Exception):
    pass


def c_string(text):
    out = []
    for b in text.encode():
        c = chr(b)
        out.append({"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}.get(c) or
                   (c if 32 <= b < 127 and c != "?" else f"\\{b:03o}"))
    return '"' + "".join(out) + '"'


class Context:
    """Where in the HTML the literal text has come to."""

    def __init__(self):
        self.state = "text"    # text, name, tag, attribute, after, value, comment
        self.open = []         # elements
        self.tag = self.attribute = self.value = ""
        self.closing = False
        self.seen = set()      # attributes of the tag
        self.post = False      # a form that sends; it needs the token
        self.token = False
        self.depth = self.form_depth = 0    # blocks round here, and round the form

    def mark(self):
        if self.state == "attribute":    # one without a value ends where a block does
            self.in_attribute(" ")
        return (self.state, tuple(self.open), self.tag if self.state != "text" else "",
                self.attribute if self.state == "value" else "")

    def feed(self, text):
        for c in text:
            getattr(self, "in_" + self.state)(c)

    def in_text(self, c):
        if c == "<":
            self.state, self.tag, self.closing, self.seen = "name", "", False, set()
        elif self.open and self.open[-1] in RAW and not c.isspace():
            raise Refused(f"<{self.open[-1]}> may hold nothing: scripts and styles are files")
        elif c == ">":
            raise Refused("a > without its <")

    def in_name(self, c):
        if not self.tag and c == "/" and not self.closing:
            self.closing = True
        elif c.isalnum() or c in "-" or (c == "!" and not self.tag):
            self.tag += c.lower()
        elif not self.tag:
            raise Refused("a < that begins no element (write &lt;)")
        elif self.tag.startswith("!--"):
            raise Refused("comments are {# … #}")
        else:
            self.state = "tag"
            if self.tag not in ELEMENTS | DRAWN and self.tag != "!doctype":
                raise Refused(f"<{self.tag}> is not used here")
            if self.tag in DRAWN - {"svg"} and "svg" not in self.open:
                raise Refused(f"<{self.tag}> stands in an svg")
            if "svg" in self.open and self.tag not in DRAWN | {"a", "title"}:
                raise Refused(f"<{self.tag}> is no part of an svg")
            if not self.closing and self.open and self.open[-1] in WORDS_ONLY:
                raise Refused(f"<{self.open[-1]}> holds words only")
            self.in_tag(c)

    def in_tag(self, c):
        if c == ">":
            self.end_tag()
        elif c == "/" or c.isspace():
            pass
        elif c.isalpha():
            self.state, self.attribute = "attribute", c.lower()
        else:
            raise Refused(f"{c!r} within a tag")

    def in_attribute(self, c):
        if c.isalnum() or c in "-:_":
            self.attribute += c.lower()
            return
        known = ATTRIBUTES | DRAWN_ATTRIBUTES if self.tag in DRAWN else ATTRIBUTES
        if self.attribute not in known and not self.attribute.startswith("aria-") and self.tag != "!doctype":
            raise Refused(f"the attribute {self.attribute} is not used here")
        if self.closing or self.attribute in self.seen:
            raise Refused(f"the attribute {self.attribute} twice, or at an end")
        self.seen.add(self.attribute)
        if c == "=":
            self.state = "after"
        else:
            self.state = "tag"
            self.in_tag(c)

    def in_after(self, c):
        if c != '"':
            raise Refused(f"the value of {self.attribute} needs double quotes")
        self.state, self.value = "value", ""

    def in_value(self, c):
        if c == '"':
            self.check_value()
            self.state = "tag"
        else:
            self.value += c

    def check_value(self):
        if self.tag == "form" and self.attribute == "method":
            if self.value not in ("get", "post"):
                raise Refused("the method of a form is get or post, in plain letters")
            self.post, self.token, self.form_depth = self.value == "post", False, self.depth
        if self.attribute in NUMBERS and not NUMERIC.match(self.value):
            raise Refused(f"{self.attribute} holds numbers, not {self.value[:20]!r}")
        if self.attribute in URLS and not re.match(r"[/?#](?![/\\])|\0|about:blank$|$", self.value):
            raise Refused(f"an address of this desk begins with / ? or #, not {self.value[:20]!r}")

    def end_tag(self):
        self.state = "text"
        if self.closing:
            if not self.open or self.open[-1] != self.tag:
                raise Refused(f"</{self.tag}> ends nothing that is open")
            self.open.pop()
            if self.tag == "form":
                if self.post and not self.token:
                    raise Refused("a form that sends needs {% token %}")
                self.post = False
        elif self.tag not in VOID and not self.tag.startswith("!"):
            self.open.append(self.tag)
        if self.tag == "img" and "alt" not in self.seen:
            raise Refused("<img> without alt")

    def place(self):
        """What a value that comes here is: text, value, number, start (of an address) or url."""
        if self.state == "text":
            if self.open and self.open[-1] in RAW:
                raise Refused(f"no value in <{self.open[-1]}>")
            return "text"
        if self.state != "value":
            raise Refused("a value may stand in text and in double quotes only")
        if self.attribute not in URLS:
            self.value += "\0"
            return "number" if self.attribute in NUMBERS else "value"
        if self.value and not re.match(r"[/?#](?![/\\])|\0", self.value):
            raise Refused("an address begins with a literal / ? or #, or is a whole one, | local")
        place = "url" if self.value else "start"
        self.value += "\0"
        return place


class Template:
    def __init__(self, path, words):
        self.path, self.words = path, words
        self.source = path.read_text(encoding="utf-8")
        self.out, self.literal, self.context, self.blocks = [], [], Context(), []
        self.name = self.params = self.frame = None
        self.top = None    # of a frame: what comes before the page that it goes round
        self.at = 0

    def refuse(self, why):
        line = self.source.count("\n", 0, self.at) + 1
        raise SystemExit(f"{self.path}:{line}: {why}")

    def compile(self):
        try:
            end = 0
            for m in PIECE.finditer(self.source):
                self.say(self.source[end:m.start()], end)
                self.at, end = m.start(), m.end()
                if m["put"] is not None:
                    self.put(m["put"].strip())
                elif m["do"] is not None:
                    self.do(m["do"].strip())
            self.say(self.source[end:], end)
            if self.blocks:
                raise Refused("a block is not ended")
            if self.context.open or self.context.state != "text":
                raise Refused(f"<{self.context.open[-1] if self.context.open else self.context.tag}> is not closed")
            if not self.name:
                raise Refused("a template begins with {% page NAME(…) %}")
        except Refused as why:
            self.refuse(why)
        self.flush()
        return self

    def say(self, text, at):
        """Literal text. Indentation is for the reader of the template."""
        self.at = at
        if not self.name:
            if text.strip():
                raise Refused("a template begins with {% page NAME(…) %}")
            return
        self.spoken(text, at)
        if not set(self.context.open) & {"pre", "textarea"}:
            text = re.sub(r"\s*\n\s*", "\n", text)
        if self.fresh:    # a page begins with its doctype, not with a line's end
            text = text.lstrip()
            self.fresh = not text
        self.literal.append(text)

    def spoken(self, text, at):
        """Words that people read come from the catalogue, or as {{ "…" }}."""
        for self.at, c in enumerate(text, at):
            c_is_word = c.isalpha()
            if c_is_word and self.context.state == "text" and not self.entity:
                raise Refused(f"words outside of the catalogue, at {c!r}: write {{% t \"…\" %}}")
            if c_is_word and self.context.state == "value" and self.context.attribute in SPOKEN:
                raise Refused(f"the words of {self.context.attribute} belong in the catalogue")
            if self.context.state == "text":
                self.entity = c == "&" or (self.entity and c != ";")
            self.context.feed(c)

    entity, fresh = False, True

    def flush(self):
        text = "".join(self.literal)
        self.literal = []
        if text:
            self.line(f"html_literal(h, {c_string(text)}, {len(text.encode())});")

    def line(self, code):
        self.out.append("\t" * (len(self.blocks) + 1) + code)

    def put(self, code):
        self.check_code(code)
        expression, _, how = code.rpartition("|") if re.search(r"[^|]\|\s*\w+$", code) else (code, "", "")
        place, how = self.context.place(), how.strip()
        if how and how not in FILTERS:
            raise Refused(f"there is no filter {how!r}: {', '.join(sorted(FILTERS))}")
        if len(split_arguments(expression)) != 1:
            raise Refused("one value at a time")
        if place == "start" and how != "local":
            raise Refused("an address must begin with a literal / ? or #, or be | local")
        if place == "number" and how != "number":
            raise Refused(f"a value of {self.context.attribute} is | number")
        if how == "local" and place != "start":
            raise Refused("| local is for whole addresses")
        self.flush()
        name = how or ("url" if place == "url" else "put")
        self.line(f"html_{name}(h, {expression.strip()});")

    def check_code(self, code):
        """Expressions read what the page's struct holds; they write nothing past the escaping."""
        found = re.search(r"\bhtml_(?!same\b)\w+|\bbuf_\w+|\bout\b|;|[{}]", re.sub(r'"(?:[^"\\]|\\.)*"', '""', code))
        if found:
            raise Refused(f"{found[0]!r} in an expression")

    def do(self, code):
        word = code.split(None, 1)[0] if code else ""
        rest = code[len(word):].strip()
        act = getattr(self, "do_" + word, None)
        if not self.name and word != "page":
            raise Refused("a template begins with {% page NAME(…) %}")
        if not act:
            raise Refused(f"{word!r} is nothing that a template can do")
        if word not in ("t", "page"):
            self.check_code(rest)
        self.context.depth = len(self.blocks)
        act(rest, code)
        self.context.depth = len(self.blocks)

    def do_page(self, rest, code):
        m = SIGNATURE.match(code)
        if not m or self.name:
            raise Refused("one {% page NAME(parameters) %}, at the beginning")
        self.name, self.params = m[1], m[2].strip()
        if m[3]:
            self.frame = (m[3], m[4].strip())
            self.line(f"page_{m[3]}_top(h{', ' + m[4].strip() if m[4].strip() else ''});")

    def do_body(self, rest, code):
        if self.blocks or self.top is not None or self.context.state != "text":
            raise Refused("one {% body %}, in no block")
        self.flush()
        self.top, self.out = self.out, []

    def do_token(self, rest, code):
        if "form" not in self.context.open:
            raise Refused("{% token %} stands in a form")
        if len(self.blocks) != self.context.form_depth:
            raise Refused("{% token %} stands in its form whatever is so, in no block of its own")
        self.context.token = True
        self.literal.append('<input type="hidden" name="token" value="')
        self.flush()
        self.line("html_put(h, h->token);")
        self.literal.append('">')

    def do_t(self, rest, code):
        m = WORDS.match(code)
        if not m:
            raise Refused('{% t "words" %} or {% t "words {0}", value %}')
        if self.context.place() not in ("text", "value"):
            raise Refused("words in an address, or where numbers stand")
        english = m[1][1:-1].replace('\\"', '"').replace("\\\\", "\\")
        values = split_arguments(m[2] or "")
        for v in values:
            self.check_code(v)
            how = re.match(r".*[^|]\|\s*(\w+)$", v, re.S)
            if how and how[1] not in FILTERS - {"local"}:
                raise Refused(f"there is no filter {how[1]!r} for words")
        holes = {int(n) for n in re.findall(r"\{(\d)\}", english)}
        if holes != set(range(len(values))):
            raise Refused(f"{len(values)} values for the places {sorted(holes)}")
        number = self.words.setdefault(english, len(self.words))
        self.flush()
        if not values:
            self.line(f"html_put(h, html_words(h, {number}));")
            return
        self.line(f"for (const char *words = html_words(h, {number}); *words;)")
        self.line("\tswitch (html_until_place(h, &words)) {")
        for i, v in enumerate(values):
            self.line(f"\tcase {i}:")
            self.line(f"\t\t{filtered(v)};")
            self.line("\t\tbreak;")
        self.line("\tdefault:")
        self.line("\t\tbreak;")
        self.line("\t}")

    def do_if(self, rest, code):
        self.flush()
        self.line(f"if ({rest}) {{")
        self.blocks.append(["if", self.context.mark(), None])

    def branch(self, word):
        self.flush()
        if not self.blocks or self.blocks[-1][0] != "if":
            raise Refused(f"{word} without if")
        b = self.blocks[-1]
        if b[2] is not None and b[2] != self.context.mark():
            raise Refused("branches leave different elements open")
        b[2] = self.context.mark()
        if b[2] != b[1]:
            raise Refused("a branch must close what it opens")
        self.blocks.pop()
        return b

    def do_elif(self, rest, code):
        b = self.branch("elif")
        self.line(f"}} else if ({rest}) {{")
        self.blocks.append(b)

    def do_else(self, rest, code):
        b = self.branch("else")
        self.line("} else {")
        self.blocks.append(b)

    def do_for(self, rest, code):
        m = re.match(r"(\w+)\s+in\s+(.+?)\s+:\s+(.+)$", rest, re.S)
        if not m:
            raise Refused("{% for NAME in ARRAY : COUNT %}")
        name, array, count = m.groups()
        self.flush()
        self.line(f"for (size_t {name}_i = 0; {name}_i < (size_t)({count}); {name}_i++) {{")
        self.blocks.append(["for", self.context.mark(), None])
        self.line(f"const __typeof__(({array})[0]) *{name} = &({array})[{name}_i];")

    def do_end(self, rest, code):
        self.flush()
        if not self.blocks:
            raise Refused("an end without a beginning")
        kind, mark, _ = self.blocks.pop()
        if mark != self.context.mark():
            raise Refused(f"this {kind} must close what it opens")
        self.line("}")

    def do_call(self, rest, code):
        m = re.match(r"(\w+)\((.*)\)$", rest, re.S)
        if not m or self.context.state != "text" or set(self.context.open) & (RAW | WORDS_ONLY):
            raise Refused("{% call NAME(arguments) %}, between elements")
        self.flush()
        self.line(f"page_{m[1]}(h{', ' + m[2] if m[2].strip() else ''});")

    def parts(self):
        """(name, lines): a frame is two functions."""
        if self.top is not None:
            return [(self.name + "_top", self.top), (self.name + "_bottom", self.out)]
        if self.frame:
            name, values = self.frame
            return [(self.name, [*self.out, f"\tpage_{name}_bottom(h{', ' + values if values else ''});"])]
        return [(self.name, self.out)]

    def c(self, structs=None):
        lead = self.lead(structs) if structs else []
        return "\n".join("\n".join([self.prototype(name), "{", *lead, *lines, "}", ""]) for name, lines in self.parts())

    def lead(self, structs):
        """A whole page can also be had as JSON: what its struct holds."""
        if not self.frame:
            return []
        m = re.match(r"const struct (\w+) \*(\w+)$", self.params)
        if not m or m[1] != self.name + "_page" or m[1] not in structs:
            self.at = 0
            self.refuse(f"a page in a frame shows one const struct {self.name}_page *p, of a header of views")
        return ["\tif (h->json) {", f"\t\twrite_{m[1]}(h->out, {m[2]});", "\t\treturn;", "\t}"]

    def prototype(self, name):
        return f"void\npage_{name}(struct html *h{', ' + self.params if self.params else ''})"


def split_arguments(text):
    """At commas that stand in no brackets and no quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for i, c in enumerate(text):
        if c == '"' and text[i - 1:i] != "\\":
            quoted = not quoted
        elif not quoted and c in "([":
            depth += 1
        elif not quoted and c in ")]":
            depth -= 1
        elif not quoted and c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    return [*parts, text[start:].strip()] if text.strip() else []


def filtered(code):
    m = re.match(r"(.*[^|])\|\s*(\w+)$", code, re.S)
    return f"html_{m[2]}(h, {m[1].strip()})" if m else f"html_put(h, {code})"


def catalogue(path, words):
    """{number: translation}; what no template says any more is told."""
    found = {}
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        english, tab, other = line.partition("\t")
        if not tab or not other.strip():
            raise SystemExit(f"{path}:{n}: not two words with a tab between")
        if set(re.findall(r"\{\d\}", english)) != set(re.findall(r"\{\d\}", other)):
            raise SystemExit(f"{path}:{n}: the places differ")
        if english not in words:
            raise SystemExit(f"{path}:{n}: no page says {english!r}")
        found[words[english]] = other
    missing = [w for w, n in words.items() if n not in found]
    if missing:
        raise SystemExit(f"{path}: {len(missing)} words lack a translation:\n" + "\n".join(missing))
    return found


def named_words(path, words):
    names = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, tab, english = line.partition("\t")
        if tab and not line.startswith("#"):
            if name in names:
                raise SystemExit(f"{path}: {name} is there twice")
            names[name] = words.setdefault(english, len(words))
    return names


def handler_names(path):
    """Of HANDLER(name); in the header that declares them."""
    return re.findall(r"^HANDLER\((\w+)\);", pathlib.Path(path).read_text(encoding="utf-8"), re.M)


def handlers_c(handlers, structs):
    rows = [f'\t{{ {n}_page, "{n}_page" }},\n' for n in handlers if n + "_page" in structs]
    return "const struct view_handler view_handlers[] = {\n" + "".join(rows) + "\t{ NULL, NULL }\n};\n"


def main(web, out_c, out_h, handlers=None, *views):
    web, words = pathlib.Path(web), {}
    structs, enums = view_headers.read([pathlib.Path(v) for v in views])
    names = named_words(web / "words.tsv", words)
    templates = [Template(p, words).compile() for p in sorted((web / "pages").glob("*.html"))]
    tags = sorted(p.stem for p in (web / "languages").glob("*.tsv"))
    tables = [catalogue(web / "languages" / f"{t}.tsv", words) for t in tags]
    with open(out_h, "w", encoding="utf-8") as f:
        f.write('/* Made by web/compile.py. */\n#ifndef WEB_PAGES_H\n#define WEB_PAGES_H\n\n')
        f.writelines(f'#include "desk/pages/{pathlib.Path(v).name}"\n' for v in views)
        f.write("\n")
        for t in templates:
            f.writelines(t.prototype(name).replace("\n", " ") + ";\n" for name, _ in t.parts())
        f.write("\n/* Numbers of words, for html_words(). */\nenum {\n")
        f.writelines(f"\t{name} = {n},\n" for name, n in names.items())
        f.write("};\n\n#endif\n")
    with open(out_c, "w", encoding="utf-8") as f:
        f.write('/* Made by web/compile.py. */\n#include "desk/pages/page_private.h"\n#include "desk/view.h"\n\n')
        f.write(view_headers.c_of(structs, enums, c_string) + "\n")
        f.write(handlers_c(handler_names(handlers), structs) + "\n" if handlers else "")
        f.write("\n".join(t.c(structs) for t in templates))
        f.write(f"\nconst size_t html_n_words = {len(words)};\n")
        f.write("const char *const html_english[] = {\n")
        f.writelines(f"\t{c_string(w)},\n" for w in words)
        f.write("\tNULL\n};\n")
        for tag, table in zip(tags, tables):
            f.write(f"static const char *const words_{tag}[{len(words) + 1}] = {{\n")
            f.writelines(f"\t[{n}] = {c_string(table[n])},\n" for n in sorted(table))
            f.write("};\n")
        f.write("const struct html_language html_languages[] = {\n\t{ \"en\", html_english },\n")
        f.writelines(f'\t{{ "{t}", words_{t} }},\n' for t in tags)
        f.write("\t{ NULL, NULL }\n};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
