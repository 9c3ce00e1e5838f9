"""Files that come in pieces: what breaks off goes on."""
import hashlib
import json
import os
import signal
import socket
import time

from desk_client import Browser, let_in, serving

JSON = {"Accept": "application/json"}
BYTES = {"Content-Type": "application/octet-stream", **JSON}


def begin(b, name, size, **fields):
    got = b.post("/intake/uploads", {"name": name, "size": size, **fields}, headers=JSON)
    assert got.status == 200 and got.header("Content-Type") == "application/json", (got.status, got.text)
    return json.loads(got.text)


def send(b, upload, offset, data, token=None):
    return b.ask("POST", f"/intake/uploads/{upload['id']}/{offset}", data,
                 {**BYTES, "X-Vigil-Token": b.token if token is None else token})


def stands(b, upload):
    return json.loads(b.ask("GET", f"/intake/uploads/{upload['id']}", None, JSON).text)


def break_off(b, desk, upload, offset, data, told):
    """Sends these bytes, says that there are more, and is gone."""
    s = socket.create_connection(("127.0.0.1", desk.port))
    cookie = "; ".join(f"{k}={v}" for k, v in b.cookies.items())
    s.sendall(f"POST /intake/uploads/{upload['id']}/{offset} HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n"
              f"Cookie: {cookie}\r\nX-Vigil-Token: {b.token}\r\nContent-Type: application/octet-stream\r\n"
              f"Content-Length: {told}\r\n\r\n".encode() + data)
    return s


def wait_for(b, upload, offset):
    for _ in range(100):
        if stands(b, upload)["offset"] == offset:
            return
        time.sleep(0.05)
    assert False, stands(b, upload)


def test_what_breaks_off_goes_on(m):
    let_in(m, "sam", "submitter")
    let_in(m, "inga", "analyst")
    data, hostile = os.urandom(3_000_000), "<b>\"ü\u202e.bin"
    with serving(m) as desk:
        sam, inga = Browser(desk, "sam"), Browser(desk, "inga")
        sam.get("/intake")
        up = begin(sam, hostile, len(data), source="A paper")
        assert (up["offset"], up["size"], up["ended"]) == (0, len(data), False)
        break_off(sam, desk, up, 0, data[:1_000_000], len(data)).close()
        wait_for(sam, up, 1_000_000)
        # Where it stands is told to whoever sends from elsewhere; nothing of that is taken.
        for wrong in (0, 999_999, 1_000_001, len(data), 1 << 62):
            got = send(sam, up, wrong, data[:10])
            assert got.status == 409 and json.loads(got.text)["offset"] == 1_000_000, (wrong, got.text)
        # It is nobody else's, and no form of somebody else's goes on with it.
        assert send(inga, up, 1_000_000, b"x").status == 404
        assert inga.get(f"/intake/uploads/{up['id']}").status == 404
        assert send(sam, up, 1_000_000, b"x", token="0" * 64).status == 400
        assert sam.ask("POST", f"/intake/uploads/{up['id']}/1000000", data[:5],
                       {**BYTES, "X-Vigil-Token": sam.token, "Sec-Fetch-Site": "cross-site"}).status == 400
        assert stands(sam, up)["offset"] == 1_000_000
        got = send(sam, up, 1_000_000, data[1_000_000:2_000_000])
        assert got.status == 200 and json.loads(got.text)["offset"] == 2_000_000
        page = sam.get(f"/intake/uploads/{up['id']}").text
        assert "2000000 of 3000000" in page and "<b>" not in page
        # One that hangs is not waited for: who goes on elsewhere is listened to, and it no more.
        hangs = break_off(sam, desk, up, 2_000_000, data[2_000_000:2_000_100], 1_000_000)
        wait_for(sam, up, 2_000_100)
        got = json.loads(send(sam, up, 2_000_100, data[2_000_100:]).text)
        hangs.close()
        assert got["ended"] and got["rows"][0]["sha256"] == hashlib.sha256(data).hexdigest(), got
        assert got["rows"][0]["name"] == hostile and got["rows"][0]["kept"] is True
        item = next(i for i in m.json("list").lines if i["sha256"] == hashlib.sha256(data).hexdigest())
        kept = m.run("cat", item["item"]).out
        assert kept == data and m.json("show", item["item"]).one["acquisitions"][0]["source"] == "A paper"
        # It is at its end: no more is taken.
        assert send(sam, up, len(data), b"x").status == 409
        # More than was said.
        up = begin(sam, "small", 10)
        try:
            assert send(sam, up, 0, b"a" * 11).status != 200
        except ConnectionError:
            pass
        assert not stands(sam, up)["ended"]
        assert json.loads(send(sam, up, stands(sam, up)["offset"], b"a" * (10 - stands(sam, up)["offset"])).text)["ended"]
        # Nothing at all.
        up = begin(sam, "nothing", 0)
        assert json.loads(send(sam, up, 0, b"").text)["rows"][0]["bytes"] == 0
        # What cannot be.
        for fields in ({"name": "a"}, {"size": 3}, {"name": "a", "size": "-1"}, {"name": "a", "size": "x"},
                       {"name": "a", "size": 1, "compartment": "nobody-is-in-it"}):
            assert sam.post("/intake/uploads", fields).status >= 400, fields
        assert sam.ask("POST", f"/intake/uploads/{up['id']}/0", b"x",
                       {"Content-Type": "text/plain", "X-Vigil-Token": sam.token}).status == 415
        # So many at a time, and others can still send.
        for i in range(7):
            begin(sam, f"n{i}", 5)
        last = begin(sam, "last", 5)
        assert sam.post("/intake/uploads", {"name": "one more", "size": 5}).status == 413
        assert begin(inga, "another's", 5)["offset"] == 0
        assert json.loads(send(sam, last, 0, b"12345").text)["ended"]
        begin(sam, "one more", 5)
    m.verified()


