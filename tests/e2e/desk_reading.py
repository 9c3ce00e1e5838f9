"""Reading at the desk: pictures made safe, texts beside their pages, search with its counts, the log with its proofs."""
import base64
import hashlib
import json
import os
import random
import re
import struct
import time
import urllib.parse
import zlib

from desk_client import Browser, let_in, serving, words
from vigil import enter, leave, need_shared

HOSTILE = "<script>alert(1)</script>\"'\u202e.png"


def png(width=64, height=48, text=b""):
    """A picture whose pixels nobody else has; with words that are none of its pixels."""
    rows = b"".join(b"\0" + random.randbytes(3 * width) for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"tEXt", b"Comment\0" + text) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def size_of(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    return struct.unpack(">II", data[16:24])


def wait_for(found, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        if value := found():
            return value
        time.sleep(0.2)
    raise AssertionError("it did not come")


def items(m, *paths, **more):
    return [line["item"] for line in m.json("add", *paths, **more).lines]


def plain(got):
    return got.status, re.sub(r"(to|address)=[^\"&]*", "", got.text), sorted(n for n, _ in got.headers)


def test_pictures_are_made_safe_and_blurred(m):
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "reviewer")
    secret = b"heron-in-the-reeds-4711"
    photo = need_shared("data/formats/tika/testJPEG_GEO_2.jpg")
    original = png(text=secret)
    [item] = items(m, m.file("in/" + HOSTILE.replace("/", "_"), original))
    [geo] = items(m, photo)
    [broken] = items(m, m.file("in/broken.png", original[:300]))
    [text] = items(m, m.file("in/a.txt", "a heron\n"))
    [pdf] = items(m, need_shared("data/un/upr-documents/cycle1/Slovenia.pdf"))
    with serving(m) as desk:
        b, other = Browser(desk, "inga"), Browser(desk, "otto")
        page = b.get(f"/items/{item}")
        assert "<script" not in page.text and 'class="blurred"' in page.text and "clear=1" in page.text, page.text
        blurred, clear = b.get(f"/items/{item}/picture"), b.get(f"/items/{item}/picture?clear=1")
        assert (blurred.status, clear.status) == (200, 200), (blurred.text, clear.text)
        assert max(size_of(blurred.body)) <= 20 and size_of(clear.body) == (64, 48)
        for got in (blurred, clear):
            assert got.header("Content-Type") == "image/png" and secret not in got.body and got.header("X-Content-Type-Options") == "nosniff"
            assert original[60:120] not in got.body and got.body != original
            assert got.header("Cache-Control") == "no-store"
        assert max(size_of(b.get(f"/items/{item}/picture?clear=1&size=small").body)) <= 360
        # EXIF, with its place, is gone; the item's page says the place only where somebody opens it.
        assert b"Exif" in photo.read_bytes()
        assert b"Exif" not in b.get(f"/items/{geo}/picture?clear=1").body
        seen = b.get(f"/items/{geo}").text
        assert "51.575762" in seen and "<details><summary>Where it was taken" in seen and "google Nexus S" in seen
        # What cannot be decoded says so, and so does what is no picture.
        got = b.get(f"/items/{broken}/picture?clear=1")
        assert got.status == 400 and "damaged" in got.text, got.text
        assert b.get(f"/items/{text}/picture").status == 404 and b.get(f"/items/{text}/look").status == 404
        assert b.get(f"/items/{pdf}/picture?page=9999").status == 400
        assert b.get(f"/items/{item}/picture?time=x").status == 400
        # A page of a document is blurred only if somebody said that it may hurt.
        assert max(size_of(b.get(f"/items/{pdf}/picture?page=1&size=small").body)) == 360
        b.get(f"/items/{pdf}")
        assert b.post(f"/items/{pdf}/graphic", {"reason": HOSTILE}, token="0" * 64).status == 400
        assert b.post(f"/items/{pdf}/graphic", {"reason": HOSTILE}).status == 303
        assert b.post(f"/items/{pdf}/graphic", {}).status == 400, "it is already"
        assert max(size_of(b.get(f"/items/{pdf}/picture?page=1&size=small").body)) <= 20
        assert "Graphic" in words(b.get(f"/items/{pdf}").text) and "graphic" in words(b.get("/find?q=slovenia").text)
        index = m.json("show", pdf).one["entries"][-1]
        assert HOSTILE.split("\u202e")[0] in words(b.get(f"/log/{index}").text) and "<script" not in b.get(f"/log/{index}").text
        # Always clearly: in this browser, until its session ends, and in no other one.
        page = b.get(f"/items/{item}/look?clear=1")
        assert "clear=1" in page.text
        assert b.post("/me/pictures", {"pictures": "clear", "to": f"/items/{item}"}).to == f"/items/{item}"
        assert b.post("/me/pictures", {"pictures": "clear", "to": "//evil.example"}).to == "/me"
        assert size_of(b.get(f"/items/{item}/picture").body) == (64, 48)
        assert max(size_of(other.get(f"/items/{item}/picture").body)) <= 20
        assert max(size_of(Browser(desk, "inga").get(f"/items/{item}/picture").body)) <= 20
        b.get("/me")
        b.post("/me/pictures", {"pictures": "blurred"})
        assert max(size_of(b.get(f"/items/{item}/picture").body)) <= 20
        # Consent that ends takes pictures and texts away.
        m.run("consent", "withdraw", pdf, "--reason", "asked")
        for path in ("picture", "look", "text", "original"):
            assert b.get(f"/items/{pdf}/{path}").status == 404, path
        assert "must not be used" in words(b.get(f"/items/{pdf}").text)
    m.run("graphic", pdf, "--undo")
    m.run("graphic", pdf, "--undo", code=2)
    before = m.json("verify").lines[-1]
    digest = m.json("rebuild").one["digest"]
    assert before["ok"] and m.json("rebuild").one["digest"] == digest
    m.verified()


def test_what_is_not_for_them_is_missing(m):
    let_in(m, "inga", "analyst")
    enter(m)
    [item] = items(m, m.file("in/p.png", png()), "--compartment", "secret")
    [text] = items(m, m.file("in/t.txt", "Quindarvio was there.\n"), "--compartment", "secret")
    m.run("graphic", item)
    indexes = m.json("show", item).one["entries"] + m.json("show", text).one["entries"]
    with serving(m) as desk:
        b = Browser(desk, "inga")
        for part in ("", "/picture", "/picture?clear=1", "/look", "/text", "/original", "/translations/text_1"):
            there, missing = b.get(f"/items/{item}{part}"), b.get("/items/item_01m8p2ktf4ed6t8yqnan3yyr5m" + part)
            assert there.status == missing.status == 404, part
            assert plain(there)[0::2] == plain(missing)[0::2]
            a, c = (re.sub(r"item_[0-9a-z]+", "ID", x.text) for x in (there, missing))
            assert a == c, part
        b.get("/new")
        assert b.post(f"/items/{item}/graphic", {"undo": "1"}).status == 404
        # The log's entry shows what an outsider may see: head, leaf, proof, checkpoint, and nothing of what it says.
        for index in indexes:
            page = b.get(f"/log/{index}")
            seen = words(page.text)
            assert page.status == 200 and "not for you" in seen and "vigil/1" in seen, seen
            assert item not in page.text and "p.png" not in page.text and "Item came in" not in seen and "/receipts/" + str(index) not in page.text
            assert b.get(f"/log/{index}/proof").status == 200 and b.get(f"/receipts/{index}").status == 404
        for query in ("quindarvio", "type:png", "after:2020"):
            page = words(b.get("/find?q=" + query).text)
            assert "Texts: 0" in page and "quindarvio was" not in page.lower(), page
        for filters in ({"act": "item.graphic"}, {"subject": item}, {"act": "item.acquire"}):
            page = b.get("/log?" + urllib.parse.urlencode(filters)).text.split("<footer>")[0]
            assert item not in page.replace(f'value="{item}"', "") and 'href="/log/' + str(indexes[0]) + '"' not in page, filters
        assert "Marked as graphic, or not</bdi>" not in b.get("/").text


def test_texts_are_read_page_by_page(m):
    let_in(m, "inga", "analyst")
    pdf = need_shared("data/un/upr-documents/cycle1/Slovenia.pdf")
    scan = need_shared("data/un/scanned-letters/hc-letter-2020.pdf")
    sheet = need_shared("data/formats/poi/simple-monthly-budget.xlsx")
    [pdf] = items(m, pdf)
    [scan] = items(m, scan)
    sheet = items(m, sheet)[0]
    [table] = items(m, m.file("in/t.csv", "name,where\n" + "".join(f"heron {i},<b>reeds</b> {i}\n" for i in range(300))))
    english = "Article 1\n\nAll are free.\n\nArticle 2\n\nNobody is held <b>apart</b>.\n"
    [letter] = items(m, m.file("in/e.txt", english))
    m.run("translation", "add", letter, m.file("fr.txt", "Article premier\n\nTous sont libres.\n\nArticle 2\n\nPersonne n'est tenu à l'écart.\n"),
          "--language", "fr", "--by", "<i>Odile</i>", "--status", "draft")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        page = b.get(f"/items/{pdf}/text")
        n = int(re.search(r"Page 1 of (\d+)", words(page.text))[1])
        assert n > 1 and f"/items/{pdf}/picture?page=1" in page.text and "page=2" in page.text
        whole = m.run("text", pdf).out.decode()
        anchors = [json.loads(l) for l in m.run("text", pdf, "--anchors", "--json").out.splitlines()]
        second = whole.encode()[anchors[1]["start"]:anchors[1]["end"]].decode()
        shown = words(b.get(f"/items/{pdf}/text?page=2").text)
        assert all(line.strip() in re.sub(r"[ ]+", " ", shown) or "  " in line for line in second.splitlines()), second
        assert b.get(f"/items/{pdf}/text?page=99999").status == 200 and b.get(f"/items/{pdf}/text?page=x").status == 200
        # A passage leads to its page.
        at = anchors[1]["start"]
        got = words(b.get(f"/items/{pdf}/text?at={at}&end={at + 5}").text)
        assert "Page 2 of" in got
        read = b.get(f"/items/{scan}/text").text
        assert "% certain" in words(read) and "Read from a picture" in words(read)
        grid = b.get(f"/items/{sheet}/text").text
        assert '<table class="grid">' in grid and "Simple Monthly Budget" in grid and '<th scope="col">B</th>' in grid
        grid = b.get(f"/items/{table}/text").text
        assert "<b>" not in grid and "&lt;b&gt;reeds&lt;/b&gt; 7" in grid and '<th scope="row" class="number">8</th>' in grid
        assert '<table class="grid">' not in b.get(f"/items/{table}/text?plain=1").text
        # A translation stands beside its original, passage by passage, with who made it and its status.
        page = b.get(f"/items/{letter}").text
        beside = re.search(r"/items/[^\"]+/translations/[^\"]+", page)[0]
        assert "draft" in words(page) and "<i>Odile" not in page
        pairs = re.findall(r"<tr><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", b.get(beside).text, re.S)
        assert ("All are free.", "Tous sont libres.") in [(x.strip(), y.strip()) for x, y in pairs], pairs
        assert len(pairs) == 4 and "<b>" not in b.get(beside).text
        # Older texts stay within reach.
        first = re.search(r"text\?text=(text_\w+)", page)[1]
        m.run("extract", letter)
        page = b.get(f"/items/{letter}").text
        assert page.count("text?text=text_") == 2 and first in page
        assert "An older text" in words(b.get(f"/items/{letter}/text?text={first}").text)
        hit = b.get("/find?q=libres").text
        assert b.get(re.search(r'href="(/items/[^"]+/translations/[^"]+)"', hit)[1].replace("&amp;", "&")).status == 200


def chosen(page, group):
    part = page.split(f"<h2>{group}</h2>")[1].split("</ul>")[0] if f"<h2>{group}</h2>" in page else ""
    return {re.sub("<[^>]*>", "", name): (int(n), query.replace("&amp;", "&").replace("&quot;", '"'))
            for query, name, n in re.findall(r'<a href="(/find[^"]*)"[^>]*><bdi>(.*?)</bdi></a> <span class="number">(\d+)</span>', part)}


def test_counts_are_those_of_the_command_line(m):
    let_in(m, "inga", "analyst")
    for i in range(60):
        m.file(f"one/{i}.txt", f"The heron number {i} stood in the reeds.\n")
    for i in range(15):
        m.file(f"two/{i}.html", f"<html lang='fr'><p>Le heron numéro {i} était dans les roseaux avec tous les autres oiseaux.</p></html>")
    items(m, m.folder / "one", "--source", "Morning Paper")
    items(m, m.folder / "two", "--source", "<b>Le Soir</b>")
    enter(m)
    items(m, m.file("hid.txt", "A heron that is hidden.\n"), "--compartment", "secret")
    record = m.json("new", "law", "title=Heron Act").one["record"]

    def found(query):
        return len(m.json("find", query, "--texts", "--limit", "1000").lines)

    leave(m)
    total = found("heron")
    assert total == 75
    with serving(m) as desk:
        b = Browser(desk, "inga")
        page = b.get("/find?q=heron").text
        assert f"Texts: {total}" in words(page) and "Records: 1" in words(page)
        assert "<b>Le" not in page and "that is hidden" not in page
        for group, field in (("Kind", "type"), ("Language", "lang"), ("Source", "source")):
            rows = chosen(page, group)
            assert len(rows) == 2 and sum(n for n, _ in rows.values()) == total, (group, rows)
            for name, (n, address) in rows.items():
                query = urllib.parse.parse_qs(urllib.parse.urlparse(address).query)["q"][0]
                assert found(query) == n, (query, n)
                narrowed = words(b.get(address).text)
                assert f"Texts: {n}" in narrowed, narrowed
                back = chosen(b.get(address).text, group)
                assert any("chosen" in b.get(address).text and urllib.parse.parse_qs(urllib.parse.urlparse(a).query)["q"][0] == "heron"
                           for _, a in back.values()), back
        # Pages: every hit once.
        seen = []
        for k in range(1, 5):
            seen += re.findall(r'<p class="title"><a href="/items/(\w+)/text', b.get(f"/find?q=heron&page={k}").text)
        assert len(seen) == len(set(seen)) == total, len(seen)
        newest = re.findall(r'<p class="title"><a href="/items/(\w+)/text', b.get("/find?q=heron&sort=new").text)
        numbers = {l["item"]: l["number"] for l in m.json("list").lines}
        assert [numbers[i] for i in newest] == sorted((numbers[i] for i in newest), reverse=True)
        assert record in b.get("/find?q=heron&in=records").text
        wrong = b.get("/find?q=" + urllib.parse.quote("(heron OR"))
        assert wrong.status == 200 and 'class="wrong"' in wrong.text
        assert "heron" in words(b.get("/find?q=" + urllib.parse.quote("heron OR reeds type:plain")).text)
        for odd in ("page=0", "page=99999999", "page=x", "sort=%3Cb%3E", "in=%22"):
            assert b.get("/find?q=heron&" + odd).status == 200, odd


def test_searches_are_saved_and_tell_news(m):
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "reviewer")
    items(m, m.file("in/a.txt", "a heron\n"))
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        inga.get("/find?q=heron")
        assert inga.post("/find/saved", {"q": "heron", "name": "<b>Birds</b>"}, token="1" * 64).status == 400
        assert inga.post("/find/saved", {"q": "heron", "name": "<b>Birds</b>"}).status == 303
        assert inga.post("/find/saved", {"q": "heron", "name": ""}).status == 400
        assert inga.post("/find/saved", {"q": "(", "name": "x"}).status == 400
        assert "Birds" not in otto.get("/find").text, "it is her own"
        home = inga.get("/").text
        assert "&lt;b&gt;Birds" in home and "nothing new" in words(home)
        items(m, m.file("in/b.txt", "another heron\n"), m.file("in/c.txt", "a stork\n"))
        assert "1 new" in words(inga.get("/").text), words(inga.get("/").text)
        id = re.search(r'name="search" value="(\w+)"', inga.get("/find").text)[1]
        assert otto.get("/find").status == 200
        for step in ("open", "remove"):
            assert otto.post("/find/saved", {"search": id, "step": step}).status == 404, step
        got = inga.post("/find/saved", {"search": id, "step": "open"})
        assert got.to == "/find?sort=new&q=heron"
        assert "nothing new" in words(inga.get("/").text)
        # Shared: all who work see it, each with news of their own; only its owner removes it.
        assert inga.post("/find/saved", {"q": "stork", "name": "Storks", "shared": "1"}).status == 303
        assert "Storks" in otto.get("/").text
        shared = re.search(r'name="search" value="(\w+)"', otto.get("/find").text)[1]
        assert otto.post("/find/saved", {"search": shared, "step": "remove"}).status == 404
        assert otto.post("/find/saved", {"search": shared, "step": "open"}).status == 303
        assert inga.post("/find/saved", {"search": shared, "step": "remove"}).status == 303
        assert inga.post("/find/saved", {"search": id, "step": "remove"}).status == 303
        assert "Storks" not in otto.get("/").text and "Birds" not in inga.get("/").text
        # Home says what changed since they said that they had looked.
        page = inga.get("/")
        assert "Item came in" in page.text and "Where to begin" in page.text
        entries = re.search(r'name="entries" value="(\d+)"', page.text)[1]
        assert inga.post("/looked", {"entries": entries}).status == 303
        assert "Nothing that you may see" in inga.get("/").text and "Item came in" in otto.get("/").text
        items(m, m.file("in/d.txt", "a crane\n"))
        assert "d.txt" in inga.get("/").text and "c.txt" not in inga.get("/").text
        assert "Give material" in words(Browser(desk, "otto").get("/").text)


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def leads_to(index, size, leaf, proof):
    """RFC 9162, 2.1.3.2: the root, by a few lines that know nothing of ours."""
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return r


