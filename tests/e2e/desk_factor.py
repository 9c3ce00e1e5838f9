"""Signing in safely: codes, security keys, recovery codes, invitations; and who would get round them."""
import base64
import hashlib
import hmac
import re
import signal
import struct
import threading
import time

from authenticator import CREDENTIAL, PRESENT, Key, unword, word
from desk import assert_harmless, plain
from desk_client import PASSPHRASE, Browser, let_in, serving, words
from vigil import enter

ORIGIN = "https://desk.example"
HOSTILE = "<script>alert(1)</script>\"' \u202e"


class App:
    """An authenticator app: never the same code twice, unless asked."""

    def __init__(self, page):
        self.secret = re.search(r"<code><bdi>([A-Z2-7 ]+)</bdi>", page)[1].replace(" ", "")
        self.last = 0

    def code(self, step):
        mac = hmac.digest(base64.b32decode(self.secret), struct.pack(">Q", step), hashlib.sha1)
        at = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"

    def next(self):
        """The earliest that holds; waits if there is none yet."""
        while self.last + 1 > time.time() // 30 + 1:
            time.sleep(0.2)
        self.last = max(self.last + 1, int(time.time() // 30))
        return self.code(self.last)


def hidden(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def change(b, step, **fields):
    """A form of "Your second step"."""
    b.get("/me/factors")
    return b.post("/me/factors", {"step": step, "passphrase": PASSPHRASE, **fields})


def set_up_app(b):
    got = change(b, "app")
    assert got.status == 200, got.text
    app = App(got.text)
    got = b.post("/me/factors/app", {"sealed": hidden(got.text, "sealed")[0], "code": app.next()})
    assert got.status == 200, words(got.text)
    return app, re.findall(r"<li><code>([a-z2-9-]+)</code>", got.text)


def half(desk, name, passphrase=PASSPHRASE, headers=None):
    """A browser that gave the right passphrase, at the second step."""
    b = Browser(desk)
    b.get("/sign-in")
    got = b.post("/sign-in", {"name": name, "passphrase": passphrase, "to": "/log?before=3"}, headers=headers)
    assert got.status == 303 and got.to == "/sign-in/second?to=%2Flog%3Fbefore%3D3", (got.status, got.to)
    b.page = b.get(got.to).text
    return b


def second(b, **fields):
    return b.post("/sign-in/second", {"to": "/log?before=3", **fields})


def is_in(got):
    return got.status == 303 and got.to == "/log?before=3"


def entries(m, act):
    return [e for e in m.json("log", "--limit", "100").lines if e["act"] == act]


def test_codes_count_once(m):
    let_in(m, "inga", "analyst")
    with serving(m) as one, serving(m) as two:
        b, other = Browser(one, "inga"), Browser(two, "inga")
        assert b.post("/me/factors", {"step": "app", "passphrase": "not this one"}).status == 403
        page = change(b, "app").text
        app, sealed = App(page), hidden(page, "sealed")[0]
        assert len(app.secret) == 32 and 'viewBox="0 0 ' in page and '<rect x="4" y="4" width="7" height="1">' in page
        assert f"otpauth://totp/{m.json('key').one.get('name', '')}" in page or f"?secret={app.secret}&amp;issuer=" in page
        wrong = b.post("/me/factors/app", {"sealed": sealed, "code": "000000"})
        assert wrong.status == 403 and App(wrong.text).secret == app.secret
        for bad in ("", sealed[:-2], sealed[::-1], "A" * len(sealed), word(unword(sealed)[:-1] + b"\0")):
            assert b.post("/me/factors/app", {"sealed": bad, "code": app.code(int(time.time() // 30))}).status == 400, bad
        assert other.post("/me/factors/app", {"sealed": sealed, "code": app.code(int(time.time() // 30))}).status == 400, "of another session"
        assert half_is_none(two, "inga"), "it does not count before it is confirmed"
        got = b.post("/me/factors/app", {"sealed": sealed, "code": app.next()})
        codes = re.findall(r"<li><code>([a-z2-9-]+)</code>", got.text)
        assert got.status == 200 and len(set(codes)) == 10 and all(len(c) == 19 for c in codes), words(got.text)
        assert codes[0] not in b.get("/me/factors").text and b.get("/").status == 200
        assert other.get("/").status == 303, "who came without it comes anew"
        assert b.post("/me/factors/app", {"sealed": sealed, "code": app.next()}).status == 400, "there is one"
        # The code that confirmed it is used up, here and there.
        used = app.code(app.last - 1)
        for desk in (one, two):
            assert second(half(desk, "inga"), code=used).status == 403
        c = half(one, "inga")
        before = dict(c.cookies)
        assert c.get("/").to.startswith("/sign-in") and c.get("/me").to.startswith("/sign-in"), "half is not in"
        code = app.next()
        got = second(c, code=f"{code[:3]} {code[3:]}")
        assert is_in(got) and c.cookies["vigil"] not in before.values() and "half" not in c.cookies
        assert c.get("/").status == 200
        assert second(half(two, "inga"), code=code).status == 403, "replayed at the other server"
        c.cookies = before
        got = c.post("/sign-in/second", {"code": app.code(app.last + 1)}, token=hidden(c.page, "token")[0])
        assert got.to == "/sign-in", "its half session is over"
        # Recovery codes: each once, at whichever server.
        assert is_in(second(half(two, "inga"), code=codes[0].upper().replace("-", " ")))
        d = half(one, "inga")
        assert second(d, code=codes[0]).status == 403 and is_in(second(d, code=codes[1]))
        assert "Left: 8" in words(d.get("/me/factors").text)
        # Killed: what was used stays used; who was half in goes on at the other.
        e = half(one, "inga")
        one.end(signal.SIGKILL)
        e.desk = two
        assert second(e, code=codes[1]).status == 403 and second(e, code=code).status == 403
        assert is_in(second(e, code=codes[2]))
        got = change(e, "codes")
        fresh = re.findall(r"<li><code>([a-z2-9-]+)</code>", got.text)
        f = half(two, "inga")
        assert second(f, code=codes[3]).status == 403 and is_in(second(f, code=fresh[0]))
        assert change(f, "remove-app").to == "/me/factors?changed=1"
        assert half_is_none(two, "inga")
    m.verified()
    log = m.run("log", "--json", "--limit", "100").out.decode()
    assert app.secret not in log and codes[0] not in log and fresh[0] not in log
    assert [(e["subject"], e["content"]["step"], e["content"]["factor"]) if "content" in e else e["subject"]
            for e in entries(m, "login.factor")], "each change is an entry"
    assert len(entries(m, "login.factor")) == 4


def half_is_none(desk, name):
    """Does the passphrase alone let in?"""
    b = Browser(desk)
    return b.sign_in(name).to == "/"


def test_codes_are_not_guessed(m):
    """By name and address; nobody else is locked out, and a right passphrase makes up for nothing."""
    let_in(m, "inga", "analyst")
    with serving(m, "--behind-proxy") as desk:
        def come(address):
            return {"X-Forwarded-For": address}
        app, codes = set_up_app(Browser(desk, "inga"))
        # Another browser has no part in it.
        b = half(desk, "inga", headers=come("10.0.0.1"))
        stranger = Browser(desk)
        stranger.get("/sign-in")
        assert second(stranger, code=app.next()).to == "/sign-in"
        app.last -= 1
        stranger.cookies["__Host-half"] = b.cookies["__Host-half"]
        assert second(stranger, code="123456").status == 403
        del stranger.cookies["__Host-before"]
        assert second(stranger, code="123456").status == 400, "a form that is not ours"
        # Five of one half session, then from the beginning.
        got = [b.post("/sign-in/second", {"code": "000000"}, headers=come("10.0.0.1")) for _ in range(4)]
        assert [g.status for g in got[:3]] == [403] * 3 and got[3].to == "/sign-in", [g.status for g in got]
        again = half(desk, "inga", headers=come("10.0.0.1"))
        for _ in range(3):
            last = again.post("/sign-in/second", {"code": "000000"}, headers=come("10.0.0.1"))
        assert last.status == 403
        got = again.post("/sign-in/second", {"code": codes[0]}, headers=come("10.0.0.1"))
        assert got.status == 403, "a right one, but too soon"
        elsewhere = half(desk, "inga", headers=come("10.0.0.2"))
        assert elsewhere.post("/sign-in/second", {"code": codes[0]}, headers=come("10.0.0.2")).status == 303
        for bad in ("", " ", "0" * 1000, codes[1] + "x", "' OR 1=1 --", HOSTILE):
            c = half(desk, "inga", headers=come("10.0.0.3"))
            got = c.post("/sign-in/second", {"code": bad, "to": HOSTILE}, headers=come(f"10.0.1.{len(bad) % 250}"))
            assert got.status == 403, bad
            assert_harmless(got, bad)


def question(page):
    return hidden(page, "challenge")[0]


def set_up_key(b, key, label="A key", **lies):
    got = change(b, "key", label=label)
    assert got.status == 200, words(got.text)
    return b.post("/me/factors/key", key.make(question(got.text), **lies))


def test_security_keys(m):
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "analyst")
    with serving(m, "--origin", ORIGIN) as desk:
        b = Browser(desk, "inga")
        ours = Key()
        # (Each costs a passphrase; tests/unit/desk/webauthn.c has all of them.)
        for why, lies in {"origin": {"origin": "https://desk.example.evil.example"}, "another question": {"challenge": word(bytes(32))},
                          "site": {"site": "evil.example"}, "a weak curve": {"cose": {**ours.cose, -1: 3}}}.items():
            got = set_up_key(b, ours, **lies)
            assert got.status == 400, why
            assert_harmless(got, why)
        whole = ours.make(question(change(b, "key", label="Cut").text))
        assert b.post("/me/factors/key", {**whole, "attestation": word(unword(whole["attestation"])[:-1])}).status == 400
        page = change(b, "key", label="Late").text
        assert b.post("/me/factors/key", {"client": "=", "attestation": "!"}).status == 400
        assert b.post("/me/factors/key", ours.make(question(page))).status == 400, "the question held once"
        got = set_up_key(b, ours, HOSTILE, fmt="packed", statement={"alg": -7, "sig": b"x"})
        assert got.status == 200 and len(re.findall(r"<li><code>", got.text)) == 10, words(got.text)
        assert_harmless(got, "label")
        assert HOSTILE in words(got.text)
        assert set_up_key(b, ours).status == 400, "it is there"
        keys = [ours, Key("EdDSA"), Key("RS256")]
        for k in keys[1:]:
            assert set_up_key(b, k, k.kind).status == 200, k.kind
        assert change(b, "key", label="x" * 61).status == 400
        o = Browser(desk, "otto")
        theirs = Key()
        assert set_up_key(o, ours).status == 400, "another's"
        assert set_up_key(o, theirs).status == 200

        for k in keys:
            c = half(desk, "inga")
            assert set(hidden(c.page, "known")) == {word(x.id) for x in keys} and hidden(c.page, "site") == ["desk.example"]
            assert is_in(second(c, **k.use(question(c.page)))), k.kind
        c = half(desk, "inga")
        answer = ours.use(question(c.page))
        assert is_in(second(c, **answer))
        liars = {
            "replayed": lambda q: answer, "origin": lambda q: ours.use(q, origin="https://evil.example"),
            "site": lambda q: ours.use(q, site="evil.example"), "nobody there": lambda q: ours.use(q, flags=0),
            "a credential in it": lambda q: ours.use(q, flags=PRESENT | CREDENTIAL), "kind": lambda q: ours.use(q, kind="webauthn.create"),
            "question": lambda q: ours.use(word(bytes(32))), "framed": lambda q: ours.use(q, crossOrigin=True),
            "another's key": lambda q: theirs.use(q), "unknown": lambda q: Key().use(q),
            "another's name on it": lambda q: {**theirs.use(q), "credential": word(ours.id)},
            "counter as before": lambda q: ours.use(q, counter=ours.used), "counter back": lambda q: ours.use(q, counter=1),
            "no counter any more": lambda q: ours.use(q, counter=0), "signature": lambda q: {**ours.use(q), "signature": word(bytes(70))},
            "no signature": lambda q: {**ours.use(q), "signature": ""}, "cut": lambda q: {**ours.use(q), "data": word(bytes(36))},
            "no words": lambda q: {**ours.use(q), "client": "e30"}, "no base64": lambda q: {**ours.use(q), "client": "+/="},
        }
        ours.used = struct.unpack(">I", unword(answer["data"])[33:37])[0]
        for i, (why, lie) in enumerate(liars.items()):
            if i % 4 == 0:    # (after a right answer wrong ones are forgiven)
                c = half(desk, "inga")
            assert second(c, **lie(question(c.page))).status == 403, why
            c.page = c.get("/sign-in/second").text
            if i % 4 == 3 or i == len(liars) - 1:
                ours.counter += 10
                assert is_in(second(c, **ours.use(question(c.page)))), why
                ours.used = ours.counter
        # A question that was answered wrongly holds no more.
        c = half(desk, "inga")
        q = question(c.page)
        assert second(c, **ours.use(q, flags=0)).status == 403 and second(c, **ours.use(q)).status == 403
        page = b.get("/me/factors").text
        for entry in hidden(page, "entry"):
            assert change(o, "remove-key", entry=entry).status == 404, "another's"
        for entry in hidden(page, "entry"):
            assert change(b, "remove-key", entry=entry).status == 303
        assert half_is_none(desk, "inga")
        assert half(desk, "otto").page.count('name="known"') == 1
    # At an address without a name there are no keys, and the page says so; whoever has one uses a code.
    with serving(m) as desk:
        assert 'name="known"' not in half(desk, "otto").page
    m.verified()


def test_who_must_have_one(m):
    let_in(m, "inga", "analyst")
    let_in(m, "adam", "administrator")
    with serving(m) as desk:
        inga, adam = Browser(desk, "inga"), Browser(desk, "adam")
        adam.get("/people")
        assert inga.post("/people/factors", {"step": "require", "role": "analyst"}).status == 404
        assert adam.post("/people/factors", {"step": "require", "role": "analyst"}).to == "/people"
        assert adam.post("/people/factors", {"step": "require", "role": "analyst"}).status == 400
        for step, role in (("require", HOSTILE), (HOSTILE, "analyst"), ("", "")):
            assert_harmless(adam.post("/people/factors", {"step": step, "role": role}), step)
        assert "none, though their role needs one" in words(adam.get("/people").text)
        for path in ("/", "/log", "/me", "/people", "/no/such", "/items/1"):
            assert inga.get(path).to == "/me/factors", path
        assert inga.post("/claim", {}).to == "/me/factors" and inga.post("/me/browsers", {}).to == "/me/factors"
        boundary = "x" * 20
        parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"{more}\r\n\r\n{v}\r\n' for n, more, v in
                        (("token", "", inga.token), ("file", '; filename="a.txt"', "hello"))) + f"--{boundary}--\r\n"
        before = m.verified()["entries"]
        got = inga.ask("POST", "/intake", parts, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert got.status != 200 and m.verified()["entries"] == before, "nor are files taken"
        assert "needs a second step" in words(inga.get("/me/factors").text) and inga.get("/static/style.css").status == 200
        app, codes = set_up_app(inga)
        assert inga.get("/log").status == 200
        # Taken away by an administrator, and by nobody else; signed out; led to another.
        assert inga.post("/people/factors", {"step": "forget", "name": "inga"}).status == 404
        assert adam.post("/people/factors", {"step": "forget", "name": "nobody"}).status == 404
        assert adam.post("/people/factors", {"step": "forget", "name": "inga"}).to == "/people"
        assert adam.post("/people/factors", {"step": "forget", "name": "inga"}).status == 404
        assert inga.get("/").to.startswith("/sign-in")
        assert half_is_none(desk, "inga")
        assert adam.post("/people/factors", {"step": "free", "role": "analyst"}).to == "/people"
        assert Browser(desk, "inga").get("/log").status == 200
    assert [e["actor"] for e in entries(m, "login.factor")] == ["inga", "inga", "adam"]
    assert len(entries(m, "login.require")) == 2
    m.run("login", "require", "--role", "protection")
    m.run("login", "require", "--role", "protection", code=2)
    m.run("login", "free", "--role", "protection")
    m.run("login", "factor", "remove", "inga", code=3)
    digest = m.json("rebuild").one
    assert m.json("rebuild").one == digest
    m.verified()


def make_link(b, name, **fields):
    b.get("/people")
    got = b.post("/people/invitations", {"step": "invite", "name": name, "role": ["analyst"], "days": 7, **fields})
    found = re.search(r"http[^<]*(/invitation/[0-9a-f]{64})<", got.text)
    return found[1] if found else got


def choose(desk, link, new=PASSPHRASE, again=None):
    b = Browser(desk)
    b.get(link)
    return b.post(link, {"new": new, "again": again or new})


def test_invitations(m):
    enter(m)
    let_in(m, "adam", "administrator")
    with serving(m) as desk:
        adam = Browser(desk, "adam")
        link = make_link(adam, "inga", role=["analyst", "reviewer"])
        page = Browser(desk).get(link)
        assert page.status == 200 and 'value="inga"' in page.text and page.text.count(link[12:]) == 1, "in its form alone"
        assert make_link(adam, "inga").status == 400, "one holds"
        assert choose(desk, link, "short").status == 400 and choose(desk, link, PASSPHRASE, "another one").status == 400
        assert Browser(desk).post(link, {"new": PASSPHRASE, "again": PASSPHRASE}).status == 400, "a form that is not ours"
        # Two at once: one gets in.
        got = []
        hurry = [threading.Thread(target=lambda p=p: got.append((choose(desk, link, p).status, p)))
                 for p in ("the first to come", "the second to come")]
        for t in hurry:
            t.start()
        for t in hurry:
            t.join()
        assert sorted(s for s, _ in got) == [303, 404], got
        chosen = next(p for s, p in got if s == 303)
        inga = Browser(desk)
        assert inga.sign_in("inga", chosen).to == "/" and inga.get("/find").status == 200
        assert "analyst" in inga.get("/me").text and "reviewer" in inga.get("/me").text
        # Used, withdrawn, unknown and malformed ones are all the same.
        gone = make_link(adam, "otto")
        entry = hidden(adam.get("/people").text, "entry")[0]
        assert inga.post("/people/invitations", {"step": "withdraw", "entry": entry, "name": "otto"}).status == 404
        adam.get("/people")
        assert adam.post("/people/invitations", {"step": "withdraw", "entry": entry, "name": "inga"}).status == 404
        assert adam.post("/people/invitations", {"step": "withdraw", "entry": entry, "name": "otto"}).to == "/people"
        dead = [link, gone, "/invitation/" + "0" * 64, "/invitation/x", "/invitation/%3Cscript%3E"]
        stranger = Browser(desk)
        stranger.get("/sign-in")
        looks = [(plain(stranger.get(d), d), plain(stranger.post(d, {"new": PASSPHRASE, "again": PASSPHRASE}), d)) for d in dead]
        assert all(l == looks[0] for l in looks) and looks[0][0][0] == looks[0][1][0] == 404
        # Forgotten: a link for a new one; the old sessions end.
        got = adam.post("/people/invitations", {"step": "renew", "name": "inga", "days": 1})
        link = re.search(r"/invitation/[0-9a-f]{64}", got.text)[0]
        assert inga.get("/").status == 200
        assert choose(desk, link, "her new passphrase").to == "/sign-in?set=1"
        assert inga.get("/").status == 303 and Browser(desk).sign_in("inga", chosen).status == 403
        assert inga.sign_in("inga", "her new passphrase").to == "/"
        # Not for members of compartments, whom an administrator could be then; not when they became one since.
        m.run("compartment", "add", "secret", "fresh")
        assert make_link(adam, "fresh").status == 400
        waiting = make_link(adam, "later")
        adam.post("/people/invitations", {"step": "renew", "name": "inga"})
        m.run("compartment", "add", "secret", "later")
        assert choose(desk, waiting).status == 404
        m.run("login", "withdraw", "inga")
        m.run("compartment", "add", "secret", "inga")
        adam.get("/people")
        assert adam.post("/people/invitations", {"step": "renew", "name": "inga"}).status == 400
        for fields in ({"step": "invite", "name": HOSTILE, "role": "analyst"}, {"step": "invite", "name": "x", "role": HOSTILE},
                       {"step": "invite", "name": "x"}, {"step": "renew", "name": "nobody"}, {"step": HOSTILE},
                       {"step": "invite", "name": "x", "role": "analyst", "days": "0"}):
            got = adam.post("/people/invitations", fields)
            assert got.status in (400, 404), fields
            assert_harmless(got, fields)
        # From the command line, where the key is: whoever it is.
        made = m.json("login", "invite", "fresh", "--role", "analyst,protection", "--origin", ORIGIN).one
        assert made["link"].startswith(ORIGIN + "/invitation/")
        assert [(i["login"], i["roles"]) for i in m.json("login", "invitations").lines] == [("later", "analyst"), ("fresh", "analyst protection")]
        assert choose(desk, made["link"][len(ORIGIN):]).status == 303
        assert Browser(desk, "fresh").get("/log").status == 200
        m.run("login", "withdraw", "fresh", code=3)
    m.verified()
    log = m.run("log", "--json", "--limit", "200").out.decode()
    assert link[12:] not in log and made["link"][-64:] not in log
