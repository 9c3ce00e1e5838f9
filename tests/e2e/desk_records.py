"""Work at records, cases, findings and tasks, by plain forms: what stands against what, what was before, who may do what next."""
import html
import re
import urllib.parse

from desk_client import Browser, let_in, serving, words
from records import invent_states
from vigil import enter

HOSTILE = "<script>alert(1)</script>\"'\u202eabc"


def new(m, *args):
    return m.json("new", *args).one["record"]


def claims_of(m, record, *args):
    return m.json("show", record, *args).one["claims"]


def name_of(m, record, prop, typed=None):
    return next(c["claim"] for c in claims_of(m, record) if c["property"] == prop and typed in (None, c["typed"]))


def sides(page):
    """What stands under which heading, of each group of claims."""
    found = {}
    for card in re.findall(r'<section class="card">(.*?)</section>', page, re.S):
        title = words(re.search(r"<h2>(.*?)</h2>", card, re.S)[1]).strip()
        found[title] = [words(s) for s in re.split(r'<div class="side(?=[ "])', card)[1:]]
    return found


def went(answer, where=""):
    assert answer.status == 303, words(answer.text)
    assert answer.to.startswith(where), answer.to
    return answer.to


def refused(answer, *said):
    assert answer.status == 400, (answer.status, words(answer.text))
    for word in said:
        assert word in words(answer.text), (word, words(answer.text))


def a_denial_stands_beside_the_allegation(m, b):
    path = m.file("in/a.txt", "The law was enacted in June.\nThe ministry denies it.\n")
    item = m.add(path)[str(path)]["item"]
    law = new(m, "law", "title=Assembly Act", "state=XAA", "--source", "A paper", "--cite", f"{item}:The law was enacted in June.")
    m.run("claim", law, "enacted=2020-06", "--source", "A paper")
    event = new(m, "event", f"title={HOSTILE}")
    enacted = name_of(m, law, "enacted")
    page = b.get(f"/records/{law}").text
    assert "The law was enacted in June." in words(page) and f'href="/claim?of={enacted}&amp;stance=denies"' in page
    # The form knows what is denied; it only asks who denies it.
    page = b.get(f"/claim?of={enacted}&stance=denies").text
    assert 'value="2020-06"' in page and re.search(r'value="denies"\s+selected', page), page
    assert f'name="record" value="{law}"' in page and 'name="property" value="enacted"' in page
    went(b.post("/claim", {"record": law, "property": "enacted", "value": "2020-06", "stance": "denies", "source": "Ministry of Justice"}))
    shown = sides(b.get(f"/records/{law}").text)
    group = next(v for k, v in shown.items() if "enacted" in k.lower())
    assert len(group) == 2 and "A paper" in group[0] and "Denied" in group[1] and "Ministry of Justice" in group[1], shown
    # One claim, with how many say so, and what may be done.
    page = words(b.get(f"/claims/{enacted}").text)
    assert "Claims that say so: 1; sources: 1; origins: 1; denials: 1." in page, page
    # Nothing is there that is not.
    for path in ("/claims/c999.0", "/claims/nothing", "/claims/c1.4096", f"/claims/{law}", "/records/rec_00000000000000000000000000/same", "/claim?of=c999.0"):
        assert b.get(path).status == 404, path
    assert "<script>alert" not in b.get(f"/records/{event}").text and HOSTILE in html.unescape(b.get(f"/records/{event}").text)


