"""The desk: limits, schema files, disclosures by two people, and what a copy needs."""
import hashlib
import io
import json
import re
import shutil
import tarfile

from desk_client import PASSPHRASE, Browser, let_in, serving, words
from vigil import sqlite_only

HOSTILE = "<script>alert(1)</script>\"'\u202e"
SIGNING = {"ana": "the first of two people", "bo": "the second of two people"}
COURT = "Court of Freedonia"


def entries(m, act):
    return [e for e in m.json("log", "--limit", "1000").lines if e["act"] == act]


def test_limits(m):
    let_in(m, "adam", "administrator")
    let_in(m, "inga", "analyst")
    with serving(m) as desk:
        adam, inga = Browser(desk, "adam"), Browser(desk, "inga")
        assert "/settings" in adam.get("/people").text
        page = adam.get("/settings")
        assert page.status == 200 and "Files being read at once" in page.text and "16384" in page.text
        assert adam.post("/settings", {"setting": "seconds", "value": "7"}).to == "/settings"
        assert m.json("settings", "seconds").one["value"] == 7
        changed = entries(m, "setting.change")
        assert [e["actor"] for e in changed] == ["adam"], changed
        page = adam.get("/settings").text
        assert "adam" in page and re.search(r"60</bdi> → <bdi>7<", page), page
        for bad in ("0", "3601", "-1", "many", "7.5", HOSTILE):
            got = adam.post("/settings", {"setting": "seconds", "value": bad})
            assert got.status == 400 and "a whole number from 1 to 3600" in words(got.text), bad
            assert "<script>alert" not in got.text
        assert adam.post("/settings", {"setting": "no_such", "value": "1"}).status == 400
        assert adam.post("/settings", {"setting": "seconds", "value": "9"}, token="0" * 32).status == 400
        assert inga.get("/settings").status == 404
        assert inga.post("/settings", {"setting": "seconds", "value": "9"}).status == 404
        assert m.json("settings", "seconds").one["value"] == 7 and len(entries(m, "setting.change")) == 1
        # What the command line sets is seen here, and the same again is no entry.
        m.run("settings", "seconds", "8")
        m.run("settings", "seconds", "8")
        page = adam.get("/settings").text
        assert 'value="8"' in page and len(entries(m, "setting.change")) == 2
        assert adam.post("/settings", {"setting": "seconds", "value": "default"}).to == "/settings"
        assert m.json("settings", "seconds").one["value"] == 60
        assert "Limit changed" in inga.get("/log").text
    m.verified()
    m.run("rebuild")
    m.verified()


WELL = 'type well\r\n  label en "Well"\r\n  title name\r\n  property name text one\r\n'


def test_schema_files(m):
    let_in(m, "adam", "administrator")
    let_in(m, "inga", "analyst")
    with serving(m) as desk:
        adam, inga = Browser(desk, "adam"), Browser(desk, "inga")
        assert "no file of its own" in words(adam.get("/schema").text)
        bad = adam.post("/schema/draft", {"file": "own.schema", "text": WELL + "  property depth nonsense one\r\n"})
        assert bad.status == 400 and "own.schema:5" in bad.text and "property depth nonsense one" in bad.text
        for name in ("", "a/b", "..", "a b", HOSTILE, "x" * 101):
            assert adam.post("/schema/draft", {"file": name, "text": WELL}).status == 400, name
        draft = adam.post("/schema/draft", {"file": "own.schema", "text": WELL})
        assert draft.status == 200 and "type well" in re.sub(r"\s+", " ", words(draft.text)), draft.text
        assert entries(m, "schema.change") == [], "nothing was changed yet"
        seen = re.search(r'name="seen" value="(\d+)"', draft.text)[1]
        assert adam.post("/schema", {"file": "own.schema", "text": WELL, "seen": "99"}).status == 400
        assert adam.post("/schema", {"file": "own.schema", "text": WELL, "seen": seen}, token="0" * 32).status == 400
        assert inga.post("/schema", {"file": "own.schema", "text": WELL, "seen": seen}).status == 404
        assert adam.post("/schema", {"file": "own.schema", "text": WELL, "seen": seen}).to == "/schema"
        assert m.run("schema", "show", "own.schema").out.decode() == WELL.replace("\r\n", "\n")
        assert "well" in adam.get("/schema").text and "property name text one" in adam.get("/schema/own.schema").text
        assert adam.get("/schema/other.schema").status == 404 and inga.get("/schema").status == 404
        m.run("new", "well", "name=Quindarvio")
        # A property that becomes confidential: what was said before stays open, and that is said before it is done.
        closed = WELL.replace("name text one", "name text one\r\n    confidential secret")
        draft = adam.post("/schema/draft", {"file": "own.schema", "text": closed})
        assert draft.status == 200, words(draft.text)
        assert "claims left open: 1" in draft.text and "well.name" in draft.text, words(draft.text)
        # What would leave a record behind is refused, with the reason.
        gone = adam.post("/schema/draft", {"file": "own.schema", "text": WELL.replace("well", "spring")})
        assert gone.status == 400 and "no type well any more" in gone.text
    m.verified()


def item(m, name, text, *args):
    path = m.file(name, text)
    return m.add(path, *args)[str(path)]["item"]


def a_request(m):
    request = m.json("new", "request", "reference=R-1", f"from={COURT}", "purpose=trial", "received=2026-01-02",
                     "mandate_check=met", "fair_trial_check=met", "death_penalty_check=met", "assurances_check=met",
                     "consent_check=met", "reasons=all conditions are met").one["record"]
    return request


