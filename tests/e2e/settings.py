"""Limits that can be set: kept for all who use the mechanism, and obeyed."""
import io
import zipfile


def zipped(files):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(name, data)
    return b.getvalue()


def why(m, line):
    return m.json("show", line["item"]).one["extraction"].get("why", "")


def test_seen_and_changed_within_ranges(m):
    rows = {r["setting"]: r for r in m.json("settings").lines}
    assert {"children", "memory_mb", "seconds", "output_mb", "embedded_depth", "embedded_files", "embedded_mb", "give_mb", "give_files"} == \
        set(rows)
    assert all(r["low"] <= r["value"] == r["default"] <= r["high"] for r in rows.values()), rows
    assert m.json("settings", "seconds", "7").one["value"] == 7
    assert m.json("settings", "seconds").one["value"] == 7, "the next command sees it"
    assert "by default 60" in m.run("settings").out.decode()
    assert all(len(line) <= 100 for line in m.run("settings").out.decode().splitlines())
    for bad in ("0", "3601", "-1", "many", ""):
        m.run("settings", "seconds", bad, code=2)
    m.run("settings", "no_such", code=2)
    assert m.json("settings", "seconds", "default").one["value"] == 60
    m.verified()


def test_limits_are_obeyed(m):
    m.json("settings", "output_mb", "1")
    m.json("settings", "embedded_depth", "1")
    m.json("settings", "embedded_files", "2")
    m.json("settings", "children", "1")
    lines = m.json("add", m.file("long.txt", "\xe9a b\n".encode("latin-1") * 300_000)).lines
    assert "more than 1048576 bytes" in why(m, lines[0]), why(m, lines[0])
    lines = m.json("add", m.file("deep.zip", zipped([("in.zip", zipped([("x.txt", "an otter")]))]))).lines
    assert len(lines) == 2 and "too deep" in why(m, lines[1]), lines
    lines = m.json("add", m.file("many.zip", zipped([(f"{i}.txt", f"file {i}") for i in range(5)]))).lines
    assert len(lines) == 3 and "too many files" in why(m, lines[0]), lines
    m.json("settings", "output_mb", "default")
    m.verified()