def corrections_and_withdrawals_stay_in_the_history(m, b):
    law = new(m, "law", "title=First name", "--source", "A paper", "--credibility", "2")
    first = int(m.json("log", "--limit", "1").one["index"])
    claim = name_of(m, law, "title")
    b.get(f"/claims/{claim}")
    again = {"value": "Second name", "stance": "asserts", "source": "A paper", "credibility": "3"}
    entries = m.verified()["entries"]
    refused(b.post(f"/claims/{claim}/correct", again), "why")
    refused(b.post(f"/claims/{claim}/correct", {**again, "reason": "misread", "stance": "shouts"}), "denies")
    refused(b.post(f"/claims/{claim}/correct", {**again, "reason": "misread", "value": ""}), "title")
    refused(b.post(f"/claims/{claim}/withdraw", {}), "why")
    refused(b.post(f"/claims/{claim}/withdraw", {"reason": "x"}, token="0" * 64))
    assert m.verified()["entries"] == entries
    went(b.post(f"/claims/{claim}/correct", {**again, "reason": "misread"}), f"/records/{law}")
    now = claims_of(m, law)
    assert [(c["typed"], c["source_title"], c["credibility"]) for c in now] == [("Second name", "A paper", 3)], now
    assert m.verified()["entries"] == entries + 1, "one entry"
    assert b.post(f"/claims/{claim}/correct", {**again, "reason": "again"}).status == 400, "it was withdrawn"
    page = b.get(f"/records/{law}?history=1").text
    assert "First name" in page and "misread" in page and "Second name" in page
    # As it was: by entry, from the list of those that touched it.
    asked = re.findall(r'href="(/records/[^"]*as_of=%23\d+)"', b.get(f"/records/{law}").text)
    assert len(asked) == 2 and asked[0].endswith(str(first)), asked
    before, after = (words(b.get(a).text) for a in asked)
    assert "First name" in before and "First name" not in re.sub(r"What it was before.*", "", after, flags=re.S)
    assert "As it is known now" in before and 'href="/claim?record=' not in b.get(asked[0]).text
    new_claim = name_of(m, law, "title")
    went(b.post(f"/claims/{new_claim}/withdraw", {"reason": "never said"}), f"/records/{law}")
    assert claims_of(m, law) == [] and b.get(f"/records/{law}").status == 200
    assert words(b.get(f"/records/{law}").text).count("never said") >= 1


def two_records_become_one_and_two_again(m, b):
    one, two = new(m, "organisation", "name=Quindarvio Foundation"), new(m, "organisation", "name=Foundation Quindarvio")
    other, law = new(m, "organisation", "name=Zyx"), new(m, "law", "title=An act")
    before = int(m.json("log", "--limit", "1").one["index"])
    page = b.get(f"/records/{one}/same").text
    assert two in page and other not in page and "the same words in another order" in page
    refused(b.post(f"/records/{one}/same", {"other": law}), "cannot be the same")
    refused(b.post(f"/records/{one}/same", {"other": ""}))
    refused(b.post(f"/records/{one}/same", {"other": "Nobody there"}))
    went(b.post(f"/records/{one}/same", {"other": two, "reason": "one register number"}), f"/records/{one}")
    merged = int(m.json("log", "--limit", "1").one["index"])
    page = b.get(f"/records/{two}").text
    assert "Found to be the same" in page and "Quindarvio Foundation" in page and "Foundation Quindarvio" in page
    page = b.get("/records?type=organisation").text
    assert "2 records that are one" in page and page.count("Quindarvio") >= 1
    refused(b.post(f"/records/{one}/split", {"other": two}), "why")
    refused(b.post(f"/records/{one}/split", {"other": other, "reason": "x"}), "no claim says")
    went(b.post(f"/records/{one}/split", {"other": two, "reason": "two registers"}))
    assert "Foundation Quindarvio" not in words(b.get(f"/records/{one}").text)
    for entry, together in ((before, False), (merged, True)):
        page = words(b.get(f"/records/{one}?as_of=%23{entry}").text)
        assert ("Foundation Quindarvio" in page) == together, (entry, page)


