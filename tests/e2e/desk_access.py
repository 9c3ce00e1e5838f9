"""The desk: who may see what is in a compartment, that opening it is an entry, what two people decide, what leaves.

The table of access: every address of an item or record, every role, in no compartment, in it or not in it, there or not:
denied is missing, in status, body, headers and time."""
import html
import re
import resource
import statistics
import time

from desk import filled, may, plain, routes
from desk_client import NOT_OF_A_TEXT, PASSPHRASE, ROLES, Browser, let_in, serving, words
from vigil import enter, me, sqlite_only

NO_ITEM, NO_RECORD = "item_00000000000000000000000000", "rec_00000000000000000000000000"
HOSTILE = "<script>alert(1)</script>\"'\u202e"


def new(m, *args):
    return m.json("new", *args).one["record"]


def given_in_confidence(m, *options, name="in/statement.txt", text="It was Quindarvio who told of it.\n"):
    path = m.file(name, text)
    return m.add(path, "--compartment", "secret", *options)[str(path)]["item"]


def readings(m):
    """Entries that tell of an opening."""
    return [e for e in m.json("log", "--limit", "1000").lines if e["act"] == "compartment.read"]


def size(m):
    return m.verified()["entries"]


def same_apart_from(got, other, here, there):
    return plain(got, here) == plain(other, there)


# ---- the table ----

def test_the_table_of_access(m):
    enter(m)
    item, record = {}, {}
    path = m.file("in/open.txt", "Quindarvio, openly.\n")
    item["open"] = m.add(path)[str(path)]["item"]
    item["secret"] = given_in_confidence(m)
    item["missing"] = NO_ITEM
    record["open"] = new(m, "law", "title=Open")
    record["secret"] = new(m, "law", "title=Hidden", "--compartment", "secret")
    record["missing"] = NO_RECORD
    for role in ROLES:
        let_in(m, role, role)
        let_in(m, role + ".in", role)
        m.run("compartment", "add", "secret", role + ".in")
    table = [(method, pattern, who) for method, pattern, who in routes(m) if "{id}" in pattern
             and pattern.split("/")[1] not in ("letters", "sign") and pattern not in NOT_OF_A_TEXT]    # letters: desk_letters.py
    assert len(table) >= 9, table
    with serving(m) as desk:
        nobody = Browser(desk)
        for role in ROLES:
            for name, inside in ((role, False), (role + ".in", True)):
                b = Browser(desk, name)
                for method, pattern, who in table:
                    things = record if "/records/" in pattern else item
                    answers = {}
                    for kind, id in things.items():
                        at = filled(pattern, {"id": id})
                        answers[kind] = at, (b.get(at) if method == "GET" else b.post(at, {}, token=b.token))
                    (_, public), (there, secret), (nowhere, missing) = (answers[k] for k in ("open", "secret", "missing"))
                    where = (method, pattern, name)
                    sees = may(who, role)
                    assert missing.status == 404, where
                    assert (public.status != 404) == sees, (where, public.status)
                    assert (secret.status != 404) == (sees and inside), (where, secret.status)
                    if not (sees and inside):
                        assert same_apart_from(secret, missing, there, nowhere), where
                    assert nobody.get(there).status == 303 and nobody.get(nowhere).status == 303
                if may("analyst reviewer coordinator protection administrator", role):
                    for id in (record["open"], record["secret"]):    # the page on access takes records as well
                        got = b.get(f"/access/{id}")
                        assert (got.status == 200) == (inside or id == record["open"]), (name, id)
                        if got.status == 404:
                            assert same_apart_from(got, b.get(f"/access/{NO_RECORD}"), f"/access/{id}", f"/access/{NO_RECORD}")
    m.verified()


