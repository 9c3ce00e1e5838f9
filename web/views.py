"""What pages show (src/desk/pages/views*.h) -> JSON: for each struct of a page a writer in C, and its JSON Schema.

The headers are read by a small strict parser: what it does not understand it refuses, with file and line, so that
they stay regular. web/README.md says what they may hold."""
import json
import re

TOKEN = re.compile(r"(?P<space>\s+)|(?P<comment>/\*.*?\*/)|(?P<line>#[^\n]*)|(?P<string>\"[^\"\n]*\")"
                   r"|(?P<word>[A-Za-z_]\w*)|(?P<mark>[{};,*])", re.S)
DIRECTIVE = re.compile(r'#(?:ifndef \w+|define \w+|endif(?: /\*.*\*/)?|include ["<][\w./]+[">])\s*$')
INTEGERS = {"uint64_t", "uint32_t", "unsigned", "size_t"}
# Of values: how C writes one, and what a reader may expect.
SCALARS = {
    "string": ("view_string", {"type": ["string", "null"]}),
    "address": ("view_address", {"type": ["string", "null"]}),
    "bool": ("view_bool", {"type": "boolean"}),
    "integer": ("view_unsigned", {"type": "integer", "minimum": 0}),
    "int": ("view_signed", {"type": "integer"}),
    "double": ("view_double", {"type": ["number", "null"]}),
    "moment": ("view_moment", {"type": ["string", "null"], "format": "date-time"}),
}


class Field:
    def __init__(self, name, kind, of=None, pointer=0, line=0):
        self.name, self.kind, self.of, self.pointer, self.line = name, kind, of, pointer, line
        self.about, self.left_out, self.count = "", False, None

    def is_address(self):
        return self.kind == "string" and (self.name in ("next", "previous") or re.search(r"(^|_)address$", self.name))


class Struct:
    def __init__(self, name, path, line):
        self.name, self.path, self.line, self.about, self.fields = name, path, line, "", []


def words_of(comment):
    return re.sub(r"\s*\n\s*\*?\s*", " ", comment[2:-2]).strip()


def about_one(about, name, names):
    """Of "from: the first; to: the last; both of the log", what is said of one of them."""
    parts = [(re.match(r"(\w+): ", part), part) for part in about.split("; ")]
    return "; ".join(part[m.end():] if m and m[1] == name else part
                     for m, part in parts if not m or m[1] == name or m[1] not in names)