def records_are_listed_and_lead_to_each_other(m, b):
    for i in range(60):
        m.run("new", "law", f"title=Act {i}", "state=" + ("XAA" if i % 2 else "XAB"))
    event = new(m, "event", "title=A meeting", "began=2020-05-03")
    case = new(m, "case", "title=Old town", "opened=2021-01-01", f"events={event}")
    page = b.get("/records?type=law").text
    more = html.unescape(re.search(r'href="([^"]*after=\d+)"', page)[1])
    rest = b.get(more).text
    titles = re.findall(r"<bdi>(Act \d+)</bdi>", page + rest)
    assert sorted(titles) == sorted(f"Act {i}" for i in range(60)), titles
    assert "after=" not in rest and "From the beginning" in rest
    page = b.get("/records?type=law&property=state&value=Freedonia").text
    assert len(re.findall(r"<bdi>(Act \d+)</bdi>", page)) == 30
    assert 'role="alert"' in b.get("/records?type=law&property=state&value=Nowhere+at+all").text
    assert b.get("/records?type=%3Cscript%3E").status == 200 and "Old town" in b.get("/records?type=case&state=open").text
    assert "Old town" not in b.get("/records?type=case&state=closed").text
    page = b.get(f"/records/{event}").text
    assert f'href="/cases/{case}"' in page and "What leads here" in page and "2020-05-03" in words(page)
    assert "task" in words(b.get("/types").text) and b.get("/types/nothing").status == 404
    page = words(b.get("/types/task").text)
    assert "under way" in page and "assigned" in page, page
    # A step of a procedure that is not the mechanism's guarded one.
    went(b.post(f"/records/{case}/step", {"state": "closed", "stance": "asserts"}), f"/cases/{case}")
    refused(b.post(f"/records/{case}/step", {"state": "nowhere", "stance": "asserts"}), "no step leads")
    refused(b.post(f"/records/{event}/step", {"state": "open", "stance": "asserts"}), "no procedure")
    back = {"stance": "asserts", "back": "//evil.example"}
    assert went(b.post(f"/records/{case}/step", {"state": "open", **back})) == f"/cases/{case}"
    # What leads on; a part of an id is no address: it would tell how many begin so.
    assert f'href="/network?record={event}"' in b.get(f"/records/{event}").text
    assert b.get(f"/records/{event[:12]}").status == b.get("/records/rec_0").status == b.get(f"/records/{event[:12]}/step").status == 404


def a_gap_of_a_case_disappears(m, b):
    path = m.file("in/a.txt", "Shells fell on the old town.\n")
    item = m.add(path)[str(path)]["item"]
    event = new(m, "event", "title=Shelling of the old town", "--cite", f"{item}:Shells fell", "--source", "A paper")
    claim = name_of(m, event, "title")
    case = new(m, "case", f"title={HOSTILE}", "crimes=CAH.a", f"events={event}")
    m.run("new", "exculpatory_mark", f"case={case}", f"claim={claim}", "why=It may have been another town.")
    page = b.get(f"/cases/{case}").text
    gaps = int(re.search(r"gaps: (\d+)", page)[1])
    assert gaps > 1 and page.count("no claim for it yet") == gaps and "<script>alert" not in page
    assert "It may have been another town." in page
    form = {"of": "element", "element": "CAH.a.1"}
    refused(b.post(f"/cases/{case}/proof", form), "name a claim")
    refused(b.post(f"/cases/{case}/proof", {**form, "for": "c999.0"}))
    refused(b.post(f"/cases/{case}/proof", {"of": "title", "element": "x", "for": claim}), "which element")
    went(b.post(f"/cases/{case}/proof", {**form, "gap": "Who gave the order?"}), f"/cases/{case}#CAH.a.1")
    page = b.get(f"/cases/{case}").text
    assert f"gaps: {gaps}" in page and "Who gave the order?" in page
    proof = re.search(r'name="proof" value="(rec_\w+)"', page)[1]
    went(b.post(f"/cases/{case}/proof", {**form, "proof": proof, "for": f" {claim} "}))
    page = b.get(f"/cases/{case}").text
    assert f"gaps: {gaps - 1}" in page and page.count("no claim for it yet") == gaps - 1
    assert "Shells fell" in words(page) and re.search(r'<strong class="stance">exculpatory', page)
    assert len(m.json("list", "element_proof").lines) == 1
    listed = b.get("/cases").text
    assert f'href="/cases/{case}"' in listed and f">{gaps - 1}<" in listed
    # Given out, it is a page of its own, and recorded.
    refused(b.post(f"/cases/{case}/give", {"to": "", "purpose": ""}), "to whom")
    got = b.post(f"/cases/{case}/give", {"to": "A court", "purpose": "proceedings"})
    assert got.status == 200 and "Given to A court." in got.text and b.token not in got.text and "<form" not in got.text
    given = m.json("given", case).lines
    assert [(g["what"], g["recipient"], g["purpose"], g["actor"], g["bytes"]) for g in given] == [
        ("case", "A court", "proceedings", "inga", len(got.body))], given
    assert b.get(f"/cases/{event}").status == 404 and b.get("/cases/rec_00000000000000000000000000").status == 404


