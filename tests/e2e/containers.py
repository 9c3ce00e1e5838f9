"""What is packed in an item comes out as items of their own, within bounds."""
import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import zipfile

from rest import ANA, BEN, two_people, propose_and_approve
from vigil import alone, build, need_shared


def zipped(files):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(name, data)
    return b.getvalue()


def items(m):
    """The items by their titles; titles must differ."""
    found = {}
    for line in m.json("list").lines:
        assert line["title"] not in found, line
        found[line["title"]] = line
    return found


def test_what_is_packed_comes_out(m):
    inner = zipped([("deep.txt", "a heron in the deep"), ("b/c.html", "<title>Reeds</title><p>a reed")])
    path = m.file("box.zip", zipped([("a/first.txt", "the first lake\n"), ("inner.zip", inner)]))
    lines = m.json("add", path, "--source", "Lake Watch", "--consent", "purpose=trial").lines
    assert [l["path"].split("box.zip")[1] for l in lines] == \
        ["", "/a/first.txt", "/inner.zip", "/inner.zip/deep.txt", "/inner.zip/b/c.html"], lines
    box, first, inner_item, deep, page = lines
    assert box["container"] is None and first["container"] == box["item"]
    assert deep["container"] == inner_item["item"]
    shown = m.json("show", deep["item"]).one
    assert shown["parent"] == inner_item["item"] and shown["children"] == []
    acquisition = shown["acquisitions"][0]
    assert (acquisition["path"], acquisition["source"], acquisition["container"]) == \
        ("deep.txt", "Lake Watch", inner_item["item"]), acquisition
    assert acquisition["consent"] == {"purpose": "trial"}
    shown = m.json("show", box["item"]).one
    assert shown["children"] == [first["item"], inner_item["item"]]
    assert shown["extraction"]["status"] == "empty" and shown["extraction"]["program"] == "vigil-extract zip"
    assert m.json("find", "heron").one["item"] == deep["item"]
    assert m.run("cat", deep["item"]).out == b"a heron in the deep"
    again = m.json("add", path).lines
    assert [l["status"] for l in again] == ["known"], "what it holds is known"
    m.verified()
    before = m.json("list").out
    m.run("rebuild")
    assert m.json("list").out == before


