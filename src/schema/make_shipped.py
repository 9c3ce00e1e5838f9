"""Turns schema files into C: python3 make_shipped.py OUT FILE..., in that order."""
import os
import sys


def literal(line):
    out = []
    for byte in line:
        if byte in b'"\\':
            out.append("\\" + chr(byte))
        elif 32 <= byte < 127:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def main():
    out = ['/* Made by make_shipped.py from share/schema. */\n#include "schema/schema.h"\n']
    rows = []
    for path in sys.argv[2:]:
        data = open(path, "rb").read()
        text = "\n".join(literal(line) for line in data.splitlines(keepends=True)) or '""'
        out.append(f"static const char text_{len(rows)}[] =\n{text};\n")
        name = os.path.basename(path)
        rows.append(f'\t{{ "{name}", text_{len(rows)}, sizeof text_{len(rows)} - 1 }},')
    out.append("static const struct schema_file files[] = {\n" + "\n".join(rows) + "\n};\n")
    out.append("const struct schema_file *\nschema_shipped(size_t *ret_n)\n{\n"
               "\t*ret_n = sizeof files / sizeof *files;\n\treturn files;\n}\n")
    with open(sys.argv[1], "w", encoding="ascii") as f:
        f.write("\n".join(out))


main()