def test_a_disclosure_by_two_people(m):
    for name, passphrase in SIGNING.items():
        m.run("person", "add", name, stdin=(passphrase + "\n").encode())
        let_in(m, name, "coordinator")
    let_in(m, "inga", "analyst")
    request = a_request(m)
    free, never = item(m, "free.txt", "anybody may have this\n"), item(m, "never.txt", "for others\n", "--consent", "recipients=Court of Sylvania")
    big = item(m, "big.txt", "a line of many, which fill more than one piece\n" * 5000)
    ask = {"request": request, "items": f"{free}\r\n{never}, {big}", "recipient": COURT, "purpose": "trial",
           "conditions": HOSTILE, "person": "ana", "passphrase": SIGNING["ana"]}
    with serving(m) as desk:
        ana, bo, inga = Browser(desk, "ana"), Browser(desk, "bo"), Browser(desk, "inga")
        assert "No request was granted" in ana.get("/disclosures").text
        got = ana.post("/disclosures", ask)
        assert got.status == 400 and "before it was granted" in got.text
        m.run("move", request, "assessed")
        m.run("move", request, "granted")
        assert request in ana.get("/disclosures").text
        for wrong in ({"items": "item_none"}, {"items": " "}, {"purpose": ""}, {"passphrase": "not that one"}, {"request": free},
                      {"items": never}):
            assert ana.post("/disclosures", {**ask, **wrong}).status == 400, wrong
        assert inga.get("/disclosures").status == 404 and inga.post("/disclosures", ask).status == 404
        assert entries(m, "disclosure.propose") == []
        assert ana.post("/disclosures", ask).to == "/disclosures"
        assert len(entries(m, "disclosure.propose")) == 1
        page = bo.get("/disclosures").text
        assert "<script>alert" not in page and COURT in page and free in page and never not in page
        id = re.search(r"/disclosures/(rec_\w+)/approve", page)[1]
        sign = {"person": "bo", "passphrase": SIGNING["bo"]}
        assert bo.post(f"/disclosures/{id}/package", {}).status == 400, "not approved yet"
        got = ana.post(f"/disclosures/{id}/approve", sign)
        assert got.status == 400 and "another person" in got.text, "at a login of their own"
        assert bo.post(f"/disclosures/{id}/approve", {**sign, "person": "ana", "passphrase": SIGNING["ana"]}).status == 400
        assert inga.post(f"/disclosures/{id}/approve", sign).status == 404
        assert bo.post("/disclosures/rec_00000000000000000000000000/approve", sign).status == 404
        assert entries(m, "disclosure.approve") == [] and entries(m, "give") == []
        got = bo.post(f"/disclosures/{id}/approve", sign)
        assert (got.status, got.header("content-type")) == (200, "application/x-tar"), words(got.text)
        files = read_tar(got.body, id)
        listed = json.loads(files["list.json"])
        assert [i["item"] for i in listed["items"]] == [free, big] and listed["withheld"] == 1
        for i in listed["items"]:
            assert hashlib.sha256(files["items/" + i["item"]]).hexdigest() == i["sha256"]
        assert len([n for n in files if n.startswith("receipts/")]) == 2
        signed = json.loads(files["signatures.json"])
        assert [s["name"] for s in signed["signatures"]] == ["ana", "bo"]
        assert signed["sha256"] == hashlib.sha256(files["list.json"]).hexdigest()
        # The same as the command line writes, and entries as it makes them.
        again = bo.post(f"/disclosures/{id}/package", {})
        assert apart(read_tar(again.body, id)) == apart(files)
        out = m.folder / "handed over"
        m.run("disclosure", "write", id, "--out", out)
        on_disk = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        assert apart(on_disk) == apart(files) and on_disk.keys() == files.keys()
        for n in files:
            if n.startswith("receipts/"):
                m.home.vigil("receipt", "--check", m.file(n.replace("/", "_"), files[n]))
        acts = [e["act"] for e in m.json("log", "--limit", "1000").lines]
        assert acts.count("disclosure.approve") == 1 and acts.count("give") == 3 and acts.count("give.end") == 0, acts
        assert bo.post(f"/disclosures/{id}/approve", sign).status == 400, "once"
        m.run("consent", "withdraw", free)
        assert bo.post(f"/disclosures/{id}/package", {}).status in (400, 404)
        left = [p for p in m.dir.rglob("*") if p.is_file() and b"anybody may have this" in p.read_bytes()]
        assert left == [], "nothing of it on the server's disk in the clear"
    m.verified()
    m.run("rebuild")
    m.verified()


def apart(files):
    """Without receipts, which tell of the log as it is now."""
    return {n: data for n, data in files.items() if not n.startswith("receipts/")}


def read_tar(data, folder):
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as t:
        for one in t:
            assert one.isfile() and one.name.startswith(folder + "/"), one.name
            files[one.name[len(folder) + 1:]] = t.extractfile(one).read()
    return files


@sqlite_only
def test_what_a_copy_needs(m):
    item(m, "a.txt", "an otter\n")
    let_in(m, "adam", "administrator")
    with serving(m) as desk:
        adam = Browser(desk, "adam")
        page = adam.get("/backup").text
        assert str(m.dir) in page and "No check was made" in page
    was = m.verified()
    copy = m.folder / "copy"
    shutil.copytree(m.dir, copy)
    m.home.vigil("-C", copy, "verify")
    assert m.home.vigil("-C", copy, "--json", "verify").out == m.run("--json", "verify").out, was