class Parser:
    """Of one header; what it declares goes to structs and enums, by name."""

    def __init__(self, path, structs, enums):
        self.path, self.structs, self.enums = path, structs, enums
        self.tokens, self.at, self.comment = [], 0, None
        source, at = path.read_text(encoding="utf-8"), 0
        while at < len(source):
            m = TOKEN.match(source, at)
            line = source.count("\n", 0, at) + 1
            if not m:
                self.refuse(f"{source[at]!r} has no place here", line)
            if m.lastgroup == "line" and not DIRECTIVE.match(m[0]):
                self.refuse("macros have no place here", line)
            if m.lastgroup not in ("space", "line"):
                self.tokens.append((m.lastgroup, m[0], line))
            at = m.end()
        self.tokens.append(("end", "", source.count("\n") + 1))

    def refuse(self, why, line=None):
        raise SystemExit(f"{self.path}:{line or self.tokens[self.at][2]}: {why}")

    def peek(self):
        """The next token that is no remark."""
        while self.tokens[self.at][0] == "comment":
            self.at += 1
        return self.tokens[self.at][1]

    def take(self, *wanted):
        text = self.peek()
        if wanted and text not in wanted:
            self.refuse(f"{' or '.join(wanted)} is expected, not {text!r}")
        self.at += 1
        return text

    def name(self):
        text = self.peek()
        if self.tokens[self.at][0] != "word":
            self.refuse(f"a name is expected, not {text!r}")
        return self.take()

    def remark(self):
        """What is said behind, on the line that ends here."""
        kind, text, line = self.tokens[self.at]
        return words_of(text) if kind == "comment" and line == self.tokens[self.at - 1][2] else ""

    def read(self):
        while self.peek():
            word = self.take("struct", "enum")
            line, name = self.tokens[self.at - 1][2], self.name()
            if self.peek() == ";":    # it is declared elsewhere
                self.take()
                continue
            self.take("{")
            (self.read_struct if word == "struct" else self.read_enum)(name, line)
            self.take("}")
            self.take(";")

    def read_enum(self, name, line):
        members = []
        while self.peek() != "}":
            members.append(self.name())
            if self.peek() != "}":
                self.take(",")
        prefix = name.upper() + "_"
        if not all(m.startswith(prefix) for m in members):
            start = members[0]
            while start and not (start.endswith("_") and all(m.startswith(start) for m in members)):
                start = start[:-1]
            prefix = start
        if not prefix or not members:
            self.refuse(f"the members of enum {name} begin with a word of their own, each the same", line)
        self.enums[name] = [(m, m[len(prefix):].lower().replace("_", "-")) for m in members]

    def read_struct(self, name, line):
        s = Struct(name, self.path, line)
        if name in self.structs:
            self.refuse(f"struct {name} twice", line)
        s.about = self.remark()
        while self.peek() != "}":
            fields = self.read_fields()
            about = self.remark()
            for f in fields:
                f.about = about_one(about, f.name, {f.name for f in fields})
                f.left_out = f.about.lower().startswith("page only")
            s.fields += fields
        self.count_fields(s)
        self.structs[name] = s

    def read_fields(self):
        const = self.peek() == "const" and bool(self.take())
        word, of = self.name(), None
        if word in ("struct", "enum"):
            of = self.name()
        fields = []
        while True:
            pointer = 0
            while self.peek() == "*":
                self.take()
                pointer += 1
                if self.peek() == "const":
                    self.take()
            line = self.tokens[self.at][2]
            fields.append(Field(self.name(), self.kind_of(const, word, of, pointer, line), of, pointer, line))
            if self.take(",", ";") == ";":
                return fields

    def kind_of(self, const, word, of, pointer, line):
        if pointer and not const:
            self.refuse("what a page shows is const", line)
        if word == "char" and pointer in (1, 2):
            return "string"
        if pointer > 1 or word == "char":
            self.refuse("a string is const char *, many are const char *const *", line)
        if word in ("struct", "enum", "bool", "double", "moment", "int"):
            return word
        if word in INTEGERS:
            return "integer"
        if word == "int64_t":
            self.refuse("a time is a moment; another number is uint64_t or int", line)
        self.refuse(f"{word} is no type of views", line)

    def count_fields(self, s):
        """n_rows says how many rows there are."""
        names = {f.name: f for f in s.fields}
        if len(names) != len(s.fields):
            self.refuse(f"a field twice in struct {s.name}", s.line)
        for f in s.fields:
            f.count = names.get("n_" + f.name) if f.pointer else None
            if f.count and f.count.kind != "integer":
                self.refuse(f"n_{f.name} is no number", f.line)
            if not f.count and f.pointer == 2 - (f.kind != "string"):
                if f.kind != "struct":
                    self.refuse(f"{f.name} needs its n_{f.name}", f.line)


def check(structs, enums):
    """All that is named is there; nothing holds itself."""
    def walk(s, above):
        for f in s.fields:
            if f.left_out or f.of == "frame":
                continue
            if f.kind == "enum" and f.of not in enums:
                raise SystemExit(f"{s.path}:{f.line}: enum {f.of} is declared in no header of views")
            if f.kind != "struct":
                continue
            if f.of not in structs:
                raise SystemExit(f"{s.path}:{f.line}: struct {f.of} is declared in no header of views")
            if f.of in above:
                raise SystemExit(f"{s.path}:{f.line}: struct {f.of} would hold itself")
            walk(structs[f.of], above | {f.of})
    for s in structs.values():
        walk(s, {s.name})


