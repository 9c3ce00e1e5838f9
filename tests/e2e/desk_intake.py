"""What anybody gives at /give: without a login, and without being known."""
import hashlib
import json
import os
import re
import signal
import time

import vigil
from desk_client import Browser, let_in, serving
from desk_uploads import BYTES, JSON, break_off

ACTOR = "anonymous giver"
HOSTILE = "<script>x</script>\"'\u202e.txt"


def opened(m, mb=1, files=100):
    m.run("settings", "give_mb", str(mb))
    m.run("settings", "give_files", str(files))


def give(b, files, note="", token=None, names=None):
    """By the form alone, as without scripts."""
    mark = "b0undary"
    fields = [("token", b.token if token is None else token), ("note", note)]
    body = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields)
    for name, data in files:
        quoted = name.replace('"', "%22")
        body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode() + data + b"\r\n"
    body += f"--{mark}--\r\n".encode()
    return b.ask("POST", "/give", body, {"Content-Type": f"multipart/form-data; boundary={mark}"})


def begin(b, name, size, token=None, **fields):
    return b.ask("POST", "/give/uploads", "&".join(f"{k}={v}" for k, v in {"token": token or b.token, "name": name, "size": size, **fields}.items()),
                 {"Content-Type": "application/x-www-form-urlencoded", **JSON})


def send(b, id, offset, data, token=None):
    return b.ask("POST", f"/give/uploads/{id}/{offset}", data, {**BYTES, "X-Vigil-Token": token or b.token})


def refused(what):
    """The server may end the connection before it has all that it will not take."""
    try:
        return what().status >= 400
    except (ConnectionError, OSError):
        return True


def items(m):
    return sorted(i["sha256"] for i in m.json("list").lines)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def test_it_is_closed_until_somebody_opens_it(m):
    let_in(m, "sam", "submitter")
    with serving(m) as desk:
        b = Browser(desk)
        b.get("/sign-in")
        for path in ("/give", "/give/uploads/0", "/give/receipts/0/x"):
            assert b.get(path).status == 404, path
        assert refused(lambda: give(b, [("a", b"a")]))
        assert begin(b, "a", 1).status == 404
        assert send(b, "0" * 32, 0, b"x").status == 404
    assert items(m) == []
    opened(m)
    with serving(m) as desk:
        assert Browser(desk).get("/give").status == 200
    m.run("settings", "give_mb", "default")
    with serving(m) as desk:
        assert Browser(desk).get("/give").status == 404


def test_anybody_gives_by_the_form(m):
    let_in(m, "inga", "analyst")
    opened(m)
    with serving(m) as desk:
        b = Browser(desk)
        page = b.get("/give")
        assert "/sign-in" not in page.text and "default-src 'none'" in page.header("Content-Security-Policy")
        # Of a form that is not ours, no byte is taken.
        for token in ("", "0" * 64):
            assert refused(lambda token=token: give(b, [("a.txt", b"not taken\n")], token=token))
        other = Browser(desk)
        other.get("/give")
        assert refused(lambda: give(b, [("a.txt", b"not taken\n")], token=other.token))
        assert items(m) == []
        got = give(b, [(HOSTILE, b"Quindarvio was there.\n"), ("empty", b"")], note="<b>By night\u202e")
        assert got.status == 200 and got.text.count(sha(b"Quindarvio was there.\n")) == 1 and "<script>x" not in got.text
        receipts = re.findall(r"/give/receipts/\d+/[0-9a-f]+", got.text)
        assert len(receipts) == 2 and len(set(receipts)) == 2
        # The same again, by somebody else: nothing tells that it was here.
        again = give(other, [(HOSTILE, b"Quindarvio was there.\n"), ("empty", b"")], note="<b>By night\u202e")
        plain = lambda page: re.sub(r"/give/receipts/\d+/[0-9a-f]+|<dd>\d+|value=\"[0-9a-f]{64}\"", "", page)
        assert plain(again.text) == plain(got.text)
        receipt = b.get(receipts[0])
        assert receipt.status == 200 and "attachment" in receipt.header("Content-Disposition")
        m.file("r.receipt", "")
        (m.folder / "r.receipt").write_bytes(receipt.body)
        number, word = receipts[0].split("/")[-2:]
        assert b.get(f"/give/receipts/{number}/{'0' * len(word)}").status == 404
        assert b.get(f"/give/receipts/{int(number) + 1}/{word}").status == 404
        assert b.get("/give/receipts/99999/x").status == 404
        # Too large: not kept, and the rest of the form is.
        got = give(b, [("large", os.urandom((1 << 20) + 1)), ("fits", b"f" * (1 << 20))])
        assert got.status == 200 and got.text.count("larger than what is taken") == 1 and sha(b"f" * (1 << 20)) in got.text
        # Who is signed in is not known there either.
        inga = Browser(desk, "inga")
        inga.get("/give")
        assert "inga" not in give(inga, [("i", b"by inga")]).text
        # No login can act as they do.
        assert m.run("login", "add", ACTOR, "--role", "analyst", stdin=b"correct horse battery\n", code=None).code != 0
    all = [m.json("show", i["item"]).one["acquisitions"] for i in m.json("list").lines]
    assert len(all) == 4 and all[0][0]["note"] == "<b>By night\u202e" and all[0][0]["path"].startswith("<script>"), all
    assert {q["actor"] for qs in all for q in qs} == {ACTOR} and not any(q.get("source") or q.get("via") for qs in all for q in qs)
    assert "127.0.0.1" not in m.run("log", "--json", code=None).out.decode()
    m.verified()


