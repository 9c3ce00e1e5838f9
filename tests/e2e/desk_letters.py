"""Letters at the desk: drafts, procedures, sign-on by strangers, rosters, what is due. All by plain forms."""
import csv
import datetime
import io
import re
import signal
import threading
import time

import vigil
from desk_client import Browser, let_in, serving, words
from desk_work import form
from records import invent_states
from vigil import enter, leave, me

HOSTILE = "<script>alert(1)</script>\"'&"
TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
FORMULA = '=HYPERLINK("http://x.example","y")'


def step(b, path, **fields):
    got = b.post(path, fields)
    assert got.status == 303, (path, fields, words(got.text))
    return b.get(got.to.split("#")[0])


def begin(b, **fields):
    b.get("/letters/new")
    got = b.post("/letters/new", {f"v.{k}": v for k, v in fields.items()})
    assert got.status == 303, words(got.text)
    return re.fullmatch(r"/letters/(rec_\w+)", got.to)[1]


def open_page(b, letter, **fields):
    """Opens a letter for signing; the address of its public page."""
    page = step(b, f"/letters/{letter}/sign-on", step="open", page="yes", **fields).text
    return re.search(r"/sign/page_\w+", page)[0]


def sign(b, page, organisation, named="yes", **fields):
    return b.post(page, {"organisation": organisation, "named": named, **fields})


def stranger(desk, page):
    b = Browser(desk)
    assert b.get(page).status == 200
    return b


def roster(b, letter):
    return b.get(f"/letters/{letter}/roster")


def waiting(page):
    """Names to the endorsements that wait."""
    found = re.findall(r'name="endorsement" value="(rec_\w+)">\s*<bdi>(.*?)</bdi>', page.text)
    return {words(name): record for record, name in found}


def people(m, *names):
    for name, role in names:
        let_in(m, name, role)


