"""Compartments: what is in one is, for whoever is not, not there, by whatever door it is looked for.

Whoever runs the tests makes a compartment, puts something into it, lets somebody else in and leaves:
from then on they are a stranger to it, though they made it."""
from records import invent_states, show, values
from vigil import enter, leave, me


def new(m, *args):
    return m.json("new", *args).one["record"]


def found(m, *query):
    return [line["title"] for line in m.json("find", *query, "--records").lines]


def test_only_members_decide(m):
    enter(m)
    m.run("claim", new(m, "law", "title=X"), "title=Quindarvio", "--compartment", "secret")
    leave(m)
    entries = m.verified()["entries"]
    # Also who founded the mechanism, and made it: no more than who mistypes its name.
    for args in (("add", "secret", me(m)), ("remove", "secret", "somebody else"),
                 ("add", "secret", "a third"), ("remove", "secrte", "somebody else")):
        err = m.run("compartment", *args, code=3).err
        assert f'no compartment "{args[1]}" that you are in' in err, err
    m.run("compartment", "add", "", "x", code=2)
    assert m.verified()["entries"] == entries and found(m, "quindarvio") == []
    m.run("rebuild")
    m.verified()
    # The founder may share the right to make compartments, and lose it.
    leave(m, "founders")
    m.run("compartment", "add", "fresh", me(m), code=3)


def test_a_mistyped_compartment_is_refused(m):
    enter(m)
    law = new(m, "law", "title=X")
    enter(m, "left")
    leave(m, "left")
    entries = m.verified()["entries"]
    refused = [m.run(*args, "--compartment", name, code=3).err.replace(name, "NAME")
               for name in ("secrte", "left")
               for args in (("claim", law, "title=Y"), ("new", "law", "title=Y"),
                            ("move", law, "enacted"), ("same", law, new(m, "law", "title=Z")),
                            ("import", "csv", "--type", "law", m.file("a.csv", "title\nY\n")))]
    assert all('no compartment "NAME" that you are in' in err for err in refused), refused
    assert refused[:5] == refused[5:], "denied looks like missing"
    assert m.verified()["entries"] == entries + 2
    m.run("claim", law, "title=Y", "--compartment", "secret")


def test_what_the_schema_confides_members_alone_open(m):
    m.run("letter", "open", "reference=JL-1", "kind=OPEN", "subject=S")
    letter = m.json("list", "letter").one["record"]
    made = new(m, "endorsement", f"letter={letter}", "representative=Quindarvio")
    assert show(m, made)["withheld"] == 1
    path = m.file("e.csv", "letter,representative\nJL-1,Zyxwabc\n")
    enter(m, "other")
    for name in ("", "other"):
        err = m.run("claim", made, "representative=Zyxwabc", "--compartment", name, code=4).err
        assert "representatives" in err, err
        last = m.json("import", "csv", "--type", "endorsement", path, "--compartment", name,
                      code=None).lines[-1]
        assert (last["made"], last["failed"]) == (0, 1), last
    assert found(m, "zyxwabc") == []
    enter(m, "representatives")
    m.run("claim", made, "representative=Zyxwabc", "--compartment", "")
    leave(m, "representatives")
    assert values(show(m, made), "representative") == ["Zyxwabc"]


def test_hidden_links_join_nothing(m):
    invent_states(m)
    enter(m)
    alias = new(m, "organisation", "name=Alias", "country=XAA")
    real = new(m, "organisation", "name=Realname")
    m.run("same", alias, real, "--compartment", "secret")
    assert values(show(m, alias), "name") == ["Alias", "Realname"]
    assert len(m.json("find", "alias", "--records").lines) == 1
    leave(m)
    for shown in (show(m, alias), m.json("history", alias).one):
        assert values(shown, "name") == ["Alias"] and shown["same"] == [], shown
    people = m.run("show", alias).out.decode()
    assert "together" not in people and "Realname" not in people
    assert show(m, "Realname")["record"] == real
    assert found(m, "realname") == ["Realname"] and found(m, "alias realname") == []
    assert [r["record"] for r in m.json("list", "organisation").lines] == [alias, real]
    assert b"Realname" not in m.run("timeline", alias).out
    m.run("split", alias, real, code=2)
    # An import knows no more.
    path = m.file("p.csv", f"record,name,country\n{real},Realname,XAB\n")
    assert m.json("import", "csv", "--type", "organisation", path).lines[-1]["failed"] == 0
    assert values(show(m, real), "country") == ["XAB"]
    assert values(show(m, alias), "country") == ["XAA"]
    # That there is one is told by no refusal.
    link = m.json("same", alias, real).one["claims"][0]
    assert values(show(m, alias), "name") == ["Alias", "Realname"]
    m.run("withdraw", link, "--reason", "not so")
    assert values(show(m, alias), "name") == ["Alias"]
    m.verified()