def test_in_pieces_until_the_server_is_killed(m):
    opened(m, mb=4)
    data = os.urandom(3_000_000)
    with serving(m) as desk:
        b, other = Browser(desk), Browser(desk)
        b.get("/give")
        other.get("/give")
        assert begin(b, "a", len(data), token="0" * 64).status == 400
        assert begin(b, "a", (4 << 20) + 1).status == 413
        assert begin(b, "a", 5, note="x" * 9000).status == 400
        up = json.loads(begin(b, "folder/a.bin", len(data), note="n").text)
        assert send(b, up["id"], 0, data[:10], token=other.token).status == 400
        assert json.loads(b.ask("GET", f"/give/uploads/{up['id']}", None, JSON).text)["offset"] == 0
        assert send(other, up["id"], 0, data[:10]).status in (404, 409), "it is another browser's"
        assert other.get(f"/give/uploads/{up['id']}").status == 404
        assert json.loads(send(b, up["id"], 0, data[:1_000_000]).text)["offset"] == 1_000_000
        assert send(b, up["id"], 5, data[:10]).status == 409
        s = break_off(b, desk, {"id": up["id"]}, 0, b"x", 2)   # of the pages for logins: not there
        s.close()
        got = json.loads(send(b, up["id"], 1_000_000, data[1_000_000:]).text)
        assert got["ended"] and got["rows"][0]["sha256"] == sha(data) and "/give/receipts/" in got["rows"][0]["receipt_address"]
        assert b.get(got["rows"][0]["receipt_address"].removeprefix("/api/v1")).status == 200
        half = json.loads(begin(b, "half", len(data)).text)
        assert send(b, half["id"], 0, data[:1_000_000]).status == 200
        desk.end(signal.SIGKILL)
    with serving(m) as desk:
        b.desk = desk
        # The server has forgotten it; the browser's secret still holds, and it begins anew.
        assert b.get(f"/give/uploads/{half['id']}").status == 404
        up = json.loads(begin(b, "half", 5).text)
        assert json.loads(send(b, up["id"], 0, b"12345").text)["ended"]
    assert items(m) == sorted([sha(data), sha(b"12345")])
    m.verified()


def test_few_see_it_and_few_come_at_a_time(m):
    for name in ("inga", "paul"):
        let_in(m, name, "analyst")
    for name in (vigil.me(m), "inga", ACTOR):
        m.run("compartment", "add", "strangers", name)
    opened(m, files=8)
    with serving(m) as desk:
        b, inga, paul = Browser(desk), Browser(desk, "inga"), Browser(desk, "paul")
        b.get("/give")
        assert sha(b"for few") in give(b, [("few.txt", b"for few")]).text
        found = ""
        for _ in range(100):
            if "few.txt" in (found := inga.get("/log").text):
                break
            time.sleep(0.05)
        id = re.search(r"/items/(item_\w+)", found)[1]
        assert inga.get(f"/items/{id}").status == 200 and paul.get(f"/items/{id}").status == 404
        for _ in range(200):
            if "for few" in inga.get(f"/items/{id}/text").text:
                break
            time.sleep(0.05)
        else:
            assert False, "no text was made of it"
        # So many files of an address; then it waits, and is told so.
        got = give(b, [(f"n{i}", b"%d" % i) for i in range(9)]).text
        assert got.count("too many files came from there") == 2, got
        assert begin(b, "one more", 5).status == 413
    # Strangers leave places to those who work here.
    opened(m, files=1000)
    with serving(m) as desk:
        begun = []
        for _ in range(6):
            b = Browser(desk)
            b.get("/give")
            begun += [begin(b, "x", 5).status for _ in range(4)]
        assert begun.count(200) == 16 and begun.count(413) == 8, begun
        inga = Browser(desk, "inga")
        inga.get("/intake")
        assert inga.post("/intake/uploads", {"name": "mine", "size": 5}, headers=JSON).status == 200
        # What has ended takes no place: one more folder than there are places.
        for i in range(40):
            up = json.loads(inga.post("/intake/uploads", {"name": f"d/{i}", "size": 3}, headers=JSON).text)
            got = inga.ask("POST", f"/intake/uploads/{up['id']}/0", b"%03d" % i, {**BYTES, "X-Vigil-Token": inga.token})
            assert json.loads(got.text)["rows"][0]["kept"], (i, got.text)
    m.verified()
