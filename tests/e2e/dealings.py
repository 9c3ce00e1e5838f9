"""Dealings with a State that is on no map: clocks, moves, cooperation, timeline, sign-on, findings."""
from records import invent_states


def new(m, *args):
    return m.json("new", *args).one["record"]


def test_due_and_cooperation(m):
    invent_states(m)
    answered = new(m, "letter", "kind=AL", "reference=AL XAA 1/2020", "state=XAA", "sent=2020-06-26")
    late = new(m, "letter", "kind=AL", "reference=AL XAA 2/2020", "state=Freedonia", "sent=2020-07-01")
    urgent = new(m, "letter", "kind=UA", "reference=UA XAA 3/2020", "state=XAA", "sent=2020-08-01")
    new(m, "reply", "letter=AL XAA 1/2020", "received=2020-08-25", "grade=substantive")
    new(m, "statement", "by=Foreign ministry", "state=XAA", "date=2020-09-09", "answers=AL XAA 2/2020",
        "text=groundless")
    visit = new(m, "visit", "state=XAA", "mandate=torture", "requested=2011-02", "status=acknowledged")
    due = {d["record"]: d for d in m.json("due").lines}
    assert late in due and due[late]["overdue"] is True, due
    assert answered not in due
    assert not due.get(urgent, {}).get("overdue"), "an urgent appeal has no fixed term"
    c = m.json("cooperation", "Freedonia", "--from", "2010", "--to", "2020").one
    assert c["state"] == "XAA"
    letters = c["letters"]
    assert (letters["sent"], letters["answered"], letters["overdue"]) == (3, 1, 1), letters
    assert letters["median_days"] == 60 and letters["by_grade"] == {"substantive": 1}
    assert sorted(letters["records"]) == sorted([answered, late, urgent])
    assert (c["visits"]["requested"], c["visits"]["accepted"], c["visits"]["declined"]) == (1, 0, 0)
    assert c["visits"]["records"] == [visit]
    for part in ("recommendations", "accreditations", "votes", "laws"):
        assert c[part]["records"] == [] and c[part]["method"]
    m.run("cooperation", "Atlantis", code=2)
    line = m.run("timeline", "XAA").out.decode()
    assert line.index("AL XAA 1/2020") < line.index("2020-08-25") < line.index("2020-09-09")


def test_moves_are_checked(m):
    invent_states(m)
    letter = new(m, "letter", "kind=AL", "reference=AL XAA 1/2020", "state=XAA", "subject=x")
    m.run("move", letter, "sent", "--on", "2020-06-26")
    assert "one can go to" in m.run("move", letter, "drafted", code=2).err
    m.run("move", letter, "lost", code=2)
    m.run("move", letter, "sent", "--on", "2020-13", code=2)
    m.run("move", letter, "acknowledged", "--on", "2020-07-01")
    m.run("move", letter, "answered", "--on", "2020-07-20")
    steps = [c["typed"] for c in m.json("show", letter).one["claims"] if c["property"] == "status"]
    assert len(steps) == 3, steps
    m.verified()
    m.run("rebuild")


def test_listed_by_where_they_stand(m):
    """A reply answers a letter, and the day of sending sends it, though no step was recorded."""
    invent_states(m)
    sent = new(m, "letter", "kind=AL", "reference=L 1", "state=XAA", "status=drafted", "sent=2020-06-26")
    answered = new(m, "letter", "kind=AL", "reference=L 2", "state=XAA", "sent=2020-06-27")
    drafted = new(m, "letter", "kind=AL", "reference=L 3", "state=XAA", "status=drafted")
    new(m, "letter", "kind=AL", "reference=L 4", "state=XAB", "sent=2020-06-28")
    new(m, "reply", f"letter={answered}", "received=2020-08-01")

    def listed(*conditions):
        return [r["record"] for r in m.json("list", "letter", "state=XAA", *conditions).lines]
    assert listed("status=sent") == [sent]
    assert listed("status=answered") == [answered]
    assert listed("status=drafted") == [drafted]
    assert listed("status!=sent") == [answered, drafted]
    assert m.json("list", "letter", "status=sent", "--count").one["count"] == 2
    assert m.json("list", "letter", "status=answered", "--count").one["count"] == 1
    for record, state in ((sent, "sent"), (answered, "answered"), (drafted, "drafted")):
        assert m.json("show", record).one["state"] == state
    assert b"now: answered (answered), since 2020-08-01" in m.run("show", answered).out
    assert "state" not in m.json("show", m.json("new", "law", "title=x", "state=XAA").one["record"]).one


def test_votes_alike(m):
    invent_states(m)
    for n, (a, b) in enumerate((("yes", "yes"), ("no", "yes"), ("abstain", "abstain"))):
        for state, position in (("XAA", a), ("XAB", b)):
            new(m, "vote", "body=General Assembly", f"resolution=A/RES/{n}", f"state={state}",
                f"position={position}", "date=2019-12-18")
    years = {y["year"]: y for y in m.json("agreement", "XAA", "Sylvania").lines if y.get("year")}
    assert (years["2019"]["both"], years["2019"]["same"]) == (3, 2), years
    assert m.json("agreement", "XAA", "SUN").lines[-1] == {"no_votes": ["SUN"]}
    told = m.run("agreement", "XAA", "SUN").out
    assert b"(SUN) has no votes in this period; there was such a State until 1991-12-26" in told, told
    votes = m.json("cooperation", "XAB").one["votes"]
    assert votes["by_position"] == {"yes": 2, "abstain": 1}, votes


def test_sign_on(m):
    invent_states(m)
    m.run("letter", "open", "reference=JL-1", "kind=OPEN", "subject=A mechanism")
    for name, country in (("Lake Watch", "XAB"), ("LAKE WATCH e.V.", "XAB"), ("River Bar", "XAA")):
        m.run("letter", "endorse", "JL-1", "--organisation", name, "--country", country,
              "--by", "Ana Invented")
    last = m.json("letter", "roster", "JL-1").lines[-1]
    assert (last["organisations"], last["countries"], last["undecided"]) == (2, 2, 1), last
    assert b"Ana" not in m.run("letter", "roster", "JL-1").out, "the representative is confidential"
    pair = last["doubles"][0]
    m.run("letter", "decide", pair["one"], pair["other"], "--different")
    last = m.json("letter", "roster", "JL-1").lines[-1]
    assert (last["organisations"], last["undecided"]) == (3, 0), last
    m.run("letter", "withdraw", "JL-1", "River Bar")
    m.run("letter", "close", "JL-1")
    m.run("letter", "endorse", "JL-1", "--organisation", "Late Ones", "--country", "XAA", "--by", "C",
          code=2)
    assert m.json("letter", "roster", "JL-1").lines[-1]["organisations"] == 2
    m.verified()


def test_origins_count_once(m):
    invent_states(m)
    wire = new(m, "source", "name=The Wire")
    new(m, "source", "name=Morning Paper", f"origin={wire}")
    law = new(m, "law", "title=Order Act", "state=XAA", "--source", "The Wire")
    claims = [m.json("claim", law, "enacted=2020-06", "--source", s).one["claims"][0]
              for s in ("The Wire", "Morning Paper")]
    told = m.json("corroborate", claims[0]).lines[-1]
    assert told["origins"] == 1, told
    m.run("claim", law, "enacted=2020-06", "--source", "A third")
    assert m.json("corroborate", claims[0]).lines[-1]["origins"] == 2