def test_what_is_denied_takes_as_long_as_what_is_missing(m):
    """Medians of tries that take turns; the page of something that is there, which takes longer, shows that it could fail."""
    enter(m)
    item = given_in_confidence(m, text="Quindarvio. " * 2000)
    record = new(m, "law", "title=Hidden", "--compartment", "secret")
    for i in range(60):
        m.run("claim", record, f"title=Hidden {i}", "--compartment", "secret") if i < 12 else None
    m.run("compartment", "add", "secret", "inga")
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "analyst")

    def took(b, path):
        began = time.perf_counter()
        b.get(path)
        return time.perf_counter() - began

    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        for there, missing in ((f"/items/{item}", f"/items/{NO_ITEM}"), (f"/items/{item}/text", f"/items/{NO_ITEM}/text"),
                               (f"/items/{item}/original", f"/items/{NO_ITEM}/original"),
                               (f"/access/{item}", f"/access/{NO_ITEM}"), (f"/records/{record}", f"/records/{NO_RECORD}")):
            for again in range(4):    # other people's work on this machine must not decide
                a, b, seen = [], [], []
                for _ in range(40):
                    a.append(took(otto, there))
                    b.append(took(otto, missing))
                    seen.append(took(inga, there))
                denied, nothing, shown = (statistics.median(x) for x in (a, b, seen))
                # Within half of a millisecond, or a third of what the answer takes.
                if abs(denied - nothing) < max(0.0005, 0.33 * nothing):
                    break
            else:
                raise AssertionError((there, denied, nothing, shown))
            if there == f"/records/{record}":
                assert shown - nothing > 0.0001, "what is shown takes longer: the measure measures"


def test_ids_are_not_found_by_trying(m):
    enter(m)
    path = m.file("in/open.txt", "Openly.\n")
    open_item = m.add(path)[str(path)]["item"]
    item = given_in_confidence(m)
    record = new(m, "law", "title=Hidden", "--compartment", "secret")
    shown = m.json("show", item).one
    acquisition, text = shown["acquisitions"][0]["acquisition"], shown["texts"][0]["text"]
    let_in(m, "otto", "protection")
    with serving(m) as desk:
        b = Browser(desk, "otto")
        for kind in ("", "/text", "/original", "/take", "/keeping"):
            seen = set()
            for name in [str(shown["number"]), str(shown["number"] + 1), item, item[:-2], item[5:], acquisition, text,
                         shown["sha256"], shown["sha256"][:10], "0" * 64, NO_ITEM, record, "item_", "item_%25", "%27", "99999999"]:
                at = f"/items/{name}{kind}"
                got = b.get(at)
                assert got.status == 404, at
                seen.add(re.sub(r'to=[^"]*"', "", got.text))
            assert len(seen) == 1, kind
        # By what is open nothing of it is found either: what is typed into forms, and in addresses.
        b.get(f"/items/{open_item}/keeping")
        answers = {b.post(f"/items/{open_item}/keeping", {"step": "hold", "of": of, "reason": "x"}).text.replace(of, "OF")
                   for of in (item, acquisition, NO_ITEM, "acq_00000000000000000000000000")}
        assert len(answers) == 1, answers
        entry = shown["acquisitions"][0]["entry"]
        answers = {re.sub(r"\d+", "N", b.get(f"/access/{n}").text) for n in (entry, shown["number"], 77777777)}
        assert len(answers) == 1
        proposals = {b.post("/erasures", {"proposal": n, "person": "x", "passphrase": "y"}).text for n in (entry, 7777777)}
        assert len(proposals) == 1, proposals


# ---- opening is an entry ----

