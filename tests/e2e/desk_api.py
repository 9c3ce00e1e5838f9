"""The API: the document that describes it against what the server answers, for every role; tokens, what they may and when they
end; what strangers may try. docs/api.md is carried out line by line."""
import http.client
import json
import re
import subprocess
import time
import urllib.parse

import jsonschema
import vigil
from desk_client import NOT_OF_A_TEXT, PASSPHRASE, ROLES, Answer, Browser, let_in, serving, words
from desk_work import form
from records import invent_states
from vigil import enter

API = "/api/v1"
HOSTILE = "<script>alert(1)</script>\"'\\ \u202e\u0645 &lt; {0}"


class Client:
    """A program that has a token."""

    def __init__(self, desk, token=None):
        self.desk, self.token = desk, token

    def ask(self, method, path, body=None, headers=None):
        c = self.desk.connect()
        mine = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        c.request(method, API + path, body, {**mine, **(headers or {})})
        got = Answer(c.getresponse())
        c.close()
        return got

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields):
        return self.ask("POST", path, json.dumps(fields), {"Content-Type": "application/json"})

    def give(self, files, **fields):
        return self.ask("POST", "/intake", form(fields, files), {"Content-Type": "multipart/form-data; boundary=XX"})


def token_of(m, login, scopes="read,write,give", span="1h", name="test"):
    return m.json("login", "token", "add", login, name, "--scope", scopes, "--for", span).one["token"]


def client(m, desk, login, scopes="read,write,give"):
    return Client(desk, token_of(m, login, scopes))


def document(m):
    return json.loads(m.run("serve", "--openapi").out)


def schema_of(doc, method, pattern, status, kind):
    """What the document says of such an answer."""
    responses = doc["paths"][pattern][method.lower()]["responses"]
    return responses.get(str(status), responses["default"])["content"][kind]["schema"]


def check(doc, method, pattern, got):
    """The answer is as the document says."""
    kind = got.header("Content-Type").split(";")[0]
    schema = schema_of(doc, method, pattern, got.status, kind)
    if kind.endswith("json"):
        validator = jsonschema.Draft202012Validator({**schema, "components": doc["components"]})
        wrong = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(json.loads(got.text))]
        assert not wrong, (method, pattern, wrong)
    if kind == "application/problem+json":
        assert json.loads(got.text)["status"] == got.status
    return got


def plain(got):
    return got.status, got.text, sorted((n, v) for n, v in got.headers if n not in ("Date",))


def stock(m):
    """Something of everything; what parts of paths stand for."""
    path = m.file("in/a.txt", "Quindarvio was there.\n" * 3000)
    item = m.add(path, "--source", HOSTILE, "--note", HOSTILE)[str(path)]["item"]
    record = m.json("new", "law", f"title=quindarvio {HOSTILE}", "--cite", item).one["record"]
    m.run("claim", record, f"title=Another {HOSTILE}")
    m.run("withdraw", m.json("show", record).one["claims"][-1]["claim"], "--reason", HOSTILE)
    m.run("new", "task", f"title={HOSTILE}", f"about={record}", "due=2020-01-01", "status=open")
    invent_states(m)
    letter = m.json("letter", "open", f"subject={HOSTILE}", "kind=OL", "state=XAA").one["record"]
    m.run("letter", "endorse", letter, "--organisation", HOSTILE, "--country", "XAA")
    claim = m.json("show", record).one["claims"][0]["claim"]
    return {"letter": letter, "item": item, "record": record, "claim": claim, "type": "law", "case": m.json("new", "case", f"title={HOSTILE}", "crimes=CAH.a").one["record"],
            "finding": m.json("finding", "propose", f"It is so. {HOSTILE}", "--for", claim, "--state", "XAA").one["record"]}


def filled(pattern, parts):
    known = {"id": parts["record"] if "/records/" in pattern else parts["letter"] if "/letters/" in pattern else parts["item"], "entry": "0", "code": "XAA", "part": "letters",
             **{k: parts[k] for k in ("claim", "type", "case", "finding")}}
    return re.sub(r"\{(\w+)\}", lambda part: known.get(part[1], "0"), pattern)


