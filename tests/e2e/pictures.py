"""Pictures: what they say of themselves, what is written in them, and how they are looked at."""
import json
import random
import struct
import zlib

from vigil import enter, leave, need_shared

PDF = "data/un/upr-documents/cycle1/Slovenia.pdf"


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    return struct.unpack(">II", png[16:24])


def test_a_photo_is_shown_with_its_facts(m):
    item = m.add(need_shared("data/formats/tika/testJPEG_GEO_2.jpg"))
    item = next(iter(item.values()))["item"]
    shown = m.json("show", item).one
    told = shown["metadata"]
    assert (told["device"], told["latitude"], told["created"]) == \
        ("google Nexus S", "51.575762", "2012-02-19T16:43:29"), told
    assert shown["extraction"]["program"] == "vigil-extract picture" and "ocr_confidence" not in shown["extraction"]
    assert shown["extraction"]["why"].startswith("no text was found"), shown["extraction"]
    plain = m.run("show", item).out.decode()
    assert "device    google Nexus S" in plain and "longitude -1.567886" in plain, plain


def test_a_page_is_looked_at_and_read(m):
    pdf = next(iter(m.add(need_shared(PDF)).values()))["item"]
    small = m.run("picture", pdf, "--size", "400").out
    assert max(size_of(small)) == 400
    assert m.run("picture", pdf, "--page", "2", "--size", "400").out != small
    path = m.folder / "page.png"
    said = m.json("picture", pdf, "--size", "1600", "-o", path).one
    assert said["media_type"] == "image/png" and said["bytes"] == path.stat().st_size, said
    picture = m.add(path)[str(path)]["item"]
    shown = m.json("show", picture).one
    assert shown["extraction"]["ocr_confidence"] >= 80, shown["extraction"]
    assert shown["metadata"]["ocr_languages"] == "en" and shown["language"] == "en"
    assert b"SLOVENIA" in m.run("text", picture).out
    anchors = [json.loads(l) for l in m.run("text", picture, "--anchors", "--json").out.splitlines()]
    assert anchors and all(len(a["box"].split()) == 4 and 0 <= a["confidence"] <= 100 for a in anchors)
    assert picture in [l["item"] for l in m.json("find", "slovenia", "--texts").lines]
    m.verified()


def test_what_cannot_be_looked_at_says_so(m):
    pdf = next(iter(m.add(need_shared(PDF)).values()))["item"]
    text = next(iter(m.add(m.file("a.txt", "a heron\n")).values()))["item"]
    assert "no page 9999" in m.run("picture", pdf, "--page", "9999", code=2).err
    assert "cannot be looked at" in m.run("picture", text, code=2).err
    assert "count from 1" in m.run("picture", pdf, "--page", "0", code=2).err
    assert "-o FILE" in m.run("picture", pdf, "--json", code=2).err
    m.run("consent", "withdraw", pdf, "--reason", "asked")
    m.run("picture", pdf, code=4)


def test_what_is_kept_in_a_compartment_is_missing(m):
    path = need_shared("data/formats/tika/testPNG.png")
    enter(m)
    item = next(iter(m.add(path, "--compartment", "secret").values()))["item"]
    assert size_of(m.run("picture", item).out) == (100, 75)
    leave(m)
    missing = "item_00000000000000000000000000"
    err, other = m.run("picture", item, code=3).err, m.run("picture", missing, code=3).err
    assert err.replace(item, "X") == other.replace(missing, "X"), (err, other)


def test_a_picture_keeps_to_the_settings(m):
    """Noise cannot be packed: at this size it has more than the 1 MB that is set."""
    side, chance = 1500, random.Random(1)
    rows = zlib.compress(b"".join(b"\0" + chance.randbytes(3 * side) for _ in range(side)), 1)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    m.add(m.file("noise.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")))
    m.run("picture", "1", "-o", m.dir / "noise")
    m.run("settings", "output_mb", "1")
    assert m.run("picture", "1", "-o", m.dir / "noise", code=2).err