def read(paths):
    """(structs, enums), by name, in the order in which they are declared."""
    structs, enums = {}, {}
    for path in paths:
        Parser(path, structs, enums).read()
    check(structs, enums)
    return structs, enums


def shown(s):
    """(name in JSON, field) of all that readers get."""
    names = {f.name for f in s.fields}
    counts = {id(f.count) for f in s.fields if f.count}
    for f in s.fields:
        if f.left_out or id(f) in counts:
            continue
        if f.of == "frame":
            if "title" not in names:
                yield "title", Field("frame.title", "string", pointer=1)
            continue
        yield f.name, f


def reachable(structs):
    """Of pages and what they hold: the held before the holders."""
    done = {}

    def walk(s):
        for _, f in shown(s):
            if f.kind == "struct" and f.of not in done:
                walk(structs[f.of])
        done[s.name] = s
    for s in structs.values():
        if s.name.endswith("_page"):
            walk(s)
    return list(done.values())


# ---- C ----

def one(f, value):
    """The statement that writes one value."""
    if f.kind == "struct":
        return f"write_{f.of}(b, {value});"
    if f.kind == "enum":
        return f"view_string(b, names_{f.of}[{value}]);"
    return f"{SCALARS['address' if f.is_address() else f.kind][0]}(b, {value});"


def write_field(f):
    where = f"p->{f.name}"
    if f.count:
        value = f"&{where}[i]" if f.kind == "struct" else f"{where}[i]"
        return ["buf_byte(b, '[');", f"for (size_t i = 0; i < p->{f.count.name}; i++) {{",
                "\tview_comma(b, i);", "\t" + one(f, value), "}", "buf_byte(b, ']');"]
    if f.kind == "struct" and f.pointer:
        return [f"if ({where})", "\t" + one(f, where), "else", '\tbuf_str(b, "null");']
    return [one(f, "&" + where if f.kind == "struct" else where)]


def writer(s, c_string):
    lines, before = [], "{"
    for name, f in shown(s):
        lines.append(f"buf_str(b, {c_string(before + json.dumps(name) + ':')});")
        lines += write_field(f)
        before = ","
    lines.append(f"buf_str(b, {c_string('}' if before == ',' else '{}')});")
    unused = [] if before == "," else ["(void)p;"]
    return "\n".join([f"static void\nwrite_{s.name}(struct buf *b, const struct {s.name} *p)", "{",
                      *("\t" + line for line in unused + lines), "}", ""])


def c_of(structs, enums, c_string):
    """Writers, and the table of schemas."""
    all = reachable(structs)
    used = {f.of for s in all for _, f in shown(s) if f.kind == "enum"}
    out = []
    for name in enums:
        if name in used:
            rows = "".join(f"\t[{m}] = {c_string(word)},\n" for m, word in enums[name])
            out.append(f"static const char *const names_{name}[] = {{\n{rows}}};\n")
    out += [writer(s, c_string) for s in all]
    rows = "".join(f"\t{{ {c_string(s.name)}, {c_string(json.dumps(schema(s, enums), separators=(',', ':')))} }},\n" for s in all)
    out.append("const struct view_schema view_schemas[] = {\n" + rows + "\t{ NULL, NULL }\n};\n")
    return "\n".join(out)


# ---- schemas ----

def schema_of(f, enums):
    if f.kind == "struct":
        found = {"$ref": f"#/components/schemas/{f.of}"}
        if f.pointer and not f.count:
            found = {"anyOf": [found, {"type": "null"}]}
    elif f.kind == "enum":
        found = {"type": "string", "enum": [word for _, word in enums[f.of]]}
    else:
        found = dict(SCALARS[f.kind][1])
    if f.is_address():
        found["format"] = "uri-reference"
    if f.count:
        found = {"type": "array", "items": found}
    return {**found, "description": f.about} if f.about and "$ref" not in found else found


def schema(s, enums):
    properties = {name: schema_of(f, enums) for name, f in shown(s)}
    about = {"description": s.about} if s.about else {}
    return {"type": "object", **about, "properties": properties, "required": list(properties), "additionalProperties": False}
