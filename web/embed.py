#!/usr/bin/env python3
"""Files that browsers get as they are -> C.

    embed.py FOLDER OUT.c [FILE...]    files beside the folder's: those that were made"""
import hashlib
import pathlib
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".woff2": "font/woff2", ".json": "application/json"}


def main(folder, out, *made):
    files = sorted([p for p in pathlib.Path(folder).iterdir() if p.suffix in TYPES] + [pathlib.Path(p) for p in made], key=lambda p: p.name)
    with open(out, "w", encoding="utf-8") as f:
        f.write('/* Made by web/embed.py. */\n#include "desk/private.h"\n\n')
        for i, p in enumerate(files):
            data = p.read_bytes()
            f.write(f"static const unsigned char file_{i}[{len(data)}] = {{\n")
            f.writelines("\t" + ",".join(map(str, data[k:k + 40])) + ",\n" for k in range(0, len(data), 40))
            f.write("};\n")
        f.write("const struct static_file static_files[] = {\n")
        for i, p in enumerate(files):
            tag = hashlib.sha256(p.read_bytes()).hexdigest()[:32]
            f.write(f'\t{{ "{p.name}", "{TYPES[p.suffix]}", "\\"{tag}\\"", file_{i}, sizeof file_{i} }},\n')
        f.write("};\nconst size_t n_static_files = sizeof static_files / sizeof *static_files;\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