def test_an_analyst_works_at_records(m):
    invent_states(m)
    let_in(m, "inga", "analyst")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        for part in (a_denial_stands_beside_the_allegation, corrections_and_withdrawals_stay_in_the_history,
                     two_records_become_one_and_two_again, records_are_listed_and_lead_to_each_other, a_gap_of_a_case_disappears):
            part(m, b)
    m.verified()


def the_parties_are_heard(m, anna, rosa):
    law = new(m, "law", "title=Assembly Act", "--source", "A paper")
    anna.get("/findings/new")
    here = went(anna.post("/findings/new", {"proposition": "It was enacted.", "state": "XAA", "for": name_of(m, law, "title")}), "/findings/")
    assert "had no opportunity to respond yet" in words(anna.get(here).text)
    refused(rosa.post(here + "/review", {"deed": "review"}), "no opportunity")
    refused(anna.post(here, {"deed": "notify"}), "until when")
    refused(anna.post(here, {"deed": "notify", "respond_by": "2090-01-01"}), "risk")
    refused(anna.post(here, {"deed": "not-notified", "reason": ""}), "why")
    went(anna.post(here, {"deed": "not-notified", "reason": "A risk to somebody.", "party": "state:XAA"}))
    page = words(anna.get(here).text)
    assert "had its opportunity to respond" in page, page
    went(rosa.post(here + "/review", {"deed": "review"}))
    went(anna.post(here, {"deed": "response", "words": "It is not so.", "party": "state:XAA"}))
    refused(anna.post(here, {"deed": "response", "party": "state:XAB"}), "not against")


def test_a_finding_takes_two_people_who_did_not_write_it(m):
    invent_states(m)
    for name in ("anna", "rosa", "ruth"):
        let_in(m, name, "reviewer" if name != "anna" else "analyst")
    m.run("login", "give", "anna", "--role", "reviewer")
    law = new(m, "law", "title=Assembly Act", "--source", "A paper")
    claim = name_of(m, law, "title")
    with serving(m) as desk:
        anna, rosa, ruth = (Browser(desk, n) for n in ("anna", "rosa", "ruth"))
        anna.get("/findings/new")
        good = {"proposition": f"It was enacted. {HOSTILE}", "for": claim}
        refused(anna.post("/findings/new", {**good, "proposition": ""}), "proposition")
        refused(anna.post("/findings/new", {**good, "for": "c999.0"}))
        standard = re.search(r'name="standard"><option value=""></option><option value="([^"]+)"', anna.get("/findings/new").text)[1]
        finding = went(anna.post("/findings/new", {**good, "standard": standard, "reasons": "One paper says so."}), "/findings/").split("/")[-1]
        here, review = f"/findings/{finding}", f"/findings/{finding}/review"

        def page(b):
            got = b.get(here)
            assert got.status == 200 and "<script>alert" not in got.text
            return words(got.text)

        assert "needs two reviewers" in page(anna) and "You are its author" in page(anna)
        assert 'value="review"' not in anna.get(here).text and 'value="review"' in rosa.get(here).text
        refused(anna.post(review, {"deed": "review"}), "its author")
        refused(rosa.post(review, {"deed": "adopt"}), "0 of 2")
        refused(rosa.post(here, {"deed": "review"}), "no step")
        went(rosa.post(review, {"deed": "review"}), here)
        assert "needs one more reviewer" in page(ruth) and "You reviewed it as it stands" in page(rosa)
        refused(rosa.post(review, {"deed": "adopt"}), "1 of 2")
        assert 'value="adopt"' not in rosa.get(here).text
        # What was said anew is reviewed anew; who stands aside does not count.
        m.run("claim", finding, "reasons=And a second one.")
        assert "needs two reviewers" in page(ruth)
        went(rosa.post(review, {"deed": "review"}))
        went(ruth.post(review, {"deed": "review"}))
        assert 'value="adopt"' in ruth.get(here).text and "2 of 2" in page(ruth)
        refused(ruth.post(here, {"deed": "recuse", "interest": ""}), "which interest")
        went(ruth.post(here, {"deed": "recuse", "interest": "my sister works there"}))
        assert "needs one more reviewer" in page(rosa) and "You stood aside" in page(ruth)
        refused(ruth.post(review, {"deed": "review"}), "stood aside")
        let_in(m, "rita", "reviewer")
        rita = Browser(desk, "rita")
        assert "may review it" in words(rita.get("/findings").text) and "author" in words(anna.get("/findings").text)
        went(rita.post(review, {"deed": "review"}))
        went(rosa.post(review, {"deed": "adopt"}))
        assert "adopted" in page(anna) and "What may be done" not in page(anna)
        assert m.json("finding", "show", finding).one["state"] == "adopted"
        the_parties_are_heard(m, anna, rosa)
        # The role of the login is asked for by the table of routes.
        m.run("login", "take", "anna", "--role", "reviewer")
        assert anna.post(review, {"deed": "review"}).status == 404
    m.verified()