# Queries that show more than the bare page.
ASKED = {"/find": ["?q=quindarvio", "?q=%28%28", "?q=" + urllib.parse.quote(HOSTILE)], "/records/{id}": ["?history=1", "?as_of=2099-01-01"],
         "/items/{id}/text": ["?at=5&end=40", "?from=40000", "?choose=1"], "/log": ["?before=3"], "/due": ["?days=36500"], "/records/{id}/step": ["?state=enacted"], "/letters": ["?state=drafted&words=x&sign_on=open"],
         "/states/{code}": ["?from=2020-01-01&to=2024-12-31"], "/new": ["?type=law"],
         "/records": ["?type=law", "?type=law&property=title&value=*", "?type=case&state=open"], "/tasks": ["?of=open", "?of=all"],
         "/map": ["?type=event"], "/timeline": ["?type=record&from=2019"], "/counted": ["?type=law"], "/statistics": ["?type=law&claims=1"],
         "/network": ["?record={id}&depth=2"], "/states/{code}/{part}": ["?from=2019"]}


def test_every_answer_is_as_the_document_says(m):
    parts, doc = stock(m), document(m)
    jsonschema.Draft202012Validator.check_schema({"components": doc["components"]})
    assert doc["openapi"] == "3.1.0" and doc["servers"] == [{"url": API}]
    asked = {**ASKED, "/claim": [f"?record={parts['record']}&property=title", f"?item={parts['item']}&at=0&end=20"]}
    table = {(r["path"], r["method"].lower()): r for r in m.json("serve", "--list").lines}
    described = {(path, method) for path, item in doc["paths"].items() for method in item}
    assert described == {key for key, r in table.items() if r["api"]}, "the whole table, and no more"
    assert {p for p, r in table.items() if not r["api"]} >= {("/static/{name}", "get"), ("/sign-in", "post"), ("/me/tokens", "post")}
    ids = [op["operationId"] for item in doc["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids)), "each has a name of its own"
    for role in ROLES:
        let_in(m, role, role)
    with serving(m) as desk:
        seen = set()
        for role in ROLES:
            c = client(m, desk, role)
            nothing = c.get("/no/such/address")
            assert nothing.status == 404
            for path, item in doc["paths"].items():
                for method, op in item.items():
                    assert table[path, method]["who"] in ("signed in", "anybody") or set(op["x-roles"]) == set(table[path, method]["who"].split())
                    if role not in op["x-roles"]:
                        got = c.get(filled(path, parts)) if method == "get" else c.post(filled(path, parts), {})
                        assert plain(got) == plain(nothing), (role, method, path)
                    elif method == "get":
                        for query in ["", *asked.get(path, [])]:
                            got = check(doc, method, path, c.get(filled(path, parts) + query.replace("{id}", parts["record"])))
                            own = (path == "/intake/uploads/{upload}" or path in NOT_OF_A_TEXT or
                                   (path == "/receipts/{entry}" and role == "submitter"))
                            assert got.status == (404 if own else 200), (role, path, query, got.text)
                            seen.add(path)
        assert seen == {path for path, item in doc["paths"].items() if "get" in item}
        c = Client(desk, c.token)
        assert json.loads(c.get("/openapi.json").text) == doc


def test_work_is_done_by_json(m):
    enter(m)
    doc = document(m)
    let_in(m, "inga", "analyst")
    let_in(m, "adam", "administrator")
    with serving(m) as desk:
        c = client(m, desk, "inga")
        got = check(doc, "POST", "/intake", c.give([("a.txt", b"Quindarvio was there.\n"), ("b.txt", b"x")], source=HOSTILE))
        rows = json.loads(got.text)["rows"]
        assert got.status == 200 and [r["kept"] for r in rows] == [True, True], got.text
        receipt = c.get(f"/receipts/{rows[0]['entry']}")
        assert receipt.status == 200 and receipt.header("Content-Type").startswith("text/plain")
        log = json.loads(c.get("/log").text)["rows"]
        found = next(r["address"] for r in log if r["subject"] == "a.txt")
        assert found.startswith(API + "/items/")
        item = json.loads(c.get(found[len(API):]).text)
        assert item["acquisitions"][0]["source"] == HOSTILE and item["title"] == "a.txt"
        assert c.get(found[len(API):] + "/original").body == b"Quindarvio was there.\n"
        made = check(doc, "POST", "/new", c.post("/new", {"type": "law", "v.title": HOSTILE, "stance": "asserts", "item": item["id"],
                                                          "credibility": 3, "source": None}))
        assert made.status == 201 and json.loads(made.text)["see"] == made.to and made.to.startswith(API + "/records/rec_"), made.text
        id = made.to.split("/")[-1]
        check(doc, "POST", "/claim", c.post("/claim", {"record": id, "property": "title", "value": "Another", "stance": "denies"}))
        record = json.loads(c.get(f"/records/{id}").text)
        rows = [r for g in record["groups"] if g["code"] == "title" for r in g["asserted"] + g["denied"]]
        assert record["type"] == "law" and [(r["value"], r["stance"]) for r in rows] == [(HOSTILE, "asserts"), ("Another", "denies")], rows
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", rows[0]["made"]) and rows[0]["unmade"] is None
        # The same as a form.
        got = c.ask("POST", "/new", urllib.parse.urlencode({"type": "law", "v.title": "By form", "stance": "asserts"}),
                    {"Content-Type": "application/x-www-form-urlencoded"})
        assert got.status == 201, got.text
        admin = client(m, desk, "adam")
        got = admin.post("/people", {"step": "add", "name": "new", "role": "analyst", "passphrase": PASSPHRASE})
        assert got.status == 201 and got.to == API + "/people", got.text
        # Codes stay codes, whatever the language; what schemas call things is said in it.
        assert json.loads(admin.get("/me", Accept_Language="ar").text)["roles"] == ["administrator"]
        assert json.loads(c.get(f"/records/{id}", Accept_Language="fr").text)["type"] == "law"
        before = m.verified()["entries"]
        wrong = [("/new", {"type": "law", "v.title": "x", "stance": "asserts", "stanze": "x"}), ("/new", {"type": "no"}),
                 ("/new", {"type": "law", "v.title": {"a": "b"}, "stance": "asserts"}), ("/new", ["type"]), ("/new", "x"), ("/new", {}),
                 ("/claim", {"record": id, "property": "title", "value": "x", "stance": HOSTILE}),
                 ("/new?type=law", {"type": "law", "v.title": "x", "stance": "asserts"})]
        for path, fields in wrong:
            got = check(doc, "POST", path.split("?")[0], c.post(path, fields))
            assert got.status == 400 and json.loads(got.text)["detail"], (path, fields, got.text)
        big = desk.raw(f"POST {API}/new HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n".encode())
        assert b" 413 " in big and b'"status":413' in big and b"application/problem+json" in big, big
        for body, kind, status in (("{", "application/json", 400), ("{}", "text/plain", 415), ("", "", 415)):
            got = c.ask("POST", "/new", body, {"Content-Type": kind})
            assert got.status == status and got.header("Content-Type") == "application/problem+json", (kind, got.status)
            assert json.loads(got.text)["status"] == status
        assert c.give([("a.txt", b"x")], sourze="A paper").status == 400, "a misspelt name is none"
        assert c.get("/log?befor=3").status == 400 and c.get("/due?q=x").status == 400
        assert c.ask("PUT", "/new", "{}", {"Content-Type": "application/json"}).status == 405
        assert m.verified()["entries"] == before
        assert "\u202e" in json.loads(c.get("/find?q=" + urllib.parse.quote(HOSTILE)).text)["query"]


def test_a_token_does_what_its_scopes_say_until_it_ends(m):
    let_in(m, "inga", "analyst")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        page = b.get("/me").text
        assert "/me/tokens" in page and "vigil_" not in page
        fields = {"step": "make", "name": "<b>back", "scope": ["read", "give"], "days": "2", "passphrase": PASSPHRASE}
        assert b.post("/me/tokens", {**fields, "passphrase": "another passphrase"}).status == 403
        assert b.post("/me/tokens", {**fields, "scope": ["own"]}).status == 400
        assert b.post("/me/tokens", {**fields, "scope": []}).status == 400
        assert b.post("/me/tokens", {**fields, "days": "367"}).status == 400
        assert b.post("/me/tokens", fields, token="").status == 400
        made = b.post("/me/tokens", fields)
        word = re.search(r"vigil_[0-9a-f]{64}", made.text)[0]
        assert made.status == 200 and "<b>" not in made.text and "<b>back" in words(made.text)
        assert word not in b.get("/me").text, "it is shown once"
        assert b.post("/me/tokens", fields).status == 400, "the name is taken"
        c = Client(desk, word)
        assert c.get("/states").status == 200 and c.give([("a.txt", b"x")]).status == 200
        told = c.post("/new", {})
        assert told.status == 403 and "insufficient_scope" in told.header("WWW-Authenticate")
        assert plain(told) == plain(c.post("/no/such", {})), "whatever the address"
        own = json.loads(c.get("/me").text)["tokens"]
        assert own[0]["name"] == "<b>back" and own[0]["scopes"] == ["read", "give"] and word not in json.dumps(own)
        for path in ("/me/tokens", "/me/passphrase", "/me/browsers", "/sign-out", "/sign-in"):
            assert client_writes(m, desk).post(path, {}).status == 404, path
        assert m.json("login", "token", "list", "inga").lines[0]["name"] == "<b>back"
        assert [l["name"] for l in m.json("login", "token", "list", "inga").lines] == ["<b>back", "writer"]
        # Its secret is nowhere but with its owner; that it was made is in the log.
        entries = m.json("log").out.decode()
        assert word[6:] not in entries
        steps = [json.loads(l) for l in entries.splitlines()]
        assert sum(s["act"] == "login.change" for s in steps) >= 3
        # A browser's session is worth nothing there, a token nothing on pages.
        for path in ("/states", "/log"):
            got = b.ask("GET", API + path)
            assert got.status == 401 and got.header("WWW-Authenticate").startswith("Bearer"), got.status
            assert Browser(desk).ask("GET", path, headers={"Authorization": f"Bearer {word}"}).status == 303
        assert b.post(API + "/new", {"type": "law", "v.title": "x", "stance": "asserts"}).status == 401
        assert "Set-Cookie" not in dict(c.get("/states").headers)
        # It ends.
        assert b.post("/me/tokens", {"step": "end", "name": "<b>back"}).status == 303
        assert c.get("/states").status == 401 and b.post("/me/tokens", {"step": "end", "name": "<b>back"}).status == 404
        short, long = Client(desk, token_of(m, "inga", span="2s", name="short")), Client(desk, token_of(m, "inga", name="long"))
        assert long.get("/states").status == 200
        time.sleep(2.1)
        assert short.get("/states").status == 401, "when its time is over"
        assert long.get("/states").status == 200
        m.run("login", "token", "end", "inga", "long")
        assert long.get("/states").status == 401
        # By a new passphrase, and by the login's end; roles count as they are now.
        c = client(m, desk, "inga")
        assert c.get("/states").status == 200
        m.run("login", "take", "inga", "--role", "analyst")
        assert c.get("/states").status == 404 and c.get("/me").status == 200
        m.run("login", "passphrase", "inga", stdin=f"{PASSPHRASE} new\n".encode())
        assert c.get("/me").status == 401
        c = client(m, desk, "inga")
        assert c.get("/me").status == 200
        m.run("login", "close", "inga")
        assert c.get("/me").status == 401
        assert m.run("login", "token", "add", "inga", "x", code=2).err
    digest = m.verified()
    m.run("rebuild")
    assert m.verified() == digest


def client_writes(m, desk):
    if not hasattr(m, "writer"):
        m.writer = token_of(m, "inga", "write", name="writer")
    return Client(desk, m.writer)


def test_strangers_learn_nothing(m):
    enter(m)
    path = m.file("in/a.txt", "Quindarvio was there.\n")
    item = m.add(path, "--compartment", "secret")[str(path)]["item"]
    hidden = m.json("new", "law", "title=Zyxwabc", "--compartment", "secret").one["record"]
    let_in(m, "otto", "analyst")
    with serving(m, "--behind-proxy") as desk:
        refused = {}
        for token in (None, "", "vigil_", "vigil_" + "0" * 64, "x' OR '1'='1", "a" * 5000):
            for p in ("/", "/states", "/no/such", "/openapi.json", "/static/style.css", "/healthz", f"/items/{item}", "/" + "x" * 500):
                got = Client(desk, token).get(p, X_Forwarded_For=f"192.0.2.{len(refused) % 200}")
                refused[token, p] = plain(got)
                assert got.status == 401 and got.header("WWW-Authenticate") == 'Bearer realm="vigil"'
            got = Client(desk, token).post("/new", {})
            assert got.status == 401
        assert len({str(v) for v in refused.values()}) == 1
        c = client(m, desk, "otto")
        for there, nothing in ((f"/items/{item}", "/items/item_00000000000000000000000000"),
                               (f"/items/{item}/text", "/items/item_00000000000000000000000000/text"),
                               (f"/items/{item}/original", "/items/item_00000000000000000000000000/original"),
                               (f"/records/{hidden}", "/records/rec_00000000000000000000000000"), ("/people", "/no/such")):
            assert plain(c.get(there)) == plain(c.get(nothing)) and c.get(there).status == 404, there
        everything = "".join(c.get(p).text for p in ("/", "/log", "/find?q=quindarvio", "/states", "/due"))
        assert item not in everything and hidden not in everything and "Zyxwabc" not in everything
        # Who tries one that is none waits for it; the token of another at the same address goes on.
        bad = Client(desk, "vigil_" + "1" * 64)
        tries = [bad.get("/states", X_Forwarded_For="198.51.100.9") for _ in range(8)]
        assert [t.status for t in tries[:5]] == [401] * 5 and tries[7].status == 429 and tries[7].header("Retry-After"), [t.status for t in tries]
        assert c.get("/states", X_Forwarded_For="198.51.100.9").status == 200
        for i in range(60):
            got = Client(desk, f"vigil_{i:064}").get("/states", X_Forwarded_For="198.51.100.10")
        assert got.status == 429, "many from one address are too many"
        assert c.get("/states", X_Forwarded_For="198.51.100.11").status == 200


def test_the_first_steps_are_as_told(m):
    """docs/api.md, its lines one after another, as somebody would type them."""
    invent_states(m)
    let_in(m, "inga", "analyst")
    text = (vigil.root / "docs/api.md").read_text()
    steps = [line[4:] for line in text.splitlines() if re.match(r"    (curl|TOKEN=|vigil login|DESK=|echo)", line)]
    assert len(steps) >= 8, steps
    m.file("letter.txt", "Quindarvio was there.\n")
    with serving(m) as desk:
        lines = "\n".join(steps).replace("http://127.0.0.1:8080", f"http://127.0.0.1:{desk.port}")
        lines = lines.replace("vigil login", f"{vigil.build}/vigil -C {m.dir} login").replace("curl ", "curl -s --noproxy '*' ")
        done = subprocess.run(["bash", "-euc", lines], cwd=m.folder, env=m.env, capture_output=True, timeout=60)
        out = done.stdout.decode()
        assert done.returncode == 0, (out, done.stderr.decode())
        for told in ('"openapi":"3.1.0"', '"title":"States"', '"kept":true', f'"see":"{API}/records/', '"status":404'):
            assert told in out, (told, out[-3000:])