def test_a_letter_is_drafted_and_sent(m):
    invent_states(m)
    law = m.json("new", "law", f"title={HOSTILE}", "state=XAA").one["record"]
    people(m, ("cora", "coordinator"), ("sam", "submitter"), ("adam", "administrator"))
    with serving(m) as desk:
        cora = Browser(desk, "cora")
        form_page = cora.get(f"/letters/new?about={law}")
        assert "&lt;script&gt;" in form_page.text and "<script" not in form_page.text
        got = cora.post("/letters/new", {"about": law, "v.subject": f"On {HOSTILE}", "v.kind": "OL", "v.state": "Freedonia\r\nXAB\r\n",
                                         "v.text": "Excellency,\r\nwe write to you.", "v.reply_by": "2126-12-24"})
        assert got.status == 303, words(got.text)
        letter = got.to.split("/")[-1]
        page = cora.get(got.to)
        seen = words(page.text)
        assert all(w in seen for w in ("Freedonia", "Sylvania", "we write to you.", "drafted", HOSTILE)), seen
        assert "<script" not in page.text
        shown = m.json("show", letter).one["claims"]
        assert {c["typed"] for c in shown if c["property"] == "state"} == {"XAA", "XAB"}, shown
        assert [c["typed"] for c in shown if c["property"] == "text"] == ["Excellency,\nwe write to you."]
        # Corrected as the record corrects: the claim that differs is withdrawn, a new one made, all else stays.
        draft = cora.get(f"/letters/{letter}/draft").text
        newest = re.search(r'name="seen" value="(\d+)"', draft)[1]
        assert 'value="2126-12-24"' in draft and "Excellency,\nwe write to you.</textarea>" in draft, draft
        fields = {"seen": newest, "v.subject": "On a law", "v.kind": "OL", "v.state": "Freedonia", "v.text": "Excellency,\r\nwe write to you.",
                  "v.addressee": "An Office of Weights\r\n", "v.reply_by": "2126-12-24", "reason": "shorter"}
        assert cora.post(f"/letters/{letter}/draft", fields).status == 303
        after = m.json("history", letter).one["claims"]
        gone = [c for c in after if c.get("withdrawn")]
        assert sorted(c["property"] for c in gone) == ["state", "subject"], gone
        assert sum(c["property"] == "text" for c in after) == 1
        # Who looked before that change does not undo it.
        late = cora.post(f"/letters/{letter}/draft", {**fields, "v.subject": "Old"})
        assert late.status == 400 and "somebody else changed" in words(late.text)
        # Nothing that changed is written down as nothing.
        newest = re.search(r'name="seen" value="(\d+)"', cora.get(f"/letters/{letter}/draft").text)[1]
        size = m.verified()["entries"]
        assert cora.post(f"/letters/{letter}/draft", {**fields, "seen": newest}).status == 303
        assert m.verified()["entries"] == size
        # The steps of its procedure.
        assert "Next steps" in seen
        item = m.add(m.file("in/register.txt", "Registered and sent by post.\n"))
        item = next(iter(item.values()))["item"]
        step_form = words(cora.get(f"/records/{letter}/step?state=sent").text)
        assert "Take the step" in step_form and "On which day" in step_form
        moved = step(cora, f"/records/{letter}/step", state="sent", on=TODAY, stance="asserts", item=item, words="sent by post",
                     source="The Register")
        seen = words(moved.text)
        assert "It is now: sent" in re.sub(r"\s+", " ", seen) and "The Register" in seen and "2126-12-24" in seen, seen
        refused = cora.post(f"/records/{letter}/step", {"state": "dropped", "stance": "asserts"})
        assert refused.status == 400 and all(w in words(refused.text) for w in ("there are", "acknowledged", "answered")), words(refused.text)
        assert cora.get(f"/records/{letter}/step?state=nowhere").status == 400
        future = cora.post(f"/records/{letter}/step", {"state": "acknowledged", "on": "2126-01-01", "stance": "asserts"})
        assert future.status == 400 and "still to come" in words(future.text)
        # What has left is no draft.
        sent = cora.post(f"/letters/{letter}/draft", {**fields, "v.subject": "Changed", "seen": re.search(
            r'name="seen" value="(\d+)"', cora.get(f"/letters/{letter}/draft").text)[1]})
        assert sent.status == 400 and "no draft" in words(sent.text), words(sent.text)
        # A reply is logged by a form that knows its letter.
        new = cora.get(f"/new?type=reply&v.letter={letter}&ask=received").text
        assert f'value="{letter}"' in new
        got = cora.post("/new", {"type": "reply", "v.letter": letter, "v.received": TODAY, "v.grade": "", "stance": "asserts"})
        assert got.status == 303, words(got.text)
        reply = got.to.split("/")[-1]
        page = cora.get(f"/letters/{letter}").text
        assert f"/records/{reply}" in page and "answered" in words(page)
        rows = cora.get("/letters?state=answered&country=XAA&words=law")
        assert f"/letters/{letter}" in rows.text, words(rows.text)
        for nothing in ("/letters?state=drafted", "/letters?country=XAB", "/letters?words=quux", "/letters?sign_on=open"):
            assert f"/letters/{letter}" not in cora.get(nothing).text, nothing
        for role in ("sam",):
            b = Browser(desk, role)
            for path in ("/letters", f"/letters/{letter}", f"/records/{letter}/step?state=public", "/due.ics"):
                assert b.get(path).status == 404, path
        adam = Browser(desk, "adam")
        assert adam.get(f"/letters/{letter}").status == 200 and adam.get(f"/letters/{letter}/draft").status == 404
    m.verified()