def test_opening_what_is_in_a_compartment_is_an_entry(m):
    enter(m)
    path = m.file("in/open.txt", "Quindarvio, openly.\n")
    open_item = m.add(path)[str(path)]["item"]
    item = given_in_confidence(m, "--source", "A source")
    record = new(m, "law", "title=The open law")
    m.run("claim", record, "title=Quindarvio act", "--compartment", "secret", "--cite", item)
    for name in ("inga", "otto", "rosa"):
        let_in(m, name, "analyst")
    m.run("compartment", "add", "secret", "inga")
    m.run("compartment", "add", "secret", "rosa")
    assert readings(m) == []
    with serving(m) as desk:
        inga, otto, rosa = (Browser(desk, n) for n in ("inga", "otto", "rosa"))
        before = size(m)
        for b in (inga, otto):
            for page in (f"/items/{open_item}", f"/items/{open_item}/text", f"/items/{open_item}/original", "/log", "/",
                         "/states", "/due", f"/access/{open_item}", "/find?q=openly"):
                assert b.get(page).status == 200, page
        otto.get(f"/items/{item}")
        otto.get(f"/records/{record}")
        otto.get("/find?q=quindarvio")
        assert size(m) == before, "nothing in a compartment was opened"
        for page in (f"/items/{item}", f"/items/{item}", f"/items/{item}/text", f"/items/{item}/original", f"/items/{item}/take"):
            assert inga.get(page).status == 200, page
        assert size(m) == before + 1, "once a day"
        one = readings(m)[-1]
        assert (one["actor"], one["subject"]) == ("inga", item), one
        assert inga.get(f"/records/{record}").status == 200
        assert size(m) == before + 2 and readings(m)[-1]["subject"] == record
        assert "Quindarvio" in inga.get("/find?q=quindarvio").text
        assert size(m) == before + 3 and readings(m)[-1]["subject"] == ""
        inga.get("/find?q=quindarvio&x=1")
        assert size(m) == before + 3
        assert rosa.get(f"/items/{item}/text").status == 200
        assert size(m) == before + 4 and readings(m)[-1]["actor"] == "rosa"
        # Members see it: in the log, in the custody of the thing, and on the page of who may see it.
        said = "Opened in confidence"
        for page in ("/log", f"/items/{item}"):
            assert said in rosa.get(page).text, page
        assert "inga" in words(rosa.get(f"/access/{item}").text).split("Who opened it")[1]
        assert said not in otto.get("/log").text
        # The same bytes come openly: who opened them in confidence is still for members alone.
        again = m.file("in/again.txt", "It was Quindarvio who told of it.\n")
        assert m.add(again)[str(again)]["item"] == item
        page = otto.get(f"/items/{item}").text
        assert said not in page and "inga" not in page and "A source" not in page
        indexes = [r["index"] for r in readings(m)]
        assert not any(f'<bdi>{i}</bdi></td>' in page for i in indexes), "nor which entries tell of it"
        before = size(m)
        otto.get(f"/items/{item}/text")
        rosa.get(f"/items/{item}/text")
        assert size(m) == before, "what it says is open now"
    digest = m.run("rebuild").out
    assert m.run("rebuild").out == digest
    m.verified()


def test_what_gathers_claims_opens_them(m):
    """Cases, findings, tasks and the page on sameness show what stands in a compartment: of the thing, and of what it rests on."""
    enter(m)
    m.run("compartment", "add", "secret", "anna.in")
    law = new(m, "law", "title=Hidden act", "--compartment", "secret")
    claim = m.json("show", law).one["claims"][0]["claim"]
    case = new(m, "case", "title=Old town", "crimes=CAH.a")
    new(m, "element_proof", f"case={case}", "element=CAH.a.1", f"for={claim}")
    task = new(m, "task", "title=Read it", "assigned=anna.in", "status=open", "--compartment", "secret")
    for name in ("anna.in", "otto"):
        let_in(m, name, "analyst")
    with serving(m) as desk:
        inside, outside = Browser(desk, "anna.in"), Browser(desk, "otto")
        inside.get("/findings/new")
        finding = inside.post("/findings/new", {"proposition": "It was enacted.", "for": claim}).to.split("/")[-1]
        before = {e["index"] for e in readings(m)}

        def opened(b, path, thing):
            """The thing that its opening names; None: it made no entry."""
            nonlocal before
            got = b.get(path)
            assert got.status == 200, (path, words(got.text))
            assert ("Hidden act" in got.text or "Read it" in got.text) == (thing is not None), path
            made = [e for e in readings(m) if e["index"] not in before]
            before |= {e["index"] for e in made}
            assert "otto" not in {e["actor"] for e in made}
            return {e["subject"] for e in made if e["actor"] == "anna.in"}

        # The claim that they rest on is of the law: the case and the finding themselves are open.
        assert opened(inside, f"/cases/{case}", law) == {law}
        assert opened(inside, f"/findings/{finding}", law) == set()    # once a day
        assert opened(inside, "/tasks", task) == {task}
        assert opened(outside, f"/cases/{case}", None) == opened(outside, "/tasks?of=all", None) == set()
        assert opened(outside, f"/findings/{finding}", None) == set()
        other = new(m, "law", "title=Hidden act too", "--compartment", "secret")
        assert opened(inside, f"/records/{other}/same", other) == {other}
        last = new(m, "law", "title=Hidden act again", "--compartment", "secret")
        claim = m.json("show", last).one["claims"][0]["claim"]
        m.run("claim", finding, f"for={claim}")
        assert opened(inside, f"/findings/{finding}", last) == {last}
    m.verified()