def test_one_file_packed_is_named_by_its_container(m):
    m.add(m.file("letter.txt.gz", gzip.compress(b"dear lake\n")))
    assert items(m)["letter.txt"]["media_type"] == "text/plain"
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:xz") as t:
        info = tarfile.TarInfo("folder/note.txt")
        info.size = 4
        t.addfile(info, io.BytesIO(b"reed"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        t.addfile(link)
        info = tarfile.TarInfo("../../out.txt")
        info.size = 3
        t.addfile(info, io.BytesIO(b"out"))
    lines = m.json("add", m.file("a.tar.xz", tar.getvalue())).lines
    assert [l["path"].split("a.tar.xz")[1] for l in lines] == ["", "/folder/note.txt", "/out.txt"], lines


def test_bombs_end_in_a_note(m):
    nested = b"bottom"
    for depth in range(20):
        nested = zipped([(f"level{depth}.zip" if depth else "bottom.txt", nested)])
    done = m.json("add", m.file("nested.zip", nested))
    assert len(done.lines) == 1 + 16, "sixteen levels come out"
    deepest = m.json("show", done.lines[-1]["item"]).one
    assert "too deep" in deepest["extraction"]["why"], deepest
    bomb = zipped([("zeros", b"\0" * (100 << 20))])
    lines = m.json("add", m.file("bomb.zip", bomb)).lines
    why = m.json("show", lines[0]["item"]).one["extraction"]
    assert why["status"] == "failed" and "more than its size allows" in why["why"], why
    assert why["reason"] == "limit", why
    totals = json.loads(m.json("add", m.file("other.zip", bomb + b"x")).err.splitlines()[-1])
    assert totals["stopped_at_a_limit"] == 1, totals
    assert lines[1]["bytes"] < 100 << 20, "what came before the bound is kept"
    note = m.json("show", lines[1]["item"]).one["acquisitions"][0]["note"]
    assert note.startswith("not whole: it unpacks to more"), note
    m.verified()


def test_names_are_single_and_links_are_counted(m):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        for name in ("b.txt", "b~2.txt", "b.txt", "../../b.txt", "/etc/c", "d/.x", "d/.x"):
            data = f"{name} {t.offset}".encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("link")
            info.type, info.linkname = kind, "b.txt"
            t.addfile(info)
    lines = m.json("add", m.file("box.tar", b.getvalue())).lines
    assert [l["path"].split("box.tar/")[1] for l in lines[1:]] == \
        ["b.txt", "b~2.txt", "b~3.txt", "b~4.txt", "etc/c", "d/.x", "d/.x~2"], lines
    assert m.json("show", lines[0]["item"]).one["extraction"]["why"] == "4 entries are links or devices and hold no" \
        " bytes; 2 names in it lead elsewhere and were shortened: ../../b.txt, /etc/c"
    cut = m.json("add", m.file("cut.tar", b.getvalue()[:512 * 18 + 100])).lines[0]
    why = m.json("show", cut["item"]).one["extraction"]["why"]
    assert why.endswith("; 4 entries are links or devices and hold no bytes; 2 names in it lead elsewhere and were"
                        " shortened: ../../b.txt, /etc/c"), why


def test_names_that_are_not_as_they_were_are_told(m):
    """Those that lead elsewhere, that are no text, too long, or of two lines; the first three, by how they begin."""
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as t:
        for name in ("../up.txt", "caf\xe9.txt", "kept.txt", "x" * 1100, "two\nlines.txt", "/five.txt"):
            info = tarfile.TarInfo(name)
            info.size = 1
            t.addfile(info, io.BytesIO(b"."))
    box = m.json("add", m.file("names.tar", b.getvalue())).lines[0]
    extraction = m.json("show", box["item"]).one["extraction"]
    assert extraction["why"].startswith(
        "2 names in it lead elsewhere and were shortened; 3 names in it are too long or no text and were altered:"
        " ../up.txt, caf\ufffd.txt, xxxx"), extraction
    assert extraction["why"].endswith("x..., and more") and "reason" not in extraction, extraction


def test_a_broken_member_costs_itself_only(m):
    good = bytearray(zipped([("one.txt", b"first " * 50), ("two.txt", b"second " * 50)]))
    at = good.find(b"one.txt") + len("one.txt") + 3
    good[at] ^= 0xFF
    lines = m.json("add", m.file("broken.zip", bytes(good))).lines
    assert [l["path"].rsplit("/", 1)[1] for l in lines[1:]] == ["one.txt", "two.txt"]
    assert m.run("cat", lines[2]["item"]).out == b"second " * 50
    notes = [m.json("show", l["item"]).one["acquisitions"][0].get("note", "") for l in lines[1:]]
    assert notes[0].startswith("not whole: unpacking") and notes[1] == "", notes
    assert "1 of the 2 files in it are damaged" in m.json("show", lines[0]["item"]).one["extraction"]["why"]


def test_consent_for_the_container_is_consent_for_what_it_holds(m):
    box = m.file("box.zip", zipped([("a.txt", "a kingfisher"), ("in.zip", zipped([("b.txt", "an otter")]))]))
    lines = m.json("add", box, m.file("b-alone.txt", "an otter")).lines
    assert m.json("find", "kingfisher").lines and m.json("find", "otter").lines
    m.run("consent", "withdraw", lines[0]["item"])
    assert m.json("find", "kingfisher").lines == []
    assert len(m.json("find", "otter").lines) == 1, "that came by another way, too"
    m.run("cat", [l for l in lines if l["path"].endswith("a.txt")][0]["item"], code=4)
    m.verified()


def test_consent_given_later_reaches_what_came_out_before(m):
    box = m.file("box.zip", zipped([("a.txt", "a kingfisher"), ("in.zip", zipped([("b.txt", "an otter")]))]))
    lines = m.json("add", box, "--source", "Lake Watch", "--consent", "purpose=trial").lines
    otter = [l for l in lines if l["path"].endswith("b.txt")][0]["item"]
    again = m.json("add", box, "--source", "Reed House", "--consent", "purpose=research").lines
    assert [l["status"] for l in again] == ["known"] * 4, again
    ways = m.json("show", otter).one["acquisitions"]
    assert [(w["source"], w["consent"]["purpose"]) for w in ways] == \
        [("Lake Watch", "trial"), ("Reed House", "research")], ways
    assert len({w["container"] for w in ways}) == 1 and len({w["path"] for w in ways}) == 1, ways
    assert len(m.json("show", otter).one["texts"]) == 1, "it is not read again"
    m.run("consent", "withdraw", lines[0]["item"])
    assert m.json("find", "otter").lines == []
    m.json("add", box)
    assert len(m.json("find", "otter").lines) == 1, "what came again may be used again, with all that is in it"
    assert [l["status"] for l in m.json("add", box).lines] == ["known"]
    m.verified()
    before = m.json("show", otter).out
    m.run("rebuild")
    assert m.json("show", otter).out == before


def test_erasing_tells_of_what_is_left(m):
    inner = zipped([("b.txt", "an otter")])
    lines = m.json("add", m.file("box.zip", zipped([("in.zip", inner)]))).lines
    box, middle, otter = (l["item"] for l in lines)
    two_people(m)
    proposed = m.json("erase", middle, "--reason", "x", stdin=ANA).one
    assert (proposed["lies_in"], proposed["found_in_it"]) == ([box], [otter]), proposed
    done = m.json("erase", "--approve", str(proposed["proposal"]), stdin=BEN).one
    assert (done["lies_in"], done["found_in_it"]) == ([box], [otter]), done
    assert m.json("erase", otter, "--reason", "x", stdin=ANA).one["lies_in"] == []
    told = m.run("erase", box, "--reason", "x", stdin=ANA).out.decode()
    assert "lie in" not in told and "was found in it" not in told, told
    m.verified()


def test_an_erased_container_is_forgotten_by_what_it_held(m):
    lines = m.json("add", m.file("box.zip", zipped([("a.txt", "a kingfisher")]))).lines
    two_people(m)
    propose_and_approve(m, lines[0]["item"])
    shown = m.json("show", lines[1]["item"]).one
    assert "parent" not in shown and "container" not in shown["acquisitions"][0], shown
    m.verified()
    before = m.json("list").out
    m.run("rebuild")
    assert m.json("list").out == before
    m.verified()


def test_extract_again(m):
    box, bad = m.file("box.zip", zipped([("a.txt", "a kingfisher")])), m.file("bad.gz", gzip.compress(b"x" * 999)[:20])
    added = m.add(box, bad, "--source", "Lake Watch", "--consent", "purpose=trial")
    lines = [added[str(box)]]
    item = added[f"{box}/a.txt"]["item"]
    assert m.json("show", item).one["parent"] == lines[0]["item"]
    old = m.json("show", item).one["texts"]
    told = m.json("extract", item, lines[0]["item"]).one
    assert (told["items"], told["texts"], told["embedded"]) == (2, 1, 0), told
    new = m.json("show", item).one
    assert [t["text"] for t in new["texts"]][:1] == [t["text"] for t in old] and len(new["texts"]) == 2
    assert len(new["acquisitions"]) == 1, "what came out before came out once"
    assert m.json("extract", "--failed").one["items"] == 1
    assert m.json("extract", "--type", "text/plain").one["texts"] == 1
    assert m.json("extract", "--all").one["items"] == 3
    assert m.json("extract", item, item).one["items"] == 1
    assert "no item is of the type application/nope" in m.run("extract", "--type", "application/nope", code=3).err
    assert m.json("extract", "--type", "text/plain", "--failed").one["items"] == 0
    m.run("extract", code=2)
    m.run("extract", item, "--all", code=2)
    m.run("extract", "no such", code=3)
    m.verified()


def test_no_words_and_names_that_drive_a_terminal(m):
    s = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    table = m.file("table.xlsx", zipped([
        ("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("xl/workbook.xml", f"<workbook {s} xmlns:r='{r}'><sheets><sheet name='a&#x202e;b' r:id='a'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
         f"relationships'><Relationship Id='a' Type='{r}/worksheet' Target='a.xml'/></Relationships>"),
        ("xl/a.xml", f"<worksheet {s}><sheetData><row r='1'><c r='A1'><v>7</v></c></row></sheetData></worksheet>")]))
    blank = m.file("blank.txt", b" \n")
    added = m.add(blank, table)
    assert "has no text: it holds no words" in m.run("text", added[str(blank)]["item"], code=3).err
    told = m.run("text", added[str(table)]["item"], "--anchors").out.decode()
    assert "cell A1" in told and "\u202e" not in told, told


@alone
def test_order_changes_no_text(home):
    """Two mechanisms, the same files in another order: the same texts of the same items."""
    files = [home.file("one.zip", zipped([("x.txt", "the same words"), ("y.html", "<p>other words")])),
             home.file("two.txt", "the same words"), home.file("three.gz", gzip.compress(b"more words"))]
    told = []
    for name, order in (("first", files), ("second", files[::-1])):
        home.vigil("init", home.folder / name)
        home.vigil("-C", home.folder / name, "add", *order)
        listed = home.vigil("-C", home.folder / name, "list", "--json").lines
        told.append(sorted((l["sha256"], home.vigil("-C", home.folder / name, "text", l["item"], code=None).out)
                           for l in listed))
    assert told[0] == told[1] and len(told[0]) == 5, "x.txt and two.txt are one item"


def record(kind, block, *more):
    head = [f"WARC-Type: {kind}", "WARC-Target-URI: http://example.org/reeds/", *more, f"Content-Length: {len(block)}"]
    return ("WARC/1.1\r\n" + "\r\n".join(head) + "\r\n\r\n").encode() + block + b"\r\n\r\n"


def test_a_captured_page_is_found_with_its_main_text(m):
    page = b"<title>Reeds</title><nav><a href=/>Home</a></nav><main><p>a bittern booms</p></main>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(page)
    digest = "sha256:" + hashlib.sha256(http).hexdigest()
    warc = gzip.compress(record("warcinfo", b"software: made here\r\n")) + \
        gzip.compress(record("response", http, "WARC-Block-Digest: " + digest))
    whole, captured = m.json("add", m.file("lake.warc.gz", warc)).lines
    assert captured["container"] == whole["item"]
    shown = m.json("show", whole["item"]).one
    assert (shown["metadata"]["digests_right"], shown["metadata"]["digests_wrong"]) == ("1", "0"), shown
    assert shown["metadata"]["software"] == "made here"
    assert m.json("show", captured["item"]).one["acquisitions"][0]["path"] == "example.org/reeds/index"
    assert m.json("find", "bittern").one["item"] == captured["item"]
    assert m.run("text", captured["item"], "--main").out == b"a bittern booms"
    assert m.json("text", captured["item"], "--main").one["content"] == "a bittern booms"
    assert b"Home" in m.run("text", captured["item"]).out
    assert b"sha256 right" in m.run("text", whole["item"], "--main").out, "nothing is marked: all of it"
    anchors = m.json("text", captured["item"], "--anchors").lines
    assert [a["element"] for a in anchors if a.get("part") == "main"] == ["html/body/main[1]/p[1]"], anchors


def texts_by_item(home, folder):
    """Of each item, by its hash, what its newest extraction came to."""
    found = {}
    for line in home.vigil("-C", folder, "list", "--json").lines:
        texts = home.vigil("-C", folder, "show", line["item"], "--json").one["texts"]
        found[line["sha256"]] = [(t["status"], t.get("why"), t.get("sha256"), t.get("language")) for t in texts]
    return found


def test_no_words_and_names_that_drive_a_terminal(m):
    s = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    table = m.file("table.xlsx", zipped([
        ("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("xl/workbook.xml", f"<workbook {s} xmlns:r='{r}'><sheets><sheet name='a&#x202e;b' r:id='a'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
         f"relationships'><Relationship Id='a' Type='{r}/worksheet' Target='a.xml'/></Relationships>"),
        ("xl/a.xml", f"<worksheet {s}><sheetData><row r='1'><c r='A1'><v>7</v></c></row></sheetData></worksheet>")]))
    blank = m.file("blank.txt", b" \n")
    added = m.add(blank, table)
    assert "has no text: it holds no words" in m.run("text", added[str(blank)]["item"], code=3).err
    told = m.run("text", added[str(table)]["item"], "--anchors").out.decode()
    assert "cell A1" in told and "\u202e" not in told, told


@alone
def test_order_changes_no_text_of_shared_files(home):
    files = [path for folder in ("archives", "pdfjs", "tika", "poi", "openpreserve", "feeds")
             for path in sorted(need_shared(f"data/formats/{folder}").iterdir())[:14]
             if path.is_file() and path.stat().st_size < 200_000]
    told = []
    for name, order in (("first", files), ("second", files[::-1])):
        home.vigil("init", home.folder / name)
        home.vigil("-C", home.folder / name, "add", *order)
        told.append(texts_by_item(home, home.folder / name))
    assert len(files) > 50 and len(told[0]) > len(files) // 2
    assert told[0] == told[1], {k: (v, told[1].get(k)) for k, v in told[0].items() if told[1].get(k) != v}


def test_what_a_crash_left_without_a_text_gets_one(m):
    program = m.file("alone/vigil", (build / "vigil").read_bytes())
    program.chmod(0o755)
    m.home.vigil("-C", m.dir, "add", m.file("x.txt", "council"), m.file("b.zip", zipped([("y.txt", "otter")])),
                 m.file("o.bin", bytes(range(256)) * 9), program=program)
    assert m.json("find", "council OR otter").lines == []
    told = m.json("extract", "--failed").lines[-1]
    assert (told["items"], told["embedded"], told["failed"]) == (2, 1, 0), told
    assert len(m.json("find", "council OR otter", "--texts").lines) == 2
    assert m.json("extract", "--failed").one["items"] == 0
    m.verified()


def many(n):
    return zipped([(f"n{i}.txt", f"heron number {i}") for i in range(n)])


def test_however_many_files_come_out_each_is_kept(m):
    lines = m.json("add", m.file("many.zip", many(700))).lines
    assert [l["status"] for l in lines if "status" in l] == ["added"] * 701, lines[-3:]
    assert len(m.json("show", lines[0]["item"]).one["children"]) == 700
    assert m.json("find", "heron AND 699", "--texts").one
    m.verified()


def test_what_a_kill_left_in_a_container_comes_out_later(m):
    adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", "--json", m.file("many.zip", many(3000))], env=m.env,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for _ in range(300):
        adding.stdout.readline()
    adding.kill()
    adding.wait()
    assert 300 <= len(m.json("show", "1").one["children"]) < 3000
    m.run("extract", "--failed")
    assert len(m.json("show", "1").one["children"]) == 3000
    m.verified()


def test_one_file_many_times_is_told_a_hundred_times(m):
    container, *rest = m.json("add", m.file("same.zip", zipped([(f"{i}.txt", "the same") for i in range(150)]))).lines
    assert len([l for l in rest if l.get("container")]) == 100
    assert "more than 100 times" in m.json("show", container["item"]).one["extraction"]["why"]
