"""What is refused: says what and what to do, with the exit code of bad input, and changes nothing."""
from records import invent_states

DATES = ["2020-13", "2020-00", "2020-02-30", "2019-02-29", "2020-06-31", "2020-6-1", "20-06-01", "09.09.2020",
         "9 September 2020", "yesterday", "2020-06-01T25:00:00Z", "2020-06/2020-05/2020-04", "2021/2020", "2020~~",
         "2020-X1-X2-03", "[2020", "2020..", "{2020,2019", "--06-01", "2020-06-1X-01",
         "2020-42", "Y2020", "1e9", "２０２０"]


def refused(m, size, word, *args, code=2):
    done = m.run(*args, code=code)
    assert word.lower() in done.err.lower(), (args, done.err)
    assert len(done.err.strip().splitlines()) == 1, done.err
    assert not done.out, done.out
    assert m.json("log", "--limit", "1").one["index"] == size, args


def newest(m):
    return m.json("log", "--limit", "1").one["index"]


def test_dates(m):
    law = m.json("new", "law", "title=X").one["record"]
    size = newest(m)
    for date in DATES:
        done = m.run("claim", law, f"enacted={date}", code=2)
        assert "enacted" in done.err, (date, done.err)
    assert newest(m) == size
    assert [c["property"] for c in m.json("show", law).one["claims"]] == ["title"]


def test_names_and_terms(m):
    invent_states(m)
    law = m.json("new", "law", "title=X", "state=XAA").one["record"]
    size = newest(m)
    refused(m, size, "law", "new", "lwa", "title=x")
    refused(m, size, "enacted", "claim", law, "enactd=2020")
    refused(m, size, "Freedonia", "claim", law, "state=Fredonia")
    refused(m, size, "vague", "claim", law, "concern=vage")
    refused(m, size, "allegation letter", "new", "letter", "kind=alegation letter")
    m.run("new", "seat", "body=rec_01jd3vbench000000000000000", code=3)
    m.run("claim", law, "amends=rec_01jd3vbench000000000000000", code=3)
    m.run("claim", law, "amends=A law that nobody knows", code=3)
    refused(m, size, "PROP=VALUE", "claim", law, "title")
    refused(m, size, "no value", "claim", law, "title=")
    refused(m, size, "seat_count", "new", "body", "name=B", "seat_count=many")
    refused(m, size, "credibility", "claim", law, "title=x", "--credibility", "9")
    assert newest(m) == size


def test_schema(m):
    invent_states(m)
    size = newest(m)
    for name, text, word in [
            ("circle", "vocabulary animal\n  term a en \"A\"\n    term b en \"B\"\nvocabulary animal\n  term b en \"B\"\n", "animal"),
            ("types", "type one\n  is two\n  title name\n  property name text\ntype two\n  is one\n", "ancestor"),
            ("twice", "vocabulary animal\n  term a en \"A\"\n  term a en \"A\"\n", "twice"),
            ("nothing", "type one\n  is nothing\n", "nothing"),
            ("kind", "type one\n  title name\n  property name txt\n", "text"),
            ("procedure", "procedure p\n  state a en \"a\"\n  move a to b\n", "b")]:
        own = m.file(f"{name}.schema", text)
        done = m.run("schema", "add", own, code=2)
        assert f"{name}.schema:" in done.err and word in done.err, (name, done.err)
    cyclic = "vocabulary animal\n" + "".join(
        f"{'  ' * (i + 1)}term {c} en \"{c}\"\n" for i, c in enumerate("abca"))
    done = m.run("schema", "add", m.file("cyclic.schema", cyclic), code=2)
    assert "cyclic.schema:5" in done.err, done.err
    assert newest(m) == size
    m.verified()


def test_merges(m):
    a, b, c = (m.json("new", "person", f"name=P{i}").one["record"] for i in range(3))
    m.run("same", a, b)
    m.run("same", b, c)
    size = newest(m)
    refused(m, size, "already", "same", c, a)
    refused(m, size, "already", "same", a, a)
    law = m.json("new", "law", "title=X").one["record"]
    refused(m, newest(m), "cannot be the same", "same", a, law)
    refused(m, newest(m), "no claim says", "split", a, law)
    m.verified()


def test_transitions(m):
    invent_states(m)
    letter = m.json("new", "letter", "kind=AL", "reference=AL XAA 1/2020", "state=XAA", "subject=x").one["record"]
    m.run("move", letter, "sent", "--on", "2020-06-26")
    size = newest(m)
    for args in (("move", letter, "drafted"), ("move", letter, "lost"), ("move", letter, "sent", "--on", "2020-13"),
                 ("move", letter, "acknowledged", "--on", "2020-01-01"), ("move", letter, "acknowledged", "--on", "2999"),
                 ("claim", letter, "status=answered on 2020-07-01")):
        assert len(m.run(*args, code=2).err.strip().splitlines()) == 1, args
    assert newest(m) == size
    assert m.json("show", letter).one["claims"]