def test_opening_from_the_command_line(m):
    enter(m)
    item = given_in_confidence(m)
    record = new(m, "law", "title=Hidden law", "--compartment", "secret")
    at = m.json("log").lines[-1]["index"]
    before = size(m)
    for command in (("show", item), ("text", item), ("cat", item), ("show", item, "--as-of", f"#{at}")):
        m.run(*command)
    assert size(m) == before + 1 and readings(m)[-1]["subject"] == item
    for command in (("show", record), ("history", record), ("show", record, "--as-of", f"#{at}")):
        m.run(*command)
    assert size(m) == before + 2 and readings(m)[-1]["subject"] == record
    m.run("find", "quindarvio")
    m.run("find", "hidden", "--records")
    assert size(m) == before + 3
    m.run("list")
    m.run("log")
    m.run("access", item)
    assert size(m) == before + 3
    told = m.json("access", item).one
    assert told["parts"] == [{"compartment": "secret", "acquisitions": [told["parts"][0]["acquisitions"][0]]}], told
    assert [p["name"] for p in told["people"]] == [readings(m)[-1]["actor"]], told
    m.run("access", NO_ITEM, code=3)
    # The state before it is what it was.
    assert m.json("list", "--as-of", f"#{at}").lines == m.json("list").lines


@sqlite_only
def test_a_reader_sees_nothing_if_the_entry_cannot_be_written(m):
    """Files may not grow any more, as on a full disk."""
    enter(m)
    item = given_in_confidence(m)
    path = m.file("in/open.txt", "Zyxwabc, openly.\n")
    open_item = m.add(path)[str(path)]["item"]
    record = new(m, "law", "title=Quindarvio law", "--compartment", "secret")
    let_in(m, "inga", "analyst")
    m.run("compartment", "add", "secret", "inga")
    pages = (f"/items/{item}", f"/items/{item}/text", f"/items/{item}/original", f"/records/{record}", "/find?q=quindarvio")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        b.get("/find?q=nothing")    # the index is followed
        before = size(m)
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        for page in pages:
            got = b.get(page)
            assert got.status in (500, 503), (page, got.status)
            assert b"told of it" not in got.body and b"Quindarvio" not in got.body, page
        assert "Zyxwabc" in b.get(f"/items/{open_item}/text").text, "what is open needs no entry"
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        for page in pages:
            assert b.get(page).status == 200, page
    assert size(m) == before + 3


# ---- who may see this, and why ----