def test_timelines_and_cooperation_follow_no_hidden_claims(m):
    invent_states(m)
    enter(m)
    enter(m, "witnesses")
    person = new(m, "person", "name=Somebody")
    letter = new(m, "letter", "reference=AL-1", "kind=AL", "from=The experts", "sent=2020-01-10")
    m.run("claim", letter, f"names={person}")
    m.run("claim", letter, "state=XAA", "--compartment", "secret")
    reply = new(m, "reply", f"letter={letter}", "--compartment", "secret")
    m.run("claim", reply, "received=2020-02-01")

    def tells():
        record = m.json("cooperation", "XAA").one
        return (letter.encode() in m.run("timeline", person, "--json").out,
                letter.encode() in m.run("timeline", "XAA", "--json").out,
                reply.encode() in m.run("timeline", letter, "--json").out,
                letter.encode() in m.run("timeline", reply, "--json").out,
                record["letters"]["sent"], record["letters"]["answered"],
                letter.encode() in m.run("cooperation", "XAA", "--json").out)

    assert tells() == (True, True, True, True, 1, 1, True), tells()
    leave(m)
    leave(m, "witnesses")
    assert tells() == (False, False, False, False, 0, 0, False), tells()
    assert m.json("cooperation", "XAA").one["letters"]["overdue"] == 0
    m.run("claim", letter, "state=XAA")
    assert tells() == (False, True, False, False, 1, 0, True), tells()


def test_a_link_whose_consent_ended_leads_nowhere(m):
    invent_states(m)
    item = m.add(m.file("in/told.txt", "x\n"))[str(m.folder / "in/told.txt")]["item"]
    letter = new(m, "letter", "reference=AL-1", "kind=AL", "sent=2020-01-10")
    m.run("claim", letter, "state=XAA", "--cite", item)
    assert m.json("cooperation", "XAA").one["letters"]["sent"] == 1
    m.run("consent", "withdraw", item, "--reason", "asked for it")
    assert m.json("cooperation", "XAA").one["letters"]["sent"] == 0
    assert letter.encode() not in m.run("timeline", "XAA", "--json").out


def test_claims_of_others_are_not_there_to_withdraw(m):
    enter(m)
    law = new(m, "law", "title=X")
    hidden = m.json("claim", law, "title=Y", "--compartment", "secret").one["claims"][0]
    own = m.json("claim", law, "title=Z").one["claims"][0]
    leave(m)
    entries = m.verified()["entries"]
    for command in (("withdraw", "--reason", "x"), ("corroborate",)):
        def refused(*claims):
            return m.run(command[0], *claims, *command[1:], code=3).err.replace(claims[-1], "NAME")
        assert refused(hidden) == refused("c9999.0"), refused(hidden)
        assert "no claim NAME" in refused(hidden)
    assert m.run("withdraw", own, hidden, "--reason", "x", code=3).err.endswith(f"no claim {hidden}\n")
    assert m.verified()["entries"] == entries


def test_records_made_in_confidence(m):
    enter(m)
    law = new(m, "law", "title=X")
    m.run("claim", law, "title=Y", "--source", "Secret99", "--compartment", "secret")
    m.run("claim", law, "title=Z", "--source", "Secret99", "--compartment", "secret")
    made = new(m, "statement", "by=Witness Fatima", "--compartment", "secret")
    path = m.file("s.csv", "by,text\nWitness Maryam,heard\n")
    m.run("import", "csv", "--type", "statement", path, "--source", "Secret98", "--compartment", "secret")
    enter(m, "witnesses")
    endorsed = m.json("claim", law, "text=said openly", "--source", "Open98").one["record"]
    assert endorsed == law
    assert [r["title"] for r in m.json("list", "source").lines] == ["Secret99", "Secret98", "Open98"]
    assert found(m, "fatima") == ["Witness Fatima"], "members know it by its name"
    assert show(m, made)["title"] in ("", "Witness Fatima")
    assert b"Secret99 says" in m.run("show", law).out
    leave(m)
    assert [r["title"] for r in m.json("list", "source").lines] == ["Open98"]
    assert m.json("list", "party").lines == [] and m.json("list", "statement").lines == []
    assert m.json("list", "source", "--count").one["count"] == 1
    for word in ("secret99", "secret98", "fatima", "maryam", "type:source secret*"):
        assert found(m, word) == [], word
    m.run("show", "Secret99", code=3)
    assert "Open98" in m.run("show", law).out.decode()


def test_who_is_hidden_is_named_again_by_strangers(m):
    enter(m)
    law = new(m, "law", "title=X")
    m.run("claim", law, "title=Y", "--source", "Secret99", "--compartment", "secret")
    leave(m)
    m.run("claim", law, "title=Z", "--source", "Secret99")
    assert [r["title"] for r in m.json("list", "source").lines] == ["Secret99"]


def test_what_is_denied_is_found_as_denied(m):
    law = new(m, "law", "title=X")
    m.run("claim", law, "text=en:Quindarvio was there", "--denies", "--source", "Ministry")
    hit = m.json("find", "quindarvio", "--records").one
    assert hit["stance"] == "denies", hit
    assert "(denied): " in m.run("find", "quindarvio", "--records").out.decode()
    assert m.json("find", "ministry", "--records").one["stance"] == "asserts"


def test_what_becomes_confidential_is_told(m):
    own = m.file("own.schema", "type well\n  title name\n  property name text one\n  property keeper text\n")
    m.run("schema", "add", own)
    for n in (1, 2):
        well = new(m, "well", f"name=W{n}", "keeper=Quindarvio")
    own.write_text(own.read_text() + "    confidential keepers\n")
    told = m.json("schema", "add", own).lines
    assert told == [{"type": "well", "property": "keeper", "compartment": "keepers", "left_open": 2}], told
    assert m.json("schema", "add", own).lines == []
    assert m.json("claim", well, "keeper=Zyxwabc").one["record"] == well
    assert values(show(m, well), "keeper") == ["Quindarvio"] and show(m, well)["withheld"] == 1
