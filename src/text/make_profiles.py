"""Turns share/language/profiles.tsv into a C table: python3 make_profiles.py IN OUT.

The table is a hash of features with open addressing, made here so that nothing is built at
run time. The hash is the one in language.c.
"""
import sys

BITS = 17
MASK = (1 << 64) - 1


def key_of(feature):
    codes = [0x20 if c == "_" else ord(c) for c in feature]
    codes = [0] * (3 - len(codes)) + codes
    return codes[0] << 42 | codes[1] << 21 | codes[2]


def slot_of(key):
    return ((key * 0x9E3779B97F4A7C15) & MASK) >> (64 - BITS)


def rows(name, kind, values, per_line=16):
    values = list(values)
    out = [f"const {kind} {name}[] = {{"]
    for i in range(0, len(values), per_line):
        out.append(",".join(map(str, values[i:i + per_line])) + ",")
    return "\n".join(out) + "\n};\n"


def main():
    tags, table = [], {}
    for line in open(sys.argv[1], encoding="utf-8"):
        if line.startswith("#"):
            continue
        tag, speakers, features = line.rstrip("\n").split("\t")
        for f in features.split(" "):
            feature, weight = f.rsplit(":", 1)
            table.setdefault(key_of(feature), []).append((len(tags), int(weight)))
        tags.append((tag, int(speakers)))

    size = 1 << BITS
    assert len(table) < size * 0.7
    slots = [None] * size
    for key in sorted(table):
        i = slot_of(key)
        while slots[i] is not None:
            i = (i + 1) % size
        slots[i] = key
    starts, languages, weights = [], [], []
    for key in slots:
        starts.append(len(languages))
        for language, weight in table.get(key, []):
            languages.append(language)
            weights.append(weight)
    starts.append(len(languages))
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write('/* Made by make_profiles.py. */\n#include "text/profiles.h"\n\n')
        out.write("const struct profile profiles[] = {\n")
        for tag, speakers in tags:
            out.write(f'\t{{ "{tag}", {speakers} }},\n')
        out.write("};\n")
        out.write(f"const unsigned n_profiles = {len(tags)};\n")
        out.write(rows("feature_key", "uint64_t", (f"{k or 0}u" for k in slots), 8))
        out.write(rows("feature_start", "uint32_t", starts))
        out.write(rows("feature_language", "uint16_t", languages, 24))
        out.write(rows("feature_weight", "uint8_t", weights, 24))


main()