def test_who_may_see_this_and_why(m):
    enter(m)
    founder = me(m)
    item = given_in_confidence(m)
    record = new(m, "law", "title=The open law")
    m.run("claim", record, "title=Second title", "--compartment", "secret")
    for name, role in (("inga", "analyst"), ("otto", "reviewer"), ("sam", "submitter"), ("zoe", "coordinator")):
        let_in(m, name, role)
    m.run("compartment", "add", "secret", "inga")
    since = m.json("log").lines[-1]["index"]
    m.run("compartment", "add", "other", "zoe")    # who is in one that nobody here knows of
    m.run("login", "close", "zoe")
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        assert f"/access/{item}" in inga.get(f"/items/{item}").text
        page = words(inga.get(f"/access/{item}").text)
        rows = page.split("Who may see it, and why")[1]
        assert f"Member of the compartment secret since entry {since}." in rows, rows
        assert "inga" in rows and "(you)" in rows and founder in rows
        assert "otto" not in rows and "sam" not in rows and "zoe" not in rows
        page = words(inga.get(f"/access/{record}").text)
        rows = page.split("Who may see it, and why")[1]
        assert "By the role: analyst." in rows and "By the role: reviewer." in rows, rows
        assert "What is in the compartment secret" in rows and "2 of 2" in rows and "1 of 2" in rows
        # To whoever is not in it, neither its name nor its members are told.
        got = otto.get(f"/access/{record}")
        shown = words(got.text)
        assert "secret" not in shown and "Claims that you may not see: 1." in shown
        assert "1 of 1" in shown and "2 of 2" not in shown and founder not in words(got.text.split("<tbody>")[1].split("</tbody>")[0])
        assert otto.get(f"/access/{item}").status == 404
        one = m.json("access", record).one
        assert {p["name"]: p["sees"] for p in one["people"]} == {founder: 2, "inga": 2, "otto": 1}, one
        assert [p["withheld"] for p in one["people"] if p["name"] == "otto"] == [["secret"]]


# ---- compartments at the desk ----

def test_compartments_are_kept_at_the_desk(m):
    founder = me(m)
    let_in(m, founder, "protection")
    for name in ("inga", "otto"):
        let_in(m, name, "analyst")
    let_in(m, "adam", "administrator")
    with serving(m) as desk:
        b, inga, otto, adam = (Browser(desk, n) for n in (founder, "inga", "otto", "adam"))
        page = b.get("/compartments").text
        assert "founders" in page and "Make the compartment" in page
        assert "Make the compartment" not in inga.get("/compartments").text
        assert b.post("/compartments", {"step": "in", "compartment": HOSTILE, "name": founder}).status == 303
        page = b.get("/compartments").text
        assert "<script" not in page and html.escape(HOSTILE, quote=False)[:20] in page.replace("&#34;", '"')
        assert b.post("/compartments", {"step": "in", "compartment": "witnesses", "name": founder}).status == 303
        page = words(b.get("/compartments").text)
        assert "What is always kept in it" in page, "fields that the schema keeps for it"
        # Others neither let in nor learn that it is there.
        for who in (inga, otto, adam):
            who.get("/compartments")
            answers = {who.post("/compartments", {"step": step, "compartment": name, "name": "otto"}).text
                       for step in ("in", "out") for name in ("witnesses", "no such")}
            assert len(answers) == 1 and who.post("/compartments", {"step": "in", "compartment": "witnesses",
                                                                    "name": "otto"}).status == 404
            assert "witnesses" not in who.get("/compartments").text
        b.get("/compartments")
        assert b.post("/compartments", {"step": "in", "compartment": "witnesses", "name": "nobody.here"}).status == 400
        assert b.post("/compartments", {"step": "in", "compartment": "witnesses", "name": "inga"}).status == 303
        assert b.post("/compartments", {"step": "in", "compartment": "witnesses", "name": "inga"}).status == 400
        assert "witnesses" in inga.get("/compartments").text
        assert inga.post("/compartments", {"step": "in", "compartment": "witnesses", "name": "otto"}).status == 303
        assert b.post("/compartments", {"step": "out", "compartment": "witnesses", "name": "otto"}).status == 303
        assert "witnesses" not in otto.get("/compartments").text
        assert inga.post("/compartments", {"step": "out", "compartment": "witnesses", "name": "inga"}).status == 303
        assert b.post("/compartments", {"step": "out", "compartment": "witnesses", "name": founder}).status == 400, "the last one"
        for token in ("", "0" * 64):
            assert b.post("/compartments", {"step": "in", "compartment": "x", "name": founder}, token=token).status == 400
    m.verified()