def test_entries_have_their_proof(m):
    let_in(m, "inga", "analyst")
    for i in range(9):
        m.file(f"in/{i}.txt", f"a heron {i}\n")
    items(m, m.folder / "in")
    key = m.run("key").out.decode().strip()
    size = len(m.json("log", "--limit", "1000").lines)
    with serving(m) as desk:
        b, nobody = Browser(desk, "inga"), Browser(desk)
        for index in (0, 1, size // 2, size - 1):
            head = b.get(f"/log/{index}/head").body
            proof = b.get(f"/log/{index}/proof").body.decode()
            first, rest = proof.split("\n\n", 1)
            lines = first.splitlines()
            assert lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"], lines
            origin, n, root = rest.splitlines()[:3]
            leaf = hashlib.sha256(b"\0" + head).digest()
            hashes = [base64.b64decode(l) for l in lines[2:]]
            assert leads_to(index, int(n), leaf, hashes) == base64.b64decode(root)
            page = b.get(f"/log/{index}").text
            assert leaf.hex() in page and all(h.hex() in page for h in hashes) and root in page
        assert b.get(f"/log/{size + 5}").status == b.get("/log/x").status == b.get("/log/-1/proof").status == 404
        at = b.get("/log/checkpoint").text
        assert origin in at and root in at and key in words(at)
        # Filters.
        acquired = [l["index"] for l in m.json("log", "--limit", "1000").lines if l["act"] == "item.acquire"]
        page = b.get("/log?act=item.acquire").text
        assert re.findall(r'<td class="number"><a href="/log/(\d+)">', page) == [str(i) for i in reversed(acquired)]
        assert not re.findall(r'<td class="number"><a href="/log/', b.get("/log?day=2001-01-01").text)
        assert "None among" in b.get("/log?actor=%3Cb%3E").text and "<b>" not in b.get("/log?actor=%3Cb%3E").text
        assert b.get("/log?day=x").status == 400 and re.search(r'href="/log/\d', b.get("/log?day=2100-01-01").text)
        # Anybody may have a receipt checked; what was altered is refused with the reason.
        receipt = b.get(f"/receipts/{acquired[0]}").body.decode()
        assert m.run("receipt", "--check", m.file("r", receipt), "--key", key).out.startswith(b"good")
        for who in (nobody, b):
            assert who.get("/receipts").status == 200
            got = words(who.post("/receipts", {"receipt": receipt.replace("\n", "\r\n")}).text)
            assert "The receipt is good" in got and f"Entry {acquired[0]} is in the log" in got and "not carry the body" in got, got
        body = m.run("receipt", str(acquired[0]), "--with-body").out.decode()
        got = nobody.post("/receipts", {"receipt": body})
        assert "carries the body" in words(got.text) and "Act item.acquire" in re.sub(r"\s+", " ", words(got.text)), words(got.text)
        first = receipt.splitlines()
        altered = {
            "another day": receipt.replace(first[2], "2001-01-01"),
            "another index": receipt.replace(f"index {acquired[0]}", f"index {acquired[0] + 1}"),
            "cut": receipt[:200],
            "nothing like it": "<script>alert(1)</script>",
        }
        for why, text in altered.items():
            got = nobody.post("/receipts", {"receipt": text})
            assert got.status == 200 and "The receipt is not good" in got.text and "<script" not in got.text, why
            m.run("receipt", "--check", m.file("bad", text), "--key", key, code=None)
        assert nobody.post("/receipts", {"receipt": receipt}, token="0" * 64).status == 400
        for _ in range(8):
            got = nobody.post("/receipts", {"receipt": "x"})
        assert got.status == 400, "who sends many that are none waits"
        assert b.post("/sign-out", {}).status == 303, "the form round the page is still theirs"


def test_a_check_finds_a_flipped_byte(m):
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "reviewer")
    items(m, m.file("in/a.txt", "a heron\n" * 4000))
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        inga.get("/log/verify")
        assert "No check was made" in inga.get("/log/verify").text
        assert inga.post("/log/verify", {}).status == 404, "not an analyst's"
        otto.get("/log/verify")

        def check():
            assert otto.post("/log/verify", {}).status == 303

            def ended():
                page = otto.get("/log/verify")
                if "under way" in page.text:
                    assert page.header("Refresh"), page.headers
                    return None
                return words(page.text)

            return wait_for(ended, 120)

        said = check()
        assert "All is well" in said and "otto" in said, said
        victim = max((p for p in (m.dir / "vault").rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        mode = victim.stat().st_mode
        os.chmod(victim, 0o600)
        victim.write_bytes(data)
        os.chmod(victim, mode)
        said = check()
        assert "All is well" not in said and "damaged" in said and "object" in said, said
        data[len(data) // 2] ^= 1
        os.chmod(victim, 0o600)
        victim.write_bytes(data)
        assert "All is well" in check()
        # A server that ends in the middle of one ends.
        otto.post("/log/verify", {})
    with serving(m) as desk:
        otto.desk = desk
        assert "The last check" in otto.get("/log/verify").text