def test_the_life_of_a_task(m):
    let_in(m, "inga", "analyst")
    let_in(m, "otto", "coordinator")
    let_in(m, "sam", "submitter")
    path = m.file("in/a.txt", "A text.\n")
    item = m.add(path)[str(path)]["item"]
    law = new(m, "law", "title=Assembly Act")
    with serving(m) as desk:
        inga, otto = Browser(desk, "inga"), Browser(desk, "otto")
        page = inga.get(f"/tasks/new?about={law}").text
        assert "Assembly Act" in page and '<option value="otto"' in page and '<option value="sam"' not in page
        assert "a.txt" in inga.get(f"/tasks/new?item={item}").text and f"/tasks/new?item={item}" in inga.get(f"/items/{item}").text
        good = {"title": f"Read it {HOSTILE}", "about": law, "items": item, "assigned": "otto", "due": "2020-01-01", "remark": "soon"}
        refused(inga.post("/tasks/new", {**good, "title": ""}), "what is to be done")
        refused(inga.post("/tasks/new", {**good, "assigned": "sam"}), "nobody")
        refused(inga.post("/tasks/new", {**good, "due": "soon"}), "due")
        went(inga.post("/tasks/new", good), "/tasks")
        task = m.json("list", "task").one["record"]
        assert "nothing to do" in words(inga.get("/tasks").text)
        mine = otto.get("/tasks").text
        assert task in mine and "overdue" in mine and "<script>alert" not in mine and "Assembly Act" in mine and f"/items/{item}" in mine and "a.txt" in mine
        assert "Read it" in words(otto.get("/due").text) and "otto" in words(otto.get("/due").text)
        assert [d["record"] for d in m.json("due").lines if d["type"] == "task"] == [task]
        assert f"/tasks/new?about={law}" in inga.get(f"/records/{law}").text and task in inga.get(f"/records/{law}").text
        assert went(otto.post(f"/records/{task}/step", {"state": "under-way", "stance": "asserts", "back": "/tasks?of=mine"})) == "/tasks?of=mine"
        refused(otto.post(f"/records/{task}/step", {"state": "open", "stance": "asserts"}), "no step leads")
        went(otto.post(f"/records/{task}/step", {"state": "done", "stance": "asserts"}))
        assert "nothing to do" in words(otto.get("/tasks").text) and task in otto.get("/tasks?of=all").text
        assert not [d for d in m.json("due").lines if d["type"] == "task"]
        went(otto.post(f"/records/{task}/step", {"state": "open", "stance": "asserts"}))
        assert task in otto.get("/tasks").text
        went(otto.post(f"/records/{task}/step", {"state": "dropped", "stance": "asserts", "reason": "no need"}))
        assert "no need" in words(otto.get(f"/records/{task}").text) and "dropped" in words(otto.get(f"/records/{task}").text)
    m.verified()


def plain(answer, path):
    quoted = urllib.parse.quote(path, safe="")
    return answer.status, answer.text.replace(quoted, "PATH").replace(path, "PATH")