# ---- what two people decide, and what leaves ----

SIGNING = {"ana": "a passphrase of ana", "bo": "and one of bo's own"}


def let_sign(m):
    for name, passphrase in SIGNING.items():
        m.run("person", "add", name, stdin=(passphrase + "\n").encode())


def test_two_people_erase(m):
    let_sign(m)
    path = m.file("in/a.txt", "Quindarvio was named there.\n")
    item = m.add(path, "--note", HOSTILE)[str(path)]["item"]
    enter(m)
    secret = given_in_confidence(m)
    for name, role in (("ana", "protection"), ("bo", "reviewer"), ("inga", "analyst")):
        let_in(m, name, role)
    with serving(m) as desk:
        ana, bo, inga = (Browser(desk, n) for n in ("ana", "bo", "inga"))
        keeping = f"/items/{item}/keeping"
        assert f'href="{keeping}"' in ana.get(f"/items/{item}").text
        assert "/keeping" not in inga.get(f"/items/{item}").text and inga.get("/erasures").status == 404
        ana.get(keeping)
        before = size(m)
        ask = {"step": "erase", "of": item, "reason": HOSTILE, "person": "ana", "passphrase": SIGNING["ana"]}
        for wrong in ({"reason": ""}, {"passphrase": SIGNING["bo"]}, {"person": "nobody"}, {"of": secret},
                      {"passphrase": "x" * 2000}, {"step": HOSTILE}):    # those with a passphrase cost an Argon2id each
            got = ana.post(keeping, {**ask, **wrong})
            assert got.status == 400 and "<script" not in got.text, (wrong, got.status)
        assert size(m) == before
        assert ana.post(keeping, ask).to == "/erasures"
        page = ana.get("/erasures").text
        assert "<script" not in page and item in page and words(page).count("ana") >= 2
        proposal = re.search(r'<option value="(\d+)">', page)[1]
        approve = {"proposal": proposal, "person": "bo", "passphrase": SIGNING["bo"]}
        got = ana.post("/erasures", approve)
        assert got.status == 400 and "another person" in got.text, "at a login of their own"
        bo.get("/erasures")
        got = bo.post("/erasures", {**approve, "person": "ana", "passphrase": SIGNING["ana"]})
        assert got.status == 400 and "two people" in got.text, got.text
        assert bo.post("/erasures", approve, token="0" * 64).status == 400
        assert bo.get(f"/items/{item}").status == 200
        got = bo.post("/erasures", approve)
        assert got.status == 200 and "Erased." in got.text, got.text
        assert bo.get(f"/items/{item}").status == 404 and bo.post("/erasures", approve).status == 400
        assert "quindarvio" not in words(bo.get("/find?q=named").text).lower()
        # What is in a compartment is proposed by a member, and nobody else learns of it.
        m.run("erase", secret, "--reason", "its source asked for it", "--as", "ana", stdin=(SIGNING["ana"] + "\n").encode())
        page = bo.get("/erasures").text
        assert "asked for it" not in page and secret not in page
    m.verified()
    assert m.run("rebuild").out == m.run("rebuild").out


def test_a_wrong_passphrase_of_a_person_is_not_tried_for_ever(m):
    let_sign(m)
    path = m.file("in/a.txt", "Quindarvio was there.\n")
    item = m.add(path)[str(path)]["item"]
    let_in(m, "ana", "protection")
    with serving(m) as desk:
        ana = Browser(desk, "ana")
        keeping = f"/items/{item}/keeping"
        ana.get(keeping)
        ask = {"step": "erase", "of": item, "reason": "why", "person": "ana", "passphrase": "a wrong passphrase"}
        for _ in range(5):
            assert ana.post(keeping, ask).status == 400
        assert ana.post(keeping, {**ask, "passphrase": SIGNING["ana"]}).status == 400, "she waits"
        assert ana.post(keeping, {**ask, "person": "bo", "passphrase": SIGNING["bo"]}).to == "/erasures", "others do not"
        assert Browser(desk).sign_in("ana").status == 303, "nor does her login"