def test_strangers_sign(m):
    invent_states(m)
    enter(m, "representatives")
    member = me(m)
    people(m, ("cora", "coordinator"), ("anna", "analyst"), (member, "analyst"))
    m.run("new", "organisation", "name=Known Circle", "country=XAA")
    with serving(m) as desk:
        cora, anna = Browser(desk, "cora"), Browser(desk, "anna")
        letter = begin(cora, subject="Release them", text="We the undersigned ask for it.", kind="OL", asks="Open the gates.")
        assert anna.post(f"/letters/{letter}/sign-on", {"step": "open"}).status == 404
        page = open_page(cora, letter)
        given = m.json("given").lines
        assert [(g["what"], g["recipient"]) for g in given] == [("sign-on page", "the public")], given
        # The page says what is to be signed, to anybody, in six languages, and nothing of what is inside.
        who = stranger(desk, page)
        seen = who.get(page)
        assert all(w in words(seen.text) for w in ("Release them", "We the undersigned", "Open the gates.", "What happens with it"))
        assert "/records/" not in seen.text and "drafted" not in words(seen.text) and "<script" not in seen.text
        for tag, word in (("fr", "Signer"), ("es", "Firmar"), ("ar", "توقيع"), ("ru", "Подписать"), ("zh", "签署")):
            who.get(f"/language/{tag}?to=/")
            assert word in words(who.get(page).text), tag
        who.get("/language/en?to=/")
        assert cora.get(page).text.count("/sign-out") == 0
        for wrong in (page[:-1] + ("0" if page[-1] != "0" else "1"), "/sign/page_", f"/sign/{letter}", "/sign/x", page + "/x", page + f"/{letter}",
                      page + f"/{letter}/receipt"):
            assert stranger_status(desk, wrong) == 404, wrong
        # A form that is not from the page is none.
        assert sign(Browser(desk), page, "Nobody").status == 400
        assert who.post(page, {"organisation": "Nobody", "named": "yes"}, token="0" * 64).status == 400
        assert who.post(page, {"organisation": "Nobody", "named": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}).status == 400
        # Names that are none stand there again, with why.
        for bad, why in (("", "Say which"), ("  ", "Say which"), ("x" * 10240, "Two hundred"), ("a\u202eb", "characters that no name has"),
                         ("a\u2066b", "characters that no name has"), ("a\nb", "characters that no name has"), ("a\x07", "characters that no name has")):
            got = sign(who, page, bad)
            assert got.status == 400 and why in words(got.text), (bad[:20], got.status)
        assert not waiting(roster(cora, letter))
        names = ["Circle of Weavers", HOSTILE, FORMULA, "منظمة\u200f الشهود", "Quiet Ones", "Known Circle", "Known Circle"]
        texts = []
        for name in names:
            fields = {"named": "no"} if name == "Quiet Ones" else {}
            got = sign(who, page, name, country="XAA", representative="Rita Quindarvio", role="chair", contact="rita@x.example", **fields)
            assert got.status == 303 and re.fullmatch(page + r"/rec_\w+", got.to), (name, got.status, words(got.text))
            done = who.get(got.to)
            texts.append(re.sub(r"rec_\w+|\d+", "N", done.text))
            receipt = who.get(got.to + "/receipt")
            assert receipt.status == 200 and receipt.header("Content-Disposition").startswith("attachment")
            key = m.run("key").out.decode().strip()
            assert m.run("receipt", "--check", m.file("r", receipt.body), "--key", key).out.startswith(b"good")
        assert len(set(texts)) == 1, "what comes back is the same, whoever signed before"
        # Nobody is named before somebody looked, nor is it told that anybody signed.
        assert "Weavers" not in stranger(desk, page).get(page).text
        listed = roster(cora, letter)
        assert "<script" not in listed.text and "Nobody has vouched" in words(listed.text)
        found = waiting(listed)
        assert set(found) == set(names), set(found) ^ set(names)
        assert "Rita" not in listed.text and "rita@" not in listed.text    # cora is in no such compartment
        assert "Rita" not in roster(anna, letter).text and not waiting(roster(anna, letter))
        for reads in ("/log", "/find?q=Quindarvio", f"/records/{found['Quiet Ones']}"):
            assert "Rita" not in cora.get(reads).text, reads
        # Who is in it opens the record of one, which is an entry.
        insider = Browser(desk, member)
        inside = roster(insider, letter).text
        assert "Rita" not in inside and f"/records/{found['Quiet Ones']}" in inside
        assert "Rita" in insider.get(f"/records/{found['Quiet Ones']}").text
        assert anna.post(f"/letters/{letter}/roster", {"step": "accept", "endorsement": found["Quiet Ones"]}).status == 404
        # Accepted, refused.
        chosen = [r for n, r in found.items() if n != FORMULA]
        first = step(cora, f"/letters/{letter}/roster", step="accept", endorsement=chosen + [])
        again = cora.post(f"/letters/{letter}/roster", {"step": "accept", "endorsement": chosen[0]})
        assert again.status == 400 and "not waiting" in words(again.text)
        left = waiting(first)
        assert FORMULA in left and "Known Circle" in left, left    # of two of one name the dict held one
        step(cora, f"/letters/{letter}/roster", step="accept", endorsement=list(left.values()))
        got = sign(who, page, "Spam Works")
        assert got.status == 303
        spam = waiting(roster(cora, letter))
        after = step(cora, f"/letters/{letter}/roster", step="refuse", endorsement=spam["Spam Works"], reason="an advertisement")
        assert not waiting(after) and "Spam Works" not in words(after.text)
        assert "Organisations: 6, of countries: 1" in words(after.text), words(after.text)
        assert "signed twice, counts once" in words(after.text)
        public = words(stranger(desk, page).get(page).text)
        assert all(n in public for n in (HOSTILE, FORMULA, "Circle of Weavers", "not named: 1")) and "Quiet Ones" not in public and "Spam" not in public
        assert len(m.json("list", "organisation").lines) == 6    # the one that was known is not made again
        # Given out: recorded, without who asked not to be named, and no cell is a formula.
        assert cora.post(f"/letters/{letter}/roster.csv", {"to": "", "purpose": "x"}).status == 400
        assert anna.post(f"/letters/{letter}/roster.csv", {"to": "A paper", "purpose": "x"}).status == 404
        out = cora.post(f"/letters/{letter}/roster.csv", {"to": "A paper", "purpose": "publication"})
        assert out.status == 200 and out.header("Content-Type").startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(out.text, newline="")))
        cells = {r["organisation"] for r in rows}
        assert "Quiet Ones" not in cells and "'" + FORMULA in cells and HOSTILE in cells, cells
        assert not any(c[:1] in "=+-@\t\r" for r in rows for c in r.values() if c)
        told = m.json("given").lines
        assert [(g["what"], g["recipient"], g["purpose"]) for g in told if g["what"] == "roster"] == [("roster", "A paper", "publication")], told
        # Withdrawn: off the page, on record.
        weavers = re.search(r'<option value="(rec_\w+)">Circle of Weavers', roster(cora, letter).text)[1]
        gone = step(cora, f"/letters/{letter}/roster", step="withdraw", endorsement=weavers, reason="they asked")
        assert "withdrawn: 1" in words(gone.text) and "Weavers" not in words(stranger(desk, page).get(page).text)
        # The text that people signed is not changed.
        seen = re.search(r'name="seen" value="(\d+)"', cora.get(f"/letters/{letter}/draft").text)[1]
        assert cora.post(f"/letters/{letter}/draft", {"seen": seen, "v.subject": "Other", "v.kind": "OL"}).status == 400
        # Taken away, and another; then closed.
        step(cora, f"/letters/{letter}/sign-on", step="no-page")
        assert stranger_status(desk, page) == 404 and sign(who, page, "Late").status == 404
        other = re.search(r"/sign/page_\w+", step(cora, f"/letters/{letter}/sign-on", step="page").text)[0]
        assert other != page
        late = stranger(desk, other)
        step(cora, f"/letters/{letter}/sign-on", step="close")
        assert "takes no more signatures" in words(late.get(other).text)
        closed = sign(late, other, "Latecomers")
        assert closed.status == 400 and "takes no more signatures" in words(closed.text)
        assert not waiting(roster(cora, letter))
        assert f"/letters/{letter}" in cora.get("/letters?sign_on=closed").text
    assert b"Rita" in m.run("show", found["Circle of Weavers"]).out    # who is in the compartment sees it
    leave(m, "representatives")
    m.verified()


