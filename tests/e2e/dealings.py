"""Dealings with a State that is on no map: clocks, moves, cooperation, timeline, sign-on, findings."""
import os
import shutil
import subprocess

import vigil
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


# ---- findings ----

def as_user(m, user, *args, code=0):
    """The same command by somebody else: only the real user changes, which tells who acts."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise vigil.Skip("needs root and setpriv to act as several people")
    done = subprocess.run(["setpriv", f"--ruid={user}", str(vigil.build / "vigil"), "-C", str(m.dir), *args],
                          capture_output=True, env=m.env, cwd=m.folder)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done.stderr.decode()


def assessed(m, *about):
    risk = new(m, "risk_assessment", "about_what=x", "likelihood=low", "severity=minor",
               "measures=names left out", "review=2999-01-01", "reviewer=somebody", *about)
    m.run("move", risk, "current")
    return risk


def propose(m, *against):
    law = new(m, "law", "title=Order Act", "state=XAA")
    claim = m.json("claim", law, "enacted=2020-06").one["claims"][0]
    return m.json("finding", "propose", "It was enacted.", "--for", claim, "--standard",
                  "balance-of-probabilities", "--reasons", "Two texts say so.", *against).one["record"]


def shown(m, finding):
    return m.json("finding", "show", finding).one


def adopt(m, finding):
    for user in ("daemon", "bin"):
        as_user(m, user, "finding", "review", finding)
    assert shown(m, finding)["n_reviewers"] == 2
    m.run("finding", "adopt", finding)
    assert shown(m, finding)["state"] == "adopted"


def test_finding_is_adopted(m):
    invent_states(m)
    finding = propose(m)
    assert "author" in m.run("finding", "review", finding, code=4).err
    assert m.run("finding", "adopt", finding, code=2).err
    as_user(m, "daemon", "finding", "review", finding)
    assert "1 of 2" in m.run("finding", "adopt", finding, code=2).err
    # What is judged changes: the review is made again.
    m.run("claim", finding, "reasons=And a third.")
    as_user(m, "bin", "finding", "review", finding)
    assert "1 of 2" in m.run("finding", "adopt", finding, code=2).err
    adopt(m, finding)
    assert "adopted" in m.run("claim", finding, "state=XAB", code=2).err
    assert "adopted" in m.run("claim", finding, "reasons=Others.", code=2).err
    m.verified()
    m.run("rebuild")
    assert shown(m, finding)["state"] == "adopted"


def test_parties_are_heard(m):
    invent_states(m)
    finding = propose(m, "--state", "XAA", "--party", new(m, "person", "name=An Officer"))
    assert "opportunity" in as_user(m, "bin", "finding", "review", finding, code=2)
    assert "risk assessment" in m.run("finding", "notify", finding, "--respond-by", "2999-01-01", code=2).err
    assessed(m, f"activity={finding}")
    m.run("finding", "notify", finding, "--respond-by", "2020-01-01", code=2)
    assert m.json("finding", "notify", finding, "--respond-by", "2999-01-01",
                  "--state", "XAA").one["state"] == "notified"
    assert "2999" in m.run("finding", "unanswered", finding, code=2).err
    m.run("finding", "response", finding, "--state", "XAB", "--says", "no", code=2)
    m.run("finding", "response", finding, "--says", "whose?", code=2)
    m.run("finding", "response", finding, "--state", "XAA", "--says", "We did not.")
    assert shown(m, finding)["state"] == "answered"
    assert "opportunity" in as_user(m, "bin", "finding", "review", finding, code=2)
    m.run("finding", "not-notified", finding, "--party", "An Officer", code=2)
    m.run("finding", "not-notified", finding, "--party", "An Officer", "--reason", "A witness would be known.")
    assert shown(m, finding)["unheard"] is None
    adopt(m, finding)
    m.run("finding", "response", finding, "--state", "XAA", code=2)
    m.verified()


def test_reason_not_to_notify(m):
    invent_states(m)
    finding = propose(m, "--state", "XAA")
    assert m.json("finding", "not-notified", finding, "--reason", "A witness would be known.").one["state"] == \
        "not-notified"
    adopt(m, finding)


def test_time_runs_out(m):
    invent_states(m)
    finding = propose(m, "--state", "XAA")
    assessed(m, f"activity={finding}")
    m.run("claim", finding, "respond_by=2020-02-01", code=2)
    m.run("finding", "notify", finding, "--respond-by", "2999-01-01")
    m.run("finding", "unanswered", finding, code=2)
    assert shown(m, finding)["unheard"] == "XAA"
    # Asked long before it was recorded here.
    m.run("finding", "propose", "Too late.", "--on", "2999", code=2)
    finding = propose(m, "--state", "XAA", "--on", "2020-01-01")
    assessed(m, f"activity={finding}")
    m.run("finding", "notify", finding, "--on", "2020-01-02", "--respond-by", "2020-02-01")
    assert "now unanswered" in m.run("finding", "unanswered", finding).out.decode()
    assert shown(m, finding)["state"] == "unanswered" and shown(m, finding)["unheard"] is None
    adopt(m, finding)


FORGED = (("finding", "adopted=2020-01-01"), ("finding", "status=adopted"), ("finding", "responded=2020-01-01"),
          ("finding", "reviewer=daemon"), ("risk_assessment", "status=current"),
          ("risk_assessment", "approved=2020-01-01"), ("request", "status=granted"),
          ("request", "decided=2020-01-01"), ("disclosure", "status=signed"),
          ("disclosure", "first_signature=ana"), ("sign_on", "status=closed"))


def test_forged_steps(m):
    invent_states(m)
    before = len(m.json("list", "finding").lines)
    for kind, forged in FORGED:
        there = new(m, kind, "proposition=p" if kind == "finding" else f"letter={new(m, 'letter', 'subject=s')}"
                    if kind == "sign_on" else "reference=" + forged)
        was = m.json("show", there).one["claims"]
        for args in (("new", kind, forged), ("claim", there, forged), ("claim", there, forged, "--denies"),
                     ("claim", there, forged, "--source", "A newspaper")):
            assert "vigil" in m.run(*args, code=2).err, args
        name, value = forged.split("=")
        table = m.file("forged.csv", f"reference,{name}\nF-{forged},{value}\n")
        if kind != "sign_on":
            m.run("import", "csv", "--type", kind, table, code=None)
            assert m.json("list", kind, f"reference=F-{forged}").lines == []
        assert m.json("show", there).one["claims"] == was
    finding = propose(m, "--state", "XAA")
    for forged in ("asked=2020-01-01", "due=2020-02-01", "responded=2020-01-01", "waived_reason=risk"):
        m.run("new", "opportunity", f"finding={finding}", "state=XAA", forged, code=2)
    assert shown(m, finding)["unheard"] == "XAA" and len(m.json("list", "opportunity").lines) == 0
    assert "merged" in m.run("same", finding, propose(m), code=2).err
    step = next(c for c in m.json("show", finding).one["claims"] if c["property"] == "status")
    m.run("withdraw", step["claim"], "--reason", "wrong", code=2)
    assert before == 0
    # What others do is history: it may be claimed anywhere in its course.
    table = m.file("visits.csv", "state,mandate,status\nXAA,torture,completed\nXAB,torture,declined\n")
    m.run("import", "csv", "--type", "visit", table)
    assert len(m.json("list", "visit").lines) == 2
    new(m, "visit", "state=XAA", "status=completed")
    new(m, "resolution", "symbol=A/RES/1", "status=adopted")


def test_letters_that_name_a_person(m):
    invent_states(m)
    person = new(m, "person", "name=Somebody")
    letter = new(m, "letter", "kind=AL", "reference=L-1", "state=XAA", f"names={person}")
    wants = "risk assessment"
    assert wants in m.run("move", letter, "sent", code=2).err
    for said in ("sent=2020-01-01", "status=sent", "made_public=2020-01-01"):
        m.run("claim", letter, said, code=2)
        assert wants in m.run("new", "letter", "kind=AL", "state=XAA", f"names={person}", said, code=2).err
    table = m.file("letters.csv", "reference,kind,state,names,sent\nL-2,AL,XAA,Somebody,2020-01-01\n")
    m.run("import", "csv", "--type", "letter", table, code=None)
    assert m.json("list", "letter", "reference=L-2").lines == []
    # Somebody else's letter does not leave from here.
    table = m.file("letters.csv", "reference,kind,state,names,sent,from\n"
                   "L-2,AL,XAA,Somebody,2020-01-01,A Rapporteur\n")
    m.run("import", "csv", "--type", "letter", table)
    assert len(m.json("list", "letter", "reference=L-2").lines) == 1
    assessed(m, f"activity={letter}")
    m.run("move", letter, "sent")


def test_undated_steps(m):
    invent_states(m)
    visit = new(m, "visit", "state=XAA", "requested=2019", "status=postponed")
    m.run("move", visit, "accepted")
    assert "from accepted one can go" in m.run("move", visit, "requested", code=2).err
    law = new(m, "law", "state=XAA", "title=An Act", "status=suspended")
    m.run("move", law, "in-force")
    assert m.json("cooperation", "XAA").one["laws"]["by_status"] == {"in-force": 1}