def test_holding_and_consent(m):
    path = m.file("in/a.txt", "Quindarvio was there.\n")
    item = m.add(path, "--consent", "purpose=trial; recipients=Court of Freedonia; conditions=no names", "--source",
                 "A witness")[str(path)]["item"]
    let_in(m, "ana", "coordinator")
    with serving(m) as desk:
        b = Browser(desk, "ana")
        keeping = f"/items/{item}/keeping"
        page = words(b.get(keeping).text)
        assert "Court of Freedonia" in page and "no names" in page
        assert b.post(keeping, {"step": "release", "of": item, "reason": "x"}).status == 400, "it is not held"
        assert b.post(keeping, {"step": "hold", "of": item, "reason": "an order", "embargo": "1"}).to == keeping
        assert "with an embargo" in b.get(keeping).text and m.json("show", item).one["embargo"] is True
        assert b.post(keeping, {"step": "release", "of": item, "reason": "it ended"}).to == keeping
        assert m.json("show", item).one["held"] is False
        assert b.get(f"/items/{item}/text").status == 200
        acquisition = m.json("show", item).one["acquisitions"][0]["acquisition"]
        assert b.post(keeping, {"step": "withdraw", "of": acquisition, "reason": "she asked"}).to == keeping
        assert "must not be used" in b.get(keeping).text
        for page in ("text", "original", "take"):
            assert b.get(f"/items/{item}/{page}").status == 404, page
        assert b.get(f"/items/{item}").status == 200
    m.verified()


def test_originals_leave_as_far_as_consent_goes(m):
    data = b"Quindarvio was there.\n"
    path = m.file("in/a.txt", data)
    bound = m.add(path, "--consent", f"purpose=trial; recipients=Court of Freedonia; conditions={HOSTILE}")[str(path)]["item"]
    path = m.file("in/b.txt", "Nothing binds this.\n")
    free = m.add(path)[str(path)]["item"]
    enter(m)
    secret = given_in_confidence(m)
    for name in ("inga", "otto"):
        let_in(m, name, "analyst")
    let_in(m, "ana", "protection")
    m.run("compartment", "add", "secret", "inga")
    with serving(m) as desk:
        b, ana = Browser(desk, "inga"), Browser(desk, "ana")
        before = size(m)
        assert b.get(f"/items/{free}/original").body == b"Nothing binds this.\n" and size(m) == before
        got = b.get(f"/items/{bound}/original")
        assert (got.status, got.to) == (303, f"/items/{bound}/take") and data not in got.body
        page = b.get(f"/items/{bound}/take").text
        assert "Court of Freedonia" in page and "<script" not in page
        take = f"/items/{bound}/take"
        assert b.post(take, {"recipient": "Court of Freedonia"}).status == 400
        for wrong in ({"recipient": "A paper", "purpose": "trial"}, {"recipient": "Court of Freedonia", "purpose": "print"},
                      {"recipient": "Court of Freedonia, A paper", "purpose": "trial"}, {"recipient": HOSTILE, "purpose": HOSTILE}):
            got = b.post(take, wrong)
            assert got.status == 403 and data not in got.body and "<script" not in got.text, wrong
        assert size(m) == before
        got = b.post(take, {"recipient": "Court of Freedonia", "purpose": "trial"})
        assert got.status == 200 and got.body == data, got.text
        assert got.header("Content-Type") == "application/octet-stream"
        assert size(m) == before + 1
        given = m.json("given", bound).lines[-1]
        assert (given["what"], given["recipient"], given["purpose"], given["actor"]) == \
            ("original", "Court of Freedonia", "trial", "inga"), given
        # What is in a compartment leaves to its members alone.
        take = f"/items/{secret}/take"
        assert b.get(take).status == 200
        assert b.post(take, {"recipient": "A paper", "purpose": "print"}).status == 403
        assert b.post(take, {"recipient": "inga", "purpose": "work"}).status == 200
        # Who keeps sources sees what left, to whom.
        for page in ("/given", "/given?to=court+of+freedonia", f"/items/{bound}/keeping"):
            shown = ana.get(page).text
            assert "Court of Freedonia" in shown and "original of an item" in shown and "<script" not in shown, page
        assert "Court" not in words(ana.get("/given?to=A+paper").text)
        assert b.get("/given").status == 404
    m.verified()
    assert m.run("rebuild").out == m.run("rebuild").out


