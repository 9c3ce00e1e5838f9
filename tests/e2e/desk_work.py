"""Work at the desk: giving material, reading it, making claims of passages, all by plain forms."""
import hashlib
import http.client
import os
import re
import subprocess
import time
import urllib.parse

import vigil
from records import invent_states
from desk_client import Answer, Browser, let_in, serving, words
from vigil import enter, me

HOSTILE = "<script>alert(1)</script>\"'.txt"


def form(fields, files):
    """multipart/form-data, as browsers write it."""
    out = b""
    for name, value in fields.items():
        out += f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, data in files:
        quoted = name.replace('"', "%22")
        out += (f'--XX\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode() + data + b"\r\n"
    return out + b"--XX--\r\n"


def give(b, files, token=None, **fields):
    body = form({"token": b.token if token is None else token, **fields}, files)
    return b.ask("POST", "/intake", body, {"Content-Type": "multipart/form-data; boundary=XX"})


def wait_for(found, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError("it did not come")


def test_material_is_given(m):
    let_in(m, "sam", "submitter")
    let_in(m, "inga", "analyst")
    before = m.add(m.file("in/old.txt", "Known to us already.\n"))
    big = os.urandom(3 << 20)
    files = [("a.txt", b"Quindarvio was there.\n"), (HOSTILE, b"x"), ("big.bin", big), ("empty.txt", b""),
             ("old.txt", b"Known to us already.\n")]
    with serving(m) as desk:
        sam = Browser(desk, "sam")
        assert sam.get("/intake").status == 200
        got = give(sam, files, source="A paper", via="the desk", note="as it came")
        page = words(got.text)
        assert got.status == 200, page
        assert page.split("A receipt lets")[0].count("kept") == 5 and HOSTILE.replace('"', "%22") in page, page
        assert "<script" not in re.sub(r'<script [^>]*src="/static/[^"<>]+"[^>]*></script>', "", got.text), got.text
        for name, data in files:
            assert hashlib.sha256(data).hexdigest() in page, name
        # What was here already looks like what was not, but for its name.
        rows = [re.sub(r"[0-9a-f]{64}|\d+", "N", row) for row in re.findall(r"<dl>.*?</dl>", got.text, re.S)]
        assert rows[0].replace("a.txt", "F") == rows[4].replace("old.txt", "F"), rows
        receipt = re.search(r"/receipts/(\d+)", got.text)[0]
        paper = sam.get(receipt)
        assert paper.status == 200 and paper.header("Content-Disposition").startswith("attachment")
        assert m.run("receipt", "--check", m.file("r", paper.body), "--key", m.run("key").out.decode().strip()).out.startswith(b"good")
        # Whoever gives sees nothing else, not even what they gave.
        item = next(i for i in m.json("list").lines if i["title"] == "a.txt")["item"]
        for path in (f"/items/{item}", f"/items/{item}/original", "/log", "/find?q=quindarvio", "/claim", "/new", "/receipts/0", "/receipts/999"):
            assert sam.get(path).status == 404, path
        inga = Browser(desk, "inga")
        wait_for(lambda: inga.get(f"/items/{item}/text").status == 200)
        wait_for(lambda: "a.txt" in inga.get("/find?q=quindarvio").text)
        seen = words(inga.get(f"/items/{item}").text)
        assert all(w in seen for w in ("A paper", "the desk", "as it came", "sam")), seen
        large = next(i for i in m.json("list").lines if i["title"] == "big.bin")["item"]
        assert inga.get(f"/items/{large}/original").body == big
        assert "Nothing came" in words(give(sam, []).text) and "Nothing came" in words(give(sam, [("", b"")]).text)
    shown = m.json("show", before[next(iter(before))]["item"]).one
    assert len(shown["acquisitions"]) == 2, shown
    m.verified()


def test_what_breaks_off_is_not_kept(m):
    let_in(m, "sam", "submitter")
    enter(m)
    before = m.verified()["entries"]
    with serving(m) as desk:
        sam = Browser(desk, "sam")
        cookie = "; ".join(f"{k}={v}" for k, v in sam.cookies.items())
        body = form({"token": sam.token}, [("a.txt", b"x" * 300000)])

        def begin(data, length=len(body), headers=None):
            c = desk.connect()
            c.putrequest("POST", "/intake")
            for k, v in {"Cookie": cookie, "Content-Type": "multipart/form-data; boundary=XX", "Content-Length": str(length), **(headers or {})}.items():
                c.putheader(k, v)
            c.endheaders()
            c.send(data)
            return c

        begin(body[:200000]).close()
        # Neither is what ends before its boundary, or is cut by another length.
        for data in (body[:200000], body[:-8], body[:100]):
            c = begin(data, len(data))
            try:
                assert Answer(c.getresponse()).status == 400, len(data)
            except (http.client.HTTPException, OSError):
                pass
            c.close()

        def refused(got):
            try:
                return got().status in (400, 403, 404)
            except (http.client.HTTPException, OSError):
                return True    # the connection is closed in the middle of it

        small = [("a.txt", b"y")]
        assert refused(lambda: give(sam, small, token="0" * 64))
        assert refused(lambda: give(sam, small, token=""))
        assert refused(lambda: sam.ask("POST", "/intake", form({}, small) + form({"token": sam.token}, []),
                                       {"Content-Type": "multipart/form-data; boundary=XX"}))
        assert refused(lambda: sam.ask("POST", "/intake", form({"token": sam.token}, small),
                                       {"Content-Type": "multipart/form-data; boundary=XX", "Origin": "https://evil.example"}))
        assert refused(lambda: give(sam, small, compartment="secret"))
        assert give(Browser(desk), small).to.startswith("/sign-in")
        assert sam.ask("POST", "/me/passphrase", form({"token": sam.token}, []),
                       {"Content-Type": "multipart/form-data; boundary=XX"}).status == 415
        assert sam.get("/intake").status == 200
        time.sleep(0.5)
    last = m.verified()
    assert last["entries"] == before and m.json("list").lines == [], last
    # Nothing of it lies about in the clear.
    assert subprocess.run(["grep", "-rlF", "x" * 64, str(m.folder)], capture_output=True).stdout == b""


def test_a_large_file_is_never_held(m):
    let_in(m, "sam", "submitter")
    size = 400 << 20
    with serving(m) as desk:
        sam = Browser(desk, "sam")
        head, tail = form({"token": sam.token}, [("big", b"\0")]).split(b"\0")
        c = desk.connect(300)
        c.putrequest("POST", "/intake")
        for k, v in {"Cookie": "; ".join(f"{k}={v}" for k, v in sam.cookies.items()),
                     "Content-Type": "multipart/form-data; boundary=XX",
                     "Content-Length": str(len(head) + size + len(tail))}.items():
            c.putheader(k, v)
        c.endheaders()
        c.send(head)
        status = f"/proc/{desk.process.pid}/status"

        def memory():
            return int(re.search(r"VmRSS:\s+(\d+)", open(status).read())[1]) >> 10

        began, block, hashed, most = memory(), os.urandom(1 << 20), hashlib.sha256(), 0
        for _ in range(size >> 20):
            c.send(block)
            hashed.update(block)
            most = max(most, memory())
        c.send(tail)
        got = Answer(c.getresponse())
        assert got.status == 200 and hashed.hexdigest() in got.text, got.text
        assert most - began < 50, (began, most)
    m.verified()


def test_a_claim_is_made_of_a_passage(m):
    let_in(m, "inga", "analyst")
    path = m.file("in/a.txt", "First line of it.\nOn 3 May 2020 Quindarvio was <b>seen</b> there.\nLast line.\n")
    item = m.add(path)[str(path)]["item"]
    text = m.json("show", item).one["texts"][0]["text"]
    with serving(m) as desk:
        b = Browser(desk, "inga")
        page = b.get(f"/items/{item}/text?choose=1").text
        starts = re.findall(r'name="at" value="(\d+)"', page)
        ends = re.findall(r'name="end" value="(\d+)"', page)
        assert (starts, ends) == (["0", "18", "66"], ["17", "65", "76"]), (starts, ends)
        passage = {"item": item, "text": text, "at": "18", "end": "65"}
        asked = urllib.parse.urlencode(passage)
        page = b.get(f"/claim?{asked}").text
        assert "Quindarvio was <b>seen</b> there." in words(page) and "&lt;b&gt;" in page
        # About something new.
        page = b.get(f"/new?{asked}&type=event").text
        assert 'name="v.title"' in page and f'value="{item}"' in page
        made = b.post("/new", {**passage, "type": "event", "v.title": "A meeting", "stance": "asserts",
                               "source": "A paper", "credibility": "2"})
        assert made.status == 303, words(made.text)
        record = made.to.split("/")[-1]
        claim = m.json("show", record).one["claims"][0]
        assert (claim["item"], claim["start"], claim["end"], claim["credibility"]) == (item, 18, 65, 2), claim
        # And more of it, step by step; the words alone find their place.
        page = b.get(f"/claim?item={item}&words=3+May+2020&record=A+meeting").text
        assert "property" in page and 'name="at" value="21"' in page, words(page)
        page = b.get(f"/claim?item={item}&words=3+May+2020&record={record}&property=began").text
        assert 'name="value"' in page
        made = b.post("/claim", {"item": item, "text": text, "at": "21", "end": "31", "record": record, "property": "began",
                                 "value": "2020-05-03", "stance": "denies"})
        assert made.status == 303 and made.to.startswith(f"/records/{record}#c"), words(made.text)
        shown = b.get(made.to.split("#")[0]).text
        assert "denies" in shown and "3 May 2020" in shown and "A paper" in shown
        claims = m.json("show", record).one["claims"]
        assert [(c["property"], c["stance"]) for c in claims if c["property"] == "began"] == [("began", "denies")], claims
        assert {line["actor"] for line in m.json("log", "--limit", "2").lines} == {"inga"}
        # What is wrong changes nothing.
        entries = m.verified()["entries"]
        good = {"record": record, "property": "began", "value": "2020", "stance": "asserts"}
        for wrong in ({"record": "nobody"}, {"property": "nothing"}, {"property": "same_as"}, {"value": "not a day"}, {"value": ""}, {"stance": "shouts"},
                      {"item": item, "at": "9", "end": "3"}, {"item": item, "at": "0", "end": "9999"}, {"item": "item_zz"},
                      {"item": item, "words": "no such words"}, {"item": item, "text": "text_0"}, {"compartment": "secret"}, {"item": item + ":0-3"}):
            got = b.post("/claim", {**good, **wrong})
            assert got.status in (400, 404), (wrong, got.status)
        for wrong in ({"type": "thing"}, {"type": "nothing"}, {"type": "event"}, {"type": "event", "v.title": "x", "stance": "?"}):
            assert b.post("/new", {"stance": "asserts", **wrong}).status in (400, 404), wrong
        for page in (f"/claim?item={item}&words=nothing", "/claim?item=item_0", "/claim?record=nobody", "/claim?property=x", "/new?type=nothing"):
            assert b.get(page).status in (200, 400, 404), page
        assert m.verified()["entries"] == entries


def test_what_is_due_is_told(m):
    invent_states(m)
    let_in(m, "inga", "analyst")
    let_in(m, "sam", "submitter")
    new = ("new", "letter", "kind=AL", "reference=AL XAA 2/2020", "state=XAA", "subject=Quindarvio <b>", "sent=2020-07-01")
    m.run(*new)
    listed = m.json("due").lines
    assert listed and all(d["overdue"] for d in listed), listed
    with serving(m) as desk:
        b = Browser(desk, "inga")
        page = b.get("/due").text
        assert page.count("<tr>") - 1 == len(listed) and page.count(">overdue<") == len(listed), page
        for d in listed:
            assert d["title"] in words(page) and d["due"] in page and f"/records/{d['record']}" in page
        assert "<b>" not in page
        for days in ("0", "365", "-1", "x", "99999999999999"):
            assert b.get(f"/due?days={days}").status == 200, days
        assert Browser(desk, "sam").get("/due").status == 404


def test_a_state_is_shown_with_what_it_did(m):
    invent_states(m)
    for args in (("letter", "kind=AL", "reference=AL XAA 1/2020", "state=XAA", "subject=<b>", "sent=2020-06-26"),
                 ("letter", "kind=AL", "reference=AL XAA 2/2020", "state=XAA", "sent=2020-07-01"),
                 ("reply", "letter=AL XAA 1/2020", "received=2020-08-25", "grade=substantive"),
                 ("visit", "state=XAA", "mandate=torture", "requested=2011-02", "status=acknowledged"),
                 ("law", "title=An act", "state=XAA", "status=enacted on 2019")):
        m.run("new", *args, code=None)
    let_in(m, "inga", "analyst")
    figures = m.json("cooperation", "XAA", "--from", "2010", "--to", "2026").one
    with serving(m) as desk:
        b = Browser(desk, "inga")
        assert '"/states/XAA"' in b.get("/states").text
        page = b.get("/states/XAA?from=2010&to=2026").text
        shown = re.sub(r"\s+", " ", words(page))
        assert f"sent {figures['letters']['sent']} " in shown and f"overdue {figures['letters']['overdue']} " in shown, shown
        assert figures["letters"]["sent"] == 2 and figures["visits"]["requested"] == 1
        assert "median 60.0" in shown and "substantive" in shown
        for part in ("letters", "visits", "laws"):
            for record in figures[part]["records"]:
                assert f"/records/{record}" in page, (part, record)
        for code in ("XBB", "xaa", "%00", "Freedonia"):
            assert b.get(f"/states/{code}").status in (400, 404), code
        assert b.get("/states/XAA?from=never").status == 400
        b.cookies["language"] = "ru"
        assert "Письма" in b.get("/states/XAA").text
        b.cookies["language"] = "ar"
        assert 'dir="rtl"' in b.get("/states/XAA").text


def test_what_came_in_confidence_stays_so(m):
    enter(m)
    path = m.file("in/a.txt", "It was Quindarvio who told.\n")
    item = m.add(path, "--compartment", "secret")[str(path)]["item"]
    m.run("compartment", "add", "secret", "inga")
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "analyst")
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        assert 'value="secret"' in inga.get("/new?type=event").text
        assert "secret" not in otto.get("/new?type=event").text
        for path in (f"/claim?item={item}", f"/new?item={item}&type=event"):
            assert otto.get(path).status in (400, 404) and "Quindarvio" not in otto.get(path).text
        fields = {"item": item, "type": "event", "v.title": "Told by Quindarvio", "stance": "asserts", "source": "Somebody"}
        assert otto.post("/new", fields).status in (400, 404)
        inga.get("/new")
        made = inga.post("/new", fields)
        assert made.status == 303, words(made.text)
        assert otto.get(made.to).status == 404 and inga.get(made.to).status == 200
        assert "Somebody" not in otto.get("/find?q=somebody").text.replace("somebody", "")
        given = give(inga, [("b.txt", b"More of Zyxwabc.\n")], compartment="secret")
        assert given.status == 200, words(given.text)
        entry = re.search(r"/receipts/(\d+)", given.text)[0]
        assert inga.get(entry).status == 200 and otto.get(entry).status == 404