def test_what_is_denied_looks_like_what_is_missing(m):
    enter(m)
    case = new(m, "case", "title=Zyxwabc", "--compartment", "secret")
    law = new(m, "law", "title=The open law")
    m.run("claim", law, "title=Quindarvio act", "--compartment", "secret")
    hidden = name_of(m, law, "title", "Quindarvio act")
    leads = new(m, "case", "title=Another", "--compartment", "secret")
    event = new(m, "event", "title=An open event")
    m.run("claim", leads, f"events={event}", "--compartment", "secret")
    let_in(m, "otto", "analyst")
    with serving(m) as desk:
        b = Browser(desk, "otto")
        nothing = "rec_00000000000000000000000000"
        for pattern, there, missing in (("/cases/{}", case, nothing), ("/records/{}", case, nothing), ("/records/{}/same", case, nothing),
                                        ("/claims/{}", hidden, "c999.0"), ("/claim?of={}", hidden, "c999.0"), ("/tasks/new?about={}", case, nothing)):
            one, other = pattern.format(there), pattern.format(missing)
            assert plain(b.get(one), one) == plain(b.get(other), other), pattern
            assert b.get(one).status == 404, pattern
        one, other = (b.get(f"/claim?record={x}") for x in (case, nothing))
        assert one.text.replace(case, "ID") == other.text.replace(nothing, "ID") and "Zyxwabc" not in one.text
        b.get("/tasks/new")
        for pattern, there, missing, form in (("/cases/{}/proof", case, nothing, {"for": "c1.0"}), ("/cases/{}/give", case, nothing, {"to": "x"}),
                                              ("/records/{}/step", case, nothing, {"state": "closed", "stance": "asserts"}), ("/records/{}/same", case, nothing, {"other": law}),
                                              ("/claims/{}/withdraw", hidden, "c999.0", {"reason": "x"})):
            one, other = (b.post(pattern.format(x), form) for x in (there, missing))
            assert (one.status, one.body) == (other.status, other.body) and one.status == 404, (pattern, words(one.text))
        # A claim cannot lead to what its maker may not see; nor does the refusal tell of what type it is.
        b.get(f"/claim?record={law}")
        link = {"record": law, "property": "same", "value": case, "stance": "asserts"}
        about = {"title": "x", "about": case}
        for path, form in (("/claim", link), ("/tasks/new", about)):
            one, other = (b.post(path, {k: x if v == case else v for k, v in form.items()}) for x in (case, nothing))
            assert one.status in (400, 404) and plain(one, case) == plain(other, nothing), (path, words(one.text), words(other.text))
            assert "Zyxwabc" not in one.text
        one, other = (b.post("/claim", {**link, "property": "title", "value": "x", "source": x}) for x in (case, nothing))
        assert one.status in (400, 404) and plain(one, case) == plain(other, nothing), words(one.text)
        assert len(m.json("list", "task").lines) == 0
        open_case = new(m, "case", "title=Open to all", "crimes=CAH.a")
        proof = {"proof": case, "of": "element", "element": "CAH.a.1", "gap": "x"}
        finding = {"proposition": "x", "for": "c1.0", "case": case}
        for path, form in ((f"/cases/{open_case}/proof", proof), ("/findings/new", finding), ("/letters/new", {"about": case, "v.subject": "x"})):
            one, other = (b.post(path, {k: x if v == case else v for k, v in form.items()}) for x in (case, nothing))
            assert one.status in (400, 404) and plain(one, case) == plain(other, nothing), (path, words(one.text), words(other.text))
        for path in ("/network?record={}", "/letters/new?about={}", "/findings/new?case={}", "/new?type=task&v.about={}", "/records?type=task&property=about&value={}"):
            one, other = (b.get(path.format(x)) for x in (case, nothing))
            assert plain(one, case) == plain(other, nothing), (path, words(one.text), words(other.text))
        for path in ("/cases", "/records?type=case", "/findings", f"/records/{law}", f"/records/{law}?history=1", f"/records/{event}", "/tasks?of=all"):
            seen = b.get(path)
            assert seen.status == 200 and not any(w in seen.text for w in ("Zyxwabc", "Quindarvio", "Another", hidden)), path
    m.verified()
