"""Finding records: by the words of their claims, as far as whoever asks may see them."""
from rest import propose_and_approve, two_people
from vigil import build, sqlite_only


def found(m, *query):
    """Titles of the records that are found, in order."""
    return [line["title"] for line in m.json("find", *query, "--records").lines]


def me(m):
    return m.json("log", "--limit", "1").one["actor"]


def make(m, kind, *values, **more):
    return m.json("new", kind, *values, **more).one["record"]


def test_records_and_texts(m):
    m.add(m.file("in/report.txt", "The assembly met in the capital.\n"))
    law = make(m, "law", "title=Assembly Act", "--source", "The Morning Paper")
    m.run("new", "organisation", "name=fr:Réunion pour l'Assemblée")
    both = m.json("find", "assembly").lines
    assert [sorted(line) for line in both] == [
        ["claim", "record", "snippet", "stance", "title", "type"],
        ["end", "item", "score", "snippet", "start", "text", "title"]], both
    claim = next(c["claim"] for c in m.json("show", law).one["claims"] if c["property"] == "title")
    assert both[0] == {"record": law, "type": "law", "title": "Assembly Act",
                       "snippet": "[Assembly] Act", "claim": claim, "stance": "asserts"}
    assert m.json("find", "assembly", "--records").lines == both[:1]
    assert m.json("find", "assembly", "--texts").lines == both[1:]
    m.run("find", "assembly", "--texts", "--records", code=2)
    # Accents, prefixes, phrases, logic and the filters mean what they mean for texts.
    assert found(m, "reunion") == ["Réunion pour l'Assemblée"]
    assert found(m, "assembl*") == ["Réunion pour l'Assemblée", "Assembly Act"]
    assert found(m, '"assembly act"') == ["Assembly Act"]
    assert found(m, '"act assembly"') == []
    assert found(m, "assembl* NOT act") == ["Réunion pour l'Assemblée"]
    assert found(m, "lang:fr") == ["Réunion pour l'Assemblée"]
    assert found(m, "type:law") == ["Assembly Act"]
    assert found(m, "type:text/plain") == [] and len(m.json("find", "type:text").lines) == 1
    assert found(m, 'source:"morning paper"') == ["Assembly Act"]
    people = m.run("find", "assembly").out.decode().splitlines()
    assert people[0].startswith(law) and people[0].endswith("  Assembly Act"), people
    assert people[1].startswith("    ") and "[Assembly] Act" in people[1]
    assert "nothing found" in m.run("find", "zyxwabc").out.decode()
    assert m.json("find", "zyxwabc").lines == []


def test_dates_that_reach(m):
    make(m, "law", "title=Early", "enacted=2019-03")
    make(m, "law", "title=Some time", "enacted=2019/2021")
    make(m, "law", "title=Late", "enacted=2021-06~")
    make(m, "law", "title=No date")
    assert found(m, "after:2020") == ["Late", "Some time"]
    assert found(m, "before:2020") == ["Some time", "Early"]
    assert found(m, "early after:2020") == []


def test_the_order(m):
    only = make(m, "law", "title=Statute")
    m.run("claim", only, "text=en:On prisons and prisoners")
    m.run("claim", only, "text=en:Of prisons once more")
    make(m, "law", "title=Old prisons act")
    make(m, "law", "title=New prisons act")
    assert found(m, "prisons") == ["New prisons act", "Old prisons act", "Statute"]
    assert found(m, "prisons", "--limit", "2") == ["New prisons act", "Old prisons act"]


def test_what_is_withheld_is_not_there(m):
    law = make(m, "law", "title=Open name")
    actor = me(m)
    m.run("compartment", "add", "witnesses", actor)
    m.run("claim", law, "text=Quindarvio told us", "--compartment", "witnesses")
    m.run("new", "law", "title=Hidden", "--compartment", "witnesses")
    assert found(m, "quindarvio") == ["Open name"]
    assert found(m, "type:law") == ["Hidden", "Open name"]
    m.run("compartment", "add", "witnesses", "somebody else")
    m.run("compartment", "remove", "witnesses", actor)
    for query in ("quindarvio", "quindar*", '"told us"', "open quindarvio"):
        assert found(m, query) == [], query
        assert m.json("find", query).lines == []
    assert found(m, "open NOT quindarvio") == ["Open name"]
    assert m.run("find", "quindarvio").out == m.run("find", "zyxwabc").out
    # A record of which nothing may be seen is not listed by a filter either.
    assert found(m, "type:law") == ["Open name"]
    m.verified()


def test_ended_consent_withholds_claims(m):
    item = m.add(m.file("in/told.txt", "Zyxwabc was there.\n"), "--source", "a person",
                 "--consent", "purpose=report")[str(m.folder / "in/told.txt")]["item"]
    law = make(m, "law", "title=Act")
    m.run("claim", law, "text=Zyxwabc was there", "--cite", item)
    assert found(m, "zyxwabc") == ["Act"]
    m.run("consent", "withdraw", item, "--reason", "asked for it")
    assert m.json("find", "zyxwabc").lines == []


def test_withdrawn_and_corrected(m):
    law = make(m, "law", "title=First name")
    claim = m.json("claim", law, "title=Second name").one["claims"][0]
    assert found(m, "second") == ["First name"]
    m.run("withdraw", claim, "--reason", "misread")
    assert found(m, "second") == [] and found(m, "first") == ["First name"]
    m.verified()


def test_merged_records_are_one(m):
    a = make(m, "organisation", "name=Lake Watch")
    b = make(m, "organisation", "name=Friends of the Shore")
    assert found(m, "lake shore") == []
    m.run("same", a, b)
    hits = m.json("find", "lake shore", "--records").lines
    assert [h["record"] for h in hits] == [a], hits
    assert [h["record"] for h in m.json("find", "friends", "--records").lines] == [a]
    m.run("split", a, b)
    assert found(m, "lake shore") == []
    assert [h["record"] for h in m.json("find", "friends", "--records").lines] == [b]


def test_rebuilt_it_says_the_same(m):
    for n in range(30):
        make(m, "law", f"title=Act {n} on bridges", f"enacted=20{n + 10}")
    before = m.json("find", "bridges", "--limit", "30").lines
    assert len(before) == 30
    m.verified()
    m.run("rebuild")
    assert m.json("find", "bridges", "--limit", "30").lines == before
    m.verified()


def index_pages(m):
    """All pages of the index as they are after decryption, free ones too."""
    pages = m.home.vigil(m.dir, "index.db", program=build / "test-pages", timeout=60).out
    assert b"SQLite format" in pages
    return pages.lower()


@sqlite_only
def test_words_of_lost_claims_are_in_no_page(m):
    """What the record has lost, whyever, the next erasure takes out of the index for good."""
    two_people(m)
    for n in range(60):
        make(m, "law", f"title=Act {n} filler{n} quindarvio{n}")
    law = make(m, "law", "title=Zyxwabc statute")
    item = m.add(m.file("in/x.txt", "Some text.\n"))[str(m.folder / "in/x.txt")]["item"]
    assert found(m, "zyxwabc") == ["Zyxwabc statute"]
    assert b"zyxwabc" in index_pages(m) and b"filler59" in index_pages(m)
    m.home.vigil(m.dir, "vigil.db", "DELETE FROM claim WHERE record ="
                 f" (SELECT number FROM record WHERE id = '{law}')",
                 program=build / "test-pages")
    propose_and_approve(m, item)
    assert b"zyxwabc" not in index_pages(m) and b"filler59" in index_pages(m)
    assert found(m, "statute") == [] and found(m, "quindarvio7") == ["Act 7 filler7 quindarvio7"]