def test_the_server_is_killed_meanwhile(m):
    let_in(m, "sam", "submitter")
    data = os.urandom(2_000_000)
    with serving(m) as desk:
        sam = Browser(desk, "sam")
        whole, half = begin(sam, "whole", len(data)), begin(sam, "half", len(data))
        assert json.loads(send(sam, whole, 0, data).text)["ended"]
        send(sam, half, 0, data[:1_000_000])
        desk.end(signal.SIGKILL)
    with serving(m) as desk:
        sam = Browser(desk, "sam")
        # It is known to that server only: the file is sent from its beginning.
        assert sam.get(f"/intake/uploads/{half['id']}").status == 404
        again = begin(sam, "half", 5)
        assert json.loads(send(sam, again, 0, b"12345").text)["ended"]
    assert sorted(i["bytes"] for i in m.json("list").lines) == [5, 2_000_000]
    m.verified()


def test_by_the_api(m):
    let_in(m, "sam", "submitter")
    token = m.run("login", "token", "add", "sam", "script", "--scope", "give").out.decode().split()[-1]
    data = os.urandom(100_000)
    with serving(m) as desk:
        b = Browser(desk)
        auth = {"Authorization": f"Bearer {token}"}
        got = b.ask("POST", "/api/v1/intake/uploads", json.dumps({"name": "a", "size": len(data)}),
                    {**auth, "Content-Type": "application/json"})
        up = json.loads(got.text)
        to = f"/api/v1/intake/uploads/{up['id']}"
        assert got.status == 200 and up["offset"] == 0, got.text
        octets = {**auth, "Content-Type": "application/octet-stream"}
        assert b.ask("POST", f"{to}/0", data[:60_000], octets).status == 200
        assert b.ask("POST", f"{to}/0", data[:60_000], octets).status == 409
        assert b.ask("POST", f"{to}/60000", data[60_000:], {"Content-Type": octets["Content-Type"]}).status == 401
        got = json.loads(b.ask("POST", f"{to}/60000", data[60_000:], octets).text)
        assert got["rows"][0]["sha256"] == hashlib.sha256(data).hexdigest()