def stranger_status(desk, path):
    return Browser(desk).get(path).status


def test_doubles_and_tables(m):
    invent_states(m)
    people(m, ("cora", "coordinator"), ("anna", "analyst"))
    with serving(m) as desk:
        cora, anna = Browser(desk, "cora"), Browser(desk, "anna")
        letter = begin(cora, subject="A joint letter", kind="OL")
        table = f'Organisation,Country,Signed on\n"{FORMULA.replace(chr(34), chr(34) * 2)}",Freedonia,2026-11-02\nHouse of Records Ltd,XAA,\n' \
                'House of Records,Freedonia,2026-11-03\nWitness Line,Sylvania,\nWitnes Line,Sylvania,\nHouse of Records,XAA,\n,XAA,\nX,Nowhere Land,\n'

        def send(b, data, token=None):
            body = form({"token": b.token if token is None else token}, [("table.csv", data)])
            return b.ask("POST", f"/letters/{letter}/endorsements", body, {"Content-Type": "multipart/form-data; boundary=XX"})

        roster(anna, letter)
        assert send(anna, table.encode()).status == 404
        came = send(cora, table.encode())
        seen = words(came.text)
        assert came.status == 200 and "Added: 5; signed already: 1; failed: 2" in seen, seen
        nonsense = send(cora, b"a,b\n1,2\n")
        assert nonsense.status == 400 and "no column is called organisation" in words(nonsense.text), words(nonsense.text)
        page = roster(cora, letter)
        text = words(page.text)
        assert "Organisations: 3, of countries: 2" in text and "One organisation, or two?" in text, text
        pairs = re.findall(r'name="one" value="(rec_\w+)"><input type="hidden" name="other" value="(rec_\w+)"', page.text)
        assert len(pairs) == 2 and not re.search('name="one"', roster(anna, letter).text)
        names = {r: n for r, n in re.findall(r'<option value="(rec_\w+)">([^<]*)', page.text)}
        records = next(p for p in pairs if "Records" in names[p[0]])
        lines = next(p for p in pairs if p != records)
        page = step(cora, f"/letters/{letter}/roster", step="same", one=records[0], other=records[1])
        assert "Organisations: 3, of" in words(page.text)
        page = step(cora, f"/letters/{letter}/roster", step="different", one=lines[0], other=lines[1])
        assert "Organisations: 4, of" in words(page.text) and 'name="one"' not in page.text, words(page.text)
        again = cora.post(f"/letters/{letter}/roster", {"step": "same", "one": records[0], "other": records[1]})
        assert again.status == 400
        assert cora.post(f"/letters/{letter}/roster", {"step": "dance"}).status == 400
    m.verified()


