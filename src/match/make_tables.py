"""Makes the tables of share/match part of the program: their bytes as C arrays.
make_tables.py OUT NAME=FILE..."""

import sys

with open(sys.argv[1], 'w', encoding='ascii') as out:
    out.write('/* Made by src/match/make_tables.py. */\n#include "match/private.h"\n')
    for argument in sys.argv[2:]:
        name, path = argument.split('=', 1)
        with open(path, 'rb') as f:
            data = f.read() + b'\0'
        out.write(f'\nconst char match_{name}[] = {{\n')
        for i in range(0, len(data), 24):
            out.write(' '.join(f"'\\x{b:02x}'," for b in data[i:i + 24]) + '\n')
        out.write('};\n')