# ---- fields, paper ----

def test_fields_are_confided(m):
    """What the schema keeps for a compartment goes there, whoever says it, and is told to its members alone."""
    enter(m, "identities")
    for name in ("inga", "otto"):
        let_in(m, name, "analyst")
    m.run("compartment", "add", "identities", "inga")
    record = new(m, "source", "name=The alias")
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        # Who is in no compartment may say it, and does not see it again.
        otto.get(f"/claim?record={record}&property=identity")
        got = otto.post("/claim", {"record": record, "property": "identity", "value": "Zyxwabc Quindarvio", "stance": "asserts"})
        assert got.status == 303, words(got.text)
        for page in (f"/records/{record}", f"/records/{record}?history=1", "/find?q=zyxwabc", "/log", f"/access/{record}"):
            assert "zyxwabc" not in otto.get(page).text.lower().replace("q=zyxwabc", "").replace('value="zyxwabc"', "")\
                .replace("%3dzyxwabc", ""), page
        assert "identities" not in otto.get(f"/records/{record}").text + otto.get(f"/access/{record}").text
        shown = words(inga.get(f"/records/{record}").text)
        assert "Zyxwabc Quindarvio" in shown and "identities" in shown
        assert "Zyxwabc" in inga.get("/find?q=zyxwabc").text
        assert {e["subject"] for e in readings(m) if e["actor"] == "inga"} == {record, ""}
        assert re.search(r"source\s*:\s*identity", words(inga.get("/compartments").text).split("What is always kept in it")[1])
    # How an item came, its source and channel, is known to those who may know of that acquisition.
    path = m.file("in/a.txt", "Quindarvio was there.\n")
    item = m.add(path)[str(path)]["item"]
    assert m.add(path, "--source", "Mirabel", "--via", "at the gate", "--compartment", "identities")[str(path)]["item"] == item
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        for page in (f"/items/{item}", f"/items/{item}/take", f"/access/{item}", "/find?q=source:mirabel", "/log"):
            shown = re.sub(r"source[:%0-9a-f]*mirabel", "", otto.get(page).text.lower())    # what was asked
            assert "mirabel" not in shown and "at the gate" not in shown, page
        shown = inga.get(f"/items/{item}").text
        assert "Mirabel" in shown and "at the gate" in shown


def test_paper_says_whose_it_is(m):
    enter(m)
    item = given_in_confidence(m)
    path = m.file("in/open.txt", "Openly.\n")
    open_item = m.add(path)[str(path)]["item"]
    let_in(m, "inga", "analyst")
    m.run("compartment", "add", "secret", "inga")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        line = re.search(r'<p class="paper">(.*?)</p>', b.get(f"/items/{open_item}").text)[1]
        assert "Opened by inga on" in line and "example.org/test" in line and "Confidential" not in line
        for page in (f"/items/{item}", f"/items/{item}/text", f"/access/{item}", "/find?q=quindarvio", f"/items/{item}"):
            assert "Confidential" in re.search(r'<p class="paper">(.*?)</p>', b.get(page).text)[1], page
        assert 'class="paper"' not in b.get("/nothing").text and 'class="paper"' not in Browser(desk).get("/sign-in").text