def test_what_was_confirmed_is_there_after_a_kill(m):
    people(m, ("cora", "coordinator"))
    confirmed, lock = [], threading.Lock()
    with serving(m) as desk:
        cora = Browser(desk, "cora")
        letter = begin(cora, subject="To be signed in haste", kind="OL")
        page = open_page(cora, letter)

        def hasten(name):
            try:
                b = stranger(desk, page)
                for i in range(8):
                    got = sign(b, page, f"{name} {i}")
                    if got.status != 303:
                        return
                    with lock:
                        confirmed.append((f"{name} {i}", got.to))
            except OSError:
                pass    # the server is gone

        threads = [threading.Thread(target=hasten, args=(f"Circle {i}",)) for i in range(4)]
        for t in threads:
            t.start()
        while len(confirmed) < 5 and any(t.is_alive() for t in threads):
            time.sleep(0.01)
        desk.end(signal.SIGKILL)
        for t in threads:
            t.join()
    assert len(confirmed) >= 5
    with serving(m) as desk:
        cora = Browser(desk, "cora")
        there = waiting(roster(cora, letter))
        for name, at in confirmed:
            assert name in there, name
            assert Browser(desk).get(at).status == 200, at
    m.verified()


def test_addresses_that_send_too_much_wait(m):
    people(m, ("cora", "coordinator"))
    with serving(m) as desk:
        cora = Browser(desk, "cora")
        letter = begin(cora, subject="Of interest to robots", kind="OL")
        page = open_page(cora, letter)
        b = stranger(desk, page)
        told = [sign(b, page, f"Robot {i}").status for i in range(13)]
        assert told[:10] == [303] * 10 and 429 in told[10:], told
        assert "wait a little" in words(sign(b, page, "Robot").text)
        # Who signs in from there is not kept out.
        assert Browser(desk).sign_in("cora").status == 303


def test_what_is_due_is_filtered_and_leaves_as_a_calendar(m):
    invent_states(m)
    enter(m, "inner")
    people(m, ("cora", "coordinator"), (me(m), "analyst"))
    long_ago = m.json("new", "letter", f"subject=Late {HOSTILE}", "state=XAA", "kind=OL", "sent=2026-01-05").one["record"]
    m.run("new", "letter", "subject=Quiet matter", "state=XAB", "kind=OL", "sent=2026-11-20", "--compartment", "inner")
    m.run("new", "visit", "state=XAB", "requested=2026-11-20")
    with serving(m) as desk:
        cora, mine = Browser(desk, "cora"), Browser(desk, me(m))
        all_of = words(cora.get("/due?days=400").text)
        assert "Late" in all_of and "Quiet" not in all_of and "Sylvania" in all_of, all_of
        assert "Quiet" in words(mine.get("/due?days=400").text)
        assert "/records/" not in cora.get("/due?days=400&country=XAA&kind=visit").text
        assert long_ago in cora.get("/due?days=400&country=XAA&kind=letter&overdue=1").text
        assert long_ago not in cora.get("/due?days=400&mine=1").text and long_ago in mine.get("/due?days=400&mine=1").text
        for b in (cora, mine):
            ics = b.get("/due.ics?days=400")
            assert ics.header("Content-Type").startswith("text/calendar") and "Quiet" not in ics.text
            plain = ics.text.replace("\r\n ", "")
            assert "SUMMARY:reply due: Late <script>" in plain and f"UID:{long_ago}-reply@" in plain, plain
            assert plain.count("BEGIN:VEVENT") == 2 and ics.text.endswith("END:VCALENDAR\r\n"), plain
        # Something of a State is logged by forms that know the State.
        assert "/states/XAA/log" in cora.get("/states/XAA").text
        quick = cora.get("/states/XAA/log")
        assert long_ago in quick.text and "visit" in words(quick.text)
        address = re.search(r'href="(/new\?type=visit[^"]*)"', quick.text)[1].replace("&amp;", "&")
        asked = cora.get(address).text
        assert '<option value="XAA" selected' in asked and 'name="v.requested"' in asked
        got = cora.post("/new", {"type": "visit", "v.state": "XAA", "v.requested": "2026-11-25", "stance": "asserts"})
        assert got.status == 303 and "requested" in words(cora.get(got.to).text)
        assert cora.get("/states/XXX/log").status == 404
    m.verified()
