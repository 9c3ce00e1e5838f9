"""What is not claimed any more: votes of a secret ballot, names under a letter that was closed."""
from records import invent_states


def new(m, *args, **more):
    return m.json("new", *args, **more).one["record"]


def test_a_secret_ballot_has_no_votes(m):
    invent_states(m)
    ballot, open_one = new(m, "roll_call", "method=secret"), new(m, "roll_call", "method=recorded")
    entries = m.verified()["entries"]
    err = m.run("new", "vote", f"roll_call={ballot}", "state=XAA", "position=yes", code=2).err
    assert "secret ballot" in err, err
    vote = new(m, "vote", "state=XAA", "position=yes")
    m.run("claim", vote, f"roll_call={ballot}", code=2)
    last = m.json("import", "csv", "--type", "vote", m.file(
        "v.csv", f"roll_call,state,position\n{ballot},XAA,yes\n{open_one},XAB,no\n"),
        code=2).lines[-1]
    assert (last["made"], last["failed"]) == (1, 1), last
    err = m.run("claim", open_one, "method=secret", code=2).err
    assert "votes are recorded for it (1)" in err, err
    claim = m.json("claim", vote, f"roll_call={open_one}").one["claims"][0]
    m.run("withdraw", claim, "--reason", "misread")
    m.run("claim", new(m, "roll_call", "method=recorded"), "method=secret")
    assert m.verified()["entries"] > entries


def test_a_closed_letter_takes_no_more(m):
    letter = new(m, "letter", "reference=J2")
    m.run("letter", "open", letter, "--on", "2020-01-01")
    new(m, "endorsement", f"letter={letter}", "organisation=Lake Watch")
    m.run("letter", "close", letter, "--on", "2020-02-01")
    for day in ((), ("date=2020-02-02",)):
        err = m.run("new", "endorsement", f"letter={letter}", "organisation=Late Watch", *day,
                    code=2).err
        assert "was closed" in err, err
    new(m, "endorsement", f"letter={letter}", "organisation=Early Watch", "date=2020-02-01")
    last = m.json("import", "csv", "--type", "endorsement", m.file(
        "e.csv", "organisation,date\nA,2020-01-20\nB,2020-03\nC,\n"), f"letter={letter}",
        code=2).lines[-1]
    assert last["failed"] == 2, last
    assert len(m.json("list", "endorsement").lines) == 3
    m.verified()
